"""The parts of a .docx file: a bounded ZIP of XML, opened without entities and without network."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from knowledge_base.errors import DocumentError
from knowledge_base.readers.docx_numbering import W
from knowledge_base.readers.limits import LIMITS

_PART_BYTES = 64 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = W[1:-1].encode()


@dataclass(frozen=True)
class Package:
    """An opened .docx; parts are read when asked for, each at most once."""

    _zip: zipfile.ZipFile

    @property
    def names(self) -> tuple[str, ...]:
        """Every entry's path inside the file."""
        return tuple(self._zip.namelist())

    def xml(self, name: str) -> Any | None:
        """Root element of a part, None where the file has no such part; DocumentError if broken."""
        if name not in self._zip.NameToInfo:
            return None
        try:
            with self._zip.open(name) as part:
                data = part.read(_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as e:
            raise DocumentError(f"DOCX 文件的 {name} 已损坏或加密({e});请重新另存后再导入") from e
        if len(data) > _PART_BYTES:
            raise DocumentError(
                f"DOCX 文件的 {name} 解压后超过 {_PART_BYTES >> 20} MB,疑为压缩炸弹"
            )
        return _parse(data.replace(_STRICT, _TRANSITIONAL), name)


def open_package(content: bytes) -> Package:
    """Checks the ZIP directory before anything is unpacked; DocumentError says what is wrong."""
    if content.startswith(_OLE):
        raise DocumentError(
            "文件是旧版 .doc 或加密的 Word 文档;请用 Word 打开并另存为不加密的 .docx"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as e:
        raise DocumentError("文件不是完整的 DOCX(ZIP 结构损坏);请重新另存后再导入") from e
    entries = archive.infolist()
    if len(entries) > LIMITS.archive_entries:
        raise DocumentError(
            f"DOCX 内有 {len(entries)} 个条目,超过 {LIMITS.archive_entries} 个的上限,疑为压缩炸弹"
        )
    if sum(entry.file_size for entry in entries) > LIMITS.expanded_bytes:
        raise DocumentError(f"DOCX 解压后超过 {LIMITS.expanded_bytes >> 20} MB,疑为压缩炸弹")
    if "word/document.xml" not in archive.NameToInfo:
        raise DocumentError("文件不是 DOCX:缺少 word/document.xml;请检查文件后缀是否与内容一致")
    return Package(archive)


def _parse(data: bytes, name: str) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as e:
        raise DocumentError(f"DOCX 文件的 {name} 不是完整的 XML({e.msg});请重新另存后再导入") from e
    if root.getroottree().docinfo.doctype:
        raise DocumentError(f"DOCX 文件的 {name} 含有 DOCTYPE 声明,不予读取;请用 Word 重新另存")
    return root
