"""The visit brief as plain data: who they are, what fits, what to ask and bring, where it says so."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from knowledge_base import Citation, Offer, fold
from recommender.eligibility import Verdict
from recommender.facts import ProfileFacts
from recommender.matching import ADVICE, PRICES, Match, Recommendation, Recommender
from recommender.profiles import EnterpriseProfile
from recommender.values import Interval, show, yuan

STANDING_NOTICES = (ADVICE, PRICES)
# What two A4 pages hold (all gold and sample enterprises, as laid out by LibreOffice); the rest is a
# number with a pointer to the full list.
FITS, CANDIDATES, ASKS, GAPS, MATERIALS = 5, 4, 5, 3, 16
_WEIGHTS = Path(__file__).parent / "weights.toml"
_SHOWN = (
    *("uscc", "entity_type", "region", "industry", "founded_on", "revenue_yuan", "employees"),
    *("assets_yuan", "debt_ratio", "rd_spend_yuan", "ip_class1", "ip_class2", "tax_grade"),
    *("loans_yuan", "bank_count"),
)
_RESULTS = {
    "met": "自评达标",
    "unmet": "自评未达标",
    "unknown": "资料不全,暂不能自评",
    "confirmed": "可直接确认",
    "barred": "不符合基本条件",
}


@dataclass(frozen=True)
class Line:
    """One sentence with the number of the citation that backs it, 0 where it is a fact as stated."""

    text: str
    cited: int = 0


@dataclass(frozen=True)
class BriefOffer:
    """One offer in a brief: what it gives, and why it fits or what is still open."""

    offer: Offer
    status: str
    value: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Material:
    """A paper to bring and the offers that ask for it."""

    name: str
    offers: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """Everything an adviser takes to a visit; `citations` are numbered from 1."""

    name: str
    as_of: date
    need: str
    who: tuple[tuple[str, str], ...]
    fits: tuple[BriefOffer, ...]
    candidates: tuple[BriefOffer, ...]
    left_out: int
    asks: tuple[Line, ...]
    checks: tuple[str, ...]
    materials: tuple[Material, ...]
    gaps: tuple[Line, ...]
    signals: tuple[str, ...]
    citations: tuple[Citation, ...]
    notices: tuple[str, ...]


def make_brief(recommender: Recommender, profile: EnterpriseProfile, need: str = "") -> Brief:
    """The brief of one enterprise on the day of its profile."""
    return _Writer(recommender, profile, need).write()


class _Writer:
    """Writes one brief; numbers citations in the order in which they are first used."""

    def __init__(self, recommender: Recommender, profile: EnterpriseProfile, need: str) -> None:
        self.recommender, self.profile, self.need = recommender, profile, need
        self.facts = recommender.facts(profile)
        self.declared = recommender.catalogue.vocabulary.facts
        self.numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    def write(self) -> Brief:
        found = self.recommender.recommend(self.profile, self.need)
        live = [
            m
            for m in found.matches
            if m.offer.offered and m.offer.availability(self.profile.on) != "closed"
        ]
        by_status = {
            status: [m for m in live if m.eligibility.status == status]
            for status in ("eligible", "undetermined", "ineligible")
        }
        fits, open_ones = by_status["eligible"], by_status["undetermined"]
        return Brief(
            name=self.profile.name or "(未填名称)",
            as_of=self.profile.on,
            need=self.need,
            who=self._who(),
            fits=tuple(self._fit(match) for match in fits[:FITS]),
            candidates=tuple(self._candidate(match) for match in open_ones[:CANDIDATES]),
            left_out=max(0, len(fits) - FITS) + max(0, len(open_ones) - CANDIDATES),
            asks=self._asks(found),
            checks=self._checks([*fits, *open_ones]),
            materials=_merge_materials((fits or open_ones)[:FITS]),
            gaps=self._gaps(by_status["ineligible"]),
            signals=_signals(self.facts),
            citations=tuple(self.citations),
            notices=found.notices,
        )

    def _cite(self, citation: Citation | None) -> int:
        if citation is None:
            return 0
        key = (citation.clause_id, citation.start, citation.end)
        if key not in self.numbers:
            self.citations.append(citation)
            self.numbers[key] = len(self.citations)
        return self.numbers[key]

    def _who(self) -> tuple[tuple[str, str], ...]:
        vocabulary = self.recommender.catalogue.vocabulary
        who: list[tuple[str, str]] = []
        for code in _SHOWN:
            value = self.facts.value(code)
            if value is None:
                continue
            shown = show(self.declared[code], value, vocabulary.region_name)
            if code == "industry" and shown in vocabulary.industries:
                shown = f"{shown} {vocabulary.industries[shown].name}"
            who.append((self.declared[code].label, shown))
        titles = [
            f"{t.name}(至{t.until})" if t.until else t.name
            for t in self.profile.titles
            if t.until is None or t.until >= self.profile.on
        ]
        if "titles" in self.profile.values:
            who.append((self.declared["titles"].label, "、".join(titles) or "无"))
        sizes = self.recommender.size_classes(self.facts)
        who.append(("企业规模", "或".join(sizes) or "不适用划型标准"))
        for standing in self.recommender.standings(self.facts):
            points = "" if standing.total is None else f",{standing.total}分"
            who.append((f"{standing.standard}自评", _RESULTS[standing.result] + points))
        return tuple(who)

    def _fit(self, match: Match) -> BriefOffer:
        named = [c for c in match.offer.citations if c.relation == "names"][:1]
        lines = [Line(f"政策点名:{c.document_number} {c.label}", self._cite(c)) for c in named]
        met = [v for v in match.eligibility.verdicts if v.citation is not None]
        met.sort(key=lambda verdict: verdict.basis == "assumed")
        lines += [_verdict_line(v, self._cite(v.citation)) for v in met[: 3 - len(lines)]]
        return BriefOffer(match.offer, "eligible", _value(match), tuple(lines))

    def _candidate(self, match: Match) -> BriefOffer:
        open_ones = [v for v in match.eligibility.verdicts if v.status == "unknown" and v.citation]
        lines = tuple(_verdict_line(v, self._cite(v.citation)) for v in open_ones[:2])
        return BriefOffer(match.offer, "undetermined", _value(match), lines)

    def _asks(self, found: Recommendation) -> tuple[Line, ...]:
        return tuple(
            Line(f"{q.text}(影响{q.decides}项)" if q.decides else q.text, self._cite(q.why))
            for q in found.questions[:ASKS]
        )

    def _checks(self, matches: list[Match]) -> tuple[str, ...]:
        """Open facts that are not the enterprise's own to know: the adviser asks elsewhere."""
        whom = {"record": "向主管部门核实", "institution": "向有关机构核实"}
        found = [code for match in matches for code in match.eligibility.missing]
        return tuple(
            f"{self.declared[code].label}({whom[self.declared[code].asked_of]})"
            for code in dict.fromkeys(found)
            if self.declared[code].asked_of in whom
        )

    def _gaps(self, misses: list[Match]) -> tuple[Line, ...]:
        """Offers out of reach by the fewest conditions, all of them within the enterprise's power."""
        near = [m for m in misses if m.gaps and all(gap.changeable for gap in m.gaps)]
        near.sort(key=lambda match: (len(match.gaps), match.rank))
        lines = []
        for match in near[:GAPS]:
            wanted = ";".join(f"{gap.now},需{gap.needed}" for gap in match.gaps[:2])
            cited = next((v for v in match.eligibility.verdicts if v.status == "unmet"), None)
            number = self._cite(cited.citation) if cited else 0
            lines.append(Line(f"{match.offer.name}:{wanted}", number))
        return tuple(lines)


