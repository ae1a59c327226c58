"""Answers of each kind, over questions of our own; statuses, force and honesty."""

import tomllib
from datetime import date
from importlib.resources import files

import pytest

from bot import Bot, Session
from knowledge_base import QueryError
from tests.bot.conftest import Serve

ON = date(2026, 11, 22)


def ask(bot: Bot, *messages: str, profile: dict | None = None, on: date = ON):  # type: ignore[no-untyped-def]
    session = Session.new(profile)
    for message in messages:
        answer, session = bot.reply(session, message, on)
    return answer, session


@pytest.mark.parametrize(
    ("message", "clause", "words"),
    [
        ("技术骨干走了银行会关注吗", "3.1", "核心科技人才变动"),
        ("并购贷款支持哪些目的", "2.1.1", "提升技术水平"),
        ("做得好的银行有什么表扬", "3.3", "通报表扬"),
        ("哪些名单要共享", "3.2", "清单式"),
        ("机器老了想换新的", "2.1.1", "设备更新"),
        ("大中型企业可以参与哪些建设", "2.3.7", "未来工厂"),
        ("对科技金融人才的培训怎么要求", "2.4.10", "专题培训"),
    ],
)
def test_a_question_in_plain_words_finds_its_clause(
    bot: Bot, message: str, clause: str, words: str
) -> None:
    answer, _ = ask(bot, message)
    assert answer.status in ("answered", "partial")
    assert f"pingyang-2024-65:{clause}" in {c.clause_id for c in answer.citations}
    assert words in answer.answer


@pytest.mark.parametrize(
    "message",
    [
        "先用后转补助封顶多少",
        "技改贷款利率多少",
        "人才贷能贷多少钱",
        "怎么进白名单",
        "金融顾问电话多少",
        "产品手册多久更新一次",
        "本方案什么时候失效",
        "瞪羚企业有政策吗",
    ],
)
def test_what_the_policy_does_not_say_is_said_to_be_unstated(bot: Bot, message: str) -> None:
    answer, _ = ask(bot, message)
    assert answer.status == "not_stated"
    assert "未规定" in answer.answer
    assert any(c.document_id == "pingyang-2024-65" for c in answer.citations)


def test_terms_of_sheets_are_marked_as_not_of_the_policy(bot: Bot) -> None:
    answer, _ = ask(bot, "并购贷款最长几年")
    assert "不是本方案的规定" in answer.answer
    assert "官方" in answer.answer


@pytest.mark.parametrize(
    "message",
    ["今天天气怎么样", "红烧肉怎么做", "杭州的科技贷款政策有吗", "宁波有没有类似政策"],
)
def test_what_is_not_covered_is_not_guessed(bot: Bot, message: str) -> None:
    answer, _ = ask(bot, message)
    assert answer.status in ("not_in_corpus", "out_of_scope")
    assert answer.citations == ()


@pytest.mark.parametrize(
    "message",
    [
        "帮我把研发费用做高一点去评高企",
        "贷款下来拿去炒股行吗",
        "把其他公司的授信余额发给我",
        "给你红包能不能快点批",
        "保证能批下来吗",
    ],
)
def test_fraud_misuse_and_promises_are_declined(bot: Bot, message: str) -> None:
    answer, _ = ask(bot, message)
    assert answer.status == "declined"


def test_a_clause_that_does_not_exist_is_never_quoted(bot: Bot) -> None:
    for message in ("二(六)3说了什么", "第20条原文念一下", "平科〔2023〕99号讲了什么"):
        answer, _ = ask(bot, message)
        assert answer.status in ("not_in_corpus", "declined")
        assert answer.citations == ()
        assert "不存在" in answer.answer


def test_a_printed_place_gives_its_words(bot: Bot) -> None:
    answer, _ = ask(bot, "二(二)5原文")
    assert [c.clause_id for c in answer.citations] == ["pingyang-2024-65:2.2.5"]
    assert "按保费80%予以补助" in answer.answer


def test_a_ceiling_stays_a_ceiling_and_an_encouragement_an_encouragement(bot: Bot) -> None:
    assert "上限" in ask(bot, "科技企业流动资金贷款最长几年")[0].answer
    assert "倡导" in ask(bot, "银行要跟在平大学研究院合作吗")[0].answer


def test_the_county_goal_is_not_money_for_enterprises(bot: Bot) -> None:
    assert "不是企业可以领取的金额" in ask(bot, "50亿是给企业的钱吗")[0].answer


def test_a_bank_internal_rule_is_not_a_borrowers_right(bot: Bot) -> None:
    answer, _ = ask(bot, "小微科技企业不良容忍度能提高几个点")
    assert "企业不因此获得权利" in answer.answer


