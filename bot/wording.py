"""Words every answer is put together from: lines, citations once, whom to ask, questions back."""

from collections.abc import Iterable, Sequence

from bot.composing import Answer, AnswerStatus, Composer
from knowledge_base import Citation, Document
from recommender import Question

NOT_STATED = "{document}未规定{what}。"
ASK_WHERE = "可向{issuer}或经办机构核实,不要以网上说法为准。"


def issuer(composer: Composer, document: Document | None) -> str:
    """Whom to ask: the office that issued a document, else one of the region's own."""
    if document is None:
        return composer.office
    return document.issuers[0] if document.issuers else "发布机构"


def joined(
    status: AnswerStatus,
    lines: Iterable[str],
    citations: Sequence[Citation],
    question: Question | None = None,
) -> Answer:
    """An answer from its lines, each citation once."""
    seen: dict[tuple[str, int, int], Citation] = {}
    for citation in citations:
        seen.setdefault((citation.clause_id, citation.start, citation.end), citation)
    text = "\n".join(line for line in lines if line)
    return Answer(status, text, tuple(seen.values()), question)


def clarifying(text: str, options: Sequence[str] | None, why: Citation | None) -> Question:
    """A question that is not about one fact."""
    tappable = tuple({"value": one, "label": one} for one in options) if options else None
    return Question("clarify", None, text, None, None, tappable, why, 0)


def which_document(titles: list[str]) -> Answer:
    """The question which of several documents is meant."""
    text = "请问是哪一份文件?请写出标题或文号。"
    question = clarifying(text, titles[:6], None)
    return joined("asks", [text], [], question)
