"""What a subsidy would pay: an exact sum when the inputs are known, a range or nothing when not."""

import pytest

from knowledge_base import facts_in
from recommender.benefits import estimate_benefit


@pytest.fixture(scope="module")
def estimate(catalogue, recommender, profile):
    """`estimate(id, facts…)`: the benefit of an offer for an enterprise."""

    def of(id, **raw):
        return estimate_benefit(catalogue.offers[id], recommender.facts(profile(raw)))

    return of


def amounts(benefit):
    return benefit.amount_yuan, benefit.low_yuan, benefit.high_yuan


@pytest.mark.parametrize(
    ("premium", "amount"),
    [(10_000, 8_000), (35_000, 28_000), (1, 0.8), (0, 0), (33.33, 26.66), (123_456.78, 98_765.42)],
)
def test_the_first_use_subsidy_is_80_percent_of_the_premium(estimate, premium, amount):
    benefit = estimate("p30", use_first_premium_yuan=premium)
    assert amounts(benefit) == (amount, amount, amount)
    assert benefit.missing == ()
    assert benefit.citation.clause_id == "pingyang-2024-65:2.2.5"
    assert "80%" in benefit.citation.quote
    assert any("保额" in caveat for caveat in benefit.caveats)
    assert any("未规定" in caveat for caveat in benefit.caveats)


def test_an_unknown_premium_gives_no_amount_and_never_zero(estimate):
    benefit = estimate("p30")
    assert benefit.amount_yuan is None
    assert benefit.high_yuan is None
    assert benefit.missing == ("use_first_premium_yuan",)
    assert benefit.inputs == {"use_first_premium_yuan": "未知"}


def test_a_premium_interval_gives_a_range(estimate):
    assert amounts(estimate("p30", use_first_premium_yuan=[10_000, 20_000])) == (
        None,
        8_000,
        16_000,
    )
    assert amounts(estimate("p30", use_first_premium_yuan=[10_000, None])) == (None, 8_000, None)


def test_the_equipment_subsidy_is_up_to_two_years_of_one_and_a_half_points(estimate):
    benefit = estimate("p02", fixed_asset_loan_yuan=10_000_000)
    assert amounts(benefit) == (None, 0, 300_000)
    assert benefit.missing == ()


@pytest.mark.parametrize(
    ("loan", "high"),
    [(10_000_000, 300_000), (50_000_000, 1_500_000), (50_000_001, 1_500_000), (9e9, 1_500_000)],
)
def test_the_sme_subsidy_is_capped_at_one_and_a_half_million(estimate, loan, high):
    assert amounts(estimate("p03", fixed_asset_loan_yuan=loan)) == (None, 0, high)


def test_the_cap_of_the_sme_subsidy_holds_even_when_the_loan_is_unknown(estimate):
    benefit = estimate("p03")
    assert amounts(benefit) == (None, 0, 1_500_000)
    assert benefit.missing == ("fixed_asset_loan_yuan",)


def test_the_equipment_subsidy_has_no_cap_when_the_loan_is_unknown(estimate):
    assert amounts(estimate("p02")) == (None, 0, None)


def test_the_national_first_set_compensation_is_a_ceiling(estimate):
    assert amounts(estimate("p34", first_set_premium_yuan=240_000)) == (None, 0, 192_000)
    assert amounts(estimate("p34")) == (None, 0, None)


FIRST_SET = {"first_set": "国内", "first_set_premium_yuan": 240_000}


@pytest.mark.parametrize(
    ("raw", "amount"),
    [
        ({"first_set_insured_year": 1, "first_set_rate": 0.018}, 192_000),
        ({"first_set_insured_year": 2, "first_set_rate": 0.018}, 168_000),
        ({"first_set_insured_year": 3, "first_set_rate": 0.018}, 144_000),
        ({"first_set_insured_year": 1, "first_set_rate": 0.02}, 192_000),
        ({"first_set_insured_year": 1, "first_set_rate": 0.04}, 96_000),
        ({"first_set_insured_year": 1, "first_set_rate": 0.018, "first_set": "国际"}, 216_000),
        ({"first_set_insured_year": 1, "first_set_rate": 0.018, "first_set": "省内"}, 168_000),
        (
            {
                "first_set_insured_year": 1,
                "first_set_rate": 0.018,
                "first_set_premium_yuan": 90_000_000,
            },
            5_000_000,
        ),
    ],
)
def test_the_provincial_first_set_compensation_follows_level_year_and_rate(estimate, raw, amount):
    benefit = estimate("p35", **{**FIRST_SET, **raw})
    assert amounts(benefit) == (amount, amount, amount)
    assert benefit.missing == ()


