"""Dates as officials write them, and the calendar arithmetic of validity periods. Pure.

Days, months (`2024年6月`) and year ends (`2026年底`) in Arabic, full-width and Chinese numerals.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge_base.header.widths import half_width

_DIGITS = {char: str(i) for i, char in enumerate("〇一二三四五六七八九")}
_DIGITS |= dict.fromkeys("零○Oo0", "0")
_HAN = "〇○零Oo0一二三四五六七八九十"
_GAP = r"[ \t]{0,2}"  # letter spacing; odd spaces are plain ones in half-width form
_YEAR = _GAP.join([r"\d"] * 4)
_SMALL = rf"\d(?:{_GAP}\d)?"
_DATE = re.compile(
    rf"(?<!\d)({_YEAR})\s{{0,3}}年\s{{0,3}}({_SMALL})\s{{0,3}}月"
    rf"(?:份|\s{{0,3}}({_SMALL})\s{{0,3}}[日号](?!文))?"
    r"|(?<![\d./-])(\d{4})([-./])(\d{1,2})\5(\d{1,2})(?!\d)"
    rf"|((?:[{_HAN[:-1]}]{_GAP}){{4}})年{_GAP}((?:[{_HAN}]{_GAP}){{1,3}})月(?:{_GAP}((?:[{_HAN}]{_GAP}){{1,4}})日)?"
    r"|(?<!\d)(\d{4})年(?:年?底|末|年末)"
    r"|(?<![\d年.])(\d{1,2})月(\d{1,2})日"
)
_SPACES = re.compile(r"[ \t]")


@dataclass(frozen=True)
class DatedWords:
    """A date in a text: the first and last day it names (one day twice, or a month's ends).

    Without a printed year both are None and `month_day` tells what is printed.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    month_day: tuple[int, int] | None = None


def dates_in(text: str, start: int = 0, end: int | None = None) -> Iterator[DatedWords]:
    """Every date printed in a part of the text; impossible days (2月30日) are no dates."""
    for found in _DATE.finditer(text, start, len(text) if end is None else end):
        if dated := _dated(found):
            yield dated


def only_date(text: str) -> date | None:
    """The day a text consists of, apart from brackets, a clock time and the weekday."""
    bare = re.sub(r"^[\s(\[【]+|[\s)\]】]+$", "", half_width(text[:60]))
    found = next(dates_in(bare), None)
    if found is None or found.start or found.first is None or found.first != found.last:
        return None
    rest = bare[found.end :]
    return found.first if re.fullmatch(r"[T\s]*(?:\d{1,2}:\d{2}(?::\d{2})?)?", rest) else None


def _dated(found: re.Match[str]) -> DatedWords | None:
    groups = [group and _SPACES.sub("", group) for group in found.groups()]
    if groups[10]:
        day = _day(int(groups[10]), 12, 31)
        return DatedWords(*found.span(), day, day) if day else None
    if groups[11]:
        written = (int(groups[11]), int(groups[12]))
        # A leap year admits every day that some year has.
        possible = _day(2024, *written)
        return DatedWords(*found.span(), None, None, written) if possible else None
    if groups[7]:
        year = int("".join(_DIGITS[char] for char in groups[7]))
        month, number = _small_number(groups[8]), groups[9] and _small_number(groups[9])
    else:
        year, month = int(groups[0] or groups[3]), int(groups[1] or groups[5])
        number = groups[2] or groups[6]
    if number:
        day = _day(year, month, int(number))
        return DatedWords(*found.span(), day, day) if day else None
    first = _day(year, month, 1)
    if first is None:
        return None
    return DatedWords(*found.span(), first, first.replace(day=monthrange(year, month)[1]))


def _day(year: int, month: int, day: int) -> date | None:
    # Years of modern administration only: 0100年 or 9999年 is a slip, not a date to compute with.
    if not (1900 <= year <= 2200 and 1 <= month <= 12):
        return None
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def _small_number(written: str) -> int:
    """Value of a Chinese numeral up to 99, as 十二, 二十五, 三一; 0 when it is none."""
    if "十" in written:
        tens, _, ones = written.partition("十")
        return int(_DIGITS.get(tens, "1" if not tens else "0")) * 10 + int(_DIGITS.get(ones, "0"))
    return int("".join(_DIGITS[char] for char in written))


def last_day(first: date, years: int = 0, months: int = 0, days: int = 0) -> date:
    """Last day of a period that begins on `first`: three years from 2024-01-01 end 2026-12-31.

    A month without the corresponding day ends the period on its last day (民法典第二百零二条).
    """
    ordinal = first.year * 12 + first.month - 1 + years * 12 + months
    year, month = divmod(ordinal, 12)
    month += 1
    length = monthrange(year, month)[1]
    if first.day > length:
        return date(year, month, length) + timedelta(days=days)
    return date(year, month, first.day) + timedelta(days=days - 1)
