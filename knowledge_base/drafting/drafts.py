"""A draft of an offer, a person's decision on it, and how it is stored.

Nothing of a draft counts until a person approved it: its criteria are not curated.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from knowledge_base.clauses import Citation
from knowledge_base.drafting.amounts import Amount
from knowledge_base.drafting.proposals import FactProposal
from knowledge_base.errors import InputError
from knowledge_base.header.windows import Window
from knowledge_base.offers import Criterion, Offer, dump_json, load_json

FORMAT = 1  # of a stored draft; raised when a field changes its meaning


@dataclass(frozen=True)
class Words:
    """Words of the document with their span: `Document.text[start:end]` is `text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class OfferDraft:
    """An offer as read, waiting for a person. Its criteria are not curated and cite exact words.

    `windows` are the words of the dated `periods` of the document, in the same order.
    """

    id: str
    document_id: str
    document_version: str
    name: str
    kind: str
    provider: str
    region: str
    applicant: Words | None
    criteria: tuple[Criterion, ...]
    amounts: tuple[Amount, ...]
    amount_words: tuple[Words, ...]
    tenor: tuple[Words, ...]
    price: tuple[Words, ...]
    security: tuple[Words, ...]
    windows: tuple[Words, ...]
    periods: tuple[Window, ...]
    materials: tuple[Words, ...]
    how_to_apply: tuple[Words, ...]
    contacts: tuple[Words, ...]
    exclusions: tuple[Words, ...]
    source: tuple[Words, ...]
    proposals: tuple[FactProposal, ...]
    citations: tuple[Citation, ...]


def draft_to_offer(
    draft: OfferDraft,
    curated_criteria: frozenset[str],
    *,
    reality: str = "official",
    tags: tuple[str, ...] = (),
    valid: tuple[date | None, date | None] = (None, None),
    apply: tuple[date | None, date | None] = (None, None),
    standing: bool = False,
) -> Offer:
    """The offer a person approved: criteria of `curated_criteria` (ids) count, others stay open.

    A join counts as reviewed only with all its parts. Dates are those the person read from the
    windows; each None where unstated. Raises InputError for an id the draft does not have.
    """
    ids = {criterion.id for criterion in draft.criteria}
    if unknown := sorted(curated_criteria - ids):
        raise InputError(f"草稿 {draft.id} 没有条件 {'、'.join(unknown)};请从草稿的条件编号中选取")
    return Offer(
        id=draft.id,
        name=draft.name,
        kind=draft.kind,
        provider=draft.provider,
        reality=reality,
        tags=tags,
        region=draft.region,
        applicant=draft.applicant.text if draft.applicant else "",
        amount=_lines(draft.amount_words),
        tenor=_lines(draft.tenor),
        price=_lines(draft.price),
        security=_lines(draft.security),
        exclusions=_lines(draft.exclusions),
        materials=tuple(words.text for words in draft.materials),
        how_to_apply=_lines(draft.how_to_apply),
        contacts=_lines(draft.contacts),
        source=_lines(draft.source),
        valid_from=valid[0],
        valid_to=valid[1],
        apply_from=apply[0],
        apply_to=apply[1],
        standing=standing,
        offered=True,
        criteria=tuple(_reviewed(c, c.id in curated_criteria) for c in draft.criteria),
        citations=tuple(replace(c, relation="names") for c in draft.citations),
    )


def _lines(words: Iterable[Words]) -> str:
    return "\n".join(one.text for one in words)


def _reviewed(criterion: Criterion, curated: bool) -> Criterion:
    parts = tuple(_reviewed(part, curated) for part in criterion.parts)
    return replace(criterion, curated=curated, parts=parts)


_DRAFT: TypeAdapter[OfferDraft] = TypeAdapter(OfferDraft)


def to_json(draft: OfferDraft) -> str:
    """A draft as stored: one JSON object with the number of its format."""
    return dump_json({"format": FORMAT, **asdict(draft)})


def from_json(stored: str) -> OfferDraft:
    """The draft `to_json` wrote; InputError for another format or a damaged text."""
    try:
        raw = load_json(stored)
        written = raw.pop("format", None) if isinstance(raw, dict) else None
        if written != FORMAT:
            raise InputError(f"草稿的格式是 {written},本版本只读格式 {FORMAT};请重新抽取该文件")
        return _DRAFT.validate_python(raw)
    except ValueError as error:  # of the JSON, of a day in it, or pydantic's of the fields
        raise InputError(f"草稿读不了({type(error).__name__});请重新抽取该文件") from error
