"""A page's tree as blocks in printed order: paragraphs with what of them is link, and tables."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from knowledge_base.readers.assembly import Table, looks_like_header
from knowledge_base.readers.html_tree import SILENT, Page

_BLOCK_TAGS = """
    html body address article aside blockquote caption center dd details div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section
    summary table tbody td tfoot th thead tr ul
    """
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HEADINGS = frozenset(("h1", "h2", "h3"))
_FURNITURE = frozenset(("nav", "aside", "footer"))
_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "menu"))
_SPACE = re.compile(r"[ \t\r\n\f]+")
_WIDE = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d"
_FOLDED_LINE = re.compile(f"(?<=[{_WIDE}])[ \\t]*[\\r\\n][ \\t\\r\\n]*(?=[{_WIDE}])")
_EDGES = " \t\r\n\u00a0\u3000"
_PAGE_CELL = 400  # characters; a cell with paragraphs and more than this is layout, not data
_MOST_CELLS = 200_000
_MOST_SPAN = 200


@dataclass(frozen=True)
class Block:
    """One paragraph, cell or line as printed, the element it stands in, and the links in it."""

    text: str
    element: Any
    links: tuple[tuple[str, str], ...] = ()
    linked: int = 0
    table: Table | None = None
    heading: bool = False


@dataclass(frozen=True)
class HiddenText:
    """Text nobody sees on screen, and the element it would have stood in."""

    text: str
    element: Any


def read_blocks(page: Page) -> tuple[list[Block], list[HiddenText]]:
    """All blocks of the page in order, menus, asides and footers left out; and hidden texts."""
    walk = _Walk(page.hidden)
    walk.through(page.root)
    return walk.blocks, walk.unseen


class _Walk:
    """One pass over the tree without recursion: pages nest deeper than Python may call."""

    def __init__(self, hidden: set[Any]) -> None:
        self.blocks: list[Block] = []
        self.unseen: list[HiddenText] = []
        self._hidden = hidden
        self._parts: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._linked = 0
        self._link: tuple[str, int] | None = None
        self._holder: Any = None
        self._preserved = 0
        self._skipped: Any = None

    def through(self, root: Any) -> None:
        """Blocks of the subtree, added to `blocks`."""
        steps = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in steps:
            if event == "comment":
                self._remember(element, element.text or "")
                self._say(element.tail)
            elif event == "start":
                if self._start(element):
                    steps.skip_subtree()
            else:
                self._end(element, root)
        self._flush()

    def _start(self, element: Any) -> bool:
        """Enters an element; True when what is inside shall be passed over."""
        tag = element.tag
        if tag in SILENT or tag in _FURNITURE or element.get("role") in _ROLES:
            self._skipped = element
            return True
        if element in self._hidden:
            self._remember(element, _SPACE.sub(" ", "".join(element.itertext())))
            self._skipped = element
            return True
        if tag == "table" and (table := data_table(element, self._hidden)) is not None:
            self._flush()
            self.blocks.append(Block(_table_text(table), element, _links(element), table=table))
            self._skipped = element
            return True
        if tag in _BLOCKS:
            self._flush()
            self._holder = element
        elif tag == "a":
            self._link = (element.get("href") or "", len(self._parts))
        self._preserved += tag == "pre"
        self._say(element.text)
        return False

    def _end(self, element: Any, root: Any) -> None:
        tag = element.tag
        if element is self._skipped:
            self._skipped = None
        elif tag in _BLOCKS:
            self._flush()
            self._holder = element.getparent()
        elif tag == "a" and self._link is not None:
            self._close_link()
        if tag == "br" and (self._holder is None or self._holder.tag not in _HEADINGS):
            self._flush()
        self._preserved -= tag == "pre"
        if element is not root:
            self._say(element.tail)

    def _say(self, text: str | None) -> None:
        if not text:
            return
        if self._preserved > 0 and "\n" in text:
            for line in text.split("\n")[:-1]:
                self._parts.append(line)
                self._flush()
            text = text.rsplit("\n", 1)[-1]
        self._parts.append(text)

    def _close_link(self) -> None:
        href, start = self._link or ("", 0)
        said = _tidy("".join(self._parts[start:]))
        self._link = None
        self._linked += len(said)
        if said:
            self._links.append((said, href))

    def _flush(self) -> None:
        if self._link is not None:
            self._close_link()
        text = _tidy("".join(self._parts))
        if text:
            holder = self._holder
            heading = holder is not None and holder.tag in _HEADINGS
            self.blocks.append(
                Block(text, holder, tuple(self._links), self._linked, heading=heading)
            )
        self._parts, self._links, self._linked = [], [], 0

    def _remember(self, element: Any, text: str) -> None:
        if text.strip(_EDGES):
            self.unseen.append(HiddenText(text.strip(_EDGES), element))


def _tidy(text: str) -> str:
    """Blanks as a browser shows them; a source line broken inside Chinese words is one line."""
    return _SPACE.sub(" ", _FOLDED_LINE.sub("", text)).strip(_EDGES)


def data_table(element: Any, hidden: set[Any]) -> Table | None:
    """The cells of an innermost table of at least two rows and columns; None if it is layout."""
    if (
        element.get("role") == "presentation"
        or next(element.iterdescendants("table"), None) is not None
    ):
        return None
    rows = [row for row in element.iter("tr") if row not in hidden]
    grid = _grid(rows, hidden)
    if grid is None or len(grid) < 2 or max(map(len, grid)) < 2:
        return None
    marked = 0
    for row in rows:
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if not (row.getparent().tag == "thead" or (cells and all(c.tag == "th" for c in cells))):
            break
        marked += 1
    if not marked and looks_like_header([cell for cell in grid[0] if cell]):
        marked = _height(rows[0])
    return Table(tuple(tuple(row) for row in grid), min(marked, len(grid) - 1))


def _height(row: Any) -> int:
    return max((_span(cell, "rowspan") for cell in row if cell.tag in ("td", "th")), default=1)


def _grid(rows: list[Any], hidden: set[Any]) -> list[list[str]] | None:
    """Cell texts in rows of equal length; None when a cell is a page of its own."""
    grid: list[list[str]] = []
    covered: dict[int, int] = {}  # column → rows below that a cell above still covers
    total = 0
    for row in rows:
        line: list[str] = []
        below = {column: left - 1 for column, left in covered.items() if left > 1}
        for cell in row:
            if cell.tag not in ("td", "th") or cell in hidden:
                continue
            while len(line) in covered:
                line.append("")
            paragraphs = _cell_paragraphs(cell, hidden)
            if len(paragraphs) > 2 and sum(map(len, paragraphs)) > _PAGE_CELL:
                return None
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(len(line), len(line) + width):
                if height > 1:
                    below[column] = max(below.get(column, 0), height - 1)
            line += [" ".join(paragraphs), *[""] * (width - 1)]
            total += width
            if total > _MOST_CELLS:
                return None
        if any(line):
            grid.append(line)
        covered = below
    width = max(map(len, grid), default=0)
    return [line + [""] * (width - len(line)) for line in grid]


def _span(cell: Any, name: str) -> int:
    written = (cell.get(name) or "1").strip()
    return (
        min(_MOST_SPAN, max(1, int(written))) if written.isascii() and written[:4].isdigit() else 1
    )


def _cell_paragraphs(cell: Any, hidden: set[Any]) -> list[str]:
    walk = _Walk(hidden)
    walk.through(cell)
    return [block.text for block in walk.blocks]


def _links(element: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        (text, link.get("href") or "")
        for link in element.iter("a")
        if (text := _tidy("".join(link.itertext())))
    )


def _table_text(table: Table) -> str:
    return "\n".join("\t".join(row) for row in table.rows)
