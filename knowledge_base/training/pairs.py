"""Training pairs: read, weigh, and drop whatever resembles a question of an evaluation set."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]
from numpy.typing import NDArray

from knowledge_base.lexical import normalise

ALIKE = 0.5  # Jaccard of character bigrams above which a text counts as an evaluation question

# How often a set is repeated per epoch: questions about rules up, encyclopaedias and what rules of
# thumb made from statutes down (all of those, each seldom, did better than a fixed share of them).
WEIGHTS = {
    "written_sections": 3.0,
    "written_local": 2.0,
    "written_national": 2.0,
    "gd_service_items_name_condition": 3.0,
    "stard_train_query_article": 3.0,
    "lecoqa_train_qa": 2.0,
    "policy_heading_section": 3.0,
    "policy_title_body": 2.0,
    "policy_keywords": 2.0,
    "policy_sentences": 2.0,
    "lawyerllama_query_article": 2.0,
    "cmrc2018_trial_q_passage": 0.5,
    "drcd_t2s_q_passage": 0.5,
    "csl_title_abstract": 0.5,
    "discfin_consult_qa": 0.5,
    "discfin_q_reference": 0.5,
    "law_keywords": 0.4,
    "law_sentences": 0.4,
    "law_headings": 0.4,
    "reworded_synthetic": 0.4,
    "synonym": 0.6,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage that answers it; `source` names the set it came from."""

    source: str
    question: str
    passage: str


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def read_pairs(folder: Path) -> list[Pair]:
    """Every {"q","p"} row of DIR/train, in file order."""
    return [
        Pair(path.name.removesuffix(".jsonl.gz"), row["q"], row["p"])
        for path in sorted(folder.glob("*.jsonl.gz"))
        for row in read_lines(path)
        if row.get("q") and row.get("p")
    ]


def evaluation_questions(folder: Path) -> list[str]:
    """Every question under DIR/eval, those of plain files too."""
    found = [
        row["text"]
        for path in sorted(folder.glob("*/queries.jsonl.gz"))
        for row in read_lines(path)
    ]
    for path in sorted(folder.glob("*.jsonl.gz")):
        found += [row["question"] for row in read_lines(path) if "question" in row]
    return found


def plain(text: str) -> str:
    """Letters, digits and Han characters only, to compare texts by."""
    return "".join(character for character in normalise(text) if character.isalnum())


def decontaminate(
    pairs: Sequence[Pair], questions: Sequence[str]
) -> tuple[list[Pair], Counter[str]]:
    """Drop pairs whose question, or short passage, is ALIKE an evaluation question; count them."""
    suspect = resembling([pair.question for pair in pairs], questions)
    # A short passage may be the question itself in a set of paraphrases.
    suspect |= resembling([pair.passage[:100] for pair in pairs], questions)
    kept = [pair for pair, bad in zip(pairs, suspect, strict=True) if not bad]
    dropped = Counter(pair.source for pair, bad in zip(pairs, suspect, strict=True) if bad)
    return kept, dropped


def resembling(texts: Sequence[str], questions: Sequence[str]) -> NDArray[np.bool_]:
    """For each text: is it ALIKE any of the questions?"""
    ids: dict[str, int] = {}
    known = [sorted({ids.setdefault(gram, len(ids)) for gram in _bigrams(q)}) for q in questions]
    lengths = np.array([len(row) for row in known])
    against = _matrix(known, len(ids)).T.tocsr()
    bad = np.zeros(len(texts), bool)
    for start in range(0, len(texts), 4000):
        grams = [_bigrams(text) for text in texts[start : start + 4000]]
        sizes = np.array([len(row) for row in grams])
        rows = [[ids[gram] for gram in row if gram in ids] for row in grams]
        shared = (_matrix(rows, len(ids)) @ against).tocoo()
        alike = shared.data / (sizes[shared.row] + lengths[shared.col] - shared.data) > ALIKE
        bad[start + shared.row[alike]] = True
    return bad


def _bigrams(text: str) -> set[str]:
    bare = plain(text)
    return {left + right for left, right in pairwise(bare)} or {bare}


def _matrix(rows: Sequence[Sequence[int]], width: int) -> Any:
    ends = np.cumsum([0] + [len(row) for row in rows])
    columns = np.array([number for row in rows for number in row], np.int64)
    return sp.csr_matrix(
        (np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), width)
    )
