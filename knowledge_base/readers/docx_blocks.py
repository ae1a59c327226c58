"""The body of a Word document: paragraphs, tables, text boxes and notes in reading order."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base.readers.assembly import PAGE_BREAK, Piece, Table, looks_like_header
from knowledge_base.readers.docx_numbering import Numbering, W, format_number
from knowledge_base.readers.docx_runs import Runs
from knowledge_base.readers.docx_styles import Styles, flag, value

_WRAPPERS = {W + n for n in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_COLUMNS = 63  # as many as Word allows in a table
_CONTENTS = "Table of Contents"


@dataclass(frozen=True)
class Paragraph:
    """One printed paragraph with what marks a title: size in half points, centring, style."""

    text: str
    size: int
    centred: bool
    title: bool


@dataclass
class _Cell:
    text: str
    columns: int
    continued: bool


class Blocks:
    """Reads block content once, from top to bottom: list counters and fields run on."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        notes: Mapping[str, Mapping[str, Any]],
        rendered: bool,
    ) -> None:
        self.left_out: Counter[str] = Counter()
        self.paragraphs: list[Paragraph] = []
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._rendered = rendered
        self._runs = Runs(styles, self.left_out, rendered)
        self._marks: Counter[str] = Counter()
        self._carried = ""
        self._shaded = 0
        self._tables = 0
        self._waiting: list[str] = []

    def read(self, parent: Any) -> Iterator[Piece]:
        """Pieces of a body, a cell or a text box."""
        for element in _blocks(parent):
            if element.tag == W + "p":
                yield from self._paragraph(element)
            elif element.tag == W + "tbl":
                yield from self._table(element)

    def _paragraph(self, element: Any) -> Iterator[Piece]:
        properties = element.find(W + "pPr")
        style = value(properties, "pStyle") or self._styles.paragraph_default
        mark = None if properties is None else properties.find(W + "rPr")
        line = self._runs.line(element, style, bool(self._shaded) or _is_shaded(properties))
        text = self._carried + line.text
        self._carried = ""
        if mark is not None and mark.find(W + "del") is not None:
            # The paragraph mark is deleted: what is left of the text begins the next paragraph.
            self._carried = text
        elif not self._styles.is_contents(style):
            text = self._numbered(text, properties, style, bool(flag(mark, "vanish")))
            text = self._marked(text, line.notes)
            if text.strip():
                self.paragraphs.append(
                    Paragraph(
                        text.strip(),
                        line.size,
                        self._styles.alignment(properties, style) == "center",
                        self._styles.is_title(style),
                    )
                )
            yield self._page_before(properties, text)
        for box in line.boxes:
            self._shaded += 1
            yield from self.read(box)
            self._shaded -= 1
        yield from self._note_lines(line.notes)

    def _numbered(self, text: str, properties: Any, style: str | None, hidden: bool) -> str:
        """The text behind its generated number; an empty paragraph keeps none but counts."""
        place = self._styles.list_of(properties, style)
        if place is None or (hidden and not text.strip()):
            return text
        number, level = place
        if level is None:
            level = self._numbering.level_of_style(number, style or "")
        label = self._numbering.next_label(number, level)
        if label is None or not text.strip():
            return text
        bare = text.lstrip(PAGE_BREAK + " \u3000")
        return PAGE_BREAK * text[: len(text) - len(bare)].count(PAGE_BREAK) + label + bare

    def _page_before(self, properties: Any, text: str) -> str:
        """The text with the page breaks that are a property of the paragraph, not of a run."""
        if self._rendered or properties is None:
            return text
        if flag(properties, "pageBreakBefore"):
            text = PAGE_BREAK + text
        section = properties.find(W + "sectPr")
        if section is not None and value(section, "type") != "continuous":
            text += PAGE_BREAK
        return text

    def _marked(self, text: str, notes: list[tuple[str, str, str]]) -> str:
        """Numbers the notes the paragraph refers to and prints their marks as [1]."""
        for index, (kind, key, custom) in enumerate(notes):
            if not custom:
                self._marks[kind] += 1
            name = "lowerRoman" if kind == "endnote" else "decimal"
            mark = custom or format_number(self._marks[kind], name)
            text = text.replace(Runs.NOTE, f"[{mark}]", 1)
            notes[index] = (kind, key, mark)
        return text

    def _note_lines(self, notes: list[tuple[str, str, str]]) -> Iterator[str]:
        """The notes' own lines; those of a table wait until the table ends."""
        lines = []
        for kind, key, mark in notes:
            note = self._notes.get(kind, {}).get(key)
            if note is not None:
                inner = Blocks(self._styles, self._numbering, {}, True)
                texts = (_flat(piece).replace(PAGE_BREAK, "").strip() for piece in inner.read(note))
                lines.append(f"[{mark}] " + " ".join(text for text in texts if text))
        if self._tables:
            self._waiting.extend(lines)
        else:
            yield from lines

    def _table(self, table: Any) -> Iterator[Piece]:
        shaded = self._table_is_shaded(table)
        self._shaded += shaded
        rows = list(_descend(table, "tr"))
        if len(rows) == 1 and len(cells := list(_descend(rows[0], "tc"))) == 1:
            # One cell is a frame around text, not a table.
            yield from self.read(cells[0])
        else:
            self._tables += 1
            read = [(self._row(row), _is_header(row)) for row in rows]
            self._tables -= 1
            kept = [(cells, marked) for cells, marked in read if cells]
            if kept:
                yield _laid_out([cells for cells, _ in kept], [marked for _, marked in kept])
        self._shaded -= shaded
        if not self._tables:
            yield from self._waiting
            self._waiting = []

    def _table_is_shaded(self, table: Any) -> bool:
        style = value(table.find(W + "tblPr"), "tblStyle")
        chain = self._styles.chain(style)
        return any(_is_fill(shade) for element in chain for shade in element.iter(W + "shd"))

    def _row(self, row: Any) -> list[_Cell]:
        properties = row.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            self.left_out["deleted"] += 1
            self.left_out["deleted_chars"] += sum(len(t.text or "") for t in row.iter(W + "t"))
            return []
        before = min(int(value(properties, "gridBefore") or 0), _COLUMNS)
        cells = [_Cell("", 1, True) for _ in range(before)]
        for cell in _descend(row, "tc"):
            properties = cell.find(W + "tcPr")
            merge = None if properties is None else properties.find(W + "vMerge")
            continued = merge is not None and merge.get(W + "val", "continue") == "continue"
            span = max(1, min(_COLUMNS, int(value(properties, "gridSpan") or 1)))
            dark = _is_shaded(properties)
            self._shaded += dark
            texts = [_flat(piece) for piece in self.read(cell)]
            self._shaded -= dark
            text = " ".join(t for t in texts if t.strip())
            cells.append(_Cell("" if continued else text, span, continued))
        return cells


