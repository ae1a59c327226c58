"""The index follows the library: nothing torn, nothing lost, nothing stale, nothing left behind."""

import errno
import io
import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from knowledge_base import (
    Catalogue,
    Document,
    Embedder,
    GenerationError,
    KnowledgeBase,
    Scope,
    open_embedder,
)
from knowledge_base.generations import open_current
from tests.knowledge_base.small_policies import SUBJECTS, library, policy, shelf

QUERIES = (
    "技改贷款怎么办",
    "保险补助多少",
    "人才住房",
    "研发费用加计",
    "二(一)1",
    "平测〔2026〕3号",
)


class Counting:
    """The shipped model, counting what it was asked to embed."""

    slow = False

    def __init__(self, inner: Embedder) -> None:
        self.inner, self.passages = inner, 0
        self.name, self.dimension = inner.name, inner.dimension

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.inner.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.passages += len(texts)
        return self.inner.embed_passages(texts)


@pytest.fixture
def embedder() -> Counting:
    return Counting(open_embedder(None))


@pytest.fixture
def bare(catalogue: Catalogue) -> Catalogue:
    """The vocabulary of the shipped corpus without its documents."""
    return replace(catalogue, documents={}, offers={})


@pytest.fixture
def opened(
    tmp_path: Path, bare: Catalogue, embedder: Counting
) -> Callable[[Mapping[str, Document]], KnowledgeBase]:
    def make(documents: Mapping[str, Document]) -> KnowledgeBase:
        return KnowledgeBase.open(tmp_path, bare, embedder, wanted=library(documents))

    return make


Make = Callable[[Mapping[str, Document]], KnowledgeBase]


def answers(knowledge: KnowledgeBase, scope: Scope | None = None) -> list[object]:
    return [
        [
            (e.clause.id, e.clause.text, e.score)
            for e in knowledge.retrieve(q, k=8, scope=scope or Scope())
        ]
        for q in QUERIES
    ]


def test_adding_a_document_embeds_its_clauses_alone(opened: Make, embedder: Counting) -> None:
    known = shelf(*map(policy, range(20)))
    knowledge = opened(known)
    before = embedder.passages
    added = known | shelf(policy(20))
    newer = knowledge.sync(library(added))
    assert embedder.passages - before == len(policy(20).clauses)
    assert newer.retrieve("平测〔2026〕20号", k=1)[0].document.id == "d20"
    assert knowledge.retrieve("平测〔2026〕20号", k=1)[0].document.id != "d20"


def test_changing_a_clause_embeds_that_clause_alone(opened: Make, embedder: Counting) -> None:
    known = shelf(*map(policy, range(20)))
    knowledge = opened(known)
    before = embedder.passages
    newer = knowledge.sync(library(known | shelf(policy(3, "改为每月受理。"))))
    assert embedder.passages - before == 1
    found = newer.retrieve("平测〔2026〕3号 每月受理", k=1)[0].clause
    assert found.id == "d3:2"
    old, new = policy(3).clauses, newer.catalogue.document("d3").clauses
    changed = [a.id for a, b in zip(old, new, strict=True) if a.version != b.version]
    assert changed == ["d3:2"]


def test_the_same_library_publishes_nothing(opened: Make, embedder: Counting) -> None:
    knowledge = opened(shelf(policy(1)))
    assert knowledge.sync(library(shelf(policy(1)))) is knowledge
    assert opened(shelf(policy(1))).generation == knowledge.generation


def test_a_document_taken_out_leaves_no_word_and_no_vector_in_any_file(
    opened: Make, tmp_path: Path
) -> None:
    secret = policy(7, "绝密字样甲乙丙丁。")
    known = shelf(*map(policy, range(7)))
    knowledge = opened(known | shelf(secret))
    vector = knowledge._embedder.embed_passages(
        ["\n".join([secret.title, *secret.clauses[3].path, secret.clauses[3].text])]
    )
    needle = vector.astype(np.float16).tobytes()

    def held(what: bytes) -> bool:
        return any(what in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())

    assert held(needle)
    assert held("绝密字样".encode())
    newer = knowledge.sync(library(known))
    assert not held(needle)
    assert not held("绝密字样".encode())
    assert not held("绝密".encode())
    assert "d7" not in newer.catalogue.documents
    assert all(e.document.id != "d7" for e in newer.retrieve("绝密字样甲乙丙丁", k=10))
    # A reader that has not looked yet answers as before, from files that are gone.
    assert knowledge.catalogue.document("d7").text == secret.text
    assert knowledge.retrieve("绝密字样甲乙丙丁", k=1)[0].document.id == "d7"


def test_what_was_taken_out_does_not_come_back_when_the_newest_generation_is_damaged(
    opened: Make, tmp_path: Path
) -> None:
    knowledge = opened(shelf(policy(1), policy(2)))
    knowledge.sync(library(shelf(policy(1))))
    damaged = next(open_current(tmp_path).path.glob("seg-*/documents.jsonl"))
    damaged.write_bytes(damaged.read_bytes()[:-5])
    with pytest.raises(GenerationError):
        open_current(tmp_path)
    assert list(opened(shelf(policy(1))).catalogue.documents) == ["d1"]


