"""One number, however it is written, counts as one unit of the words index."""

import pytest

from knowledge_base.lexical import LexicalIndex, normalise, units
from knowledge_base.numerals import number_units


def read(text: str) -> list[str]:
    return number_units(normalise(text))


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("三百万元", "3000000"),
        ("300万元", "3000000"),
        ("300 万", "3000000"),
        ("３００万", "3000000"),
        ("3百万", "3000000"),
        ("三百五十万元", "3500000"),
        ("3.5万", "35000"),
        ("三万五", "35000"),
        ("1.2亿元", "120000000"),
        ("一亿二千万", "120000000"),
        ("一千五百人", "1500"),
        ("两千八", "2800"),
        ("六千零五十", "6050"),
        ("一百零五", "105"),
        ("十五", "15"),
        ("第三十条", "30"),
        ("二〇二四年", "2024"),
        ("一九九八年", "1998"),
        ("三年内", "3"),
        ("十个工作日", "10"),
        ("百分之二十", "20%"),
        ("百分之零点五", "0.5%"),
        ("百分之百", "100%"),
        ("百分之一点五", "1.5%"),
        ("叁佰万元", "3000000"),
        ("贰拾万", "200000"),
        ("伍万元整", "50000"),
        ("壹仟贰佰叁拾肆元", "1234"),
        ("20 %", "20%"),
        ("3.50%", "3.5%"),
        ("千分之三", "0.3%"),
        ("3‰", "0.3%"),
        ("二分之一", "50%"),
        ("三成以上", "30%"),
    ],
)
def test_a_number_in_words_or_scaled_gives_the_unit_of_its_digits(written: str, unit: str) -> None:
    assert read(written) == [unit]
    assert units(unit) == [unit]


@pytest.mark.parametrize("printed", ["3,000,000元", "1500人", "20%", "第30条", "2024年", "2.5.11"])
def test_what_is_printed_in_plain_digits_is_its_own_unit_and_gives_no_second(printed: str) -> None:
    assert read(printed) == []


@pytest.mark.parametrize(
    "words",
    ["一些企业", "统一", "第一", "一是二是", "一年", "第三年", "万一", "千万不要", "百万", "十分重要",
     "五险一金", "九三学社", "十四五规划", "二三十家", "三四百万", "几十万", "数百万", "三百来万",
     "一百多万", "一成不变", "形成", "大陆人", "队伍万人", "收拾", "大陆万科", "三分之一", "一二三"],
)  # fmt: skip
def test_words_and_vague_counts_are_no_numbers(words: str) -> None:
    assert read(words) == []


def test_a_question_finds_the_amount_however_the_clause_prints_it() -> None:
    clauses = ["贴息最高三百万元。", "贴息最高30万元。", "职工1500人以下。", "按百分之二十补助。"]
    index = LexicalIndex.build(clauses)
    for question, row in (("300万", 0), ("三十万", 1), ("一千五百", 2), ("20%", 3)):
        assert int(index.scores(question).argmax()) == row


@pytest.mark.parametrize("repeated", ["一", "百", "万", "1", "1万", "一百多", "千亿", "分之"])
@pytest.mark.usefixtures("unhurried")
def test_a_long_row_of_number_signs_is_read_in_linear_time(repeated: str) -> None:
    assert len(number_units(repeated * 300_000)) <= 300_000
