"""Who a promise is for: every conjunct of 「对…的企业」 read, and none of them lost. Pure.

A conjunct that no fact says whole is proposed with its words. Where 或 and 且 stand in one phrase
the reading is left to a person: either way of joining them would be a guess.
"""

import re
from collections.abc import Iterable, Iterator

from knowledge_base.drafting.alternatives import Condition
from knowledge_base.drafting.conditions import Requirements, merged, read_conditions
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.proposals import FactProposal, proposal
from knowledge_base.header.widths import half_width
from knowledge_base.vocabulary import Vocabulary

_LONGEST = 400  # characters; a longer phrase is proposed unread
_ELSE = re.compile(r"或(?!有|多|以上)")
_HARD = re.compile(r"[,;]\s?(?:并且|而且|且|并|同时)?|(?:并且|而且|且|并同时|同时)")
# 不低于500万元且不超过4亿元: the other end of the same range.
_OTHER_END = re.compile(r"\s?(?:但|且)?(?:不超过|不高于|不大于|不多于|不满|低于|小于|少于)\s?\d")
_SOFT = re.compile("、")
# A member with a verb or a bound is a demand of its own; nouns alone are one list.
_DEMAND = re.compile(
    r"注册|登记|成立|设立|具有|具备|拥有|取得|获得|持有|从事|建有|实施|开展|购买|连续|不低于|不少于|无|未"
    r"|(?<!规模)以[上下]|(?:达|满|超过?)\d"
)
_AHEAD = re.compile(r"[,;]\s?(?=对(?!外|口|接|标|其)|凡)")
# 支持企业开展技术改造,对…的企业: what is encouraged in general asks nothing of the receiver.
_ENCOURAGED = re.compile(
    r"支持|鼓励|引导|推动|推进|加大|加快|加强|强化|促进|完善|落实|提升|企业(?:开展|加大|加快|实施)"
)
# 对甲奖励10万元,对乙奖励5万元: the sums of one sentence may have further receivers.
_FURTHER = re.compile(
    r"[,;]\s?(?:对(?!外|口|接|标)([^,;。]{2,60}?)|([^,;。]{2,60}的)),?(?:再|另|额外)?"
    r"(?:给予|予以|按|奖励|补助|补贴|资助|增加)"
)
# A title just granted is what the money is paid for; whoever has held it for long gets nothing.
_JUST_GRANTED = re.compile(
    r"首次|首批|首家|新(?:获|认|评|入|列|晋|通过)|当年度?(?:认定|获|评|入选|列入|通过)|晋级|升级|重新认定"
)
_PLAIN = re.compile(
    r"(?:上一?年度?|年度?|当前|各类|相关|有关|符合条件|企业|公司|单位|机构|法人|依法|合法|工商|税务|持有|获得|取得"
    r"|具有|拥有|属于|认定为|证书|称号|资格|产品|我县|本县|我市|本市|境内|[的在为是于被内者等对且并,、;()“”\s])"
)
_CJK = re.compile(r"[\u4e00-\u9fff\d]")


def read_receiver(
    text: str,
    span: tuple[int, int],
    region: str,
    vocabulary: Vocabulary,
    cues: Cues,
) -> Requirements:
    """Conditions and proposals of the words that say who receives a promise."""
    read: list[Requirements] = []
    foreign = False
    for start, end in _conjuncts(text, *span):
        plain = half_width(text[start:end])
        if cues.void.others.match(plain):
            foreign = True
        elif cues.void.own.search(plain[:12]):
            foreign = False
        read.append(_conjunct(text, start, end, foreign, region, vocabulary, cues))
    return merged(*read)


def further_receivers(text: str, start: int, end: int, receiver_end: int) -> Requirements:
    """Those a promise turns to after its first receiver: a proposal each."""
    plain = half_width(text[start:end])
    found = _FURTHER.finditer(plain, max(0, receiver_end - start))
    spans = [one.span(1 if one[1] else 2) for one in found]
    return Requirements((), tuple(proposal(text, start + a, start + b) for a, b in spans))


def _conjuncts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the conjuncts; a phrase with 或 between its commas stays whole."""
    plain = half_width(text[start:end])
    ahead = [found.end() for found in _AHEAD.finditer(plain)]
    general = ahead and _ENCOURAGED.match(plain) and "的" not in plain[: ahead[0]]
    begin = ahead[0] if general else 0
    if len(plain) > _LONGEST or re.search(r"[,;]\s?或", plain):
        yield from _stripped(text, start + begin, end)
        return
    for left, right in _cut(plain, begin, len(plain), re.compile("[,;]")):
        if _ELSE.search(plain, left, right):
            yield from _stripped(text, start + left, start + right)
            continue
        for low, high in _cut(plain, left, right, _HARD):
            members = list(_cut(plain, low, high, _SOFT))
            apart = all(_DEMAND.search(plain, *member) for member in members)
            for member in members if apart else [(low, high)]:
                yield from _stripped(text, start + member[0], start + member[1])


def _cut(plain: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Spans between separators that stand outside brackets and quotation marks."""
    begin = at = start
    depth = 0
    for found in separator.finditer(plain, start, end):
        between = plain[at : found.start()]
        depth += sum(between.count(c) for c in "(“《") - sum(between.count(c) for c in ")”》")
        at = found.start()
        if depth <= 0 and not _OTHER_END.match(plain, found.end()):
            if found.start() > begin:
                yield begin, found.start()
            begin = found.end()
    if end > begin:
        yield begin, end


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without 对, 且 before it and 的 after it; nothing when no word is left."""
    plain = half_width(text[start:end])
    lead = re.match(r"\s*(?:并且|且|并|同时)?(?:对于|对(?!外|口|接|标)|凡是?|其中)?\s*", plain)
    begin = lead.end() if lead else 0
    stop = len(plain.rstrip().removesuffix("的"))
    if stop > begin:
        yield start + begin, start + stop


def _conjunct(
    text: str,
    start: int,
    end: int,
    foreign: bool,
    region: str,
    vocabulary: Vocabulary,
    cues: Cues,
) -> Requirements:
    plain = half_width(text[start:end])
    found = read_conditions(text, [(start, end)], region, vocabulary, cues, "applicant")
    granted = _JUST_GRANTED.search(plain) is not None
    kept = [
        one
        for one in found.conditions
        if not any(
            (leaf.fact == "titles" and granted) or (foreign and leaf.fact in cues.void.facts)
            for leaf in one.leaves()
        )
    ]
    leaves = [leaf for condition in kept for leaf in condition.leaves()]
    if "且" in plain and _ELSE.search(without(plain, start, leaves)):
        return Requirements((), (proposal(text, start, end),))
    rest = without(plain, start, [*leaves, *found.proposals])
    more = (proposal(text, start, end),) if says_more(rest, cues) else ()
    return Requirements(tuple(kept), (*found.proposals, *more))


def without(plain: str, start: int, taken: Iterable[Condition | FactProposal]) -> str:
    """The words of a conjunct that stand outside what was read from it."""
    left = list(plain)
    for one in taken:
        for index in range(max(0, one.start - start), min(len(left), one.end - start)):
            left[index] = ","
    return "".join(left)


def says_more(rest: str, cues: Cues) -> bool:
    """Whether words that nothing was read from are more than mere grammar."""
    for word in sorted(cues.before_measure, key=len, reverse=True):
        rest = rest.replace(word, ",") if len(word) > 1 else rest
    return len(_CJK.findall(_PLAIN.sub(",", rest))) > 1
