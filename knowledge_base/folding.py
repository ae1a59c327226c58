"""Clauses that only say again, word for word, what a better ranked one has said. Pure.

Only what cannot change the meaning is overlooked: numbering, marks, spaces, and a short list of
words. Likeness by shared bigrams is not asked: of 124 pairs of statutes with nine bigrams in ten
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
_NUMBERING = re.compile(
    rf"\s*(?:第[{_CN}0-9]{{1,7}}[章节条款项]|[{_CN}]{{1,4}}[、.是]|\([{_CN}0-9]{{1,3}}\)"
    rf"|[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{0,3}}(?:[、.)]|\s)(?![0-9]))\s*"
)
_CIRCLED = re.compile("^\\s*[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_ENDS = re.compile(r"[。;!?]+")
_MARK = r"(?:[^\w%‰<>≤≥+±×]|_)+"
_MARKS = re.compile(_MARK)
# Marks between digits are read, not dropped: 1.5 is not 15, nor 3-5 years 35.
_BETWEEN = re.compile(rf"(?<=[0-9]){_MARK}(?=[0-9])")
_READ = {".": "点", "/": "分", ":": "比", **dict.fromkeys("-~‐‑–—", "至")}
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
    plain = _BETWEEN.sub(lambda mark: _READ.get(mark[0], "又"), plain)
    for word, other in _WORDS:
        plain = plain.replace(word, other)
    bare = (_MARKS.sub("", sentence) for sentence in _ENDS.split(plain))
    return tuple(sentence for sentence in bare if sentence)
