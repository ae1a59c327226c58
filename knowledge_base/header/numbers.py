"""文号: document numbers in every printed style, normalised to 〔〕. Pure.

Running text is expected in half-width form (`half_width`), which keeps every offset.
"""

import re
from dataclasses import dataclass

from knowledge_base.header.widths import half_width

_OPEN, _CLOSE = r"[〔\[(【﹝〖{<〈「]", r"[〕\])】﹞〗}>〉」]"
# 平科〔2024〕65号 · 平科[2024]第65号: prefix, year in brackets, number.
_BRACKETED = re.compile(
    r"((?:[A-Za-z\u4e00-\u9fff·]|\([\u4e00-\u9fff]{1,6}\)){1,24}?)"
    rf"\s{{0,3}}{_OPEN}\s{{0,2}}(\d{{4}})\s{{0,2}}年?\s{{0,2}}{_CLOSE}"
    r"\s{0,3}([\u4e00-\u9fff]{1,4}字)?第?\s{0,3}(\d{1,5})(?:-(\d{1,3}))?\s{0,3}号"
)
# 国家税务总局公告2014年第74号 · 2014年第74号 · 商服贸函2026年第322号
_YEARLY = re.compile(
    r"([\u4e00-\u9fff]{0,24}?)\s{0,3}(\d{4})\s{0,2}年\s{0,2}第\s{0,2}(\d{1,5})\s{0,2}号"
)
# 国务院令第748号 · 第65号 · 通告(第8号): no year is printed.
_PLAIN = re.compile(
    r"([\u4e00-\u9fff]{0,24}?(?:令|公告|通告|决定|公布)?)\s{0,3}\(?\s{0,2}第\s{0,2}"
    r"(\d{1,5}|[一二三四五六七八九十百零〇]{1,6})\s{0,2}号\)?"
)
# On a line of its own a long name is whole: …疫情防控工作领导小组指挥部令(第1号).
_PLAIN_LINE = re.compile(_PLAIN.pattern.replace("{0,24}", "{0,48}", 1))
# 北京市人民代表大会常务委员会公告〔十五届〕第25号: the session stands where the year would.
_SESSION = re.compile(
    r"([\u4e00-\u9fff]{0,24}?)\s{0,3}[〔\[(](第?[一二三四五六七八九十\d]{1,4}届)[〕\])]\s{0,2}第?(\d{1,4})\s{0,2}号"
)
_AROUND = " \t\r\n:"
# Words before a number in running text that belong to the sentence, not to the prefix.
_LEADING = re.compile(
    r"^.{0,20}?(?:根据|按照|依据|依照|落实|贯彻|执行|施行|参照|废止|失效|印发|原|将|对|和|及|与|由|以|见|号|的|是|为)(?=.)"
)


@dataclass(frozen=True)
class NumberedWords:
    """A document number in a text; `number` is its normal form, `year` None where not printed."""

    start: int
    end: int
    number: str
    prefix: str
    year: int | None
    serial: str


def normalise_document_number(written: str) -> str:
    """文号 in every bracket style → 〔〕, as 平科〔2024〕65号; other text comes back unchanged."""
    found = _BRACKETED.fullmatch(half_width(written.strip()))
    return _words(found).number if found else written.strip()


def numbers_in(text: str, start: int = 0, end: int | None = None) -> list[NumberedWords]:
    """Numbers with a year in running text, in order; prefixes lose the words of the sentence."""
    stop = len(text) if end is None else end
    found = [_trimmed(m, text) for m in _BRACKETED.finditer(text, start, stop)]
    found += [_trimmed(m, text) for m in _YEARLY.finditer(text, start, stop)]
    found += [_trimmed(m, text) for m in _PLAIN.finditer(text, start, stop) if m[1].endswith("令")]
    return sorted(found, key=lambda words: words.start)


def own_numbers(piece: str) -> tuple[NumberedWords, ...]:
    """The numbers a line consists of, one or several of a joint document; () when it says more."""
    if len(piece) > 200 or "号" not in piece:
        return ()
    found: list[NumberedWords] = []
    rest = re.sub(r"^[^号]{0,3}文?字?号\s?:", lambda m: " " * len(m[0]), piece).strip(_AROUND)
    if rest[:1] + rest[-1:] in ("()", "[]", "【】"):
        rest = rest[1:-1].strip(_AROUND)
    offset = piece.index(rest) if rest else 0
    position = 0
    while position < len(rest):
        for pattern in (_BRACKETED, _SESSION, _YEARLY, _PLAIN_LINE):
            if match := pattern.match(rest, position):
                break
        else:
            return ()
        found.append(_words(match, offset))
        position = match.end()
        while position < len(rest) and rest[position] in " \t、,;/)":
            position += 1
    return tuple(found)


def _trimmed(found: re.Match[str], text: str) -> NumberedWords:
    words = _words(found)
    prefix, start = found[1], found.start()
    while lead := _LEADING.match(prefix):
        prefix, start = prefix[lead.end() :], start + lead.end()
    if prefix == found[1]:
        return words
    number = words.number.replace(re.sub(r"\s", "", found[1]), re.sub(r"\s", "", prefix), 1)
    return NumberedWords(start, words.end, number, prefix, words.year, words.serial)


def _words(found: re.Match[str], offset: int = 0) -> NumberedWords:
    # A ministry's order is cited without the state's name: 民政部令第63号.
    prefix = re.sub(r"\s", "", found[1]).removeprefix("中华人民共和国")
    start, end = found.start() + offset, found.end() + offset
    if found.re is _BRACKETED:
        serial = (found[3] or "") + str(int(found[4])) + (f"-{found[5]}" if found[5] else "")
        number = f"{prefix}〔{int(found[2])}〕{serial}号"
        return NumberedWords(start, end, number, prefix, int(found[2]), serial)
    if found.re is _SESSION:
        serial = str(int(found[3]))
        return NumberedWords(
            start, end, f"{prefix}〔{found[2]}〕第{serial}号", prefix, None, serial
        )
    if found.re is _YEARLY:
        serial = str(int(found[3]))
        number = f"{prefix}{int(found[2])}年第{serial}号"
        return NumberedWords(start, end, number, prefix, int(found[2]), serial)
    serial = str(int(found[2])) if found[2].isdecimal() else found[2]
    return NumberedWords(start, end, f"{prefix}第{serial}号", prefix, None, serial)
