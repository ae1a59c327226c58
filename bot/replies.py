"""Answers about what a policy says, does not say, or says of something else."""

import re
from dataclasses import replace

from bot.composing import Answer, Composer, Sentence, quoted
from bot.found import Found
from bot.language import Language, Slot, sign_pairs
from bot.naming import kind_of
from bot.sheets import SHEET_SECTION, from_sheets
from bot.understanding import Understanding
from bot.wording import ASK_WHERE, NOT_STATED, clarifying, issuer, joined
from knowledge_base import Catalogue, Clause, fold

_FIGURE = re.compile(r"\d+(?:\.\d+)?\s*(?:%|年|个百分点)?")
_TENTHS = re.compile(r"([一二三四五六七八九])成")


class ClauseReply:
    """Answers one understood question from the policy clauses nearest to it."""

    def __init__(
        self,
        composer: Composer,
        catalogue: Catalogue,
        read: Understanding,
        clauses: list[Clause],
        language: Language,
    ) -> None:
        self.composer, self.catalogue, self.read, self.clauses = composer, catalogue, read, clauses
        self.found = Found.of(composer, read, clauses, language)

    def reply(self) -> Answer:
        """What the policy says; or that it does not say, with the nearest clause."""
        if not self.found.ranked:
            return self.nothing()
        if self.read.intent == "same":
            return self._compared()
        if (
            self.read.yes_no
            and self.read.intent == "clause"
            and (told := self.found.told_elsewhere())
        ):
            self.found = replace(self.found, ranked=told)
        if self.read.intent == "premise" or self.read.asserts:
            return self._premise()
        on_topic = self.found.on_topic()
        for slot in self.read.slots:
            if not any(slot.holds.search(s.text) for s in on_topic):
                if further := self.found.further(slot):
                    return self._stated([further])
                return self._not_stated(slot.name, slot)
        if self.read.slots:
            return self._stated(on_topic)
        if hoped := self.found.unsaid_hopes():
            return self._not_stated("、".join(hoped), None)
        if unsaid := self.found.unsaid():
            return self._partly(unsaid)
        return self._described()

    def nothing(self) -> Answer:
        """That no document here speaks of the matter."""
        where = issuer(self.composer, None)
        return Answer("not_in_corpus", f"已收录的文件里没有找到相关条款,不作猜测;可向{where}咨询。")

    def clarify(self) -> Answer:
        """A question back, with what can be said already."""
        topic = str(self.read.note["topic"])
        named = [self.catalogue.clauses[id] for id in self.read.note["clauses"]]
        ranked = self.composer.rank(topic, named)
        cited = [self.composer.whole(s) for s in ranked if s.score >= 0.55 * ranked[0].score][:4]
        if "ask" not in self.read.note:
            return joined("partial", [str(self.read.note["say"]), *map(quoted, cited)], cited)
        question = clarifying(self.read.note["ask"], None, cited[0] if cited else None)
        lines = [str(self.read.note["say"]), self.read.note["ask"], *map(quoted, cited)]
        return joined("asks", lines, cited, question)

    def ambiguous_title(self) -> Answer:
        """Ask which title is meant, quoting the clauses that name any of them."""
        titles = self.read.note["titles"]
        ambiguous = self.catalogue.vocabulary.ambiguous_titles
        forms = [form for form, names in ambiguous.items() if set(names) & set(titles)]
        cited = [
            self.composer.span(self.found.ranked, clause, 0.9)
            for clause in self.clauses
            if any(fold(form) in fold(clause.text) for form in forms)
        ]
        text = f"请问是指{'还是'.join(titles)}?"
        lines = [text, "两者是不同部门或不同层级的称号,条款也分开写:", *map(quoted, cited)]
        question = clarifying(text, titles, cited[0] if cited else None)
        return joined("asks", lines, cited, question)

    def _stated(self, on_topic: list[Sentence]) -> Answer:
        """The sentence that holds what was asked for, first; then its force."""
        asked = sign_pairs(self.found.language.matter(self.read.search, self.read.slots))
        held = {s: len(asked & sign_pairs(s.text)) for s in on_topic}
        best = 0 if self.read.instruments else held[on_topic[0]]
        # What holds a figure of something else has not answered.
        holding = [
            s
            for s in on_topic
            if held[s] >= best and all(slot.holds.search(s.text) for slot in self.read.slots)
        ]
        first = (holding or on_topic)[0]
        citation, *listed = self.composer.with_list(first)
        document = self.composer.documents[citation.document_id]
        lines = [
            f"{kind_of(document)}写明了。{quoted(citation)}",
            *map(quoted, listed),
            self.composer.force(citation, self.read.search),
        ]
        return joined("answered", lines, [citation, *listed])

    def _described(self) -> Answer:
        """The clause that speaks of the matter, and others that name it too."""
        if self.read.instruments and not self.found.on_topic():
            return self._only_in_sheets()
        primary = self.found.ranked[0].clause
        named = {id for i in self.read.instruments for id in i.clauses}
        citations = [self.composer.span(self.found.ranked, primary, 0.3)]
        for clause in self.clauses:
            own = [s for s in self.found.ranked if s.clause.id == clause.id]
            near = own and own[0].score >= 0.75 * self.found.ranked[0].score
            if clause.id != primary.id and own and (clause.id in named or near):
                citations.append(self.composer.whole(own[0]))
        citations = citations[:3]
        lines = [
            f"与此相关的规定是{quoted(citations[0])}",
            self.composer.force(citations[0], self.read.search),
        ]
        lines += [f"另见{quoted(citation)}" for citation in citations[1:]]
        applies = self.read.instruments and re.search(r"办|申请|流程", self.read.said)
        sheet = from_sheets(self.read, self.composer, "办理方式") if applies else []
        lines += [line for line, _ in sheet]
        return joined("answered", lines, [*citations, *(c for _, c in sheet)])

    def _only_in_sheets(self) -> Answer:
        """An instrument no policy clause names: what its sheets say, marked as theirs."""
        extra = from_sheets(self.read, self.composer, "支持内容")
        lines = [
            NOT_STATED.format(
                document=kind_of(self.found.document), what=self.read.instruments[0].name
            )
        ]
        if extra:
            lines.append(f"以下出自产品单,不是{kind_of(self.found.document)}的规定:")
        lines += [line for line, _ in extra]
        lines.append(ASK_WHERE.format(issuer=issuer(self.composer, self.found.document)))
        citations = [citation for _, citation in extra] or [
            self.composer.whole(self.found.ranked[0])
        ]
        return joined("not_stated", lines, citations)

    def _partly(self, unsaid: str) -> Answer:
        """What the clause does say, and that it leaves the rest open."""
        citation = self.composer.span(self.found.ranked, self.found.ranked[0].clause, 0.8)
        lines = [
            quoted(citation),
            f"原文没有写明{unsaid},这一点{kind_of(self.found.document)}未规定。",
            self.composer.force(citation, self.read.search),
            ASK_WHERE.format(issuer=issuer(self.composer, self.found.document)),
        ]
        return joined("partial", lines, [citation])

    def _compared(self) -> Answer:
        """Two names held against each other: a clause that lists both apart settles it."""
        citations = [self.composer.span(self.found.ranked, self.found.ranked[0].clause, 0.8)]
        for instrument in self.read.instruments:
            names = [fold(form) for form in instrument.forms]
            named = [s for s in self.found.ranked if any(n in fold(s.text) for n in names)]
            citations += [self.composer.whole(s) for s in named[:1]]
        lines = ["不能混为一谈,原文是分开写的:", *map(quoted, dict.fromkeys(citations))]
        return joined(
            "partial",
            [*lines, ASK_WHERE.format(issuer=issuer(self.composer, self.found.document))],
            citations,
        )

    def _premise(self) -> Answer:
        """Whether a belief stands in the clause: its words are there, or they are not."""
        on_topic = self.found.on_topic() or self.found.ranked
        citation = (
            self.composer.whole(on_topic[0])
            if self.read.instruments
            else self.composer.span(self.found.ranked, on_topic[0].clause, 0.8)
        )
        believed = re.split(r"是不是|不就是|意思是|是说|就是", self.read.said, maxsplit=1)[-1]
        said = _TENTHS.sub(lambda m: f"{'一二三四五六七八九'.find(m[1]) + 1}0%", believed)
        figures = set(_FIGURE.findall(said)) - set(_FIGURE.findall(citation.quote))
        denied = bool(figures or self.found.new_words(citation.quote, said))
        lead = "不是这样写的,以原文为准:" if denied else "原文是这样写的:"
        lines = [
            f"{lead}{quoted(citation)}",
            self.composer.force(citation, self.read.search),
            ASK_WHERE.format(issuer=issuer(self.composer, self.found.document)) if denied else "",
        ]
        return joined("partial" if denied else "answered", lines, [citation])

    def _not_stated(self, what: str, slot: Slot | None) -> Answer:
        """That the policy is silent, its nearest words, what the sheets say, and whom to ask."""
        topic = self.found.on_topic()
        first = topic[0] if topic else self.found.ranked[0]
        citations = [self.composer.whole(first)]
        document = self.composer.documents[first.clause.document_id]
        lines = [
            NOT_STATED.format(document=kind_of(document), what=what),
            f"最接近的原文是{quoted(citations[0])}",
        ]
        applies = re.search(r"申请|申报|办|拿|领", self.read.said)
        section = "办理方式" if applies else "支持内容"
        section = SHEET_SECTION.get(slot.id, "") if slot else section
        extra = from_sheets(self.read, self.composer, section)
        if extra:
            lines.append(f"以下口径出自产品单,不是{kind_of(document)}的规定:")
            lines += [line for line, _ in extra]
            citations += [citation for _, citation in extra]
        lines.append(ASK_WHERE.format(issuer=issuer(self.composer, document)))
        return joined("not_stated", lines, citations)
