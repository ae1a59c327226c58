"""How people ask: the patterns of `language.toml`, compiled once, and what a question is about."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Slot:
    """A kind of thing asked for, and the patterns a sentence must match to hold it."""

    id: str
    name: str
    asks: re.Pattern[str]
    holds: re.Pattern[str]
    not_when: re.Pattern[str] | None


class Language:
    """The patterns of `language.toml`, compiled once."""

    def __init__(self) -> None:
        path = Path(__file__).parent / "language.toml"
        raw = tomllib.loads(path.read_text(encoding="utf8"))
        self.refuse = [(row, _any(row["patterns"])) for row in raw["refuse"]]
        self.clarify = [
            (row, _any(row["patterns"]), _any(row.get("unless", ["(?!)"])))
            for row in raw["clarify"]
        ]
        self.slots = [
            Slot(
                row["id"],
                row["name"],
                _any(row["asks"]),
                _any(row["holds"]),
                _any(row["not_when"]) if "not_when" in row else None,
            )
            for row in raw["slots"]
        ]
        self.named_only = (
            _any(raw["named_only"]["asks"]),
            tuple(raw["named_only"]["words"]),
            _any(raw["named_only"]["defines"]),
        )
        self.meta = [(row, _any(row["patterns"])) for row in raw["meta"]]
        self.satisfied: Mapping[str, list[str]] = raw["hoped_for"]["satisfied"]
        words = sorted(raw["function_words"]["words"], key=len, reverse=True)
        self._function_words = re.compile("|".join(map(re.escape, words)))
        self.payments: tuple[str, ...] = tuple(raw["hoped_for"]["payments"])
        self._matterless = re.compile("|".join(map(re.escape, raw["hoped_for"]["matterless"])))
        self.hoped_words: tuple[str, ...] = tuple(raw["hoped_for"]["words"])
        self.loose = _any(raw["out_of_scope"]["loose"])
        self.trade = _any([raw["out_of_scope"]["trade"]])
        self.yes_no = _any(raw["hoped_for"]["yes_no"])
        self.about_self = _any(raw["eligibility"]["self"])
        self.implied = _any(raw["eligibility"]["implied"])
        self.general = _any(raw["eligibility"]["general"])
        self.wants = _any(raw["eligibility"]["wants"])
        self.bank = _any(raw["eligibility"]["bank"])
        self.patterns = {
            name: _any(raw[name]["patterns"])
            for name in (
                *("hand_over", "out_of_scope", "follow_up", "recite", "thanks"),
                *("eligibility", "size", "tech_sme", "premise", "same", "assertion", "new_topic"),
            )
        }

    def content(self, text: str, slots: Sequence[Slot] = ()) -> str:
        """A text without its function words and words of asking, a space in place of each."""
        for slot in slots:
            text = slot.asks.sub(" ", text)
        return self._function_words.sub(" ", text)

    def matter(self, text: str, slots: Sequence[Slot]) -> str:
        """What a question is about: its content without the words that say nothing of it."""
        return self._matterless.sub(" ", self.content(text, slots))

    def says(self, name: str, text: str) -> bool:
        """Whether a text matches a named group of patterns."""
        return self.patterns[name].search(text) is not None


def sign_pairs(text: str) -> set[str]:
    """Every two neighbouring Chinese signs of a text."""
    return {
        run[at : at + 2]
        for run in re.findall(r"[\u4e00-\u9fff]{2,}", text)
        for at in range(len(run) - 1)
    }


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
