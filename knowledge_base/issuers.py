"""Who issued a document and signed it when: title, signature, letterhead and 文号, in that order."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from knowledge_base.dates import dates_in
from knowledge_base.numbers import NumberedWords
from knowledge_base.pieces import HEADED, ORGAN_END, SIGNER, Piece
from knowledge_base.titles import squeeze
from knowledge_base.widths import half_width

_ORGAN = re.compile(rf"^[\u4e00-\u9fff()·“”\"\d—]{{1,50}}?(?:{ORGAN_END})(?:\([^()]{{1,20}}\))?$")
_BEFORE_TITLE = re.compile(r"关于|印发|转发|批转|公布|发布|对(?!外|口|台)|办理")
_AGENT = re.compile(r"^\([^()]{2,40}(?:代章|盖章|章|代)\)$")


def split_issuers(written: str) -> tuple[str, ...]:
    """Joint issuers in printed order: parted by 、 spaces or a repeated place name."""
    written = re.sub(r"\([^()]{0,40}章\)", "", squeeze(half_width(written)))
    written = re.sub(r"等\S{0,6}部门?$|等$", "", written.strip(" ,、"))
    parts = [p.strip("()") if p.startswith("(") else p for p in re.split(r"[、,;\s\n]+", written)]
    found: list[str] = []
    for part in parts:
        place = re.match(r"[\u4e00-\u9fff]{1,6}?[省市县区]", part)
        cuts = [0]
        if place:
            for again in re.finditer(re.escape(place[0]), part[1:]):
                if re.search(rf"(?:{ORGAN_END})$", part[: again.start() + 1]):
                    cuts.append(again.start() + 1)
        found += [part[a:b] for a, b in zip(cuts, [*cuts[1:], len(part)], strict=True)]
    return tuple(dict.fromkeys(part for part in found if part))


def issuers_of_title(title: str) -> tuple[str, ...]:
    """Organs a title begins with, as 财政部 税务总局关于…; () when it names none."""
    plain = re.sub(r"^\([^()]{1,6}\)", "", half_width(title))  # (转载)
    for stop in _BEFORE_TITLE.finditer(plain[:120]):
        prefix = plain[: stop.start()].strip()
        if not prefix:
            return ()
        parts = split_issuers(prefix)
        if parts and all(_ORGAN.match(part) for part in parts):
            return parts
    made = re.match(rf"^([\u4e00-\u9fff]{{2,30}}?(?:{ORGAN_END}))(?:公告|通告|令)", plain)
    return (made[1],) if made else ()


def read_issuers(
    title: str,
    fields: Mapping[str, str],
    pieces: Sequence[Piece],
    body_start: int,
    numbers: tuple[NumberedWords, ...],
) -> tuple[tuple[str, ...], date | None]:
    """Issuers in printed order, and the day of their signature."""
    titled = issuers_of_title(title)
    several = re.match(r"^[^关《]{2,40}等\S{0,6}部门", half_width(title)) is not None
    signed, day = _signature(pieces, body_start, titled)
    if "issuer" in fields:
        return split_issuers(fields["issuer"]), day
    if titled and not (several and len(signed) > 1):
        return titled, day
    if signed:
        return signed, day
    for piece in pieces[:20]:
        if headed := HEADED.match(piece.text):
            return split_issuers(headed[1].removeprefix("中华人民共和国")), day
    for words in numbers:
        if made := re.match(rf"^(.{{2,30}}?(?:{ORGAN_END}))(?:令|公告|通告)$", words.prefix):
            return (made[1],), day
    return (), day


def _signature(
    pieces: Sequence[Piece], start: int, titled: Sequence[str]
) -> tuple[tuple[str, ...], date | None]:
    """The first organs with a date below them (or on their line) after the title.

    A title's own issuer must be among them: a report passed on carries its author's signature.
    Without organs the date below a chief's name, or the one that closes the text, is the day.
    """
    lonely: date | None = None
    for index, piece in enumerate(pieces):
        if piece.start < start:
            continue
        found = _dated_end(piece.text)
        if found is None:
            continue
        before, day = found
        organs = _organ_run(before) if before else _organs_above(pieces, index)
        chief = SIGNER.match(before or (pieces[index - 1].text if index else ""))
        if organs and (not titled or _related(organs, titled)):
            return organs, day
        if chief:
            return ((chief[1],) if chief[1] and _ORGAN.match(chief[1]) else ()), day
        if not organs and not before and (index < 14 or index >= len(pieces) - 6):
            lonely = lonely or day
    return (), lonely


def _dated_end(text: str) -> tuple[str, date] | None:
    """Words before a date that ends a line (a note in brackets may follow), and the date."""
    tail = text[-120:]
    for dated in dates_in(tail):
        if dated.first is None or dated.first != dated.last:
            continue
        rest = tail[dated.end :]
        if rest.strip(" )") and not (
            dated.start < 12 and re.match(r"\s?(?:\(|注释|附件|附:|链接)", rest)
        ):
            continue
        before = re.split(r"[。;!:]", tail[: dated.start].strip(" ("))[-1].strip()
        return before, dated.first
    return None


def _organ_run(written: str) -> tuple[str, ...]:
    parts = split_issuers(written)
    return parts if parts and all(_ORGAN.match(part) for part in parts) else ()


def _organs_above(pieces: Sequence[Piece], index: int) -> tuple[str, ...]:
    found: list[str] = []
    for piece in reversed(pieces[max(0, index - 14) : index]):
        if _AGENT.match(piece.text):
            continue
        if len(piece.text) > 60 or not (organs := _organ_run(piece.text)):
            # The last line of a flattened paragraph: …，请遵照执行。财政部
            organs = (
                _organ_run(re.split(r"[。;]", piece.text[-60:])[-1]) if "。" in piece.text else ()
            )
            found = [*organs, *found]
            break
        found = [*organs, *found]
    return tuple(dict.fromkeys(found))


def _related(organs: Sequence[str], titled: Sequence[str]) -> bool:
    return any(a in b or b in a for a in organs for b in titled)
