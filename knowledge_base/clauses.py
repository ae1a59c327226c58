"""Text of an official document in, its clauses with exact spans out. Pure: no files, no clock.

A clause is the smallest numbered passage. Its id path is the printed position (`2.2.5`), its label
the numbering as printed (`二、(二)5`); `text[start:end]` is the clause, character for character.
"""

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.outline.definitions import defined_terms
from knowledge_base.outline.numbering import chinese_number as chinese_number
from knowledge_base.outline.outline import Outline, Passage
from knowledge_base.outline.paragraphs import read_paragraphs
from knowledge_base.outline.references import Reference, References
from knowledge_base.outline.sections import read_sections
from knowledge_base.readers.reading import Row, Span
from knowledge_base.statements import Statement, read_statements


@dataclass(frozen=True)
class Clause:
    """One citable passage: offsets count code points in `Document.text`.

    `version` is the digest of its own text, so that it changes when the clause does; `page` the
    printed page it begins on, from 1; `defines` the terms it gives a meaning to.
    """

    id: str
    version: str
    document_id: str
    label: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    statements: tuple[Statement, ...]
    page: int | None = None
    references: tuple[Reference, ...] = ()
    defines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Citation:
    """A clause, the exact words quoted from it, and how far they back the offer they stand at."""

    clause_id: str
    version: str
    document_id: str
    document_title: str
    document_number: str | None
    label: str
    quote: str
    start: int
    end: int
    source_url: str | None
    relation: str | None = None


def split_clauses(
    text: str,
    document_id: str,
    body_start: int = 0,
    head: Span | None = None,
    rows: Sequence[Row] = (),
    pages: Sequence[Span] = (),
) -> tuple[Clause, ...]:
    """Every clause of `text` in printed order.

    `head` is the span of the page header (clause `head`), `body_start` where the body begins;
    unnumbered text before the first number is the preamble, clause `0`. `rows` are the table rows
    and `pages` the printed pages a reader found, in order.
    """
    rows = [row for row in rows if row.start >= body_start]
    passages = list(_distinct(_passages(text, body_start, rows)))
    if head is not None:
        passages.insert(0, ("head", Passage(("head",), "文首", (), *head)))
    default = default_addressees(text[body_start : body_start + 400])
    references = References(text, document_id, passages, head)
    starts = [start for start, _ in pages]
    return tuple(
        Clause(
            id=f"{document_id}:{path}",
            version=hashlib.sha256(text[one.start : one.end].encode()).hexdigest()[:12],
            document_id=document_id,
            label=one.label,
            path=one.headings,
            text=text[one.start : one.end],
            start=one.start,
            end=one.end,
            statements=() if path == "head" else read_statements(text, one.start, one.end, default),
            page=max(1, bisect_right(starts, one.start)) if pages else None,
            references=references.of(place),
            defines=defined_terms(text, one.start, one.end),
        )
        for place, (path, one) in enumerate(passages)
    )


def _passages(text: str, body_start: int, rows: Sequence[Row]) -> Iterator[Passage]:
    paragraphs = read_paragraphs(text, body_start, rows)
    sections = read_sections(text, paragraphs)
    outlines = [Outline(text, section, paragraphs, rows) for section in sections]
    numbered = any(outline.numbered for outline in outlines)
    for section, outline in zip(sections, outlines, strict=True):
        yield from outline.passages(not outline.numbered if section.path else not numbered)


def _distinct(passages: Iterator[Passage]) -> Iterator[tuple[str, Passage]]:
    """Numbering that starts again gets `_2`, `_3`: an id never names two clauses."""
    seen: Counter[str] = Counter()
    for one in passages:
        path = ".".join(one.steps)
        seen[path] += 1
        yield path if seen[path] == 1 else f"{path}_{seen[path]}", one


def default_addressees(preamble: str) -> tuple[str, ...]:
    """Whom the document as a whole addresses, read from the purpose its preamble states."""
    if re.search(r"(推动|引导|要求|规范)[^。]{0,12}(银行保险机构|银行业|金融机构)", preamble):
        return ("bank", "insurer")
    return ()
