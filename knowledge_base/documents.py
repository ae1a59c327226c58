"""An official document or a product sheet: its text as published, header fields and clauses."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge_base.clauses import Clause, split_clauses
from knowledge_base.errors import DocumentError

Layer = Literal["policy", "external_rule", "product_sheet", "illustration"]
Status = Literal["in_force", "not_yet", "expired", "repealed", "superseded", "unknown"]

# Field names of the header table every government portal prints (信息公开目录 fields).
_HEADER = {
    "索引号": "index_number",
    "主题分类": "topic",
    "组配分类": "",
    "发布机构": "issuer",
    "生成日期": "published_on",
    "发布日期": "published_on",
    "成文日期": "",
    "公开方式": "",
    "有效性": "",
    "文号": "document_number",
    "其他信息": "",
}
_FIELD = re.compile("(" + "|".join(_HEADER) + r")[ \t:：]*")
_NUMBER = re.compile(
    r"^([\u4e00-\u9fff]{1,12})\s*[〔\[［(（【](\d{4})[〕\]］)）】]\s*(\d{1,4})\s*号$"
)
_TITLE = re.compile(
    r"^关于.*的(通知|意见|公告|办法|决定|函)$|.*(办法|方案|意见|细则|规定|通知|公告)$"
)


@dataclass(frozen=True)
class Document:
    """One published text; `text` is stored as published and every span points into it."""

    id: str
    version: str
    text: str
    title: str
    document_number: str | None
    index_number: str | None
    issuer: str | None
    topic: str | None
    region: str
    layer: Layer
    published_on: date | None
    effective_on: date | None
    expires_on: date | None
    source_url: str | None
    clauses: tuple[Clause, ...]
    superseded_by: str | None = None

    def status(self, on: date) -> Status:
        """Whether the document is in force on a day; an unstated validity stays `unknown`."""
        if self.superseded_by is not None:
            return "superseded"
        if self.expires_on is not None and on > self.expires_on:
            return "expired"
        if self.effective_on is not None and on < self.effective_on:
            return "not_yet"
        if self.published_on is not None and on < self.published_on:
            return "not_yet"
        if self.effective_on is not None and self.expires_on is not None:
            return "in_force"
        return "unknown"


def text_version(text: str) -> str:
    """Version of a text: the first 12 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def normalise_document_number(written: str) -> str:
    """文号 in every bracket style → 〔〕, as 平科〔2024〕65号; other text comes back unchanged."""
    found = _NUMBER.match(written.strip())
    return f"{found[1]}〔{found[2]}〕{int(found[3])}号" if found else written.strip()


def read_policy(text: str, id: str, region: str, source_url: str | None = None) -> Document:
    """Document from the text of an official page: header fields are read from the text itself.

    Raises DocumentError when the text has no title line or no clause.
    """
    fields, title_span = _header(text, id)
    title = text[slice(*title_span)]
    inner = re.search(r"《(.+)》", title)
    start = next((i for i, char in enumerate(text) if not char.isspace()), 0)
    version = text_version(text)
    clauses = split_clauses(text, id, version, title_span[1], (start, title_span[1]))
    if len(clauses) < 2:
        raise DocumentError(f"{id}:标题之后没有正文,不像一份政策文件;请检查文件是否完整")
    published = fields.get("published_on")
    number = fields.get("document_number")
    return Document(
        id=id,
        version=version,
        text=text,
        title=inner.group(1) if inner else title,
        document_number=normalise_document_number(number) if number else None,
        index_number=fields.get("index_number"),
        issuer=fields.get("issuer"),
        topic=fields.get("topic"),
        region=region,
        layer="policy",
        published_on=_day(published, id) if published else None,
        effective_on=None,
        expires_on=None,
        source_url=source_url,
        clauses=clauses,
    )


def _header(text: str, id: str) -> tuple[dict[str, str], tuple[int, int]]:
    """Header fields and the span of the title line that ends the header."""
    fields: dict[str, str] = {}
    position = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        start = position + (raw.index(line[0]) if line else 0)
        position += len(raw)
        if not line:
            continue
        marks = list(_FIELD.finditer(line))
        if marks and marks[0].start() == 0:
            for mark, following in zip(marks, [*marks[1:], None], strict=True):
                value = line[mark.end() : following.start() if following else None].strip()
                if _HEADER[mark.group(1)] and value:
                    fields.setdefault(_HEADER[mark.group(1)], value)
        elif _TITLE.match(line):
            return fields, (start, start + len(line))
    raise DocumentError(f"{id}:找不到标题行(如“关于……的通知”);请检查文件是否为政策原文")


def _day(written: str, id: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise DocumentError(f"{id}:生成日期“{written}”不是日期,应为 2025-03-07 的形式") from error


def read_sheet(
    text: str,
    id: str,
    title: str,
    region: str,
    layer: Layer,
    valid: tuple[date | None, date | None] = (None, None),
) -> Document:
    """Document of a product sheet: outlined like a policy, its first line being the title.

    `valid` are the first and last day the sheet speaks for, each None where unstated.
    """
    version = text_version(text)
    body_start = text.index("\n") if "\n" in text else len(text)
    return Document(
        id=id,
        version=version,
        text=text,
        title=title,
        document_number=None,
        index_number=None,
        issuer=None,
        topic=None,
        region=region,
        layer=layer,
        published_on=None,
        effective_on=valid[0],
        expires_on=valid[1],
        source_url=None,
        clauses=split_clauses(text, id, version, body_start),
    )
