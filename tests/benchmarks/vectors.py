"""`python -m tests.benchmarks.vectors [--laws FILE] [--rows N …]`: what serves, and what else was tried.

Rows are passages of the shipped model, queries are other passages' first words; all on one thread.
`again` is the share of the true nearest that were found. Half and one in twenty are allowed by
whole documents of 20 rows, as regions and days leave them.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge_base import load_catalogue, open_embedder
from knowledge_base.vectors import FaissStore, Rows, exact
from tests.benchmarks.index import shuffled, statutes

ASKED, NEAREST = 200, 200
# Of FAISS's own: exact tables, product codes scanned fast, a graph, inverted lists.
OTHERS = ("Flat", "SQfp16", "PQ128x4fs", "HNSW32", "IVF512,SQ8")
Search = Callable[[NDArray[np.float32], NDArray[np.bool_] | None], NDArray[np.int64]]


def passages(laws: Path | None, count: int) -> list[str]:
    """Lines of texts: articles of statutes, or shuffled sentences of the corpus."""
    texts = statutes(laws, count + ASKED) if laws else shuffled(load_catalogue(), 2 * count)
    lines = (line for text in texts for line in text.splitlines()[1:] if len(line) > 12)
    return list(islice(dict.fromkeys(lines), count + ASKED))


def ours(rows: Rows) -> tuple[Search, int]:
    """The index that serves, and its bytes."""
    index = FaissStore().open(Path("vectors.bin"), None, rows)
    return lambda query, allowed: index.search(query, NEAREST, allowed)[0], rows.size


def other(description: str, rows: Rows) -> tuple[Search, int]:
    """One of FAISS's own; product codes give five times as many, put in order by float16 rows."""
    full = np.asarray(rows, np.float32)
    index: Any = faiss.index_factory(rows.shape[1], description, faiss.METRIC_INNER_PRODUCT)
    if description.startswith("PQ"):
        flat = faiss.index_factory(rows.shape[1], "SQfp16", faiss.METRIC_INNER_PRODUCT)
        index = faiss.IndexRefine(index, flat)
        index.k_factor = 5
    if description.startswith("HNSW"):
        index.hnsw.efConstruction, index.hnsw.efSearch = 100, 2 * NEAREST
    index.train(full[:: max(1, len(full) // 40_000)])
    if description.startswith("IVF"):
        index.nprobe = 64
    index.add(full)

    def search(query: NDArray[np.float32], allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        if allowed is not None:
            raise NotImplementedError
        found: NDArray[np.int64] = index.search(query[None, :], NEAREST)[1][0]
        return found

    return search, len(faiss.serialize_index(index))


def measured(
    search: Search, queries: NDArray[np.float32], allowed: NDArray[np.bool_] | None
) -> tuple[list[float], list[NDArray[np.int64]]]:
    """Milliseconds of each search in rising order, and what each found."""
    taken, found = [], []
    for query in queries:
        start = time.perf_counter()
        found.append(search(query, allowed))
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken), found


def again(found: list[NDArray[np.int64]], truth: list[NDArray[np.int64]], k: int) -> float:
    """Share of the true k that are among the first k found."""
    pairs = zip(found, truth, strict=True)
    return statistics.mean(len(np.intersect1d(f[:k], t[:k])) / max(1, len(t[:k])) for f, t in pairs)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--laws", type=Path)
    options.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    given = options.parse_args()
    faiss.omp_set_num_threads(1)
    embedder = open_embedder(None)
    texts = passages(given.laws, max(given.rows))
    whole = embedder.embed_passages(texts).astype(np.float16)
    queries = embedder.embed_queries([text[:24] for text in texts[-ASKED:]])
    draw = np.random.default_rng(4)
    print(
        f"{'rows':>8} {'kind':10} {'open s':>7} {'MiB':>5} {'ms':>6} {'p95':>6} {'@10':>6} {'@200':>6}"
    )
    for count in given.rows:
        rows = whole[:count]
        truth = [exact(rows, query, NEAREST, None)[0] for query in queries[:50]]
        for kind in ("huiqi", *OTHERS):
            start = time.perf_counter()
            search, size = ours(rows) if kind == "huiqi" else other(kind, rows)
            built = time.perf_counter() - start
            taken, found = measured(search, queries, None)
            tens, all_ = (again(found[:50], truth, k) for k in (10, NEAREST))
            print(
                f"{len(rows):>8,} {kind:10} {built:>7.2f} {size / 2**20:>5.0f} "
                f"{statistics.median(taken):>6.2f} {taken[int(0.95 * len(taken))]:>6.2f} "
                f"{tens:>6.3f} {all_:>6.3f}",
                flush=True,
            )
        for share in (0.5, 0.05):
            allowed = np.repeat(draw.random(len(rows) // 20 + 1) < share, 20)[: len(rows)]
            taken, _ = measured(ours(rows)[0], queries, allowed)
            print(f"{len(rows):>8,} huiqi, {share:.0%} allowed: {statistics.median(taken):.2f} ms")


if __name__ == "__main__":
    main()
