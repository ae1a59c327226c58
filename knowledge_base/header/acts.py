"""What a document says it does to others: repeals, amends, replaces, extends, implements, rests on.

Each relation is read from the words of one sentence; its own end is its validity, not a relation.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from knowledge_base.header.dates import dates_in
from knowledge_base.header.numbers import numbers_in
from knowledge_base.header.validity import OWN
from knowledge_base.header.widths import half_width
from knowledge_base.header.wraps import unwrapped

RelationType = Literal["repeals", "amends", "replaces", "extends", "implements", "based_on"]

_TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]{0,160}》){2,200})》")
_BRACKET = re.compile(r"\s{0,2}\(([^()]{2,80})\)")
_ARTICLE = (
    r"第[一二三四五六七八九十百零\d]{1,5}[条章节款项](?:第[一二三四五六七八九十\d]{1,4}[款项]){0,2}"
    r"(?:第\([一二三四五六七八九十\d]{1,3}\)项)?"
)
_ARTICLES = re.compile(
    rf"\s?(?:文件)?(?:中)?(?:的)?({_ARTICLE}(?:(?:[、和及至]|以及)(?:{_ARTICLE}|[一二三四五六七八九十]{{1,4}}条)){{0,40}})"
)
# A short name the document itself defined (以下简称《通知》) names no document by itself.
_SHORT_NAME = re.compile(
    r"(?:实施|暂行|管理|工作|若干)?(?:通知|办法|细则|意见|规定|方案|条例|公告|决定|安排|指南|计划|措施|章程|目录|规划|纲要|政策)"
)
_FIRST_ITEM = re.compile(r"(?:^|[\n\s])(?:一、|第二条|\(一\)|1\.)")
_SENTENCE = re.compile(r"[^。!?\n;]{4,2000}")
_END = re.compile(r"废止|失效|停止(?:执行|施行|实施)|不再(?:执行|施行|实施|适用)|终止执行")
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
_GROUNDS = re.compile(r"(?:根据|按照|依据|依照|落实|贯彻|参见|参照|符合|遵照|执行)[^《》,]{0,14}$")
_LIST = re.compile(
    r"(?:下列|以下|如下|附件)[^《》。]{0,40}(?:废止|失效)|(?:废止|失效)[^《》。]{0,12}(?:下列|以下|如下)"
)
# Words behind a title that mean a part of it only.
_PART = re.compile(
    rf"{_ARTICLE}|附件\d*|附表\d*|部分(?:条款|内容|规定)?|(?:相关|有关)(?:规定|条款|内容|政策)|中(?:的|关于|有关)|的(?:规定|条款)|条款"
)
_CHAIN_GAP = re.compile(r"^(?:[、,和及与\s]|以及|等)*$")


@dataclass(frozen=True)
class Relation:
    """One act on one other document; `target` is printed so, the span holds the words of the act.

    `target_clause` names the part meant (第三条), None for the whole. `on` is the day it takes effect
    (for `extends` the new last day). `document_id` is set where the corpus has the target.
    """

    type: RelationType
    target: str
    target_title: str | None
    target_number: str | None
    target_clause: str | None
    start: int
    end: int
    on: date | None = None
    document_id: str | None = None


@dataclass(frozen=True)
class _Target:
    start: int
    end: int
    title: str | None
    number: str | None
    clause: str | None


def read_relations(
    text: str, title: str, effective_on: date | None, body_start: int = 0
) -> tuple[Relation, ...]:
    """Every relation a document states, in printed order; pure."""
    whole = unwrapped(half_width(text))
    plain, body_start = whole.text, whole.joined(body_start)
    found: list[Relation] = list(_of_title(plain, title, effective_on, body_start))
    item = _FIRST_ITEM.search(plain, body_start, body_start + 4000)
    preamble = item.start() if item else body_start + 1500
    listing = 0
    for sentence in _SENTENCE.finditer(plain, body_start):
        if sentence.start() < listing:
            continue
        end = _END.search(sentence[0])
        if (
            end
            and _LIST.search(sentence[0])
            and not OWN.search(sentence[0][max(0, end.start() - 30) : end.start()])
        ):
            day = _day_in(plain, *sentence.span()) or effective_on
            listed, listing = _listed(plain, sentence.end())
            found += [_relation(plain, "repeals", t, t.end, day) for t in listed]
        if "《" not in sentence[0] and "号" not in sentence[0]:
            continue
        targets = list(_targets(plain, *sentence.span()))
        if end:
            found += _repeals(plain, sentence.span(), targets, effective_on)
        found += _changes(plain, sentence.span(), targets, effective_on)
        found += _grounds(plain, sentence.span(), targets, preamble)
    ordered = dict.fromkeys(sorted(found, key=lambda r: (r.start, r.end, r.type)))
    spans = {r: whole.printed(r.start, r.end) for r in ordered}
    return tuple(replace(r, start=start, end=end) for r, (start, end) in spans.items())


def _targets(plain: str, start: int, end: int) -> Iterator[_Target]:
    """Documents a sentence names: 《title》(文号)第三条, or a 文号 alone."""
    covered = start
    named: list[_Target] = []
    for title in _TITLE.finditer(plain, start, end):
        if _SHORT_NAME.fullmatch(title[1]):
            continue
        stop, number = title.end(), None
        if bracket := _BRACKET.match(plain, stop, min(end, stop + 90)):
            numbers = numbers_in(bracket[1]) or ()
            number = numbers[0].number if numbers else _bare_number(bracket[1])
            stop = bracket.end() if number else stop
        clause = _ARTICLES.match(plain, stop, min(end, stop + 80))
        named.append(
            _Target(
                title.start(),
                clause.end() if clause else stop,
                title[1],
                number,
                clause[1] if clause else None,
            )
        )
    titled = [target.start for target in named]
    for words in numbers_in(plain, start, end):
        at = bisect_right(titled, words.start) - 1
        inside = at >= 0 and words.start < named[at].end
        if inside or words.start < covered:
            continue
        clause = _ARTICLES.match(plain, words.end, min(end, words.end + 80))
        covered = words.end
        named.append(
            _Target(
                words.start,
                clause.end() if clause else words.end,
                None,
                words.number,
                clause[1] if clause else None,
            )
        )
    yield from sorted(named, key=lambda t: t.start)


def _bare_number(written: str) -> str | None:
    found = re.match(r"^([\u4e00-\u9fff]{0,20}第\d{1,5}号)", written.replace(" ", ""))
    return found[1] if found else None


def _relation(
    plain: str, type: RelationType, target: _Target, end: int, on: date | None
) -> Relation:
    words = (target.start, max(target.end, end))
    return Relation(
        type=type,
        target=plain[target.start : target.end],
        target_title=target.title,
        target_number=target.number,
        target_clause=target.clause,
        start=words[0],
        end=words[1],
        on=on,
    )


def _day_in(plain: str, start: int, end: int) -> date | None:
    for dated in dates_in(plain, start, end):
        if dated.first and re.match(r"\s?(?:零时)?起", plain[dated.end : dated.end + 4]):
            return dated.first
    return None


def _repeals(
    plain: str, span: tuple[int, int], targets: Sequence[_Target], effective_on: date | None
) -> Iterator[Relation]:
    """What a sentence repeals: the targets right before its verb, or right behind it."""
    start, stop = span
    day = _day_in(plain, start, stop) or effective_on
    done = 0  # targets before this one belong to an earlier verb
    for verb in _END.finditer(plain, start, stop):
        first, done = done, bisect_right(targets, verb.start(), key=lambda t: t.end)
        if done < len(targets) and targets[done].start < verb.start():
            continue  # the word stands in a title: 关于公布全文废止目录的公告
        before = plain[max(start, verb.start() - 24) : verb.start()]
        if _NO_ACT.search(before) and not _NUMBERED.search(before):
            continue
        if _AFTER_NO_ACT.match(plain[verb.end() : verb.end() + 4]):
            continue
        if done < len(targets) and _BEHIND.fullmatch(plain, verb.end(), targets[done].start):
            for target in _chain(plain, targets[done:]):
                if target.clause is None and _PART.match(plain[target.end : target.end + 8]):
                    continue  # 不再执行《X》中关于…的规定: some part nobody numbered
                yield replace(_relation(plain, "repeals", target, 0, day), start=verb.start())
            continue
        earlier = targets[first:done]
        titled = [t for t in earlier if t.title]
        for target in titled or earlier:
            if _ends_with(plain, target, earlier, verb.start()):
                part = _partial(plain, target, earlier, verb.start())
                yield _relation(plain, "repeals", part, verb.end(), day)


def _partial(plain: str, target: _Target, others: Sequence[_Target], verb: int) -> _Target:
    """The target with the part of it that is meant, if the words behind it name one."""
    following = next((t.start for t in others if t.start >= target.end), verb)
    part = _PART.search(plain[target.end : min(following, target.end + 40)])
    if target.clause is not None or part is None:
        return target
    return replace(target, clause=part[0].strip())


def _ends_with(plain: str, target: _Target, others: Sequence[_Target], verb: int) -> bool:
    """Whether nothing but other targets and linking words stands between a target and its verb."""
    if _GROUNDS.search(plain[max(0, target.start - 20) : target.start]):
        return False
    parts, position = [], target.end
    for other in others:
        if other.start >= position:
            parts.append(plain[position : other.start])
            position = other.end
    between = "".join([*parts, plain[position:verb]])
    rest = re.sub(r"\([^()]{0,60}\)", "", between[:400])
    return len(_ALLOWED.sub("", rest)) <= 8 and not re.search(r"施行,|实施,", rest)


def _chain(plain: str, targets: Sequence[_Target]) -> list[_Target]:
    """The first target and those joined to it by 、 and the like."""
    chain = [targets[0]]
    for target in targets[1:]:
        if not _CHAIN_GAP.match(plain[chain[-1].end : target.start]):
            break
        chain.append(target)
    return chain


def _listed(plain: str, start: int) -> tuple[list[_Target], int]:
    """Targets of the list below 下列文件同时废止:, one a line or item, and where the list ends."""
    found: list[_Target] = []
    position = start
    for line in re.finditer(r"[^\n;。]{1,400}", plain[start : start + 40_000]):
        body = line[0].strip(" :)")
        if not body:
            continue
        targets = list(_targets(plain, start + line.start(), start + line.end()))
        if not targets or not re.match(
            r"^(?:[一二三四五六七八九十\d(]{1,4}[、.)]?\s?\d?|[①-⑳]|《|原)", body
        ):
            break
        found.append(targets[0])
        position = start + line.end()
    return found, position


def _of_title(
    plain: str, title: str, effective_on: date | None, body_start: int
) -> Iterator[Relation]:
    """关于修改《X》的决定 and 关于废止《X》的通知: the title's own act, and the articles changed."""
    acted = re.search(r"关于(修改|修订|修正|废止|延长)[^《》]{0,12}《", half_width(title))
    if acted is None:
        return
    head = plain.find(acted[1], 0, body_start) if body_start else -1
    targets = list(_targets(plain, head, body_start)) if head >= 0 else []
    if not targets:
        return
    if acted[1] in ("废止", "延长"):
        if acted[1] == "废止":
            yield from (_relation(plain, "repeals", t, t.end, effective_on) for t in targets)
        return
    yield _relation(plain, "amends", targets[0], targets[0].end, effective_on)
    for change in re.finditer(
        rf"(?:将)?({_ARTICLE})[^,。;《》]{{0,30}}?(?:修改为|删去|删除)", plain[body_start:]
    ):
        changed = replace(targets[0], clause=change[1])
        span = (body_start + change.start(), body_start + change.end())
        yield replace(
            _relation(plain, "amends", changed, 0, effective_on), start=span[0], end=span[1]
        )


