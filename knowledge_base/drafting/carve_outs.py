"""What a condition leaves out: 福建省(不含厦门市), and the milder bound of a named case. Pure."""

import re
from collections.abc import Iterator, Sequence

from knowledge_base.drafting.alternatives import Condition, joined
from knowledge_base.drafting.quantities import quantities_in
from knowledge_base.drafting.requirements import Test
from knowledge_base.drafting.sentences import Sentence
from knowledge_base.vocabulary import Vocabulary

CONSEQUENCE = re.compile(
    r"^\s*(?:以及[^,;]{0,14})?(?:一律)?(?:不得|不能|不予|不可|不适用|取消|均不)"
)
# A phrase that only says whom or which case the next words are about.
CASE = re.compile(
    r"(?<!条件)(?<!要求)(?<!规定)的\s*$|^(?:对于|对|若|如|如果|其中)(?!企业|申报|[^,;。]{0,60}(?:有|具有|起到?)[^,;。的]{0,8}(?:作用|影响|影响力|贡献|意义)\s*$)|(?:不满|不足|以上)的企业\s*$"
)
# 2000万元以上(农业企业500万元以上), 满3年(高新技术企业可放宽至1年): a milder bound for a class.
_RELAXED = re.compile(
    r"\s?[(,](?!含|不含)(?:其中)?(?:[^()（）,;。\d]{1,20}(?:企业|机构|单位|公司|业|县|市|区|地区|合作社|类|法人|个体户|个体工商户)"
    r"(?:的)?(?:可|应|须|为|成立|注册|不低于|不少于|不超过|达到?|满|适当|放宽|降低|调整|提高|至|到){0,4}\s?"
    r"|[^()（）,;。\d]{0,20}(?:放宽|降低|放低|调低)(?:至|到|为)?)(?=\d|[一二三四五六七八九十]{1,3}年)"
)
_BARE_BOUND = re.compile(r"^\s*(?:则|应|须|为|达到|不低于|不高于|不超过|不少于|至少)")
_BOUNDS = ("gte", "gt", "lte", "lt")
_EXCEPT = re.compile(
    r"(?:不含|不包括|不包含|除)([\u4e00-\u9fff、]{2,24}?)(?:以外|之外|外|除外)?(?=$|[,;。)()])"
    r"|([\u4e00-\u9fff、]{2,16})除外"
)
_AND = re.compile(r"、|和|及|与")


def without_places(
    sentence: Sentence, leaves: Sequence[Condition], region: str, vocabulary: Vocabulary
) -> list[Condition]:
    """A region with the places its words leave out: within the one and not within the others."""
    found: list[Condition] = []
    for leaf in leaves:
        found.append(leaf)
        if leaf.fact == "region":
            found += _left_out(sentence, leaf, region, vocabulary)
    return found


def relaxed(sentence: Sentence, leaf: Condition) -> int:
    """Where the words end that give a class another bound than `leaf`; 0 when none do."""
    plain, after = sentence.plain, leaf.end - sentence.start
    found = _RELAXED.match(plain, after) if leaf.op in _BOUNDS else None
    if found is None:
        return 0
    stop = next((i for i in range(found.end(), len(plain)) if plain[i] in "),;。"), len(plain))
    own = {q.unit for q in quantities_in(plain[leaf.start - sentence.start : after])}
    return (
        sentence.start + stop
        if own & {q.unit for q in quantities_in(plain[found.start() : stop])}
        else 0
    )


def _left_out(
    sentence: Sentence, leaf: Condition, region: str, vocabulary: Vocabulary
) -> Iterator[Condition]:
    for near in _EXCEPT.finditer(sentence.plain):
        group = 1 if near[1] else 2
        at = sentence.start + near.start(group)
        for name in _AND.split(near[group]):
            code = _place_code(name, region, vocabulary)
            if (
                code is not None
                and code != leaf.value
                and vocabulary.within_region(code, leaf.value)
            ):
                inner = Condition(at, at + len(name), "region", "within", code)
                yield Condition(at, at + len(name), join="not", parts=(inner,))
            at += len(name) + 1


def _place_code(name: str, region: str, vocabulary: Vocabulary) -> str | None:
    names = (name, f"{name}市", f"{name}县")
    codes = [c for c, n in vocabulary.regions.items() if n in names]
    inside = [c for c in codes if vocabulary.within_region(c, region)]
    wide = [c for c in inside if c.endswith("00")] or inside
    return wide[0] if len(wide) == 1 else None


def milder(sentence: Sentence, tests: Sequence[Test], last: Condition | None) -> Condition | None:
    """不低于5%;不是高新技术企业的,不低于3%: the milder bound holds in the case named."""
    phrases = sentence.phrases()
    if last is None or last.join is not None or last.op not in ("gte", "lte") or len(phrases) < 2:
        return None
    if not CASE.search(phrases[0].plain) or not _BARE_BOUND.match(phrases[1].plain):
        return None
    cases = [t for t in tests if t.start < phrases[0].end]
    bound = next(iter(quantities_in(phrases[1].plain)), None)
    if len(cases) != 1 or bound is None or bound.op != last.op:
        return None
    if bound.value >= last.value if last.op == "gte" else bound.value <= last.value:
        return None
    one, offset = cases[0], phrases[1].start
    case = Condition(one.start, one.end, one.fact, one.op, one.value)
    inner = Condition(offset + bound.start, offset + bound.end, last.fact, last.op, bound.value)
    return joined("any", [last, joined("all", [case, inner])])
