"""The numbers Word generates before paragraphs (numbering.xml), as printed.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
# Formats that only list words; beyond the list the number is printed in digits.
_BULLET = "•"
_DEPTH = 9


def _counting(value: int, digits: str = "零一二三四五六七八九", units: str = "十百千万") -> str:
    """Chinese counting up to 99,999: 10 → 十, 12 → 十二, 105 → 一百零五."""
    if value >= 100_000:
        return str(value)
    if value >= 10_000:
        rest = value % 10_000
        gap = digits[0] if 0 < rest < 1000 else ""
        tail = _counting(rest, digits, units) if rest else ""
        return digits[value // 10_000] + units[3] + gap + tail
    if value == 0:
        return digits[0]
    text, skipped = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            text += (digits[0] if skipped and text else "") + digits[digit]
            text += units[place - 1] if place else ""
        skipped = digit == 0
    return text[1:] if text.startswith("一十") else text


def _legal(value: int) -> str:
    return _counting(value, _LEGAL, "拾佰仟万")


def _spelled(value: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(value))


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    text = ""
    for number, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += letters * (value // number)
        value %= number
    return text


def _letters(value: int) -> str:
    """A … Z, AA, BB, … as Word repeats the letter; in digits beyond five letters."""
    if not 0 < value <= 26 * 5:
        return str(value)
    return chr(65 + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _circled(value: int) -> str:
    if value == 0:
        return "⓪"
    for low, high, first in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if low <= value <= high:
            return chr(first + value - low)
    return str(value)


def _listed(first: int, count: int) -> Callable[[int], str]:
    return lambda value: chr(first + value - 1) if 1 <= value <= count else str(value)


def _cycle(words: str) -> Callable[[int], str]:
    return lambda value: words[(value - 1) % len(words)]


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: str(value).translate({48 + i: 0xFF10 + i for i in range(10)}),
    "decimalFullWidth2": lambda value: str(value).translate(
        {48 + i: 0xFF10 + i for i in range(10)}
    ),
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
    "ordinal": str,
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "koreanCounting": _counting,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": _spelled,
    "japaneseDigitalTenThousand": _spelled,
    "taiwaneseDigital": _spelled,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _listed(0x2474, 20),
    "decimalEnclosedFullstop": _listed(0x2488, 20),
    "ideographEnclosedCircle": _listed(0x3280, 10),
    "none": lambda _: "",
}


def format_number(value: int, name: str) -> str:
    """A counter in one of Word's number formats; unknown formats and 0 in lists print digits."""
    return _FORMATS.get(name, str)(value) if value >= 0 else str(value)


@dataclass(frozen=True)
class Level:
    """One level of a list as defined: `text` holds %1 … %9 for the counters."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    follow: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str | None = None


@dataclass
class Numbering:
    """Definitions of a document and the counters reached so far, one set per abstract list."""

    levels: dict[str, dict[int, Level]]
    abstract: dict[str, str]
    starts: dict[str, dict[int, int]]
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, number: str, style: str) -> int:
        """The level a paragraph style is linked to in a list; 0 where none is."""
        for index, level in self.levels.get(number, {}).items():
            if level.style == style:
                return index
        return 0

    def next_label(self, number: str, index: int) -> str | None:
        """Advances the list and gives the printed mark with its blank, None where there is none."""
        levels = self.levels.get(number)
        if levels is None or index not in levels:
            return None
        level = levels[index]
        counters = self._counters.setdefault(self.abstract[number], {})
        override = self.starts.get(number, {})
        fresh = index in override and (number, index) not in self._started
        if fresh:
            self._started.add((number, index))
            counters[index] = override[index]
        else:
            counters[index] = counters.get(index, level.start - 1) + 1
        for lower in [key for key in counters if key > index]:
            limit = levels[lower].restart if lower in levels else None
            if limit is None or (limit > 0 and index < limit):
                del counters[lower]
        return _printed(level, levels, counters)


def _printed(level: Level, levels: Mapping[int, Level], counters: Mapping[int, int]) -> str | None:
    if level.format == "bullet":
        return f"{_BULLET} " if level.text.strip() else None
    text = level.text
    for place in range(_DEPTH):
        if f"%{place + 1}" in text:
            part = levels.get(place, Level())
            value = counters.get(place, part.start)
            name = "decimal" if level.legal and part.format != "none" else part.format
            text = text.replace(f"%{place + 1}", format_number(value, name))
    if not text.strip():
        return None
    # The gap after 「一、」 or 「(一)」 is layout; after 「第一条」 it parts the number from the text.
    closed = text[-1] in "、)）.．。:：,，" or text[-1].isspace() or level.follow == "nothing"
    return text if closed else text + " "


def read_numbering(root: Any | None, style_lists: Mapping[str, str]) -> Numbering:
    """Definitions of numbering.xml; `style_lists` gives the list of every numbering style."""
    if root is None:
        return Numbering({}, {}, {})
    abstracts = {a.get(W + "abstractNumId"): a for a in root.findall(W + "abstractNum")}
    chosen = {n.get(W + "numId"): _value(n, "abstractNumId") for n in root.findall(W + "num")}
    result = Numbering({}, {}, {})
    for num in root.findall(W + "num"):
        number = num.get(W + "numId")
        abstract = _followed(chosen.get(number), abstracts, chosen, style_lists)
        if number is None or abstract is None:
            continue
        levels = dict(_levels(abstracts[abstract].findall(W + "lvl")))
        starts: dict[int, int] = {}
        for override in num.findall(W + "lvlOverride"):
            levels.update(_levels(override.findall(W + "lvl")))
            start = _value(override, "startOverride")
            if start is not None:
                starts[_integer(override.get(W + "ilvl"))] = _integer(start)
        result.levels[number] = levels
        result.abstract[number] = abstract
        result.starts[number] = starts
    return result


def _followed(
    abstract: str | None,
    abstracts: Mapping[Any, Any],
    chosen: Mapping[Any, str | None],
    style_lists: Mapping[str, str],
) -> str | None:
    """The abstract list that holds the levels: a list may only point to a numbering style."""
    for _ in range(_DEPTH):
        if abstract not in abstracts:
            return None
        link = _value(abstracts[abstract], "numStyleLink")
        if link is None or link not in style_lists:
            return abstract
        abstract = chosen.get(style_lists[link])
    return None


def _levels(elements: Iterable[Any]) -> Iterable[tuple[int, Level]]:
    for element in elements:
        restart = _value(element, "lvlRestart")
        yield (
            _integer(element.get(W + "ilvl")),
            Level(
                start=_integer(_value(element, "start") or "0"),
                format=_format(element),
                text=_value(element, "lvlText") or "",
                follow=_value(element, "suff") or "tab",
                restart=None if restart is None else _integer(restart),
                legal=_legal_flag(element),
                style=_value(element, "pStyle"),
            ),
        )


def _format(element: Any) -> str:
    """The number format; newer ones stand inside mc:AlternateContent with a plain fallback."""
    found = [e.get(W + "val") for e in element.iter(W + "numFmt")]
    return next((name for name in found if name in _FORMATS or name == "bullet"), "decimal")


def _legal_flag(element: Any) -> bool:
    flag = element.find(W + "isLgl")
    return flag is not None and flag.get(W + "val", "1") not in ("0", "false", "off")


def _value(element: Any, name: str) -> str | None:
    child = element.find(W + name)
    value = None if child is None else child.get(W + "val")
    return None if value is None else str(value)


def _integer(text: str | None) -> int:
    try:
        return max(0, min(int(text or 0), 1_000_000))
    except ValueError:
        return 0
