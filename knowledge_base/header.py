"""The header of an official document: title, 文号, issuers and dates, read from its own page.

Everything is a span or a word of the page; what the page does not state stays None.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge_base.dates import dates_in, only_date
from knowledge_base.issuers import read_issuers
from knowledge_base.numbers import NumberedWords, own_numbers
from knowledge_base.pieces import (
    HEAD_PIECES,
    Piece,
    is_furniture,
    is_prose,
    pieces_of,
    stops_title,
)
from knowledge_base.readers.reading import Reading, Span
from knowledge_base.titles import PRINTED_NUMBER_TAIL, Title, inner_title, is_title, read_title
from knowledge_base.widths import half_width

# Catalogue fields of 政府信息公开目录 and of portals, by every printed name (spaces removed).
_FIELDS = {
    "索引号": "index_number", "信息索引号": "index_number",
    "主题分类": "topic", "主题词": "", "组配分类": "", "体裁分类": "", "公文种类": "",
    "发布机构": "issuer", "发文机关": "issuer", "发文机构": "issuer", "发布单位": "issuer",
    "发文单位": "issuer", "制发机关": "issuer", "发布机关": "issuer", "制定机关": "issuer",
    "成文日期": "signed_on", "成文时间": "signed_on", "签发日期": "signed_on",
    "发文日期": "signed_on", "印发日期": "signed_on", "发文时间": "signed_on",
    "生成日期": "published_on", "发布日期": "published_on", "公开日期": "published_on",
    "发布时间": "published_on", "公布日期": "published_on", "公开时间": "published_on",
    "实施日期": "effective_on", "生效日期": "effective_on", "施行日期": "effective_on",
    "废止日期": "repealed_on", "失效日期": "expires_on", "失效时间": "expires_on",
    "有效期": "period", "有效期限": "period",
    "有效性": "validity", "效力状态": "validity", "时效性": "validity", "文件状态": "validity",
    "是否有效": "validity", "效力": "validity", "时效": "validity",
    "文号": "document_number", "发文字号": "document_number", "发布文号": "document_number",
    "文件编号": "document_number", "文件字号": "document_number", "字号": "document_number",
    "标题": "title", "文件名称": "title", "文件标题": "title", "名称": "",
    "公开方式": "", "公开类型": "", "公开范围": "", "公开形式": "", "其他信息": "",
    "来源": "", "信息来源": "", "统一登记号": "", "规范性文件编号": "", "登记号": "",
    "字体": "", "浏览次数": "", "访问次数": "",
}  # fmt: skip
_CATALOGUE = {"index_number", "issuer", "document_number", "topic", "signed_on", "published_on"}
_TAIL_PIECES = 80  # a catalogue below the text is never longer
_NAMES = "|".join(r"\s?".join(name) for name in sorted(_FIELDS, key=lambda name: -len(name)))
# A field name counts at the start of a line, after white space, or in brackets of its own.
_FIELD = re.compile(rf"(?:^|(?<=[\s\]】])|(?<=\[)|(?<=【))({_NAMES})(?:[\]】]\s?:?|\s?:|(?=\s)|$)")
_AROUND_VALUE = " \t\u3000\u2003\xa0[]【】:\uff1a"
_EMPTY = re.compile(r"^[-—―－_/\s无]*$")


@dataclass(frozen=True)
class Header:
    """What the page states about the document as a whole."""

    title: str
    full_title: str
    head: Span | None
    fields: Mapping[str, str]
    numbers: tuple[NumberedWords, ...]
    issuers: tuple[str, ...]
    signed_on: date | None
    published_on: date | None
    page: str  # what the page prints above the title
    titled: bool  # the page or the file marks a title
    notices: tuple[str, ...] = ()


def read_header(reading: Reading) -> Header:
    """Header of a document; raises nothing: an absent title is replaced and said in a notice."""
    pieces = pieces_of(reading.text)
    fields, aside = _fields(reading, pieces)
    title = read_title(reading.text, pieces, aside, reading.title or fields.get("title"))
    above = [p for p in pieces[:HEAD_PIECES] if title.span and p.start < title.span[0]]
    numbers = _numbers(fields, pieces, aside, title)
    start = title.span[1] if title.span else 0
    issuers, signed = read_issuers(title.full, fields, pieces, start, numbers)
    return Header(
        title=inner_title(title.full),
        full_title=title.full,
        head=_head(pieces, aside, title.span),
        fields=fields,
        numbers=numbers,
        issuers=issuers,
        signed_on=_field_day(fields, "signed_on") or signed,
        published_on=_field_day(fields, "published_on") or _line_day(pieces, title.span),
        page="\n".join(p.text for p in above[:20]),
        titled=title.marked,
        notices=title.notices,
    )


def _fields(reading: Reading, pieces: Sequence[Piece]) -> tuple[dict[str, str], set[int]]:
    """Catalogue fields by our names, and the pieces that hold them or crumbs of the menu.

    What the file itself marks comes first, then the lines above the body, then a whole catalogue
    printed below it (single names down there are forms: 有效期 of a licence, 名称 of a firm).
    """
    fields: dict[str, str] = {}
    for name, value in reading.fields.items():
        key = _FIELDS.get(re.sub(r"[\s:]", "", half_width(name)))
        if key and not _EMPTY.match(value):
            fields.setdefault(key, value.strip())
    aside: set[int] = set()
    body = len(pieces)
    for index in range(min(len(pieces), HEAD_PIECES)):
        if index not in aside and len(pieces[index].text) <= 200:
            _field_line(reading.text, pieces, index, fields, aside)
        if index not in aside and is_prose(pieces[index].text):
            body = index
            break
    below: dict[str, str] = {}
    below_aside: set[int] = set()
    for index in range(max(body, len(pieces) - _TAIL_PIECES), len(pieces)):
        if index not in below_aside and len(pieces[index].text) <= 200:
            _field_line(reading.text, pieces, index, below, below_aside)
    if len(_CATALOGUE & below.keys()) >= 3:
        fields = below | fields
    for index, piece in enumerate(pieces[:HEAD_PIECES]):
        if re.fullmatch(r"[>»›/]+", piece.text):
            beside = [i for i in (index - 1, index + 1) if 0 <= i < len(pieces)]
            aside |= {i for i in beside if len(pieces[i].text) <= 10}
    return fields, aside


def _field_line(
    text: str, pieces: Sequence[Piece], index: int, fields: dict[str, str], used: set[int]
) -> None:
    piece = pieces[index]
    marks = list(_FIELD.finditer(piece.text))
    if not marks or marks[0].start() > 1:
        return
    used.add(index)
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        key = _FIELDS[re.sub(r"\s", "", mark[1])]
        end = following.start() if following else len(piece.text)
        value = text[piece.start + mark.end() : piece.start + end].strip(_AROUND_VALUE)
        if key and not value and following is None:
            value = _value_below(text, pieces, index + 1, key, used)
        if key and not _EMPTY.match(value):
            fields.setdefault(key, value)


def _value_below(text: str, pieces: Sequence[Piece], index: int, key: str, used: set[int]) -> str:
    """A field's value on the line below its name, as tables are flattened; "" when it is none."""
    if index >= len(pieces):
        return ""
    below = pieces[index].text
    if len(below) > 80 or _FIELD.match(below) or re.search(r"[。;:]", below):
        return ""
    if key != "title" and is_title(below):
        return ""
    used.add(index)
    return text[pieces[index].start : pieces[index].end]


