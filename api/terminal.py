"""Answers as text for a terminal: Chinese tables that line up, clauses under what they back."""

import textwrap
from collections.abc import Iterable

from api import schemas
from api.columns import fit, pad, printable, width
from api.labels import (
    ACTS,
    ANSWERS,
    AVAILABILITY,
    ILLUSTRATIVE_FIT,
    KINDS,
    REALITIES,
    STANDINGS,
    STATUSES,
    counted,
    since,
    status_label,
)
from knowledge_base import Vocabulary, in_brackets
from recommender import yuan

_APART = ("upcoming", "closed")  # nobody can apply: shown below those that are open


def matches(answer: schemas.MatchesAnswer, vocabulary: Vocabulary, name: str) -> str:
    """All matches as one compact table by status."""
    lines = [f"{printable(name)}  按 {answer.as_of} 判断  索引版本 {answer.generation}"]
    ids = _id_column(answer.matches)
    apart = {name: [m for m in answer.matches if m.offer.availability == name] for name in _APART}
    live = [m for m in answer.matches if m.offer.availability not in _APART]
    for status, label in STATUSES.items():
        group = [m for m in live if m.eligibility.status == status]
        lines += ["", f"■ {label}({_count(group)})", *(_row(m, vocabulary, ids) for m in group)]
    for name, group in apart.items():
        if group:
            rows = (_row(m, vocabulary, ids) for m in group)
            lines += ["", f"■ {AVAILABILITY[name]}({_count(group)})", *rows]
    if answer.questions:
        lines += ["", "■ 再回答这些问题,能确定更多"]
        lines += [f"  {q.text}(影响{q.decides}项)" for q in answer.questions[:6]]
    return "\n".join([*lines, "", *answer.notices])


def _count(group: list[schemas.Match]) -> str:
    return counted([match.offer.reality for match in group])


def _id_column(matches: Iterable[schemas.Match]) -> int:
    """Room for the longest id: it is typed into other commands, so it is never cut."""
    return max((width(match.offer.id) for match in matches), default=0) + 1


def _row(match: schemas.Match, vocabulary: Vocabulary, ids: int) -> str:
    offer = match.offer
    head = f"  {pad(offer.id, ids)}{fit(offer.name, 38)} {fit(KINDS[offer.kind], 8)}"
    return (
        f"{head} {fit(REALITIES[offer.reality], 4)} {fit(_point(match, vocabulary), 56)}".rstrip()
    )


def _point(match: schemas.Match, vocabulary: Vocabulary) -> str:
    """What matters most of a match in a few words."""
    status = match.eligibility.status
    if status == "undetermined":
        labels = [vocabulary.facts[code].label for code in match.eligibility.missing]
        if match.offer.amended_on and not labels:
            return "所依条款已被修改,条件须重新核对"
        return "还需:" + "、".join(labels) if labels else "条件还没有审核齐全"
    if status == "ineligible":
        return ";".join(f"{gap.now},需{gap.needed}" for gap in match.gaps)
    if match.offer.reality == "illustrative":
        return f"{ILLUSTRATIVE_FIT} {match.offer.amount}"
    if match.benefit is not None and match.benefit.amount_yuan:
        return f"测算 {yuan(match.benefit.amount_yuan)}"
    return match.offer.amount


def backing(match: schemas.Match, most: int = 4) -> str:
    """A match with the words its verdict rests on."""
    offer = match.offer
    said = status_label(match.eligibility.status, offer.reality)
    lines = [f"  {offer.name}({offer.provider},{REALITIES[offer.reality]}):{said}"]
    named = sorted(match.reasons, key=lambda reason: reason.citation.relation != "names")
    for reason in named[:most]:
        lines += [f"    · {printable(reason.text)}", f"      {cited(reason.citation)}"]
    return "\n".join(lines)


def cited(citation: schemas.Citation) -> str:
    """A citation on one line: where, and the words."""
    return f"〔{_where(citation)}〕“{printable(citation.quote)}”"


def _where(citation: schemas.Citation) -> str:
    name = citation.document_number or in_brackets(citation.document_title)
    return printable(f"{name} {citation.label}")


def changed(change: schemas.Change) -> str:
    """Who changed a clause, from when, and in which words."""
    when = since(change.on, change.in_effect)
    words = f":“{printable(change.citation.quote)}”" if change.citation else ""
    return f"本条{when}由{printable(in_brackets(change.title))}{ACTS[change.type]}{words}"


def search(answer: schemas.SearchAnswer) -> str:
    """Clauses found, each with its place."""
    lines = [f"按 {answer.as_of} 判断,找到 {len(answer.evidence)} 条"]
    for one in answer.evidence:
        name = one.document.document_number or one.document.title
        lines += [f"{one.rank:>2}. {printable(name)} {one.clause.label}  [{one.clause.id}]"]
        lines += _wrapped(printable(one.clause.text), "    ")
        lines += [f"    ※ {changed(change)}" for change in one.clause.changes if change.certain]
    return "\n".join(lines)


def standards(answer: schemas.StandardsAnswer, vocabulary: Vocabulary) -> str:
    """Sizes and standings."""
    lines = [
        f"按 {answer.as_of} 判断",
        "企业规模:" + ("或".join(answer.sizes) or "不适用划型标准"),
    ]
    for one in answer.standings:
        total = "" if one.total is None else f",合计 {one.total} 分"
        lines.append(f"{one.standard}({one.document_number}):{STANDINGS[one.result]}{total}")
        for indicator in one.indicators:
            points = "未知" if indicator.points is None else str(indicator.points)
            lines.append(f"  {indicator.label}:{points} / {indicator.max}")
        lines += [f"  不符合:{fault.text}" for fault in one.failed]
        if one.missing:
            lines.append("  还需:" + "、".join(vocabulary.facts[c].label for c in one.missing))
    return "\n".join(lines)


def answer(told: schemas.ChatAnswer) -> str:
    """An answer with its citations below."""
    lines = [f"[{ANSWERS[told.status]}] 按 {told.as_of} 判断", told.answer]
    if told.citations:
        lines += ["", "依据:", *(f"  {cited(one)}" for one in told.citations)]
    if told.question is not None and told.question.text not in told.answer:
        lines += ["", f"请补充:{told.question.text}"]
    if told.matches:
        shown = told.matches[:8]
        ids = _id_column(shown)
        lines += ["", "相关项目:"]
        lines += [
            f"  {pad(m.offer.id, ids)}{fit(m.offer.name, 38)} "
            f"{status_label(m.eligibility.status, m.offer.reality)}"
            for m in shown
        ]
    return "\n".join([*lines, *_block(told.notices)])


def _block(notices: Iterable[str]) -> list[str]:
    listed = list(notices)
    return ["", *listed] if listed else []


def _wrapped(text: str, indent: str, columns: int = 46) -> list[str]:
    return textwrap.wrap(text, columns, initial_indent=indent, subsequent_indent=indent)
