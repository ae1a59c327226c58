"""Which region a document speaks for: read from issuer, title, 文号 and text, never guessed.

National organs speak for `000000`. A name that two places share needs a second word that decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge_base.header.widths import half_width
from knowledge_base.vocabulary import NATION, Vocabulary

# A short name (平阳, 温州) counts where a name begins: first of all, or behind one of these.
_BEFORE_SHORT = re.compile(
    r"(?:^|中共|中国|国家税务总局|人民银行|银行|监督管理总局|银保监会|证监会|《|〈|\(|印发|转发|海关总署)$"
)
# Counties have names that are words too (延长, 和平): theirs counts only before such words.
_AFTER_SHORT = re.compile(
    r"出台|印发|发布|推出|政府|县委|市委|海关|金融监管|:|[\u4e00-\u9fff]{0,8}(?:分局|支局|支行|监管组)"
)
_LEVEL_WORDS = {"县": "county", "区": "county", "市": "city", "省": "province"}


@dataclass(frozen=True)
class _Gazetteer:
    """Full names and unique short names, keyed by their first two characters for the scan."""

    full: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]


@lru_cache(maxsize=4)
def _gazetteer(vocabulary: Vocabulary) -> _Gazetteer:
    suffix = re.compile(
        rf"(?:(?:{'|'.join(map(re.escape, vocabulary.places.peoples))})族?){{1,4}}自治[区州县旗]$|自治[区州县旗]$"
        r"|特别行政区$|地区$|[省市县区盟旗]$"
    )
    full: dict[str, list[str]] = defaultdict(list)
    short: dict[str, list[str]] = defaultdict(list)
    for code, name in vocabulary.regions.items():
        if code == NATION:
            continue
        full[name].append(code)
        stem = suffix.sub("", name)
        if len(stem) >= 2 and stem != name:
            short[stem].append(code)
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in [*full, *short]:
        lengths[name[:2]].add(len(name))
    return _Gazetteer(
        {name: tuple(codes) for name, codes in full.items()},
        # 吉林 means the province, not its city of that name: the higher region wins.
        {stem: _highest(codes) for stem, codes in short.items() if stem not in full},
        {key: tuple(sorted(sizes, reverse=True)) for key, sizes in lengths.items()},
    )


def _highest(codes: list[str]) -> tuple[str, ...]:
    for tail in ("0000", "00"):
        if high := [code for code in codes if code.endswith(tail)]:
            return tuple(high)
    return tuple(codes)


def places_in(
    text: str, vocabulary: Vocabulary, start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Places a text names, each with the codes it may mean; 浙江省温州市平阳县 is one place."""
    gazetteer = _gazetteer(vocabulary)
    stop = len(text) if end is None else end
    position = start
    while position < stop:
        found = _place_at(text, position, stop, gazetteer, vocabulary)
        if found is None:
            position += 1
            continue
        yield position, found[0], found[1]
        position = found[0]


def _place_at(
    text: str, start: int, stop: int, gazetteer: _Gazetteer, vocabulary: Vocabulary
) -> tuple[int, tuple[str, ...]] | None:
    """End and codes of the place that begins here; names that follow make it finer."""
    position = start
    codes: tuple[str, ...] = ()
    while position < stop:
        step = _name_at(text, position, stop, gazetteer, start)
        if step is None:
            break
        end, found = step
        finer = tuple(
            c for c in found if not codes or any(o in vocabulary.region_chain(c) for o in codes)
        )
        if not finer:
            break
        position, codes = end, finer
    return (position, codes) if codes else None


def _name_at(
    text: str, position: int, stop: int, gazetteer: _Gazetteer, start: int
) -> tuple[int, tuple[str, ...]] | None:
    for length in gazetteer.lengths.get(text[position : position + 2], ()):
        name = text[position : position + length]
        if position + length > stop or len(name) < length:
            continue
        at_start = position == start
        if name in gazetteer.full and (length > 2 or not at_start or name[-1] == "县"):
            return position + length, gazetteer.full[name]
        if codes := gazetteer.short.get(name, ()):
            if at_start and not _BEFORE_SHORT.search(text[max(0, position - 10) : position]):
                continue
            high = any(code.endswith("00") for code in codes)
            if high or not at_start or _AFTER_SHORT.match(text, position + length):
                return position + length, codes
    return None


@dataclass(frozen=True)
class RegionEvidence:
    """Where a document may say which region it is of, strongest first."""

    issuers: tuple[str, ...]
    number_prefix: str | None
    title: str
    page: str  # crumbs and site name printed above the title
    text: str


