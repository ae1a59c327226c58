"""Numbers with their unit and bound as officials print them, in exact arithmetic. Pure.

以上, 以下 and 以内 include the number, 超过, 高于, 低于 and 不满 do not (民法典第一千二百五十九条).
Money is counted in whole 元, a share as 0-1; every reading runs in time linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from knowledge_base.header.widths import half_width

Op = Literal["eq", "gte", "gt", "lte", "lt", "range"]
Number = int | float

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3}
_NUMBER = r"(?:\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?|[零〇一二两三四五六七八九十百千]{1,7}|半)"
_SCALE = r"(?:亿|千万|百万|十万|万|千)"
_UNIT = (
    r"(?:元人民币|人民币|美元|欧元|元|%|‰|个?百分点|周?岁|年(?!度|底|末|初)|个月|周|天|个工作日"
    r"|日(?=内|以内)|人次|人(?!民)|名|家|户|件|项|个|套|台|倍|分(?!别)|平方米|亩)"
)
_QUANTITY = re.compile(
    rf"(?<![\d.])(?<!\d,)(?:(?P<low>{_NUMBER})\s{{0,2}}(?P<lscale>{_SCALE})?\s{{0,2}}(?P<lunit>{_UNIT})?"
    rf"(?:\((?P<lincl>不?含)[^()]{{0,8}}\))?\s{{0,2}}(?:至|到|~|—{{1,2}}|–|-)\s{{0,2}})?"
    rf"(?P<of100>百分之)?(?P<high>{_NUMBER})\s{{0,2}}(?:(?P<scale>{_SCALE})\s{{0,2}}(?P<unit>{_UNIT})?"
    rf"|(?P<bare>{_UNIT})|(?<=[\d一二三四五六七八九十百])(?P<end>(?<=百分之.)|(?<=百分之..)))"
)
_BEFORE: tuple[tuple[str, Op], ...] = (
    ("不低于", "gte"), ("不少于", "gte"), ("不小于", "gte"), ("不得低于", "gte"),
    ("不得少于", "gte"), ("应不低于", "gte"), ("至少", "gte"), ("最低", "gte"), ("达到", "gte"),
    ("达", "gte"), ("满", "gte"), ("≥", "gte"), (">=", "gte"),
    ("不超过", "lte"), ("不高于", "lte"), ("不大于", "lte"), ("不多于", "lte"), ("不得超过", "lte"),
    ("不得高于", "lte"), ("最高可达", "lte"), ("最高为", "lte"), ("最高达", "lte"), ("最高", "lte"),
    ("最多", "lte"), ("最长", "lte"), ("上限为", "lte"), ("上限", "lte"), ("以内", "lte"),
    ("≤", "lte"), ("<=", "lte"),
    ("超过", "gt"), ("高于", "gt"), ("大于", "gt"), ("多于", "gt"), ("超", "gt"), (">", "gt"),
    ("低于", "lt"), ("小于", "lt"), ("少于", "lt"), ("不足", "lt"), ("不满", "lt"), ("未满", "lt"),
    ("<", "lt"),
)  # fmt: skip
_BOUND = dict(_BEFORE)
_LENGTHS = range(max(map(len, _BOUND)), 0, -1)
_SKIPPED = re.compile(r"(?:人民币|\(含\)|[\s为在于:有])$")
_PAID = re.compile(
    r"(?:可以?)?(?:一次性)?(?:贴息|补助|补贴|奖励|资助|给予|予以|支持|奖补|获得?|享受|发放|贷|至|达到?){1,2}$"
)
_AFTER = re.compile(
    r"\s{0,2}(?:\((?P<a>不?含)[^()]{0,8}\)|,?(?P<b>含))?\s{0,2}(?:及|或)?(?P<side>以上|以下|以内|之内)?"
    r"\s{0,2}(?:\((?P<c>不?含)[^()]{0,8}\))?"
)
_INCLUDED = re.compile(r"\s{0,2}\((不?含)[^()]{0,8}\)")
_THEN_BOUND = re.compile(r"\s?(?:,|、|至|到)?(?:并且|且|但|并)?\s?")
_SIDES: dict[str, Op] = {"以上": "gte", "以下": "lte", "以内": "lte", "之内": "lte"}
_STRICT: dict[Op, Op] = {"gte": "gt", "lte": "lt"}


@dataclass(frozen=True)
class Quantity:
    """A number with its unit and bound; `start`-`end` take in the bound words (不低于, 以上(含)).

    `unit` is 元, 比例 (0-1), 百分点, 年, 月, 人, 家, 件 or the word as printed. Of a range, `without`
    names the ends that do not belong to it.
    """

    start: int
    end: int
    low: Number | None
    high: Number | None
    unit: str
    op: Op
    number_start: int
    number_end: int
    without: tuple[Literal["low", "high"], ...] = ()

    @property
    def value(self) -> Number:
        """The one number of a quantity that is no range."""
        found = self.high if self.low is None else self.low
        return 0 if found is None else found


def quantities_in(text: str, start: int = 0, end: int | None = None) -> Iterator[Quantity]:
    """Every number with a unit in a part of the text, in order; dates are no quantities."""
    stop = len(text) if end is None else end
    for one in _quantities(half_width(text[start:stop])):
        yield one if start == 0 else _moved(one, start)


# Every reader of a sentence asks for its numbers; the last few sentences are kept.
@lru_cache(maxsize=256)
def _quantities(plain: str) -> tuple[Quantity, ...]:
    found: list[Quantity] = []
    last = 0
    for match in _QUANTITY.finditer(plain):
        quantity = _quantity(plain, match, 0) if match.start() >= last else None
        if quantity is not None:
            last = quantity.end
            found.append(quantity)
    return tuple(found)


def _moved(one: Quantity, by: int) -> Quantity:
    return replace(
        one,
        start=one.start + by,
        end=one.end + by,
        number_start=one.number_start + by,
        number_end=one.number_end + by,
    )


def other_bound(plain: str, lower: Quantity, quantities: tuple[Quantity, ...]) -> Quantity | None:
    """The upper bound said right after a lower one: 不低于500万元且不超过4亿元."""
    after = next((q for q in quantities if q.start >= lower.end), None)
    if after is None or after.unit != lower.unit or lower.op not in ("gte", "gt"):
        return None
    joined = _THEN_BOUND.fullmatch(plain, lower.end, after.start)
    return after if joined and after.op in ("lte", "lt") and after.value > lower.value else None


def _quantity(plain: str, found: re.Match[str], offset: int) -> Quantity | None:
    unit = found["unit"] or found["bare"] or ""
    scale = found["scale"] or ""
    if found["of100"]:
        unit = "%"
    high = _scaled(found["high"], scale, unit)
    if high is None or (unit == "年" and high >= 1000) or (not unit and not scale):
        return None
    begin, op = _bound_before(plain, found.start())
    low: Number | None = None
    if found["low"] is not None:
        # 50-100万元 and 5000万至2亿元: the first number borrows what it leaves out.
        low_unit = found["lunit"] or unit
        borrowed = scale if not found["lscale"] and not found["lunit"] else ""
        low = _scaled(found["low"], found["lscale"] or borrowed, low_unit)
    stop, after = _bound_after(plain, found.end())
    without: list[Literal["low", "high"]] = []
    included = _INCLUDED.match(plain, found.end())
    if low is not None:
        op = "range"
        without += ["low"] if found["lincl"] == "不含" else []
        ending = after or (included and included[1] == "不含" and "lt")
        without += ["high"] if ending == "lt" else []
        stop = max(stop, included.end() if included else 0)
    elif after is not None:
        op = after
    elif op in _STRICT and included and included[1] == "不含":
        op, stop = _STRICT[op], included.end()
    only_low, only_high = op in ("gte", "gt"), op in ("lte", "lt")
    return Quantity(
        start=offset + begin,
        end=offset + stop,
        low=low if low is not None else None if only_high else high,
        high=None if only_low else high,
        unit=_normal_unit(unit),
        op=op,
        number_start=offset + found.start(),
        number_end=offset + found.end(),
        without=tuple(without),
    )


def _scaled(written: str, scale: str, unit: str) -> Number | None:
    value = _value(written)
    if value is None:
        return None
    value *= _SCALES.get(scale, 1)
    if unit in ("%", "‰"):
        return float(value / (100 if unit == "%" else 1000))
    return int(value) if value == value.to_integral_value() else float(value)


def _value(written: str) -> Decimal | None:
    """Exact value of an Arabic number or of a Chinese numeral below 10,000."""
    if written[0].isdecimal():
        return Decimal(written.replace(",", ""))
    if written == "半":
        return Decimal("0.5")
    total, digit = 0, 0
    for char in written:
        if char in _PLACES:
            total, digit = total + (digit or 1) * _PLACES[char], 0
        else:
            digit = _DIGITS[char]
    return Decimal(total + digit)


def _normal_unit(unit: str) -> str:
    if unit in ("", "元", "人民币", "元人民币"):
        return "元"
    names = {"%": "比例", "‰": "比例", "个百分点": "百分点", "个月": "月", "名": "人", "户": "家"}
    return names.get(unit, "件" if unit in ("项", "个") else unit)


def _bound_before(plain: str, position: int) -> tuple[int, Op]:
    """Where the bound words before a number begin, and what they say."""
    at = position
    for _ in range(3):
        head = plain[max(0, at - 6) : at]
        for length in _LENGTHS:
            op = _BOUND.get(head[-length:])
            if op is not None:
                begin = at - min(length, len(head))
                # 最高不超过: two words, one bound.
                ahead = plain[max(0, begin - len(_LENGTHS)) : begin]
                again = next((n for n in _LENGTHS if _BOUND.get(ahead[-n:]) == op), 0)
                return begin - min(again, len(ahead)), op
        paid = _PAID.search(head)
        if paid and plain.endswith(("最高", "最多", "不超过"), 0, at - len(paid[0])):
            return at - len(paid[0]) - 2 - plain.endswith("不超过", 0, at - len(paid[0])), "lte"
        skipped = _SKIPPED.search(head)
        if skipped is None:
            return position, "eq"
        at -= len(skipped[0])
    return position, "eq"


def _bound_after(plain: str, position: int) -> tuple[int, Op | None]:
    found = _AFTER.match(plain, position)
    if found is None or found["side"] is None:
        return position, None
    op = _SIDES[found["side"]]
    excluded = "不含" in (found["a"], found["c"])
    return found.end(), _STRICT[op] if excluded else op
