"""What a message wants: intent from a closed list, the matter it is about, the slot it asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from bot.composing import Composer
from bot.language import Language, Slot
from bot.naming import Titles, articles, clauses_numbered, points_back
from bot.needs import Needs
from bot.places import Places
from bot.sessions import Session
from knowledge_base import (
    POLICIES,
    Clause,
    Document,
    Instrument,
    mend,
    named_numbers,
    named_places,
    read_query,
)

Intent = Literal[
    "refuse",
    "hand_over",
    "thanks",
    "out_of_scope",
    "elsewhere",
    "no_such_clause",
    "which_document",
    "meta",
    "recite",
    "clarify",
    "ambiguous_title",
    "size",
    "tech_sme",
    "match",
    "same",
    "premise",
    "clause",
]


@dataclass(frozen=True)
class Understanding:
    """A message read: `text` stands alone (follow-ups carry the matter of the turn before).

    `matter` is `text` without the names of documents and places; `documents` are the heads it names
    or points back to, `clauses` the printed places it names.
    """

    intent: Intent
    text: str
    matter: str
    search: str
    said: str
    documents: tuple[Document, ...]
    clauses: tuple[Clause, ...]
    slots: tuple[Slot, ...]
    instruments: tuple[Instrument, ...]
    need_offers: tuple[str, ...]
    focused: bool
    fallback_offers: tuple[str, ...]
    yes_no: bool
    hoped_for: tuple[str, ...]
    asserts: bool
    note: Mapping[str, Any]


class Reader:
    """Reads messages against one knowledge base, for one region and those above it."""

    def __init__(
        self, composer: Composer, region: str, language: Language, places: Places, titles: Titles
    ) -> None:
        self.composer, self.knowledge = composer, composer.knowledge
        self.catalogue = composer.knowledge.catalogue
        self.language, self.places, self.titles = language, places, titles
        self.region, self._needs = region, Needs(self.catalogue)
        self._chain = self.catalogue.vocabulary.region_chain(region)

    def read(self, message: str, session: Session, on: date) -> Understanding:
        """Understand a message in its conversation."""
        said = mend(message.strip(), self.catalogue.vocabulary)
        text = self.stand_alone(said, session)
        # 「那…呢」 asks the same of another thing; a follow-up with its own question word does not.
        carries = text != said and not re.search(r"谁|什么|怎么|哪|吗", said)
        slots = self._slots(said) or (self._carried_slots(session) if carries else ())
        instruments = self._needs.instruments(text)
        documents = self.documents(said, session)
        matter = self._matter(text, on)
        clauses = self._named_clauses(said, documents, on)
        intent, note = self._intent(said, text, session, documents, clauses, on)
        return Understanding(
            intent=intent,
            text=text,
            matter=matter,
            search=read_query(matter, self.catalogue.vocabulary).expanded,
            said=said,
            documents=documents,
            clauses=clauses,
            slots=slots,
            instruments=instruments,
            need_offers=self._needs.offers(text),
            fallback_offers=self._needs.fallback_offers(text),
            focused=bool(instruments or self._needs.tags(text)),
            yes_no=self.language.yes_no.search(said) is not None,
            hoped_for=tuple(word for word in self.language.hoped_words if word in said),
            asserts=self.language.says("assertion", said),
            note=note,
        )

    def _intent(
        self,
        said: str,
        text: str,
        session: Session,
        documents: tuple[Document, ...],
        clauses: tuple[Clause, ...],
        on: date,
    ) -> tuple[Intent, Mapping[str, Any]]:
        language = self.language
        for row, pattern in language.refuse:
            if pattern.search(said):
                return "refuse", row
        for name in ("hand_over", "thanks", "out_of_scope"):
            if language.says(name, said):
                return name, {}
        if language.loose.search(said) and not language.trade.search(said):
            return "out_of_scope", {}
        if elsewhere := self._elsewhere(said, session, documents, on):
            return "elsewhere", elsewhere
        if lacking := self._lacking(said, documents, clauses, on):
            return lacking
        for row, pattern in language.meta:
            if pattern.search(said) and not self._needs.instruments(said):
                return "meta", {**row, "asked": pattern}
        if documents and not any(self.knowledge.serves(d.id, on) for d in documents):
            return "meta", {"id": "ended"}
        if clauses or (language.says("recite", said) and session.last):
            return "recite", {}
        for row, pattern, unless in language.clarify:
            if (
                pattern.search(said)
                and not unless.search(said)
                and self._applies(row, documents, on)
            ):
                return "clarify", row
        if titles := self._needs.ambiguous(said):
            return "ambiguous_title", {"titles": titles}
        if language.says("size", said):
            return "size", {}
        if language.says("tech_sme", said):
            return "tech_sme", {}
        if not documents and self._asks_match(said, text, session):
            return "match", {}
        if language.says("same", said):
            return "same", {}
        return ("premise" if language.says("premise", said) else "clause"), {}

    def _applies(self, row: Mapping[str, Any], documents: tuple[Document, ...], on: date) -> bool:
        """Whether a canned reply's clause may be quoted here and no other document is meant."""
        ids = {id.partition(":")[0] for id in row["clauses"]}
        named = {document.id for document in documents}
        return (not named or named <= ids) and all(
            self.composer.may_cite(id, on) for id in row["clauses"]
        )

    def documents(self, said: str, session: Session) -> tuple[Document, ...]:
        """Official documents a message names; else the one spoken of before, if it points back."""
        if named := self.titles.named(said):
            heads = [head for head, _ in named]
            return tuple(h for h in heads if h.region in self._chain) or tuple(heads)
        if session.last and (points_back(said) or articles(said)):
            cited = dict.fromkeys(id.partition(":")[0] for id in session.last.clause_ids)
            held = [self.catalogue.documents[id] for id in cited if id in self.catalogue.documents]
            return tuple(d for d in held if d.layer in POLICIES.layers)[:1]
        return ()

    def _matter(self, text: str, on: date) -> str:
        """What is asked, without the document and the place it is asked of."""
        matter = re.sub(r"\s", "", text) if self.titles.named(text) else text
        for head, form in self.titles.named(text):
            matter = matter.replace(form, " ").replace(head.document_number or form, " ")
        if self.places.served(self.region, on):
            matter = self.places.without(matter, self.region)
        matter = re.sub(r"《\s*》", " ", matter).strip()
        return matter if len(matter) > 3 else text

    @cached_property
    def _heads(self) -> tuple[Document, ...]:
        return tuple(h for h in self.knowledge.heads(POLICIES) if h.region in self._chain)

    def policies(self, on: date) -> list[Document]:
        """Heads of the official documents served here on a day."""
        return [head for head in self._heads if self.knowledge.serves(head.id, on)]

    def _named_clauses(
        self, said: str, documents: tuple[Document, ...], on: date
    ) -> tuple[Clause, ...]:
        """Clauses at the printed places a message names, of what may be cited here."""
        ids = {document.id for document in documents}
        found = [
            clause
            for place in named_places(said)
            for path in sorted(self.knowledge.policy_paths)
            if path == place or path.startswith(f"{place}.")
            for clause in self.knowledge.policy_clauses_at(path)
            if self.composer.may_cite(clause.id, on)
            and (not ids or clause.id.partition(":")[0] in ids)
        ]
        pool = [d for d in documents if self.composer.may_cite(d.id, on)]
        held = self.policies(on)
        pool = pool or (held if len(held) == 1 and not documents else [])
        for number in articles(said):
            for head in pool:
                whole = self.catalogue.documents[head.id].clauses
                found += clauses_numbered(whole, number)
        return tuple(dict.fromkeys(found))

    def _lacking(
        self,
        said: str,
        documents: tuple[Document, ...],
        clauses: tuple[Clause, ...],
        on: date,
    ) -> tuple[Intent, Mapping[str, Any]] | None:
        """Printed places, titles or 文号 a message names that are not here, or not told apart."""
        ended = documents and not any(self.knowledge.serves(d.id, on) for d in documents)
        if (named_places(said) or articles(said)) and not clauses and not ended:
            held = self.policies(on)
            if articles(said) and not documents and len(held) > 1:
                return "which_document", {"titles": tuple(head.title for head in held)}
            return "no_such_clause", {}
        numbers = named_numbers(said)
        known = {head.document_number for head in self.knowledge.heads()} if numbers else set()
        if numbers and not documents and not any(n in known or self._mentioned(n) for n in numbers):
            return "no_such_clause", {}
        if not documents and (title := self.titles.missing(said)):
            return "no_such_clause", {"title": title}
        return None

    def _elsewhere(
        self, said: str, session: Session, documents: tuple[Document, ...], on: date
    ) -> Mapping[str, Any] | None:
        """A place, or a document of one, outside the region served."""
        own = isinstance(session.facts.get("region"), str)
        if documents and not any(d.region in self._chain for d in documents):
            name = self.catalogue.vocabulary.regions[documents[0].region]
            return {"place": name, "collected": True, "own": self.region if own else ""}
        if documents or (place := self.places.asked(said, self.region, on)) is None:
            return None
        collected = self.places.collected(place, self.region, on)
        return {"place": place.name, "collected": collected, "own": self.region if own else ""}

    def _asks_match(self, said: str, text: str, session: Session) -> bool:
        """Whether the enterprise asks what it can get, or whether it qualifies."""
        language = self.language
        if language.bank.search(said):
            return False  # a bank asking about its own duties
        if language.says("assertion", said) and (self._slots(said) or re.search(r"\d", said)):
            return False  # a figure put up for confirmation is held against the clause
        if len(said) <= 4 and self._needs.kinds(said) and session.last is None:
            return True  # 「贷款」 and no more
        known = bool(session.facts)
        own = known or language.about_self.search(said) is not None
        own = own or (language.implied.search(said) is not None and not self._slots(said))
        if not own or not (self._needs.offers(text) or language.general.search(said)):
            return False
        patterns = (language.patterns["eligibility"], language.general, language.wants)
        return any(pattern.search(said) for pattern in patterns)

    def _slots(self, text: str) -> tuple[Slot, ...]:
        return tuple(
            slot
            for slot in self.language.slots
            if slot.asks.search(text) and not (slot.not_when and slot.not_when.search(text))
        )

    def _carried_slots(self, session: Session) -> tuple[Slot, ...]:
        held = session.last.slots if session.last else ()
        return tuple(slot for slot in self.language.slots if slot.id in held)

    def stand_alone(self, said: str, session: Session) -> str:
        """A follow-up gets the matter of the turn before, unless it names its own."""
        if session.last is None or len(said) > 40:
            return said
        if self.language.says("new_topic", said):
            return said
        named = self._needs.tags(said) or self._needs.instruments(said) or named_places(said)
        asks = self._slots(said) or self.language.yes_no.search(said) or said.startswith("谁")
        bare = len(said) <= 12 and asks and not named
        revises = len(said) <= 20 and re.search(r"改|换|不对|如果|要是", said)
        if not (bare or revises or self.language.says("follow_up", said)):
            return said
        if self._needs.instruments(said):
            return f"{said} "
        return f"{said} {session.last.topic}"

    def _mentioned(self, number: str) -> bool:
        """Whether any clause holds a 文号 word for word."""
        found = self.knowledge.retrieve(number, 40)
        return any(number in one.clause.text for one in found)
