"""Commands of review: the list of drafts, one draft with its words, a person's decision on it."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError

from api import library, schemas
from api.columns import fit, printable
from api.labels import KINDS, REALITIES
from api.opening import open_services
from api.services import Services
from api.store import StoredDraft
from knowledge_base import Criterion, InputError

_STATES = {"pending": "待审", "approved": "已通过", "rejected": "已退回"}


def review(arguments: argparse.Namespace) -> None:
    """The review list, one draft of it, or a decision about one."""
    services = open_services(arguments)
    try:
        if arguments.sources:
            print(_sources(services))
        elif arguments.proposals:
            print(_proposals(services))
        elif arguments.id is None and (arguments.approve or arguments.reject):
            raise InputError("请写明要审的草稿编号,见 huiqi review")
        elif arguments.id is None:
            print(_list(services, None if arguments.all else "pending"))
        elif arguments.approve or arguments.reject:
            _decide(services, arguments)
        else:
            print(_whole(services.sources.draft(arguments.id)))
    finally:
        services.close()


def _list(services: Services, state: str | None) -> str:
    drafts = services.sources.drafts(state)
    lines = [f"{_STATES[state] if state else '全部'}草稿 {len(drafts)} 份"]
    for one in drafts:
        told = library.draft_of(one)
        lines.append(
            f"  {_STATES[one.state]}  {one.id}  {KINDS[told.kind]}  {fit(told.name, 44).rstrip()}"
            f"  条件 {len(told.criteria)}"
        )
    return "\n".join([*lines, *([] if drafts else ["  没有要审的;收录文件见 huiqi ingest"])])


def _whole(stored: StoredDraft) -> str:
    """One draft with the words of the document behind each part of it."""
    draft = library.draft_of(stored)
    lines = [
        f"{stored.id}  {_STATES[stored.state]}  {KINDS[draft.kind]}  {printable(draft.name)}",
        f"  提供方 {printable(draft.provider) or '未写明'}  地区 {draft.region}",
    ]
    if stored.state != "pending" and stored.decided_at is not None:
        note = f",{printable(stored.note)}" if stored.note else ""
        lines.append(f"  {stored.decided_by} 于 {stored.decided_at:%Y-%m-%d %H:%M} 决定{note}")
    lines.append(f"  适用对象:{printable(draft.applicant.text) if draft.applicant else '未写明'}")
    lines.append(f"  条件 {len(draft.criteria)} 条(未经审核的条件不会使任何企业成为“可申报”):")
    lines += [line for one in draft.criteria for line in _criterion(one, "    ")]
    for name, words in (
        ("支持内容", draft.amount_words),
        ("期限", draft.tenor),
        ("时间", draft.windows),
        ("申请材料", draft.materials),
        ("办理方式", draft.how_to_apply),
        ("联系方式", draft.contacts),
        ("不适用情形", draft.exclusions),
    ):
        lines += [f"  {name}:“{printable(one.text)}”" for one in words]
    dismissed = stored.decision.get("dismissed", ())
    for id, unread in library.unread(draft).items():
        told = "(已确认不是申请人的条件)" if id in dismissed else ""
        lines.append(f"  词表之外 {id}:“{printable(unread)}”{told}")
    return "\n".join(lines)


def _criterion(criterion: Criterion, indent: str) -> Iterator[str]:
    told = {"any": "任一", "all": "全部", "not": "不得"}.get(criterion.join or "", "")
    test = told or f"{criterion.fact} {criterion.op} {criterion.value}"
    quote = f"  原文“{printable(criterion.citation.quote)}”" if criterion.citation else ""
    yield f"{indent}{criterion.id}  {test}{quote}"
    for part in criterion.parts:
        yield from _criterion(part, indent + "  ")


def _sources(services: Services) -> str:
    found = services.sources.sources()
    lines = [f"收录的文件 {len(found)} 份"]
    for one in found:
        owner = f"  租户 {one.tenant}" if one.tenant else ""
        lines.append(f"  {one.id}  {one.region}  {one.layer}  {printable(one.name)}{owner}")
    return "\n".join(lines)


def _proposals(services: Services) -> str:
    found = services.sources.proposals()
    lines = [f"词表之外的条件 {len(found)} 条,可据此在 facts.toml 增加事实"]
    for source, body in found:
        unit = f"({body['unit']})" if body.get("unit") else ""
        lines.append(f"  {source}  {body['label']}{unit}  {body['type']}  原文“{body['words']}”")
    return "\n".join(lines)


def _decide(services: Services, arguments: argparse.Namespace) -> None:
    if not (arguments.by or "").strip():
        raise InputError("请用 --by 写明审核人,决定会连同姓名和时间记录下来")
    stored = services.sources.draft(arguments.id)
    draft = library.draft_of(stored)
    ids = [criterion.id for criterion in draft.criteria]
    if arguments.approve and arguments.reject:
        raise InputError("--approve 与 --reject 只能选一个")
    if arguments.approve and not ids:
        raise InputError(
            f"草稿 {stored.id} 没有读出任何条件,通过后无从判断谁符合;请退回,或写成产品单放入语料"
        )
    unread = library.unread(draft)
    left = _left(arguments, stored.id, unread) if arguments.approve else {}
    decision = _decision(arguments, ids, list(unread)) if arguments.approve else {}
    state = "approved" if arguments.approve else "rejected"
    if arguments.approve:
        library.offer_of(replace(stored, decision=decision))  # refused here, not when served
    with services.alone():
        services.sources.decide(
            stored.id, stored.digest, state, arguments.by, decision, arguments.note or ""
        )
        generation = services.sync().generation
    checked = len(decision.get("curated", []))
    told = f"已核对条件 {checked}/{len(ids)} 条" if arguments.approve else "不列入匹配"
    if arguments.approve and not arguments.complete:
        told += ";未声明条件齐全(--complete),企业至多显示“待补充”"
    if left:
        told += f";另有 {len(left)} 条原文条件没有对应的事实({'、'.join(left)})"
    print(f"{_STATES[state]} {stored.id},审核人 {arguments.by},{told};索引版本 {generation}")


def _left(arguments: argparse.Namespace, id: str, unread: dict[str, str]) -> dict[str, str]:
    """Words no fact covers that nobody dismissed; InputError where all conditions shall be read."""
    dismissed = _chosen(arguments.dismiss or "", list(unread))
    left = {one: words for one, words in unread.items() if one not in dismissed}
    if left and arguments.complete:
        told = ";".join(f"{one}“{printable(words)}”" for one, words in left.items())
        raise InputError(
            f"草稿 {id} 还有 {len(left)} 条原文条件没有对应的事实,不能声明条件齐全(--complete):{told}。"
            f"请去掉 --complete 通过(企业至多显示“待补充”);其中经核对不是申请人条件的,"
            f"用 --dismiss 逐条注明编号(如 --dismiss {next(iter(left))});确是条件的,先在 facts.toml 增加事实后重新收录"
        )
    return left


def _decision(
    arguments: argparse.Namespace, ids: Sequence[str], unread: Sequence[str]
) -> dict[str, Any]:
    """What a person read and checked, as it is recorded."""
    if arguments.reality not in REALITIES:
        raise InputError(f"真实性“{arguments.reality}”应为 {'|'.join(REALITIES)} 之一")
    names = ("valid_from", "valid_to", "apply_from", "apply_to")
    days = {name: _day(getattr(arguments, name), name) for name in names}
    for kind in ("valid", "apply"):
        first, last = days[f"{kind}_from"], days[f"{kind}_to"]
        if first is not None and last is not None and last < first:
            raise InputError(f"--{kind}-to({last})早于 --{kind}-from({first})")
    chosen = _chosen(arguments.criteria, ids)
    return {
        # Until a person says that nothing is missing, no criterion can make anybody eligible.
        "curated": chosen if arguments.complete else [],
        "reality": arguments.reality,
        "standing": arguments.standing,
        "dismissed": _chosen(arguments.dismiss or "", unread),
        **{name: day and day.isoformat() for name, day in days.items()},
    }


def _day(written: str | None, name: str) -> date | None:
    try:
        return schemas.read_day(written)
    except PydanticCustomError as error:
        raise InputError(f"--{name.replace('_', '-')}:{error.message()}") from error


def _chosen(written: str | None, ids: Sequence[str]) -> list[str]:
    """Ids of the criteria a person has checked: all of them unless some are named."""
    if written is None:
        return list(ids)
    chosen = [part.strip() for part in written.split(",") if part.strip()]
    unknown = [part for part in chosen if part not in ids]
    if unknown:
        raise InputError(f"没有条件“{'、'.join(unknown)}”,可选 {'、'.join(ids) or '(没有条件)'}")
    return chosen
