"""Printed lines put together as titles: where one begins and ends, and what a title looks like."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from knowledge_base.header.pieces import ORGAN_END, Piece, is_furniture, stops_title
from knowledge_base.header.widths import half_width

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
PRINTED_NUMBER_TAIL = re.compile(r"[([【][^()[\]【】]{0,20}\d{4}[^()[\]【】]{0,12}号[)\]】]$")
_LETTERS = re.compile(r"(?:(?<=^)|(?<=\s))[\u4e00-\u9fff《》()](?=\s)")
# Marks printed before a title that are no part of it: a label of the catalogue, 转载, publicity.
LABEL = re.compile(
    r"^(?:(?:文件)?(?:标\s?题|名\s?称|题\s?名)\s?[:\uff1a]\s?|[(\uff08](?:转载|转发|此件[^()\uff08\uff09]{2,10})[)\uff09]\s?)+"
)
ORGAN_LINE = re.compile(rf"^[\u4e00-\u9fff()·、 ]{{2,60}}?(?:{ORGAN_END}|部门|单位)$")
_SIGNED_TITLE = re.compile(
    rf"^(?!关于)[\u4e00-\u9fff、 ]{{2,60}}?(?:{ORGAN_END}|部门)\s?(?:关于|印发|转发)"
)


_BEGINS = re.compile(
    r"(?:[\u4e00-\u9fff]{2,4}?[省市县区州]|中华人民共和国|国家|全国|\d{4}年)[\u4e00-\u9fff]{2}"
)


def join_lines(pieces: Sequence[Piece]) -> str:
    """Lines of a title as one, in half-width form."""
    return squeeze(with_breaks([piece.text for piece in pieces]))


def with_breaks(lines: Sequence[str]) -> str:
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
        and not re.match(r"^(?:相关)?(?:链接|附件|附表|附|抄送|分送|来源)\d{0,2}:", bare)
    )


def title_runs(pieces: Sequence[Piece], aside: set[int], stop: int) -> Iterator[tuple[int, int]]:
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
                yield _first_line(pieces, index, end), end
                index = end - 1
                break
        index += 1


def _first_line(pieces: Sequence[Piece], index: int, end: int) -> int:
    """Where a run's title begins: not with an issuer it repeats, nor with a headline above it."""
    while end - index > 1:
        line, rest = pieces[index].text, join_lines(pieces[index + 1 : end])
        repeated = rest.startswith(squeeze(line)) and ORGAN_LINE.match(squeeze(line))
        apart = rest.startswith("关于") and not ORGAN_LINE.match(squeeze(line)) and len(line) > 20
        if not (repeated or apart) or not is_title(rest):
            break
        index += 1
    return index


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


def names_matter(title: str) -> bool:
    """Whether a line without 关于 is more than a menu word: 专利代理条例, not 智能问答."""
    return (
        len(title) >= 9
        or re.search(r"(?:条例|办法|规定|细则|规则|法|方案|意见|公告|通告|令)$", title) is not None
    )


def one_line(pieces: Sequence[Piece], run: tuple[int, int]) -> tuple[int, int]:
    """A title without 关于 stands on one line: the first if it says enough, else the last.

    At the very top a place or a year begins a title that runs on: 平阳县科技创新 / 补助办法.
    """
    first = pieces[run[0]].text
    if run[0] == 0 and _BEGINS.match(first) and not ORGAN_LINE.match(first):
        return run
    if run[1] - run[0] == 1 or not is_title(pieces[run[1] - 1].text):
        return run
    long = len(pieces[run[0]].text) >= 12
    return (run[0], run[0] + 1) if long else (run[1] - 1, run[1])


def fullest(
    pieces: Sequence[Piece], runs: Sequence[tuple[int, int]], chosen: tuple[int, int]
) -> tuple[int, int]:
    """A later run that ends in the same words wins: the page's title repeated by the document."""
    for run in runs:
        words, known = (bare_title(join_lines(pieces[slice(*r)])) for r in (run, chosen))
        if run[0] < chosen[1] or not (words.endswith(known) or _signed_twin(words, known)):
            continue
        while words != known and _SIGNED_TITLE.match(known) and run[1] - run[0] > 1:
            run = (run[0] + 1, run[1])  # an issuer line of the catalogue above the title
            words = bare_title(join_lines(pieces[slice(*run)]))
        chosen = run if words.endswith(known) or _signed_twin(words, known) else chosen
    return chosen


def _signed_twin(words: str, known: str) -> bool:
    """Whether the document's own title, issuer first, differs from the page's by slips only."""
    if not _SIGNED_TITLE.match(words) or _SIGNED_TITLE.match(known):
        return False
    pairs, printed = (set(pairwise(title)) for title in (known, words))
    return len(pairs) > 10 and len(pairs & printed) >= 0.9 * len(pairs)


def bare_title(title: str) -> str:
    plain = LABEL.sub("", PRINTED_NUMBER_TAIL.sub("", half_width(title)))
    return re.sub(r"[\s《》<>〈〉“”\"'()]", "", plain)
