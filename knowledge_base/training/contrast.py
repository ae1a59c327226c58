"""The table of unit vectors and its two stages of contrastive training, on the CPU."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from tqdm import tqdm

WIDTHS = (256, 128, 64)  # Matryoshka: the first 128 and 64 numbers must serve alone
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


class UnitTable(torch.nn.Module):
    """Mean of the rows of a text's units."""

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.bag = torch.nn.EmbeddingBag(size, width, mode="mean")
        torch.nn.init.normal_(self.bag.weight, std=0.1)

    def forward(self, texts: Sequence[NDArray[np.int32]]) -> torch.Tensor:
        """(len(texts), width), not normalised."""
        starts = np.cumsum([0] + [len(text) for text in texts[:-1]])
        flat = np.concatenate(texts).astype(np.int64)
        found = self.bag(torch.from_numpy(flat), torch.from_numpy(starts))
        assert isinstance(found, torch.Tensor)
        return found

    @torch.no_grad()
    def rows(self, texts: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        """Normalised vectors of many texts."""
        parts = [
            functional.normalize(self(texts[at : at + 4096]), dim=1).numpy()
            for at in range(0, len(texts), 4096)
        ]
        return np.concatenate(parts).astype(np.float32)


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
        for turn in range(int(np.ceil(weight))):
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
    backward: float,
    negatives: NDArray[np.int64] | None = None,
) -> None:
    """Pull each question to its passage and from the batch's others; `backward` weighs the
    passage-to-question direction; `negatives[i]` is the row of a hard negative, or -1."""
    plan = [batch for _ in range(epochs) for batch in batches(pairs.source, weights, dice)]
    optimiser = torch.optim.Adam(table.parameters(), lr=rate)
    for step, batch in enumerate(tqdm(plan, desc="training", mininterval=5)):
        warmth = min((step + 1) / (0.05 * len(plan)), (len(plan) - step) / (0.95 * len(plan)))
        for group in optimiser.param_groups:
            group["lr"] = rate * max(0.02, min(1.0, warmth))
        extra = [] if negatives is None else [n for n in negatives[batch].tolist() if n >= 0]
        loss = _loss(table, pairs, batch, extra, backward)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def _loss(
    table: UnitTable, pairs: Encoded, batch: list[int], extra: list[int], backward: float
) -> torch.Tensor:
    questions = table([pairs.questions[number] for number in batch])
    passages = table([pairs.passages[number] for number in batch + extra])
    asked, given = pairs.same_question[batch], pairs.same_passage[batch + extra]
    # Another row with the same passage, or the same question, is no negative.
    twin = given[None, :] == given[: len(batch), None]
    twin[:, : len(batch)] |= asked[None, :] == asked[:, None]
    twin[np.arange(len(batch)), np.arange(len(batch))] = False
    mask = torch.from_numpy(twin)
    target = torch.arange(len(batch))
    loss = torch.zeros(())
    for width in WIDTHS:
        left = functional.normalize(questions[:, :width], dim=1)
        right = functional.normalize(passages[:, :width], dim=1)
        likeness = (left @ right.T * SCALE).masked_fill(mask, -1e4)
        loss = loss + functional.cross_entropy(likeness, target)
        inverse = likeness[:, : len(batch)].T
        loss = loss + backward * functional.cross_entropy(inverse, target)
    return loss


def mine(
    table: UnitTable, pairs: Encoded, dice: np.random.Generator, pool: int = 30_000
) -> NDArray[np.int64]:
    """For each pair the number of a passage of its source that ranks 4th to 40th for its question
    yet is clearly less like it than the right one; -1 where there is none."""
    questions, passages = table.rows(pairs.questions), table.rows(pairs.passages)
    members: dict[str, list[int]] = {}
    for number, name in enumerate(pairs.source):
        members.setdefault(name, []).append(number)
    chosen = np.full(len(pairs.source), -1, np.int64)
    for numbers in members.values():
        own = np.array(numbers)
        if len(own) < 200:
            continue
        among = own if len(own) <= pool else dice.choice(own, pool, replace=False)
        for at in range(0, len(own), 1000):
            rows = own[at : at + 1000]
            likeness = questions[rows] @ passages[among].T
            right = np.einsum("ij,ij->i", questions[rows], passages[rows])
            top = np.argpartition(-likeness, 40, axis=1)[:, :40]
            found = np.take_along_axis(likeness, top, 1)
            order = np.argsort(-found, axis=1)[:, 4:]
            top = np.take_along_axis(top, order, 1)
            found = np.take_along_axis(found, order, 1)
            fit_for = found < 0.95 * np.maximum(right, 0.05)[:, None] + 0.02
            fit_for &= pairs.same_passage[among[top]] != pairs.same_passage[rows][:, None]
            draw = np.where(fit_for, dice.random(found.shape), -1.0)
            best = draw.argmax(axis=1)
            hit = draw[np.arange(len(rows)), best] >= 0
            chosen[rows[hit]] = among[top[np.arange(len(rows)), best]][hit]
    return chosen
