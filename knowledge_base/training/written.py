"""Questions the project wrote for passages of the training texts, and those kept for development."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

from knowledge_base.training.pairs import Pair, plain
from knowledge_base.training.synth import Article

QUESTIONS = Path(__file__).with_name("questions")
FILES = ("sections", "local", "national")
# Passages whose key begins so are never trained on; their questions teach how far to trust words
# and how far meaning (`fusion`), which must not be learnt where the model has seen the answer.
KEPT_APART = "0"


def key_of(passage: str) -> str:
    """12 hexadecimal digits of a passage's letters, digits and signs: the texts are not shipped."""
    return hashlib.blake2b(plain(passage).encode(), digest_size=6).hexdigest()


def is_kept_apart(passage: str) -> bool:
    """Whether a passage belongs to the development questions."""
    return key_of(passage).startswith(KEPT_APART)


def read_written(
    pairs: Sequence[Pair], articles: Sequence[Article], dice: random.Random
) -> tuple[list[Pair], list[Pair]]:
    """Every written question with its passage, a statute's under its title half of the time: those
    to learn from, and those kept apart.

    `pairs` and `articles` give the passages by key; ValueError when most keys are unknown.
    """
    laws = {key_of(article.text): article.law for article in articles}
    passages = {key_of(article.text): article.text for article in articles}
    passages |= {key_of(pair.passage): pair.passage for pair in pairs}
    learnt, apart, unknown = [], [], 0
    for name in FILES:
        for line in (QUESTIONS / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            key, _, question = line.partition("\t")
            if key not in passages:
                unknown += 1
                continue
            named = key in laws and dice.random() < 0.5
            passage = f"{laws[key]} {passages[key]}" if named else passages[key]
            kept = apart if key.startswith(KEPT_APART) else learnt
            kept.append(Pair(f"written_{name}", question, passage))
    if unknown > len(learnt):
        raise ValueError(f"{unknown} written questions have no passage in these texts")
    return learnt, apart
