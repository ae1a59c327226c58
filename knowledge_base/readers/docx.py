"""A Word document (.docx) as its reader sees it printed, generated numbers included.

Order and marks follow ECMA-376. A footnote's mark stands in the sentence as [1] and its text in a
line of its own below that paragraph, in every style of mark, so that it never passes for an item.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from knowledge_base.errors import DocumentError
from knowledge_base.readers.assembly import PAGE_BREAK, Piece, assemble
from knowledge_base.readers.docx_blocks import Blocks, Paragraph
from knowledge_base.readers.docx_numbering import W, read_numbering
from knowledge_base.readers.docx_package import Package, open_package
from knowledge_base.readers.docx_styles import read_styles, style_lists
from knowledge_base.readers.reading import Reading

_TITLE_WITHIN = 12
_TITLE_LARGER = 3  # half points above the size most of the text is set in
_PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_DEEP = "DOCX 的内容嵌套过深或含有无法识别的数值({error});请用 Word 打开并重新另存为 .docx"


def read(content: bytes) -> Reading:
    """Paragraphs, tables and notes in printed order; DocumentError if it is no whole .docx.

    Headers, footers, tables of contents, page numbers, comments and deleted revisions are left
    out. `pages` are given where Word saved the breaks of its last layout.
    """
    package = open_package(content)
    body = _body(package)
    rendered = next(body.iter(W + "lastRenderedPageBreak"), None) is not None
    styles = read_styles(package.xml("word/styles.xml"))
    numbering = read_numbering(package.xml("word/numbering.xml"), style_lists(styles))
    notes = {
        kind: _notes(package.xml(f"word/{kind}s.xml"), kind) for kind in ("footnote", "endnote")
    }
    blocks = Blocks(styles, numbering, notes, rendered)
    try:
        pieces = list(blocks.read(body))
    except (ValueError, RecursionError) as error:
        raise DocumentError(_DEEP.format(error=type(error).__name__)) from error
    if not any(not isinstance(piece, str) or piece.strip() for piece in pieces):
        raise DocumentError("DOCX 中没有可读的文字;如内容是图片,请导出为 PDF 或图片后再导入")
    return assemble(
        pieces,
        "docx",
        paged=_paged(package, pieces, rendered),
        title=_title(blocks.paragraphs),
        notices=tuple(_notices(package, body, blocks)),
    )


def _body(package: Package) -> Any:
    document = package.xml("word/document.xml")
    body = None if document is None else document.find(W + "body")
    if body is None:
        raise DocumentError("DOCX 的 word/document.xml 中没有正文;请用 Word 打开并重新另存")
    return body


def _notes(root: Any | None, kind: str) -> dict[str, Any]:
    """Foot- or endnotes by id, separators left out."""
    if root is None:
        return {}
    return {
        str(note.get(W + "id")): note
        for note in root.findall(W + kind)
        if note.get(W + "type", "normal") == "normal"
    }


def _paged(package: Package, pieces: list[Piece], rendered: bool) -> bool:
    """Whether the page marks found are all there are: Word's count of pages must not exceed them."""
    marks = sum(
        piece.count(PAGE_BREAK)
        if isinstance(piece, str)
        else sum(cell.count(PAGE_BREAK) for row in piece.rows for cell in row)
        for piece in pieces
    )
    if rendered or marks == 0:
        return marks > 0
    root = package.xml("docProps/app.xml")
    stated = None if root is None else root.findtext(_PROPERTIES + "Pages")
    return stated is None or not stated.isdigit() or int(stated) <= marks + 1


def _title(paragraphs: list[Paragraph]) -> str | None:
    """What style Title marks, else the largest centred lines near the top, letterhead aside."""
    marked = [p for p in paragraphs if p.title]
    if marked:
        first = paragraphs.index(marked[0])
        return _joined(itertools.takewhile(lambda p: p.title, paragraphs[first:]))
    sizes: Counter[int] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    if not sizes:
        return None
    floor = sizes.most_common(1)[0][0] + _TITLE_LARGER
    large = [p for p in paragraphs[:_TITLE_WITHIN] if p.centred and p.size >= floor]
    # The letterhead of an official document (「平阳县科学技术局文件」) is larger than its title.
    large = [p for p in large if not p.text.rstrip().endswith("文件")] or large
    if not large:
        return None
    best = max(large, key=lambda p: p.size)
    first = next(i for i, p in enumerate(paragraphs) if p is best)
    return _joined(
        itertools.takewhile(lambda p: p.centred and p.size == best.size, paragraphs[first:])
    )


def _joined(paragraphs: Iterator[Paragraph]) -> str:
    text = "".join(p.text for p in paragraphs)
    return " ".join(text.replace(PAGE_BREAK, "").replace("\n", "").split())


def _notices(package: Package, body: Any, blocks: Blocks) -> Iterator[str]:
    """What was left out, in Chinese."""
    counts = blocks.left_out
    if counts["deleted"] or counts["inserted"]:
        yield (
            f"含修订痕迹:保留插入 {counts['inserted']} 处,"
            f"略去删除 {counts['deleted']} 处(共 {counts['deleted_chars']} 字)"
        )
    if counts["hidden"]:
        yield f"已略去隐藏文字 {counts['hidden']} 字(隐藏属性、白色或极小字号)"
    if counts["symbols"]:
        yield f"有 {counts['symbols']} 个特殊符号无法识别,已略去"
    if counts["pictures"]:
        yield f"含图片或图形 {counts['pictures']} 处,其中的文字未读取"
    embedded = [n for n in package.names if n.startswith("word/embeddings/")]
    if embedded:
        names = "、".join(_object_names(body) or [PurePosixPath(n).name for n in embedded])
        yield f"含嵌入对象 {len(embedded)} 个,未读取:{names}"
    if next(body.iter(W + "altChunk"), None) is not None:
        yield "含外部文档片段(altChunk),其中的文字未读取"


def _object_names(body: Any) -> list[str]:
    """Printed kinds of embedded objects, as `Excel.Sheet.12`."""
    office = "{urn:schemas-microsoft-com:office:office}OLEObject"
    return [str(e.get("ProgID")) for e in body.iter(office) if e.get("ProgID")]
