"""Bounds that differ by line of business: 批发业2000万元以上,零售业500万元以上. Pure.

Each step becomes an alternative of its trade and its bound. A step of a trade that no fact names
voids all of them: the others alone would shut that trade out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.drafting.alternatives import Condition, joined
from knowledge_base.drafting.cues import Cues, NumberCue
from knowledge_base.drafting.quantities import quantities_in
from knowledge_base.drafting.requirements import bounds, read_measures
from knowledge_base.drafting.sentences import Sentence
from knowledge_base.header.widths import half_width
from knowledge_base.vocabulary import Vocabulary

_LEAD = re.compile(r"\s*(?:其中|对于|对|属于|从事|若|如|申报)?(?:的)?")
_NAMED = re.compile(
    r"([\u4e00-\u9fff]{1,14}?业)(?:类|法人|小微|中小微?)?(?:企业|单位|行业|公司|经营者)?(?:的)?[:,]?"
)
_NO_TRADE = re.compile(r"(?:营|从|就|创|企|职|毕|专|作|事|主|副|产|物流产|同行|本行)业$")
_BARE = re.compile(r"\s*(?:应|须|需|要|为|达到?|在|均|则|的){0,4}")


@dataclass(frozen=True)
class Tiers:
    """Steps found; `whole` is False when the trade of one has no fact."""

    steps: tuple[Condition, ...]
    whole: bool


def read_tiers(sentence: Sentence, vocabulary: Vocabulary, cues: Cues) -> Tiers | None:
    """The steps of one sentence; None when no bound stands behind a line of business."""
    steps: list[list[Condition]] = []
    whole, measure = True, None
    for begin, words in _segments(sentence.plain):
        lead = _LEAD.match(words)
        named = _NAMED.match(words, lead.end() if lead else 0)
        if named is None or _NO_TRADE.search(named[1]):
            if steps:
                steps[-1] += _bounds_after(sentence, begin, words, None, cues)
            measure = _measure_named(words, cues) or measure
            continue
        start = begin + named.end()
        tests = _bounds_after(sentence, start, words[named.end() :], measure, cues)
        if not tests:
            continue
        trade = _trade(named[1], vocabulary, cues)
        if trade is None:
            whole = False
            continue
        offset = sentence.start + begin
        case = Condition(offset + named.start(1), offset + named.end(1), *trade)
        steps.append([case, *tests])
    if not steps and whole:
        return None
    return Tiers(tuple(joined("all", step) for step in steps), whole)


def _segments(plain: str) -> Iterator[tuple[int, str]]:
    """Parts between commas, colons and list marks outside brackets; a step runs to the next trade."""
    begin, depth = 0, 0
    for index in range(len(plain) + 1):
        char = plain[index] if index < len(plain) else ","
        depth = max(0, depth + (char in "(《") - (char in ")》"))
        if index == len(plain) or (char in ",:、;" and depth == 0):
            if plain[begin:index].strip():
                # 批发业:2000万元以上 is one part.
                if char == ":" and _NAMED.fullmatch(plain[begin:index].strip()):
                    continue
                yield begin, plain[begin:index]
            begin = index + 1


def _measure_named(words: str, cues: Cues) -> NumberCue | None:
    """The measure a heading part names last: 年销售额达到以下标准."""
    found = [(m.end(), cue) for cue in cues.numbers for m in cue.pattern.finditer(words)]
    return max(found, key=lambda one: one[0])[1] if found else None


def _bounds_after(
    sentence: Sentence, begin: int, words: str, measure: NumberCue | None, cues: Cues
) -> list[Condition]:
    start = sentence.start + begin
    part = Sentence(start, start + len(words), words, "", sentence.part)
    tests = list(read_measures(part, cues))
    if not tests and measure is not None:
        quantity = next(iter(quantities_in(words)), None)
        lead = _BARE.match(words)
        if quantity and quantity.unit == measure.unit and lead and quantity.start <= lead.end():
            tests = list(bounds(part, (quantity.start, quantity.end), measure.fact, quantity, 1))
    return [Condition(t.start, t.end, t.fact, t.op, t.value) for t in tests]


def _trade(name: str, vocabulary: Vocabulary, cues: Cues) -> tuple[str, str, str] | None:
    """(fact, op, value) of a line of business."""
    for word, value in cues.size_categories:
        if name in (word, f"{word}业"):
            return "size_category", "eq", value
    rows = vocabulary.industries.values()
    found = (r.code for r in rows if r.level in ("门类", "大类") and half_width(r.name) == name)
    code = next(found, None)
    return ("industry", "within", code) if code else None
