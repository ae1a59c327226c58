"""Hard line breaks inside a date, a 文号, a title or a phrase of validity, taken out for matching.

Most line breaks end a paragraph; only one that cuts such words in two is a wrap. Pure, linear time.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

_BREAK = re.compile(r"(?<![ \t\r\n])[ \t\r]{0,8}\n[ \t]{0,8}(?![ \t\r\n])")
_TITLE = re.compile(r"《[^《》。;:]{2,200}》")
_NEAR = 24  # characters looked at on either side
_HAN = r"[\u4e00-\u9fff]"
_SENTENCE_ENDS = ("。", ";", ":", "!", "?", "")  # behind these a line break is no wrap
# What stands before a wrap and what behind it.
_RULES = tuple(
    (re.compile(rf"(?:{before})\Z"), re.compile(after))
    for before, after in (
        # 2025年|12月31日 · 12月|31日 · 2025|年 · 20|25年 · 12月3|1日; a bare page number is none
        (r"\d{4}\s?年", r"\d{1,2}\s?月"),
        (r"年\s?\d{1,2}\s?月", r"\d{1,2}\s?日"),
        (r"[^\n\d](?:\d{4}|\d{1,2})", r"[年月日号]"),
        (r"[^\n\d](?:19|20)\d?", r"\d{1,2}\s?年"),
        (r"[年月]\d", r"\d[月日]"),
        # 平商务|〔2021〕3号 · 〔2021|〕3号 · 〔2021〕|3号 · 〔2021〕1|3号 · (平商|务〔2021〕3号)
        (rf"[A-Za-z]|{_HAN}", r"[〔\[]\s?\d{4}\s?[〕\]]\s?第?\d{1,5}\s?号"),
        (r"[〔\[]", r"\d{4}\s?[〕\]]"),
        (r"[〔\[]\d{4}", r"[〕\]]"),
        (r"[〔\[(]\d{4}[〕\])]", r"第?\s?\d{1,5}\s?号"),
        (r"[〕\]]\s?第?\d{1,4}", r"\d{0,4}\s?号"),
        (rf"\({_HAN}{{1,12}}", rf"{_HAN}{{1,12}}[〔\[]\d{{4}}[〕\]]"),
        # 《X》|(文号) · 《X》(文号)|同时废止
        (r"》", r"\([^()\n]{2,22}"),
        (
            r"》|号\)?",
            r"同时|予以|即行|一并|(?:废止|失效)(?!《)|停止[执施]行|不再执行|宣布|有效期",
        ),
        (r"》|号\)", r"[自于]\d{4}|(?:[、和及与]|以及)《"),
        (r"[、和及与]|、(?:废止|停止执行)", r"《"),
        # 自|2025年 · 1日|起施行 · 日起|施行 · 起施|行 · 有效期|至 · ,|有效期
        (r"[自从至到于]", r"\d{4}\s?年|(?:发布|印发|公布)之日|本[通办意公细规]"),
        (r"[日月]", r"(?:零时)?起(?!草)|止[,。执施]"),
        (r"日起|即日", r"正式|[施试执]行|实施|生效|起|至|废止|失效|停止"),
        (r"起(?:正式)?施", r"行"),
        (r"有效期限?(?:为|至|暂定)?", r"[为至自到]|\d|[一二两三四五六]年"),
        (r",", r"(?:有效|试行|执行|实施|施行)期|有效至|施行|[自从至于]\d{4}|同时废止|原?《"),
        # Words of validity cut in two.
        (r"废", r"止"),
        (r"失|生", r"效"),
        (r"执|试", r"行"),
        (r"有", r"效期"),
        (r"有效", r"期"),
        (r"停", r"止[执施]行"),
        (r"停止|不再", r"[执施]行"),
        (r"同", r"时废止"),
        (r"同时|予以|即行|一并|宣布", r"废止|失效"),
        (r"发布|印发|公布|施行", r"之日"),
        (r"之", r"日起"),
    )
)


@dataclass(frozen=True)
class Unwrapped:
    """A text without its wraps; `cuts` are the joined offsets, `removed` the characters lost so far.

    `removed` is one longer than `cuts`: its first entry is 0.
    """

    text: str
    cuts: tuple[int, ...]
    removed: tuple[int, ...]

    def printed(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as stored; a wrap at either edge stays outside."""
        if not self.cuts:
            return start, end
        first = start + self.removed[bisect_right(self.cuts, start)]
        return first, max(first, end + self.removed[bisect_left(self.cuts, end)])

    def joined(self, offset: int) -> int:
        """The offset here of an offset in the text as stored."""
        starts = [cut + lost for cut, lost in zip(self.cuts, self.removed, strict=False)]
        at = bisect_left(starts, offset)
        return max(offset - self.removed[at], self.cuts[at - 1] if at else 0)


def unwrapped(plain: str) -> Unwrapped:
    """A half-width text with each wrap taken out."""
    inside = [title.span() for title in _TITLE.finditer(plain) if title[0].count("\n") <= 3]
    opens = [start for start, _ in inside]
    parts: list[str] = []
    cuts: list[int] = []
    removed = [0]
    position = length = 0
    for found in _BREAK.finditer(plain):
        at = bisect_right(opens, found.start()) - 1
        in_title = at >= 0 and found.end() < inside[at][1]
        if not in_title and not _is_wrap(plain, *found.span()):
            continue
        parts.append(plain[position : found.start()])
        length += found.start() - position
        cuts.append(length)
        removed.append(removed[-1] + len(found[0]))
        position = found.end()
    return Unwrapped("".join([*parts, plain[position:]]), tuple(cuts), tuple(removed))


def _is_wrap(plain: str, start: int, end: int) -> bool:
    if plain[start - 1 : start] in _SENTENCE_ENDS:
        return False
    before, after = plain[max(0, start - _NEAR) : start], plain[end : end + _NEAR]
    return any(b.search(before) and a.match(after) for b, a in _RULES)
