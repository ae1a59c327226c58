"""The last look before an answer leaves: quotes verbatim, every figure backed, no promises.

What fails is dropped; an answer that would state a figure nobody published falls back to its quotes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.composing import Answer, quoted
from knowledge_base import Citation, Document

# A run of digits with what makes it a figure; digits inside ids and labels are not figures.
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_QUOTES = re.compile(r"「[^」]*」")
_PROMISE = re.compile(
    r"(一定|保证|肯定|包)(能|会)?(批|过|下款|获批|通过|放款)|秒批|必过|最低利率|稳赚"
)


def verbatim(citation: Citation, documents: Mapping[str, Document]) -> bool:
    """Whether a quote is, character for character, what its clause says there today."""
    document = documents.get(citation.document_id)
    if document is None:
        return False
    clause = next((one for one in document.clauses if one.id == citation.clause_id), None)
    return (
        clause is not None
        and clause.version == citation.version
        and bool(citation.quote)
        and clause.start <= citation.start < citation.end <= clause.end
        and document.text[citation.start : citation.end] == citation.quote
    )


def unbacked_figures(text: str, citations: Iterable[Citation], shown: Iterable[str]) -> set[str]:
    """Figures of a text that stand in no cited quote, source name, or shown computation."""
    backing = " ".join(
        part
        for citation in citations
        for part in (
            citation.quote,
            citation.label,
            citation.document_number or "",
            citation.document_title,
        )
    )
    backing = f"{backing} {' '.join(shown)}"
    allowed = set(_FIGURE.findall(backing))
    return {figure for figure in _FIGURE.findall(text) if figure not in allowed}


def guard(answer: Answer, documents: Mapping[str, Document], shown: Iterable[str] = ()) -> Answer:
    """The answer with every unbacked sentence dropped; it never leaves with a false quote."""
    citations = tuple(c for c in answer.citations if verbatim(c, documents))
    held = {citation.quote for citation in citations}
    lines = []
    for line in answer.answer.split("\n"):
        outside = _QUOTES.sub("", line)
        false_quote = any(q[1:-1] not in held for q in _QUOTES.findall(line))
        if false_quote or _PROMISE.search(outside) or unbacked_figures(line, citations, shown):
            continue
        lines.append(line)
    text = "\n".join(lines).strip()
    if not text and citations:
        text = "\n".join(quoted(citation) for citation in citations)
    if not text:
        why = "没有可以引用的原文支持这个回答,因此不作答。"
        return replace(answer, status="not_in_corpus", answer=why, citations=(), matches=())
    return replace(answer, answer=text, citations=citations)
