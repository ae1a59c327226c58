"""BM25 over words, characters and character bigrams; its units also feed the static embedding.

Chinese needs no word list here: every run of Han characters gives each character and each pair of
neighbours, so near-synonyms that share a character still meet. Letters and whole numbers stay one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge_base.errors import GenerationError

K1 = 0.9  # the pair that did best on statutes and policies; the usual 1.5 / 0.75 lost 0.03
B = 0.4
COMMON = 0.2  # share of texts above which a unit keeps a whole row of weights
FORMAT = "huiqi-lexical-1"

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
    """Immutable BM25 postings: for each unit the texts holding it and its weight in each."""

    def __init__(
        self,
        vocabulary: Sequence[str],
        starts: NDArray[np.int64],
        texts: NDArray[np.int32],
        weights: NDArray[np.float32],
        size: int,
        terms: Terms,
    ) -> None:
        self._ids = {unit: number for number, unit in enumerate(vocabulary)}
        # int64 and rows for the commonest units: 1.7 ms became 0.6 ms a query over 58,000 texts.
        self._starts, self._texts, self._weights = starts, texts.astype(np.int64), weights
        self._size, self._terms = size, terms
        self._rows: dict[int, NDArray[np.float32]] = {}
        for number in np.flatnonzero(np.diff(starts) > COMMON * size).tolist():
            span = slice(starts[number], starts[number + 1])
            self._rows[number] = np.zeros(size, np.float32)
            self._rows[number][self._texts[span]] = weights[span]

    def __len__(self) -> int:
        return self._size

    @classmethod
    def build(cls, texts: Sequence[str], terms: Iterable[str] = ()) -> LexicalIndex:
        """Index texts in order; row i of every score belongs to texts[i]."""
        words = Terms.of(terms)
        ids: dict[str, int] = {}
        unit_of: list[int] = []
        count_of: list[int] = []
        distinct = np.zeros(len(texts), np.int64)
        lengths = np.zeros(len(texts), np.int64)
        for row, text in enumerate(texts):
            counts = Counter(units(text) + words.within(text))
            unit_of.extend([ids.setdefault(unit, len(ids)) for unit in counts])
            count_of.extend(counts.values())
            distinct[row], lengths[row] = len(counts), counts.total()
        unit = np.array(unit_of, np.int32)
        count = np.array(count_of, np.float32)
        del unit_of, count_of
        row_of = np.repeat(np.arange(len(texts), dtype=np.int32), distinct)
        frequency = np.bincount(unit, minlength=len(ids))
        rarity = np.log1p((len(texts) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        damping = K1 * (1 - B + B * lengths / max(lengths.mean() if len(texts) else 1.0, 1e-9))
        weight = rarity[unit] * count * np.float32(K1 + 1)
        weight /= count + damping.astype(np.float32)[row_of]
        order = np.argsort(unit, kind="stable")
        starts = np.concatenate(([0], np.cumsum(frequency))).astype(np.int64)
        return cls(list(ids), starts, row_of[order], weight[order], len(texts), words)

    def scores(self, query: str) -> NDArray[np.float32]:
        """BM25 of every text, in row order; all zero for a query without a known unit."""
        total = np.zeros(self._size, np.float32)
        for unit, times in Counter(units(query) + self._terms.within(query)).items():
            number = self._ids.get(unit)
            if number is None:
                continue
            if (row := self._rows.get(number)) is not None:
                total += row * np.float32(times)
                continue
            span = slice(self._starts[number], self._starts[number + 1])
            # A text stands once in a posting, so the fancy += adds each weight exactly once.
            total[self._texts[span]] += self._weights[span] * np.float32(times)
        return total

    def save(self, path: Path) -> None:
        """One uncompressed .npz of plain arrays; nothing in it is code."""
        with path.open("wb") as target:
            np.savez(
                target,
                format=_packed([FORMAT]),
                vocabulary=_packed(list(self._ids)),
                terms=_packed(sorted(self._terms.words)),
                starts=self._starts,
                texts=self._texts.astype(np.int32),
                weights=self._weights,
                size=np.array(self._size, np.int64),
            )

    @classmethod
    def load(cls, path: Path) -> LexicalIndex:
        """Read what save wrote; GenerationError names the file when it is damaged or foreign."""
        try:
            with np.load(path, allow_pickle=False) as held:
                if _unpacked(held["format"]) != [FORMAT]:
                    raise ValueError("format")
                vocabulary = _unpacked(held["vocabulary"])
                starts, texts, weights = held["starts"], held["texts"], held["weights"]
                size = int(held["size"])
                terms = Terms.of(_unpacked(held["terms"]))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as cause:
            raise _unreadable(path) from cause
        consistent = (
            len(starts) == len(vocabulary) + 1
            and starts[0] == 0
            and starts[-1] == len(texts) == len(weights)
            and bool(np.all(np.diff(starts) >= 0))
            and (len(texts) == 0 or (texts.min() >= 0 and texts.max() < size))
        )
        if not consistent:
            raise _unreadable(path)
        return cls(vocabulary, starts, texts, weights, size, terms)


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
