"""The title of an official document: which printed lines are it, and what it is called by.

A page prints menus, dates and its own heading before the document; titles run over several lines and
are often printed twice. The fuller of two that repeat is the title; 关于印发《X》的通知 is called X.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.header.dates import only_date
from knowledge_base.header.pieces import (
    HEAD_PIECES,
    HEADED,
    Piece,
    is_furniture,
    is_menu,
    is_prose,
    stops_title,
    undated,
)
from knowledge_base.header.title_lines import (
    LABEL,
    ORGAN_LINE,
    PRINTED_NUMBER_TAIL,
    bare_title,
    fullest,
    is_title,
    join_lines,
    names_matter,
    one_line,
    squeeze,
    title_runs,
    with_breaks,
)
from knowledge_base.header.widths import half_width
from knowledge_base.readers.reading import Span

_ABOUT = re.compile(r"关于|印发|转发|批转|公布|发布|《|对.{2,40}的")
# The line a browser prints above a page: title_column_site.
_PRINTED_MARK = re.compile(
    r"^(.{6,160}?)(?:_{1,2}[^_]{1,24}_|\s[-—]\s)[^_]{2,24}(?:网|网站|门户|平台)$"
)
_NOTICE = "正文之上没有标题行,标题取自文中;请核对"
_NUMBER_FRONT = re.compile(
    r"^[A-Za-z\u4e00-\u9fff]{2,12}[〔\[(]\d{4}[〕\])]第?\d{1,5}号\s?[-—:]?\s?"
)
_ISSUES = re.compile(r"(?:现|予以?|将)[^。《]{0,40}(?:公布|发布)|(?:公布|发布)[^。《]{0,10}《")
_ORDER = re.compile(r"^[\u4e00-\u9fff ]{2,48}令(?:\s?\(?第\s?.{1,6}\s?号\)?)?$")
# What no headline begins with: an addressee, a purpose, a link, a line of the foot.
_NO_HEADLINE = re.compile(
    r"^(?:各(?!地)|有关|链接|相关链接|附件|附表|附:|注[释:]|抄送|分送|主送|联系|电话|来源|扫一扫|收藏|分享"
    r"|(?:为|根据|按照|依据|依照|遵照|经|现将|现就|现对|鉴于|近日|近期|尊敬的|您好)(?!什么|何|了?解))"
)


@dataclass(frozen=True)
class Title:
    """A document's title: in full ("" where none is printed), its span, and how sure it is.

    `subject` are the words of the text that tell what an untitled document is about.
    """

    full: str
    span: Span | None
    marked: bool  # a line of the page or the file marks it as a title
    notices: tuple[str, ...] = ()
    subject: str = ""


def inner_title(title: str) -> str:
    """《X》 of 关于印发《X》的通知 → X; every other title as it is."""
    found = re.match(
        r"^(?:.{0,80}?)(?:印发|发布|公布|转发|批转|下发)\s?[《<](.{2,160})[》>]"
        r"(?:的|等).{0,12}$",
        half_width(title),
    )
    if (
        found is None
        or re.search(r"》[^《》]*《", found[1])
        or found[1].count("《") != found[1].count("》")
    ):
        return title
    return title[found.start(1) : found.end(1)]


def read_title(text: str, pieces: Sequence[Piece], aside: set[int], mark: str | None) -> Title:
    """Title of a page; `aside` are pieces that are fields or menus, `mark` is what the file names.

    Raises nothing: where no line is a title, `full` stays empty. A heading inside the body is the
    title only of what an order (令) makes public, as the order itself has none.
    """
    mark = _printed_mark(text, pieces) or clean_mark(mark or "")
    stop = next(
        (i for i, p in enumerate(pieces[:HEAD_PIECES]) if _is_body(p, i, aside)),
        min(len(pieces), HEAD_PIECES),
    )
    runs = list(title_runs(pieces, aside, stop))
    letters = len(re.findall(r"[\u4e00-\u9fff]", mark))
    if letters >= 4 and (found := _by_mark(text, pieces[:stop], runs, mark)):
        return found
    if letters >= 2 and (span := _printed_as(mark, pieces)):
        return Title(squeeze(mark), span, True)
    strong = [run for run in runs if _ABOUT.search(join_lines(pieces[slice(*run)]))]
    plain = [one_line(pieces, r) for r in runs if names_matter(join_lines(pieces[slice(*r)]))]
    if chosen := strong or plain:
        return _printed(text, pieces, fullest(pieces, runs, chosen[0]))
    for index, piece in enumerate(pieces[:stop]):
        # 德阳市交通运输局通告: a letterhead that is all the title there is.
        line = re.sub(r"\(第.{1,6}号\)$", "", piece.text)
        if HEADED.match(line) and not line.endswith(("文件", "令")):
            return _printed(text, pieces, (index, index + 1))
    return _unmarked(text, pieces, aside)


def _is_body(piece: Piece, index: int, aside: set[int]) -> bool:
    if index in aside or is_menu(piece.text) or only_date(piece.text):
        return False
    return stops_title(piece.text)


def _printed_mark(text: str, pieces: Sequence[Piece]) -> str:
    for piece in pieces[:6]:
        if found := _PRINTED_MARK.match(piece.text[:200]):
            mark = text[piece.start : piece.start + found.end(1)]
            order = re.match(r"^\S{2,30}(?:令|公告)\([^()]{2,16}\)\s+", found[1])
            return mark[order.end() if order else 0 :].strip()
    return ""


def _by_mark(
    text: str, pieces: Sequence[Piece], runs: Sequence[tuple[int, int]], mark: str
) -> Title | None:
    """The file's own title, where the page prints it if it does; None when the page says more."""
    wanted = bare_title(mark)
    for run in runs:
        if bare_title(join_lines(pieces[slice(*run)])) == wanted:
            return _printed(text, pieces, fullest(pieces, runs, run))
    for piece in reversed(pieces[:20]):
        # Overprinted letters of a saved page: the line begins like the mark and is garbled after.
        if bare_title(piece.text).startswith(wanted[:6]) and not _PRINTED_MARK.match(
            piece.text[:200]
        ):
            return Title(squeeze(mark), (piece.start, piece.end), True)
    strong = [run for run in runs if _ABOUT.search(join_lines(pieces[slice(*run)]))]
    if strong and not is_title(half_width(mark)):
        return None
    return Title(squeeze(mark), _printed_as(mark, pieces), True)


