"""Days a page prints beside the signature: of printing, of enactment, of publication."""

import re
from collections.abc import Sequence
from datetime import date

from knowledge_base.header.dates import dates_in, only_date
from knowledge_base.header.pieces import Piece, stops_title
from knowledge_base.readers.reading import Span

_ENACTED = re.compile(r"通过|公布|发布|颁布|印发|施行|修订|修正|批准")


def printed_on(pieces: Sequence[Piece]) -> date | None:
    """The day of printing at the foot: 平阳县科技局办公室 2024年3月8日印发."""
    for piece in reversed(pieces):
        if len(piece.text) > 60 or not re.search(r"日\s?印发$", piece.text):
            continue
        for dated in dates_in(piece.text):
            before = piece.text[: dated.start].strip()
            printed = re.fullmatch(r"\s?印发", piece.text[dated.end :])
            if dated.first and printed and re.fullmatch(r"[\u4e00-\u9fff()、 ]{0,40}", before):
                return dated.first
    return None


def enacted_on(pieces: Sequence[Piece], title: Span | None) -> tuple[date | None, date | None]:
    """Days of issue and of publication in the brackets under a title: (… 通过 2019年10月22日公布 …).

    An amended text names several; then none is taken.
    """
    below = [p for p in pieces if title is not None and p.start >= title[1]][:10]
    first = next((i for i, p in enumerate(below[:4]) if p.text.startswith("(")), None)
    if first is None:
        return None, None
    words = ""
    for piece in below[first:]:
        words += piece.text + " "
        if ")" in piece.text:
            break
    words = words[: words.find(")")] if ")" in words else ""
    if not _ENACTED.search(words) or re.search(r"修订|修正|修改|废止", words):
        return None, None
    days: dict[str, date] = {}
    spans = list(dates_in(words))
    for at, dated in enumerate(spans):
        after = words[dated.end : spans[at + 1].start if at + 1 < len(spans) else len(words)]
        act = _ENACTED.search(after)
        if act and dated.first and dated.first == dated.last:
            days.setdefault(act[0], dated.first)
    published = days.get("公布") or days.get("发布") or days.get("颁布")
    return days.get("印发") or days.get("批准"), published


def line_day(pieces: Sequence[Piece], aside: set[int], title: Span | None) -> date | None:
    """A day printed on a line of its own right below the title, as portals print the upload."""
    below = [i for i, p in enumerate(pieces) if title is not None and p.start >= title[1]][:5]
    for piece in (pieces[i] for i in below if i not in aside):
        if stops_title(piece.text) and only_date(piece.text) is None:
            break
        found = next(dates_in(piece.text[:40]), None)
        if found and found.first and found.first == found.last and found.start <= 6:
            if re.search(r"[通会令]|施行|号", piece.text) or piece.text.startswith("("):
                continue
            return found.first
    return None
