"""BM25 over words, characters and character bigrams; its units also feed the static embedding.

Chinese needs no word list here: every run of Han characters gives each character and each pair of
neighbours, so near-synonyms that share a character still meet. Letters and whole numbers stay one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log1p
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import GenerationError
from knowledge_base.numerals import number_units

K1 = 0.9  # the pair that did best on statutes and policies; the usual 1.5 / 0.75 lost 0.03
B = 0.4
COMMON = 0.2  # share of texts above which a unit keeps a whole row of weights
MOST = np.iinfo(np.uint16).max  # how often a unit counts in one text at most
_SAMPLED = 16  # one row in so many is looked at to guess where the best begin
FORMAT = "huiqi-lexical-3"

_NO_ROWS = np.zeros(0, np.int64)
_RUN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+|[a-z]+|[0-9]+(?:\.[0-9]+)?%?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def normalise(text: str) -> str:
    """Lower-case NFKC text: full-width equals half-width, 1,000 equals 1000."""
    # Before NFKC, because it also turns the Chinese list comma "，" into ",".
    return unicodedata.normalize("NFKC", _THOUSANDS.sub("", text)).lower()


def units(text: str) -> list[str]:
    """Characters and bigrams of Han runs, whole latin words, whole numbers (with % if printed)."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if run[0] < "\u3007":
            found.append(run)
            continue
        found.extend(run)
        found.extend(left + right for left, right in pairwise(run))
    return found


@dataclass(frozen=True, slots=True)
class Terms:
    """Field terms that count as words, indexed by first character for a scan in one pass."""

    lengths: dict[str, tuple[int, ...]]
    words: frozenset[str]

    @classmethod
    def of(cls, terms: Iterable[str]) -> Terms:
        """Keep what is longer than a unit: a bigram or a latin word is counted already."""
        words = frozenset(
            word
            for term in terms
            if len(units(word := normalise(term).strip())) > 1 and len(word) > 2
        )
        lengths: dict[str, set[int]] = {}
        for word in words:
            lengths.setdefault(word[0], set()).add(len(word))
        return cls({first: tuple(sorted(found)) for first, found in lengths.items()}, words)

    def within(self, text: str) -> list[str]:
        """Every occurrence, overlapping ones too: 高新技术企业 also counts 高新技术."""
        if not self.words:
            return []
        plain = normalise(text)
        return [
            word
            for start, first in enumerate(plain)
            for length in self.lengths.get(first, ())
            if (word := plain[start : start + length]) in self.words
        ]


