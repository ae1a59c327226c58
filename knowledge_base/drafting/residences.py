"""Where an applicant must be registered, read from a sentence. Pure.

我县 means the document's region; a printed name counts only where it means one place.
"""

import re
from collections.abc import Iterator

from knowledge_base.drafting.requirements import Test, test_of
from knowledge_base.drafting.sentences import Sentence
from knowledge_base.header.regions import places_in
from knowledge_base.vocabulary import NATION, Vocabulary

_ELSEWHERE = re.compile(
    r"分支|子公司|代表处|[^,;。]{0,6}的[^,;。]{0,20}(?:企业|单位|机构)(?:数量?|应?(?:不少于|不低于|达|占|平均))"
)
# Bodies that run a park or work with the applicant, and what is merely done in a place.
_OTHER_BODY = re.compile(
    r"(?:管理|运营|合作|服务|中介|检测|金融)机构|基金|母公司|目标企业|投资方|客户|供应商|在孵企业|入驻企业"
)
_WITHIN = re.compile(
    r"(?:\([^()]{0,24}\))?(?:范围)?内?(?:\([^()]{0,24}\))?的?[^,;。]{0,12}?"
    r"(?:注册|登记|设立|纳税|企业|公司|单位|法人|高等学校|高校|科研院所|机构|$|(?=[,;。]))"
)
_SEAT = re.compile(r"工商|税务|纳税|注册|登记")
_SEAT_IS = re.compile(
    r"(?:均|都|应当?|需|须|必须){0,3}(?:在|于|位于|归属于|归属|隶属于|隶属|属于|为)"
)
_SEAT_WORDS = re.compile(
    r"(?:工商|税务|纳税|统计|注册|登记|征管|社保|财政|实际|经营|生产|场所|住所|关系|地址|地|所在|所属|隶属|缴纳|企业|主体"
    r"|[、和及与或()])*"
)
_CHINA = re.compile(r"(?:中华人民共和国|中国|我国)(?:大陆)?境内")


def read_residence(sentence: Sentence, region: str, vocabulary: Vocabulary) -> Iterator[Test]:
    plain = sentence.plain
    if china := _CHINA.search(plain):
        if re.match(r"[^,;。]{0,6}(?:注册|登记|设立)", plain[china.end() :]):
            yield test_of(sentence, (china.start(), china.end()), "region", "within", NATION)
        return
    if seat := _seat(sentence, region, vocabulary):
        yield seat
        return
    for anchor in re.finditer(
        r"注册|登记|设立(?=$|[的、,;。(并且和及登守])|独立(?:企业)?法人|(?<=具有)法人资格|纳税(?!信用|评级|等级|人)|行政区域|行政区划|辖区|企业在|(?:企业|位)于|(?<=[市县区省])各类企|(?<=[市县区])工业企业",
        plain,
    ):
        found = _place_near(sentence, anchor, region, vocabulary)
        if found is None:
            continue
        span, code = found
        yield test_of(sentence, span, "region", "within", code)
        return


def _seat(sentence: Sentence, region: str, vocabulary: Vocabulary) -> Test | None:
    """注册地、税务登记均在我区: several seats named together, or any one with its own name."""
    plain = sentence.plain
    anchor = _SEAT.search(plain)
    verb = _SEAT_IS.search(plain, anchor.end(), anchor.end() + 30) if anchor else None
    if anchor is None or verb is None:
        return None
    named = plain[anchor.start() : verb.start()]
    if not re.search(r"地|关系|所在|登记$|注册$", named) or not _SEAT_WORDS.fullmatch(named):
        return None
    stop = next((i for i in range(verb.end(), len(plain)) if plain[i] in ",;。(、:"), len(plain))
    stop = min(stop, verb.end() + 20)
    place = _place(plain, verb.end(), stop, region, vocabulary, True)
    if place is None or re.match(
        r"[一二三四五六七八九十\d]|[^,;。]{0,4}(?:以?外|等)", plain[place[1] :]
    ):
        return None
    return test_of(sentence, (anchor.start(), place[1]), "region", "within", place[2])


