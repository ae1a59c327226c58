"""What an enterprise can obtain: an offer with its cited criteria, benefit and relations.

`sheets` reads them from files; what is here is what every other floor works with.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from knowledge_base.clauses import Citation, Clause
from knowledge_base.documents import Document, citation_of

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
Reality = Literal["official", "reported", "illustrative"]
Basis = Literal["published", "reported", "assumed"]
Join = Literal["any", "all", "not"]
Availability = Literal["open", "upcoming", "closed", "unknown"]


@dataclass(frozen=True)
class Criterion:
    """One checkable condition: a comparison of one fact, or a join of parts."""

    id: str
    text: str
    basis: str
    citation: Citation | None
    curated: bool = True
    join: str | None = None
    parts: tuple["Criterion", ...] = ()
    fact: str | None = None
    op: str | None = None
    value: Any = None

    @cached_property
    def key(self) -> str:
        """Equal for conditions that ask the same, whichever offer they stand in."""
        if self.join is None:
            return f"{self.fact} {self.op} {self.value!r}"
        return f"{self.join}({', '.join(part.key for part in self.parts)})"


@dataclass(frozen=True)
class Benefit:
    """How much a subsidy pays: `amount` is an expression over facts in prefix form, in 元."""

    formula: str
    amount: Any
    citation: Citation
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class OfferRelation:
    """How one offer stands to others: excludes them, comes after them, or supports them."""

    type: str
    offers: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True)
class Offer:
    """A measure or product; text fields are the sections of its sheet, word for word.

    `amended_by` are words of other documents that change a clause it rests on, from `amended_on`.
    """

    id: str
    name: str
    kind: str
    provider: str
    reality: str
    tags: tuple[str, ...]
    region: str
    applicant: str
    amount: str
    tenor: str
    price: str
    security: str
    exclusions: str
    materials: tuple[str, ...]
    how_to_apply: str
    contacts: str
    source: str
    valid_from: date | None
    valid_to: date | None
    apply_from: date | None
    apply_to: date | None
    standing: bool
    offered: bool
    criteria: tuple[Criterion, ...]
    citations: tuple[Citation, ...]
    relations: tuple[OfferRelation, ...] = ()
    benefit: Benefit | None = None
    amended_by: tuple[Citation, ...] = ()
    amended_on: date | None = None

    def reviewed(self, on: date) -> bool:
        """Whether its conditions are those somebody read: not so once a clause of it was changed."""
        return self.amended_on is None or on < self.amended_on

    def availability(self, on: date) -> Availability:
        """Whether one can apply on a day; `unknown` when no window is published."""
        starts = [day for day in (self.valid_from, self.apply_from) if day is not None]
        ends = [day for day in (self.valid_to, self.apply_to) if day is not None]
        if any(on > day for day in ends):
            return "closed"
        if any(on < day for day in starts):
            return "upcoming"
        return "open" if ends or self.standing else "unknown"


def dump_json(value: Any) -> str:
    """Dataclasses as JSON that keeps days apart from texts; `load_json` reads it back.

    Stored drafts and index files are written so: another form needs their format raised.
    """
    return json.dumps(value, ensure_ascii=False, default=_plain)


def load_json(written: str | bytes) -> Any:
    """Plain values as `dump_json` wrote them, days being dates again. ValueError on damage."""
    return json.loads(written, object_hook=_day)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return asdict(value)


def _day(value: dict[str, Any]) -> Any:
    if value.keys() == {"day"} and isinstance(value["day"], str):
        return date.fromisoformat(value["day"])
    return value


def cite(
    document: Document, clauses: Iterable[Clause], quote: str, relation: str | None = None
) -> Citation | None:
    """Citation of `quote` in the first of `clauses` that holds it verbatim, else None."""
    for clause in clauses:
        offset = clause.text.find(quote)
        if offset >= 0 and quote:
            start = clause.start + offset
            return citation_of(document, clause, start, start + len(quote), relation)
    return None


def facts_in(expression: Any) -> tuple[str, ...]:
    """Fact codes an amount expression reads, in order, each once."""
    if isinstance(expression, str):
        return (expression,)
    if not isinstance(expression, list):
        return ()
    found = [fact for part in expression[1:] for fact in facts_in(part)]
    return tuple(dict.fromkeys(found))
