"""Paragraphs of a text and what kind of closing matter each may be. Pure, linear."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.outline.lines import DAY, PAIRS, Line, read_lines
from knowledge_base.outline.numbering import mark_at
from knowledge_base.readers.reading import Row, Span

_DATE = re.compile(
    rf"[(（]?\s{{0,3}}{DAY}\s{{0,3}}(?:印发|发布)?[)）]?(?:\s{{0,9}}[(（\[【][^()（）]{{1,40}}[)）\]】])?"
)
_SIGNED_DATE = re.compile(
    rf"[^。;；,，:：!！?？]{{2,40}}?\s{{0,9}}{DAY}(?:\s{{0,9}}[(（\[【][^()（）]{{1,40}}[)）\]】])?"
)
CONTACT = re.compile(
    r"[(（]?\s?(?:业务|政策|技术|项目|工作|申报)?(?:联\s?系\s?人|联系(?:电话|方式|地址)|咨询(?:电话|方式|热线)|监督电话|"
    r"电\s?话|传\s?真|(?:电子)?邮\s?箱|邮\s?编|(?:通讯|通信|邮寄)?地\s?址)[^。]{0,6}[:：]"
)
_NOTE = re.compile(
    r"[(（【\[]?\s?(?:此件|本文有删减|主动公开|依申请公开|不予公开|信息公开(?:选项|属性|形式|类型)?[:：]|公开(?:方式|属性|选项)[:：]|"
    r"抄\s?[送报][:：]|分送[:：]|主送[:：]|印发[:：]|附件下载|(?:相关)?链接[:：]|相关(?:链接|文档|附件|新闻|解读|政策|稿件)|"
    r"打印|关闭|分享|扫一扫|责任编辑|浏览次数|上一篇|下一篇|版权所有|附注[:：]|"
    r"特此(?:公告|通知|通告|函[告复达]|批复|说明|报告|公示)|此[复致令](?:$|[。！!\s])|专此|"
    r"以上(?:意见|报告|请示|方案)[^。]{0,20}(?:如无不妥|妥否|当否|批转|批示|审议)|(?:妥否|当否)[,，]?请|"
    r"请(?:各[^。,，;；]{1,20})?(?:认真|严格)?[^。,，;；]{0,6}(?:遵照|贯彻)[^。;；]{0,8}(?:执行|落实|实施)[。！!]?$|"
    r".{2,30}办公(?:厅|室)\s{0,9}\d{4}年\d{1,2}月\d{1,2}日印发)"
)
_FILE = re.compile(r".{1,80}\.(?:docx?|xlsx?|pdf|zip|rar|wps|ofd|et|jpg|png)[)）]?", re.IGNORECASE)
_SENTENCE = re.compile(r"[。;；!！?？:：,，]")
_HEADED = ("一、", "(一)", "1.", "1、")
_HEADING = re.compile(
    r"\s?(?P<heading>[^\s。；;：:，,？?！!]{1,29}[^\s。；;：:，,？?！!\dA-Za-z])[ \t\u3000\xa0]+(?=[^\s\d]|\d{4}年)"
)
_BREAK_AFTER = "。；;：:！!？?”）)】>、"
_LINE_WITH_LOST_BREAKS = 40  # characters; shorter lines are one paragraph each
_SPACES = re.compile(r"[ \t\u3000\xa0]+")
_STARTS = re.compile(
    rf"附\s?[件表录:：]|{DAY}|[(（](?:此件|本文)|(?:抄送|分送|特此)|联系人|第[一二三四五六七八九十]{{1,3}}[章节]"
)
ANNEX_HEAD = re.compile(r"附\s{0,3}(?:[件录表图]|[:：])")
ANNEX = re.compile(
    r"附\s{0,3}(?:件|录|表|图)?\s{0,2}"
    r"(?P<number>\d{1,2}(?:[-—－]\d{1,2})?(?![\d年.])|[一二三四五六七八九十]{1,3}|[A-Z](?![A-Za-z]))?"
    r"\s{0,3}(?P<colon>[:：.．])?\s*"
)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph `text[start:end]` without white space at its edges.

    `whole` is false where it begins inside a printed line that lost its breaks; `row` is the place
    of its table row among the rows given.
    """

    start: int
    end: int
    line: int
    whole: bool = True
    row: int | None = None


