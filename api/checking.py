"""`huiqi check`: the corpus proved, counted, and what of it has ended or soon will."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from api.labels import ACTS, DOCUMENT_STATUSES, KINDS, since
from knowledge_base import Catalogue, CorpusError, Document, resolve_relations

_SHOWN = 200  # of each list; a province has tens of thousands
_SOON = timedelta(days=90)


def report(catalogue: Catalogue, on: date, taken_in: Iterable[Document] = ()) -> str:
    """What `check` prints of the shipped corpus and of the documents taken in besides it.

    CorpusError names every clause or statement that is not, character for character, in its text.
    """
    extra = {document.id: document for document in taken_in}
    documents = resolve_relations({**catalogue.documents, **extra})
    faults = [fault for document in documents.values() for fault in faults_of(document)]
    if faults:
        raise CorpusError(faults)
    lines = [*_counts(catalogue), *_taken_in(extra), "", f"按 {on} 判断:"]
    return "\n".join([*lines, *_validity(catalogue, documents, on)])


def faults_of(document: Document) -> Iterator[str]:
    """Every span of a document that does not hold what it says."""
    for clause in document.clauses:
        if document.text[clause.start : clause.end] != clause.text:
            yield f"{clause.id}:条款与原文不一致(第 {clause.start} 字起)"
        for statement in clause.statements:
            if not clause.start <= statement.start < statement.end <= clause.end:
                yield f"{clause.id}:语句越出条款(第 {statement.start} 字起)"


def _taken_in(extra: Mapping[str, Document]) -> list[str]:
    if not extra:
        return []
    clauses = sum(len(document.clauses) for document in extra.values())
    return [f"  另收录文件 {len(extra)} 份,条款 {clauses} 条"]


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


def _validity(catalogue: Catalogue, documents: Mapping[str, Document], on: date) -> list[str]:
    ended: list[str] = []
    ending: list[str] = []
    for offer in catalogue.offers.values():
        days = [day for day in (offer.valid_to, offer.apply_to) if day is not None]
        if days:
            _sort(f"{offer.id} {offer.name}", min(days), on, ended, ending)
    gone, unstated, amended = [], [], []
    for document in documents.values():
        name = f"{document.id} {document.document_number or document.title}"
        status = document.status(on)
        amended += [
            f"{name} {one.target_clause or '未指明条款'}:{since(one.on, one.in_effect(on))}"
            f"{ACTS[one.type]},见 {one.document_id}"
            for one in document.amendments
        ]
        if document.id in catalogue.offers:
            continue  # counted with its offer
        if status in ("repealed", "superseded"):
            by = f",见 {document.superseded_by}" if document.superseded_by else ""
            gone.append(f"{name}({DOCUMENT_STATUSES[status]}{by})")
        elif document.expires_on is not None:
            _sort(name, document.expires_on, on, ended, ending)
        elif document.layer in ("policy", "external_rule"):
            unstated.append(f"{name}({DOCUMENT_STATUSES[status]})")
    return [
        *_group("已到期", ended),
        *_group(f"{_SOON.days} 天内到期", ending),
        *_group("已废止或被替代", gone),
        *_group("部分内容被其他文件修改或废止", amended, "处"),
        *_group("未写有效期的政策", unstated, "份"),
    ]


def _group(name: str, found: list[str], measure: str = "项") -> list[str]:
    shown = [f"    {one}" for one in found[:_SHOWN]]
    more = [f"    …另有 {len(found) - _SHOWN} {measure}"] if len(found) > _SHOWN else []
    return [f"  {name} {len(found)} {measure}", *shown, *more]


def _sort(name: str, end: date, on: date, ended: list[str], ending: list[str]) -> None:
    if end < on:
        ended.append(f"{name}:{end} 止")
    elif end <= on + _SOON:
        ending.append(f"{name}:{end} 止(还有 {(end - on).days} 天)")
