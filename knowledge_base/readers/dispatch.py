"""Inside the jail: which reader a file goes to."""

import importlib
from collections.abc import Callable

from knowledge_base.errors import DocumentError
from knowledge_base.readers.formats import Format, check_suffix, container
from knowledge_base.readers.limits import Limits
from knowledge_base.readers.reading import Reading

# Loaded late: a text file need not wait for the libraries of a PDF.
_MODULES: dict[Format, str] = {
    "text": "text",
    "html": "html",
    "docx": "docx",
    "pdf": "pdf",
    "image": "ocr",
}


def read(content: bytes, suffix: str, limits: Limits) -> tuple[Reading, ...]:
    """Readings of one file; DocumentError for what is refused or holds no word."""
    outer = container(content)
    if outer == "zip":
        archives = importlib.import_module("knowledge_base.readers.archives")
        format: Format = archives.check_archive(content, limits)
    else:
        format = outer
    check_suffix(format, suffix)
    if format == "xlsx":
        xlsx = importlib.import_module("knowledge_base.readers.xlsx")
        sheets: tuple[Reading, ...] = xlsx.read(content, limits)
        return sheets
    module = importlib.import_module(f"knowledge_base.readers.{_MODULES[format]}")
    read_one: Callable[[bytes], Reading] = module.read
    reading = read_one(content)
    if not reading.text.strip():
        raise DocumentError("文件里没有文字;请检查内容,或改传含文字的版本")
    return (reading,)
