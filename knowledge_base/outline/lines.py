"""Printed lines of a text, put together to the paragraphs they were broken from. Pure, linear.

Furniture that a browser prints on every page (time of printing, running title, address, page
number) is left out, and lines that were broken at the width of a page are one paragraph.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.outline.numbering import HAN, mark_at
from knowledge_base.readers.reading import Row

_YEAR = r"(?:\d{4}|[〇零○ＯO一二三四五六七八九]{4})"
_NUMERAL = r"[\d一二三四五六七八九十]{1,3}"
DAY = rf"{_YEAR}\s{{0,3}}年\s{{0,3}}{_NUMERAL}\s{{0,3}}月\s{{0,3}}{_NUMERAL}\s{{0,3}}日"
_APART = re.compile(rf"附\s{{0,3}}[件录表图]?\s?\w{{0,3}}\s?(?:[:：]|$)|{DAY}$|(?:特此|抄送|联系)")
# A line of dots, dashes or signs of a private font is no paragraph.
_RULE = re.compile(r"[\s\ue000-\uf8ff.．·…\-—_=*~]+")
# Signs that print nothing, as old web editors leave them before a signature.
_SILENT = re.compile(r"[\s\ue000-\uf8ff\u200b-\u200f\u2060\ufeff]*")
_CLOCK = re.compile(r"\d{2,4}[/-]\d{1,2}[/-]\d{1,2}[ ,]{0,2}\d{1,2}:\d{2}(?::\d{2})?")
_ADDRESS = re.compile(r"https?://\S+")
_PAGE = re.compile(
    r"(?P<page>\d{1,4})\s?/\s?(?P<pages>\d{1,4})|[-—–]\s?\d{1,4}\s?[-—–]"
    r"|第\s?\d{1,4}\s?页(?:[,，]?\s?共\s?\d{1,4}\s?页)?"
)
_LONGEST_FURNITURE = 200  # characters
_ENDED = "。；;！!？?：:"
_NARROWEST, _WIDEST = 32, 110  # columns of a page; a Chinese character takes two
_INSIDE = re.compile(r"[，。；、,;]")  # prose has them, a list of names has not
_BREAK_EARLY = 10  # columns that an indent or a sign that may not begin a line leaves free
# Words that neither a sentence nor a heading ends with, and signs that neither begins with.
_UNFINISHED = re.compile(r"[,，、(（“《〔和与及或对由将按予]$")
_GOES_ON = re.compile(r"[,，、。；;：:）)》”〕]")
# An amount or a citation that begins a line, and the words that lead to one: 不超过|3.85%, 依照|第八条.
_AMOUNT = re.compile(r"\d{1,6}(?:[.．]\d{1,4})?\s?[%％‰年个万亿元倍户家名人天月]")
_LEADS_TO_AMOUNT = re.compile(r"(?:[的过到于为按近达]|给予|予以|至少|最高|最多|连续|不足)$")
_CITED = re.compile(rf"第\s?[{HAN}\d]{{1,7}}[条款项]|第?[(（][{HAN}\d]{{1,4}}[)）]项")
_LEADS_TO_CITED = re.compile(
    rf"(?:[照据反由按合]|本[\u4e00-\u9fff]{{0,4}}(?:办法|规定|条例|细则|意见|措施)|》|[\u4e00-\u9fff》]第[{HAN}\d]{{1,7}}[条款])$"
)
PAIRS = (("（", "）"), ("(", ")"), ("《", "》"), ("“", "”"), ("〔", "〕"))


@dataclass(frozen=True)
class Line:
    """A printed line, or several of one paragraph, `text[start:end]` without white space around.

    `number` counts printed lines; `row` is the place of its table row among the rows given.
    """

    start: int
    end: int
    number: int
    row: int | None = None


def read_lines(text: str, start: int, rows: Sequence[Row]) -> Iterator[Line]:
    """Paragraphs from `start` on, one line each unless the page broke them."""
    lines = _without_furniture(text, list(_printed(text, start, rows)))
    yield from _joined(text, lines, _width(text, lines))


def _printed(text: str, start: int, rows: Sequence[Row]) -> Iterator[Line]:
    position, next_row, last_row = start, 0, -1
    for number, raw in enumerate(text[start:].splitlines(keepends=True)):
        end = position + len(raw)
        while next_row < len(rows) and rows[next_row].end <= position:
            next_row += 1
        body = raw.strip()
        if body and not _RULE.fullmatch(body):
            begin = position + raw.index(body[0])
            last = begin + len(body)
            if next_row < len(rows) and rows[next_row].start < end:
                if last_row != next_row:  # a cell may hold several lines
                    yield Line(begin, last, number, next_row)
                    last_row = next_row
            elif (silent := _SILENT.match(text, begin, last)) and silent.end() < last:
                yield Line(silent.end(), last, number)
        position = end


def _without_furniture(text: str, lines: list[Line]) -> list[Line]:
    """The lines without what is printed on every page, the second of a heading printed twice too."""
    often = Counter(line.strip() for line in text.splitlines() if len(line) <= _LONGEST_FURNITURE)
    pages = {found for line in often if (found := _PAGE.fullmatch(line))}
    counts = Counter(found["pages"] for found in pages)
    words = [
        text[one.start : one.end]
        if one.row is None and one.end - one.start <= _LONGEST_FURNITURE
        else ""
        for one in lines
    ]
    out = [
        (found := _PAGE.fullmatch(word)) is not None and counts[found["pages"]] > 1
        for word in words
    ]
    for places in (range(1, len(words)), range(len(words) - 2, -1, -1)):
        for index in places:
            beside = out[index - places.step]
            out[index] = out[index] or (beside and _on_each_page(words[index], often[words[index]]))
    return [
        one
        for index, one in enumerate(lines)
        if not out[index] and not _printed_twice(text, lines, words, index)
    ]


def _on_each_page(word: str, times: int) -> bool:
    """Whether a line beside a page number may be furniture: times, addresses, running titles."""
    if _CLOCK.fullmatch(word) or _ADDRESS.fullmatch(word):
        return True
    return len(word) >= 6 and times > 1


def _printed_twice(text: str, lines: Sequence[Line], words: Sequence[str], index: int) -> bool:
    """A numbered heading that bold print left on two lines."""
    word = words[index]
    return (
        index > 0
        and word != ""
        and word == words[index - 1]
        and not any(sign in word for sign in _ENDED)
        and mark_at(text, lines[index].start, lines[index].end, 0) is not None
    )


def _columns(text: str, one: Line) -> int:
    if one.end - one.start > 2 * _WIDEST:
        return 2 * _WIDEST
    return sum(1 if char < "\u2000" else 2 for char in text[one.start : one.end])


def _width(text: str, lines: Sequence[Line]) -> int:
    """Columns at which the page broke its lines; 0 where each line is a paragraph of its own."""
    plain = [one for one in lines if one.row is None]
    columns = [_columns(text, one) for one in plain]
    counts = Counter(c for c in columns if _NARROWEST <= c <= _WIDEST)
    if sum(counts.values()) < 3:
        return 0
    often = max(3, sum(counts.values()) // 10)
    width = max(
        (w for w in counts if sum(counts[w - i] for i in range(5)) >= often), default=_WIDEST + 1
    )
    full = sum(count for w, count in counts.items() if width - _BREAK_EARLY < w <= width)
    longer = sum(c > width + 2 for c in columns)
    unended, marked = 0, 0
    for one, after, wide in zip(plain, plain[1:], columns, strict=False):
        if width - _BREAK_EARLY < wide <= width and text[one.end - 1] not in _ENDED:
            unended += _INSIDE.search(text, one.start, one.end) is not None
            marked += _begins(text, after)
    broken = unended >= 3 and 2 * unended > full and 6 * marked <= unended
    return width if broken and 4 * full >= len(plain) and 5 * longer <= len(plain) else 0


def _joined(text: str, lines: Sequence[Line], width: int) -> Iterator[Line]:
    held: Line | None = None
    columns, balance = 0, 0
    for one in lines:
        if held is not None and _continues(text, held, columns, balance, one, width):
            held = Line(held.start, one.end, held.number)
        else:
            if held is not None:
                yield held
            held, balance = one, 0
        columns = _columns(text, one)
        balance += _open(text, one)
    if held is not None:
        yield held


def _open(text: str, one: Line) -> int:
    """How many brackets and quotes a line leaves open."""
    return sum(
        text.count(opening, one.start, one.end) - text.count(closing, one.start, one.end)
        for opening, closing in PAIRS
    )


def _begins(text: str, one: Line) -> bool:
    """Whether a line begins a paragraph by what is printed first: a number, an annex, a date."""
    mark = mark_at(text, one.start, one.end, 0)
    numbered = mark is not None and not (mark.doubtful and mark.family in ("一、", "1、"))
    return numbered or _APART.match(text, one.start, one.end) is not None


def _continues(text: str, held: Line, columns: int, balance: int, one: Line, width: int) -> bool:
    """Whether `one` goes on with the paragraph `held`, whose last line has `columns`."""
    if held.row is not None or one.row is not None:
        return False
    if text[held.end - 1] in _ENDED or _begins(text, one):
        return False
    if width and columns > width - _BREAK_EARLY:
        return True
    if _GOES_ON.match(text, one.start):
        return True
    if _breaks_off(text, held, one):
        return True
    unfinished = columns >= 20 and _UNFINISHED.search(text, held.end - 2, held.end) is not None
    return unfinished or (columns >= 20 and balance == 1 and one.end - one.start > 1)


def _breaks_off(text: str, held: Line, one: Line) -> bool:
    """Whether a line ends in words that lead to the amount or the citation the next one begins with."""
    last = max(held.start, held.end - 20)
    return any(
        begins.match(text, one.start, one.end) and leads.search(text, last, held.end)
        for begins, leads in ((_AMOUNT, _LEADS_TO_AMOUNT), (_CITED, _LEADS_TO_CITED))
    )
