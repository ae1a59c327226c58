"""Footnotes of a printed page: their marks in the text, and their lines at the foot of a column.

Whatever the printed style, a mark becomes [1]: set apart from the words and figures before it, and
no note line passes for an item ① of the outline.
"""

import re
from dataclasses import replace

from knowledge_base.readers.page_lines import Column, Grid, Line

# Raised text, a footnote's mark or an exponent, stands between these two until it is settled.
RAISED, LOWERED = "\ue000", "\ue001"

_NOTE = re.compile(
    rf"(?:{RAISED}([^{LOWERED}]{{1,4}}){LOWERED}|([①-⑳])|[\[［〔]?注?释?(\d{{1,2}})[\]］〕]?(?=[\s:：.、\u4e00-\u9fff])|(\*{{1,3}}))[\s:：.、]*"
)
_NOTE_SIZE = 0.9
_SUPERSCRIPTS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LATIN = re.compile(r"[A-Za-z]")


def part_notes(column: Column, body: float) -> tuple[list[Line | Grid], list[tuple[str, str]]]:
    """A column without the small lines at its foot that begin with a mark, and those as notes."""
    items = list(column.items)
    first = len(items)
    while first and isinstance(line := items[first - 1], Line) and line.size <= _NOTE_SIZE * body:
        first -= 1
    while first < len(items) and not _begins_note(items[first]):
        first += 1
    notes: list[tuple[str, str]] = []
    for item in items[first:]:
        assert isinstance(item, Line)
        match = _NOTE.match(item.text)
        if match:
            mark = next(group for group in match.groups() if group)
            notes.append((_plain_mark(mark), item.text[match.end() :]))
        else:
            mark, text = notes[-1]
            notes[-1] = (mark, glued(text, item.text))
    return items[:first], [(mark, _plain(text, set())) for mark, text in notes]


def _begins_note(item: Line | Grid) -> bool:
    return isinstance(item, Line) and _NOTE.match(item.text) is not None


def _plain_mark(mark: str) -> str:
    return str(ord(mark) - 0x245F) if "①" <= mark[0] <= "⑳" else mark.strip("[]［］〔〕() ")


def _plain(text: str, marks: set[str]) -> str:
    """Raised text as [1] where a note of this column has that mark, else as an exponent."""
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
