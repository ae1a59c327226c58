"""Tables of a scanned page: its rules found in the picture, its lines set into their cells."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdfplumber.table import (
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
    merge_edges,
)
from PIL import Image

from knowledge_base.readers.page_lines import Grid, Line
from knowledge_base.readers.page_tables import Rule, aligned_grids, closing_sides, joined_cell
from knowledge_base.readers.pdf_tables import CellBox, grid_of

if TYPE_CHECKING:
    import numpy as np

# Shares of the paper's brightness and ems of the text: what is ink, and what is a rule.
_INK = 0.72
_LEVEL, _UPRIGHT, _THICK = 3.0, 1.7, 0.4
_CLOSE, _OVER = 0.35, 0.4
_TILT = 0.0005
_MOST_RULES = 300
_MOST_CROSSINGS = 6000  # more are a drawing


@dataclass(frozen=True)
class _Stroke:
    """A straight stroke of ink, level or upright."""

    x0: float
    x1: float
    top: float
    bottom: float


def find_tables(
    image: Image.Image, lines: Sequence[Line], angle: float
) -> tuple[list[Grid], list[Line]]:
    """Tables of a page whose lines were turned level by `angle`, and the lines outside them.

    A table with a line of text across a rule is left as lines: what was recognised as one is never torn.
    """
    if len(lines) < 4:
        return [], list(lines)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    ink = _ink(image, angle)
    level = _strokes(ink, round(_LEVEL * size), 1, _THICK * size)
    upright = _strokes(ink, 1, round(_UPRIGHT * size), _THICK * size)
    rest = list(lines)
    grids = []
    rules = [Rule(s.x0, s.x1, (s.top + s.bottom) / 2) for s in level[:_MOST_RULES]]
    if 2 <= len(level) <= _MOST_RULES and 1 <= len(upright) <= _MOST_RULES:
        between = [((s.x0 + s.x1) / 2, s.top, s.bottom) for s in upright]
        upright += [_Stroke(x, x, top, bottom) for x, top, bottom in closing_sides(rules, between)]
        for boxes in _tables(level, upright, _CLOSE * size):
            grid, used = grid_of(boxes, rest, _cell)
            if grid is None or len(grid.table.rows) < 2 or _is_crossed(boxes, rest, used):
                continue
            grids.append(grid)
            rest = [line for line in rest if id(line) not in used]
    aligned, rest = aligned_grids(rest, rules)
    return [*grids, *aligned], rest


def _cell(lines: Sequence[Line], box: CellBox) -> str:
    return joined_cell(lines, box[2])


def _ink(image: Image.Image, angle: float) -> "np.ndarray[Any, Any]":
    """Where the page, turned level as its lines were, is dark: 255 there, else 0."""
    import cv2
    import numpy as np

    grey = np.asarray(image.convert("L"))
    paper = float(np.median(grey[::8, ::8]))
    if abs(angle) > _TILT:
        cos, sin = math.cos(-angle), math.sin(-angle)
        turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
        grey = cv2.warpAffine(grey, turn, image.size, borderValue=(paper,))
    return np.where(grey < _INK * paper, 255, 0).astype(np.uint8)


def _strokes(
    ink: "np.ndarray[Any, Any]", width: int, height: int, thickest: float
) -> list[_Stroke]:
    """Runs of ink at least so wide and high, and no thicker across, from top to bottom."""
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (max(width, 1), max(height, 1)))
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    if count > 20 * _MOST_RULES:
        return []
    found = [
        _Stroke(float(x), float(x + w), float(y), float(y + h))
        for x, y, w, h in (map(int, box[:4]) for box in boxes[1:])
        if (h if width > height else w) <= max(thickest, 4)
    ]
    return sorted(found, key=lambda stroke: stroke.top)


def _tables(
    level: Sequence[_Stroke], upright: Sequence[_Stroke], close: float
) -> list[list[CellBox]]:
    """The cells between crossing rules, table by table."""
    edges = [_edge(stroke, "h") for stroke in level] + [_edge(stroke, "v") for stroke in upright]
    merged = merge_edges(edges, close, close, 3 * close, 3 * close)
    across = sum(edge["orientation"] == "v" for edge in merged)
    if across * (len(merged) - across) > _MOST_CROSSINGS:
        return []
    cells = intersections_to_cells(edges_to_intersections(merged, 2 * close, 2 * close))
    return [
        [(float(b[0]), float(b[1]), float(b[2]), float(b[3])) for b in boxes]
        for boxes in cells_to_tables(cells)
    ]


def _edge(stroke: _Stroke, orientation: str) -> dict[str, Any]:
    x0, x1, top, bottom = stroke.x0, stroke.x1, stroke.top, stroke.bottom
    if orientation == "h":
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    sides = {"x0": x0, "x1": x1, "top": top, "bottom": bottom}
    return {**sides, "width": x1 - x0, "height": bottom - top, "orientation": orientation}


def _is_crossed(boxes: Sequence[CellBox], lines: Sequence[Line], used: set[int]) -> bool:
    """Whether a line reaches over the side of its cell, or two cells took the same line."""
    taken: Counter[int] = Counter()
    for line in (line for line in lines if id(line) in used):
        x = (line.x0 + line.x1) / 2
        for box in boxes:
            if box[0] <= x <= box[2] and box[1] <= line.middle <= box[3]:
                taken[id(line)] += 1
                over = _OVER * line.size
                if line.x0 < box[0] - over or line.x1 > box[2] + over:
                    return True
    return any(count > 1 for count in taken.values())
