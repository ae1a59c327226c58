"""Who is bound, who benefits, with what force: a bank's duty is no right of an enterprise."""

import pytest

from knowledge_base.statements import read_statements

FORCES = {"commitment", "duty", "ceiling", "encouragement", "goal", "information", "unclear"}
PARTIES = {"enterprise", "bank", "insurer", "guarantor", "department", "research", "carrier"}
PARTIES |= {"talent", "other"}


@pytest.fixture(scope="module")
def stating(policy):
    """The statement of the policy that holds some words."""

    def find(words):
        found = [
            statement
            for clause in policy.clauses
            for statement in clause.statements
            if words in policy.text[statement.start : statement.end]
        ]
        assert len(found) == 1, f"{words}: {len(found)} statements"
        return found[0]

    return find


def test_the_premium_subsidy_is_a_commitment_by_the_department_for_enterprises(stating):
    statement = stating("按保费80%予以补助")
    assert statement.force == "commitment"
    assert statement.bound == ("department",)
    assert statement.benefits == ("enterprise",)


@pytest.mark.parametrize("words", ["最高可达5年", "不超过3个百分点"])
def test_an_upper_bound_is_a_ceiling_and_not_a_promise(stating, words):
    assert stating(words).force == "ceiling"


def test_the_five_year_ceiling_binds_banks_and_benefits_enterprises(stating):
    statement = stating("最高可达5年")
    assert "bank" in statement.bound
    assert statement.benefits == ("enterprise",)


@pytest.mark.parametrize("words", ["不超过3个百分点", "尽职免责", "容忍度相关要求"])
def test_rules_inside_a_bank_never_benefit_enterprises(stating, words):
    statement = stating(words)
    assert "bank" in statement.benefits
    assert "enterprise" not in statement.benefits


def test_the_goals_of_part_one_are_goals_of_the_county(stating):
    statement = stating("科创类贷款新增50亿元")
    assert statement.force == "goal"
    assert statement.bound == ("department",)


@pytest.mark.parametrize("words", ["力争2024—2026年", "“零”突破", "首贷率"])
def test_what_is_striven_for_is_never_a_commitment(stating, words):
    assert stating(words).force == "goal"


def test_keeping_a_ledger_is_a_duty_of_banks(stating):
    statement = stating("要建立台账")
    assert statement.force == "duty"
    assert "bank" in statement.bound
    assert "department" not in statement.bound


@pytest.mark.parametrize("words", ["各单位要高度重视", "金融监管支局要加强"])
def test_duties_of_offices_do_not_bind_banks(stating, words):
    statement = stating(words)
    assert statement.force == "duty"
    assert statement.bound == ("department",)


@pytest.mark.parametrize("words", ["鼓励具备条件的机构", "探索建立科技金融", "“研发贷”"])
def test_encouragement_is_no_duty(stating, words):
    assert stating(words).force == "encouragement"


def test_only_one_commitment_of_the_policy_benefits_enterprises(policy):
    commitments = [
        policy.text[statement.start : statement.end]
        for clause in policy.clauses
        for statement in clause.statements
        if statement.force == "commitment" and "enterprise" in statement.benefits
    ]
    assert commitments == ["我县对购买科技成果先用后转项目保险产品的企业按保费80%予以补助"]


def test_no_statement_of_the_policy_binds_an_enterprise(policy):
    bound = {p for clause in policy.clauses for s in clause.statements for p in s.bound}
    assert "enterprise" not in bound
    assert {"bank", "insurer", "department"} <= bound


def test_every_statement_lies_within_its_clause_in_order_and_says_only_known_words(catalogue):
    for document in catalogue.documents.values():
        for clause in document.clauses:
            position = clause.start
            for statement in clause.statements:
                assert position <= statement.start < statement.end <= clause.end, clause.id
                assert statement.force in FORCES
                assert set(statement.bound) | set(statement.benefits) <= PARTIES
                position = statement.end


def test_the_head_states_nothing(policy):
    assert policy.clauses[0].statements == ()


def test_a_promise_holds_for_its_own_words_only():
    text = "我县对购买保险的企业按保费80%予以补助,各银行要加大宣传。"
    promise, duty = read_statements(text, 0, len(text), ("bank",))
    assert (promise.force, promise.bound) == ("commitment", ("department",))
    assert (duty.force, duty.bound) == ("duty", ("bank",))


def test_words_without_any_marker_of_force_are_unclear():
    (statement,) = read_statements("本县共有三个乡镇。", 0, 9, ())
    assert statement.force == "unclear"
    assert statement.bound == ()
