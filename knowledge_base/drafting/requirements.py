"""Single tests of facts in one sentence: measures, ages, flags, denials and listed choices. Pure.

Each reader asks for the thing named, for words of a known kind around it, and for nothing else
between: any other word there means another thing, and then nothing is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge_base.drafting.cues import ChoiceCue, Cues, NumberCue
from knowledge_base.drafting.denials import denied_span, present_span
from knowledge_base.drafting.quantities import Quantity, other_bound, quantities_in
from knowledge_base.drafting.sentences import Phrase, Sentence
from knowledge_base.header.dates import dates_in

_OPS = {"eq": "eq", "gte": "gte", "gt": "gt", "lte": "lte", "lt": "lt"}
_LONGEST_GAP = 40
_FOUNDING = re.compile(
    r"\s?(?:在[^,;。]{2,30}?)?(?:依法|合法|完成|办理|工商|已){0,3}(?:注册|登记|设立|成立|创办)"
)
_FOUNDED_REST = re.compile(
    r"(?:登记|注册|成立|设立|、){0,4}(?:$|[,;。()并且和及]|的[^,;。:]{0,30}(?:企业|公司|单位|法人)(?=$|[,;。(])"
    r"|的机构(?=$|[,;。(]))"
)
_TAX = re.compile(
    r"纳税信用(?:等级|级别|评级|评价)?(?:结果)?(?:(?:应当?|须|需|必须)?(?:为|是|达到|在|(?P<least>不(?:得|应)?低于)))?(?P<not>不是|不为|非)?\s?"
    r"(?P<grades>[ABMCD]级?(?:(?:、|或者|或|和|,)[ABMCD]级?){0,4})"
    r"(?P<up>\(含\)以上|及以上|以上\(含\)|以上)?"
)
_GRADES = ("A", "B", "M", "C", "D")


@dataclass(frozen=True)
class Test:
    """`fact op value` as words say it; offsets count code points of the document text."""

    fact: str
    op: str
    value: Any
    start: int
    end: int

    __test__ = False  # the name is the field's word; pytest must not collect it


def read_tests(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    """Every test the words of a sentence state, region and nouns apart."""
    yield from read_measures(sentence, cues)
    yield from read_ages(sentence, cues)
    yield from _founded(sentence, cues)
    yield from _tax_grade(sentence)
    for word in cues.present:
        for found in word.pattern.finditer(sentence.plain):
            yield test_of(sentence, found.span(), word.fact, "gt", 0)
    yield from _flags(sentence, cues)
    yield from _choices(sentence, cues)


def read_measures(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    """Tests of measured things alone: each cue's words, then its number."""
    quantities = tuple(quantities_in(sentence.plain))
    for cue in cues.numbers:
        yield from _measures(sentence, cue, quantities, cues)


def test_of(
    place: Sentence | Phrase, span: tuple[int, int], fact: str, op: str, value: Any
) -> Test:
    """A test whose words stand at a span of a sentence or phrase."""
    return Test(fact, op, value, place.start + span[0], place.start + span[1])


def consumed(text: str, words: tuple[str, ...], from_end: bool) -> str:
    """What is left of a text after taking known words off one end, longest first."""
    left = text.strip()
    while left:
        bracket = re.search(r"\([^()]{0,40}\)$" if from_end else r"^\([^()]{0,40}\)", left)
        if bracket:
            left = left[: bracket.start()] if from_end else left[bracket.end() :]
            left = left.strip()
            continue
        year = re.search(r"\d{4}年?(?:度|末)?$" if from_end else r"^\d{4}年?(?:度|末)?", left)
        word = year[0] if year else None
        if word is None:
            matches = left.endswith if from_end else left.startswith
            word = next((w for w in words if matches(w)), None)
        if not word:
            return left
        left = (left[: -len(word)] if from_end else left[len(word) :]).strip()
    return left


