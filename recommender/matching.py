"""An enterprise profile and a need in, ranked and explained matches out."""

import math
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from knowledge_base import (
    EVERYTHING,
    Catalogue,
    Citation,
    Criterion,
    Offer,
    Scope,
    fold,
    in_brackets,
)
from recommender.benefits import BenefitEstimate, estimate_benefit
from recommender.eligibility import (
    Eligibility,
    EligibilityStatus,
    assess,
    missing_facts,
    screen,
    words_behind,
)
from recommender.facts import ProfileFacts
from recommender.gaps import Gap, find_gaps
from recommender.profiles import EnterpriseProfile
from recommender.questions import Question, ask_fact
from recommender.standards import (
    Standing,
    load_size_standard,
    load_tech_sme_standard,
)
from recommender.standards.evaluation import SIZES
from recommender.values import Choices

_ORDER = {"eligible": 0, "undetermined": 1, "ineligible": 2}
_WEIGHTS = Path(__file__).parent / "weights.toml"
ADVICE = "匹配结果由系统按公开条件自动比对,仅供参考,不构成政府认定、授信承诺或投保建议,以主管部门或机构最终审核为准。"
PRICES = "贷款、保险的额度、利率、费率以合同为准;本服务不收取企业任何费用。"
ILLUSTRATIONS = "标为示例的产品单是演示材料,不是任何机构的要约。"
NEED_FACTS = "标为“待补充”的事项缺少事实,补充后才能判定;未知不等于不符合。"


@dataclass(frozen=True)
class Reason:
    """One sentence about a match and the words it rests on."""

    text: str
    citation: Citation


@dataclass(frozen=True)
class Match:
    """One offer judged for one enterprise; `score` orders matches and is never shown."""

    offer: Offer
    eligibility: Eligibility
    benefit: BenefitEstimate | None
    gaps: tuple[Gap, ...]
    reasons: tuple[Reason, ...]
    score: float
    rank: int


@dataclass(frozen=True)
class Recommendation:
    """All matches, best first, and the facts worth asking for."""

    matches: tuple[Match, ...]
    questions: tuple[Question, ...]
    notices: tuple[str, ...]