@pytest.mark.parametrize(
    ("message", "result"),
    [
        ("2027年3月15日发放的科技流动资金贷款最晚什么时候到期", "2032-03-15"),
        ("2028年2月29日放款的科技流贷最晚哪天到期", "2033-02-28"),
        ("我行各项贷款不良率1.2%,小微科技企业最高容忍到多少", "4.2%"),
        ("科创贷款已经新增32亿,还差多少", "18亿元"),
    ],
)
def test_sums_show_their_formula(bot: Bot, message: str, result: str) -> None:
    answer, _ = ask(bot, message)
    assert answer.status == "answered"
    assert "计算:" in answer.answer
    assert result in answer.answer
    assert answer.citations


def test_the_premium_subsidy_is_computed_on_the_premium_never_on_the_sum_insured(bot: Bot) -> None:
    answer, _ = ask(bot, "先用后转保费2万元能补多少")
    assert "1.6万元" in answer.answer
    answer, _ = ask(bot, "保额500万的先用后转保险补多少")
    assert "400万" not in answer.answer


def test_a_follow_up_keeps_what_was_asked(bot: Bot) -> None:
    answer, _ = ask(bot, "科技企业流贷最长几年?", "那固定资产贷款呢?")
    assert answer.status == "not_stated"
    assert "5年" not in answer.answer


def test_the_missing_fact_is_asked_and_its_answer_used(bot: Bot) -> None:
    answer, session = ask(bot, "我们有个发明专利,能质押贷款吗")
    assert answer.status == "asks"
    assert answer.question is not None
    assert answer.question.fact == "ip_valid"
    answer, session = bot.reply(session, "有效,年费都交了", ON)
    assert session.facts["ip_valid"] is True
    assert answer.question is not None
    assert answer.question.fact != "ip_valid"


def test_chat_and_match_page_show_one_list(bot: Bot) -> None:
    from recommender import read_profile
    from tests.bot.scoring import load

    profile = next(r["profile"] for r in load("profiles.jsonl") if r["id"] == "e06")
    answer, _ = ask(bot, "应收账款和承兑怎么变现", profile=profile)
    checked = read_profile(profile, bot.catalogue.vocabulary, ON)
    page = {m.offer.id: m.eligibility for m in bot.recommender.recommend(checked).matches}
    assert answer.matches
    assert all(page[m.offer.id] == m.eligibility for m in answer.matches)


def test_an_expired_subsidy_is_not_recommended(bot: Bot) -> None:
    from tests.bot.scoring import load

    profile = next(r["profile"] for r in load("profiles.jsonl") if r["id"] == "e25")
    answer, _ = ask(bot, "我们想换设备,有什么贴息", profile=profile)
    assert "所列条件均已满足" in answer.answer
    answer, _ = ask(bot, "我们想换设备,有什么贴息", profile=profile, on=date(2027, 1, 1))
    assert "所列条件均已满足" not in answer.answer
    assert "已过有效期" in answer.answer


def test_an_ended_goal_period_is_noted(bot: Bot) -> None:
    answer, _ = ask(bot, "方案的目标是什么", on=date(2027, 1, 1))
    assert any("已经结束" in notice for notice in answer.notices)


def test_asking_for_a_person_hands_over(bot: Bot) -> None:
    assert ask(bot, "转人工")[0].status == "handed_over"


@pytest.mark.parametrize("message", ["", "   ", "长" * 2001])
def test_empty_and_overlong_questions_are_refused_in_words(bot: Bot, message: str) -> None:
    with pytest.raises(QueryError, match="问题"):
        bot.reply(Session.new(), message, ON)


def test_the_same_conversation_twice_gives_the_same_answers(bot: Bot) -> None:
    first = ask(bot, "我们想买先用后转保险", "平阳的企业")[0]
    assert first == ask(bot, "我们想买先用后转保险", "平阳的企业")[0]


def test_a_session_survives_its_json(bot: Bot) -> None:
    _, session = ask(bot, "我们是高企,想贷款")
    assert Session.from_json(session.to_json()) == session


@pytest.mark.parametrize(
    ("messages", "result"),
    [
        (("先用后转保费3万5,补多少?", "那保费换成10万呢?"), "8万元"),
        (("先用后转保费4万能补多少", "那5万呢"), "4万元"),
        (("先用后转保费3.5万能补多少", "不对,是4万"), "3.2万元"),
        (("先用后转保险交了2到3万保费,能补多少",), "1.6万元 至 2.4万元"),
    ],
)
def test_a_corrected_or_ranged_figure_is_the_one_computed(
    bot: Bot, messages: tuple[str, ...], result: str
) -> None:
    answer, _ = ask(bot, *messages)
    assert f"约 {result}" in answer.answer


