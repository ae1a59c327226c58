"""Every document of a folder of published texts: no crash, every span verbatim, ids the same twice.

`python -m tests.measures --data DIR` runs it; DIR holds `official_documents.jsonl.gz` and others in
the layout of the public text collection: one JSON object a line, gzipped.
"""

import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge_base import Document, DocumentError, Vocabulary, read_document
from knowledge_base.readers.reading import Reading

_CARD = ("服务对象", "服务内容", "条件要求", "服务流程", "时间/频度", "联络方式")


@dataclass
class Run:
    """What became of the documents of one file."""

    name: str
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    crashed: list[str] = field(default_factory=list)
    clauses: int = 0
    statements: int = 0
    torn: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    lost: int = 0
    characters: int = 0
    seconds: float = 0.0


def run(path: Path, vocabulary: Vocabulary) -> Run:
    """Read every document of a file twice and check it."""
    done = Run(path.name.removesuffix(".jsonl.gz"))
    start = time.perf_counter()
    for name, text in _texts(path):
        try:
            first, second = (_read(text, vocabulary) for _ in range(2))
        except DocumentError as error:
            done.refused[str(error)[:24]] += 1
            continue
        except Exception as error:
            done.crashed.append(f"{name}: {type(error).__name__} {error}")
            continue
        done.read += 1
        _check(name, first, second, done)
    done.seconds = (time.perf_counter() - start) / 2
    return done


def _check(name: str, first: Document, second: Document, done: Run) -> None:
    done.clauses += len(first.clauses)
    done.statements += sum(len(clause.statements) for clause in first.clauses)
    held = bytearray(len(first.text))
    before = 0
    for clause in first.clauses:
        if first.text[clause.start : clause.end] != clause.text or clause.start < before:
            done.torn.append(clause.id)
        before = clause.end
        held[clause.start : clause.end] = b"\x01" * (clause.end - clause.start)
    headings = {part for clause in first.clauses for part in clause.path}
    printed = sum(not char.isspace() for char in first.text)
    inside = sum(
        bool(mark) and not char.isspace() for mark, char in zip(held, first.text, strict=True)
    )
    done.characters += printed
    done.lost += max(0, printed - inside - sum(len("".join(h.split())) for h in headings))
    if (first.id, [c.id for c in first.clauses]) != (second.id, [c.id for c in second.clauses]):
        done.moved.append(name)


def _read(text: str, vocabulary: Vocabulary) -> Document:
    """The document; the nation stands in where the text does not tell its region."""
    reading = Reading("text", text)
    try:
        return read_document(reading, vocabulary)
    except DocumentError as error:
        if "--region" not in str(error):
            raise
        return read_document(reading, vocabulary, region="000000")


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf8") as source:
        for number, line in enumerate(source):
            row: dict[str, Any] = json.loads(line)
            text = row.get("text")
            if text is None:  # a card: its fields one under the other, as the booklet prints them
                parts = [f"{name}:{row[name]}" for name in _CARD if row.get(name)]
                text = "\n".join([str(row.get("title", "")), *parts])
            if text:
                yield str(row.get("id", number)), str(text)


def table(runs: list[Run]) -> str:
    """The runs as text."""
    lines = [
        f"{'documents':28}{'read':>6}{'refused':>9}{'crashed':>9}{'clauses':>9}{'torn':>6}"
        f"{'ids moved':>11}{'text lost':>11}{'ms each':>9}"
    ]
    for one in runs:
        each = 1000 * one.seconds / max(1, one.read)
        lost = 100 * one.lost / max(1, one.characters)
        lines.append(
            f"{one.name:28}{one.read:>6}{one.refused.total():>9}{len(one.crashed):>9}"
            f"{one.clauses:>9,}{len(one.torn):>6}{len(one.moved):>11}{lost:>10.2f}%{each:>9.1f}"
        )
        lines += [f"    refused {count}: {why}…" for why, count in one.refused.most_common(5)]
        lines += [f"    {what}" for what in [*one.crashed, *one.torn][:8]]
    return "\n".join(lines)
