"""How far to trust the words and how far the meaning of a question: one share, learnt.

Words win where a question uses the documents' own terms, meaning where it does not; a fixed share
is worse than the better of the two on some kind of question. What the two searches found tells
which kind it is: how near the best clause comes, how much of the question's words it holds, how
clearly it leads, and what either search thinks of the other's best.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Embedder, StaticEmbedder
from knowledge_base.errors import ModelError

DEPTH = 128  # so many of either search are candidates; 200 put no other ten first
FILE = "fusion.json"  # in the folder of the model
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
# Signs lie between 0 and 8, and what is learnt between -2 and 4: what is larger was not learnt.
_MOST = 50.0
_LEAST_SCALE = 1e-6  # learning adds this much to every scale


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
        return 1 / (1 + exp(-max(-_MOST, min(_MOST, sum_))))

    def scores(self, found: Candidates) -> NDArray[np.float32]:
        """Likeness by words and cosine, mixed by the share; 0 to 1, not below 0 (len(rows),)."""
        share = self.share(found.signs())
        mixed = share * found.likeness + (1 - share) * found.cosine
        return np.asarray(np.maximum(mixed, 0), np.float32)


@dataclass(frozen=True, slots=True)
class EvenFusion:
    """For a model nothing was learnt for, whose cosines may all lie close together: half of each,
    the cosine counted from the least to the best of the candidates."""

    def scores(self, found: Candidates) -> NDArray[np.float32]:
        """As Fusion.scores."""
        least, best = found.cosine.min(initial=1.0), found.cosine.max(initial=-1.0)
        near = (found.cosine - least) / max(float(best - least), 1e-6)
        return np.asarray((found.likeness + near) / 2, np.float32)


def fusion_for(embedder: Embedder) -> Fusion | EvenFusion:
    """What was learnt for a model of this project, which lies in its folder; even shares for any
    other. ModelError as `read_fusion`."""
    if isinstance(embedder, StaticEmbedder):
        return read_fusion(embedder.name, embedder.folder / FILE)
    return EvenFusion()


def read_fusion(model: str, path: Path) -> Fusion:
    """What was learnt for a model (`Embedder.name`); ModelError when the file is missing, broken or
    was learnt for another table."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as cause:
        raise _broken(path, "缺失或读不出") from cause
    learnt_for = _part(told, "model", path)
    if learnt_for != model:
        raise _broken(path, f"是为模型 {str(learnt_for)[:80]} 学习的，与现在的 {model} 不符")
    rows = _part(told, "signs", path)
    signs = {name: _part(rows, name, path) for name in SIGNS}

    def column(key: str, least: float = -_MOST) -> tuple[float, ...]:
        return tuple(_number(signs[name], key, f"{name} 的 ", least, path) for name in SIGNS)

    return Fusion(
        column("mean"),
        column("scale", _LEAST_SCALE),
        column("weight"),
        _number(told, "bias", "", -_MOST, path),
    )


def _part(told: object, key: str, path: Path) -> Any:
    if not isinstance(told, dict) or key not in told:
        raise _broken(path, f"缺少 {key}")
    return told[key]


def _number(told: object, key: str, of: str, least: float, path: Path) -> float:
    value = _part(told, key, path)
    # Compared before it is converted: neither NaN nor an integer too large for a float passes.
    if type(value) not in (int, float) or not least <= value <= _MOST:
        raise _broken(path, f"里 {of}{key} 应为 {least:g} 到 {_MOST:g} 之间的数")
    return float(value)


def _broken(path: Path, fault: str) -> ModelError:
    return ModelError(
        f"检索融合的参数 {path} {fault}。请运行 git checkout -- knowledge_base/models 取回，"
        "或运行 python -m knowledge_base.training.fusion --data DIR 重新学习"
    )
