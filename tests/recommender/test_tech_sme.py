"""科技型中小企业 self-check: basic conditions bar, a direct ground confirms, a gap leaves it unknown."""

from dataclasses import replace
from datetime import date

import pytest

from recommender.standards import load_tech_sme_standard

GOOD = {
    "entity_type": "企业",
    "employees": 100,
    "revenue_yuan": 50_000_000,
    "assets_yuan": 40_000_000,
    "abnormal": False,
    "env_penalty": False,
    "rd_staff": 10,
    "rd_spend_yuan": 3_000_000,
    "total_cost_yuan": 45_000_000,
    "ip_class1": 0,
    "ip_class2": 4,
    "titles": [],
}
CERTIFICATE = [{"name": "高新技术企业", "until": "2028-01-01"}]


@pytest.fixture(scope="module")
def standing(recommender, profile):
    """`standing(facts…)`: the self-check of the good enterprise with some facts changed."""

    def of(**raw):
        facts = recommender.facts(profile({**GOOD, **raw}))
        return recommender.standings(facts)[0]

    return of


def points(standing):
    return [indicator.points for indicator in standing.indicators]


def test_a_good_enterprise_meets_the_standard(standing):
    found = standing()
    assert points(found) == [4, 50, 24]
    assert (found.total, found.result, found.missing) == (78, "met", ())
    assert found.document_number == "国科发政〔2017〕115号"


@pytest.mark.parametrize(
    ("staff", "earned"),
    [(9, 0), (10, 4), (14, 4), (15, 8), (20, 12), (25, 16), (29, 16), (30, 20), (100, 20)],
)
def test_staff_points_follow_the_bands_with_their_lower_end(standing, staff, earned):
    assert points(standing(rd_staff=staff))[0] == earned


@pytest.mark.parametrize(
    ("spend", "earned"),
    [
        (999_999, 0),
        (1_000_000, 10),
        (1_500_000, 20),
        (2_000_000, 30),
        (2_500_000, 40),
        (2_999_999, 40),
        (3_000_000, 50),
    ],
)
def test_research_points_follow_the_share_of_revenue(standing, spend, earned):
    assert points(standing(rd_spend_yuan=spend))[1] == earned


def test_the_better_of_the_two_research_ratios_counts(standing):
    """3% of revenue earns 20, 25% of cost earns 40."""
    assert points(standing(rd_spend_yuan=1_500_000, total_cost_yuan=6_000_000))[1] == 40


def test_the_best_ratio_suffices_when_the_other_is_unknown(standing):
    assert points(standing(total_cost_yuan=None))[1] == 50
    found = standing(total_cost_yuan=None, rd_spend_yuan=1_500_000)
    assert points(found)[1] is None
    assert found.missing == ("total_cost_yuan",)


def test_zero_revenue_leaves_the_cost_ratio_to_decide(standing):
    assert points(standing(revenue_yuan=0, total_cost_yuan=10_000_000))[1] == 50


@pytest.mark.parametrize(
    ("first", "second", "earned"),
    [(1, 0, 30), (0, 0, 0), (0, 1, 6), (0, 2, 12), (0, 3, 18), (0, 4, 24), (0, 99, 24), (3, 9, 30)],
)
def test_intellectual_property_counts_as_stated(standing, first, second, earned):
    assert points(standing(ip_class1=first, ip_class2=second))[2] == earned


def test_an_invalid_right_still_counts_as_stated(standing):
    assert points(standing(ip_valid=False))[2] == 24


def test_without_research_staff_no_total_is_enough(standing):
    found = standing(rd_staff=9, ip_class1=1)
    assert (found.total, found.result) == (80, "unmet")


