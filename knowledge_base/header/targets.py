"""What a sentence names: documents by title or 文号, with the part meant, and the act on them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge_base.header.dates import dates_in
from knowledge_base.header.numbers import numbers_in

RelationType = Literal["repeals", "amends", "replaces", "extends", "implements", "based_on"]

_TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]{0,160}》){2,200})》")
_BRACKET = re.compile(r"\s{0,2}\(([^()]{2,80})\)")
ARTICLE = (
    r"第[一二三四五六七八九十百零\d]{1,5}[条章节款项](?:第[一二三四五六七八九十\d]{1,4}[款项]){0,2}"
    r"(?:第\([一二三四五六七八九十\d]{1,3}\)项)?"
)
_ARTICLE_LIST = rf"{ARTICLE}(?:(?:[、,和及至]|以及){{1,2}}(?:{ARTICLE}|[一二三四五六七八九十]{{1,4}}条)){{0,40}}"
# Measures are numbered, not articled: 二、(二)5, “二、支持标准(二)5.首次认定”, 第二部分第3点, 附件2.
_HAN_N = "[一二三四五六七八九十]{1,3}"
_NUMBERED = (
    rf"“{_HAN_N}、[^“”\n]{{0,60}}”|{_HAN_N}、\({_HAN_N}\)(?:\d{{1,3}}[.、]?(?!\d))?"
    rf"|第(?:{_HAN_N}|\d{{1,3}})(?:部分|点|项)(?:第\(?(?:{_HAN_N}|\d{{1,3}})\)?[点项条])?"
)
PLACES = rf"(?:{_ARTICLE_LIST}|{_NUMBERED}|附件\d{{1,2}})"
_ARTICLES = re.compile(rf"\s?(?:文件)?(?:中)?(?:的)?({PLACES})")
# A short name the document itself defined (以下简称《通知》) names no document by itself.
_SHORT_NAME = re.compile(
    r"(?:实施|暂行|管理|工作|若干)?(?:通知|办法|细则|意见|规定|方案|条例|公告|决定|安排|指南|计划|措施|章程|目录|规划|纲要|政策)"
)
GROUNDS = re.compile(r"(?:根据|按照|依据|依照|落实|贯彻|参见|参照|符合|遵照|执行)[^《》,]{0,14}$")
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
class Target:
    start: int
    end: int
    title: str | None
    number: str | None
    clause: str | None


def targets_in(plain: str, start: int, end: int) -> Iterator[Target]:
    """Documents a sentence names: 《title》(文号)第三条, or a 文号 alone."""
    covered = start
    named: list[Target] = []
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
            Target(
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
            Target(
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


def relation(plain: str, type: RelationType, target: Target, end: int, on: date | None) -> Relation:
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


def day_in(plain: str, start: int, end: int) -> date | None:
    for dated in dates_in(plain, start, end):
        if dated.first and re.match(r"\s?(?:零时)?起", plain[dated.end : dated.end + 4]):
            return dated.first
    return None


def chain(plain: str, targets: Sequence[Target]) -> list[Target]:
    """The first target and those joined to it by 、 and the like."""
    chain = [targets[0]]
    for target in targets[1:]:
        if not _CHAIN_GAP.match(plain[chain[-1].end : target.start]):
            break
        chain.append(target)
    return chain
