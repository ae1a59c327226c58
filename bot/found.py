"""The sentences found for a question: what they speak of, whether they pay, what they leave open."""

import re
from dataclasses import dataclass

from bot.composing import Composer, Sentence, is_wrapping
from bot.language import Language, Slot, sign_pairs
from bot.understanding import Understanding
from knowledge_base import Clause, Document, fold, units

_SUMS = ("amount", "cap")
_NEAR = 0.7  # of the best score: sentences that speak of the same matter
_SHARED = 0.5  # of the words asked after, from which another clause speaks of the same matter


@dataclass(frozen=True)
class Found:
    """Sentences of the nearest clauses, those that answer best first."""

    composer: Composer
    read: Understanding
    language: Language
    ranked: list[Sentence]

    @classmethod
    def of(
        cls, composer: Composer, read: Understanding, clauses: list[Clause], language: Language
    ) -> "Found":
        """The sentences of some clauses; of those of the matter first what holds the thing asked
        for: a sum that is paid, a day, a share."""
        ranked = composer.rank(read.search, clauses)
        asks_money = (
            bool(set(read.hoped_for) & set(language.payments))
            or any(slot.id in _SUMS for slot in read.slots)
            or not (read.slots or language.general.search(read.said) is None)
        )

        def holds(sentence: Sentence) -> bool:
            if asks_money:
                return composer.pays(sentence)
            return any(slot.holds.search(sentence.text) for slot in read.slots)

        if ranked:
            least = _NEAR * ranked[0].score
            ranked.sort(key=lambda s: (not (s.score >= least and holds(s)), -s.score, s.start))
        return cls(composer, read, language, ranked)

    @property
    def document(self) -> Document:
        """The document the answer speaks of: that of the sentence that answers best."""
        return self.composer.knowledge.catalogue.documents[self.ranked[0].clause.document_id]

    @property
    def _said(self) -> str:
        """The message without the document and place it names, unless it leans on another."""
        return self.read.matter if self.read.text == self.read.said else self.read.said

    def on_topic(self) -> list[Sentence]:
        """Sentences that speak of the very thing asked about: its name, else the best ones."""
        names = [fold(form) for i in self.read.instruments for form in i.forms]
        naming = [s for s in self.ranked if any(n in fold(s.text) for n in names)]
        if naming or any(i.offers for i in self.read.instruments):
            return naming
        best = max(s.score for s in self.ranked)
        return [s for s in self.ranked if s.score >= _NEAR * best]

    def further(self, slot: Slot) -> Sentence | None:
        """A sentence elsewhere in the same document that holds what was asked of the same matter."""
        asked = sign_pairs(self.language.matter(self.read.search, self.read.slots))
        asked, before = asked - sign_pairs(self.document.title), asked
        if not before:
            return None
        holding = [
            clause
            for clause in self.composer.knowledge.catalogue.documents[self.document.id].clauses
            if not is_wrapping(clause) and slot.holds.search(clause.text)
        ]
        for sentence in self.composer.rank(self.read.search, holding):
            held = sign_pairs(sentence.text)
            if slot.holds.search(sentence.text) and len(asked & held) >= _SHARED * len(asked):
                return sentence
        return None

    def told_elsewhere(self) -> list[Sentence]:
        """Sentences of another clause of the document that says the words its nearest leaves out."""
        new = sign_pairs(" ".join(self.new_words(self.ranked[0].clause.text, self._said)))
        clauses = self.composer.knowledge.catalogue.documents[self.document.id].clauses
        holding = [
            clause
            for clause in clauses
            if new and not is_wrapping(clause) and len(new & sign_pairs(clause.text)) > len(new) / 2
        ]
        return self.composer.rank(self.read.search, holding)

    def pays(self) -> bool:
        """Whether the sentences of the matter promise an enterprise something of worth."""
        return any(self.composer.pays(sentence) for sentence in self.on_topic())

    def unsaid_hopes(self) -> list[str]:
        """Things hoped for that the nearest clauses do not mention."""
        near = [s.text for s in self.on_topic()] if self.read.instruments else []
        near = near or [s.clause.text for s in self.ranked[:2]]
        text = fold("".join(near))
        paid = set(self.language.payments) if self.pays() else set()
        groups = self.composer.knowledge.catalogue.vocabulary.synonyms
        return [
            word
            for word in self.read.hoped_for
            if word not in paid
            and not any(
                fold(same) in text
                for same in (
                    word,
                    *self.language.satisfied.get(word, ()),
                    *(form for group in groups if word in group for form in group),
                )
            )
        ]

    def unsaid(self) -> str:
        """What a yes/no question or a question for a definition asks that the clause leaves open."""
        asks, words, defines = self.language.named_only
        near = "".join(s.text for s in self.ranked[:3])
        if asks.search(self.read.said) and any(word in self.read.said for word in words):
            return "" if defines.search(near) else "其定义和具体内容"
        if not self.read.yes_no:
            return ""
        said = self._said
        for word in self.language.payments if self.pays() else ():
            said = said.replace(word, " ")
        new = self.new_words(self.ranked[0].clause.text, said)
        return f"“{'、'.join(new)}”" if new else ""

    def new_words(self, text: str, said: str) -> list[str]:
        """Runs of two or more characters of what is said that the clause does not hold."""
        held = {unit for unit in units(text) if len(unit) > 1}
        for group in self.composer.knowledge.catalogue.vocabulary.synonyms:
            if any(form in text for form in group):
                held |= {unit for form in group for unit in units(form) if len(unit) > 1}
        for word, same in self.language.satisfied.items():
            if any(form in text for form in same):
                held |= set(units(word))
        for form in (form for i in self.read.instruments for form in i.forms):
            held |= {unit for unit in units(form) if len(unit) > 1}
        new: list[str] = []
        for word in re.findall(r"[\u4e00-\u9fff]{2,}", self.language.content(said)):
            known = [False] * len(word)
            for at in range(len(word) - 1):
                if word[at : at + 2] in held:
                    known[at] = known[at + 1] = True
            marked = "".join(c if not k else " " for c, k in zip(word, known, strict=True))
            new += re.findall(r"[\u4e00-\u9fff]{2,}", marked)
        letters = re.findall(r"[A-Za-z]+", said)
        return new + [word for word in letters if word.lower() not in text.lower()]
