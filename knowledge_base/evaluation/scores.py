"""The scores of a freshly trained model as a Markdown table, for its card."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge_base.embedding import Embedder
from knowledge_base.evaluation.measures import DEEPEST, means, rate
from knowledge_base.evaluation.ours import Huiqi
from knowledge_base.evaluation.rivals import Bigrams, Dense, Retriever
from knowledge_base.evaluation.sets import EvaluationSet, read_set, set_folders

_TOLD = ("recall@10", "mrr@10", "ndcg@10")


def table(
    data: Path, embedder: Embedder, is_trained: Callable[[str], bool] = lambda _: False
) -> str:
    """A row per set under DATA/eval: Recall@10 / MRR@10 / nDCG@10 of the words, the model, and both.

    Where the model learnt from answers of a set (`is_trained` of a passage), a second row leaves the
    questions with such answers out: it has an advantage there that users will not see.
    """
    lines = [
        "| set | questions / entries | BM25 bigrams | dense | fused |",
        "|---|---|---|---|---|",
    ]
    for folder in set_folders(data / "eval"):
        given = read_set(folder)
        with TemporaryDirectory() as index:
            retrievers: list[Retriever] = [
                Bigrams(),
                Dense(embedder),
                Huiqi(Path(index), embedder),
            ]
            rates = [_rates(retriever, given) for retriever in retrievers]
        lines.append(_line(given.name, len(given.entries), rates))
        known = [is_trained(entry.passage) for entry in given.entries]
        unseen = [not any(known[row] for row in grades) for grades in given.grades]
        if any(unseen) and not all(unseen):
            name = f"{given.name}, unseen answers only"
            fresh = [[r for r, new in zip(row, unseen, strict=True) if new] for row in rates]
            lines.append(_line(name, len(given.entries), fresh))
    return "\n".join(lines)


def _rates(retriever: Retriever, given: EvaluationSet) -> list[dict[str, float]]:
    retriever.build(given.entries)
    return [
        rate(retriever.search(question, DEEPEST), grades)
        for question, grades in zip(given.questions, given.grades, strict=True)
    ]


def _line(name: str, entries: int, rates: Sequence[Sequence[Mapping[str, float]]]) -> str:
    cells = (" / ".join(f"{means(row)[key]:.3f}" for key in _TOLD) for row in rates)
    return f"| {name} | {len(rates[0])} / {entries} | {' | '.join(cells)} |"
