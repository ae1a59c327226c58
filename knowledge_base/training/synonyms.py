"""Words of the field that stand for each other: pairs of them, and questions put in other words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

from knowledge_base.lexical import normalise
from knowledge_base.training.pairs import Pair

SYNONYMS = Path(__file__).with_name("synonyms.tsv")
TEMPLATES = (
    "{}",
    "{}政策",
    "企业{}",
    "{}怎么办",
    "{}有什么规定",
    "申请{}",
    "如何{}",
    "{}条件",
    "小微企业{}",
    "{}支持",
    "关于{}",
    "{}标准是什么",
)


def read_groups() -> list[list[str]]:
    """Official words with the everyday ones people use instead, often sharing no character."""
    lines = SYNONYMS.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line]


def synonym_pairs(groups: Sequence[Sequence[str]], dice: random.Random) -> list[Pair]:
    """Each two words of a group, each way round, in a short phrase; the first of it also bare."""
    made = []
    for group in groups:
        for left, right in permutations(group, 2):
            asked, told = dice.choice(TEMPLATES), dice.choice(TEMPLATES)
            if dice.random() < 0.5:
                told = asked
            made.append(Pair("synonym", asked.format(left), told.format(right)))
            if right == group[0]:
                made.append(Pair("synonym", left, right))
    return made


class Rewording:
    """Puts questions in other words of the groups."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._others: dict[str, list[str]] = {}
        for group in groups:
            for word in group:
                others = [other for other in group if other != word]
                self._others.setdefault(normalise(word), []).extend(others)
        self._lengths: dict[str, set[int]] = {}
        for word in self._others:
            self._lengths.setdefault(word[0], set()).add(len(word))

    def of(
        self, pairs: Sequence[Pair], source: str, share: float, dice: random.Random
    ) -> list[Pair]:
        """A share of the pairs again, one word of each question exchanged, under a new source."""
        made = []
        for pair in pairs:
            if dice.random() >= share:
                continue
            text = normalise(pair.question)
            if not (found := self._within(text)):
                continue
            # One of the three longest: a long word is more surely meant.
            start, word = dice.choice(sorted(found, key=lambda one: -len(one[1]))[:3])
            other = dice.choice(self._others[word])
            question = text[:start] + other + text[start + len(word) :]
            made.append(Pair(source, question, pair.passage))
        return made

    def _within(self, text: str) -> list[tuple[int, str]]:
        return [
            (start, word)
            for start, first in enumerate(text)
            for length in sorted(self._lengths.get(first, ()))
            if (word := text[start : start + length]) in self._others
        ]
