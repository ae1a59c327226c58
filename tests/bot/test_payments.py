"""What counts as money for an enterprise comes from the clause's statements, not from its verb."""

from datetime import date

import pytest

from bot import Bot, Session
from tests.bot.conftest import VOUCHERS, Serve
from tests.bot.test_places import MEASURE, THERE, cited

PAYS = "企业使用科技创新券购买检验检测服务的,按实际支付额的60%予以兑付,最高30万元"


@pytest.mark.parametrize(
    "words",
    [
        PAYS,
        "企业使用科技创新券购买检验检测服务的,一次性兑现10万元",
        "对使用科技创新券的企业返还服务费的50%",
        "企业使用科技创新券的,检验检测费减免30%",
        "企业使用科技创新券融资的,按LPR的50%贴息",
        "企业可凭科技创新券抵扣服务费,最高5万元",
    ],
)
@pytest.mark.parametrize("message", ["科技创新券有补助吗", "科技创新券有奖励吗"])
def test_a_clause_that_pays_by_another_word_is_no_lack_of_money(
    serve: Serve, words: str, message: str
) -> None:
    answer, clauses = cited(serve(VOUCHERS.replace(PAYS, words)), THERE, message)
    assert answer.status == "answered"
    assert clauses[0] == f"{MEASURE}:3"
    assert "未规定" not in answer.answer


def test_a_clause_that_only_encourages_pays_nothing(serve: Serve) -> None:
    bot = serve(VOUCHERS.replace(PAYS, "鼓励企业使用科技创新券购买检验检测服务"))
    answer, _ = cited(bot, THERE, "科技创新券有补助吗")
    assert answer.status in ("not_stated", "partial")
    assert "未规定" in answer.answer


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ("科技创新券最高能补多少", "3"),
        ("谁可以申请创新券", "2"),
        ("创新券申请要交什么材料", "4"),
        ("创新券什么时候截止申请", "5"),
        ("孵化基地房租能减免吗", "7"),
        ("孵化基地租金减免几年", "7"),
    ],
)
def test_what_an_ingested_measure_states_is_not_said_to_be_unstated(
    county: Bot, message: str, path: str
) -> None:
    answer, clauses = cited(county, THERE, message)
    assert answer.status == "answered"
    assert clauses[0] == f"{MEASURE}:{path}"


def test_what_it_leaves_out_is_said_in_its_own_name(county: Bot) -> None:
    answer, _ = cited(county, THERE, "科技创新券受理电话多少")
    assert answer.status == "not_stated"
    assert answer.answer.startswith("本办法未规定")


def test_a_duty_of_banks_is_no_right_of_the_firm(county: Bot) -> None:
    answer, clauses = cited(county, THERE, "银行必须给我们优先办贷款吗")
    assert clauses == [f"{MEASURE}:6"]
    assert "企业不能据此直接要求办理" in answer.answer


def test_a_matter_no_clause_speaks_of_is_not_in_the_corpus(county: Bot) -> None:
    answer, clauses = cited(county, THERE, "工会经费返还比例是多少")
    assert answer.status == "not_in_corpus"
    assert clauses == []


def test_every_answer_is_verbatim(county: Bot) -> None:
    for message in ("科技创新券怎么兑付", "第三条怎么说", "谁可以申请创新券"):
        answer, _ = county.reply(Session.new(THERE), message, date(2026, 11, 22))
        for c in answer.citations:
            assert county.catalogue.documents[c.document_id].text[c.start : c.end] == c.quote


def test_a_sentence_that_announces_a_list_is_quoted_with_it(serve: Serve) -> None:
    listed = "企业申请创新券应当符合下列条件:\n(一)在苍南县注册;\n(二)上年度有研发投入。"
    bot = serve(VOUCHERS.replace("科技创新券支持对象为在苍南县注册的科技型中小企业。", listed))
    answer, clauses = cited(bot, THERE, "申请创新券的条件是什么")
    assert {f"{MEASURE}:2.1", f"{MEASURE}:2.2"} <= set(clauses)
    assert "上年度有研发投入" in answer.answer


def test_a_promise_beside_an_encouragement_is_not_called_mere_encouragement(
    serve: Serve,
) -> None:
    both = "对承租国有用房的企业,免收1个月房租。鼓励业主为企业减免租金,具体由双方协商"
    answer, _ = cited(serve(VOUCHERS.replace(PAYS, both)), THERE, "业主租金能减免吗")
    assert "免收1个月房租" in answer.answer
    assert "不是必须兑现的承诺" not in answer.answer
