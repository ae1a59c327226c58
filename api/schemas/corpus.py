"""The corpus: documents with their clauses, citations of them, and the search for clauses."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas.fields import ON, Body, Day, Said, Text
from knowledge_base import Layer


class Citation(BaseModel):
    """A clause and the exact words quoted from it: `Document.text[start:end]` is the quote."""

    clause_id: str = Field(examples=["pingyang-2024-65:2.2.5"])
    version: str
    document_id: str
    document_title: str
    document_number: str | None = Field(examples=["平科〔2024〕65号"])
    label: str = Field(examples=["二、(二)5"])
    quote: str
    start: int
    end: int
    source_url: str | None
    relation: Literal["names", "related"] | None = Field(
        default=None, description="条款点名该措施(names)或只是相关方向(related)"
    )


class Statement(BaseModel):
    """One span of a clause: who is bound, who benefits, with what force."""

    start: int
    end: int
    bound: list[str]
    benefits: list[str]
    force: str


class Reference(BaseModel):
    """Words of a clause that point elsewhere, and the clauses or documents they mean."""

    start: int
    end: int
    targets: list[str]


class Amendment(BaseModel):
    """What another document did to a document or a part of it; the span is in that other one."""

    type: Literal["amends", "repeals"]
    document_id: str
    title: str
    document_number: str | None
    target_clause: str | None = Field(description="所指部分的原文写法;没有指明为 null")
    on: date | None = Field(description="从哪天起;未写明为 null")
    in_effect: bool = Field(description="在 as_of 当天是否已经生效")
    start: int
    end: int


class Change(Amendment):
    """An amendment as it meets one clause; not `certain` where it names no exact clause."""

    certain: bool
    citation: Citation | None = Field(description="修改文件里的原话")


class Clause(BaseModel):
    """The smallest numbered passage of a document."""

    id: str
    version: str
    document_id: str
    label: str
    path: list[str]
    text: str
    start: int
    end: int
    statements: list[Statement]
    page: int | None = Field(description="所在页码,从 1 起;没有分页的文件为 null")
    references: list[Reference]
    defines: list[str] = Field(description="本条给出定义的用语")
    changes: list[Change] = Field(description="其他文件对本条的修改或废止;条文仍是原来发布的文字")


class Window(BaseModel):
    """A dated period for executing, applying or paying; an open or unknown end is null."""

    kind: Literal["execution", "application", "payment"]
    opens_on: date | None
    closes_on: date | None
    start: int
    end: int


class Relation(BaseModel):
    """What a document does to another one; `document_id` where that one is in the corpus."""

    type: Literal["repeals", "amends", "replaces", "extends", "implements", "based_on"]
    target: str
    target_clause: str | None
    document_id: str | None
    on: date | None
    start: int
    end: int


class DocumentHead(BaseModel):
    """A document without its text."""

    id: str
    version: str
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
    status: Literal["in_force", "not_yet", "expired", "repealed", "superseded", "unknown"] = Field(
        description="unknown = 有效期未载明"
    )
    superseded_by: str | None
    source_url: str | None
    issuers: list[str] = Field(description="联合发文时逐个列出")
    signed_on: date | None
    repealed_on: date | None
    windows: list[Window]
    relations: list[Relation]
    amendments: list[Amendment] = Field(description="其他文件对本文件部分内容的修改或废止")
    format: str = Field(description="原件格式:text、html、docx、pdf、image、xlsx")
    notices: list[str] = Field(description="读取时略去或可疑之处")


class Document(DocumentHead):
    """A document with its text and clauses."""

    text: str
    clauses: list[Clause]


class DocumentsAnswer(BaseModel):
    """The corpus."""

    documents: list[DocumentHead]
    as_of: date


class DocumentName(BaseModel):
    """The document a clause stands in."""

    id: str
    title: str
    document_number: str | None


class Evidence(BaseModel):
    """A clause found for a query."""

    clause: Clause
    document: DocumentName
    rank: int
    also: list[str] = Field(default=[], description="说同样的话的其他条款,只列编号")


class SearchBody(Body):
    """A search for clauses."""

    query: Said = Field(description="要查的内容", examples=["先用后转保险补助多少"])
    k: int = Field(default=10, ge=1, le=100, description="最多返回几条")
    on: Day = ON
    region: Text | None = Field(default=None, description="只看适用于该地区的文件,六位代码")
    document_id: Text | None = Field(default=None, description="只在这一份文件里找")


class SearchAnswer(BaseModel):
    """Clauses found, best first."""

    evidence: list[Evidence]
    as_of: date
    generation: int
