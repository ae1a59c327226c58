"""An official document or a product sheet: its text as published, header fields, life and clauses."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge_base.clauses import Clause, split_clauses
from knowledge_base.errors import DocumentError
from knowledge_base.header import Header, read_header
from knowledge_base.identity import document_id
from knowledge_base.mentions import Relation, read_relations
from knowledge_base.numbers import normalise_document_number
from knowledge_base.readers.reading import Attachment, Reading, Span
from knowledge_base.regions import RegionEvidence, read_region, region_candidates
from knowledge_base.validity import Issue, read_validity
from knowledge_base.vocabulary import NATION, Vocabulary
from knowledge_base.windows import Window, read_windows

__all__ = [
    "Document",
    "Layer",
    "Status",
    "normalise_document_number",
    "read_document",
    "read_policy",
    "read_sheet",
    "text_version",
]

Layer = Literal["policy", "external_rule", "product_sheet", "illustration"]
Status = Literal["in_force", "not_yet", "expired", "repealed", "superseded", "unknown"]

# What an official text names, and a poem, a log or a contract does not.
_OFFICIAL = re.compile(
    r"政府|国务院|委员会|管委会|办公厅|财政|税务|部门|监管|各有关单位|省委|市委|县委|指挥部|领导小组|政务|政策|企业|机构|各单位|申请人"
    r"|社会?保障|联社|街道|新区|[\u4e00-\u9fff]{2}[局厅](?![部面])"
)
_PRIVATE = re.compile(
    r"(?:合同|协议|协议书|发票|收据|简历|报价单|采购单|会议通知单|日记)(?:[(\uff08][^()\uff08\uff09]{0,20}[)\uff09])?$"
)
_ACTS = frozenset({"commitment", "duty", "ceiling", "encouragement", "goal"})


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
    issuers: tuple[str, ...] = ()
    signed_on: date | None = None
    repealed_on: date | None = None
    relations: tuple[Relation, ...] = ()
    windows: tuple[Window, ...] = ()
    validity: Span | None = None
    tenant: str | None = None
    format: str = "text"
    attachments: tuple[Attachment, ...] = ()
    notices: tuple[str, ...] = ()

    def status(self, on: date) -> Status:
        """Whether the document is in force on a day; an unstated validity stays `unknown`."""
        if self.repealed_on is not None and on >= self.repealed_on:
            return "superseded" if self.superseded_by is not None else "repealed"
        if self.superseded_by is not None and self.repealed_on is None:
            return "superseded"
        if self.expires_on is not None and on > self.expires_on:
            return "expired"
        starts = (self.effective_on, self.published_on or self.signed_on)
        if any(start is not None and on < start for start in starts):
            return "not_yet"
        if self.effective_on is not None and self.expires_on is not None:
            return "in_force"
        return "unknown"


def text_version(text: str) -> str:
    """Version of a text: the first 12 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_document(
    reading: Reading,
    vocabulary: Vocabulary,
    *,
    layer: Layer = "policy",
    region: str | None = None,
    id: str | None = None,
    source_url: str | None = None,
    tenant: str | None = None,
) -> Document:
    """Document from what a reader gave: header, region, life, relations and clauses.

    `region` and `id` win over what the page says. Raises DocumentError when the text is no official
    document (layer `policy`), when its region cannot be told, or when `region` is no known code.
    """
    if not reading.text.strip():
        raise DocumentError("文件里没有文字;请检查文件是否为空或是未识别的扫描件")
    header = read_header(reading)
    region = _region(reading, header, vocabulary, region)
    issue = Issue(header.full_title, header.signed_on, header.published_on)
    if id is None:
        day = header.signed_on or header.published_on
        issuer = header.issuers[0] if header.issuers else None
        id = document_id(region, header.numbers, issuer, day, header.full_title)
    document = _document(
        reading, header, issue, id=id, region=region, layer=layer, url=source_url, tenant=tenant
    )
    if layer == "policy":
        _require_official(document, header)
    return document


def read_policy(text: str, id: str, region: str, source_url: str | None = None) -> Document:
    """Document from the text of an official page whose id and region are known.

    Raises DocumentError when the text has no title line or no clause, or a date that is none.
    """
    header = read_header(Reading("text", text))
    if not header.titled or header.head is None or header.notices:
        raise DocumentError(f"{id}:找不到标题行(如“关于……的通知”);请检查文件是否为政策原文")
    written = header.fields.get("published_on")
    if written and header.published_on is None:
        raise DocumentError(f"{id}:生成日期“{written}”不是日期,应为 2025-03-07 的形式")
    issue = Issue(header.full_title, header.signed_on, header.published_on)
    document = _document(
        Reading("text", text),
        header,
        issue,
        id=id,
        region=region,
        layer="policy",
        url=source_url,
        tenant=None,
    )
    if len(document.clauses) < 2:
        raise DocumentError(f"{id}:标题之后没有正文,不像一份政策文件;请检查文件是否完整")
    return document


