"""Whom words shut out: 「被列入经营异常名录的除外」 as what must not hold, the rest proposed. Pure.

Every member of the list is read by itself, so that one that is read never hides one that is not.
"""

import re
from collections.abc import Iterator

from knowledge_base.drafting.alternatives import Condition, joined
from knowledge_base.drafting.conditions import Requirements, merged, read_conditions
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.parts import MARK
from knowledge_base.drafting.proposals import EXCLUDED, FactProposal
from knowledge_base.drafting.receivers import says_more, without
from knowledge_base.drafting.requirements import read_exclusions
from knowledge_base.drafting.sentences import LONGEST_SENTENCE, Sentence
from knowledge_base.header.widths import half_width
from knowledge_base.vocabulary import Vocabulary

# What is said of those shut out.
CONSEQUENCE = re.compile(
    r"除外|(?:(?:自[^,;。:]{0,16})?[一二两三四五\d]{1,2}年(?:以?内|之内),?)?(?:一律|均|暂|也|则|将)?(?:"
    r"(?:不得|不能|不可|不允许|无权)(?:再)?(?:申请|申报|享受|获得?|参与|参加|参评|推荐|列入|纳入|给予|作为|兑现)"
    r"|不予(?!重复|公开)|不再(?!重复)(?=[\u4e00-\u9fff])|不(?:给予|享受|适用|支持|受理|奖励|补助|兑现|纳入|列入)"
    r"|不在[^,;。:]{0,16}范围|不属于[^,;。:]{0,10}(?:支持|奖补|扶持|补助|适用|享受)"
    r"|(?:取消|丧失|暂停|停止)[^,;。:]{0,16}(?:资格|奖励|补助|奖补|资金|政策))"
)
# 除被列入经营异常名录的企业外,均可享受; 不得发放给存在欠薪行为的企业: the case stands inside or after.
_INSIDE = re.compile(
    r"除([^,;。:]{2,60}?(?:企业|单位|主体|的))(?:以外|之外|外)(?=[,的])"
    r"|(?:(?:不得|不予|不能)(?:向|对|(?=发放|拨付|支付|给予|奖励|支持|补助))|严禁|禁止)"
    r"(?:发放|拨付|支付|给予|奖励|支持|补助)?(?:给|至|于)?"
    r"([^,;。:]{2,60}?的(?:企业|单位|主体))"
)
_BAD = re.compile(
    r"存在|发生|被列|列入|拖欠|欠缴|欠薪|失信|违法|违规|违反|处罚|事故|弄虚作假|骗取|虚假|未按|逾期"
)
# 下列企业不予支持: what follows names them.
LISTED = re.compile(r"下列|以下|如下")
_CASE_END = re.compile(
    r"(?:的|者|之一)(?:各类)?(?:企业|单位|主体|项目|申报人|申请人)?[,:]?\s*$|企业[,:]?\s*$"
)
_LEAD = re.compile(
    r"\s*(?:但是?|对于|对(?!外|口|接|标)|凡是?|其中|若|如果?|或者?|以及|有|所有|企业|申报单位|申请单位|申报主体|,){0,4}"
)
_TRAIL = re.compile(
    r"(?:(?:情形|情况|行为)之一)?(?:的|者)?(?:各类)?(?:企业|单位|主体|项目|申报人|申请人)?[,:\s]*$"
)
_MEMBERS = re.compile("、|或者|或(?!有|多|以上)|以及|[,;]")
# 近三年内存在…行为: words that only say when and that it is so.
_PLAIN = re.compile(
    r"(?:近|最近|前|过去|上|申报|申请|截至|当前|目前|[一二两三四五\d]{1,2}个?(?:年度?|月)(?:以?内)?|年度?|之?日|期间?|起|内"
    r"|存在|发生|具有|出现|仍|尚|未移出|被|曾|因|列入|纳入|认定|有|过|的|者|企业|单位|主体|行为|情形|情况|记录|问题|名单"
    r"|等|并|且|和|及|与|在|为|是|属于?|于|时|[()“”\s,:;])"
)
_PAID = re.compile(r"给予|予以|奖励|补助|补贴|资助|贴息|元")


