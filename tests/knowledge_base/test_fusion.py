"""The share of the words, what it is learnt from, and a file that cannot be trusted."""

import json
import shutil
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge_base import open_embedder
from knowledge_base.embedding import SHIPPED_MODEL, SHIPPED_NAME, StaticEmbedder
from knowledge_base.errors import ModelError
from knowledge_base.fusion import (
    FILE,
    SIGNS,
    Candidates,
    EvenFusion,
    Fusion,
    fusion_for,
    read_fusion,
)

NAME = f"{SHIPPED_NAME}@0123456789ab"


def found(words: list[float], cosine: list[float], attainable: float = 10.0) -> Candidates:
    rows = np.arange(len(words))
    return Candidates(
        rows, np.array(words, np.float32), np.array(cosine, np.float32), attainable, 30
    )


NOTHING = found([], [], 0.0)
SOME = found([8.0, 6.0, 3.0, 0.0], [0.2, 0.7, 0.1, -0.1])
UNCLEAR = found([0.0, 0.0], [0.0, 0.0], 0.0)


def learnt() -> Fusion:
    made = fusion_for(open_embedder())
    assert isinstance(made, Fusion)
    return made


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file of NAME, one value of it changed."""

    def write(*keys: str, value: Any = NAME) -> Path:
        told = {**json.loads((SHIPPED_MODEL / FILE).read_text(encoding="utf8")), "model": NAME}
        part = told
        for key in keys[:-1]:
            part = part[key]
        if keys:
            part[keys[-1]] = value
        path = tmp_path / "fusion.json"
        path.write_text(json.dumps(told), encoding="utf8")
        return path

    return write


@pytest.mark.parametrize("candidates", [SOME, NOTHING, UNCLEAR])
def test_the_learnt_share_lies_between_none_and_all(candidates: Candidates) -> None:
    assert 0 <= learnt().share(candidates.signs()) <= 1


def test_words_count_less_when_they_hold_less_of_the_question() -> None:
    shares = [
        learnt().share(found([8.0, 6.0, 3.0], [0.2, 0.7, 0.1], attainable).signs())
        for attainable in (8.0, 12.0, 20.0, 40.0, 80.0)
    ]
    assert shares == sorted(set(shares), reverse=True)


@pytest.mark.parametrize("fusion", [EvenFusion(), Fusion((0,) * 7, (1,) * 7, (1,) * 7, 0)])
def test_candidates_of_nothing_give_no_number_that_is_none(fusion: Fusion | EvenFusion) -> None:
    assert fusion.scores(NOTHING).shape == (0,)
    assert np.isfinite(fusion.scores(UNCLEAR)).all()


@pytest.mark.parametrize(("weight", "bias"), [*product((-50.0, -1.0, 0.0, 50.0), repeat=2)])
@pytest.mark.parametrize("scale", [1e-6, 1.0])
def test_whatever_the_weights_a_score_is_neither_below_none_nor_above_all(
    weight: float, bias: float, scale: float
) -> None:
    count = len(SIGNS)
    fusion = Fusion((50.0,) * count, (scale,) * count, (weight,) * count, bias)
    for candidates in (SOME, UNCLEAR):
        scores = fusion.scores(candidates)
        assert ((scores >= 0) & (scores <= 1.05)).all()


def test_even_shares_lie_between_none_and_all() -> None:
    for candidates in (SOME, UNCLEAR):
        scores = EvenFusion().scores(candidates)
        assert ((scores >= 0) & (scores <= 1.05)).all()


def test_for_another_model_half_of_each() -> None:
    class Other:
        """A model of another make."""

        name, dimension, slow = "BAAI/bge-small-zh@0123", 3, False

        def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.ones((len(texts), 3), np.float32)

        embed_passages = embed_queries

    assert isinstance(fusion_for(Other()), EvenFusion)


def test_a_model_of_ours_in_another_folder_brings_its_own(tmp_path: Path) -> None:
    copy = tmp_path / SHIPPED_NAME
    shutil.copytree(SHIPPED_MODEL, copy)
    assert fusion_for(StaticEmbedder.open(copy)) == learnt()
    (copy / FILE).unlink()
    with pytest.raises(ModelError, match=r"fusion\.json"):
        fusion_for(StaticEmbedder.open(copy))


def test_what_was_learnt_is_read_as_written(written: Callable[..., Path]) -> None:
    assert read_fusion(NAME, written("bias", value=-3)) == Fusion(
        learnt().mean, learnt().scale, learnt().weights, -3.0
    )


def test_shares_learnt_for_an_earlier_table_are_refused_with_the_cure(
    written: Callable[..., Path],
) -> None:
    with pytest.raises(ModelError, match=r"knowledge_base\.training\.fusion") as told:
        read_fusion(NAME, written("model", value=f"{SHIPPED_NAME}@old"))
    assert f"{SHIPPED_NAME}@old" in str(told.value)
    assert NAME in str(told.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 50.1, -51, 10**400, "1", None, True])
@pytest.mark.parametrize("keys", [("bias",), ("signs", "length", "weight")])
def test_a_value_that_is_no_moderate_number_is_refused_with_its_place(
    written: Callable[..., Path], keys: tuple[str, ...], value: Any
) -> None:
    with pytest.raises(ModelError, match=rf"{keys[-1]}.*git checkout"):
        read_fusion(NAME, written(*keys, value=value))


@pytest.mark.parametrize("value", [0, -1.0, 1e-300, float("nan"), float("inf"), "1"])
def test_a_scale_that_cannot_be_divided_by_is_refused(
    written: Callable[..., Path], value: Any
) -> None:
    with pytest.raises(ModelError, match=r"words_held.*scale"):
        read_fusion(NAME, written("signs", "words_held", "scale", value=value))


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), 1e308])
def test_a_mean_that_is_no_moderate_number_is_refused(
    written: Callable[..., Path], value: float
) -> None:
    with pytest.raises(ModelError, match=r"length.*mean"):
        read_fusion(NAME, written("signs", "length", "mean", value=value))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000, '{"model": 3}'])
def test_a_file_that_is_missing_or_no_object_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "fusion.json"
    with pytest.raises(ModelError, match=r"fusion\.json"):
        read_fusion(NAME, path)
    path.write_text(text, encoding="utf8")
    with pytest.raises(ModelError, match=r"git checkout"):
        read_fusion(NAME, path)


@pytest.mark.parametrize("keys", [("signs",), ("signs", "length"), ("model",)])
def test_a_part_of_another_kind_is_refused(
    written: Callable[..., Path], keys: tuple[str, ...]
) -> None:
    with pytest.raises(ModelError, match=r"git checkout"):
        read_fusion(NAME, written(*keys, value=[1]))
