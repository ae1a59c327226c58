"""Size classes and the 科技型中小企业 self-check, evaluated from the dated TOML beside this file.

Each file holds one edition with the day it came into force; before that day it says nothing.
"""

import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from recommender.values import Interval, Value

FOLDER = Path(__file__).parent
SIZES = ("大型", "中型", "小型", "微型")


class Facts(Protocol):
    """What a standard reads: stored or derived facts of one enterprise."""

    def value(self, code: str) -> Value | None: ...

    def open_inputs(self, code: str) -> tuple[str, ...]: ...

    def test(self, code: str, op: str, asked: Any) -> bool | None: ...

    def valueless(self, code: str) -> bool: ...


@dataclass(frozen=True)
class SizeStandard:
    """中小企业划型标准规定 (工信部联企业〔2011〕300号): lower bounds per sizing industry."""

    document_number: str
    effective_from: date
    rows: Mapping[str, Mapping[str, tuple[float, float, float]]]

    def classify(self, category: str, figures: Mapping[str, float]) -> str | None:
        """Size class of exact figures: a class needs every indicator at its bound; None if unsized."""
        row = self.rows.get(category)
        if row is None:
            return None
        reached = [
            sum(figures[metric] >= bound for bound in bounds) for metric, bounds in row.items()
        ]
        return SIZES[3 - min(reached)]

    def possible(
        self, categories: frozenset[str], figures: Mapping[str, Interval | None]
    ) -> frozenset[str]:
        """Every class the enterprise may have; empty when no category has a size.

        Each indicator moves the class in one direction only, so the two corners of the box of
        intervals bound it; between them every step is reached by some indicator.
        """
        found: set[str] = set()
        for category in categories:
            if category not in self.rows:
                continue
            metrics = self.rows[category]
            low = {m: _low(figures.get(m)) for m in metrics}
            high = {m: _high(figures.get(m)) for m in metrics}
            largest = SIZES.index(self.classify(category, high) or "")
            smallest = SIZES.index(self.classify(category, low) or "")
            found |= {
                size
                for size in SIZES[largest : smallest + 1]
                if self._reachable(category, size, figures)
            }
        return frozenset(found)

    def _reachable(self, category: str, size: str, figures: Mapping[str, Interval | None]) -> bool:
        points = [
            self.representatives(category, metric, figures.get(metric))
            for metric in self.rows[category]
        ]
        return any(
            self.classify(category, dict(zip(self.rows[category], combination, strict=True)))
            == size
            for combination in itertools.product(*points)
        )

    def representatives(
        self, category: str, metric: str, known: Interval | None
    ) -> tuple[float, ...]:
        """Values of a metric that between them reach every class the interval allows."""
        low, high = _low(known), _high(known)
        bounds = self.rows[category][metric]
        return tuple(sorted({low, *(b for b in bounds if low < b <= high)}))


def _low(known: Interval | None) -> float:
    return 0.0 if known is None or known.low is None else float(known.low)


def _high(known: Interval | None) -> float:
    return float("inf") if known is None or known.high is None else float(known.high)


def load_size_standard() -> SizeStandard:
    """The sizing table that ships."""
    raw = tomllib.loads((FOLDER / "size_classes.toml").read_text(encoding="utf8"))
    rows = {
        category: {metric: tuple(bounds) for metric, bounds in row.items()}
        for category, row in raw["rows"].items()
    }
    return SizeStandard(raw["document_number"], raw["effective_from"], rows)


@dataclass(frozen=True)
class Indicator:
    """Points of one indicator; None while a fact it needs is unknown."""

    id: str
    label: str
    points: int | None
    max: int


@dataclass(frozen=True)
class Standing:
    """How an enterprise stands to one standard; `missing` names the facts still needed."""

    standard: str
    document_number: str
    indicators: tuple[Indicator, ...]
    total: int | None
    failed: tuple[Mapping[str, str], ...]
    missing: tuple[str, ...]
    result: str


@dataclass(frozen=True)
class TechSmeStandard:
    """科技型中小企业评价办法 (国科发政〔2017〕115号) as data."""

    raw: Mapping[str, Any]

    @property
    def effective_from(self) -> date:
        """First day on which it is in force."""
        day: date = self.raw["effective_from"]
        return day

    def evaluate(self, facts: Facts) -> Standing:
        """Self-check: basic conditions, three indicators, direct grounds."""
        failed: list[Mapping[str, str]] = []
        missing: list[str] = []
        for condition in self.raw["basic_conditions"]:
            met = facts.test(condition["fact"], condition["op"], condition["value"])
            if met is False:
                failed.append({"fact": condition["fact"], "text": condition["text"]})
            elif met is None:
                missing += facts.open_inputs(condition["fact"])
        basic_unknown = bool(missing)
        indicators = []
        for row in self.raw["indicators"]:
            points, needed = _points(row, facts)
            indicators.append(Indicator(row["id"], row["label"], points, row["max"]))
            missing += needed
        scores = [indicator.points for indicator in indicators]
        total = None if None in scores else sum(score for score in scores if score is not None)
        return Standing(
            standard=self.raw["standard"],
            document_number=self.raw["document_number"],
            indicators=tuple(indicators),
            total=total,
            failed=tuple(failed),
            missing=tuple(dict.fromkeys(missing)),
            result=self._result(bool(failed), basic_unknown, total, indicators, facts),
        )

    def _result(
        self,
        failed: bool,
        basic_unknown: bool,
        total: int | None,
        indicators: list[Indicator],
        facts: Facts,
    ) -> str:
        if failed:
            return "barred"
        if basic_unknown:
            return "unknown"
        if facts.test("titles", "has_any", self.raw["direct_grounds"]["titles"]):
            return "confirmed"
        if total is None:
            return "unknown"
        scored = all(i.points for i in indicators if i.id in self.raw["must_score"])
        return "met" if scored and total >= self.raw["pass_total"] else "unmet"


def _points(row: Mapping[str, Any], facts: Facts) -> tuple[int | None, list[str]]:
    """Points of one indicator and the facts it lacks: the better of its scales."""
    low = high = 0
    needed: list[str] = []
    for scale in row["scales"]:
        value = facts.value(scale["fact"])
        if facts.valueless(scale["fact"]):
            continue  # its inputs are known and give no ratio (zero revenue): this scale earns nothing
        scale_low, scale_high = _band(scale["bands"], value)
        if scale_low != scale_high:
            needed += facts.open_inputs(scale["fact"])
        low, high = max(low, scale_low), max(high, scale_high)
    if low == high:
        return low, []
    return None, needed


def _band(bands: list[list[float]], value: Value | None) -> tuple[int, int]:
    """Lowest and highest points an interval can earn; bands are [lower bound, points], descending."""

    def earned(amount: float) -> int:
        return next((int(points) for bound, points in bands if amount >= bound), 0)

    known = value if isinstance(value, Interval) else None
    return earned(_low(known)), earned(_high(known))


def load_tech_sme_standard() -> TechSmeStandard:
    """The 科技型中小企业 standard that ships."""
    return TechSmeStandard(tomllib.loads((FOLDER / "tech_sme.toml").read_text(encoding="utf8")))