class Recommender:
    """Judges every offer of a catalogue for a profile; deterministic, keeps no state per profile."""

    def __init__(
        self,
        catalogue: Catalogue,
        closeness: Callable[[str], Mapping[str, float]] | None = None,
    ) -> None:
        """`closeness(need)` gives 0-1 per offer id from the meaning of the need, where available."""
        self.catalogue = catalogue
        self._closeness = closeness
        self._sizes = load_size_standard()
        self._tech_sme = load_tech_sme_standard()
        self._weights: dict[str, Any] = tomllib.loads(_WEIGHTS.read_text(encoding="utf8"))

    def facts(self, profile: EnterpriseProfile) -> ProfileFacts:
        """The profile as rules read it, derived facts included."""
        return ProfileFacts(profile, self.catalogue.vocabulary, self._sizes)

    def recommend(
        self,
        profile: EnterpriseProfile,
        need: str = "",
        kinds: frozenset[str] | None = None,
        statuses: frozenset[str] | None = None,
        limit: int | None = None,
        scope: Scope = EVERYTHING,
    ) -> Recommendation:
        """Matches for a profile on its day: eligible first, then undetermined, then ineligible.

        `need` ranks and never hides; an offer that is closed on the day keeps its verdict, stands
        last and is not asked about; one that is not offered to enterprises stands last of its verdict.
        """
        facts = self.facts(profile)
        wanted = self._need_fit(need)
        screened = [
            self._screen(offer, facts, wanted.get(offer.id, 0.0))
            for offer in self.catalogue.offers.values()
            if self.catalogue.layer_of(offer) in scope.layers
        ]
        screened.sort(key=_place)
        chosen = [
            one
            for one in screened
            if (kinds is None or one.offer.kind in kinds)
            and (statuses is None or one.status in statuses)
        ][:limit]
        matches = tuple(self._explain(one, facts, rank) for rank, one in enumerate(chosen, 1))
        notices: tuple[str, ...] = (ADVICE, PRICES)
        if any(one.status == "undetermined" for one in chosen):
            notices += (NEED_FACTS,)
        if any(one.offer.reality == "illustrative" for one in chosen):
            notices += (ILLUSTRATIONS,)
        return Recommendation(matches, self._questions(screened, facts), notices)

    def size_classes(self, facts: ProfileFacts) -> tuple[str, ...]:
        """Possible size classes, largest first; empty when the enterprise has none."""
        value = facts.value("size")
        if isinstance(value, Choices):
            return tuple(size for size in SIZES if size in value.possible)
        categories = facts.categories()
        known_unsized = categories is not None and not categories & facts.sizes.rows.keys()
        return () if known_unsized else SIZES

    def standings(self, facts: ProfileFacts) -> tuple[Standing, ...]:
        """How the enterprise stands to each national standard in force on the profile's day."""
        in_force = [s for s in (self._tech_sme,) if s.effective_from <= facts.profile.on]
        return tuple(standard.evaluate(facts) for standard in in_force)

    def _screen(self, offer: Offer, facts: ProfileFacts, need: float) -> "_Screened":
        status, results = screen(offer, facts)
        benefit = estimate_benefit(offer, facts) if status != "ineligible" else None
        return _Screened(
            offer=offer,
            status=status,
            missing=missing_facts(offer, results, facts) if status == "undetermined" else (),
            benefit=benefit,
            closed=offer.availability(facts.profile.on) == "closed",
            score=round(self._score(offer, results, benefit, need), 6),
        )

    def _explain(self, one: "_Screened", facts: ProfileFacts, rank: int) -> Match:
        eligibility = assess(one.offer, facts)
        return Match(
            offer=one.offer,
            eligibility=eligibility,
            benefit=one.benefit,
            gaps=find_gaps(eligibility, facts) if one.status == "ineligible" else (),
            reasons=self._reasons(one.offer, eligibility, facts),
            score=one.score,
            rank=rank,
        )

    def _score(
        self,
        offer: Offer,
        results: tuple[bool | None, ...],
        benefit: BenefitEstimate | None,
        need: float,
    ) -> float:
        w = self._weights
        certainty = 1 - results.count(None) / max(1, len(results)) + w["reality"][offer.reality]
        certainty += w["named_by_policy"] * any(c.relation == "names" for c in offer.citations)
        money = (benefit.amount_yuan or benefit.high_yuan or 0) if benefit else 0
        value = math.log1p(money) / math.log1p(w["value_full_yuan"]) if money else 0.0
        return float(w["need"] * need + w["value"] * value + w["certainty"] * certainty)

    def _need_fit(self, need: str) -> dict[str, float]:
        """How well each offer answers the need, 0-1."""
        if not need.strip():
            return {}
        vocabulary, w, said = self.catalogue.vocabulary, self._weights, fold(need)
        tags = {t for t, words in vocabulary.needs.items() if any(fold(x) in said for x in words)}
        kinds = {
            k for k, words in vocabulary.kind_words.items() if any(fold(x) in said for x in words)
        }
        named = {
            offer
            for instrument in vocabulary.instruments
            if any(fold(form) in said for form in instrument.forms)
            for offer in instrument.offers
        }
        close = self._closeness(need) if self._closeness else {}
        fit: dict[str, float] = {}
        for offer in self.catalogue.offers.values():
            hit = offer.id in named or bool(tags & set(offer.tags))
            fit[offer.id] = (
                w["need_tag"] * hit
                + w["need_kind"] * (offer.kind in kinds)
                + w["need_text"] * close.get(offer.id, 0.0)
            )
        return fit

    def _reasons(
        self, offer: Offer, eligibility: Eligibility, facts: ProfileFacts
    ) -> tuple[Reason, ...]:
        """Why this verdict: the words that decide it, the policy behind it, what else to know."""
        changed = not offer.reviewed(facts.profile.on)
        reasons = [Reason(_amended(words, changed), words) for words in offer.amended_by]
        wanted = {"eligible": "met", "ineligible": "unmet", "undetermined": "unknown"}
        heading = {"met": "符合", "unmet": "不符合", "unknown": "待确认"}
        for verdict in eligibility.verdicts:
            if verdict.status == wanted[eligibility.status] and verdict.citation:
                text = f"{heading[verdict.status]}:{verdict.text}({verdict.observed})"
                if verdict.basis == "assumed":
                    text += ";该条件由本系统按通行做法列出,以机构为准"
                reasons.append(Reason(text, verdict.citation))
        reasons += _policy_reasons(offer)
        reasons += self._expiring(offer, facts)
        for relation in offer.relations:
            names = "、".join(f"{self.catalogue.offer(o).name}({o})" for o in relation.offers)
            reasons.append(Reason(f"{_RELATION[relation.type]}{names}", relation.citation))
        return tuple(reasons)

    def _expiring(self, offer: Offer, facts: ProfileFacts) -> list[Reason]:
        """Titles this offer asks for that have ended or soon will, with the words that ask."""
        soon = facts.profile.on + timedelta(days=self._weights["expiring_days"])
        asked: dict[str, Citation] = {}
        for one in _leaves(offer.criteria):
            if one.fact == "titles" and one.citation is not None:
                for name in one.value:
                    asked.setdefault(name, one.citation)
        ending = [
            title
            for title in facts.profile.titles
            if title.name in asked and title.until is not None and title.until <= soon
        ]
        return [
            Reason(
                f"{title.name}已于{title.until}到期,按未持有处理"
                if title.until is not None and title.until < facts.profile.on
                else f"{title.name}将于{title.until}到期,请及时续期",
                asked[title.name],
            )
            for title in ending
        ]

    def _questions(self, screened: list["_Screened"], facts: ProfileFacts) -> tuple[Question, ...]:
        """Facts the enterprise can answer that still decide an open offer, the most decisive first."""
        decides: Counter[str] = Counter()
        why: dict[str, Citation | None] = {}
        for one in screened:
            if one.closed or not one.offer.offered or one.status == "ineligible":
                continue
            inputs = one.benefit.missing if one.benefit else ()
            for code in dict.fromkeys((*one.missing, *inputs)):
                if self.catalogue.vocabulary.facts[code].asked_of != "enterprise":
                    continue
                decides[code] += code in one.missing
                if why.get(code) is None:
                    why[code] = words_behind(code, one.offer.criteria, facts) or (
                        one.benefit.citation if one.benefit else None
                    )
        ordered = sorted(why, key=lambda code: (-decides[code], code))
        declared = self.catalogue.vocabulary.facts
        return tuple(ask_fact(declared[code], why[code], decides[code]) for code in ordered)


