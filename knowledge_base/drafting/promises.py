"""Sentences that give applicants something: where they stand, who receives it, which instrument. Pure.

What goes to banks, guarantors, insurers, funds or public bodies is no offer for an enterprise.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from knowledge_base.clauses import Clause
from knowledge_base.drafting.amounts import read_amounts
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.parts import MARK, comma_before, sentence_spans, statements_within
from knowledge_base.drafting.quantities import quantities_in
from knowledge_base.header.widths import half_width
from knowledge_base.statements import Statement

_APPLICANTS = frozenset({"enterprise", "talent", "carrier", "research"})
_LENDERS = frozenset({"bank", "insurer", "guarantor"})
_PROMISES = ("commitment", "ceiling")
_GIVES = re.compile(
    r"(?:给予|予以|按|可享受|享受|发放|兑现)[^。;；]{0,60}?(?:补助|补贴|奖励|资助|贴息|补偿|奖补|减免|支持|资金|返还"
    r"|兑付|兑现|抵扣|抵用|配套|代偿|分担|[\u4e00-\u9fff]券)"
    r"|(?:兑付|减免|拨付|补足|发放)[^。;；,，]{0,24}\d"
    r"|(?:\d%?|比例)(?:的比例)?(?:予以)?(?:兑付|兑现|抵扣|抵用|减免|代偿|分担)"
    r"|(?:补助|补贴|奖励|资助|奖补|贴息)[^。;；,，]{0,24}\d"
    r"|(?:贷款|授信|担保|保险)(?:额度|金额)[^。;；]{0,20}\d"
)
_LONGEST_NAME = 40
_NAMES_GIFT = re.compile(
    r"给予|予以|奖励|奖补|补助|补贴|资助|贴息|补偿|减免|免收|免费|返还|兑付|兑现|抵扣|发放|支持|扶持|资金|贷款|授信|担保|保险|[\u4e00-\u9fff]券"
)
_STATES = re.compile(r"不得|不低于|不高于|不超过|不少于|应当|必须|以上|以下|未被|未发生|具有|具备")
# 将第三条修改为：“…”, 增加一条，作为第四条：“…”
_AMENDS = re.compile(
    r"(?:(?:修改|修订|调整|变更|更改|改)为|增加(?:一|两|二|三|\d)(?:条|款|项)[^。；\n“]{0,24}?|删去|删除)\s?[:：,，]?\s?(?=[“\"「])"
    r"|[将把][^。；\n]{1,60}?(?:修改|修订|调整|变更|更改|改)为[:：]?"
)
_QUOTES = re.compile("[“”「」]")
_IN_FULL = re.compile(r"全额|全部(?:补助|补贴|减免)|免收|免费|免除|免征")
_CONTINUES = re.compile(
    r"\s*(?:单个|单家|单户|每家|每户|每人|最高|累计|同一|全年度?|年度|同时|最长)"
)
_BEGINS_PROMISE = re.compile(
    r"(?:的?,?(?:分别(?=按|给予|予以|奖励|补助)|按照?(?!规定|要求|时|期|约|月|季)|给予|予以|最高|一次性|每家|每户|每年(?!研发|营业|新增|缴)"
    r"|奖励(?!的)|可享受|可给予|可按))|可(?:按|给予|享受)"
)
_LEADS = re.compile(
    r"\s*(?:对于|对|支持|鼓励|凡|我[县市区省]对|本[县市区省]对|其中,?|\d{1,2}[.、])\s*"
)
# 给予高新技术企业10万元奖励: the receiver stands after the verb.
_GIVEN_TO = re.compile(
    r"(?:给予|奖励|补助|补贴|资助)([^,;。\d]{0,40}(?:企业|单位|机构))(?=一次性|最高|不超过|每|按|\d)"
)
# 对甲企业奖励20万元,对乙企业奖励10万元: each receiver has a promise of its own; what is added
# (再给予) is not one.
_NEXT_RECEIVER = re.compile(
    r"[,，]\s?(?=对(?!外|口|接|标|其|此|上述)(?:(?![再另]|额外)[^,，;；。]){2,60}?"
    r"(?:给予|予以|按|奖|补助|补贴|资助))"
)
# 对担保机构按…, 给予银行…: who receives it where no phrase of its own names the receiver.
_TO_OTHERS = re.compile(
    r"(?:对|给予|向|拨付至|拨付给|奖励)([^,，。;；]{2,24}?)(?:按|给予|予以|的|最高|一次性|安排|,|，)"
)


def giving(text: str, clause: Clause, cues: Cues) -> list[tuple[int, int]]:
    """Spans of sentences of a clause that give, each with the sentences that only limit it."""
    found: list[tuple[int, int]] = []
    for start, end in sentence_spans(text, clause.start, clause.end):
        near = found and found[-1][1] >= start - 3
        if near and _CONTINUES.match(text, start, end) and read_amounts(text, start, end):
            found[-1] = (found[-1][0], end)
        elif promised := _promised(text, clause, start, end, cues):
            found += _by_receiver(text, *promised, cues)
    return found


def _by_receiver(text: str, start: int, end: int, cues: Cues) -> list[tuple[int, int]]:
    """A promise cut where it turns to its next receiver, when every part pays; lenders left out."""
    cuts = [cut.span() for cut in _NEXT_RECEIVER.finditer(text, start, end)]
    starts = [start, *(after for _, after in cuts)]
    parts = list(zip(starts, [*(at for at, _ in cuts), end], strict=True))
    if not all(read_amounts(text, *part) for part in parts):
        return [(start, end)]
    return [part for part in parts if not _for_others(text, *part, cues)]


def _promised(
    text: str, clause: Clause, start: int, end: int, cues: Cues
) -> tuple[int, int] | None:
    """The words of a sentence that promise applicants something; None when it does not.

    What the same sentence asks of lenders stays outside.
    """
    if _GIVES.search(half_width(text[start:end])) is None:
        return None
    promise: Statement | None = None
    for statement in statements_within(clause, start, end):
        for_lenders = bool(statement.bound) and set(statement.bound) <= _LENDERS
        # A loan with its ceiling is promised to those who take it, though a bank grants it.
        lent = bool(set(statement.benefits) & _APPLICANTS)
        for_lenders &= not (lent and _is_promise(text, statement, statement.start, end))
        if for_lenders and promise is not None:
            end = min(end, max(promise.end, comma_before(text, statement.start)))
            break
        if for_lenders:
            start = max(start, min(end, statement.end + 1))
        elif promise is None and _is_promise(text, statement, start, end):
            promise = statement
    if promise is None or promise.end <= start or _for_others(text, start, end, cues):
        return None
    return start, end


def _is_promise(text: str, statement: Statement, start: int, end: int) -> bool:
    taken = set(statement.benefits)
    if statement.force not in _PROMISES or (taken and not taken & _APPLICANTS):
        return False
    if read_amounts(text, start, end):
        return True
    # Without a sum only a benefit in full is one a person can ask for.
    words = text[statement.start : statement.end]
    return statement.force == "commitment" and _IN_FULL.search(words) is not None


def _for_others(text: str, start: int, end: int, cues: Cues) -> bool:
    """Whether the receiver a sentence names is a lender, a fund or a public body."""
    receiver = applicant_span(text, start, end)
    words = half_width(text[slice(*receiver)]).rstrip("的") if receiver else ""
    if not words:
        named = _TO_OTHERS.search(text, start, end)
        words = half_width(named[1]) if named else ""
    return cues.instruments.not_applicants.search(words[-16:]) is not None


def applicant_span(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words of a promise that say who receives it: 「对…的企业」 before 「按…予以」."""
    plain = half_width(text[start:end])
    stop = _BEGINS_PROMISE.search(plain)
    numbered = 0
    while mark := MARK.match(plain[numbered : numbered + 12]):
        numbered += mark.end()
    lead = _LEADS.match(plain, numbered)
    begin = lead.end() if lead else numbered
    if stop is None or stop.start() <= begin:
        named = _GIVEN_TO.match(plain, begin)
        return (start + named.start(1), start + named.end(1)) if named else None
    return start + begin, start + stop.start() + (plain[stop.start()] == "的")


