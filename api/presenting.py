"""From what the floors below return to the contract's shapes; every citation is checked on its way."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

import bot
import knowledge_base as kb
import recommender as rec
from api import schemas


class CitationFault(RuntimeError):
    """A quote that is not the text at its offsets; such an answer must not leave the process."""


class Presenter:
    """Converts for one catalogue and one day."""

    def __init__(self, catalogue: kb.Catalogue, on: date) -> None:
        self.catalogue, self.on = catalogue, on

    def citation(self, given: kb.Citation) -> schemas.Citation:
        """A citation whose quote stands, character for character, where it says."""
        document = self.catalogue.documents.get(given.document_id)
        if document is None or document.text[given.start : given.end] != given.quote:
            raise CitationFault(f"{given.clause_id} [{given.start}:{given.end}]")
        return schemas.Citation.model_validate(_shallow(given))

    def clause(self, given: kb.Clause, document: kb.Document | None = None) -> schemas.Clause:
        """A clause of a document (of the catalogue, if not given) with its statements and changes."""
        document = document or self.catalogue.documents[given.document_id]
        return schemas.Clause.model_validate(
            _shallow(given)
            | {
                "statements": [_shallow(one) for one in given.statements],
                "references": [_shallow(one) for one in given.references],
                "changes": [self._change(one) for one in document.changes.get(given.id, ())],
            }
        )

    def _change(self, given: kb.Change) -> dict[str, Any]:
        words = self.catalogue.words_of(given.amendment)
        return self._amendment(given.amendment) | {
            "certain": given.certain,
            "citation": self._maybe(words),
        }

    def _amendment(self, given: kb.Amendment) -> dict[str, Any]:
        return _shallow(given) | {"in_effect": given.in_effect(self.on)}

    def document_head(self, given: kb.Document) -> schemas.DocumentHead:
        """A document without its text, with its status on the day."""
        return schemas.DocumentHead.model_validate(self._life(given))

    def _life(self, given: kb.Document) -> dict[str, Any]:
        return _shallow(given) | {
            "status": given.status(self.on),
            "windows": [_shallow(one) for one in given.windows],
            "relations": [_shallow(one) for one in given.relations],
            "amendments": [self._amendment(one) for one in given.amendments],
        }

    def document(self, given: kb.Document) -> schemas.Document:
        """A document with its text and clauses."""
        return schemas.Document.model_validate(
            self._life(given) | {"clauses": [self.clause(one, given) for one in given.clauses]}
        )

    def evidence(self, given: kb.Evidence) -> schemas.Evidence:
        """A found clause with the name of its document."""
        named = schemas.DocumentName(
            id=given.document.id,
            title=given.document.title,
            document_number=given.document.document_number,
        )
        return schemas.Evidence(
            clause=self.clause(given.clause, given.document),
            document=named,
            rank=given.rank,
            also=list(given.also),
        )

    def offer_head(self, given: kb.Offer) -> schemas.OfferHead:
        """An offer without its criteria."""
        return schemas.OfferHead.model_validate(self._offer(given))

    def offer(self, given: kb.Offer) -> schemas.Offer:
        """An offer with its criteria."""
        criteria = [self._criterion(one) for one in given.criteria]
        return schemas.Offer.model_validate(self._offer(given) | {"criteria": criteria})

    def _offer(self, given: kb.Offer) -> dict[str, Any]:
        return _shallow(given) | {
            "availability": given.availability(self.on),
            "citations": [self.citation(one) for one in given.citations],
            "amended_by": [self.citation(one) for one in given.amended_by],
        }

    def _criterion(self, given: kb.Criterion) -> schemas.Criterion:
        return schemas.Criterion.model_validate(
            _shallow(given)
            | {
                "citation": self._maybe(given.citation),
                "parts": [self._criterion(one) for one in given.parts],
            }
        )

    def match(self, given: rec.Match) -> schemas.Match:
        """One offer judged."""
        eligibility = given.eligibility
        return schemas.Match(
            offer=self.offer_head(given.offer),
            eligibility=schemas.Eligibility(
                status=eligibility.status,
                verdicts=[self._verdict(one) for one in eligibility.verdicts],
                missing=list(eligibility.missing),
            ),
            benefit=self._benefit(given.benefit),
            gaps=[schemas.Gap.model_validate(_shallow(one)) for one in given.gaps],
            reasons=[
                schemas.Reason(text=one.text, citation=self.citation(one.citation))
                for one in given.reasons
            ],
            score=given.score,
            rank=given.rank,
        )

    def matches(self, given: Iterable[rec.Match]) -> list[schemas.Match]:
        """Offers judged, in the order given."""
        return [self.match(one) for one in given]

    def _verdict(self, given: rec.Verdict) -> schemas.Verdict:
        return schemas.Verdict.model_validate(
            _shallow(given)
            | {
                "citation": self._maybe(given.citation),
                "parts": [self._verdict(one) for one in given.parts],
            }
        )

    def _benefit(self, given: rec.BenefitEstimate | None) -> schemas.Benefit | None:
        if given is None:
            return None
        plain = _shallow(given) | {
            "citation": self.citation(given.citation),
            "inputs": dict(given.inputs),
        }
        return schemas.Benefit.model_validate(plain)

    def question(self, given: rec.Question) -> schemas.Question:
        """One question with the words behind it."""
        return schemas.Question.model_validate(
            _shallow(given)
            | {
                "why": self._maybe(given.why),
                "options": None if given.options is None else [dict(o) for o in given.options],
            }
        )

    def answer(self, given: bot.Answer) -> dict[str, Any]:
        """Fields of an Answer, to be completed with session and turn."""
        return {
            "status": given.status,
            "answer": given.answer,
            "citations": [self.citation(one) for one in given.citations],
            "question": None if given.question is None else self.question(given.question),
            "matches": self.matches(given.matches),
            "notices": list(given.notices),
            "mode": given.mode,
        }

    def standing(self, given: rec.Standing) -> schemas.Standing:
        """How an enterprise stands to one standard."""
        return schemas.Standing.model_validate(
            _shallow(given)
            | {
                "indicators": [_shallow(one) for one in given.indicators],
                "failed": [dict(one) for one in given.failed],
            }
        )

    def _maybe(self, given: kb.Citation | None) -> schemas.Citation | None:
        return None if given is None else self.citation(given)


def _shallow(given: Any) -> dict[str, Any]:
    """Fields of a dataclass, not descending; tuples become lists as JSON has no others."""
    plain = {field.name: getattr(given, field.name) for field in fields(given)}
    return {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items()}