@dataclass(frozen=True, slots=True)
class _Screened:
    """An offer judged but not yet explained: what ranking and questions need."""

    offer: Offer
    status: EligibilityStatus
    missing: tuple[str, ...]
    benefit: BenefitEstimate | None
    closed: bool
    score: float


def _place(one: _Screened) -> tuple[bool, int, bool, float, str]:
    return one.closed, _ORDER[one.status], not one.offer.offered, -one.score, one.offer.id


_RELATION = {
    "excludes": "不能同时享受:",
    "after": "须先办理:",
    "supports": "可与下列贷款配套:",
}


def _leaves(criteria: tuple[Criterion, ...]) -> list[Criterion]:
    return [
        leaf
        for criterion in criteria
        for leaf in (_leaves(criterion.parts) if criterion.parts else [criterion])
    ]


def _amended(words: Citation, changed: bool) -> str:
    number = f"({words.document_number})" if words.document_number else ""
    if not changed:
        return f"所依条款将被{in_brackets(words.document_title)}{number}修改或废止,请留意生效日期"
    return f"所依条款已被{in_brackets(words.document_title)}{number}修改或废止,条件须按新的规定重新核对"


def _policy_reasons(offer: Offer) -> list[Reason]:
    """The clauses behind an offer; a related clause is never the source of a term."""
    return [
        Reason(
            f"政策点名:{citation.document_number} {citation.label}"
            if citation.relation == "names"
            else f"政策相关方向,条件出自产品单:{citation.document_number} {citation.label}",
            citation,
        )
        for citation in offer.citations
    ]