def shut_out(text: str, start: int, end: int, from_: int = 0) -> Iterator[tuple[int, int]]:
    """Spans of the words that name whom a sentence shuts out, `from_` being where it has paid."""
    plain = half_width(text[start:end])
    begin = max(0, from_ - start)
    for found in _INSIDE.finditer(plain):
        low, high = found.span(1 if found[1] else 2)
        yield start + low, start + high
    for found in CONSEQUENCE.finditer(plain):
        at = _case(plain, begin if found.start() > begin else 0, found.start())
        begin = max(begin, found.end())
        if at is not None:
            lead = _LEAD.match(plain, at, found.start())
            at = lead.end() if lead else at
            trail = _TRAIL.search(plain, at, found.start())
            stop = trail.start() if trail else found.start()
            if stop - at > 1 and "另有规定" not in plain[at:stop]:
                yield start + at, start + stop


def _case(plain: str, begin: int, end: int) -> int | None:
    """Where the words begin that name the case before a consequence; None when none does."""
    inside = plain.rfind("(", begin, end)
    if inside >= 0 and plain.find(")", inside, end) < 0:
        return inside + 1
    named = plain[end : end + 2] == "除外" or _CASE_END.search(plain, max(begin, end - 12), end)
    if end - begin < 2 or not (named or _BAD.search(plain, begin, end)):
        return None
    at = end
    phrases = 0
    while at > begin:
        cut = max(
            plain.rfind(",", begin, at), plain.rfind(";", begin, at), plain.rfind("。", begin, at)
        )
        phrase = plain[max(cut + 1, begin) : at]
        if phrases and _PAID.search(phrase):
            return at + 1
        phrases += bool(phrase.strip())
        at = max(cut, begin)
    return begin


def read_shut_out(
    text: str, start: int, end: int, region: str, vocabulary: Vocabulary, cues: Cues
) -> Requirements:
    """What must not hold of the applicant, of words that name whom something is not for."""
    plain = half_width(text[start:end])
    if end - start > LONGEST_SENTENCE:
        return Requirements((), (_unread(text, start, end),))
    read: list[Requirements] = []
    unread: tuple[int, int] | None = None
    for left, right in _members(plain):
        found = _member(text, start + left, start + right, region, vocabulary, cues)
        if found.conditions or unread is None:
            read += [Requirements((), (_unread(text, *unread),))] if unread else []
            unread = None
        if not found.conditions:
            unread = (unread[0] if unread else start + left, start + right)
        else:
            read.append(found)
    if unread:
        read.append(Requirements((), (_unread(text, *unread),)))
    return merged(*read)


def _members(plain: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for cut in [*_MEMBERS.finditer(plain), None]:
        end = cut.start() if cut else len(plain)
        mark = MARK.match(plain[begin:end])
        begin += mark.end() if mark else 0
        if plain[begin:end].strip():
            yield begin, end
        begin = cut.end() if cut else end


def _member(
    text: str, start: int, end: int, region: str, vocabulary: Vocabulary, cues: Cues
) -> Requirements:
    plain = half_width(text[start:end])
    tests = list(read_exclusions(Sentence(start, end, plain, "", "exclusions"), cues))
    found = [Condition(t.start, t.end, t.fact, t.op, t.value) for t in tests]
    if not found:
        read = read_conditions(text, [(start, end)], region, vocabulary, cues, "applicant")
        if not read.conditions or read.proposals:
            return Requirements((), ())
        leaves = [leaf for one in read.conditions for leaf in one.leaves()]
        if _more(without(plain, start, leaves), cues):
            return Requirements((), ())
        return Requirements((joined("not", [joined("all", read.conditions)]),), ())
    rest = _more(without(plain, start, found), cues)
    return Requirements(tuple(found), (_unread(text, start, end),) if rest else ())


def _unread(text: str, start: int, end: int) -> FactProposal:
    words = text[start:end]
    return FactProposal(f"{EXCLUDED}:{words[:20]}", "bool", None, words, start, end)


def _more(rest: str, cues: Cues) -> bool:
    return says_more(_PLAIN.sub(",", rest), cues)


def asked_besides(
    text: str,
    span: tuple[int, int],
    receiver_end: int,
    region: str,
    vocabulary: Vocabulary,
    cues: Cues,
) -> Requirements:
    """Whom a promise leaves out (被列入经营异常名录的除外); what cannot be read is proposed."""
    return merged(
        *(
            read_shut_out(text, *words, region, vocabulary, cues)
            for words in shut_out(text, *span, receiver_end)
        )
    )
