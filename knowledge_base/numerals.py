"""Numbers however they are written, as the one unit that plain Arabic digits would give. Pure.

三百万, 300万 and 3,000,000 all count as `3000000`, 百分之二十 and 两成 beside 20% as `20%`; what is
printed in plain digits already is such a unit and gives none here. Reading is linear in the text.
"""

import re
from decimal import Decimal

from knowledge_base.outline.numbering import chinese_number

_DIGIT = "零〇一二两三四五六七八九"
_RUN = f"{_DIGIT}十百千万亿"
_SECTION = re.compile(
    rf"(?:[{_DIGIT[2:]}]千)?(?:零?[{_DIGIT[2:]}]百)?(?:零?[一二三四五六七八九]?十)?(?:零?[{_DIGIT[2:]}])?"
)
_DIGITS = re.compile(rf"[{_DIGIT}]{{2,12}}")
_SCALES = {
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 100,
}
_SCALE = "亿|千万|百万|十万|万|千|百"
# The signs of cheques, in rows only: 陆 and 伍 alone are words (大陆, 队伍).
_CAPITALS = "壹贰叁肆伍陆柒捌玖拾佰仟"
_CAPITAL_RUN = re.compile(rf"(?<![队入退大内登着收])[{_CAPITALS}][{_CAPITALS}零万亿]+")
_AS_SPOKEN = str.maketrans(_CAPITALS, "一二三四五六七八九十百千")
# Every text is read by this one pattern. A Chinese run is taken whole, so that 十四五 is seen to be
# no number; 一 alone counts nowhere (统一, 一些), other single signs before a word of measure.
_ARABIC = r"[0-9]{1,15}(?:\.[0-9]{1,6})?"
_NUMBER = re.compile(
    rf"""(?=[0-9{_RUN}])(?:
    (?P<arabic>(?<![0-9.]){_ARABIC})[ ]{{0,2}}(?:(?P<scale>{_SCALE})|(?P<sign>[%‰]))
    |(?P<of>[{_RUN}]{{1,5}}|[0-9]{{1,4}})分之
      (?P<part>[{_RUN}]{{1,9}}(?:点[{_DIGIT}]{{1,6}})?|{_ARABIC})
    |(?<![{_DIGIT}第])(?P<tenths>[{_DIGIT[2:]}])成(?=以[上下内]|左右|[的补资奖贴,。;!?)]|$)
    |(?<![第{_RUN}])(?P<single>[{_DIGIT[3:]}十])(?=年|个月|天|周|倍|个工作日|[人名家户元])
    |(?<![几数])(?P<run>[{_RUN}]{{2,24}})(?P<more>[{_RUN}]*(?:[多来余几](?=[十百千万亿]))?)
    )""",
    re.VERBOSE,
)


def number_units(plain: str) -> list[str]:
    """Units of the numbers of a normalised text (see `lexical.normalise`), in printed order."""
    spoken = _CAPITAL_RUN.sub(lambda run: run[0].translate(_AS_SPOKEN), plain)
    return [written for found in _NUMBER.finditer(spoken) if (written := _unit(found))]


def _unit(found: re.Match[str]) -> str:
    if found["arabic"]:
        amount = Decimal(found["arabic"])
        if found["scale"]:
            return _plain(amount * _SCALES[found["scale"]])
        share = _plain(amount if found["sign"] == "%" else amount / 10) + "%"
        return share if share != found[0] else ""
    if found["of"]:
        return _share(found["of"], found["part"])
    if found["tenths"]:
        return f"{chinese_number(found['tenths'])}0%"
    if found["single"]:
        return str(chinese_number(found["single"]))
    value = None if found["more"] else _whole(found["run"])
    return "" if value is None else str(value)


def _share(of: str, part: str) -> str:
    """百分之二十 → 20%, 二分之一 → 50%; nothing where the share does not end (三分之一)."""
    whole = {"百": 100, "千": 1000, "万": 10_000}.get(of) or _value(of)
    piece = Decimal(100) if part == "百" else _value(part)
    if not whole or piece is None:
        return ""
    share = piece * 100 / whole
    return f"{_plain(share)}%" if share * whole == piece * 100 else ""


def _value(written: str) -> Decimal | None:
    if written[0] in "0123456789":
        return Decimal(written)
    whole, _, fraction = written.partition("点")
    single = len(whole) == 1 and whole in f"{_DIGIT}十"
    value = chinese_number(whole) if single else _whole(whole)
    if value is None:
        return None
    decimals = "".join(str(chinese_number(char)) for char in fraction)
    return Decimal(f"{value}.{decimals}") if decimals else Decimal(value)


def _whole(run: str) -> int | None:
    """Value of a run of Chinese numeral signs that is one whole number of two signs or more.

    None for words (万一, 百万), counts that follow one another (二三十) and plans (十四五). Spoken
    三万五 and 一百五 are 35000 and 150; digits in a row count as from 〇, 零 or four on (二〇二四).
    """
    if _DIGITS.fullmatch(run):
        years = len(run) == 4 or "〇" in run or "零" in run
        return chinese_number(run) if years and "两" not in run else None
    total, rest = 0, run
    for sign, scale in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = rest.partition(sign)
        if not found:
            continue
        section = _section(head)
        if not section:
            return None
        total += section * scale
        if len(tail) == 1 and tail in _DIGIT[2:]:
            return total + chinese_number(tail) * scale // 10
        rest = tail
    if not rest:
        return total or None
    section = _section(rest)
    return None if section is None else total + section


def _section(written: str) -> int | None:
    """Value below ten thousand, None where the signs are none."""
    if not written or not _SECTION.fullmatch(written):
        return None
    if len(written) > 2 and written[-1] in _DIGIT[2:] and written[-2] in "百千":
        spoken = {"百": 10, "千": 100}[written[-2]]
        return chinese_number(written[:-1]) + chinese_number(written[-1]) * spoken
    return chinese_number(written)


def _plain(value: Decimal) -> str:
    """Digits without an exponent or closing zeros."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
