"""`huiqi eval`: one row per set and retriever, as a table and as JSON; what is wrong in one line."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api import evaluation
from api.cli import main
from api.columns import width
from knowledge_base.embedding import SHIPPED_MODEL
from tests.knowledge_base.evaluation.small_set import write_set

ROOT = Path(__file__).parents[2]
KEYS = [
    *("name", "retriever", "recall@1", "recall@5", "recall@10", "recall@100", "mrr@10"),
    *("ndcg@10", "ms_median", "ms_p95", "memory_mb", "model_mb", "questions"),
]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    folder = tmp_path / "sets"
    write_set(folder / "full")
    write_set(folder / "wrong", {"首台套有奖励吗": "c"})
    return folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., tuple[str, str]]:
    def call(*arguments: str, status: int = 0) -> tuple[str, str]:
        assert main(["eval", *arguments, "--data-dir", str(tmp_path / "data")]) == status
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said.out, said.err

    return call


def test_json_holds_one_row_per_set_and_retriever(
    told: Callable[..., tuple[str, str]], sets: Path, tmp_path: Path
) -> None:
    answer = json.loads(told("--data", str(sets), "--sets", "full", "--json")[0])
    rows = answer["sets"]
    names = ["bm25_words", "bm25_bigrams", "dense", "langchain", "huiqi"]
    assert [(row["name"], row["retriever"]) for row in rows] == [("full", name) for name in names]
    assert list(answer) == ["sets"]
    assert all(list(row) == KEYS for row in rows)
    assert all(row["mrr@10"] == 1 for row in rows)
    assert all(0 < row["ms_median"] <= row["ms_p95"] for row in rows)
    assert all(row["memory_mb"] > 20 for row in rows)
    models = {row["retriever"]: row["model_mb"] for row in rows}
    weights = (SHIPPED_MODEL / "model.safetensors").stat().st_size / 2**20
    assert models["bm25_words"] == models["bm25_bigrams"] == 0
    assert models["dense"] == models["langchain"] == models["huiqi"] >= round(weights, 1)
    assert not (tmp_path / "data").exists()


def test_the_table_lines_up_and_says_what_was_sampled(
    told: Callable[..., tuple[str, str]], sets: Path
) -> None:
    chosen = ["--sets", "wrong,full", "--retrievers", "dense,bm25_bigrams", "--limit", "2"]
    lines = told("--data", str(sets), *chosen)[0].splitlines()
    (note,) = [line for line in lines if "抽取" in line]
    assert "2" in note
    head, *rows = [line for line in lines if line and line != note]
    assert [re.split(r" +", row)[:3] for row in rows] == [
        ["wrong", "dense", "1"],
        ["wrong", "bm25_bigrams", "1"],
        ["full", "dense", "2"],
        ["full", "bm25_bigrams", "2"],
    ]
    assert {width(line) for line in [head, *rows]} == {width(head)}


def test_a_retriever_whose_library_is_missing_is_left_out_with_the_cure(
    told: Callable[..., tuple[str, str]], sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bm25s", None)
    chosen = ["--data", str(sets), "--sets", "full", "--json", "--retrievers"]
    out, err = told(*chosen, "bm25_words,bm25_bigrams")
    assert [row["retriever"] for row in json.loads(out)["sets"]] == ["bm25_bigrams"]
    assert "bm25s" in err
    assert "pip install 'huiqi[eval]'" in err
    out, err = told(*chosen, "bm25_words", status=3)
    assert out == ""
    assert "huiqi[eval]" in err


def test_without_data_the_cases_of_a_source_checkout_are_used_if_there_are_any(
    told: Callable[..., tuple[str, str]],
    sets: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert evaluation.OWN_CASES == ROOT / "tests" / "cases" / "retrieval"
    monkeypatch.setattr(evaluation, "OWN_CASES", tmp_path / "nowhere")
    assert "--data" in told(status=1)[1]
    monkeypatch.setattr(evaluation, "OWN_CASES", sets)
    rows = json.loads(told("--retrievers", "bm25_bigrams", "--json")[0])["sets"]
    assert [(row["name"], row["recall@1"]) for row in rows] == [("full", 1), ("wrong", 0)]


@pytest.mark.parametrize(
    ("arguments", "status", "named"),
    [
        (["--data", "{sets}/nowhere"], 1, "nowhere"),
        (["--data", "{sets}/full"], 1, "上一级"),
        (["--data", "{sets}", "--sets", "full,none"], 1, "“none”"),
        (["--data", "{sets}", "--retrievers", "bm25_bigrams,magic"], 2, "magic"),
        (["--data", "{sets}", "--retrievers", "huiqi,huiqi"], 2, "huiqi"),
        (["--data", "{sets}", "--sets", ""], 2, "--sets"),
        (["--data", "{sets}", "--sets", "full,"], 2, "--sets"),
        (["--data", "{sets}", "--limit", "0"], 2, "正整数"),
        (["--data", "{sets}", "--limit", "few"], 2, "正整数"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(
    told: Callable[..., tuple[str, str]], sets: Path, arguments: list[str], status: int, named: str
) -> None:
    out, err = told(*(one.format(sets=sets) for one in arguments), status=status)
    assert out == ""
    assert named in err.splitlines()[-1]


def test_one_broken_set_among_several_is_named_before_anything_runs(
    told: Callable[..., tuple[str, str]], sets: Path
) -> None:
    (sets / "wrong" / "queries.jsonl").write_text("{\n", encoding="utf8")
    out, err = told("--data", str(sets), status=1)
    assert out == ""
    assert err.count("\n") == 1
    assert "queries.jsonl 第 1 行" in err


def test_a_model_that_cannot_be_opened_is_something_down(
    told: Callable[..., tuple[str, str]],
    sets: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HUIQI_EMBEDDING_MODEL", str(tmp_path / "no-model"))
    out, err = told("--data", str(sets), "--retrievers", "dense", "--json", status=3)
    assert out == ""
    assert "no-model" in err


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_was_measured_before_a_failure_is_told(
    told: Callable[..., tuple[str, str]],
    sets: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    form: list[str],
) -> None:
    monkeypatch.setenv("HUIQI_EMBEDDING_MODEL", str(tmp_path / "no-model"))
    chosen = ["--sets", "full", "--retrievers", "bm25_bigrams,dense", *form]
    out, err = told("--data", str(sets), *chosen, status=3)
    assert "no-model" in err
    if form:
        assert [row["retriever"] for row in json.loads(out)["sets"]] == ["bm25_bigrams"]
    else:
        assert [line.split()[1] for line in out.splitlines()] == ["检索器", "bm25_bigrams"]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_each_row_is_told_as_soon_as_it_is_measured(
    sets: Path, tmp_path: Path, form: list[str]
) -> None:
    """The process is killed at its first row, long before the others are measured."""
    command = f"-m api.cli eval --data {sets} --retrievers bm25_bigrams,dense,huiqi"
    running = subprocess.Popen(
        [sys.executable, *command.split(), *form, "--data-dir", str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    assert running.stdout is not None
    out = b""
    while b"bm25_bigrams" not in out:
        read = running.stdout.read1()
        assert read
        out += read
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert b"dense" not in out
    running.stdout.close()


def test_the_console_script_measures_too(sets: Path, tmp_path: Path) -> None:
    """Each retriever runs in a process that begins by loading this program again."""
    command = f"eval --data {sets} --sets full --retrievers bm25_bigrams,huiqi --json"
    said = subprocess.run(
        [
            str(Path(sys.executable).with_name("huiqi")),
            *command.split(),
            "--data-dir",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    rows: list[dict[str, Any]] = json.loads(said.stdout)["sets"]
    assert [row["ndcg@10"] for row in rows] == [1, 1]


def test_an_interrupted_run_says_so_once_and_leaves_nothing(sets: Path, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    command = f"-m api.cli eval --data {sets} --retrievers huiqi --data-dir {tmp_path / 'data'}"
    running = subprocess.Popen(
        [sys.executable, *command.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
        start_new_session=True,
        # A shell that runs the tests in the background hands interrupts down ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert running.stderr is not None
    assert "评测" in running.stderr.readline()
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all processes at once
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, "", "\n已中断\n")
    assert list((tmp_path / "scratch").iterdir()) == []
    assert _ends(running.pid)


def _ends(group: int) -> bool:
    """Whether every process of a group is gone within half a minute."""
    for _ in range(300):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
