"""An official document or a product sheet: its text as published, header fields, life and clauses."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from knowledge_base.amendments import Amendment, Change, changes_by_clause
from knowledge_base.clauses import Citation, Clause, split_clauses
from knowledge_base.errors import DocumentError
from knowledge_base.header.acts import read_relations
from knowledge_base.header.dates import only_date
from knowledge_base.header.header import Header, read_header
from knowledge_base.header.identity import document_id
from knowledge_base.header.issuers import split_issuers
from knowledge_base.header.numbers import normalise_document_number
from knowledge_base.header.official import UNTITLED, called, require_official
from knowledge_base.header.regions import RegionEvidence, read_region, region_candidates
from knowledge_base.header.targets import Relation
from knowledge_base.header.validity import Issue, read_validity
from knowledge_base.header.windows import Window, read_windows
from knowledge_base.readers.reading import Attachment, Reading, Span
from knowledge_base.vocabulary import NATION, Vocabulary

__all__ = [
    "UNTITLED",
    "Document",
    "Layer",
    "Status",
    "citation_of",
    "in_brackets",
    "normalise_document_number",
    "read_document",
    "read_policy",
    "read_sheet",
    "text_version",
]

Layer = Literal["policy", "external_rule", "product_sheet", "illustration"]
Status = Literal["in_force", "not_yet", "expired", "repealed", "superseded", "unknown"]

_NAMED = "原文没有标题行,以文件名代替;请核对"
_NAMELESS = "原文没有标题行;请核对"


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
    amendments: tuple[Amendment, ...] = ()

    @cached_property
    def changes(self) -> Mapping[str, tuple[Change, ...]]:
        """What other documents changed in each clause, by its id, whenever it takes effect."""
        return changes_by_clause(self.amendments, self.clauses) if self.amendments else {}

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


def in_brackets(title: str) -> str:
    """A title as it is named in running text; a title inside it takes the inner pair (GB/T 15834)."""
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def text_version(text: str) -> str:
    """Version of a text: the first 12 hex digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def citation_of(
    document: Document, clause: Clause, start: int, end: int, relation: str | None = None
) -> Citation:
    """The words of a span inside a clause, cited."""
    return Citation(
        clause_id=clause.id,
        version=clause.version,
        document_id=document.id,
        document_title=document.title,
        document_number=document.document_number,
        label=clause.label,
        quote=document.text[start:end],
        start=start,
        end=end,
        source_url=document.source_url,
        relation=relation,
    )


def read_document(
    reading: Reading,
    vocabulary: Vocabulary,
    *,
    layer: Layer = "policy",
    region: str | None = None,
    id: str | None = None,
    source_url: str | None = None,
    tenant: str | None = None,
    name: str | None = None,
) -> Document:
    """Document from what a reader gave: header, region, life, relations and clauses.

    `region` and `id` win over what the page says; `name`, as of the file, is the title of a text that
    prints none (else UNTITLED), said in a notice; no id depends on it. Raises DocumentError when the
    text is no official document (layer `policy`), when its region cannot be told, or when `region`
    is no known code.
    """
    if not reading.text.strip():
        raise DocumentError("文件里没有文字;请检查文件是否为空或是未识别的扫描件")
    header = read_header(reading)
    try:
        region = _region(reading, header, vocabulary, region)
    except DocumentError:
        if layer == "policy":  # what is no policy needs no region: say that first
            trial = _document(
                reading, header, id="x", region=NATION, layer=layer, url=None, tenant=None
            )
            require_official(reading.text, trial.clauses, header)
        raise
    if id is None:
        day = header.signed_on or header.published_on
        issuer = header.issuers[0] if header.issuers else None
        words = header.full_title or header.opening or reading.text[:400]
        id = document_id(region, header.numbers, issuer, day, words)
    document = _document(
        reading, header, id=id, region=region, layer=layer, url=source_url, tenant=tenant
    )
    if not header.title:
        named = (name or "").strip()
        document = replace(
            document,
            title=named or UNTITLED,
            notices=(*document.notices, _NAMED if named else _NAMELESS),
        )
    if reading.format == "xlsx":
        document = _listed(document, reading.fields)
    if layer == "policy":
        require_official(reading.text, document.clauses, header)
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
    document = _document(
        Reading("text", text),
        header,
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
    *,
    id: str,
    region: str,
    layer: Layer,
    url: str | None,
    tenant: str | None,
) -> Document:
    text, version = reading.text, text_version(reading.text)
    body_start = header.head[1] if header.head else 0
    issue = Issue(header.subject, header.signed_on, header.published_on, header.printed_on)
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
            text, id, body_start, header.head, rows=reading.rows, pages=reading.pages
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
        title=header.subject or header.opening,
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
            f"看不出文件“{called(header)}”属于哪个地区{hint};请用 --region 指定六位地区代码"
        )
    return found


def _listed(document: Document, fields: Mapping[str, str]) -> Document:
    """A row of a product list, with the institution and the last day its columns state."""
    last = fields.get("有效期至", "").strip()
    expires = None if last in ("", "长期") else only_date(last)
    if expires is None and last not in ("", "长期"):
        raise DocumentError(
            f"“有效期至”一栏写的是“{last[:30]}”,不是日期;请填 2027-12-31 这样的日期,没有截止日期的写“长期”"
        )
    issuers = split_issuers(fields.get("机构", "")) or document.issuers
    return replace(
        document,
        issuers=issuers,
        issuer="、".join(issuers) or None,
        expires_on=expires or document.expires_on,
    )


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
        clauses=split_clauses(text, id, body_start),
    )
