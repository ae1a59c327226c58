"""One retriever measured on one set, in a process of its own.

Memory and warm caches of one retriever would otherwise stand in the figures of the next.
"""

from __future__ import annotations

import multiprocessing
import resource
import signal
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from knowledge_base.embedding import SHIPPED_MODEL, SHIPPED_NAME, Embedder
from knowledge_base.errors import DependencyError, HuiqiError, InputError
from knowledge_base.evaluation.measures import CUT, DEEPEST, means, rate
from knowledge_base.evaluation.ours import Huiqi
from knowledge_base.evaluation.rivals import Bigrams, Dense, LangChain, Retriever, Words
from knowledge_base.evaluation.sets import read_set

OURS = "huiqi"
_WARM_UP = 3  # questions asked before the clock runs: dictionaries and lazy imports are loaded
_MIB = 1024 * 1024
_STATUS = Path("/proc/self/status")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Trial:
    """What to measure: a set's folder, one of KINDS, at most `limit` questions (None: all).

    `open_embedder` is called in the other process, so it must be picklable; `index` is a folder
    for what is published, empty or not yet there.
    """

    folder: Path
    retriever: str
    open_embedder: Callable[[], Embedder]
    index: Path
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Measures by name; milliseconds of asking for ten entries; the most memory its process held,
    in MiB, building included unless it opened what another process published."""

    name: str
    retriever: str
    entries: int
    questions: int
    measures: Mapping[str, float]
    ms_median: float
    ms_p95: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Kind:
    """How a retriever is made, whether it uses the embedding model, and the modules it needs."""

    make: Callable[[Trial], Retriever]
    embeds: bool = True
    modules: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "bm25_words": Kind(lambda _: Words(), False, ("jieba", "bm25s")),
        "bm25_bigrams": Kind(lambda _: Bigrams(), False),
        "dense": Kind(lambda trial: Dense(trial.open_embedder())),
        "langchain": Kind(
            lambda trial: LangChain(trial.open_embedder()),
            modules=("jieba", "langchain_classic", "langchain_community", "rank_bm25"),
        ),
        OURS: Kind(lambda trial: Huiqi(trial.index, trial.open_embedder())),
    }
)


def missing(retriever: str) -> list[str]:
    """The modules a retriever needs that are not installed."""
    return [name for name in KINDS[retriever].modules if find_spec(name) is None]


def model_mb(name: str | None) -> float | None:
    """Size of a model's folder in MiB, the shipped one's without a name; None when the model is
    not a folder of this machine."""
    folder = SHIPPED_MODEL if name in (None, SHIPPED_NAME) else Path(str(name))
    if not folder.is_dir():
        return None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / _MIB


def run(trial: Trial) -> Result:
    """Measure in a fresh process; our index is published by one process and asked by another.

    InputError for a broken set, DependencyError for a broken model or when the process dies.
    """
    if trial.retriever == OURS:
        _apart(_build, trial)
    return _apart(_measure, trial)


def _build(trial: Trial) -> None:
    KINDS[trial.retriever].make(trial).build(read_set(trial.folder).entries)


def _measure(trial: Trial) -> Result:
    given = read_set(trial.folder).sampled(trial.limit)
    retriever = KINDS[trial.retriever].make(trial)
    retriever.build(given.entries)
    for question in given.questions[:_WARM_UP]:
        retriever.search(question, CUT)
    # Timed before the deep search below: no question was asked before, so nothing of it is cached.
    taken = [_milliseconds(retriever, question) for question in given.questions]
    found = [retriever.search(question, DEEPEST) for question in given.questions]
    rates = [rate(rows, grades) for rows, grades in zip(found, given.grades, strict=True)]
    return Result(
        given.name,
        trial.retriever,
        len(given.entries),
        len(given.questions),
        means(rates),
        statistics.median(taken),
        p95(taken),
        _most_memory(),
    )


def p95(taken: Sequence[float]) -> float:
    """The least of the figures that 95 in 100 of them do not exceed; never below their median."""
    return sorted(taken)[-(-95 * len(taken) // 100) - 1]


def _milliseconds(retriever: Retriever, question: str) -> float:
    begun = time.perf_counter()
    retriever.search(question, CUT)
    return (time.perf_counter() - begun) * 1000


def _most_memory() -> float:
    """The most this process held, in MiB.

    On Linux not from getrusage: what that says begins with the memory of the parent process.
    """
    if _STATUS.is_file():
        fields = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (_MIB if sys.platform == "darwin" else 1024)


def _apart(work: Callable[[Trial], _T], trial: Trial) -> _T:
    """Do it in a new process; what it raises on purpose is raised here."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(work, trial, theirs), daemon=True)
    # What is blocked here stays blocked there: this process says it was interrupted, and ends that.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()  # so that the end of the process ends the wait below
    try:
        answer: _T | HuiqiError = ours.recv()
        process.join()
    except EOFError as cause:
        process.join()
        raise DependencyError(
            f"评测 {trial.folder.name} 的 {trial.retriever} 时进程意外结束"
            f"(退出码 {process.exitcode});多半是内存不足,可用 --sets、--retrievers 分开评测"
        ) from cause
    finally:
        process.kill()  # still at work only when this process was interrupted
    if isinstance(answer, HuiqiError):
        raise answer
    return answer


def _answer(work: Callable[[Trial], object], trial: Trial, pipe: Connection) -> None:
    try:
        pipe.send(work(trial))
    except HuiqiError as error:
        # By its base: not every error can be made again, over there, from its message alone.
        bases = (DependencyError, InputError, HuiqiError)
        base = next(base for base in bases if isinstance(error, base))
        pipe.send(base(str(error)))
