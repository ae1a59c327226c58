"""Facts stated in a message: only what is plainly said, partial where a list is partial."""

from datetime import date
from typing import Any

import pytest

from bot.stated import answer_to, facts_stated, merge
from knowledge_base import Vocabulary

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("我们是高企,从没贷过款", {"titles": {"has": ["高新技术企业"], "has_not": []}}),
        ("从没贷过款", {"has_loan_record": False}),
        ("我们没有逾期", {"overdue": False}),
        ("去年营业收入1260万元", {"revenue_yuan": 12_600_000}),
        ("研发费用不到100万", {"rd_spend_yuan": [0, 1_000_000]}),
        ("公司现有45人", {"employees": 45}),
        ("我们有两个发明专利", {"ip_class1": 2}),
        ("纳税信用A级", {"tax_grade": "A"}),
        ("公司2019年成立", {"founded_on": ["2019-01-01", "2019-12-31"]}),
        ("我们公司在平阳", {"region": "330326"}),
        ("有D类人才", {"talents": {"has": ["D"]}}),
        ("先用后转交了5万保费", {"use_first_premium_yuan": 50_000}),
    ],
)
def test_plain_statements_become_facts(
    message: str, facts: dict[str, Any], vocabulary: Vocabulary
) -> None:
    said = facts_stated(message, vocabulary, ON)
    assert facts.items() <= said.items(), said


@pytest.mark.parametrize(
    "message",
    ["首贷户是不是第一次贷款?", "高企有什么优惠", "我们算不算小微企业?", "有没有逾期会怎样?"],
)
def test_questions_state_nothing(message: str, vocabulary: Vocabulary) -> None:
    assert facts_stated(message, vocabulary, ON) == {}


def test_what_is_said_in_chat_leaves_other_titles_unknown(vocabulary: Vocabulary) -> None:
    said = facts_stated("我们是高企", vocabulary, ON)
    assert said["titles"] == {"has": ["高新技术企业"], "has_not": []}


def test_the_denial_wins_over_the_assertion_inside_it(vocabulary: Vocabulary) -> None:
    assert facts_stated("没有逾期", vocabulary, ON)["overdue"] is False


def test_known_facts_stay_unless_the_enterprise_corrects_itself() -> None:
    assert merge({"employees": 26}, {"employees": 30}, correcting=False) == {}
    assert merge({"employees": 26}, {"employees": 30}, correcting=True) == {"employees": 30}


def test_short_replies_answer_the_question_asked(vocabulary: Vocabulary) -> None:
    facts = vocabulary.facts
    assert answer_to(facts["ip_valid"], "都有效,年费交了", vocabulary) is True
    assert answer_to(facts["overdue"], "没有", vocabulary) is False
    assert answer_to(facts["employees"], "大概45人", vocabulary) == 45
    assert answer_to(facts["revenue_yuan"], "两千多万", vocabulary) == [20_000_000, 30_000_000]
    assert answer_to(facts["region"], "平阳", vocabulary) == "330326"
    assert answer_to(facts["tax_grade"], "B级", vocabulary) == "B"
    assert answer_to(facts["titles"], "都没有", vocabulary) == []
    assert answer_to(facts["overdue"], "不清楚", vocabulary) is None


def test_a_reply_about_something_else_answers_nothing(vocabulary: Vocabulary) -> None:
    assert answer_to(vocabulary.facts["use_first_agreement"], "还没买", vocabulary) is None
