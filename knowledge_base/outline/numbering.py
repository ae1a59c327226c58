"""Numbering marks of official writing: their families, their values, and where they stand. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "元": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000}
HAN = "零〇一二三四五六七八九十百千"
# Signs that are a number and its brackets in one character, by the value of the first of a row.
_SIGNS = (("①", 20), ("㉑", 15), ("⑴", 20), ("⒈", 20), ("㈠", 10), ("❶", 10), ("⓵", 10))
_SIGN_VALUES = {
    chr(ord(first) + i): i + 1 + (20 if first == "㉑" else 0)
    for first, count in _SIGNS
    for i in range(count)
}
# A document may use its levels in any order; without evidence this rank holds, outermost first
# (GB/T 9704-2012 section 7.3.3, and 立法技术规范 for 编 to 项). Equal ranks are one family printed
# in two styles.
_OUTERMOST_FIRST = "编 部分 章 节 条 款 项 一、 (一) 问 1.1 1. 1) (1) ① A. a. 专栏"
RANKS = {family: rank for rank, family in enumerate(_OUTERMOST_FIRST.split())}
RANKS |= {"一)": RANKS["(一)"], "1、": RANKS["1."], "表": RANKS["专栏"]}
BOXES = ("专栏", "表")
_S = r"[ \t\u3000\xa0]"
_MARK = re.compile(
    rf"""
    第{_S}{{0,2}}(?P<legal>(?:[{HAN}]{_S}{{0,2}}){{1,9}}|(?:\d{_S}{{0,2}}){{1,4}})
      (?P<unit>编|部分|章|节|条|款|项)(?:之(?P<inserted>[{HAN}]{{1,3}}|\d{{1,2}}))?
    |(?P<han>[{HAN}]{{1,7}}){_S}?(?:、|[.．](?!\d))
    |[(（]{_S}?(?P<han_in_brackets>[{HAN}]{{1,7}}){_S}?[)）][、.．]?
    |(?P<han_half>[{HAN}]{{1,3}})[)）]
    |(?P<decimal>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}})(?![\d.．%％])
    |(?P<dotted>\d{{1,3}}){_S}?[.．](?:(?!\d)|(?=(?:19|20)\d\d{_S}?年))
    |(?P<paused>\d{{1,3}}){_S}?、
    |[(（]{_S}?(?P<in_brackets>\d{{1,3}}){_S}?[)）][、.．]?
    |(?P<half>\d{{1,3}})[)）][、.．]?
    |(?P<sign>[{"".join(_SIGN_VALUES)}])[、.．]?
    |(?P<chapter>\d{{1,2}})(?={_S}{{1,4}}[\u4e00-\u9fff])
    |(?P<capital>[A-Z])(?:[.．、)）])(?![A-Za-z\d])
    |(?P<small>[a-z])(?:[.．、)）])(?![A-Za-z\d])
    |(?:问题?|措施|举措|政策|Q){_S}?(?P<named>[{HAN}]{{1,3}}|\d{{1,3}}){_S}?[:：]
    |专栏{_S}?(?P<box>[{HAN}]{{1,3}}|\d{{1,2}})
    |表{_S}?(?P<table>\d{{1,2}})(?![\d.．])
    """,
    re.VERBOSE,
)
_FAMILY_OF_GROUP = {
    "han": "一、",
    "han_in_brackets": "(一)",
    "han_half": "一)",
    "decimal": "1.1",
    "chapter": "1.1",
    "dotted": "1.",
    "paused": "1、",
    "in_brackets": "(1)",
    "half": "1)",
    "capital": "A.",
    "small": "a.",
    "named": "问",
    "box": "专栏",
    "table": "表",
}
_FAMILY_OF_SIGN = {"①": "①", "㉑": "①", "❶": "①", "⓵": "①", "⑴": "(1)", "⒈": "1.", "㈠": "(一)"}
# Inside a paragraph a mark can stand only behind one of these.
_INLINE = re.compile(
    rf"(?<=[:：;；。！!？?”\s])(?=[第(（{HAN}\d{''.join(_SIGN_VALUES)}])"
    rf"(?:{_MARK.pattern.split('|(?P<chapter>', 1)[0]})",
    re.VERBOSE,
)
# What follows a number that is cited (第八条规定的, (一)至(三)项), not printed as a heading.
_CITED_NUMBER = rf"第?{_S}?[(（]?(?:[{HAN}]{{1,4}}|\d{{1,3}})[)）]?{_S}?[条款项目]"
_CITED_LEGAL = re.compile(
    rf"之?规定|所[称列述指规]|的|款(?!项)|项(?!目)|修[改订]为|[、至到和与及或]{{0,2}}{_CITED_NUMBER}|"
    r"[,，。;；)）”》」\-—~～]"
)
_CITED_PARTED = re.compile(rf"{_S}{{1,3}}(?:规定|{_CITED_NUMBER})")
# 第八条中规定, 第八条有关内容: a citation, or an article printed without a gap, as the count tells.
_PERHAPS_CITED = re.compile(
    r"[至到所和与及或之中]|执行|有关|相关|以[及下外内]|明确|要求|办理|处[罚理]|删[去除]"
)
_CITED_ITEM = re.compile(
    rf"{_S}?(?:(?!目的)[项款目条](?=[规的所中至到或和及与、,，。;；)）第情应以之除]|$)"
    rf"|[、,，至到和或及与]{{0,2}}{_S}?(?:第|[(（])?(?:[{HAN}]{{1,4}}|\d{{1,3}})[)）]?{_S}?[项款目条]"
    rf"|[、,，至到和或及与]{{0,2}}{_S}?第?[(（][{HAN}\d]{{1,4}}[)）])"
)
_UNIT_OF_MEASURE = re.compile(
    r"[倍%％亿万元米吨个级年月日版折级度公千克分小天人次号秒—–\-~～至:：/a-zA-Z°℃‰×＋+]"
)
_SPACE = " \t\u3000\xa0"
# A sentence behind 第一章, unless an article begins before it ends: 第一章总则第一条….
_TOLD = re.compile(rf"(?:(?!第[{HAN}]{{1,7}}条)[^。;；])*[。;；]")
_AMOUNT_ITEM = re.compile(
    r"(\d{1,2})[.．](?=\d{1,6}(?:[.．]\d{1,2})?\s?[亿万]?[亿万元个级年名人家户吨G](?!元?[/／]))"
)


@dataclass(frozen=True)
class Mark:
    """A number as printed at `text[start:end]`; `number` has several parts in 1.2.3 and 8-1.

    `weak` marks stand inside a line, `doubtful` ones may be words (三、四线城市): both count only
    where the numbers run on. `led` ones stand behind a colon; `line` is the printed line.
    """

    start: int
    end: int
    family: str
    number: tuple[int, ...]
    line: int
    weak: bool
    doubtful: bool
    inserted: int = 0
    led: bool = False

    @property
    def value(self) -> int:
        """The number among its siblings."""
        return self.number[-1]

    @property
    def steps(self) -> tuple[str, ...]:
        """Path components it prints, as ("8-1",) for 第八条之一."""
        prefix = {"专栏": "b", "表": "t"}.get(self.family, "")
        last = f"{prefix}{self.number[-1]}" + (f"-{self.inserted}" if self.inserted else "")
        return (*map(str, self.number[:-1]), last)


def chinese_number(text: str) -> int:
    """Value of a Chinese or Arabic numeral below 10,000, or of a sign like ① ⑴ ⒈ ㈠."""
    if text.isdecimal():
        return int(text)
    if text in _SIGN_VALUES:
        return _SIGN_VALUES[text]
    if len(text) > 1 and not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))  # 一〇二
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[char], 0
        else:
            digit = _DIGITS[char]
    return total + digit


def mark_at(text: str, start: int, end: int, line: int, weak: bool = False) -> Mark | None:
    """The mark a paragraph `text[start:end]` begins with."""
    found = _MARK.match(text, start, end)
    return _mark(text, found, end, line, weak) if found else None


def marks_within(text: str, start: int, end: int, line: int) -> Iterator[Mark]:
    """Marks inside a paragraph behind a colon, a semicolon, a full stop or white space."""
    for found in _INLINE.finditer(text, start + 1, end):
        mark = _mark(text, found, end, line, weak=True)
        if mark is not None and not mark.doubtful:
            yield replace(mark, led=text[mark.start - 1] in ":：")


def amount_item(text: str, start: int, end: int, line: int) -> Mark | None:
    """The number of an item that begins with an amount: 2.500万元以上, 3.5亿元以上."""
    found = _AMOUNT_ITEM.match(text, start, end)
    if found is None or int(found[1]) == 0:
        return None
    return Mark(start, found.end(), "1.", (int(found[1]),), line, False, True)


def _mark(text: str, found: re.Match[str], end: int, line: int, weak: bool) -> Mark | None:
    group = found.lastgroup or ""
    if found["legal"] is not None:
        return _legal_mark(text, found, end, line, weak)
    after = found.end()
    follows = text[after : after + 8] if after + 8 <= end else text[after:end]
    if group == "sign":
        first = max((s for s, _ in _SIGNS if s <= found[group]), key=ord)
        family = _FAMILY_OF_SIGN[first]
    else:
        family = _FAMILY_OF_GROUP[group]
    if group in ("decimal", "chapter"):
        number = tuple(map(int, re.split("[.．]", found[group])))
        if not follows.strip() or _UNIT_OF_MEASURE.match(follows) or 0 in number:
            return None
        return Mark(found.start(), after, family, number, line, weak, True)
    if group in ("capital", "small"):
        value = ord(found[group].lower()) - ord("a") + 1
        return Mark(found.start(), after, family, (value,), line, weak, True)
    value = chinese_number(found[group].strip())
    if value == 0:
        return None
    if family in ("(一)", "(1)", "一)", "1)") and _CITED_ITEM.match(follows):
        return None
    if family in BOXES:
        titled = end - found.start() <= 60 and not re.search("[。;；,，]", text[after:end])
        if not titled or weak or _CITED_ITEM.match(follows):
            return None
    doubtful = family == "问" or _counts_on(value, family, follows)
    return Mark(found.start(), after, family, (value,), line, weak, doubtful)


def _counts_on(value: int, family: str, follows: str) -> bool:
    """Whether the next number follows at once, as in 三、四线城市 or 1、2月."""
    if family not in ("一、", "1、"):
        return False
    following = re.match(rf"[{HAN}]|\d{{1,3}}", follows)
    return following is not None and chinese_number(following[0]) == value + 1


def _legal_mark(text: str, found: re.Match[str], end: int, line: int, weak: bool) -> Mark | None:
    """A mark of the 第X条 kind; cited ones are none, nor is 第一章程 in the middle of a sentence."""
    after, unit = found.end(), found["unit"]
    follows = text[after : min(after + 8, end)]
    parted = not follows or follows[0] in _SPACE
    twice = text.startswith(found[0], after)  # bold print that a PDF holds twice
    if not parted and not twice and _CITED_LEGAL.match(follows):
        return None
    if parted and unit == "条" and _CITED_PARTED.match(follows):
        return None
    if unit in ("款", "项") and not parted and follows[0] not in ":：":
        return None
    heading = unit in ("编", "部分", "章", "节")
    if heading and not parted and (weak or _TOLD.match(text, after, min(end, after + 60))):
        return None
    value = chinese_number(re.sub(_S, "", found["legal"]))
    inserted = chinese_number(found["inserted"]) if found["inserted"] else 0
    doubtful = not parted and not twice and _PERHAPS_CITED.match(follows) is not None
    return Mark(found.start(), after, unit, (value,), line, weak, doubtful, inserted)


class Marks:
    """All marks of one text in printed order, asked for the next one of a family."""

    def __init__(self, marks: list[Mark]) -> None:
        self.marks = marks
        self._places: dict[str, list[int]] = {}
        for index, mark in enumerate(marks):
            self._places.setdefault(mark.family, []).append(index)
        self._decimals = {mark.number for mark in marks if mark.family == "1.1"}

    def following(self, index: int, family: str) -> Mark | None:
        """The next mark of a family behind the one at `index`."""
        places = self._places.get(family, [])
        place = bisect_right(places, index)
        return self.marks[places[place]] if place < len(places) else None

    def runs_on(self, index: int, last: int) -> bool:
        """Whether a weak or doubtful mark goes on from `last`, or begins a row of two or more."""
        mark = self.marks[index]
        *outer, value = mark.number
        if mark.family == "1.1":
            if not outer:
                return bool({(value, 1), (value - 1, 1)} & self._decimals)
            if value > 1:
                return (*outer, value - 1) in self._decimals
            before = self.marks[index - 1].number if index else ()
            below = before == tuple(outer) or (len(outer) > 1 and tuple(outer) in self._decimals)
            return below or bool({(*outer, 2), (*mark.number, 1)} & self._decimals)
        following = self.following(index, mark.family)
        if mark.doubtful and following is not None and following.value == last + 1:
            return False  # the row goes on from `last` without it
        if value == 1:
            return (
                following is not None
                and following.value == 2
                and (not mark.weak or following.line == mark.line or self._led(mark, following))
            )
        return value == last + 1

    def _led(self, mark: Mark, following: Mark) -> bool:
        """条件:1.甲; whose second item begins the next paragraph."""
        return mark.led and not (following.weak or following.doubtful)