@pytest.mark.parametrize(
    ("raw", "total", "result"),
    [
        ({"rd_spend_yuan": 1_500_000, "ip_class2": 4}, 48, "unmet"),
        ({"rd_spend_yuan": 2_000_000, "ip_class2": 4, "rd_staff": 15}, 62, "met"),
        ({"rd_spend_yuan": 2_500_000, "ip_class2": 2, "rd_staff": 15}, 60, "met"),
        ({"rd_spend_yuan": 2_500_000, "ip_class2": 2, "rd_staff": 14}, 56, "unmet"),
    ],
)
def test_sixty_points_pass_and_fewer_do_not(standing, raw, total, result):
    found = standing(**raw)
    assert (found.total, found.result) == (total, result)


@pytest.mark.parametrize(
    ("raw", "fact"),
    [
        ({"entity_type": "个体工商户"}, "entity_type"),
        ({"employees": 501, "rd_staff": 200}, "employees"),
        ({"revenue_yuan": 200_000_001}, "revenue_yuan"),
        ({"assets_yuan": 200_000_001}, "assets_yuan"),
        ({"abnormal": True}, "abnormal"),
        ({"env_penalty": True}, "env_penalty"),
    ],
)
def test_a_failed_basic_condition_bars_even_with_a_certificate(standing, raw, fact):
    found = standing(**raw, titles=CERTIFICATE)
    assert [failed["fact"] for failed in found.failed] == [fact]
    assert found.result == "barred"


@pytest.mark.parametrize(
    "raw",
    [
        {"employees": 500, "rd_staff": 50},
        {"revenue_yuan": 200_000_000, "rd_spend_yuan": 12_000_000},
        {"assets_yuan": 200_000_000},
    ],
)
def test_a_basic_condition_holds_at_its_bound(standing, raw):
    assert standing(**raw).result == "met"


def test_a_barred_enterprise_still_learns_all_that_is_missing(standing):
    found = standing(abnormal=True, env_penalty=None, rd_staff=None, ip_class2=None)
    assert found.result == "barred"
    assert set(found.missing) == {"env_penalty", "rd_staff", "ip_class2"}


@pytest.mark.parametrize("code", ["entity_type", "assets_yuan", "abnormal", "env_penalty"])
def test_an_unknown_basic_condition_leaves_it_unknown_even_with_a_certificate(standing, code):
    found = standing(**{code: None}, titles=CERTIFICATE)
    assert found.result == "unknown"
    assert code in found.missing


def test_an_unknown_indicator_leaves_it_unknown_even_where_sixty_is_out_of_reach(standing):
    found = standing(rd_spend_yuan=0, ip_class2=0, rd_staff=None)
    assert (found.total, found.result) == (None, "unknown")
    assert found.missing == ("rd_staff",)


def test_a_valid_certificate_confirms_whatever_the_points(standing):
    found = standing(titles=CERTIFICATE, rd_staff=0, ip_class2=0)
    assert found.result == "confirmed"
    assert found.total == 50


def test_an_expired_certificate_confirms_nothing(standing):
    found = standing(titles=[{"name": "高新技术企业", "until": "2026-11-21"}], rd_staff=0)
    assert found.result == "unmet"


def test_an_interval_inside_one_band_earns_its_points(standing):
    found = standing(rd_staff=[15, 19])
    assert points(found)[0] == 8
    assert standing(rd_staff=[15, 20]).indicators[0].points is None


def test_which_indicator_must_score_is_data_of_the_standard(recommender, profile):
    standard = load_tech_sme_standard()
    facts = recommender.facts(profile({**GOOD, "rd_staff": 9, "ip_class1": 1}))
    free = replace(standard, raw={**standard.raw, "must_score": []})
    assert (standard.evaluate(facts).result, free.evaluate(facts).result) == ("unmet", "met")


@pytest.mark.parametrize(("day", "count"), [(date(2017, 5, 2), 0), (date(2017, 5, 3), 1)])
def test_a_standard_not_yet_in_force_gives_no_standing(recommender, profile, day, count):
    assert len(recommender.standings(recommender.facts(profile(GOOD, on=day)))) == count