class LexicalIndex:
    """Immutable BM25 postings of one set of texts: for each unit the texts holding it and how often.

    Rarity is not stored: sets that are searched together share it (`bm25`), so that splitting a
    corpus into parts, or adding to it, changes no score. `pivot` is the text length, in units,
    that counts as usual; parts of one corpus are given the same.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        starts: NDArray[np.int64],
        texts: NDArray[np.int32],
        counts: NDArray[np.uint16],
        lengths: NDArray[np.int32],
        terms: Terms,
    ) -> None:
        self._vocabulary = vocabulary
        self._ids = {unit: number for number, unit in enumerate(vocabulary)}
        self._starts, self._texts, self._counts, self.lengths = starts, texts, counts, lengths
        self._terms = terms
        self.pivot = float(lengths.mean()) if len(lengths) else 1.0

    # Weighed when first searched: an index that is only kept, joined or weighed for another length
    # (100,000 clauses hold 13 million postings) does without these 90 MB.
    @cached_property
    def _weights(self) -> NDArray[np.float32]:
        """What each posting adds for a unit of rarity one."""
        damping = (K1 * (1 - B + B * self.lengths / max(self.pivot, 1e-9))).astype(np.float32)
        weights = self._counts.astype(np.float32)
        weights *= np.float32(K1 + 1) / (weights + damping[self._texts])
        return weights

    @cached_property
    def _rows(self) -> dict[int, NDArray[np.float32]]:
        """The weights of the commonest units as whole rows, which add up without an index."""
        rows: dict[int, NDArray[np.float32]] = {}
        for number in np.flatnonzero(np.diff(self._starts) > COMMON * len(self)).tolist():
            span = slice(self._starts[number], self._starts[number + 1])
            rows[number] = np.zeros(len(self), np.float32)
            rows[number][self._texts[span]] = self._weights[span]
        return rows

    def __len__(self) -> int:
        return len(self.lengths)

    @classmethod
    def build(cls, texts: Sequence[str], terms: Iterable[str] = ()) -> LexicalIndex:
        """Index texts in order; row i of every score belongs to texts[i]."""
        words = Terms.of(terms)
        ids: dict[str, int] = {}
        unit_of: list[int] = []
        count_of: list[int] = []
        distinct = np.zeros(len(texts), np.int64)
        lengths = np.zeros(len(texts), np.int32)
        for row, text in enumerate(texts):
            counts = Counter(units(text) + words.within(text) + number_units(normalise(text)))
            unit_of.extend([ids.setdefault(unit, len(ids)) for unit in counts])
            count_of.extend(counts.values())
            distinct[row], lengths[row] = len(counts), counts.total()
        unit = np.array(unit_of, np.int32)
        count = np.minimum(np.array(count_of, np.int64), MOST).astype(np.uint16)
        del unit_of, count_of
        row_of = np.repeat(np.arange(len(texts), dtype=np.int32), distinct)
        order = np.argsort(unit, kind="stable")
        starts = _starts(np.bincount(unit, minlength=len(ids)))
        return cls(list(ids), starts, row_of[order], count[order], lengths, words)

    def at(self, pivot: float) -> LexicalIndex:
        """The same postings weighed for another usual length; itself when it is the same."""
        if pivot == self.pivot:
            return self
        other = copy(self)
        for made in ("_weights", "_rows"):
            other.__dict__.pop(made, None)
        other.pivot = pivot
        return other

    def keeping(self, rows: NDArray[np.int64]) -> LexicalIndex:
        """The postings of some rows only, renumbered in ascending order; units left empty go."""
        place = np.full(len(self), -1, np.int64)
        place[rows] = np.arange(len(rows))
        kept = place[self._texts] >= 0
        unit = np.repeat(np.arange(len(self._vocabulary)), np.diff(self._starts))[kept]
        frequency = np.bincount(unit, minlength=len(self._vocabulary))
        used = frequency > 0
        return LexicalIndex(
            [word for word, held in zip(self._vocabulary, used, strict=True) if held],
            _starts(frequency[used]),
            place[self._texts[kept]].astype(np.int32),
            self._counts[kept],
            self.lengths[rows],
            self._terms,
        )

    def query(self, text: str) -> Counter[str]:
        """The units, numbers and field terms of a query with how often each stands in it."""
        return Counter(units(text) + self._terms.within(text) + number_units(normalise(text)))

    def frequency(self, unit: str) -> int:
        """In how many texts a unit stands."""
        number = self._ids.get(unit)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def weighed(self, rarity: Mapping[str, float]) -> NDArray[np.float32]:
        """Sum of each text's weights for some units, each times its rarity, in row order."""
        total = np.zeros(len(self), np.float32)
        for unit, factor in rarity.items():
            number = self._ids.get(unit)
            if number is None:
                continue
            if (row := self._rows.get(number)) is not None:
                total += row * np.float32(factor)
                continue
            span = slice(self._starts[number], self._starts[number + 1])
            # add.at is the quickest here, and only with indices as wide as a pointer; those are made
            # anew each time, because kept they would take 8 bytes more for each posting.
            texts = self._texts[span].astype(np.intp)
            np.add.at(total, texts, self._weights[span] * np.float32(factor))
        return total

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of every text, in row order; all zero for a query without a known unit."""
        return bm25([self], query)[0]

    def save(self, path: Path) -> None:
        """One uncompressed .npz of plain arrays; nothing in it is code."""
        with path.open("wb") as target:
            np.savez(
                target,
                format=_packed([FORMAT]),
                vocabulary=_packed(self._vocabulary),
                terms=_packed(sorted(self._terms.words)),
                starts=self._starts,
                texts=self._texts,
                counts=self._counts,
                lengths=self.lengths,
            )

    @classmethod
    def load(cls, path: Path) -> LexicalIndex:
        """Read what save wrote; GenerationError names the file when it is damaged or foreign."""
        try:
            with np.load(path, allow_pickle=False) as held:
                if _unpacked(held["format"]) != [FORMAT]:
                    raise ValueError("format")
                vocabulary = _unpacked(held["vocabulary"])
                starts, texts, counts = held["starts"], held["texts"], held["counts"]
                lengths = held["lengths"]
                terms = Terms.of(_unpacked(held["terms"]))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as cause:
            raise _unreadable(path) from cause
        consistent = (
            len(starts) == len(vocabulary) + 1
            and starts[0] == 0
            and starts[-1] == len(texts) == len(counts)
            and bool(np.all(np.diff(starts) >= 0))
            and (len(texts) == 0 or (texts.min() >= 0 and texts.max() < len(lengths)))
        )
        if not consistent:
            raise _unreadable(path)
        return cls(vocabulary, starts, texts, counts, lengths, terms)


def bm25(parts: Sequence[LexicalIndex], query: str) -> list[NDArray[np.float32]]:
    """BM25 of every text of every part, as if the parts were one index."""
    rarity = rarities(parts, query)
    return [part.weighed(rarity) for part in parts]


def rarities(parts: Sequence[LexicalIndex], query: str) -> dict[str, float]:
    """Each unit of a query with its rarity over all parts, times how often it stands there.

    Their sum, times K1 + 1, is what a text could score at most.
    """
    size = sum(map(len, parts))
    asked: Counter[str] = Counter()
    for part in parts:
        asked |= part.query(query)
    rarity: dict[str, float] = {}
    for unit, times in asked.items():
        frequency = sum(part.frequency(unit) for part in parts)
        rarity[unit] = times * log1p((size - frequency + 0.5) / (frequency + 0.5))
    return rarity


def best_rows(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """At most k rows of the highest scores above zero, best first, equals by row."""
    least = _guessed_least(scores, k)
    rows = np.flatnonzero(scores >= least) if least > 0 else _NO_ROWS
    if len(rows) < k:
        rows = np.flatnonzero(scores > 0)
    if len(rows) > k > 0:
        rows = rows[scores[rows] >= np.partition(scores[rows], -k)[-k]]
    return rows[np.lexsort((rows, -scores[rows]))][: max(0, k)]


def _guessed_least(scores: NDArray[np.float32], k: int) -> float:
    """A score that a few more than k rows are likely to reach, from every 16th row; zero when
    there is nothing to gain. Selecting among those few takes a seventh of argpartition's time."""
    sample = scores[::_SAMPLED]
    place = 2 * (k // _SAMPLED) + _SAMPLED
    if place >= len(sample):
        return 0.0
    return float(np.partition(sample, -place)[-place])


def joined(parts: Sequence[LexicalIndex]) -> LexicalIndex:
    """One index holding the texts of all parts, in order."""
    vocabulary: dict[str, int] = {}
    unit, text, count, lengths, offset = [], [], [], [], 0
    for part in parts:
        number = np.array(
            [vocabulary.setdefault(word, len(vocabulary)) for word in part._vocabulary], np.int64
        )
        unit.append(np.repeat(number, np.diff(part._starts)))
        text.append(part._texts.astype(np.int64) + offset)
        count.append(part._counts)
        lengths.append(part.lengths)
        offset += len(part)
    units_ = np.concatenate(unit)
    order = np.argsort(units_, kind="stable")
    return LexicalIndex(
        list(vocabulary),
        _starts(np.bincount(units_, minlength=len(vocabulary))),
        np.concatenate(text)[order].astype(np.int32),
        np.concatenate(count)[order],
        np.concatenate(lengths),
        parts[0]._terms,
    )


def _starts(frequency: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(frequency))).astype(np.int64)


def _packed(words: Sequence[str]) -> NDArray[np.uint8]:
    # One UTF-8 blob: a NumPy string array would pad every unit to the longest term.
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def _unpacked(blob: NDArray[np.uint8]) -> list[str]:
    text = blob.tobytes().decode()
    return text.split("\n") if text else []


def _unreadable(path: Path) -> GenerationError:
    return GenerationError(
        f"词面索引读不出：{path} 已损坏或不是本版本写的。请运行 huiqi serve 重建索引"
    )
