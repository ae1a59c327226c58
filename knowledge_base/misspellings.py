"""Field terms written wrongly in a question: by sound, by shape, or one character amiss. Pure.

A word is never taken for a misspelling: not one of the field, of ordinary speech or of the index.
What is sure is replaced in the question; a mere likeness is searched for beside it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product

from knowledge_base.likeness import is_ordinary, lookalikes, readings, sound_alike
from knowledge_base.vocabulary import Vocabulary

Known = Callable[[str], int]
Place = tuple[int, int, str]

_TERM = re.compile(r"[\u4e00-\u9fff]{2,12}")
_SPELLINGS = 16  # ways to sound out characters that have two readings each, at most
_EACH = 1 << 12  # a vote is a term's number times this, plus where the term would begin
_BEFORE = 16  # so that a term can begin before the text does
_TYPED = 200  # characters; what is longer was pasted, not typed, and has right words enough
_SEVERAL = 3  # terms that a word is part of before it counts as one of the field
_RARE = 100  # a misspelling stands in the index at most once for so many times of its term
# A slip seldom gives one of these: with them two neighbours sound like a term by chance.
_GRAMMAR = frozenset(
    "的地得了着过吧吗呢啊是在有和与及或就都也还又不没要会能可把被给让跟从到对向为以而但按我你他她它们"
    "这那哪谁几个上下中内外前后很再更最已将请想做用来去看说一二三四五六七八九十百千万亿年月日"
)
# A firm spells its name as it likes: 平阳县科集机械有限公司.
_FIRM = re.compile(r"[\u4e00-\u9fff()（）]{0,10}?(?:有限公司|有限责任公司|股份公司|集团|合作社)")
# Other names, whose words in between are no grammar: 科集五金店, 科济医院, 担宝村; and 步助器.
_NAME = re.compile(
    rf"(?:五金|百货|(?![{''.join(sorted(_GRAMMAR))}])[\u4e00-\u9fff]){{0,4}}?"
    r"(?:公司|厂(?![房区家])|店|[商车洋药粮茶花]行|(?:研究|事务|诊|会)所|院(?!士)|站|中心|[村镇街馆坊铺]|药房|超市|股份|幼儿园)"
    r"|路(?![子径演线由])|[所行](?![\u4e00-\u9fff])|[器仪](?![材械具件])"
)
_CONVERTED = re.compile(r"[旧老].改|.改[新电气]")  # 旧机改新机
_STAFF = re.compile(r"工人|工种|人才|人员|员工|岗|骨干|蓝领")  # 高薪技术工人 are paid well


@dataclass(frozen=True, slots=True)
class Mend:
    """The term meant where `text[start:end]` stands; one that is not `sure` may be meant."""

    start: int
    end: int
    term: str
    sure: bool


class Misspellings:
    """Finds what was meant among the terms of one vocabulary; `misspellings_of` keeps it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        listed = set(filter(_TERM.fullmatch, _terms(vocabulary)))
        self._words = frozenset(listed | _parts(listed))
        chief = {*vocabulary.typos.values(), *(group[0] for group in vocabulary.synonyms)}
        # Of two characters only words are mended to: 克小 may be much else than the short form 科小.
        self._terms = sorted(
            term for term in self._words if len(term) > 2 or term in chief or is_ordinary(term)
        )
        self._by_sound: dict[tuple[str, ...], list[str]] = {}
        lengths: dict[str, set[int]] = {}
        self._postings: dict[str, list[int]] = {}
        for number, term in enumerate(self._terms):
            for sound in _spellings(term):
                self._by_sound.setdefault(sound, []).append(term)
                lengths.setdefault(sound[0], set()).add(len(term))
            for offset, char in enumerate(term if len(term) > 2 else ""):
                self._postings.setdefault(char, []).append(number * _EACH + _BEFORE - offset)
        self._lengths = {first: tuple(sorted(found)) for first, found in lengths.items()}

    def within(self, text: str, known: Known | None = None) -> tuple[Mend, ...]:
        """What was meant, left to right; `known` tells in how many clauses a unit stands.

        Sure mends do not overlap; of two terms that fit one place equally well neither is sure.
        """
        if len(text) > _TYPED:
            return ()
        listed = list(self._listed(text))
        likely = dict.fromkeys([*self._alike(text), *self._shaped(text), *self._amiss(text)])
        spans = self._spans(text) if likely else []
        judged = [
            Mend(*place, sure and not _in_a_name(text, place))
            for place in likely
            if not any(one.start < place[1] and place[0] < one.end for one in listed)
            and (sure := self._judged(text, place, spans, known)) is not None
        ]
        return _apart([*listed, *judged])

    def _listed(self, text: str) -> Iterator[Mend]:
        """Those of the vocabulary's own list, where no word reaches over them: 孵化机 in 孵化机构."""
        for wrong, right in self._vocabulary.typos.items():
            for found in re.finditer(re.escape(wrong), text) if wrong in text else ():
                if not self._torn(text, (*found.span(), right)):
                    paid = is_ordinary(wrong) and _STAFF.match(text, found.end()) is not None
                    yield Mend(*found.span(), right, not paid)

    def _alike(self, text: str) -> Iterator[Place]:
        """Windows that sound like a term."""
        sounds = [readings(char) for char in text]
        for start, first in enumerate(sounds):
            for sound in first:
                for length in self._lengths.get(sound, ()):
                    end = start + length
                    window = text[start:end]
                    if end > len(text) or window in self._words:
                        continue
                    for spelt in islice(product(*sounds[start:end]), _SPELLINGS):
                        for term in self._by_sound.get(spelt, ()):
                            yield start, end, term

    def _shaped(self, text: str) -> Iterator[Place]:
        """Windows of two characters one of which looks like that of a term."""
        looks = lookalikes()
        for start in range(len(text) - 1):
            left, right = text[start], text[start + 1]
            for term in (
                *(other + right for other in looks.get(left, "")),
                *(left + other for other in looks.get(right, "")),
            ):
                if term in self._words:
                    yield start, start + 2, term

    def _amiss(self, text: str) -> Iterator[Place]:
        """Windows one slip away from a longer term: each character votes for where it would begin."""
        votes = Counter(
            posting + place
            for place, char in enumerate(text)
            for posting in self._postings.get(char, ())
        )
        for vote in [vote for vote, count in votes.items() if count > 1]:
            term = self._terms[vote // _EACH]
            start, length, count = vote % _EACH - _BEFORE, len(term), votes[vote]
            if start < 0 or count == length:
                continue
            whole = text[start : start + length]
            if count == length - 1 or (
                count == length - 2 and length > 3 and _swapped(whole, term)
            ):
                yield start, start + length, term
            if length > 3 and votes[vote + 1] + count >= length:
                yield start, start + length + 1, term
            if length > 4 and votes[vote - 1] + count >= length - 1:
                yield start, start + length - 1, term

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where a term stands as it is."""
        lengths = {len(term) for term in self._terms}
        spans = ((start, start + length) for start in range(len(text)) for length in lengths)
        return [(s, e) for s, e in spans if e <= len(text) and text[s:e] in self._words]

    def _judged(
        self, text: str, place: Place, spans: list[tuple[int, int]], known: Known | None
    ) -> bool | None:
        """Whether a term was surely meant (True), may have been (False), or was not (None)."""
        start, end, term = place
        window = text[start:end]
        if not _TERM.fullmatch(window) or self._is_word(window) or _FIRM.match(text, end):
            return None
        if any(s < end and start < e and not (start <= s and e <= end) for s, e in spans):
            return None
        if len(window) != len(term):
            return self._one_more_or_less(text, place, known)
        changed = [at for at, char in enumerate(term) if window[at] != char]
        strict = all(sound_alike(window[at], term[at]) for at in changed)
        if len(term) > 3 and len(changed) > 1 and (strict or _swapped(window, term)):
            # That four syllables agree is no chance, but for a word there: 报废补贴.
            return len(term) > 4 or not self._is_word("".join(window[at] for at in changed))
        if not all(self._alone(text, start + at) for at in changed):
            return False if strict and len(term) > 3 else None
        if len(term) == 2 and not self._half(text, start, changed):
            return None
        if any(_stands(window, at - 1, at + 1, term, known) for at in changed):
            return None
        shaped = len(changed) == 1 and term[changed[0]] in lookalikes().get(window[changed[0]], "")
        if strict or shaped:
            return True
        if all(sound_alike(window[at], term[at], loosely=True) for at in changed):
            return False
        if len(term) == 2 or self._torn(text, place):
            return None
        return False if self._inside(window, changed) else None

    def _half(self, text: str, start: int, changed: list[int]) -> bool:
        """Whether one character of a pair is right, and no part of a word beside it: 学科及其."""
        kept = start + 1 - changed[0]
        return len(changed) == 1 and self._alone(text, kept, inside=(start, start + 2))

    def _torn(self, text: str, place: Place) -> bool:
        """Whether a word reaches over an end of the window: 国家企 in 国家企业."""
        return any(self._worded(text, at - 1, at + 1) for at in place[:2])

    def _inside(self, window: str, changed: list[int]) -> bool:
        """Whether one wrong character stands within a term: 登记满 is 登记 and more, not 登记簿."""
        if len(changed) != 1:
            return False
        rest = window[: changed[0]] or window[1:]
        return 0 < changed[0] < len(window) - 1 or not self._is_word(rest)

    def _one_more_or_less(self, text: str, place: Place, known: Known | None) -> bool | None:
        """A character too many inside a term of four, or one left out of five or more."""
        start, end, term = place
        window = text[start:end]
        more = len(window) > len(term)
        longer, shorter = (window, term) if more else (term, window)
        at = next(i for i, char in enumerate(longer) if shorter[i : i + 1] != char)
        if at == 0 or longer[:at] + longer[at + 1 :] != shorter or self._torn(text, place):
            return None
        if more and window[at] == window[at - 1]:
            return True
        if more and _stands(window, at - 1, at + 1, term, known):
            return None
        if more:
            return False if at < len(term) and self._alone(text, start + at) else None
        inner = at < len(window) and not self._worded(text, start + at - 1, start + at + 1)
        return True if inner else None

    def _alone(self, text: str, at: int, inside: tuple[int, int] | None = None) -> bool:
        """Whether a character belongs to no word, but for those inside a span."""
        return text[at] not in _GRAMMAR and not self._worded(text, at, at + 1, inside)

    def _worded(
        self, text: str, first: int, last: int, inside: tuple[int, int] | None = None
    ) -> bool:
        """Whether a word of two to four characters covers text[first:last]."""
        return any(
            self._is_word(text[start : start + length])
            for length in range(2, 5)
            for start in range(max(0, last - length), min(first, len(text) - length) + 1)
            if inside is None or not (inside[0] <= start and start + length <= inside[1])
        )

    def _is_word(self, window: str) -> bool:
        return is_ordinary(window) or window in self._words or window in self._spoken

    @cached_property
    def _spoken(self) -> frozenset[str]:
        """Words of the vocabulary that are no terms to mend to: of places, facts and needs."""
        places = self._vocabulary.regions.values()
        short = (name[:-1] for name in places if len(name) > 2)
        facts = self._vocabulary.facts.values()
        told = (word for fact in facts for word in (fact.label, *fact.aliases))
        needs = (word for words in self._vocabulary.needs.values() for word in words)
        return frozenset([*places, *short, *told, *needs])


@lru_cache(maxsize=4)
def misspellings_of(vocabulary: Vocabulary) -> Misspellings:
    """The reader of one vocabulary's misspellings, made once."""
    return Misspellings(vocabulary)


def _terms(vocabulary: Vocabulary) -> set[str]:
    return {
        *(form for group in vocabulary.synonyms for form in group),
        *(form for title in vocabulary.titles for form in (title.name, *title.synonyms)),
        *(form for instrument in vocabulary.instruments for form in instrument.forms),
        *vocabulary.typos.values(),
    }


def _stands(window: str, first: int, last: int, term: str, known: Known | None) -> bool:
    """Whether the index holds the pairs from `first` to `last`, and not only as slips of the pen."""
    if known is None:
        return False
    often = known(term)
    pairs = {window[at : at + 2] for at in range(max(0, first), min(last, len(window) - 1))}
    return any(known(pair) * _RARE > often for pair in pairs)


def _in_a_name(text: str, place: Place) -> bool:
    """Whether two signs belong to a name or a thing by what stands beside them."""
    start, end, term = place
    if len(term) > 2:
        return False
    converted = any(_CONVERTED.match(text, at) for at in (max(0, start - 1), start))
    return bool(_NAME.match(text, end)) or (text[end - 1] == "改" and converted)


def _parts(terms: set[str]) -> set[str]:
    """Words that several terms are made of, as 科技 and 质押."""
    pairs = Counter(
        pair for term in terms for pair in {term[at : at + 2] for at in range(len(term) - 1)}
    )
    return {pair for pair, count in pairs.items() if count >= _SEVERAL and is_ordinary(pair)}


def _apart(mends: list[Mend]) -> tuple[Mend, ...]:
    """The sure ones that do not overlap, longest first, then the likely ones beside them."""
    fitting = Counter((mend.start, mend.end) for mend in mends if mend.sure)
    kept: list[Mend] = []
    for mend in sorted(mends, key=lambda m: (not m.sure, m.start - m.end, m.start, m.term)):
        sure = mend.sure and fitting[mend.start, mend.end] == 1
        same = [one for one in kept if one.start < mend.end and mend.start < one.end]
        if not same or (
            not sure
            and len(same) == 1
            and not same[0].sure
            and (same[0].start, same[0].end) == (mend.start, mend.end)
        ):
            kept.append(Mend(mend.start, mend.end, mend.term, sure))
    return tuple(sorted(kept, key=lambda mend: (mend.start, mend.term)))


def _swapped(window: str, term: str) -> bool:
    """Whether two neighbours of a longer term changed places."""
    if len(term) < 4 or len(window) != len(term):
        return False
    first = next((at for at, char in enumerate(term) if window[at] != char), len(term) - 1)
    turned = window[first : first + 2][::-1]
    return window[:first] + turned + window[first + 2 :] == term


def _spellings(term: str) -> list[tuple[str, ...]]:
    return list(islice(product(*map(readings, term)), _SPELLINGS))
