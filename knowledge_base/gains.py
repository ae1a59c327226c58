"""Who benefits from some words: whoever gains money, a service or a right by them.

Never who is merely named. A benefit denied, supervision and the rules inside a bank give a
borrower nothing; an encouraged party gains nothing by being encouraged.
"""

import re
from collections.abc import Sequence

from knowledge_base.mentions import (
    AWAY,
    INSTITUTIONS,
    Group,
    Passage,
    is_direct,
    named_in,
)

_BANKS = ("bank", "insurer")
_HANDED = re.compile(r"[^。;；]{0,50}?(?:提供|推送|发放|投放|开放|倾斜|公开)")


def read_benefits(
    passage: Passage,
    groups: Sequence[Group],
    lead: Group | None,
    urged: Group | None,
    beneficiaries: tuple[str, ...],
) -> tuple[str, ...]:
    """Parties that gain; `beneficiaries` are those the sentences before spoke of."""
    roles = passage.roles
    if roles & {"inside_a_bank", "appraisal"}:
        return _BANKS
    watched = "oversight" in roles and passage.force == "duty" and not _shields(passage)
    if watched or roles & {"denial", "definition"}:
        return ()
    pointed = [g for g in groups if g.toward and _receives(passage, g)]
    if passage.force == "information":
        return _allowed(passage, groups, pointed)
    if passage.pays:
        return _paid(groups, lead) or beneficiaries
    if passage.force == "encouragement":
        return _furthered(passage, groups, urged, pointed)
    if passage.force == "ceiling" and passage.is_lent:
        return tuple(p for p in named_in(groups) if p not in INSTITUTIONS and p != "department")
    if passage.force in ("duty", "ceiling") and (roles & {"gives"} or _shields(passage)):
        gain = [*pointed, *_supported(passage, groups, None)]
        return tuple(p for p in named_in(gain) if p != "department")
    return ()


def _receives(passage: Passage, group: Group) -> bool:
    """向 points at a receiver only where something is handed to him (向企业推送, not 向银行申请)."""
    if group.toward in AWAY or group.toward == "组织":
        return False
    if group.toward != "向" or _shields(passage):
        return True
    after = passage.text[group.end : group.end + 60]
    return _HANDED.match(after) is not None


def _allowed(
    passage: Passage, groups: Sequence[Group], pointed: Sequence[Group]
) -> tuple[str, ...]:
    """Whom leave is given to: the subject of 可, else whom the office may grant something."""
    if "leave" not in passage.roles:
        return named_in(pointed) if "gives" in passage.roles and groups and groups[0].by else ()
    act = next((i for i, w in enumerate(passage.words) if "leave" in w.roles), None)
    own = [
        g
        for g in groups
        if not g.toward and "department" not in g.parties and (act is None or g.at < act)
    ]
    others = [g for g in pointed if "department" not in g.parties]
    return named_in(own[:1] or others)


def _paid(groups: Sequence[Group], lead: Group | None) -> tuple[str, ...]:
    """Who is paid: whom 对 points at, else whoever is named and is no office."""
    gain = [g for g in groups if (g is not lead or "department" not in g.parties) and not g.by]
    pointed = [g for g in gain if g.toward and g.toward != "为" and g.toward not in AWAY]
    if pointed:
        paid = named_in(pointed)
        return tuple(p for p in paid if p != "department") or paid
    return named_in([g for g in gain if "department" not in g.parties])


def _furthered(
    passage: Passage, groups: Sequence[Group], urged: Group | None, pointed: Sequence[Group]
) -> tuple[str, ...]:
    """Whom an encouragement serves: the object of 支持, and whoever a service is pointed at."""
    gain = list(pointed) if passage.roles & {"gives", "support", "steer"} else []
    gain += _supported(passage, groups, urged)
    served = [g for g in gain if g not in pointed or "department" not in g.parties]
    return tuple(p for p in named_in(served) if urged is None or p not in urged.parties)


def _supported(passage: Passage, groups: Sequence[Group], urged: Group | None) -> list[Group]:
    """Direct objects of 支持, 推动, 帮助."""
    gain: list[Group] = []
    for index, word in enumerate(passage.words):
        if word.roles & {"support", "steer"}:
            after = next((g for g in groups if g.at > index and not g.attribute), None)
            if after is None or after is urged or not is_direct(passage, index, after):
                continue
            # Offices are served by 支持 alone: 推进政务服务中心建设 gives them nothing.
            if "department" not in after.parties or "支持" in passage.text[word.start : word.end]:
                gain.append(after)
    return gain


def _shields(passage: Passage) -> bool:
    return (
        "不得" in passage.text[passage.start : passage.end]
        or "保障" in passage.text[passage.start : passage.end]
    )
