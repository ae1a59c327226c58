"""Relations linked inside a corpus: the repealed document gets its day, the replaced its successor."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from knowledge_base.amendments import Amendment
from knowledge_base.header.numbers import normalise_document_number
from knowledge_base.header.targets import Relation
from knowledge_base.header.title_lines import squeeze
from knowledge_base.header.titles import inner_title
from knowledge_base.header.widths import half_width

if TYPE_CHECKING:
    from knowledge_base.documents import Document

_DRAFT = re.compile(r"征求意见稿|草案|送审稿|讨论稿|公开征求")


def resolve_relations(documents: Mapping[str, "Document"]) -> Mapping[str, "Document"]:
    """Link relations inside a corpus; each repealed document gets its day and its successor.

    Targets are found by 文号, else by exact title; a name that several share links only when issuer
    or region decides. The earliest repeal counts. A county cannot repeal what its province issued,
    nor an upload what is public. The result does not depend on the order of the documents.
    """
    index = _Index(documents)
    repeals: dict[str, list[tuple[date, str, bool]]] = defaultdict(list)
    extensions: dict[str, list[date]] = defaultdict(list)
    amendments: dict[str, list[Amendment]] = defaultdict(list)
    linked: dict[str, Document] = {}
    for id, document in documents.items():
        relations = tuple(
            replace(r, document_id=index.find(document, r)) for r in document.relations
        )
        linked[id] = (
            replace(document, relations=relations) if relations != document.relations else document
        )
        if _DRAFT.search(document.title) or document.layer != "policy":
            continue
        for relation in relations:
            other = documents.get(relation.document_id or "")
            if other is None or not _may_act(document, other):
                continue
            day = (
                relation.on or document.effective_on or document.published_on or document.signed_on
            )
            if relation.type == "amends" or (relation.type == "repeals" and relation.target_clause):
                amendments[other.id].append(_amendment(document, relation, day))
            elif relation.type in ("repeals", "replaces"):
                follows = relation.type == "replaces" or _same_matter(document, other)
                repeals[other.id].append((day or date.min, id, follows))
            elif relation.type == "extends" and relation.on:
                extensions[other.id].append(relation.on)
    return {
        id: _amended(
            _ended(document, repeals.get(id, []), extensions.get(id, [])), amendments.get(id, [])
        )
        for id, document in linked.items()
    }


def _amendment(document: "Document", relation: Relation, day: date | None) -> Amendment:
    return Amendment(
        "amends" if relation.type == "amends" else "repeals",
        document.id,
        document.title,
        document.document_number,
        relation.target_clause,
        day,
        relation.start,
        relation.end,
    )


def _amended(document: "Document", amendments: list[Amendment]) -> "Document":
    if not amendments:
        return document
    order = sorted(amendments, key=lambda a: (a.on or date.min, a.document_id, a.start, a.end))
    # A decision says in its title and again in its first sentence whom it changes.
    once = {(a.document_id, a.type, a.target_clause, a.on): a for a in reversed(order)}
    exact = {a.document_id for a in order if a.target_clause}
    # What its items name says more than the title that the whole was changed.
    kept = [a for a in once.values() if a.target_clause or a.document_id not in exact]
    return replace(document, amendments=tuple(reversed(kept)))


def _ended(
    document: "Document", repeals: list[tuple[date, str, bool]], extensions: list[date]
) -> "Document":
    if extensions:
        last = max([*extensions, *([document.expires_on] if document.expires_on else [])])
        document = replace(document, expires_on=last)
    if not repeals:
        return document
    day = min(repeals)[0]
    if document.repealed_on is not None:
        day = min(day, document.repealed_on)
    successors = sorted((when, id) for when, id, follows in repeals if follows)
    successor = document.superseded_by or (successors[0][1] if successors else None)
    return replace(document, repealed_on=day, superseded_by=successor)


def _may_act(document: "Document", other: "Document") -> bool:
    """Whether a document has power over another: same owner, and issued as high or higher."""
    if document.id == other.id or (document.tenant and document.tenant != other.tenant):
        return False
    return _covers(document.region, other.region)


def _covers(region: str, other: str) -> bool:
    """Whether `other` is the region or lies in it; the levels of GB/T 2260 codes."""
    if region == "000000" or region == other:
        return True
    if region.endswith("0000"):
        return other[:2] == region[:2]
    return region.endswith("00") and other[:4] == region[:4]


def _in_reach(document: "Document", relation: Relation, other: "Document") -> bool:
    """Whether a relation can mean a document: neighbours use the same 文号 for other things.

    Acts go to the own region or below it; what is implemented or rested on may stand above.
    """
    above = relation.type in ("implements", "based_on") and _covers(other.region, document.region)
    return above or _covers(document.region, other.region)


def _same_matter(document: "Document", other: "Document") -> bool:
    """Whether one title is the other's new edition, years and 试行 aside."""

    def core(title: str) -> str:
        title = re.sub(
            r"[(][^()]{0,20}[)]|\d{4}年?(?:度|版)?|试行|暂行|修订|[\s“”\"《》<>]",
            "",
            half_width(title),
        )
        return re.sub(r"^.{0,30}?关于(?:印发|发布|公布)?", "", title)

    # A text without a title (UNTITLED) is nobody's new edition.
    return bool(core(document.title)) and core(document.title) == core(other.title)