def read_paragraphs(text: str, start: int, rows: Sequence[Row] = ()) -> list[Paragraph]:
    """Paragraphs from `start` on: printed lines, and the parts of lines that hold many."""
    found: list[Paragraph] = []
    for one in read_lines(text, start, rows):
        if one.row is None and one.end - one.start > _LINE_WITH_LOST_BREAKS:
            found += _parts(text, one)
        else:
            found.append(Paragraph(one.start, one.end, one.number, row=one.row))
    return found


def _parts(text: str, one: Line) -> list[Paragraph]:
    """A long line cut at the white space that stands where a paragraph could have ended."""
    begins, ends = [one.start], []
    for gap in _SPACES.finditer(text, one.start, one.end):
        after = gap.end()
        if (
            text[gap.start() - 1] in _BREAK_AFTER[:-1]
            or _STARTS.match(text, after, one.end)
            or _closes(text, begins[-1], gap.start())
            or _numbered(text, after, one)
        ):
            ends.append(gap.start())
            begins.append(after)
    parts = list(zip(begins, [*ends, one.end], strict=True))
    if len(parts) > 2:
        parts = [piece for part in parts for piece in _under_heading(text, part)]
    return [Paragraph(begin, end, one.number, whole=begin == one.start) for begin, end in parts]


def _numbered(text: str, start: int, one: Line) -> bool:
    """Whether a number stands behind a blank; 指派 1 名 and 每户 2 万元 are amounts."""
    mark = mark_at(text, start, one.end, one.number, weak=True)
    if mark is None or mark.family != "1.1" or len(mark.number) > 1:
        return mark is not None
    first = rf"[^\d。；;，,]{{2,30}}{mark.value}[.．]1(?!\d)"
    return re.compile(first).match(text, mark.end, one.end) is not None


def _under_heading(text: str, part: Span) -> Iterator[Span]:
    """A short heading and the text behind its blank, in lines that lost their breaks."""
    start, end = part
    mark = mark_at(text, start, end, 0)
    if mark is not None and mark.family in _HEADED:
        found = _HEADING.match(text, mark.end, end)
        signs = "。，," if mark.family in ("1.", "1、") else "。，,：:"
        if (
            found
            and re.search(f"[{signs}]", text[found.end() : end])
            and all(
                found[0].count(opening) == found[0].count(closing) for opening, closing in PAIRS
            )
        ):
            yield start, found.end("heading")
            start = found.end()
    yield start, end


def _closes(text: str, start: int, end: int) -> bool:
    if end - start > 60:
        return False
    annex = ANNEX.fullmatch(text, start, end) if text[start] == "附" else None
    return annex is not None or _DATE.fullmatch(text, start, end) is not None


def closing_kinds(text: str, paragraphs: Sequence[Paragraph]) -> list[str]:
    """Of each paragraph `date`, `contact`, `note`, `signature`, or "" for matter of the body.

    A signature is a short line without punctuation that leads to a date.
    """
    kinds = [_own_kind(text, p) for p in paragraphs]
    run = 0
    for index in range(len(paragraphs) - 1, -1, -1):
        if kinds[index] == "date":
            run = 1
        elif run and run < 20 and not kinds[index] and is_plain(text, paragraphs[index]):
            kinds[index], run = "signature", run + 1
        else:
            run = 0
    return kinds


def _own_kind(text: str, paragraph: Paragraph) -> str:
    start, end = paragraph.start, paragraph.end
    if end - start > 200 or paragraph.row is not None:
        return ""
    if end - start <= 60 and (
        _DATE.fullmatch(text, start, end) or _SIGNED_DATE.fullmatch(text, start, end)
    ):
        return "" if mark_at(text, start, end, 0) else "date"
    if CONTACT.match(text, start, end):
        return "contact"
    if _NOTE.match(text, start, end):
        return "note"
    if end - start <= 90 and _FILE.fullmatch(text, start, end):
        return "note"
    return ""


def is_plain(text: str, paragraph: Paragraph) -> bool:
    """A line that could be a signature or a title: short, no sentence, no number, no table row."""
    start, end = paragraph.start, paragraph.end
    return (
        end - start <= 40
        and paragraph.row is None
        and _SENTENCE.search(text, start, end) is None
        and ANNEX_HEAD.match(text, start, end) is None
        and mark_at(text, start, end, 0) is None
    )
