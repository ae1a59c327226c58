"""Paragraphs in, the numbered passages of a text out: the tree of levels as a document uses them.

Which level stands inside which is read from use where the numbers show it (1. with (一), (二) below
and 2. behind them), else from the fixed order of official writing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge_base.outline.headings import DIVISIONS, LEGAL, has_sentence, heading, says_more
from knowledge_base.outline.numbering import BOXES, RANKS, Mark, Marks
from knowledge_base.outline.paragraphs import Paragraph
from knowledge_base.outline.sections import Section
from knowledge_base.outline.units import Table, Unit, accepted_marks, answers, cut_units
from knowledge_base.readers.reading import Row, Span


@dataclass(frozen=True)
class Passage:
    """A clause to be: `steps` its path, `levels` the (family, number) of each level it stands in."""

    steps: tuple[str, ...]
    label: str
    headings: tuple[str, ...]
    start: int
    end: int
    levels: tuple[tuple[str, str], ...] = ()


@dataclass
class _Node:
    """One open numbering level; `pieces` are its lines below the first, parted where a table stands."""

    mark: Mark
    steps: tuple[str, ...]
    decimal: tuple[int, ...]
    line: Span
    pieces: list[Span] = field(default_factory=list)
    torn: bool = False
    torn_at_line: bool = False
    glued: bool = False  # its first piece goes on with the printed line of its mark
    children: int = 0


class Outline:
    """One section of a text: says whether it is numbered, and reads its passages."""

    def __init__(
        self, text: str, section: Section, paragraphs: Sequence[Paragraph], rows: Sequence[Row]
    ) -> None:
        self._text, self._section = text, section
        marks = accepted_marks(text, paragraphs[section.first : section.tail], section)
        self._marks = Marks(marks)
        self._units = list(cut_units(text, paragraphs, section, marks, rows))
        self._tail = (
            (paragraphs[section.tail].start, paragraphs[section.last - 1].end)
            if section.tail < section.last
            else None
        )
        self._above = tuple(heading(text, span) for span in section.headings)
        self._prefix = (section.path,) if section.path else ()
        self._stack: list[_Node] = []
        self._found: list[Passage] = []
        self._inside: set[tuple[str, str]] = set()  # (outer, inner) against the fixed order

    @property
    def numbered(self) -> bool:
        """Whether any number of the section counts."""
        return bool(self._marks.marks)

    def passages(self, loose: bool) -> list[Passage]:
        """Passages in printed order; `loose` names unnumbered paragraphs p1, p2, … one by one."""
        preamble: list[Unit] = []
        table = Table()
        place = -1
        for unit in self._units:
            if unit.mark is not None:
                place += 1
                self._open(unit, unit.mark, place)
            elif unit.row is not None or unit.skipped:
                self._tear(preamble, unit)
                if unit.row is not None:
                    self._row(unit.row, table)
            elif self._stack:
                _add(self._stack[-1], unit)
            else:
                preamble.append(unit)
        self._close(0)
        self._preamble(preamble, loose)
        if self._scattered():
            first, last = self._found[0], self._found[-1]
            label = f"{self._section.label}第1段"
            self._found = [
                Passage((*self._prefix, "p1"), label, self._above, first.start, last.end)
            ]
        headings = self._section.headings
        bare = len(self._section.label) + 1  # an annex's mark alone
        if not self._found and headings and headings[-1][1] - headings[0][0] > bare:
            # A form printed as a picture has but its title.
            self._found.append(
                Passage(self._prefix, self._section.label, (), headings[0][0], headings[-1][1])
            )
        if self._tail is not None:
            self._emit((*self._prefix, "tail"), f"{self._section.label}文尾", (), self._tail)
        return sorted(self._found, key=lambda passage: passage.start)

    def _scattered(self) -> bool:
        """Whether an annex is a table that came as lines: its numbers start again and say no sentence."""
        found = self._found
        if not self._section.path or any(unit.row is not None for unit in self._units):
            return False
        again = len(found) - len({one.steps for one in found})
        sentences = sum("。" in self._text[one.start : one.end] for one in found)
        return again >= 5 and 2 * again > len(found) and 3 * sentences < len(found)

    def _emit(
        self,
        steps: tuple[str, ...],
        label: str,
        headings: tuple[str, ...],
        span: Span,
        levels: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._found.append(Passage(steps, label, (*self._above, *headings), *span, levels))

    def _preamble(self, units: list[Unit], loose: bool) -> None:
        pieces: list[Span] = []
        joined = False
        few = sum(unit.whole for unit in units) <= 3
        for unit in units:
            if unit.skipped or unit.row is not None:
                joined = False
                continue
            ended = few and joined and self._text[pieces[-1][1] - 1] in "。;；!！?？:："
            replies = joined and answers(self._text, pieces[-1], unit)
            if joined and (replies or not (loose and (unit.whole or ended))):
                pieces[-1] = (pieces[-1][0], unit.end)
            else:
                pieces.append((unit.start, unit.end))
            joined = True
        label = self._section.label
        for number, span in enumerate(pieces, 1):
            if loose:
                self._emit((*self._prefix, f"p{number}"), f"{label}第{number}段", (), span)
            else:
                self._emit(self._prefix or ("0",), label or "前言", (), span)

    def _tear(self, preamble: list[Unit], unit: Unit) -> None:
        if not self._stack:
            preamble.append(unit)
            return
        node = self._stack[-1]
        node.torn = True
        node.torn_at_line = node.torn_at_line or not node.pieces
        node.children += unit.row is not None and not node.pieces

    def _row(self, row: Row, table: "Table") -> None:
        cells = tuple(self._text[start:end] for start, end in row.cells if end > start)
        if table.take(row, cells):
            headings = (*(self._title(node) for node in self._stack), *table.header)
            steps = (*self._prefix, f"t{table.number}", str(table.rows))
            label = f"{self._section.label}表{table.number}第{table.rows}行"
            self._emit(steps, label, headings, (row.start, row.end))

    def _open(self, unit: Unit, mark: Mark, place: int) -> None:
        keep, steps, decimal = self._position(mark, place)
        self._close(keep)
        if self._stack:
            self._stack[-1].children += 1
            if self._stack[-1].children == 1:
                self._own_text(intro=True, headed=mark.family not in BOXES)
        self._stack.append(_Node(mark, steps, decimal, (unit.start, unit.end)))

    def _position(self, mark: Mark, place: int) -> tuple[int, tuple[str, ...], tuple[int, ...]]:
        """How many open levels stay open, and the steps and decimal number of the new one."""
        if mark.family == "1.1":
            return self._decimal_position(mark)
        steps, decimal = mark.steps, mark.number
        stack = self._stack
        same = next(
            (i for i in reversed(range(len(stack))) if stack[i].mark.family == mark.family), None
        )
        if same is not None and not (mark.value == 1 and stack[-1].mark.family in ("1.1", *BOXES)):
            return same, steps, decimal
        alike = next(
            (i for i in reversed(range(len(stack))) if _rank(stack[i]) == RANKS[mark.family]), None
        )
        if alike is not None:
            nested = mark.value == 1 and self._comes_back(stack[alike].mark, place)
            return alike + nested, steps, decimal
        keep = len(stack)
        while keep and self._ends(stack[keep - 1], mark, place, keep == len(stack)):
            keep -= 1
        return keep, steps, decimal

    def _ends(self, node: _Node, mark: Mark, place: int, innermost: bool) -> bool:
        """Whether a new level of another family closes `node`: it does when it is the outer one."""
        outer = node.mark.family
        if _rank(node) < RANKS[mark.family]:
            return False
        if (outer, mark.family) in self._inside:
            return False
        if outer in BOXES and mark.value == 1 and mark.family not in DIVISIONS:
            return False
        legal = mark.family in (*DIVISIONS, *LEGAL) and _rank(node) < RANKS["一、"]
        first = mark.value == 1 or mark.family == "条"
        if innermost and first and not legal and self._comes_back(node.mark, place):
            self._inside.add((outer, mark.family))
            return False
        return True

    def _comes_back(self, mark: Mark, place: int) -> bool:
        """Whether the next number of a family, behind the mark at `place`, goes on from `mark`."""
        following = self._marks.following(place, mark.family)
        return following is not None and following.value == mark.value + 1

    def _decimal_position(self, mark: Mark) -> tuple[int, tuple[str, ...], tuple[int, ...]]:
        """A decimal number stands under the level whose number it repeats: 1.1 under 1. or 第一章."""
        stack, number = self._stack, mark.number
        for family in (("1.1",), ("1.", "1、"), ("一、",), ("章", "部分")):
            for index in reversed(range(len(stack))):
                if stack[index].mark.family not in family:
                    continue
                decimal = stack[index].decimal
                if len(decimal) == len(number):
                    printed = number[len(number) - len(stack[index].steps) :]
                    return index, tuple(map(str, printed)), number
                if decimal == number[: len(decimal)]:
                    return index + 1, tuple(map(str, number[len(decimal) :])), number
        keep = len(stack)
        while keep and _rank(stack[keep - 1]) >= RANKS["1.1"]:
            keep -= 1
        return keep, tuple(map(str, number)), number

    def _close(self, keep: int) -> None:
        while len(self._stack) > keep:
            if not self._stack[-1].children:
                self._own_text(intro=False)
            self._stack.pop()

    def _own_text(self, intro: bool, headed: bool = False) -> None:
        """Add the innermost level's own text, with its first line where that is more than a heading.

        `intro` is the text before a level's first child; a box among its text makes no heading of it.
        """
        node = self._stack[-1]
        pieces = list(node.pieces)
        if self._is_text(node, intro, headed):
            if pieces and not node.torn_at_line:
                pieces[0] = (node.line[0], pieces[0][1])
            else:
                pieces.insert(0, node.line)
        if not pieces:
            return
        steps = (*self._prefix, *(step for one in self._stack for step in one.steps))
        label = f"{self._section.label} {self._label()}".lstrip()
        headings = tuple(self._title(one) for one in self._stack)
        levels = tuple((one.mark.family, one.steps[-1]) for one in self._stack)
        for piece in pieces:
            self._emit(steps, label, headings, piece, levels)

    def _label(self) -> str:
        """The open marks as printed; 1.1.1 says of itself under which numbers it stands."""
        label = ""
        for node in self._stack:
            printed = re.sub(r"\s+", "", self._text[node.mark.start : node.mark.end])
            if node.mark.family == "1.1" and label[:1].isdigit():
                label = ""
            apart = label[-1:].isdigit() and printed[:1].isdigit()
            label = f"{label} {printed}" if apart else label + printed
        return label.rstrip("、.．:：")

    def _is_text(self, node: _Node, intro: bool, headed: bool) -> bool:
        body = self._text[node.mark.end : node.line[1]].strip()
        if not node.pieces and not intro:
            named = node.mark.family in DIVISIONS and not has_sentence(body)
            return bool(body) and not named and not node.children
        return says_more(body, node.mark.family, headed and not node.pieces, node.glued)

    def _title(self, node: _Node) -> str:
        return heading(self._text, (node.mark.start, node.line[1]), node.mark.end)


def _rank(node: _Node) -> int:
    return RANKS[node.mark.family]


def _add(node: _Node, unit: Unit) -> None:
    node.glued = node.glued or not (node.pieces or node.torn or unit.whole)
    if node.pieces and not node.torn:
        node.pieces[-1] = (node.pieces[-1][0], unit.end)
    else:
        node.pieces.append((unit.start, unit.end))
    node.torn = False
