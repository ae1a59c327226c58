"""A saved page of a government portal: the document in it, its catalogue fields and downloads.

No portal is known by name. The document stands where the prose stands (`html_region.py`); what
surrounds it is told by structure: density of links, buttons, crumbs, tags and roles.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from knowledge_base.readers.assembly import assemble
from knowledge_base.readers.cleaning import clean_fields, clean_line
from knowledge_base.readers.html_blocks import Block, HiddenText, read_blocks
from knowledge_base.readers.html_fields import (
    CATALOGUE,
    COUNTERS,
    Field,
    fields_of_line,
    fields_of_table,
    name_alone,
)
from knowledge_base.readers.html_region import (
    FILE_LINK,
    document_blocks,
    is_furniture,
    is_prose,
    without_links,
)
from knowledge_base.readers.html_tree import Page, parse
from knowledge_base.readers.reading import Attachment, Reading

# What the head of a page says about it, by the names the catalogue prints. Government portals set
# the names of the left column by a common standard (政府网站发展指引, 附件 网页标签规范).
_META = {
    "pubdate": "发布日期",
    "contentsource": "来源",
    "author": "作者",
    "keywords": "关键词",
    "columnname": "栏目",
    "sitename": "网站名称",
}
_TITLE_META = ("articletitle", "og:title")
_SITE_PART = re.compile(r"\s*[_|\-—–－]\s*")
_TITLE_MARK = re.compile(r"title|biaoti|(^|[-_])bt($|[-_])", re.I)
_FOLD = re.compile(r"[\s\u00a0\u3000]+")
_LONGEST_TITLE = 200
_TAIL_BLOCKS = 8


def read(content: bytes) -> Reading:
    """Reading of a saved page: title first, then the document paragraph by paragraph.

    `fields` hold the catalogue and the meta tags by printed name, `attachments` every file the
    page offers. Raises DocumentError for a page without words or with tags nested too deep.
    """
    page = parse(content)
    blocks, unseen = read_blocks(page)
    start, end = document_blocks(blocks)
    first = next((i for i in range(start, end) if is_prose(blocks[i])), end)
    fields, taken = _catalogue(blocks[:first])
    tail, taken_tail = _source_lines(blocks, max(first, end - _TAIL_BLOCKS), end)
    kept = [blocks[i] for i in range(start, end) if i not in taken | taken_tail]
    body = without_links(kept)
    title = _title(page.root, blocks[:first], body)
    reading = assemble(
        [block.table if block.table is not None else block.text for block in _titled(body, title)],
        "html",
        paged=False,
        title=title,
        notices=_notices(page, unseen, blocks[start:end]),
    )
    named = {**_named_meta(_meta(page.root)), **dict(tail), **dict(fields)}
    cleaned, told = clean_fields({key: named[key] for key in named if key not in COUNTERS})
    return replace(
        reading,
        fields=MappingProxyType(cleaned),
        attachments=_attachments(blocks),
        notices=(*reading.notices, *told),
    )


def _catalogue(head: Sequence[Block]) -> tuple[list[Field], set[int]]:
    """Fields printed before the first prose, and the blocks that print nothing else.

    A name and its value in blocks of their own count only where the catalogue names several.
    """
    fields: list[Field] = []
    taken: set[int] = set()
    loose: list[tuple[Field, set[int]]] = []
    index = 0
    while index < len(head):
        block = head[index]
        table = fields_of_table(block.table) if block.table is not None else None
        found = table or fields_of_line(block.text)
        name = name_alone(block.text)
        if name is None and found:
            fields += found
            taken.add(index)
        elif name is not None and index + 1 < len(head):
            after = head[index + 1]
            if name_alone(after.text) is None and not after.heading and len(after.text) < 200:
                loose.append(((name, after.text), {index, index + 1}))
                index += 1
            else:
                loose.append(((name, ""), {index}))
        index += 1
    if len({field[0] for field, _ in loose if field[0] in CATALOGUE}) >= 2:
        fields += [field for field, _ in loose]
        taken.update(*(places for _, places in loose))
    return [(name, value) for name, value in fields if value], taken


def _source_lines(blocks: Sequence[Block], start: int, end: int) -> tuple[list[Field], set[int]]:
    """Fields printed below the text (来源, 责任编辑, …), in its element or after it.

    The second part are the blocks inside the text's element that print nothing else.
    """
    fields: list[Field] = []
    taken: set[int] = set()
    for index in range(end - 1, start - 1, -1):
        found = fields_of_line(blocks[index].text)
        if found is not None:
            fields += found
            taken.add(index)
        elif not is_furniture(blocks[index]) and not blocks[index].linked:
            break
    for block in blocks[end : end + _TAIL_BLOCKS]:
        fields += fields_of_line(block.text) or []
    return [(name, value) for name, value in fields if value], taken


def _title(root: Any, head: Sequence[Block], body: Sequence[Block]) -> str | None:
    """The document's title: by meta tag, else the marked heading that the page's title names."""
    meta = _meta(root)
    for name in _TITLE_META:
        if meta.get(name):
            return meta[name]
    named = _joined(root.xpath("string(//title)"))
    candidates = [*_headings(root), *_runs([b for b in (*head, *body[:6]) if not b.links])]
    for candidate in candidates:
        if len(candidate) > 5 and _fold(candidate) in _fold(named):
            return candidate
    if marked := [text for text in _headings(root) if len(text) > 5]:
        return max(marked, key=len)
    return max(_SITE_PART.split(named), key=len, default="") or None


def _headings(root: Any) -> list[str]:
    """Texts of h1–h3 and of elements whose class or id calls them a title."""
    found = []
    for element in root.iter("h1", "h2", "h3", "div", "p", "td", "span", "strong"):
        mark = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in ("h1", "h2", "h3") or (len(mark) < 200 and _TITLE_MARK.search(mark)):
            text = _joined("".join(_first(element.itertext(), _LONGEST_TITLE)))
            if 0 < len(text) < _LONGEST_TITLE:
                found.append(text)
    return found


def _first(texts: Any, most: int) -> list[str]:
    """The texts up to `most` characters past the limit: a title is never longer."""
    kept: list[str] = []
    total = 0
    for text in texts:
        kept.append(text)
        total += len(text)
        if total > 4 * most:
            break
    return kept


def _runs(blocks: Sequence[Block]) -> list[str]:
    """Up to four blocks in a row joined, longest first: a title is often broken into lines."""
    texts = [block.text for block in blocks[-12:] if block.table is None]
    runs = ["".join(texts[i:j]) for i in range(len(texts)) for j in range(i + 1, i + 5)]
    return sorted((run for run in runs if len(run) < _LONGEST_TITLE), key=len, reverse=True)


def _titled(body: Sequence[Block], title: str | None) -> list[Block]:
    """The blocks with the title as first line, where they do not print it themselves.

    A title the portal prints above a document that prints its own is left out: it stands once.
    """
    blocks = list(body)
    if title is None:
        return blocks
    folded = _fold(title)
    starts = [i for i in range(min(8, len(blocks))) if _begins_title(blocks[i:], folded)]
    if len(starts) > 1 and _fold(blocks[starts[0]].text) == folded:
        del blocks[starts[0]]
    if starts:
        return blocks
    return [Block(title, None), *blocks]


def _begins_title(blocks: Sequence[Block], folded: str) -> bool:
    """Whether the next one to five blocks, joined, are the title."""
    said = ""
    for block in blocks[:5]:
        said += _fold(block.text)
        if said == folded:
            return True
        if not folded.startswith(said):
            return False
    return False


def _meta(root: Any) -> dict[str, str]:
    meta: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        value = _joined(element.get("content") or "")
        if name and value and len(value) < 1000:
            meta.setdefault(name, value)
    return meta


def _named_meta(meta: dict[str, str]) -> dict[str, str]:
    return {printed: meta[name] for name, printed in _META.items() if name in meta}


def _attachments(blocks: Sequence[Block]) -> tuple[Attachment, ...]:
    """Every file linked from a block, in printed order, each address once."""
    found: dict[str, Attachment] = {}
    for block in blocks:
        for text, url in block.links:
            if FILE_LINK.search(url) and not url.lower().startswith(("javascript:", "data:")):
                found.setdefault(url, Attachment(clean_line(text)[0], url))
    return tuple(found.values())


def _notices(page: Page, unseen: Sequence[HiddenText], region: Sequence[Block]) -> tuple[str, ...]:
    """What was left out: hidden text within the document, control characters of the source."""
    notices = []
    holders = {block.element for block in region if block.element is not None}
    holders |= {element.getparent() for element in holders}
    near = [hidden.text for hidden in unseen if _near(hidden.element, holders)]
    if near:
        shown = clean_line(near[0])[0][:30]
        total = sum(map(len, near))
        notices.append(f"已略去屏幕上看不见的文字 {len(near)} 处共 {total} 字,首处为「{shown}」")
    if page.controls:
        notices.append(f"已去除不可见字符:网页代码中的控制字符 {page.controls} 个")
    return tuple(notices)


def _near(element: Any, holders: set[Any]) -> bool:
    """Whether a hidden element stands in, or directly beside, blocks of the document."""
    parent = element.getparent()
    for _ in range(3):
        if parent is None or parent.tag == "body":
            return False
        if parent in holders:
            return True
        parent = parent.getparent()
    return False


def _joined(text: str) -> str:
    return clean_line(re.sub(r"\s+", " ", text))[0].strip()


def _fold(text: str) -> str:
    return _FOLD.sub("", text)
