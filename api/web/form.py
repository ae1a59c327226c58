"""The enterprise form: what was typed in, a profile and the faults of each field out."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base import Fact, Vocabulary

Typed = Mapping[str, list[str]]
_LAYOUT = Path(__file__).parent / "form.toml"
_NUMBER = re.compile(r"(-?\d{1,15}(?:\.\d{1,6})?)\s*(亿元?|万元?|元|%|人|件|家|年|分)?")
_SPLIT = re.compile(r"\s*(?:~|至|到|—|–)\s*")
_SCALE = {"亿": 100_000_000, "万": 10_000, "元": 1}
COMPLETE, UNTIL, OTHER_REGION = "complete_", "until_", "region_code"


@dataclass(frozen=True)
class Field:
    """One fact as a widget; `suffix` is the unit people type in."""

    fact: Fact
    widget: str
    suffix: str
    options: tuple[str, ...]

    @property
    def code(self) -> str:
        """The fact's code, name of the input."""
        return self.fact.code


@dataclass(frozen=True)
class Group:
    """Fields under one heading."""

    title: str
    open: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Filled:
    """A form as read: the profile it gives and, per field, what is wrong."""

    profile: dict[str, Any]
    faults: dict[str, str]


@cache
def _layout() -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = tomllib.loads(_LAYOUT.read_text(encoding="utf8"))["groups"]
    return groups


def groups(vocabulary: Vocabulary) -> tuple[Group, ...]:
    """The form's groups with their fields."""
    return tuple(
        Group(
            raw["title"],
            raw["open"],
            tuple(_field(vocabulary.facts[code], vocabulary) for code in raw["facts"]),
        )
        for raw in _layout()
    )


def _field(fact: Fact, vocabulary: Vocabulary) -> Field:
    widget = fact.code if fact.code in ("region", "industry", "titles") else fact.type
    suffix = fact.unit or ""
    if fact.type == "number":
        suffix = {"元": "万元", "0-1": "%", "≥0": "%"}.get(suffix, suffix)
    options = tuple(t.name for t in vocabulary.titles) if widget == "titles" else fact.values
    return Field(fact, widget, suffix, options)


def read_form(typed: Typed, vocabulary: Vocabulary) -> Filled:
    """Profile of a filled form; an empty field is unknown and stays out."""
    profile: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for group in groups(vocabulary):
        for field in group.fields:
            try:
                value = _read(field, typed, vocabulary)
            except ValueError as error:
                faults[field.code] = str(error)
                continue
            if value is not None:
                profile[field.code] = value
    return Filled(profile, faults)


def place_faults(faults: list[str]) -> dict[str, str]:
    """Faults of a profile, `code(label):what`, each at its field."""
    placed: dict[str, str] = {}
    for fault in faults:
        found = re.match(r"([a-z0-9_]+)[((][^))]*[))][::](.*)", fault, re.DOTALL)
        placed[found[1] if found else ""] = found[2] if found else fault
    return placed


def show_profile(profile: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, list[str]]:
    """What would have been typed to give this profile: fills the form from a sample."""
    typed: dict[str, list[str]] = {}
    for group in groups(vocabulary):
        for field in group.fields:
            value = profile.get(field.code)
            if value is not None:
                typed |= _show(field, value)
    return typed


def _first(typed: Typed, name: str) -> str:
    return unicodedata.normalize("NFKC", (typed.get(name) or [""])[0]).strip()


def _read(field: Field, typed: Typed, vocabulary: Vocabulary) -> Any:
    if field.widget in ("list", "titles"):
        return _read_list(field, typed)
    written = _first(typed, field.code)
    if field.widget == "region":
        written = _first(typed, OTHER_REGION) or written
    if field.widget == "text":
        written = (typed.get(field.code) or [""])[0].strip()
    if not written:
        return None
    if field.widget == "bool":
        if written not in ("是", "否"):
            raise ValueError("请选择是、否或不确定")
        return written == "是"
    if field.widget == "number":
        return _read_number(field, written)
    return _industry(written, vocabulary) if field.widget == "industry" else written