def promise_name(text: str, clause: Clause, start: int, end: int) -> str:
    """What a promise gives, in the words of its heading or its own; "" where none say so.

    A heading that only states a condition (资产负债率不得高于70%) names nothing.
    """
    heading = MARK.sub("", clause.path[-1]).rstrip("。;；:：") if clause.path else ""
    plain = half_width(heading)
    if 2 <= len(heading) <= _LONGEST_NAME and (
        _NAMES_GIFT.search(plain) or not (_STATES.search(plain) or _bounded(plain))
    ):
        return heading
    phrases = re.split(r"[,，。;；:：]", MARK.sub("", text[start:end]))
    first = phrases[0] if _begins_promise(phrases) else ""
    named = next((one for one in phrases if _NAMES_GIFT.search(one)), "")
    return (first or named).strip()[:_LONGEST_NAME]


def _begins_promise(phrases: list[str]) -> bool:
    """Whether the first phrase names a receiver or a gift, not merely what must hold."""
    plain = half_width(phrases[0])
    if _NAMES_GIFT.search(plain):
        return True
    return len(phrases[0].strip()) > 1 and _LEADS.match(plain) is not None


def _bounded(plain: str) -> bool:
    return any(quantity.op not in ("eq",) for quantity in quantities_in(plain))


def without_amendments(
    text: str, given: list[tuple[Clause, int, int]]
) -> list[tuple[Clause, int, int]]:
    """Promises less those that are another document's new wording: a person reads both together."""
    spans = list(_amended(text))
    begins = [start for start, _ in spans]
    kept: list[tuple[Clause, int, int]] = []
    for clause, start, end in given:
        at = bisect_right(begins, end - 1) - 1
        if at < 0 or spans[at][1] <= start:
            kept.append((clause, start, end))
    return kept


