"""The header of an official document: title, 文号, issuers and dates, read from its own page.

Everything is a span or a word of the page; what the page does not state stays None.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge_base.header.dates import only_date
from knowledge_base.header.days import enacted_on, line_day, printed_on
from knowledge_base.header.fields import field_day, read_fields
from knowledge_base.header.issuers import read_issuers
from knowledge_base.header.numbers import NumberedWords, own_numbers
from knowledge_base.header.pieces import (
    HEAD_PIECES,
    Piece,
    is_furniture,
    pieces_of,
    stops_title,
)
from knowledge_base.header.title_lines import PRINTED_NUMBER_TAIL, is_title
from knowledge_base.header.titles import Title, inner_title, read_title
from knowledge_base.header.widths import half_width
from knowledge_base.readers.reading import Reading, Span

_CITES = re.compile(r"关于|根据|按照|依据|依照|贯彻|落实|执行|废止|修改|《|解读|转发|参见")


@dataclass(frozen=True)
class Header:
    """What the page states about the document as a whole."""

    title: str  # "" where none is printed, as is full_title
    full_title: str
    subject: str  # the full title, else words of the text that say what it is about
    opening: str  # its first sentence: what tells an untitled text from others
    head: Span | None
    fields: Mapping[str, str]
    numbers: tuple[NumberedWords, ...]
    issuers: tuple[str, ...]
    signed_on: date | None
    published_on: date | None
    printed_on: date | None  # 2024年3月8日印发 at the foot
    page: str  # what the page prints above the title
    titled: bool  # the page or the file marks a title
    notices: tuple[str, ...] = ()


def read_header(reading: Reading) -> Header:
    """Header of a document; raises nothing: what the page does not print stays empty."""
    pieces = pieces_of(reading.text)
    fields, aside = read_fields(reading, pieces)
    named = fields.get("name", "")  # of the document in a catalogue, of a firm on a form
    mark = reading.title or fields.get("title") or (named if is_title(half_width(named)) else None)
    title = read_title(reading.text, pieces, aside, mark)
    above = [p for p in pieces[:HEAD_PIECES] if title.span and p.start < title.span[0]]
    numbers = _numbers(fields, pieces, aside, title)
    start = title.span[1] if title.span else 0
    issuers, signed = read_issuers(title.full, fields, pieces, start, numbers)
    signed_below, published_below = enacted_on(pieces, title.span)
    published = field_day(fields, "published_on") or line_day(pieces, aside, title.span)
    return Header(
        title=inner_title(title.full),
        full_title=title.full,
        subject=title.full or title.subject,
        opening=_opening(pieces, aside, start),
        head=_head(pieces, aside, title.span),
        fields=fields,
        numbers=numbers,
        issuers=issuers,
        signed_on=field_day(fields, "signed_on") or signed or signed_below,
        published_on=published or published_below,
        printed_on=printed_on(pieces),
        page="\n".join(p.text for p in above[:20]),
        titled=title.marked,
        notices=title.notices,
    )


def _head(pieces: Sequence[Piece], aside: set[int], title: Span | None) -> Span | None:
    """Span of the page header up to and with the title, else the header lines above the body."""
    if not pieces:
        return None
    if title is not None:
        return pieces[0].start, title[1]
    end = None
    for index, piece in enumerate(pieces[:HEAD_PIECES]):
        if not is_furniture(piece, index, aside):
            break
        end = piece.end
    return (pieces[0].start, end) if end is not None else None


def _numbers(
    fields: Mapping[str, str], pieces: Sequence[Piece], aside: set[int], title: Title
) -> tuple[NumberedWords, ...]:
    """The document's own numbers: field, line of its own around the title, or the title's tail.

    A number behind the first sentence is cited, but for a 令 or 公告 that prints it by its signature.
    """
    written = fields.get("document_number", "")
    if found := own_numbers(half_width(written)):
        return found
    below = 0
    for index, piece in enumerate(pieces[:HEAD_PIECES]):
        if index in aside:
            continue
        if found := own_numbers(piece.text) or _number_in_title(piece.text, title):
            return _prefixed(found, pieces[index - 1].text if index else "")
        if is_furniture(piece, index, aside):
            continue
        if title.span is None or piece.start >= title.span[1]:
            below += 1
            if below > 6 or stops_title(piece.text):
                break
    return _number_signed(pieces)


def _number_signed(pieces: Sequence[Piece]) -> tuple[NumberedWords, ...]:
    """The number of a 令 or 公告 on a line of its own next to the day of its signature."""
    for index in range(max(1, len(pieces) - 6), len(pieces)):
        beside = [pieces[i].text for i in (index - 1, index + 1) if i < len(pieces)]
        found = own_numbers(pieces[index].text)
        if len(found) != 1 or not re.search(r"令|公告|通告", found[0].prefix):
            continue
        if any(only_date(text) for text in beside):
            return found
    return ()


def _prefixed(found: tuple[NumberedWords, ...], above: str) -> tuple[NumberedWords, ...]:
    """第707号 under the line 中华人民共和国国务院令 is 国务院令第707号."""
    first = found[0]
    if first.prefix or not re.fullmatch(r"[\u4e00-\u9fff]{2,30}(?:令|公告|通告)", above):
        return found
    prefix = above.removeprefix("中华人民共和国")
    return (replace(first, prefix=prefix, number=prefix + first.number), *found[1:])


def _number_in_title(text: str, title: Title) -> tuple[NumberedWords, ...]:
    """The number at the end or the front of a title line, or in the line that names the order."""
    if stops_title(text):
        return ()
    if tail := PRINTED_NUMBER_TAIL.search(text):
        cited = text[: tail.start()].endswith("》") or re.match(r"^(?:根据|按照|依据|解读)", text)
        return () if cited or title.span is None else own_numbers(tail[0])
    front = re.match(r"^([^\s《]{2,20}?\d{4}[^\s\d]{1,3}\d{1,5}号)\s?[-—]?", text)
    if front and not _CITES.search(front[1]) and is_title(text[front.end() :]):
        return own_numbers(front[1])
    made = re.match(
        r"^(?:\([^()]{0,60}日)?([\u4e00-\u9fff]{2,40}令(?:\d{4}年)?\s?\(?第\s?\d{1,4}\s?号\)?)",
        text,
    )
    if made and not _CITES.search(made[1]) and (text.startswith("(") or len(text) < 80):
        return own_numbers(made[1])
    return ()


def _opening(pieces: Sequence[Piece], aside: set[int], start: int) -> str:
    """The first sentence behind the header, addressees left out; "" when there is none."""
    for index, piece in enumerate(pieces):
        if piece.start < start or piece.text.endswith(":") or is_furniture(piece, index, aside):
            continue
        if len(sentence := re.split(r"[。;]", piece.text[:400])[0]) > 5:
            return sentence
    return ""
