"""What a reader gives: the text as published, and where on the page each part of it stood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """One table row, a line of its own in the text with its cells parted by tabs.

    `table` counts the tables of a document from 1 in printed order; `header` marks the rows that
    name the columns. A cell that spans several columns or rows stands once, where it begins.
    """

    table: int
    start: int
    end: int
    cells: tuple[Span, ...]
    header: bool = False


@dataclass(frozen=True)
class Attachment:
    """A file the page offers for download: its printed name and address, neither followed."""

    name: str
    url: str | None = None


@dataclass(frozen=True)
class Reading:
    """One document as read. Every span counts code points in `text`.

    `text` holds what a reader of the original sees, paragraph by paragraph, one line each; lines
    that a page break or a column cut are whole again. `pages` are the spans of the printed pages in
    order, empty where the format has none. `title` and `fields` are what the file itself marks as
    its title and its catalogue fields (索引号, 发布机构, …), by their printed names. `notices` say in
    Chinese what was left out or looked suspicious: hidden text, invisible characters, low OCR marks.
    """

    format: str
    text: str
    pages: tuple[Span, ...] = ()
    rows: tuple[Row, ...] = ()
    title: str | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    attachments: tuple[Attachment, ...] = ()
    notices: tuple[str, ...] = ()
