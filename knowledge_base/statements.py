"""What a clause says, to whom, how strongly: who is bound, who benefits, with what force.

The two questions are kept apart: a duty of banks is not a right of enterprises, and a county's
goal is not an amount. A segment without any marker inherits from its sentence, else is `unclear`.
"""

import re
from dataclasses import dataclass

# Markers of force, strongest reading first (contract, section 3 "Statements").
_FORCE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ceiling", re.compile(r"最高(可达|不超过|可)|不超过|可较.{0,20}提高|以内")),
    ("goal", re.compile(r"力争|努力(提升|实现)|目标是|到\d{4}年")),
    ("duty", re.compile(r"(机构|单位|部门|支局|银行|企业|人员)要|^要|应当|必须|不得")),
    ("encouragement", re.compile(r"鼓励|探索|积极|引导|大力发展|推动|推广|深化|拓展")),
    ("commitment", re.compile(r"予以|给予|按.{0,12}(补助|补贴|奖励)|一次性奖励")),
    ("duty", re.compile(r"落实|防止|定期")),
    ("encouragement", re.compile(r"支持")),
)
_BANKS = ("bank", "insurer")
_SUBJECTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(r"^力争|金融监管支局|各单位|主管部门要|各部门|各(乡镇|街道)|县(政府|财政)"),
        ("department",),
    ),
    (re.compile(r"银行保险机构|银行业保险业机构"), _BANKS),
    (re.compile(r"^(鼓励|支持)?(具备条件的)?(金融)?机构"), _BANKS),
    (re.compile(r"各银行|商业银行|^银行"), ("bank",)),
    (re.compile(r"保险(公司|机构)"), ("insurer",)),
    (re.compile(r"担保(机构|公司)"), ("guarantor",)),
    (re.compile(r"^(申报|申请)?(企业|单位)(应当|应|须|不得|要)|申请人(应|须)"), ("enterprise",)),
)
_BENEFITS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"企业|首贷户|经营主体|科技创新主体|产业链|产业转型|个体工商户"), "enterprise"),
    (re.compile(r"人才(?!队伍)"), "talent"),
    (re.compile(r"研究院|实验室|研发机构|新型研发|校\(院\)"), "research"),
    (re.compile(r"孵化|园区|科创平台|大孵化器"), "carrier"),
)
# Rules inside a bank or about its appraisal: they give a borrower nothing (seed inventory, I118, I120).
_BANK_INTERNAL = re.compile(
    r"容忍度|尽职免责|考核评价|通报表扬|“?敢贷|风险容忍|评估模型|内评估|风险补偿机制"
)
_RISK = re.compile(r"风险|防止|监测|挪用|跟踪关注")
_ADDRESSES_BANKS_AS_OBJECT = re.compile(r"^(组织|针对性做好|对)[^,，]{0,16}(银行保险)?机构")
_HEADING = re.compile(
    r"([(（][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、|\d+[.．、]).{2,28}"
)
_CARRIED = ("duty", "encouragement", "goal")
_SELF = re.compile(r"我(县|市|区|省)对")


@dataclass(frozen=True)
class Statement:
    """One span of a clause with its force; offsets count code points in `Document.text`."""

    start: int
    end: int
    bound: tuple[str, ...]
    benefits: tuple[str, ...]
    force: str


def read_statements(
    text: str, start: int, end: int, default: tuple[str, ...]
) -> tuple[Statement, ...]:
    """Statements of `text[start:end]`, in order, covering every sentence that has one.

    `default` is whom the document as a whole addresses; it is used where a sentence names nobody.
    """
    found: list[Statement] = []
    subject = default
    sentences = _pieces(text, start, end, "。;；!！?？\n")
    if len(sentences) > 1 and _HEADING.fullmatch(text[slice(*sentences[0])]):
        sentences = sentences[1:]  # a heading names the matter, it states nothing
    for s_start, s_end in sentences:
        carried: tuple[tuple[str, ...], str] | None = None
        for p_start, p_end in _pieces(text, s_start, s_end, ",，:："):
            piece = text[p_start:p_end]
            bound = _bound(piece)
            force = _force(piece)
            if bound and not _is_object(piece):
                subject = bound
            who = _who(piece, bound, subject)
            if force is None and carried is not None and not bound:
                who, force = carried
            label = force or "unclear"
            # A ceiling or a promise holds for its own words only, never for what follows it.
            carried = (who, label) if label in _CARRIED else carried
            found.append(Statement(p_start, p_end, who, _benefits(piece), label))
    return tuple(_merge(found, text))


def _pieces(text: str, start: int, end: int, stops: str) -> list[tuple[int, int]]:
    """Spans between the stop characters, without white space at their edges; stops stay out."""
    spans: list[tuple[int, int]] = []
    begin, depth = start, 0
    for index in range(start, end + 1):
        char = text[index] if index < end else stops[0]
        depth += (char in "(（“《") - (char in ")）”》")
        if char in stops and (depth <= 0 or index == end):
            while begin < index and text[begin].isspace():
                begin += 1
            if index > begin:
                spans.append((begin, index))
            begin, depth = index + 1, 0
    return spans


def _force(piece: str) -> str | None:
    return next((force for force, pattern in _FORCE if pattern.search(piece)), None)


def _bound(piece: str) -> tuple[str, ...]:
    if _SELF.search(piece):
        return ("department",)
    return next((parties for pattern, parties in _SUBJECTS if pattern.search(piece)), ())


def _is_object(piece: str) -> bool:
    return _ADDRESSES_BANKS_AS_OBJECT.search(piece) is not None


def _who(piece: str, bound: tuple[str, ...], subject: tuple[str, ...]) -> tuple[str, ...]:
    if _is_object(piece):
        return ("department",)
    return bound or subject


def _benefits(piece: str) -> tuple[str, ...]:
    if _BANK_INTERNAL.search(piece) or _is_object(piece):
        return _BANKS
    if _RISK.search(piece) and "保障" not in piece:
        return ()
    return tuple(party for pattern, party in _BENEFITS if pattern.search(piece))


def _merge(found: list[Statement], text: str) -> list[Statement]:
    """Join neighbours of one sentence that say the same to the same people."""
    merged: list[Statement] = []
    for statement in found:
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.force == statement.force
            and last.bound == statement.bound
            and not re.search(r"[。;；!！?？\n]", text[last.end : statement.start])
        ):
            benefits = tuple(dict.fromkeys((*last.benefits, *statement.benefits)))
            merged[-1] = Statement(last.start, statement.end, last.bound, benefits, last.force)
        else:
            merged.append(statement)
    return merged
