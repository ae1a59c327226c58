"""Ruled tables of a PDF page, found by their rules; merged cells stand where they begin."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pdfplumber.page import Page as PlumberPage
from pdfplumber.table import merge_edges

from knowledge_base.readers.assembly import Table, looks_like_header
from knowledge_base.readers.page_lines import Grid
from knowledge_base.readers.page_tables import Rule, Upright, closing_sides

CellBox = tuple[float, float, float, float]
_Glyph = TypeVar("_Glyph", bound=Any)

# More rules than any table has: a drawing, whose crossings would take minutes to search.
_RULES = 3000
_SAME_EDGE = 2.5
_SHORTEST_RULE = 60.0
_JOINED = 3


def find_grids(
    page: PlumberPage,
    rules: Sequence[Rule],
    glyphs: Sequence[_Glyph],
    text_of: Callable[[Sequence[_Glyph], CellBox], str],
    left_out: Counter[str],
) -> tuple[list[Grid], list[_Glyph]]:
    """Tables of at least two columns, and the glyphs that stand in none of their cells."""
    rest = list(glyphs)
    if not glyphs or len(page.lines) + len(page.rects) + len(page.curves) < 3:
        return [], rest
    if len(page.edges) > _RULES:
        left_out["drawing"] += 1
        return [], rest
    grids = []
    sides = _sides(page, rules)
    for table in page.find_tables({"explicit_vertical_lines": sides} if sides else None):
        boxes = [tuple(map(float, box)) for box in table.cells]
        grid, used = grid_of([(b[0], b[1], b[2], b[3]) for b in boxes], rest, text_of)
        if grid is not None:
            grids.append(grid)
            rest = [glyph for glyph in rest if id(glyph) not in used]
    return grids, rest


def level_rules(page: PlumberPage) -> list[Rule]:
    """The level rules of a page, each whole; none where there are more than any table has."""
    if len(page.edges) > _RULES:
        return []
    level = merge_edges(page.horizontal_edges, *[_JOINED] * 4)
    return [
        Rule(float(e["x0"]), float(e["x1"]), float(e["top"]))
        for e in level
        if e["x1"] - e["x0"] > _SHORTEST_RULE
    ]


def _sides(page: PlumberPage, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The outer sides of tables that are open there, as rules pdfplumber takes beside its own."""
    uprights = [(float(e["x0"]), float(e["top"]), float(e["bottom"])) for e in page.vertical_edges]
    return [
        {"object_type": "line", "orientation": "v", "x0": x, "x1": x, "width": 0}
        | {"top": top, "bottom": bottom, "height": bottom - top, "pts": [(x, top), (x, bottom)]}
        for x, top, bottom in closing_sides(rules, _whole(uprights))
    ]


def _whole(uprights: Sequence[Upright]) -> list[Upright]:
    """Upright rules drawn cell by cell as one each."""
    whole: list[Upright] = []
    for x, top, bottom in sorted((round(x, 1), top, bottom) for x, top, bottom in uprights):
        if whole and x - whole[-1][0] < _JOINED and top - whole[-1][2] < _JOINED:
            whole[-1] = (whole[-1][0], whole[-1][1], max(whole[-1][2], bottom))
        else:
            whole.append((x, top, bottom))
    return whole


def grid_of(
    boxes: list[CellBox],
    glyphs: list[_Glyph],
    text_of: Callable[[Sequence[_Glyph], CellBox], str],
) -> tuple[Grid | None, set[int]]:
    """The table whose cells have these boxes, and the ids of the glyphs in them."""
    lefts, tops = _edges(b[0] for b in boxes), _edges(b[1] for b in boxes)
    if len(lefts) < 2:
        return None, set()
    cells: list[list[str]] = [[""] * len(lefts) for _ in tops]
    begins: list[set[int]] = [set() for _ in tops]
    spanned = False
    used: set[int] = set()
    for box in boxes:
        inside = [
            g
            for g in glyphs
            if box[0] <= (g.x0 + g.x1) / 2 <= box[2] and box[1] <= g.middle <= box[3]
        ]
        used |= {id(glyph) for glyph in inside}
        row, column = _place(tops, box[1]), _place(lefts, box[0])
        cells[row][column] = text_of(inside, box)
        begins[row].add(column)
        spanned |= row == 0 and any(box[0] + _SAME_EDGE < x < box[2] - _SAME_EDGE for x in lefts)
    kept = [(row, begin) for row, begin in zip(cells, begins, strict=True) if any(row)]
    if not kept:
        return None, set()
    rows = tuple(tuple(row) for row, _ in kept)
    right = max(box[2] for box in boxes)
    bottom = max(box[3] for box in boxes)
    table = Table(rows, _headers(rows, [begin for _, begin in kept], spanned))
    return Grid(table, lefts[0], right, tops[0], bottom, (*lefts, right)), used


def _headers(rows: Sequence[Sequence[str]], begins: list[set[int]], spanned: bool) -> int:
    """How many of the first rows name columns: two where the first groups columns."""
    names = [[row[i] for i in sorted(begin)] for row, begin in zip(rows, begins, strict=True)]
    if len(rows) < 2 or not looks_like_header(names[0]):
        return 0
    return 2 if spanned and len(rows) > 2 and looks_like_header(names[1]) else 1


def _edges(values: Any) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SAME_EDGE:
            edges.append(value)
    return edges


def _place(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))
