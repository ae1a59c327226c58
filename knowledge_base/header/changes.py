"""What a text changes in another: an amending decision's items, and sentences that amend. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from knowledge_base.header.dates import dates_in
from knowledge_base.header.targets import (
    GROUNDS,
    PLACES,
    Relation,
    RelationType,
    Target,
    relation,
    targets_in,
)
from knowledge_base.header.widths import half_width

# New wording stands in quotation marks; a law named there is not what is changed. Paragraphs of one
# quotation open with a mark each and only the last one closes.
_QUOTED = re.compile(r"“[^“”]*(?:”|\n(?=\s{0,8}“))|\"[^\"\n]{0,2000}\"")
PLACE = re.compile(PLACES)
_SENTENCE = re.compile(r"[^。;\n]{2,2000}")
_ACT = re.compile(
    r"关于(?P<act>修改|修订|修正|调整|废止|延长|(?=《[^《》\n]{2,160}》的补充))[^《》]{0,12}《"
)
_OPENS = re.compile(
    r"[^《》]{0,40}?(?:作(?:出)?(?:如下|以下)?修[改订正]|修[改订正]如下|进行(?:如下|以下)?(?:修[改订正]|调整))"
)
_ENDS = r"删去|删除|废止"
# The gap between a place and its verb may hold quoted words (\0), however long.
_GAP = r"(?:[^,。;《》\0\n]|\0++){0,30}?"
_CHANGE = re.compile(
    rf"(?P<verb>{_ENDS})(?:原)?(?P<ended>{PLACES})(?P<rest>[^。;\n]?)"
    rf"|(?P<changed>{PLACES})(?P<gap>{_GAP})(?P<to>修[改订正]为|[调更]整?改?为|变更为|改为|{_ENDS})"
)
_AMENDED = re.compile(
    r"[^《》]{0,60}?(?:修[改订]为|作(?:出)?(?:如下|以下)修[改订]|修[改订]如下|予以修改)"
)
_PROLONGED = re.compile(
    r"[^《》。,]{0,50}?(?:有效期|执行期限?|实施期限?|施行期限?|期限)[^《》。\d]{0,12}(?:延长|延续|顺延)[^。\d]{0,4}"
    r"|[^《》。\d]{0,20}?(?:继续(?:有效|执行|施行|实施)|延续执行|延期执行)[^。\d]{0,4}"
)


def titled(plain: str, title: str, body_start: int) -> tuple[RelationType, list[Target]]:
    """The act of the title itself and whom it meets: 关于修改《X》的决定, 关于《X》的补充通知."""
    acted = _ACT.search(half_width(title))
    if acted is None or acted["act"] == "延长" or not body_start:
        return "amends", []
    head = plain.find(acted["act"] or "关于《", 0, body_start)
    targets = list(targets_in(plain, head, body_start)) if head >= 0 else []
    return "repeals" if acted["act"] == "废止" else "amends", targets


def hushed(plain: str) -> str:
    """The text with new wording in quotation marks struck out, every position kept."""
    return _QUOTED.sub(_struck_out, plain)


def of_items(
    quiet: str, named: Sequence[Target], effective_on: date | None, body_start: int
) -> Iterator[Relation]:
    """The articles the items of a decision change: 三、删去第五条, of the document named last.

    `quiet` is the text without new wording (`hushed`); `named` are the documents the title amends:
    several leave open which is meant until one is named.
    """
    current = replace(named[0], clause=None) if len(named) == 1 else None
    for sentence in _SENTENCE.finditer(quiet, body_start):
        start, end = sentence.span()
        if "《" in sentence[0] or "号" in sentence[0]:
            targets = list(targets_in(quiet, start, end))
            opened = [t for t in targets if _OPENS.match(quiet[t.end : min(end, t.end + 60)])]
            if opened:
                current = replace(opened[-1], clause=None)
                start = opened[-1].end
            elif targets:
                continue  # what it changes, if anything, is the document it names
        if current is None:
            continue
        for change in _CHANGE.finditer(quiet, start, end):
            made = _changed(quiet, current, change, effective_on)
            yield replace(made, start=change.start())


def _placed(quiet: str, target: Target, stop: int, on: date | None) -> Iterator[Relation]:
    """The places of one document that the words behind its name change, each by itself."""
    begin = quiet.find(target.clause, target.start, target.end) if target.clause else target.end
    whole = replace(target, clause=None)
    for change in _CHANGE.finditer(quiet, max(begin, target.start), stop):
        if "废止" not in (change["verb"], change["to"]):  # `repeals` reads these
            yield _changed(quiet, whole, change, on)


def _changed(quiet: str, target: Target, change: re.Match[str], on: date | None) -> Relation:
    type: RelationType = "repeals" if _takes_out(change) else "amends"
    act = replace(target, clause=change["ended"] or change["changed"])
    made = relation(quiet, type, act, 0, on)
    return replace(made, start=min(target.start, change.start()), end=change.end())


def _struck_out(quoted: re.Match[str]) -> str:
    """New wording struck out; a quoted place (“二、(二)5”) stays."""
    return quoted[0] if PLACE.fullmatch(quoted[0]) else "\0" * len(quoted[0])


def _takes_out(change: re.Match[str]) -> bool:
    """Whether the place itself goes, not some words in it: 删去第五条, not 删去第五条中的“X”."""
    if change["ended"]:
        return change["rest"] not in ("中", "的", "\0", "第", "内", "关")
    gap = re.sub(r"予以|均|同时|全文|整条|规定|的", "", change["gap"])
    return re.fullmatch(_ENDS, change["to"]) is not None and not gap


def changes_in(quiet: str, span: tuple[int, int], effective_on: date | None) -> Iterator[Relation]:
    """Amendments, replacements and extensions of the documents a sentence names."""
    targets = list(targets_in(quiet, *span))
    for number, target in enumerate(targets):
        stop = targets[number + 1].start if number + 1 < len(targets) else span[1]
        after = quiet[target.end : min(span[1], target.end + 120)]
        before = quiet[max(span[0], target.start - 12) : target.start]
        grounds = GROUNDS.search(before)
        placed = [] if grounds else list(_placed(quiet, target, stop, effective_on))
        ended = target.clause and re.search(rf"(?:{_ENDS})原?$", before)
        if ended and not re.match(r"[中内的]", after):
            made = relation(quiet, "repeals", target, target.end, effective_on)
            yield replace(made, start=target.start - len(before) + ended.start())
        yield from placed
        amended = None if placed else _AMENDED.match(after)
        if amended and not re.search(r"已$", after[: amended.end() - 3]):
            yield relation(quiet, "amends", target, target.end + amended.end(), effective_on)
        if re.search(r"(?:代替|替代|取代)(?:原)?$", before):
            yield relation(quiet, "replaces", target, target.end, effective_on)
        prolonged = _PROLONGED.match(after)
        if prolonged and target.clause is None and not grounds:
            at = target.end + prolonged.end()
            day = next(
                (d for d in dates_in(quiet, at, min(span[1], at + 20)) if d.start == at), None
            )
            if day is not None:
                yield relation(quiet, "extends", target, day.end, day.last)
