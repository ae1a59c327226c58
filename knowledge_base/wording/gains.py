"""Who benefits from some words: whoever gains money, a service or a right by them.

Never who is merely named. A benefit denied, supervision and the rules inside a bank give a
borrower nothing; an encouraged party gains nothing by being encouraged.
"""

import re
from collections.abc import Sequence

from knowledge_base.wording.mentions import (
    AWAY,
    INSTITUTIONS,
    SERVED,
    Group,
    Passage,
    is_direct,
    named_in,
)

_FOR = ("为", "给", "让", "方便", "便利", "惠及", "减轻", "服务", "满足", "便于")
_BANKS = ("bank", "insurer")
_EASED = re.compile(
    r"(?:和群众|群众)?的?(?:办事|获得感|融资成本|综合融资成本|融资门槛|满意度|办事体验|便利度|合法权益|正当权益|用工难|融资难|开办便利|发展环境|权益(?!保护))"
)
_SHIELD = re.compile(r"(?<!住房)(?<!医疗)(?<!社会)(?<!生活)保障(?!待遇|资格|局|部|厅)")
_SERVICE = re.compile(r"[^,，。;；]{0,12}提供[^,，。;；]{0,10}(?:服务|方便|便利)")
_TO = ("为", "向", "给", "对", "发给")
# 确保群众…享受到便利, 由企业自主选择.
_ENSURED = re.compile(r"(?:确保|让|使)[^,，。;；]{0,8}$")
_ENJOY = re.compile(r"[^,，。;；的]{0,24}(?:享受|受益|获益)")
_THING = re.compile(
    r"(?:(?:单个|每个|同一|各)[^,，。;；人家户\d]{0,8}|类|(?<![一-龥]))(?:项目|产品|品种|平台|中心|合同|活动)"
    r"[^,，。;；]{0,14}(?:不(?:得|再)?超过|最高|上限)"
)
# A cap on a time or a share limits the measure, and tells of nobody: 补贴期限不超过2年.
_MEASURE = re.compile(
    r"[^,，。;；]{0,12}(?:期限|周期|年限|时间|比例|支付额)[^,，。;；]{0,6}?(?:不(?:得|再)?(?:超过|高于)|最[高长多])"
)
_ALSO = re.compile(r"\s*(?:等?[、和与及或]|以及|或者)")
_BARRED = re.compile(r"不得[向为给对][^,，。;；]{0,10}$")
_SPENT = re.compile(r"[^,，。;；]{0,12}(?:投资|提供|出借|放贷|担保|增信|泄露|转让|出租|出售)")
_HANDED = re.compile(r"[^。;；]{0,50}?(?:提供|注资|减免|推送|发放|投放|开放|倾斜|公开)")


def read_benefits(
    passage: Passage,
    groups: Sequence[Group],
    lead: Group | None,
    urged: Group | None,
    beneficiaries: tuple[str, ...],
) -> tuple[str, ...]:
    """Parties that gain; `beneficiaries` are those the sentences before spoke of."""
    roles = passage.roles
    if roles & {"inside_a_bank", "appraisal"} and concerns_lenders(passage, groups):
        return _BANKS
    described = passage.force == "commitment" and "pay" in roles
    watched = "oversight" in roles and passage.force == "duty" and not _shields(passage)
    if watched:
        helped = [g for g in groups if g.toward in ("为", "给") and _served(passage, g)]
        return tuple(p for p in named_in(helped) if p != "department")
    if "definition" in roles or ("denial" in roles and not described):
        return ()
    pointed = [g for g in groups if g.toward and _receives(passage, g)]
    if passage.force == "information":
        return _allowed(passage, groups, pointed)
    if passage.pays:
        paid = _paid(passage.text, groups, lead)
        return paid if paid or _caps_no_party(passage) else beneficiaries
    if passage.force == "encouragement":
        return _furthered(passage, groups, urged, pointed)
    if passage.force == "ceiling" and passage.is_lent:
        gain = [g for g in groups if g.toward != "被"]
        return tuple(p for p in named_in(gain) if p not in INSTITUTIONS and p != "department")
    if passage.force in ("duty", "ceiling"):
        given = bool(roles & {"gives"}) or _shields(passage)
        gain = [g for g in pointed if given or g.toward in _FOR or g.toward == "向"]
        gain += _supported(passage, groups, None) if given else []
        gain += [g for g in groups if _is_eased(passage, g)]
        served = groups and SERVED.search(passage.text, groups[-1].end, passage.end)
        if served and served["paid"]:
            gain.append(groups[-1])
        return tuple(p for p in named_in(gain) if p != "department")
    return ()


def _receives(passage: Passage, group: Group) -> bool:
    """向 points at a receiver only where something is handed to him (向企业推送, not 向银行申请)."""
    if group.toward in AWAY or group.toward in ("组织", "分析", "邀请"):
        return False
    if _BARRED.search(passage.text, max(passage.start, group.start - 12), group.start) and (
        _SPENT.match(passage.text, group.end, passage.end)
    ):
        return False
    if group.toward != "向" or _shields(passage):
        return True
    return _handed(passage, group)


def _is_handed(passage: Passage, group: Group) -> bool:
    """Whether a fact tells of something handed to a party: 为老年人办理, 对企业提供."""
    if group.attribute or group.toward not in _TO:
        return False
    return group.toward != "对" or _handed(passage, group)


