"""What a clause says, to whom, how strongly: who is bound, who benefits, with what force.

A statement is the longest run of words of one sentence with one force and the same parties bound.
Words that only say when or for whom (「对…的企业」) belong to what follows them; words without any
force of their own go on as the sentence began, but a promise and a ceiling hold for their own
words only. What says nothing of the kind is information where it states a fact, else `unclear`.
"""

import re
from dataclasses import dataclass, replace

from knowledge_base.wording.forces import MOST, is_basis
from knowledge_base.wording.mentions import Passage
from knowledge_base.wording.parties import read_parties
from knowledge_base.wording.runs import Piece, join_runs, leaves, promised_items, read_pieces
from knowledge_base.wording.wording import Word, load_wording

_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十百\d]{1,6}条\s*|[(（]\d{1,3}[)）]|\d{1,3}[.．、])\s*[^,，:：]{2,28}"
    r"|(?:[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)\s*[^:：]{2,28}"
)
# 关于支持…的若干措施, and 某县支持…若干措施 on a line of its own: the name of a text.
_TITLE = re.compile(
    r"(?!(?:[^关\n]|关(?!于)){0,40}(?:贯彻|落实|执行|按照|根据|依据|学习|抓好|制定|出台))"
    r"[^,，。;；:：\n]{0,40}?关于[^。;；:：\n]{2,80}的[^,，。;；:：\n的]{0,8}"
    r"(?:措施|政策|意见|通知|办法|规定|细则|方案|条例|计划|公告|通告|决定|批复|函|规划|要点|指南|指引|通报)"
    r"(?:[(（][^()（）]{1,12}[)）])?"
    r"|(?!实施|开展|推进|启动|组织)(?![^\n]{0,60}(?:制定|制订|出台|修订|编制|落实|执行|贯彻|印发|完善|根据|按照|依据|发布))"
    r"(?:[^,，。;；:：\n]{4,50}(?:若干(?:措施|政策|意见|规定)|实施(?:办法|细则|方案|意见)|行动(?:计划|方案)"
    r"|(?:管理|暂行|奖励|资助|扶持)办法|条例)"
    r"|[^,，。;；:：\n]{0,12}(?:鼓励|支持|促进|扶持)[^,，。;；:：\n]{2,40}(?:办法|规定))"
    r"(?:[(（][^()（）]{1,12}[)）])?"
)
_NAMED = frozenset("施策见知法定则案例划告复函点南引报)）")  # the last signs of such a name
_RESPONSIBLE = re.compile(r"[(（](?=[^()（）]*(?:责任单位|负责|牵头|指导|配合))[^()（）]*[)）]")
# What stands in brackets, quotation marks or a title on one line, if it is closed soon.
_QUOTED = re.compile(
    r"[(（][^()（）\n]{0,240}[)）]|“[^“”\n。；]{0,40}”|《[^《》\n]{0,120}》"
    r"|‘[^‘’\n。；]{0,40}’|「[^「」\n。；]{0,40}」|『[^『』\n。；]{0,40}』|\"[^\"\n。；]{0,40}\""
)
_ENDS = re.compile(r"[。;；!！?？→\n]")
# 「对…的企业；」 and on the next line 「给予…奖励」: a condition printed as an item of its own.
_LISTED = re.compile(
    r"[ \t\u3000]{0,8}\n[ \t\u3000]{0,8}(?:(?:分别|一次性)?(?:给予|予以)|占|应在"
    r"|按[^,，。;；\n]{1,40}(?:给予|予以|补助|奖励|补贴))"
)
_CASE = re.compile(r"[ \t\u3000]{0,8}(?:[(（]?\d{1,2}[)）.、．])?(?:对|凡|占|符合|同一)")
_BEGINS = re.compile(r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[^\n]{1,6}[章条节])")
_WRAPPED = 22  # signs on a line from which a line break without a stop is taken for a wrapped line
_STOPS = "。;；!！?？→"
_LINE_ENDS = _STOPS + ":："
_APPLICANTS = ("enterprise", "research", "carrier", "talent", "other")
# 纳税人本人或者其配偶: the law on the tax of persons, where a taxpayer is no firm.
_PERSON = re.compile(r"纳税人(?:本人|的?子女|的?父母|的?配偶|及其配偶|未成年|为独生子女)")
_NO_ROLES: frozenset[str] = frozenset()
_SHORT = 6  # signs below which words without a verb are no sentence
_FACTS = frozenset(("fact", "money"))
_ASSERTS = frozenset(("duty", "cap", "pay", "leave"))


