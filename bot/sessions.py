"""One conversation: the facts learnt so far and the turns, each with what it was about."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

_LISTS = ("slots", "clause_ids", "learnt")


@dataclass(frozen=True)
class Turn:
    """What was asked, what it was about, and what was cited: enough to understand a follow-up."""

    message: str
    topic: str
    slots: tuple[str, ...]
    clause_ids: tuple[str, ...]
    asked_fact: str | None
    status: str
    learnt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """Facts in the profile's own shape, and the turns so far. Frozen: a reply gives a new one."""

    facts: Mapping[str, Any]
    turns: tuple[Turn, ...] = ()

    @classmethod
    def new(cls, profile: Mapping[str, Any] | None = None) -> "Session":
        """A conversation that starts with what is already known of the enterprise."""
        return cls(dict(profile or {}))

    @property
    def last(self) -> Turn | None:
        """The turn before this one."""
        return self.turns[-1] if self.turns else None

    def learn(self, facts: Mapping[str, Any]) -> "Session":
        """The same conversation knowing more; facts given here replace earlier ones."""
        return replace(self, facts={**self.facts, **facts})

    def after(self, turn: Turn) -> "Session":
        """The conversation with one more turn."""
        return replace(self, turns=(*self.turns, turn))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for the store."""
        return {"facts": dict(self.facts), "turns": [asdict(turn) for turn in self.turns]}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Session":
        """What `to_json` wrote."""
        turns = tuple(
            Turn(**{**turn, **{key: tuple(turn.get(key, ())) for key in _LISTS}})
            for turn in raw.get("turns", [])
        )
        return cls(dict(raw.get("facts", {})), turns)