def _changes(
    plain: str, span: tuple[int, int], targets: Sequence[_Target], effective_on: date | None
) -> Iterator[Relation]:
    """Amendments, replacements and extensions a sentence makes."""
    for target in targets:
        after = plain[target.end : min(span[1], target.end + 120)]
        before = plain[max(span[0], target.start - 12) : target.start]
        amended = re.match(
            r"[^《》]{0,60}?(?:修改为|修订为|作(?:出)?如下修改|作(?:出)?以下修改|予以修改)", after
        )
        if amended and not re.search(r"已$", after[: amended.end() - 3]):
            yield _relation(plain, "amends", target, target.end + amended.end(), effective_on)
        if re.search(r"(?:代替|替代|取代)(?:原)?$", before):
            yield _relation(plain, "replaces", target, target.end, effective_on)
        prolonged = re.match(
            r"[^《》。,]{0,50}?(?:有效期|执行期限?|实施期限?|施行期限?|期限)[^《》。\d]{0,12}(?:延长|延续|顺延)[^。\d]{0,4}"
            r"|[^《》。\d]{0,20}?(?:继续(?:有效|执行|施行|实施)|延续执行|延期执行)[^。\d]{0,4}",
            after,
        )
        if prolonged and target.clause is None and not _GROUNDS.search(before):
            at = target.end + prolonged.end()
            day = next(
                (d for d in dates_in(plain, at, min(span[1], at + 20)) if d.start == at), None
            )
            if day is not None:
                yield _relation(plain, "extends", target, day.end, day.last)


def _grounds(
    plain: str, span: tuple[int, int], targets: Sequence[_Target], preamble: int
) -> Iterator[Relation]:
    """What the preamble names: 贯彻落实《X》, 根据《Y》; only above the first item."""
    if span[0] >= preamble:
        return
    seen: set[int] = set()
    for index, target in enumerate(targets):
        if index in seen:
            continue
        lead = re.search(
            r"(贯彻落实|贯彻执行|贯彻|落实|根据|依据|依照|按照|按)[^《》,。]{0,30}$",
            plain[max(span[0], target.start - 40) : target.start],
        )
        if lead is None:
            continue
        type: RelationType = (
            "based_on" if lead[1] in ("根据", "依据", "依照", "按照", "按") else "implements"
        )
        for member in _chain(plain, targets[index:]):
            seen.add(targets.index(member))
            yield _relation(plain, type, member, member.end, None)
