"""With what force a few words speak, read from the words of force in their order.

The rules, of which the first that applies wins (contract, section 3 "Statements"):
1. A list of responsible offices in brackets is a duty of those offices.
2. A definition, validity, basis, contact or report of what was achieved is information, to its end.
3. 力争 and 到2026年 make a goal, whatever follows.
4. A benefit denied (不予补助, 不再给予) is information, and a duty after 不得.
5. A cap (不超过, 最高) makes a ceiling, also in the same words as a promise: 「给予最高50万元奖励」
   promises nobody 50万元. A cap that only describes the applicant (不超过300万元的企业) is none.
6. 应当, 要, 不得 make a duty.
7. What stands around the paying word weakens it: 鼓励…给予 is an encouragement, 可…给予 leave
   (hedges.py).
8. 给予, 予以 and public money with a figure (奖励每家10万元, 按50%补贴) make a commitment; a
   sanction (予以处罚) is none.
9. 鼓励, 支持, 推动, 探索, 积极 make an encouragement.
10. 落实, 负责 and an instruction (加强, 建立), first or behind an office, are a duty, unless the
   sentence has already said something softer.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from knowledge_base.wording.facts import states, tells_time
from knowledge_base.wording.hedges import soften
from knowledge_base.wording.promises import read_promise
from knowledge_base.wording.wording import Word

_BRACKETS = re.compile(
    r"[(（][^()（）]*(?:责任单位|负责|牵头|指导|配合|参与|参加|落实)[^()（）]*[)）]"
)
_NUMBER = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]{1,6}条\s*|[(（]?[一二三四五六七八九十\d]{1,3}[)）.、．]\s*)?"
    r"(?:同时|此外|另外|其中|并|且|要)?[,，]?"
)
_YEAR = re.compile(r"(?<![年\d])(?:到|至)\s?20\d\d\s?年(?:底|末|前)?(?!\s?\d{1,2}\s?月)")
_SIZE = re.compile(r"[^,，。;；\n]{0,24}?(?:元|年|月|日|%|％|人|个|倍|项|次|家|岁|平方米|吨|分点)")
_OF = re.compile(
    r"(?:[(（][^()（）]{0,12}[)）]|以上|以内|以下|\s)?的(?![^,，。;；]{0,14}"
    r"(?:补助|补贴|奖励|奖补|贴息|资助|支持|资金|经费|优惠|一次性|比例|标准))"
)
_CLOSE = re.compile(
    r"(?:(?:以下|下列)(?:措施|意见|政策|规定|办法|条款)|本(?:条例|办法|规定|细则|意见|方案|通知|措施|法|标准)|如下|予以公布|印发给你们|精神|要求)[。:：;；]?$"
)
_ISSUES = re.compile(
    r"[,，]现(?:予以?|正式)?(?:发布|公布|印发|转发|下达|公告|通告)[^,，。;；]{0,50}$"
)
ADVERBIAL = re.compile(
    r"(?:[^,，。;；]{0,10}(?:机关|部门|[局委厅]|政府|中心)(?=在|自|接到|收到|按)|按照|根据|依据|围绕|依托|以|通过|在|对|为|针对(?!性)|结合|聚焦|坚持|充分|深入|进一步|依法|从|着眼|立足|紧紧"
    r"|及时|同时|(?:采取|采用)[^,，。]{1,20}(?:方式|形式)$)"
)
_SETTING = re.compile(
    r"(?:按照|根据|依据|围绕|聚焦|结合|针对(?!性)|依托|在[^,，。]{1,30}(?:下|中|上|时|后|前)$"
    r"|(?:采取|采用)[^,，。]{1,30}(?:方式|形式)$|[^,，。]{1,60}(?:后|时|之日起)$)"
)
_APPLIED = re.compile(r"(?:申请|获得|获|提供|发放|给予|享受)$")  # 可申请最高300万元的贷款
# After an instruction 推广 in front of these is a noun: 加强宣传推广和引导.
_NOUN = re.compile(
    r"$|[,，、和与及的等力]|工作|机制|体系|政策|措施|方案|计划|行动|引导|宣传|作用|条件|资金|平台|中心"
)
_PURPOSE = re.compile(
    r"为(?:了|进一步|深入|贯彻|更好|全面|加快|促进|推动|支持|规范|加强|落实|切实|做好|充分|有效|确保)"
)
BASIS_OPENING = re.compile(r"\s*(?:为|根据|依据|按照|依照|经|现)")
_BORNE = re.compile(
    r"承担|负担|免费提供|提供[^,，。;；]{0,4}免费|直接(?:上门|结算)|办理直接结算|责令"
)
# 已经征收的税款: what was done only describes a noun.
_UNDER_WAY_OF = re.compile(r"(?:已经|正在)[^,，的]{1,8}的")
_DEADLINE = re.compile(
    r"20\d\d\s?年[^,，。;；]{0,8}前(?:全部|基本|全面)?(?:完成|建成|办结|报送|到位)"
)
# 各有关部门…向社会公布: what all offices of a kind do is an order to them.
_OFFICES = re.compile(
    r"各(?!自)[^,，。;；]{0,14}(?:部门|单位|区|市|县|地|中心)[^,，。;；]{0,24}后?[^,，。;；]{0,12}(?:工作日|日|月底|月)[内前]"
)
_MANNER = re.compile(r"(?:等|要|共同|分别|认真|切实)?")
# 在推动工作中遇到的问题: a noun, whatever stands in it.
_MET = re.compile(r"在[^,，。;；]{1,24}[中时][^,，。;；的]{0,6}的[^,，。;；的]{1,6}$")
_NAME = 10  # signs a name may have before its last part: 县里的某某局
_AIMED = frozenset(("toward", "by", "setting"))
MOST = 200  # words weighed at once: no sentence has as many, and reading stays linear


class Reading(NamedTuple):
    """The force of a piece; a label of None says nothing.

    `weak` yields to what the sentence said before, `instruction` is weak for want of any word but
    a verb, and what `governs` (应当, not the looser 要) holds for the softer words after it too.
    What is `granted` is a benefit all the same, though at somebody's discretion.
    """

    label: str | None
    weak: bool = False
    instruction: bool = False
    governs: bool = False
    granted: bool = False


NOTHING = Reading(None)


def read_force(text: str, start: int, end: int, words: Sequence[Word]) -> Reading:
    """What one piece between two commas says by itself."""
    if text[start] in "(（" and _BRACKETS.match(text, start, end):
        return Reading("duty")
    if not words:
        return Reading("goal") if _aims(text, start, end) else NOTHING
    if states(text, start, end, words):
        return Reading("information")
    words = words[:MOST]
    first: dict[str, Word] = {}
    for word in words:
        for role in word.roles:
            first.setdefault(role, word)
    if "definition" in first:
        return Reading("information")
    if _goal(text, start, end, first):
        return Reading("goal")
    described = text[end - 1] == "的"  # 「未获得补助的,…」 only says whom the next words are about
    if "denial" in first and not _grants_first(first) and not _describes(text, first):
        if _forbids(text, first):
            return Reading("duty")
        return NOTHING if described else Reading("information")
    capped = next((w for w in words if "cap" in w.roles and _limits(text, w, end)), None)
    if capped is not None:
        return Reading("ceiling")
    return _graded(text, start, end, words, first)


def _graded(
    text: str, start: int, end: int, words: Sequence[Word], first: dict[str, Word]
) -> Reading:
    if _duty(text, start, first):
        return Reading("duty", governs=not text.startswith("要", first["duty"].start))
    opening = _NUMBER.match(text, start, end)
    begin = opening.end() if opening else start
    paid = read_promise(text, start, begin, end, words, first)
    leave = first.get("leave")
    softer = [first[role] for role in ("urge", "support") if role in first]
    # In 予以支持 the support is what is handed out: a noun.
    softer = [w for w in softer if not text.startswith(("给予", "予以"), max(start, w.start - 2))]
    steered = first.get("steer")
    # 经研究 tells how something was decided.
    if (
        steered is not None
        and steered.start <= begin + 2
        and not text.startswith("经", max(start, steered.start - 1))
    ):
        softer.append(steered)
    soft = min(softer, key=lambda w: w.start, default=None)
    if soft is not None and leave is not None and leave.start < soft.start:
        return Reading("information")
    told = first.get("instruction")
    instructs = told is not None and told.start <= begin
    if paid is None and _PURPOSE.match(text, begin, end):
        return NOTHING
    noun = soft is not None and _NOUN.match(text, soft.end, end) is not None
    if instructs and noun and paid is None and leave is None and "urge" not in first:
        return Reading("duty", weak=True, instruction=True)
    if paid is None and _SETTING.match(text, begin, end) and "urge" not in first:
        return NOTHING
    if soft is not None and paid is None and "urge" not in first and _MET.search(text, begin, end):
        return NOTHING
    if soft is not None and (paid is None or soft.start < paid.start):
        return Reading("encouragement")
    if leave is not None:
        return Reading("information")
    if paid is not None and text[end - 1] == "的":
        return NOTHING  # 给予企业补助的,应当公示
    if paid is not None:
        weaker = soften(text, start, end, paid)
        return Reading(weaker or "commitment", granted=weaker == "encouragement")
    return _unmarked(text, begin, end, words, first)


def _unmarked(
    text: str, begin: int, end: int, words: Sequence[Word], first: dict[str, Word]
) -> Reading:
    """What words say that neither promise, owe nor encourage: a task, a procedure, or nothing."""
    if "underway" in first:
        described = text[end - 1] == "的" or _UNDER_WAY_OF.search(text, begin, end)
        return NOTHING if described else Reading("information")
    if _DEADLINE.search(text, begin, end) or _OFFICES.match(text, begin, end):
        return Reading("duty", weak=True)
    if "task" in first:
        task = first["task"].start
        return Reading("duty", weak=not (text.startswith("落实", task) and task <= begin))
    if "by" in first and text.startswith("由", first["by"].start):
        borne = _BORNE.search(text, first["by"].end, end)
        return Reading("duty" if borne else "information", weak=True)
    told = first.get("instruction")
    if (told is not None and (told.start <= begin or _ordered(text, begin, told, words))) or (
        text.startswith(("为", "向"), begin) and "提供" in text[begin:end]
    ):
        return Reading("duty", weak=True, instruction=True)
    return NOTHING


def _ordered(text: str, begin: int, told: Word, words: Sequence[Word]) -> bool:
    """Whether an office is the subject right before an instruction: 县科技局加强协调."""
    before = next((w for w in reversed(words) if w.end <= told.start), None)
    opens = words[0].start - begin <= _NAME and not any(w.roles & _AIMED for w in words[:1])
    return (
        before is not None
        and opens
        and before.parties == ("department",)
        and _MANNER.fullmatch(text, before.end, told.start) is not None
        and not any(w.start < before.start and not w.parties for w in words)
    )


def _aims(text: str, start: int, end: int) -> bool:
    """Whether words begin with a year something is aimed at: 到2027年, not 至2027年3月."""
    year = _YEAR.search(text, start, min(end, start + 40))
    return (
        year is not None and year.start() < start + 24 and not tells_time(text, start, year.start())
    )


def _goal(text: str, start: int, end: int, first: dict[str, Word]) -> bool:
    if _aims(text, start, end):
        return True
    aim, owed = first.get("goal"), first.get("duty")
    # 「要积极争取」 is owed, 「要力争」 is striven for.
    # 实现发展目标的企业: a noun.
    return (
        aim is not None
        and not text.startswith("的", aim.end)
        and (owed is None or owed.start > aim.start or text.startswith("力争", aim.start))
    )


def _forbids(text: str, first: dict[str, Word]) -> bool:
    denied = first["denial"].start
    owed = first.get("duty")
    return text.startswith("不得", denied) or (owed is not None and owed.start < denied)


def _describes(text: str, first: dict[str, Word]) -> bool:
    """Whether a benefit not had only describes who is paid: 对未获得资助的产品予以奖励."""
    denied, paid = first["denial"], first.get("pay")
    return (
        paid is not None
        and text.startswith("未", denied.start)
        and text.find("的", denied.end, paid.start) >= 0
    )


def _grants_first(first: dict[str, Word]) -> bool:
    return "pay" in first and first["pay"].start < first["denial"].start


def _limits(text: str, cap: Word, end: int) -> bool:
    """Whether a cap limits something, instead of describing whom a sentence is about."""
    if text.startswith("最", cap.start) or text.startswith("只", cap.start):
        after = text[cap.end : cap.end + 14]
        if text[cap.start : cap.end] in ("最高", "最大", "最长") and not re.match(
            r"\s*(?:[\d一二三四五六七八九十百千万]|可|不|补|奖|给|贴|资|支|为|按|额|限|年)", after
        ):
            return False
    if text.startswith("以内", cap.start):
        return re.search(r"\d", text[max(0, cap.start - 6) : cap.start]) is not None and (
            not text.startswith("的", cap.end)
        )
    if _APPLIED.search(text, max(0, cap.start - 3), cap.start):
        return True
    size = _SIZE.match(text, cap.end, end)
    return size is None or _OF.match(text, size.end(), end) is None


def _duty(text: str, start: int, first: dict[str, Word]) -> bool:
    duty = first.get("duty")
    if duty is None:
        return False
    # 「对应当由政府承担的费用,给予补助」: the duty only describes the costs.
    described = text.startswith("对应当", duty.start) or text[max(start, duty.start - 1)] == "对"
    paid = first.get("pay")
    return not (described and paid is not None and duty.start < paid.start)


def is_basis(text: str, start: int, end: int) -> bool:
    """Whether a whole sentence only says on what ground, or for what purpose, a text is issued."""
    return BASIS_OPENING.match(text, start, end) is not None and (
        _CLOSE.search(text, max(start, end - 16), end) is not None
        or _ISSUES.search(text, max(start, end - 60), end) is not None
    )
