"""What an enterprise can obtain: sheets read from files into offers with cited criteria.

A sheet is one file: TOML between `+++` lines for the machine, prose for people below. The prose is
the document; every criterion quotes the words of it (or of a policy) on which it rests.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from knowledge_base.clauses import Citation, Clause
from knowledge_base.documents import Document, read_sheet
from knowledge_base.vocabulary import Fact, Vocabulary

Availability = Literal["open", "upcoming", "closed", "unknown"]
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
OPERATORS = ("eq", "ne", "in", "gte", "lte", "gt", "lt", "has_any", "has_none", "known", "within")
JOINS = ("any", "all", "not")
RELATIONS = ("excludes", "after", "supports")
AMOUNTS = ("mul", "min", "add", "sub", "div", "upto", "lookup")
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


@dataclass(frozen=True)
class Criterion:
    """One checkable condition: a comparison of one fact, or a join of parts."""

    id: str
    text: str
    basis: str
    citation: Citation | None
    curated: bool = True
    join: str | None = None
    parts: tuple["Criterion", ...] = ()
    fact: str | None = None
    op: str | None = None
    value: Any = None

    @cached_property
    def key(self) -> str:
        """Equal for conditions that ask the same, whichever offer they stand in."""
        if self.join is None:
            return f"{self.fact} {self.op} {self.value!r}"
        return f"{self.join}({', '.join(part.key for part in self.parts)})"


@dataclass(frozen=True)
class Benefit:
    """How much a subsidy pays: `amount` is an expression over facts in prefix form, in 元."""

    formula: str
    amount: Any
    citation: Citation
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class OfferRelation:
    """How one offer stands to others: excludes them, comes after them, or supports them."""

    type: str
    offers: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True)
class Offer:
    """A measure or product; text fields are the sections of its sheet, word for word."""

    id: str
    name: str
    kind: str
    provider: str
    reality: str
    tags: tuple[str, ...]
    region: str
    applicant: str
    amount: str
    tenor: str
    price: str
    security: str
    exclusions: str
    materials: tuple[str, ...]
    how_to_apply: str
    contacts: str
    source: str
    valid_from: date | None
    valid_to: date | None
    apply_from: date | None
    apply_to: date | None
    standing: bool
    offered: bool
    criteria: tuple[Criterion, ...]
    citations: tuple[Citation, ...]
    relations: tuple[OfferRelation, ...] = ()
    benefit: Benefit | None = None

    def availability(self, on: date) -> Availability:
        """Whether one can apply on a day; `unknown` when no window is published."""
        starts = [day for day in (self.valid_from, self.apply_from) if day is not None]
        ends = [day for day in (self.valid_to, self.apply_to) if day is not None]
        if any(on > day for day in ends):
            return "closed"
        if any(on < day for day in starts):
            return "upcoming"
        return "open" if ends or self.standing else "unknown"


def cite(
    document: Document, clauses: Iterable[Clause], quote: str, relation: str | None = None
) -> Citation | None:
    """Citation of `quote` in the first of `clauses` that holds it verbatim, else None."""
    for clause in clauses:
        offset = clause.text.find(quote)
        if offset >= 0 and quote:
            return Citation(
                clause_id=clause.id,
                version=clause.version,
                document_id=document.id,
                document_title=document.title,
                document_number=document.document_number,
                label=clause.label,
                quote=quote,
                start=clause.start + offset,
                end=clause.start + offset + len(quote),
                source_url=document.source_url,
                relation=relation,
            )
    return None


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
        self.path, self.data, self.policies, self.vocabulary = path, data, policies, vocabulary
        self.ids = ids
        self.faults: list[str] = []
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
        for key in _DATES:
            if not isinstance(data.get(key), date | None):
                self._fault(f"{key} 应为日期,如 2026-12-31")
        for key in data.keys() - _KEYS:
            self._fault(f"不认识的字段“{key}”")

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
        fact = self.vocabulary.facts.get(str(raw.get("fact")))
        if fact is None:
            self._fault(f"{where} 用了未声明的事实“{raw.get('fact')}”")
            return
        if raw.get("op") not in OPERATORS:
            self._fault(f"{where} 的 op“{raw.get('op')}”不在 {'|'.join(OPERATORS)} 之内")
        if raw.get("op") == "known":
            return
        values = raw["value"] if isinstance(raw.get("value"), list) else [raw.get("value")]
        if not values:
            self._fault(f"{where} 没有可比较的值")
        for value in values:
            if fault := self._value_fault(fact, value):
                self._fault(f"{where} 的值“{value}”{fault}")

    def _value_fault(self, fact: Fact, value: Any) -> str | None:
        """Why a value cannot be compared with a fact."""
        kind = _TYPES.get(fact.type, str)
        if not isinstance(value, kind) or (isinstance(value, bool) and fact.type != "bool"):
            return f"与事实 {fact.code} 的类型 {fact.type} 不符"
        if fact.values and not fact.open and value not in fact.values:
            return f"不在事实 {fact.code} 的取值之内"
        known = {"region": self.vocabulary.regions, "industry": self.vocabulary.industries}
        if fact.code in known and value not in known[fact.code]:
            return f"不在事实 {fact.code} 的代码表之内"
        return None

    def _policy(self, raw: dict[str, Any]) -> Citation | None:
        if raw.get("relation") not in ("names", "related"):
            self._fault(f"政策引用的 relation“{raw.get('relation')}”应为 names 或 related")
        found = self._cite(str(raw.get("quote", "")), str(raw.get("clause")), "政策引用")
        return found and Citation(**{**vars(found), "relation": raw.get("relation")})

    def _relation(self, raw: dict[str, Any]) -> OfferRelation | None:
        if raw.get("type") not in RELATIONS:
            self._fault(f"关系 type“{raw.get('type')}”不在 {'|'.join(RELATIONS)} 之内")
        citation = self._cite(str(raw.get("quote", "")), raw.get("clause"), "与其他产品的关系")
        others = raw.get("offers")
        if not isinstance(others, list) or not others:
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


def _amount_faults(expression: Any, vocabulary: Vocabulary) -> Iterator[str]:
    """What keeps an amount expression from being computed."""
    if isinstance(expression, str):
        if expression not in vocabulary.facts:
            yield f"补助公式用了未声明的事实“{expression}”"
    elif isinstance(expression, list) and len(expression) > 1 and expression[0] in AMOUNTS:
        parts = expression[1:]
        if expression[0] == "lookup":
            if len(parts) != 2 or not isinstance(parts[1], dict) or not parts[1]:
                yield "补助公式的 lookup 应为 [lookup, 事实, {取值 = 数字}]"
            parts = parts[:1]
        for part in parts:
            yield from _amount_faults(part, vocabulary)
    elif not isinstance(expression, int | float) or isinstance(expression, bool):
        yield f"补助公式“{expression}”不是数字、事实或 {'|'.join(AMOUNTS)} 之一"


_TYPES: dict[str, Any] = {"number": int | float, "date": date, "bool": bool}
_DATES = ("valid_from", "valid_to", "apply_from", "apply_to")
_KEYS = {
    *("id", "name", "kind", "reality", "provider", "tags", "region", "standing", "offered"),
    *("contacts", "review_note", "citations", "relations", "benefit", "criteria", *_DATES),
}


def facts_in(expression: Any) -> tuple[str, ...]:
    """Fact codes an amount expression reads, in order, each once."""
    if isinstance(expression, str):
        return (expression,)
    if not isinstance(expression, list):
        return ()
    found = [fact for part in expression[1:] for fact in facts_in(part)]
    return tuple(dict.fromkeys(found))
