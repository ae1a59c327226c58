"""Checkable conditions no fact covers, named so that a person can declare a new fact. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.drafting.alternatives import Condition
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.quantities import quantities_in
from knowledge_base.drafting.sentences import Sentence, sentences_in, states_requirement

_LONGEST_LABEL = 24
_LONGEST = 1000
# What an office does with an application asks nothing of the applicant.
_OFFICE = re.compile(
    r"[^。;]{0,60}个?工作日|(?:由|经)?[^,;。:]{0,24}(?:局|政府|办事处|部门|委员会|办公室|指导单位|主管单位)"
    r"(?:\([^()]{0,20}\))?(?:会同|应|负责|组织|将|自|对|在|按|根据|通过|予以)"
)
EXCLUDED = "不适用情形"  # begins the label of what shuts applicants out


@dataclass(frozen=True)
class FactProposal:
    """A checkable condition no fact covers: what a new fact could be called, with the words."""

    label: str
    type: str
    unit: str | None
    words: str
    start: int
    end: int


def proposal(text: str, start: int, end: int) -> FactProposal:
    """Words nothing was read from, as they stand."""
    words = text[start:end]
    return FactProposal(words[:_LONGEST_LABEL], "bool", None, words, start, end)


def unread_in(
    text: str, span: tuple[int, int], taken: Sequence[tuple[int, int]], cues: Cues
) -> Iterator[FactProposal]:
    """Sentences of a passage of conditions that no span of `taken` touches, each as it stands."""
    spans = sorted(taken)
    at = 0
    for sentence in sentences_in(text, *span, cues):
        asks = states_requirement(sentence, cues) or sentence.part == "exclusions"
        while at < len(spans) and spans[at][1] <= sentence.start:
            at += 1
        near = at < len(spans) and spans[at][0] < sentence.end
        asks &= _OFFICE.match(sentence.plain) is None
        asks &= not any(word in sentence.plain for word in cues.benefit)  # a promise, no condition
        if asks and not near and not sentence.plain.rstrip().endswith(":"):
            yield proposal(text, sentence.start, min(sentence.end, sentence.start + _LONGEST))


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
