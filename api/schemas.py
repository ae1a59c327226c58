"""The contract's shapes as they travel: JSON bodies in, JSON answers out, with descriptions."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot import AnswerStatus

LONGEST_TEXT = 2000
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)

Kind = Literal[
    "loan",
    "guarantee",
    "insurance",
    "talent",
    "supply_chain",
    "subsidy",
    "capital_market",
    "service",
]
Status = Literal["eligible", "ineligible", "undetermined"]


def read_day(written: Any) -> date | None:
    """A day from `YYYY-MM-DD`; the message of a wrong one is shown to people."""
    if written is None or (isinstance(written, date) and EARLIEST <= written <= LATEST):
        return written
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except (TypeError, ValueError):
        day = None
    if day is None:
        shown = str(written)[:20].encode(errors="replace").decode()
        raise PydanticCustomError(
            "day", "“{shown}”不是日期,应为 2026-11-22 的形式", {"shown": shown}
        )
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError("day", "日期应在 1990-01-01 与 2100-12-31 之间")
    return day


def _readable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PydanticCustomError("text", "含有无法识别的字符,请重新输入") from error
    if len(text) > LONGEST_TEXT:
        raise PydanticCustomError(
            "text", "太长({length}字),请缩短到2000字以内", {"length": len(text)}
        )
    return text


def _said(text: str) -> str:
    if not _readable(text).strip():
        raise PydanticCustomError("text", "是空的,请写下要问的内容")
    return text


Day = Annotated[date | None, BeforeValidator(read_day)]
Said = Annotated[str, AfterValidator(_said)]
Text = Annotated[str, AfterValidator(_readable)]
PROFILE_EXAMPLE = {
    "region": "330326",
    "entity_type": "企业",
    "industry": "3467",
    "employees": 26,
    "revenue_yuan": [12_000_000, 13_000_000],
    "titles": [{"name": "高新技术企业", "until": "2028-11-10"}],
}
_ON = Field(default=None, description="按哪一天判断,YYYY-MM-DD;不填为今天(北京时间)")
_PROFILE = Field(description="企业画像:键为事实代码,见 /profile-schema", examples=[PROFILE_EXAMPLE])


class Body(BaseModel):
    """A request body; a field nobody knows is an error."""

    model_config = ConfigDict(extra="forbid")


class SearchBody(Body):
    """A search for clauses."""

    query: Said = Field(description="要查的内容", examples=["先用后转保险补助多少"])
    k: int = Field(default=10, ge=1, le=100, description="最多返回几条")
    on: Day = _ON
    region: Text | None = Field(default=None, description="只看适用于该地区的文件,六位代码")
    document_id: Text | None = Field(default=None, description="只在这一份文件里找")


class MatchesBody(Body):
    """A profile to be matched to all offers."""

    profile: dict[str, Any] = _PROFILE
    need: Text = Field(default="", description="需求,只影响排序", examples=["想贷款买设备"])
    on: Day = _ON
    kinds: list[Kind] | None = Field(default=None, description="只要这些类别")
    statuses: list[Status] | None = Field(default=None, description="只要这些资格状态")
    limit: int | None = Field(default=None, ge=1, le=10000, description="最多几项")


class StandardsBody(Body):
    """A profile to be held against the national standards."""

    profile: dict[str, Any] = _PROFILE
    on: Day = _ON


class ChatBody(Body):
    """One message of a conversation."""

    session_id: Text | None = Field(default=None, max_length=64, description="不填则新开会话")
    message: Said = Field(description="要问的话", examples=["买先用后转保险,政府补多少?"])
    profile: dict[str, Any] | None = Field(default=None, description="企业画像,可不填")
    on: Day = _ON


class FeedbackBody(Body):
    """What a reader thought of an answer."""

    verdict: Literal["helpful", "wrong", "wrong_source"] = Field(description="评价")
    note: Text = Field(default="", description="补充说明")


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
    layer: Literal["policy", "external_rule", "product_sheet", "illustration"]
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


class SearchAnswer(BaseModel):
    """Clauses found, best first."""

    evidence: list[Evidence]
    as_of: date
    generation: int


class Criterion(BaseModel):
    """One published condition of an offer."""

    id: str
    text: str
    curated: bool
    basis: Literal["published", "reported", "assumed"]
    citation: Citation | None
    join: Literal["any", "all", "not"] | None
    parts: list["Criterion"]


class OfferHead(BaseModel):
    """What an enterprise can obtain, without its criteria."""

    id: str
    name: str
    kind: Kind
    provider: str
    reality: Literal["official", "reported", "illustrative"]
    tags: list[str]
    region: str
    applicant: str
    amount: str
    tenor: str
    price: str
    security: str
    exclusions: str
    materials: list[str]
    how_to_apply: str
    contacts: str
    source: str
    valid_from: date | None
    valid_to: date | None
    apply_from: date | None
    apply_to: date | None
    availability: Literal["open", "upcoming", "closed", "unknown"]
    citations: list[Citation]


class Offer(OfferHead):
    """An offer with its criteria."""

    criteria: list[Criterion]


class OffersAnswer(BaseModel):
    """The catalogue."""

    offers: list[Offer]
    as_of: date


class Verdict(BaseModel):
    """One condition judged."""

    criterion_id: str
    text: str
    status: Literal["met", "unmet", "unknown"]
    observed: str
    required: str
    basis: Literal["published", "reported", "assumed"]
    citation: Citation | None
    join: Literal["any", "all", "not"] | None
    parts: list["Verdict"]


class Eligibility(BaseModel):
    """The verdict on an offer; `missing` names the facts that can still change it."""

    status: Status
    verdicts: list[Verdict]
    missing: list[str]


class Benefit(BaseModel):
    """An estimate of what a subsidy would pay, in 元; never a grant."""

    amount_yuan: int | float | None
    low_yuan: int | float | None
    high_yuan: int | float | None
    formula: str
    inputs: dict[str, str]
    citation: Citation
    caveats: list[str]


class Gap(BaseModel):
    """One fact that keeps an offer out of reach."""

    fact: str
    now: str
    needed: str
    text: str
    changeable: bool


class Reason(BaseModel):
    """One sentence about a match and the words it rests on."""

    text: str
    citation: Citation


class Match(BaseModel):
    """One offer judged for one enterprise."""

    offer: OfferHead
    eligibility: Eligibility
    benefit: Benefit | None
    gaps: list[Gap]
    reasons: list[Reason]
    score: float = Field(description="只用于排序,不得展示")
    rank: int


class Option(BaseModel):
    """A tappable answer; null = 不确定."""

    value: bool | int | float | str | None
    label: str


class Question(BaseModel):
    """One question, and the words that make it necessary."""

    kind: Literal["fact", "clarify"]
    fact: str | None
    text: str
    type: str | None
    unit: str | None
    options: list[Option] | None
    why: Citation | None
    decides: int


class MatchesAnswer(BaseModel):
    """All matches, best first, and what is still worth asking."""

    matches: list[Match]
    questions: list[Question]
    notices: list[str]
    as_of: date
    generation: int


class Indicator(BaseModel):
    """Points of one indicator; null while a fact it needs is unknown."""

    id: str
    label: str
    points: int | None
    max: int


class Failed(BaseModel):
    """A basic condition that is not met."""

    fact: str
    text: str


class Standing(BaseModel):
    """How the enterprise stands to one national standard."""

    standard: str
    document_number: str
    indicators: list[Indicator]
    total: int | None
    failed: list[Failed]
    missing: list[str]
    result: Literal["met", "unmet", "unknown", "confirmed", "barred"]


class StandardsAnswer(BaseModel):
    """Possible sizes and standings."""

    sizes: list[Literal["大型", "中型", "小型", "微型"]]
    standings: list[Standing]
    as_of: date


class Answer(BaseModel):
    """A cited answer."""

    status: AnswerStatus
    answer: str
    citations: list[Citation]
    question: Question | None
    matches: list[Match]
    notices: list[str]
    mode: Literal["extractive", "generated"]


class ChatAnswer(Answer):
    """A cited answer as one turn of a conversation."""

    session_id: str
    turn_id: str
    as_of: date


class ConversationTurn(BaseModel):
    """A question with its answer."""

    message: str
    answer: ChatAnswer


class Conversation(BaseModel):
    """A conversation with the profile facts learnt so far."""

    session_id: str
    profile: dict[str, Any]
    turns: list[ConversationTurn]


class FeedbackAnswer(BaseModel):
    """The feedback was kept."""

    id: str


class Health(BaseModel):
    """The process is up."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """The service can answer."""

    status: Literal["ready"]
    generation: int
    documents: int
    offers: int


class ErrorAnswer(BaseModel):
    """The one shape of every error."""

    error: str = Field(examples=["invalid_profile"])
    detail: str = Field(description="哪里错了,怎么改", examples=["不认识的事实代码“revenu”"])
    request_id: str


class IngestedDocument(BaseModel):
    """One document taken in."""

    path: str
    id: str
    clauses: int
    title: str
    region: str
    notices: list[str] = Field(description="读取时略去或可疑之处")


class RefusedFile(BaseModel):
    """One file, or one row of a product list, that was not taken in."""

    path: str
    error: str


class IngestAnswer(BaseModel):
    """What became of each file, and the generation that serves what was taken in."""

    documents: list[IngestedDocument | RefusedFile]
    generation: int