def _field_day(fields: Mapping[str, str], key: str) -> date | None:
    found = next(dates_in(half_width(fields.get(key, ""))), None)
    return found.first if found and found.first == found.last else None


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
    """The document's own numbers: field, line of its own around the title, or the title's tail."""
    written = fields.get("document_number", "")
    if found := own_numbers(half_width(written)):
        return found
    below = 0
    for index, piece in enumerate(pieces[:HEAD_PIECES]):
        if index in aside:
            continue
        if found := own_numbers(piece.text) or _number_in_title(piece.text):
            return _prefixed(found, pieces[index - 1].text if index else "")
        if is_furniture(piece, index, aside):
            continue
        if title.span is None or piece.start >= title.span[1]:
            below += 1
            if below > 6 or stops_title(piece.text):
                break
    return ()


def _prefixed(found: tuple[NumberedWords, ...], above: str) -> tuple[NumberedWords, ...]:
    """第707号 under the line 中华人民共和国国务院令 is 国务院令第707号."""
    first = found[0]
    if first.prefix or not re.fullmatch(r"[\u4e00-\u9fff]{2,30}(?:令|公告|通告)", above):
        return found
    prefix = above.removeprefix("中华人民共和国")
    return (replace(first, prefix=prefix, number=prefix + first.number), *found[1:])


def _number_in_title(text: str) -> tuple[NumberedWords, ...]:
    if tail := PRINTED_NUMBER_TAIL.search(text):
        return own_numbers(tail[0])
    if front := re.match(r"^([^\s]{2,20}\d{4}[^\s]{1,3}\d{1,5}号)\s?[-—]", text):
        return own_numbers(front[1])
    made = re.search(r"([\u4e00-\u9fff]{2,20}令(?:\d{4}年)?\s?\(?第\s?\d{1,4}\s?号\)?)", text)
    if made and (re.match(r"^\(", text) or len(text) < 80) and not re.search(r"[。;]", text):
        return own_numbers(re.sub(r"^.*日(?=[\u4e00-\u9fff]{2,16}令)", "", made[1]))
    return ()


def _line_day(pieces: Sequence[Piece], title: Span | None) -> date | None:
    """A day printed on a line of its own right below the title, as portals print the upload."""
    below = [p for p in pieces if title is not None and p.start >= title[1]][:5]
    for piece in below:
        if stops_title(piece.text) and only_date(piece.text) is None:
            break
        found = next(dates_in(piece.text[:40]), None)
        if found and found.first and found.first == found.last and found.start <= 6:
            if re.search(r"[通会令]|施行|号", piece.text) or piece.text.startswith("("):
                continue
            return found.first
    return None