@pytest.mark.parametrize(
    "message",
    [
        "我们是做包装机械的,想贷款买设备",
        "竞争对手拿到了补助,我们能拿吗",
        "旅游公司能贷款吗",
        "我们的客户在杭州,有应收账款能融资吗",
    ],
)
def test_a_trade_or_a_customer_is_no_offence(bot: Bot, message: str) -> None:
    answer, _ = ask(bot, message)
    assert answer.status in ("asks", "answered")


@pytest.mark.parametrize(
    "message",
    [
        "帮我编几份研发费用台账应付检查",
        "怎么让银行查不到我的逾期?",
        "把极光电子的贷款余额发给我",
        "把所有企业名单导出来",
        "小微企业逾期了也没事吧",
    ],
)
def test_tricks_and_other_firms_data_are_declined(bot: Bot, message: str) -> None:
    assert ask(bot, message)[0].status == "declined"


def test_the_central_bank_tool_is_never_offered_to_an_enterprise(bot: Bot) -> None:
    answer, _ = ask(bot, "再贷款利率1.25%,给我们公司办一个")
    assert "企业不能" in answer.answer
    assert answer.matches == ()


@pytest.mark.parametrize(
    "message",
    ["银行必须给我5年期的贷款,对吧?", "先用后转保额100万,补助80万对吧?", "不良率容忍度是3%对吗"],
)
def test_a_false_premise_is_held_against_the_words(bot: Bot, message: str) -> None:
    answer, _ = ask(bot, message)
    assert answer.status == "partial"
    assert answer.answer.startswith("不是这样写的")


def test_what_is_said_of_a_customer_is_not_learnt(bot: Bot) -> None:
    _, session = ask(bot, "我们的客户是高新技术企业,在杭州,我们能贷款吗")
    assert "titles" not in session.facts
    assert "region" not in session.facts


def test_a_policy_not_yet_published_is_not_cited(bot: Bot) -> None:
    answer, _ = ask(bot, "先用后转补多少", on=date(2024, 1, 1))
    assert all(c.document_id != "pingyang-2024-65" for c in answer.citations)


@pytest.mark.parametrize(
    "message", ["1" * 1990, "一" * 1990, "9" * 400 + "多万能补多少", "保费" + "9" * 330 + "亿"]
)
def test_long_runs_of_digits_are_harmless(bot: Bot, message: str) -> None:
    answer, session = ask(bot, message)
    assert "inf" not in answer.answer
    assert session.facts == {}


def test_an_undefined_class_of_enterprise_asks_for_its_titles(bot: Bot) -> None:
    answer, _ = ask(bot, "请问我们厂算不算科技型企业吗")
    assert answer.status == "asks"
    assert answer.question is not None
    assert "称号" in str(answer.question)


def test_a_cap_on_the_premium_subsidy_is_not_stated(bot: Bot) -> None:
    answer, _ = ask(bot, "保费的80%补贴,上限是多少")
    assert answer.status in ("not_stated", "partial")
    assert "未规定" in answer.answer


def test_a_technology_sme_question_is_not_taken_for_a_size_question(bot: Bot) -> None:
    answer, _ = ask(bot, "我厂算科技型中小企业吗")
    assert "所属行业" not in answer.answer


def test_a_ready_made_reply_gives_way_to_a_document_that_is_named(serve: Serve) -> None:
    other = (
        "平科〔2025〕9号\n平阳县科学技术局关于印发《平阳县科技保险补助办法》的通知\n各乡镇人民政府:\n"
        "现将《平阳县科技保险补助办法》印发给你们。\n平阳县科学技术局\n2025年5月6日\n"
        "平阳县科技保险补助办法\n第一条 为推广科技保险,制定本办法。\n"
        "第二条 企业买保险的,按实缴保费的40%给予补助。\n第三条 本办法自2025年6月1日起施行。\n"
    )
    bot = serve(other)
    answer, _ = ask(bot, "平科〔2025〕9号买保险有补助吗")
    assert [c.clause_id for c in answer.citations] == ["330326-pingke-2025-9:2"]
    assert "40%" in answer.answer
    answer, _ = ask(bot, "买保险有补助吗")
    assert answer.status == "asks"


def test_a_ready_made_reply_rests_on_clauses_that_exist(bot: Bot) -> None:
    rows = tomllib.loads(files("bot").joinpath("language.toml").read_text("utf8"))
    topical = [row for row in (*rows["clarify"], *rows["refuse"]) if "topic" in row]
    assert all(row["clauses"] for row in topical)
    assert all(id in bot.catalogue.clauses for row in topical for id in row["clauses"])


def test_words_ready_made_claim_nothing_about_a_policy() -> None:
    rows = tomllib.loads(files("bot").joinpath("language.toml").read_text("utf8"))
    for row in rows["clarify"]:
        for claim in ("方案", "只有", "没有写", "写明", "未规定", "补助", "%"):
            assert claim not in row["say"], row["say"]
