"""Characters a reader of the page never sees: taken out before any span is counted, and reported.

Left in, they hide orders to a model inside a policy, part words so that no search finds them, and
make a quote differ from what is printed. Every reader passes every line through `clean_line`, or
all of them through `clean_lines`, before it counts a span.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

# Kind → character class. Together: Unicode's Default_Ignorable_Code_Point, the controls, lone
# surrogates, noncharacters, and the private-use characters no font shows. Kept in the private use
# area are U+E766–E864 (printed by Chinese fonts since GBK) and U+F000–F0FF (Word's symbol fonts).
_KINDS = {
    "零宽字符": r"\u200b-\u200d\u2060\u180b-\u180f\u034f\u17b4\u17b5",
    "字节序标记": r"\ufeff",
    "方向控制符": r"\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c",
    "不可见运算符": r"\u2061-\u2065\u206a-\u206f",
    "标签字符": r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff",
    "变体选择符": r"\ufe00-\ufe0f\U000e0100-\U000e01ef",
    "软连字符": r"\u00ad",
    "空白填充符": r"\u115f\u1160\u3164\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a",
    "私用区字符": r"\ue000-\ue765\ue865-\uefff\uf100-\uf8ff\U000f0000-\U0010ffff",
    "控制字符": r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff",
}
_INVISIBLE = re.compile("|".join(f"([{chars}])" for chars in _KINDS.values()))
_NAMES = tuple(_KINDS)
_ANY = re.compile("[" + "".join(_KINDS.values()) + "]+")
_LINES_NAMED = 8


def clean_line(text: str) -> tuple[str, Counter[str]]:
    """The text without invisible characters, and how many of each kind (in Chinese) were there.

    Tab, line feed and every blank that takes room on the page (U+00A0, U+3000, …) stay.
    """
    if _ANY.search(text) is None:
        return text, Counter()
    found: Counter[str] = Counter()
    for match in _INVISIBLE.finditer(text):
        found[_NAMES[(match.lastindex or 1) - 1]] += 1
    return _ANY.sub("", text), found


def clean_lines(lines: Iterable[str]) -> tuple[list[str], tuple[str, ...]]:
    """Every line cleaned, and the notices that report it; lines are counted from 1."""
    cleaned: list[str] = []
    found: dict[int, Counter[str]] = {}
    for number, line in enumerate(lines, 1):
        text, kinds = clean_line(line)
        cleaned.append(text)
        if kinds:
            found[number] = kinds
    return cleaned, invisible_notices(found)


def clean_fields(fields: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Field values cleaned and without blanks at either end, and the notices that report it."""
    cleaned: dict[str, str] = {}
    notices = []
    for name, value in fields.items():
        text, kinds = clean_line(value)
        cleaned[name] = text.strip()
        told = "、".join(f"{kind} {count} 个" for kind, count in kinds.items())
        notices += [f"已去除不可见字符:{told}(栏目“{name}”)"] if told else []
    return cleaned, tuple(notices)


def invisible_notices(found: Mapping[int, Counter[str]]) -> tuple[str, ...]:
    """One notice per kind: how many there were and in which lines (line number → kinds found)."""
    totals: Counter[str] = Counter()
    places: dict[str, list[int]] = {}
    for number in sorted(found):
        for kind, count in found[number].items():
            totals[kind] += count
            places.setdefault(kind, []).append(number)
    return tuple(
        f"已去除不可见字符:{kind} {totals[kind]} 个({_where(places[kind])})"
        for kind in _NAMES
        if totals[kind]
    )


def _where(numbers: list[int]) -> str:
    named = "、".join(str(number) for number in numbers[:_LINES_NAMED])
    more = f"等 {len(numbers)} 行" if len(numbers) > _LINES_NAMED else " 行"
    return f"第 {named}{more}"
