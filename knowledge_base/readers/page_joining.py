"""Whether a printed line only goes on in the next: what the page wrapped is joined again.

A line goes on where it fills its column and the next one neither is indented like a first line nor
begins with a number of its own. The same rules hold across columns and pages.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge_base.readers.page_lines import Grid, Line

_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[(（〔\[][一二三四五六七八九十\d]{1,3}[)）〕\]]"
    r"|第[一二三四五六七八九十百零〇\d]{1,5}[条章节编款项]|\d{1,3}[、.．)）](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}(?!\d)"
    r"|[①-⑳㈠-㈩⑴-⒇⒈-⒛]|附件|附表|附录|[A-Za-z][、.．)）]|[-•·●■◆※○]"
)
_STRONG_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十百零〇\d]{1,5}[条章节]"
)
_SENTENCE_END = "。！？；：!?;:"
_CLOSING = "”’」』）)"
_NEVER_FIRST = "，。、；：！？）》」』”’〕】％%,.;:!?)]}…—～"
# What a line break does not part: opening marks, one character or word, closing marks.
_UNBREAKABLE = re.compile(
    r"[“‘「『《〈(（【〔\[]{0,3}(?:[A-Za-z0-9./:%‰+\-_~@#&=]{1,40}|.)"
    rf"[{re.escape(_NEVER_FIRST)}]{{0,2}}"
)
_WORD_EMS, _SLACK = 0.6, 0.6
_ISSUER = re.compile(r"(?:局|委员会|办公室|政府|厅|部|银行|分局|中心|协会|委)$")
_TITLE_SIZE = 1.15
_NUMBER_LINE = re.compile(
    r"[\u4e00-\u9fff]{1,15} ?[〔\[［(（【]\d{4}[〕\]］)）】] ?第? ?\d{1,5} ?号(?: {1,9}签发人.{0,20})?"
)
_DATE_LINE = re.compile(r"[(（]?\d{4}年\d{1,2}月\d{1,2}日")
# GB/T 9704: 发文机关 + 关于 + 事由 + 文种; the kind of document ends the title.
_KIND = re.compile(
    r"(?:通知|通告|公告|公报|意见|决定|决议|命令|批复|议案|报告|请示|纪要|[^信来去]函|办法|方案|细则|规定|条例|规则"
    r"|措施|政策|计划|规划|纲要|要点|制度|预案|章程|指南|指引|导则|目录|清单|名单|标准|说明|解读)(?:[(（][^()（）]{1,12}[)）])?$"
)
_LONG, _MANY = 0.85, 3


def is_document_number(text: str) -> bool:
    """Whether a line is nothing but a 文号, with 签发人 beside it or not."""
    return _NUMBER_LINE.fullmatch(text.strip()) is not None


def is_official_title(text: str) -> bool:
    """Whether a line reads as a whole title: 关于 before, the kind of document at its end."""
    return "关于" in text and _KIND.search(text) is not None


@dataclass(frozen=True)
class Measure:
    """A column's edges over the whole document, its line pitch, and how paragraphs begin."""

    left: float
    right: float
    pitch: float
    indents: bool


@dataclass
class Placed:
    """A line or table where it is read: page, column, place in the column."""

    item: Line | Grid
    page: int
    width: float
    kind: tuple[int, ...]
    column: int


def measures(placed: Sequence[Placed]) -> dict[tuple[int, ...], Measure]:
    groups: dict[tuple[int, ...], list[Placed]] = defaultdict(list)
    for place in placed:
        if isinstance(place.item, Line):
            groups[place.kind].append(place)
    return {kind: _measure(places) for kind, places in groups.items()}


