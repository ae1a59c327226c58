"""Sheets read from files into offers, every fault of a sheet named at once.

A sheet is one file: TOML between `+++` lines for the machine, prose for people below. The prose is
the document; every criterion quotes the words of it (or of a policy) on which it rests.
"""

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from knowledge_base.clauses import Citation
from knowledge_base.documents import Document, read_sheet
from knowledge_base.offers import Benefit, Criterion, Offer, OfferRelation, cite
from knowledge_base.vocabulary import Fact, Vocabulary

KINDS = (
    "loan",
    "guarantee",
    "insurance",
    "talent",
    "supply_chain",
    "subsidy",
    "capital_market",
    "service",
)
REALITIES = ("official", "reported", "illustrative")
BASES = ("published", "reported", "assumed")
JOINS = ("any", "all", "not")
RELATIONS = ("excludes", "after", "supports")
AMOUNTS = ("mul", "min", "add", "sub", "div", "upto", "lookup")
_ORDERED = ("eq", "ne", "in", "gte", "lte", "gt", "lt", "known")
# What may be asked of a fact of each type; `known` asks only that it is stated.
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "number": _ORDERED,
    "date": _ORDERED,
    "enum": ("eq", "ne", "in", "known"),
    "code": ("eq", "ne", "in", "within", "known"),
    "bool": ("eq", "ne", "known"),
    "list": ("has_any", "has_none", "known"),
    "text": ("eq", "ne", "known"),
}
_OF_SEVERAL = ("in", "has_any", "has_none")
# Section heading of a sheet → offer field it fills, so that what is shown is what can be cited.
_SECTIONS = {
    "适用对象": "applicant",
    "支持内容": "amount",
    "期限": "tenor",
    "价格与费用": "price",
    "担保与增信": "security",
    "申请材料": "materials",
    "办理方式": "how_to_apply",
    "不适用情形": "exclusions",
    "效力与来源": "source",
}
# The three fields every product sheet must state: 平科〔2024〕65号 二、(五)14.
_MANDATORY = ("applicant", "how_to_apply", "source")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_day(value: Any) -> bool:
    return type(value) is date  # a datetime is a date to isinstance, and compares with none


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_anything(value: Any) -> bool:
    return True


_Kind = Callable[[Any], bool]
_WORDS: Mapping[_Kind, str] = {
    _is_text: "文字",
    _is_texts: "文字的列表",
    _is_flag: "true 或 false",
    _is_day: "日期,如 2026-12-31,不带时刻",
}
_QUOTED: Mapping[str, Any] = {"quote": _is_text, "clause": _is_text}
_CRITERION: dict[str, Any] = {
    **dict.fromkeys(("id", "text", "basis", "join", "fact", "op"), _is_text),
    **_QUOTED,
    "curated": _is_flag,
    "value": _is_anything,
}
_CRITERION["parts"] = [_CRITERION]
_DATES = ("valid_from", "valid_to", "apply_from", "apply_to")
# Every key of the front matter: a test of its value, a table of such keys, or a list of tables.
_FRONT_MATTER: Mapping[str, Any] = {
    **dict.fromkeys(("id", "name", "kind", "reality", "provider", "region"), _is_text),
    **dict.fromkeys(("contacts", "review_note"), _is_text),
    **dict.fromkeys(("standing", "offered"), _is_flag),
    **dict.fromkeys(_DATES, _is_day),
    "tags": _is_texts,
    "citations": [{**_QUOTED, "relation": _is_text}],
    "relations": [{**_QUOTED, "type": _is_text, "offers": _is_texts}],
    "benefit": {**_QUOTED, "formula": _is_text, "amount": _is_anything, "caveats": _is_texts},
    "criteria": [_CRITERION],
}


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


def read_offer(
    path: Path, policies: Mapping[str, Document], vocabulary: Vocabulary, ids: frozenset[str]
) -> tuple[Document | None, Offer | None, list[str]]:
    """Document and offer of one sheet file, or every fault in it; `ids` are those of all sheets."""
    try:
        raw = path.read_text(encoding="utf8")
        _, front, body = raw.split("+++\n", 2)
        data = tomllib.loads(front)
    except (OSError, ValueError) as error:
        return None, None, [f"{path.name}:读不了({error});产品单须以 +++ 包住 TOML,其后为正文"]
    return _Sheet(path, data, body, policies, vocabulary, ids).read()