def read_region(evidence: RegionEvidence, vocabulary: Vocabulary) -> str | None:
    """Code of the region a document speaks for; None when nothing printed decides."""
    evidence = RegionEvidence(
        tuple(half_width(issuer) for issuer in evidence.issuers),
        evidence.number_prefix,
        half_width(evidence.title),
        half_width(evidence.page),
        half_width(evidence.text),
    )
    context = _mentioned(evidence, vocabulary)
    for issuer in evidence.issuers:
        if code := _of_organ(issuer, vocabulary, context):
            return code
    leading = re.sub(r"^[《〈“]|^关于(?:印发|转发|发布|公布)?[《〈]?", "", evidence.title)
    for written in (evidence.title, leading):
        if code := _at_start(written, vocabulary, context):
            return code
    prefix = evidence.number_prefix
    if prefix and (code := _of_number(prefix, evidence, vocabulary)):
        return code
    if code := _first(evidence.page, vocabulary, context):
        return code
    if code := _first(evidence.title, vocabulary, context):
        return code
    return _of_own_words(evidence.text, vocabulary)


def region_candidates(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Up to five regions a text names, in printed order: what to offer when none is decided."""
    found: dict[str, None] = {}
    for _, _, codes in places_in(text, vocabulary, 0, min(len(text), 20_000)):
        found |= dict.fromkeys(codes[:2])
        if len(found) >= 5:
            break
    return tuple(found)[:5]


def _mentioned(evidence: RegionEvidence, vocabulary: Vocabulary) -> frozenset[str]:
    """Every region named without doubt in header and title: decides between two of one name."""
    written = "\n".join([*evidence.issuers, evidence.title, evidence.page, evidence.text[:3000]])
    return frozenset(
        chain
        for _, _, codes in places_in(written, vocabulary)
        if len(codes) == 1
        for chain in vocabulary.region_chain(codes[0])
        if chain != NATION
    )


def _decide(codes: Iterable[str], vocabulary: Vocabulary, context: frozenset[str]) -> str | None:
    """The one code left, if need be the one whose city or province the document names too."""
    left = tuple(codes)
    if len(left) > 1:
        left = tuple(c for c in left if set(vocabulary.region_chain(c)[1:]) & context)
    return left[0] if len(left) == 1 else None


def _of_organ(issuer: str, vocabulary: Vocabulary, context: frozenset[str]) -> str | None:
    if code := _first(issuer, vocabulary, context):
        return code
    return NATION if _is_national(issuer, vocabulary) else None


def _is_national(name: str, vocabulary: Vocabulary) -> bool:
    """Whether an organ of the nation begins a name; 中国人民银行温州市分行 is a branch of one."""
    places = vocabulary.places
    if name.startswith(places.national_whole):
        return name in places.national_whole
    return name.startswith(places.national_organs)


def _first(written: str, vocabulary: Vocabulary, context: frozenset[str]) -> str | None:
    for _, _, codes in places_in(written, vocabulary):
        if code := _decide(codes, vocabulary, context):
            return code
    return None


def _at_start(written: str, vocabulary: Vocabulary, context: frozenset[str]) -> str | None:
    if _is_national(written, vocabulary):
        return NATION
    found = next(places_in(written, vocabulary, 0, min(len(written), 20)), None)
    if found is None or found[0] > 2:
        return None
    return _decide(found[2], vocabulary, context)


def _of_number(prefix: str, evidence: RegionEvidence, vocabulary: Vocabulary) -> str | None:
    """Region of a 文号 prefix; below a province the letters are too few to decide."""
    places = vocabulary.places
    if prefix.startswith(places.national_numbers):
        return NATION
    province = places.provinces.get(prefix[0])
    of_province = any(issuer.startswith("省") for issuer in evidence.issuers)
    if province and len(prefix) > 1 and (of_province or prefix[1] in places.organ_letters):
        local = any(re.match(r"[县区]|市(?!.*委$)", issuer) for issuer in evidence.issuers)
        return province if province in places.municipalities or not local else None
    return None


def _of_own_words(text: str, vocabulary: Vocabulary) -> str | None:
    """Region of 我县/本市 when all places of the text lie on one line of the hierarchy."""
    own = re.search(r"[我本全]([县区市省])(?!场|属)", text)
    if own is None:
        return None
    codes = {
        c[0] for _, _, c in places_in(text, vocabulary, 0, min(len(text), 100_000)) if len(c) == 1
    }
    if not codes:
        return None
    finest = max(codes, key=lambda code: len(vocabulary.region_chain(code)))
    chain = vocabulary.region_chain(finest)
    level = ("province", "city", "county")[min(len(chain) - 2, 2)]
    if finest in vocabulary.places.municipalities:
        level = "city"
    return finest if codes <= set(chain) and _LEVEL_WORDS[own[1]] == level else None
