"""A second opinion: conditions judged on fully known enterprises, written without the product's code.

Only shares the rules' data (criteria, vocabulary tables); used by the tests beside it.
"""

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

SIZES = ("大型", "中型", "小型", "微型")
# 工信部联企业〔2011〕300号: lower bounds of 大型, 中型, 小型; 万元 for money. A class needs all.
TABLE: dict[str, dict[str, tuple[int, int, int]]] = {
    "农林牧渔": {"revenue_yuan": (20000, 500, 50)},
    "工业": {"employees": (1000, 300, 20), "revenue_yuan": (40000, 2000, 300)},
    "建筑": {"revenue_yuan": (80000, 6000, 300), "assets_yuan": (80000, 5000, 300)},
    "批发": {"employees": (200, 20, 5), "revenue_yuan": (40000, 5000, 1000)},
    "零售": {"employees": (300, 50, 10), "revenue_yuan": (20000, 500, 100)},
    "交通运输": {"employees": (1000, 300, 20), "revenue_yuan": (30000, 3000, 200)},
    "仓储": {"employees": (200, 100, 20), "revenue_yuan": (30000, 1000, 100)},
    "邮政": {"employees": (1000, 300, 20), "revenue_yuan": (30000, 2000, 100)},
    "住宿": {"employees": (300, 100, 10), "revenue_yuan": (10000, 2000, 100)},
    "餐饮": {"employees": (300, 100, 10), "revenue_yuan": (10000, 2000, 100)},
    "信息传输": {"employees": (2000, 100, 10), "revenue_yuan": (100000, 1000, 100)},
    "软件信息": {"employees": (300, 100, 10), "revenue_yuan": (10000, 1000, 50)},
    "房地产开发": {"revenue_yuan": (200000, 1000, 100), "assets_yuan": (10000, 5000, 2000)},
    "物业": {"employees": (1000, 300, 100), "revenue_yuan": (5000, 1000, 500)},
    "租赁商务": {"employees": (300, 100, 10), "assets_yuan": (120000, 8000, 100)},
    "其他未列明": {"employees": (300, 100, 10)},
}


def bounds(category: str, metric: str) -> tuple[int, ...]:
    """Lower bounds in persons or 元."""
    factor = 1 if metric == "employees" else 10_000
    return tuple(bound * factor for bound in TABLE[category][metric])


def size_of(category: str, figures: dict[str, float]) -> str:
    """Size class of exact figures."""
    for rank, size in enumerate(SIZES[:3]):
        if all(figures[metric] >= bounds(category, metric)[rank] for metric in TABLE[category]):
            return size
    return "微型"


def months(since: date, on: date) -> int:
    """Whole months between two days."""
    count = 0
    year, month = since.year, since.month
    while True:
        month += 1
        year, month = (year + 1, 1) if month > 12 else (year, month)
        if (year, month, since.day) > (on.year, on.month, on.day):
            return count
        count += 1


def derived(code: str, known: dict[str, Any], on: date) -> Any:
    """A fact of a fully known enterprise; None = a ratio over zero."""
    if code == "size":
        return size_of(known["size_category"], known)
    if code == "age_months":
        return months(known["founded_on"], on)
    if code == "ip_total":
        return known["ip_class1"] + known["ip_class2"]
    if code in RATIOS:
        above, below = RATIOS[code]
        return known[above] / known[below] if known[below] else None
    return known[code]


RATIOS = {
    "rd_ratio": ("rd_spend_yuan", "revenue_yuan"),
    "rd_cost_ratio": ("rd_spend_yuan", "total_cost_yuan"),
    "rd_staff_ratio": ("rd_staff", "employees"),
}


def holds(criterion: Any, known: dict[str, Any], on: date) -> bool | None:
    """Truth of a criterion for a fully known enterprise."""
    if criterion.join:
        parts = [holds(part, known, on) for part in criterion.parts]
        if criterion.join == "any":
            return True if True in parts else None if None in parts else False
        every = False if False in parts else None if None in parts else True
        return every if criterion.join == "all" else None if every is None else not every
    value, asked = derived(criterion.fact, known, on), criterion.value
    if value is None:
        return None
    match criterion.op:
        case "known":
            return True
        case "eq":
            return bool(value == asked)
        case "ne":
            return bool(value != asked)
        case "in":
            return value in asked
        case "gte":
            return bool(value >= asked)
        case "gt":
            return bool(value > asked)
        case "lte":
            return bool(value <= asked)
        case "lt":
            return bool(value < asked)
        case "has_any":
            return bool(set(asked) & set(value))
        case "has_none":
            return not set(asked) & set(value)
        case "within":
            return str(value).startswith(asked.rstrip("0") if asked != "000000" else "")
    raise AssertionError(criterion.op)


def verdict(criteria: Any, known: dict[str, Any], on: date) -> str:
    """Status of an offer for a fully known enterprise."""
    results = [holds(criterion, known, on) for criterion in criteria]
    if False in results:
        return "ineligible"
    reviewed = all(criterion.curated for criterion in criteria)
    return "eligible" if reviewed and None not in results else "undetermined"


def leaves(criteria: Any) -> Iterator[Any]:
    """The single comparisons below some criteria."""
    for criterion in criteria:
        if criterion.join:
            yield from leaves(criterion.parts)
        else:
            yield criterion


def completions(domains: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Every fully known enterprise some domains allow."""
    for combination in itertools.product(*domains.values()):
        yield dict(zip(domains, combination, strict=True))


def movers(domains: dict[str, list[Any]], criteria: Any, on: date) -> tuple[set[str], set[str]]:
    """All verdicts the domains allow, and the facts that alone turn some completion's verdict."""
    verdicts = {tuple(k.values()): verdict(criteria, k, on) for k in completions(domains)}
    turning: set[str] = set()
    for index, code in enumerate(domains):
        seen: dict[tuple[Any, ...], str] = {}
        for key, status in verdicts.items():
            rest = key[:index] + key[index + 1 :]
            if seen.setdefault(rest, status) != status:
                turning.add(code)
                break
    return set(verdicts.values()), turning
