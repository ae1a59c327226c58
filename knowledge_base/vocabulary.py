"""The closed lists of the field, read from `corpus/vocabulary/`: facts, titles, regions, industries.

Everything here is data a county can review; the code only reads it, checks it and looks things up.
"""

import csv
import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from knowledge_base.errors import VocabularyError

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
    level: str = ""
    authority: str = ""
    synonyms: tuple[str, ...] = ()
    note: str = ""


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


def fold(text: str) -> str:
    """Compare-form of a text: NFKC, lower case, straight quotes removed, no white space."""
    return re.sub(r"[\s\"'“”‘’「」『』《》]", "", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True)
class Vocabulary:
    """All closed lists. Build it with `load_vocabulary`."""

    facts: Mapping[str, Fact]
    titles: tuple[Title, ...]
    ambiguous_titles: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, str]
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


def _read_toml(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"词表文件 {path.name} 读不了:{error};请恢复该文件后重试")
        return {}


def _rows(path: Path, columns: tuple[str, ...], faults: list[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"词表文件 {path.name} 读不了:{error};请恢复该文件后重试")
        return []
    if any(row.get(column) is None for row in rows for column in columns):
        faults.append(f"词表文件 {path.name} 缺列或缺格;每行须有 {'、'.join(columns)}")
        return []
    return rows


def _named(raw: dict[str, Any], key: str, faults: list[str]) -> list[dict[str, Any]]:
    """The tables of a list that have a name; one without is a fault of its file."""
    tables = raw.get(key, [])
    for number, table in enumerate(tables, 1):
        if not table.get("name"):
            faults.append(f"{key}.toml 第{number}项没有 name")
    return [table for table in tables if table.get("name")]


def _texts(values: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(value) for value in values or ())


def _fact(code: str, row: dict[str, Any]) -> Fact:
    plain = {k: v for k, v in row.items() if k not in ("value_aliases", "derived")}
    for key in ("values", "aliases", "true_phrases", "false_phrases"):
        plain[key] = _texts(plain.get(key))
    aliases = {k: _texts(v) for k, v in row.get("value_aliases", {}).items()}
    return Fact(code=code, value_aliases=aliases, derived=row.get("derived"), **plain)


def _facts(raw: dict[str, Any], faults: list[str]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for code, row in raw.items():
        try:
            facts[code] = _fact(code, row)
        except TypeError as error:
            faults.append(f"facts.toml [{code}] 字段不对:{error}")
    for fact in facts.values():
        for source in (fact.derived or {}).get("of", []):
            if source not in facts:
                faults.append(f"facts.toml [{fact.code}] 的来源事实 {source} 没有声明")
    return facts


def _titles(raw: dict[str, Any], faults: list[str]) -> tuple[Title, ...]:
    titles = tuple(
        Title(
            name=row["name"],
            level=row.get("level", ""),
            authority=row.get("authority", ""),
            synonyms=_texts(row.get("synonyms")),
            note=row.get("note", ""),
        )
        for row in _named(raw, "titles", faults)
    )
    owner: dict[str, str] = {}
    for title in titles:
        for form in (title.name, *title.synonyms):
            if owner.setdefault(fold(form), title.name) != title.name:
                faults.append(f"titles.toml:“{form}”同时指{owner[fold(form)]}和{title.name}")
    return titles


_INDUSTRY_COLUMNS = ("section", "code", "name", "level", "parent", "sizing")


def load_vocabulary(folder: Path, collect: list[str] | None = None) -> Vocabulary:
    """Read every vocabulary file; raises VocabularyError naming all faults at once.

    With `collect`, faults of content go there, so that they are named beside those of the sheets;
    a file that cannot be read is raised all the same: what rests on it cannot be judged.
    """
    faults: list[str] = []
    unread: list[str] = []
    regions = folder / "regions.tsv"
    titles = _read_toml(folder / "titles.toml", unread)
    needs = _read_toml(folder / "needs.toml", unread)
    synonyms = _read_toml(folder / "synonyms.toml", unread)
    instruments = _read_toml(folder / "instruments.toml", unread)
    vocabulary = Vocabulary(
        facts=MappingProxyType(_facts(_read_toml(folder / "facts.toml", unread), faults)),
        titles=_titles(titles, faults),
        ambiguous_titles={k: _texts(v) for k, v in titles.get("ambiguous", {}).items()},
        regions={row["code"]: row["name"] for row in _rows(regions, ("code", "name"), unread)},
        industries={
            row["code"] or row["section"]: Industry(
                code=row["code"] or row["section"],
                name=row["name"],
                section=row["section"],
                level=row["level"],
                parent=row["parent"],
                sizing=row["sizing"],
            )
            for row in _rows(folder / "industries.tsv", _INDUSTRY_COLUMNS, unread)
        },
        needs={
            tag: (tag, *_texts(row.get("words")))
            for tag, row in needs.items()
            if isinstance(row, dict) and tag != "kinds"
        },
        wide_needs={
            tag: _texts(row.get("wide_words"))
            for tag, row in needs.items()
            if isinstance(row, dict) and tag != "kinds"
        },
        fallback_needs={
            tag: _texts(row.get("instead_of"))
            for tag, row in needs.items()
            if isinstance(row, dict) and tag != "kinds"
        },
        joint_needs={
            tag: tuple(_texts(words) for words in row.get("both", []))
            for tag, row in needs.items()
            if isinstance(row, dict) and tag != "kinds"
        },
        kind_words={k: _texts(v) for k, v in needs.get("kinds", {}).items()},
        synonyms=tuple(_texts(group) for group in synonyms.get("groups", [])),
        typos={str(k): str(v) for k, v in synonyms.get("typos", {}).items()},
        instruments=tuple(
            Instrument(
                name=row["name"],
                forms=(row["name"], *_texts(row.get("forms"))),
                offers=_texts(row.get("offers")),
                clauses=_texts(row.get("clauses")),
            )
            for row in _named(instruments, "instruments", faults)
        ),
    )
    if unread or (faults and collect is None):
        raise VocabularyError([*unread, *faults])
    if collect is not None:
        collect += faults
    return vocabulary
