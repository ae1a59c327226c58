"""The table of unit vectors and its contrastive training, on the CPU."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import scipy.sparse as sp  # type: ignore[import-untyped]
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from tqdm import tqdm

WIDTHS = (384, 256, 128)  # Matryoshka: the first 256 and 128 numbers must serve alone
SCALE = 20.0
BATCH = 1024
SMALLEST_BATCH = 64  # fewer in-batch negatives teach little


@dataclass(frozen=True, slots=True)
class Encoded:
    """Pairs as unit numbers; equal `same_question` / `same_passage` mean equal texts."""

    questions: list[NDArray[np.int32]]
    passages: list[NDArray[np.int32]]
    same_question: NDArray[np.int64]
    same_passage: NDArray[np.int64]
    source: list[str]


class _Mean(torch.autograd.Function):
    """Rows of a table averaged by a sparse matrix: a quarter of the time of EmbeddingBag here."""

    @staticmethod
    def forward(context: Any, weight: torch.Tensor, shares: Any) -> torch.Tensor:
        context.shares = shares
        return torch.from_numpy(shares @ weight.detach().numpy())

    @staticmethod
    def backward(context: Any, slope: torch.Tensor) -> tuple[torch.Tensor, None]:  # type: ignore[override]
        return torch.from_numpy(context.shares.T.tocsr() @ slope.contiguous().numpy()), None


class UnitTable(torch.nn.Module):
    """Mean of the rows of a text's units."""

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.empty(size, width))
        torch.nn.init.normal_(self.weight, std=0.1)

    def forward(self, texts: Sequence[NDArray[np.int32]]) -> torch.Tensor:
        """(len(texts), width), not normalised."""
        lengths = np.array([len(text) for text in texts])
        shares = sp.csr_matrix(
            (
                np.repeat(1 / lengths, lengths).astype(np.float32),
                np.concatenate(texts),
                np.concatenate(([0], np.cumsum(lengths))),
            ),
            shape=(len(texts), len(self.weight)),
        )
        found = _Mean.apply(self.weight, shares)
        assert isinstance(found, torch.Tensor)
        return found


def batches(
    source: Sequence[str], weights: dict[str, float], dice: random.Random
) -> list[list[int]]:
    """One epoch: every batch from one source, so that its negatives are hard to tell apart."""
    members: dict[str, list[int]] = {}
    for number, name in enumerate(source):
        members.setdefault(name, []).append(number)
    made: list[list[int]] = []
    for name, numbers in members.items():
        weight = weights.get(name, 1.0)
        for turn in range(ceil(weight)):
            shuffled = dice.sample(numbers, int(len(numbers) * min(1.0, weight - turn)))
            made += [shuffled[at : at + BATCH] for at in range(0, len(shuffled), BATCH)]
    made = [batch for batch in made if len(batch) >= SMALLEST_BATCH]
    dice.shuffle(made)
    return made


def fit(
    table: UnitTable,
    pairs: Encoded,
    weights: dict[str, float],
    dice: random.Random,
    *,
    epochs: int,
    rate: float,
) -> None:
    """Pull each question to its passage and from the batch's others, and the other way round."""
    plan = [batch for _ in range(epochs) for batch in batches(pairs.source, weights, dice)]
    optimiser = torch.optim.Adam(table.parameters(), lr=rate, fused=True)
    for step, batch in enumerate(tqdm(plan, desc="training", mininterval=5)):
        warmth = min((step + 1) / (0.05 * len(plan)), (len(plan) - step) / (0.95 * len(plan)))
        for group in optimiser.param_groups:
            group["lr"] = rate * max(0.02, min(1.0, warmth))
        loss = _loss(table, pairs, batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def _loss(table: UnitTable, pairs: Encoded, batch: list[int]) -> torch.Tensor:
    questions = table([pairs.questions[number] for number in batch])
    passages = table([pairs.passages[number] for number in batch])
    asked, given = pairs.same_question[batch], pairs.same_passage[batch]
    # Another row with the same passage, or the same question, is no negative.
    twin = (given[None, :] == given[:, None]) | (asked[None, :] == asked[:, None])
    np.fill_diagonal(twin, False)
    mask = torch.from_numpy(twin)
    target = torch.arange(len(batch))
    loss = torch.zeros(())
    for width in WIDTHS:
        left = functional.normalize(questions[:, :width], dim=1)
        right = functional.normalize(passages[:, :width], dim=1)
        likeness = (left @ right.T * SCALE).masked_fill(mask, -1e4)
        loss = loss + functional.cross_entropy(likeness, target)
        loss = loss + functional.cross_entropy(likeness.T, target)
    return loss
