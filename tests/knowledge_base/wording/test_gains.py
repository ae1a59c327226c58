"""Who gains: whoever is paid, never who only describes him, nor whom an earlier sentence named."""

import pytest

from knowledge_base.statements import read_statements


def _benefits(text: str, default: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [one.benefits for one in read_statements(text, 0, len(text), default)]


def test_whoever_only_describes_the_one_who_is_paid_gains_nothing():
    text = "对组织游客达到1万人次以上的旅行社给予5万元奖励。"
    assert _benefits(text) == [("enterprise",)]


def test_two_who_are_paid_in_one_breath_both_gain():
    text = "对困难家庭和符合条件的企业给予5万元补助。"
    assert _benefits(text) == [("enterprise", "other")]


def test_a_bank_whose_loan_somebody_has_gains_nothing_by_his_relief():
    text = "个人使用商业银行贷款的,每月给予1000元贴息。"
    assert _benefits(text) == [("other",)]


def test_a_bank_that_is_paid_gains():
    text = "对发放首笔贷款的银行给予5万元奖励。"
    assert _benefits(text) == [("bank",)]


@pytest.mark.parametrize("cap", ["补贴期限不超过2年。", "补助资金比例不超过投资额的10%。"])
def test_a_cap_on_a_time_or_a_share_tells_of_nobody(cap):
    assert _benefits(f"对企业给予补贴5万元。{cap}") == [("enterprise",), ()]


def test_a_cap_on_the_money_is_the_gain_of_whoever_was_named_before():
    assert _benefits("对企业给予20%的补贴,最高不超过50万元。") == [("enterprise",), ("enterprise",)]


def test_rules_inside_a_bank_concern_lenders_only_where_lenders_are_spoken_of():
    text = "探索建立尽职免责机制。"
    assert _benefits(text, ("department",)) == [()]
    assert _benefits(text, ("bank",)) == [("bank", "insurer")]
