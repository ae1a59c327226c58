"""What an enterprise can obtain: offers with their criteria."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.corpus import Citation
from knowledge_base import Availability, Basis, Join, Kind, Reality


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
    reality: Reality
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
    availability: Availability
    citations: list[Citation]
    amended_by: list[Citation] = Field(description="审核之后修改或废止其所依条款的原话")
    amended_on: date | None = Field(description="从哪天起须按修改后的条款重新核对;没有修改为 null")


class Offer(OfferHead):
    """An offer with its criteria."""

    criteria: list[Criterion]


class OffersAnswer(BaseModel):
    """The catalogue."""

    offers: list[Offer]
    as_of: date
