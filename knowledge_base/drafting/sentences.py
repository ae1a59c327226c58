"""A passage cut into sentences with their phrases, and what each sentence is there for. Pure.

A sentence states a requirement, or it does not: preferences, definitions, papers to hand in and
amounts are told apart here, so that none of them is read as a condition.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from knowledge_base.drafting.cues import Cues
from knowledge_base.header.widths import half_width

_STOPS = "。;；!！?？\n"
_MARK = re.compile(
    r"\s{0,4}(?:第?[一二三四五六七八九十百]{1,4}[、条]|\([一二三四五六七八九十\d]{1,3}\)[、.]?|\d{1,3}[.、](?!\d)"
    r"|[①-⑳])\s{0,4}"
)
_FAMILIES = (
    (re.compile(r"\s*\(\d"), "(1)"),
    (re.compile(r"\s*\("), "(一)"),
    (re.compile(r"\s*\d"), "1."),
    (re.compile(r"\s*[①-⑳]"), "①"),
)
LONGEST_SENTENCE = 1000  # what runs on for longer is no sentence anybody wrote as a condition
_LONGEST_HEADING = 24
_LONGEST_BRACKET = 30
# 申报条件及补助标准, 申报要求与说明: the heading goes on; anything else is its text, glued on.
_MORE_HEADING = re.compile(r"(?:及|和|与|、|如下|要求|标准|说明|\([^()]*\)).{0,16}$|$")
# 贷款期限在1年以上 states a term; as a heading the word is followed by the term itself.
_TERMS = ("tenor", "price", "amount", "security")
_ABOUT_TERM = re.compile(r"(?:在|不|应|须|需|一般|原则|超|达|最)")
# A list that begins on the line that opens it: 符合条件之一:1.…, 不予支持:(一)…
_OPENS_LIST = re.compile(
    r"(?:(?:条件|情形|标准|要求)之一|任意?[一1]项)[^,;。:]{0,8}(?:,[^,;。:]{0,12})?:"
    r"|:(?=\s?(?:\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、](?!\d)|[①-⑳]))"
)
_COLON = re.compile(r"^([^:]{2,40}?):(?=.)")


@dataclass(frozen=True)
class Phrase:
    """Part of a sentence between commas; offsets count code points of the document text."""

    start: int
    end: int
    plain: str


@dataclass(frozen=True)
class Sentence:
    """One sentence in half-width signs; `family` is its numbering (`1.`), `part` what it is for."""

    start: int
    end: int
    plain: str
    family: str
    part: str

    def phrases(self) -> tuple[Phrase, ...]:
        """Between commas and colons that stand outside brackets."""
        return self._phrases

    @cached_property
    def _phrases(self) -> tuple[Phrase, ...]:
        found: list[Phrase] = []
        begin, depth = 0, 0
        for index in range(len(self.plain) + 1):
            char = self.plain[index] if index < len(self.plain) else ","
            depth = max(0, depth + (char in "(《") - (char in ")》"))
            if (char in ",:" and depth == 0) or index == len(self.plain):
                if self.plain[begin:index].strip():
                    words = self.plain[begin:index]
                    found.append(Phrase(self.start + begin, self.start + index, words))
                begin = index + 1
        return tuple(found)


def sentences_in(
    text: str, start: int, end: int, cues: Cues, part: str = "conditions"
) -> Iterator[Sentence]:
    """Sentences of a passage in order; a heading sets the part of what follows it."""
    for begin, stop in _cut_at_lists(text, _pieces(text, start, end)):
        plain = half_width(text[begin:stop])
        mark = _MARK.match(plain)
        family = _family(mark[0]) if mark else ""
        if mark:
            begin, plain = begin + mark.end(), plain[mark.end() :]
        heading, length = heading_of(plain, cues)
        if heading is not None:
            part = heading
            rest = plain[length:].lstrip(" :")
            if not rest or len(plain) <= length + 4:
                continue
            begin, plain = begin + len(plain) - len(rest), rest
        if plain.strip():
            yield Sentence(begin, begin + len(plain), plain, family, part)


def _family(mark: str) -> str:
    return next((name for pattern, name in _FAMILIES if pattern.match(mark)), "一、")


def heading_of(plain: str, cues: Cues) -> tuple[str | None, int]:
    """The part a sentence opens as a heading, and how many characters the heading has."""
    found = _COLON.match(plain)
    head = plain if len(plain) <= _LONGEST_HEADING else found[1] if found else plain[:8]
    if len(head) > _LONGEST_HEADING:
        return None, 0
    for word, part in cues.headings:
        at = head.find(word)
        if at < 0 or (len(plain) > _LONGEST_HEADING and not found and at > 0):
            continue
        rest = plain[at + len(word) :]
        if len(word) <= 2 and (at or rest.strip(" :")):
            continue
        if part in _TERMS and _ABOUT_TERM.match(rest):
            continue
        # 申报条件及补助标准 is a heading, 申报条件由市局解释 is not; glued headings are followed by
        # the text at once, which then must not go on with a verb about the heading itself.
        if at <= 12 and not re.match(r"(?:由|按|以|为|是|的|应|见|详见|中|进行|如实|符合)", rest):
            return part, len(plain) if _MORE_HEADING.match(rest) and not found else at + len(word)
    return None, 0


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between sentence ends; a ； inside brackets that close in the sentence ends nothing."""
    begin = closed = start
    for index in range(start, end):
        if text[index] in "(（" and index >= closed:
            closed = _closing(text, index, end)
        if text[index] in _STOPS and index >= closed:
            if index > begin:
                yield from _trimmed(text, begin, index)
            begin = index + 1
    if end > begin:
        yield from _trimmed(text, begin, end)


def _closing(text: str, start: int, end: int) -> int:
    """Where a short bracket closes; its own start when it runs on or holds another one."""
    for index in range(start + 1, min(end, start + _LONGEST_BRACKET)):
        if text[index] in ")）":
            return index
        if text[index] in "(（。":
            break
    return start


def _cut_at_lists(text: str, pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pieces cut after the colon that opens a list."""
    for begin, stop in pieces:
        at = begin
        for found in _OPENS_LIST.finditer(half_width(text[begin:stop])):
            yield from _trimmed(text, at, begin + found.end())
            at = begin + found.end()
        yield from _trimmed(text, at, stop)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end


def states_requirement(sentence: Sentence, cues: Cues) -> bool:
    """Whether a sentence demands something of the applicant."""
    plain = sentence.plain
    if sentence.part not in ("conditions", "applicant") or len(plain) > LONGEST_SENTENCE:
        return False
    if plain.startswith(cues.openings):
        return False
    return not any(word in plain for word in cues.anywhere)
