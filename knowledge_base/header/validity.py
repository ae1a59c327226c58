"""From when until when a document speaks: effect, expiry, and its own repeal.

Only words about the document itself count (本办法…, 现予公布,自…起施行): the validity of a licence or a
goal period (力争2024—2026年) is not the document's. What cannot be dated stays None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from knowledge_base.clauses import chinese_number
from knowledge_base.header.dates import DatedWords, dates_in, last_day
from knowledge_base.header.widths import half_width
from knowledge_base.header.wraps import unwrapped
from knowledge_base.readers.reading import Span

_KINDS = (
    "通知|意见|公告|通告|通报|决定|决议|办法|条例|规定|规则|细则|方案|规划|计划|纲要|政策|措施"
    "|举措|指南|指引|批复|函|令|预案|标准|清单|目录|制度|规程|规范|章程|要点|文件|法"
)
# 本通知, 本实施细则, 以上政策; 本市、本单位 and the like begin another subject.
OWN = re.compile(
    r"(?<![基成样版文原资根日书课剧])本(?!市|县|区|省|人|单位|地|部门|级|年|次|企业|公司|项目|月|季|届|期|行业|科|金|息|外币)"
    rf"[^,。;《》本\n]{{0,16}}?(?:{_KINDS})|(?:以上|上述)[^,。;\n]{{0,6}}(?:政策|措施)|此(?:件|文|政策)"
)
_MADE_PUBLIC = re.compile(r"(?:公布|发布|印发|予以公告|施行|通过)[,\s)]*$|^\W*$")
_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十百]{1,4}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}\s?[.、]\s?"
    r"|第\s?[一二三四五六七八九十百\d\s]{1,6}条\s?|附则\s?)?\s*"
)
_SENTENCE = re.compile(r"[^。;!?\n]{2,600}")
_KEY = re.compile(r"施行|实施|执行|生效|有效|试行|废止|失效|暂定")
_VERBS = "(?:施行|实施|执行|生效|起效|试行|有效)"
_AFTER_DATE = re.compile(
    rf"\s?(?:零时|0时|\d{{1,2}}时)?\s?(?:起|开始|始)?[^,。;\d]{{0,6}}?{_VERBS}"
)
_FROM_ISSUE = re.compile(
    r"(?:(?:自|从|于)(?:本[^,。;自从]{1,8}?|政策|文件)?(?:正式)?|(?<=[,:\s)]))"
    r"(?:(?P<act>发布|印发|公布|颁布|下发|发文|签发|公告|通过|批准|签署|颁发|制发)(?:(?:之|当)?日|后(?=满?\s?\d))"
    r"|(?P<now>即日))(?P<next>次日)?起?"
    r"(?:满?\s?(?P<wait>\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?P<unit>个工作日|工作日|日|天|个月|年)(?:之?后)?起?)?"
    rf"(?P<verb>[^,。;\d]{{0,6}}?{_VERBS})?"
)
_NUMBER = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})\s?(年半|年|个月|月|日|天)"
_TERM_WORD = re.compile(
    r"有效期(?:限|间)?|有效时间|(?:执行|实施|适用|施行|试行|政策|政策执行|执行有效)(?:期限|期间|期|时间)"
    r"|(?:施行|实施|执行|生效|试行|有效|暂行|暂定)"
)
_TERM_LINK = re.compile(
    r"^(?:[\s,:]|暂定|暂|原则上|定|为|是|共|限|期|执行|施行|实施|试行|有效|自|从|起|至|到|截至|截止|延长|止)*"
)
# 政策有效期 speaks of the document without 本.
_POLICY_TERM = re.compile(r"(?:^|[,)\s])(?:政策|文件)(?:有效期|执行期|实施期|有效时间)")
_TERM = re.compile(r"^" + _NUMBER)
_RANGE = re.compile(r"^\s?(?:起|开始)?\s?(?:至|到|-|—|–|―|~|～|一){1,2}\s?$")
_UNTIL = re.compile(
    r"\s?(?:\d{1,2}时)?(?:止|为止|废止|失效|终止|结束|截止|停止|自动失效|自行失效|自行废止)"
)
_SELF_REPEAL = re.compile(r"(?:起|日|同时)[^,。;]{0,4}(?:废止|失效|停止执行|停止施行)")
# A note or a mark on the page about this very document; 「原《X》已废止」 speaks of another.
_PAGE_REPEAL = re.compile(
    r"^[\s\[【(::]*(?:本|此|该)?(?:文件|件|文|法规|政策|公告|通知|办法)?(?:全文|已经|已|现已|于[^,。《》]{4,12}日)"
    r"(?:被|予以|失效)?(?:或|、)?(?:废止|失效)(?!的|前|后)"
)
_GONE = re.compile(r"废止|失效|无效|停止执行|撤销")
_ALIVE = re.compile(r"未(?:废止|失效)|有效(?!期)")


@dataclass(frozen=True)
class Validity:
    """First and last day of validity, day of repeal, and the span of the words that state them."""

    effective_on: date | None = None
    expires_on: date | None = None
    repealed_on: date | None = None
    span: Span | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Issue:
    """What the header says of the issue: the days periods are counted from."""

    title: str
    signed_on: date | None
    published_on: date | None
    printed_on: date | None = None

    def day(self, act: str | None) -> date | None:
        """Day of 发布 or 公布 (else of signature); of 印发, as the foot prints it; of 签发 and the like."""
        if act == "印发" and self.printed_on:
            return self.printed_on
        if act in ("发布", "公布", "公告", "颁布", None):
            return self.published_on or self.signed_on
        return self.signed_on or self.published_on


def read_validity(text: str, issue: Issue, fields: Mapping[str, str], page: str = "") -> Validity:
    """Validity of a document from its own words, then from the fields of its page."""
    found = Validity()
    whole = unwrapped(half_width(text))
    plain = whole.text
    previous: Span | None = None
    for sentence in _SENTENCE.finditer(plain):
        if not _KEY.search(sentence[0]):
            continue
        span = _stripped(plain, *sentence.span())
        follows = previous is not None and span[0] - previous[1] <= 6
        merged = _merge(found, _of_sentence(plain[slice(*span)], span, issue, found, follows))
        if merged != found:
            previous, found = span, merged
    if found.span is not None:
        found = replace(found, span=whole.printed(*found.span))
    return _of_page(_of_fields(found, fields, issue), plain, issue, fields, page)


def _stripped(plain: str, start: int, end: int) -> Span:
    lead = _NUMBERING.match(plain[start:end])
    start += lead.end() if lead else 0
    return start, start + len(plain[start:end].rstrip())


def _merge(found: Validity, new: Validity) -> Validity:
    """The first statement of each kind counts; their words become one span when they touch."""
    if new.span is None:
        return found
    changed = replace(
        found,
        effective_on=found.effective_on or new.effective_on,
        expires_on=found.expires_on or new.expires_on,
        repealed_on=found.repealed_on or new.repealed_on,
    )
    if found.span is None:
        return replace(changed, span=new.span)
    if new.span[0] - found.span[1] <= 80:
        return replace(changed, span=(found.span[0], max(found.span[1], new.span[1])))
    gained = new.expires_on is not None and found.expires_on is None
    return replace(changed, span=new.span if gained else found.span)


def _of_sentence(
    sentence: str, span: Span, issue: Issue, found: Validity, follows: bool
) -> Validity:
    dates = list(dates_in(sentence))
    effect, effect_at = _effect(sentence, dates, issue)
    own = OWN.search(sentence)
    stated = effect_at is not None
    speaks = stated or own is not None or _names_itself(sentence, issue.title)
    speaks = speaks or (follows and sentence.startswith(("有效期", "试行期", "执行期")))
    if not speaks and not _POLICY_TERM.search(sentence):
        return Validity()
    after = effect_at if effect_at is not None else (own.end() if own else 0)
    expiry, opened, said = _expiry(sentence, dates, after, effect or found.effective_on, issue)
    repealed = None
    mark = _SELF_REPEAL.search(sentence, own.end()) if own and not stated else None
    if own and mark and "《" not in sentence[own.start() : mark.end()] and "期满" not in sentence:
        day = next((d for d in dates if own.end() <= d.start < mark.end()), None)
        repealed = day.first if day else None
    if not (stated or said or repealed):
        return Validity()
    return Validity(effect or opened, expiry, repealed, span)


def _names_itself(sentence: str, title: str) -> bool:
    named = re.match(r"^《([^《》]{2,80})》", sentence)
    return named is not None and named[1] in half_width(title)


def _effect(sentence: str, dates: list[DatedWords], issue: Issue) -> tuple[date | None, int | None]:
    """Day from which the document itself applies, and where the words end; (None, None) if unsaid."""
    for dated in dates:
        tail = _AFTER_DATE.match(sentence, dated.end)
        linked = re.search(r"(?:自|从|于|,|^|公布|发布|\s)$", sentence[: dated.start])
        if tail and linked and dated.first and _is_own(sentence[: dated.start], issue.title):
            return dated.first, tail.end()
    for words in _FROM_ISSUE.finditer(sentence):
        if words["verb"] is None or not _is_own(sentence[: words.start()], issue.title):
            continue
        base = issue.day(words["act"])
        return _after(base, words["wait"], words["unit"], bool(words["next"])), words.end()
    return None, None


def _after(base: date | None, wait: str | None, unit: str | None, next_day: bool) -> date | None:
    """印发之日起30日后 is the thirtieth day after; working days cannot be counted without a calendar."""
    if base is None or (unit and "工作日" in unit):
        return None
    if next_day:
        return base + timedelta(days=1)
    if not wait:
        return base
    count = chinese_number(wait)
    if unit in ("日", "天"):
        return base + timedelta(days=count)
    length = {"months": count} if unit == "个月" else {"years": count}
    return last_day(base, **length) + timedelta(days=1)


def _is_own(before: str, title: str) -> bool:
    """Whether the words before 自…起施行 leave the document itself as what takes effect."""
    before = re.sub(r"(?:自|从|于|自从)$", "", before)
    if own := list(OWN.finditer(before)):
        return not re.search(r"《|规定的|中的|地区|企业|纳税人", before[own[-1].end() :])
    if _names_itself(before, title):
        return True
    chunk = before.rsplit("。", 1)[-1]
    return not chunk.strip(" ,、") or _MADE_PUBLIC.search(chunk) is not None


def _expiry(
    sentence: str, dates: list[DatedWords], after: int, effect: date | None, issue: Issue
) -> tuple[date | None, date | None, bool]:
    """Last day, a first day a range may add, and whether a term is stated at all."""
    for word in _TERM_WORD.finditer(sentence, max(0, after - 6)):
        rest = sentence[word.end() : word.end() + 60]
        link = _TERM_LINK.match(rest)
        at = word.end() + (link.end() if link else 0)
        dated = next((d for d in dates if d.start == at and d.last), None)
        if dated:
            linked = link[0] if link else ""
            second = next((d for d in dates if d.start >= dated.end), None)
            if second and second.last and _RANGE.match(sentence[dated.end : second.start]):
                return second.last, dated.first, True
            if re.search(r"至|到|止|截|为|是|:", linked) or "有效期" in word[0]:
                return dated.last, None, True
        # The link may have taken the 自 of 自发布之日起.
        if issued := _FROM_ISSUE.match(sentence, at) or _FROM_ISSUE.match(sentence, at - 1):
            base = issue.day(issued["act"])
            if issued["wait"] and issued["verb"] is None:
                return _ends(base, issued["wait"], issued["unit"]), base, True
            tail = sentence[issued.end() : issued.end() + 12]
            if term := re.match(r"^[,\s]*" + _NUMBER, tail):
                return _ends(base, term[1], term[2]), None, True
            until = re.match(r"^(?:至|到)$", tail[:1])
            dated = next((d for d in dates if d.start == issued.end() + 1 and d.last), None)
            if until and dated:
                return dated.last, base, True
        term = _TERM.match(sentence[at : at + 12])
        if term and not re.match(
            r"\s?(?:后|内|前|以)", sentence[at + term.end() : at + term.end() + 3]
        ):
            return _ends(effect, term[1], term[2]), None, True
        if word[0].startswith("有效期") and link and re.search(r"至|到", link[0]):
            return None, None, True
    for dated in dates:
        until = re.search(r"(?:至|到|截止|于)$", sentence[max(0, dated.start - 2) : dated.start])
        if dated.start >= after and until and dated.last and _UNTIL.match(sentence, dated.end):
            start = next((d for d in dates if dated.start - 3 <= d.end < dated.start), None)
            return dated.last, start.first if start else None, True
    return None, None, False


def _ends(first: date | None, number: str, unit: str) -> date | None:
    if first is None:
        return None
    count = chinese_number(number)
    if unit == "年半":
        return last_day(first, years=count, months=6)
    if unit in ("日", "天"):
        return first + timedelta(days=count - 1)
    return last_day(first, **({"years": count} if unit == "年" else {"months": count}))


def _of_fields(found: Validity, fields: Mapping[str, str], issue: Issue) -> Validity:
    def day(key: str) -> date | None:
        dated = next(dates_in(half_width(fields.get(key, ""))), None)
        return dated.first if dated else None

    expires, gone = day("expires_on"), day("repealed_on")
    effect = found.effective_on or day("effective_on")
    if found.expires_on is None and expires is None and (period := fields.get("period")):
        dates = list(dates_in(half_width(period)))
        if dates and dates[-1].last:
            expires = dates[-1].last + timedelta(days=1)
        elif term := _TERM.match(half_width(period)):
            ends = _ends(effect, term[1], term[2])
            expires = ends + timedelta(days=1) if ends else None
    return replace(
        found,
        effective_on=effect,
        # 失效日期 is the first day without effect.
        expires_on=found.expires_on or (expires - timedelta(days=1) if expires else None),
        repealed_on=min((d for d in (found.repealed_on, gone) if d), default=None),
    )


def _of_page(
    found: Validity, plain: str, issue: Issue, fields: Mapping[str, str], page: str
) -> Validity:
    """A page that says 已废止 without a day: repealed from the document's first day on.

    Later would show a repealed document as valid on days nobody can vouch for.
    """
    status = fields.get("validity", "")
    said = bool(_GONE.search(status) and not _ALIVE.search(status))
    notes = re.findall(
        r"(?:^|\n|\s)(?:注释|注|提示|备注|说明|【)[::\s]?([^\n。]{2,60})", plain[:3000]
    )
    said = said or any(_PAGE_REPEAL.match(line) for line in [*notes, *page.splitlines()])
    said = said or re.search(r"[(【](?:已|全文)?(?:废止|失效)[)】]", issue.title) is not None
    if not said or found.repealed_on is not None:
        return found
    if found.expires_on is not None and "失效" in status:
        return found
    first = min((d for d in (issue.signed_on, issue.published_on) if d), default=date.min)
    notice = "页面标明本文件已废止或失效,但未写明日期,按自始不再有效处理"
    return replace(found, repealed_on=first, notices=(notice,))
