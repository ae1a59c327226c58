"""Answers about a document itself: its number, issuer and days, and whether it is in force."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date

from bot.composing import Answer, Composer, quote, quoted, source
from bot.language import sign_pairs
from bot.naming import kind_of
from bot.understanding import Reader, Understanding
from bot.wording import ASK_WHERE, NOT_STATED, issuer, joined, which_document
from knowledge_base import POLICIES, Citation, Clause, Document, Evidence, in_brackets

_ENDED = ("expired", "repealed", "superseded")
_ENDS = ("repeals", "replaces")
_LOOKED_AT = 5  # clauses in or out of force, looked through for one that ended
_SPEAKS = 0.6  # of the pairs of signs asked for, from which a clause speaks of the matter
_PERIOD = re.compile(r"20\d{2}[—–-]20\d{2}年")
_YEAR = re.compile(r"(20\d{2})年")
_EXPLAINS = re.compile(r"解释")
_BRACKETS = ("〔〕", "[]", "［］", "（）", "()", "【】")


def about_document(
    read: Understanding, composer: Composer, reader: Reader, clauses: list[Clause], on: date
) -> tuple[Answer, list[str]]:
    """What a document says of itself, with the words; and the days shown beside them."""
    head = _subject(read, composer, reader, clauses, on)
    if head is None:
        titles = [policy.title for policy in reader.policies(on)]
        return which_document(titles), []
    document = composer.documents[head.id]
    field = str(read.note.get("says", ""))
    if not field:
        return _validity(read, document, composer, on)
    cited = _labelled(document, field) or _printed(document, _values(document, read.note["id"]))
    if cited is None:
        first = document.clauses[0]
        header = quote(document, first, first.start, first.end)
        lines = [
            f"{kind_of(document)}没有写明{field}。",
            f"出处:{source(header)}",
            ASK_WHERE.format(issuer=issuer(composer, document)),
        ]
        return joined("not_stated", lines, [header]), []
    return joined("answered", [quoted(cited)], [cited]), []


def ended_document(
    read: Understanding, composer: Composer, reader: Reader, on: date
) -> tuple[Answer, list[str]] | None:
    """Where only a document no longer in force speaks of the matter: that it ended, by its words."""
    for one, _ in spoken_of(read, composer, reader):
        if one.document.status(on) in _ENDED:
            return _validity(read, one.document, composer, on)
    return None


def spoken_of(
    read: Understanding, composer: Composer, reader: Reader
) -> Iterator[tuple[Evidence, int]]:
    """Clauses in or out of force that speak of the matter, with how many pairs of signs they share."""
    asked = sign_pairs(reader.language.matter(read.search, read.slots))
    for one in composer.policies(read.matter, _LOOKED_AT, None) if len(asked) > 1 else ():
        held = shared(asked, one.clause, one.document)
        if held >= _SPEAKS * len(asked):
            yield one, held


def shared(asked: AbstractSet[str], clause: Clause, document: Document) -> int:
    """How many pairs of signs asked for stand in a clause, its headings or its document's title."""
    return len(asked & sign_pairs(f"{clause.text} {' '.join(clause.path)} {document.title}"))


def _subject(
    read: Understanding, composer: Composer, reader: Reader, clauses: list[Clause], on: date
) -> Document | None:
    """The document meant: the one named, the only one, or the one whose matter is spoken of."""
    if read.documents:
        return read.documents[0]
    asked = read.note["asked"].sub(" ", read.matter)
    content = sign_pairs(reader.language.content(asked))
    held = reader.policies(on)
    if not content:
        return held[0] if len(held) == 1 else None
    spoken = [
        (document, f"{clause.text} {' '.join(clause.path)} {document.title}")
        for clause in clauses[:1]
        for document in [reader.catalogue.documents[clause.document_id]]
    ]
    found = composer.policies(read.matter, _LOOKED_AT, None)
    ended = [(e.document, e.document.title) for e in found if e.document.status(on) in _ENDED]
    for document, words in [*spoken, *ended]:
        if len(content & sign_pairs(words)) >= _SPEAKS * len(content):
            return document
    return None


def _labelled(document: Document, field: str) -> Citation | None:
    """The line of the page header that prints a field with its label."""
    head = document.clauses[0]
    start = document.text.find(field, head.start, head.end)
    if start < 0:
        return None
    end = document.text.find("\n", start, head.end)
    return quote(document, head, start, end if end > 0 else head.end)


