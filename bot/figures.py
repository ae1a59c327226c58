"""Numbers, money, dates and shares as people write them in Chinese, with where they stand."""

import re
from dataclasses import dataclass
from datetime import date

_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
# Bounded, and never begun inside a longer run: a message of digits must stay cheap to read.
_HAN_RUN = "零〇一二两俩三四五六七八九十百千"
_NUMBER = (
    r"(?:(?<![\d.])\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?(?!\d)"
    rf"|(?<![{_HAN_RUN}])[{_HAN_RUN}]{{1,9}}(?:点[零〇一二三四五六七八九]{{1,6}})?(?![{_HAN_RUN}]))"
)
_MONEY = re.compile(
    rf"({_NUMBER})\s*(多|来|余)?\s*(?:个)?\s*(亿|千万|百万|万|千)?(多|来|余)?\s*(元|块钱|块)?"
)
_RANGE = re.compile(
    rf"({_NUMBER})\s*(亿|千万|百万|万|千)?\s*元?\s*(?:到|至|-|~|—|~)\s*({_NUMBER})\s*(亿|千万|百万|万|千)?\s*元?"
)
_SHARE = re.compile(rf"百分之({_NUMBER})|({_NUMBER})\s*(?:%|%|个百分点|个点)")
_DAY = re.compile(r"(20\d{2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*(?:日|号)?")
_SCALE = {"亿": 1e8, "千万": 1e7, "百万": 1e6, "万": 1e4, "千": 1e3, None: 1.0}


@dataclass(frozen=True)
class Figure:
    """A number read from a text; low and high differ for 「不到」「700多万」 and the like."""

    low: float | None
    high: float | None
    start: int
    end: int
    text: str

    @property
    def exact(self) -> float | None:
        """The number itself where it was stated exactly."""
        return self.low if self.low == self.high else None

    def as_fact(self) -> float | list[float | None] | None:
        """The form a profile takes: a number, or an interval."""
        return self.exact if self.low == self.high else [self.low, self.high]


def read_number(written: str) -> float:
    """Value of Arabic or Chinese digits below ten thousand: 「一百二十」 → 120, 「一点八」 → 1.8."""
    if written[0].isdigit():
        return float(written.replace(",", ""))
    whole, _, fraction = written.partition("点")
    total, digit = 0.0, 0
    for char in whole:
        if char in _SMALL:
            total, digit = total + (digit or 1) * _SMALL[char], 0
        else:
            digit = _HAN[char]
    total += digit
    if fraction:
        total += float("0." + "".join(str(_HAN[char]) for char in fraction))
    return total


def amounts(text: str) -> list[Figure]:
    """Sums of money in 元: only numbers with 万, 亿 or 元 behind them, and ranges of such."""
    found = _ranges(text)
    inside = [(figure.start, figure.end) for figure in found]
    for match in _MONEY.finditer(text):
        number, more_a, scale, more_b, unit = match.groups()
        if scale is None and unit is None:
            continue
        if any(start <= match.start() < end for start, end in inside):
            continue
        value = read_number(number) * _SCALE[scale]
        tail = re.match(r"[1-9](?![\d.])", text[match.end() :]) if scale in ("万", "亿") else None
        if tail and unit is None and not (more_a or more_b):
            value += int(tail.group()) * _SCALE[scale] / 10  # 「3万5」 is 35000
        low, high = _hedged(text, match.start(), match.end(), value)
        if (more_a or more_b) and low == high:
            step = _SCALE[scale] * (1 if read_number(number) < 10 else 10)
            low, high = value, value + _round_up(value, step)
        found.append(Figure(low, high, match.start(), match.end(), match.group()))
    return sorted(found, key=lambda figure: figure.start)


def _ranges(text: str) -> list[Figure]:
    """「2到3万」「3000万至5000万元」: a unit named once serves both ends."""
    found = []
    for match in _RANGE.finditer(text):
        low_words, low_scale, high_words, high_scale = match.groups()
        if high_scale is None:
            continue
        low = read_number(low_words) * _SCALE[low_scale or high_scale]
        high = read_number(high_words) * _SCALE[high_scale]
        if low <= high:
            found.append(Figure(low, high, match.start(), match.end(), match.group()))
    return found


def _round_up(value: float, step: float) -> float:
    """How far 「多」 may reach: to the next round number of the same size (700多万 → 800万)."""
    size = 10 ** (len(str(int(value))) - 1)
    return max(step, float(size))


def counts(text: str, unit: str) -> list[Figure]:
    """Numbers followed by a counting word, as 「26人」「两个」「三件」."""
    found = []
    for match in re.finditer(rf"({_NUMBER})\s*(多|来|余)?\s*(?:{unit})", text):
        value = read_number(match.group(1))
        low, high = _hedged(text, match.start(), match.end(), value)
        if match.group(2) and low == high:
            low, high = value, value + _round_up(value, 1)
        found.append(Figure(low, high, match.start(), match.end(), match.group()))
    return found


def shares(text: str) -> list[Figure]:
    """Percentages as shares between 0 and 1: 「6%」「百分之五」."""
    found = []
    for match in _SHARE.finditer(text):
        value = round(read_number(match.group(1) or match.group(2)) / 100, 8)
        low, high = _hedged(text, match.start(), match.end(), value)
        found.append(Figure(low, high, match.start(), match.end(), match.group()))
    return found


def _hedged(text: str, start: int, end: int, value: float) -> tuple[float | None, float | None]:
    before, after = text[max(0, start - 4) : start], text[end : end + 3]
    if re.search(r"(不到|不足|最多|少于|低于|不超过)$", before) or after.startswith("以下"):
        return 0, value
    if re.search(r"(超过|多于|至少|不少于|不低于|超)$", before) or after.startswith("以上"):
        return value, None
    return value, value


def days(text: str) -> list[tuple[date, str]]:
    """Calendar days named in full, with the words that name them; impossible days are left out."""
    found = []
    for match in _DAY.finditer(text):
        try:
            found.append((date(*(int(part) for part in match.groups())), match.group()))
        except ValueError:
            continue
    return found
