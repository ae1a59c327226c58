"""Who may apply: region, entity type, size, industry and titles, read from the nouns of a sentence. Pure.

A noun counts where a requirement ends in it (具有独立法人资格的中小企业), or after 是, 为 or 属于.
An enumeration counts whole: where one member has no fact, the others alone would say too little.
"""

import re
from collections.abc import Iterator

from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.held_titles import names_title, read_titles
from knowledge_base.drafting.requirements import Test, test_of
from knowledge_base.drafting.residences import read_residence
from knowledge_base.drafting.sentences import Phrase, Sentence
from knowledge_base.header.widths import half_width
from knowledge_base.vocabulary import Vocabulary

_PREDICATE = re.compile(
    r"(?:应当|应|须|需|必须|均)?(?:是|为|属于|系)(?!了|何)|适用于|面向|凡|对象:|主体包括"
)
_SEPARATORS = re.compile(r"、|或者|以及|或|和(?!谐)|及(?!以)|与")
_TAIL_BRACKET = re.compile(r"\([^()]{0,60}\)\s*$")
_SIZES = {"大": "大型", "中": "中型", "小": "小型", "微": "微型"}
_SIZE = re.compile(
    r"(中小微|小微|中小|小型微型|大中)(?:型)?(?=企业|民营|科技)"
    r"|((?:大型|中型|小型|微型)(?:企业)?(?:(?:、|或者|或|和|及)(?:大型|中型|小型|微型)(?:企业)?){0,3})"
)
# 小微企业须满足以下条件 is about applicants of that size.
_SIZE_ENDS = re.compile(
    r"(?:民营)?(?:企业)?(?:划型标准)?|企业在[^,;的]{2,12}时"
    r"|企业(?:应当?|须|需|必须){1,2}(?:同时)?(?:满足|符合|具备)(?:以下|下列|如下)[^,;]{0,8}条件:?"
)
# Nouns of these phrases are others than the applicant, or a part of a list that goes on.
_NO_APPLICANT = re.compile(
    r"^\s*(?:以及|或者?|及|和|需要|给予)|符合[^,]{0,6}(?:条件|要求)的|下达|推荐|包括|培育出|孵化|引进|不予|各主管"
    r"|(?:子|母|分)公司$"
)
# Words of registration or legal form: only with them a noun says what kind of body must apply.
_STANDING = re.compile(
    r"注册(?!商标|资本|资金|会计|专利)|登记|法人|依法(?:设立|成立)|[内省市县区]设立|独立承担民事责任|营业执照"
)
# 借款人是实施并购的企业 says the kind of body outright; 应为…的企业 only goes on about a known one.
_SAYS_KIND = re.compile(r"(?:申请人|申请单位|申请主体|申报单位|申报主体|借款人|投保人|主体|单位)是")
_CONSEQUENCE = re.compile(r"\s*(?:不得|不能|不予|不可|不适用|取消)")


def read_applicant(
    sentence: Sentence, region: str, vocabulary: Vocabulary, cues: Cues
) -> Iterator[Test]:
    """Tests the nouns of a sentence state; `region` is what 我县 means in the document."""
    yield from read_residence(sentence, region, vocabulary)
    yield from _not_in_trade(sentence, cues)
    phrases = sentence.phrases()
    for number, phrase in enumerate(phrases):
        if number + 1 < len(phrases) and _CONSEQUENCE.match(phrases[number + 1].plain):
            continue
        head = sentence.plain[: phrase.end - sentence.start][-120:]
        standing = bool(_STANDING.search(head) or _SAYS_KIND.search(phrase.plain))
        for test in _nouns(phrase, vocabulary, cues):
            if standing or test.fact != "entity_type" or test.op == "in":
                yield test
        yield from _size(phrase)
    yield from read_titles(sentence, region, vocabulary, cues)


