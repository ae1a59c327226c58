"""Answers made of quoted clauses: which sentences answer, how strongly they promise, to whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from knowledge_base import (
    POLICIES,
    Citation,
    Clause,
    Document,
    Evidence,
    KnowledgeBase,
    Statement,
    citation_of,
    in_brackets,
    units,
)
from recommender import Match, Question

AnswerStatus = Literal[
    "answered",
    "partial",
    "asks",
    "not_stated",
    "not_in_corpus",
    "out_of_scope",
    "declined",
    "handed_over",
    "error",
]
_REALITY = {"policy": "", "product_sheet": "产品单", "illustration": "示例产品单"}
_FORCE = {
    "ceiling": "这里写的是上限(“最高”“不超过”),不是承诺。",
    "encouragement": "原文的力度是鼓励、推动一类的倡导,不是必须兑现的承诺。",
    "goal": "这是努力目标,不是企业可以领取的金额。",
}
_MIXED = "这段原文既有对企业的承诺,也有上限或倡导,力度请逐句看。"
_BOUND = "这一条约束的是银行保险机构等单位,企业不能据此直接要求办理。"
_INTERNAL = "这是银行内部管理和监管口径,企业不因此获得权利。"


@dataclass(frozen=True)
class Answer:
    """A reply: its status, the text, and every quote the text rests on."""

    status: AnswerStatus
    answer: str
    citations: tuple[Citation, ...] = ()
    question: Question | None = None
    matches: tuple[Match, ...] = ()
    notices: tuple[str, ...] = ()
    mode: str = "extractive"


@dataclass(frozen=True)
class Sentence:
    """A sentence of a clause that may answer; `score` orders the sentences of one question."""

    clause: Clause
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.clause.text[self.start - self.clause.start : self.end - self.clause.start]


_DIGITS = re.compile(r"\d+(?:\.\d+)?\s*(?:%|年|亿|万|个百分点)?")
_LISTED = 12  # items of an announced list shown at once
_HEADED = 0.6  # a word of the heading counts less than one of the sentence itself
_TITLED = 0.5  # nor what the whole document is about, which tells its sentences apart the least
_STANDING = 0.25
_MADE = re.compile(r"^[^。]{0,160}制定本(?:方案|办法|措施|意见|细则|条例|规定|政策)。?$")
_SENT = re.compile(r"(?:印发|转发|发布)给|(?:予以|现将|现予)[^。\n]{0,60}(?:印发|转发|发布)")
_STATED = ("ceiling", "information")
# What makes a ceiling, or a fact, one of money: a sum, a share, a multiple.
_SUM = re.compile(r"\d[\d.,]{0,12}\s*(?:(?:万|亿)?元|[%%倍])|[一二三四五六七八九]折")
_STOP = re.compile(r"[。;;!!?？\n]")
_HEADING = re.compile(r"^([(（][一二三四五六七八九十]+[)）]|\d+[.．、])[^。]{2,28}。")


def sentences(clause: Clause) -> list[tuple[int, int]]:
    """Spans of the sentences of a clause, its glued heading left out when more follows."""
    spans, begin = [], 0
    heading = _HEADING.match(clause.text)
    if heading and heading.end() < len(clause.text):
        begin = heading.end()
    for index in range(begin, len(clause.text)):
        if _STOP.match(clause.text[index]) or index == len(clause.text) - 1:
            end = index + 1
            words = clause.text[begin:end].strip()
            if words:
                start = begin + clause.text[begin:end].index(words[0])
                spans.append((clause.start + start, clause.start + start + len(words)))
            begin = end
    return spans


def is_wrapping(clause: Clause) -> bool:
    """Whether a clause only wraps the text: its header, its letter, or why it was made."""
    path = clause.id.rpartition(":")[2]
    return (
        path in ("head", "tail")
        or (path == "0" and _SENT.search(clause.text) is not None)
        or _MADE.search(clause.text) is not None
    )


def quote(document: Document, clause: Clause, start: int, end: int) -> Citation:
    """Citation of a span of a clause; a closing full stop is not part of the quote."""
    while end > start and document.text[end - 1] in "。;;":
        end -= 1
    return citation_of(document, clause, start, end)


def source(citation: Citation) -> str:
    """Where a quote stands, as people write it: 平科〔2024〕65号 二、(二)5."""
    if citation.document_number:
        return f"{citation.document_number} {citation.label}"
    return f"{in_brackets(citation.document_title)}{citation.label}"


def quoted(citation: Citation) -> str:
    """Source and words: 平科〔2024〕65号 二、(二)5:“……”."""
    return f"{source(citation)}:「{citation.quote}」"


class Composer:
    """Chooses and words quotes from one knowledge base."""

    def __init__(self, knowledge: KnowledgeBase, region: str) -> None:
        self.knowledge, self.documents = knowledge, knowledge.catalogue.documents
        self._region = region
        self._chain = knowledge.catalogue.vocabulary.region_chain(region)

    def policies(
        self, question: str, k: int, on: date | None, among: Sequence[str] = ()
    ) -> tuple[Evidence, ...]:
        """Policy clauses nearest a question, of the region served and those above it.

        `on` None leaves out nothing for its age; `among` are ids of the only documents to look into.
        """
        ids: Sequence[str | None] = among or (None,)
        found = [
            one
            for id in ids
            for one in self.knowledge.retrieve(question, k, on, self._region, id, POLICIES)
        ]
        return tuple(sorted(found, key=lambda one: -one.score)[:k])

    @cached_property
    def office(self) -> str:
        """Whom to ask in the region served: who issued a policy of its own."""
        heads = self.knowledge.heads(POLICIES)
        own = (head.issuers[0] for head in heads if head.region == self._region and head.issuers)
        return next(own, "发布机构")

    def is_here(self, region: str) -> bool:
        """Whether a region is the one served or lies above it."""
        return region in self._chain

    def may_cite(self, id: str, on: date) -> bool:
        """Whether a document or clause is in force on a day and of this region or one above."""
        document = self.documents.get(id.partition(":")[0])
        return (
            document is not None and self.is_here(document.region) and self.knowledge.serves(id, on)
        )

    def mentions(self, words: str, on: date) -> Clause | None:
        """A clause that holds these very words, of whatever layer; None when there is none."""
        found = self.knowledge.retrieve(words, 40, on, self._region)
        return next((one.clause for one in found if words in one.clause.text), None)

    def rank(self, question: str, clauses: Sequence[Clause]) -> list[Sentence]:
        """Sentences of some clauses by how well they answer, best first.

        The clauses come best first: a sentence keeps part of its clause's standing.
        """
        standing = {clause.id: 1 - at / len(clauses) for at, clause in enumerate(clauses)}
        spans = [(clause, *span) for clause in clauses for span in sentences(clause)]
        if not spans:
            return []
        texts = [c.text[start - c.start : end - c.start] for c, start, end in spans]
        near = self.knowledge.similarity(question, texts)
        asked, numbers = set(units(question)), set(_DIGITS.findall(question))
        scored = []
        for (clause, start, end), text, cosine in zip(spans, texts, near, strict=True):
            held = set(units(text))
            headed = set(units(clause.path[-1])) - held if clause.path else set()
            title = set(units(self.documents[clause.document_id].title))
            told = {unit: len(unit) * (_TITLED if unit in title else 1) for unit in asked}
            shared = sum(told[u] for u in asked & held) + _HEADED * sum(
                told[u] for u in asked & headed
            )
            overlap = shared / max(1, sum(told.values()))
            # A figure of the question standing in a sentence is the surest sign it is meant.
            figures = bool(numbers & set(_DIGITS.findall(text)))
            score = float(cosine) + overlap + figures + _STANDING * standing[clause.id]
            scored.append(Sentence(clause, start, end, score))
        return sorted(scored, key=lambda s: (-s.score, s.start))

    def span(self, ranked: list[Sentence], clause: Clause, share: float) -> Citation:
        """One quote from the first to the last sentence of a clause that scores near its best."""
        own = [s for s in ranked if s.clause.id == clause.id]
        good = [s for s in own if s.score >= share * own[0].score] if own else []
        document = self.documents[clause.document_id]
        if not good:
            return quote(document, clause, clause.start, clause.end)
        return quote(document, clause, min(s.start for s in good), max(s.end for s in good))

    def whole(self, sentence: Sentence) -> Citation:
        """Citation of one sentence."""
        document = self.documents[sentence.clause.document_id]
        return quote(document, sentence.clause, sentence.start, sentence.end)

    def with_list(self, sentence: Sentence) -> list[Citation]:
        """Citation of a sentence; one that ends in a colon, with what it announces."""
        clause, cited = sentence.clause, self.whole(sentence)
        if not cited.quote.endswith((":", "：")):
            return [cited]
        document = self.documents[clause.document_id]
        items = [c for c in document.clauses if c.id.startswith(f"{clause.id}.")][:_LISTED]
        return [
            quote(document, clause, sentence.start, clause.end),
            *(quote(document, item, item.start, item.end) for item in items),
        ]

    def widen(self, citation: Citation) -> Citation:
        """The sentence around a quote, so that a reader sees its subject and its force."""
        clause = self.knowledge.catalogue.clauses[citation.clause_id]
        document = self.documents[citation.document_id]
        for start, end in sentences(clause):
            if start <= citation.start and citation.end <= end:
                wide = quote(document, clause, start, max(end, citation.end))
                return replace(wide, relation=citation.relation)
        return citation

    def statements(self, citation: Citation) -> list[Statement]:
        """Statements of the clause that the quote covers."""
        clause = self.knowledge.catalogue.clauses[citation.clause_id]
        return [s for s in clause.statements if s.start < citation.end and citation.start < s.end]

    def pays(self, sentence: Sentence) -> bool:
        """Whether statements of a sentence promise an enterprise something of worth, or cap it."""
        text = self.documents[sentence.clause.document_id].text
        return any(
            "enterprise" in said.benefits
            and (
                said.force == "commitment"
                or (said.force in _STATED and _SUM.search(text, said.start, said.end) is not None)
            )
            for said in sentence.clause.statements
            if said.start < sentence.end and sentence.start < said.end
        )

    def force(self, citation: Citation, about: str) -> str:
        """What a quote promises and whom it binds, in one or two plain sentences."""
        covered = self.statements(citation)
        if self.documents[citation.document_id].layer != "policy" or not covered:
            return ""
        asked = set(units(about))
        text = self.documents[citation.document_id].text
        best = max(covered, key=lambda s: len(asked & set(units(text[s.start : s.end]))))
        forces = {said.force for said in covered if "enterprise" in said.benefits}
        if best.force in _FORCE and "commitment" in forces:
            return _MIXED
        words = [_FORCE[best.force]] if best.force in _FORCE else []
        if "enterprise" in best.benefits and best.force == "commitment":
            return "这是对企业的补助,以符合原文所写对象为前提。"
        if set(best.benefits) <= {"bank", "insurer"} and best.benefits:
            words.append(_INTERNAL)
        elif "bank" in best.bound and best.force != "ceiling":
            words.append(_BOUND)
        return "".join(words)


def sheet_layer(document: Document) -> str:
    """How a document that is not a policy is called."""
    return _REALITY.get(document.layer, "外部规定")
