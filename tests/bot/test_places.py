"""Another county's policy answers that county's firms and nobody else's."""

from datetime import date

import pytest

from bot import Bot, Session
from tests.bot.conftest import ENDED, VOUCHERS, Serve

ON = date(2026, 11, 22)
THERE, HERE = {"region": "330327"}, {"region": "330326"}
MEASURE = "330327-cangke-2025-12"


def cited(bot: Bot, facts: dict[str, str] | None, *messages: str, on: date = ON):  # type: ignore[no-untyped-def]
    session = Session.new(facts)
    for message in messages:
        answer, session = bot.reply(session, message, on)
    return answer, [c.clause_id for c in answer.citations]


@pytest.mark.parametrize("facts", [THERE, None, {"region": "330300"}])
def test_an_ingested_county_answers_its_own_and_whoever_names_it(
    county: Bot, facts: dict[str, str] | None
) -> None:
    answer, clauses = cited(county, facts, "苍南县科技创新券最高补多少")
    assert clauses == [f"{MEASURE}:3"]
    assert "60%" in answer.answer
    answer, clauses = cited(county, facts, "苍南县有什么科技创新券政策")
    assert f"{MEASURE}:3" in clauses


def test_a_neighbours_measure_is_refused_by_its_name_and_number(county: Bot) -> None:
    for message in (
        "苍南县科技创新券最高补多少",
        "苍科〔2025〕12号第三条怎么说",
        "《苍南县科技创新券管理办法》还有效吗",
    ):
        answer, clauses = cited(county, HERE, message)
        assert answer.status == "not_in_corpus"
        assert clauses == []
        assert "没有收录" not in answer.answer
        assert "平阳县" in answer.answer


def test_a_measure_not_named_never_reaches_a_neighbour(county: Bot) -> None:
    for message in ("科技创新券怎么兑付", "孵化基地租金减免几年", "第三条怎么说"):
        _, clauses = cited(county, HERE, message)
        assert not [id for id in clauses if id.startswith("330327")]


def test_the_first_county_s_clauses_and_sheets_do_not_reach_the_other(county: Bot) -> None:
    for message in (
        "先用后转保险补多少",
        "买保险有补助吗?",
        "银行把我拒了,怎么办?",
        "一对一是什么",
    ):
        _, clauses = cited(county, THERE, message)
        assert not [id for id in clauses if id.startswith(("pingyang", "p30"))], message


def test_a_place_without_policies_is_said_not_to_be_collected(county: Bot) -> None:
    answer, clauses = cited(county, None, "瑞安市科技创新券政策")
    assert "没有收录瑞安" in answer.answer
    assert clauses == []


def test_a_county_counts_as_served_only_from_the_day_of_its_first_policy(serve: Serve) -> None:
    bot = serve(VOUCHERS)
    answer, clauses = cited(bot, None, "苍南县有什么科技创新券政策", on=date(2025, 1, 1))
    assert "没有收录苍南县" in answer.answer
    assert clauses == []


def test_one_tenant_s_upload_serves_nobody_else_s_county(serve: Serve) -> None:
    bot = serve(VOUCHERS, tenant="bank")
    answer, clauses = cited(bot, None, "苍南县有什么科技创新券政策")
    assert "没有收录苍南县" in answer.answer
    assert clauses == []


def test_a_place_asked_of_is_kept_over_the_follow_ups(county: Bot) -> None:
    talk = ("苍南县科技创新券怎么兑付", "那最高多少", "要交什么材料")
    assert cited(county, None, *talk[:2])[1] == [f"{MEASURE}:3"]
    assert cited(county, None, *talk)[1] == [f"{MEASURE}:4"]


def test_where_the_enterprise_says_it_is_counts_in_the_same_message(county: Bot) -> None:
    _, clauses = cited(county, None, "我们是苍南县的企业,科技创新券怎么兑付")
    assert f"{MEASURE}:3" in clauses


def test_of_two_places_of_one_name_the_city_beside_it_decides(serve: Serve) -> None:
    first = VOUCHERS.replace("苍南县", "北京市朝阳区").replace("苍科", "朝科")
    bot = serve(first, ENDED)
    for name in ("北京市朝阳区", "北京朝阳", "朝阳区"):
        _, clauses = cited(bot, None, f"{name}科技创新券最高补多少")
        assert clauses == ["110105-chaoke-2025-12:3"]
    _, clauses = cited(bot, None, "长春市朝阳区科技创新券最高补多少")
    assert clauses == []


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("我们公司在泰州市", "321200"),
        ("我们厂在泰州", "321200"),
        ("我们注册在北京市朝阳区", "110105"),
        ("我们公司在鼓楼区", None),
        ("我们的客户在泰州市", None),
        ("我们在平阳", "330326"),
    ],
)
def test_where_a_firm_says_it_is_is_learnt_anywhere_in_the_country(
    county: Bot, message: str, code: str | None
) -> None:
    _, session = county.reply(Session.new(), message, ON)
    assert session.facts.get("region") == code


def test_a_firm_elsewhere_is_not_answered_from_the_home_county(county: Bot) -> None:
    _, clauses = cited(county, None, "我们公司在泰州市,先用后转保费能补多少")
    assert not [id for id in clauses if id.startswith("pingyang")]
