"""Paragraphs and tables in reading order → one Reading with exact spans.

A piece is a paragraph or a table. In a paragraph's text U+000C stands where a new page begins and
a line feed where the author broke the line; neither the page mark nor anything invisible is left
in the Reading.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.readers.cleaning import clean_line, invisible_notices
from knowledge_base.readers.reading import Reading, Row, Span

PAGE_BREAK = "\f"
_BLANKS = re.compile(r"[ \t\u00a0\u3000]*[\t\r\n\f][ \t\u00a0\u3000]*")
# Longest cell of a row that is taken for column names when the file does not mark any.
_HEADER_CHARS = 24
_VALUE = re.compile(r"[\d.,%％．，\-—–+~～/ ]+[元万亿个家年月日项%]{0,2}")


@dataclass(frozen=True)
class Table:
    """Rows of equally many cells; a place covered by a merged cell is empty.

    The first `headers` rows name the columns. Cells hold one line each, page marks allowed.
    """

    rows: tuple[tuple[str, ...], ...]
    headers: int = 0


Piece = str | Table


def looks_like_header(row: Sequence[str]) -> bool:
    """Whether a first row that nothing marks reads as names of columns: short, full, no values."""
    names = [cell.strip() for cell in row]
    return len(names) > 1 and all(
        name
        and len(name) <= _HEADER_CHARS
        and name[-1] not in "。；;,，：:"
        and not _VALUE.fullmatch(name)
        for name in names
    )


def assemble(
    pieces: Iterable[Piece],
    format: str,
    *,
    paged: bool,
    title: str | None = None,
    notices: Sequence[str] = (),
) -> Reading:
    """The text, one line per paragraph, table row or broken line; `pages` only if `paged`."""
    sheet = _Sheet()
    tables = 0
    for piece in pieces:
        if isinstance(piece, str):
            for line in piece.split("\n"):
                sheet.add([line])
            continue
        tables += 1
        for index, cells in enumerate(piece.rows):
            sheet.add(cells, tables, index < piece.headers)
    text = "\n".join(sheet.lines)
    return Reading(
        format=format,
        text=text,
        pages=sheet.pages(len(text)) if paged else (),
        rows=tuple(sheet.rows),
        title=clean_line(title)[0] if title else None,
        notices=(*notices, *invisible_notices(sheet.invisible)),
    )


class _Sheet:
    """Lines written so far, with the offsets they will have in the joined text."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rows: list[Row] = []
        self.invisible: dict[int, Counter[str]] = {}
        self._starts = [0]
        self._length = 0

    def add(self, cells: Sequence[str], table: int = 0, header: bool = False) -> None:
        """Writes one line; a line without visible text leaves only its page marks behind."""
        parts: list[str] = []
        spans: list[Span] = []
        breaks: list[int] = []
        found: Counter[str] = Counter()
        base = self._length + 1 if self.lines else 0
        at = base
        for number, cell in enumerate(cells):
            at += 1 if number else 0
            segments = _trimmed(cell)
            begin = at
            for order, segment in enumerate(segments):
                clean, kinds = clean_line(segment)
                found += kinds
                if order:
                    breaks.append(at)
                at += len(clean)
                segments[order] = clean
            parts.append("".join(segments))
            spans.append((begin, at))
        line = "\t".join(parts).rstrip()
        self._starts.extend(min(at, base + len(line)) if line else base for at in breaks)
        if not line:
            return
        self.lines.append(line)
        self._length = base + len(line)
        if found:
            self.invisible[len(self.lines)] = found
        if table:
            kept = tuple(span for span in spans if span[1] <= self._length)
            self.rows.append(Row(table, base, self._length, kept, header))

    def pages(self, length: int) -> tuple[Span, ...]:
        """Page spans, end to end but for the line feed between two paragraphs."""
        starts = [min(start, length) for start in self._starts]
        text = "\n".join(self.lines)
        spans: list[Span] = []
        for start, following in zip(starts, [*starts[1:], length], strict=True):
            end = following
            if end > start and end < length and text[end - 1] == "\n":
                end -= 1
            spans.append((start, end))
        return tuple(spans)


def _trimmed(cell: str) -> list[str]:
    """One cell or line cut at its page marks, without blanks at either end."""
    segments = [_BLANKS.sub(" ", part) for part in cell.split(PAGE_BREAK)]
    first = next((i for i, part in enumerate(segments) if part.strip()), None)
    if first is None:
        return ["" for _ in segments]
    last = max(i for i, part in enumerate(segments) if part.strip())
    segments[first] = segments[first].lstrip()
    segments[last] = segments[last].rstrip()
    return [part if first <= i <= last else "" for i, part in enumerate(segments)]
