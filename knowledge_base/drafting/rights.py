"""How many rights of which class an applicant must have, read from a sentence. Pure.

Names listed in one breath share their number: two of one class count for it, both classes for the
total. Rights of a window of years (近三年获得) are counted by no fact and stay unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.drafting.cues import Cues
from knowledge_base.drafting.quantities import Quantity, quantities_in
from knowledge_base.drafting.requirements import Test, bounds, consumed, quantity_after
from knowledge_base.drafting.sentences import Sentence

_BETWEEN = re.compile(
    r"(?:专利权?|登记证书|证书|\([^()]{0,20}\))?(?:、|和|及|与|或者|或|以及|等)"
    r"(?:有效的?|授权的?|国家|相关|各类)?"
)
_FACTS = {"one": "ip_class1", "two": "ip_class2"}
_GAP = re.compile(
    r"(?:\(含[^()]{0,6}\)|的|有效|自主|授权|已|国家|国内|核心"
    r"|与(?:企业|其|自身)?(?:主导|主营|核心|主要)[^,;。的]{0,8}相关){0,4}"
)
_RELATED = re.compile(r"与(?:企业|其|自身)?(?:主导|主营|核心|主要)[^,;。的]{0,8}相关的?$")


@dataclass(frozen=True)
class _Named:
    start: int
    end: int
    classes: frozenset[str]
    either: bool  # joined by 或


def read_rights(sentence: Sentence, cues: Cues) -> Iterator[Test]:
    """Counts of rights a sentence demands."""
    quantities = tuple(q for q in quantities_in(sentence.plain) if q.op != "eq")
    if not any(q.unit == "件" for q in quantities):
        return
    for named in _groups(sentence.plain, cues):
        fact = _fact(named)
        found = _counted(sentence.plain, named, quantities, cues) if fact else None
        if fact and found is not None:
            span = (min(found.start, named.start), max(found.end, named.end))
            yield from bounds(sentence, span, fact, found, 1)


def _groups(plain: str, cues: Cues) -> Iterator[_Named]:
    found = [
        (m.start(), m.end(), name)
        for name, pattern in (
            ("all", cues.rights.either),
            ("one", cues.rights.one),
            ("two", cues.rights.two),
        )
        for m in pattern.finditer(plain)
    ]
    group: _Named | None = None
    for start, end, name in sorted(found, key=lambda one: (one[0], -one[1])):
        if group is not None and start < group.end:
            continue
        between = plain[group.end : start] if group is not None else ""
        if group is not None and _BETWEEN.fullmatch(between):
            classes = group.classes | {name}
            group = _Named(group.start, end, classes, group.either or "或" in between)
            continue
        if group is not None:
            yield group
        group = _Named(start, end, frozenset({name}), False)
    if group is not None:
        yield group


def _fact(named: _Named) -> str | None:
    """The fact a list of names counts; 发明专利或软件著作权 counts neither alone nor the sum."""
    members = named.classes - {"all"}
    if len(members) == 1:
        return _FACTS[next(iter(members))]
    return None if members and named.either else "ip_total"


def _counted(
    plain: str, named: _Named, quantities: tuple[Quantity, ...], cues: Cues
) -> Quantity | None:
    """The number of a group, after it or before it, when only known words lead to it."""
    after = quantity_after(plain, named.end, quantities, "件", cues)
    before = None if after else _before(plain, named, quantities)
    start = before.start if before else named.start
    lead = re.split(r"[,:;、。]|并且|且|或者|或", plain[max(0, start - 60) : start])[-1]
    if any(word in lead for word in cues.rights.reject):
        return None
    lead = _RELATED.sub("", lead)
    words = (*cues.rights.before, *cues.before_measure)
    return None if consumed(lead, words, True) else after or before


def _before(plain: str, named: _Named, quantities: tuple[Quantity, ...]) -> Quantity | None:
    for quantity in reversed(quantities):
        if quantity.end <= named.start:
            near = quantity.unit == "件" and named.start - quantity.end <= 24
            gap = plain[quantity.end : named.start].strip()
            return quantity if near and _GAP.fullmatch(gap) else None
    return None