def _tail(phrase: Phrase) -> tuple[int, str] | None:
    """The noun, or list of nouns, in which a requirement ends, and where it begins."""
    plain = phrase.plain.rstrip()
    while bracket := _TAIL_BRACKET.search(plain):
        plain = plain[: bracket.start()].rstrip()
    if plain.endswith(("等企业", "等", "等单位")):
        return None
    cut = -1
    for found in _PREDICATE.finditer(plain):
        cut = found.end()
    attribute = plain.rfind("的")
    if max(cut, attribute) < 0:
        own = re.match(r"(?:[我本][省市县区])(?:各类)?", plain)
        place = re.search(r"(?:市|县|区|省)(?:工业|民营|中小微?|小微)?企业$", plain)
        if own:
            return own.end(), plain[own.end() :]
        return (0, plain) if place and len(plain) <= 20 else None
    begin = max(cut, attribute + 1)
    return begin, plain[begin:]


def _nouns(phrase: Phrase, vocabulary: Vocabulary, cues: Cues) -> Iterator[Test]:
    if legal := re.search(r"独立的?企业或事业法人资格", phrase.plain):
        yield test_of(phrase, legal.span(), "entity_type", "in", ["企业", "事业单位"])
        return
    if legal := re.search(
        r"(?:申报|申请)企业(?:应|须)?(?:具有|具备)独立法人资格|(?:具有|具备)(?:独立的?)?企业法人(?:资格|地位)",
        phrase.plain,
    ):
        yield test_of(phrase, legal.span(), "entity_type", "eq", "企业")
        return
    tail = None if _NO_APPLICANT.search(phrase.plain) else _tail(phrase)
    if tail is None or not tail[1]:
        return
    begin, noun = tail
    span = (begin, begin + len(noun))
    if re.search(
        r"(?:(?<![应须需均是当体位者象业人])为|向|对(?!象)|服务|面向|每家|单个|与)\d{0,4}[^,]{0,8}$",
        phrase.plain[:begin][-10:],
    ) and not (
        phrase.plain[:begin].endswith(("面向", "为", "对象为"))
        and _PREDICATE.search(phrase.plain[:begin])
    ):
        return
    if noun.endswith("企事业单位") and len(noun) <= 12:
        yield test_of(phrase, span, "entity_type", "in", ["企业", "事业单位"])
        return
    yield from _enterprise(phrase, span, noun, vocabulary, cues)


def _enterprise(
    phrase: Phrase,
    span: tuple[int, int],
    noun: str,
    vocabulary: Vocabulary,
    cues: Cues,
) -> Iterator[Test]:
    if names_title(noun, vocabulary):
        return
    categories = _industry_list(noun, cues)
    values = ["企业"] if categories else _entity_values(noun, cues)
    if not values:
        return
    single = len(values) == 1
    yield test_of(
        phrase, span, "entity_type", "eq" if single else "in", values[0] if single else values
    )
    if not single:
        return
    if re.search(r"民营企业$", noun):
        yield test_of(phrase, span, "private", "eq", True)
    if len(categories) > 1:
        yield test_of(phrase, span, "size_category", "in", categories)
    elif re.search(r"(?<![\u4e00-\u9fff]业)工业(?:法人)?企业$", noun):
        yield test_of(phrase, span, "size_category", "eq", "工业")
    elif code := _industry(noun, vocabulary):
        yield test_of(phrase, span, "industry", "within", code)


