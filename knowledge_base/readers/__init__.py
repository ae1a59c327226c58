"""The door of the readers: bytes of any official file in, what a reader of it sees out.

Every file is read in a bounded child process (`jail.py`); nothing here parses it.
"""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.errors import DocumentError
from knowledge_base.readers.cleaning import clean_line
from knowledge_base.readers.formats import container
from knowledge_base.readers.jail import run_jailed
from knowledge_base.readers.limits import LIMITS, Limits
from knowledge_base.readers.reading import Attachment, Reading, Row, Span
from knowledge_base.readers.template import listed_kind, write_template
from knowledge_base.readers.wire import WireError, from_json, to_json

__all__ = [
    "LIMITS",
    "Attachment",
    "DocumentFile",
    "Limits",
    "Reading",
    "Row",
    "Span",
    "WireError",
    "from_json",
    "listed_kind",
    "read_file",
    "read_path",
    "to_json",
    "write_template",
]

_READER = "knowledge_base.readers.dispatch:read"
_NAME_SHOWN = 80


@dataclass(frozen=True)
class DocumentFile:
    """A file on disk as read: its readings and the SHA-256 (hex) of its bytes."""

    readings: tuple[Reading, ...]
    sha256: str


def read_file(name: str, content: bytes, limits: Limits = LIMITS) -> tuple[Reading, ...]:
    """Readings of a file: one per product of an XLSX product list, else exactly one.

    The format is told by the content; `name` is for messages and for the suffix, which must not
    contradict it. Raises DocumentError, in Chinese and with the name, for everything refused.
    """
    shown = _shown(name)
    if len(content) > limits.file_bytes:
        raise DocumentError(_too_large(shown, len(content), limits))
    try:
        outer = container(content)
    except DocumentError as error:
        raise DocumentError(f"{shown}:{error}") from error
    return run_jailed(_READER, content, shown, limits, recognises=outer in ("pdf", "image"))


def read_path(path: Path, limits: Limits = LIMITS) -> DocumentFile:
    """A file on disk with its readings, as `read_file`; no more of it is read than the limit allows."""
    shown = _shown(path.name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DocumentError(f"{shown}:不是普通文件;请给出文件的路径")
        with path.open("rb") as file:
            content = file.read(limits.file_bytes + 1)
            size = max(len(content), path.stat().st_size)
    except OSError as error:
        raise DocumentError(f"{shown}:{_cause(error)}") from error
    if len(content) > limits.file_bytes:
        raise DocumentError(_too_large(shown, size, limits))
    readings = read_file(path.name, content, limits)
    return DocumentFile(readings, hashlib.sha256(content).hexdigest())


def _cause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "找不到这个文件;请检查路径"
    if isinstance(error, PermissionError):
        return "没有读取权限;请检查文件的权限"
    return f"无法打开(系统错误 {error.errno});请检查路径和磁盘"


def _too_large(shown: str, size: int, limits: Limits) -> str:
    return (
        f"{shown}:文件有 {size / (1 << 20):.1f} MB,超过 {limits.file_bytes / (1 << 20):g} MB 的上限;"
        "请拆成较小的文件,或压缩其中的图片后再试"
    )


def _shown(name: str) -> str:
    """The last part of a name, without characters that would spoil a message; its suffix stays."""
    last = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1])[0].replace("\n", " ").strip()
    if len(last) > _NAME_SHOWN:
        last = last[: _NAME_SHOWN // 2] + "…" + last[-_NAME_SHOWN // 3 :]
    return last or "未命名文件"