class _Sheet:
    """Reading one sheet: collects faults instead of stopping at the first."""

    def __init__(
        self,
        path: Path,
        data: dict[str, Any],
        body: str,
        policies: Mapping[str, Document],
        vocabulary: Vocabulary,
        ids: frozenset[str],
    ) -> None:
        self.path, self.policies, self.vocabulary = path, policies, vocabulary
        self.ids = ids
        misshapen: list[str] = []
        self.data = data = _fitting(data, _FRONT_MATTER, "", misshapen)
        self.faults = [f"{path.name}:{fault}" for fault in misshapen]
        reality = str(data.get("reality"))
        self.document = read_sheet(
            body,
            str(data.get("id", path.stem)),
            str(data.get("name", "")),
            str(data.get("region", "")),
            "illustration" if reality == "illustrative" else "product_sheet",
            (data.get("valid_from"), data.get("valid_to")),
        )

    def read(self) -> tuple[Document | None, Offer | None, list[str]]:
        self._check_plain()
        sections = self._sections()
        criteria = tuple(
            self._criterion(raw, str(raw.get("id", number)), None)
            for number, raw in enumerate(self.data.get("criteria", []), 1)
        )
        if not criteria:
            self._fault("没有任何申报条件")
        offer = Offer(
            id=self.document.id,
            name=self.document.title,
            kind=str(self.data.get("kind", "")),
            provider=str(self.data.get("provider", "")),
            reality=str(self.data.get("reality", "")),
            region=str(self.data.get("region", "")),
            tags=tuple(self.data.get("tags", ())),
            applicant=sections["applicant"],
            amount=sections["amount"],
            tenor=sections["tenor"],
            price=sections["price"],
            security=sections["security"],
            exclusions=sections["exclusions"],
            how_to_apply=sections["how_to_apply"],
            source=sections["source"],
            materials=tuple(
                part for part in re.split(r"[、;;]", sections["materials"].rstrip("。")) if part
            ),
            contacts=str(self.data.get("contacts", "")),
            valid_from=self.data.get("valid_from"),
            valid_to=self.data.get("valid_to"),
            apply_from=self.data.get("apply_from"),
            apply_to=self.data.get("apply_to"),
            standing=bool(self.data.get("standing", False)),
            offered=bool(self.data.get("offered", True)),
            criteria=criteria,
            citations=tuple(c for c in map(self._policy, self.data.get("citations", [])) if c),
            relations=tuple(r for r in map(self._relation, self.data.get("relations", [])) if r),
            benefit=self._benefit(),
        )
        return (None, None, self.faults) if self.faults else (self.document, offer, [])

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.path.name}:{what}")

    def _check_plain(self) -> None:
        data = self.data
        if data.get("id") != self.path.stem:
            self._fault(f"id 应与文件名一致,写的是“{data.get('id')}”")
        for key, allowed in (("kind", KINDS), ("reality", REALITIES)):
            if data.get(key) not in allowed:
                self._fault(f"{key}“{data.get(key)}”不在 {'|'.join(allowed)} 之内")
        if data.get("region") not in self.vocabulary.regions:
            self._fault(f"地区代码“{data.get('region')}”不在 regions.tsv 中")
        for tag in data.get("tags", ()):
            if tag not in self.vocabulary.needs:
                self._fault(f"需求标签“{tag}”不在 needs.toml 中")
        for first, last in (("valid_from", "valid_to"), ("apply_from", "apply_to")):
            if first in data and last in data and data[last] < data[first]:
                self._fault(f"{last}({data[last]})早于 {first}({data[first]})")

    def _sections(self) -> dict[str, str]:
        found = dict.fromkeys(_SECTIONS.values(), "")
        for clause in self.document.clauses:
            heading = re.sub(r"^[^、]*、", "", clause.path[0]) if clause.path else ""
            if heading in _SECTIONS:
                key = _SECTIONS[heading]
                found[key] = f"{found[key]}\n{clause.text}".strip()
        for key in _MANDATORY:
            if not found[key]:
                name = next(title for title, field in _SECTIONS.items() if field == key)
                self._fault(f"缺少“{name}”一节(平科〔2024〕65号要求写明)")
        return found

    def _cite(self, quote: str, clause_id: str | None, where: str) -> Citation | None:
        if clause_id is None:
            citation = cite(self.document, self.document.clauses, quote)
        else:
            policy = self.policies.get(clause_id.split(":")[0])
            clauses = [c for c in policy.clauses if c.id == clause_id] if policy else []
            if policy is None or not clauses:
                self._fault(f"{where} 引用的条款 {clause_id} 不存在")
                return None
            citation = cite(policy, clauses, quote)
        if citation is None:
            source = clause_id or "本产品单正文"
            self._fault(f"{where} 的引文“{quote}”在{source}中找不到原话")
        return citation

    def _criterion(self, raw: dict[str, Any], id: str, above: Citation | None) -> Criterion:
        """One condition; a part without words of its own rests on those of the whole (`above`)."""
        where = f"条件 {id}"
        citation = self._cite(raw["quote"], raw.get("clause"), where) if raw.get("quote") else above
        if not raw.get("quote") and above is None:
            self._fault(f"{where} 没有引文")
        if not raw.get("text"):
            self._fault(f"{where} 没有说明文字")
        basis = str(raw.get("basis", ""))
        if basis not in BASES:
            self._fault(f"{where} 的 basis“{basis}”不在 {'|'.join(BASES)} 之内")
        self._check_test(raw, where)
        return Criterion(
            id=f"{self.document.id}:{id}",
            text=str(raw.get("text", "")),
            basis=basis,
            citation=citation,
            curated=bool(raw.get("curated", True)),
            join=raw.get("join"),
            parts=tuple(
                self._criterion({"basis": basis, **part}, f"{id}.{number}", citation)
                for number, part in enumerate(raw.get("parts", []), 1)
            ),
            fact=raw.get("fact"),
            op=raw.get("op"),
            value=raw.get("value"),
        )

    def _check_test(self, raw: dict[str, Any], where: str) -> None:
        if "join" in raw:
            if raw["join"] not in JOINS or not raw.get("parts"):
                self._fault(f"{where} 的 join“{raw['join']}”应为 any|all|not 并带 parts")
            return
        test = str(raw.get("fact")), str(raw.get("op")), raw.get("value")
        for fault in test_faults(self.vocabulary, *test):
            self._fault(f"{where} {fault}")

    def _policy(self, raw: dict[str, Any]) -> Citation | None:
        if raw.get("relation") not in ("names", "related"):
            self._fault(f"政策引用的 relation“{raw.get('relation')}”应为 names 或 related")
        found = self._cite(str(raw.get("quote", "")), str(raw.get("clause")), "政策引用")
        return found and replace(found, relation=raw.get("relation"))

    def _relation(self, raw: dict[str, Any]) -> OfferRelation | None:
        if raw.get("type") not in RELATIONS:
            self._fault(f"关系 type“{raw.get('type')}”不在 {'|'.join(RELATIONS)} 之内")
        citation = self._cite(str(raw.get("quote", "")), raw.get("clause"), "与其他产品的关系")
        others = raw.get("offers")
        if not others:
            self._fault(f"关系 {raw.get('type')} 没有 offers")
            return None
        for other in others:
            if other not in self.ids:
                self._fault(f"关系 {raw.get('type')} 指向不存在的产品 {other}")
        if citation is None:
            return None
        return OfferRelation(str(raw.get("type")), tuple(others), citation)

    def _benefit(self) -> Benefit | None:
        raw = self.data.get("benefit")
        if raw is None:
            return None
        citation = self._cite(str(raw.get("quote", "")), raw.get("clause"), "补助公式")
        for fault in _amount_faults(raw.get("amount"), self.vocabulary):
            self._fault(fault)
        if not raw.get("formula"):
            self._fault("补助没有说明文字 formula")
        if citation is None or self.faults:
            return None
        return Benefit(str(raw["formula"]), raw["amount"], citation, tuple(raw.get("caveats", ())))