def test_a_damaged_addition_is_rolled_back_to_the_generation_before(
    opened: Make, tmp_path: Path
) -> None:
    many = shelf(*map(policy, range(12)))
    first = opened(many)
    first.sync(library(many | shelf(policy(20))))
    newest = open_current(tmp_path)
    alone = [f for f in newest.files if f.endswith("rows.npy") and not _shared(tmp_path, f)]
    [path] = [newest.path / name for name in alone]
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    assert open_current(tmp_path).number == first.generation


def _shared(root: Path, name: str) -> bool:
    return len(list(root.glob(f"gen-*/{name}"))) > 1


steps = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["", "改甲。", "改乙。", "out"])),
    min_size=1,
    max_size=12,
)


@given(steps=steps)
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_an_index_grown_step_by_step_answers_like_one_made_at_once(
    tmp_path_factory: pytest.TempPathFactory, bare: Catalogue, steps: list[tuple[int, str]]
) -> None:
    embedder = open_embedder(None)
    root = tmp_path_factory.mktemp("grown")
    held: dict[str, Document] = {}
    grown = KnowledgeBase.open(root, bare, embedder, wanted=library(held))
    for number, words in steps:
        if words == "out":
            held.pop(f"d{number}", None)
        else:
            held |= shelf(policy(number, words))
        grown = grown.sync(library(dict(held)))
    at_once = tmp_path_factory.mktemp("once")
    made = KnowledgeBase.open(at_once, bare, embedder, wanted=library(held))
    assert answers(grown) == answers(made)
    assert dict(grown.catalogue.documents) == held
    opened_again = KnowledgeBase.open(root, bare, embedder, wanted=library(held), build=False)
    assert answers(opened_again) == answers(made)


def test_many_small_additions_stay_a_few_segments(opened: Make, tmp_path: Path) -> None:
    held = shelf(*map(policy, range(64)))
    knowledge = opened(held)
    for number in range(64, 90):
        held |= shelf(policy(number))
        knowledge = knowledge.sync(library(dict(held)))
    assert len(open_current(tmp_path).facts["segments"]) <= 6


def test_one_tenants_uploads_change_no_byte_of_anothers_answers(
    bare: Catalogue, tmp_path: Path
) -> None:
    embedder = open_embedder(None)
    official = shelf(*map(policy, range(6)))
    mine = shelf(policy(11, "我方内部安排。", tenant="a"))
    # A hub that repeats every subject, and a blocker that copies an official clause.
    hub = replace(policy(12, "、".join(SUBJECTS) * 30, tenant="b"), title="".join(SUBJECTS))
    theirs = shelf(hub, policy(0, tenant="b"))
    without = KnowledgeBase.open(tmp_path / "1", bare, embedder, wanted=library(official | mine))
    beside = KnowledgeBase.open(
        tmp_path / "2", bare, embedder, wanted=library(official | mine | theirs)
    )
    for scope in (Scope(), Scope(tenant="a")):
        assert answers(without, scope) == answers(beside, scope)
    ids = {e.document.id for q in QUERIES for e in beside.retrieve(q, scope=Scope(tenant="a"))}
    assert "a.d11" in ids
    assert not any(id.startswith("b.") for id in ids)
    assert not any(id.startswith(("a.", "b.")) for id in beside.catalogue.documents)


def test_an_upload_never_counts_as_official_policy(bare: Catalogue, tmp_path: Path) -> None:
    hub = replace(policy(12, "、".join(SUBJECTS) * 30, tenant="b"), title="".join(SUBJECTS))
    held = shelf(*map(policy, range(7)), hub)
    knowledge = KnowledgeBase.open(tmp_path, bare, open_embedder(None), wanted=library(held))
    for subject in SUBJECTS:
        first = knowledge.retrieve(f"支持{subject}的措施", scope=Scope(tenant="b"))[0]
        assert first.document.tenant is None, subject


def test_a_text_past_its_day_is_not_served_on_later_days(opened: Make) -> None:
    ended = policy(1, effective_on=date(2025, 1, 1), expires_on=date(2026, 6, 30))
    knowledge = opened(shelf(ended, policy(2)))
    asked = "平测〔2026〕1号"
    assert knowledge.retrieve(asked, on=date(2026, 6, 30), k=1)[0].document.id == "d1"
    late = knowledge.retrieve(asked, on=date(2026, 7, 1), k=10)
    assert {e.document.id for e in late} == {"d2"}


