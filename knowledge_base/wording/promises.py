"""What pays, grants or exempts: the words that make a promise, and those that only look like one."""

import re
from collections.abc import Sequence

from knowledge_base.wording.wording import Word

_FIGURE = re.compile(r"\d\s{0,2}(?:万|亿|元|%|％)|\d\s{0,2}[个]百分点|百分之")
_REPORTED = re.compile(r"(?:确定|决定|拟|是否|已|曾|建议|申请|提请|负责)(?:对[^,，。]{0,6})?$")
_CHOSEN = re.compile(
    r"[^,，。;；]{0,8}(?:支持|补助|补贴|奖励|资助)的?(?:项目|企业|名单|单位|对象|情况|申请)"
)
# 返还标准, 减征条件: the noun of a promise made elsewhere.
_RATED = re.compile(r"[^,，。;；的]{0,8}(?:标准|条件|比例|金额|政策|手续|申请|申领|操作)")
# What somebody has already, or was given.
_HAD = re.compile(r"(?:获得|取得|收到|领取|享受|已|累计|共|完成|实现|兑现)的?[^,，。;；的]{0,12}$")
_AGREED = re.compile(r"\s*同意[^,，。;；]{1,40}?享受[^,，。;；]{0,24}(?:政策|优惠)")
_BY_RULE = re.compile(
    r"按规定给予(?=[^,，。;；]{0,24}?(?:补助|补贴|奖|支持|资助|贴息|优惠|减免|扶持|补偿))"
)
_AWARDED = re.compile(r"(?<![获得])(?:奖|补)(?:每[^,，。;；\d]{1,4})?\d[\d.]{0,10}\s?[万亿]?元")
# 「对困难家庭发放补贴」, but not 「由县财政局向企业发放补贴」, which tells of a procedure.
_HANDS_OUT = re.compile(
    r"\s*对(?!已)[^,，。;；]{1,40}?(?<!已)(?<!后)发放(?!的)[^,，。;；]{0,16}?(?:补贴|补助|奖励|津贴|奖金|助学金|救助金)"
)
_BEHIND = re.compile(
    r"\s*(?:每[^,，。;；\d]{1,6}|其[^,，。;；\d]{0,4}|该[^,，。;；\d]{1,4}|企业|单位|个人|人民币|金额|资金)?\s*(?:人民币)?\s*\d"
)
_RATE = re.compile(
    r"按[^,，。;；]{0,30}(?:\d|%|％)[^,，。;；按]{0,16}$|每[^,，。;；]{1,12}\d[^,，。;；]{0,10}$"
)


def read_promise(
    text: str, start: int, begin: int, end: int, words: Sequence[Word], first: dict[str, Word]
) -> Word | None:
    """The word that pays, grants or exempts; None where it hands out a sanction or no figure."""
    for word in words:
        if "pay" in word.roles and _is_promised(text, start, end, word, words):
            return word
    if text[end - 1] == "的":
        return None  # 「获得市级补贴50万元的」 says who is meant
    given = _HANDS_OUT.match(text, begin, end) if text.find("发放", begin, end) >= 0 else None
    if given is None and text.find("同意", begin, end) >= 0:
        given = _AGREED.match(text, begin, end)
    if given is None and text.find("元", begin, end) >= 0:
        given = _AWARDED.search(text, start, end)
    if given is None and text.find("按规定给予", begin, end) >= 0:
        given = _BY_RULE.search(text, begin, end)
    if given is not None:
        return Word(given.start(), given.end(), frozenset(), ())
    if "money" not in first or _FIGURE.search(text, start, end) is None:
        return None
    for word in words:
        # A figure right behind, or a rate right before: 「每家补贴2万元」, 「按20%补助」.
        had = _HAD.search(text, max(start, word.start - 14), word.start)
        if (
            "money" in word.roles
            and "sum" not in word.roles
            and had is None
            and (
                _BEHIND.match(text, word.end, end)
                or _RATE.search(text, max(start, word.start - 40), word.start)
            )
        ):
            return word
    return None


def _is_promised(text: str, start: int, end: int, paid: Word, words: Sequence[Word]) -> bool:
    """Whether a paying word hands out a benefit now: not 予以公示, nor 确定予以支持的项目."""
    if "needs_benefit" not in paid.roles:
        if text.startswith("的", paid.end):
            return False  # 免征的税款
        done = _REPORTED.search(text, max(start, paid.start - 8), paid.start)
        return done is None and _RATED.match(text, paid.end, end) is None
    after = [w for w in words if w.start >= paid.end]
    if any("sanction" in w.roles and w.start <= paid.end + 6 for w in after):
        return False
    if _REPORTED.search(text, max(start, paid.start - 8), paid.start) is not None:
        return False
    if _CHOSEN.match(text, paid.end, end) is not None:
        return False
    return any("benefit" in w.roles for w in after) or (
        _FIGURE.search(text, paid.end, end) is not None
    )