def _is_eased(passage: Passage, group: Group) -> bool:
    """Whether what is bettered is a party's own: 提升企业办事体验."""
    text, end = passage.text, passage.end
    if group.by:
        return text.startswith(("自主选择", "自主决定", "自愿选择"), group.end)
    if _EASED.match(text, group.end, end) is not None:
        return True
    ensured = _ENSURED.search(text, max(passage.start, group.start - 12), group.start)
    return ensured is not None and _ENJOY.match(text, group.end, end) is not None


def concerns_lenders(passage: Passage, groups: Sequence[Group]) -> bool:
    """Whether lenders or insurers are named or addressed."""
    return any(set(p) & INSTITUTIONS for p in (passage.default, *(g.parties for g in groups)))


def _served(passage: Passage, group: Group) -> bool:
    """Whether a service is handed to a party among words of supervision: 为群众办事提供方便."""
    return _SERVICE.match(passage.text, group.end, passage.end) is not None


def _handed(passage: Passage, group: Group) -> bool:
    after = passage.text[group.end : min(group.end + 60, passage.end)]
    return _HANDED.match(after) is not None


def _allowed(
    passage: Passage, groups: Sequence[Group], pointed: Sequence[Group]
) -> tuple[str, ...]:
    """Whom leave is given to: the subject of 可, else whom the office may grant something."""
    if "enjoys" in passage.roles and "report" not in passage.roles:
        return named_in([g for g in groups if "department" not in g.parties and not g.by][:1])
    if "leave" not in passage.roles:
        if "gives" in passage.roles and groups and groups[0].by:
            return named_in(pointed)
        handed = [g for g in pointed if _is_handed(passage, g)]
        return tuple(p for p in named_in(handed) if p != "department")
    act = next((i for i, w in enumerate(passage.words) if "leave" in w.roles), None)
    own = [
        g
        for g in groups
        if not g.toward and "department" not in g.parties and (act is None or g.at < act)
    ]
    others = [g for g in pointed if "department" not in g.parties]
    if act is not None and passage.text.startswith("允许", passage.words[act].start):
        others = [g for g in groups if g.at > act and "department" not in g.parties][:1]
    return named_in(own[:1] or others)


def _caps_no_party(passage: Passage) -> bool:
    """Whether a ceiling is one of a project, a product, a time or a share: 单个项目不超过500万元."""
    text, start, end = passage.text, passage.start, passage.end
    return passage.force == "ceiling" and (
        _THING.search(text, start, end) is not None or _MEASURE.match(text, start, end) is not None
    )


def _paid(text: str, groups: Sequence[Group], lead: Group | None) -> tuple[str, ...]:
    """Who is paid: whom 对 points at, else whoever is named and is no office."""
    gain = [
        g
        for g in groups
        if (g is not lead or "department" not in g.parties) and not g.by and g.toward != "被"
    ]
    pointed = [g for g in gain if g.toward and g.toward != "为" and g.toward not in AWAY]
    pointed = [g for g in pointed if g.toward in ("给予", "发给") and not g.attribute] or pointed
    pointed = [
        g
        for i, g in enumerate(pointed, 1)
        if i == len(pointed) or not _describes(text, g, pointed[i])
    ]
    if pointed:
        paid = named_in(pointed)
        return tuple(p for p in paid if p != "department") or paid
    named = [g for g in gain if "department" not in g.parties]
    # 纳税人使用商业银行贷款的,…扣除: whose loan it is gains nothing.
    return named_in([g for g in named if not set(g.parties) <= INSTITUTIONS] or named)


def _describes(text: str, group: Group, after: Group) -> bool:
    """Whether a name only describes the next: 对组织游客达到1万人次的旅行社."""
    if after.toward != group.toward or group.toward not in ("对", "对于", "组织"):
        return False
    gap = text[group.end : after.start]
    return "的" in gap and not any(sign in gap for sign in ",，、") and _ALSO.match(gap) is None


def _furthered(
    passage: Passage, groups: Sequence[Group], urged: Group | None, pointed: Sequence[Group]
) -> tuple[str, ...]:
    """Whom an encouragement serves: the object of 支持, and whoever a service is pointed at."""
    gain = list(pointed) if passage.roles & {"gives", "support", "steer"} else []
    gain += _supported(passage, groups, urged)
    gain += [g for g in groups if _is_eased(passage, g)]
    served = [g for g in gain if g not in pointed or "department" not in g.parties]
    return tuple(p for p in named_in(served) if urged is None or p not in urged.parties)


def _supported(passage: Passage, groups: Sequence[Group], urged: Group | None) -> list[Group]:
    """Direct objects of 支持, 推动, 帮助."""
    gain: list[Group] = []
    for index, word in enumerate(passage.words):
        if word.roles & {"support", "steer"}:
            after = next((g for g in groups if g.at > index and not g.attribute), None)
            if after is None or after is urged or after.toward in ("与", "从", "到"):
                continue
            if not is_direct(passage, index, after):
                continue
            # Offices are served by 支持 alone: 推进政务服务中心建设 gives them nothing.
            if "department" not in after.parties or "支持" in passage.text[word.start : word.end]:
                gain.append(after)
    return gain


def _shields(passage: Passage) -> bool:
    return (
        "不得" in passage.text[passage.start : passage.end]
        or _SHIELD.search(passage.text, passage.start, passage.end) is not None
    )