def _measures(
    sentence: Sentence, cue: NumberCue, quantities: tuple[Quantity, ...], cues: Cues
) -> Iterator[Test]:
    plain = sentence.plain
    for found in cue.pattern.finditer(plain):
        before = re.split(r"[,:;、]|(?<=[^之])及|并且|且|或者|或", plain[: found.start()][-60:])[-1]
        if any(word in before[-12:] for word in cue.reject):
            continue
        quantity = quantity_after(plain, found.end(), quantities, cue.unit, cues)
        if quantity is None or consumed(before, cues.before_measure, True):
            continue
        if _names_others(plain, quantity.end):
            continue
        upper = other_bound(plain, quantity, quantities)
        span = (found.start(), max(found.end(), (upper or quantity).end))
        for one in (quantity, upper) if upper else (quantity,):
            yield from bounds(sentence, span, cue.fact, one, 1)


def bounds(
    sentence: Sentence, span: tuple[int, int], fact: str, quantity: Quantity, factor: int
) -> Iterator[Test]:
    """The test or the two tests a bounded number states; an exact one states none."""
    if quantity.op == "range":
        if quantity.low is not None:
            op = "gt" if "low" in quantity.without else "gte"
            yield test_of(sentence, span, fact, op, quantity.low * factor)
        if quantity.high is not None:
            op = "lt" if "high" in quantity.without else "lte"
            yield test_of(sentence, span, fact, op, quantity.high * factor)
    elif quantity.op != "eq":
        yield test_of(sentence, span, fact, _OPS[quantity.op], quantity.value * factor)


def _names_others(plain: str, end: int) -> bool:
    """Whether the number only says which applicants the rest of the sentence is about."""
    rest = plain[end:].strip()
    if re.match(r"的(?:企业|单位|项目|机构|公司)?$", rest) or not rest:
        return False
    return _goes_on(rest)


def _goes_on(rest: str) -> bool:
    """Whether 的 leads to anything but the applicant itself: 年收入3亿元以上的行业龙头企业."""
    ends = re.fullmatch(r"的[^,;。:]{0,30}(?:企业|公司|单位)", rest)
    return rest.startswith("的") and ends is None


def quantity_after(
    plain: str, end: int, quantities: tuple[Quantity, ...], unit: str, cues: Cues
) -> Quantity | None:
    """The next number in a unit when only known words lead to it."""
    for quantity in quantities:
        if quantity.start < end:
            continue
        gap = plain[end : quantity.start]
        if quantity.start - end > _LONGEST_GAP or quantity.unit != unit:
            return None
        return None if consumed(gap, cues.after_measure, False) else quantity
    return None


_MONTHS = {"年": 12, "月": 1}


