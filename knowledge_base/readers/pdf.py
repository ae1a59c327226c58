"""A PDF: its text layer read line by line, pages without one recognised from their picture."""

import io
import logging
from collections import Counter
from collections.abc import Iterator

import pdfplumber
import pypdfium2

from knowledge_base.errors import DocumentError
from knowledge_base.readers import ocr
from knowledge_base.readers.assembly import assemble
from knowledge_base.readers.page_lines import Page
from knowledge_base.readers.page_paragraphs import compose
from knowledge_base.readers.pdf_fonts import Fonts
from knowledge_base.readers.pdf_page import PageText, read_page
from knowledge_base.readers.reading import Reading

# One line per odd font and page would fill the log of a server; damage is raised, not logged.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

PAGES = 500
_SCANNED_PAGES = 100
_TAIL = 4096
_STAMP = 20  # characters a scanner or an archive adds to the picture of a page
_DPI = 200
_BROKEN = "PDF 文件不完整或已损坏({why});请重新下载或重新导出后再导入"
_NOTICES = {
    "hidden": "已略去隐藏文字 {0} 字(白色、不可见、极小或在页面之外)",
    "rotated": "已略去旋转或竖排文字 {0} 字",
    "unmapped": "有 {0} 个字形没有对应的文字,已略去",
    "radical": "已将 {0} 个部首或兼容字形换成通用汉字",
    "drawing": "有 {0} 页线条过多,其中的表格按普通文字读取",
}


def read(content: bytes) -> Reading:
    """Paragraphs, ruled tables and footnotes in reading order; `pages` are exact.

    Running heads, page numbers and what a browser prints at the edge are left out. A footnote is
    a line of its own, [1] before it, after the paragraph that ends or goes on below its page.
    DocumentError for files that are encrypted, damaged, too long, or scanned without OCR installed.
    """
    count = _checked(content)
    left_out: Counter[str] = Counter()
    pages: list[Page] = []
    recognised: list[ocr.Recognised] = []
    try:
        for text in _page_texts(content, count):
            if _needs_recognition(text):
                text.left_out.pop("unmapped", None)  # read from the picture instead
                found = _recognise(content, text.page, len(recognised))
                recognised.append(found)
                pages.append(found.page)
            else:
                pages.append(text.page)
            left_out += text.left_out
    except DocumentError:
        raise
    except Exception as error:  # whatever a hostile file makes the parser raise, by name
        why = f"第 {len(pages) + 1} 页,{type(error).__name__}"
        raise DocumentError(_BROKEN.format(why=why)) from error
    if not any(page.lines or page.grids for page in pages):
        raise DocumentError("PDF 中没有可读的文字;请确认文件不是空白页")
    pieces, title = compose(pages)
    notices = [_NOTICES[key].format(left_out[key]) for key in _NOTICES if left_out[key]]
    notices += ocr.notices(recognised)
    return assemble(pieces, "pdf", paged=True, title=title, notices=notices)


def _checked(content: bytes) -> int:
    """Number of pages of a whole, readable file."""
    if b"%PDF-" not in content[:1024]:
        raise DocumentError("文件不是 PDF(缺少 %PDF 标记);请检查文件后缀是否与内容一致")
    if b"%%EOF" not in content[-_TAIL:]:
        raise DocumentError(_BROKEN.format(why="缺少结尾标记,可能没有下载完整"))
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise DocumentError("PDF 已加密,需要口令才能打开;请去除口令保护后再导入") from error
        raise DocumentError(_BROKEN.format(why="结构无法识别")) from error
    try:
        count = len(document)
    finally:
        document.close()
    if count > PAGES:
        raise DocumentError(f"PDF 共 {count} 页,超过 {PAGES} 页的上限;请拆分后再导入")
    if count == 0:
        raise DocumentError(_BROKEN.format(why="没有任何页面"))
    return count


def _page_texts(content: bytes, count: int) -> Iterator[PageText]:
    with pdfplumber.open(io.BytesIO(content)) as document:
        document.rsrcmgr = Fonts()
        if len(document.pages) != count:
            why = f"目录载明 {count} 页,能读出 {len(document.pages)} 页"
            raise DocumentError(_BROKEN.format(why=why))
        for page in document.pages:
            yield read_page(page)
            page.close()


def _needs_recognition(text: PageText) -> bool:
    """A scan, letters turned into curves, or a font that does not say what its glyphs mean."""
    glyphs = sum(len(line.text) for line in text.page.lines)
    if text.left_out["unmapped"] > glyphs:
        return True
    if text.page.grids or not text.drawn:
        return False
    return glyphs == 0 or (text.scanned and glyphs < _STAMP)


def _recognise(content: bytes, page: Page, done: int) -> ocr.Recognised:
    if done >= _SCANNED_PAGES:
        raise DocumentError(
            f"PDF 中扫描页超过 {_SCANNED_PAGES} 页的上限(到第 {page.number} 页);请拆分后再导入"
        )
    document = pypdfium2.PdfDocument(content)
    try:
        sheet = document[page.number - 1]
        scale = min(_DPI / 72, ocr.LONGEST_SIDE / max(sheet.get_size()))
        image = sheet.render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()
    return ocr.recognise(image, page.number)
