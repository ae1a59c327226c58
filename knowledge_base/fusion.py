"""How far to trust the words and how far the meaning of a question: one share, learnt.

Words win where a question uses the documents' own terms, meaning where it does not; a fixed share
is worse than the better of the two on some kind of question. What the two searches found tells
which kind it is: how near the best clause comes, how much of the question's words it holds, how
clearly it leads, and what either search thinks of the other's best.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import SHIPPED_MODEL
from knowledge_base.errors import ModelError

DEPTH = (
    200  # the nearest of either search are candidates; of the right articles 2 in 100 come later
)
WEIGHTS = SHIPPED_MODEL / "fusion.json"
SIGNS = (
    "best_cosine",
    "words_held",
    "length",
    "tenth_by_words",
    "lead_by_meaning",
    "words_place_of_nearest",
    "meaning_place_of_first",
)
_TENTH = 9
# The best by words counts as one only when it holds this much of what the question's words could
# score; where all that is shared is a common character, the first of them deserves no full mark.
_HELD = 0.3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Clauses found by either search, with both scores; `attainable` is what a clause made of the
    question's words alone would score by words, `length` the number of its units."""

    rows: NDArray[np.int64]
    words: NDArray[np.float32]
    cosine: NDArray[np.float32]
    attainable: float
    length: int

    @property
    def likeness(self) -> NDArray[np.float32]:
        """Words against the best of them, 0 to 1."""
        most = max(float(self.words.max(initial=0.0)), _HELD * self.attainable)
        return self.words / np.float32(most) if most > 0 else self.words

    def signs(self) -> tuple[float, ...]:
        """What tells the kind of the question, as SIGNS names it."""
        if not len(self.rows):
            return (0.0,) * len(SIGNS)
        by_words, by_meaning = np.sort(self.words)[::-1], np.sort(self.cosine)[::-1]
        tenth = min(_TENTH, len(self.rows) - 1)
        first, nearest = int(self.words.argmax()), int(self.cosine.argmax())
        best = float(by_words[0])
        return (
            float(by_meaning[0]),
            best / self.attainable if self.attainable else 0.0,
            log(1 + self.length),
            float(by_words[tenth]) / best if best else 0.0,
            float(by_meaning[0] - by_meaning[tenth]),
            1 / (10 + int((self.words > self.words[nearest]).sum())),
            1 / (10 + int((self.cosine > self.cosine[first]).sum())),
        )


@dataclass(frozen=True, slots=True)
class Fusion:
    """The share of the words, a logistic function of the signs; learnt for one model's cosines."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def share(self, signs: tuple[float, ...]) -> float:
        """How much the words count, 0 to 1."""
        told = zip(self.weights, signs, self.mean, self.scale, strict=True)
        sum_ = self.bias + sum(weight * (sign - mean) / scale for weight, sign, mean, scale in told)
        return 1 / (1 + exp(-sum_))

    def scores(self, found: Candidates) -> NDArray[np.float32]:
        """Likeness by words and cosine, mixed by the share (len(rows),)."""
        share = self.share(found.signs())
        mixed = share * found.likeness + (1 - share) * found.cosine
        return np.asarray(mixed, np.float32)


@dataclass(frozen=True, slots=True)
class EvenFusion:
    """For a model nothing was learnt for, whose cosines may all lie close together: half of each,
    the cosine counted from the least to the best of the candidates."""

    def scores(self, found: Candidates) -> NDArray[np.float32]:
        """As Fusion.scores."""
        least, best = found.cosine.min(initial=1.0), found.cosine.max(initial=-1.0)
        near = (found.cosine - least) / max(float(best - least), 1e-6)
        return np.asarray((found.likeness + near) / 2, np.float32)


def fusion_for(model: str, path: Path = WEIGHTS) -> Fusion | EvenFusion:
    """What was learnt for a model (`Embedder.name`), else even shares; ModelError when the file of
    the shipped model's weights is missing or broken."""
    try:
        told: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
        if told["model"] != model:
            return EvenFusion()
        rows = told["signs"]
        assert isinstance(rows, dict)
        taken = [rows[name] for name in SIGNS]
        return Fusion(
            tuple(float(one["mean"]) for one in taken),
            tuple(float(one["scale"]) for one in taken),
            tuple(float(one["weight"]) for one in taken),
            float(str(told["bias"])),
        )
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as cause:
        raise ModelError(
            f"检索融合的参数 {path} 缺失或读不出。请运行 git checkout -- knowledge_base/models 取回，"
            "或运行 python -m knowledge_base.training.fusion --data DIR 重新学习"
        ) from cause
