"""Untrusted bytes are read in a bounded child process that is killed when it passes a bound.

Guaranteed on Linux, without any privilege: a fresh process per file with an empty environment and
no file of ours open; wall time, CPU time, address space, open files and answer are bounded; the
process, its group and its threads are killed with it, and it dies with us; no core. Once the
content is in its hands a system-call filter (`seccomp.py`) refuses sockets, processes, signals to
others and every change on disk, and all capabilities are gone. Where the system permits, it also
has a network of its own without devices, and no process limit is left (root is exempt from that).
Elsewhere the same is refused by an audit hook, which holds against a library's Python code but not
against native code that was taken over. It can still read files its user can read. Its answer is
JSON of bounded size and is checked (`wire.py`): nothing from the child is ever executed.
"""

import compileall
import functools
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from knowledge_base.errors import DocumentError
from knowledge_base.readers.limits import Limits
from knowledge_base.readers.reading import Reading
from knowledge_base.readers.wire import WireError, from_json

_READERS = Path(__file__).parent
_PACKAGES = {"knowledge_base": str(_READERS.parent), "knowledge_base.readers": str(_READERS)}
_STDERR_BYTES = 64 << 10
_STEP = 1 << 16
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Ended:
    """How a child ended: its output, its exit status, and the limit it was killed for."""

    answer: bytes
    errors: bytes
    status: int
    killed_for: str | None


def run_jailed(
    reader: str,
    content: bytes,
    name: str,
    limits: Limits,
    *,
    recognises: bool = False,
    filtered: bool = True,
) -> tuple[Reading, ...]:
    """Readings from `reader` (`module:function` of content, suffix, limits) run in the jail.

    `recognises` grants the bounds of picture recognition and NumPy; without `filtered` only what
    holds on every system is in force. Raises DocumentError, whose message begins with `name`.
    """
    seconds = limits.ocr_seconds if recognises else limits.seconds
    configuration = json.dumps(
        {
            "reader": reader,
            "suffix": Path(name).suffix.lower(),
            "limits": asdict(limits),
            "bounds": {
                "cpu": limits.ocr_cpu_seconds if recognises else limits.cpu_seconds,
                "memory": limits.ocr_memory_bytes if recognises else limits.memory_bytes,
                "files": limits.open_files,
            },
            "arrays": recognises,
            "filter": filtered,
            "path": [entry for entry in sys.path if entry and os.path.isabs(entry)],
            "packages": _PACKAGES,
            "parent": os.getpid(),
        }
    )
    _compile_readers()
    with _held(content) as given:
        ended = _run(configuration, given, seconds, limits.result_bytes)
    return _readings(ended, name, limits, recognises)