def test_faults(vocabulary: Vocabulary, code: str, op: str, value: Any) -> Iterator[str]:
    """Why a test of a fact cannot be decided: nothing when it can. A missing value is None."""
    fact = vocabulary.facts.get(code)
    if fact is None:
        yield f"用了未声明的事实“{code}”"
        return
    allowed = OPERATORS.get(fact.type, ())
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
    if not _FACT_TYPES.get(fact.type, _is_text)(value):
        return f"与事实 {fact.code} 的类型 {fact.type} 不符"
    if fact.values and not fact.open and value not in fact.values:
        return f"不在事实 {fact.code} 的取值之内"
    known = {"region": vocabulary.regions, "industry": vocabulary.industries}
    if fact.code in known and value not in known[fact.code]:
        return f"不在事实 {fact.code} 的代码表之内"
    return None


def _amount_faults(expression: Any, vocabulary: Vocabulary) -> Iterator[str]:
    """What keeps an amount expression from being computed."""
    if isinstance(expression, str):
        fact = vocabulary.facts.get(expression)
        if fact is None:
            yield f"补助公式用了未声明的事实“{expression}”"
        elif fact.type != "number":
            yield f"补助公式的事实 {expression} 不是数字,而是 {fact.type}"
    elif isinstance(expression, list) and len(expression) > 1 and expression[0] in AMOUNTS:
        if expression[0] == "lookup":
            yield from _lookup_faults(expression[1:], vocabulary)
            return
        for part in expression[1:]:
            yield from _amount_faults(part, vocabulary)
    elif not _is_number(expression):
        yield f"补助公式“{expression}”不是数字、事实或 {'|'.join(AMOUNTS)} 之一"


def _lookup_faults(parts: list[Any], vocabulary: Vocabulary) -> Iterator[str]:
    fact = vocabulary.facts.get(str(parts[0]))
    table = parts[1] if len(parts) == 2 else None
    if fact is None or fact.type != "enum":
        yield f"补助公式的 lookup 应查一个选项类(enum)事实,写的是“{parts[0]}”"
    if not isinstance(table, dict) or not table or not all(map(_is_number, table.values())):
        yield "补助公式的 lookup 应为 [lookup, 事实, {取值 = 数字}]"
    elif fact is not None:
        for key in table.keys() - set(fact.values):
            yield f"补助公式的 lookup 取值“{key}”不在事实 {fact.code} 的取值之内"


_FACT_TYPES: Mapping[str, _Kind] = {"number": _is_number, "date": _is_day, "bool": _is_flag}
