"""Which format a file is, by its content; its suffix must not say otherwise."""

import re
from typing import Literal, NoReturn

from knowledge_base.errors import DocumentError

Format = Literal["text", "html", "docx", "xlsx", "pdf", "image"]
Container = Literal["text", "html", "zip", "pdf", "image"]

_NAMES: dict[str, str] = {
    "text": "纯文本",
    "html": "网页",
    "docx": "Word 文档",
    "xlsx": "Excel 工作簿",
    "pdf": "PDF 文件",
    "image": "图片",
}
_SUFFIXES: dict[str, Format] = {
    **dict.fromkeys((".txt", ".text", ".md"), "text"),
    **dict.fromkeys((".html", ".htm", ".shtml", ".xhtml"), "html"),
    **dict.fromkeys((".docx", ".docm"), "docx"),
    **dict.fromkeys((".xlsx", ".xlsm"), "xlsx"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"), "image"),
    ".pdf": "pdf",
}
_RIGHT_SUFFIX: dict[str, str] = {
    "text": ".txt",
    "html": ".html",
    "docx": ".docx",
    "xlsx": ".xlsx",
    "pdf": ".pdf",
    "image": ".png 或 .jpg(与图片实际格式一致)",
}
# Suffixes of formats that are refused: content of another format under them is a contradiction.
_OLD_SUFFIXES = {
    **dict.fromkeys((".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt"), "旧版 Word 或 WPS 文字"),
    **dict.fromkeys((".xls", ".et", ".ods", ".csv"), "旧版 Excel、WPS 表格或 CSV"),
    ".ofd": "OFD 版式文件",
}
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0",
             b"MSCF\0", b"\x28\xb5\x2f\xfd", b"PK\x05\x06", b"PK\x07\x08")  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|span|p|a|h[1-6]|script|style|link)"
    rb"[\s/>]"
)
_MHTML = re.compile(rb"(?mi)^content-type:\s*multipart/related")


def container(content: bytes) -> Container:
    """The outer format by magic bytes; DocumentError for what huiqi does not read, with advice."""
    if not content:
        raise DocumentError("文件是空的(0 字节);请检查下载或上传是否完整")
    head = content[:_HEAD]
    if head.startswith(b"PK\x03\x04"):
        if b"%PDF-" in head[:1024]:
            _refuse_two_faces()
        return "zip"
    if head.startswith((b"%PDF-", b"\xef\xbb\xbf%PDF-")) or b"%PDF-" in head[:1024]:
        if _ends_as_zip(content):
            _refuse_two_faces()
        return "pdf"
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and int.from_bytes(head[14:18], "little"):
        return "image"
    _refuse_known(content, head)
    return _words(head)


def _words(head: bytes) -> Container:
    plain = head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
    plain = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\f\0").lower()
    if plain.startswith(b"<") and _MARKUP.search(plain):
        return "html"
    if plain.startswith((b"<?xml", b"<!doctype")):
        raise DocumentError("这是 XML 数据,不是可读的文件;请在原程序中另存为 .docx 或 .pdf 后再试")
    return "text"


def _refuse_known(content: bytes, head: bytes) -> None:
    """DocumentError for formats that are recognised and not read."""
    if head.startswith(_OLE):
        _refuse_ole(content)
    if head.startswith(b"{\\rtf"):
        raise DocumentError("这是 RTF 文档,无法直接读取;请用 Word 或 WPS 打开后另存为 .docx")
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise DocumentError("这是压缩包;请先解压,再逐个上传其中的文件")
    if _MHTML.search(head):
        raise DocumentError(
            "这是单一文件网页(.mht);请在浏览器中另存为「网页,仅 HTML」,或复制正文存为 .txt"
        )
    if head.startswith((b"\x7fELF", b"\xca\xfe\xba\xbe", b"MZ\x90\0", b"SQLite format 3\0")):
        raise DocumentError("这是程序或数据文件,不是公文;请上传 .docx、.pdf、.html 或 .txt")


def _refuse_ole(content: bytes) -> NoReturn:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise DocumentError("文件设了打开密码;请用办公软件打开后取消密码,另存后再试")
    if holds("Workbook") or holds("Book"):
        raise DocumentError("这是旧版 .xls(或 .et)表格,无法直接读取;请用 Excel 或 WPS 另存为 .xlsx")
    raise DocumentError("这是旧版 .doc(或 .wps)文档,无法直接读取;请用 Word 或 WPS 另存为 .docx")


def _refuse_two_faces() -> NoReturn:
    raise DocumentError("文件同时是 PDF 和压缩包,内容自相矛盾,可能有害;请用办公软件重新导出")


def _ends_as_zip(content: bytes) -> bool:
    """Whether an end-of-central-directory record closes the file exactly at its last byte."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 65557))
    if at < 0 or len(content) - at < 22:
        return False
    return at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") == len(content)


def check_suffix(format: Format, suffix: str) -> None:
    """DocumentError when the suffix (lower case, with its dot) names another format."""
    if suffix == ".csv" and format == "text":
        raise DocumentError("不读取 .csv 表格;请用 Excel 或 WPS 另存为 .xlsx,并按产品单模板填写")
    claimed = _SUFFIXES.get(suffix)
    named = _NAMES[claimed] if claimed else _OLD_SUFFIXES.get(suffix)
    if named is None or claimed == format:
        return
    raise DocumentError(
        f"后缀是 {suffix}({named}),内容却是{_NAMES[format]};"
        f"请核对是否传错文件,或把后缀改为 {_RIGHT_SUFFIX[format]}"
    )