def _not_in_trade(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    """不属于房地产开发行业: any trade but this one."""
    for word, name in cues.size_categories:
        found = re.search(
            rf"(?:不属于|不是|不为|非){re.escape(word)}(?:经营)?(?:行业|业|企业)?(?=$|[,;。(])",
            sentence.plain,
        )
        if found and len(word) > 2:
            yield test_of(sentence, found.span(), "size_category", "ne", name)
            return


def _entity_values(noun: str, cues: Cues) -> list[str]:
    """Entity types of a list of nouns; [] when one of them is no entity type."""
    values: list[str] = []
    for item in _SEPARATORS.split(noun):
        item = item.strip()
        name = next((n for word, n in cues.entities if item.endswith(word)), None)
        if name is None or (name != "企业" and len(item) > 8) or re.match(r"各类|在", item):
            return []
        if name == "企业" and re.search(
            r"(?:领军|龙头和骨干|培育|示范|优势|独角兽|瞪羚)企业$", item
        ):
            return []
        if name not in values:
            values.append(name)
    return values


def _industry_list(noun: str, cues: Cues) -> list[str]:
    """Sizing industries of 工业、信息传输业、软件和信息技术服务业中小企业; [] for any other list."""
    rest = re.sub(r"(?:中小微|小微|中小)?(?:型)?企业$", "", noun)
    rest = re.sub(r"(?<=业)(?:法人)?企业(?=、|或|和|及|与)", "", rest)
    values: list[str] = []
    while rest:
        word = next(((w, n) for w, n in cues.size_categories if rest.startswith(w)), None)
        if word is None:
            return []
        values.append(word[1])
        rest = (
            _SEPARATORS.sub("", rest[len(word[0]) :], count=1) if len(rest) > len(word[0]) else ""
        )
    return values if len(values) > 1 else []


def _industry(noun: str, vocabulary: Vocabulary) -> str | None:
    """GB/T 4754 code of the class named exactly before 企业."""
    bare = re.sub(r"(?:法人|中小微|小微|中小)?(?:型)?企业$", "", noun)
    names = {bare, re.sub(r"^(?:规模以上|规上)?(?:工业)?(?=.)", "", bare)}
    rows = vocabulary.industries.values()
    found = (r.code for r in rows if r.level in ("门类", "大类") and half_width(r.name) in names)
    return next(found, None) if bare.endswith("业") else None


def industries_named(sentence: Sentence, vocabulary: Vocabulary) -> Iterator[Test]:
    """Classes a sentence names with their level: 制造业(门类C)."""
    for found in re.finditer(
        r"([\u4e00-\u9fff、]{2,20})\((门类|大类|中类|小类)([A-Z]?\d{0,4})\)", sentence.plain
    ):
        code = found[3][1:] if found[3][1:].isdecimal() else found[3]
        row = vocabulary.industries.get(code)
        if row is not None and half_width(found[1]).endswith(half_width(row.name)):
            yield test_of(sentence, found.span(), "industry", "within", code)


def _size(phrase: Phrase) -> Iterator[Test]:
    plain = phrase.plain
    for found in _SIZE.finditer(plain):
        if found[1]:
            letters = (
                "中小微" if found[1].startswith("中小") else "小微" if "微" in found[1] else "大中"
            )
        else:
            letters = "".join(dict.fromkeys(re.findall(r"[大中小微](?=型)", found[2])))
        rest = _TAIL_BRACKET.sub("", plain[found.end() :].rstrip())
        final = _SIZE_ENDS.fullmatch(rest) is not None
        before = plain[: found.start()]
        lead = re.search(
            r"(?:规模|划型标准|界定的|属于|符合|标准)[^,]{0,24}$|(?:的|是|为)[^,的]{0,24}$|^$",
            before,
        )
        served = re.search(
            r"(?:面向|服务|为|向|对|与|以上的|初创期或成长期的)[\d\(\)含家以上的]{0,8}$", before
        )
        if (
            not final
            or not lead
            or (served and not re.search(r"规模[^,]{0,3}为$|(?:申请人|主体|单位)为$", before))
        ):
            continue
        listed = re.search(r"(?:企业|公司|单位)(?:、|或者|或|和|及|与)[^的]*$", before)
        if "科技型" in before[-4:] or listed:
            continue
        values = [_SIZES[letter] for letter in letters]
        yield test_of(phrase, (found.start(), found.end()), "size", "in", values)
