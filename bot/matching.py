"""Answers about what an enterprise can get: the recommender's own list, worded with its clauses."""

from collections.abc import Sequence
from datetime import date

from bot.composing import Answer, Composer, quoted
from bot.computing import show_benefit
from bot.sessions import Session
from bot.understanding import Understanding
from bot.wording import joined
from knowledge_base import Citation, Clause
from recommender import Match, Question, Recommender, ask_fact, read_profile

_HEADINGS = {
    "eligible": "已符合公布条件",
    "undetermined": "还缺信息、暂不能判定",
    "ineligible": "目前不符合",
}
_REALITY = {"official": "官方", "reported": "报道", "illustrative": "示例"}
_SHOWN = 6


class MatchReply:
    """Words the matches of one session on one day; the list is the recommender's, unchanged."""

    def __init__(
        self, composer: Composer, recommender: Recommender, session: Session, on: date
    ) -> None:
        self.composer, self.recommender = composer, recommender
        vocabulary = recommender.catalogue.vocabulary
        self.profile = read_profile(session.facts, vocabulary, on)
        self.facts = recommender.facts(self.profile)

    def reply(self, read: Understanding, clauses: list[Clause]) -> tuple[Answer, list[str]]:
        """Verdicts on the offers that answer the need, the policy behind them, the next question."""
        recommendation = self.recommender.recommend(self.profile, read.text)
        wanted = set(read.need_offers)
        matches = [m for m in recommendation.matches if m.offer.id in wanted]
        if matches and all(m.eligibility.status == "ineligible" for m in matches):
            wanted |= set(read.fallback_offers)
            matches = [m for m in recommendation.matches if m.offer.id in wanted]
        if not wanted:
            matches = [m for m in recommendation.matches if m.eligibility.status == "eligible"][:8]
        matches = [m for m in matches if m.offer.offered]
        lines, citations, shown = self._worded(matches)
        policy = self._policy(matches, read, clauses)
        live = [m for m in matches if m.offer.availability(self.profile.on) != "closed"]
        question = self._question(live, recommendation.questions, read)
        eligible = any(m.eligibility.status == "eligible" for m in live)
        undecided = any(m.eligibility.status == "undetermined" for m in live) or not matches
        sums = any(shown) and any(slot.id == "amount" for slot in read.slots)
        status = "asks" if not eligible and undecided and question and not sums else "answered"
        lead = "按您已提供的信息与公布条件逐条比对(是否办理由机构审核,不作承诺):"
        lines = [lead, *lines] if lines else ["还没有足够信息判断能申请哪些产品。"]
        if policy:
            lines += ["政策依据:", *(quoted(citation) for citation in policy)]
        if question is not None:
            lines.append(f"想请您补充一项:{question.text}")
        answer = joined(status, lines, [*citations, *policy], question)  # type: ignore[arg-type]
        answer = Answer(**{**vars(answer), "matches": tuple(matches)})
        return answer, [*shown, *lines[-1:], *self._figures(matches)]

    def estimate(
        self, read: Understanding, clauses: list[Clause]
    ) -> tuple[Answer, list[str]] | None:
        """A subsidy's sum where the question gives its inputs but no claim to it."""
        if not any(slot.id in ("amount", "cap", "rate") for slot in read.slots):
            return None
        offers = [self.recommender.catalogue.offers[id] for id in read.need_offers]
        if not any(offer.benefit for offer in offers):
            return None
        found = self.recommender.recommend(self.profile, read.text).matches
        known = [m for m in found if m.offer in offers and m.benefit and m.benefit.telling]
        if not known:
            return None
        shown, citations = [], []
        for match in known:
            assert match.benefit is not None
            line = show_benefit(match.offer.name, match.benefit, self._labels())
            shown += [line, *match.benefit.caveats]
            citations += [match.benefit.citation]
        lines = [*shown, "以上为按公式的测算,以符合申报对象和条件为前提。", *map(quoted, citations)]
        return joined("answered", lines, citations), lines

    def size(self, read: Understanding) -> tuple[Answer, list[str]]:
        """The size class where the facts give it, else the fact that decides it."""
        sizes = self.recommender.size_classes(self.facts)
        missing = self.facts.open_inputs("size")
        stored = [c for c in missing if self.facts.fact(c).asked_of == "enterprise"]
        if stored:
            question = ask_fact(self.facts.fact(stored[0]), None, 0)
            needed = "、".join(self.facts.fact(c).label for c in stored)
            text = (
                "企业规模要按所属行业的划型标准判断,方案本身没有定义;"
                f"还需要:{needed}。\n先请您告诉我:{question.text}"
            )
            return Answer("asks", text, (), question), []
        if not sizes:
            return Answer("partial", "所属行业在国家划型标准中没有规模划分,不能判定大小。"), []
        citations = self._size_rule()
        lines = [f"按已提供的行业、人数和营业收入等,划型结果为{'或'.join(sizes)}。"]
        lines += [f"划型依据见{quoted(citation)}" for citation in citations]
        return joined("answered" if citations else "partial", lines, citations), lines

    def tech_sme(self, read: Understanding) -> tuple[Answer, list[str]]:
        """The 科技型中小企业 self-check as far as the facts go."""
        standing = next(iter(self.recommender.standings(self.facts)), None)
        if standing is None:
            return Answer("not_in_corpus", "所问日期还没有施行的评价办法,不能自评。"), []
        asked = [c for c in standing.missing if self.facts.fact(c).asked_of == "enterprise"]
        points = ",".join(
            f"{i.label}{'待定' if i.points is None else f'{i.points}分'}(满分{i.max}分)"
            for i in standing.indicators
        )
        result = {
            "met": "自评达标",
            "unmet": "自评不达标",
            "unknown": "缺信息,暂不能判定",
            "confirmed": "可直接确认",
            "barred": f"不符合基本条件({'、'.join(f['text'] for f in standing.failed)})",
        }[standing.result]
        line = f"{standing.standard}自评({standing.document_number}):{points};结论:{result}。"
        if standing.result == "unknown" and asked:
            question = ask_fact(self.facts.fact(asked[0]), None, 0)
            return Answer("asks", f"{line}\n请先补充:{question.text}", (), question), [line]
        return Answer("partial", f"{line}\n本方案没有规定该称号的认定条件,以科技部门评价为准。"), [
            line
        ]

    def _question(
        self, matches: Sequence[Match], questions: Sequence[Question], read: Understanding
    ) -> Question | None:
        """The question that decides most of the offers asked about, as the recommender worded it."""
        open_matches = [m for m in matches if m.eligibility.status == "undetermined"]
        named = {id for instrument in read.instruments for id in instrument.offers}
        open_matches = [m for m in open_matches if m.offer.id in named] or open_matches
        if not read.need_offers and not open_matches:
            return questions[0] if questions else None
        counts = {
            q.fact: sum(q.fact in m.eligibility.missing for m in open_matches) for q in questions
        }
        deciding = [q for q in questions if counts[q.fact]]
        if deciding and read.focused:
            # What sets this need apart is asked before what every offer asks alike.
            declared = self.facts.vocabulary.facts
            return max(
                deciding,
                key=lambda q: (
                    not declared[q.fact or ""].ask_late,
                    counts[q.fact] ** 1.5 / max(q.decides, counts[q.fact]),
                ),
            )
        if deciding:
            return max(deciding, key=lambda q: counts[q.fact])
        inputs = {code for m in matches if m.benefit for code in m.benefit.missing}
        return next((q for q in questions if q.fact in inputs), None)

    def _worded(self, matches: Sequence[Match]) -> tuple[list[str], list[Citation], list[str]]:
        """One line per offer with the words that decide it, and shown sums."""
        lines: list[str] = []
        citations: list[Citation] = []
        shown: list[str] = []
        closed = [m for m in matches if m.offer.availability(self.profile.on) == "closed"]
        if closed:
            names = "、".join(m.offer.name for m in closed)
            lines.append(f"已过有效期、不再推荐:{names}")
        for status, heading in _HEADINGS.items():
            group = [m for m in matches if m.eligibility.status == status and m not in closed]
            if group:
                lines.append(f"{heading}:")
            for match in group[:_SHOWN]:
                text, cited = self._line(match)
                lines.append(text)
                citations += cited
                if match.benefit and match.benefit.telling and status != "ineligible":
                    line = show_benefit(match.offer.name, match.benefit, self._labels())
                    shown += [line, *match.benefit.caveats]
                    lines += [part for part in (line, "、".join(match.benefit.caveats)) if line]
                    citations.append(match.benefit.citation)
        return lines, citations, shown

    def _line(self, match: Match) -> tuple[str, list[Citation]]:
        offer, eligibility = match.offer, match.eligibility
        name = f"{offer.name}【{_REALITY[offer.reality]}】"
        if eligibility.status == "eligible":
            cited = [v.citation for v in eligibility.verdicts if v.citation][:2]
            return f"- {name}:所列条件均已满足", cited
        if eligibility.status == "undetermined":
            labels = "、".join(self.facts.fact(code).label for code in eligibility.missing)
            unknown = [v.citation for v in eligibility.verdicts if v.status == "unknown"]
            return f"- {name}:还需要确认{labels}", [c for c in unknown if c][:1]
        unmet = [v for v in eligibility.verdicts if v.status == "unmet"]
        why = ";".join(f"{v.text}({v.observed})" for v in unmet)
        assumed = any(v.basis == "assumed" for v in unmet)
        note = "(含本系统按通行做法列出的条件,以机构为准)" if assumed else ""
        return f"- {name}:{why}{note}", [v.citation for v in unmet if v.citation][:2]

    def _policy(
        self, matches: Sequence[Match], read: Understanding, clauses: list[Clause]
    ) -> list[Citation]:
        """Policy sentences behind the offers shown, those that name an instrument first."""
        found: dict[tuple[str, int], Citation] = {}
        ordered = sorted(matches, key=lambda m: m.eligibility.status == "ineligible")
        for relation in ("names", "related"):
            for match in ordered[:_SHOWN]:
                for citation in match.offer.citations:
                    served = self.composer.may_cite(citation.clause_id, self.profile.on)
                    if served and citation.relation == relation:
                        wide = self.composer.widen(citation)
                        found.setdefault((wide.clause_id, wide.start), wide)
        for instrument in read.instruments:
            for id in instrument.clauses:
                if not self.composer.may_cite(id, self.profile.on):
                    continue
                ranked = self.composer.rank(
                    read.text, [self.composer.knowledge.catalogue.clauses[id]]
                )
                if ranked:
                    wide = self.composer.whole(ranked[0])
                    found.setdefault((wide.clause_id, wide.start), wide)
        if not found:
            ranked = self.composer.rank(read.search, clauses)[:1]
            found = {(s.clause.id, s.start): self.composer.whole(s) for s in ranked}
        return list(found.values())[:7]

    def _labels(self) -> dict[str, str]:
        return {code: fact.label for code, fact in self.facts.vocabulary.facts.items()}

    def _figures(self, matches: Sequence[Match]) -> list[str]:
        """Figures of the enterprise's own facts and of required thresholds, which lines may show."""
        return [match.offer.name for match in matches] + [
            f"{verdict.observed} {verdict.text} {match.offer.name}"
            for match in matches
            for verdict in match.eligibility.verdicts
        ]

    def _size_rule(self) -> list[Citation]:
        """Words of a sheet that name the sizing standard, the nearest the corpus has to it."""
        number = self.facts.sizes.document_number
        clause = self.composer.mentions(number, self.profile.on)
        if clause is None:
            return []
        ranked = self.composer.rank(number, [clause])
        return [self.composer.whole(s) for s in ranked if number in s.text][:1]
