"""Learn how far words and how far meaning are trusted: `python -m knowledge_base.training.fusion`.

Eight numbers, learnt on development questions: the development halves under DIR/eval, questions
written for passages the model never saw, and questions written over the shipped corpus. What is
printed for a set was learnt without that set (and, before the bar, without that fold of questions).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from knowledge_base.catalogue import Catalogue, load_catalogue
from knowledge_base.embedding import SHIPPED_MODEL, Embedder, open_embedder
from knowledge_base.evaluation.measures import means, rate
from knowledge_base.evaluation.sets import read_set, set_folders
from knowledge_base.fusion import DEPTH, FILE, SIGNS, Candidates, Fusion
from knowledge_base.lexical import LexicalIndex, best_rows, rarities
from knowledge_base.queries import read_query
from knowledge_base.retrieval import field_terms
from knowledge_base.segments import passages_of
from knowledge_base.training.pairs import read_pairs
from knowledge_base.training.synth import read_statutes
from knowledge_base.training.written import QUESTIONS, read_written
from knowledge_base.vectors import FaissIndex, scored

FOLDS = 5
DISTRACTORS = 4_000  # statutes among which a written question has to find its own
ENOUGH = 200  # questions of a set that count in full; more of one kind must not outvote the rest
OWN = 2.0  # times as much for the questions over the shipped corpus: they are what is asked


@dataclass(frozen=True)
class Asked:
    """One set: its name, per question the candidates and the rows that answer it, with grades."""

    name: str
    found: Sequence[Candidates]
    grades: Sequence[Mapping[int, int]]
    weight: float


def ask(
    name: str,
    passages: Sequence[str],
    questions: Sequence[str],
    grades: Sequence[Mapping[int, int]],
    catalogue: Catalogue,
    embedder: Embedder,
) -> Asked:
    """What both searches find for every question, as the retriever has it."""
    lexical = LexicalIndex.build(passages, field_terms(catalogue))
    rows = embedder.embed_passages(passages).astype(np.float16)
    vectors = FaissIndex(rows)
    found = []
    for question in questions:
        asked = read_query(question, catalogue.vocabulary)
        vector = embedder.embed_queries([asked.meaning])[0]
        rarity = rarities([lexical], asked.expanded)
        words = lexical.weighed(rarity)
        near, _ = vectors.search(vector, DEPTH)
        both = np.union1d(best_rows(words, DEPTH), near)
        cosine = scored(rows, both, vector)
        told = sum(rarity.values())
        found.append(Candidates(both, words[both], cosine, told, len(rarity)))
    weight = min(1.0, ENOUGH / len(questions)) * (OWN if name == "own" else 1.0)
    return Asked(name, found, grades, weight)


def learn(sets: Sequence[Asked], left_out: int | None = None) -> Fusion:
    """Raise the likelihood of the right clauses among the candidates of each question; questions of
    fold `left_out` are not learnt from."""
    kept = [
        (found, [grades.get(row, 0) > 0 for row in found.rows.tolist()], given.weight)
        for given in sets
        for number, (found, grades) in enumerate(zip(given.found, given.grades, strict=True))
        if number % FOLDS != left_out
    ]
    kept = [one for one in kept if any(one[1])]
    told = np.array([found.signs() for found, _, _ in kept])
    mean, scale = told.mean(axis=0), told.std(axis=0) + 1e-6
    signs = torch.tensor((told - mean) / scale, dtype=torch.float32)
    size = max(len(found.rows) for found, _, _ in kept)
    words, cosine, right = (torch.zeros(len(kept), size) for _ in range(3))
    held = torch.zeros(len(kept), size, dtype=torch.bool)
    for at, (found, hits, _) in enumerate(kept):
        count = len(found.rows)
        words[at, :count] = torch.from_numpy(found.likeness)
        cosine[at, :count] = torch.from_numpy(found.cosine)
        right[at, :count] = torch.tensor(hits, dtype=torch.float32) / sum(hits)
        held[at, :count] = True
    weight = torch.tensor([weight for _, _, weight in kept])
    gate = torch.zeros(len(SIGNS) + 2, requires_grad=True)  # weights, bias, sharpness
    optimiser = torch.optim.LBFGS([gate], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        share = torch.sigmoid(signs @ gate[:-2] + gate[-2])[:, None]
        mixed = (share * words + (1 - share) * cosine) * torch.exp(gate[-1] + 3)
        likely = torch.log_softmax(mixed.masked_fill(~held, -1e4), dim=1)
        loss = -(weight * (likely * right).sum(dim=1)).sum() / weight.sum()
        loss = loss + 1e-3 * (gate[:-2] ** 2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)
    learnt = gate.detach().tolist()
    return Fusion(tuple(mean.tolist()), tuple(scale.tolist()), tuple(learnt[:-2]), learnt[-2])


def rated(given: Asked, numbers: Iterable[int], scores: list[NDArray[np.float32]]) -> list[float]:
    """Mean Recall@10, MRR@10, nDCG@10 and Recall@100 of some questions by some scores."""
    rows = []
    for number in numbers:
        found = given.found[number]
        order = found.rows[np.lexsort((found.rows, -scores[number]))][:100].tolist()
        rows.append(rate(order, given.grades[number]))
    told = means(rows)
    return [told[name] for name in ("recall@10", "mrr@10", "ndcg@10", "recall@100")]


def report(sets: Sequence[Asked]) -> list[str]:
    """Words, meaning, half of each, learnt on other folds, learnt on the other sets: one line a set."""
    folds = [learn(sets, fold) for fold in range(FOLDS)]
    lines = ["set: words | meaning | half | learnt (other questions) | learnt (other sets)"]
    for given in sets:
        elsewhere = learn([one for one in sets if one.name != given.name])
        half = [found.words / max(float(found.words.max()), 1e-6) for found in given.found]
        learnt = [folds[at % FOLDS].scores(found) for at, found in enumerate(given.found)]
        columns = [
            [found.words for found in given.found],
            [found.cosine for found in given.found],
            [one + found.cosine for one, found in zip(half, given.found, strict=True)],
            learnt,
            [elsewhere.scores(found) for found in given.found],
        ]
        every = range(len(given.found))
        cells = (" ".join(f"{value:.3f}" for value in rated(given, every, c)) for c in columns)
        lines.append(f"{given.name:27}: {' | '.join(cells)}")
    return lines


def own_questions(catalogue: Catalogue, embedder: Embedder) -> Asked:
    """The questions written over the shipped corpus."""
    clauses = {
        clause.id: passage
        for document in catalogue.documents.values()
        for clause, passage in zip(document.clauses, passages_of(document), strict=True)
    }
    rows = {id: row for row, id in enumerate(clauses)}
    lines = (QUESTIONS / "own.tsv").read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines]
    grades = [{rows[id]: 1 for id in ids.split(",") if id in rows} for ids, _ in told]
    questions = [question for _, question in told]
    return ask("own", list(clauses.values()), questions, grades, catalogue, embedder)


def kept_apart(data: Path, catalogue: Catalogue, embedder: Embedder) -> Asked:
    """The written questions whose passages the model was not trained on."""
    dice = random.Random(3)
    statutes = read_statutes(data)
    _, apart = read_written(read_pairs(data / "train"), statutes, dice)
    passages = list(dict.fromkeys(pair.passage for pair in apart))
    passages += [one.text for one in dice.sample(statutes, DISTRACTORS)]
    rows = {passage: row for row, passage in reversed(list(enumerate(passages)))}
    grades = [{rows[pair.passage]: 1} for pair in apart]
    questions = [pair.question for pair in apart]
    return ask("written, kept apart", passages, questions, grades, catalogue, embedder)


def write_fusion(data: Path, embedder: Embedder, out: Path) -> list[str]:
    """Learn on all development questions, write the file, and give the report."""
    catalogue = load_catalogue()
    sets = [own_questions(catalogue, embedder), kept_apart(data, catalogue, embedder)]
    for folder in set_folders(data / "eval"):
        given = read_set(folder)
        passages = [entry.passage for entry in given.entries]
        sets.append(ask(given.name, passages, given.questions, given.grades, catalogue, embedder))
    learnt = learn(sets)
    told = {
        "model": embedder.name,
        "signs": {
            name: {"mean": mean, "scale": scale, "weight": weight}
            for name, mean, scale, weight in zip(
                SIGNS, learnt.mean, learnt.scale, learnt.weights, strict=True
            )
        },
        "bias": learnt.bias,
        "learnt_on": {one.name: len(one.found) for one in sets},
    }
    out.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return report(sets)


def main() -> None:
    """Read the command line, learn, write, report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, default=SHIPPED_MODEL / FILE)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    print(*write_fusion(chosen.data, open_embedder(None), chosen.out), sep="\n")


if __name__ == "__main__":
    main()