def _amended(text: str) -> Iterator[tuple[int, int]]:
    """Spans of new wordings, up to the quotation mark that closes them or the end of their line."""
    last = 0
    for found in _AMENDS.finditer(text):
        if found.start() < last:
            continue
        quoted = text[found.end() : found.end() + 1] in ("“", '"', "「")
        close = _closing_quote(text, found.end()) if quoted else -1
        line = text.find("\n", found.end())
        last = close if close > 0 else line if line > 0 else len(text)
        yield found.start(), last


def _closing_quote(text: str, start: int) -> int:
    """Where quotation marks that open at `start` close, those inside counted."""
    if text[start] == '"':
        return text.find('"', start + 1)
    depth = 0
    for found in _QUOTES.finditer(text, start):
        depth += 1 if found[0] in "“「" else -1
        if depth == 0:
            return found.end()
    return -1


def promise_kind(text: str, clause: Clause, start: int, end: int, cues: Cues) -> str:
    """Money of the state is a subsidy, of people only for talents; else the instrument named."""
    words = text[start:end]
    if not any(word in words for word in cues.instruments.state):
        for kind, names in cues.instruments.kinds:
            if any(word in words for word in names):
                return kind
    taken = {party for s in statements_within(clause, start, end) for party in s.benefits}
    return "talent" if taken == {"talent"} else "subsidy"


def sheet_kind(name: str, offered: str, cues: Cues) -> str:
    """Kind of a product sheet by its name, else by the words of what it offers and for how long."""
    for kind, words in cues.kinds:
        if kind != "service" and any(word in name for word in words):
            return kind
    for kind, words in cues.instruments.kinds:
        if any(word in offered for word in words):
            return kind
    return "service"
