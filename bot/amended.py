"""What must be said of a quoted clause that another document has since changed."""

from collections.abc import Sequence
from datetime import date

from knowledge_base import Amendment, Catalogue, Change, Citation, in_brackets

_ACT = {"amends": "修改", "repeals": "废止"}


def amended(
    catalogue: Catalogue, citations: Sequence[Citation], on: date
) -> tuple[list[str], list[Citation]]:
    """Notices on the cited clauses that were changed by a day or will be, and the words that did."""
    notices: dict[str, None] = {}
    words: dict[Citation, None] = {}
    for cited in citations:
        document = catalogue.documents[cited.document_id]
        for change in document.changes.get(cited.clause_id, ()):
            found = catalogue.words_of(change.amendment)
            notices[_notice(cited, change, found, on)] = None
            if found is not None:
                words[found] = None
    return list(notices), list(words)


def _notice(cited: Citation, change: Change, words: Citation | None, on: date) -> str:
    amendment = change.amendment
    by, act = _named(amendment), _ACT[amendment.type]
    if not change.certain:
        part = f"的{amendment.target_clause}" if amendment.target_clause else ""
        return (
            f"{in_brackets(cited.document_title)}{part}{_when(amendment, on)}由{by}{act},"
            f"所引{cited.label}是否在内请对照新文件核实。"
        )
    quoted = f":「{words.quote}」" if words else ""
    return (
        f"所引{in_brackets(cited.document_title)}{cited.label}{_when(amendment, on)}由{by}{act}{quoted}。"
        "这里引用的是原来的文字,请以新的规定为准。"
    )


def _when(amendment: Amendment, on: date) -> str:
    if amendment.on is None:
        return "已"
    return f"已自{amendment.on}起" if amendment.in_effect(on) else f"将自{amendment.on}起"


def _named(amendment: Amendment) -> str:
    number = f"({amendment.document_number})" if amendment.document_number else ""
    return f"{in_brackets(amendment.title)}{number}"
