"""An enterprise held against offers and national standards: verdicts, estimates, questions."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.corpus import Citation
from api.schemas.fields import ON, PROFILE, Body, Day, Text
from api.schemas.offers import OfferHead
from knowledge_base import Basis, Join, Kind

Status = Literal["eligible", "ineligible", "undetermined"]


class MatchesBody(Body):
    """A profile to be matched to all offers."""

    profile: dict[str, Any] = PROFILE
    need: Text = Field(default="", description="需求,只影响排序", examples=["想贷款买设备"])
    on: Day = ON
    kinds: list[Kind] | None = Field(default=None, description="只要这些类别")
    statuses: list[Status] | None = Field(default=None, description="只要这些资格状态")
    limit: int | None = Field(default=None, ge=1, le=10000, description="最多几项")


class Verdict(BaseModel):
    """One condition judged."""

    criterion_id: str
    text: str
    status: Literal["met", "unmet", "unknown"]
    observed: str
    required: str
    basis: Basis
    citation: Citation | None
    join: Join | None
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


class StandardsBody(Body):
    """A profile to be held against the national standards."""

    profile: dict[str, Any] = PROFILE
    on: Day = ON


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
