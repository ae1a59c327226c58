"""Facts of one enterprise as rules read them: stored ones, and derived ones computed on demand.

Derived facts are data (vocabulary `derived`): size class, months since, ratio, sum. `open_inputs`
names the stored facts that could still change a derived one, and only those.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from knowledge_base import Fact, Vocabulary
from recommender.profiles import EnterpriseProfile
from recommender.standards.evaluation import SizeStandard
from recommender.values import Choices, Interval, Value, compare

# What a size class (None = no class) comes to for whoever asks.
_Outcome = Callable[[str | None], object]


class ProfileFacts:
    """Reads facts of one profile; caches derived ones. Not shared between profiles."""

    def __init__(
        self, profile: EnterpriseProfile, vocabulary: Vocabulary, sizes: SizeStandard
    ) -> None:
        self.profile, self.vocabulary, self.sizes = profile, vocabulary, sizes
        self._derived: dict[str, Value | None] = {}
        self._open: dict[tuple[str, str | None, str], tuple[str, ...]] = {}
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

    def open_inputs(self, code: str, op: str | None = None, asked: Any = None) -> tuple[str, ...]:
        """Stored facts not known exactly that can still change this fact.

        For a size class and a comparison, only those that can change what the comparison comes to.
        A derived fact whose inputs are all known but which has no value is named by its own code.
        """
        key = (code, op, repr(asked))
        if key not in self._open:
            self._open[key] = self._find_open(code, op, asked)
        return self._open[key]

    def _find_open(self, code: str, op: str | None, asked: Any) -> tuple[str, ...]:
        fact, stated = self.fact(code), self.profile.values.get(code)
        if stated is not None and stated.exact and not self._coarse(code, stated):
            return ()
        if fact.derived is None or stated is not None:
            return (code,)
        if fact.derived["op"] == "size_class":
            return self._open_size_inputs(self._outcome(fact, op, asked))
        inputs = tuple(fact.derived["of"])
        if fact.derived["op"] == "ratio":
            below = self.number(inputs[1])
            if below is not None and below.high == 0:
                return (code,)
        found = tuple(one for one in inputs if self.open_inputs(one))
        return found or ((code,) if self.value(code) is None else ())

    def _outcome(self, fact: Fact, op: str | None, asked: Any) -> _Outcome:
        """What a class of a fact comes to: itself, or the result of one comparison."""
        if op is None:
            return lambda one: one
        return lambda one: compare(
            self.vocabulary, fact, None if one is None else Choices(frozenset({one})), op, asked
        )

    def _coarse(self, code: str, stated: Value) -> bool:
        """Whether a single stated code still covers finer ones (温州市 for a county, C for a class)."""
        if self.fact(code).type != "code" or not isinstance(stated, Choices):
            return False
        return any(not self.vocabulary.finest(code, str(one)) for one in stated.possible)

    def _open_size_inputs(self, outcome: _Outcome) -> tuple[str, ...]:
        """Inputs of the size class that can still change what it comes to."""
        if self.profile.on < self.sizes.effective_from:
            return ("size",)
        rows, categories = self.sizes.rows, self.categories()
        sized = sorted(rows if categories is None else categories & rows.keys())
        found = {
            metric
            for category in sized
            for metric in rows[category]
            if self._inexact(metric) and self._moves_size(category, metric, outcome)
        }
        if categories is None or self._industry_moves(sorted(categories), outcome):
            found.add("industry")
        order = ("industry", *_METRICS)
        return tuple(one for one in order if one in found) or (("size",) if not sized else ())

    def _inexact(self, code: str) -> bool:
        value = self.profile.values.get(code)
        return value is None or not value.exact

    def _moves_size(self, category: str, metric: str, outcome: _Outcome) -> bool:
        """Whether two values of one metric, all else equal, come to different things."""
        others = [m for m in self.sizes.rows[category] if m != metric]
        mine = self._points(category, metric)
        return any(
            len({outcome(self.sizes.classify(category, {**rest, metric: one})) for one in mine}) > 1
            for rest in self._grid({other: self._points(category, other) for other in others})
        )

    def _industry_moves(self, categories: list[str], outcome: _Outcome) -> bool:
        """Whether two of the possible industries, figures equal, come to different things."""
        points: dict[str, set[float]] = {}
        for category in categories:
            for metric in self.sizes.rows.get(category, ()):
                points.setdefault(metric, set()).update(self._points(category, metric))
        return len(categories) > 1 and any(
            len({outcome(self.sizes.classify(category, figures)) for category in categories}) > 1
            for figures in self._grid(points)
        )

    def _points(self, category: str, metric: str) -> tuple[float, ...]:
        return self.sizes.representatives(category, metric, self.number(metric))

    @staticmethod
    def _grid(points: Mapping[str, Iterable[float]]) -> Iterator[dict[str, float]]:
        """Every combination of some figures."""
        for combination in itertools.product(*points.values()):
            yield dict(zip(points, combination, strict=True))


_METRICS = ("employees", "revenue_yuan", "assets_yuan")


@lru_cache(maxsize=4096)
def whole_months(since: date, on: date) -> int:
    """Whole months from one day to another (31 January to 28 February is not yet one)."""
    months = (on.year - since.year) * 12 + on.month - since.month
    return months - (on.day < since.day)


def _size(facts: ProfileFacts, fact: Fact) -> Value | None:
    categories = facts.categories()
    if facts.profile.on < facts.sizes.effective_from:
        return None
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
