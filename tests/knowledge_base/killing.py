"""A process that changes an index for ever, or dies at a chosen call: the victim of the kill tests.

Before each change the wanted library is written to `wanted.json` in one step, as a database would
commit it; `acknowledged.json` follows when the index has it.
"""

import json
import os
import random
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base import (
    Catalogue,
    Document,
    Embedder,
    KnowledgeBase,
    load_catalogue,
    open_embedder,
)
from tests.knowledge_base.small_policies import library, policy, shelf

CALLS = ("mkdir", "fsync", "rename", "replace", "link", "unlink", "rmdir")
State = dict[int, str]


@cache
def parts() -> tuple[Catalogue, Embedder]:
    """A catalogue without documents, and the model; opened before the victims are forked."""
    return replace(load_catalogue(), documents={}, offers={}), open_embedder(None)


def documents(state: State) -> dict[str, Document]:
    """The documents of a state: number → words."""
    return shelf(*(policy(number, words) for number, words in sorted(state.items())))


def opened(folder: Path, state: State, build: bool = True) -> KnowledgeBase:
    """The index of a folder, brought to a state."""
    catalogue, embedder = parts()
    return KnowledgeBase.open(
        folder / "index", catalogue, embedder, build=build, wanted=library(documents(state))
    )


def read_state(path: Path) -> State:
    """A state as written; none when it was never written."""
    if not path.exists():
        return {}
    return {int(n): words for n, words in json.loads(path.read_text(encoding="utf8")).items()}


def write_state(path: Path, state: State) -> None:
    """Replace a state in one durable step."""
    fresh = path.with_suffix(".tmp")
    with fresh.open("w", encoding="utf8") as target:
        json.dump(state, target)
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(path)


def changed(state: State, draw: random.Random) -> State:
    """A state with one document added, changed or taken out."""
    number, words = draw.randrange(12), draw.choice(["", "改甲。", "改乙。", "out"])
    after = {**state, number: words}
    if words == "out":
        del after[number]
    return after


def change_for_ever(folder: Path, seed: int) -> None:
    """Change the library and the index until killed."""
    draw = random.Random(seed)
    state = read_state(folder / "wanted.json")
    knowledge = opened(folder, state)
    while True:
        state = changed(state, draw)
        write_state(folder / "wanted.json", state)
        knowledge = knowledge.sync(library(documents(state)))
        write_state(folder / "acknowledged.json", state)


def die_at(folder: Path, step: int, before: State, after: State) -> None:
    """Go from one state to another, killed by the kernel at the `step`-th call that changes files."""
    knowledge = opened(folder, before)
    left = step

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))
    knowledge.sync(library(documents(after)))


parts()
