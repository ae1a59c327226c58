"""Annexes of a document and the lists that name them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.outline.numbering import chinese_number, mark_at
from knowledge_base.outline.paragraphs import ANNEX, ANNEX_HEAD, Paragraph, is_plain

_TITLE_END = re.compile(
    r"(?:方案|办法|指标|清单|表|目录|规定|细则|指[引南]|意见|措施|制度|标准|书|说明|范围|名单|规则|通知|计划|规划|要求|"
    r"要点|流程图?|条件|坐标|样式|模板|函|预案|协议|公式|大纲)(?:[(（][^)）]{1,20}[)）])?$"
)
_NUMBER_OF_ITEM = re.compile(r"[(（]?\d{1,2}\s?[.．、)）]\s*")


@dataclass(frozen=True)
class Annex:
    """An annex printed in full: the paragraph of its mark, and those of its mark and title."""

    index: int
    path: str
    label: str
    headings: tuple[int, ...]


def read_annexes(
    text: str, paragraphs: Sequence[Paragraph], kinds: list[str], contents: frozenset[int]
) -> list[Annex]:
    """Annexes that are printed in full; the lines of mere lists become closing matter in `kinds`."""
    found: list[Annex] = []
    names: dict[str, int] = {}
    runs = _list_ends(text, paragraphs)
    index = 0
    while index < len(paragraphs):
        paragraph = paragraphs[index]
        head = _annex_head(text, paragraph) if index not in contents else None
        if head is not None and (index > 0 or found):
            end = _end_of_list(text, paragraphs, kinds, index, head, runs)
            if end is not None:
                _remember(text, paragraphs[index:end], names)
                kinds[index:end] = ["note"] * (end - index)
                index = end
                continue
            annex = _annex(text, paragraphs, kinds, index, head, len(found) + 1)
        elif names and (number := names.get(_name(text, paragraph))) is not None:
            annex = Annex(index, f"a{number}", f"附件{number}", (index,))
        else:
            index += 1
            continue
        found.append(annex)
        index = annex.headings[-1] + 1
    return found


def _annex_head(text: str, paragraph: Paragraph) -> re.Match[str] | None:
    start, end = paragraph.start, paragraph.end
    if paragraph.row is not None or not ANNEX_HEAD.match(text, start, end):
        return None
    head = ANNEX.match(text, start, end)
    if head is None:
        return None
    title = text[head.end() : min(end, head.end() + 121)]
    if not title or _twice(text, head):
        return head
    parted = head["colon"] or head[0][-1].isspace() or head["number"]
    sentence = len(title) > 120 or re.search("[。;；]|[,，].*[,，]", title)
    return head if parted and not sentence else None


def _end_of_list(
    text: str,
    paragraphs: Sequence[Paragraph],
    kinds: Sequence[str],
    index: int,
    head: re.Match[str],
    runs: Sequence[int],
) -> int | None:
    """End of the list of annexes that begins at `index`; None where an annex itself begins."""
    titled = head.end() < paragraphs[index].end and not _twice(text, head)
    end = runs[index + 1]
    listed = titled or end > index + 1
    if listed and _ends_at(text, paragraphs, kinds, end):
        return end
    if titled or head["number"] or not head["colon"]:
        return None
    # 附件: and one name below it, and then nothing or the annex of that name
    while end < len(paragraphs) and end - index <= 2 and is_plain(text, paragraphs[end]):
        end += 1
    return end if end > index + 1 and _ends_at(text, paragraphs, kinds, end) else None


def _list_ends(text: str, paragraphs: Sequence[Paragraph]) -> list[int]:
    """Where the run of lines that name annexes ends which begins at each paragraph."""
    ends = list(range(len(paragraphs) + 1))
    for index in range(len(paragraphs) - 1, -1, -1):
        if _lists(text, paragraphs[index]):
            ends[index] = ends[index + 1]
    return ends


def _lists(text: str, paragraph: Paragraph) -> bool:
    """A line that names one annex: 2.申报书, 附件2:申报书."""
    start, end = paragraph.start, paragraph.end
    if end - start > 120 or re.search("[。;；]", text[start:end]):
        return False
    if _NUMBER_OF_ITEM.match(text, start, end):
        return True
    head = ANNEX.match(text, start, end) if ANNEX_HEAD.match(text, start, end) else None
    return head is not None and head.end() < end and not _twice(text, head)


def _twice(text: str, head: re.Match[str]) -> bool:
    """Whether the mark of an annex is printed twice, as bold print comes out of a PDF."""
    return text.startswith(head[0].strip(), head.end())


def _ends_at(text: str, paragraphs: Sequence[Paragraph], kinds: Sequence[str], index: int) -> bool:
    if index >= len(paragraphs) or kinds[index]:
        return True
    paragraph = paragraphs[index]
    return bool(ANNEX_HEAD.match(text, paragraph.start, paragraph.end)) and not _lists(
        text, paragraph
    )


def _remember(text: str, listed: Sequence[Paragraph], names: dict[str, int]) -> None:
    """Names of the annexes of a list, by which an annex without a mark is known."""
    for paragraph in listed:
        start = paragraph.start
        if head := ANNEX.match(text, start, paragraph.end):
            start = head.end() if ANNEX_HEAD.match(text, start, paragraph.end) else start
        if item := _NUMBER_OF_ITEM.match(text, start, paragraph.end):
            start = item.end()
        name = _name(text, Paragraph(start, paragraph.end, 0))
        if len(name) >= 4:
            names.setdefault(name, len(names) + 1)


def _name(text: str, paragraph: Paragraph) -> str:
    if paragraph.end - paragraph.start > 120:
        return ""
    written = text[paragraph.start : paragraph.end]
    return re.sub(r"[\s《》\ue000-\uf8ff]|\.(?:docx?|xlsx?|pdf|wps)$", "", written)


def _annex(
    text: str,
    paragraphs: Sequence[Paragraph],
    kinds: Sequence[str],
    index: int,
    head: re.Match[str],
    place: int,
) -> Annex:
    """The annex that begins at `index`, with its title: on the line of its mark or below."""
    paragraph = paragraphs[index]
    printed = head["number"]
    number = str(place)
    if printed is not None:
        parts = re.split("[-—－]", printed)
        number = "-".join(
            str(ord(part) - ord("A") + 1)
            if part.isascii() and part.isalpha()
            else str(chinese_number(part))
            for part in parts
        )
    label = head[0].strip().rstrip(":：.．").rstrip()
    headings = [index]
    alone = head.end() == paragraph.end or _twice(text, head)
    if alone:
        headings += _title(text, paragraphs, kinds, index + 1)
    return Annex(index, f"a{number}", label, tuple(headings))


def _title(
    text: str, paragraphs: Sequence[Paragraph], kinds: Sequence[str], first: int
) -> list[int]:
    """Lines of a title: up to the first that ends like one or stands above a number or a sentence.

    Else the first alone: what follows may be the cells of a form.
    """
    index = first
    while index < min(first + 3, len(paragraphs)):
        paragraph = paragraphs[index]
        if not is_plain(text, paragraph) or kinds[index] == "date":
            break
        index += 1
        if _TITLE_END.search(text[paragraph.start : paragraph.end]):
            return list(range(first, index))
    if index == first:
        return []
    if index < len(paragraphs) and not is_plain(text, paragraphs[index]):
        below = paragraphs[index]
        prose = mark_at(text, below.start, below.end, 0) is not None or below.end - below.start > 40
        return list(range(first, index if prose and kinds[index] != "date" else first + 1))
    return [first]
