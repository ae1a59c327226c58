"""Plain text in UTF-8, UTF-16 with its mark, or GB18030: the words as published."""

import itertools
import re
from collections import Counter

from knowledge_base.errors import DocumentError
from knowledge_base.readers.cleaning import clean_line, invisible_notices
from knowledge_base.readers.reading import Reading, Span

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Four Chinese characters in a row as UTF-8 writes them; text in GB18030 does not look so.
_UTF8_RUN = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}|\xe3\x80[\x80-\x91]|\xef\xbc[\x81-\x9f]){4}")
_LINE_END = re.compile(r"\r\n|[\r\u2028\u2029\x0b\x85]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_BINARY_SHARE = 100  # one control character in so many makes it no text


def read(content: bytes) -> Reading:
    """Reading of a text file; a form feed ends a page.

    Raises DocumentError for bytes that are no text, or that mix two encodings.
    """
    text = decode(content)
    if len(_CONTROL.findall(text)) * _BINARY_SHARE > len(text):
        raise DocumentError("内容不是文字(可能是程序或数据文件);请上传 .docx、.pdf、.html 或 .txt")
    text = _LINE_END.sub("\n", text)
    clean, pages, notices = _cleaned(text)
    return Reading(format="text", text=clean, pages=pages, notices=notices)


def decode(content: bytes) -> str:
    """The characters of the bytes, strictly; the error names line and byte of what does not fit."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding, len(mark))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        run = _UTF8_RUN.search(content)
        if run is not None:
            at = error.start if error.start > run.start() else run.start()
            raise DocumentError(
                f"文件前后编码不一致(UTF-8 与 GB18030 混用)或已损坏:{_place(content, at)};"
                "请用记事本等打开,核对该处文字后另存为 UTF-8"
            ) from error
    return _strict(content, "gb18030", 0)


def _strict(content: bytes, encoding: str, skipped: int) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = {"gb18030": "UTF-8 和 GB18030", "utf-8": "UTF-8"}.get(encoding, "UTF-16")
        raise DocumentError(
            f"按 {name} 都读不通:{_place(content, error.start, skipped)};"
            "请用记事本等打开,核对该处文字后另存为 UTF-8"
        ) from error


def _place(content: bytes, at: int, skipped: int = 0) -> str:
    return f"第 {content.count(10, 0, at) + 1} 行(第 {at + skipped + 1} 个字节)"


def _cleaned(text: str) -> tuple[str, tuple[Span, ...], tuple[str, ...]]:
    """Text without invisible characters, the spans of its pages, and the notices."""
    lines: list[str] = []
    breaks: list[int] = []
    found: dict[int, Counter[str]] = {}
    position = 0
    for part in text.replace("\f", "\n\f").split("\n"):
        raw = part.removeprefix("\f")
        if len(raw) < len(part):
            # A page break at the start of a line took its line end with it.
            if lines and not lines[-1]:
                position -= len(lines.pop()) + 1
            breaks.append(max(0, position))
        line, kinds = clean_line(raw)
        lines.append(line)
        if kinds:
            found[len(lines)] = kinds
        position += len(line) + 1
    return "\n".join(lines), _pages(breaks, position - 1), invisible_notices(found)


def _pages(breaks: list[int], end: int) -> tuple[Span, ...]:
    if not breaks:
        return ()
    edges = [0, *breaks, end]
    spans = [(a, b) for a, b in itertools.pairwise(edges) if a < b]
    return tuple(spans)