def test_a_newer_generation_is_noticed_and_opened_without_reading_what_is_shared(
    opened: Make, bare: Catalogue, tmp_path: Path
) -> None:
    many = shelf(*map(policy, range(12)))
    reader = opened(many)
    assert reader.is_current()
    assert reader.newer() is reader
    opened(many | shelf(policy(20)))
    assert not reader.is_current()
    newer = reader.newer()
    assert newer.retrieve("平测〔2026〕20号", k=1)[0].document.id == "d20"
    shared = {s.name for s in reader._shelf.segments} & {s.name for s in newer._shelf.segments}
    assert shared
    for segment in newer._shelf.segments:
        if segment.name in shared:
            assert any(segment is one for one in reader._shelf.segments)


def test_a_line_altered_after_it_was_opened_is_neither_read_nor_taken_over(
    opened: Make, tmp_path: Path
) -> None:
    knowledge = opened(shelf(*map(policy, (1, 2, 3))))
    [segment] = knowledge._shelf.segments
    path = open_current(tmp_path).path / segment.name / "documents.jsonl"
    whole = path.read_bytes()
    at = whole.index(b'"d2"')
    with path.open("r+b") as file:
        file.write(whole[:at] + b'"d9"' + whole[at + 4 :])
    for document in ("d1", "d3"):
        assert knowledge.catalogue.documents[document].clauses
    with pytest.raises(GenerationError, match="被改动"):
        _ = knowledge.catalogue.documents["d2"]
    with pytest.raises(GenerationError, match="被改动"):
        segment.keeping([1, 2])
    with path.open("r+b") as file:
        file.truncate(10)
    with pytest.raises(GenerationError, match="被改动"):
        segment.document(2)


class Failing:
    """Lets the `at`-th call that changes files fail, as a full or broken disk does."""

    def __init__(self, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls, self.at = 0, at
        for name in ("mkdir", "fsync", "rename", "replace", "link"):
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))
        monkeypatch.setattr(io, "open", self._opening(io.open))

    def step(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            raise OSError(errno.ENOSPC, "No space left on device")

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.step()
            return real(*args, **kwargs)

        return call

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            opened = real(file, mode, *args, **kwargs)
            if not set(mode) & set("wax+"):
                return opened
            self.step()
            return _Written(opened, self)

        return call


class _Written:
    """A file open for writing whose writes are counted."""

    def __init__(self, file: Any, failing: Failing) -> None:
        self._file, self._failing = file, failing

    def write(self, content: Any) -> Any:
        self._failing.step()
        return self._file.write(content)

    def __enter__(self) -> "_Written":
        return self

    def __exit__(self, *raised: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize("change", ["added", "changed", "taken out"])
def test_a_call_that_fails_at_any_place_leaves_the_old_generation_serving(
    bare: Catalogue, tmp_path: Path, change: str
) -> None:
    before = shelf(*map(policy, (1, 2, 3, 9)))
    after = {
        "added": before | shelf(policy(4)),
        "changed": before | shelf(policy(2, "改甲。")),
        "taken out": {id: d for id, d in before.items() if id != "d2"},
    }[change]
    harmed = 0
    for at in range(1, 500):
        root = tmp_path / str(at)

        def open_before(root: Path = root) -> KnowledgeBase:
            return KnowledgeBase.open(root, bare, open_embedder(None), wanted=library(before))

        knowledge = open_before()
        expected = answers(knowledge)
        with pytest.MonkeyPatch.context() as monkeypatch:
            failing = Failing(at, monkeypatch)
            try:
                newer = knowledge.sync(library(after))
            except GenerationError as error:
                fault = str(error)
            else:
                fault = ""
        if not fault:  # nothing failed, or only what the next publish sweeps up
            assert dict(newer.catalogue.documents) == after
        else:
            harmed += 1
            assert "原有版本未受影响" in fault
            again = knowledge.newer()
            assert again.generation == knowledge.generation, at
            assert answers(again) == expected
            assert answers(open_before()) == expected
        if failing.calls < at:
            break
    assert harmed > 25


@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_mutated_index_files_are_all_refused(
    bare: Catalogue, tmp_path: Path, seed: int
) -> None:
    held = shelf(*map(policy, range(30)))
    KnowledgeBase.open(tmp_path, bare, open_embedder(None), wanted=library(held))
    folder = open_current(tmp_path).path
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    draw = random.Random(seed)
    for _ in range(250):
        path = draw.choice(files)
        whole = path.read_bytes()
        path.write_bytes(_mutated(whole, draw))
        with pytest.raises(GenerationError):
            open_current(tmp_path)
        path.write_bytes(whole)
    assert open_current(tmp_path).path == folder


def _mutated(whole: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(whole))
    kind = draw.choice(["flip", "cut", "grow", "zero", "swap"])
    if kind == "cut":
        return whole[:at]
    if kind == "grow":
        return whole[:at] + draw.randbytes(draw.randint(1, 64)) + whole[at:]
    if kind == "zero" and any(whole[at : at + 64]):
        return whole[:at] + bytes(len(whole[at : at + 64])) + whole[at + 64 :]
    if kind == "swap" and whole[at:] + whole[:at] != whole:
        return whole[at:] + whole[:at]
    return whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :]
