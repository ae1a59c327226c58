"""Recall, MRR and nDCG at 10 over BEIR folders: `python -m knowledge_base.training.evaluate`."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Embedder, open_embedder
from knowledge_base.lexical import LexicalIndex
from knowledge_base.training.pairs import plain, read_lines, read_pairs

SETS = (
    "stard",
    "government_affairs",
    "government_affairs_answers",
    "equals",
    "bj_policy_cards",
    "policy_heading_section",
)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A BEIR folder in memory; `relevant[i]` = the rows of `passages` that answer question i."""

    name: str
    passages: list[str]
    questions: list[str]
    relevant: list[set[int]]


def read_benchmark(folder: Path) -> Benchmark:
    """Questions without a judgement are left out; the title stands before the text."""
    rows: dict[str, int] = {}
    passages: list[str] = []
    for entry in read_lines(folder / "corpus.jsonl.gz"):
        rows[entry["_id"]] = len(passages)
        passages.append(f"{entry.get('title', '')} {entry['text']}".strip())
    judged: dict[str, set[int]] = {}
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            if int(line["score"]) > 0:
                judged.setdefault(line["query-id"], set()).add(rows[line["corpus-id"]])
    asked = [row for row in read_lines(folder / "queries.jsonl.gz") if row["_id"] in judged]
    return Benchmark(
        folder.name,
        passages,
        [row["text"] for row in asked],
        [judged[row["_id"]] for row in asked],
    )


def rate(benchmark: Benchmark, scorer: Callable[[int], NDArray[np.float32]]) -> NDArray[np.float64]:
    """Recall, reciprocal rank and nDCG at ten of each question: (questions, 3).

    `scorer(i)` gives one score per passage for question i; ties go to the earlier passage.
    """
    rows = np.zeros((len(benchmark.relevant), 3))
    for number, relevant in enumerate(benchmark.relevant):
        top = np.argsort(-scorer(number), kind="stable")[:10].tolist()
        hits = [rank for rank, row in enumerate(top, 1) if row in relevant]
        ideal = sum(1 / log2(rank + 1) for rank in range(1, min(10, len(relevant)) + 1))
        rows[number] = (
            len(hits) / len(relevant),
            1 / hits[0] if hits else 0.0,
            sum(1 / log2(rank + 1) for rank in hits) / ideal,
        )
    return rows


def measure(benchmark: Benchmark, embedder: Embedder) -> list[NDArray[np.float64]]:
    """Rates of BM25 alone, of the vectors alone, and of half of each (BM25 over its maximum)."""
    lexical = LexicalIndex.build(benchmark.passages)
    passages = embedder.embed_passages(benchmark.passages)
    questions = embedder.embed_queries(benchmark.questions)

    def words(number: int) -> NDArray[np.float32]:
        return lexical.scores(benchmark.questions[number])

    def dense(number: int) -> NDArray[np.float32]:
        return np.asarray(passages @ questions[number], np.float32)

    def mixed(number: int) -> NDArray[np.float32]:
        found = words(number)
        return found / max(float(found.max()), 1e-9) + dense(number)

    return [rate(benchmark, scorer) for scorer in (words, dense, mixed)]


def table(data: Path, embedder: Embedder, names: Sequence[str] = SETS) -> str:
    """A Markdown table over DATA/eval: Recall@10 / MRR@10 / nDCG@10.

    Where answers of a set also answer other questions of DATA/train, a second row leaves the
    questions with such answers out: the vectors have an advantage there that users will not see.
    """
    trained = {plain(pair.passage) for pair in read_pairs(data / "train")}
    lines = [
        "| set | questions / passages | BM25 | dense | half BM25, half dense |",
        "|---|---|---|---|---|",
    ]
    for name in names:
        benchmark = read_benchmark(data / "eval" / name)
        known = np.array([bare in trained for bare in map(plain, benchmark.passages)])
        unseen = np.array([not known[list(rows)].any() for rows in benchmark.relevant])
        rates = measure(benchmark, embedder)
        lines.append(_line(name, len(benchmark.passages), rates))
        if not unseen.all():
            fresh = [rows[unseen] for rows in rates]
            lines.append(_line(f"{name}, unseen answers only", len(benchmark.passages), fresh))
    return "\n".join(lines)


def _line(name: str, passages: int, rates: Sequence[NDArray[np.float64]]) -> str:
    means = (" / ".join(f"{mean:.3f}" for mean in rows.mean(axis=0)) for rows in rates)
    return f"| {name} | {len(rates[0])} / {passages} | {' | '.join(means)} |"


def main() -> None:
    """Print the table for the shipped model, or for the one named."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--data", type=Path, required=True, help="folder that holds eval/ and train/"
    )
    options.add_argument("--model", default=None, help="a sentence-transformers model; else ours")
    chosen = options.parse_args()
    print(table(chosen.data, open_embedder(chosen.model)))


if __name__ == "__main__":
    main()
