"""How long an offer stands: no longer than its document, and as the clauses it rests on were changed. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from knowledge_base.amendments import Amendment
from knowledge_base.clauses import Citation
from knowledge_base.documents import Document
from knowledge_base.offers import Criterion, Offer


def within_life(offer: Offer, head: Document) -> Offer:
    """The offer open no longer than the document it was drafted from: a repeal closes it."""
    ends = [offer.valid_to, head.expires_on]
    if head.repealed_on is not None or head.superseded_by is not None:
        ends.append(_day_before(head.repealed_on))
    starts = [day for day in (offer.valid_from, head.effective_on) if day is not None]
    return replace(
        offer,
        valid_from=max(starts, default=None),
        valid_to=min((day for day in ends if day is not None), default=None),
    )


def as_amended(
    offer: Offer,
    heads: Mapping[str, Document],
    documents: Mapping[str, Document],
    words_of: Callable[[Amendment], Citation | None],
) -> Offer:
    """The offer as the documents it rests on stand after their amendments.

    What a clause taken out gave ends with it. What rests on a changed one, or had a condition in
    one taken out, is unreviewed from that day: nobody has compared it with the new wording.
    """
    own = {offer.id.partition("~")[0]}
    if offer.benefit is not None:
        own.add(offer.benefit.citation.clause_id)
    rests = own | {c.citation.clause_id for c in _leaves(offer.criteria) if c.citation}
    met = [
        (id, change)
        for document_id in sorted({id.partition(":")[0] for id in rests})
        if document_id in heads and heads[document_id].amendments
        for id, changes in documents[document_id].changes.items()
        if id in rests
        for change in changes
    ]
    if not met:
        return offer
    ends = [_day_before(c.amendment.on) for id, c in met if c.takes_out and id in own]
    words = [words_of(change.amendment) for _, change in met]
    return replace(
        offer,
        valid_to=min([*ends, *([offer.valid_to] if offer.valid_to else [])], default=None),
        amended_on=min(change.amendment.on or date.min for _, change in met),
        amended_by=tuple(dict.fromkeys(one for one in words if one)),
    )


def _day_before(first: date | None) -> date:
    """The last day before something began; an unstated day counts as long past."""
    return first - timedelta(days=1) if first is not None and first > date.min else date.min


def _leaves(criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    for criterion in criteria:
        yield from _leaves(criterion.parts) if criterion.parts else (criterion,)
