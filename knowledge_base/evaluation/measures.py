"""Recall, reciprocal rank and nDCG of one question's ranking, and their means. Pure.

`found` are rows of the corpus, best first, each once; `grades` the grade of each row judged, of
which those above zero are relevant. The definitions are those of trec_eval and BEIR.
"""

from collections.abc import Mapping, Sequence
from math import log2

RECALL_AT = (1, 5, 10, 100)
DEEPEST = max(RECALL_AT)
CUT = 10  # of the reciprocal rank and of nDCG
MEASURES = (*(f"recall@{k}" for k in RECALL_AT), f"mrr@{CUT}", f"ndcg@{CUT}")


def rate(found: Sequence[int], grades: Mapping[int, int]) -> dict[str, float]:
    """Every one of MEASURES for one question, each 0-1."""
    rates = [recall(found, grades, k) for k in RECALL_AT]
    rates += [reciprocal_rank(found, grades, CUT), ndcg(found, grades, CUT)]
    return dict(zip(MEASURES, rates, strict=True))


def recall(found: Sequence[int], grades: Mapping[int, int], k: int) -> float:
    """Share of the relevant rows that stand among the first k; nothing relevant gives 0."""
    relevant = {row for row, grade in grades.items() if grade > 0}
    return len(relevant.intersection(found[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(found: Sequence[int], grades: Mapping[int, int], k: int) -> float:
    """One over the rank of the first relevant row among the first k, else 0."""
    ranks = (rank for rank, row in enumerate(found[:k], 1) if grades.get(row, 0) > 0)
    return 1 / next(ranks, float("inf"))


def ndcg(found: Sequence[int], grades: Mapping[int, int], k: int) -> float:
    """Discounted gain of the first k over that of the best order; the gain of a row is its grade."""
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    ideal = _gain(best[:k])
    return _gain([max(grades.get(row, 0), 0) for row in found[:k]]) / ideal if ideal else 0.0


def means(rates: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each of MEASURES over the questions, of which there is at least one."""
    return {name: sum(one[name] for one in rates) / len(rates) for name in MEASURES}


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, 1))
