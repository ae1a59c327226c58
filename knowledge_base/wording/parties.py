"""Who is bound by some words and who benefits from them: two questions, answered apart.

Bound is whoever the words name as the one who acts: the subject before 应当, whom 鼓励 addresses,
the office after 由, the offices of a list of responsibilities. Money binds the public purse. Where
nobody is named the subject of the sentence before holds, then the document's addressees, then the
office that issues it. Information binds the office it says acts, and else nobody.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from knowledge_base.wording.gains import read_benefits
from knowledge_base.wording.mentions import (
    INSTITUTIONS,
    SERVED,
    STOPS,
    Group,
    Passage,
    groups_of,
    is_direct,
)

_ACTS: dict[str, tuple[frozenset[str], ...]] = {
    "duty": (frozenset(("duty",)), frozenset(("task",))),
    "encouragement": (frozenset(("urge", "support", "steer")),),
    "goal": (frozenset(("goal",)),),
    "commitment": (frozenset(("pay", "money")),),
    "ceiling": (frozenset(("cap", "leave")),),
    "information": (frozenset(("leave",)),),
}
_OFFICE = ("department",)
_AREA = re.compile(r"全[县市省区国]|20\d\d年|力争")
_DONE = re.compile(
    r"已(?:经|累计|有|完成|兑现|发放|出台|建成|办理)|累计|取得[^,，。;；]{0,10}成效|共(?:办理|受理|发放|兑现)"
)
_SUPPORTERS = ("department", *INSTITUTIONS)
_ASKED = re.compile(
    r"(?:应当?|须|需要?|请)(?:同时|当?按要求|按规定|按时|依法|如实|一并|另|还|再|予以)?"
    r"(?:提供|提交|递交|填写|填报|如实|缴纳|具备|具有|符合|满足|知晓|承诺|退回|停止享受|携带|持|登录|留存|加盖|注明|出具)(?!的|尽)"
    r"|请(?:先|及时|直接)?(?:到|向|前往)"
    r"|不得(?:弄虚作假|虚报|骗取|重复申[报请]|多头申报|拒绝检查)"
)
_APPLICANT = re.compile(r"[^,，。]{0,12}(?:项目|贷款资金|申报|材料|实施期限|攻关周期|执行期)")


# A benefit denied is the giver's to deny.
_REFUSED = re.compile(r"不予(?!受理)|不(?:再|重复|再重复)(?:支持|给予|补助|奖励|资助|安排)")
# What has been, is so or is placed somewhere: nobody acts.
_STATED = re.compile(r"以来[,，]|设在|[^,，。;；:：]{2,16}(?<![只凡但或若])是(?![否由])")


class Parties(NamedTuple):
    """The answer; `named` holds the subject to carry on, if the words name one."""

    bound: tuple[str, ...]
    benefits: tuple[str, ...]
    named: tuple[str, ...]


def read_parties(
    passage: Passage, subject: tuple[str, ...], beneficiaries: tuple[str, ...]
) -> Parties:
    """Who is bound and who benefits; `subject` and `beneficiaries` were named before."""
    groups = groups_of(passage)
    lead = _subject(passage, groups)
    named = lead.parties if lead else ()
    urged = _urged(passage, groups) if passage.force == "encouragement" else None
    if passage.force in ("information", "unclear"):
        bound = _informed(passage, lead)
    elif urged is not None:
        bound = urged.parties
    else:
        bound = _bound(passage, groups, named, subject, beneficiaries)
    gain = read_benefits(passage, groups, lead, urged, beneficiaries)
    return Parties(bound, gain, named)


def _bound(
    passage: Passage,
    groups: Sequence[Group],
    named: tuple[str, ...],
    subject: tuple[str, ...],
    applicants: tuple[str, ...],
) -> tuple[str, ...]:
    """Who owes, aims, pays or is limited."""
    lenders = tuple(p for p in named if p in INSTITUTIONS)
    heard = subject or passage.default
    if "appraisal" in passage.roles or any(
        g.toward == "组织" and set(g.parties) <= INSTITUTIONS for g in groups
    ):
        return _OFFICE
    if "inside_a_bank" in passage.roles:
        return (
            lenders
            or tuple(p for p in heard if p in INSTITUTIONS)
            or (heard if "department" in heard else ("bank",))
        )
    if passage.pays:
        return lenders or _OFFICE
    if passage.force == "goal":
        acting = tuple(p for p in named if p in ("department", *INSTITUTIONS))
        area = _AREA.search(passage.text, passage.start, passage.end)
        return acting or (() if area else heard) or _OFFICE
    if passage.force == "ceiling" and passage.is_lent:
        return lenders or tuple(p for p in heard if p in INSTITUTIONS) or ("bank",)
    if passage.force == "encouragement" and not set(subject) & set(INSTITUTIONS):
        heard = tuple(p for p in heard if p in _SUPPORTERS)
    if passage.force == "duty" and not named and not subject and _applies(passage):
        return applicants or ("enterprise",)
    if passage.force == "duty" and _is_served(passage, groups, named):
        return _OFFICE
    implied = _implied(passage)
    if implied and not named and set(heard) <= INSTITUTIONS:
        return implied
    return named or heard or implied or _OFFICE


def _informed(passage: Passage, lead: Group | None) -> tuple[str, ...]:
    """The office or lender a fact says acts; leave to grant binds the office, other leave nobody."""
    roles = passage.roles
    if "definition" in roles and lead is not None and lead.by:
        return lead.parties  # 由县科技局负责解释
    if passage.force == "unclear" or roles & {"definition", "report"}:
        return ()
    if "leave" not in roles and (lead is None or not lead.by):
        stated = _STATED.search(passage.text, passage.start, min(passage.end, passage.start + 60))
        if stated is not None:
            return ()
    parties = lead.parties if lead is not None and _is_acting(passage, lead) else ()
    if "hands_in" in roles and parties and "leave" not in roles:
        return parties
    if _DONE.search(passage.text, passage.start, passage.end):
        return ()
    acting = lead is not None and (lead.by or bool(set(parties) & {"department", *INSTITUTIONS}))
    if "leave" in roles and not set(parties) <= {"department"}:
        return ()
    if not acting and roles & {"leave", "denial"} and roles & {"pay"}:
        return _OFFICE
    if (
        not acting
        and "denial" in roles
        and _REFUSED.search(passage.text, passage.start, passage.end)
    ):
        return _OFFICE
    return parties if acting else ()


def _is_acting(passage: Passage, lead: Group) -> bool:
    """Whether a fact tells what a party does: its name opens the words, a mere place not at all."""
    if lead.by:
        return True
    distance = lead.start - passage.start
    if "place" in passage.words[lead.at].roles:
        return passage.text.startswith(("对", "将", "给", "向", "为"), lead.end)
    if "denial" in passage.roles:
        return distance <= 2
    return lead.leads


def _subject(passage: Passage, groups: Sequence[Group]) -> Group | None:
    """The group that acts: after 由, else the last one before the word that says what is owed."""
    act = _act(passage)
    for group in groups:
        if group.by and not (passage.force == "duty" and _is_told(passage, groups, act, group)):
            return group
    if act is not None and passage.text.startswith("请", passage.words[act].start):
        return next((g for g in groups if g.at > act and not g.attribute and not g.toward), None)
    candidates = [
        g for g in groups if not g.toward and not g.attribute and (act is None or g.at < act)
    ]
    if not candidates:
        return None
    if passage.force == "duty" and act is not None:
        return candidates[-1]
    if passage.force == "information":
        offices = [g for g in candidates if g.leads and "department" in g.parties]
        return offices[-1] if offices else candidates[0]
    head = candidates[0]
    before = passage.words[: head.at]
    return head if head.leads and not any(w.roles & STOPS for w in before) else None


def _is_told(passage: Passage, groups: Sequence[Group], act: int | None, by: Group) -> bool:
    """Whether somebody else was told before 由: 各部门应提供…,由企业自主选择."""
    if act is None or act > by.at or "duty" not in passage.words[act].roles:
        return False
    return any(g.leads and not g.toward and not g.attribute and g.at < act for g in groups)


def _act(passage: Passage) -> int | None:
    """Index of the word that says what is owed, promised or wished."""
    for roles in _ACTS.get(passage.force, _ACTS["information"]):
        for index, word in enumerate(passage.words):
            if word.roles & roles:
                return index
    return None


def _urged(passage: Passage, groups: Sequence[Group]) -> Group | None:
    """Whom an encouragement addresses: anybody after 鼓励, lenders and insurers after 支持 too."""
    for index, word in enumerate(passage.words):
        if not word.roles & {"urge", "support", "steer"}:
            continue
        for group in groups:
            if group.at <= index or group.attribute:
                continue
            if group.toward in ("与", "从", "到"):
                break
            if is_direct(passage, index, group) and (
                "urge" in word.roles or set(group.parties) <= INSTITUTIONS
            ):
                return group
            break
        if "urge" in word.roles:
            return None
    return None


def _is_served(passage: Passage, groups: Sequence[Group], named: tuple[str, ...]) -> bool:
    """Whether the party named is only the case an office has to act on: 残疾人符合条件的,应发放."""
    if set(named) & {"department", *INSTITUTIONS}:
        return False
    return bool(groups) and SERVED.search(passage.text, groups[-1].end, passage.end) is not None


def _applies(passage: Passage) -> bool:
    """Whether a demand without a subject is made of whoever applies: 需提供营业执照."""
    return _ASKED.search(passage.text, passage.start, passage.end) is not None


def _implied(passage: Passage) -> tuple[str, ...]:
    """The applicant, where a demand is made of a project, its papers or its money."""
    if "duty" not in passage.roles and passage.force != "ceiling":
        return ()
    applicant = _APPLICANT.match(passage.text, passage.start, passage.end)
    return ("enterprise",) if applicant else ()
