"""Reading the closed lists from their files, every fault of them named at once."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from knowledge_base.errors import VocabularyError
from knowledge_base.vocabulary.lists import (
    Fact,
    Industry,
    Instrument,
    PlaceNames,
    Title,
    Vocabulary,
    fold,
)


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
        Title(row["name"], _texts(row.get("synonyms"))) for row in _named(raw, "titles", faults)
    )
    owner: dict[str, str] = {}
    for title in titles:
        for form in (title.name, *title.synonyms):
            if owner.setdefault(fold(form), title.name) != title.name:
                faults.append(f"titles.toml:“{form}”同时指{owner[fold(form)]}和{title.name}")
    return titles


_INDUSTRY_COLUMNS = ("section", "code", "name", "level", "parent", "sizing")


def _industries(path: Path, unread: list[str]) -> dict[str, Industry]:
    rows = _rows(path, _INDUSTRY_COLUMNS, unread)
    for row in rows:
        row["code"] = row["code"] or row["section"]
    return {
        row["code"]: Industry(**{column: row[column] for column in _INDUSTRY_COLUMNS})
        for row in rows
    }


def _instruments(raw: dict[str, Any], faults: list[str]) -> tuple[Instrument, ...]:
    return tuple(
        Instrument(
            name=row["name"],
            forms=(row["name"], *_texts(row.get("forms"))),
            offers=_texts(row.get("offers")),
            clauses=_texts(row.get("clauses")),
        )
        for row in _named(raw, "instruments", faults)
    )


def _places(raw: dict[str, Any], regions: Mapping[str, str], faults: list[str]) -> PlaceNames:
    """An empty list or word would silently make every document national, or none."""
    national = raw.get("national", {})
    lists = {
        "municipalities": raw.get("municipalities"),
        "peoples": raw.get("peoples"),
        "organ_letters": [raw.get("organ_letters")],
        **{f"national.{key}": national.get(key) for key in ("organs", "whole", "numbers")},
    }
    for key, words in lists.items():
        if not words or not all(isinstance(word, str) and word for word in words):
            faults.append(f"places.toml 的 {key} 应为文字,不能缺少、为空或含空文字")
    provinces = raw.get("provinces", {})
    for letter, code in provinces.items():
        if len(letter) != 1 or code not in regions or not code.endswith("0000"):
            faults.append(
                f"places.toml 的 provinces.{letter} 应以一个字对应 regions.tsv 的省级代码"
            )
    for code in set(_texts(lists["municipalities"])) - set(provinces.values()):
        faults.append(f"places.toml 的 municipalities 中 {code} 不在 provinces 之内")
    return PlaceNames(
        provinces=provinces,
        municipalities=_texts(lists["municipalities"]),
        organ_letters=str(raw.get("organ_letters", "")),
        peoples=_texts(lists["peoples"]),
        national_organs=_texts(lists["national.organs"]),
        national_whole=_texts(lists["national.whole"]),
        national_numbers=_texts(lists["national.numbers"]),
    )


def load_vocabulary(folder: Path, collect: list[str] | None = None) -> Vocabulary:
    """Read every vocabulary file; raises VocabularyError naming all faults at once.

    With `collect`, faults of content go there, so that they are named beside those of the sheets;
    a file that cannot be read is raised all the same: what rests on it cannot be judged.
    """
    faults: list[str] = []
    unread: list[str] = []
    rows = _rows(folder / "regions.tsv", ("code", "name"), unread)
    regions = {row["code"]: row["name"] for row in rows}
    titles = _read_toml(folder / "titles.toml", unread)
    synonyms = _read_toml(folder / "synonyms.toml", unread)
    needs = _read_toml(folder / "needs.toml", unread)
    kinds = needs.pop("kinds", {})
    instruments = _read_toml(folder / "instruments.toml", unread)
    vocabulary = Vocabulary(
        facts=MappingProxyType(_facts(_read_toml(folder / "facts.toml", unread), faults)),
        titles=_titles(titles, faults),
        ambiguous_titles={k: _texts(v) for k, v in titles.get("ambiguous", {}).items()},
        regions=regions,
        places=_places(_read_toml(folder / "places.toml", unread), regions, faults),
        industries=_industries(folder / "industries.tsv", unread),
        needs={tag: (tag, *_texts(row.get("words"))) for tag, row in needs.items()},
        wide_needs={tag: _texts(row.get("wide_words")) for tag, row in needs.items()},
        fallback_needs={tag: _texts(row.get("instead_of")) for tag, row in needs.items()},
        joint_needs={
            tag: tuple(_texts(words) for words in row.get("both", [])) for tag, row in needs.items()
        },
        kind_words={k: _texts(v) for k, v in kinds.items()},
        synonyms=tuple(_texts(group) for group in synonyms.get("groups", [])),
        typos={str(k): str(v) for k, v in synonyms.get("typos", {}).items()},
        instruments=_instruments(instruments, faults),
    )
    if unread or (faults and collect is None):
        raise VocabularyError(unread or faults)
    if collect is not None:
        collect += faults
    return vocabulary