def test_an_unknown_year_and_rate_give_a_range_that_holds_every_case(estimate):
    benefit = estimate("p35", **FIRST_SET)
    assert benefit.amount_yuan is None
    assert benefit.high_yuan == 192_000
    assert benefit.low_yuan <= 2_880  # third year, 60% of a premium at rate 100%
    assert set(benefit.missing) == {"first_set_insured_year", "first_set_rate"}


def test_an_unknown_rate_alone_gives_a_range_below_the_first_year(estimate):
    benefit = estimate("p35", **FIRST_SET, first_set_insured_year=1)
    assert benefit.amount_yuan is None
    assert benefit.high_yuan == 192_000


def test_an_unknown_level_gives_the_range_of_the_levels(estimate):
    benefit = estimate(
        "p35", first_set_premium_yuan=100_000, first_set_insured_year=1, first_set_rate=0.01
    )
    assert amounts(benefit) == (None, 70_000, 90_000)


@pytest.mark.parametrize(
    ("id", "raw", "missing"),
    [
        (
            "p35",
            {"first_set_premium_yuan": 9e7, "first_set_insured_year": 1, "first_set_rate": 0.01},
            (),
        ),
        ("p35", {"first_set_premium_yuan": [9e7, None], "first_set_insured_year": [1, 3]}, None),
        ("p03", {"fixed_asset_loan_yuan": [60_000_000, 80_000_000]}, ()),
        ("p03", {"fixed_asset_loan_yuan": [60_000_000, None]}, ()),
        ("p03", {"fixed_asset_loan_yuan": [40_000_000, 80_000_000]}, ("fixed_asset_loan_yuan",)),
        ("p35", {**FIRST_SET, "first_set_insured_year": 1, "first_set_rate": [0.01, 0.02]}, ()),
        ("p35", {**FIRST_SET, "first_set_rate": [0.01, 0.02]}, ("first_set_insured_year",)),
    ],
)
def test_an_input_that_no_longer_moves_the_sum_is_not_missing(estimate, id, raw, missing):
    found = estimate(id, **raw).missing
    if missing is None:  # the rate is unknown: a premium of any size may still be cut to nothing
        assert "first_set_rate" in found
    else:
        assert found == missing


def test_every_range_holds_the_amounts_of_each_case_inside_it(estimate):
    wide = estimate("p35", **FIRST_SET, first_set_insured_year=[1, 3], first_set_rate=[0.01, 0.04])
    for year in (1, 2, 3):
        for rate in (0.01, 0.02, 0.03, 0.04):
            known = estimate("p35", **FIRST_SET, first_set_insured_year=year, first_set_rate=rate)
            assert wide.low_yuan <= known.amount_yuan <= wide.high_yuan


@pytest.mark.parametrize("kind", ["loan", "guarantee", "insurance", "talent", "supply_chain"])
def test_products_have_no_computed_benefit(catalogue, recommender, profile, gold_profiles, kind):
    facts = recommender.facts(profile(gold_profiles["e11"]))
    offers = [offer for offer in catalogue.offers.values() if offer.kind == kind]
    assert offers
    assert [estimate_benefit(offer, facts) for offer in offers] == [None] * len(offers)


def test_subsidies_whose_ratio_is_not_published_compute_nothing(estimate):
    assert estimate("p36", first_software=True) is None
    assert estimate("p37", first_material=True) is None


def test_a_benefit_shows_its_formula_inputs_and_words(estimate, catalogue):
    benefit = estimate("p35", **FIRST_SET, first_set_insured_year=1, first_set_rate=0.018)
    assert set(benefit.inputs) == set(facts_in(catalogue.offers["p35"].benefit.amount))
    assert benefit.inputs["first_set_premium_yuan"] == "24万元"
    assert benefit.inputs["first_set_rate"] == "1.8%"
    assert "80%" in benefit.formula
    document = catalogue.documents[benefit.citation.document_id]
    assert document.text[benefit.citation.start : benefit.citation.end] == benefit.citation.quote
    assert benefit.caveats


def test_an_ineligible_offer_shows_no_benefit(recommender, profile):
    raw = {"region": "330327", "use_first_insured": True, "use_first_premium_yuan": 10_000}
    matches = {m.offer.id: m for m in recommender.recommend(profile(raw)).matches}
    assert matches["p30"].eligibility.status == "ineligible"
    assert matches["p30"].benefit is None


def test_the_gold_first_set_maker_sees_the_sum_once_year_and_rate_are_known(
    recommender, profile, gold_profiles
):
    raw = {**gold_profiles["e11"], "first_set_insured_year": 1, "first_set_rate": 0.018}
    matches = {m.offer.id: m for m in recommender.recommend(profile(raw)).matches}
    assert matches["p35"].benefit.amount_yuan == 192_000
