"""What a slow model has embedded outlives the process that asked for it."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge_base import KnowledgeBase
from knowledge_base.embedded import Journal, sweep
from knowledge_base.generations import open_current
from knowledge_base.segments import _JOURNALED as BATCH
from knowledge_base.segments import passages_of
from tests.knowledge_base import killing
from tests.knowledge_base.small_policies import library, policy, shelf

HELD = shelf(*map(policy, range(60)))
PASSAGES = sum(len(passages_of(document)) for document in HELD.values())


class Slow:
    """The shipped model under another name, counting, killed by the kernel at one of its batches."""

    slow = True

    def __init__(self, name: str = "slow@000000000001", dies_at: int = 0) -> None:
        _, self.inner = killing.parts()
        self.name, self.dimension = name, self.inner.dimension
        self.passages, self.batches, self.dies_at = 0, 0, dies_at

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.inner.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches += 1
        if self.batches == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passages += len(texts)
        return self.inner.embed_passages(texts)


def opened(root: Path, embedder: Slow) -> KnowledgeBase:
    catalogue, _ = killing.parts()
    return KnowledgeBase.open(root, catalogue, embedder, wanted=library(HELD))


def dies_at_batch(root: Path, batch: int, name: str) -> None:
    opened(root, Slow(name, dies_at=batch))


def dies_at_call(root: Path, step: int) -> None:
    left = step

    def counted(real: object) -> object:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)  # type: ignore[operator]

        return call

    for name in ("mkdir", "fsync", "rename", "replace", "unlink"):
        setattr(os, name, counted(getattr(os, name)))
    opened(root, Slow())


@pytest.fixture(scope="module")
def victims() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.knowledge_base.killing"])
    return context


def killed(victims: multiprocessing.context.ForkServerContext, *told: object) -> None:
    """One victim run to its end, which is a kill."""
    target, *args = told
    victim = victims.Process(target=target, args=args)  # type: ignore[arg-type]
    victim.start()
    victim.join(60)
    assert victim.exitcode == -signal.SIGKILL


def journals(root: Path) -> list[Path]:
    return sorted(root.glob("*.embedded"))


def published(root: Path) -> dict[str, bytes]:
    """Every row and every fingerprint of the current generation."""
    current = open_current(root)
    wanted = ("rows.npy", "table.npz")
    return {
        name: (current.path / name).read_bytes() for name in current.files if name.endswith(wanted)
    }


def test_a_killed_run_is_taken_up_where_it_stopped(
    tmp_path: Path, victims: multiprocessing.context.ForkServerContext
) -> None:
    killed(victims, dies_at_batch, tmp_path / "killed", 3, Slow().name)
    [journal] = journals(tmp_path / "killed")
    second = Slow()
    opened(tmp_path / "killed", second)
    undisturbed = Slow()
    opened(tmp_path / "undisturbed", undisturbed)
    assert undisturbed.passages == PASSAGES
    assert 0 < second.passages <= PASSAGES - 2 * BATCH
    assert published(tmp_path / "killed") == published(tmp_path / "undisturbed")
    assert not journal.exists()


def test_a_kill_at_every_step_of_a_slow_run_leaves_what_the_next_one_finishes(
    tmp_path: Path, victims: multiprocessing.context.ForkServerContext
) -> None:
    undisturbed = Slow()
    opened(tmp_path / "undisturbed", undisturbed)
    expected = published(tmp_path / "undisturbed")
    left = []
    for step in range(1, 400):
        root = tmp_path / str(step)
        victim = victims.Process(target=dies_at_call, args=(root, step))
        victim.start()
        victim.join(60)
        again = Slow()
        opened(root, again)
        assert published(root) == expected, step
        left.append(again.passages)
        if victim.exitcode == 0:
            break
        assert victim.exitcode == -signal.SIGKILL
    assert left == sorted(left, reverse=True), "a later kill lost more than an earlier one"
    assert left[0] == PASSAGES
    assert left[-1] == 0
    assert len(set(left)) > 3


def test_another_models_journal_is_not_read_and_goes_with_the_next_generation(
    tmp_path: Path, victims: multiprocessing.context.ForkServerContext
) -> None:
    killed(victims, dies_at_batch, tmp_path, 3, "other@000000000002")
    assert len(journals(tmp_path)) == 1
    embedder = Slow()
    opened(tmp_path, embedder)
    assert embedder.passages == PASSAGES
    assert not journals(tmp_path)


def test_a_run_that_finds_nothing_to_do_leaves_no_journal(tmp_path: Path) -> None:
    knowledge = opened(tmp_path, Slow())
    with journal_of(tmp_path) as journal:
        journal.add([1], np.ones((1, journal.dimension), np.float16))
    knowledge.sync(library(HELD))
    assert not journals(tmp_path)


def test_a_fast_model_keeps_no_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*_: object) -> None:
        raise AssertionError("a journal was begun")

    monkeypatch.setattr(Journal, "__init__", begun)
    embedder = Slow()
    embedder.slow = False
    opened(tmp_path, embedder)
    assert embedder.passages == PASSAGES
    assert not killing.parts()[1].slow


@contextmanager
def journal_of(root: Path, name: str = Slow().name, dimension: int = 0) -> Iterator[Journal]:
    embedder = Slow(name)
    embedder.dimension = dimension or embedder.dimension
    with Journal(root, embedder) as journal:
        yield journal


ROWS = np.arange(12, dtype=np.float16).reshape(3, 4)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A journal of two batches: passages 1 and 2, then 3."""
    with journal_of(tmp_path, dimension=4) as journal:
        journal.add([1, 2], ROWS[:2])
        journal.add([3], ROWS[2:])
    [path] = journals(tmp_path)
    return path


def held(path: Path) -> list[int]:
    """Which passages a journal gives back; their rows are what was written."""
    with journal_of(path.parent, dimension=4) as journal:
        found = [mark for mark in (1, 2, 3, 4) if journal.row(mark) is not None]
        for mark in found:
            assert np.array_equal(journal.row(mark), ROWS[mark - 1])
    return found


def test_a_journal_gives_back_what_was_added(written: Path) -> None:
    assert held(written) == [1, 2, 3]


def test_a_torn_tail_is_dropped_wherever_it_is_torn(written: Path) -> None:
    whole = written.read_bytes()
    seen = set()
    for length in range(len(whole)):
        written.write_bytes(whole[:length])
        found = held(written)
        assert found in ([], [1, 2])
        seen.add(len(found))
        with journal_of(written.parent, dimension=4) as journal:
            journal.add([3], ROWS[2:])
        assert held(written) == [*found, 3], "what is added after a torn tail is found again"
    assert seen == {0, 2}


def test_a_flipped_byte_ends_what_is_believed(written: Path) -> None:
    whole = written.read_bytes()
    for at in range(len(whole)):
        written.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        assert held(written) in ([], [1, 2]), at


def test_a_journal_under_the_name_of_another_is_begun_anew(written: Path) -> None:
    with journal_of(written.parent, "other@000000000002", dimension=4) as journal:
        journal.add([3], ROWS[2:])
    [other] = [path for path in journals(written.parent) if path != written]
    other.write_bytes(written.read_bytes())
    with journal_of(written.parent, "other@000000000002", dimension=4) as journal:
        assert journal.row(1) is None


def test_a_model_of_another_width_has_another_journal(written: Path) -> None:
    with journal_of(written.parent, dimension=2) as journal:
        assert journal.row(1) is None
    assert len(journals(written.parent)) == 2
    sweep(written.parent)
    assert not journals(written.parent)
