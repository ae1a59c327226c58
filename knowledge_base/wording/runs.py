"""Pieces between two commas, joined into runs of one force: what a sentence says, in order.

Words without a force of their own wait for the next that has one (「对…的企业」), or go on as the
sentence began; a promise and a ceiling hold for their own words only.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge_base.wording.forces import ADVERBIAL, NOTHING, Reading, read_force
from knowledge_base.wording.hedges import delegates, is_lent, opens, settles, urges_lenders
from knowledge_base.wording.wording import Word

_COMMAS = re.compile(r"[,，:：]")
_CONDITION = re.compile(r"(?:对|经|如|若|凡|符合|年度|每|被|其中)")
_ASIDE = re.compile(r"(?:以|按照?|根据|依据|通过|在|依托|围绕|结合|聚焦)")
_DEFINES = re.compile(r"[^,，。;；:：\n]{1,60}?(?:是指|系指|指的是)")
_DONE = re.compile(
    r"取得(?:了)?[^,，。;；]{0,10}(?:成效|成绩|进展|突破|成果)(?:$|,)|成效(?:显著|明显)$"
)
# 网站是公开的窗口, and 有利于…, 发挥了…作用: a judgement, which asks nothing.
_IS = re.compile(
    r"(?:[一二三四五六七八九十\d]{1,3}[、.．])?\s*[^,，。;；:：\n]{2,16}(?<![就也还都若如只或凡或但先便更又不而正于要别点标其须可总即会算])"
    r"是(?!否|指|为了|以|将|要|在|由)"
)
_MATTERS = re.compile(
    r"(?:必将|将)?(?:有利于|有助于)|[^,，]{0,12}(?:发挥了|具有|起到了?)[^,，]{0,10}(?:作用|意义)$"
)
_BENEFIT = "(?:补助|补贴|奖励|奖补|奖|扶持|支持|资助|优惠|贴息)"
# 「给予以下奖励:」 and 「按以下标准予以补助:」, but not 「符合以下条件的,给予奖励:」.
_OPENS = re.compile(
    rf"(?:以下|下列|如下|相应|分别|一次性)[^,，。;；:：条件材料]{{0,10}}{_BENEFIT}[^,，。;；:：]{{0,4}}$"
    rf"|(?:给予|予以){_BENEFIT}$|{_BENEFIT}(?:标准)?(?:如下|为)$"
)
_CASES = re.compile(r"(?:以下|下列|如下|上述)[^,，。;；:：]{0,6}(?:条件|情形|要求|材料|之一)")
_ITEM = re.compile(
    rf"(?<!不低于)(?<!不少于)(?<!达到)(?<!超过)(?<!超)(?<!满)(?<![\d.])\d[\d.]{{0,12}}\s?"
    rf"(?:[万亿]?元|[%％])(?:/[^,，]{{1,4}})?(?:的?(?:一次性)?{_BENEFIT})?$"
)
_OUTCOMES = re.compile(r"促进")
_STATES = re.compile(r"\s*(?:既|也|更|又|才|不仅|都)?是(?!否)")
_UNPROMISED = frozenset(("denial", "leave", "definition", "underway", "goal"))
_ADVERBS = re.compile(r"积极|大力|加快|着力|推进|深化|拓展|拓宽")
_GOES_ON = ("duty", "encouragement", "goal", "information")


class Piece(NamedTuple):
    """Words between two commas: where they stand and what they say by themselves."""

    start: int
    end: int
    words: list[Word]
    reading: Reading


@dataclass(slots=True)
class _Waiting:
    """Pieces without a force that wait for one: all asides (按…, 以…), all adverbials?"""

    pieces: list[Piece] = field(default_factory=list)
    aside: bool = True
    adverbial: bool = True

    def add(self, text: str, piece: Piece) -> None:
        """One more piece."""
        self.pieces.append(piece)
        self.aside = self.aside and _ASIDE.match(text, piece.start, piece.end) is not None
        self.adverbial = (
            self.adverbial and ADVERBIAL.match(text, piece.start, piece.end) is not None
        )


def read_pieces(
    text: str, start: int, end: int, words: list[Word], hidden: list[tuple[int, int]]
) -> list[Piece]:
    """The words between the commas of a sentence that stand outside brackets and quotation marks."""
    pieces: list[Piece] = []
    begin, position = start, 0
    inside = bisect_left(hidden, (start, 0))
    for at in [*(one.start() for one in _COMMAS.finditer(text, start, end)), end]:
        while inside < len(hidden) and hidden[inside][1] <= at:
            inside += 1
        if at < end and inside < len(hidden) and hidden[inside][0] <= at:
            continue
        first = position
        while position < len(words) and words[position].start < at:
            position += 1
        while begin < at and text[begin].isspace():
            begin += 1
        if at > begin:
            own = words[first:position]
            pieces.append(Piece(begin, at, own, read_force(text, begin, at, own)))
        begin = at + 1
    return pieces


def promised_items(text: str, pieces: list[Piece], promised: bool) -> tuple[list[Piece], bool]:
    """Items of a promise made over a colon are promises too; and whether more may follow."""
    if not pieces:
        return pieces, promised
    begin, stop = pieces[0].start, pieces[-1].end + 1
    if not promised and text.find(":", begin, stop) < 0 and text.find("：", begin, stop) < 0:
        return pieces, False
    found, items, opened = list[Piece](), False, False
    for piece in pieces:
        amount = _ITEM.search(text, max(piece.start, piece.end - 40), piece.end)
        plain = piece.reading.label in (None, "information") and not any(
            w.roles & _UNPROMISED for w in piece.words
        )
        if promised and amount and plain:
            piece, items = piece._replace(reading=Reading("commitment")), True
        found.append(piece)
        if text[piece.end : piece.end + 1] in (":", "：") and (
            _OPENS.search(text, max(piece.start, piece.end - 40), piece.end)
        ):
            begin = max(pieces[0].start, piece.end - 120)
            cases = _CASES.search(text, begin, piece.end) is not None
            weaker = opens(text, piece.start, piece.end, piece.reading.label, piece.words)
            promised = opened = not cases and weaker is None
    return found, promised and (items or opened)


def leaves(text: str, pieces: list[Piece]) -> str | None:
    """The force that words before a colon leave to the grants listed behind it, if less."""
    opened = (p for p in reversed(pieces) if text.startswith((":", "："), p.end))
    last = next(opened, None)
    if last is None:
        return None
    return opens(text, last.start, last.end, last.reading.label, last.words)


def join_runs(
    text: str, pieces: list[Piece], basis: bool, weaker: str | None = None
) -> list[Piece]:
    """Pieces with a force each: what has none joins what follows, else what went before.

    `weaker` is the force that a list before left to the grants in it.
    """
    if pieces and (
        basis
        or any("report" in w.roles for w in pieces[0].words)
        or _is_listed(text, pieces)
        or _tells(text, pieces)
    ):
        return [_joined(pieces, Reading("information"))]
    pieces = _softened(text, pieces, weaker)
    runs: list[tuple[list[Piece], Reading]] = []
    waiting = _Waiting()
    for piece in pieces:
        reading = _in_context(text, piece, runs[-1][1] if runs else NOTHING, waiting)
        if reading is not None and reading.label is None:
            waiting.add(text, piece)
            continue
        if reading is None:
            runs[-1][0].extend([*waiting.pieces, piece])
        else:
            runs.append(([*waiting.pieces, piece], reading))
        waiting = _Waiting()
    if waiting.pieces:
        if runs and runs[-1][1].label in _GOES_ON:
            runs[-1][0].extend(waiting.pieces)
        else:
            runs.append((waiting.pieces, NOTHING))
    return [_joined(own, reading) for own, reading in runs]


def _softened(text: str, pieces: list[Piece], weaker: str | None) -> list[Piece]:
    """Promises behind a comma take the force of what weakens them before it."""
    if not any(piece.reading.label == "commitment" for piece in pieces):
        return pieces
    found: list[Piece] = []
    delegated, lenders = None, False
    if weaker is None and any(settles(text, p.start, p.end) for p in pieces):
        weaker = "encouragement"
    for piece in pieces:
        start, end, label = piece.start, piece.end, piece.reading.label
        if label == "commitment":
            by_others = delegated or (
                "encouragement" if lenders and is_lent(text, start, end) else None
            )
            mine = weaker or (None if _gives_anew(text, piece) else by_others)
            if mine:
                granted = mine != "information"
                piece = piece._replace(reading=Reading(mine, granted=granted))
        else:
            weaker = opens(text, start, end, label, piece.words) or weaker
            held = None if label == "duty" else delegated
            delegated = delegates(text, start, end, label) or held
            lenders = lenders or urges_lenders(text, start, end)
        found.append(piece)
    return found


def _gives_anew(text: str, piece: Piece) -> bool:
    """Whether a promise is made to or by an office told apart: 市财政给予, 对成效明显的镇给予."""
    named = next((w for w in piece.words if w.parties), None)
    if named is None or named.parties != ("department",):
        return False
    pointed = text.startswith("对", piece.start)
    return (
        all(w.parties in ((), ("department",)) for w in piece.words)
        if pointed
        else named.start == piece.start
    )


def _tells(text: str, pieces: list[Piece]) -> bool:
    """Whether a sentence defines a term, or reports what was achieved."""
    begin, end = pieces[0].start, pieces[-1].end
    if text.find("指", begin, end) >= 0 and _DEFINES.match(text, begin, pieces[0].end):
        return True
    if any(p.reading.label == "goal" for p in pieces):
        return False
    owed = frozenset(("duty", "pay", "goal", "urge", "cap", "leave", "task"))
    owes = any(w.roles & owed for p in pieces for w in p.words)
    if not owes and (_IS.match(text, begin, end) or any(_matters(text, p) for p in pieces)):
        return True
    if text.find("取得", begin, end) < 0 and text.find("成效", begin, end) < 0:
        return False
    if not any(_DONE.search(text, max(p.start, p.end - 20), p.end) for p in pieces):
        return False
    owed = frozenset(("duty", "pay", "goal", "urge"))
    return not any(w.roles & owed for p in pieces for w in p.words)


def _matters(text: str, piece: Piece) -> bool:
    """Whether words tell what a thing is good for: 有利于稳定就业."""
    return _MATTERS.match(text, piece.start, piece.end) is not None


def _is_listed(text: str, pieces: list[Piece]) -> bool:
    """Whether a sentence is one case of a list: 「应受到信用惩戒的;」."""
    end = pieces[-1].end
    return (
        text[end - 1] == "的"
        and not text.startswith("目", end - 2)
        and not any(piece.reading.label in ("commitment", "ceiling") for piece in pieces)
    )


def _in_context(text: str, piece: Piece, said: Reading, waiting: _Waiting) -> Reading | None:
    """What a piece says after the ones before it; None where it goes on as its sentence began."""
    reading = piece.reading
    if reading.granted:
        return reading
    if reading.label == "encouragement" and _STATES.match(text, piece.start, piece.end):
        return Reading("information")  # 是推动改革的重要举措
    if said.governs and reading.label == "encouragement":
        urges = any("urge" in w.roles for w in piece.words)
        return reading if urges or waiting.pieces else None  # 应当…,推动…: one duty
    if said.label == "duty" and reading.label == "encouragement":
        soft = next(w for w in piece.words if w.roles & {"urge", "support", "steer"})
        goes_on = _OUTCOMES if said.weak else _ADVERBS
        if not waiting.pieces and goes_on.match(text, soft.start):
            return None  # 要…,积极… and 完善…,促进…: what is owed goes on
    if reading.label is None or reading.weak:
        condition = _CONDITION.match(text, piece.start, piece.end) or text[piece.end - 1] == "的"
        if said.label in ("duty", "encouragement", "goal") and waiting.aside and not condition:
            return reading if reading.label is None and _ASIDE.match(text, piece.start) else None
        if reading.instruction and not waiting.adverbial:
            return NOTHING
    return reading


def _joined(pieces: list[Piece], reading: Reading) -> Piece:
    words = pieces[0].words if len(pieces) == 1 else [w for piece in pieces for w in piece.words]
    return Piece(pieces[0].start, pieces[-1].end, words, reading)
