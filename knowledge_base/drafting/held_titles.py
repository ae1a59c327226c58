"""Titles an applicant must hold, read from a sentence. Pure.

An enumeration counts whole: where one member is no known title, the others alone say too little.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.requirements import Test, test_of
from knowledge_base.drafting.sentences import Sentence
from knowledge_base.header.widths import half_width
from knowledge_base.vocabulary import Title, Vocabulary


def _ambiguous(vocabulary: Vocabulary) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(vocabulary.ambiguous_titles.items())


@lru_cache(maxsize=4)
def _title_forms(
    titles: tuple[Title, ...], ambiguous: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, tuple[str, ...]]:
    forms = {half_width(form): names for form, names in ambiguous}
    for title in titles:
        for form in (title.name, *title.synonyms):
            if len(form) > 2:
                forms[half_width(form)] = (title.name,)
    return forms


@lru_cache(maxsize=4)
def _title_regex(
    titles: tuple[Title, ...], ambiguous: tuple[tuple[str, tuple[str, ...]], ...]
) -> re.Pattern[str]:
    forms = sorted(_title_forms(titles, ambiguous), key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, forms)))


def names_title(words: str, vocabulary: Vocabulary) -> bool:
    """Whether words hold any form of a title."""
    regex = _title_regex(vocabulary.titles, _ambiguous(vocabulary))
    return regex.search(words) is not None


_HELD = re.compile(
    r"(?:持有|获得|取得|具有|拥有|认定为|评为|被认定为|入库的|属于|必须为|应为|须为|为|是|适用于|面向|"
    r"之一:|称号:)[^,;。:]{0,16}$"
)
_ATTRIBUTE = re.compile(
    r"的(?:国家级?|有效|市级|省级|有效期内的?)?$|^(?:国家级?|有效期内的?|省级|市级)?$"
)
_JOINED = re.compile(r"\s?(?:证书|称号|资格)?(?:、|或者|或|和|及|以及|与)(?:国家级?|省级|市级|“)?")
_CLOSES = re.compile(
    r"(?:企业)?(?:$|[,;。:)(]|称号|资格|证书|之一|中任一|中任意|(?:投保|购买)|且|认定证书|等称号)"
)


# A title asked for, judged, or grown towards is not held: 申报高新技术企业认定.
_SOUGHT = re.compile(
    r"(?:不得认定|不予认定|申报|申请|推荐|评选|评审|创建|培育|争创|参评|拟认定|新认定|首次认定|首次申报|开展|组织|成为)(?!企业|单位|主体|人|者)"
    r"[^,;。的已为是须]{0,12}$"
)
_SOUGHT_AFTER = re.compile(
    r"(?:企业)?(?:的)?(?:申报|评定|评选|评审|培育|复审|复核|认定(?:申报|管理|工作|奖励|标准|条件)|奖励|补助|补贴|政策|资金)"
)
_TO_BE = re.compile(r"(?:拟|应)重新认定的|符合$|符合(?:国家级?|省级|市级)$")
_GOT = re.compile(r"(?:获得|取得|通过|获)[^,;。]{0,10}$")


def read_titles(
    sentence: Sentence, region: str, vocabulary: Vocabulary, cues: Cues
) -> Iterator[Test]:
    plain = sentence.plain
    regex = _title_regex(vocabulary.titles, _ambiguous(vocabulary))
    forms = _title_forms(vocabulary.titles, _ambiguous(vocabulary))
    mentions = list(regex.finditer(plain))
    index = 0
    while index < len(mentions):
        group = [mentions[index]]
        while index + 1 < len(mentions) and _follows(plain, group[-1], mentions[index + 1]):
            index += 1
            group.append(mentions[index])
        index += 1
        names = [_resolved(plain, m, forms, region, vocabulary, cues) for m in group]
        if any(not found for found in names):
            continue
        values = list(dict.fromkeys(name for found in names for name in found))
        if test := _titletest_of(sentence, group, values):
            yield test


def _follows(plain: str, one: re.Match[str], other: re.Match[str]) -> bool:
    between = plain[one.end() : other.start()]
    joined = _JOINED.match(between)
    return (
        joined is not None
        and len(between) - joined.end() <= 6
        and not re.search(r"[,;。的]", between)
    )


def _resolved(
    plain: str,
    found: re.Match[str],
    forms: dict[str, tuple[str, ...]],
    region: str,
    vocabulary: Vocabulary,
    cues: Cues,
) -> tuple[str, ...]:
    """Titles a form means here; a place before it makes it that place's own title."""
    names = forms[found[0]]
    at_home = vocabulary.within_region(region, cues.titles_home) is not False
    names = tuple(n for n in names if at_home or n not in cues.titles_own)
    if found[0].startswith(("浙江", "省", "“专精特新”", "专精特新")) and len(names) <= 2:
        return names
    prefix = re.search(r"([\u4e00-\u9fff]{2,6}?)$", plain[: found.start()][-6:])
    own = re.search(
        r"(?:^|[或和及、与])(中关村|[\u4e00-\u9fff]{2,3}(?:省|市|区|县))$",
        plain[: found.start()][-6:],
    )
    if own and len(names) == 1 and prefix:
        return (own[1] + found[0],)
    return names if len(names) == 1 or "专精特新" in found[0] else ()


def _titletest_of(sentence: Sentence, group: list[re.Match[str]], values: list[str]) -> Test | None:
    plain = sentence.plain
    start, end = group[0].start(), group[-1].end()
    before, after = plain[:start], plain[end:]
    phrase = re.split(r"[,;。]", before)[-1]
    if re.search(r"(?:不是|不为|非|未(?:取得|获得)[^,]{0,4})$", phrase):
        return test_of(sentence, (start, end), "titles", "has_none", values)
    if re.search(r"[、和及与](?:国家级?|省级)?$", phrase[-6:]) and not re.search(
        r"[市家省]级?$|国家和市级$", phrase
    ):
        return None
    if _TO_BE.search(phrase) or _SOUGHT.search(phrase) or _SOUGHT_AFTER.match(after):
        return None
    recognised = _GOT.search(phrase) is not None and re.match(r"(?:企业)?认定", after) is not None
    listed = re.match(r"(?:企业)?(?:、|或者|或|和|及)", after)
    if listed and not re.match(r"(?:企业)?(?:;)?或者?(?:拥有|已经|至少)", after):
        return None
    if not (recognised or listed or _CLOSES.match(after)):
        return None
    held = _HELD.search(phrase) or re.search(r"(?:之一|称号):[^,;]{0,4}$", before[-20:])
    attribute = _ATTRIBUTE.search(phrase) and (phrase.strip() or len(after.strip()) < 40)
    if not held and not attribute:
        return None
    return test_of(sentence, (start, end), "titles", "has_any", values)
