"""Train the shipped model: `python -m knowledge_base.training.train --data DIR`.

DIR holds train/ and law/ (learnt from) and eval/ (kept away from the pairs, and measured on).
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from knowledge_base.embedding import SHIPPED_MODEL, StaticEmbedder, signs
from knowledge_base.fusion import FILE
from knowledge_base.training.card import Made, write_card, write_model
from knowledge_base.training.contrast import Encoded, UnitTable, fit
from knowledge_base.training.leakage import OWN_CASES, own_questions
from knowledge_base.training.pairs import (
    WEIGHTS,
    Pair,
    decontaminate,
    evaluation_questions,
    plain,
    read_pairs,
)
from knowledge_base.training.synonyms import Rewording, read_groups, synonym_pairs
from knowledge_base.training.synth import policy_sections, read_statutes, synthesise
from knowledge_base.training.written import is_kept_apart, read_written

VOCABULARY = 48_000  # by 384 half-precision numbers: 36.9 MB, of the 40 that may ship
WIDTH = 384
RAREST = 3  # a unit in fewer texts would keep the random row it began with
LONGEST = 384  # units of a passage that are learnt from
CORPUS = Path(__file__).parents[1] / "corpus" / "policies"


def collect(data: Path, dice: random.Random) -> tuple[list[Pair], list[Pair], Counter[str]]:
    """Real pairs, synthetic pairs, and how many resembled a question of a test."""
    read, statutes = read_pairs(data / "train"), read_statutes(data)
    real = [pair for pair in read if not is_kept_apart(pair.passage)]
    real += read_written(read, statutes, dice)[0]
    statutes = [article for article in statutes if not is_kept_apart(article.text)]
    groups = read_groups()
    rewording = Rewording(groups)
    synthetic = synthesise("law", statutes, dice)
    again = rewording.of(synthetic, "reworded_synthetic", 0.35, dice)
    synthetic += again + synthesise("policy", policy_sections(real), dice)
    real += rewording.of(real, "reworded", 0.5, dice) + synonym_pairs(groups, dice)
    questions = evaluation_questions(data / "eval") + own_questions(OWN_CASES)
    kept, dropped = decontaminate(real, questions)
    kept_synthetic, dropped_synthetic = decontaminate(synthetic, questions)
    return kept, kept_synthetic, dropped + dropped_synthetic


def vocabulary(pairs: Sequence[Pair]) -> list[str]:
    """The units that stand in most texts; those of our own policies and synonyms go first."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        counts.update(set(signs(pair.question[:700])) | set(signs(pair.passage[:700])))
    own = {
        unit
        for path in sorted(CORPUS.rglob("*.*"))
        if path.suffix in {".txt", ".md"}
        for unit in signs(path.read_text(encoding="utf-8"))
    }
    own |= {unit for group in read_groups() for word in group for unit in signs(word)}
    for unit in own:
        if counts[unit] >= RAREST:
            counts[unit] += 20
    return [unit for unit, _ in sorted(counts.items(), key=lambda e: (-e[1], e[0]))[:VOCABULARY]]


def encode(pairs: Sequence[Pair], ids: dict[str, int]) -> Encoded:
    """Pairs as unit numbers; those with an empty side are left out."""

    def numbers(text: str) -> NDArray[np.int32]:
        found = [ids[unit] for unit in signs(text) if unit in ids]
        return np.array(found[:LONGEST], np.int32)

    kept: list[tuple[Pair, NDArray[np.int32], NDArray[np.int32]]] = []
    for pair in pairs:
        question, passage = numbers(pair.question[:700]), numbers(pair.passage[:700])
        if len(question) and len(passage):
            kept.append((pair, question, passage))
    return Encoded(
        [question for _, question, _ in kept],
        [passage for _, _, passage in kept],
        _same([pair.question for pair, _, _ in kept]),
        _same([pair.passage for pair, _, _ in kept]),
        [pair.source for pair, _, _ in kept],
    )


def _same(texts: Sequence[str]) -> NDArray[np.int64]:
    first: dict[str, int] = {}
    return np.array([first.setdefault(plain(text), len(first)) for text in texts], np.int64)


def train(data: Path, out: Path, seed: int, epochs: int) -> None:
    """Build the pairs, train, write and measure the model."""
    begun = time.perf_counter()
    dice = random.Random(seed)
    # One thread: the same table on any number of cores, and no slower beside other work.
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    real, synthetic, dropped = collect(data, dice)
    print("dropped as too like a test's question:", dict(sorted(dropped.items())))
    pairs = real + synthetic
    sizes = Counter(pair.source for pair in pairs)
    print("pairs:", dict(sorted(sizes.items())), "in all", len(pairs))
    words = vocabulary(pairs)
    encoded = encode(pairs, {word: number for number, word in enumerate(words)})
    print(f"{len(words)} units, {time.perf_counter() - begun:.0f} s", flush=True)
    table = UnitTable(len(words), WIDTH)
    fit(table, encoded, WEIGHTS, dice, epochs=epochs, rate=0.01)
    spent = time.perf_counter() - begun
    made = Made(seed, round(spent), dict(sizes), dict(dropped))
    write_model(out, words, table.weight.detach().numpy().astype(np.float16), made)
    print(f"trained in {spent:.0f} s, written to {out}", flush=True)
    embedder = StaticEmbedder.open(out)
    # Late: both open the retriever, which has no shares for this model until they are learnt.
    from knowledge_base.evaluation.scores import table as scores_of
    from knowledge_base.training.fusion import write_fusion

    print(*write_fusion(data, embedder, out / FILE), sep="\n", flush=True)
    learnt = {plain(pair.passage) for pair in real}
    scores = scores_of(data, embedder, lambda passage: plain(passage) in learnt)
    write_card(out, made, scores)
    print(scores)


def main() -> None:
    """Read the command line and train."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, default=SHIPPED_MODEL)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--epochs", type=int, default=3)
    chosen = options.parse_args()
    train(chosen.data, chosen.out, chosen.seed, chosen.epochs)


if __name__ == "__main__":
    main()
