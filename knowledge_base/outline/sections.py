"""The parts a document consists of: table of contents, body, its closing block, annexes. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge_base.outline.annexes import read_annexes
from knowledge_base.outline.numbering import mark_at
from knowledge_base.outline.paragraphs import Paragraph, closing_kinds
from knowledge_base.readers.reading import Span

_CONTENTS = re.compile(r"目\s{0,9}[录次]")
_LEADER = re.compile(r"[\s.．…·\-—_\d()（）]+$")


@dataclass(frozen=True)
class Section:
    """Paragraphs `first` to `last` (exclusive) with a numbering of their own.

    The body has no path; from `tail` on it is the closing block. `headings` are an annex's mark and
    title, `label` its mark as printed.
    """

    first: int
    last: int
    tail: int
    path: str = ""
    label: str = ""
    headings: tuple[Span, ...] = ()
    skipped: frozenset[int] = field(default_factory=frozenset)


def read_sections(text: str, paragraphs: Sequence[Paragraph]) -> list[Section]:
    """Sections in printed order: the body, or several where a letter is followed by its text."""
    kinds = closing_kinds(text, paragraphs)
    contents = _contents(text, paragraphs)
    annexes = read_annexes(text, paragraphs, kinds, contents)
    end_of_body = annexes[0].index if annexes else len(paragraphs)
    sections = [
        Section(first, last, _tail(text, paragraphs, kinds, first, last), skipped=contents)
        for first, last in _bodies(text, paragraphs, kinds, end_of_body)
    ]
    ends = [*(annex.index for annex in annexes[1:]), len(paragraphs)]
    for annex, last in zip(annexes, ends, strict=False):
        headings = tuple((paragraphs[i].start, paragraphs[i].end) for i in annex.headings)
        first = annex.headings[-1] + 1
        sections.append(Section(first, last, last, annex.path, annex.label, headings, contents))
    return sections


def _contents(text: str, paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """Indices of the paragraphs of tables of contents: they end where their first entry comes back."""
    skipped: set[int] = set()
    index = 0
    while index < len(paragraphs):
        if not _CONTENTS.fullmatch(text, paragraphs[index].start, paragraphs[index].end):
            index += 1
            continue
        first = index + 1
        entry = _entry(text, paragraphs[first]) if first < len(paragraphs) else ""
        end = first + 1
        while end < len(paragraphs) and end - first < 1000:
            line = paragraphs[end]
            if line.end - line.start > 80 or "。" in text[line.start : line.end]:
                break
            if _entry(text, line) == entry:
                break
            end += 1
        if entry and end - first > 1:
            skipped.update(range(index, end))
            index = end
        else:
            index += 1
    return frozenset(skipped)


def _entry(text: str, paragraph: Paragraph) -> str:
    written = text[paragraph.start : min(paragraph.end, paragraph.start + 120)]
    return re.sub(r"\s", "", _LEADER.sub("", written))


def _bodies(
    text: str, paragraphs: Sequence[Paragraph], kinds: Sequence[str], end: int
) -> list[tuple[int, int]]:
    """The body, parted behind the signature of a numbered letter whose text begins anew at 1."""
    parts: list[tuple[int, int]] = []
    begin, numbered, signed = 0, False, False
    waiting: int | None = None  # where the text behind a signature begins
    for index in range(end):
        mark = mark_at(text, paragraphs[index].start, paragraphs[index].end, 0)
        if kinds[index]:
            signed = signed or kinds[index] == "date"
            continue
        if signed and numbered and waiting is None:
            waiting = index
        signed = False
        if mark is None or mark.doubtful:
            continue
        if waiting is not None and mark.value == 1:
            parts.append((begin, waiting))
            begin = waiting
        waiting, numbered = None, True
    return [*parts, (begin, end)]


def _tail(
    text: str, paragraphs: Sequence[Paragraph], kinds: Sequence[str], first: int, last: int
) -> int:
    """Where the closing block of `first` to `last` begins, `last` if there is none.

    Behind the last number all that follows a closing formula, a list of annexes, a signature or a
    date belongs to it; a text without numbers keeps its paragraphs up to where only such lines stand.
    """
    begin = last
    while begin > first and kinds[begin - 1]:
        begin -= 1
    number = last - 1
    while number >= first and not _numbered(text, paragraphs[number], kinds[number]):
        number -= 1
    if number >= first:
        begin = number + 1
        above = paragraphs[number]
        bare = re.search("[。;；]", text[above.start : above.end]) is None
        while begin < last and (not kinds[begin] or (bare and kinds[begin] == "contact")):
            begin += 1  # 六、联系方式: what a bare heading announces is its text
        return begin
    return last if begin == first else begin


def _numbered(text: str, paragraph: Paragraph, kind: str) -> bool:
    """Whether a clause of the body begins here: not an item of a list of annexes."""
    if kind or paragraph.row is not None:
        return False
    mark = mark_at(text, paragraph.start, paragraph.end, 0)
    return mark is not None and mark.family != "1.1"
