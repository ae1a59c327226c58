"""What must be said of a clause that another document has since changed or taken out."""

from collections.abc import Sequence
from datetime import date

from bot.composing import Answer, Composer, quote, quoted
from bot.headers import shared, spoken_of
from bot.language import sign_pairs
from bot.understanding import Reader, Understanding
from bot.wording import joined
from knowledge_base import Amendment, Catalogue, Change, Citation, Clause, Evidence, in_brackets

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


def first_changed(catalogue: Catalogue, answer: Answer, on: date) -> str:
    """The warning an answer begins with when the clause it quotes first is not in its old words."""
    for cited in answer.citations[:1]:
        document = catalogue.documents[cited.document_id]
        told = [
            _told(cited, change, None, on)
            for change in document.changes.get(cited.clause_id, ())
            if change.certain and change.amendment.in_effect(on)
        ]
        if told and not any(one[:-1] in answer.answer for one in told):
            return f"请注意:{told[0]}下面是原来的文字。"
    return ""


def taken_out(
    read: Understanding, composer: Composer, reader: Reader, clauses: Sequence[Clause], on: date
) -> tuple[Answer | None, str]:
    """That the clause speaking of the matter was taken out: the answer where no clause in force
    speaks of it as well, else what to say beside the answer. Nothing where none was taken out."""
    asked = sign_pairs(reader.language.matter(read.search, read.slots))
    documents = composer.documents
    served = max((shared(asked, c, documents[c.document_id]) for c in clauses), default=0)
    for one, spoken in spoken_of(read, composer, reader):
        change = _end_of(one, on)
        if change is None or spoken < served:
            continue
        was = quote(one.document, one.clause, one.clause.start, one.clause.end)
        words = composer.knowledge.catalogue.words_of(change.amendment)
        told = _told(was, change, words, on)
        if spoken == served:
            return None, f"与此有关的另一条:{told}"
        cited = [was, *([words] if words else [])]
        return joined("answered", [told, f"原来的文字是 {quoted(was)}"], cited), told
    return None, ""


def _end_of(one: Evidence, on: date) -> Change | None:
    changes = one.document.changes.get(one.clause.id, ())
    return next((c for c in changes if c.takes_out and c.amendment.in_effect(on)), None)


def _notice(cited: Citation, change: Change, words: Citation | None, on: date) -> str:
    amendment = change.amendment
    by, act = _named(amendment), _ACT[amendment.type]
    if not change.certain:
        part = f"的{amendment.target_clause}" if amendment.target_clause else ""
        return (
            f"{in_brackets(cited.document_title)}{part}{_when(amendment, on)}由{by}{act},"
            f"所引{cited.label}是否在内请对照新文件核实。"
        )
    return f"所引{_told(cited, change, words, on)}这里引用的是原来的文字,请以新的规定为准。"


def _told(cited: Citation, change: Change, words: Citation | None, on: date) -> str:
    by, act = _named(change.amendment), _ACT[change.amendment.type]
    said = f":「{words.quote}」" if words else ""
    clause = f"{in_brackets(cited.document_title)}{cited.label}"
    return f"{clause}{_when(change.amendment, on)}由{by}{act}{said}。"


def _when(amendment: Amendment, on: date) -> str:
    if amendment.on is None:
        return "已"
    return f"已自{amendment.on}起" if amendment.in_effect(on) else f"将自{amendment.on}起"


def _named(amendment: Amendment) -> str:
    number = f"({amendment.document_number})" if amendment.document_number else ""
    return f"{in_brackets(amendment.title)}{number}"
