"""Publish an index so that a reader, at any moment and after any crash, finds a whole one.

    root/ LOCK  CURRENT ("gen-000042")  gen-000042/{MANIFEST.json, …}  gen-000043.building/

A generation is written beside the old ones, digested, made durable, renamed into place, and only
then does CURRENT, replaced in one step, point to it. Everything here can be rebuilt.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from knowledge_base.errors import GenerationError

_TRIES = 5  # looks at an index while publishers sweep up behind it
KEPT = 3  # the one in use, the one before it, and one that a slow reader may still hold
LOCK = "LOCK"
CURRENT = "CURRENT"
MANIFEST = "MANIFEST.json"
BUILDING = ".building"

_NAME = re.compile(r"gen-(\d{6,})")
_LABELS = {
    "embedder": "向量模型",
    "corpus": "语料",
    "dimension": "向量维数",
    "clauses": "条款数",
}


Stamp = tuple[int, int, int]  # inode, bytes, modified (ns): the same stamp is the same content


@dataclass(frozen=True, slots=True)
class Generation:
    """One verified state of the index; `files` maps each file's name to its SHA-256.

    `stamps` are the digests by identity of the file: one that several generations share is read
    once by whoever opens them one after the other.
    """

    number: int
    path: Path
    facts: Mapping[str, Any]
    files: Mapping[str, str]
    stamps: Mapping[Stamp, str] = field(default_factory=dict, compare=False, repr=False)

    def file(self, name: str) -> Path:
        """Path of a file that the manifest lists; GenerationError for any other."""
        if name not in self.files:
            raise _torn(self.path, f"清单里没有文件 {name}")
        return self.path / name

    def require(self, **expected: object) -> None:
        """Refuse an index made by another model or from another corpus, naming what differs."""
        faults = [
            f"{_LABELS.get(name, name)}应为 {wanted}，"
            f"索引里是 {self.facts.get(name, '（没有记录）')}"
            for name, wanted in expected.items()
            if name not in self.facts or self.facts[name] != wanted
        ]
        if faults:
            raise GenerationError(
                f"索引版本 {self.path.name} 与当前设置不符：{'；'.join(faults)}。"
                "请运行 huiqi serve 重建索引，或运行 huiqi check 查看详情"
            )


Write = Callable[[Path], None]
Check = Callable[[Generation], object]


class Publisher:
    """Holds the lock of an index: what is current stays so until `publish` replaces it."""

    def __init__(self, root: Path, previous: Generation | None) -> None:
        self.root, self.previous = root, previous

    def publish(
        self,
        write_files: Write,
        facts: Mapping[str, Any],
        shared: Mapping[str, str] = MappingProxyType({}),
        check: Check | None = None,
        withdraw: bool = False,
    ) -> Generation:
        """Make a generation of what `write_files` writes and of the files it shares with the old one.

        `shared` maps a new name to a name in `previous`; such a file is linked, not copied.
        `check` opens the finished generation; what it raises keeps the old one current. `withdraw`
        removes every older generation: they hold what may no longer be served, so that going
        back to them would bring it up again. `facts` must be JSON values.
        """
        root = self.root
        number = max(_numbers(root), default=0) + 1
        target = root / f"gen-{number:06d}"
        building = root / f"{target.name}{BUILDING}"
        try:
            building.mkdir()
            known = self._link(building, shared)
            write_files(building)
            _seal(building, number, facts, known)
            building.rename(target)
            _flush(root)
            # Read back from disk before anyone is sent there.
            made = _verify(target, self.previous.stamps if self.previous else {})
            if check is not None:
                check(made)
            _point(root, target.name, self.previous)
        except BaseException:
            # A full disk needs the room at once; the half that a kill leaves is swept up later.
            for half in (building, target):
                shutil.rmtree(half, ignore_errors=True)
            raise
        _collect(root, number, 1 if withdraw else KEPT)
        return made

    def _link(self, building: Path, shared: Mapping[str, str]) -> dict[str, tuple[int, str]]:
        """Link shared files; their sizes and digests by new name, for the manifest."""
        known: dict[str, tuple[int, str]] = {}
        for name, old in shared.items():
            if self.previous is None:
                raise ValueError("nothing to share with")
            source, place = self.previous.file(old), building / name
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, place)
            known[name] = (source.stat().st_size, self.previous.files[old])
        return known


@contextmanager
def publishing(root: Path) -> Iterator[Publisher]:
    """The one publisher of an index (others wait), with the newest whole generation, if any.

    An error of the disk becomes a GenerationError; what was current stays current.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _locked(root):
            for stale in root.glob(f"*{BUILDING}"):
                shutil.rmtree(stale)
            try:
                previous = open_current(root)
            except GenerationError:
                previous = None
            yield Publisher(root, previous)
    except OSError as cause:
        reason = "磁盘已满" if cause.errno in (errno.ENOSPC, errno.EDQUOT) else str(cause)
        raise GenerationError(
            f"索引版本写不进 {root}：{reason}。原有版本未受影响，请检查磁盘空间与目录权限后重试"
        ) from cause


