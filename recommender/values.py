"""What is known about one fact: an interval, a set of possible values, or a partly known list.

Unknown is the absence of a value (None), never zero and never false. `compare` is Kleene: True only
when every possibility satisfies the test, False only when none does, else None.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge_base import Fact, Vocabulary


@dataclass(frozen=True)
class Interval:
    """A closed interval of numbers or days; None is an open end; exact when both ends are equal."""

    low: Any
    high: Any

    @property
    def exact(self) -> bool:
        """Whether this is one single value."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True)
class Choices:
    """The possible values of an enum, code, bool or text; exact when there is only one."""

    possible: frozenset[Any]

    @property
    def exact(self) -> bool:
        """Whether this is one single value."""
        return len(self.possible) == 1


@dataclass(frozen=True)
class Listing:
    """Members known to be held and not held; when `complete`, nothing else is held."""

    has: frozenset[str]
    has_not: frozenset[str]
    complete: bool

    @property
    def exact(self) -> bool:
        """Whether the whole list is known."""
        return self.complete


UNKNOWN = "未知"
Value = Interval | Choices | Listing


def conjunction(results: list[bool | None]) -> bool | None:
    """Kleene AND: one False decides, else one unknown leaves it unknown."""
    if False in results:
        return False
    return None if None in results else True


def disjunction(results: list[bool | None]) -> bool | None:
    """Kleene OR: one True decides, else one unknown leaves it unknown."""
    if True in results:
        return True
    return None if None in results else False


def negation(result: bool | None) -> bool | None:
    """Kleene NOT: unknown stays unknown."""
    return None if result is None else not result


def compare(
    vocabulary: Vocabulary, fact: Fact, value: Value | None, op: str, asked: Any
) -> bool | None:
    """Three-valued result of `value op asked`; None when it cannot be shown either way."""
    if value is None:
        return None
    if op == "known":
        return True
    if op in ("ne", "has_none"):
        return negation(compare(vocabulary, fact, value, _OPPOSITE[op], asked))
    if isinstance(value, Interval):
        return _compare_interval(value, op, asked)
    if isinstance(value, Listing):
        return _compare_listing(value, op, asked)
    wanted = asked if op == "in" else [asked]
    per_value = [
        disjunction([_same(vocabulary, fact, possible, op, one) for one in wanted])
        for possible in value.possible
    ]
    if not per_value:
        return None
    if all(result is True for result in per_value):
        return True
    return False if all(result is False for result in per_value) else None


_OPPOSITE = {"ne": "eq", "has_none": "has_any"}


def _same(vocabulary: Vocabulary, fact: Fact, possible: Any, op: str, asked: Any) -> bool | None:
    """One possible value against one asked value; a coarser code leaves a finer one unknown."""
    if fact.code == "region":
        inside = vocabulary.within_region(str(possible), str(asked))
        return inside if op == "within" or inside is not True else possible == asked
    if fact.code == "industry":
        return _same_industry(vocabulary, str(possible), str(asked), op)
    return bool(possible == asked)


def _same_industry(vocabulary: Vocabulary, possible: str, asked: str, op: str) -> bool | None:
    item, wanted = vocabulary.industries.get(possible), vocabulary.industries.get(asked)
    if possible == asked:
        return True
    if item is not None and vocabulary.industry_contains(asked, item):
        return op == "within"
    if wanted is not None and vocabulary.industry_contains(possible, wanted):
        return None
    return False


def _compare_interval(value: Interval, op: str, asked: Any) -> bool | None:
    low, high = value.low, value.high
    if op == "in":
        return disjunction([_compare_interval(value, "eq", one) for one in asked])
    if op == "eq":
        if (low is not None and low > asked) or (high is not None and high < asked):
            return False
        return True if value.exact else None
    if op == "gte":
        return _decided(low is not None and low >= asked, high is not None and high < asked)
    if op == "gt":
        return _decided(low is not None and low > asked, high is not None and high <= asked)
    return negation(_compare_interval(value, "gt" if op == "lte" else "gte", asked))


def _decided(true: bool, false: bool) -> bool | None:
    return True if true else False if false else None


def _compare_listing(value: Listing, op: str, asked: Any) -> bool | None:
    wanted = set(asked if isinstance(asked, list | tuple) else [asked])
    if wanted & value.has:
        return True
    return False if value.complete or wanted <= value.has_not else None


def read_day(written: Any) -> date:
    """A day from an ISO string or a date; ValueError otherwise."""
    if isinstance(written, date):
        return written
    if not isinstance(written, str):
        raise ValueError(written)
    return date.fromisoformat(written)


def yuan(amount: float) -> str:
    """Money for people: 1260万元, 1.38亿元, 950元."""
    for size, unit in ((100_000_000, "亿元"), (10_000, "万元")):
        if abs(amount) >= size:
            return f"{round(amount / size, 4):.10g}{unit}"
    return f"{amount:.10g}元"


def show_number(fact: Fact, number: Any) -> str:
    """One number or day with its unit, as an owner would read it."""
    if isinstance(number, date):
        return number.isoformat()
    if fact.unit == "元":
        return yuan(float(number))
    if fact.unit in ("0-1", "≥0") or (fact.derived or {}).get("op") == "ratio":
        return f"{round(float(number) * 100, 2):g}%"
    return f"{number:g}{fact.unit or ''}"


def show(fact: Fact, value: Value | None, region_name: Any = str) -> str:
    """What is known, in words: an exact value, a range, the possibilities, or 未知."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Interval):
        if value.exact:
            return show_number(fact, value.low)
        if value.low is None or value.low == 0:
            return f"不超过{show_number(fact, value.high)}" if value.high is not None else UNKNOWN
        if value.high is None:
            return f"不少于{show_number(fact, value.low)}"
        return f"{show_number(fact, value.low)}至{show_number(fact, value.high)}"
    if isinstance(value, Listing):
        held = "、".join(sorted(value.has))
        if value.complete:
            return held or "无"
        lacking = "、".join(sorted(value.has_not))
        known = [f"已知有{held}"] if held else []
        known += [f"已知没有{lacking}"] if lacking else []
        return ",".join([*known, "其余未知"]) if known else UNKNOWN
    words = [_show_choice(fact, one, region_name) for one in sorted(value.possible, key=str)]
    return "或".join(words)


def _show_choice(fact: Fact, one: Any, region_name: Any) -> str:
    if isinstance(one, bool):
        return "是" if one else "否"
    return str(region_name(one)) if fact.code == "region" else str(one)
