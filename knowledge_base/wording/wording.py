"""The words that carry force and name parties, found in one pass over a text.

The lists are data (corpus/vocabulary/statements.toml), read once. Of the words that begin at a
place the longest counts, and no word is looked for inside another one: 供应 holds no 应.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

_WORDS = Path(__file__).parents[1] / "corpus" / "vocabulary" / "statements.toml"
ADDRESSEE = "addressee"
_ENDINGS = "局厅委"
# An office no list names: its name ends here, and a verb, a sign or another name follows (县林业局应).
_OFFICE = re.compile(
    r"(?<=[\u4e00-\u9fff])(?<![格布结全大时当定变战破开])[局厅委]"
    r"(?=[、,，()（）和及与会等应要须负牵]|(?<=局)[对向将按审组受制核验通]|$)"
)


class Word(NamedTuple):
    """One word found: offsets in the text, what it can do, and whom it names."""

    start: int
    end: int
    roles: frozenset[str]
    parties: tuple[str, ...]


_Entry = tuple[frozenset[str], tuple[str, ...]]
_UNLISTED: _Entry = (frozenset(), ("department",))


@dataclass(frozen=True)
class Wording:
    """The word list, by the first two signs of a word, the longest first; and single signs."""

    entries: dict[str, _Entry]
    pairs: dict[str, tuple[str, ...]]
    begins: frozenset[str]

    def find(self, text: str, start: int, end: int) -> list[Word]:
        """Every word of the list in `text[start:end]`, in order, without overlaps; linear."""
        entries, pairs, begins = self.entries, self.pairs, self.begins
        found: list[Word] = []
        at = start
        while at < end:
            sign = text[at]
            if sign not in begins:
                at += 1
                continue
            for word in pairs.get(text[at : at + 2], ()):
                if text.startswith(word, at, end):
                    roles, parties = entries[word]
                    stop = at + len(word)
                    found.append(Word(at, stop, roles, parties))
                    at = stop
                    break
            else:
                if sign in entries:
                    found.append(Word(at, at + 1, *entries[sign]))
                elif sign in _ENDINGS and _OFFICE.match(text, at, end):
                    found.append(Word(at, at + 1, *_UNLISTED))
                at += 1
        return found


@cache
def load_wording() -> Wording:
    """The shipped word list."""
    data = tomllib.loads(_WORDS.read_text(encoding="utf8"))
    roles: dict[str, set[str]] = {}
    parties: dict[str, tuple[str, ...]] = {}
    for named, words in data["parties"].items():
        parties.update((word, tuple(named.split("+"))) for word in words)
    for role, words in data["words"].items():
        for word in words:
            roles.setdefault(word, set()).add(role)
    pairs: dict[str, list[str]] = {}
    for word in sorted({*roles, *parties}, key=lambda w: (-len(w), w)):
        pairs.setdefault(word[:2], []).append(word)
    return Wording(
        {w: (frozenset(roles.get(w, ())), parties.get(w, ())) for w in {*roles, *parties}},
        {pair: tuple(words) for pair, words in pairs.items()},
        frozenset(_ENDINGS).union(word[0] for word in {*roles, *parties}),
    )
