"""Text of an official document in, its clauses with exact spans out. Pure: no files, no clock.

A clause is the smallest numbered passage. Its id path is the printed position (`2.2.5`), its label
the numbering as printed (`二、(二)5`); `text[start:end]` is the clause, character for character.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.statements import Statement, read_statements

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN = "零〇一二三四五六七八九十百两"

# Numbering families of official writing, outermost first (GB/T 9704-2012 section 7.3.3 and 第X条).
_FAMILIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("编", re.compile(rf"第([{_HAN}]+)编")),
    ("章", re.compile(rf"第([{_HAN}]+)章")),
    ("节", re.compile(rf"第([{_HAN}]+)节")),
    ("条", re.compile(rf"第([{_HAN}]+|\d{{1,4}})条")),
    ("一、", re.compile(rf"([{_HAN}]+)、")),
    ("(一)", re.compile(rf"[(（]([{_HAN}]+)[)）]、?")),
    ("1.", re.compile(r"(\d{1,3})(?:[.．](?!\d)|、)")),
    ("(1)", re.compile(r"[(（](\d{1,3})[)）]、?")),
    ("①", re.compile(r"([①-⑳])")),
)
_SENTENCE_END = re.compile(r"[。;；!！?？:：]")
# A heading may end in a colon; only these say that a line carries a sentence of its own.
_SENTENCE = re.compile(r"[。;；!！?？]|[:：].")
_LONGEST = 200  # characters of a heading kept in `path`


@dataclass(frozen=True)
class Clause:
    """One citable passage: offsets count code points in `Document.text`."""

    id: str
    version: str
    document_id: str
    label: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Citation:
    """A clause, the exact words quoted from it, and how far they back the offer they stand at."""

    clause_id: str
    version: str
    document_id: str
    document_title: str
    document_number: str | None
    label: str
    quote: str
    start: int
    end: int
    source_url: str | None
    relation: str | None = None


def chinese_number(text: str) -> int:
    """Value of a Chinese or Arabic numeral below 1000, or of a circled digit."""
    if text.isdecimal():
        return int(text)
    if "①" <= text[0] <= "⑳":
        return ord(text[0]) - ord("①") + 1
    total, digit = 0, 0
    for char in text:
        if char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _DIGITS[char]
    return total + digit


# Path, label, headings above it, start, end of a clause to be.
_Span = tuple[str, str, tuple[str, ...], int, int]


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    family: int | None
    number: int
    mark: str


@dataclass
class _Node:
    """One open numbering level while scanning; `lines` are its own text lines so far."""

    family: int
    number: int
    mark: str
    heading: tuple[int, int]
    glued: bool
    lines: list[tuple[int, int]]
    children: int = 0


def _lines(text: str, start: int) -> Iterator[_Line]:
    position = start
    for raw in text[start:].splitlines(keepends=True):
        body = raw.strip()
        if body:
            begin = position + raw.index(body[0])
            family, number, mark = _numbering(body)
            yield _Line(begin, begin + len(body), family, number, mark)
        position += len(raw)


def _numbering(line: str) -> tuple[int | None, int, str]:
    for index, (_, pattern) in enumerate(_FAMILIES):
        if found := pattern.match(line):
            return index, chinese_number(found.group(1)), found.group(0)
    return None, 0, ""


def _label(marks: list[str]) -> str:
    """`二、` `(二)` `5.` → `二、(二)5`; a mark standing alone loses its trailing 、 or dot."""
    return "".join(marks).rstrip("、.．")


def split_clauses(
    text: str,
    document_id: str,
    version: str,
    body_start: int = 0,
    head: tuple[int, int] | None = None,
) -> tuple[Clause, ...]:
    """Every clause of `text` in printed order.

    `head` is the span of the page header (clause `head`), `body_start` where the body begins;
    unnumbered text before the first number is the preamble, clause `0`.
    """
    spans: list[_Span] = []
    if head is not None:
        spans.append(("head", "文首", (), *head))
    spans += _outline(text, body_start)
    spans = list(_distinct(spans))
    default = default_addressees(text[body_start : body_start + 400])
    return tuple(
        Clause(
            id=f"{document_id}:{path}",
            version=version,
            document_id=document_id,
            label=label,
            path=headings,
            text=text[start:end],
            start=start,
            end=end,
            statements=() if path == "head" else read_statements(text, start, end, default),
        )
        for path, label, headings, start, end in spans
    )


def _distinct(spans: list[_Span]) -> Iterator[_Span]:
    """Numbering that starts again gets `_2`, `_3`: an id never names two clauses."""
    seen: Counter[str] = Counter()
    for path, label, headings, start, end in spans:
        seen[path] += 1
        name = path if seen[path] == 1 else f"{path}_{seen[path]}"
        yield name, label, headings, start, end


def default_addressees(preamble: str) -> tuple[str, ...]:
    """Whom the document as a whole addresses, read from the purpose its preamble states."""
    if re.search(r"(推动|引导|要求|规范)[^。]{0,12}(银行保险机构|银行业|金融机构)", preamble):
        return ("bank", "insurer")
    return ()


def _outline(text: str, body_start: int) -> list[_Span]:
    """Walk the lines with a stack of open levels; a level closes when an equal or outer one opens."""
    spans: list[_Span] = []
    stack: list[_Node] = []
    preamble: list[tuple[int, int]] = []

    def close(keep: int) -> None:
        while len(stack) > keep:
            _emit(text, stack, spans)
            stack.pop()

    for line in _lines(text, body_start):
        if line.family is None:
            (stack[-1].lines if stack else preamble).append((line.start, line.end))
            continue
        if preamble and not spans and not stack:
            spans.append(("0", "前言", (), preamble[0][0], preamble[-1][1]))
        keep = len(stack)
        while keep and stack[keep - 1].family >= line.family:
            keep -= 1
        close(keep)
        if stack:
            stack[-1].children += 1
            if stack[-1].children == 1:
                _emit(text, stack, spans, intro=True)
        stack.append(_node(text, line))
    close(0)
    if preamble and not spans:
        spans.append(("0", "前言", (), preamble[0][0], preamble[-1][1]))
    return spans


def _node(text: str, line: _Line) -> _Node:
    body = text[line.start : line.end]
    first_stop = _SENTENCE_END.search(body)
    heading_end = line.start + (first_stop.start() if first_stop else len(body))
    glued = _SENTENCE.search(body) is not None
    lines = [(line.start, line.end)] if glued else []
    return _Node(line.family or 0, line.number, line.mark, (line.start, heading_end), glued, lines)


def _emit(
    text: str,
    stack: list[_Node],
    spans: list[_Span],
    intro: bool = False,
) -> None:
    """Add the clause of the innermost level, if it has text of its own and is not yet added."""
    node = stack[-1]
    if node.children and not intro:
        return
    lines = node.lines
    if not lines and not node.children and node.family >= 6:
        lines = [node.heading]  # a bare list item (1. 营业执照) is its own text
    if not lines:
        return
    # Bounded: a hostile "heading" of a megabyte must not be copied into every clause below it.
    headings = [text[n.heading[0] : min(n.heading[1], n.heading[0] + _LONGEST)] for n in stack]
    path = ".".join(str(n.number) for n in stack)
    label = _label([n.mark for n in stack])
    spans.append((path, label, tuple(headings), lines[0][0], lines[-1][1]))
