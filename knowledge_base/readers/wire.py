"""A Reading as JSON and back. What comes back from a child is not believed: it is checked."""

import json
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from knowledge_base.readers.reading import Attachment, Reading, Row, Span

_SURROGATE = re.compile("[\ud800-\udfff]")


class WireError(ValueError):
    """A child's answer that is no Reading: wrong shape, or a span outside the text."""


def plain(readings: Sequence[Reading]) -> list[dict[str, object]]:
    """Readings as what JSON can hold; tuples become lists on the way."""
    return [_plain(reading) for reading in readings]


def to_json(readings: Sequence[Reading]) -> bytes:
    """Readings as one UTF-8 JSON list, the same bytes for the same readings."""
    return json.dumps(plain(readings), ensure_ascii=False, sort_keys=True).encode()


def _plain(reading: Reading) -> dict[str, object]:
    return {
        "format": reading.format,
        "text": reading.text,
        "pages": reading.pages,
        "rows": [[r.table, r.start, r.end, r.cells, r.header] for r in reading.rows],
        "title": reading.title,
        "fields": dict(reading.fields),
        "attachments": [[a.name, a.url] for a in reading.attachments],
        "notices": reading.notices,
    }


def from_json(answer: object) -> tuple[Reading, ...]:
    """Readings from a parsed JSON list; WireError names the first thing that is wrong."""
    return tuple(_reading(item) for item in _list(answer))


def _reading(item: object) -> Reading:
    if not isinstance(item, dict):
        raise WireError("a reading is no object")
    text = _string(item.get("text"))
    title = item.get("title")
    return Reading(
        format=_string(item.get("format")),
        text=text,
        pages=tuple(_span(page, 0, len(text)) for page in _list(item.get("pages"))),
        rows=tuple(_row(row, len(text)) for row in _list(item.get("rows"))),
        title=None if title is None else _string(title),
        fields=_fields(item.get("fields")),
        attachments=tuple(_attachment(entry) for entry in _list(item.get("attachments"))),
        notices=tuple(_string(notice) for notice in _list(item.get("notices"))),
    )


def _row(item: object, length: int) -> Row:
    table, start, end, cells, header = _list(item, 5)
    if type(table) is not int or table < 1 or type(header) is not bool:
        raise WireError("a row without table number or header mark")
    start, end = _span([start, end], 0, length)
    spans = tuple(_span(cell, start, end) for cell in _list(cells))
    return Row(table, start, end, spans, header)


def _attachment(item: object) -> Attachment:
    name, url = _list(item, 2)
    return Attachment(_string(name), None if url is None else _string(url))


def _fields(item: object) -> Mapping[str, str]:
    if not isinstance(item, dict):
        raise WireError("fields are no object")
    return MappingProxyType({_string(key): _string(value) for key, value in item.items()})


def _span(item: object, low: int, high: int) -> Span:
    start, end = _list(item, 2)
    if type(start) is not int or type(end) is not int or not low <= start <= end <= high:
        raise WireError(f"span {start!r}–{end!r} lies outside {low}–{high}")
    return start, end


def _list(item: object, length: int | None = None) -> list[object]:
    if not isinstance(item, list) or (length is not None and len(item) != length):
        raise WireError("a list is missing or has a wrong length")
    return item


def _string(item: object) -> str:
    if not isinstance(item, str) or _SURROGATE.search(item):
        raise WireError("a text is missing or holds lone surrogates")
    return item
