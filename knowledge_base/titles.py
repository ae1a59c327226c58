"""The title of an official document: which printed lines are it, and what it is called by.

A page prints menus, dates and its own heading before the document; titles run over several lines and
are often printed twice. The fuller of two that repeat is the title; 关于印发《X》的通知 is called X.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge_base.dates import only_date
from knowledge_base.pieces import (
    HEAD_PIECES,
    HEADED,
    ORGAN_END,
    Piece,
    is_furniture,
    is_menu,
    is_prose,
    stops_title,
)
from knowledge_base.readers.reading import Span
from knowledge_base.widths import half_width

_KINDS = (
    "通知|意见|公告|通告|通报|公报|决定|决议|办法|条例|规定|规则|细则|方案|规划|计划|纲要|措施"
    "|政策|指南|指引|批复|复函|函|答复|命令|令|请示|报告|议案|纪要|解读|公示|预案|标准|清单|目录"
    "|名单|制度|规程|规范|章程|要点|倡议书|倡议|条|举措|问答|流程|汇编|安排|要求|若干规定|法"
    "|一封信|提示|须知|说明|建议|安排表|实施意见|行动|通知书"
)
_TITLE_END = re.compile(rf"(?:{_KINDS})(?:[([【〔](?:[^()[\]【】]{{1,40}})[)\]】〕]){{0,2}}$")
# How a title that begins with 关于 ends when it is whole.
_CLOSED = re.compile(
    r"(?:的(?:[\u4e00-\u9fff]{0,4})(?:通知|意见|公告|通告|通报|决定|决议|办法|规定|细则|方案|措施|批复|复函|函|答复|命令|令"
    r"|请示|报告|议案|公示|建议|要求|提示|倡议书?|解读|说明)|措施|意见|办法|方案|细则|规定)(?:[([【〔][^()]{1,40}[)\]】〕])*$"
)
_ABOUT = re.compile(r"关于|印发|转发|批转|公布|发布|《|对.{2,40}的")
PRINTED_NUMBER_TAIL = re.compile(r"[([【][^()[\]【】]{0,20}\d{4}[^()[\]【】]{0,12}号[)\]】]$")
_LETTERS = re.compile(r"(?:(?<=^)|(?<=\s))[\u4e00-\u9fff《》()](?=\s)")
# The line a browser prints above a page: title_column_site.
_PRINTED_MARK = re.compile(
    r"^(.{6,160}?)(?:_{1,2}[^_]{1,24}_|\s[-—]\s)[^_]{2,24}(?:网|网站|门户|平台)$"
)
_NOTICE = "正文之上没有标题行,标题取自文中;请核对"


@dataclass(frozen=True)
class Title:
    """A document's title: in full, its span where printed above the body, and how sure it is."""

    full: str
    span: Span | None
    marked: bool  # a line of the page or the file marks it as a title
    notices: tuple[str, ...] = ()


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

    Raises nothing: where no line is a title, the best words are taken and a notice says so.
    """
    mark = _printed_mark(text, pieces) or clean_mark(mark or "")
    stop = next(
        (i for i, p in enumerate(pieces[:HEAD_PIECES]) if _is_body(p, i, aside)),
        min(len(pieces), HEAD_PIECES),
    )
    runs = list(_title_runs(pieces, aside, stop))
    if len(re.findall(r"[\u4e00-\u9fff]", mark)) >= 4 and (
        found := _by_mark(text, pieces, runs, mark)
    ):
        return found
    strong = [run for run in runs if _ABOUT.search(join_lines(pieces[slice(*run)]))]
    plain = [_one_line(pieces, r) for r in runs if _names_matter(join_lines(pieces[slice(*r)]))]
    if chosen := strong or plain:
        return _printed(text, pieces, _fullest(pieces, runs, chosen[0]))
    for index, piece in enumerate(pieces[:stop]):
        # 德阳市交通运输局通告: a letterhead that is all the title there is.
        line = re.sub(r"\(第.{1,6}号\)$", "", piece.text)
        if HEADED.match(line) and not line.endswith(("文件", "令")):
            return _printed(text, pieces, (index, index + 1))
    return _unmarked(text, pieces, aside)


def _says_something(piece: Piece, index: int, aside: set[int]) -> bool:
    letters = len(re.findall(r"[\u4e00-\u9fff]", piece.text[:200]))
    return letters > 5 and index not in aside and not is_menu(piece.text)


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
    wanted = _bare(mark)
    for run in runs:
        if _bare(join_lines(pieces[slice(*run)])) == wanted:
            return _printed(text, pieces, _fullest(pieces, runs, run))
    for piece in reversed(pieces[:20]):
        # Overprinted letters of a saved page: the line begins like the mark and is garbled after.
        if _bare(piece.text).startswith(wanted[:6]) and not _PRINTED_MARK.match(piece.text[:200]):
            return Title(squeeze(mark), (piece.start, piece.end), True)
    strong = [run for run in runs if _ABOUT.search(join_lines(pieces[slice(*run)]))]
    if strong and not is_title(half_width(mark)):
        return None
    return Title(squeeze(mark), _printed_as(mark, pieces), True)


def _printed(text: str, pieces: Sequence[Piece], run: tuple[int, int]) -> Title:
    lines = pieces[slice(*run)]
    span = (lines[0].start, lines[-1].end)
    full = squeeze(_with_breaks([text[line.start : line.end] for line in lines]))
    if tail := PRINTED_NUMBER_TAIL.search(half_width(full)):
        full = full[: tail.start()].strip()
    if front := re.match(r"^\S{2,20}\d{4}\S{1,3}\d{1,5}号\s?[-—]\s?", half_width(full)):
        full = full[front.end() :]
    if wrapped := re.fullmatch(r"[(\uff08]([^()\uff08\uff09]+)[)\uff09]", full):
        full = wrapped[1]
    return Title(full, span, True)


def _unmarked(text: str, pieces: Sequence[Piece], aside: set[int]) -> Title:
    """Title where the page has no title line: a heading, a title further down, or first words."""
    headline = _headline(pieces, aside)
    later = next(_title_runs(pieces, aside, min(len(pieces), 400)), None)
    if headline is not None and not (later and later[0] < 12 and HEADED.match(pieces[0].text)):
        span = (headline.start, headline.end)
        return Title(squeeze(text[slice(*span)]), span, False)
    if passed := re.match(
        r"^《(.{2,120}?)》(?:已经?|业经)[^。]{4,120}(?:通过|批准|同意|审议)",
        half_width(text[:400].lstrip()),
    ):
        return Title(squeeze(passed[1]), None, True, (_NOTICE,))
    if later is not None:
        return Title(_printed(text, pieces, later).full, None, True, (_NOTICE,))
    first = next((p for i, p in enumerate(pieces) if _says_something(p, i, aside)), None)
    words = text[first.start : first.end] if first else ""
    return Title(re.split(r"[。;:,\uff1b\uff1a\uff0c]", words)[0][:60], None, False, (_NOTICE,))


def join_lines(pieces: Sequence[Piece]) -> str:
    """Lines of a title as one, in half-width form."""
    return squeeze(_with_breaks([piece.text for piece in pieces]))


def _with_breaks(lines: Sequence[str]) -> str:
    """Lines put together, a space kept where one issuer follows another."""
    joined = lines[0]
    for before, line in pairwise(lines):
        issuer = "关于" not in joined and re.search(rf"(?:{ORGAN_END})$", before)
        follows = re.match(rf"[\u4e00-\u9fff]{{1,24}}?(?:{ORGAN_END})", line)
        joined += (" " if issuer and follows else "\n") + line
    return joined


def squeeze(title: str) -> str:
    """A title without line breaks and letter spacing; a space between two issuers stays."""
    if len(_LETTERS.findall(title)) >= 4:
        title = re.sub(r"(?<=[^\x00-\x7f])[ \t]+(?=[^\x00-\x7f])", "", title)
    title = re.sub(r"(?<=[\x21-\x7e])\s+(?=[\x21-\x7e])", "\x00", title.strip())
    title = re.sub(r"\s*\n\s*", "", title)
    return re.sub(r"\s+", " ", title.replace("\x00", " "))


def is_title(joined: str) -> bool:
    bare = PRINTED_NUMBER_TAIL.sub("", joined)
    if wrapped := re.fullmatch(r"\(([^()]+)\)", bare):
        bare = wrapped[1]
    return (
        4 <= len(joined) <= 160
        and _TITLE_END.search(bare) is not None
        and not re.search(r"[。;!?]", bare)
        and bare.count(",") <= 2
        and bare.count("《") == bare.count("》")
        and bare.count("(") == bare.count(")")
        and not re.match(r"^[各与及的和、,]|^(?:现将|为|经|根据|按照|依据|特此)", bare)
    )


def _title_runs(pieces: Sequence[Piece], aside: set[int], stop: int) -> Iterator[tuple[int, int]]:
    """Runs of up to eight pieces that read as a title, first and shortest first."""
    index = 0
    while index < stop:
        if is_furniture(pieces[index], index, aside) or stops_title(pieces[index].text):
            index += 1
            continue
        for end in range(index + 1, min(index + 9, stop + 1)):
            last = pieces[end - 1]
            if stops_title(last.text) or (end - 1 > index and is_furniture(last, end - 1, aside)):
                break
            if is_title(join_lines(pieces[index:end])):
                end = _whole(pieces, aside, index, end, stop)
                yield index, end
                index = end - 1
                break
        index += 1


def _whole(pieces: Sequence[Piece], aside: set[int], index: int, end: int, stop: int) -> int:
    """End of a run that only seemed complete: 关于X制度 / 和Y制度的意见 goes on to its kind."""
    while end < stop and _continues(pieces, index, end):
        end += 1
    joined = join_lines(pieces[index:end])
    if not re.search(r"关于|印发", joined) or _CLOSED.search(joined):
        return end
    for longer in range(end + 1, min(index + 9, stop + 1)):
        last = pieces[longer - 1]
        if stops_title(last.text) or is_furniture(last, longer - 1, aside):
            break
        if _CLOSED.search(whole := join_lines(pieces[index:longer])) and is_title(whole):
            return longer
    return end


def _continues(pieces: Sequence[Piece], index: int, end: int) -> bool:
    """Whether the next line still belongs: 关于印发X方案 / 的通知, or an edition in brackets."""
    text = pieces[end].text
    if re.match(r"^[(][^()]{2,14}[)]$", text):
        return re.search(r"试行|暂行|修订|修正|版|稿|草案", text) is not None
    return text.startswith("的") and is_title(join_lines(pieces[index : end + 1]))


def _names_matter(title: str) -> bool:
    """Whether a line without 关于 is more than a menu word: 专利代理条例, not 智能问答."""
    return (
        len(title) >= 9
        or re.search(r"(?:条例|办法|规定|细则|规则|法|方案|意见|公告|通告|令)$", title) is not None
    )


def _one_line(pieces: Sequence[Piece], run: tuple[int, int]) -> tuple[int, int]:
    """A title without 关于 stands on one line: the first if it says enough, else the last."""
    if run[1] - run[0] == 1 or not is_title(pieces[run[1] - 1].text):
        return run
    long = len(pieces[run[0]].text) >= 12
    return (run[0], run[0] + 1) if long else (run[1] - 1, run[1])


def _fullest(
    pieces: Sequence[Piece], runs: Sequence[tuple[int, int]], chosen: tuple[int, int]
) -> tuple[int, int]:
    """A later run that ends in the same words wins: the page's title repeated by the document."""
    for run in runs:
        if run[0] >= chosen[1] and _bare(join_lines(pieces[slice(*run)])).endswith(
            _bare(join_lines(pieces[slice(*chosen)]))
        ):
            chosen = run
    return chosen