@dataclass(frozen=True)
class Statement:
    """One span of a clause with its force; offsets count code points in `Document.text`."""

    start: int
    end: int
    bound: tuple[str, ...]
    benefits: tuple[str, ...]
    force: str


@dataclass(frozen=True, slots=True)
class _Heard:
    """What earlier sentences of the clause named: who owes, gains or applies; whether items of a
    promise follow (给予以下奖励:), or of what is none (可给予以下奖励:), which then is `weaker`."""

    subject: tuple[str, ...] = ()
    gain: tuple[str, ...] = ()
    applicant: tuple[str, ...] = ()
    promised: bool = False
    weaker: str | None = None


def read_statements(
    text: str, start: int, end: int, default: tuple[str, ...]
) -> tuple[Statement, ...]:
    """Statements of `text[start:end]`, in order, covering every sentence that has one.

    `default` is whom the document as a whole addresses; it is used where a sentence names nobody.
    """
    hidden = [one.span() for one in _QUOTED.finditer(text, start, end)]
    sentences = _sentences(text, start, end, hidden)
    words = _visible(load_wording().find(text, start, end), hidden)
    if _PERSON.search(text, start, end):
        words = [_as_person(text, word) for word in words]
    found: list[Statement] = []
    firms = any("enterprise" in word.parties for word in words)
    heard = _Heard(applicant=("enterprise",) if firms else ())
    spoken = sum(not _is_responsible(text, *one) for one in sentences)
    position = 0
    for number, (first, last) in enumerate(sentences):
        begin = position
        while position < len(words) and words[position].start < last:
            position += 1
        own = words[begin:position]
        stated, heard = _read_sentence(text, first, last, own, default, heard, hidden)
        # A heading names the matter and whom it is about; it states nothing.
        if number or spoken == 1 or not _is_heading(text, first, last, own):
            found += _merge(stated)
    return tuple(found)


def _as_person(text: str, word: Word) -> Word:
    return word._replace(parties=("other",)) if text.startswith("纳税人", word.start) else word


def _read_sentence(
    text: str,
    start: int,
    end: int,
    words: list[Word],
    default: tuple[str, ...],
    heard: "_Heard",
    hidden: list[tuple[int, int]],
) -> tuple[list[Statement], "_Heard"]:
    if _is_responsible(text, start, end):
        return [Statement(start, end, ("department",), (), "duty")], heard
    if text[end - 1] in _NAMED and end - start < 160 and _TITLE.fullmatch(text, start, end):
        return [Statement(start, end, (), (), "information")], heard
    stated: list[Statement] = []
    pieces, promised = promised_items(
        text, read_pieces(text, start, end, words, hidden), heard.promised
    )
    if promised != heard.promised:
        heard = replace(heard, promised=promised)
    item = text[start] != "第" and _BEGINS.match(text, start) is not None
    listed = item or text[start - 1 : start] in (";", "；")
    before = heard.weaker if listed else None
    weaker = leaves(text, pieces) or before
    if weaker != heard.weaker:
        heard = replace(heard, weaker=weaker)
    for run in join_runs(text, pieces, is_basis(text, start, end), before):
        force = run.reading.label or _plain(run, end - start)
        roles = _NO_ROLES.union(*[w.roles for w in run.words])
        paying = "commitment" if run.reading.granted else force
        passage = Passage(text, run.start, run.end, run.words[:MOST], paying, default, roles)
        parties = read_parties(passage, heard.subject, heard.gain or heard.applicant)
        if parties.named and force in ("duty", "goal"):
            heard = replace(heard, subject=parties.named)
        applicant = tuple(p for p in parties.named if p in _APPLICANTS)
        if applicant and applicant != heard.applicant:
            heard = replace(heard, applicant=applicant)
        gain = tuple(p for p in parties.benefits if p != "department")
        if force in ("encouragement", "commitment", "ceiling") and gain and gain != heard.gain:
            heard = replace(heard, gain=gain)
        stated.append(Statement(run.start, run.end, parties.bound, parties.benefits, force))
    return stated, heard