def _place_near(
    sentence: Sentence, anchor: re.Match[str], region: str, vocabulary: Vocabulary
) -> tuple[tuple[int, int], str] | None:
    """The place of registration around an anchor, with the words that name it."""
    plain = sentence.plain
    open_ = re.sub(r"\([^()]{0,40}\)", lambda m: "(" * len(m[0]), plain[: anchor.start()])
    left = max((open_.rfind(c) for c in ",;:。"), default=-1) + 1
    left = max(left, anchor.start() - 30)
    head = plain[left : anchor.start()]
    after = re.match(
        r"(?:或登记)?地(?:址)?(?:和税务登记所在地)?(?:应|需|须)?(?:在|为|位于)?",
        plain[anchor.end() :],
    )
    if after and after[0]:
        begin = anchor.end() + after.end()
        stop = next((i for i in range(begin, len(plain)) if plain[i] in ",;。(、:"), len(plain))
        place = _place(plain, begin, min(stop, begin + 20), region, vocabulary, True)
        return ((anchor.start(), place[1]), place[2]) if place else None
    if anchor[0].startswith(("企业在", "企业于", "位于")):
        place = _place(
            plain, anchor.end(), min(len(plain), anchor.end() + 12), region, vocabulary, True
        )
        return ((anchor.start(), place[1]), place[2]) if place else None
    place = _place(plain, left, anchor.start(), region, vocabulary, False)
    if place is None:
        return None
    gap = plain[place[1] : anchor.start()]
    rest = plain[anchor.end() :]
    if anchor[0] in ("行政区域", "行政区划", "辖区") and not _WITHIN.match(rest):
        return None
    # 在本市设立分支机构 sets up something else; 注册的在孵企业不少于20家 counts others; 及在明省属企业
    # may be registered elsewhere.
    if _ELSEWHERE.match(rest) or re.search(r"(?:企业|单位|机构)(?:及|和|或者|或)在", rest[:30]):
        return None
    allowed = re.fullmatch(
        r"(?:市|省|县|地区)?(?:\([^()]{0,24}\))?(?:市|省|县)?(?:行政区域|行政区划|行政辖区|区域|辖区|市域|域|境|辖|行政)?"
        r"(?:\([^()]{0,24}\))?(?:范围)?(?:\([^()]{0,24}\))?内?(?:\([^()]{0,24}\))?的?"
        r"(?:合法|依法|办理|工商|税务|行政|市场监管部门?|正式|纳税|创办|创立|并|且|进行|完成|具有|各|重点){0,5}",
        gap,
    )
    if allowed is None or _OTHER_BODY.search(plain[left : place[0]]):
        return None
    if re.search(r"(?:商标|平台|系统|网站)$", head):
        return None
    return (place[0], anchor.end()), place[2]


def _place(
    plain: str, start: int, stop: int, region: str, vocabulary: Vocabulary, first: bool
) -> tuple[int, int, str] | None:
    """A place in a span: 我县 by the document's region, a printed name by its one code."""
    own = re.compile(
        r"[我本]([省市县区])|(?:(?<![\u4e00-\u9fff])|(?<=[为是在于]))(省)(?=内)"
    ).search(plain, start, stop)
    if own:
        code = _own_region(own[1] or own[2], region, vocabulary)
        return (own.start(), own.end(), code) if code else None
    for begin, end, codes in places_in(plain, vocabulary, start, stop):
        if first and begin > start + 2:
            return None
        left = [c for c in codes if len(codes) == 1 or vocabulary.within_region(c, region)]
        wide = [c for c in left if c.endswith("00")] or left
        if len(wide) == 1:
            return begin, end, wide[0]
    return _short_place(plain, start, stop, region, vocabulary)


_SHORT = re.compile(
    r"[在于为]([\u4e00-\u9fff]{2,3}?)(?:\([^()]{0,24}\))?(?:地区)?(?:境内|市内|县内|内|辖区内|区域内)?"
    r"(?:依法|合法|具有|工商|办理|并|且){0,3}$"
)


def _short_place(
    plain: str, start: int, stop: int, region: str, vocabulary: Vocabulary
) -> tuple[int, int, str] | None:
    """A place below the document's region by its name without 市 or 县: 在福州注册."""
    found = _SHORT.search(plain[max(start - 1, stop - 32, 0) : stop])
    if found is None:
        return None
    names = {found[1] + letter for letter in "省市县区"}
    codes = [
        code
        for code, name in vocabulary.regions.items()
        if name in names and vocabulary.within_region(code, region)
    ]
    offset = max(start - 1, stop - 32, 0)
    return (offset + found.start(1), offset + found.end(1), codes[0]) if len(codes) == 1 else None


def _own_region(letter: str, region: str, vocabulary: Vocabulary) -> str | None:
    """What 我省/我市/我县 means in a document of a region; None where the document is coarser."""
    for code in vocabulary.region_chain(region):
        name = vocabulary.regions.get(code, "")
        level = 6 if code[4:] != "00" else 4 if code[2:4] != "00" else 2
        municipality = level == 2 and name.endswith("市")
        if code == NATION:
            return None
        if not name:
            continue  # a municipality has no city level between itself and its districts
        if letter == "省" and level == 2 and not municipality:
            return code
        if letter == "市" and (name.endswith("市") or level == 4 or municipality):
            return code
        if letter in "县区" and level == 6 and (name.endswith(letter) or letter == "县"):
            return code
    return None
