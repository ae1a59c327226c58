"""Zip-based office files, looked over before any library opens them."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from knowledge_base.errors import DocumentError
from knowledge_base.readers.formats import Format
from knowledge_base.readers.limits import Limits

_CENTRAL = b"PK\x01\x02"
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\\")
_NESTED_NAME = re.compile(r"\.(zip|rar|7z|gz|tgz|bz2|xz|tar|docx|xlsx|pptx|jar|cab)$", re.I)
_NESTED_MAGIC = (b"PK\x03\x04", b"Rar!\x1a", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ")
_PIECE = 1 << 16
_DAMAGED = "压缩结构已损坏;请用办公软件打开后另存,再重新上传"
_HARMFUL = "可能有害,未打开;请用办公软件重新另存后再上传"
_OTHERS = (
    ("OFD.xml", "这是 OFD 版式文件,无法直接读取;请用 OFD 阅读器导出为 PDF,或另存为 .docx"),
    ("ppt/presentation.xml", "这是演示文稿;请把文字另存为 .docx 后再试"),
    ("content.xml", "这是 OpenDocument 文件;请用 WPS 或 LibreOffice 另存为 .docx 或 .xlsx"),
)


def check_archive(content: bytes, limits: Limits) -> Format:
    """The office format of a zip file, once every entry has been inflated within bounds.

    Real sizes count, not the headers'. Raises DocumentError for too many entries, unsafe names,
    encryption, nested archives (but for objects embedded in an office file, which are never
    opened), expansion beyond the limits, lying headers, and XML with a DTD or nested too deep.
    """
    if content.count(_CENTRAL) > 2 * limits.archive_entries:
        _refuse_count(limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise DocumentError(_DAMAGED) from error
    if len(entries) > limits.archive_entries:
        _refuse_count(limits)
    names = [entry.orig_filename for entry in entries]
    if len(set(names)) != len(names):
        raise DocumentError(f"压缩结构里有重名的部分,{_HARMFUL}")
    if sum(entry.compress_size for entry in entries) > len(content):
        raise DocumentError(f"压缩结构里的部分互相重叠,{_HARMFUL}")
    format = _format(set(names))
    left = limits.expanded_bytes
    for entry in entries:
        _check_entry(entry)
        left -= _check_content(content, entry, left, limits)
    return format


def _format(names: set[str]) -> Format:
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    for part, advice in _OTHERS:
        if part in names:
            raise DocumentError(advice)
    if "[Content_Types].xml" in names:
        raise DocumentError("这不是 Word 文档或 Excel 工作簿;请另存为 .docx 或 .xlsx 后再试")
    raise DocumentError("这是压缩包;请先解压,再逐个上传其中的文件")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if _UNSAFE_NAME.search(entry.orig_filename) or "\0" in entry.orig_filename:
        raise DocumentError(f"压缩结构里有越出目录的路径,{_HARMFUL}")
    if entry.flag_bits & 0x41:
        raise DocumentError("文件内容已加密;请用办公软件打开后取消密码,另存后再试")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DocumentError(f"压缩方式不常见,{_HARMFUL}")
    if _NESTED_NAME.search(entry.orig_filename) and not _embedded(entry):
        raise DocumentError(f"压缩包里还有压缩包,{_HARMFUL}")


def _embedded(entry: zipfile.ZipInfo) -> bool:
    return "/embeddings/" in entry.orig_filename


def _check_content(content: bytes, entry: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """The entry's real size; inflation stops at the first byte past a limit."""
    at = entry.header_offset
    if content[at : at + 4] != b"PK\x03\x04":
        raise DocumentError(_DAMAGED)
    length = int.from_bytes(content[at + 26 : at + 28], "little")
    start = at + 30 + length + int.from_bytes(content[at + 28 : at + 30], "little")
    packed = memoryview(content)[start : start + entry.compress_size]
    if len(packed) != entry.compress_size:
        raise DocumentError(_DAMAGED)
    most = limits.ratio * max(1, entry.compress_size)
    scan: _MarkupScan | None = None
    size = 0
    for piece in _inflated(packed, entry.compress_type):
        if size == 0:
            if piece.startswith(_NESTED_MAGIC) and not _embedded(entry):
                raise DocumentError(f"压缩包里还有压缩包,{_HARMFUL}")
            scan = _MarkupScan(limits) if _is_markup(entry, piece) else None
        size += len(piece)
        if size > left:
            raise DocumentError(
                f"解压后超过 {limits.expanded_bytes >> 20} MB 的上限,疑似压缩炸弹,{_HARMFUL}"
            )
        if size > most and size > limits.ratio_from:
            raise DocumentError(f"压缩比超过 {limits.ratio} 倍,疑似压缩炸弹,{_HARMFUL}")
        if scan is not None:
            scan.feed(piece)
    if size != entry.file_size:
        raise DocumentError(f"压缩结构登记的大小与实际不符,{_HARMFUL}")
    if scan is not None:
        scan.close()
    return size


def _inflated(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for at in range(0, len(packed), _PIECE):
            yield bytes(packed[at : at + _PIECE])
        return
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        piece = machine.decompress(packed, _PIECE)
        while piece:
            yield piece
            piece = machine.decompress(machine.unconsumed_tail, _PIECE)
    except zlib.error as error:
        raise DocumentError(_DAMAGED) from error
    if not machine.eof and len(packed):
        raise DocumentError(_DAMAGED)


def _is_markup(entry: zipfile.ZipInfo, first: bytes) -> bool:
    if entry.orig_filename.lower().endswith((".xml", ".rels", ".vml")):
        return True
    return first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or first.startswith(
        (b"\xff\xfe<", b"\xfe\xff\0<")
    )


class _MarkupScan:
    """XML read for its shape alone: a DTD, too many elements or too deep a nesting ends it."""

    def __init__(self, limits: Limits) -> None:
        self._depth, self._elements = limits.depth, limits.elements
        self._limits = limits
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse_dtd
        self._parser.StartElementHandler = self._enter
        self._parser.EndElementHandler = self._leave

    def feed(self, piece: bytes, last: bool = False) -> None:
        """Reads on; DocumentError at the first thing that is refused."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise DocumentError(f"内部的 XML 有误(第 {error.lineno} 行);{_DAMAGED}") from error

    def close(self) -> None:
        """Reads to the end; DocumentError when the XML is not complete."""
        self.feed(b"", last=True)

    def _refuse_dtd(self, *_: object) -> None:
        raise DocumentError(f"内部的 XML 带有实体定义(DTD),{_HARMFUL}")

    def _enter(self, *_: object) -> None:
        self._depth -= 1
        self._elements -= 1
        if self._depth < 0:
            raise DocumentError(f"内部的 XML 嵌套超过 {self._limits.depth} 层,{_HARMFUL}")
        if self._elements < 0:
            most = self._limits.elements
            raise DocumentError(f"内容超过 {most} 个段落、格子等的上限;请拆成较小的文件后再试")

    def _leave(self, _: object) -> None:
        self._depth += 1


def _refuse_count(limits: Limits) -> NoReturn:
    raise DocumentError(f"压缩结构里的部分超过 {limits.archive_entries} 个的上限,{_HARMFUL}")
