"""The closed lists themselves: facts, titles, regions, industries, needs; and how they are looked up."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

NATION = "000000"
NO_SIZING = "无"


@dataclass(frozen=True)
class Fact:
    """One named thing known, or not, about an enterprise; codes are those of the contract."""

    code: str
    type: str
    label: str
    asked_of: str
    unit: str | None = None
    question: str = ""
    changeable: bool = False
    ask_late: bool = False
    values: tuple[str, ...] = ()
    open: bool = False
    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False
    aliases: tuple[str, ...] = ()
    value_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    true_phrases: tuple[str, ...] = ()
    false_phrases: tuple[str, ...] = ()
    derived: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Title:
    """A title an authority grants; no title implies another."""

    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Industry:
    """One row of GB/T 4754-2017; `sizing` is empty when the code spans several sizing industries."""

    code: str
    name: str
    section: str
    level: str
    parent: str
    sizing: str


@dataclass(frozen=True)
class Instrument:
    """A way of financing or support people call by name, with the sheets and clauses that name it."""

    name: str
    forms: tuple[str, ...]
    offers: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceNames:
    """What tells the place a document speaks for, beside the names of regions."""

    provinces: Mapping[str, str]  # 浙 → 330000
    municipalities: tuple[str, ...]
    organ_letters: str
    peoples: tuple[str, ...]
    national_organs: tuple[str, ...]
    national_whole: tuple[str, ...]
    national_numbers: tuple[str, ...]


def fold(text: str) -> str:
    """Compare-form of a text: NFKC, lower case, straight quotes removed, no white space."""
    return re.sub(r"[\s\"'“”‘’「」『』《》]", "", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All closed lists; one is itself and no other, so that what is made of it can be kept.

    Build it with `load_vocabulary`.
    """

    facts: Mapping[str, Fact]
    titles: tuple[Title, ...]
    ambiguous_titles: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, str]
    places: PlaceNames
    industries: Mapping[str, Industry]
    needs: Mapping[str, tuple[str, ...]]
    wide_needs: Mapping[str, tuple[str, ...]]
    fallback_needs: Mapping[str, tuple[str, ...]]
    joint_needs: Mapping[str, tuple[tuple[str, ...], ...]]
    kind_words: Mapping[str, tuple[str, ...]]
    synonyms: tuple[tuple[str, ...], ...]
    typos: Mapping[str, str]
    instruments: tuple[Instrument, ...]

    @cached_property
    def _title_names(self) -> dict[str, str]:
        names = {fold(title.name): title.name for title in self.titles}
        for title in self.titles:
            names |= {fold(form): title.name for form in title.synonyms}
        return names

    def title(self, written: str) -> str:
        """The one title this form means; a form nobody listed is kept as written (open list)."""
        return self._title_names.get(fold(written), written.strip())

    def nearest_facts(self, code: str) -> list[str]:
        """Up to three stored fact codes nearest to a misspelt code or label."""
        stored = {c: f.label for c, f in self.facts.items() if f.derived is None}
        near = difflib.get_close_matches(code, stored, n=3, cutoff=0.5)
        by_label = difflib.get_close_matches(code, list(stored.values()), n=3, cutoff=0.5)
        near += [c for c, label in stored.items() if label in by_label and c not in near]
        return near[:3]

    def region_chain(self, code: str) -> tuple[str, ...]:
        """The region itself and everything above it, county first, the nation last."""
        chain = [code]
        if code[4:] != "00":
            chain.append(code[:4] + "00")
        if code[2:] != "0000":
            chain.append(code[:2] + "0000")
        return tuple(dict.fromkeys([c for c in chain if c != NATION] + [NATION]))

    def region_name(self, code: str) -> str:
        """Name of a region with the cities and province above it, as 浙江省温州市平阳县."""
        names = [self.regions.get(c, "") for c in reversed(self.region_chain(code)[:-1])]
        return "".join(names) or self.regions.get(code, code)

    def within_region(self, code: str, asked: str) -> bool | None:
        """Whether `code` lies in `asked`; None when it is coarser and contains it."""
        if asked in self.region_chain(code):
            return True
        return None if code in self.region_chain(asked) else False

    def finest(self, fact: str, code: str) -> bool:
        """Whether a region or industry code has nothing finer below it in its table."""
        if fact == "industry":
            row = self.industries.get(code)
            return row is not None and row.level == "小类"
        below = code[:2] if code.endswith("0000") else code[:4]
        below = "" if code == NATION else below
        return not code.endswith("00") or not any(
            other.startswith(below) and other != code for other in self.regions
        )

    def sizing_of(self, industry: str) -> frozenset[str]:
        """Sizing industries (工信部联企业〔2011〕300号) a GB/T 4754 code may belong to."""
        row = self.industries.get(industry)
        if row is not None and row.sizing:
            return frozenset({row.sizing})
        return frozenset(
            item.sizing
            for item in self.industries.values()
            if item.level == "小类" and self.industry_contains(industry, item)
        )

    def industry_contains(self, coarse: str, item: Industry) -> bool:
        """Whether a section letter or a shorter code covers a four-digit class."""
        return item.section == coarse if coarse.isalpha() else item.code.startswith(coarse)
