"""Facts of one enterprise as rules read them: stored ones, and derived ones computed on demand.

Derived facts are data (vocabulary `derived`): size class, months since, ratio, sum. `open_inputs`
names the stored facts that could still change a derived one, and only those.
"""

import itertools
from datetime import date
from functools import lru_cache
from typing import Any

from knowledge_base import Fact, Vocabulary
from recommender.profiles import EnterpriseProfile
from recommender.standards.evaluation import SizeStandard
from recommender.values import Choices, Interval, Value, compare


class ProfileFacts:
    """Reads facts of one profile; caches derived ones. Not shared between profiles."""

    def __init__(
        self, profile: EnterpriseProfile, vocabulary: Vocabulary, sizes: SizeStandard
    ) -> None:
        self.profile, self.vocabulary, self.sizes = profile, vocabulary, sizes
        self._derived: dict[str, Value | None] = {}
        self._open: dict[str, tuple[str, ...]] = {}
        self.truths: dict[str, bool | None] = {}

    def fact(self, code: str) -> Fact:
        """The declaration of a fact."""
        return self.vocabulary.facts[code]

    def value(self, code: str) -> Value | None:
        """What is known of a fact; None = unknown."""
        stated = self.profile.values.get(code)
        fact = self.vocabulary.facts[code]
        if stated is not None or fact.derived is None:
            return stated
        if code not in self._derived:
            self._derived[code] = _DERIVE[fact.derived["op"]](self, fact)
        return self._derived[code]

    def test(self, code: str, op: str, asked: Any) -> bool | None:
        """Three-valued result of one comparison."""
        return compare(self.vocabulary, self.fact(code), self.value(code), op, asked)

    def valueless(self, code: str) -> bool:
        """Whether a derived fact has no value although its inputs are known (a ratio over zero)."""
        return (
            self.value(code) is None
            and code in self.open_inputs(code)
            and bool(self.fact(code).derived)
        )

    def number(self, code: str) -> Interval | None:
        """A numeric or date fact as an interval, None when unknown."""
        value = self.value(code)
        return value if isinstance(value, Interval) else None

    def categories(self) -> frozenset[str] | None:
        """Possible sizing industries; None when unknown."""
        value = self.value("size_category")
        return value.possible if isinstance(value, Choices) else None

    def open_inputs(self, code: str) -> tuple[str, ...]:
        """Stored facts not known exactly that can still change this fact.

        A derived fact whose inputs are all known but which has no value is named by its own code.
        """
        if code not in self._open:
            self._open[code] = self._find_open(code)
        return self._open[code]

    def _find_open(self, code: str) -> tuple[str, ...]:
        fact, stated = self.fact(code), self.profile.values.get(code)
        if stated is not None and stated.exact and not self._coarse(code, stated):
            return ()
        if fact.derived is None or stated is not None:
            return (code,)
        if fact.derived["op"] == "size_class":
            return self._open_size_inputs()
        inputs = tuple(fact.derived["of"])
        if fact.derived["op"] == "ratio":
            below = self.number(inputs[1])
            if below is not None and below.high == 0:
                return (code,)
        found = tuple(one for one in inputs if self.open_inputs(one))
        return found or ((code,) if self.value(code) is None else ())

    def _coarse(self, code: str, stated: Value) -> bool:
        """Whether a single stated code still covers finer ones (温州市 for a county, C for a class)."""
        if self.fact(code).type != "code" or not isinstance(stated, Choices):
            return False
        return any(not self.vocabulary.finest(code, str(one)) for one in stated.possible)

    def _open_size_inputs(self) -> tuple[str, ...]:
        categories = self.categories()
        if categories is None:
            return tuple(one for one in ("industry", *_METRICS) if self._inexact(one))
        sized = [category for category in sorted(categories) if category in self.sizes.rows]
        found: set[str] = set()
        if len(categories) > 1 and len({self._sizes_of(c) for c in categories}) > 1:
            found.add("industry")
        for category in sized:
            found |= {m for m in self.sizes.rows[category] if self._moves_size(category, m)}
        order = ("industry", *_METRICS)
        return tuple(one for one in order if one in found) or (("size",) if not sized else ())

    def _sizes_of(self, category: str) -> frozenset[str]:
        return self.sizes.possible(
            frozenset({category}), {metric: self.number(metric) for metric in _METRICS}
        )

    def _inexact(self, code: str) -> bool:
        value = self.profile.values.get(code)
        return value is None or not value.exact

    def _moves_size(self, category: str, metric: str) -> bool:
        """Whether two values of one metric, all else equal, give different classes."""
        if not self._inexact(metric):
            return False
        row = self.sizes.rows[category]
        others = [m for m in row if m != metric]
        grids = [self.sizes.representatives(category, m, self.number(m)) for m in others]
        mine = self.sizes.representatives(category, metric, self.number(metric))
        return any(
            len(
                {
                    self.sizes.classify(
                        category, {**dict(zip(others, rest, strict=True)), metric: value}
                    )
                    for value in mine
                }
            )
            > 1
            for rest in itertools.product(*grids)
        )


_METRICS = ("employees", "revenue_yuan", "assets_yuan")


@lru_cache(maxsize=4096)
def whole_months(since: date, on: date) -> int:
    """Whole months from one day to another (31 January to 28 February is not yet one)."""
    months = (on.year - since.year) * 12 + on.month - since.month
    return months - (on.day < since.day)


def _size(facts: ProfileFacts, fact: Fact) -> Value | None:
    categories = facts.categories()
    if categories is None or not categories <= facts.sizes.rows.keys():
        return None
    possible = facts.sizes.possible(
        categories, {metric: facts.number(metric) for metric in _METRICS}
    )
    return Choices(possible) if possible else None


def _months(facts: ProfileFacts, fact: Fact) -> Value | None:
    since = facts.number(fact.derived["of"][0]) if fact.derived else None
    if since is None:
        return None
    on = facts.profile.on
    youngest = 0 if since.high is None else whole_months(since.high, on)
    return Interval(youngest, None if since.low is None else whole_months(since.low, on))


def _ratio(facts: ProfileFacts, fact: Fact) -> Value | None:
    """Share of two facts; no value when the lower one is missing or can be zero."""
    above, below = (
        (facts.number(one) for one in fact.derived["of"]) if fact.derived else (None,) * 2
    )
    if above is None or below is None or not below.low or below.low <= 0:
        return None
    low = 0.0 if below.high is None else above.low / below.high
    high = None if above.high is None else above.high / below.low
    return Interval(low, high)


def _sum(facts: ProfileFacts, fact: Fact) -> Value | None:
    """Sum of counts; an unknown part is at least zero."""
    parts = [facts.number(one) for one in fact.derived["of"]] if fact.derived else []
    if all(part is None for part in parts):
        return None
    low = sum(part.low or 0 for part in parts if part is not None)
    highs = [None if part is None else part.high for part in parts]
    return Interval(low, None if None in highs else sum(high for high in highs if high is not None))


def _sizing(facts: ProfileFacts, fact: Fact) -> Value | None:
    """Sizing industries from the industry code, where none is stated."""
    industry = facts.value(fact.derived["of"][0]) if fact.derived else None
    if not isinstance(industry, Choices):
        return None
    codes = (facts.vocabulary.sizing_of(str(code)) for code in industry.possible)
    return Choices(frozenset().union(*codes))


_DERIVE = {
    "sizing_of": _sizing,
    "size_class": _size,
    "months_since": _months,
    "ratio": _ratio,
    "sum": _sum,
}
