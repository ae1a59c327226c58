"""Clauses that only say again, word for word, what a better ranked one has said. Pure.

Only what cannot change the meaning is overlooked: numbering, a short list of marks, spaces, and a
short list of words. Likeness by shared bigrams is not asked: of 124 pairs of statutes with nine bigrams in ten
and every figure in common, three quarters differed by what counts (省 / 市, 且无正当理由, another
town), while 513 were the same in this sense.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat

from knowledge_base.lexical import normalise

# A quoted sentence shorter than this leans on the words around it.
_SELF_CONTAINED = 20
_CN = "一二三四五六七八九十百零〇"
# What follows the name of another article, or a figure that is no numbering.
_REFERRED = (
    rf"\s*(?:规定|所称|所列|所述|第\(?[{_CN}0-9]{{1,7}}\)?[章节条款项])|[的、,和及与或至到之]"
)
_COUNTED = (
    r"\s*[0-9a-z%‰℃°万亿千百十元个家人名户项次年月日天周岁期件台套间所座亩吨米度页条款分"
    r"只辆种类级档批倍成平公厘毫克瓦小工美港欧英日多余几以至到左]"
)
_NUMBERING = re.compile(
    rf"\s*(?:第[{_CN}0-9]{{1,7}}[章节条](?!{_REFERRED})|[{_CN}]{{1,4}}(?:[.是]|、(?![{_CN}]))"
    rf"|\([{_CN}0-9]{{1,3}}\)"
    rf"|[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{0,3}}(?:[、.)](?![0-9])|\s(?!{_COUNTED})))\s*"
)
_CIRCLED = re.compile("^\\s*[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_ENDS = re.compile(r"[。;!?]+")
# Every other sign counts as a word. So does a dash or point before a figure: -5% is not 5%.
_SIGNS = "\\s\u200b\ufeff,、:·•\"'“”‘’()《》〈〉「」『』〔〕【】\\[\\]"
_DASHES = "‐‑–—―-"
_MARKS = re.compile(rf"(?:[{_SIGNS}]|\.(?![0-9])|[{_DASHES}](?!\s*[0-9.¥$€£]))+")
# Marks between digits are read, not dropped: 1.5 is not 15, nor 3-5 years 35.
_BETWEEN = re.compile(rf"(?<=[0-9])[{_SIGNS}.~{_DASHES}]+(?=[0-9])")
_READ = {".": "点", ":": "比", **dict.fromkeys(f"~{_DASHES}", "至")}
_SAME = {
    "的": "",
    "进行": "",
    "及": "和",
    "与": "和",
    "以及": "和",
    "或者": "或",
    "应当": "应",
    "给予": "予",
    "予以": "予",
    "依": "按",
    "依照": "按",
    "按照": "按",
    "依据": "按",
    "制订": "制定",
    "其它": "其他",
    "相关": "有关",
    "如果": "如",
    "但是": "但",
    "对于": "对",
}
_WORDS = sorted(_SAME.items(), key=lambda pair: -len(pair[0]))


def fold(texts: Sequence[str], contexts: Sequence[str] | None = None) -> list[tuple[int, ...]]:
    """Places of the texts, best first, in groups: a first and those that say nothing beyond it.

    A later text is in a group when it is equal to the first or is whole sentences out of it, and
    its context, what it is read under (region, heading, product), is the same.
    """
    groups: list[list[int]] = []
    # What each sentence, under its context, opens or stands in: group and the sentences of its first.
    stands: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    around = repeat("", len(texts)) if contexts is None else contexts
    for place, (text, context) in enumerate(zip(texts, around, strict=True)):
        under = "".join(_said(context))
        sentences = _said(text)
        whole = "\n".join(["", *sentences, ""])
        known = stands[under, sentences[0]] if sentences else []
        for group, first in known:
            if whole == first or (len(whole) > _SELF_CONTAINED and whole in first):
                groups[group].append(place)
                break
        else:
            for sentence in set(sentences):
                stands[under, sentence].append((len(groups), whole))
            groups.append([place])
    return [tuple(group) for group in groups]


# Kept: the same clauses come back in many results, and full-width forms take half of the time.
@lru_cache(maxsize=4096)
def _said(text: str) -> tuple[str, ...]:
    """The sentences of a text without what changes no meaning; those without a word left out."""
    plain = normalise(_CIRCLED.sub("", text))
    plain = plain[found.end() :] if (found := _NUMBERING.match(plain)) else plain
    plain = _BETWEEN.sub(_read, plain)
    for word, other in _WORDS:
        plain = plain.replace(word, other)
    bare = (_MARKS.sub("", sentence) for sentence in _ENDS.split(plain))
    return tuple(sentence for sentence in bare if sentence)


def _read(marks: re.Match[str]) -> str:
    return "".join(_READ.get(mark, "又") for mark in "".join(marks[0].split())) or "又"