def _document(
    reading: Reading,
    header: Header,
    issue: Issue,
    *,
    id: str,
    region: str,
    layer: Layer,
    url: str | None,
    tenant: str | None,
) -> Document:
    text, version = reading.text, text_version(reading.text)
    body_start = header.head[1] if header.head else 0
    life = read_validity(text, issue, header.fields, header.page)
    return Document(
        id=id,
        version=version,
        text=text,
        title=header.title,
        document_number="、".join(words.number for words in header.numbers) or None,
        index_number=header.fields.get("index_number"),
        issuer="、".join(header.issuers) or None,
        topic=header.fields.get("topic"),
        region=region,
        layer=layer,
        published_on=header.published_on,
        effective_on=life.effective_on,
        expires_on=life.expires_on,
        source_url=url,
        clauses=split_clauses(
            text, id, version, body_start, header.head, rows=reading.rows, pages=reading.pages
        ),
        issuers=header.issuers,
        signed_on=header.signed_on,
        repealed_on=life.repealed_on,
        relations=read_relations(text, header.full_title, life.effective_on, body_start),
        windows=read_windows(text, header.signed_on or header.published_on),
        validity=life.span,
        tenant=tenant,
        format=reading.format,
        attachments=reading.attachments,
        notices=(*reading.notices, *header.notices, *life.notices),
    )


def _region(reading: Reading, header: Header, vocabulary: Vocabulary, asked: str | None) -> str:
    if asked is not None:
        if asked not in vocabulary.regions:
            raise DocumentError(
                f"地区代码“{asked}”不在区划表里;请用六位代码,如 330326,全国为 000000"
            )
        return asked
    if (stated := reading.fields.get("地区")) is not None:
        return _stated_region(stated, vocabulary)
    evidence = RegionEvidence(
        issuers=header.issuers,
        number_prefix=header.numbers[0].prefix if header.numbers else None,
        title=header.full_title,
        page=header.page,
        text=reading.text,
    )
    found = read_region(evidence, vocabulary)
    if found is None:
        named = [
            f"{code}({vocabulary.region_name(code)})"
            for code in region_candidates(reading.text, vocabulary)
        ]
        hint = f";文中提到 {'、'.join(named)}" if named else ""
        raise DocumentError(
            f"看不出文件“{header.title[:40]}”属于哪个地区{hint};请用 --region 指定六位地区代码"
        )
    return found


def _stated_region(stated: str, vocabulary: Vocabulary) -> str:
    """The region a product list names outright, by code or by name."""
    if stated in vocabulary.regions:
        return stated
    if stated in ("全国", "中国"):
        return NATION
    found = region_candidates(stated, vocabulary)
    if len(found) != 1:
        raise DocumentError(
            f"“地区”一栏写的是“{stated[:30]}”,不是区划代码或县(市、区)名;请填六位代码,如 330326"
        )
    return found[0]


def _require_official(document: Document, header: Header) -> None:
    """Refuse what is no official document, saying everything that is missing."""
    body = [clause for clause in document.clauses if not clause.id.endswith(":head")]
    acts = any(s.force in _ACTS for clause in body for s in clause.statements)
    named = bool(header.numbers or header.issuers)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", document.text[:20_000]))
    readable = chinese >= 200 or chinese * 5 >= len(re.sub(r"\s", "", document.text[:20_000]))
    official = (
        named
        or _OFFICIAL.search(document.text[:50_000]) is not None
        or (header.titled and "关于" in header.full_title)
    )
    private = _PRIVATE.search(header.title) is not None or _between_parties(document.text)
    if body and readable and official and not (private and not header.numbers):
        return
    faults: Sequence[str] = [
        text
        for text, missing in (
            ("没有标题", not header.titled),
            ("没有正文条款", not body),
            ("没有发布机构或文号", not named),
            ("没有写明支持或要求什么", not acts),
            ("是合同、票据一类的文书", private),
            ("大部分不是中文", not readable),
        )
        if missing
    ]
    raise DocumentError(
        f"“{header.title[:40]}”不像一份政策文件:{'、'.join(faults)};请确认上传的是政策原文"
    )


def _between_parties(text: str) -> bool:
    """A contract: both parties named as 甲方 and 乙方 throughout."""
    return min(len(re.findall("甲方", text[:20_000])), len(re.findall("乙方", text[:20_000]))) >= 3


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
