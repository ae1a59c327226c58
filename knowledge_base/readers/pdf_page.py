"""One PDF page → lines and ruled tables; what nobody sees on paper is left out and counted."""

import itertools
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import Page as PlumberPage
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from knowledge_base.readers.page_lines import Line, Page
from knowledge_base.readers.page_notes import LOWERED, RAISED
from knowledge_base.readers.page_tables import aligned_grids, joined_cell
from knowledge_base.readers.pdf_tables import CellBox, find_grids, level_rules
from knowledge_base.readers.radicals import plain_character

_TINY = 1.5
_INVISIBLE_MODES = (3, 7)
_SCAN_SHARE = 0.5
# In ems of the line: a gap that parts two runs, one that shows as a blank, a doubled glyph.
_APART = 0.95
_BLANK, _BLANK_SPACED = 0.8, 0.16
# A line with a blank behind more than this share of its characters was justified with blanks.
_BLANKS_USED = 0.3
_DOUBLE = 0.2
_RAISED_SIZE, _RAISED_LENGTH = 0.78, 4
_SLANT = 0.1
_FAINT = 0.02
_SHAPES = 1000  # the widest ones; more are a drawing, not the ground of words


@dataclass(frozen=True)
class Glyph:
    """One printed character with its box; `spaced` says that a blank glyph follows it."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    spaced: bool = False

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.top + self.bottom) / 2


class _Device(PDFPageAggregatorWithMarkedContent):
    """Keeps the text render mode of every character in the place of its marked-content id."""

    def render_string(self, textstate: Any, *args: Any, **kwargs: Any) -> None:
        self.mode = int(textstate.render)
        super().render_string(textstate, *args, **kwargs)

    def tag_cur_item(self) -> None:
        super().tag_cur_item()
        if self.cur_item._objs:
            self.cur_item._objs[-1].mcid = getattr(self, "mode", 0)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class PageText:
    """A page's lines and tables, counts of what was left out, and whether it looks scanned."""

    page: Page
    left_out: Counter[str]
    drawn: bool
    scanned: bool


def read_page(source: PlumberPage) -> PageText:
    """Everything visible on one page; coordinates in points from the top left."""
    device = _Device(source.pdf.rsrcmgr, pageno=source.page_number, laparams=None)
    PDFPageInterpreter(source.pdf.rsrcmgr, device).process_page(source.page_obj)
    source._layout = device.get_result()
    scanned = _covered(source.images, source) > _SCAN_SHARE
    left_out: Counter[str] = Counter()
    glyphs = _visible(source, scanned, left_out)
    rules = level_rules(source)
    grids, rest = find_grids(source, rules, glyphs, cell_text, left_out)
    aligned, lines = aligned_grids(lines_of(rest), rules)
    page = Page(
        number=source.page_number,
        width=float(source.width),
        height=float(source.height),
        lines=tuple(lines),
        grids=(*grids, *aligned),
    )
    drawn = bool(source.images or source.curves or len(source.rects) > 1)
    return PageText(page, left_out, drawn, scanned)


def _covered(images: Iterable[Any], page: PlumberPage) -> float:
    """Share of the page under its largest picture."""
    whole = float(page.width) * float(page.height) or 1.0
    return max((abs(i["width"] * i["height"]) / whole for i in images), default=0.0)


def _visible(page: PlumberPage, scanned: bool, left_out: Counter[str]) -> list[Glyph]:
    chars = page.chars
    artifacts = sum(char.get("tag") == "Artifact" for char in chars)
    tagged = 0 < artifacts < len(chars) / 2
    dark = _dark_shapes(page)
    glyphs: list[Glyph] = []
    for char in chars:
        text = char["text"]
        if not text.strip():
            if glyphs:
                glyphs[-1] = replace(glyphs[-1], spaced=True)
            continue
        reason = _unseen(char, page, scanned, dark)
        if reason is None and tagged and char.get("tag") == "Artifact":
            # Word marks heads, feet and page numbers of a tagged PDF as artifacts.
            continue
        if reason is not None:
            left_out[reason] += 1 if reason == "unmapped" else len(text)
            continue
        plain = plain_character(text)
        left_out["radical"] += plain != text
        x0, x1 = sorted((char["x0"], char["x1"]))
        glyphs.append(Glyph(plain, x0, x1, char["top"], char["bottom"], _size(char)))
    return glyphs


def _size(char: dict[str, Any]) -> float:
    """Font size as printed; the font's own figure says nothing where the matrix scales it."""
    return float(char["bottom"] - char["top"]) or float(char["size"])


def _unseen(
    char: dict[str, Any], page: PlumberPage, scanned: bool, dark: Sequence[dict[str, Any]]
) -> str | None:
    """Why a character is not read, None where it is."""
    if char["text"].startswith("(cid:"):
        return "unmapped"
    if char.get("mcid") in _INVISIBLE_MODES and not scanned:
        return "hidden"
    if _size(char) < _TINY:
        return "hidden"
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    x0, top, x1, bottom = page.bbox
    if not (x0 <= x <= x1 and top <= y <= bottom):
        return "hidden"
    if not char["upright"] or abs(char["matrix"][1]) > _SLANT * abs(char["matrix"][0]):
        return "rotated"
    if _is_white(char) and not _on_dark(x, y, dark):
        return "hidden"
    return None


