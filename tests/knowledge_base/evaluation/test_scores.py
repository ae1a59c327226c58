"""The table of a model's card."""

import re
from pathlib import Path

from knowledge_base import open_embedder
from knowledge_base.evaluation.scores import table
from tests.knowledge_base.evaluation.small_set import ASKED, TEXTS, write_set


def test_a_row_per_set_and_one_more_without_the_answers_that_were_learnt(tmp_path: Path) -> None:
    write_set(tmp_path / "eval" / "full")
    write_set(tmp_path / "eval" / "half", {**ASKED, "补助多少": "b"})
    learnt = TEXTS["b"]
    told = table(tmp_path, open_embedder(), lambda passage: passage.endswith(learnt))
    rows = [re.split(r" *\| *", line.strip("| ")) for line in told.splitlines()[2:]]
    assert [row[:2] for row in rows] == [
        ["full", "4 / 4"],
        ["full, unseen answers only", "3 / 4"],
        ["half", "5 / 4"],
        ["half, unseen answers only", "3 / 4"],
    ]
    assert all(len(row) == 5 for row in rows)
    assert rows[0][2:] == rows[1][2:] == ["1.000 / 1.000 / 1.000"] * 3
    assert rows[2][2:] != rows[3][2:]
    assert table(tmp_path, open_embedder()).count("unseen") == 0