def open_current(root: Path, stamps: Mapping[Stamp, str] = MappingProxyType({})) -> Generation:
    """The generation CURRENT names, or, if that one is torn, the newest whole one.

    Files whose stamp is among `stamps` were read before and are not read again.
    """
    for _ in range(_TRIES):
        names = [f"gen-{number:06d}" for number in sorted(_numbers(root), reverse=True)]
        pointed = _pointed(root)
        if pointed in names:
            names.remove(pointed)
            names.insert(0, pointed)
        faults: list[str] = []
        for name in names:
            try:
                return _verify(root / name, stamps)
            except GenerationError as fault:
                faults.append(str(fault))
        if pointed == _pointed(root):
            break  # else a publisher swept up what we were reading: look again
    detail = "；".join(faults) or "目录里没有已发布的版本"
    raise GenerationError(f"{root} 里没有可用的索引版本：{detail}。请运行 huiqi serve 重建索引")


def current_name(root: Path) -> str:
    """What CURRENT says, unverified: the cheap way to see that something new was published."""
    return _pointed(root)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    # The kernel drops a flock with its process, so a killed publisher locks nobody out.
    with (root / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _numbers(root: Path) -> list[int]:
    if not root.is_dir():
        return []
    found = (_NAME.fullmatch(path.name) for path in root.iterdir() if path.is_dir())
    return [int(match[1]) for match in found if match]


def _pointed(root: Path) -> str:
    try:
        return (root / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""  # open_current then takes the newest whole generation


def _seal(
    folder: Path, number: int, facts: Mapping[str, Any], known: Mapping[str, tuple[int, str]]
) -> None:
    """Make every new file durable and write the manifest last; `known` files are so already."""
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in known:
            files[name] = dict(zip(("bytes", "sha256"), known[name], strict=True))
            continue
        _flush(path)
        if path.is_file():
            files[name] = {"bytes": path.stat().st_size, "sha256": _digest(path)}
    body = {"generation": number, "facts": dict(facts), "files": files}
    text = json.dumps(body | {"sha256": _own_digest(body)}, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    _flush(folder / MANIFEST)
    _flush(folder)


def _point(root: Path, name: str, previous: Generation | None) -> None:
    """Let CURRENT name another generation; when that cannot be made durable, take it back."""
    _replace_pointer(root, name)
    try:
        _flush(root)
    except OSError:
        if previous is not None:
            _replace_pointer(root, previous.path.name)
        else:
            (root / CURRENT).unlink(missing_ok=True)
        raise


def _replace_pointer(root: Path, name: str) -> None:
    fresh = root / f"{CURRENT}.tmp"
    fresh.write_text(f"{name}\n", encoding="utf-8")
    _flush(fresh)
    fresh.replace(root / CURRENT)


def _collect(root: Path, newest: int, kept: int) -> None:
    for number in sorted(_numbers(root), reverse=True)[kept:]:
        if number != newest:
            # What cannot be removed now is removed by the next publish; it harms nobody.
            shutil.rmtree(root / f"gen-{number:06d}", ignore_errors=True)


def _verify(folder: Path, stamps: Mapping[Stamp, str]) -> Generation:
    """Read the manifest and digest every file it lists, but for those known by their stamp."""
    try:
        body = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        own = body.pop("sha256")
        if own != _own_digest(body):
            raise _torn(folder, "清单 MANIFEST.json 被改动")
        seen: dict[Stamp, str] = {}
        for name, expected in body["files"].items():
            path = folder / name
            if not path.resolve().is_relative_to(folder.resolve()):
                raise _torn(folder, f"文件 {name} 在目录之外")
            stamp = _stamp(path)
            found = stamps.get(stamp) or _digest(path)
            if stamp[1] != expected["bytes"] or found != expected["sha256"]:
                raise _torn(folder, f"文件 {name} 的校验值与清单不符")
            seen[stamp] = found
        digests = {name: entry["sha256"] for name, entry in body["files"].items()}
        return Generation(int(body["generation"]), folder, body["facts"], digests, seen)
    except OSError as cause:
        raise _torn(folder, f"文件读不到（{cause}）") from cause
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise _torn(folder, "清单 MANIFEST.json 不完整") from cause


def _stamp(path: Path) -> Stamp:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _own_digest(body: Mapping[str, Any]) -> str:
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """fsync a file or a folder; an error here is never retried, the pages may be gone already."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _torn(folder: Path, fault: str) -> GenerationError:
    return GenerationError(f"索引版本 {folder.name} 不可用：{fault}")
