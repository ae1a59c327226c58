"""BEIR folders read whole, and refused with the file and line at fault."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge_base import InputError
from knowledge_base.evaluation.sets import read_set, set_folders

CORPUS = [
    {"_id": "a", "title": "设备更新", "text": "购置设备按10%补助。"},
    {"_id": "b", "text": "对首台套予以奖励。"},
    {"_id": "c", "title": None, "text": "人才公寓租金减半。"},
]
QUERIES = [
    {"_id": "q1", "text": "买机器给补助吗"},
    {"_id": "q2", "text": "没有判定的问题"},
    {"_id": "q3", "text": "首台套和人才"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\ta\t1\nq3\tb\t2\nq3\tc\t1\nq3\ta\t0\n"


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sets" / "small"
    (made / "qrels").mkdir(parents=True)
    (made / "corpus.jsonl").write_text(lines(CORPUS), encoding="utf8")
    (made / "queries.jsonl").write_text(lines(QUERIES), encoding="utf8")
    (made / "qrels" / "test.tsv").write_text(QRELS, encoding="utf8")
    return made


def refused(folder: Path) -> str:
    with pytest.raises(InputError) as told:
        read_set(folder)
    return str(told.value)


def test_a_set_holds_its_entries_and_the_questions_that_were_judged(folder: Path) -> None:
    found = read_set(folder)
    assert found.name == "small"
    assert [entry.passage for entry in found.entries] == [
        "设备更新 购置设备按10%补助。",
        "对首台套予以奖励。",
        "人才公寓租金减半。",
    ]
    assert found.questions == ("买机器给补助吗", "首台套和人才")
    assert found.grades == ({0: 1}, {1: 2, 2: 1, 0: 0})


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_each_file_may_be_compressed(folder: Path, name: str) -> None:
    plain = read_set(folder)
    path = folder / name
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()
    assert read_set(folder) == plain


def test_the_judgements_may_lack_a_heading(folder: Path) -> None:
    plain = read_set(folder)
    (folder / "qrels" / "test.tsv").write_text(QRELS.split("\n", 1)[1], encoding="utf8")
    assert read_set(folder) == plain


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert str(folder / name) in refused(folder)


@pytest.mark.parametrize(
    "bad",
    ["{", "[]", '{"_id": 1, "text": "x"}', '{"_id": "z"}', '{"_id": "z", "text": "x", "title": 3}'],
)
@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_a_line_that_is_no_entry_is_named_by_file_and_number(
    folder: Path, name: str, bad: str
) -> None:
    if name == "queries.jsonl" and "title" in bad:
        bad = '{"text": "x"}'
    path = folder / name
    path.write_text(path.read_text(encoding="utf8") + "\n" + bad + "\n", encoding="utf8")
    said = refused(folder)
    assert f"{path} 第 5 行" in said


@pytest.mark.parametrize("key", ["_id", "title", "text"])
@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_half_a_character_is_refused_by_file_and_number(folder: Path, name: str, key: str) -> None:
    path = folder / name
    row = json.dumps({"_id": "z", "title": "", "text": "x", key: "好\ud83d"})
    path.write_text(path.read_text(encoding="utf8") + row + "\n", encoding="utf8")
    said = refused(folder)
    assert f"{path} 第 4 行" in said
    assert key in said
    said.encode()


def test_lines_may_end_as_windows_ends_them(folder: Path) -> None:
    plain = read_set(folder)
    (folder / "qrels" / "test.tsv").write_text(QRELS, encoding="utf8", newline="\r\n")
    assert read_set(folder) == plain


def test_an_entry_repeated_word_for_word_counts_once(folder: Path) -> None:
    plain = read_set(folder)
    (folder / "corpus.jsonl").write_text(lines([*CORPUS, CORPUS[0]]), encoding="utf8")
    (folder / "queries.jsonl").write_text(lines([*QUERIES, QUERIES[0]]), encoding="utf8")
    assert read_set(folder) == plain


def test_an_id_given_to_two_texts_is_refused(folder: Path) -> None:
    other = {**CORPUS[0], "text": "另一段。"}
    (folder / "corpus.jsonl").write_text(lines([*CORPUS, other]), encoding="utf8")
    assert "第 4 行" in (said := refused(folder))
    assert "“a”" in said


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("q1\tnone\t1", "“none”"),
        ("gone\ta\t1", "“gone”"),
        ("q1\ta\tyes", "yes"),
        ("q1 a 1", "q1 a"),
        ("q1\ta\t-1", "-1"),
        ("q1\ta\t+1", "+1"),
        ("q1\ta\t1_0", "1_0"),
        ("q1\ta\t１", "１"),
        ("q1\ta\t 1", "q1"),
        ("q1\ta\t1.0", "1.0"),
        ("q1\ta\t" + "9" * 400, "999"),
    ],
)
def test_a_judgement_that_fits_nothing_is_named_by_file_and_number(
    folder: Path, line: str, named: str
) -> None:
    path = folder / "qrels" / "test.tsv"
    path.write_text(f"{QRELS}{line}\n", encoding="utf8")
    said = refused(folder)
    assert f"{path} 第 6 行" in said
    assert named in said


def test_a_set_in_which_nothing_was_judged_relevant_is_refused(folder: Path) -> None:
    (folder / "qrels" / "test.tsv").write_text("q1\ta\t0\n", encoding="utf8")
    assert "small" in refused(folder)


def test_a_set_without_entries_is_refused(folder: Path) -> None:
    (folder / "corpus.jsonl").write_text("\n", encoding="utf8")
    assert "corpus.jsonl" in refused(folder)


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-9], lambda whole: b"\x1f\x8b" + b"x" * 40, lambda _: b"plain"]
)
def test_a_damaged_archive_is_named(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    path = folder / "corpus.jsonl"
    packed = path.with_name("corpus.jsonl.gz")
    packed.write_bytes(damage(gzip.compress(path.read_bytes())))
    path.unlink()
    assert str(packed) in refused(folder)


def test_text_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / "queries.jsonl").write_bytes("买机器".encode("gbk"))
    assert "UTF-8" in refused(folder)


def test_a_sample_is_the_same_every_time_and_keeps_the_whole_corpus(folder: Path) -> None:
    whole = read_set(folder)
    one = whole.sampled(1)
    assert one == whole.sampled(1)
    assert one.entries == whole.entries
    assert len(one.questions) == len(one.grades) == 1
    assert one.grades[0] == whole.grades[whole.questions.index(one.questions[0])]
    assert whole.sampled(None) == whole.sampled(9) == whole


def test_the_sets_of_a_folder_are_its_set_folders_in_order(folder: Path) -> None:
    (folder.parent / "notes.jsonl.gz").write_bytes(b"")
    (folder.parent / ".hidden").mkdir()
    other = folder.parent / "also"
    (other / "qrels").mkdir(parents=True)
    assert set_folders(folder.parent) == [other, folder]
    assert set_folders(folder.parent, ["small"]) == [folder]


@pytest.mark.parametrize("names", [["large"], ["../small"], ["small", "large"], ["small", "small"]])
def test_a_set_that_is_not_there_or_named_twice_is_refused(folder: Path, names: list[str]) -> None:
    with pytest.raises(InputError, match=names[-1].replace(".", "[.]")):
        set_folders(folder.parent, names)


def test_a_folder_without_sets_is_refused_with_what_it_should_hold(folder: Path) -> None:
    with pytest.raises(InputError, match="上一级"):
        set_folders(folder)
    (folder.parent.parent / "empty").mkdir()
    with pytest.raises(InputError, match="corpus"):
        set_folders(folder.parent.parent / "empty")
    with pytest.raises(InputError, match="没有这个目录"):
        set_folders(folder.parent / "nowhere")
