"""Which region a message asks about, and which regions the knowledge base has policies of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge_base import NATION, Document, Vocabulary

# A bank, an industry or a street that bears a place's name is not the place.
_NO_PLACE = re.compile(r"[市县区省]?(?:银行|农商|产业|时间|大学|路|街|人|户口)")
_PLACE_ASKED = re.compile(
    r"(?!银行|农商|产业|时间|大学|路|街)(市|县|区|省)?.{0,8}(政策|补|贴|贷|方案|规定|文件|办法|奖|扶持|人才|多少钱)"
)
_OWN_PLACE = re.compile(
    r"客户|供应商|供货|销往|出口|分公司|搬(到|来)|迁(到|入)|(我|咱|公司|厂|注册).{0,8}在|注册|企业能|公司能"
)
_RANK = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市县区]$")


def everyday(name: str) -> str:
    """What people call a region: 苍南 for 苍南县, 广西 for 广西壮族自治区."""
    return _RANK.sub("", name)


def _shared(name: str, other: str) -> bool:
    """Whether two forms may be the same words, as 朝阳 and 朝阳区."""
    return name in other or other in name


@dataclass(frozen=True)
class Place:
    """A region named as printed; several `codes` where more than one region bears the name."""

    name: str
    codes: tuple[str, ...]


class Places:
    """Names of regions, and from which day each has an official policy everybody may read."""

    def __init__(
        self, vocabulary: Vocabulary, heads: Iterable[Document], offered: frozenset[str]
    ) -> None:
        """`offered` are the regions of products: asked for there, they are no foreign place."""
        self._vocabulary, self._offered = vocabulary, offered
        self._since: dict[str, date] = {}
        for head in heads:
            starts = (head.effective_on, head.published_on or head.signed_on)
            since = max((day for day in starts if day is not None), default=date.min)
            self._since[head.region] = min(since, self._since.get(head.region, date.max))
        self._names: dict[str, list[str]] = {}
        for code, name in vocabulary.regions.items():
            # Two-character county names (城区, 郊区) would fire inside ordinary words.
            for form in {name, everyday(name)} if len(name) > 2 else ():
                if len(form) > 1:
                    self._names.setdefault(form, []).append(code)

    def served(self, code: str, on: date) -> bool:
        """Whether a policy of the region itself was published by a day."""
        return self._since.get(code, date.max) <= on

    def without(self, text: str, region: str) -> str:
        """A text without the names of a region and those above it, a space in place of each."""
        for code in self._vocabulary.region_chain(region):
            name = self._vocabulary.regions.get(code, "")
            for form in (name, everyday(name)):
                text = text.replace(form, " ") if len(form) > 1 else text
        return text

    def asked(self, said: str, home: str, on: date) -> Place | None:
        """The place outside the chain of `home` whose policies a message asks about."""
        if _OWN_PLACE.search(said):
            return None
        chain = self._vocabulary.region_chain(home)
        printed = {name: codes for name, codes in self._names.items() if name in said}
        for name in sorted(printed, key=lambda name: (said.find(name), -len(name))):
            codes = printed[name]
            if not self._is_place(name, codes, said, home, on):
                continue
            beside = {
                c for other, named in printed.items() if not _shared(name, other) for c in named
            }
            above = {up for code in beside for up in self._vocabulary.region_chain(code)[1:]}
            # 北京市朝阳区: the city named beside it tells which of the same name is meant.
            within = [c for c in codes if beside & set(self._vocabulary.region_chain(c)[1:])]
            codes = within or codes
            if set(codes) & (above | set(chain) | self._offered):
                continue
            served = [c for c in codes if self._collected(c, chain, on)]
            return Place(name, tuple(served or codes))
        return None

    def collected(self, place: Place, home: str, on: date) -> bool:
        """Whether policies of a place, or of what lies between it and `home`, are in."""
        chain = self._vocabulary.region_chain(home)
        return any(self._collected(code, chain, on) for code in place.codes)

    def _collected(self, code: str, chain: tuple[str, ...], on: date) -> bool:
        own = [c for c in self._vocabulary.region_chain(code) if c != NATION and c not in chain]
        return any(self.served(c, on) for c in own)

    def _is_place(self, name: str, codes: list[str], said: str, home: str, on: date) -> bool:
        """Whether a name stands for its region here: sure where policies of it are in."""
        rest = said.partition(name)[2]
        full = name in {self._vocabulary.regions[code] for code in codes}
        if any(self.served(code, on) for code in codes):
            return _NO_PLACE.match(rest) is None
        # Everyday names of counties are ordinary words elsewhere; those of the own city are not.
        near = any(code.endswith("00") or code[:4] == home[:4] for code in codes)
        return (full or near) and _PLACE_ASKED.match(rest) is not None
