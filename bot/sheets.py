"""What product sheets say beside a policy, always marked as theirs."""

import re

from bot.composing import Answer, Composer, quote, quoted, sheet_layer
from bot.understanding import Understanding
from bot.wording import joined
from knowledge_base import Catalogue, Citation

# Sections that hold no invented rate or date, so that an illustration may be quoted from them.
_SHOWN_OF_ILLUSTRATIONS = ("办理方式", "支持内容", "适用对象", "申请材料")
_FEW = 5  # offers; more of them answer no question in particular
# Section of a product sheet that answers a slot where the policy is silent.
SHEET_SECTION = {
    "cap": "支持内容",
    "amount": "支持内容",
    "rate": "价格与费用",
    "tenor": "期限",
    "deadline": "效力与来源",
    "contact": "办理方式",
    "materials": "申请材料",
    "conditions": "适用对象",
}


def from_sheets(
    read: Understanding, composer: Composer, section: str
) -> list[tuple[str, Citation]]:
    """What the sheets of the instruments named say in one section, illustrations last."""
    catalogue = composer.knowledge.catalogue
    found = []
    offers = [id for i in read.instruments for id in i.offers]
    if not read.instruments and len(read.need_offers) <= _FEW:
        offers = list(read.need_offers)
    for id in dict.fromkeys(offers):
        offer, document = catalogue.offers[id], catalogue.documents[id]
        if not composer.is_here(offer.region):
            continue
        if offer.reality == "illustrative" and section not in _SHOWN_OF_ILLUSTRATIONS:
            continue
        for clause in document.clauses:
            if section and clause.path and clause.path[0].endswith(f"、{section}"):
                citation = quote(document, clause, clause.start, clause.end)
                label = {"official": "官方", "reported": "报道"}.get(offer.reality, "示例")
                found.append((f"{sheet_layer(document)}【{label}】{quoted(citation)}", citation))
                break
    return found[:2]


def replies_not_offered(
    read: Understanding, composer: Composer, catalogue: Catalogue
) -> Answer | None:
    """An instrument that no enterprise can apply for: its sheet says so, nothing else is pushed."""
    named = [id for i in read.instruments for id in i.offers]
    if read.intent in ("refuse", "hand_over") or not named:
        return None
    if any(catalogue.offers[id].offered for id in named):
        return None
    citations = [
        quote(document, clause, clause.start, clause.end)
        for document in (catalogue.documents[id] for id in named)
        for clause in document.clauses
        if clause.path and re.search(r"办理方式|价格与费用", clause.path[0])
    ]
    lines = ["不是,企业不能直接申请这一项。", *map(quoted, citations)]
    return joined("answered", lines, citations)
