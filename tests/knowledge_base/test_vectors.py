from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge_base.errors import GenerationError
from knowledge_base.vectors import FaissIndex, VectorIndex


@pytest.fixture
def rows() -> NDArray[np.float32]:
    made = np.random.default_rng(3).normal(size=(300, 16)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def test_search_equals_sorting_all_inner_products(rows: NDArray[np.float32]) -> None:
    index: VectorIndex = FaissIndex.build(rows)
    ids, scores = index.search(rows[7], 10)
    exact = rows @ rows[7]
    assert ids.tolist() == np.argsort(-exact, kind="stable")[:10].tolist()
    assert np.allclose(scores, exact[ids], atol=1e-6)
    assert ids.dtype == np.int64
    assert scores.dtype == np.float32
    assert (len(index), index.dimension) == (300, 16)


def test_the_filter_works_inside_the_search(rows: NDArray[np.float32]) -> None:
    index = FaissIndex.build(rows)
    worst = np.argsort(rows @ rows[7])[:5]
    allowed = np.zeros(len(rows), bool)
    allowed[worst] = True
    ids, _ = index.search(rows[7], 10, allowed)
    assert sorted(ids.tolist()) == sorted(worst.tolist())


def test_a_filter_that_allows_nothing_finds_nothing(rows: NDArray[np.float32]) -> None:
    ids, scores = FaissIndex.build(rows).search(rows[0], 5, np.zeros(len(rows), bool))
    assert ids.shape == scores.shape == (0,)


def test_a_query_of_zeros_finds_nothing(rows: NDArray[np.float32]) -> None:
    ids, scores = FaissIndex.build(rows).search(np.zeros(16, np.float32), 5)
    assert ids.shape == scores.shape == (0,)


def test_more_than_there_is_gives_all_there_is(rows: NDArray[np.float32]) -> None:
    ids, _ = FaissIndex.build(rows[:3]).search(rows[0], 50)
    assert sorted(ids.tolist()) == [0, 1, 2]
    assert FaissIndex(16).search(rows[0], 5)[0].shape == (0,)


def test_ties_come_in_row_order() -> None:
    same = np.tile(np.array([1, 0], np.float32), (9, 1))
    assert FaissIndex.build(same).search(same[0], 9)[0].tolist() == list(range(9))


@pytest.mark.parametrize(
    "bad", [np.ones((2, 15), np.float32), np.full((2, 16), np.nan, np.float32)]
)
def test_rows_of_another_width_or_not_finite_are_refused(bad: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="rows"):
        FaissIndex(16).add(bad)


def test_a_query_of_another_width_is_refused(rows: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="query"):
        FaissIndex.build(rows).search(np.ones(8, np.float32), 3)


def test_saved_and_loaded_index_finds_the_same(rows: NDArray[np.float32], tmp_path: Path) -> None:
    index = FaissIndex.build(rows)
    digest = index.save(tmp_path / "v.faiss")
    again = FaissIndex.load(tmp_path / "v.faiss", digest)
    ids, scores = index.search(rows[5], 20)
    ids_again, scores_again = again.search(rows[5], 20)
    assert np.array_equal(ids, ids_again)
    assert np.array_equal(scores, scores_again)
    again.add(rows[:1])
    assert len(again) == 301


def test_any_changed_byte_is_refused_before_faiss_reads_it(
    rows: NDArray[np.float32], tmp_path: Path
) -> None:
    path = tmp_path / "v.faiss"
    digest = FaissIndex.build(rows).save(path)
    whole = path.read_bytes()
    for at in (0, 5, 20, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(GenerationError, match=r"v\.faiss.*huiqi serve"):
            FaissIndex.load(path, digest)
    path.write_bytes(whole[:-4])
    with pytest.raises(GenerationError):
        FaissIndex.load(path, digest)
    with pytest.raises(GenerationError):
        FaissIndex.load(tmp_path / "none.faiss", digest)
