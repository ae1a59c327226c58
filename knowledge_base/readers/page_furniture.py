"""What a printed page shows beside its text: running heads and feet, page numbers, print marks."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from knowledge_base.readers.page_lines import Line, Page

# Shares of the page's height in which furniture stands: heads and feet, and a printer's own lines.
_MARGIN = 0.13
_EDGE = 0.06
_SAME_PLACE = 4.0
_LARGER = 1.25
_NUMBER = re.compile(r"\d{1,4}")
_STRONG = re.compile(
    r"[—–\-―一·•]{1,2} ?(\d{1,4}) ?[—–\-―一·•]{1,2}"
    r"|第 ?(\d{1,4}) ?页(?: ?[,，/、]? ?共 ?\d{1,4} ?页)?"
    r"|(\d{1,4}) ?/ ?\d{1,4}"
    r"|[Pp]age ?(\d{1,4})(?: ?of ?\d{1,4})?"
)
_PRINTED = re.compile(
    r"(?:https?|file)://\S"
    r"|^\d{4}[/年.-] ?\d{1,2}[/月.-] ?\d{1,2}日?[ ,]{0,2}(?:[上下]午)? ?\d{1,2}:\d{2}"
    r"|^\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}:\d{2}"
)


def without_furniture(pages: Sequence[Page], body_size: float) -> list[Page]:
    """The pages without heads, feet, page numbers and the lines a browser prints at the edge.

    Text counts as furniture by its place near the edge together with what it is: a page number,
    an address or print date, or words that come back at the same place on other pages.
    """
    repeated = _repeated(pages, body_size)
    offset = _number_offset(pages)
    kept = []
    for page in pages:
        dropped = {id(line) for line in page.lines if (page.number, line.text, line.x0) in repeated}
        dropped |= _print_marks(page)
        dropped |= _page_numbers(page, dropped, offset)
        lines = tuple(line for line in page.lines if id(line) not in dropped)
        kept.append(replace(page, lines=lines))
    return kept


def _in_margin(line: Line, page: Page, share: float = _MARGIN) -> bool:
    return line.middle < share * page.height or line.middle > (1 - share) * page.height


def _repeated(pages: Sequence[Page], body_size: float) -> set[tuple[int, str, float]]:
    """(page, text, x) of words that stand at one place of several pages, digits left aside."""
    places: dict[tuple[str, int], list[tuple[Page, Line]]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            if _in_margin(line, page) and line.size <= _LARGER * body_size:
                pattern = _NUMBER.sub("#", line.text.replace(" ", ""))
                places[pattern, round(line.top / _SAME_PLACE)].append((page, line))
    found = set()
    for (pattern, place), first in places.items():
        near = first + places.get((pattern, place + 1), [])
        texts = {line.text for _, line in near}
        count = len({page.number for page, _ in near})
        # Digits may differ only as page numbers do, and not in what looks like text (附件1, 附件2).
        counted = count >= 3 and all(
            _is_counted(line, body_size)
            and (value := _NUMBER.search(line.text))
            and int(value[0]) - page.number == _shift(near)
            for page, line in near
        )
        if counted or (len(texts) == 1 and count >= (2 if len(pages) <= 3 else 3)):
            found |= {(page.number, line.text, line.x0) for page, line in near}
    return found


def _is_counted(line: Line, body_size: float) -> bool:
    return line.size < 0.95 * body_size or _STRONG.search(line.text) is not None


def _shift(near: Sequence[tuple[Page, Line]]) -> int | None:
    page, line = near[0]
    value = _NUMBER.search(line.text)
    return int(value[0]) - page.number if value else None


def _print_marks(page: Page) -> set[int]:
    """Lines a browser adds: an address or the time of printing, with all that shares their line."""
    marks = [i for i in page.lines if _in_margin(i, page, _EDGE) and _PRINTED.search(i.text)]
    return {
        id(line)
        for line in page.lines
        if any(abs(line.middle - mark.middle) < mark.size / 2 for mark in marks)
    }


def _outermost(page: Page, dropped: set[int]) -> list[Line]:
    """The first and the last line that are left, with what shares their baseline."""
    rest = sorted((i for i in page.lines if id(i) not in dropped), key=lambda line: line.middle)
    if not rest:
        return []
    ends = (rest[0].middle, rest[-1].middle)
    return [line for line in rest if any(abs(line.middle - end) < line.size / 2 for end in ends)]


def _page_numbers(page: Page, dropped: set[int], offset: int | None) -> set[int]:
    found: set[int] = set()
    for line in _outermost(page, dropped):
        if not _in_margin(line, page):
            continue
        bare = _NUMBER.fullmatch(line.text.strip())
        numbered = bare is not None and offset is not None and int(bare[0]) == page.number + offset
        if _STRONG.fullmatch(line.text.strip()) or numbered:
            found.add(id(line))
    return found


def _number_offset(pages: Sequence[Page]) -> int | None:
    """Printed number less place in the file, where bare numbers at the edges agree on it."""
    votes: dict[int, int] = defaultdict(int)
    for page in pages:
        for line in _outermost(page, set()):
            if _in_margin(line, page) and _NUMBER.fullmatch(line.text.strip()):
                votes[int(line.text) - page.number] += 1
    if len(pages) == 1:
        return 0 if 0 in votes else None
    best = max(votes, key=lambda shift: votes[shift], default=None)
    return best if best is not None and votes[best] >= 2 else None
