"""Documents and printed clauses a message names: by 文号, by title, or by 「第三条」."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from knowledge_base import Clause, Document, Vocabulary, named_numbers

_ISSUES = re.compile(r"印发|发布|公布|转发|批转")
_ABOUT = re.compile(r"关于(?:印发|发布|公布|转发)?(.+?)(?:的(?:通知|公告|通告|决定|批复|函))?$")
_TITLE = re.compile(r"《([^《》\n]{2,80})》")
_KIND = re.compile(r"(方案|办法|措施|意见|细则|条例|规定|政策|通知|公告|通告|规划|指南|决定|清单)")
_PAPER = re.compile(_KIND.pattern + r"(?:[(（].{1,6}[)）])?$")
_KEPT = 64  # messages; reading one asks of the same words several times
_SHORTEST = 6  # signs from which a title is told apart from ordinary words
_THIS = re.compile(rf"(?:这[个份篇部]?|该|本|上述|它的?)(?:{_KIND.pattern}|文件|文号|有效期)|^它")
_HAN = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_ARTICLE = re.compile(r"第\s*([零一二三四五六七八九十百两]{1,7}|\d{1,3})\s*[条项款点]")
_LABELLED = re.compile(r"第([零一二三四五六七八九十百两]{1,7}|\d{1,3})条")


class Titles:
    """What each official document may be called in a question."""

    def __init__(self, heads: Iterable[Document], vocabulary: Vocabulary) -> None:
        self._forms = [(head, _forms(head, vocabulary)) for head in heads]
        self._known = lru_cache(maxsize=_KEPT)(self._named)

    def named(self, said: str) -> tuple[tuple[Document, str], ...]:
        """Documents a message names, each with the words that name it; the longest title wins."""
        return self._known(said)

    def _named(self, said: str) -> tuple[tuple[Document, str], ...]:
        squeezed, numbers = re.sub(r"\s", "", said), named_numbers(said)
        by_number = [
            (head, number)
            for head, _ in self._forms
            for number in (head.document_number or "").split("、")
            if number in numbers or (number and number in squeezed)
        ]
        if by_number:
            return tuple(by_number)
        found = [
            (head, form)
            for head, forms in self._forms
            for form in forms[:1] + [f for f in forms if f in squeezed][:1]
            if form in squeezed or any(q in form for q in _quoted(squeezed))
        ]
        longest = max((len(form) for _, form in found if form in squeezed), default=0)
        kept = [(head, form) for head, form in found if len(form) == longest or not longest]
        return tuple({head.id: (head, form) for head, form in kept}.values())

    def missing(self, said: str) -> str:
        """A title in 《》 that is none of the documents here, else empty."""
        if self.named(said):
            return ""
        return next((f"《{q}》" for q in _quoted(said) if len(q) >= _SHORTEST), "")


def _quoted(said: str) -> list[str]:
    return [q for q in _TITLE.findall(said) if len(q) >= 4 and _PAPER.search(q)]


def _forms(head: Document, vocabulary: Vocabulary) -> list[str]:
    """The title, its matter, and its matter without the place, longest first."""
    title = re.sub(r"\s", "", head.title)
    inner = _TITLE.findall(title)
    matter = inner[-1] if inner and _ISSUES.search(title) else ""
    if not matter and (about := _ABOUT.search(title)):
        matter = about.group(1).strip("《》")
    forms = {title, matter, title.strip("《》")}
    for code in vocabulary.region_chain(head.region):
        place = vocabulary.regions.get(code, "")
        forms |= {form.removeprefix(place) for form in forms if place and form.startswith(place)}
    return sorted((form for form in forms if len(form) >= _SHORTEST), key=lambda f: (-len(f), f))


def points_back(said: str) -> bool:
    """Whether a message speaks of 「这个文件」, the document spoken of before."""
    return _THIS.search(said) is not None


def articles(said: str) -> tuple[int, ...]:
    """Numbers of 「第三条」「第5项」 in a message, in order."""
    return tuple(dict.fromkeys(_number(written) for written in _ARTICLE.findall(said)))


def clauses_numbered(clauses: Sequence[Clause], number: int) -> list[Clause]:
    """Clauses of one document at 第N条; without articles, the running item, else part N."""
    labelled = [(c, _LABELLED.search(c.label)) for c in clauses]
    if any(match for _, match in labelled):
        return [c for c, match in labelled if match and _number(match.group(1)) == number]
    paths = {c.id: c.id.partition(":")[2] for c in clauses}
    items = [c for c in clauses if paths[c.id].count(".") == 2 and paths[c.id][0].isdigit()]
    last = [paths[c.id].rpartition(".")[2] for c in items]
    if items and len(set(last)) == len(last):
        return [c for c, n in zip(items, last, strict=True) if n == str(number)]
    return [c for c in clauses if paths[c.id].partition(".")[0] == str(number)]


def _number(written: str) -> int:
    """The value of 十二 or 12."""
    if written.isdigit():
        return int(written)
    total = digit = 0
    for char in written:
        if char in _HAN:
            digit = _HAN[char]
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[char]
            digit = 0
    return total + digit


def kind_of(document: Document) -> str:
    """How a document speaks of itself: 本方案, 本办法; 本文件 where its title names no kind."""
    title = re.sub(r"\s", "", document.title)
    inner = _TITLE.findall(title)
    name = inner[-1] if inner and _ISSUES.search(title) else re.sub(r"的?通知$", "", title)
    named = _KIND.findall(name)
    return f"本{named[-1]}" if named else "本文件"
