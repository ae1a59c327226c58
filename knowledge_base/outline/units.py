"""Paragraphs cut where a number that counts stands, and table rows counted. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge_base.outline.numbering import Mark, Marks, amount_item, mark_at, marks_within
from knowledge_base.outline.paragraphs import Paragraph
from knowledge_base.outline.sections import Section
from knowledge_base.readers.reading import Row, Span

LONGEST_HEADING = 40
_PARTS = ("编", "部分", "章", "节")
_HEADING = r"[^。;；:：,，、\s(（《“第\d]"
_GLUED_ARTICLE = re.compile(rf"{_HEADING}{{2,20}}(?=第)")
_GLUED_ITEM = re.compile(rf"{_HEADING}{{2,30}}(?<!附件)(?<![表图录])(?=[(（\d①⑴])")
_QUESTION = re.compile(r"[问Q]\s?[:：]")
_ANSWER = re.compile(r"[答A]\s?[:：]")
_ENDED = re.compile(r"[。；;：:！!?？]\s*\Z")


@dataclass(frozen=True)
class Unit:
    """A paragraph, or the part of one that a mark inside it begins; `skipped` if no clause holds it."""

    start: int
    end: int
    mark: Mark | None = None
    row: Row | None = None
    skipped: bool = False
    whole: bool = True


@dataclass
class Table:
    """Counts the tables and data rows of a section; `header` are the cells that name the columns."""

    number: int = 0
    rows: int = 0
    printed: int | None = None
    header: tuple[str, ...] = ()
    in_header: bool = False

    def take(self, row: Row, cells: tuple[str, ...]) -> bool:
        """Whether the next row is a data row with text."""
        if row.table != self.printed:
            self.printed, self.number, self.rows = row.table, self.number + 1, 0
            self.header, self.in_header = (), False
        if row.header:
            self.header = (*self.header, *cells) if self.in_header else cells
            self.in_header = True
            return False
        self.in_header = False
        self.rows += 1
        return row.end > row.start


def accepted_marks(text: str, paragraphs: Sequence[Paragraph], section: Section) -> list[Mark]:
    """The marks that count: weak and doubtful ones only where the numbers run on."""
    candidates = [
        mark
        for index, paragraph in enumerate(paragraphs, section.first)
        if paragraph.row is None and index not in section.skipped
        for mark in _candidates(text, paragraph)
    ]
    marks = Marks(candidates)
    last: dict[str, int] = {}
    accepted: list[Mark] = []
    for place, mark in enumerate(candidates):
        if (
            (mark.weak or mark.doubtful)
            and not _runs_on(marks, place, last.get(mark.family, 0), accepted)
            and not (accepted and _follows_heading(text, accepted[-1], mark))
        ):
            item = _item(text, mark, last.get("1.", 0))
            following = marks.following(place, "1.")
            if item is None or (following is not None and following.value == item.value):
                continue
            mark = item
        last[mark.family] = mark.value
        accepted.append(mark)
    return accepted


def _candidates(text: str, paragraph: Paragraph) -> Iterator[Mark]:
    """Every mark of a paragraph that may count: at its beginning, right behind that, and inside."""
    start, end, line = paragraph.start, paragraph.end, paragraph.line
    if mark := mark_at(text, start, end, line, weak=not paragraph.whole):
        yield mark
        below = mark_at(text, mark.end, end, line)
        if below and below.value == 1 and below.family != mark.family and not below.doubtful:
            yield replace(below, doubtful=True)
        if glued := _glued(text, mark, paragraph):
            yield glued
    elif paragraph.whole:
        item = amount_item(text, start, end, line)
        if item and (item.value == 1 or _ENDED.search(text, max(0, start - 12), start)):
            yield item
    yield from marks_within(text, start, end, line)


def _glued(text: str, above: Mark, paragraph: Paragraph) -> Mark | None:
    """The first item or article on a line, printed without a gap behind its heading."""
    pattern = _GLUED_ARTICLE if above.family in _PARTS else _GLUED_ITEM
    found = pattern.match(text, above.end, paragraph.end)
    mark = found and mark_at(text, found.end(), paragraph.end, paragraph.line, weak=True)
    if not mark or mark.doubtful or mark.family == above.family:
        return None
    return replace(mark, led=True) if mark.family == "条" or mark.value == 1 else None


def _runs_on(marks: Marks, place: int, last: int, accepted: Sequence[Mark]) -> bool:
    """Whether a weak or doubtful mark counts by the numbers around it."""
    mark = marks.marks[place]
    if accepted and accepted[-1].end == mark.start:  # 一、(一)甲; and (二) further down
        following = marks.following(place, mark.family)
        return following is not None and following.value == 2
    if mark.doubtful and mark.family == "1." and mark.value > 1:
        return bool(accepted) and accepted[-1].family == "1." and marks.runs_on(place, last)
    return marks.runs_on(place, last)


def _item(text: str, mark: Mark, last: int) -> Mark | None:
    """2.3名以上 as the item behind item 1, where 2.3 is no number of the outline."""
    if mark.weak or mark.family != "1.1" or len(mark.number) != 2 or mark.number[0] != last + 1:
        return None
    if last == 0:
        return None
    end = mark.start + len(re.split("[.．]", text[mark.start : mark.end])[0]) + 1
    return replace(mark, end=end, family="1.", number=mark.number[:1])


def _follows_heading(text: str, above: Mark, mark: Mark) -> bool:
    """Whether a first number in a line stands behind nothing but a heading of another family."""
    return (
        mark.weak
        and not mark.doubtful
        and mark.value == 1
        and mark.family != above.family
        and mark.start - above.end <= LONGEST_HEADING
        and text[mark.start - 1].isspace()
        and re.search("[。;；,，:：]", text[above.end : mark.start]) is None
    )


def answers(text: str, above: Span, unit: Unit) -> bool:
    """Whether a paragraph is the 答:… to the 问:… above it."""
    asked = _QUESTION.match(text, *above) is not None
    return asked and _ANSWER.match(text, unit.start, unit.end) is not None


def cut_units(
    text: str,
    paragraphs: Sequence[Paragraph],
    section: Section,
    marks: list[Mark],
    rows: Sequence[Row],
) -> Iterator[Unit]:
    """Paragraphs of a section cut where an accepted mark stands."""
    next_mark = 0
    for index in range(section.first, section.tail):
        paragraph = paragraphs[index]
        if paragraph.row is not None:
            yield Unit(paragraph.start, paragraph.end, row=rows[paragraph.row])
            continue
        if index in section.skipped:
            yield Unit(paragraph.start, paragraph.end, skipped=True)
            continue
        begin, mark = paragraph.start, None
        while next_mark < len(marks) and marks[next_mark].start < paragraph.end:
            following = marks[next_mark]
            if following.start > begin:
                end = begin + len(text[begin : following.start].rstrip())
                yield Unit(begin, end, mark, whole=paragraph.whole)
            begin, mark = following.start, following
            next_mark += 1
        yield Unit(begin, paragraph.end, mark, whole=paragraph.whole)