def _printed(text: str, pieces: Sequence[Piece], run: tuple[int, int]) -> Title:
    lines = pieces[slice(*run)]
    span = (lines[0].start, lines[-1].end)
    full = squeeze(with_breaks([text[line.start : line.end] for line in lines]))
    if tail := PRINTED_NUMBER_TAIL.search(half_width(full)):
        full = full[: tail.start()].strip()
    if front := _NUMBER_FRONT.match(half_width(full)):
        rest = full[front.end() :]
        full = rest if is_title(half_width(rest)) else full
    if wrapped := re.fullmatch(r"[(\uff08]([^()\uff08\uff09]+)[)\uff09]", full):
        full = wrapped[1]
    return Title(LABEL.sub("", full), span, True)


def _unmarked(text: str, pieces: Sequence[Piece], aside: set[int]) -> Title:
    """Title where the page has no title line: its headline, what an order makes public, or none."""
    headline = _headline(pieces, aside)
    later = next(title_runs(pieces, aside, min(len(pieces), 400)), None)
    order = next((piece for piece in pieces[:8] if _ORDER.match(piece.text)), None)
    plain = half_width(text[:2000])
    if order and later and _ISSUES.search(plain[: pieces[later[0]].start]):
        return Title(_printed(text, pieces, later).full, None, True, (_NOTICE,))
    if line := headline or order:
        end = _about_end(pieces, aside, line)
        return Title(squeeze(text[line.start : end]), (line.start, end), False)
    if later is not None:
        return _untitled(_printed(text, pieces, later).full)
    passed = re.match(
        r"^《(.{2,120}?)》(?:已经?|业经)[^。]{4,120}(?:通过|批准|同意|审议)", plain[:400].lstrip()
    )
    return _untitled(passed[1] if passed else "")


def _untitled(subject: str) -> Title:
    return Title("", None, False, (), squeeze(subject))


def clean_mark(title: str) -> str:
    """A file's own title without the site's name behind it."""
    return re.sub(r"\s*(?:_|\s[-—|]\s|\|).*$", "", title.strip())


def _printed_as(title: str, pieces: Sequence[Piece]) -> Span | None:
    """Span of the pieces near the top that print a marked title, whatever its line breaks."""
    wanted = bare_title(title)
    for index in range(min(len(pieces), HEAD_PIECES)):
        joined = ""
        for end in range(index, min(index + 8, len(pieces))):
            joined += bare_title(pieces[end].text)
            if joined == wanted:
                return pieces[index].start, pieces[end].end
            if not wanted.startswith(joined):
                break
    return None


def _about_end(pieces: Sequence[Piece], aside: set[int], line: Piece) -> int:
    """Where a headline ends: one that begins with 关于 may run on over the next line."""
    at = pieces.index(line) + 1
    if not line.text.startswith("关于") or at >= len(pieces) or len(line.text) > 40:
        return line.end
    text = pieces[at].text
    other = is_furniture(pieces[at], at, aside) or stops_title(text) or _NO_HEADLINE.match(text)
    body = other or ORGAN_LINE.match(text) or len(text) > 40 or re.search(r"[,:!?]", text)
    return line.end if body else pieces[at].end


def _headline(pieces: Sequence[Piece], aside: set[int]) -> Piece | None:
    """A first line that reads like a heading though it names no kind of document."""
    for index, piece in enumerate(pieces[:HEAD_PIECES]):
        labelled = index == 0 and re.match(r"^【[^【】]{1,8}】(?!.*解读】).{8}", piece.text)
        if is_furniture(piece, index, aside) and not labelled:
            continue
        if len(re.findall(r"[\u4e00-\u9fff]", piece.text)) < 5:
            continue
        sentence = re.search(r"[:,、]$|[。;]|,.*,|已经|现予|现将", piece.text)
        name = re.sub(r"[^\u4e00-\u9fff()、 ]+$", "", undated(piece.text)).strip()
        foot = _NO_HEADLINE.match(piece.text) or (
            ORGAN_LINE.match(name) and not re.search(r"召开|举[行办]|出台|发布|推出|[成设]立", name)
        )
        told = sentence or foot or len(piece.text) > 80 or is_prose(piece.text)
        return None if told else piece
    return None
