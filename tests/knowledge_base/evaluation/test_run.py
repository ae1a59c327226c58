"""One retriever on one set in a process of its own, and what that process cannot do told here."""

import os
import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from knowledge_base import DependencyError, Embedder, InputError, open_embedder
from knowledge_base.embedding import SHIPPED_NAME
from knowledge_base.evaluation.run import KINDS, Trial, missing, model_mb, p95, run
from tests.knowledge_base.evaluation.small_set import write_set

OPENED = partial(open_embedder, None)


def killed() -> Embedder:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def trial(tmp_path: Path, retriever: str = "dense", opened: object = OPENED) -> Trial:
    write_set(tmp_path / "small")
    return Trial(tmp_path / "small", retriever, opened, tmp_path / "index")  # type: ignore[arg-type]


def test_ours_is_published_to_disk_and_asked_from_another_process(tmp_path: Path) -> None:
    result = run(trial(tmp_path, "huiqi"))
    assert (result.name, result.retriever) == ("small", "huiqi")
    assert (result.entries, result.questions) == (4, 4)
    assert result.measures["ndcg@10"] == 1
    assert 0 < result.ms_median <= result.ms_p95
    assert [path.name for path in (tmp_path / "index").glob("gen-*")]


def test_the_memory_of_this_process_does_not_count(tmp_path: Path) -> None:
    held = bytearray(b"x") * 400_000_000
    assert 20 < run(trial(tmp_path, "bm25_bigrams")).memory_mb < 300
    assert len(held) == 400_000_000


def test_a_broken_set_is_the_fault_of_the_caller(tmp_path: Path) -> None:
    asked = trial(tmp_path)
    (asked.folder / "corpus.jsonl").write_text("{\n", encoding="utf8")
    with pytest.raises(InputError, match="第 1 行"):
        run(asked)


class Refused(DependencyError):
    """An error that cannot be made from its message alone."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def refused() -> Embedder:
    raise Refused("服务拒绝", 401)


def test_a_broken_model_is_something_down(tmp_path: Path) -> None:
    with pytest.raises(DependencyError, match="no-model"):
        run(trial(tmp_path, opened=partial(open_embedder, str(tmp_path / "no-model"))))
    with pytest.raises(DependencyError, match="服务拒绝"):
        run(Trial(tmp_path / "small", "dense", refused, tmp_path / "index"))


def test_a_process_that_dies_is_told_with_its_set_and_retriever(tmp_path: Path) -> None:
    with pytest.raises(DependencyError, match="small 的 dense") as told:
        run(trial(tmp_path, opened=killed))
    assert "-9" in str(told.value)


@pytest.mark.parametrize(
    ("taken", "high"),
    [([7.0], 7), ([9.0, 1.0], 9), ([1.0, 2, 3], 3), (range(1, 21), 19), (range(100, 0, -1), 95)],
)
def test_nineteen_in_twenty_questions_take_no_longer_than_the_high_figure(
    taken: Sequence[float], high: float
) -> None:
    assert p95(taken) == high


def test_nothing_is_missing_where_the_extra_is_installed() -> None:
    assert [missing(name) for name in KINDS] == [[]] * len(KINDS)


def test_the_size_of_a_model_is_that_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_bytes(b"x" * 1024)
    (tmp_path / "model.safetensors").write_bytes(b"x" * (3 * 2**20 - 1024))
    assert model_mb(str(tmp_path)) == 3
    assert model_mb(None) == model_mb(SHIPPED_NAME) != 3
    assert model_mb("owner/name") is None
