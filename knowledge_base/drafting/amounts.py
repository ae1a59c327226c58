"""What a benefit pays: shares of a base, fixed sums, ceilings, caps, tiers and units. Pure.

Numbers that only say who may have the benefit are no amounts; a limit belongs to the share before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from knowledge_base.drafting.quantities import Number, Quantity, quantities_in

AmountKind = Literal["share", "fixed", "ceiling", "range", "tier", "per_unit"]


@dataclass(frozen=True)
class Amount:
    """What a benefit pays: numbers in `unit`, limits in 元; `tier` names the step it belongs to."""

    kind: AmountKind
    low: Number | None
    high: Number | None
    unit: str
    base: str | None
    cap: Number | None
    floor: Number | None
    per: str | None
    tier: str | None
    words: str
    start: int
    end: int


# What a benefit is called, after its amount or before it.
_BENEFIT = (
    r"(?:一次性)?(?:奖励|补助|补贴|资助|奖补|贴息|补偿|支持|扶持|资金|配套|减免|奖金|返还|激励)"
)
_THEN_BENEFIT = re.compile(rf"\s?的?(?:标准|比例|额度)?(?:一次性)?(?:予以|给予|进行)?的?{_BENEFIT}")
# 给予最高300万元的信用贷款支持: a sum lent or insured is what is given.
_THEN_CREDIT = re.compile(r"\s?的?[\u4e00-\u9fff]{0,4}?(?:贷款|授信|融资|担保|保险|保障)")
# 投资1亿元以上的奖励100万元: the sum follows.
_THEN_SUM = re.compile(rf"的?[,，]?(?:企业|项目)?(?:给予|予以)?{_BENEFIT}[^,，;；。\d]{{0,6}}\d")
# 突破1亿元、5亿元、10亿元: each stands for the same thing as the first.
_SUMS_AHEAD = re.compile(r"(?:[\d.]{1,8}\s?[万亿]{1,2}元?(?:以上)?[、和及或]){1,6}$")
_PER = re.compile(
    r"(?:每(?:新增|增加|招用|吸纳|引进|培养)?\d{0,6}|单|按)"
    r"(?:个|家|户|人|件|项|台|套|年|名|月|位|次|辆|平方米)|每年度|年度"
)
_PER_UNITS = {"户": "家", "名": "人", "位": "人", "项": "件", "套": "台", "度": "年", "个": "家"}
_WINDOW = 60  # characters before a number that may say what it is a number of
_STOPS = "。;；!！\n"
_TIERED = re.compile(r"([\u4e00-\u9fff“”A-Z0-9()（）]{1,12}?(?:等奖|级|类|档|名|及以上))\s?$")
_LIST = re.compile(r"[^,，。;；:：、和及]{1,14}(?:[、和及][^,，。;；:：、和及]{1,10}){1,8}")
_LIST_LEAD = re.compile(r"^.{0,12}(?:认定为|评为|列为|入选|获得|获评|突破|达到|超过|对|获)")
_BASE = re.compile(r"(?:按照?|给予|其|为|对|并|予以|不超过|不高于|最高|[,，。;；:：、和及])")


def read_amounts(text: str, start: int, end: int) -> tuple[Amount, ...]:
    """Amounts a passage promises; numbers that only say who may have them are left out."""
    found: list[Amount] = []
    for begin, stop in _spans(text, start, end, _STOPS):
        sentence: list[Amount] = []
        for quantity in quantities_in(text, begin, stop):
            if quantity.unit not in ("元", "比例", "百分点") or _is_threshold(text, quantity, stop):
                continue
            _add(sentence, _amount(text, quantity, begin), quantity)
        found += _tiers(text, sentence, begin)
    return tuple(found)


def _spans(text: str, start: int, end: int, stops: str) -> Iterator[tuple[int, int]]:
    begin = start
    for index in range(start, end):
        if text[index] in stops:
            if index > begin:
                yield begin, index
            begin = index + 1
    if end > begin:
        yield begin, end


def _is_threshold(text: str, quantity: Quantity, stop: int) -> bool:
    """Whether a number says who is meant (达1000万元以上的产品) and not what is paid."""
    rest = text[quantity.end : min(stop, quantity.end + 14)]
    if quantity.op in ("gte", "gt") and _THEN_SUM.match(text, quantity.end, stop):
        return True
    if _THEN_BENEFIT.match(rest):
        return False
    ahead = text[max(0, quantity.start - 8) : quantity.start]
    if _THEN_CREDIT.match(rest) and re.search(r"给予|予以|提供|发放|享受", ahead):
        return False
    if quantity.op != "eq" and re.match(r"\s?(?:部分|的)", rest):
        return True
    before = _SUMS_AHEAD.sub("", text[max(0, quantity.start - 60) : quantity.start])[-16:]
    cue = re.search(
        r"(?:突破|收入|产值|投资额?|投入|资产|营收|销售额|注册资本|费用|价值|总额)[^,，]{0,6}$",
        before,
    )
    promised = re.search(rf"{_BENEFIT}|给予|予以|按照?|最高|封顶|不超过|上限", before)
    return quantity.unit == "元" and cue is not None and promised is None


def _amount(text: str, quantity: Quantity, begin: int) -> Amount:
    before = text[max(begin, quantity.start - _WINDOW) : quantity.start]
    per = _per(before)
    share = quantity.unit == "比例"
    # 不超过实际缴纳保费的80%: the bound stands before the base, not before the number.
    at_most = share and re.search(r"(?:不超过|不高于|最高)[^,，、;；]{1,20}$", before) is not None
    kind: AmountKind = "fixed"
    if quantity.op == "range" or quantity.op in ("gte", "gt"):
        kind = "range"
    if share:
        kind = "share"
    elif quantity.op in ("lte", "lt"):
        kind = "ceiling"
    elif per is not None and kind == "fixed":
        kind = "per_unit"
    return Amount(
        kind=kind,
        low=None if at_most else quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        base=_base(text, before, quantity) if share or quantity.unit == "百分点" else None,
        cap=None,
        floor=None,
        per=per,
        tier=None,
        words=text[quantity.start : quantity.end],
        start=quantity.start,
        end=quantity.end,
    )


def _per(before: str) -> str | None:
    """The unit an amount is paid for: the last 每家 or 单户 of the part of the sentence."""
    part = re.split(r"[,，、;；]", before[-24:])[-1]
    found = _PER.findall(part)
    if not found:
        return None
    letter = found[-1][-1] if found[-1] != "每平方米" else "平方米"
    return _PER_UNITS.get(letter, letter)


def _base(text: str, before: str, quantity: Quantity) -> str | None:
    """What a share is taken of: 保费80%, 投资额的10%, 不超过实际缴纳保费的80%, 80%的保费."""
    head = re.sub(r"(?:的|按|比例|\s)+$", "", before)[-24:]
    head = re.sub(r"的$", "", head)
    words = _BASE.split(head)[-1].strip()
    if not re.search(r"\d", words) and re.search(
        r"(?:费|用|额|金|息|入|资|价|款|产|本|值|税|支出|部分)$", words
    ):
        return words
    after = re.match(
        r"\s?的([\u4e00-\u9fff]{2,12}?(?:费|额|金|息|入|资|款))",
        text[quantity.end : quantity.end + 16],
    )
    return after[1] if after else None


def _add(sentence: list[Amount], amount: Amount, quantity: Quantity) -> None:
    """A limit in 元 belongs to the share before it; any other amount stands for itself."""
    last = sentence[-1] if sentence else None
    shares = last is not None and last.kind in ("share", "per_unit")
    if last is None or not shares or amount.unit != "元":
        sentence.append(amount)
    elif quantity.op in ("lte", "lt") and last.cap is None:
        sentence[-1] = _with(last, amount, cap=amount.high)
    elif quantity.op in ("gte", "gt") and last.floor is None and last.kind == "share":
        sentence[-1] = _with(last, amount, floor=amount.low)
    else:
        sentence.append(amount)


def _with(
    share: Amount, limit: Amount, cap: Number | None = None, floor: Number | None = None
) -> Amount:
    return replace(
        share,
        cap=share.cap if cap is None else cap,
        floor=share.floor if floor is None else floor,
        per=limit.per or share.per,
    )


def _tiers(text: str, sentence: list[Amount], begin: int) -> list[Amount]:
    """Amounts of one sentence that are steps of one benefit, each with the words of its step."""
    alike = [a for a in sentence if a.kind in ("fixed", "share", "ceiling")]
    if len(alike) < 2 or len({a.unit for a in alike}) > 1:
        return sentence
    steps: dict[int, str] = {}
    position = begin
    for amount in alike:
        before = re.split(r"[,，、;；:：]", text[position : amount.start])[-1]
        named = _TIERED.search(re.sub(r"(?:分别|给予|予以|奖励|补助|为|按|\s)+$", "", before))
        limited = re.search(
            r"[\d.]+\s?[万亿]?元?[^,，;；]{0,8}(?:的|部分)", text[position : amount.start]
        )
        item = re.search(
            r"(?:^|[,，:：、])([^\d,，、;；:：]{2,14})$", text[position : amount.start]
        )
        beside = amount is not alike[0] and text[position : position + 1] == "、"
        followed = text[amount.end : amount.end + 1] == "、"
        if named or limited:
            steps[amount.start] = (named[1] if named else limited[0] if limited else "").strip()
        elif item and (beside or followed):
            steps[amount.start] = item[1].strip()
        position = amount.end
    listed = "分别" in text[begin : alike[0].start]
    if listed and (names := _listed(text[begin : alike[0].start], len(alike))):
        steps = {amount.start: name for amount, name in zip(alike, names, strict=True)}
    if len(steps) < 2 and not listed:
        return sentence
    starts = {a.start for a in alike}
    return [_stepped(a, steps.get(a.start), listed) if a.start in starts else a for a in sentence]


def _listed(before: str, count: int) -> list[str]:
    """对国家级、省级、市级…的,分别给予: the names of the steps, when there are as many as amounts."""
    for found in reversed(list(_LIST.finditer(before))):
        names = re.split(r"、|和|及", found[0])
        if len(names) == count:
            return [_LIST_LEAD.sub("", names[0]), *names[1:]]
    return []


def _stepped(amount: Amount, step: str | None, listed: bool) -> Amount:
    return amount if step is None and not listed else replace(amount, kind="tier", tier=step)
