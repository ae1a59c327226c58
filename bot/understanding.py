"""What a message wants: intent from a closed list, the matter it is about, the slot it asks for."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.sessions import Session
from knowledge_base import (
    Instrument,
    KnowledgeBase,
    fold,
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
class Slot:
    """A kind of thing asked for, and the patterns a sentence must match to hold it."""

    id: str
    name: str
    asks: re.Pattern[str]
    holds: re.Pattern[str]
    not_when: re.Pattern[str] | None


@dataclass(frozen=True)
class Understanding:
    """A message read: `text` stands alone (follow-ups carry the matter of the turn before)."""

    intent: Intent
    text: str
    search: str
    said: str
    places: tuple[str, ...]
    slots: tuple[Slot, ...]
    instruments: tuple[Instrument, ...]
    need_offers: tuple[str, ...]
    focused: bool
    fallback_offers: tuple[str, ...]
    yes_no: bool
    hoped_for: tuple[str, ...]
    asserts: bool
    note: Mapping[str, Any]


class Language:
    """The patterns of `language.toml`, compiled once."""

    def __init__(self) -> None:
        path = Path(__file__).parent / "language.toml"
        raw = tomllib.loads(path.read_text(encoding="utf8"))
        self.refuse = [(row, _any(row["patterns"])) for row in raw["refuse"]]
        self.clarify = [
            (row, _any(row["patterns"]), _any(row.get("unless", ["(?!)"])))
            for row in raw["clarify"]
        ]
        self.slots = [
            Slot(
                row["id"],
                row["name"],
                _any(row["asks"]),
                _any(row["holds"]),
                _any(row["not_when"]) if "not_when" in row else None,
            )
            for row in raw["slots"]
        ]
        self.named_only = (
            _any(raw["named_only"]["asks"]),
            tuple(raw["named_only"]["words"]),
            _any(raw["named_only"]["defines"]),
        )
        self.meta = [(row, _any(row["patterns"])) for row in raw["meta"]]
        self.satisfied: Mapping[str, str] = raw["hoped_for"]["satisfied"]
        words = sorted(raw["function_words"]["words"], key=len, reverse=True)
        self._function_words = re.compile("|".join(map(re.escape, words)))
        self.hoped_words: tuple[str, ...] = tuple(raw["hoped_for"]["words"])
        self.loose = _any(raw["out_of_scope"]["loose"])
        self.trade = _any([raw["out_of_scope"]["trade"]])
        self.yes_no = _any(raw["hoped_for"]["yes_no"])
        self.about_self = _any(raw["eligibility"]["self"])
        self.implied = _any(raw["eligibility"]["implied"])
        self.general = _any(raw["eligibility"]["general"])
        self.wants = _any(raw["eligibility"]["wants"])
        self.bank = _any(raw["eligibility"]["bank"])
        self.patterns = {
            name: _any(raw[name]["patterns"])
            for name in (
                *("hand_over", "out_of_scope", "follow_up", "recite", "thanks"),
                *("eligibility", "size", "tech_sme", "premise", "same", "assertion", "new_topic"),
            )
        }

    def content(self, text: str) -> str:
        """A text without its function words, a space in place of each."""
        return self._function_words.sub(" ", text)

    def says(self, name: str, text: str) -> bool:
        """Whether a text matches a named group of patterns."""
        return self.patterns[name].search(text) is not None


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# A bank, an industry or a customer that bears a place's name is not the place.
_PLACE_ASKED = re.compile(
    r"(?!银行|农商|产业|时间|大学|路|街)(市|县|区|省)?.{0,8}(政策|补|贴|贷|方案|规定|文件|办法|奖|扶持|人才|多少钱)"
)
_OWN_PLACE = re.compile(
    r"客户|供应商|供货|销往|出口|分公司|搬(到|来)|迁(到|入)|(我|咱|公司|厂|注册).{0,8}在|注册|企业能|公司能"
)


class Reader:
    """Reads messages against one knowledge base and one home region."""

    def __init__(self, knowledge: KnowledgeBase, home_region: str) -> None:
        self.knowledge, self.catalogue = knowledge, knowledge.catalogue
        self.language, catalogue = Language(), knowledge.catalogue
        self._chain = catalogue.vocabulary.region_chain(home_region)
        self._served = {offer.region for offer in catalogue.offers.values()} | set(self._chain)
        self._places = self._foreign_places()

    def read(self, message: str, session: Session) -> Understanding:
        """Understand a message in its conversation."""
        said = mend(message.strip(), self.catalogue.vocabulary)
        text = self._stand_alone(said, session)
        # 「那…呢」 asks the same of another thing; a follow-up with its own question word does not.
        carries = text != said and not re.search(r"谁|什么|怎么|哪|吗", said)
        slots = self._slots(said) or (self._carried_slots(session) if carries else ())
        instruments = self._instruments(text)
        intent, note = self._intent(said, text, session)
        return Understanding(
            intent=intent,
            text=text,
            search=read_query(text, self.catalogue.vocabulary).expanded,
            said=said,
            places=self.places(said),
            slots=slots,
            instruments=instruments,
            need_offers=self.need_offers(text),
            fallback_offers=self._fallback_offers(text),
            focused=bool(instruments or self._tags(text)),
            yes_no=self.language.yes_no.search(said) is not None,
            hoped_for=tuple(word for word in self.language.hoped_words if word in said),
            asserts=self.language.says("assertion", said),
            note=note,
        )

    def _intent(self, said: str, text: str, session: Session) -> tuple[Intent, Mapping[str, Any]]:
        language = self.language
        for row, pattern in language.refuse:
            if pattern.search(said):
                return "refuse", row
        if missing := self._missing_clauses(said):
            return "no_such_clause", {"named": missing}
        for name in ("hand_over", "thanks", "out_of_scope"):
            if language.says(name, said):
                return name, {}
        if language.loose.search(said) and not language.trade.search(said):
            return "out_of_scope", {}
        if place := self._elsewhere(said):
            return "elsewhere", {"place": place}
        if self.places(said) or (language.says("recite", said) and session.last):
            return "recite", {}
        for row, pattern in language.meta:
            if pattern.search(said) and not self._instruments(said):
                return "meta", row
        for row, pattern, unless in language.clarify:
            if pattern.search(said) and not unless.search(said):
                return "clarify", row
        if titles := self._ambiguous(said):
            return "ambiguous_title", {"titles": titles}
        if language.says("size", said):
            return "size", {}
        if language.says("tech_sme", said):
            return "tech_sme", {}
        if self._asks_match(said, text, session):
            return "match", {}
        if language.says("same", said):
            return "same", {}
        return ("premise" if language.says("premise", said) else "clause"), {}

    def _asks_match(self, said: str, text: str, session: Session) -> bool:
        """Whether the enterprise asks what it can get, or whether it qualifies."""
        language = self.language
        if language.bank.search(said):
            return False  # a bank asking about its own duties
        if language.says("assertion", said) and (self._slots(said) or re.search(r"\d", said)):
            return False  # a figure put up for confirmation is held against the clause
        if len(said) <= 4 and self._kinds(said) and session.last is None:
            return True  # 「贷款」 and no more
        known = bool(session.facts)
        own = known or language.about_self.search(said) is not None
        own = own or (language.implied.search(said) is not None and not self._slots(said))
        if not own or not (self.need_offers(text) or language.general.search(said)):
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

    def _stand_alone(self, said: str, session: Session) -> str:
        """A follow-up gets the matter of the turn before, unless it names its own."""
        if session.last is None or len(said) > 40:
            return said
        if self.language.says("new_topic", said):
            return said
        named = self._tags(said) or self._instruments(said) or self.places(said)
        asks = self._slots(said) or self.language.yes_no.search(said) or said.startswith("谁")
        bare = len(said) <= 12 and asks and not named
        revises = len(said) <= 20 and re.search(r"改|换|不对|如果|要是", said)
        if not (bare or revises or self.language.says("follow_up", said)):
            return said
        if self._instruments(said):
            return f"{said} "
        return f"{said} {session.last.topic}"

    def _instruments(self, text: str) -> tuple[Instrument, ...]:
        """Instruments a text names, the longest form first; a form inside a longer one is not it."""
        folded = fold(text)
        hits = [
            (len(fold(form)), fold(form), instrument)
            for instrument in self.catalogue.vocabulary.instruments
            for form in instrument.forms
            if fold(form) in folded
        ]
        found: list[Instrument] = []
        masked = folded
        for _, form, instrument in sorted(hits, key=lambda hit: -hit[0]):
            if form in masked:
                masked = masked.replace(form, "\0")
                if instrument not in found:
                    found.append(instrument)
            elif instrument not in found and form in (fold(f) for i in found for f in i.forms):
                found.append(instrument)
        return tuple(found)

    def need_offers(self, text: str) -> tuple[str, ...]:
        """Offers that answer a need: named outright, or tagged with what is asked for.

        A tag's wide words count only where no kind is named: 「研发有什么支持」 reaches the research
        insurance too, 「研发贷款」 does not.
        """
        kinds, tags = self._kinds(text), self._tags(text)
        named = {offer for one in self._instruments(text) for offer in one.offers}
        by_kind = kinds if not tags and not named else set()
        return tuple(
            offer.id
            for offer in self.catalogue.offers.values()
            if offer.id in named or tags & set(offer.tags) or offer.kind in by_kind
        )

    def _fallback_offers(self, text: str) -> tuple[str, ...]:
        """Offers of another need that stand in when every offer of a named kind is out of reach."""
        kinds, fallback = self._kinds(text), self.catalogue.vocabulary.fallback_needs
        tags = {tag for tag, instead_of in fallback.items() if kinds & set(instead_of)}
        return tuple(o.id for o in self.catalogue.offers.values() if tags & set(o.tags))

    def _kinds(self, text: str) -> set[str]:
        """Kinds of offer a message names."""
        folded, named = fold(text), self.catalogue.vocabulary.kind_words
        return {kind for kind, words in named.items() if any(fold(w) in folded for w in words)}

    def _tags(self, text: str) -> set[str]:
        """Needs a message speaks of."""
        kind_named = bool(self._kinds(text))
        needs = self.catalogue.vocabulary.needs
        return {tag for tag in needs if self._needs(tag, fold(text), kind_named)}

    def _needs(self, tag: str, folded: str, kind_named: bool) -> bool:
        """Whether a message asks for what a tag stands for."""
        vocabulary = self.catalogue.vocabulary
        if any(fold(word) in folded for word in vocabulary.needs[tag]):
            return True
        if not kind_named and any(word in folded for word in vocabulary.wide_needs[tag]):
            return True
        joint = vocabulary.joint_needs[tag]
        return bool(joint) and all(any(fold(w) in folded for w in words) for words in joint)

    def _ambiguous(self, said: str) -> tuple[str, ...]:
        """Titles a form could mean, when its benefits are asked about and nothing settles which."""
        if not re.search(
            r"好处|待遇|支持|政策|优惠|奖|有什么用|能(享受|拿|贷)|怎么(申|评|认)", said
        ):
            return ()
        masked = said
        for title in self.catalogue.vocabulary.titles:
            for form in sorted((title.name, *title.synonyms), key=len, reverse=True):
                masked = masked.replace(form, "\0")
        forms = self.catalogue.vocabulary.ambiguous_titles
        for form in sorted(forms, key=len, reverse=True):
            if form in masked:
                return forms[form]
        return ()

    def places(self, said: str) -> tuple[str, ...]:
        """Outline paths a text names as printed, or by item number where the outline runs on."""
        paths = self.knowledge.policy_paths
        items = {path.rpartition(".")[2]: path for path in paths if path.count(".") == 2}
        numbered = [items[n] for n in re.findall(r"第\s*(\d{1,3})\s*[条项款]", said) if n in items]
        return tuple(dict.fromkeys([*named_places(said), *numbered]))

    def _missing_clauses(self, said: str) -> tuple[str, ...]:
        """Printed places or 文号 a message names that do not exist in the corpus."""
        paths = self.knowledge.policy_paths
        sections = {path.rpartition(".")[0] for path in paths}
        missing = [p for p in named_places(said) if p not in paths and p not in sections]
        items = {path.rpartition(".")[2] for path in paths if path.count(".") == 2}
        missing += [
            f"第{number}条"
            for number in re.findall(r"第\s*(\d{1,3})\s*[条项款]", said)
            if str(int(number)) not in items
        ]
        numbers = named_numbers(said)
        known = {head.document_number for head in self.knowledge.heads()} if numbers else set()
        if numbers and not any(n in known or self._mentioned(n) for n in numbers):
            missing.append(min(numbers, key=len) if len(numbers) == 1 else numbers[0])
        return tuple(missing)

    def _mentioned(self, number: str) -> bool:
        """Whether any clause holds a 文号 word for word."""
        found = self.knowledge.retrieve(number, 40)
        return any(number in one.clause.text for one in found)

    def _elsewhere(self, said: str) -> str | None:
        """A place outside the region served whose policies are asked about."""
        if _OWN_PLACE.search(said):
            return None
        for name in self._places:
            at = said.find(name)
            if at >= 0 and _PLACE_ASKED.match(said[at + len(name) :]):
                return name
        return None

    def _foreign_places(self) -> tuple[str, ...]:
        vocabulary = self.catalogue.vocabulary
        served = {vocabulary.regions[code] for code in self._served}
        short = {name[:-1] for name in served if len(name) > 2}
        names: dict[str, None] = {}
        for code, name in vocabulary.regions.items():
            if code in self._served or name in served:
                continue
            # Two-character county names (城区, 郊区) would fire inside ordinary words.
            if len(name) > 2:
                names[name] = None
            stem = name[:-1]
            major = code.endswith("00") or code.startswith("3303")
            if major and len(stem) >= 2 and stem not in short:
                names[stem] = None
        return tuple(sorted(names, key=len, reverse=True))
