"""The next facts worth asking: each with the clause that makes it necessary."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base import Citation, Fact


@dataclass(frozen=True)
class Question:
    """One question to the enterprise; `decides` counts the offers whose verdict it can change."""

    kind: str
    fact: str | None
    text: str
    type: str | None
    unit: str | None
    options: tuple[Mapping[str, Any], ...] | None
    why: Citation | None
    decides: int


def ask_fact(fact: Fact, why: Citation | None, decides: int) -> Question:
    """The question for one fact, with tappable options where the answers are few."""
    return Question(
        kind="fact",
        fact=fact.code,
        text=fact.question or f"请问贵企业的{fact.label}是?",
        type=fact.type,
        unit=fact.unit,
        options=_options(fact),
        why=why,
        decides=decides,
    )


def _options(fact: Fact) -> tuple[Mapping[str, Any], ...] | None:
    if fact.type == "bool":
        return ({"value": True, "label": "是"}, {"value": False, "label": "否"}, _UNSURE)
    if fact.values and len(fact.values) <= 20:
        return (*({"value": value, "label": value} for value in fact.values), _UNSURE)
    return None


_UNSURE: Mapping[str, Any] = {"value": None, "label": "不确定"}
