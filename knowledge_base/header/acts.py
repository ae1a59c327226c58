"""What a document says it does to others: repeals, amends, replaces, extends, implements, rests on.

Each relation is read from the words of one sentence; its own end is its validity, not a relation.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from knowledge_base.header.changes import changes_in, hushed, of_items, titled
from knowledge_base.header.repeals import END, LIST, listed_below, repeals_in
from knowledge_base.header.targets import (
    Relation,
    RelationType,
    Target,
    chain,
    day_in,
    relation,
    targets_in,
)
from knowledge_base.header.validity import OWN
from knowledge_base.header.widths import half_width
from knowledge_base.header.wraps import unwrapped

_FIRST_ITEM = re.compile(r"(?:^|[\n\s])(?:一、|第二条|\(一\)|1\.)")
_SENTENCE = re.compile(r"[^。!?\n;]{4,2000}")


def read_relations(
    text: str, title: str, effective_on: date | None, body_start: int = 0
) -> tuple[Relation, ...]:
    """Every relation a document states, in printed order; pure."""
    whole = unwrapped(half_width(text))
    plain, body_start = whole.text, whole.joined(body_start)
    type, named = titled(plain, title, body_start)
    found: list[Relation] = [relation(plain, type, t, t.end, effective_on) for t in named]
    amended = named if type == "amends" else []
    quiet = hushed(plain)
    found += of_items(quiet, amended, effective_on, body_start)
    item = _FIRST_ITEM.search(plain, body_start, body_start + 4000)
    preamble = item.start() if item else body_start + 1500
    listing = 0
    for sentence in _SENTENCE.finditer(plain, body_start):
        if sentence.start() < listing:
            continue
        end = END.search(sentence[0])
        if (
            end
            and LIST.search(sentence[0])
            and not OWN.search(sentence[0][max(0, end.start() - 30) : end.start()])
        ):
            day = day_in(plain, *sentence.span()) or effective_on
            listed, listing = listed_below(plain, sentence.end())
            found += [relation(plain, "repeals", t, t.end, day) for t in listed]
        if "《" not in sentence[0] and "号" not in sentence[0]:
            continue
        targets = list(targets_in(plain, *sentence.span()))
        if end:
            found += repeals_in(plain, sentence.span(), targets, effective_on)
        found += _grounds(plain, sentence.span(), targets, preamble)
    for sentence in _SENTENCE.finditer(quiet, body_start):
        if "《" in sentence[0] or "号" in sentence[0]:
            found += changes_in(quiet, sentence.span(), effective_on)
    ordered = dict.fromkeys(sorted(found, key=lambda r: (r.start, r.end, r.type)))
    spans = {r: whole.printed(r.start, r.end) for r in ordered}
    return tuple(replace(r, start=start, end=end) for r, (start, end) in spans.items())


def _grounds(
    plain: str, span: tuple[int, int], targets: Sequence[Target], preamble: int
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
        for member in chain(plain, targets[index:]):
            seen.add(targets.index(member))
            yield relation(plain, type, member, member.end, None)
