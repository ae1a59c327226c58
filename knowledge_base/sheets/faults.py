"""What keeps a condition from being decided, or an amount from being computed."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge_base.sheets.front_matter import Kind, is_day, is_flag, is_number, is_text
from knowledge_base.vocabulary import Fact, Vocabulary

_ORDERED = ("eq", "ne", "in", "gte", "lte", "gt", "lt", "known")
# What may be asked of a fact of each type; `known` asks only that it is stated.
_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "number": _ORDERED,
    "date": _ORDERED,
    "enum": ("eq", "ne", "in", "known"),
    "code": ("eq", "ne", "in", "within", "known"),
    "bool": ("eq", "ne", "known"),
    "list": ("has_any", "has_none", "known"),
    "text": ("eq", "ne", "known"),
}
_OF_SEVERAL = ("in", "has_any", "has_none")
_FACT_TYPES: Mapping[str, Kind] = {"number": is_number, "date": is_day, "bool": is_flag}
_AMOUNTS = ("mul", "min", "add", "sub", "div", "upto", "lookup")


def test_faults(vocabulary: Vocabulary, code: str, op: str, value: Any) -> Iterator[str]:
    """Why a test of a fact cannot be decided: nothing when it can. A missing value is None."""
    fact = vocabulary.facts.get(code)
    if fact is None:
        yield f"用了未声明的事实“{code}”"
        return
    allowed = _OPERATORS.get(fact.type, ())
    if op not in allowed:
        yield f"的 op“{op}”不能用于 {fact.type} 类事实 {fact.code},应为 {'|'.join(allowed)}"
        return
    if op == "known":
        if value is not None:
            yield "的 op“known”不带 value"
        return
    if isinstance(value, list) != (op in _OF_SEVERAL) or value == []:
        yield f"的 op“{op}”应比较{'非空的列表' if op in _OF_SEVERAL else '一个值,不是列表'}"
        return
    for one in value if isinstance(value, list) else [value]:
        if fault := _value_fault(vocabulary, fact, one):
            yield f"的值“{one}”{fault}"


def _value_fault(vocabulary: Vocabulary, fact: Fact, value: Any) -> str | None:
    """Why a value cannot be compared with a fact."""
    if not _FACT_TYPES.get(fact.type, is_text)(value):
        return f"与事实 {fact.code} 的类型 {fact.type} 不符"
    if fact.values and not fact.open and value not in fact.values:
        return f"不在事实 {fact.code} 的取值之内"
    known = {"region": vocabulary.regions, "industry": vocabulary.industries}
    if fact.code in known and value not in known[fact.code]:
        return f"不在事实 {fact.code} 的代码表之内"
    return None


def amount_faults(expression: Any, vocabulary: Vocabulary) -> Iterator[str]:
    """What keeps an amount expression from being computed."""
    if isinstance(expression, str):
        fact = vocabulary.facts.get(expression)
        if fact is None:
            yield f"补助公式用了未声明的事实“{expression}”"
        elif fact.type != "number":
            yield f"补助公式的事实 {expression} 不是数字,而是 {fact.type}"
    elif isinstance(expression, list) and len(expression) > 1 and expression[0] in _AMOUNTS:
        if expression[0] == "lookup":
            yield from _lookup_faults(expression[1:], vocabulary)
            return
        for part in expression[1:]:
            yield from amount_faults(part, vocabulary)
    elif not is_number(expression):
        yield f"补助公式“{expression}”不是数字、事实或 {'|'.join(_AMOUNTS)} 之一"


def _lookup_faults(parts: list[Any], vocabulary: Vocabulary) -> Iterator[str]:
    fact = vocabulary.facts.get(str(parts[0]))
    table = parts[1] if len(parts) == 2 else None
    if fact is None or fact.type != "enum":
        yield f"补助公式的 lookup 应查一个选项类(enum)事实,写的是“{parts[0]}”"
    if not isinstance(table, dict) or not table or not all(map(is_number, table.values())):
        yield "补助公式的 lookup 应为 [lookup, 事实, {取值 = 数字}]"
    elif fact is not None:
        for key in table.keys() - set(fact.values):
            yield f"补助公式的 lookup 取值“{key}”不在事实 {fact.code} 的取值之内"