def _read_number(field: Field, written: str) -> Any:
    ends = [_amount(field, one) for one in _SPLIT.split(written.replace(",", ""))]
    if len(ends) > 2:
        raise ValueError("区间请写成 低~高,如 1000~1500")
    return ends[0] if len(ends) == 1 else ends


def _amount(field: Field, written: str) -> int | float | None:
    if not written:
        return None  # an open end, as in “1000~”
    found = _NUMBER.fullmatch(written)
    if found is None:
        raise ValueError(f"“{written[:20]}”不是数字;不知道就留空,大概知道可写 低~高")
    amount = Decimal(found[1])
    if field.suffix == "万元":
        amount *= _SCALE.get((found[2] or "万")[0], 1)
    elif field.suffix == "%":
        amount /= 100
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _industry(written: str, vocabulary: Vocabulary) -> str:
    """A code, a code with its name behind it, or an exact name."""
    if found := re.match(r"[A-Ta-t]?\d{2,4}|[A-Ta-t](?![A-Za-z])", written):
        return found[0].upper()
    named = [item.code for item in vocabulary.industries.values() if item.name == written]
    if not named:
        raise ValueError(f"没有叫“{written[:20]}”的行业,请填 GB/T 4754 代码(如 3467)或从列表选择")
    return max(named, key=len)


def find_industries(text: str, vocabulary: Vocabulary, most: int = 20) -> list[tuple[str, str]]:
    """Industries whose code begins with, or whose name holds, what was typed; finest first."""
    wanted = unicodedata.normalize("NFKC", text).strip().upper()
    if not wanted:
        return []
    found = [
        (item.code, item.name)
        for item in vocabulary.industries.values()
        if item.code.startswith(wanted.lstrip("ABCDEFGHIJKLMNOPQRST") or wanted)
        or wanted in item.name
    ]
    return sorted(found, key=lambda one: (-len(one[0]), one[0]))[:most]


def _read_list(field: Field, typed: Typed) -> Any:
    chosen = [one for one in typed.get(field.code, []) if one in field.options]
    members: list[Any] = list(chosen)
    if field.widget == "titles":
        untils = {one: _first(typed, f"{UNTIL}{field.options.index(one)}") for one in chosen}
        members = [{"name": one, "until": untils[one] or None} for one in chosen]
    if _first(typed, COMPLETE + field.code):
        return members
    return {"has": members} if members else None


def _show(field: Field, value: Any) -> dict[str, list[str]]:
    if field.widget in ("list", "titles"):
        return _show_list(field, value)
    if field.widget == "bool":
        return {field.code: ["是" if value else "否"]}
    if isinstance(value, dict) or (isinstance(value, list) and field.widget != "number"):
        return {}  # several possible values, or a span of days: the form has no widget for that
    if isinstance(value, list):
        ends = ["" if end is None else _show_number(field, end) for end in value]
        return {field.code: ["~".join(ends)]}
    return {field.code: [_show_number(field, value)]}


def _show_number(field: Field, value: Any) -> str:
    if isinstance(value, str):
        return value
    scale = {"万元": Decimal("0.0001"), "%": Decimal(100)}.get(field.suffix, Decimal(1))
    return f"{(Decimal(str(value)) * scale).normalize():f}"


def _show_list(field: Field, value: Any) -> dict[str, list[str]]:
    members = value.get("has", []) if isinstance(value, dict) else value
    names = [one["name"] if isinstance(one, dict) else one for one in members]
    typed = {field.code: names}
    for one in members:
        if isinstance(one, dict) and one.get("until") and one["name"] in field.options:
            typed[f"{UNTIL}{field.options.index(one['name'])}"] = [one["until"]]
    if isinstance(value, list):
        typed[COMPLETE + field.code] = ["on"]
    return typed
