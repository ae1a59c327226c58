"""Who issued a document and signed it when: title, signature, letterhead and 文号, in that order."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date

from knowledge_base.header.dates import dates_in
from knowledge_base.header.numbers import NumberedWords
from knowledge_base.header.pieces import HEADED, ORGAN_END, SIGNER, Piece, is_menu, unspaced
from knowledge_base.header.title_lines import squeeze
from knowledge_base.header.widths import half_width

_ORGAN = re.compile(rf"^[\u4e00-\u9fff()·“”\"\d—]{{1,50}}?(?:{ORGAN_END})(?:\([^()]{{1,20}}\))?$")
_BEFORE_TITLE = re.compile(r"关于|印发|转发|批转|公布|发布|对(?!外|口|台)|办理")
# What may follow a signature's date on its line: notes of the foot, or the title of what is issued.
_AFTER_DAY = re.compile(
    r"\s?(?:\(|注释|注:|附件|附:|附表|链接|相关链接|抄送|分送|主送|联系|主题词|公开方式|责任编辑|扫一扫)"
)
_NO_DAY = re.compile(
    r"\s?(?:[,、;至到—~-]|前|后|起|止|以|之|的|召开|在|第|(?:\S{0,6})(?:印发|发布|公布|下发|颁布|施行|实施|通过|批准))"
)
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
    made = re.match(rf"^([\u4e00-\u9fff]{{2,50}}?(?:{ORGAN_END}))(?:公告|通告|令)", plain)
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
    passed_on = re.search(r"转发|批转", title) is not None
    several = re.match(r"^[^关《]{2,40}等\S{0,6}部门", half_width(title)) is not None
    signed, day = _signature(pieces, body_start, titled if passed_on else ())
    if "issuer" in fields:
        return split_issuers(fields["issuer"]), day
    headed = next((found for p in pieces[:20] if (found := HEADED.match(unspaced(p.text)))), None)
    above = split_issuers(headed[1].removeprefix("中华人民共和国")) if headed else ()
    if titled and not (several and len(signed) > 1):
        return tuple(_fuller(name, (*signed, *above)) for name in titled), day
    if signed or above:
        return signed or above, day
    if closing := _undated(pieces, body_start):
        return closing, day
    for words in numbers:
        if made := re.match(rf"^(.{{2,30}}?(?:{ORGAN_END}))(?:令|公告|通告)$", words.prefix):
            return (made[1],), day
    return (), day


def _fuller(name: str, others: Sequence[str]) -> str:
    """市人民政府 as its letterhead or signature names it: 贵阳市人民政府."""
    if not re.match(r"[省市县区]", name):
        return name
    placed = rf"[\u4e00-\u9fff]{{1,6}}{re.escape(name)}"
    return next((other for other in others if re.fullmatch(placed, other)), name)


def _signature(
    pieces: Sequence[Piece], start: int, titled: Sequence[str]
) -> tuple[tuple[str, ...], date | None]:
    """The first organs with a date below them (or on their line) after the title.

    A report passed on carries its author's signature: there the title's issuer must be among them.
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
        chief = SIGNER.match(before or (pieces[index - 1].text if index else ""))
        before = before.rsplit(":", 1)[-1].strip()
        organs = _signer_in(before) if before else _organs_above(pieces, index)
        if organs and (not titled or _related(organs, titled)):
            return organs, day
        if chief:
            return ((chief[1],) if chief[1] and _ORGAN.match(chief[1]) else ()), day
        if not organs and not before and (index < 14 or index >= len(pieces) - 6):
            lonely = lonely or day
    return (), lonely


def _undated(pieces: Sequence[Piece], start: int) -> tuple[str, ...]:
    """Organs on the last line of a text that prints no date, notes below them left out."""
    for piece in reversed(pieces[-6:]):
        if piece.start < start or len(piece.text) > 60:
            break
        if is_menu(piece.text) or _AFTER_DAY.match(piece.text) or _AGENT.match(piece.text):
            continue
        return _organ_run(piece.text) if len(piece.text) > 3 else ()
    return ()


def _dated_end(text: str) -> tuple[str, date] | None:
    """Words before a date that ends a line (a note in brackets may follow), and the date.

    At the front of a longer line a date counts behind nothing but its signer: 某局2024年3月7日某办法.
    """
    for part in (text[:120], text[-120:]) if len(text) > 120 else (text,):
        for dated in dates_in(part):
            if dated.first is None or dated.first != dated.last:
                continue
            before = re.split(r"[。;!]", part[: dated.start].strip(" ("))[-1].strip()
            rest = part[dated.end :]
            if not rest.strip(" )") and part.endswith(text[-20:]):
                return before, dated.first
            if dated.start < 12 and _AFTER_DAY.match(rest):
                return before, dated.first
            whole = before == part[: dated.start].strip(" (")
            signer = _organ_run(before) or SIGNER.match(before)
            if whole and signer and (_AFTER_DAY.match(rest) or not _NO_DAY.match(rest)):
                return before, dated.first
    return None


def _organ_run(written: str) -> tuple[str, ...]:
    parts = split_issuers(written)
    return parts if parts and all(_ORGAN.match(part) for part in parts) else ()


def _signer_in(before: str) -> tuple[str, ...]:
    """Organs before a date on its line, if need be behind an annex parted by a space."""
    return _organ_run(before) or _organ_run(before.split()[-1])


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
        if len(organs) == 1 and (line := _torn(pieces, piece)):
            organs = (line + organs[0],)
        found = [*organs, *found]
    return tuple(dict.fromkeys(found))


def _torn(pieces: Sequence[Piece], piece: Piece) -> str:
    """The first line of a name printed on two: 某市应对疫情 / 工作领导小组; "" when it is whole."""
    at = bisect_left(pieces, piece.start, key=lambda p: p.start)
    above = pieces[at - 1].text if at else ""
    if re.match(r"^[\u4e00-\u9fff]{2,6}?[省市县区部委局厅]", piece.text) or _ORGAN.match(above):
        return ""
    placed = re.match(
        r"^(?:[\u4e00-\u9fff]{2,4}?[省市县区]|国务院|国家)[\u4e00-\u9fff“”]{4,40}$", above
    )
    return above if placed else ""


def _related(organs: Sequence[str], titled: Sequence[str]) -> bool:
    return any(a in b or b in a for a in organs for b in titled)
