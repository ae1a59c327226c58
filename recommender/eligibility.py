"""Whether an enterprise meets an offer's criteria: a verdict per criterion, three-valued throughout.

Verdicts are about published conditions; nothing here predicts approval, limit or price.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from knowledge_base import Citation, Criterion, Fact, Offer
from recommender.facts import ProfileFacts
from recommender.values import conjunction, disjunction, negation, show, show_number

VerdictStatus = Literal["met", "unmet", "unknown"]
EligibilityStatus = Literal["eligible", "ineligible", "undetermined"]
_STATUS: dict[bool | None, VerdictStatus] = {True: "met", False: "unmet", None: "unknown"}


@dataclass(frozen=True)
class Verdict:
    """One criterion judged: what is required, what is known, which words require it."""

    criterion_id: str
    text: str
    status: VerdictStatus
    observed: str
    required: str
    basis: str
    citation: Citation | None
    join: str | None
    parts: tuple["Verdict", ...]
    fact: str | None


@dataclass(frozen=True)
class Eligibility:
    """The verdict on an offer and the facts that can still change it."""

    status: EligibilityStatus
    verdicts: tuple[Verdict, ...]
    missing: tuple[str, ...]


def truth(criterion: Criterion, facts: ProfileFacts) -> bool | None:
    """Whether a criterion holds, three-valued; conditions that ask the same are judged once."""
    known = facts.truths
    key = criterion.key
    if key not in known:
        known[key] = (
            facts.test(str(criterion.fact), str(criterion.op), criterion.value)
            if criterion.join is None
            else _join(criterion.join, [truth(part, facts) for part in criterion.parts])
        )
    return known[key]


def screen(offer: Offer, facts: ProfileFacts) -> tuple[EligibilityStatus, tuple[bool | None, ...]]:
    """Status of an offer and the truth of each criterion, without the explanation.

    A criterion that nobody has reviewed can never make an offer eligible; where a clause behind it
    was changed since, its conditions decide nothing at all.
    """
    results = tuple([truth(criterion, facts) for criterion in offer.criteria])
    if not offer.reviewed(facts.profile.on):
        return "undetermined", results
    if False in results:
        return "ineligible", results
    if None in results or not all(map(_reviewed, offer.criteria)):
        return "undetermined", results
    return "eligible", results


def _reviewed(criterion: Criterion) -> bool:
    return criterion.curated and all(map(_reviewed, criterion.parts))


def missing_facts(
    offer: Offer, results: tuple[bool | None, ...], facts: ProfileFacts
) -> tuple[str, ...]:
    """Facts that can still change an undetermined offer, in the order of its criteria."""
    if not offer.reviewed(facts.profile.on):
        return ()  # no fact decides what nobody has read
    found = [
        code
        for criterion, result in zip(offer.criteria, results, strict=True)
        if result is None
        for code in _open_facts(criterion, facts)
    ]
    return tuple(dict.fromkeys(found))


def assess(offer: Offer, facts: ProfileFacts) -> Eligibility:
    """Judge every criterion of an offer; `missing` is empty unless the offer is undetermined."""
    status, results = screen(offer, facts)
    verdicts = tuple(_judge(criterion, facts) for criterion in offer.criteria)
    missing = missing_facts(offer, results, facts) if status == "undetermined" else ()
    return Eligibility(status, verdicts, missing)


def unmet_leaves(verdict: Verdict) -> Iterator[Verdict]:
    """The single comparisons that make a verdict unmet."""
    if verdict.status != "unmet":
        return
    if verdict.join is None or verdict.join == "not":
        yield verdict
    for part in verdict.parts:
        yield from unmet_leaves(part)


def _judge(criterion: Criterion, facts: ProfileFacts) -> Verdict:
    parts = tuple(_judge(part, facts) for part in criterion.parts)
    result = truth(criterion, facts)
    if criterion.join is None:
        fact = facts.fact(str(criterion.fact))
        observed = _observed(fact, facts)
        required = _required(fact, str(criterion.op), criterion.value, facts)
    else:
        observed = ";".join(dict.fromkeys(part.observed for part in parts))
        required = _JOINED[criterion.join].join(part.required for part in parts)
        required = f"不得:{required}" if criterion.join == "not" else required
    return Verdict(
        criterion_id=criterion.id,
        text=criterion.text,
        status=_STATUS[result],
        observed=observed,
        required=required,
        basis=criterion.basis,
        citation=criterion.citation,
        join=criterion.join,
        parts=parts,
        fact=criterion.fact,
    )


_JOINED = {"any": " 或 ", "all": " 且 ", "not": " 且 "}


def _join(join: str, results: list[bool | None]) -> bool | None:
    if join == "any":
        return disjunction(results)
    joined = conjunction(results)
    return negation(joined) if join == "not" else joined


def _open_facts(criterion: Criterion, facts: ProfileFacts) -> Iterator[str]:
    """Facts that can still change an unknown criterion: only below parts that are unknown too."""
    if criterion.join is None:
        yield from _open_inputs(criterion, facts)
    for part in criterion.parts:
        if truth(part, facts) is None:
            yield from _open_facts(part, facts)


def _open_inputs(leaf: Criterion, facts: ProfileFacts) -> tuple[str, ...]:
    return facts.open_inputs(str(leaf.fact), str(leaf.op), leaf.value)


def words_behind(
    code: str, criteria: tuple[Criterion, ...], facts: ProfileFacts
) -> Citation | None:
    """The words of the first undecided condition that rests on a fact."""
    for criterion in criteria:
        if truth(criterion, facts) is not None:
            continue
        if criterion.parts:
            if found := words_behind(code, criterion.parts, facts):
                return found
        elif code in _open_inputs(criterion, facts):
            return criterion.citation
    return None


def _observed(fact: Fact, facts: ProfileFacts) -> str:
    value = facts.value(fact.code)
    shown = show(fact, value, facts.vocabulary.region_name)
    if fact.code != "titles":
        return f"{fact.label}:{shown}"
    expired = [
        f"{title.name}({title.until}到期)"
        for title in facts.profile.titles
        if title.until is not None and title.until < facts.profile.on
    ]
    return f"{fact.label}:{shown}" + (f";已过期:{'、'.join(expired)}" if expired else "")


_SIGNS = {"gte": "不低于", "lte": "不超过", "gt": "大于", "lt": "小于", "eq": "为", "ne": "不是"}


def _required(fact: Fact, op: str, asked: Any, facts: ProfileFacts) -> str:
    if op == "known":
        return f"须有{fact.label}"
    listed = asked if isinstance(asked, list) else [asked]
    words = "、".join(_asked(fact, one, facts) for one in listed)
    if op in ("has_any", "in"):
        return f"{fact.label}为{words}之一" if len(listed) > 1 else f"{fact.label}为{words}"
    if op == "has_none":
        return f"{fact.label}不含{words}"
    if op == "within":
        return f"{fact.label}在{words}"
    return f"{fact.label}{_SIGNS[op]}{words}"


def _asked(fact: Fact, one: Any, facts: ProfileFacts) -> str:
    if isinstance(one, bool):
        return "是" if one else "否"
    if isinstance(one, int | float):
        return show_number(fact, one)
    return facts.vocabulary.region_name(str(one)) if fact.code == "region" else str(one)
