"""Parts of a document for drafting: sections by their headings, sentences, members of lists. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.clauses import Clause
from knowledge_base.documents import Document
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.sentences import heading_of
from knowledge_base.header.widths import half_width
from knowledge_base.statements import Statement

_STOPS = "。;；!！?？\n"
MARK = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十百]{1,4}[、条]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,3}[.、．])\s*"
)


@dataclass(frozen=True)
class Section:
    """A clause that stands under a heading of a known part, and how far that heading reaches."""

    part: str
    scope: tuple[str, ...]
    clause: Clause


def numbers_of(clause: Clause) -> tuple[str, ...]:
    """Printed position of a clause, outer numbers first."""
    return tuple(clause.id.partition(":")[2].split("."))


def sections_of(document: Document, cues: Cues) -> tuple[Section, ...]:
    """Clauses by the part their innermost known heading names; loose ones follow their heading."""
    found: list[Section] = []
    loose: str | None = None
    for clause in document.clauses:
        numbers = numbers_of(clause)
        part, depth = None, 0
        for level, heading in enumerate(clause.path):
            name, _ = heading_of(MARK.sub("", half_width(heading)), cues)
            if name is not None:
                part, depth = name, level
        if clause.path:
            loose = None
        else:
            own, _ = heading_of(half_width(clause.text.strip()), cues)
            loose = own or loose
            part = loose
        if part is not None:
            found.append(Section(part, numbers[:depth], clause))
    return tuple(found)


def statements_within(clause: Clause, start: int, end: int) -> Iterator[Statement]:
    """Statements of a clause that touch a span; they stand in printed order."""
    first = bisect_right(clause.statements, start, key=lambda statement: statement.end)
    for index in range(first, len(clause.statements)):  # islice would walk there from the start
        if clause.statements[index].start >= end:
            return
        yield clause.statements[index]


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a passage, without their stops."""
    begin = start
    for index in range(start, end + 1):
        if index == end or text[index] in _STOPS:
            if text[begin:index].strip():
                yield begin, index
            begin = index + 1


def comma_before(text: str, position: int) -> int:
    """Where the words before a position end, commas and spaces left off."""
    while position and text[position - 1] in ",，、 ":
        position -= 1
    return position


def members(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Members of an enumeration, cut at 、 and sentence ends outside brackets."""
    begin, depth = start, 0
    for index in range(start, end + 1):
        char = text[index] if index < end else "。"
        depth = max(0, depth + (char in "(（《") - (char in ")）》"))
        if index == end or (char in "、。;；\n" and depth == 0):
            while begin < index and text[begin].isspace():
                begin += 1
            numbered = MARK.match(text[begin:index])
            stop = index
            while stop > begin and text[stop - 1].isspace():
                stop -= 1
            begin += numbered.end() if numbered and numbered.end() < stop - begin else 0
            if stop > begin and not text[begin:stop].isdecimal():
                yield begin, stop
            begin = index + 1
