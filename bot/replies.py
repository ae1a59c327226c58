"""Answers about what a policy says, does not say, or says of something else."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from bot.composing import Answer, AnswerStatus, Composer, Sentence, quote, quoted, sheet_layer
from bot.understanding import Language, Slot, Understanding
from knowledge_base import Catalogue, Citation, Clause, fold, units
from recommender import Question

_NOT_STATED = "本方案未规定{what}。"
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s*(?:%|年|个百分点)?")
_TENTHS = re.compile(r"([一二三四五六七八九])成")
# Sections that hold no invented rate or date, so that an illustration may be quoted from them.
_SHOWN_OF_ILLUSTRATIONS = ("办理方式", "支持内容", "适用对象", "申请材料")
_ASK_WHERE = "可向{issuer}或经办机构核实,不要以网上说法为准。"
# Section of a product sheet that answers a slot where the policy is silent.
_SHEET_SECTION = {
    "cap": "支持内容",
    "amount": "支持内容",
    "rate": "价格与费用",
    "tenor": "期限",
    "deadline": "效力与来源",
    "contact": "办理方式",
    "materials": "申请材料",
    "conditions": "适用对象",
}


def issuer(composer: Composer) -> str:
    """Whom to ask: the office that issued the policy, where its page names one."""
    policies = (d for d in composer.documents.values() if d.layer == "policy")
    return next((d.issuer for d in policies if d.issuer), "发布机构")


def joined(
    status: AnswerStatus,
    lines: Iterable[str],
    citations: Sequence[Citation],
    question: Question | None = None,
) -> Answer:
    """An answer from its lines, each citation once."""
    seen: dict[tuple[str, int, int], Citation] = {}
    for citation in citations:
        seen.setdefault((citation.clause_id, citation.start, citation.end), citation)
    text = "\n".join(line for line in lines if line)
    return Answer(status, text, tuple(seen.values()), question)


def clarifying(text: str, options: Sequence[str] | None, why: Citation | None) -> Question:
    """A question that is not about one fact."""
    tappable = tuple({"value": one, "label": one} for one in options) if options else None
    return Question("clarify", None, text, None, None, tappable, why, 0)


class ClauseReply:
    """Answers one understood question from the policy clauses nearest to it."""

    def __init__(
        self,
        composer: Composer,
        catalogue: Catalogue,
        read: Understanding,
        clauses: list[Clause],
        language: Language,
        on: date,
    ) -> None:
        self.composer, self.catalogue, self.read, self.clauses = composer, catalogue, read, clauses
        self._language, self.on = language, on
        self.ranked = composer.rank(read.search, clauses)

    def reply(self) -> Answer:
        """What the policy says; or that it does not say, with the nearest clause."""
        if not self.ranked:
            return Answer(
                "not_in_corpus", f"已收录的文件里没有相关条款,可向{issuer(self.composer)}咨询。"
            )
        if self.read.intent == "same":
            return self._compared()
        if self.read.intent == "premise" or self.read.asserts:
            return self._premise()
        on_topic = self._on_topic()
        for slot in self.read.slots:
            if not any(slot.holds.search(s.text) for s in on_topic):
                return self._not_stated(slot.name, slot)
        if self.read.slots:
            return self._stated(on_topic)
        if hoped := self._unsaid_hopes():
            return self._not_stated("、".join(hoped), None)
        if unsaid := self._unsaid():
            return self._partly(unsaid)
        return self._described()

    def clarify(self) -> Answer:
        """A question back, with what can be said already."""
        topic = f"{self.read.note['topic']}"
        found = self.composer.policies(topic, 2, self.on)
        policy = [e.clause for e in found] or self.clauses[:2]
        wanted = fold(topic)
        named = [
            self.catalogue.clauses[id]
            for instrument in self.catalogue.vocabulary.instruments
            if any(fold(form) in wanted for form in instrument.forms)
            for id in instrument.clauses
            if self.composer.knowledge.serves(id.partition(":")[0], self.on)
        ]
        ranked = self.composer.rank(topic, list(dict.fromkeys([*policy, *named])))
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
            self.composer.span(self.ranked, clause, 0.9)
            for clause in self.clauses
            if any(fold(form) in fold(clause.text) for form in forms)
        ]
        text = f"请问是指{'还是'.join(titles)}?"
        lines = [text, "两者是不同部门或不同层级的称号,条款也分开写:", *map(quoted, cited)]
        question = clarifying(text, titles, cited[0] if cited else None)
        return joined("asks", lines, cited, question)

    def _on_topic(self) -> list[Sentence]:
        """Sentences that speak of the very thing asked about: its name, else the best ones."""
        names = [fold(form) for i in self.read.instruments for form in i.forms]
        naming = [s for s in self.ranked if any(n in fold(s.text) for n in names)]
        if naming or any(i.offers for i in self.read.instruments):
            return naming
        best = self.ranked[0].score
        return [s for s in self.ranked if s.score >= 0.7 * best]

    def _stated(self, on_topic: list[Sentence]) -> Answer:
        """The sentence that holds what was asked for, first; then its force."""
        holding = [
            s for s in on_topic if all(slot.holds.search(s.text) for slot in self.read.slots)
        ]
        first = (holding or on_topic)[0]
        citation = self.composer.whole(first)
        lines = [f"方案写明了。{quoted(citation)}", self.composer.force(citation, self.read.search)]
        return joined("answered", lines, [citation])

    def _described(self) -> Answer:
        """The clause that speaks of the matter, and others that name it too."""
        if self.read.instruments and not self._on_topic():
            return self._only_in_sheets()
        primary = self.ranked[0].clause
        named = {id for i in self.read.instruments for id in i.clauses}
        citations = [self.composer.span(self.ranked, primary, 0.3)]
        for clause in self.clauses:
            own = [s for s in self.ranked if s.clause.id == clause.id]
            near = own and own[0].score >= 0.75 * self.ranked[0].score
            if clause.id != primary.id and own and (clause.id in named or near):
                citations.append(self.composer.whole(own[0]))
        citations = citations[:3]
        lines = [
            f"与此相关的规定是{quoted(citations[0])}",
            self.composer.force(citations[0], self.read.search),
        ]
        lines += [f"另见{quoted(citation)}" for citation in citations[1:]]
        sheet = self._from_sheets("办理方式") if re.search(r"办|申请|流程", self.read.said) else []
        lines += [line for line, _ in sheet]
        return joined("answered", lines, [*citations, *(c for _, c in sheet)])

    def _only_in_sheets(self) -> Answer:
        """An instrument no policy clause names: what its sheets say, marked as theirs."""
        extra = self._from_sheets("支持内容")
        lines = [_NOT_STATED.format(what=self.read.instruments[0].name)]
        if extra:
            lines.append("以下出自产品单,不是本方案的规定:")
        lines += [line for line, _ in extra]
        lines.append(_ASK_WHERE.format(issuer=issuer(self.composer)))
        citations = [citation for _, citation in extra] or [self.composer.whole(self.ranked[0])]
        return joined("not_stated", lines, citations)

    def _unsaid(self) -> str:
        """What a yes/no question or a question for a definition asks that the clause leaves open."""
        asks, words, defines = self._language.named_only
        near = "".join(s.text for s in self.ranked[:3])
        if asks.search(self.read.said) and any(word in self.read.said for word in words):
            return "" if defines.search(near) else "其定义和具体内容"
        if not self.read.yes_no:
            return ""
        new = self._new_words(self.ranked[0].clause.text, self.read.said)
        return f"“{'、'.join(new)}”" if new else ""

    def _new_words(self, text: str, said: str) -> list[str]:
        """Runs of two or more characters of what is said that the clause does not hold."""
        held = {unit for unit in units(text) if len(unit) > 1}
        for group in self.catalogue.vocabulary.synonyms:
            if any(form in text for form in group):
                held |= {unit for form in group for unit in units(form) if len(unit) > 1}
        for form in (form for i in self.read.instruments for form in i.forms):
            held |= {unit for unit in units(form) if len(unit) > 1}
        new: list[str] = []
        for word in re.findall(r"[\u4e00-\u9fff]{2,}", self._language.content(said)):
            known = [False] * len(word)
            for at in range(len(word) - 1):
                if word[at : at + 2] in held:
                    known[at] = known[at + 1] = True
            marked = "".join(c if not k else " " for c, k in zip(word, known, strict=True))
            new += re.findall(r"[\u4e00-\u9fff]{2,}", marked)
        letters = re.findall(r"[A-Za-z]+", said)
        return new + [word for word in letters if word.lower() not in text.lower()]

    def _partly(self, unsaid: str) -> Answer:
        """What the clause does say, and that it leaves the rest open."""
        citation = self.composer.span(self.ranked, self.ranked[0].clause, 0.8)
        lines = [
            quoted(citation),
            f"原文没有写明{unsaid},这一点方案未规定。",
            self.composer.force(citation, self.read.search),
            _ASK_WHERE.format(issuer=issuer(self.composer)),
        ]
        return joined("partial", lines, [citation])

    def _compared(self) -> Answer:
        """Two names held against each other: a clause that lists both apart settles it."""
        citations = [self.composer.span(self.ranked, self.ranked[0].clause, 0.8)]
        for instrument in self.read.instruments:
            names = [fold(form) for form in instrument.forms]
            named = [s for s in self.ranked if any(n in fold(s.text) for n in names)]
            citations += [self.composer.whole(s) for s in named[:1]]
        lines = ["不能混为一谈,原文是分开写的:", *map(quoted, dict.fromkeys(citations))]
        return joined(
            "partial", [*lines, _ASK_WHERE.format(issuer=issuer(self.composer))], citations
        )

    def _premise(self) -> Answer:
        """Whether a belief stands in the clause: its words are there, or they are not."""
        on_topic = self._on_topic() or self.ranked
        citation = (
            self.composer.whole(on_topic[0])
            if self.read.instruments
            else self.composer.span(self.ranked, on_topic[0].clause, 0.8)
        )
        believed = re.split(r"是不是|不就是|意思是|是说|就是", self.read.said, maxsplit=1)[-1]
        said = _TENTHS.sub(lambda m: f"{'一二三四五六七八九'.find(m[1]) + 1}0%", believed)
        figures = set(_FIGURE.findall(said)) - set(_FIGURE.findall(citation.quote))
        denied = bool(figures or self._new_words(citation.quote, said))
        lead = "不是这样写的,以原文为准:" if denied else "原文是这样写的:"
        lines = [
            f"{lead}{quoted(citation)}",
            self.composer.force(citation, self.read.search),
            _ASK_WHERE.format(issuer=issuer(self.composer)) if denied else "",
        ]
        return joined("partial" if denied else "answered", lines, [citation])

    def _unsaid_hopes(self) -> list[str]:
        """Things hoped for that the nearest clauses do not mention."""
        near = [s.text for s in self._on_topic()] if self.read.instruments else []
        near = near or [s.clause.text for s in self.ranked[:2]]
        text = fold("".join(near))
        groups = self.catalogue.vocabulary.synonyms
        return [
            word
            for word in self.read.hoped_for
            if not any(
                fold(same) in text
                for same in (
                    word,
                    self._language.satisfied.get(word, word),
                    *(form for group in groups if word in group for form in group),
                )
            )
        ]

    def about_document(self) -> Answer:
        """What the header of the policy says of itself; an unstated validity is said to be so."""
        policy = next(
            (self.catalogue.documents[c.document_id] for c in self.clauses),
            next(d for d in self.catalogue.documents.values() if d.layer == "policy"),
        )
        head = policy.clauses[0]
        if field := str(self.read.note["says"]):
            start = policy.text.find(field, head.start, head.end)
            end = policy.text.find("\n", start)
            if start < 0:
                return Answer("not_stated", f"原文页首没有写明{field}。")
            citation = quote(policy, head, start, end)
            return joined("answered", [quoted(citation)], [citation])
        ranked = self.composer.rank(str(self.read.note["topic"]), policy.clauses[1:])
        citation = self.composer.whole(ranked[0])
        header = quote(policy, head, head.start, head.end)
        lines = [
            _NOT_STATED.format(what="施行日期、有效期和解释机关(有效期未载明)"),
            f"原文写明的只有目标期:{quoted(citation)}",
            _ASK_WHERE.format(issuer=issuer(self.composer)),
        ]
        return joined("not_stated", lines, [citation, header])

    def _not_stated(self, what: str, slot: Slot | None) -> Answer:
        """That the policy is silent, its nearest words, what the sheets say, and whom to ask."""
        topic = self._on_topic()
        first = topic[0] if topic else self.ranked[0]
        citations = [self.composer.whole(first)]
        lines = [
            _NOT_STATED.format(what=what),
            f"最接近的原文是{quoted(citations[0])}",
        ]
        applies = re.search(r"申请|申报|办|拿|领", self.read.said)
        section = "办理方式" if applies else "支持内容"
        section = _SHEET_SECTION.get(slot.id, "") if slot else section
        extra = self._from_sheets(section)
        if extra:
            lines.append("以下口径出自产品单,不是本方案的规定:")
            lines += [line for line, _ in extra]
            citations += [citation for _, citation in extra]
        lines.append(_ASK_WHERE.format(issuer=issuer(self.composer)))
        return joined("not_stated", lines, citations)

    def _from_sheets(self, section: str) -> list[tuple[str, Citation]]:
        """What the sheets of the instruments named say in one section, illustrations last."""
        found = []
        offers = [id for i in self.read.instruments for id in i.offers]
        if not self.read.instruments and len(self.read.need_offers) <= 5:
            offers = list(self.read.need_offers)
        for id in dict.fromkeys(offers):
            offer = self.catalogue.offers[id]
            document = self.catalogue.documents[id]
            if offer.reality == "illustrative" and section not in _SHOWN_OF_ILLUSTRATIONS:
                continue
            for clause in document.clauses:
                if section and clause.path and clause.path[0].endswith(f"、{section}"):
                    citation = quote(document, clause, clause.start, clause.end)
                    label = {"official": "官方", "reported": "报道"}.get(offer.reality, "示例")
                    found.append(
                        (f"{sheet_layer(document)}【{label}】{quoted(citation)}", citation)
                    )
                    break
        return found[:2]


def replies_not_offered(
    read: Understanding, composer: Composer, catalogue: Catalogue
) -> Answer | None:
    """An instrument that no enterprise can apply for: its sheet says so, nothing else is pushed."""
    named = [id for i in read.instruments for id in i.offers]
    if read.intent in ("refuse", "hand_over") or not named:
        return None
    if any(catalogue.offers[id].offered for id in named):
        return None
    citations = [
        quote(document, clause, clause.start, clause.end)
        for document in (catalogue.documents[id] for id in named)
        for clause in document.clauses
        if clause.path and re.search(r"办理方式|价格与费用", clause.path[0])
    ]
    lines = ["不是,企业不能直接申请这一项;本方案也未规定。", *map(quoted, citations)]
    return joined("answered", lines, citations)
