"""Tables that stand in aligned columns between a few level rules, on paper or on a scan.

Only what is clear becomes a table: rules above, below and under the column names, or without rules
three columns and more with figures below names; else the lines stay as they are.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.readers.assembly import Table, looks_like_header
from knowledge_base.readers.page_lines import Grid, Line

# In ems: white between two columns, the step from one row to the next, a rule's reach.
_GUTTER, _STEP, _REACH = 0.9, 3.5, 1.5
_ROWS, _COLUMNS = 3, 3
_SAME_RULE, _SAME_ROW = 0.4, 0.45
_RUNNING_EMS, _FULL = 8.0, 0.9
_MOST_LINES, _MOST_RULES = 4000, 400

_Row = list[Line]
Upright = tuple[float, float, float]


@dataclass(frozen=True)
class Rule:
    """A level rule of a page."""

    x0: float
    x1: float
    y: float


def aligned_grids(lines: Sequence[Line], rules: Sequence[Rule]) -> tuple[list[Grid], list[Line]]:
    """Tables without upright rules, and the lines that stand in none of them."""
    if len(lines) > _MOST_LINES or len(rules) > _MOST_RULES:
        return [], list(lines)
    grids: list[Grid] = []
    rest = list(lines)
    for block in [*_between_rules(rest, rules), *_aligned(rest)]:
        taken = {id(line) for row in block.rows for line in row}
        if taken <= {id(line) for line in rest} and (grid := _grid(block)) is not None:
            grids.append(grid)
            rest = [line for line in rest if id(line) not in taken]
    return grids, rest


def closing_sides(rules: Sequence[Rule], uprights: Iterable[Upright]) -> list[Upright]:
    """The sides (x, top, bottom) a table lacks that has upright rules only between its columns."""
    sides = set()
    for group in _groups(rules):
        x0, x1 = group[0].x0, group[0].x1
        for x, top, bottom in uprights:
            slack = 0.01 * (x1 - x0)
            met = [rule.y for rule in group if top - slack <= rule.y <= bottom + slack]
            if x0 + slack < x < x1 - slack and len(met) > 1:
                sides |= {(x0, met[0], met[-1]), (x1, met[0], met[-1])}
    return sorted(sides)


def joined_cell(lines: Iterable[Line], right: float) -> str:
    """The lines inside a cell as one: wrapped ones joined, others parted by a blank."""
    text = ""
    before: Line | None = None
    for line in sorted(lines, key=lambda item: (round(item.middle), item.x0)):
        if before is None:
            text = line.text
        elif line.middle - before.middle < _SAME_ROW * before.size:
            text += " " + line.text
        else:
            wrapped = right - before.x1 < 1.9 * line.size or len(line.text) <= 2
            latin = before.text[-1:].isascii() and line.text[:1].isascii()
            text += ("" if wrapped and not latin else " ") + line.text
        before = line
    return text


@dataclass(frozen=True)
class _Block:
    """Rows that may be a table; `ruled` ones have a rule above, below and under the names."""

    rows: tuple[_Row, ...]
    ruled: bool


def _rows(lines: Iterable[Line]) -> list[_Row]:
    rows: list[_Row] = []
    for line in sorted(lines, key=lambda item: item.middle):
        if rows and line.middle - rows[-1][-1].middle < _SAME_ROW * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _between_rules(lines: Sequence[Line], rules: Sequence[Rule]) -> Iterable[_Block]:
    """Lines between rules of one width, three at least; four and more part every row."""
    for group in _groups(rules):
        x0, x1 = group[0].x0, group[0].x1
        tops = [rule.y for rule in group]
        inside = [line for line in lines if tops[0] < line.middle < tops[-1]]
        if not inside or any(
            line.x0 < x0 - _REACH * line.size or line.x1 > x1 + _REACH * line.size
            for line in inside
        ):
            continue
        bands = [
            [line for line in inside if above < line.middle < below]
            for above, below in itertools.pairwise(tops)
        ]
        if len(bands) == 2:
            rows = [*_rows(bands[0]), *_rows(bands[1])]
            if len(_rows(bands[0])) == 1:
                yield _Block(tuple(rows), True)
        elif all(bands):
            yield _Block(tuple(bands), True)


def _groups(rules: Sequence[Rule]) -> Iterable[list[Rule]]:
    """Rules that begin and end at the same x, from top to bottom, each once."""
    left = sorted(rules, key=lambda rule: rule.y)
    while left:
        first = left[0]
        width = first.x1 - first.x0
        group = [
            rule
            for rule in left
            if abs(rule.x0 - first.x0) + abs(rule.x1 - first.x1) < 0.02 * width
        ]
        left = [rule for rule in left if rule not in group]
        once = [
            rule
            for index, rule in enumerate(group)
            if not index or rule.y - group[index - 1].y > 0.01 * width
        ]
        if len(once) >= _ROWS:
            yield once


def _aligned(lines: Sequence[Line]) -> Iterable[_Block]:
    """Neighbouring rows of three runs and more."""
    block: list[_Row] = []
    for row in _rows(lines):
        near = block and row[0].middle - block[-1][0].middle < _STEP * row[0].size
        if len(row) >= _COLUMNS and (near or not block):
            block.append(row)
            continue
        if len(block) >= _ROWS:
            yield _Block(tuple(block), False)
        block = [row] if len(row) >= _COLUMNS else []
    if len(block) >= _ROWS:
        yield _Block(tuple(block), False)


def _grid(block: _Block) -> Grid | None:
    """The table of a block; None where its columns are not clear."""
    columns = _columns(line for row in block.rows for line in row)
    if len(columns) < (2 if block.ruled else _COLUMNS) or len(block.rows) < 2:
        return None
    cells = [[_inside(row, column) for column in columns] for row in block.rows]
    if not all(row[0] for row in cells) or any(len(_rows(c)) < len(c) for c in cells[0]):
        return None
    table = tuple(
        tuple(joined_cell(cell, column[1]) for cell, column in zip(row, columns, strict=True))
        for row in cells
    )
    if not looks_like_header(table[0]):
        return None
    if not block.ruled and not (_has_figures(table) and not _is_running(block.rows, columns)):
        return None
    lines = [line for row in block.rows for line in row]
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    left, right = columns[0][0], columns[-1][1]
    edges = (*(column[0] for column in columns), right)
    return Grid(Table(table, 1), left, right, top, bottom, edges)


def _columns(lines: Iterable[Line]) -> list[tuple[float, float]]:
    """The x of columns that white parts in every row."""
    columns: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda item: item.x0):
        if columns and line.x0 - columns[-1][1] < _GUTTER * line.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], line.x1))
        else:
            columns.append((line.x0, line.x1))
    return columns


def _inside(row: Iterable[Line], column: tuple[float, float]) -> list[Line]:
    return [line for line in row if column[0] <= line.x0 <= column[1]]


def _has_figures(table: Sequence[Sequence[str]]) -> bool:
    """Whether every cell is filled and some column has figures in all rows but the first."""
    columns = list(zip(*table, strict=True))
    return all(all(row) for row in table) and any(
        not _figured(column[0]) and all(map(_figured, column[1:])) for column in columns
    )


def _figured(cell: str) -> bool:
    return any(char.isdigit() for char in cell)


def _is_running(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether two columns and more are running text: broad, and most of their lines full."""
    lines = [line for row in rows for line in row]
    running = 0
    for column in columns:
        own = _inside(lines, column)
        width = column[1] - column[0]
        full = sum(line.x1 - line.x0 > _FULL * width for line in own)
        running += width > _RUNNING_EMS * own[0].size and full * 2 > len(own)
    return running > 1