def _is_white(item: dict[str, Any]) -> bool:
    color = item.get("non_stroking_color")
    if not isinstance(color, tuple | list) or not all(isinstance(v, int | float) for v in color):
        return False
    name = str(item.get("ncs"))
    if len(color) == 4 or name == "Separation":
        return all(ink <= _FAINT for ink in color)
    return len(color) in (1, 3) and all(light >= 1 - _FAINT for light in color)


def _dark_shapes(page: PlumberPage) -> list[dict[str, Any]]:
    """Pictures and filled, coloured shapes: white letters on them are seen."""
    filled = [s for s in (*page.rects, *page.curves) if s.get("fill") and not _is_white(s)]
    return sorted((*filled, *page.images), key=lambda s: s["x0"] - s["x1"])[:_SHAPES]


def _on_dark(x: float, y: float, dark: Sequence[dict[str, Any]]) -> bool:
    return any(s["x0"] <= x <= s["x1"] and s["top"] <= y <= s["bottom"] for s in dark)


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """Runs of glyphs on one baseline, cut at wide gaps; raised marks set into their run."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.middle):
        for row in reversed(rows[-4:]):
            last = row[-1]
            if abs(glyph.middle - last.middle) < 0.3 * min(glyph.size, last.size):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    runs = [run for row in rows for run in _runs(row)]
    return [_line(run, raised) for run, raised in _with_raised(runs)]


def _runs(row: list[Glyph]) -> Iterable[list[Glyph]]:
    row.sort(key=lambda g: g.x0)
    run = [row[0]]
    for glyph in row[1:]:
        last = run[-1]
        if glyph.text == last.text and glyph.x0 - last.x0 < _DOUBLE * last.size:
            continue  # printed twice for a bold look
        if glyph.x0 - last.x1 > _APART * max(glyph.size, last.size):
            yield run
            run = []
        run.append(glyph)
    yield run


def _with_raised(runs: list[list[Glyph]]) -> list[tuple[list[Glyph], set[int]]]:
    """Runs with the small raised ones beside them taken in; ids tell the raised glyphs."""
    small = sorted((r for r in runs if len(r) <= _RAISED_LENGTH), key=lambda r: r[0].middle)
    heights = [run[0].middle for run in small]
    taken: set[int] = set()
    result: list[tuple[list[Glyph], set[int]]] = []
    for run in runs:
        size = max(g.size for g in run)
        high, low = min(g.top for g in run) - 0.3 * size, max(g.bottom for g in run) - 0.45 * size
        left, right = run[0].x0 - size, run[-1].x1 + 0.6 * size
        raised: set[int] = set()
        whole = run
        for other in small[bisect_left(heights, high) : bisect_right(heights, low)]:
            smaller = other[0].size <= _RAISED_SIZE * size
            if smaller and id(other) not in taken and left < other[0].x0 < right:
                taken.add(id(other))
                raised |= {id(g) for g in other}
                whole = [*whole, *other]
        result.append((sorted(whole, key=lambda g: g.x0) if raised else run, raised))
    return [(run, raised) for run, raised in result if id(run) not in taken]


def _line(run: list[Glyph], raised: set[int]) -> Line:
    plain = [g for g in run if id(g) not in raised] or run
    sizes = Counter(round(g.size, 1) for g in plain)
    size = sizes.most_common(1)[0][0]
    return Line(
        text=_text(run, raised, size),
        x0=run[0].x0,
        x1=max(g.x1 for g in run),
        top=min(g.top for g in plain),
        bottom=max(g.bottom for g in plain),
        size=size,
    )


def _text(run: list[Glyph], raised: set[int], size: float) -> str:
    """The run's characters; blanks only where the page shows one, none that justifying made."""
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(run)]
    stretch = max(0.0, sorted(gaps)[len(gaps) // 2]) if len(gaps) > 1 else 0.0
    if sum(g.spaced for g in run[:-1]) > _BLANKS_USED * len(run) and not all(map(_is_latin, run)):
        run = [g if _is_latin(g) else replace(g, spaced=False) for g in run]
    parts: list[str] = []
    inside = False
    for index, glyph in enumerate(run):
        if index:
            parts.append(_blank(run[index - 1], glyph, gaps[index - 1], stretch, size))
        if (id(glyph) in raised) != inside:
            inside = not inside
            parts.append(RAISED if inside else LOWERED)
        parts.append(glyph.text)
    return "".join(parts) + (LOWERED if inside else "")


def _blank(left: Glyph, right: Glyph, gap: float, stretch: float, size: float) -> str:
    limit = _BLANK_SPACED * size
    latin = _is_latin(left) and _is_latin(right)
    if latin:
        return " " if left.spaced or gap - stretch > limit else ""
    if left.spaced and gap > limit:
        return " "
    both = not _is_latin(left) and not _is_latin(right)
    return " " if both and gap - stretch > _BLANK * size else ""


def _is_latin(glyph: Glyph) -> bool:
    return unicodedata.east_asian_width(glyph.text[0]) in ("Na", "N", "H")


def cell_text(glyphs: Sequence[Glyph], box: CellBox) -> str:
    """The lines inside a cell as one: wrapped ones joined, others parted by a blank."""
    return joined_cell(lines_of(glyphs), box[2])