def _values(document: Document, id: str) -> list[str]:
    """How a header value may be printed."""
    if id == "issuer":
        return list(document.issuers)
    if id == "index":
        return [document.index_number] if document.index_number else []
    if id == "number":
        numbers = (document.document_number or "").split("、")
        return [
            number.translate(str.maketrans("〔〕", marks))
            for number in numbers
            for marks in _BRACKETS
        ]
    days = [day for day in (document.published_on, document.signed_on) if day is not None]
    return [form for d in days for form in (f"{d.year}年{d.month}月{d.day}日", d.isoformat())]


def _printed(document: Document, values: Iterable[str]) -> Citation | None:
    """The words of a document that print one of some values, with the line they stand on."""
    for value in filter(None, values):
        for clause in document.clauses:
            at = document.text.find(value, clause.start, clause.end)
            if at >= 0:
                return quote(document, clause, at, at + len(value))
    return None


def _validity(
    read: Understanding, document: Document, composer: Composer, on: date
) -> tuple[Answer, list[str]]:
    """Whether a document is in force on a day, by its own words or those that ended it."""
    if _EXPLAINS.search(read.said):
        return _interpreter(document, composer), []
    status = document.status(on)
    own, ending = _own_words(document, composer), _ending(document, composer)
    # What a repealed document once said of its validity tells nothing any more.
    cited = [c for c in ((ending,) if ending and status in _ENDED else (own, ending)) if c]
    ask = ASK_WHERE.format(issuer=issuer(composer, document))
    if not cited and status not in _ENDED:
        return _unstated(document, composer), []
    name = in_brackets(document.title)
    says = {
        "in_force": f"{name}截至所问日期在有效期内。",
        "expired": f"{name}的有效期到 {document.expires_on} 为止,已经届满,不再作为申报依据。",
        "repealed": f"{name}已被废止,不再作为申报依据。",
        "superseded": f"{name}已被新的文件取代,不再作为申报依据。",
        "not_yet": f"{name}截至所问日期尚未施行。",
        "unknown": "原文没有写明失效日期(有效期未载明)。",
    }[status]
    if not cited:
        head = document.clauses[0]
        cited = [quote(document, head, head.start, head.end)]
    lines = [says, *map(quoted, cited), ask if status != "in_force" else ""]
    last = document.expires_on.year if document.expires_on else date.max.year
    late = [year for year in _YEAR.findall(read.said) if int(year) > last]
    if status == "in_force" and late:
        lines.insert(1, f"所问的{late[0]}年在原文写明的有效期之后。")
    return joined("partial" if status == "unknown" else "answered", lines, cited), lines[:2]


def _own_words(document: Document, composer: Composer) -> Citation | None:
    """The sentence of a document that states its validity."""
    start, end = document.validity or (0, 0)
    for clause in document.clauses:
        if clause.start <= start < min(end, clause.end):
            return composer.widen(quote(document, clause, start, min(end, clause.end)))
    return None


def _ending(document: Document, composer: Composer) -> Citation | None:
    """The words of the later document that ends this one."""
    for head in composer.knowledge.heads(POLICIES):
        for act in head.relations:
            if act.document_id != document.id or act.type not in _ENDS or act.target_clause:
                continue
            later = composer.documents[head.id]
            for clause in later.clauses:
                if clause.start <= act.start < clause.end:
                    return composer.widen(quote(later, clause, act.start, min(act.end, clause.end)))
    return None


def _interpreter(document: Document, composer: Composer) -> Answer:
    """Who explains a document, by its own words."""
    for clause in document.clauses:
        for sentence in composer.rank("由谁负责解释", [clause]) if "解释" in clause.text else ():
            if _EXPLAINS.search(sentence.text):
                cited = composer.whole(sentence)
                return joined("answered", [quoted(cited)], [cited])
    return _unstated(document, composer)


def _unstated(document: Document, composer: Composer) -> Answer:
    """That a document states no validity; a goal period it states is none."""
    goals = [
        quote(document, clause, clause.start + m.start(), clause.start + m.end())
        for clause in document.clauses[1:]
        for m in _PERIOD.finditer(clause.text)
        if any(s.force == "goal" for s in clause.statements)
    ][:1]
    goals = [composer.widen(goal) for goal in goals]
    head = document.clauses[0]
    header = quote(document, head, head.start, head.end)
    explained = any(_EXPLAINS.search(clause.text) for clause in document.clauses)
    what = "施行日期和有效期" if explained else "施行日期、有效期和解释机关"
    lines = [
        NOT_STATED.format(document=kind_of(document), what=f"{what}(有效期未载明)"),
        *(f"原文写明的只有目标期:{quoted(goal)}" for goal in goals),
        f"出处:{source(header)}",
        ASK_WHERE.format(issuer=issuer(composer, document)),
    ]
    return joined("not_stated", lines, [*goals, header])
