"""Who is named in some words, and how: as the one who acts, as an object, or in passing."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from knowledge_base.wording.wording import ADDRESSEE, Word

INSTITUTIONS = frozenset(("bank", "insurer", "guarantor"))
STOPS = frozenset(("duty", "pay", "leave", "urge", "support", "instruction", "task", "by"))
AWAY = "在被经据于从以到与围绕"  # before a name: it only says where, by whom or on what ground
_FROM = re.compile(
    r"([在被经据于从以围绕]|(?<![达得遇直])到|与)(?:其|该|当地|所在地|本地|主管|所在|有关|相关|上述|[县市区省])*$"
)
_IS = re.compile(r"应为(?![^,，。;；]{0,40}(?:提供|办理|出具|开具|落实|安排|缴纳|解决|配备|购买))")
_DECIDED = re.compile(r"(?:共同|依法|统一)?(?:确定|认定|批准|规定|制定|指定|发布|印发|颁布|核发)的")
_SETTING = "围绕"
_TAKEN = "被"
_AND = re.compile(
    r"\s*(?:等?[、,，和与及或]|以及|或者|等|并|各|其他|相关|有关)?\s*(?:等|各类|各|其他|相关|有关)?(?:大?中小微?型?|小微|大中型|民营)?"
)
_BREAKS = ",，。;；:：\n"
_TO_COMMA = re.compile(r"[\s\S]*[,，。;；:：\n]")
_LINKS = _BREAKS + "和与及或对为向由将、"
# An office owes something to whoever the condition before the comma names.
SERVED = re.compile(
    r"的[,，](?:均|也)?(?:应当?|须)(?:予以|按规定|及时|依法|按时)?"
    r"(?:(?P<paid>发放|给予|补发|退还)|受理|批准|告知|责令|撤销)"
)
_OWNED = ("", "所属", "直属", "下属", "所属的", "内", "内的", "内入驻")
_LEAD = 14  # signs from a comma within which a name can still be the subject
_LENT = re.compile(r"贷款|利率|费率|授信|担保")
_GRANTED = re.compile(r"创业担保贷款|贴息|补助|补贴|奖|资助")
_ORDER = (
    "enterprise",
    "bank",
    "insurer",
    "guarantor",
    "department",
    "research",
    "carrier",
    "talent",
    "other",
)


class Group(NamedTuple):
    """Parties named in one breath, whose last word is `words[at]`.

    `toward` is the preposition or giving verb that points at them, `by` marks those after 由,
    `attribute` those before 的, `leads` those who can be the subject of what follows.
    """

    start: int
    end: int
    at: int
    parties: tuple[str, ...]
    toward: str
    by: bool
    attribute: bool
    leads: bool


class Passage(NamedTuple):
    """Some words with one force; `roles` are those of all its words, `default` the addressees."""

    text: str
    start: int
    end: int
    words: Sequence[Word]
    force: str
    default: tuple[str, ...]
    roles: frozenset[str]

    @property
    def pays(self) -> bool:
        """Public money, as against a loan: a ceiling of the latter is the lenders' affair."""
        if self.force == "ceiling":
            money = self.roles & {"money", "pay"} or "元" in self.text[self.start : self.end]
            return bool(money) and not self.is_lent
        return self.force == "commitment"

    @property
    def is_lent(self) -> bool:
        """Whether the words are about a loan or guarantee, and no public money is added to it."""
        words = self.text[self.start : self.end]
        return _LENT.search(words) is not None and _GRANTED.search(words) is None


def groups_of(passage: Passage) -> list[Group]:
    """Parties in order; names without a gap are one noun whose last part says who is meant."""
    text = passage.text
    found: list[Group] = []
    if not any(word.parties for word in passage.words):
        return found
    ahead = _next_parties(passage)
    toward, by, last_end, begun = "", False, passage.start, passage.start
    taken = ""  # what pointed before a verb that takes an object of its own: 对招用毕业生的企业
    for index, word in enumerate(passage.words):
        comma = _TO_COMMA.match(text, last_end, word.start)
        if comma is not None:
            toward, by, begun = "", False, comma.end()
        last_end = word.end
        if word.parties:
            joined = _joined(passage, found, index, word)
            if joined is not None:
                found[-1] = joined
                continue
            aim = toward or _away(text, passage.start, word.start)
            found.append(_group(passage, index, word, aim, by, word.start - begun <= _LEAD))
            if toward == _TAKEN:
                toward = taken
        elif _takes(text, word) and toward != _SETTING and index:
            taken, toward = (taken if toward == _TAKEN else toward), _TAKEN
        elif toward != _SETTING and not _in_attribute(text, word, toward, ahead[index]):
            toward, by = _pointing(text, word, toward, by)
    return found


