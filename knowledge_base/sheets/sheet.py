"""One sheet read into its document and its offer; every fault of it is collected."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from knowledge_base.clauses import Citation
from knowledge_base.documents import Document, read_sheet
from knowledge_base.offers import (
    Basis,
    Benefit,
    Criterion,
    Join,
    Kind,
    Offer,
    OfferRelation,
    Reality,
    cite,
)
from knowledge_base.sheets.faults import amount_faults, test_faults
from knowledge_base.sheets.front_matter import fitting
from knowledge_base.vocabulary import Vocabulary

_KINDS, _REALITIES = get_args(Kind), get_args(Reality)
_BASES, _JOINS = get_args(Basis), get_args(Join)
_RELATIONS = ("excludes", "after", "supports")
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


class Sheet:
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
        self.data, misshapen = fitting(data)
        data = self.data
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

    def _check_closed(self, name: str, value: Any, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            self._fault(f"{name}“{value}”不在 {'|'.join(allowed)} 之内")

    def _check_plain(self) -> None:
        data = self.data
        if data.get("id") != self.path.stem:
            self._fault(f"id 应与文件名一致,写的是“{data.get('id')}”")
        self._check_closed("kind", data.get("kind"), _KINDS)
        self._check_closed("reality", data.get("reality"), _REALITIES)
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
        self._check_closed(f"{where} 的 basis", basis, _BASES)
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
            if raw["join"] not in _JOINS or not raw.get("parts"):
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
        self._check_closed("关系 type", raw.get("type"), _RELATIONS)
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
        for fault in amount_faults(raw.get("amount"), self.vocabulary):
            self._fault(fault)
        if not raw.get("formula"):
            self._fault("补助没有说明文字 formula")
        if citation is None or self.faults:
            return None
        return Benefit(str(raw["formula"]), raw["amount"], citation, tuple(raw.get("caveats", ())))