def _is_responsible(text: str, start: int, end: int) -> bool:
    return text[start] in "(（" and _RESPONSIBLE.fullmatch(text, start, end) is not None


def _visible(words: list[Word], hidden: list[tuple[int, int]]) -> list[Word]:
    """Words that stand outside brackets, quotation marks and titles: what is said, not named."""
    if not hidden:
        return words
    kept: list[Word] = []
    at = 0
    for word in words:
        while at < len(hidden) and hidden[at][1] <= word.start:
            at += 1
        if at == len(hidden) or word.start < hidden[at][0]:
            kept.append(word)
    return kept


def _sentences(
    text: str, start: int, end: int, hidden: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Spans up to a full stop or semicolon; a bracketed list of offices is a sentence of its own."""
    cuts: list[int] = []
    line, at_hidden = start, 0
    for one in _ENDS.finditer(text, start, end):
        at = one.start()
        while at_hidden < len(hidden) and hidden[at_hidden][1] <= at:
            at_hidden += 1
        inside = at_hidden < len(hidden) and hidden[at_hidden][0] <= at
        if text[at] == "\n":
            if not inside and not _is_wrapped(text, line, at) and not _goes_on(text, line, at, end):
                cuts.append(at)
            line = at + 1
        elif not inside and not _goes_on(text, line, at, end):
            cuts.append(at)
    for left, right in hidden:
        if text[left] in "(（" and _RESPONSIBLE.fullmatch(text, left, right):
            cuts += [left, right]
    spans: list[tuple[int, int]] = []
    begin = start
    for cut in [*sorted(cuts), end]:
        while begin < cut and (text[begin].isspace() or text[begin] in _STOPS):
            begin += 1
        stop = cut
        while stop > begin and text[stop - 1].isspace():
            stop -= 1
        if stop > begin:
            spans.append((begin, stop))
        begin = max(begin, cut)
    return spans


def _goes_on(text: str, line: int, at: int, end: int) -> bool:
    """Whether the stop or line end at `at` only closes a condition: 「对…的企业；」, 「给予…」."""
    if text[at] == "\n":
        at -= 1
    return text[at] in ";；" and (
        _LISTED.match(text, at + 1, end) is not None
        and (text[at - 1] == "的" or _CASE.match(text, line, at) is not None)
    )


def _is_wrapped(text: str, line: int, at: int) -> bool:
    """Whether a line break only wraps a line: the line is long and the sentence goes on."""
    return (
        at - line >= _WRAPPED
        and text[at - 1] not in _LINE_ENDS
        and (_BEGINS.match(text, at + 1) is None)
    )


def _is_heading(text: str, start: int, end: int, words: list[Word]) -> bool:
    if _HEADING.fullmatch(text, start, end) is None or any(w.roles & _ASSERTS for w in words):
        return False
    stopped = text.startswith("。", end)
    told = any("definition" in w.roles for w in words)
    urged = text[start].isdigit() and any("urge" in w.roles for w in words)
    return not (stopped and (told or (urged and any(w.parties for w in words))))


def _plain(run: Piece, sentence: int) -> str:
    """A sentence without a word of force states a fact; what is left over of one may not."""
    whole = run.end - run.start == sentence and sentence >= _SHORT
    return "information" if whole or any(w.roles & _FACTS for w in run.words) else "unclear"


def _merge(found: list[Statement]) -> list[Statement]:
    """Join neighbours of one sentence that say the same to the same people."""
    merged: list[Statement] = []
    for one in found:
        last = merged[-1] if merged else None
        if last is not None and (last.force, last.bound) == (one.force, one.bound):
            benefits = tuple(dict.fromkeys((*last.benefits, *one.benefits)))
            merged[-1] = Statement(last.start, one.end, last.bound, benefits, last.force)
        else:
            merged.append(one)
    return merged