def _laid_out(rows: list[list[_Cell]], marked: list[bool]) -> Table:
    """Cells set into columns; header rows are those marked, else the first if it reads as one."""
    grid = [[text for c in row for text in (c.text, *[""] * (c.columns - 1))] for row in rows]
    width = max(len(row) for row in grid)
    headers = next((i for i, mark in enumerate(marked) if not mark), len(marked))
    if headers == 0 and len(rows) > 1 and _names_columns(rows[0]):
        spanned = any(cell.columns > 1 for cell in rows[0])
        headers = 2 if spanned and len(rows) > 2 and _names_columns(rows[1]) else 1
    padded = (tuple(row + [""] * (width - len(row))) for row in grid)
    return Table(tuple(padded), headers if headers < len(rows) else 0)


def _names_columns(row: list[_Cell]) -> bool:
    return looks_like_header([cell.text for cell in row if not cell.continued])


def _is_header(row: Any) -> bool:
    return bool(flag(row.find(W + "trPr"), "tblHeader"))


def _is_shaded(properties: Any | None) -> bool:
    shade = None if properties is None else properties.find(W + "shd")
    return shade is not None and _is_fill(shade)


def _is_fill(shade: Any) -> bool:
    return shade.get(W + "fill", "auto").lower() not in ("auto", "ffffff")


def _flat(piece: Piece) -> str:
    """A piece inside a cell or a note as one line."""
    if isinstance(piece, str):
        return piece.replace("\n", " ")
    return " ".join(cell for row in piece.rows for cell in row if cell.strip())


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables, wrappers opened; a table of contents of Word's own is left out."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag in _WRAPPERS:
            part = child.find(f"{W}sdtPr/{W}docPartObj")
            if value(part, "docPartGallery") != _CONTENTS:
                yield from _blocks(child)


def _descend(parent: Any, name: str) -> Iterator[Any]:
    """Children of one kind, also those inside content controls and the like."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _descend(child, name)
