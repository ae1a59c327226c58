"""Footnotes of a printed page: their marks in the text, and their lines at the foot of a column.

Whatever the printed style, a raised mark with its note on the page becomes [1], set apart from the
words and figures before it. A mark that nothing raised refers to is numbering and stays as printed.
"""

import itertools
import re
from collections.abc import Container, Iterable
from dataclasses import replace

from knowledge_base.readers.page_lines import Column, Grid, Line

# Raised text, a footnote's mark or an exponent, stands between these two until it is settled.
RAISED, LOWERED = "\ue000", "\ue001"

_NOTE = re.compile(
    rf"(?:{RAISED}([^{LOWERED}]{{1,4}}){LOWERED}|([①-⑳])|[\[［〔]?注?释?(\d{{1,2}})[\]］〕]?(?=[\s:：.、\u4e00-\u9fff])|(\*{{1,3}}))[\s:：.、]*"
)
# What is raised after other words; after a unit it is an exponent.
_REFERENCE = re.compile(rf"(?<=[^m{LOWERED}]){RAISED}([^{LOWERED}]{{1,4}}){LOWERED}")
_NOTE_SIZE = 0.9
_SUPERSCRIPTS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LATIN = re.compile(r"[A-Za-z]")


def raised_marks(columns: Iterable[Column]) -> set[str]:
    """The marks raised in the text of a page; a raised mark that begins a line refers to nothing."""
    cells = (
        text
        for column in columns
        for item in column.items
        for text in ([item.text] if isinstance(item, Line) else itertools.chain(*item.table.rows))
    )
    return {_plain_mark(mark) for text in cells for mark in _REFERENCE.findall(text)}


def part_notes(
    column: Column, body: float, raised: Container[str]
) -> tuple[list[Line | Grid], list[tuple[str, str]]]:
    """A column without the small lines at its foot that begin with a raised mark, and those as notes.

    A mark counts that is raised itself or in the text of its page.
    """
    items = list(column.items)
    first = len(items)
    while first and isinstance(line := items[first - 1], Line) and line.size <= _NOTE_SIZE * body:
        first -= 1
    while first < len(items) and _noted(items[first], raised) is None:
        first += 1
    notes: list[tuple[str, str]] = []
    for item in items[first:]:
        assert isinstance(item, Line)
        note = _noted(item, raised)
        if note is not None:
            notes.append(note)
        else:
            mark, text = notes[-1]
            notes[-1] = (mark, glued(text, item.text))
    return items[:first], [(mark, _plain(text, set())) for mark, text in notes]


def _noted(item: Line | Grid, raised: Container[str]) -> tuple[str, str] | None:
    """Mark and words of a line that begins a note."""
    match = _NOTE.match(item.text) if isinstance(item, Line) else None
    if match is None:
        return None
    mark = _plain_mark(next(group for group in match.groups() if group))
    return (mark, match.string[match.end() :]) if match[1] or mark in raised else None


def _plain_mark(mark: str) -> str:
    return str(ord(mark) - 0x245F) if "①" <= mark[0] <= "⑳" else mark.strip("[]［］〔〕() ")


def _plain(text: str, marks: set[str]) -> str:
    """Raised text as [1] where a note of this page has that mark, else as an exponent."""
    if RAISED not in text:
        return text
    parts = re.split(f"{RAISED}([^{LOWERED}]*){LOWERED}", text)
    for index in range(1, len(parts), 2):
        mark = _plain_mark(parts[index].strip()) if parts[index].strip() else ""
        raised = parts[index].translate(_SUPERSCRIPTS)
        parts[index] = f"[{mark}]" if mark in marks else raised
    return "".join(parts)


def settled(item: Line | Grid, marks: set[str]) -> Line | Grid:
    if isinstance(item, Line):
        return replace(item, text=_plain(item.text, marks))
    rows = tuple(tuple(_plain(cell, marks) for cell in row) for row in item.table.rows)
    return replace(item, table=replace(item.table, rows=rows))


def glued(text: str, more: str, marks: str = "") -> str:
    """Two lines of one paragraph; words keep a blank between them, a hyphen at the end does not."""
    more = more.lstrip()
    if _LATIN.match(text[-1:]) and _LATIN.match(more[:1]):
        return f"{text} {marks}{more}"
    return f"{text}{marks}{more}"
