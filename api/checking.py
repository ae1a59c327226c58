"""`huiqi check`: the corpus proved, counted, and what of it has ended or soon will."""

from datetime import date, timedelta
from pathlib import Path

from api.labels import DOCUMENT_STATUSES, KINDS
from api.services import shanghai_now
from knowledge_base import SHIPPED_CORPUS, Catalogue, load_catalogue

_SOON = timedelta(days=90)


def report(folder: Path | None, on: date | None) -> str:
    """What `check` prints; CorpusError names every fault when the corpus is not sound."""
    catalogue = load_catalogue(folder or SHIPPED_CORPUS)
    day = on or shanghai_now().date()
    return "\n".join([*_counts(catalogue), "", f"按 {day} 判断:", *_validity(catalogue, day)])


def _counts(catalogue: Catalogue) -> list[str]:
    vocabulary = catalogue.vocabulary
    policies = [d for d in catalogue.documents.values() if d.layer in ("policy", "external_rule")]
    offers = list(catalogue.offers.values())
    kinds = {kind: sum(o.kind == kind for o in offers) for kind in KINDS}
    statements = sum(len(c.statements) for c in catalogue.clauses.values())
    criteria = sum(len(offer.criteria) for offer in offers)
    return [
        f"语料完好,版本 {catalogue.digest}",
        f"  政策 {len(policies)} 份,条款 {sum(len(d.clauses) for d in policies)} 条",
        f"  产品单 {len(offers)} 份("
        + ",".join(f"{KINDS[kind]} {count}" for kind, count in kinds.items() if count)
        + f"),申报条件 {criteria} 条",
        f"  全部条款 {len(catalogue.clauses)} 条,含语句 {statements} 处",
        f"  词表:事实 {len(vocabulary.facts)},称号 {len(vocabulary.titles)},"
        f"地区 {len(vocabulary.regions)},行业 {len(vocabulary.industries)}",
    ]


def _validity(catalogue: Catalogue, on: date) -> list[str]:
    ended: list[str] = []
    ending: list[str] = []
    for offer in catalogue.offers.values():
        days = [day for day in (offer.valid_to, offer.apply_to) if day is not None]
        if days:
            _sort(f"{offer.id} {offer.name}", min(days), on, ended, ending)
    unstated = []
    for document in catalogue.documents.values():
        name = document.document_number or document.title
        if document.id in catalogue.offers:
            continue  # counted with its offer
        if document.expires_on is not None:
            _sort(f"{document.id} {name}", document.expires_on, on, ended, ending)
        elif document.layer == "policy":
            unstated.append(f"{document.id} {name}({DOCUMENT_STATUSES[document.status(on)]})")
    return [
        f"  已到期 {len(ended)} 项",
        *(f"    {one}" for one in ended),
        f"  {_SOON.days} 天内到期 {len(ending)} 项",
        *(f"    {one}" for one in ending),
        f"  未写有效期的政策 {len(unstated)} 份",
        *(f"    {one}" for one in unstated),
    ]


def _sort(name: str, end: date, on: date, ended: list[str], ending: list[str]) -> None:
    if end < on:
        ended.append(f"{name}:{end} 止")
    elif end <= on + _SOON:
        ending.append(f"{name}:{end} 止(还有 {(end - on).days} 天)")
