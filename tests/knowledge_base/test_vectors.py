"""Every vector store behaves alike: one class of tests over FAISS's kinds and a real Milvus."""

import hashlib
import os
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
from knowledge_base.vectors import FaissStore, VectorIndex, VectorStore, kind_for

WIDTH = 16
STORES = ("flat", "hnsw", "ivf", "milvus")


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
    return FaissStore(request.param)


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
        best = np.argsort(-truth, kind="stable")[:10].tolist()
        assert ids[0] == 7
        assert len(set(ids.tolist()) & set(best)) >= 9  # eight-bit rows may swap the last two
        assert np.allclose(scores, truth[ids], atol=0.02)
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
            return  # a flat table is made from the rows, which the manifest digests
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


def test_rows_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="NaN"):
        FaissStore("hnsw").write(np.full((40, 4), np.nan, np.float16), tmp_path / "v")


def test_the_kind_follows_the_size() -> None:
    assert [kind_for(n) for n in (0, 199_999, 200_000, 400_000)] == [
        "flat",
        "flat",
        "hnsw",
        "ivf",
    ]


def test_a_foreign_faiss_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.bin"
    path.write_bytes(b"IxFI" + os.urandom(64))
    with pytest.raises(GenerationError, match="不是本程序"):
        FaissStore().open(path, digest(path), ROWS)


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
