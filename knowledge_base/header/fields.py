"""Catalogue fields of 政府信息公开目录 and of portals, printed around a document."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from knowledge_base.header.dates import dates_in
from knowledge_base.header.pieces import HEAD_PIECES, Piece, is_prose
from knowledge_base.header.title_lines import is_title
from knowledge_base.header.widths import half_width
from knowledge_base.readers.reading import Reading

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
    "标题": "title", "文件名称": "title", "文件标题": "title", "名称": "name",
    "公开方式": "", "公开类型": "", "公开范围": "", "公开形式": "", "其他信息": "",
    "来源": "", "信息来源": "", "统一登记号": "", "规范性文件编号": "", "登记号": "",
    "字体": "", "浏览次数": "", "访问次数": "",
}  # fmt: skip
_CATALOGUE = {"index_number", "issuer", "document_number", "topic", "signed_on", "published_on"}
_TAIL_PIECES = 80  # a catalogue below the text is never longer
_NAMES = "|".join(r"\s?".join(name) for name in sorted(_FIELDS, key=lambda name: -len(name)))
# A field name counts at the start of a line, after white space, or in brackets of its own.
_FIELD = re.compile(rf"(?:^|(?<=[\s\]】:])|(?<=\[)|(?<=【))({_NAMES})(?:[\]】]\s?:?|\s?:|(?=\s)|$)")
# 国务院办公厅发文机关: — a saved page prints the name of a field behind its value again.
_REPEATED_NAME = re.compile(rf"(?<=.)(?:{_NAMES})\s?[:\uff1a]\s*$")
_AROUND_VALUE = " \t\u3000\u2003\xa0[]【】:\uff1a"
_EMPTY = re.compile(r"^[-—―－_/\s无]*$")


def read_fields(reading: Reading, pieces: Sequence[Piece]) -> tuple[dict[str, str], set[int]]:
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
        value = _unlabelled(text[piece.start + mark.end() : piece.start + end])
        if key and not value and following is None:
            value = _unlabelled(_value_below(text, pieces, index + 1, key, used))
        if key and not _EMPTY.match(value):
            fields.setdefault(key, value)


def _unlabelled(value: str) -> str:
    return _REPEATED_NAME.sub("", value.rstrip()).strip(_AROUND_VALUE)


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


def field_day(fields: Mapping[str, str], key: str) -> date | None:
    found = next(dates_in(half_width(fields.get(key, ""))), None)
    return found.first if found and found.first == found.last else None