class _Index:
    """Documents by normal 文号 and by comparable title."""

    def __init__(self, documents: Mapping[str, "Document"]) -> None:
        self.documents = documents
        self.numbers: dict[str, list[str]] = defaultdict(list)
        self.titles: dict[str, list[str]] = defaultdict(list)
        for id in sorted(documents):
            document = documents[id]
            if document.layer not in ("policy", "external_rule"):
                continue
            for number in (document.document_number or "").split("、"):
                if number:
                    self.numbers[_key(normalise_document_number(number))].append(id)
            for title in {_comparable(document.title), _unsigned(document)}:
                self.titles[title].append(id)

    def find(self, document: "Document", relation: Relation) -> str | None:
        """Id of the one document a relation means; None when none or several remain."""
        found = self._candidates(document, relation)
        found = [
            id
            for id in found
            if self._before(document, self.documents[id])
            and _in_reach(document, relation, self.documents[id])
        ]
        for same in (
            lambda o: _comparable(o.title) == _comparable(relation.target_title or ""),
            lambda o: o.tenant == document.tenant,
            lambda o: o.issuer == document.issuer,
            lambda o: o.region == document.region,
        ):
            if len(found) > 1:
                found = [id for id in found if same(self.documents[id])] or found
        return found[0] if len(found) == 1 else None

    def _candidates(self, document: "Document", relation: Relation) -> list[str]:
        if relation.target_number:
            key = _key(normalise_document_number(relation.target_number))
            found = [id for id in self.numbers.get(key, []) if id != document.id]
            if found or relation.target_title is None:
                return found
        if relation.target_title is None:
            return []
        wanted = _comparable(relation.target_title)
        found = [id for id in self.titles.get(wanted, []) if id != document.id]
        if relation.target_number:
            # Another 文号 under the same title is another edition.
            found = [id for id in found if self.documents[id].document_number is None]
        return found

    def _before(self, document: "Document", other: "Document") -> bool:
        """A document acts on what was there before it."""
        if document.tenant is None and other.tenant is not None:
            return True
        mine = document.signed_on or document.published_on
        theirs = other.signed_on or other.published_on
        return mine is None or theirs is None or theirs <= mine


def _key(number: str) -> str:
    return re.sub(r"\s", "", half_width(number))


def _comparable(title: str) -> str:
    """Title without brackets, spaces and the letter around it: 关于印发〈X〉的通知 and X are one."""
    title = squeeze(half_width(title)).replace("〈", "《").replace("〉", "》")
    title = inner_title(title.replace("<", "《").replace(">", "》"))
    return re.sub(r"[\s《》“”\"']", "", title)


def _unsigned(document: "Document") -> str:
    """Comparable title without the issuer in front: 国务院关于X的意见 → 关于X的意见."""
    title = _comparable(document.title)
    at = title.find("关于")
    return title[at:] if 0 < at <= 60 else title
