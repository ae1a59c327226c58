"""What other documents did to parts of a document, and which of its clauses that touches. Pure.

The text of a document stays as it was published: a clause that another document changed is still
quoted word for word, and every place that shows it says who changed it and from when.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from knowledge_base.clauses import Clause
from knowledge_base.outline.citing import ARTICLES, numbers
from knowledge_base.outline.numbering import HAN

_N = rf"(?:[{HAN}]{{1,7}}|\d{{1,4}})"
_LABEL = re.compile(rf"(第{_N}条(?:之{_N})?)(.*)", re.DOTALL)
_SMALLER = re.compile(rf"第{_N}款")
_MEASURE = re.compile(
    rf"^“?(?:(?P<top>{_N})、[^()（）“”]{{0,40}}(?:[(（](?P<middle>{_N})[)）](?P<item>\d{{1,3}})?)?"
    rf"|第(?P<part>{_N})(?:部分|章)(?:第[(（]?(?P<point>{_N})[)）]?[点项条])?"
    rf"|第(?P<single>{_N})[点项])"
)
_ANNEX = re.compile(r"附件(\d{1,2})")


@dataclass(frozen=True)
class Amendment:
    """One act of another document on a part of this one: it changes the part, or takes it out.

    `target_clause` names the part as the act prints it, None where it names none; `on` is the first
    day it holds, None where unstated; start and end are the words of the act in the other document.
    """

    type: Literal["amends", "repeals"]
    document_id: str
    title: str
    document_number: str | None
    target_clause: str | None
    on: date | None
    start: int
    end: int

    def in_effect(self, on: date) -> bool:
        """Whether it holds on a day; an unstated day counts as past."""
        return self.on is None or self.on <= on


@dataclass(frozen=True)
class Change:
    """An amendment as it meets one clause; not `certain` where the act names no exact clause."""

    amendment: Amendment
    certain: bool

    @property
    def takes_out(self) -> bool:
        """Whether the clause itself is no more once the amendment holds."""
        return self.certain and self.amendment.type == "repeals"


def changes_by_clause(
    amendments: Sequence[Amendment], clauses: Sequence[Clause]
) -> Mapping[str, tuple[Change, ...]]:
    """Changes of each clause by its id; clauses nothing touches are absent.

    An act that names its clauses touches those alone; one that names none, or a part no clause
    answers to, may have touched any.
    """
    found: dict[str, list[Change]] = {}
    for amendment in amendments:
        ids = touched(amendment.target_clause, clauses) if amendment.target_clause else {}
        for id, whole in ids.items():
            # A part of a clause taken out leaves the rest of it standing.
            type = amendment.type if whole else "amends"
            found.setdefault(id, []).append(Change(replace(amendment, type=type), certain=True))
        if not ids:
            for clause in clauses:
                found.setdefault(clause.id, []).append(Change(amendment, certain=False))
    return {id: tuple(changes) for id, changes in found.items()}


def touched(place: str, clauses: Sequence[Clause]) -> dict[str, bool]:
    """Ids of the clauses a printed place means (「第三条、第五条第二款」, “二、(二)5”, 附件2).

    The value says whether the place is the whole clause; nothing where the place fits no clause, or
    more than one.
    """
    if annex := _ANNEX.search(place):
        return dict.fromkeys(_below((f"a{annex[1]}",), clauses), True)
    if measure := _MEASURE.match(place):
        return _of_measure(measure, clauses)
    found: dict[str, bool] = {}
    articles = _articles(clauses)
    for named in ARTICLES.finditer(place):
        items = numbers(named["items"]) if named["items"] else []
        smaller = _SMALLER.match(place, named.end("articles")) is not None
        for number in numbers(named["articles"]):
            own = articles.get(number) or (
                {} if articles else dict.fromkeys(_run_on(number, clauses), "")
            )
            chosen = [id for id, rest in own.items() if items and numbers(rest)[:1] == items[:1]]
            if chosen:
                found |= dict.fromkeys(chosen, not smaller)
            else:
                found |= dict.fromkeys(own, not (items or smaller))
    return found


def _articles(clauses: Sequence[Clause]) -> dict[str, dict[str, str]]:
    """Clauses of the body by the number of their article, each with the label below it."""
    found: dict[str, dict[str, str]] = {}
    for clause in clauses:
        label = _LABEL.match(clause.label)
        if label and not _steps(clause)[0].startswith("a"):
            found.setdefault(numbers(label[1])[0], {})[clause.id] = label[2]
    return found


def _of_measure(place: re.Match[str], clauses: Sequence[Clause]) -> dict[str, bool]:
    if single := place["single"]:
        return dict.fromkeys(_run_on(numbers(single)[0], clauses), True)
    steps = [
        numbers(one)[0] for one in place.group("top", "middle", "item", "part", "point") if one
    ]
    found = dict.fromkeys(_below(tuple(steps), clauses), True)
    if not found and len(steps) > 1:  # items that run on across sections
        found = dict.fromkeys(_run_on(steps[-1], clauses, steps[0]), True)
    return found


def _below(steps: tuple[str, ...], clauses: Sequence[Clause]) -> list[str]:
    return [clause.id for clause in clauses if _steps(clause)[: len(steps)] == steps]


def _run_on(number: str, clauses: Sequence[Clause], top: str | None = None) -> list[str]:
    """Clauses of the one item that has this number; none where several have it.

    An item of the outermost level comes first: 第三条 of a decision is its 三.
    """
    if top is None and any(_steps(clause) == (number,) for clause in clauses):
        return _below((number,), clauses)
    nodes = {
        steps[: depth + 1]
        for steps in map(_steps, clauses)
        for depth, step in enumerate(steps)
        if step == number and (top is None or (depth > 0 and steps[0] == top))
    }
    outer = {node for node in nodes if not any(node[:-1] == other for other in nodes)}
    return _below(next(iter(outer)), clauses) if len(outer) == 1 else []


def _steps(clause: Clause) -> tuple[str, ...]:
    return tuple(clause.id.partition(":")[2].split("."))
