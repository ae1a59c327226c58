"""Every vector store behaves alike: one class of tests over FAISS and a real Milvus."""

import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge_base.errors import DependencyError, GenerationError
from knowledge_base.milvus import MilvusStore
from knowledge_base.vectors import FaissStore, VectorIndex, VectorStore

WIDTH = 16
STORES = ("faiss", "milvus")


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A milvus-lite server of its own, spoken to over its wire protocol."""
    folder = tmp_path_factory.mktemp("milvus")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "milvus-lite"), "server"]
    server = subprocess.Popen(
        [*command, "--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> VectorStore:
    if request.param == "milvus":
        return MilvusStore(request.getfixturevalue("milvus"))
    return FaissStore()


Opened = Callable[[NDArray[np.float16]], VectorIndex]


@pytest.fixture
def opened(store: VectorStore, tmp_path: Path) -> Opened:
    """Writes rows and opens what was written, as a segment does."""

    def make(rows: NDArray[np.float16]) -> VectorIndex:
        path = tmp_path / "vectors.bin"
        store.write(rows, path)
        return store.open(path, digest(path), rows)

    return make


def digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def unit(count: int, width: int = WIDTH, seed: int = 3) -> NDArray[np.float16]:
    made = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float16)


ROWS = unit(300)
ASKED = np.asarray(ROWS[7], np.float32)


class TestEveryStore:
    def test_search_equals_sorting_all_inner_products(self, opened: Opened) -> None:
        index = opened(ROWS)
        ids, scores = index.search(ASKED, 10)
        truth = np.asarray(ROWS, np.float32) @ ASKED
        assert ids.tolist() == np.argsort(-truth, kind="stable")[:10].tolist()
        assert np.allclose(scores, truth[ids], atol=1e-6)
        assert (ids.dtype, scores.dtype) == (np.int64, np.float32)
        assert (len(index), index.dimension) == (300, WIDTH)

    def test_the_filter_works_inside_the_search(self, opened: Opened) -> None:
        worst = np.argsort(np.asarray(ROWS, np.float32) @ ASKED)[:5]
        allowed = np.zeros(len(ROWS), bool)
        allowed[worst] = True
        ids, _ = opened(ROWS).search(ASKED, 10, allowed)
        assert sorted(ids.tolist()) == sorted(worst.tolist())

    def test_as_many_rows_come_back_as_pass_a_wide_filter(self, opened: Opened) -> None:
        allowed = np.arange(len(ROWS)) % 3 > 0
        ids, _ = opened(ROWS).search(ASKED, 150, allowed)
        assert len(set(ids.tolist())) == 150
        assert allowed[ids].all()

    def test_a_filter_that_allows_nothing_finds_nothing(self, opened: Opened) -> None:
        ids, scores = opened(ROWS).search(ASKED, 5, np.zeros(len(ROWS), bool))
        assert ids.shape == scores.shape == (0,)

    @pytest.mark.parametrize("asked", [np.zeros(WIDTH), np.full(WIDTH, np.nan)])
    def test_a_query_without_direction_finds_nothing(
        self, opened: Opened, asked: NDArray[np.float64]
    ) -> None:
        assert opened(ROWS).search(asked.astype(np.float32), 5)[0].shape == (0,)

    def test_more_than_there_is_gives_all_there_is(self, opened: Opened) -> None:
        ids, _ = opened(ROWS[:3]).search(ASKED, 50)
        assert sorted(ids.tolist()) == [0, 1, 2]

    def test_ties_come_in_row_order(self, opened: Opened) -> None:
        same = np.tile(ROWS[:1], (9, 1))
        assert opened(same).search(ASKED, 9)[0].tolist() == list(range(9))

    def test_a_query_or_filter_of_another_shape_is_refused(self, opened: Opened) -> None:
        index = opened(ROWS)
        with pytest.raises(ValueError, match="query"):
            index.search(np.ones(8, np.float32), 3)
        with pytest.raises(ValueError, match="allowed"):
            index.search(ASKED, 3, np.ones(7, bool))

    def test_equal_rows_give_equal_answers_again(self, opened: Opened) -> None:
        first, second = opened(ROWS).search(ASKED, 20), opened(ROWS).search(ASKED, 20)
        assert first[0].tolist() == second[0].tolist()

    def test_a_changed_file_is_refused(self, store: VectorStore, tmp_path: Path) -> None:
        path = tmp_path / "vectors.bin"
        store.write(ROWS, path)
        if not path.exists():
            return  # FAISS's index is made from the rows, which the manifest digests
        known, whole = digest(path), path.read_bytes()
        for harmed in (whole[:-9], whole[:30] + bytes([whole[30] ^ 4]) + whole[31:], b""):
            path.write_bytes(harmed)
            with pytest.raises(GenerationError, match="校验值"):
                store.open(path, known, ROWS)
        path.write_bytes(whole)
        with pytest.raises(GenerationError, match=r"不符|类型"):
            store.open(path, known, ROWS[:200])

    def test_sweeping_keeps_what_is_named(self, store: VectorStore, tmp_path: Path) -> None:
        kept, gone = tmp_path / "kept.bin", tmp_path / "gone.bin"
        store.write(ROWS, kept)
        store.write(ROWS, gone)
        store.sweep([kept])
        assert store.open(kept, digest(kept), ROWS).search(ASKED, 1)[0].tolist() == [7]


@pytest.mark.parametrize("harm", [np.nan, np.inf])
def test_rows_that_are_no_numbers_are_refused(harm: float, tmp_path: Path) -> None:
    rows = ROWS.copy()
    rows[250, 3] = harm
    with pytest.raises(ValueError, match="NaN"):
        FaissStore().write(rows, tmp_path / "v")
    with pytest.raises(ValueError, match="NaN"):
        FaissStore().open(tmp_path / "v", None, rows)


def faiss_of(rows: NDArray[np.float16]) -> VectorIndex:
    return FaissStore().open(Path("vectors.bin"), None, rows)


def compared(rows: NDArray[np.float16], query: NDArray[np.float32], k: int) -> list[int]:
    """The k best by comparing every row, one after the other."""
    scores = np.array([np.dot(np.asarray(row, np.float32), query) for row in rows])
    return np.lexsort((np.arange(len(rows)), -scores))[:k].tolist()


# FAISS scans widths that are no multiple of 8 or 16 by other code.
@pytest.mark.parametrize("width", [1, 3, 8, 20, 100, 256, 384, 1024])
def test_the_nearest_are_those_of_a_full_comparison_at_any_width(width: int) -> None:
    rows = unit(3000, width)
    index = faiss_of(rows)
    for query in np.asarray(unit(5, width, seed=9), np.float32):
        assert index.search(query, 40)[0].tolist() == compared(rows, query, 40)


def test_a_column_of_large_numbers_does_not_blur_the_others() -> None:
    # As in some language models: the same large number in one column of every row.
    rows = np.asarray(unit(2000, 32), np.float32)
    rows[:, 5] = 9
    rows = np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float16)
    query = np.asarray(rows[11], np.float32)
    assert faiss_of(rows).search(query, 50)[0].tolist() == compared(rows, query, 50)


def test_a_query_of_one_large_and_many_small_numbers_is_not_read_as_the_large_one() -> None:
    # Each small number is less than half an eight-bit step of the query; together they decide.
    rows = np.tile(np.where(np.arange(400) % 2, 0.05, -0.05), (1000, 1)).astype(np.float16)
    rows[:, 0] = np.linspace(0.05, -0.05, 1000)
    rows[300, 1:], rows[999, 1:] = 0.05, -0.05
    query = np.full(400, 0.003, np.float32)
    query[0] = 1
    assert compared(rows, query, 3)[0] == 300
    assert faiss_of(rows).search(query, 3)[0].tolist() == compared(rows, query, 3)


def test_rows_that_differ_by_less_than_eight_bits_are_told_apart() -> None:
    # More near equals than are fetched at first, the best of them last.
    rows = np.zeros((4000, 8), np.float16)
    rows[:, 0] = 1
    rows[:, 1] = np.linspace(0, 0.002, 4000)
    rows[:, 2] = np.where(np.arange(4000) % 2, 0.9, -0.9)
    query = np.array([0.6, 0.8, 0, 0, 0, 0, 0, 0], np.float32)
    assert faiss_of(rows).search(query, 10)[0].tolist() == compared(rows, query, 10)


def test_thousands_of_equal_rows_come_in_row_order() -> None:
    rows = np.concatenate([unit(500, seed=8), np.tile(ROWS[7:8], (3000, 1))])
    assert faiss_of(rows).search(ASKED, 20)[0].tolist() == list(range(500, 520))


def test_a_query_in_a_direction_no_row_has_scores_zero() -> None:
    rows = np.zeros((30, 4), np.float16)
    rows[:, 0] = 1
    ids, scores = faiss_of(rows).search(np.array([0, 0, 1, 0], np.float32), 3)
    assert (ids.tolist(), scores.tolist()) == ([0, 1, 2], [0, 0, 0])


def test_an_empty_set_of_rows_finds_nothing() -> None:
    assert faiss_of(np.zeros((0, 4), np.float16)).search(np.ones(4, np.float32), 3)[0].size == 0


def test_a_file_of_an_earlier_version_is_not_needed(tmp_path: Path) -> None:
    path = tmp_path / "vectors.bin"
    path.write_bytes(b'{"format": "huiqi-vectors-1", "kind": "hnsw", "rows": 300}\n...')
    ids, _ = FaissStore().open(path, digest(path), ROWS).search(ASKED, 1)
    assert ids.tolist() == [7]


def test_dropped_collections_leave_no_vector_and_slow_readers_still_answer(
    milvus: str, tmp_path: Path
) -> None:
    store = MilvusStore(milvus)
    path = tmp_path / "vectors.bin"
    store.write(ROWS, path)
    reader = store.open(path, digest(path), ROWS)
    before = reader.search(ASKED, 5)
    store.sweep([])
    assert not [c for c in store._client.list_collections() if c.startswith("huiqi_")]
    assert reader.search(ASKED, 5)[0].tolist() == before[0].tolist()
    with pytest.raises(GenerationError, match="已不存在"):
        store.open(path, digest(path), ROWS)


def test_a_server_that_is_not_there_is_said_with_its_setting() -> None:
    with pytest.raises(DependencyError, match="HUIQI_MILVUS_URI"):
        MilvusStore("http://127.0.0.1:9")
