"""Numbers with bounds and units, and what a promise pays."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.drafting.amounts import Amount, read_amounts
from knowledge_base.drafting.quantities import quantities_in

_UNITS = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8}


def _one(text: str) -> Amount:
    (amount,) = read_amounts(text, 0, len(text))
    return amount


@pytest.mark.parametrize(
    ("words", "low", "high", "unit", "op"),
    [
        ("不低于1000万元", 10_000_000, None, "元", "gte"),
        ("2亿元（含）以下", None, 200_000_000, "元", "lte"),
        ("20人以上（不含20人）", 20, None, "人", "gt"),
        ("超过100人", 100, None, "人", "gt"),
        ("不满五年", None, 5, "年", "lt"),
        ("最高不超过50万元", None, 500_000, "元", "lte"),
        ("50-100万元", 500_000, 1_000_000, "元", "range"),
        ("5000万至2亿元", 50_000_000, 200_000_000, "元", "range"),
        ("百分之八十", 0.8, 0.8, "比例", "eq"),
        ("1.5个百分点", 1.5, 1.5, "百分点", "eq"),
        ("至少有1件", 1, None, "件", "gte"),
        ("满24个月", 24, None, "月", "gte"),
        ("1,200.5万元", 12_005_000, 12_005_000, "元", "eq"),
    ],
)
def test_bounds_and_units_are_read_as_printed(
    words: str, low: float | None, high: float | None, unit: str, op: str
) -> None:
    (quantity,) = quantities_in(f"须{words}")
    assert (quantity.low, quantity.high, quantity.unit, quantity.op) == (low, high, unit, op)
    assert f"须{words}"[quantity.start : quantity.end] == words


@pytest.mark.parametrize("words", ["2019年1月1日", "平科〔2024〕65号", "一、总则", "第三条"])
def test_dates_numbers_of_documents_and_headings_are_no_quantities(words: str) -> None:
    assert list(quantities_in(words)) == []


def test_a_share_of_the_premium_keeps_its_base() -> None:
    amount = _one("我县对购买保险产品的企业按保费80%予以补助")
    assert (amount.kind, amount.low, amount.base) == ("share", 0.8, "保费")


def test_a_share_up_to_a_limit_has_no_lower_end() -> None:
    amount = _one("补偿不超过实际缴纳保费的80%")
    assert (amount.low, amount.high, amount.base) == (None, 0.8, "实际缴纳保费")


def test_a_cap_belongs_to_the_share_before_it() -> None:
    amount = _one("按项目设备投资额的5%给予补助，单家企业最高不超过200万元")
    assert (amount.kind, amount.cap, amount.per) == ("share", 2_000_000, "家")


def test_a_threshold_in_the_applicant_is_no_amount() -> None:
    amount = _one("对年销售收入达1000万元以上的企业，按其研发费用的10%给予奖励")
    assert (amount.kind, amount.low) == ("share", 0.1)


def test_prizes_of_a_ladder_are_tiers_with_their_names() -> None:
    text = "一等奖50万元、二等奖30万元"
    found = read_amounts(text, 0, len(text))
    assert [(a.kind, a.tier, a.low) for a in found] == [
        ("tier", "一等奖", 500_000),
        ("tier", "二等奖", 300_000),
    ]


def test_shares_by_bracket_are_tiers_with_their_bracket() -> None:
    text = "5000万元以下的部分按3%补助,5000万至2亿元的部分按2%补助"
    found = read_amounts(text, 0, len(text))
    assert [(a.tier, a.low) for a in found] == [
        ("5000万元以下的部分", 0.03),
        ("5000万至2亿元的部分", 0.02),
    ]


def test_a_sum_for_each_person_is_paid_per_unit() -> None:
    amount = _one("每新增1人补助2000元")
    assert (amount.kind, amount.low, amount.per) == ("per_unit", 2000, "人")


@given(
    number=st.decimals(min_value=0, max_value=10**6, places=4, allow_nan=False),
    unit=st.sampled_from(sorted(_UNITS)),
)
def test_money_is_exact_whatever_the_unit(number: Decimal, unit: str) -> None:
    exact = number * _UNITS[unit]
    (quantity,) = quantities_in(f"补助{number}{unit}")
    if exact == exact.to_integral_value():
        assert quantity.value == int(exact)
        assert isinstance(quantity.value, int)
    else:
        assert quantity.value == float(exact)


@given(st.text(alphabet="按保费80%不超过最高5万元、,。一二十(含)以上每家人亿至-的", max_size=80))
def test_every_amount_points_at_its_own_words(text: str) -> None:
    for amount in read_amounts(text, 0, len(text)):
        assert text[amount.start : amount.end] == amount.words


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("piece", ["一、", "((((", "1,111", "5万至", "一二三", "不超过", "按3%,"])
def test_reading_takes_time_linear_in_the_text(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    read_amounts(text, 0, len(text))


@pytest.mark.parametrize(
    "words",
    ["最高可达500万元", "最高可获500万元", "最高可贷500万元", "最高可给予500万元", "最高至500万元"],
)
def test_words_of_a_ceiling_stay_with_its_number(words: str) -> None:
    (amount,) = read_amounts(f"额度{words}", 0, len(words) + 2)
    assert (amount.kind, amount.words, amount.high) == ("ceiling", words, 5_000_000)
