"""Lines of a printed page and the order they are read in, whoever found them: PDF or OCR."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge_base.readers.assembly import Table

# Shares of the column's width and counts that tell two columns of text from a list with a gap.
_COLUMN_LINES = 3
_COLUMN_FILL = 0.55
_GUTTER_FROM, _GUTTER_TO = 0.22, 0.78
_GUTTER_EMS = 0.8
_CROSSING = 0.5
_SAME_GUTTER = 4.0
_DEEPEST = 3


@dataclass(frozen=True)
class Line:
    """A run of text on one baseline; coordinates from the page's top left, in one unit."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Grid:
    """A ruled table with its place on the page and the x of its vertical rules."""

    table: Table
    x0: float
    x1: float
    top: float
    bottom: float
    edges: tuple[float, ...]


Item = Line | Grid


@dataclass(frozen=True)
class Page:
    """One printed page as found: lines and tables in no order yet."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True)
class Column:
    """Items read from top to bottom; `kind` is alike for columns of the same make on all pages."""

    kind: tuple[int, ...]
    items: tuple[Item, ...]


def common_gutter(pages: Iterable[Page]) -> float | None:
    """The gutter most pages of two columns share; None where no page shows two columns of text."""
    found: Counter[int] = Counter()
    for page in pages:
        items: list[Item] = [*page.lines, *page.grids]
        gutter = _gutter(items)
        if gutter is not None and any(
            _is_parted(*_sides(band, gutter), len(band)) for band in _bands(items, gutter)
        ):
            found[round(gutter)] += 1
    return float(found.most_common(1)[0][0]) if found else None


def reading_order(page: Page, known: float | None = None) -> list[Column]:
    """The page's columns in reading order; text across all columns is a column of its own.

    `known` is the gutter of the document: a last page may be too short to show it.
    """
    width = round(page.width / 10)
    items: list[Item] = [*page.lines, *page.grids]
    parts = _split(items, (), known)
    return [Column((width, *kind), tuple(_merged(part))) for kind, part in parts]


_Part = tuple[tuple[int, ...], list[Item]]


def _split(items: list[Item], kind: tuple[int, ...], known: float | None = None) -> list[_Part]:
    gutter = _gutter(items) if len(kind) < _DEEPEST else None
    if known is not None and (gutter is None or abs(gutter - known) < _SAME_GUTTER):
        gutter = known
    else:
        known = None
    if gutter is None:
        return [(kind, items)] if items else []
    parts: list[_Part] = []
    for band in _bands(items, gutter):
        left, right = _sides(band, gutter)
        whole = len(left) + len(right) == len(band)
        if (whole and known is not None) or _is_parted(left, right, len(band)):
            parts += _split(left, (*kind, 1))
            parts += _split(right, (*kind, 2))
        elif parts and parts[-1][0] == kind:
            parts[-1][1].extend(band)
        else:
            parts.append((kind, list(band)))
    return parts


def _sides(band: Sequence[Item], gutter: float) -> tuple[list[Item], list[Item]]:
    left = [item for item in band if item.x1 <= gutter + _CROSSING]
    return left, [item for item in band if item.x0 >= gutter - _CROSSING]


def _is_parted(left: list[Item], right: list[Item], count: int) -> bool:
    """Whether a band is two columns of text; at an article's end the right one may be short."""
    if len(left) + len(right) != count or not _is_text(left):
        return False
    return len(right) < _COLUMN_LINES or _is_text(right)


def _bands(items: Iterable[Item], gutter: float) -> Iterable[list[Item]]:
    """Items from top to bottom, cut where those across the gutter begin and end."""
    ordered = sorted(items, key=lambda item: item.top)
    barriers = [i for i in ordered if i.x0 < gutter - _CROSSING and i.x1 > gutter + _CROSSING]
    across = {id(item) for item in barriers}
    rest = [item for item in ordered if id(item) not in across]
    at = 0
    for barrier in barriers:
        begin = at
        while at < len(rest) and rest[at].top < barrier.top:
            at += 1
        if at > begin:
            yield rest[begin:at]
        yield [barrier]
    if at < len(rest):
        yield rest[at:]


def _is_text(items: Sequence[Item], depth: int = 0) -> bool:
    """Whether one side of a gutter is running text: several lines, most of them full."""
    inner = _gutter(items) if depth < 2 else None
    if inner is not None:
        parts = [i for i in items if i.x1 <= inner], [i for i in items if i.x0 >= inner]
        if len(parts[0]) + len(parts[1]) == len(items):
            return all(_is_text(part, depth + 1) for part in parts)
    lines = [item for item in items if isinstance(item, Line)]
    grids = len(items) - len(lines)
    if len(lines) < _COLUMN_LINES:
        return grids > 0
    width = max(i.x1 for i in items) - min(i.x0 for i in items)
    full = sum(line.x1 - line.x0 > _COLUMN_FILL * width for line in lines)
    return full >= _COLUMN_FILL * len(lines) and width > 6 * lines[0].size


def _gutter(items: Sequence[Item]) -> float | None:
    """The x of a white gutter that parts running text, None where the page has one column.

    A gutter stands left of an x where several lines begin; of all such places the one with the
    fewest items across it is taken, and it must leave more items on its sides than across.
    """
    if len(items) < 2 * _COLUMN_LINES:
        return None
    left, right = min(i.x0 for i in items), max(i.x1 for i in items)
    begins: dict[int, list[float]] = {}
    for item in items:
        begins.setdefault(round(item.x0 / 3), []).append(item.x0)
    best: tuple[int, float] | None = None
    for place, starts in begins.items():
        near = starts + begins.get(place + 1, [])
        gutter = min(near) - 2 * _CROSSING
        share = (gutter - left) / max(right - left, 1)
        if len(near) < _COLUMN_LINES or not _GUTTER_FROM < share < _GUTTER_TO:
            continue
        across = sum(i.x0 < gutter - _CROSSING and i.x1 > gutter + _CROSSING for i in items)
        beside = [i for i in items if i.x1 <= gutter + _CROSSING]
        room = gutter - max((i.x1 for i in beside), default=left)
        size = min((i.size for i in beside if isinstance(i, Line)), default=0)
        if room < _GUTTER_EMS * size or across * 2 > len(items):
            continue
        if best is None or across < best[0]:
            best = (across, gutter)
    return None if best is None else best[1]


def _merged(items: Iterable[Item]) -> list[Item]:
    """Items from top to bottom, runs of one baseline set together into one line."""
    result: list[Item] = []
    for item in sorted(items, key=lambda i: (i.top + i.bottom) / 2):
        last = result[-1] if result else None
        same = (
            isinstance(item, Line)
            and isinstance(last, Line)
            and abs(item.middle - last.middle) < 0.45 * min(item.size, last.size)
        )
        if same and isinstance(item, Line) and isinstance(last, Line):
            first, second = (last, item) if last.x0 <= item.x0 else (item, last)
            result[-1] = replace(
                last,
                text=f"{first.text} {second.text}",
                x0=first.x0,
                x1=max(first.x1, second.x1),
                top=min(first.top, second.top),
                bottom=max(first.bottom, second.bottom),
                size=first.size if len(first.text) >= len(second.text) else second.size,
            )
        else:
            result.append(item)
    return result
