"""A session and an utterance in, a cited answer out: read, look up, judge, compose, guard."""

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from bot.amended import amended, first_changed, taken_out
from bot.composing import Answer, Composer, is_wrapping, quoted
from bot.computing import compute
from bot.figures import amounts
from bot.guardrails import guard
from bot.headers import about_document, ended_document
from bot.language import Language, sign_pairs
from bot.matching import MatchReply
from bot.naming import Titles
from bot.places import Places
from bot.refusing import refusal
from bot.replies import ClauseReply
from bot.sessions import Session, Turn
from bot.sheets import replies_not_offered
from bot.stated import answer_to, facts_stated, merge
from bot.understanding import Reader, Understanding
from bot.wording import joined
from knowledge_base import (
    POLICIES,
    Clause,
    KnowledgeBase,
    ProfileError,
    read_query,
)
from recommender import ILLUSTRATIONS, Recommender, read_profile

# A correction, a supposition, or news: what is said now replaces what was known.
_REPLACES = re.compile(
    r"不对|不是.{0,8}(是|而是)|改成|改为|换成|变成|更正|纠正|说错|应该是|其实是|如果是|要是|^那\D{0,6}\d"
    r"|刚|已经|现在|最近|目前"
)
_PERIOD = re.compile(r"(20\d{2})[—–-](20\d{2})年")
_ASKS = re.compile(r"[??]|吗|什么|啥|怎么|怎样|哪|多少|呢|几")
UNSTATED_VALIDITY = "政策文件有效期未载明,引用前请向发布机构核实;条款以官方发布原文为准。"
ADVICE = "回答只依据已收录的公开文件,不构成审批结果、授信承诺或投保建议。"


_RELATED = 0.34  # of those pairs; with fewer shared the clauses speak of something else
_BACKING = 0.5  # from which a clause may stand as the policy behind a list of products
_COVERED = 0.8  # of the pairs of signs asked for; short of it lies a longer word sharing a stem


def _dated(text: str, on: date) -> str:
    """今年 and 明年 as the years they are on the day asked."""
    return text.replace("今年", f"{on.year}年").replace("明年", f"{on.year + 1}年")