def _verdict_line(verdict: Verdict, cited: int) -> Line:
    word = {"met": "符合", "unmet": "不符合", "unknown": "待确认"}[verdict.status]
    return Line(f"{word}:{verdict.text}", cited)


def _value(match: Match) -> str:
    """The computed benefit where there is one, else the first published sentence about the amount."""
    benefit = match.benefit
    if benefit is not None and benefit.telling and benefit.amount_yuan:
        return f"按公式测算 {yuan(benefit.amount_yuan)}"
    if benefit is not None and benefit.telling and benefit.high_yuan:
        return f"按公式测算 {yuan(benefit.low_yuan or 0)}至{yuan(benefit.high_yuan)}"
    return match.offer.amount.split("。")[0].split("\n")[0] + "。"


def _merge_materials(matches: list[Match]) -> tuple[Material, ...]:
    """Papers of several offers, each once, those asked for most often first."""
    merged: dict[str, tuple[str, list[str]]] = {}
    for match in matches:
        for name in match.offer.materials:
            merged.setdefault(fold(name), (name, []))[1].append(match.offer.name)
    ordered = sorted(merged.values(), key=lambda one: -len(one[1]))
    return tuple(Material(name, tuple(offers)) for name, offers in ordered[:MATERIALS])


def _signals(facts: ProfileFacts) -> tuple[str, ...]:
    """What an adviser should notice: titles that end, loans against revenue and assets."""
    on = facts.profile.on
    days: int = tomllib.loads(_WEIGHTS.read_text(encoding="utf8"))["expiring_days"]
    signals: list[str] = []
    for title in facts.profile.titles:
        if title.until is not None and title.until < on:
            signals.append(f"{title.name}已于{title.until}到期,按未持有处理。")
        elif title.until is not None and title.until <= on + timedelta(days=days):
            signals.append(f"{title.name}将于{title.until}到期,请提醒续期。")
    loans = facts.number("loans_yuan")
    shares = {
        "上年度营业收入": _share(loans, facts.number("revenue_yuan")),
        "资产总额": _share(loans, facts.number("assets_yuan")),
    }
    told = [f"占{of}的{share}" for of, share in shares.items() if share]
    if loans is not None and told and loans.high != 0:
        shown = show(facts.fact("loans_yuan"), loans)
        signals.append(f"现有贷款余额{shown},{','.join(told)};此为事实换算,不是授信判断。")
    for code, text in _ALARMS.items():
        if facts.test(code, "eq", True):
            signals.append(text)
    return tuple(signals)


_ALARMS: Mapping[str, str] = {
    "overdue": "企业自述有当前逾期,多数贷款产品以此为限。",
    "abnormal": "企业自述列入经营异常或严重失信名单,请先了解原因与移出条件。",
    "wage_arrears": "企业自述拖欠工资或社保,请先了解情况。",
}


def _share(part: Interval | None, whole: Interval | None) -> str:
    """Percentage of two amounts as a range; empty where it cannot be given."""
    if part is None or whole is None or not whole.low or part.high is None:
        return ""
    high = f"{100 * part.high / whole.low:.1f}%"
    if part.exact and whole.exact:
        return high
    low = 0.0 if whole.high is None else 100 * (part.low or 0) / whole.high
    return f"{low:.1f}%至{high}"
