"""JSON Schema of the profile, made from the vocabulary: a new fact in data appears here by itself."""

from typing import Any

from knowledge_base import Fact, Vocabulary


def profile_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Schema (draft 2020-12) of every form a profile value may take."""
    stored = [fact for fact in vocabulary.facts.values() if fact.asked_of != "derived"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "企业画像",
        "description": "键为事实代码;不填或 null 表示未知。数字和日期可写区间 [低, 高],开口的一端为 null。",
        "type": "object",
        "additionalProperties": False,
        "properties": {fact.code: _property(fact, vocabulary) for fact in stored},
    }


def _property(fact: Fact, vocabulary: Vocabulary) -> dict[str, Any]:
    described: dict[str, Any] = {"title": fact.label, "description": fact.question}
    if fact.unit:
        described["x-unit"] = fact.unit
    described["x-asked-of"] = fact.asked_of
    return described | {"anyOf": [*_forms(fact, vocabulary), {"type": "null"}]}


def _forms(fact: Fact, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    if fact.type == "bool":
        return [{"type": "boolean"}]
    if fact.type in ("number", "date"):
        one = _number(fact) if fact.type == "number" else {"type": "string", "format": "date"}
        end = {"anyOf": [one, {"type": "null"}]}
        return [one, {"type": "array", "items": end, "minItems": 2, "maxItems": 2}]
    if fact.type == "list":
        member = _title(vocabulary) if fact.code == "titles" else _word(fact)
        listed = {"type": "array", "items": member}
        partial = {
            "type": "object",
            "additionalProperties": False,
            "properties": {"has": listed, "has_not": listed},
            "minProperties": 1,
        }
        return [listed, partial]
    one = _word(fact)
    several = {
        "type": "object",
        "additionalProperties": False,
        "required": ["one_of"],
        "properties": {"one_of": {"type": "array", "items": one, "minItems": 1}},
    }
    return [one] if fact.type == "text" else [one, several]


def _number(fact: Fact) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "integer" if fact.integer else "number"}
    if fact.minimum is not None:
        one["minimum"] = fact.minimum
    if fact.maximum is not None:
        one["maximum"] = fact.maximum
    return one


def _word(fact: Fact) -> dict[str, Any]:
    patterns = {"region": r"^\d{6}$", "industry": r"^[A-T]?\d{0,4}$", "uscc": r"^[0-9A-Za-z]{18}$"}
    one: dict[str, Any] = {"type": "string"}
    if fact.code in patterns:
        one["pattern"] = patterns[fact.code]
    if fact.values:
        one["examples" if fact.open else "enum"] = list(fact.values)
    return one


def _title(vocabulary: Vocabulary) -> dict[str, Any]:
    name = {"type": "string", "examples": [title.name for title in vocabulary.titles]}
    until = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    held = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {"name": name, "until": until},
    }
    return {"anyOf": [name, held]}
