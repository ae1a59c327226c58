"""Words of a sentence that demand nothing of the applicant: wishes, proofs, figures of others. Pure."""

import re

from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.requirements import Test
from knowledge_base.drafting.sentences import Phrase, Sentence

_SUBJECT_AHEAD = re.compile(
    r"(?:应|须|需)?(?:当)?(?:符合|具备|满足)[^,;。]{0,16}(?:条件|要求|规定)"
)


def without_voids(sentence: Sentence, tests: list[Test], cues: Cues, foreign: bool) -> list[Test]:
    """Tests that bind the applicant; `foreign`: the passage is about somebody else's figures."""
    phrases = sentence.phrases()
    kept: list[Test] = []
    for test in tests:
        at = _phrase_at(phrases, test.start)
        if at is None or not (_wished(phrases, at, test, cues) or _proven(phrases[at], cues)):
            others = test.fact in cues.void.facts and (
                _of_others(phrases[: (at or 0) + 1], foreign, cues)
            )
            if not others:
                kept.append(test)
    return kept


def speaks_of_others(sentence: Sentence, cues: Cues) -> bool | None:
    """Whether a sentence opens a list about a park, shop or platform; None when it opens none."""
    found = _SUBJECT_AHEAD.search(sentence.plain)
    if found is None:
        return None
    ahead = sentence.plain[: found.start()].rstrip(", ")
    head = re.split(r"[,;。:]", ahead)[-1].strip()[-8:]
    if cues.void.own.search(head):
        return False
    return any(cues.void.others.fullmatch(head[at:]) for at in range(len(head)))


def _phrase_at(phrases: tuple[Phrase, ...], start: int) -> int | None:
    return next((i for i, p in enumerate(phrases) if p.start <= start < p.end), None)


def _wished(phrases: tuple[Phrase, ...], at: int, test: Test, cues: Cues) -> bool:
    """Whether a preference stands with a title, or right after the case that names it."""
    phrase = phrases[at]
    own = re.sub(r"\([^()]{0,40}\)", "", phrase.plain[max(0, test.start - phrase.start) :])
    if cues.void.preference.search(own):
        return True
    following = phrases[at + 1].plain.lstrip() if at + 1 < len(phrases) else ""
    leads_on = phrase.plain.rstrip().endswith(("的", "者", "企业", "单位"))
    return leads_on and cues.void.preference.match(following) is not None


def _proven(phrase: Phrase, cues: Cues) -> bool:
    return cues.void.proof.search(phrase.plain.rstrip()) is not None


def _of_others(phrases: tuple[Phrase, ...], foreign: bool, cues: Cues) -> bool:
    """Whether the last subject named before a figure is a park, a project, a target."""
    for phrase in reversed(phrases):
        words = re.sub(r"^(?:且|并|其中|上述|以上|对于|对|由)", "", phrase.plain.strip())
        if cues.void.others.match(words):
            return True
        if cues.void.own.search(words[:12]):
            return False
    return foreign
