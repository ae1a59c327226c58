import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.errors import GenerationError
from knowledge_base.generations import Generation, open_current, publishing

FACTS = {"embedder": "zh-gram-256@abc", "corpus": "c0ffee", "dimension": 256, "clauses": 2}


class KilledError(BaseException):
    """Stands for kill -9: no handler of ours catches it."""


def writing(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "clauses.jsonl").write_text(text, encoding="utf-8")
        (folder / "parts").mkdir()
        (folder / "parts" / "vectors.faiss").write_bytes(text.encode() * 50)

    return write


def publish(root: Path, write: Callable[[Path], None], facts: dict[str, Any]) -> Generation:
    with publishing(root) as publisher:
        return publisher.publish(write, facts)


def text_of(generation: Generation) -> str:
    return generation.file("clauses.jsonl").read_text(encoding="utf-8")


def test_what_was_published_is_what_is_opened(tmp_path: Path) -> None:
    made = publish(tmp_path, writing("一"), FACTS)
    assert open_current(tmp_path) == made
    assert (made.number, made.facts, text_of(made)) == (1, FACTS, "一")
    assert set(made.files) == {"clauses.jsonl", "parts/vectors.faiss"}


def test_the_newest_is_current_and_three_are_kept(tmp_path: Path) -> None:
    for number in range(1, 6):
        publish(tmp_path, writing(str(number)), FACTS)
    assert text_of(open_current(tmp_path)) == "5"
    assert sorted(p.name for p in tmp_path.glob("gen-*")) == [
        "gen-000003",
        "gen-000004",
        "gen-000005",
    ]


STEPS = ("mkdir", "open", "fsync", "close", "rename", "replace", "rmdir", "unlink")


def _dying_at(step: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the process die before its `step`-th call to the operating system; returns the calls."""
    calls: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if len(calls) >= step:
                raise KilledError
            calls.append(name)
            if len(calls) == step:
                raise KilledError
            return real(*args, **kwargs)

        return call

    for name in STEPS:
        monkeypatch.setattr(os, name, counted(name, getattr(os, name)))
    return calls


def test_a_death_at_any_step_leaves_a_whole_generation(tmp_path: Path) -> None:
    step, seen = 0, set[str]()
    while True:
        step += 1
        root = tmp_path / str(step)
        for text in ("a", "b", "旧"):
            publish(root, writing(text), FACTS)
        with pytest.MonkeyPatch.context() as monkeypatch:
            _dying_at(step, monkeypatch)
            try:
                publish(root, writing("新"), FACTS)
            except KilledError:
                finished = False
            else:
                finished = True
        text = text_of(open_current(root))
        seen.add(text)
        assert text in {"旧", "新"}
        # The next publisher is not hindered, and sweeps up.
        assert publish(root, writing("再"), FACTS) == open_current(root)
        assert not list(root.glob("*.building"))
        assert len(list(root.glob("gen-*"))) == 3
        if finished:
            break
    assert seen == {"旧", "新"}
    assert step > 15


def test_a_failing_writer_leaves_the_old_generation(tmp_path: Path) -> None:
    publish(tmp_path, writing("旧"), FACTS)

    def torn(folder: Path) -> None:
        (folder / "clauses.jsonl").write_text("半", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(GenerationError, match="磁盘空间"):
        publish(tmp_path, torn, FACTS)
    assert text_of(open_current(tmp_path)) == "旧"


@pytest.mark.parametrize("victim", ["clauses.jsonl", "parts/vectors.faiss", "MANIFEST.json"])
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_damaged_generation_is_passed_over(tmp_path: Path, victim: str, harm: str) -> None:
    publish(tmp_path, writing("好"), FACTS)
    path = publish(tmp_path, writing("坏"), FACTS).path / victim
    whole = path.read_bytes()
    if harm == "remove":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        path.write_bytes(
            whole[:20] + bytes([whole[20] ^ 1]) + whole[21:]
            if len(whole) > 20
            else bytes([whole[0] ^ 1]) + whole[1:]
        )
    assert text_of(open_current(tmp_path)) == "好"


def test_changed_facts_are_noticed(tmp_path: Path) -> None:
    path = publish(tmp_path, writing("一"), FACTS).path / "MANIFEST.json"
    path.write_text(path.read_text(encoding="utf-8").replace("c0ffee", "c0ffef"), encoding="utf-8")
    with pytest.raises(GenerationError, match="被改动"):
        open_current(tmp_path)


@pytest.mark.parametrize("pointer", [b"gen-000099\n", b"../elsewhere", b"", b"\xff\xfe"])
def test_a_wrong_pointer_falls_back_to_the_newest(tmp_path: Path, pointer: bytes) -> None:
    publish(tmp_path, writing("1"), FACTS)
    publish(tmp_path, writing("2"), FACTS)
    (tmp_path / "CURRENT").write_bytes(pointer)
    assert text_of(open_current(tmp_path)) == "2"
    (tmp_path / "CURRENT").unlink()
    assert text_of(open_current(tmp_path)) == "2"


def test_nothing_published_is_said_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="huiqi serve"):
        open_current(tmp_path / "none")


def test_another_model_is_refused_by_name(tmp_path: Path) -> None:
    made = publish(tmp_path, writing("一"), FACTS)
    made.require(embedder="zh-gram-256@abc", dimension=256)
    with pytest.raises(
        GenerationError, match=r"向量模型应为 bge-m3@1.*zh-gram-256@abc.*huiqi serve"
    ):
        made.require(embedder="bge-m3@1", dimension=256)
    with pytest.raises(GenerationError, match="没有记录"):
        made.require(terms="x")


def test_a_file_the_manifest_does_not_list_is_not_given_out(tmp_path: Path) -> None:
    made = publish(tmp_path, writing("一"), FACTS)
    (made.path / "index.pkl").write_bytes(b"x")
    with pytest.raises(GenerationError, match=r"index\.pkl"):
        open_current(tmp_path).file("index.pkl")


def test_publishers_wait_for_each_other(tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=publish, args=(tmp_path, writing(str(n)), FACTS)) for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert open_current(tmp_path).number == 6