def _bare(title: str) -> str:
    return re.sub(r"[\s《》<>〈〉“”\"'()]", "", PRINTED_NUMBER_TAIL.sub("", half_width(title)))


def clean_mark(title: str) -> str:
    """A file's own title without the site's name behind it."""
    return re.sub(r"\s*(?:_|\s[-—|]\s|\|).*$", "", title.strip())


def _printed_as(title: str, pieces: Sequence[Piece]) -> Span | None:
    """Span of the pieces near the top that print a marked title, whatever its line breaks."""
    wanted = _bare(title)
    for index in range(min(len(pieces), HEAD_PIECES)):
        joined = ""
        for end in range(index, min(index + 8, len(pieces))):
            joined += _bare(pieces[end].text)
            if joined == wanted:
                return pieces[index].start, pieces[end].end
            if not wanted.startswith(joined):
                break
    return None


def _headline(pieces: Sequence[Piece], aside: set[int]) -> Piece | None:
    """A first line that reads like a heading though it names no kind of document."""
    for index, piece in enumerate(pieces[:HEAD_PIECES]):
        if is_furniture(piece, index, aside):
            continue
        if len(re.findall(r"[\u4e00-\u9fff]", piece.text)) < 5:
            continue
        sentence = re.search(r":$|[。;]|,.*,|已经|现予|现将", piece.text)
        return None if sentence or len(piece.text) > 80 or is_prose(piece.text) else piece
    return None
