"""The gold questions: a printed table, at least 27 of 30, and nothing uncited anywhere."""

import pytest

from bot import Bot
from tests.bot.scoring import Score, load, score_case, table

LEAST = 27


@pytest.fixture(scope="module")
def scores(bot: Bot) -> list[Score]:
    profiles = {row["id"]: row["profile"] for row in load("profiles.jsonl")}
    return [score_case(bot, case, profiles) for case in load("questions.jsonl")]


def test_at_least_27_of_the_30_gold_questions_pass(
    scores: list[Score], capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print("\n" + table(scores))
    failed = [f"{s.id}: {s.said}" for s in scores if not s.passed]
    assert sum(s.passed for s in scores) >= LEAST, "\n".join(failed)


def test_no_answer_states_anything_uncited(scores: list[Score]) -> None:
    assert [s.id for s in scores if not s.verbatim] == []


def test_the_code_holds_no_gold_question() -> None:
    from pathlib import Path

    root = Path(__file__).parents[2]
    turns = {turn for case in load("questions.jsonl") for turn in case["turns"] if len(turn) > 9}
    for package in ("bot", "recommender", "knowledge_base", "api"):
        for path in (root / package).rglob("*"):
            if path.suffix in (".py", ".toml", ".tsv", ".md", ".txt", ".html"):
                text = path.read_text(encoding="utf8")
                assert not [turn for turn in turns if turn in text], path