def _away(text: str, start: int, at: int) -> str:
    """The sign before a name that says where or by whom: 到当地税务机关, 经主管部门."""
    before = _FROM.search(text, max(start, at - 8), at)
    return before[1] if before else ""


def _next_parties(passage: Passage) -> list[int]:
    """Where the next party begins behind each word."""
    ahead: list[int] = []
    following = passage.end
    for word in reversed(passage.words):
        ahead.append(following)
        if word.parties:
            following = word.start
    return ahead[::-1]


def _in_attribute(text: str, word: Word, toward: str, party: int) -> bool:
    """Whether a verb only describes the party pointed at: 为有集中供养意愿的残疾人."""
    return (
        toward in ("为", "对", "给", "向")
        and "instruction" in word.roles
        and text.find("的", word.end, min(party + 1, word.end + 24)) >= 0
    )


def _takes(text: str, word: Word) -> bool:
    """Whether a verb has the next party for its object: 引进人才, not 引进的人才."""
    return "takes" in word.roles and not text.startswith("的", word.end)


def _pointing(text: str, word: Word, toward: str, by: bool) -> tuple[str, bool]:
    """What a word makes of the party after it: an object, the one who acts, or neither."""
    if "setting" in word.roles:
        return _SETTING, False
    if _IS.match(text, max(0, word.start - 1)):
        return "", by
    if "toward" in word.roles or text.startswith("组织", word.start):
        return text[word.start : word.end], False
    if "by" in word.roles:
        return "", True
    return ("", False) if word.roles & STOPS else (toward, by)


def _group(passage: Passage, index: int, word: Word, toward: str, by: bool, leads: bool) -> Group:
    attribute = _is_attribute(passage.text, word)
    return Group(
        word.start, word.end, index, _resolved(word, passage), toward, by, attribute, leads
    )


def _is_attribute(text: str, word: Word) -> bool:
    """Whether a name only describes what follows: 企业的, 主管部门确定的."""
    return text.startswith("的", word.end) or _DECIDED.match(text, word.end) is not None


def _joined(passage: Passage, found: Sequence[Group], index: int, word: Word) -> Group | None:
    """The group before, where the word goes on with it: as its head noun, or as one more name."""
    last = found[-1] if found and found[-1].at == index - 1 else None
    if last is None:
        return None
    gap = passage.text[last.end : word.start]
    parties = _resolved(word, passage)
    if gap not in _OWNED and not _at_home(passage, last, gap):
        if _AND.fullmatch(gap) is None:
            return None
        parties = in_order((*last.parties, *parties))
    attribute = _is_attribute(passage.text, word)
    return last._replace(end=word.end, at=index, parties=parties, attribute=attribute)


def _at_home(passage: Passage, last: Group, gap: str) -> bool:
    """Whether a place only tells where the party right after it is at home."""
    return (
        "place" in passage.words[last.at].roles
        and len(gap) <= 12
        and not any(sign in _LINKS for sign in gap)
    )


def _resolved(word: Word, passage: Passage) -> tuple[str, ...]:
    if word.parties == (ADDRESSEE,):
        return passage.default or ("other",)
    return word.parties


def is_direct(passage: Passage, index: int, group: Group) -> bool:
    """Whether nothing but attributes stands between the verb `words[index]` and a group after it."""
    text, verb = passage.text, passage.words[index]
    if any(sign in _BREAKS for sign in text[verb.end : group.start]):
        return False
    return not any(
        w.start < group.start
        and not w.roles & {"urge", "support", "steer"}
        and w.roles & {"toward", "by", "instruction", "pay"}
        and "的" not in text[w.end : group.start]
        for w in passage.words[index + 1 : group.at]
    )


def in_order(parties: Iterable[str]) -> tuple[str, ...]:
    """Each party once, in the order of the contract."""
    present = set(parties)
    return tuple(party for party in _ORDER if party in present)


def named_in(groups: Iterable[Group]) -> tuple[str, ...]:
    """All parties of some groups."""
    return in_order(party for group in groups for party in group.parties)
