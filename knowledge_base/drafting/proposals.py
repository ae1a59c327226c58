"""Checkable conditions no fact covers, named so that a person can declare a new fact. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.drafting.alternatives import Condition
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.quantities import quantities_in
from knowledge_base.drafting.sentences import Sentence


@dataclass(frozen=True)
class FactProposal:
    """A checkable condition no fact covers: what a new fact could be called, with the words."""

    label: str
    type: str
    unit: str | None
    words: str
    start: int
    end: int


def proposals_in(
    text: str, sentence: Sentence, leaves: Sequence[Condition], stop: int, cues: Cues
) -> Iterator[FactProposal]:
    """What a sentence demands before `stop` and no leaf covers."""
    for cue in cues.proposals:
        for found in cue.pattern.finditer(sentence.plain):
            span = (sentence.start + found.start(), sentence.start + found.end())
            if span[0] < stop:
                yield FactProposal(cue.label, cue.type, None, text[slice(*span)], *span)
    taken = [(leaf.start, leaf.end) for leaf in leaves]
    for phrase in sentence.phrases():
        for quantity in quantities_in(phrase.plain):
            start, end = phrase.start + quantity.start, phrase.start + quantity.end
            covered = any(s < end and start < e for s, e in taken)
            if quantity.op == "eq" or start >= stop or covered:
                continue
            label = re.sub(r"[\s(（]+$", "", phrase.plain[: quantity.start])
            label = re.sub(r"(?:应|须|需|在|为|达到?|的|总计|合计|应在)+$", "", label)[-24:]
            if len(label) >= 2:
                words = text[phrase.start : end]
                yield FactProposal(label, "number", quantity.unit, words, phrase.start, end)
