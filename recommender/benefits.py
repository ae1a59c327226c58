"""How much a subsidy pays, as an interval with its formula, inputs and caveats.

Expressions are data in prefix form: mul, min, add, sub, div, upto (anything up to), lookup (by the
possible values of an enum). Amounts are exact decimals in 元, rounded half up to 分 at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from knowledge_base import Citation, Offer, facts_in
from recommender.facts import ProfileFacts
from recommender.profiles import LARGEST
from recommender.values import UNKNOWN, Choices, show

# A range of exact amounts; a None end is open.
_Range = tuple[Decimal | None, Decimal | None]
_UNKNOWN: _Range = (Decimal(0), None)
_Known = _Range | frozenset[Any]
# Beyond this no stated number goes: it stands for the far end of an open range.
_LARGEST = Decimal(LARGEST)


@dataclass(frozen=True)
class BenefitEstimate:
    """An estimate of what a subsidy would pay; never a grant. Amounts in 元."""

    amount_yuan: float | None
    low_yuan: float | None
    high_yuan: float | None
    formula: str
    inputs: Mapping[str, str]
    citation: Citation
    caveats: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def telling(self) -> bool:
        """Whether any input is known; without one the range is only the formula's own limits."""
        return any(value != UNKNOWN for value in self.inputs.values())


def estimate_benefit(offer: Offer, facts: ProfileFacts) -> BenefitEstimate | None:
    """The benefit of an offer that states a formula; None when it states none, or when its clause
    was changed: a sum by the old wording would be wrong."""
    if offer.benefit is None or not offer.reviewed(facts.profile.on):
        return None
    inputs = {code: _known(code, facts) for code in facts_in(offer.benefit.amount)}
    low, high = _evaluate(offer.benefit.amount, inputs)
    return BenefitEstimate(
        amount_yuan=_money(low) if low == high else None,
        low_yuan=_money(low),
        high_yuan=_money(high),
        formula=offer.benefit.formula,
        inputs={code: show(facts.fact(code), facts.value(code)) for code in inputs},
        citation=offer.benefit.citation,
        caveats=offer.benefit.caveats,
        missing=tuple(
            code
            for code in inputs
            if low != high
            and facts.open_inputs(code)
            and _moves(code, offer.benefit.amount, inputs)
        ),
    )


def _money(amount: Decimal | None) -> float | None:
    if amount is None:
        return None
    rounded = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _known(code: str, facts: ProfileFacts) -> _Known:
    """What a fact may be: a range of a number, the possible values of a choice."""
    fact, value = facts.fact(code), facts.value(code)
    if fact.type != "number":
        return value.possible if isinstance(value, Choices) else frozenset(fact.values)
    known = facts.number(code)
    low = fact.minimum if known is None else known.low
    high = fact.maximum if known is None else known.high
    return (
        Decimal(0) if low is None else Decimal(str(low)),
        None if high is None else Decimal(str(high)),
    )


def _moves(code: str, expression: Any, inputs: Mapping[str, _Known]) -> bool:
    """Whether learning one input could narrow the range: its extreme values do not all leave it."""
    known, whole = inputs[code], _evaluate(expression, inputs)
    return any(_evaluate(expression, {**inputs, code: one}) != whole for one in _extremes(known))


def _extremes(known: _Known) -> list[_Known]:
    """Single values that bound what a sum can be: amounts only rise or only fall with a number."""
    if isinstance(known, frozenset):
        return [frozenset({one}) for one in known]
    low, high = known
    return [(low, low), (_LARGEST, None) if high is None else (high, high)]


def _evaluate(expression: Any, inputs: Mapping[str, _Known]) -> _Range:
    if isinstance(expression, int | float):
        return (Decimal(str(expression)),) * 2
    if isinstance(expression, str):
        known = inputs[expression]
        return _UNKNOWN if isinstance(known, frozenset) else known
    op, *rest = expression
    if op == "lookup":
        return _lookup(inputs[rest[0]], rest[1])
    ranges = [_evaluate(part, inputs) for part in rest]
    if op == "upto":
        return Decimal(0), ranges[0][1]
    result = ranges[0]
    for other in ranges[1:]:
        result = _OPERATIONS[op](result, other)
    return result


def _lookup(possible: _Known, table: Mapping[str, float]) -> _Range:
    rates = [Decimal(str(rate)) for key, rate in table.items() if key in possible]
    return (min(rates), max(rates)) if rates else (Decimal(0), Decimal(0))


def _mul(a: _Range, b: _Range) -> _Range:
    """Product of two ranges of amounts ≥ 0."""
    high = None if a[1] is None or b[1] is None else a[1] * b[1]
    return (a[0] or Decimal(0)) * (b[0] or Decimal(0)), high


def _min(a: _Range, b: _Range) -> _Range:
    highs = [high for high in (a[1], b[1]) if high is not None]
    return min(a[0] or Decimal(0), b[0] or Decimal(0)), min(highs) if highs else None


def _add(a: _Range, b: _Range) -> _Range:
    high = None if a[1] is None or b[1] is None else a[1] + b[1]
    return (a[0] or Decimal(0)) + (b[0] or Decimal(0)), high


def _sub(a: _Range, b: _Range) -> _Range:
    """Difference, never below zero: a subsidy cannot be negative."""
    zero = Decimal(0)
    low = zero if b[1] is None else max(zero, (a[0] or zero) - b[1])
    return low, None if a[1] is None else max(zero, a[1] - (b[0] or zero))


def _div(a: _Range, b: _Range) -> _Range:
    low = (a[0] or Decimal(0)) / b[1] if b[1] else Decimal(0)
    return low, None if not b[0] or a[1] is None else a[1] / b[0]


_OPERATIONS = {"mul": _mul, "min": _min, "add": _add, "sub": _sub, "div": _div}
