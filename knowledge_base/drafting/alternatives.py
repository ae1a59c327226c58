"""Conditions as trees, and how 或 joins the tests of one sentence. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.drafting.requirements import Test
from knowledge_base.drafting.sentences import Sentence

_OR = re.compile(r"或者|或(?!有|多|以上|等|当日)")

_OF_EACH = ("region", "founded_on", "age_months")
# 项目单位或牵头单位应为…: who must be so, not what they must be.
_SUBJECT_END = re.compile(r"(?:^|[,;:])[^,;:、的]{0,10}(?:单位|企业|机构)$")
_OF_SUBJECT = re.compile(r"[^,;。:的]{2,10}(?:单位|企业|机构)(?:应当?|须|需|必须)?(?:为|是|在)")
_DENIED = re.compile(r"(?:^|[,;:、])(?:无|没有|未有|不存在)[^,;:的]{1,20}$")
_ATTRIBUTE = re.compile(r"[^,;。:的或]{1,16}的[^,;。:的]{0,12}(?=$|[,;。])")


@dataclass(frozen=True)
class Condition:
    """A test of a fact, or a join of parts; offsets count code points of the document text."""

    start: int
    end: int
    fact: str | None = None
    op: str | None = None
    value: Any = None
    join: str | None = None
    parts: tuple["Condition", ...] = ()

    def leaves(self) -> Iterator["Condition"]:
        """The single tests below, in printed order."""
        if self.join is None:
            yield self
        for part in self.parts:
            yield from part.leaves()


def joined(join: str, parts: Sequence[Condition]) -> Condition:
    if len(parts) == 1 and join != "not":
        return parts[0]
    return Condition(parts[0].start, parts[-1].end, join=join, parts=tuple(parts))


def without_overlaps(tests: list[Test]) -> list[Test]:
    """One test per fact and place: of two readings of the same words the longer stands."""
    kept: list[Test] = []
    for test in tests:
        clash = next((k for k in kept if k.fact == test.fact and test.start < k.end), None)
        if clash is None:
            kept.append(test)
        elif test.start == clash.start and test.end == clash.end and test.op != clash.op:
            kept.append(test)  # the two ends of a range
    return kept


def alternatives(sentence: Sentence, leaves: list[Condition]) -> tuple[list[Condition], bool]:
    """Leaves joined by 或 become one `any`; where a side of 或 has none, both sides are dropped."""
    words = sentence.plain
    cuts: list[tuple[int, int]] = []
    for found in _OR.finditer(words):
        at = sentence.start + found.start()
        within = any(leaf.start <= at < leaf.end for leaf in leaves)
        if found.start() and not within and not _joins_words(words, found.start(), found.end()):
            cuts.append((at, sentence.start + found.end()))
    dropped: set[int] = set()
    linked: set[int] = set()
    for at, after in cuts:
        left = _scope(sentence, at, leftwards=True)
        right = _scope(sentence, after, leftwards=False)
        lefts = [i for i, leaf in enumerate(leaves) if left <= leaf.start and leaf.end <= at]
        rights = [i for i, leaf in enumerate(leaves) if after <= leaf.start < right]
        if lefts and rights:
            linked.add(rights[0])
        elif lefts or rights:
            # 在本市注册的企业或社会组织: place and age hold for each noun of the list.
            shared = _joins_nouns(words[after - sentence.start : right - sentence.start])
            kept = {i for i in lefts if shared and leaves[i].fact in _OF_EACH}
            dropped |= {*lefts, *rights} - kept
    found_leaves: list[list[Condition]] = []
    for number, leaf in enumerate(leaves):
        if number in dropped:
            continue
        if number in linked and found_leaves and number - 1 not in dropped:
            found_leaves[-1].append(leaf)
        else:
            found_leaves.append([leaf])
    return [joined("any", group) for group in found_leaves], not dropped


def _joins_words(words: str, at: int, after: int) -> bool:
    """Whether 或 stands in brackets, or joins two words that only describe what follows."""
    if words.rfind("(", 0, at) > words.rfind(")", 0, at):
        return True
    if _OF_SUBJECT.match(words, after) and _SUBJECT_END.search(words[max(0, at - 12) : at]):
        return True
    # 无不良或违法记录的企业: both words are denied alike.
    if _DENIED.search(words[max(0, at - 30) : at]) and _ATTRIBUTE.match(words, after):
        return True
    short = re.match(r"[\u4e00-\u9fff]{1,4}的", words[after : after + 6])
    return (
        short is not None
        and re.search(r"(?:^|[,;:、的])[^,;:、的]{1,8}$", words[:at][-10:]) is not None
    )


def _joins_nouns(right: str) -> bool:
    return (
        re.fullmatch(r"(?!在)[\u4e00-\u9fff、]{2,16}(?:\([^()]{0,40}\))?", right.strip())
        is not None
    )


def _scope(sentence: Sentence, at: int, leftwards: bool) -> int:
    """Edge of the words a 或 joins: the phrase, and the one before when 或 opens a phrase."""
    words, local = sentence.plain, at - sentence.start
    if not leftwards:
        stops = [i for i in (words.find(c, local) for c in ",;。") if i >= 0]
        return sentence.start + min(stops, default=len(words))
    edge = local
    for _ in range(2):
        edge = max(words.rfind(c, 0, edge) for c in ",;。:")
        if edge < 0 or local - edge > 2:
            break
    return sentence.start + max(edge, 0)
