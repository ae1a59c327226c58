"""Answers that decline, hand over, or say that nothing here covers the matter."""

import re
from datetime import date

from bot.composing import Answer, Composer, is_wrapping, quote, quoted
from bot.language import Language
from bot.sessions import Session
from bot.understanding import Understanding
from bot.wording import issuer, joined, which_document
from knowledge_base import Clause, named_numbers, units

# Below both, a question shares neither words nor meaning with anything in the corpus; set on
# questions of our own about weather, cooking and traffic against ones about support.
_NEAREST_COSINE = 0.30
_LEAST_OVERLAP = 0.20
_TELLING = 0.5  # score from which a sentence speaks of what was refused
_SHOWN = 8  # clauses of one article recited at once


def refusal(
    read: Understanding,
    composer: Composer,
    clauses: list[Clause],
    session: Session,
    language: Language,
    on: date,
) -> Answer | None:
    """The answer where the corpus is not to be asked or does not cover the matter, else None."""
    if read.intent == "refuse":
        return _refuse(read, composer, on)
    if read.intent == "no_such_clause":
        return Answer("not_in_corpus", _no_such(read))
    if read.intent == "hand_over":
        return Answer(
            "handed_over",
            f"好的,请由金融顾问或{issuer(composer, None)}工作人员继续答复;本页的问答记录可一并交给对方。",
        )
    if read.intent == "thanks":
        return Answer(
            "out_of_scope",
            "您好,这里解答惠企政策条款,以及贷款、保险、补助和人才产品的公布条件,每句都附原文。",
        )
    if read.intent == "out_of_scope":
        return Answer("out_of_scope", "这个问题不属于惠企政策和企业金融服务,我不能回答。")
    if read.intent == "elsewhere":
        return Answer("not_in_corpus", _elsewhere(read, composer))
    if read.intent == "which_document":
        return which_document(list(read.note["titles"]))
    if mentioned := _only_mentioned(read, composer, on):
        return mentioned
    if read.intent == "recite":
        return _recite(read, composer, clauses, session)
    if _unrelated(read, composer, clauses, language):
        return Answer(
            "not_in_corpus",
            f"已收录的文件里没有找到与此相关的内容,不作猜测;可向{issuer(composer, None)}或业务主管部门咨询。",
        )
    return None


def _refuse(read: Understanding, composer: Composer, on: date) -> Answer:
    """A refusal, with the policy's own words on the matter where they help."""
    ids = [id for id in read.note.get("clauses", ()) if composer.may_cite(id, on)]
    clauses = [composer.knowledge.catalogue.clauses[id] for id in ids]
    topic = str(read.note.get("topic") or read.said)
    if "topic" not in read.note and re.search(r"\d+%|补助|条款|政策", read.said):
        found = [one.clause for one in composer.policies(topic, 4, on)]
        clauses = [clause for clause in found if not is_wrapping(clause)][:1]
    ranked = composer.rank(topic, clauses)
    cited = [composer.whole(ranked[0])] if ranked and ranked[0].score > _TELLING else []
    lines = [str(read.note["why"])]
    if cited:
        lines.append(f"公开文件的原文是:{quoted(cited[0])}")
    return joined("declined", lines, cited)


def _only_mentioned(read: Understanding, composer: Composer, on: date) -> Answer | None:
    """A 文号 whose text is not in the corpus, though a sheet names it."""
    numbers = named_numbers(read.said)
    if any(head.document_number in numbers for head in composer.knowledge.heads()):
        return None
    for number in numbers:
        clause = composer.mentions(number, on)
        if clause is not None:
            ranked = [s for s in composer.rank(number, [clause]) if number in s.text]
            cited = [composer.whole(s) for s in ranked[:1]]
            lines = ["没有收录这份文件的原文,只有其他文件提到它:", *map(quoted, cited)]
            return joined("not_in_corpus", lines, cited)
    return None


def _elsewhere(read: Understanding, composer: Composer) -> str:
    """Why another place's policies do not answer: not collected, not told apart, not for here."""
    place, own = read.note["place"], read.note["own"]
    if not read.note["collected"]:
        return f"没有收录{place}的政策,不能作答;本服务只依据已收录的本地、上级文件和产品单。"
    if not own:
        return f"叫“{place}”的地区不止一个,请写明省、市,再查当地的政策。"
    name = composer.knowledge.catalogue.vocabulary.regions[own]
    return (
        f"{place}的政策只适用于当地,贵企业在{name},不能据此申请,因此不引用;"
        f"如已迁到{place},请先更正企业所在地区再问。"
    )


def _no_such(read: Understanding) -> str:
    if title := read.note.get("title"):
        return f"没有收录{title},不能作答;请核对标题,或先把文件收录进来。"
    return (
        "您提到的条款或文号在已收录的文件中不存在,因此不能引用,也不能据此作答;请核对文号和条款号。"
    )


def _recite(
    read: Understanding, composer: Composer, clauses: list[Clause], session: Session
) -> Answer:
    """The exact words behind the last answer, or of the clause named."""
    catalogue = composer.knowledge.catalogue
    before = session.last.clause_ids if session.last else ()
    served = {head.id for head in composer.knowledge.heads() if head.layer == "policy"}
    earlier = sorted(before, key=lambda id: id.partition(":")[0] not in served)
    named = list(read.clauses)
    if len(named) > 1:
        cited = [
            quote(composer.documents[clause.document_id], clause, clause.start, clause.end)
            for clause in named[:_SHOWN]
        ]
        return joined("answered", ["原文如下:", *map(quoted, cited)], cited)
    pool = named or [catalogue.clauses[id] for id in earlier if id in catalogue.clauses] or clauses
    figures = re.findall(
        r"\d+(?:\.\d+)?\s*(?:%|年|万元|亿元|个百分点)?", read.said if not named else ""
    )
    holding = [c for c in pool if any(f.strip() in c.text for f in figures)] or pool
    if not holding:
        return Answer("not_in_corpus", "没有找到对应的原文。")
    clause = holding[0]
    ranked = composer.rank(f"{read.text} {session.last.topic if session.last else ''}", [clause])
    if figures:
        ranked = [s for s in ranked if any(f.strip() in s.text for f in figures)] or ranked
    document = composer.documents[clause.document_id]
    whole = quote(document, clause, clause.start, clause.end)
    citation = whole if named else composer.span(ranked, clause, 0.8)
    return joined("answered", [f"原文在{quoted(citation)}"], [citation])


def _unrelated(
    read: Understanding, composer: Composer, clauses: list[Clause], language: Language
) -> bool:
    """Whether a question shares neither field words nor meaning with the corpus."""
    if read.instruments or read.need_offers or (read.slots and read.hoped_for):
        return False
    if read.intent in ("size", "tech_sme", "clarify", "ambiguous_title", "match", "meta"):
        return False
    if not clauses:
        return True
    if any(word in read.said for word in language.named_only[1]):
        return False
    ranked = composer.rank(read.search, clauses)
    if not ranked:
        return True
    asked = {unit for unit in units(language.content(read.search)) if len(unit) > 1}
    held = {unit for s in ranked[:4] for unit in units(f"{s.text} {' '.join(s.clause.path)}")}
    overlap = len(asked & held) / max(1, len(asked))
    cosine = max(composer.knowledge.similarity(read.search, [s.text for s in ranked[:4]]))
    return overlap < _LEAST_OVERLAP and cosine < _NEAREST_COSINE
