"""Numbers as people write them."""

from datetime import date

import pytest

from bot.figures import amounts, counts, days, read_number, shares


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("营收1260万", 12_600_000, 12_600_000),
        ("一点八个亿", 180_000_000, 180_000_000),
        ("不到300万元", 0, 3_000_000),
        ("应收700多万", 7_000_000, 8_000_000),
        ("超过五千万元", 50_000_000, None),
        ("保费3万5", 35_000, 35_000),
        ("950元", 950, 950),
    ],
)
def test_amounts_keep_their_hedges(text: str, low: float, high: float | None) -> None:
    [figure] = amounts(text)
    assert (figure.low, figure.high) == (low, high)


def test_a_bare_number_is_not_money() -> None:
    assert amounts("二(二)5和2024年") == []


def test_counts_shares_and_days() -> None:
    assert counts("我们26人", "人")[0].exact == 26
    assert counts("两个发明专利", "件|个|项")[0].exact == 2
    assert shares("占比6%")[0].exact == 0.06
    assert shares("百分之五")[0].exact == 0.05
    assert days("2026年12月1日放款")[0][0] == date(2026, 12, 1)
    assert days("2026年2月30日") == []


@pytest.mark.parametrize(
    ("written", "value"), [("十五", 15), ("一百二十", 120), ("三千", 3000), ("一点八", 1.8)]
)
def test_chinese_numerals(written: str, value: float) -> None:
    assert read_number(written) == pytest.approx(value)
