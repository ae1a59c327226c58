"""Sentences that open a list or name a case the next ones are about; where a demand ends. Pure."""

import re
from collections.abc import Sequence

from knowledge_base.drafting.carve_outs import CASE, CONSEQUENCE
from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.sentences import Sentence

ONE_OF = re.compile(
    r"(?:以下|下列|如下)[^,;。:]{0,10}(?:条件|情形|标准|要求)?之一|任意?(?:一|1)(?:项|条|个|种|条件|情形)"
    r"|其中(?:的?任意?)?(?:之一|(?:一|1)(?:项|条|个|种))|(?:满足|符合|具备)其(?:中之)?一|(?:以下|下列|如下)(?:一|1)(?:项|条)"
)
# 有下列情况之一的企业; 不得认定为…: a header of exclusions cut in two.
CASES = re.compile(r"(?:以下|下列|如下)[^,;。:]{0,10}之一的?[^,;。:的]{0,6}\s*$")
SHUTS = re.compile(r"\s*(?:一律)?(?:不得|不能|不予|不可|不纳入)[^,;。:]{0,40}:?\s*$")
# 以下八种类型企业: a list of kinds.
KINDS = re.compile(r"(?:以下|下列)[一二三四五六七八九十两\d]{1,2}(?:种|类)[^,;。:]{0,16}:?\s*$")
# What is said of a case named before it.
_SAID_OF = r"\s*(?:可|给予|予以|按|应|须|不|奖励|补助|补贴|每|最高|一次性|则|对|其|分别|达到)"


def after_kinds(sentences: Sequence[Sentence], index: int) -> int:
    """Past a list without numbers: each line names one kind of applicant, none binds them all."""
    part = sentences[index].part if index < len(sentences) else ""
    while index < len(sentences) and not sentences[index].family:
        if sentences[index].part != part:
            break
        index += 1
    return index


def is_case(sentence: Sentence, following: str) -> bool:
    """Whether a sentence only names whom the next is about; 成立3年以上的企业 alone demands."""
    phrases = sentence.phrases()
    if len(phrases) != 1 or CASE.search(phrases[-1].plain) is None:
        return False
    named = re.search(r"的企业\s*$", phrases[-1].plain) and not re.match(r"\s*对", sentence.plain)
    return not named or re.match(_SAID_OF, following) is not None


def shuts_out(following: Sequence[Sentence]) -> bool:
    """Whether the next words shut a case out, or do so after one more case (以及…的)."""
    for sentence in following:
        if CONSEQUENCE.match(sentence.plain):
            return True
        if not re.match(r"\s*(?:以及|或者?|及)", sentence.plain):
            return False
    return False


def promise_at(sentence: Sentence, cues: Cues) -> int:
    """Where a sentence begins to promise; its end when it promises nothing."""
    stops = [at for word in cues.benefit if (at := sentence.plain.find(word)) >= 0]
    return sentence.start + min(stops, default=len(sentence.plain))


def demand_end(sentence: Sentence, cues: Cues) -> int:
    """Where the demand ends: before a promise, and before what holds in one case only."""
    stop = promise_at(sentence, cues)
    phrases = sentence.phrases()
    for number, phrase in enumerate(phrases[:-1]):
        after = phrases[number + 1].plain
        if CASE.search(phrase.plain) and not CONSEQUENCE.match(after):
            return min(stop, phrase.start)
    return stop
