"""`python -m tests.benchmarks.vectors [--laws FILE] [--rows N …]`: flat, HNSW and IVF side by side.

Rows are passages of the shipped model, queries are other passages' first words. Where a kind is
used follows from this table: `knowledge_base/vectors.py`, HNSW_FROM and IVF_FROM.
"""

import argparse
import hashlib
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base import load_catalogue, open_embedder
from knowledge_base.vectors import FaissStore, Kind, VectorIndex
from tests.benchmarks.index import shuffled, statutes

KINDS: tuple[Kind, ...] = ("flat", "hnsw", "ivf")
ASKED = 200


def passages(laws: Path | None, count: int) -> list[str]:
    """Lines of texts: articles of statutes, or shuffled sentences of the corpus."""
    texts = statutes(laws, count + ASKED) if laws else shuffled(load_catalogue(), 2 * count)
    lines = (line for text in texts for line in text.splitlines()[1:] if len(line) > 12)
    return list(islice(dict.fromkeys(lines), count + ASKED))


def measured(
    index: VectorIndex, queries: NDArray[np.float32], allowed: NDArray[np.bool_] | None
) -> tuple[float, list[list[int]]]:
    """Median milliseconds of a search for ten rows, and what each search found."""
    taken, found = [], []
    for query in queries:
        start = time.perf_counter()
        ids, _ = index.search(query, 10, allowed)
        taken.append((time.perf_counter() - start) * 1000)
        found.append(ids.tolist())
    return statistics.median(taken), found


def recall(found: list[list[int]], truth: list[list[int]]) -> float:
    """Share of the true ten that were found."""
    pairs = zip(found, truth, strict=True)
    return statistics.mean(len(set(f) & set(t)) / max(1, len(t)) for f, t in pairs)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--laws", type=Path)
    options.add_argument("--rows", type=int, nargs="+", default=[10_000, 50_000, 100_000])
    given = options.parse_args()
    embedder = open_embedder(None)
    texts = passages(given.laws, max(given.rows))
    whole = embedder.embed_passages(texts).astype(np.float16)
    queries = embedder.embed_queries([text[:24] for text in texts[-ASKED:]])
    draw = np.random.default_rng(4)
    print(
        f"{'rows':>8} {'kind':5} {'build s':>8} {'MiB':>6} {'ms':>7} {'recall':>7} "
        f"{'ms, 5% allowed':>15} {'recall':>7}"
    )
    for count in given.rows:
        rows = whole[:count]
        few = draw.random(len(rows)) < 0.05
        truths: list[list[list[int]]] = []
        for kind in KINDS:
            with tempfile.TemporaryDirectory() as folder:
                path, store = Path(folder) / "vectors.bin", FaissStore(kind)
                start = time.perf_counter()
                store.write(rows, path)
                sha = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
                size = path.stat().st_size if path.exists() else rows.nbytes
                index = store.open(path, sha, rows)
                built = time.perf_counter() - start
            fast, found = measured(index, queries, None)
            filtered, held = measured(index, queries, few)
            truths = truths or [found, held]
            print(
                f"{len(rows):>8,} {kind:5} {built:>8.1f} {size / 2**20:>6.0f} {fast:>7.2f} "
                f"{recall(found, truths[0]):>7.3f} {filtered:>15.2f} "
                f"{recall(held, truths[1]):>7.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
