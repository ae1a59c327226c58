"""Printed pages → the paragraphs and tables their author wrote, across columns and pages."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from knowledge_base.readers.assembly import PAGE_BREAK, Piece, Table
from knowledge_base.readers.page_furniture import without_furniture
from knowledge_base.readers.page_joining import (
    Joining,
    Placed,
    is_document_number,
    is_official_title,
    measures,
)
from knowledge_base.readers.page_lines import Grid, Line, Page, common_gutter, reading_order
from knowledge_base.readers.page_notes import glued, part_notes, raised_marks, settled

_TITLE_LARGER = 1.15


def compose(pages: Sequence[Page]) -> tuple[list[Piece], str | None]:
    """Pieces of all pages in reading order, and the title: centred lines at the top, by words or size."""
    body = _body_size(pages)
    placed: list[Placed] = []
    notes: dict[int, list[str]] = defaultdict(list)
    columns = 0
    clean = without_furniture(pages, body)
    gutter = common_gutter(clean)
    for page in clean:
        ordered = reading_order(page, gutter)
        raised = raised_marks(ordered)
        parted = [part_notes(column, body, raised) for column in ordered]
        marks = {mark for _, own in parted for mark, _ in own}
        for column, (items, own) in zip(ordered, parted, strict=True):
            columns += 1
            placed += [
                Placed(settled(item, marks), page.number, page.width, column.kind, columns)
                for item in items
            ]
            if own:
                notes[len(placed)] += [f"[{mark}] {text}" for mark, text in own]
    writer = _Writer(Joining(measures(placed), body), body, notes)
    pieces = writer.write(placed, pages)
    return pieces, writer.title


def _body_size(pages: Sequence[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


class _Writer:
    """Writes placed items one after the other; an open paragraph takes lines until one begins."""

    def __init__(
        self,
        joining: Joining,
        body: float,
        notes: dict[int, list[str]],
    ) -> None:
        self.title: str | None = None
        self._joining = joining
        self._body = body
        self._notes = notes
        self._pieces: list[Piece] = []
        self._waiting: list[str] = []
        self._text = ""
        self._before: Placed | None = None
        self._first: Placed | None = None
        self._page = 1
        self._title_size = 0.0
        self._titled = False
        self._grid: Grid | None = None

    def write(self, placed: Sequence[Placed], pages: Sequence[Page]) -> list[Piece]:
        """All pieces; a page without any text still has its mark."""
        self._page = pages[0].number if pages else 1
        self._waiting += self._notes.get(0, [])
        for index, place in enumerate(placed):
            if isinstance(place.item, Line):
                self._line(place, place.item)
            else:
                self._table(place, place.item)
            self._waiting += self._notes.get(index + 1, [])
        self._close()
        last = pages[-1].number if pages else self._page
        if last > self._page:
            self._pieces.append(PAGE_BREAK * (last - self._page))
        return self._pieces

    def _turn(self, page: int) -> str:
        marks = PAGE_BREAK * (page - self._page)
        self._page = page
        return marks

    def _line(self, place: Placed, line: Line) -> None:
        before = self._before
        if before is not None and self._joining.goes_on(before, place, before is self._first):
            marks = self._turn(place.page)
            self._text = glued(self._text, line.text, marks)
        else:
            self._close()
            self._text = self._turn(place.page) + line.text
            self._first = place
        self._before = place

    def _close(self) -> None:
        """Ends the open paragraph; notes it or an earlier one refers to come after it."""
        if self._text:
            self._pieces.append(self._text)
            self._consider_title()
        if self._waiting:
            self._pieces += self._waiting
            self._waiting = []
        self._text = ""
        self._before = self._first = None

    def _consider_title(self) -> None:
        place = self._first
        if place is None or not isinstance(place.item, Line) or place.page != 1:
            return
        text, size = self._text.strip(PAGE_BREAK), place.item.size
        if self._titled or is_document_number(text) or not self._joining.is_centred(place):
            return
        self._titled = is_official_title(text)
        large = size >= _TITLE_LARGER * self._body and size > 1.05 * self._title_size
        if self._titled or (large and not text.endswith("文件")):
            self.title, self._title_size = text, size

    def _table(self, place: Placed, grid: Grid) -> None:
        rows = grid.table.rows
        last = self._pieces[-1] if self._pieces else None
        before = self._grid
        continued = (
            before is not None
            and not self._text
            and isinstance(last, Table)
            and place.page > self._page
            and len(before.edges) == len(grid.edges)
            and all(abs(a - b) < 4 for a, b in zip(before.edges, grid.edges, strict=True))
        )
        if continued and isinstance(last, Table):
            marks = self._turn(place.page)
            heads = [_bare(row) for row in last.rows[: max(last.headers, 1)]]
            if [_bare(row) for row in rows[: len(heads)]] == heads:
                rows = rows[len(heads) :]
            if rows:
                rows = ((marks + rows[0][0], *rows[0][1:]), *rows[1:])
                self._pieces[-1] = replace(last, rows=last.rows + rows)
            else:
                self._pieces.append(marks)
        else:
            self._close()
            marks = self._turn(place.page)
            if marks:
                self._pieces.append(marks)
            self._pieces.append(grid.table)
        self._grid = grid
        self._before = None


def _bare(row: Sequence[str]) -> list[str]:
    return ["".join(cell.replace(PAGE_BREAK, "").split()) for cell in row]