@contextmanager
def _held(content: bytes) -> Iterator[IO[bytes]]:
    """The content as an open file that has no name anyone else could open."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("content"), "w+b") as memory:
            memory.write(content)
            memory.seek(0)
            yield memory
    else:
        with tempfile.TemporaryFile() as disk:
            disk.write(content)
            disk.seek(0)
            yield disk


@functools.cache
def _compile_readers() -> None:
    """Compiles the readers once: a child may not write, so none would ever keep what it compiled.

    In a folder that cannot be written to nothing is kept, and children start a little slower.
    """
    compileall.compile_dir(_READERS, maxlevels=0, quiet=2)


def _run(configuration: str, given: IO[bytes], seconds: float, most: int) -> _Ended:
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(_READERS / "cell.py"), configuration],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd="/",
        env={},
    )
    try:
        answer, errors, killed_for = _collect(child, time.monotonic() + seconds, most)
        if killed_for is None:
            # Both pipes are closed: the child is leaving. It gets a moment, then it is killed too.
            try:
                child.wait(timeout=1)
            except subprocess.TimeoutExpired:
                killed_for = "seconds"
    finally:
        _kill(child)
    return _Ended(answer, errors, child.returncode, killed_for)


def _collect(
    child: subprocess.Popen[bytes], deadline: float, most: int
) -> tuple[bytes, bytes, str | None]:
    """What the child writes until it closes its pipes, or the limit that it passed."""
    stdout, stderr = child.stdout, child.stderr
    assert stdout is not None
    assert stderr is not None
    taken: dict[object, bytearray] = {stdout: bytearray(), stderr: bytearray()}
    killed_for = None
    with selectors.DefaultSelector() as ready:
        for pipe in (stdout, stderr):
            ready.register(pipe, selectors.EVENT_READ)
        while ready.get_map() and killed_for is None:
            events = ready.select(max(0.0, deadline - time.monotonic()))
            if not events:
                killed_for = "seconds"
            for key, _ in events:
                part = os.read(key.fd, _STEP)
                if not part:
                    ready.unregister(key.fileobj)
                taken[key.fileobj] += part
            if len(taken[stdout]) > most:
                killed_for = "result"
            del taken[stderr][_STDERR_BYTES:]
    return bytes(taken[stdout]), bytes(taken[stderr]), killed_for


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kills what is left of the child's group, then takes its status.

    Order matters: as long as the status is not taken, the group's number cannot be given anew.
    """
    if child.returncode is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            _LOG.debug("reading process %d had left its group", child.pid)
        child.kill()
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _readings(ended: _Ended, name: str, limits: Limits, recognises: bool) -> tuple[Reading, ...]:
    answer: object = {}
    if ended.killed_for is None and ended.status == 0:
        try:
            answer = json.loads(ended.answer)
        except (ValueError, RecursionError):
            _LOG.debug("%s: the answer is no JSON: %r", name, ended.answer[:200])
    if not isinstance(answer, dict):
        answer = {}
    if "readings" in answer:
        try:
            return from_json(answer["readings"])
        except WireError as error:
            _LOG.debug("%s: %s", name, error)
            raise DocumentError(f"{name}:读取结果前后不符,已弃用;请换一种格式另存后再试") from error
    if isinstance(answer.get("error"), str):
        raise DocumentError(f"{name}:{answer['error']}")
    limit = answer.get("limit") or _limit_of(ended)
    _LOG.debug("%s: status %d, %s", name, ended.status, answer.get("fault") or ended.errors)
    if isinstance(limit, str) and limit in _TOLD:
        raise DocumentError(f"{name}:{_told(limit, limits, recognises)}")
    raise DocumentError(
        f"{name}:无法读取,文件可能已损坏,或用了不常见的写法;请用办公软件打开后另存,再重新上传"
    )


def _limit_of(ended: _Ended) -> str | None:
    """The limit that a child without an answer must have met, by the signal that ended it."""
    if ended.killed_for is not None:
        return ended.killed_for
    if ended.status in (-signal.SIGXCPU, -signal.SIGKILL):
        return "cpu" if ended.status == -signal.SIGXCPU else "memory"
    return "memory" if b"MemoryError" in ended.errors else None


_TOLD = {
    "seconds": "读取超过 {seconds:g} 秒的时限,已停止;请拆成较小的文件,或删去无关内容后再试",
    "cpu": "读取耗用的处理器时间超过 {cpu} 秒的上限,已停止;请拆成较小的文件后再试",
    "memory": "读取所需内存超过 {memory} MB 的上限,已停止;请拆成较小的文件后再试",
    "result": "读出的内容超过 {result} MB 的上限,已停止;请拆成较小的文件后再试",
    "depth": "内容的嵌套层级过深,已停止读取;请用办公软件或浏览器打开后另存,再重新上传",
}


def _told(limit: str, limits: Limits, recognises: bool) -> str:
    return _TOLD[limit].format(
        seconds=limits.ocr_seconds if recognises else limits.seconds,
        cpu=limits.ocr_cpu_seconds if recognises else limits.cpu_seconds,
        memory=(limits.ocr_memory_bytes if recognises else limits.memory_bytes) >> 20,
        result=limits.result_bytes >> 20,
    )
