"""Documents a question names: by 文号 in any spelling, or by the words of the title. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge_base.documents import Document, normalise_document_number

_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}?[〔\[［(（【]\s*\d{4}\s*[〕\]］)）】]\s*第?\d{1,4}\s*号"
)
# 金鳌路65号 is an address; 65号文创园 and 65号文化中心 stand at one.
_PAPER = "文(?![化创具旅教体娱印艺苑汇昌物博])"
# Without its brackets or its 号: 平科2024 65号, 平科2024年65号, 平科发〔2024〕65, 65号文.
_LOOSE = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff]{0,12})\s?(?P<open>[〔\[(【]?)\s?(?P<year>(?:19|20)\d\d)\s?[〕\])】]?\s?年?"
    r"\s?(?P<ordinal>第?)\s?"
    rf"(?P<serial>\d{{1,4}})(?!\d|\s?[年月日.%万亿元个家人])\s?(?P<sign>号?)(?P<paper>(?:{_PAPER})?)"
    rf"|(?<![\d镇乡街路道巷弄村])(?P<alone>\d{{1,4}})\s?号{_PAPER}"
)
# One sender and year before several: 平科〔2024〕12号、65号.
_SEVERAL = re.compile(
    r"(?P<sender>[\u4e00-\u9fff]{1,12}\s?[〔\[(【]\s?\d{4}\s?[〕\])】]\s?)第?\d{1,4}\s?号"
    r"(?P<more>(?:[、,和及与]第?\d{1,4}号){1,9})"
)
_PARTS = re.compile(r"(?P<prefix>.*?)〔?(?P<year>\d{4})[〕年]第?(?P<serial>\d{1,4})号")
_SENDERS = re.compile(r"[发办函字规文]{0,2}")  # 平科发 is said for 平科
_ASIDE = re.compile(
    r".*[在的是按照据于到看查找问下和与及]$"
)  # what the sentence says before a year
_KIND = re.compile(r"《|方案|办法|措施|意见|细则|条例|规定|通知|公告|通告|规划|指南|决定")
_QUOTED = re.compile(r"《([^《》\n]{4,80})》")
_ISSUES = re.compile(r"印发|发布|公布|转发|批转")
_ABOUT = re.compile(r"关于(?:印发|发布|公布|转发)?(.+?)(?:的(?:通知|公告|通告|决定|批复|函))?$")
_SHORTEST = 8  # signs from which the words of a title tell it apart from ordinary speech
_TITLED = ("policy", "external_rule")  # sheets are called by what they offer
_KEYED = 4  # first signs a form of a title is kept by; it has no fewer
_MANY = 3  # documents one short title may name; of more, none is


@dataclass(frozen=True, slots=True)
class _Number:
    prefix: str
    year: str
    serial: int


def named_numbers(text: str) -> list[str]:
    """Every 文号 a text names, normalised; a leading word that is not part of it is cut."""
    found = []
    for match in _NUMBER.findall(text):
        squeezed = re.sub(r"\s|第", "", match)
        found += [normalise_document_number(squeezed[cut:]) for cut in range(len(squeezed))]
    return [one for one in dict.fromkeys(found) if "〔" in one]


class DocumentNames:
    """The 文号 and titles of some documents, looked up in the time of the question alone."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._order = {id: place for place, id in enumerate(documents)}
        self._exact: dict[str, list[str]] = {}
        self._serial: dict[int, list[tuple[str, _Number]]] = {}
        # Forms of titles by their first signs: one pass over a question meets them all.
        self._titles: dict[str, list[tuple[str, str]]] = {}
        for id, document in documents.items():
            for written in (document.document_number or "").split("、"):
                self._exact.setdefault(written, []).append(id)
            for number in _numbers(document.document_number or ""):
                self._serial.setdefault(number.serial, []).append((id, number))
            for form in _forms(document.title) if document.layer in _TITLED else ():
                self._titles.setdefault(form[:_KEYED], []).append((form, id))

    def named_in(self, text: str) -> list[str]:
        """Ids of the documents a text names, in the order of the documents.

        A 文号 in any brackets decides, whole or as it is said (平科发 for 平科); else one without
        them that fits a single document here; else a title in 《》, or the words of a title
        (eight signs or more), the longest.
        """
        plain = _SEVERAL.sub(_each_with_its_sender, unicodedata.normalize("NFKC", text))
        loose = list(dict.fromkeys(self._loosely_numbered(plain)))
        if wanted := named_numbers(plain):
            exact = (id for number in wanted for id in self._exact.get(number, ()))
            return self._sorted([*exact, *loose])
        return loose or self._titled(plain)

    def _sorted(self, ids: Iterable[str]) -> list[str]:
        return sorted(set(ids), key=self._order.__getitem__)

    def _loosely_numbered(self, plain: str) -> Iterator[str]:
        for match in _LOOSE.finditer(plain):
            if not match["alone"] and not (match["prefix"] or match["sign"]):
                continue
            said = int(match["alone"] or match["serial"])
            fitting = {id for id, number in self._serial.get(said, ()) if _fits(match, number)}
            if len(fitting) == 1:
                yield fitting.pop()

    def _titled(self, plain: str) -> list[str]:
        if not _KIND.search(plain):
            return []
        squeezed = re.sub(r"\s", "", plain)
        quoted, said = {_bare(one) for one in _QUOTED.findall(squeezed)}, _bare(squeezed)
        starts = {said[at : at + _KEYED] for at in range(len(said))}
        met = [one for start in starts for one in self._titles.get(start, ()) if one[0] in said]
        # 3 in 《》 whole, 2 by its words, 1 in 《》 by a part; with how much of it.
        fits = [(3, len(form), id) for form, id in met if form in quoted]
        fits += [(2, len(form), id) for form, id in met if len(form) >= _SHORTEST]
        if quoted and not fits:
            every = (one for forms in self._titles.values() for one in forms)
            fits = [(1, len(q), id) for form, id in every for q in quoted if q in form]
        best = max(((kind, size) for kind, size, _ in fits), default=(0, 0))
        found = self._sorted(id for kind, size, id in fits if (kind, size) == best)
        return found if best[0] > 1 or len(found) <= _MANY else []


