"""What the first line of a level is: a heading, or text that says more. Pure."""

import re

from knowledge_base.outline.numbering import BOXES
from knowledge_base.outline.units import LONGEST_HEADING
from knowledge_base.readers.reading import Span

_HEADING_END = re.compile(r"[。;；!！?？]|(?<!问)[:：]")
# A heading may end in a colon; only these say that a line carries a sentence of its own.
_SENTENCE = re.compile(r"[。;；!！?？]|[:：].")
_ANNOUNCES = re.compile(r"[,，]|下列|以下|如下|应当|不得|可以")
# What a sentence has and the name of a part has not, though it too may end in a full stop.
_STATES = re.compile(
    r"^(?:对|凡|由|各|申请|符合)|应|不得|可以|可按|须|(?<![重主需])要(?![求素点闻件害领务])|予以|给予|享受|按照|依照|以下|下列|如下|"
    r"的[,，]|是|执行|负责|适用|包括|分为|\d"
)
_GAP = re.compile(r"(?<=[^\s]{2})[ \t\u3000\xa0]+(?=\S)")
_LONGEST_KEPT = 200  # characters of a heading kept in `path`
LEGAL = ("条", "款", "项")
DIVISIONS = ("编", "部分", "章", "节", *BOXES)


def has_sentence(body: str) -> bool:
    """Whether a line carries a sentence of its own."""
    return _SENTENCE.search(body) is not None


def says_more(body: str, family: str, bare: bool, glued: bool) -> bool:
    """Whether a level's first line belongs to its clause.

    `bare` where nothing but a level below stands under it, `glued` where its printed line goes on.
    """
    if body.endswith((",", "，")) or (glued and body.endswith((":", "：", "、"))):
        return True
    if family in LEGAL:
        return len(body) > 25 or re.search("[。;；:：,，]", body) is not None
    stop = _SENTENCE.search(body)
    if stop is not None:
        named = stop.end() == len(body) <= LONGEST_HEADING and body[-1] not in ":：;；"
        return not (bare and named and _STATES.search(body) is None)
    if len(body) > LONGEST_HEADING and re.search("[,，]", body):
        return True
    announced = body.endswith((":", "："))
    return announced and (len(body) > LONGEST_HEADING or _ANNOUNCES.search(body) is not None)


def heading(text: str, span: Span, after: int | None = None) -> str:
    """A heading as it stands in `path`; a hostile one of a megabyte is cut, not copied everywhere."""
    start, end = span
    end = min(end, start + _LONGEST_KEPT)
    if after is None:
        return text[start:end]
    stop = _HEADING_END.search(text, after, end)
    end = stop.start() if stop else end
    if span[1] - start > 60 and (gap := _GAP.search(text, after + 1, min(end, after + 30))):
        title = text[after : gap.start()]
        if not re.search("[,，《(（“]", title):
            end = gap.start()
    return text[start:end]