class Bot:
    """Answers from one knowledge base and one recommender; keeps no state between replies."""

    def __init__(
        self, knowledge: KnowledgeBase, recommender: Recommender, home_region: str = "330326"
    ) -> None:
        self.knowledge, self.recommender = knowledge, recommender
        self.catalogue = knowledge.catalogue
        vocabulary, heads = self.catalogue.vocabulary, knowledge.heads(POLICIES)
        offered = frozenset(offer.region for offer in self.catalogue.offers.values())
        self._places, self._titles = Places(vocabulary, heads, offered), Titles(heads, vocabulary)
        self._language, self._home = Language(), home_region
        self._serve(home_region)

    def reply(self, session: Session, message: str, on: date) -> tuple[Answer, Session]:
        """The answer to a message and the conversation after it.

        QueryError for an empty or overlong message, ProfileError for a profile that cannot be read.
        """
        read_query(message, self.catalogue.vocabulary)
        read_profile(session.facts, self.catalogue.vocabulary, on)
        session, learnt = self._learn(session, message, on)
        # An enterprise from elsewhere is answered from the policies of its own place.
        there = self._serving(self._region(session, message, on))
        return there._reply(session, message, learnt, on)

    def _reply(
        self, session: Session, message: str, learnt: tuple[str, ...], on: date
    ) -> tuple[Answer, Session]:
        """The answer from the region served."""
        read = self._continued(self.reader.read(message, session, on), session, message, on)
        states = learnt and not _ASKS.search(message)
        if states and session.last and not read.instruments and read.intent in ("clause", "match"):
            read = self.reader.read(session.last.topic, Session(session.facts), on)
        if states and read.intent == "clause" and read.need_offers:
            read = replace(read, intent="match")  # a statement of facts asks what follows from them
        clauses = self._clauses(read, on)
        answer, shown = self._answer(read, clauses, session, on)
        answer = guard(answer, self.catalogue.documents, [*shown, message])
        answer = self._noted(answer, on)
        turn = Turn(
            message=message,
            topic=read.text[:200],
            slots=tuple(slot.id for slot in read.slots),
            clause_ids=tuple(dict.fromkeys(c.clause_id for c in answer.citations)),
            asked_fact=answer.question.fact if answer.question else None,
            status=answer.status,
            learnt=learnt or (session.last.learnt if session.last else ()),
        )
        return answer, session.after(turn)

    def _serve(self, region: str) -> None:
        self.home_region, self.composer = region, Composer(self.knowledge, region)
        self.reader = Reader(self.composer, region, self._language, self._places, self._titles)

    def _serving(self, region: str) -> "Bot":
        """This bot for another region."""
        if region == self.home_region:
            return self
        other = copy.copy(self)
        other._serve(region)
        return other

    def _region(self, session: Session, message: str, on: date) -> str:
        """Whose policies answer: the enterprise's own; where unknown, those of the place asked of.

        A place inside a region known only coarsely is asked of like one where nothing is known.
        """
        chain, own = self.catalogue.vocabulary.region_chain, session.facts.get("region")
        base = own if isinstance(own, str) else self._home
        text = self.reader.stand_alone(message, session)
        named = [head.region for head in self.reader.documents(message, session)]
        if not named and (place := self._places.asked(text, base, on)):
            sure = len(place.codes) == 1 and self._places.collected(place, base, on)
            named = list(place.codes) if sure else []
        open_to = [code for code in named if base != own or own in chain(code)]
        if not open_to or any(code in chain(base) for code in named):
            return base
        return open_to[0]

    def _learn(self, session: Session, message: str, on: date) -> tuple[Session, tuple[str, ...]]:
        """What a message says of the enterprise: an answer to the last question, or plain facts."""
        vocabulary, last = self.catalogue.vocabulary, session.last
        said: dict[str, Any] = facts_stated(message, vocabulary, on, last.topic if last else "")
        if last and last.asked_fact and last.asked_fact not in said and len(message) <= 60:
            value = answer_to(vocabulary.facts[last.asked_fact], message, vocabulary)
            if value is not None:
                said[last.asked_fact] = value
        sums = [code for code in (last.learnt if last else ()) if code.endswith("_yuan")]
        bare = amounts(message) if sums and len(message) <= 30 else []
        if bare and not any(code.endswith("_yuan") for code in said):
            # 「那5万呢」「不对,是4万」: the figure named before, with another value.
            said[sums[-1]] = bare[0].as_fact()
        learnt = merge(session.facts, said, _REPLACES.search(message) is not None)
        try:
            read_profile({**session.facts, **learnt}, vocabulary, on)
        except ProfileError:
            return session, ()  # what was heard makes no sense as a fact: it is not learnt
        return session.learn(learnt), tuple(learnt)

    def _continued(
        self, read: Understanding, session: Session, message: str, on: date
    ) -> Understanding:
        """An answer to a question continues the matter that raised it."""
        last = session.last
        if last is None or last.asked_fact is None or read.intent not in ("clause", "match"):
            return read
        if len(message) > 30 or read.slots or _ASKS.search(message):
            return read
        return self.reader.read(last.topic, Session(session.facts), on)

    def _clauses(self, read: Understanding, on: date) -> list[Clause]:
        """Policy clauses nearest the matter; those that name an instrument asked about come first."""
        found = self.composer.policies(read.matter, 8, on, [d.id for d in read.documents])
        scores = {e.clause.id: e.score for e in found}
        named = [id for instrument in read.instruments for id in instrument.clauses]
        for id in named:
            if self.composer.may_cite(id, on) and not read.documents:
                scores[id] = scores.get(id, 0.3) + 0.25
        best = max(scores.values(), default=0.0)
        order = sorted(scores, key=lambda id: -scores[id])
        clauses = [self.catalogue.clauses[id] for id in order if scores[id] >= 0.6 * best]
        return [clause for clause in clauses if not is_wrapping(clause)][:5]

    def _covered(self, read: Understanding, clauses: list[Clause]) -> bool:
        """Whether a clause no product stands for speaks of the very thing asked for: quote it."""
        asked = sign_pairs(self._language.matter(read.matter, read.slots))
        curated = {id for i in self.catalogue.vocabulary.instruments for id in i.clauses}
        return len(asked) > 1 and any(
            len(asked & sign_pairs(f"{clause.text} {' '.join(clause.path)}"))
            >= _COVERED * len(asked)
            for clause in clauses
            if clause.id not in curated
        )

    def _answer(
        self, read: Understanding, clauses: list[Clause], session: Session, on: date
    ) -> tuple[Answer, list[str]]:
        """One answer and the shown computations its figures may rest on."""
        if unfit := replies_not_offered(read, self.composer, self.catalogue):
            return unfit, []
        if early := refusal(read, self.composer, clauses, session, self.reader.language, on):
            return early, []
        if read.intent in ("clause", "match"):
            ended, beside = taken_out(read, self.composer, self.reader, clauses, on)
            if ended is not None:
                return ended, [beside]
            if beside:
                answer, shown = self._in_force(read, clauses, session, on)
                return replace(answer, notices=(beside, *answer.notices)), shown
        return self._in_force(read, clauses, session, on)

    def _in_force(
        self, read: Understanding, clauses: list[Clause], session: Session, on: date
    ) -> tuple[Answer, list[str]]:
        """The answer from the clauses that hold."""
        replies = ClauseReply(self.composer, self.catalogue, read, clauses, self._language)
        matches = MatchReply(self.composer, self.recommender, session, on)
        by_intent: dict[str, Callable[[], tuple[Answer, list[str]]]] = {
            "meta": lambda: about_document(read, self.composer, self.reader, clauses, on),
            "clarify": lambda: (replies.clarify(), []),
            "ambiguous_title": lambda: (replies.ambiguous_title(), []),
            "size": lambda: matches.size(read),
            "tech_sme": lambda: matches.tech_sme(read),
            "match": lambda: matches.reply(
                read, clauses if self._related(read, clauses, _BACKING) else []
            ),
        }
        if sum_shown := compute(_dated(read.search, on), clauses, self.composer):
            return joined(
                "answered", [sum_shown.text, quoted(sum_shown.citation)], [sum_shown.citation]
            ), [sum_shown.text]
        if read.intent == "match" and self._covered(read, clauses):
            return replies.reply(), []
        if read.intent in by_intent:
            return by_intent[read.intent]()
        if estimate := matches.estimate(read, clauses):
            return estimate
        if not self._related(read, clauses):
            return ended_document(read, self.composer, self.reader, on) or (replies.nothing(), [])
        return replies.reply(), []

    def _related(self, read: Understanding, clauses: list[Clause], least: float = _RELATED) -> bool:
        """Whether the clauses found speak of the matter; where they do not, nothing is unstated."""
        asked = sign_pairs(self._language.content(read.search, read.slots))
        named = [id for instrument in read.instruments for id in instrument.clauses]
        follows = read.text != read.said  # what went before tells what it is about
        if follows or len(asked) < 2 or any(clause.id in named for clause in clauses):
            return True
        documents = self.catalogue.documents
        said = [f"{c.text} {' '.join(c.path)} {documents[c.document_id].title}" for c in clauses]
        shared = max((len(asked & sign_pairs(words)) for words in said), default=0)
        return shared >= least * len(asked)

    def _noted(self, answer: Answer, on: date) -> Answer:
        """Notices that belong to what is cited and shown."""
        changed, words = amended(self.catalogue, answer.citations, on)
        notices = [*changed, *answer.notices]
        cited = [self.catalogue.documents[c.document_id] for c in answer.citations]
        layers = {document.layer for document in cited}
        if any(d.layer == "policy" and d.status(on) == "unknown" for d in cited):
            notices.append(UNSTATED_VALIDITY)
        ended = [
            period.group()
            for citation in answer.citations
            for period in _PERIOD.finditer(citation.quote)
            if int(period.group(2)) < on.year
        ]
        notices += [f"原文所写的{period}已经结束,现行口径请向发布机构核实。" for period in ended]
        if "illustration" in layers:
            notices.append(ILLUSTRATIONS)
        if answer.status in ("answered", "partial", "asks", "not_stated"):
            notices.append(ADVICE)
        warned = first_changed(self.catalogue, answer, on)
        return replace(
            answer,
            answer=f"{warned}\n{answer.answer}" if warned else answer.answer,
            citations=tuple(dict.fromkeys((*answer.citations, *words))),
            notices=tuple(dict.fromkeys(notices)),
        )