def _each_with_its_sender(match: re.Match[str]) -> str:
    more = re.findall(r"\d+号", match["more"])
    return "、".join(
        [match[0].removesuffix(match["more"]), *(match["sender"] + one for one in more)]
    )


def _fits(match: re.Match[str], number: _Number) -> bool:
    if match["alone"]:
        return number.serial == int(match["alone"])
    if (number.year, number.serial) != (match["year"], int(match["serial"])):
        return False
    said = _ASIDE.sub("", match["prefix"])
    if not said:
        # 2025年9号 alone is a day
        return bool(match["open"] or match["ordinal"] or match["paper"])
    if not number.prefix:
        return False
    at = said.rfind(number.prefix)
    return at >= 0 and _SENDERS.fullmatch(said, at + len(number.prefix)) is not None


@lru_cache(maxsize=16_384)
def _numbers(written: str) -> tuple[_Number, ...]:
    return tuple(
        _Number(match["prefix"], match["year"], int(match["serial"]))
        for one in written.split("、")
        if (match := _PARTS.fullmatch(one))
    )


@lru_cache(maxsize=16_384)
def _forms(title: str) -> tuple[str, ...]:
    """A title, its matter, and both without the place in front."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", title))
    inner = _QUOTED.findall(plain)
    about = _ABOUT.search(plain)
    matter = inner[-1] if inner and _ISSUES.search(plain) else about[1] if about else ""
    forms = {_bare(plain), _bare(matter)}
    forms |= {re.sub(r"^[\u4e00-\u9fff]{2,7}?[省市县区](?=.{6})", "", form) for form in forms}
    return tuple(sorted(form for form in forms if len(form) >= 4))


def _bare(text: str) -> str:
    return re.sub(r"[《》〈〉“”\"]", "", text)
