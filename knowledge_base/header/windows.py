"""The dated periods a document opens beside its own validity: execution, application, payment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from knowledge_base.header.dates import DatedWords, dates_in
from knowledge_base.header.widths import half_width
from knowledge_base.header.wraps import unwrapped

WindowKind = Literal["execution", "application", "payment"]

_WORDS: tuple[tuple[WindowKind, re.Pattern[str]], ...] = (
    (
        "payment",
        re.compile(r"(?:兑付|兑现|拨付|发放|支付)(?:起止)?(?:时间|期限|期间|日期|期)"),
    ),
    (
        "application",
        re.compile(
            r"(?<!纳税)(?<!缴税)(?<!抵扣)(?<!税款)"
            r"(?:申报|申请|受理|报名|征集|报送|提交|申领|填报|推荐)(?:工作|起止|受理|截止)?"
            r"(?:时间|期限|期间|日期|期(?!限))|截止(?:时间|日期|日)"
        ),
    ),
    (
        "execution",
        re.compile(r"(?<!项目)(?<!课题)(?:执行|实施|适用|享受)(?:期限|期间|时间|期)"),
    ),
)
# What may stand between such a word and its date.
_BETWEEN = re.compile(
    r"(?:[:。]?\n\s{0,8})?\s?(?:[:是为从自于至到止另定暂的起限期之日()]|截止|截至|暂定|原则上|调整|延长|延续|延期|延|进一步|统一|日期"
    r"|时间|政策|发布|印发|公布){0,12}\s?"
)
_BEFORE_DAY = re.compile(
    r"\s?(?:\([^()\n]{1,8}\))?\s?(?:\d{1,2}[:时点]\d{0,2}分?|上午|下午|中午|下班|零时|\s){0,3}(?:之)?(?:前|以前|止|截止)"
)
_ACT = re.compile(
    r"报送|提交|申报|申请|报名|填报|寄送|上报|送达|报至|报我|报县|报市|发送|受理|申领|反馈"
)
_PAY_ACT = re.compile(r"兑付|兑现|拨付|发放到位")
_PAST = re.compile(r"已|的(?:企业|单位|职工|人员|项目|纳税人)|(?:职工|纳税人)通过")
_ASKED = re.compile(r"(?:(?:请|须|应|需|务必|可)[^,。]{0,40}|于|在|,|^)$")
_YEARLY = re.compile(r"每年|每月|每季|次年|当年|上年|每学期|次月|当月|年度")
_LINK = re.compile(
    r"\s{0,2}(?:\([^()\n]{1,8}\))?\s{0,2}(?:\d{1,2}[:时点]\d{0,2}分?)?\s{0,2}(?:起|开始)?(?:至|到|-|—|–|―|~|～){1,2}"
)
_EXECUTES = re.compile(r"(?:止|期间)?,?\s?(?:继续)?(?:执行|实施|施行|对|免征|减按|暂)")
_HALF_YEAR = 183  # days


@dataclass(frozen=True)
class Window:
    """A dated period for execution, application or payment; an open or unknown end is None."""

    kind: WindowKind
    opens_on: date | None
    closes_on: date | None
    start: int
    end: int


def read_windows(text: str, signed_on: date | None) -> tuple[Window, ...]:
    """Windows with at least one day, in printed order; `signed_on` decides days without a year."""
    whole = unwrapped(half_width(text))
    plain = whole.text
    found = [*_named(plain, signed_on), *_deadlines(plain, signed_on), *_executions(plain)]
    kept: list[Window] = []
    for window in sorted(found, key=lambda w: (w.start, -w.end)):
        if not any(w.kind == window.kind and w.end >= window.end for w in kept[-3:]):
            kept.append(window)
    spans = [whole.printed(window.start, window.end) for window in kept]
    return tuple(
        replace(window, start=start, end=end)
        for window, (start, end) in zip(kept, spans, strict=True)
    )


def _named(plain: str, signed_on: date | None) -> Iterator[Window]:
    """申报时间:2025年3月1日至4月18日17:00 and its kin."""
    for kind, pattern in _WORDS:
        for word in pattern.finditer(plain):
            near = list(dates_in(plain, word.end(), min(len(plain), word.end() + 60)))
            between = plain[word.end() : near[0].start] if near else "-"
            if not _BETWEEN.fullmatch(between):
                continue
            before = plain[max(0, word.start() - 2) : word.start()] + word[0] + between
            opens, closes, end = _period(plain, near, before, signed_on)
            if opens or closes:
                yield Window(kind, opens, closes, word.start(), end)


def _period(
    plain: str, near: list[DatedWords], before: str, signed_on: date | None
) -> tuple[date | None, date | None, int]:
    """First and last day of a written period and where its words end."""
    first, second = near[0], near[1] if len(near) > 1 else None
    link = _LINK.match(plain, first.end)
    if link and second and link.end() == second.start:
        opens = _dated(first, signed_on, last=False)
        closes = second.last
        if second.month_day and opens:
            closes = _next_day(second.month_day, opens)
        return opens, closes, second.end
    tail = plain[first.end : first.end + 12]
    if re.search(r"截止|截至|至|到", before) or _BEFORE_DAY.match(tail):
        return None, _dated(first, signed_on, last=True), first.end
    if re.match(r"\s?(?:\d{1,2}[:时]\d{0,2})?\s?(?:起|开始)", tail):
        return _dated(first, signed_on, last=False), None, first.end
    if link:  # a range whose end is no date: 2025年3月1日至额满为止
        return _dated(first, signed_on, last=False), None, first.end
    return _dated(first, signed_on, last=False), _dated(first, signed_on, last=True), first.end


def _deadlines(plain: str, signed_on: date | None) -> Iterator[Window]:
    """请于4月30日前报送: a last day to apply or to pay out."""
    for line in re.finditer(r"[^。;\n]{4,600}", plain):
        for dated in dates_in(line[0]):
            tail = _BEFORE_DAY.match(line[0], dated.end)
            if tail is None or _YEARLY.search(line[0][max(0, dated.start - 30) : dated.start]):
                continue
            rest = line[0][tail.end() : tail.end() + 60]
            pay = _PAY_ACT.search(rest)
            act = pay or _ACT.search(rest)
            if act is None or _PAST.search(rest[: act.start()]):
                continue
            if not _ASKED.search(line[0][max(0, dated.start - 50) : dated.start]):
                continue
            if closes := _dated(dated, signed_on, last=True):
                end = line.start() + tail.end() + act.end()
                kind: WindowKind = "payment" if pay else "application"
                yield Window(kind, None, closes, line.start() + dated.start, end)


def _executions(plain: str) -> Iterator[Window]:
    """自A起至B止,执行…: an execution period stated without its noun."""
    for first, second in pairwise(dates_in(plain)):
        if first.first is None or second.last is None or second.start - first.end > 4:
            continue
        between = plain[first.end : second.start]
        if (
            plain[first.start - 1 : first.start] in ("自", "从")
            and re.fullmatch(r"\s?起?(?:至|到|-|—)\s?", between)
            and _EXECUTES.match(plain, second.end)
        ):
            yield Window("execution", first.first, second.last, first.start, second.end)


def _dated(dated: DatedWords, signed_on: date | None, last: bool) -> date | None:
    """A day without a year is the next one after the signature, if within half a year of it."""
    if dated.month_day is None:
        return dated.last if last else dated.first
    day = _next_day(dated.month_day, signed_on) if signed_on else None
    return day if day and signed_on and (day - signed_on).days <= _HALF_YEAR else None


def _next_day(month_day: tuple[int, int], since: date) -> date | None:
    for year in (since.year, since.year + 1):
        try:
            day = date(year, *month_day)
        except ValueError:  # 2月29日 of a year that has none
            continue
        if day >= since:
            return day
    return None
