"""The front matter of a sheet: which keys it may have, and what kind of value each takes."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def is_day(value: Any) -> bool:
    return type(value) is date  # a datetime is a date to isinstance, and compares with none


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def _is_anything(value: Any) -> bool:
    return True


Kind = Callable[[Any], bool]
_WORDS: Mapping[Kind, str] = {
    is_text: "文字",
    _is_texts: "文字的列表",
    is_flag: "true 或 false",
    is_day: "日期,如 2026-12-31,不带时刻",
}
_QUOTED: Mapping[str, Any] = {"quote": is_text, "clause": is_text}
_CRITERION: dict[str, Any] = {
    **dict.fromkeys(("id", "text", "basis", "join", "fact", "op"), is_text),
    **_QUOTED,
    "curated": is_flag,
    "value": _is_anything,
}
_CRITERION["parts"] = [_CRITERION]
_DATES = ("valid_from", "valid_to", "apply_from", "apply_to")
# Every key of the front matter: a test of its value, a table of such keys, or a list of tables.
_FRONT_MATTER: Mapping[str, Any] = {
    **dict.fromkeys(("id", "name", "kind", "reality", "provider", "region"), is_text),
    **dict.fromkeys(("contacts", "review_note"), is_text),
    **dict.fromkeys(("standing", "offered"), is_flag),
    **dict.fromkeys(_DATES, is_day),
    "tags": _is_texts,
    "citations": [{**_QUOTED, "relation": is_text}],
    "relations": [{**_QUOTED, "type": is_text, "offers": _is_texts}],
    "benefit": {**_QUOTED, "formula": is_text, "amount": _is_anything, "caveats": _is_texts},
    "criteria": [_CRITERION],
}


def fitting(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What of the front matter has the right shape, and what of it has not, each in words."""
    faults: list[str] = []
    return _fitting(data, _FRONT_MATTER, "", faults), faults


def _fitting(
    data: Mapping[str, Any], shape: Mapping[str, Any], where: str, faults: list[str]
) -> dict[str, Any]:
    """What of a table has the right shape; the rest is left out and named in `faults`."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        kind, name = shape.get(key), f"{where}{key}"
        if kind is None:
            faults.append(f"不认识的字段“{name}”")
        elif isinstance(kind, Mapping) and isinstance(value, dict):
            kept[key] = _fitting(value, kind, f"{name}.", faults)
        elif isinstance(kind, list) and isinstance(value, list):
            tables = [(n, one) for n, one in enumerate(value, 1) if isinstance(one, dict)]
            kept[key] = [_fitting(one, kind[0], f"{name}[{n}].", faults) for n, one in tables]
            if len(tables) < len(value):
                faults.append(f"{name} 的每一项应为表,写成 [[{key}]]")
        elif callable(kind) and kind(value):
            kept[key] = value
        else:
            faults.append(f"{name} 应为{_WORDS[kind] if callable(kind) else '表'}")
    return kept
