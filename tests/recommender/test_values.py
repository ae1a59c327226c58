"""Comparisons are three-valued: true only when every possibility holds, false only when none does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import load_catalogue
from recommender import yuan
from recommender.values import (
    Choices,
    Interval,
    Listing,
    compare,
    conjunction,
    disjunction,
    negation,
    show,
)

T, F, U = True, False, None
VOCABULARY = load_catalogue().vocabulary


@pytest.fixture(scope="module")
def holds(vocabulary):
    """`holds(code, value, op, asked)`: the three-valued result of one comparison."""

    def test(code, value, op, asked):
        return compare(vocabulary, vocabulary.facts[code], value, op, asked)

    return test


def choices(*possible):
    return Choices(frozenset(possible))


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [(T, T, T, T), (T, F, F, T), (T, U, U, T), (F, F, F, F), (F, U, F, U), (U, U, U, U)],
)
def test_joins_follow_kleene(a, b, both, either):
    for pair in ([a, b], [b, a]):
        assert conjunction(pair) is both
        assert disjunction(pair) is either


def test_the_opposite_of_unknown_is_unknown():
    assert [negation(x) for x in (T, F, U)] == [F, T, U]


@pytest.mark.parametrize(
    ("low", "high", "op", "asked", "result"),
    [
        (10, 10, "gte", 10, T),
        (10, 10, "gt", 10, F),
        (10, 10, "lte", 10, T),
        (10, 10, "lt", 10, F),
        (9, 9, "gte", 10, F),
        (10, 20, "gte", 10, T),
        (10, 20, "gt", 10, U),
        (10, 20, "gte", 20, U),
        (10, 20, "gt", 20, F),
        (10, 20, "lte", 20, T),
        (10, 20, "lt", 20, U),
        (10, 20, "lt", 10, F),
        (10, 20, "lte", 9, F),
        (10, None, "gte", 10, T),
        (10, None, "gte", 11, U),
        (10, None, "lte", 9, F),
        (None, 20, "gt", 20, F),
        (None, 20, "lte", 20, T),
        (None, 20, "gte", 1, U),
        (None, None, "gte", 1, U),
        (10, 20, "eq", 15, U),
        (10, 20, "eq", 21, F),
        (15, 15, "eq", 15, T),
        (10, 20, "ne", 21, T),
        (10, 20, "ne", 15, U),
        (15, 15, "ne", 15, F),
        (10, 20, "in", [1, 2], F),
        (10, 20, "in", [1, 15], U),
        (15, 15, "in", [1, 15], T),
    ],
)
def test_an_interval_decides_only_what_all_of_it_decides(holds, low, high, op, asked, result):
    assert holds("revenue_yuan", Interval(low, high), op, asked) is result


@given(
    st.integers(0, 6),
    st.integers(0, 6),
    st.sampled_from(["gte", "gt", "lte", "lt", "eq", "ne"]),
    st.integers(0, 6),
)
def test_a_decided_interval_is_the_answer_of_each_of_its_points(low, width, op, asked):
    signs = {"gte": "__ge__", "gt": "__gt__", "lte": "__le__", "lt": "__lt__"}
    signs |= {"eq": "__eq__", "ne": "__ne__"}
    points = [low + step / 2 for step in range(2 * width + 1)]
    answers = {getattr(point, signs[op])(float(asked)) for point in points}
    fact = VOCABULARY.facts["revenue_yuan"]
    result = compare(VOCABULARY, fact, Interval(low, low + width), op, asked)
    assert result == (answers.pop() if len(answers) == 1 else None)


@pytest.mark.parametrize(
    ("value", "op", "asked", "result"),
    [
        (choices("A"), "in", ["A", "B"], T),
        (choices("C"), "in", ["A", "B"], F),
        (choices("A", "B"), "in", ["A", "B", "M"], T),
        (choices("A", "C"), "in", ["A", "B"], U),
        (choices("C", "D"), "in", ["A", "B"], F),
        (choices("D"), "ne", "D", F),
        (choices("A", "D"), "ne", "D", U),
        (choices("A", "B"), "ne", "D", T),
        (choices("A", "B"), "eq", "A", U),
        (None, "eq", "A", U),
        (None, "ne", "A", U),
    ],
)
def test_one_of_several_values_decides_only_together(holds, value, op, asked, result):
    assert holds("tax_grade", value, op, asked) is result


@pytest.mark.parametrize(
    ("has", "has_not", "complete", "op", "asked", "result"),
    [
        ("A", "", T, "has_any", ["A", "B"], T),
        ("C", "", T, "has_any", ["A", "B"], F),
        ("", "", T, "has_any", ["A"], F),
        ("C", "", F, "has_any", ["A", "B"], U),
        ("A", "", F, "has_any", ["A", "B"], T),
        ("", "A", F, "has_any", ["A", "B"], U),
        ("", "AB", F, "has_any", ["A", "B"], F),
        ("", "A", F, "has_none", ["A"], T),
        ("A", "", F, "has_none", ["A"], F),
        ("B", "", F, "has_none", ["A"], U),
        ("B", "", T, "has_none", ["A"], T),
    ],
)
def test_a_partly_known_list_leaves_the_rest_unknown(
    holds, has, has_not, complete, op, asked, result
):
    value = Listing(frozenset(has), frozenset(has_not), complete)
    assert holds("talents", value, op, asked) is result


@pytest.mark.parametrize(
    ("region", "op", "asked", "result"),
    [
        ("330326", "within", "330326", T),
        ("330326", "within", "330300", T),
        ("330302", "within", "330326", F),
        ("330300", "within", "330326", U),
        ("330000", "within", "330326", U),
        ("320000", "within", "330326", F),
        ("330302", "eq", "330302", T),
        ("330326", "eq", "330302", F),
        ("330300", "eq", "330302", U),
        ("330302", "in", ["330302", "330303"], T),
        ("330300", "in", ["330302", "330303"], U),
        ("330200", "in", ["330302", "330303"], F),
        ("330300", "ne", "330302", U),
    ],
)
def test_a_region_coarser_than_the_condition_leaves_it_unknown(holds, region, op, asked, result):
    assert holds("region", choices(region), op, asked) is result


def test_two_possible_regions_decide_only_together(holds):
    assert holds("region", choices("330326", "330302"), "within", "330300") is T
    assert holds("region", choices("330326", "330302"), "within", "330326") is U
    assert holds("region", choices("330100", "330200"), "within", "330326") is F


@pytest.mark.parametrize(
    ("industry", "op", "asked", "result"),
    [
        ("3467", "within", "C", T),
        ("3467", "within", "34", T),
        ("3467", "within", "35", F),
        ("34", "within", "3467", U),
        ("C", "within", "3467", U),
        ("C", "within", "A", F),
        ("3467", "eq", "3467", T),
        ("34", "eq", "3467", U),
        ("3467", "in", ["3467", "3542"], T),
        ("35", "in", ["3467", "3542"], U),
        ("36", "in", ["3467", "3542"], F),
    ],
)
def test_an_industry_coarser_than_the_condition_leaves_it_unknown(
    holds, industry, op, asked, result
):
    assert holds("industry", choices(industry), op, asked) is result


def test_known_is_met_by_any_value_and_unknown_without(holds):
    assert holds("sci_index_score", Interval(600, 700), "known", None) is T
    assert holds("sci_index_score", Interval(0, None), "known", None) is T
    assert holds("sci_index_score", None, "known", None) is U


@pytest.mark.parametrize(
    "op", ["eq", "ne", "in", "gte", "lte", "gt", "has_any", "has_none", "within"]
)
def test_an_unknown_fact_is_unknown_under_every_operator(holds, op):
    assert holds("revenue_yuan", None, op, 1) is None


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (950, "950元"),
        (12_600_000, "1260万元"),
        (138_000_000, "1.38亿元"),
        (10_000, "1万元"),
        (0, "0元"),
        (123_456, "12.3456万元"),
    ],
)
def test_money_is_written_as_people_say_it(amount, words):
    assert yuan(amount) == words


def test_what_is_known_is_shown_in_words(vocabulary):
    facts = vocabulary.facts
    assert show(facts["revenue_yuan"], None) == "未知"
    assert show(facts["revenue_yuan"], Interval(5_000_000, 5_000_000)) == "500万元"
    assert show(facts["revenue_yuan"], Interval(0, None)) == "未知"
    assert show(facts["employees"], Interval(10, None)) == "不少于10人"
    assert show(facts["employees"], Interval(0, 20)) == "不超过20人"
    assert show(facts["employees"], Interval(10, 20)) == "10人至20人"
    assert show(facts["debt_ratio"], Interval(0.755, 0.755)) == "75.5%"
    assert show(facts["overdue"], choices(False)) == "否"
    assert show(facts["talents"], Listing(frozenset(), frozenset(), True)) == "无"
    assert show(facts["talents"], Listing(frozenset("A"), frozenset(), False)) == "已知有A,其余未知"


def test_a_partly_known_list_that_names_nothing_held_claims_nothing_held(vocabulary):
    shown = show(vocabulary.facts["talents"], Listing(frozenset(), frozenset("A"), False))
    assert "已知有无" not in shown
    assert "A" in shown
