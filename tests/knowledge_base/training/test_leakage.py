"""No question of a test is learnt from: the check itself, and the texts of the tree that train."""

from pathlib import Path

import pytest

from knowledge_base.training.leakage import OWN_CASES, check, own_questions, report, shared
from knowledge_base.training.pairs import Pair

ROOT = Path(__file__).parents[3]
TRAINING = ROOT / "knowledge_base" / "training"
ASKED = ["机器老了想换新的,有人帮衬吗", "首台套怎么奖励"]
# Texts of the tree that training learns from, each with the column its words begin in.
LEARNT = {
    TRAINING / "synonyms.tsv": 0,
    **dict.fromkeys(sorted((TRAINING / "questions").glob("*.tsv")), 1),
}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("机器老了想换新的,有人帮衬吗", True),
        ("机器老了 想换新的！有人帮衬吗？", True),
        ("机器旧了想换新的,有人帮衬吗", True),
        ("机器设备更新有贴息吗", False),
        ("", False),
    ],
)
def test_a_paraphrase_counts_as_shared_and_another_question_does_not(text: str, same: bool) -> None:
    assert shared([text], ASKED).tolist() == [same]


def test_pairs_are_counted_by_source_for_their_question_or_their_passage() -> None:
    pairs = [
        Pair("one", "首台套如何奖励", "按10%奖励。"),
        Pair("one", "研发费用", "加计扣除。"),
        Pair("two", "奖励", "首台套怎么奖励?"),
        Pair("three", "贴息", "贷款贴息。" * 40),
    ]
    assert check(pairs, ["首台套怎么奖励"])[0] == {"one": 0, "two": 1, "three": 0}
    assert check(pairs, ["首台套如何奖励呢"])[0] == {"one": 1, "two": 0, "three": 0}


def test_the_exit_status_says_whether_anything_is_shared() -> None:
    pairs = [Pair("one", "研发费用怎么扣", "加计扣除。")]
    lines, status = report(pairs, ASKED)
    assert status == 0
    assert any(line.split() == ["one", "1", "0"] for line in lines)
    lines, status = report([*pairs, Pair("two", ASKED[0], "予以贴息。")], ASKED)
    assert status == 1
    assert f"shared: {ASKED[0]}" in lines


@pytest.mark.parametrize("path", LEARNT, ids=lambda path: path.name)
def test_no_text_of_the_tree_that_trains_is_a_question_of_our_cases(path: Path) -> None:
    questions = own_questions(OWN_CASES)
    assert len(questions) > 100
    rows = [line.split("\t") for line in path.read_text(encoding="utf8").splitlines() if line]
    texts = [text for row in rows for text in row[LEARNT[path] :]]
    assert texts
    bad = shared(texts, questions)
    assert [text for text, is_bad in zip(texts, bad, strict=True) if is_bad] == []
