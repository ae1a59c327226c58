"""The words by which conditions and parts of a document are recognised, read from a vocabulary file.

Law is data: `corpus/vocabulary/extraction.toml` names facts, words and patterns; code only reads it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge_base.errors import VocabularyError

SHIPPED_CUES = Path(__file__).parents[1] / "corpus" / "vocabulary" / "extraction.toml"
Pattern = re.Pattern[str]


@dataclass(frozen=True)
class NumberCue:
    """A measured thing: the pattern of its words, its unit, and words it may not follow."""

    fact: str
    unit: str
    pattern: Pattern
    reject: tuple[str, ...]


@dataclass(frozen=True)
class WordCue:
    """Words that state or deny a fact; `reject` may not stand before them."""

    fact: str
    pattern: Pattern
    reject: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChoiceCue:
    """A fact with listed values: the lead before them and the words of each value."""

    fact: str
    op: str
    lead: Pattern
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ProposalCue:
    """A condition people check that no fact covers yet."""

    label: str
    type: str
    pattern: Pattern


@dataclass(frozen=True)
class RightsCue:
    """Intellectual property by class: `either` are words that take in both classes."""

    one: Pattern
    two: Pattern
    either: Pattern
    reject: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True)
class VoidCue:
    """What demands nothing of the applicant; `facts` are figures that may be somebody else's."""

    preference: Pattern
    proof: Pattern
    others: Pattern
    own: Pattern
    facts: frozenset[str]


@dataclass(frozen=True)
class InstrumentCue:
    """Words of a loan, an insurance or a guarantee, those of state money, and who is no applicant."""

    state: tuple[str, ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    not_applicants: Pattern


@dataclass(frozen=True)
class Cues:
    """Everything `extraction.toml` says; patterns match text in half-width signs."""

    headings: tuple[tuple[str, str], ...]
    openings: tuple[str, ...]
    anywhere: tuple[str, ...]
    benefit: tuple[str, ...]
    before_measure: tuple[str, ...]
    after_measure: tuple[str, ...]
    numbers: tuple[NumberCue, ...]
    present: tuple[WordCue, ...]
    age: Pattern
    age_reject: tuple[str, ...]
    age_never: tuple[str, ...]
    dated: Pattern
    absent: tuple[WordCue, ...]
    flags: tuple[WordCue, ...]
    choices: tuple[ChoiceCue, ...]
    rights: RightsCue
    void: VoidCue
    excluding: Pattern
    instruments: InstrumentCue
    entities: tuple[tuple[str, str], ...]
    size_categories: tuple[tuple[str, str], ...]
    titles_home: str
    titles_own: frozenset[str]
    proposals: tuple[ProposalCue, ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...]


def _longest_first(groups: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """(word, name) pairs, the longest word first, so that a short one never hides it."""
    pairs = [(word, name) for name, words in groups.items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


def _words(raw: list[str]) -> tuple[str, ...]:
    return tuple(sorted(raw, key=lambda word: (-len(word), word)))


def _word_cues(raw: list[dict[str, Any]], key: str) -> tuple[WordCue, ...]:
    return tuple(
        WordCue(row["fact"], re.compile(row[key]), tuple(row.get("reject_before", ())))
        for row in raw
    )


def load_cues(path: Path) -> Cues:
    """Read the words of extraction; raises VocabularyError naming the file and the fault."""
    try:
        return _cues(tomllib.loads(path.read_text(encoding="utf8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, re.error) as error:
        fault = f"缺少 {error}" if isinstance(error, KeyError) else str(error)
        raise VocabularyError(
            [f"词表文件 {path.name} 读不了:{fault};请恢复该文件后重试"]
        ) from error


def _cues(raw: dict[str, Any]) -> Cues:
    skipped, age, titles = raw["not_required"], raw["age"], raw["titles"]
    return Cues(
        headings=_longest_first(raw["headings"]),
        openings=_words(skipped["openings"]),
        anywhere=_words(skipped["anywhere"]),
        benefit=_words(skipped["benefit"]),
        before_measure=_words(raw["before_measure"]["words"]),
        after_measure=_words(raw["after_measure"]["words"]),
        numbers=tuple(
            NumberCue(
                fact=row["fact"],
                unit=row["unit"],
                pattern=re.compile(row["pattern"]),
                reject=tuple(row.get("reject", ())),
            )
            for row in raw["numbers"]
        ),
        present=_word_cues(raw["present"], "pattern"),
        age=re.compile(age["pattern"]),
        age_reject=tuple(age["reject"]),
        age_never=tuple(age["never"]),
        dated=re.compile(age["dated"]),
        absent=_word_cues(raw["absent"], "thing"),
        flags=_word_cues(raw["flags"], "pattern"),
        choices=tuple(
            ChoiceCue(row["fact"], row["op"], re.compile(row["lead"]), _longest_first(row["words"]))
            for row in raw["choices"]
        ),
        rights=_rights(raw["rights"]),
        void=_void(raw["void"]),
        excluding=re.compile(raw["excluding"]["header"]),
        instruments=_instruments(raw["instruments"]),
        entities=_longest_first(raw["entities"]),
        size_categories=_longest_first(raw["size_categories"]),
        titles_home=str(titles["home"]),
        titles_own=frozenset(titles["own"]),
        proposals=tuple(
            ProposalCue(row["label"], row["type"], re.compile(row["pattern"]))
            for row in raw["proposals"]
        ),
        kinds=tuple((row["kind"], tuple(row["words"])) for row in raw["kinds"]),
    )


def _rights(raw: dict[str, Any]) -> RightsCue:
    one, two, either = (re.compile(raw[key]) for key in ("one", "two", "all"))
    return RightsCue(one, two, either, _words(raw["reject"]), _words(raw["before"]))


def _void(raw: dict[str, Any]) -> VoidCue:
    return VoidCue(
        preference=re.compile(raw["preference"]),
        proof=re.compile(raw["proof"]),
        others=re.compile(rf"^(?:{raw['others']})"),
        own=re.compile(raw["own"]),
        facts=frozenset(raw["facts"]),
    )


def _instruments(raw: dict[str, Any]) -> InstrumentCue:
    kinds = tuple((kind, _words(raw[kind])) for kind in ("loan", "insurance", "guarantee"))
    return InstrumentCue(
        state=_words(raw["state"]),
        kinds=kinds,
        not_applicants=re.compile(rf"(?:{raw['not_applicants']})$"),
    )


@lru_cache(maxsize=4)
def shipped_cues(path: Path = SHIPPED_CUES) -> Cues:
    """The cues that ship with the corpus, read once."""
    return load_cues(path)
