"""What a sentence repeals, whole or in part, and the lists of what is repealed. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from knowledge_base.header.targets import (
    ARTICLE,
    GROUNDS,
    Relation,
    Target,
    chain,
    day_in,
    relation,
    targets_in,
)

END = re.compile(r"废止|失效|停止(?:执行|施行|实施)|不再(?:执行|施行|实施|适用)|终止执行")
_NO_ACT = re.compile(
    r"已(?:经|被|予以|于[^,]{0,20})?(?:明令)?$|应当?$|可以?$|可能$|拟$|建议$|修订、$|修改、$|或者?$|被$|因[^,]{0,20}$"
    r"|[、和与及](?:清理|修改|修订)?$|凡$|自动$|自行$|自然$|证书?$|立改$"
)
# 一、废止《X》: the 、 of a number joins no verbs.
_NUMBERED = re.compile(
    r"(?:^|\s)(?:第?[一二三四五六七八九十]{1,4}|\d{1,3}|\([一二三四五六七八九十\d]{1,3}\))、\s{0,3}(?:宣布|决定|同时|即日起)?$"
)
# What may stand between such a verb and its target: 废止原《X》, 废止县商务局2024年印发的《X》.
_BEHIND = re.compile(
    r"[\s:原了]{0,3}(?:[^《》,;:、。\s]{2,40}(?:印发|发布|公布|制定|出台|下发|颁布)的?)?"
)
_AFTER_NO_ACT = re.compile(
    r"^(?:前|后|的|之前|日期|时间|日\b|期|程序|情形|、|和|或|等原因|手续|申请)"
)
_ALLOWED = re.compile(
    r"自[^,。]{0,24}起|于[^,。]{0,16}|同时|即行|一并|予以|相应|即|均|也|等\S{0,8}?(?:文件|规定)?|(?:相关|有关)(?:规定|条款|内容|政策)|附件\d*|部分(?:条款|内容|规定)|的?规定|原|现|[、,和及与\s:]|以及"
    r"|同步|其他|文件|通知|随之|所有|全文|[一二两三四五六七八九十\d]{1,3}[个份件部]|宣布"
)
LIST = re.compile(
    r"(?:下列|以下|如下|附件)[^《》。]{0,40}(?:废止|失效)|(?:废止|失效)[^《》。]{0,12}(?:下列|以下|如下)"
)
# Words behind a title that mean a part of it only.
_PART = re.compile(
    rf"{ARTICLE}|附件\d*|附表\d*|部分(?:条款|内容|规定)?|(?:相关|有关)(?:规定|条款|内容|政策)|中(?:的|关于|有关)|的(?:规定|条款)|条款"
)


def repeals_in(
    plain: str, span: tuple[int, int], targets: Sequence[Target], effective_on: date | None
) -> Iterator[Relation]:
    """What a sentence repeals: the targets right before its verb, or right behind it."""
    start, stop = span
    day = day_in(plain, start, stop) or effective_on
    done = 0  # targets before this one belong to an earlier verb
    for verb in END.finditer(plain, start, stop):
        first, done = done, bisect_right(targets, verb.start(), key=lambda t: t.end)
        if done < len(targets) and targets[done].start < verb.start():
            continue  # the word stands in a title: 关于公布全文废止目录的公告
        before = plain[max(start, verb.start() - 24) : verb.start()]
        if _NO_ACT.search(before) and not _NUMBERED.search(before):
            continue
        if _AFTER_NO_ACT.match(plain[verb.end() : verb.end() + 4]):
            continue
        if done < len(targets) and _BEHIND.fullmatch(plain, verb.end(), targets[done].start):
            for target in chain(plain, targets[done:]):
                if target.clause is None and _PART.match(plain[target.end : target.end + 8]):
                    continue  # 不再执行《X》中关于…的规定: some part nobody numbered
                yield replace(relation(plain, "repeals", target, 0, day), start=verb.start())
            continue
        earlier = targets[first:done]
        titled = [t for t in earlier if t.title]
        for target in titled or earlier:
            if _ends_with(plain, target, earlier, verb.start()):
                part = _partial(plain, target, earlier, verb.start())
                yield relation(plain, "repeals", part, verb.end(), day)


def _partial(plain: str, target: Target, others: Sequence[Target], verb: int) -> Target:
    """The target with the part of it that is meant, if the words behind it name one."""
    following = next((t.start for t in others if t.start >= target.end), verb)
    part = _PART.search(plain[target.end : min(following, target.end + 40)])
    if target.clause is not None or part is None:
        return target
    return replace(target, clause=part[0].strip())


def _ends_with(plain: str, target: Target, others: Sequence[Target], verb: int) -> bool:
    """Whether nothing but other targets and linking words stands between a target and its verb."""
    if GROUNDS.search(plain[max(0, target.start - 20) : target.start]):
        return False
    parts, position = [], target.end
    for other in others:
        if other.start >= position:
            parts.append(plain[position : other.start])
            position = other.end
    between = "".join([*parts, plain[position:verb]])
    rest = re.sub(r"\([^()]{0,60}\)", "", between[:400])
    return len(_ALLOWED.sub("", rest)) <= 8 and not re.search(r"施行,|实施,", rest)


def listed_below(plain: str, start: int) -> tuple[list[Target], int]:
    """Targets of the list below 下列文件同时废止:, one a line or item, and where the list ends."""
    found: list[Target] = []
    position = start
    for line in re.finditer(r"[^\n;。]{1,400}", plain[start : start + 40_000]):
        body = line[0].strip(" :)")
        if not body:
            continue
        targets = list(targets_in(plain, start + line.start(), start + line.end()))
        if not targets or not re.match(
            r"^(?:[一二三四五六七八九十\d(]{1,4}[、.)]?\s?\d?|[①-⑳]|《|原)", body
        ):
            break
        found.append(targets[0])
        position = start + line.end()
    return found, position
