"""What a document says of itself: its validity, issuer, number and days, each with its words."""

import pytest

from bot import Bot
from tests.bot.conftest import VOUCHERS, Serve
from tests.bot.test_places import MEASURE, THERE, cited

OLD = "330327-cangke-2021-8"


@pytest.mark.parametrize(
    "messages",
    [
        ("苍南县科技创新券管理办法什么时候到期",),
        ("《苍南县科技创新券管理办法》还有效吗",),
        ("科技创新券怎么兑付", "这个文件还有效吗"),
        ("科技创新券管理办法从什么时候开始施行",),
    ],
)
def test_validity_is_answered_by_the_clause_that_states_it(
    county: Bot, messages: tuple[str, ...]
) -> None:
    answer, clauses = cited(county, THERE, *messages)
    assert answer.status == "answered"
    assert clauses == [f"{MEASURE}:8"]
    assert "有效期至2027年12月31日" in answer.answer


@pytest.mark.parametrize(
    "message", ["苍科〔2021〕8号还有效吗", "苍科〔2021〕8号奖励多少", "研发投入增长20%奖励多少"]
)
def test_an_ended_document_gives_the_day_it_ended_and_no_money(county: Bot, message: str) -> None:
    answer, clauses = cited(county, THERE, message)
    assert clauses == [f"{OLD}:3"]
    assert "2023-12-31" in answer.answer
    assert "15万元" not in answer.answer


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("苍科〔2025〕12号是谁发的", "苍南县科学技术局"),
        ("科技创新券管理办法文号是多少", "苍科〔2025〕12号"),
        ("科技创新券管理办法什么时候印发的", "2025年3月10日"),
    ],
)
def test_issuer_number_and_day_are_quoted_from_the_page(
    county: Bot, message: str, words: str
) -> None:
    answer, _ = cited(county, THERE, message)
    assert answer.status == "answered"
    assert [c.quote for c in answer.citations] == [words]


def test_the_first_policy_s_validity_stays_unstated(bot: Bot) -> None:
    answer, clauses = cited(bot, None, "本方案什么时候失效")
    assert answer.status == "not_stated"
    assert "2024—2026年" in answer.answer
    assert "pingyang-2024-65:head" in clauses


def test_a_question_of_validity_that_names_nothing_asks_where_several_are_served(
    serve: Serve,
) -> None:
    other = VOUCHERS.replace("12号", "13号").replace("科技创新券", "数字化改造券")
    answer, clauses = cited(serve(VOUCHERS, other), THERE, "有效期到什么时候")
    assert answer.status == "asks"
    assert clauses == []
    assert answer.question is not None
    assert answer.question.options is not None
    assert len(answer.question.options) == 2


def test_a_year_past_the_stated_validity_is_said_to_be_past_it(county: Bot) -> None:
    answer, clauses = cited(county, THERE, "到2028年还能申请创新券吗")
    assert "2028年在原文写明的有效期之后" in answer.answer
    assert clauses == [f"{MEASURE}:8"]