def read_ages(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    """Tests of the time since founding, in months."""
    plain = sentence.plain
    quantities = tuple(quantities_in(plain))
    if any(word in plain for word in cues.age_never):
        return
    for found in cues.age.finditer(plain):
        before = re.split(r"[,:;。、]", plain[: found.start()])[-1]
        if any(word in before[-14:] for word in cues.age_reject):
            continue
        for quantity in quantities:
            factor = _MONTHS.get(quantity.unit)
            if quantity.start < found.end():
                continue
            gap = plain[found.end() : quantity.start].lstrip("、")
            if factor is None or len(gap) > 12 or consumed(gap, cues.after_measure, False):
                break
            if quantity.op == "eq" and plain[quantity.end : quantity.end + 1] not in ("", ",", ";"):
                break
            upper = other_bound(plain, quantity, quantities)
            rest = plain[(upper or quantity).end :].strip()
            rest = re.sub(r"^\([^()]{0,30}\)", "", rest)
            if quantity.op == "eq" or _goes_on(rest):
                break
            span = (found.start(), (upper or quantity).end)
            for one in (quantity, upper) if upper else (quantity,):
                yield from bounds(sentence, span, "age_months", one, factor)
            break


def _founded(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    """Founded before or after a day: 前 and 后 leave the day out, 以前, 以后 and 起 take it in."""
    plain = sentence.plain
    if not cues.age.search(plain) or any(word in plain for word in cues.age_never):
        return
    for dated in dates_in(plain):
        if dated.first is None or dated.first != dated.last:
            continue
        after = re.match(
            r"(?:\(含[^()]{0,6}\))?(以前|之前|前|以后|之后|后|起|及以后|及以前)(?:\((不?含)[^()]{0,6}\))?",
            plain[dated.end :],
        )
        thing = cues.dated.search(plain[max(0, dated.start - 14) : dated.start])
        following = after and _founding(plain, dated.end + after.end())
        if after is None or not (following or (thing and re.search(r"[在于为]?$", thing.string))):
            continue
        included = after[1].startswith(("以", "及", "起")) or "(含" in after[0]
        early = "前" in after[1]
        op = ("lte" if included else "lt") if early else ("gte" if included else "gt")
        start = dated.start - (len(thing.string) - thing.start()) if thing else dated.start
        end = dated.end + after.end()
        yield test_of(sentence, (start, end), "founded_on", op, dated.first)


def _founding(plain: str, begin: int) -> bool:
    """Whether the founding of the applicant itself follows; 注册通过的服务商 is somebody else."""
    found = _FOUNDING.match(plain, begin)
    rest = plain[found.end() :] if found else "?"
    return _FOUNDED_REST.match(rest) is not None


def _tax_grade(sentence: Sentence) -> Iterator[Test]:
    for found in _TAX.finditer(sentence.plain):
        grades = re.findall(r"[ABMCD]", found["grades"])
        if found["not"]:
            if len(grades) == 1:
                yield test_of(sentence, found.span(), "tax_grade", "ne", grades[0])
            continue
        if (found["up"] or found["least"]) and len(grades) == 1:
            # M is the grade of new firms, between B and C (国家税务总局公告2018年第8号).
            grades = list(_GRADES[: _GRADES.index(grades[0]) + 1])
        value: Any = grades if len(grades) > 1 else grades[0]
        yield test_of(sentence, found.span(), "tax_grade", "in" if len(grades) > 1 else "eq", value)


def _flags(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    plain = sentence.plain
    denied: set[str] = set()
    for cue in cues.absent:
        if span := denied_span(plain, cue):
            denied.add(cue.fact)
            yield test_of(sentence, span, cue.fact, "eq", False)
    for cue in cues.flags:
        found = cue.pattern.search(plain)
        if found is None or cue.fact in denied:
            continue
        if re.search(r"(?:无|未|没有|不|非)[^,;。]{0,3}$", plain[: found.start()][-6:]):
            continue
        yield test_of(sentence, found.span(), cue.fact, "eq", True)


def read_exclusions(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    """Tests of a sentence that names what shuts applicants out: each thing named must be absent."""
    for cue in cues.absent:
        if span := present_span(sentence.plain, cue):
            yield test_of(sentence, span, cue.fact, "eq", False)


def _choices(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    plain = sentence.plain
    for cue in cues.choices:
        lead = cue.lead.search(plain)
        if lead is None:
            continue
        if span := _letters(plain, lead.end()) if cue.fact == "talents" else None:
            yield test_of(sentence, (lead.start(), span[1]), cue.fact, cue.op, list("ABCDEF"))
            continue
        chosen, end = _chosen(plain, lead.end(), cue)
        if chosen:
            # 核心企业的上游供应商: of several nouns the last is the head.
            value = chosen if cue.op != "eq" else chosen[-1]
            yield test_of(sentence, (lead.start(), end), cue.fact, cue.op, value)


def _chosen(plain: str, start: int, cue: ChoiceCue) -> tuple[list[str], int]:
    """Values named up to the end of the phrase, in printed order, and where the last ends."""
    stop = next((i for i in range(start, len(plain)) if plain[i] in ",;。"), len(plain))
    words = plain[start:stop]
    taken = [False] * len(words)
    found: list[tuple[int, str]] = []
    last = 0
    for word, value in cue.words:
        at = words.find(word)
        if at >= 0 and not any(taken[at : at + len(word)]):
            taken[at : at + len(word)] = [True] * len(word)
            found.append((at, value))
            last = max(last, at + len(word))
    return list(dict.fromkeys(value for _, value in sorted(found))), start + last


def _letters(plain: str, start: int) -> tuple[int, int] | None:
    found = re.compile(r"A(?:类)?[—\-~至]{1,2}F类").match(plain, start)
    return found.span() if found else None
