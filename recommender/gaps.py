"""What stands between an enterprise and an offer: each unmet condition, now and needed."""

from dataclasses import dataclass

from recommender.eligibility import Eligibility, unmet_leaves
from recommender.facts import ProfileFacts


@dataclass(frozen=True)
class Gap:
    """One fact that keeps an offer out of reach; `changeable` by the enterprise's own effort."""

    fact: str
    now: str
    needed: str
    text: str
    changeable: bool


def find_gaps(eligibility: Eligibility, facts: ProfileFacts) -> tuple[Gap, ...]:
    """Every unmet comparison of an ineligible offer, each fact and requirement once."""
    gaps: dict[tuple[str, str], Gap] = {}
    for verdict in eligibility.verdicts:
        for leaf in unmet_leaves(verdict):
            code = leaf.fact or _first_fact(leaf.parts)
            fact = facts.fact(code)
            sources = fact.derived["of"] if fact.derived else [code]
            gaps.setdefault(
                (code, leaf.required),
                Gap(
                    fact=code,
                    now=leaf.observed,
                    needed=leaf.required,
                    text=leaf.text,
                    changeable=any(facts.fact(one).changeable for one in sources),
                ),
            )
    return tuple(gaps.values())


def _first_fact(parts: tuple) -> str:  # type: ignore[type-arg]
    for part in parts:
        return part.fact or _first_fact(part.parts)
    return ""
