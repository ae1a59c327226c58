"""Documents and clauses a question names: by 文号, title, 「第三条」, 「这个文件」."""

from datetime import date

import pytest

from bot import Bot, Session
from bot.naming import articles
from tests.bot.conftest import VOUCHERS, Serve
from tests.bot.test_places import MEASURE, ON, THERE, cited


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ("苍科〔2025〕12号第三条怎么说", "3"),
        ("苍科[2025]12号第4条", "4"),
        ("《苍南县科技创新券管理办法》第八条", "8"),
        ("科技创新券管理办法第六条原文", "6"),
    ],
)
def test_a_numbered_clause_of_a_named_document_is_recited(
    county: Bot, message: str, path: str
) -> None:
    answer, clauses = cited(county, None, message)
    assert answer.status == "answered"
    assert clauses == [f"{MEASURE}:{path}"]


def test_a_clause_number_after_an_answer_means_the_document_cited(county: Bot) -> None:
    _, clauses = cited(county, THERE, "科技创新券怎么兑付", "第四条怎么说")
    assert clauses == [f"{MEASURE}:4"]


def test_a_clause_a_named_document_lacks_is_never_quoted(county: Bot) -> None:
    answer, clauses = cited(county, THERE, "苍科〔2025〕12号第九条怎么说")
    assert answer.status == "not_in_corpus"
    assert "不存在" in answer.answer
    assert clauses == []


def test_a_clause_number_alone_asks_which_document_where_several_are_served(
    serve: Serve,
) -> None:
    other = VOUCHERS.replace("12号", "13号").replace("科技创新券", "数字化改造券")
    bot = serve(VOUCHERS, other)
    answer, clauses = cited(bot, THERE, "第三条怎么说")
    assert answer.status == "asks"
    assert clauses == []


def test_a_title_that_is_not_collected_is_said_so(county: Bot) -> None:
    answer, clauses = cited(county, THERE, "《苍南县工业企业奖励办法》怎么说")
    assert answer.status == "not_in_corpus"
    assert "《苍南县工业企业奖励办法》" in answer.answer
    assert clauses == []


def test_a_named_document_answers_alone(county: Bot) -> None:
    _, clauses = cited(county, THERE, "苍科〔2025〕12号里孵化基地的租金怎么算")
    assert {id.partition(":")[0] for id in clauses} == {MEASURE}


def test_numbers_of_clauses_are_read_in_both_scripts() -> None:
    assert articles("第十二条和第3项") == (12, 3)
    assert articles("第二十一条、第一百零五条") == (21, 105)
    assert articles("第一次申请") == ()


def test_a_long_run_of_clause_numbers_is_read_in_no_time(bot: Bot) -> None:
    answer, _ = bot.reply(Session.new(), "第一条" * 600, date(2026, 11, 22))
    assert answer.status != "error"


def test_the_day_decides_which_version_of_validity_is_said(county: Bot) -> None:
    answer, _ = cited(county, THERE, "苍科〔2025〕12号还有效吗", on=date(2028, 1, 1))
    assert "已经届满" in answer.answer
    answer, _ = cited(county, THERE, "苍科〔2025〕12号还有效吗", on=ON)
    assert "在有效期内" in answer.answer


def test_a_number_printed_without_brackets_names_its_document(serve: Serve) -> None:
    odd = VOUCHERS.replace("苍科〔2025〕12号", "苍科函2025年第12号")
    bot = serve(odd)
    held = [d for d in bot.catalogue.documents.values() if d.region == "330327"]
    assert held[0].document_number == "苍科函2025年第12号"
    _, clauses = cited(bot, THERE, "苍科函2025年第12号第三条")
    assert clauses == [f"{held[0].id}:3"]
