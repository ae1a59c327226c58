"""Words that state a time or change a text: facts, whatever verbs and years they hold."""

import re
from collections.abc import Sequence

from knowledge_base.wording.wording import Word

# 申报时间为…, 有效期到2026年底, 优惠延续到2027年: when something is, nothing to be reached.
_SPAN = re.compile(
    r"[^,，。;；:：]{0,16}(?<!完成)(?:时间|期限|时限|日期|周期|截止日|(?:有效|公示|执行|实施|申报|受理|补贴|过渡|见习)期)"
    r"(?:一般|原则上|统一|暂定|[(（][^()（）]{0,12}[)）])?(?:为|是|[:：]|(?:自|从|至|到|截至)(?=[^,，]{0,6}\d)|(?<=限)至)"
)
_LASTS = re.compile(r"(?:延续|延长|顺延|执行|实施|施行|有效|截止|截至|持续)(?:时间|期限)?$")
# 决定对…作如下修改, 将第五条修改为: a text is changed, whatever it is called.
_AMENDS = re.compile(
    r"(?:对|将|决定)[^,，。;；]{0,60}(?:[作做]出?(?:如下|以下)(?:修改|修订|调整)|(?:修改|修订)(?:为|如下))"
    r"|决定对?[^,，。;；]{0,60}(?:修改|修订)"
)
_OWED = frozenset(("duty", "pay", "cap", "leave", "denial", "goal"))
_MOST = 200  # as many words as are weighed at once


def states(text: str, start: int, end: int, words: Sequence[Word]) -> bool:
    """Whether words tell a time, or what becomes of another text, and promise or owe nothing."""
    if any(w.roles & _OWED for w in words[:_MOST]):
        return False
    return _SPAN.match(text, start, end) is not None or (
        any(text.find(verb, start, end) >= 0 for verb in ("修改", "修订", "如下", "以下"))
        and _AMENDS.search(text, start, min(end, start + 120)) is not None
    )


def tells_time(text: str, start: int, year: int) -> bool:
    """Whether the year at `year` only ends a time: 申报时间到2026年, 延续到2027年."""
    return (
        _SPAN.match(text, start, year + 6) is not None
        or _LASTS.search(text, max(start, year - 8), year) is not None
    )