def _measure(places: Sequence[Placed]) -> Measure:
    lines = [place.item for place in places if isinstance(place.item, Line)]
    size = sorted(line.size for line in lines)[len(lines) // 2]
    starts = Counter(round(line.x0 / size * 2) for line in lines)
    enough = max(2, len(lines) // 25)
    common = [start for start, count in starts.items() if count >= enough]
    edge = min(common or starts)
    left = min(line.x0 for line in lines if round(line.x0 / size * 2) == edge)
    far = max(line.x1 for line in lines)
    # Most long lines end at the edge; some hang a comma over it, ragged ones stop a little before.
    ends = sorted(line.x1 for line in lines if line.x1 >= left + _LONG * (far - left))
    right = ends[len(ends) * 7 // 10]
    mirrored = places[0].width - left - size
    if len(places[0].kind) == 1 and (len(ends) < _MANY or right < _LONG * mirrored):
        # No line shows the edge: the margins of a single column are taken to be alike.
        right = max(right, mirrored)
    steps = [
        b.item.top - a.item.top
        for a, b in itertools.pairwise(places)
        if a.column == b.column and 0 < b.item.top - a.item.top < 4 * size
    ]
    indented = sum(1.4 <= (line.x0 - left) / size <= 2.8 for line in lines)
    return Measure(
        left,
        right,
        _pitch(steps, size),
        indented >= max(2, 0.12 * len(lines)),
    )


def _pitch(steps: Sequence[float], size: float) -> float:
    """The smallest usual step between lines: larger ones part paragraphs."""
    counts = Counter(round(step / size * 10) for step in steps)
    enough = max(2, len(steps) // 20)
    common = [step for step, count in counts.items() if count >= enough]
    return min(common or counts, default=20) * size / 10


class Joining:
    """The rules, with what they need to know of the whole document."""

    def __init__(self, measures: Mapping[tuple[int, ...], Measure], body: float) -> None:
        self._measures = measures
        self._body = body

    def is_centred(self, place: Placed) -> bool:
        measure, line = self._measures[place.kind], place.item
        middles = [(measure.left + measure.right) / 2]
        if len(place.kind) == 1:
            middles.append(place.width / 2)
        middle = (line.x0 + line.x1) / 2
        size = line.size if isinstance(line, Line) else 0.0
        return any(abs(middle - m) < size for m in middles) and line.x0 > measure.left - size

    def goes_on(self, above: Placed, below: Placed, first: bool) -> bool:
        """Whether the line below is only the wrapped rest of the paragraph that is open."""
        a, b = above.item, below.item
        assert isinstance(a, Line)
        assert isinstance(b, Line)
        if abs(a.size - b.size) > 0.12 * max(a.size, b.size):
            return False
        if first and is_document_number(a.text):
            return False
        here = above.column == below.column
        down = b.top - a.top
        if here and down < 2.6 * a.size and self._official_title_goes_on(above, below, first):
            return True
        if a.size >= _TITLE_SIZE * self._body and here and down < 2.6 * a.size:
            return self._title_goes_on(above, below)
        if b.text[0] in _NEVER_FIRST and not _MARK.match(b.text):
            return True
        measure = self._measures[above.kind]
        if not _is_full(a, b, measure) or (here and down > 1.7 * measure.pitch):
            return False
        start = self._measures[below.kind]
        ended = a.text.rstrip(_CLOSING)[-1:] in tuple(_SENTENCE_END)
        if b.x0 - start.left < 0.8 * b.size:
            if ended and _STRONG_MARK.match(b.text):
                return False
            if start.indents:
                return True
            return not ((ended and _MARK.match(b.text)) or (here and down > 1.25 * measure.pitch))
        offset = (b.x0 - start.left) - (a.x0 - measure.left)
        hanging = -0.5 * b.size < offset < 3 * b.size
        level = abs(offset) < 0.5 * b.size
        if _MARK.match(b.text) or not (level or (hanging and first and _MARK.match(a.text))):
            return False
        if first and level and start.indents:
            return False
        return not ended or (not first and level)

    def _official_title_goes_on(self, above: Placed, below: Placed, first: bool) -> bool:
        """Centred lines of a title in type no larger than the text, told by its words."""
        a, b = above.item, below.item
        assert isinstance(a, Line)
        assert isinstance(b, Line)
        begun = not first or "关于" in a.text or b.text.startswith("关于")
        whole = _KIND.search(a.text) or a.text.endswith("文件") or a.text[-1] in _SENTENCE_END
        apart = all(self._stands_in(place) for place in (above, below))
        other = _MARK.match(b.text) or _DATE_LINE.match(b.text) or is_document_number(b.text)
        return begun and not whole and apart and not other

    def _stands_in(self, place: Placed) -> bool:
        """Whether a line is centred with more room before it than an indent takes."""
        measure, line = self._measures[place.kind], place.item
        assert isinstance(line, Line)
        return self.is_centred(place) and line.x0 - measure.left > 2.8 * line.size

    def _title_goes_on(self, above: Placed, below: Placed) -> bool:
        """Centred lines of a title are one, but two issuers of a letterhead are not."""
        a, b = above.item, below.item
        assert isinstance(a, Line)
        assert isinstance(b, Line)
        if is_document_number(b.text):
            return False
        issuers = _ISSUER.search(a.text) and _ISSUER.search(b.text)
        centred = self.is_centred(above) and self.is_centred(below)
        return centred and not issuers and _MARK.match(b.text) is None


def _is_full(line: Line, following: Line, measure: Measure) -> bool:
    """Whether the first unbreakable piece of the next line had no room left on this one."""
    match = _UNBREAKABLE.match(following.text.lstrip())
    piece = match[0] if match else ""
    need = sum(_WORD_EMS if char.isascii() and char.isalnum() else 1.0 for char in piece)
    return measure.right - line.x1 < (need + _SLACK) * line.size
