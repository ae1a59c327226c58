"""工信部联企业〔2011〕300号: sixteen industries at their very bounds; intervals give sets of classes."""

import itertools
from datetime import date

import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.standards import load_size_standard
from recommender.values import Interval

STANDARD = load_size_standard()
SIZES = ("大型", "中型", "小型", "微型")
BOUNDS = [
    (category, metric, rank)
    for category, metrics in oracle.TABLE.items()
    for metric in metrics
    for rank in range(3)
]


@pytest.fixture(scope="module")
def sizes(profile, recommender):
    """`sizes(facts…)`: the possible classes of an enterprise."""

    def of(**raw):
        return list(recommender.size_classes(recommender.facts(profile(raw))))

    return of


def test_the_table_has_the_sixteen_industries_and_their_indicators():
    assert {c: set(row) for c, row in STANDARD.rows.items()} == {
        c: set(row) for c, row in oracle.TABLE.items()
    }
    assert len(STANDARD.rows) == 16
    assert STANDARD.document_number == "工信部联企业〔2011〕300号"


def test_every_sizing_industry_of_the_vocabulary_is_in_the_table(vocabulary):
    assert set(vocabulary.facts["size_category"].values) == set(STANDARD.rows)


def at_bound(category, rank):
    """Every indicator exactly at the lower bound of a class."""
    return {metric: oracle.bounds(category, metric)[rank] for metric in oracle.TABLE[category]}


@pytest.mark.parametrize(("category", "metric", "rank"), BOUNDS)
def test_a_class_begins_at_its_bound_and_not_just_below(sizes, category, metric, rank):
    figures = at_bound(category, rank)
    assert sizes(size_category=category, **figures) == [SIZES[rank]]
    below = {**figures, metric: figures[metric] - 1}
    found = sizes(size_category=category, **below)
    assert found == [oracle.size_of(category, below)]
    assert SIZES.index(found[0]) > rank


@pytest.mark.parametrize("category", oracle.TABLE)
def test_one_small_indicator_is_enough_to_be_a_micro_enterprise(sizes, category):
    for metric in oracle.TABLE[category]:
        figures = {**at_bound(category, 0), metric: 0}
        assert sizes(size_category=category, **figures) == ["微型"]


@pytest.mark.parametrize("category", oracle.TABLE)
def test_without_any_figure_every_class_is_possible(sizes, category):
    assert sizes(size_category=category) == list(SIZES)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"employees": [250, 350], "revenue_yuan": 50_000_000}, ["中型", "小型"]),
        ({"employees": [1000, None], "revenue_yuan": [400_000_000, None]}, ["大型"]),
        ({"employees": 2000, "revenue_yuan": [0, 500_000_000]}, list(SIZES)),
        ({"employees": [None, 19]}, ["微型"]),
        ({"employees": 30}, ["小型", "微型"]),
        ({"revenue_yuan": 12_000_000}, ["小型", "微型"]),
        ({"employees": 300, "revenue_yuan": 20_000_000}, ["中型"]),
        ({"employees": 299, "revenue_yuan": 20_000_000}, ["小型"]),
    ],
)
def test_an_interval_or_a_gap_leaves_a_set_of_classes_in_industry(sizes, raw, found):
    assert sizes(size_category="工业", **raw) == found


_ENDS = st.tuples(st.sampled_from(range(5)), st.sampled_from(range(5))).map(sorted)


@given(st.sampled_from(sorted(oracle.TABLE)), st.lists(_ENDS, min_size=3, max_size=3))
def test_the_possible_classes_are_those_of_all_figures_in_the_intervals(category, ends):
    """Against every grid point the intervals contain: bounds, just below them, zero, far above."""
    known, grids = {}, {}
    for metric, (low, high) in zip(sorted(oracle.TABLE[category]), ends, strict=False):
        steps = [0, *sorted(oracle.bounds(category, metric)), 10**12]
        known[metric] = Interval(steps[low], steps[high])
        points = {s for b in steps for s in (b, b - 1)}
        grids[metric] = [p for p in points if steps[low] <= p <= steps[high]]
    expected = {
        oracle.size_of(category, dict(zip(grids, combination, strict=True)))
        for combination in itertools.product(*grids.values())
    }
    assert STANDARD.possible(frozenset({category}), known) == expected


@pytest.mark.parametrize("industry", ["6621", "J", "8411", "91", "7040", "5311"])
def test_industries_the_standard_leaves_out_have_no_size(sizes, industry):
    assert sizes(industry=industry, employees=50, revenue_yuan=1, assets_yuan=1) == []


@pytest.mark.parametrize(
    ("industry", "found"),
    [("3467", ["小型"]), ("C", ["小型"]), ("6513", ["中型"]), ("7320", ["中型"])],
)
def test_the_sizing_industry_is_derived_from_the_industry_code(sizes, industry, found):
    assert sizes(industry=industry, employees=150, revenue_yuan=30_000_000) == found


def test_a_stated_sizing_industry_wins_over_the_derived_one(sizes):
    raw = {"industry": "3467", "employees": 150, "revenue_yuan": 30_000_000}
    assert sizes(**raw, size_category="软件信息") == ["中型"]


def test_a_code_spanning_several_sizing_industries_gives_the_union(sizes):
    """F is 批发 or 零售: 30 persons and 6000万 are 中型 in one and 小型 in the other."""
    assert sizes(industry="F", employees=30, revenue_yuan=60_000_000) == ["中型", "小型"]


def test_without_industry_every_class_is_possible(sizes):
    assert sizes(employees=3) == list(SIZES)


def test_one_of_two_sizing_industries_gives_the_union(sizes):
    raw = {"employees": 30, "revenue_yuan": 60_000_000}
    found = sizes(size_category={"one_of": ["批发", "零售"]}, **raw)
    assert found == ["中型", "小型"]


@pytest.mark.parametrize(
    ("day", "found"), [(date(2011, 6, 17), list(SIZES)), (date(2011, 6, 18), ["微型"])]
)
def test_before_the_standard_was_in_force_the_size_is_unknown(recommender, profile, day, found):
    facts = recommender.facts(profile(on=day, size_category="工业", employees=3))
    assert list(recommender.size_classes(facts)) == found
    assert facts.test("size", "in", ["微型"]) is (None if len(found) > 1 else True)
    assert facts.open_inputs("size") == (("size",) if len(found) > 1 else ())
