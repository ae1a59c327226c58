"""What an enterprise can obtain: offers with their criteria."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas.corpus import Citation

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
Basis = Literal["published", "reported", "assumed"]
Join = Literal["any", "all", "not"]


class Criterion(BaseModel):
    """One published condition of an offer."""

    id: str
    text: str
    curated: bool
    basis: Basis
    citation: Citation | None
    join: Join | None
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
    amended_by: list[Citation] = Field(description="审核之后修改或废止其所依条款的原话")


class Offer(OfferHead):
    """An offer with its criteria."""

    criteria: list[Criterion]


class OffersAnswer(BaseModel):
    """The catalogue."""

    offers: list[Offer]
    as_of: date
