"""Drafts of offers read from a policy or product sheet: never curated, every word with its span.

A draft exists only where a document gives an applicant something. What banks must do, what a region
aims at and what is merely encouraged gives nothing and makes no draft. A person approves drafts.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge_base.clauses import Citation, Clause
from knowledge_base.documents import Document
from knowledge_base.drafting.alternatives import Condition
from knowledge_base.drafting.amounts import Amount, read_amounts
from knowledge_base.drafting.bindings import Bindings
from knowledge_base.drafting.conditions import Requirements, merged, read_conditions
from knowledge_base.drafting.cues import Cues, shipped_cues
from knowledge_base.drafting.drafts import OfferDraft, Words, draft_to_offer, from_json, to_json
from knowledge_base.drafting.exclusions import asked_besides
from knowledge_base.drafting.parts import members, numbers_of, sections_of
from knowledge_base.drafting.promises import (
    applicant_span,
    giving,
    promise_kind,
    promise_name,
    sheet_kind,
    without_amendments,
)
from knowledge_base.drafting.proposals import proposal, unread_in
from knowledge_base.drafting.receivers import further_receivers, read_receiver
from knowledge_base.offers import Criterion, cite
from knowledge_base.vocabulary import Vocabulary

__all__ = ["OfferDraft", "Words", "draft_offers", "draft_to_offer", "from_json", "to_json"]

_SHEETS = ("product_sheet", "illustration")


def draft_offers(
    document: Document, vocabulary: Vocabulary, cues: Cues | None = None
) -> tuple[OfferDraft, ...]:
    """What a document offers applicants, in printed order; () when it offers nothing."""
    known = cues or shipped_cues()
    drafter = _Drafter(document, vocabulary, known)
    if document.layer in _SHEETS:
        return (drafter.sheet(),)
    drafts = tuple(drafter.promises())
    return drafts or tuple(drafter.service())


class _Drafter:
    """Drafting the offers of one document."""

    def __init__(self, document: Document, vocabulary: Vocabulary, cues: Cues) -> None:
        self.document, self.vocabulary, self.cues = document, vocabulary, cues
        self.text = document.text
        self.sections = sections_of(document, cues)
        self.reach: dict[tuple[str, tuple[str, ...]], list[Clause]] = {}
        for section in self.sections:
            self.reach.setdefault((section.part, section.scope), []).append(section.clause)
        self.read: dict[tuple[tuple[int, int], ...], Requirements] = {}
        self.shown: dict[tuple[str, tuple[tuple[int, int], ...]], tuple[Words, ...]] = {}
        self.clauses = sorted(document.clauses, key=lambda clause: clause.start)
        self.starts = [clause.start for clause in self.clauses]

    def sheet(self) -> OfferDraft:
        """The one draft of a product sheet: its sections are those of the whole document."""
        requirements = self._spans("conditions", ()) or self._spans("applicant", ())
        amounts = [a for s, e in self._spans("amount", ()) for a in read_amounts(self.text, s, e)]
        name = self.document.title
        spans = [*self._spans("amount", ()), *self._spans("tenor", ())]
        offered = "".join(self.text[start:end] for start, end in spans)
        kind = sheet_kind(name, offered, self.cues)
        return self._draft(self.document.id, name, kind, requirements, amounts, (), ())

    def promises(self) -> Iterator[OfferDraft]:
        """A draft for every sentence that gives applicants something."""
        skipped = {
            s.clause.id for s in self.sections if s.part in ("materials", "contacts", "source")
        }
        given: list[tuple[Clause, int, int]] = []
        for clause in self.document.clauses:
            if clause.id in skipped or numbers_of(clause)[0] in ("head", "tail"):
                continue
            given += [(clause, *span) for span in giving(self.text, clause, self.cues)]
        given = without_amendments(self.text, given)
        bindings = Bindings(self.document, self.sections, given, self.vocabulary, self.cues)
        numbers: Counter[str] = Counter()
        for clause, start, end in given:
            numbers[clause.id] += 1
            yield self._promise(clause, numbers[clause.id], start, end, bindings)

    def _promise(
        self, clause: Clause, number: int, start: int, end: int, bindings: Bindings
    ) -> OfferDraft:
        amounts = read_amounts(self.text, start, end)
        receiver = applicant_span(self.text, start, end)
        applicant = self._words(*receiver) if receiver else None
        scope = numbers_of(clause)
        spans = self._spans("conditions", scope) or self._spans("applicant", scope)
        name = promise_name(self.text, clause, start, end) or self.document.title
        citation = self._cite(start, end)
        return self._draft(
            f"{clause.id}~{number}",
            name,
            promise_kind(self.text, clause, start, end, self.cues),
            spans,
            amounts,
            scope,
            (citation,) if citation else (),
            applicant,
            (self._words(start, end),),
            bindings,
        )

    def service(self) -> Iterator[OfferDraft]:
        """A service with conditions and a way to apply, where no money is promised."""
        conditions = [s for s in self.sections if s.part == "conditions"]
        applied = any(s.part in ("how_to_apply", "materials") for s in self.sections)
        if not conditions or not applied:
            return
        first = conditions[0].clause
        spans = tuple((s.clause.start, s.clause.end) for s in conditions)
        name = self.document.title
        yield self._draft(f"{first.id}~1", name, "service", spans, (), numbers_of(first), ())

    def _draft(
        self,
        id: str,
        name: str,
        kind: str,
        spans: tuple[tuple[int, int], ...],
        amounts: Sequence[Amount],
        scope: tuple[str, ...],
        citations: tuple[Citation, ...],
        applicant: Words | None = None,
        amount_words: tuple[Words, ...] = (),
        bindings: Bindings | None = None,
    ) -> OfferDraft:
        own = self._receiver(applicant, amount_words)
        above = bindings.of(scope) if bindings else ()
        read = merged(*own, self._requirements(spans), *above)
        criteria = [
            self._criterion(f"{id}:c{number}", condition)
            for number, condition in enumerate(read.conditions, 1)
        ]
        uncited = [
            proposal(self.text, condition.start, condition.end)
            for condition, criterion in zip(read.conditions, criteria, strict=True)
            if criterion is None
        ]
        shut_out = tuple(self._words(*s) for s in bindings.excluding(scope)) if bindings else ()
        stated = self._section_words("applicant", scope)
        return OfferDraft(
            id=id,
            document_id=self.document.id,
            document_version=self.document.version,
            name=name,
            kind=kind,
            provider=self.document.issuer or "",
            region=self.document.region,
            applicant=applicant or next(iter(stated), None),
            criteria=tuple(c for c in criteria if c is not None),
            amounts=tuple(amounts),
            amount_words=amount_words or self._section_words("amount", scope),
            tenor=self._section_words("tenor", scope),
            price=self._section_words("price", scope),
            security=self._section_words("security", scope),
            windows=tuple(self._words(w.start, w.end) for w in self.document.windows),
            periods=self.document.windows,
            materials=self._materials(scope),
            how_to_apply=self._section_words("how_to_apply", scope),
            contacts=self._section_words("contacts", scope),
            exclusions=tuple(dict.fromkeys((*self._section_words("exclusions", scope), *shut_out))),
            source=self._section_words("source", scope),
            proposals=(*read.proposals, *uncited),
            citations=citations,
        )

    def _spans(self, part: str, scope: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        return tuple((c.start, c.end) for c in self._nearest(part, scope))

    def _nearest(self, part: str, scope: tuple[str, ...]) -> list[Clause]:
        """Clauses of a part whose heading reaches a place, those of the nearest heading only.

        Without a place (a sheet), all clauses of the part.
        """
        if not scope:
            return [s.clause for s in self.sections if s.part == part]
        for depth in range(len(scope), -1, -1):
            if found := self.reach.get((part, scope[:depth])):
                return found
        return []

    def _section_words(self, part: str, scope: tuple[str, ...]) -> tuple[Words, ...]:
        spans = self._spans(part, scope)
        if (part, spans) not in self.shown:
            self.shown[part, spans] = tuple(self._words(*span) for span in spans)
        return self.shown[part, spans]

    def _requirements(self, spans: tuple[tuple[int, int], ...]) -> Requirements:
        """Conditions of passages, read once however many drafts share them."""
        if spans not in self.read:
            self.read[spans] = merged(*map(self._passage, spans))
        return self.read[spans]

    def _passage(self, span: tuple[int, int]) -> Requirements:
        """Conditions of a passage; a sentence nothing was read from is proposed."""
        region = self.document.region
        read = read_conditions(self.text, (span,), region, self.vocabulary, self.cues)
        found = [leaf for condition in read.conditions for leaf in condition.leaves()]
        taken = [(one.start, one.end) for one in found]
        taken += [(one.start, one.end) for one in read.proposals]
        return merged(read, Requirements((), tuple(unread_in(self.text, span, taken, self.cues))))

    def _receiver(
        self, applicant: Words | None, promises: tuple[Words, ...]
    ) -> Iterator[Requirements]:
        """What a promise itself asks of those who receive it, and whom it leaves out."""
        region = self.document.region
        if applicant is not None:
            span = (applicant.start, applicant.end)
            yield read_receiver(self.text, span, region, self.vocabulary, self.cues)
        for words in promises:
            after = applicant.end if applicant else words.start
            span = (words.start, words.end)
            yield asked_besides(self.text, span, after, region, self.vocabulary, self.cues)
            yield further_receivers(self.text, *span, after)

    def _words(self, start: int, end: int) -> Words:
        return Words(self.text[start:end], start, end)

    def _materials(self, scope: tuple[str, ...]) -> tuple[Words, ...]:
        """Papers one by one: items of a list, or members of an enumeration."""
        spans = self._spans("materials", scope)
        if ("paper", spans) not in self.shown:
            papers = [one for span in spans for one in members(self.text, *span)]
            self.shown["paper", spans] = tuple(self._words(*one) for one in papers)
        return self.shown["paper", spans]

    def _criterion(
        self, id: str, condition: Condition, above: Citation | None = None
    ) -> Criterion | None:
        """A condition with its citation; a part without words of one clause rests on the whole."""
        citation = self._cite(condition.start, condition.end) or above
        if citation is None and condition.parts:
            first = next(condition.leaves())
            citation = self._cite(first.start, first.end)
        if citation is None:
            return None
        parts = [
            self._criterion(f"{id}.{number}", part, citation)
            for number, part in enumerate(condition.parts, 1)
        ]
        if None in parts:
            return None
        return Criterion(
            id=id,
            text=citation.quote,
            basis="published",
            citation=citation,
            curated=False,
            join=condition.join,
            parts=tuple(part for part in parts if part is not None),
            fact=condition.fact,
            op=condition.op,
            value=condition.value,
        )

    def _cite(self, start: int, end: int) -> Citation | None:
        """Citation of the words at a span, in the clause that holds them whole."""
        at = bisect_right(self.starts, start) - 1
        if at < 0 or self.clauses[at].end < end:
            return None
        found = cite(self.document, (self.clauses[at],), self.text[start:end])
        return found and replace(found, start=start, end=end)
