"""Measures against values computed by hand."""

from math import log2

import pytest

from knowledge_base.evaluation.measures import (
    MEASURES,
    means,
    ndcg,
    rate,
    recall,
    reciprocal_rank,
)


def test_recall_counts_the_relevant_among_the_first_k() -> None:
    grades = {3: 1, 8: 1, 9: 1, 4: 0}
    found = [4, 3, 7, 8, 1]
    assert recall(found, grades, 1) == 0
    assert recall(found, grades, 2) == pytest.approx(1 / 3)
    assert recall(found, grades, 100) == pytest.approx(2 / 3)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_row_within_ten() -> None:
    found = list(range(20))
    assert reciprocal_rank(found, {3: 1, 5: 1}, 10) == pytest.approx(1 / 4)
    assert reciprocal_rank(found, {9: 1}, 10) == pytest.approx(1 / 10)
    assert reciprocal_rank(found, {10: 1}, 10) == 0
    assert reciprocal_rank(found, {0: 0, 1: 1}, 10) == pytest.approx(1 / 2)


def test_ndcg_of_equal_grades_is_one_only_when_the_relevant_come_first() -> None:
    grades = {1: 1, 2: 1}
    assert ndcg([2, 1, 9], grades, 10) == pytest.approx(1)
    # Relevant at ranks 1 and 3: (1 + 1/2) / (1 + 1/log2(3)).
    assert ndcg([1, 9, 2], grades, 10) == pytest.approx(1.5 / (1 + 1 / log2(3)))


def test_ndcg_weighs_a_row_by_its_grade() -> None:
    # Grades 1, 3 as found: (1 + 3/log2(3)) over the best order (3 + 1/log2(3)).
    expected = (1 + 3 / log2(3)) / (3 + 1 / log2(3))
    assert ndcg([5, 6], {5: 1, 6: 3}, 10) == pytest.approx(expected)


def test_the_best_order_of_ndcg_holds_no_more_rows_than_are_looked_at() -> None:
    grades = dict.fromkeys(range(15), 1)
    assert ndcg(list(range(10)), grades, 10) == pytest.approx(1)


def test_a_row_judged_below_zero_counts_as_not_relevant() -> None:
    assert rate([1, 2], {1: -1, 2: 1}) == rate([7, 2], {2: 1})


def test_a_question_for_which_nothing_is_found_rates_zero_throughout() -> None:
    assert rate([], {1: 1}) == dict.fromkeys(MEASURES, 0.0)


def test_means_are_over_the_questions() -> None:
    one, none = rate([1], {1: 1}), rate([], {1: 1})
    assert means([one, none, none, one]) == dict.fromkeys(MEASURES, 0.5)
