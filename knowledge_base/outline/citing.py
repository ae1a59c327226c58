"""The words by which official texts cite: articles and items, annexes, titles, numbers. Pure."""

import re

from knowledge_base.outline.numbering import HAN, chinese_number

_N = rf"(?:[{HAN}]{{1,7}}|\d{{1,4}})"
_TO = r"(?:至|到|—|－|-|~|～)"
_AND = r"[、,，和及与或]"
_ARTICLE = rf"第\s?(?:(?:[{HAN}]\s?){{1,7}}|(?:\d\s?){{1,4}})条(?:之{_N})?"
_ITEM = rf"第?[(（]{_N}[)）]"
_ITEMS = rf"{_ITEM}项?(?:(?:{_TO}|{_AND}){_ITEM}项?){{0,20}}"
_PLAIN_ITEMS = rf"第{_N}(?:项?(?:{_TO}|{_AND})第?{_N}){{0,20}}项"
ARTICLES = re.compile(
    rf"(?P<articles>{_ARTICLE}(?:(?:{_TO}|{_AND}){{1,2}}(?:{_ARTICLE}|第{_N}(?=[、和及与或至]第)|{_N}条)){{0,20}})"
    rf"(?:第{_N}款)?(?P<items>{_ITEMS}项|{_PLAIN_ITEMS})?"
)
RELATIVE = re.compile(
    rf"(?P<before>前(?P<count>[一两二三四五]?)(?P<unit>条|款|项)|本条(?![例文]))(?:第{_N}款)?(?P<items>{_ITEMS}项|{_PLAIN_ITEMS})?"
    rf"|(?:上述|前述|本款|以上)?(?P<bare>{_ITEMS}项)"
)
ANNEX = re.compile(rf"附(?:件|表)\s?(?P<number>\d{{1,2}}|[{HAN}]{{1,3}})?(?![:：\w]*[:：])")
TITLE = re.compile(
    r"《(?P<title>[^《》\n]{2,80}(?:〈[^〈〉\n]{1,60}〉[^《》\n]{0,40})?)》(?:[(（](?P<number>[^()（）\n]{4,40}号)[^()（）\n]{0,20}[)）])?"
)
REGULATES = re.compile(
    r"(?:法|条例|规定|办法|细则|规则|通知|意见|公告|决定|方案|措施|制度|标准|目录|指南|指引|计划|规划|纲要|批复|函|令|政策)"
    r"(?:[(（〔][^)）〕]{1,20}[)）〕])?$"
)
NUMBER_BEFORE = re.compile(
    r"[\u4e00-\u9fff]{1,12}[〔\[［(（]\d{4}[〕\]］)）]第?\d{1,5}号(?=(?:文件|文)?的?$)"
)
STATUTE_BEFORE = re.compile(r"[\u4e00-\u9fff]{1,20}(?:法|条例)$")
OWN_BEFORE = re.compile(r"本[\u4e00-\u9fff]{1,8}$")
_SENTENCE_WORDS = re.compile(
    r".*(?:按照|依照|根据|依据|违反|符合|适用|执行|参照|属于|以及|和|与|及|或|由|对|在|的|是|为|将|按|有)(?=.)"
)
ALIAS = re.compile(
    r"《(?P<title>[^《》\n]{2,80})》(?:[(（](?P<number>[^()（）\n]{4,40}号)[)）])?"
    r"[(（](?:(?P<inside>[^()（）\n]{4,40}号)[,，;；]\s?)?以下(?:简|统)?称(?:为)?[“《\"]?(?P<alias>[^“”《》\"()（）\n]{1,20})[”》\"]?[)）]"
)
FOREIGN_BEFORE = re.compile(r"(?:该|原|其|同)[\u4e00-\u9fff]{1,8}$")
_NUMBERS = re.compile(rf"({_TO})|(?<!之)({_N})(?=条之)条之({_N})|({_N})")
MOST = 60  # clauses one reference may name


def last_words(words: str) -> str:
    """A name without the words of the sentence before it."""
    found = _SENTENCE_WORDS.match(words)
    return words[found.end() :] if found and len(words) - found.end() >= 2 else words


def numbers(written: str) -> list[str]:
    """Numbers as path steps: 第三条至第五条 → 3, 4, 5; 第八条之一 → 8-1."""
    numbers: list[str] = []
    ranged = False
    for found in _NUMBERS.finditer("".join(written.split())):
        if found[1]:
            ranged = True
            continue
        value = chinese_number(found[2] or found[4])
        if ranged and numbers and numbers[-1].isdigit():
            numbers += map(str, range(int(numbers[-1]) + 1, min(value, int(numbers[-1]) + MOST)))
        ranged = False
        numbers.append(f"{value}-{chinese_number(found[3])}" if found[3] else str(value))
    return numbers
