"""Ten fictitious enterprises, forty offers each: every verdict, size and self-check must be equal."""

import re

import pytest

from recommender import assess

RESULTS = {
    "自评达标": "met",
    "自评不达标": "unmet",
    "缺信息": "unknown",
    "可直接确认": "confirmed",
    "不符合基本条件": "barred",
}


def without_sizing(raw):
    return {code: value for code, value in raw.items() if code != "size_category"}


def given(raw):
    return raw


@pytest.mark.parametrize("shape", [given, without_sizing], ids=["sizing given", "sizing derived"])
def test_every_verdict_on_the_forty_offers_is_the_gold_one(
    gold_case, shape, profile, recommender, catalogue
):
    facts = recommender.facts(profile(shape(gold_case["profile"])))
    expected = gold_case["expect"]["verdicts"]
    assert sorted(expected) == sorted(catalogue.offers)
    found = {id: assess(offer, facts) for id, offer in catalogue.offers.items()}
    wrong = [
        f"{id} {catalogue.offers[id].name}: {found[id].status}, gold {gold}; "
        + "; ".join(f"{v.status} {v.text} ({v.observed})" for v in found[id].verdicts)
        for id, gold in expected.items()
        if found[id].status != gold
    ]
    assert not wrong, "\n".join([gold_case["profile"]["name"], *wrong])


def test_the_matches_carry_the_gold_verdicts(gold_case, profile, recommender):
    matches = recommender.recommend(profile(gold_case["profile"])).matches
    found = {match.offer.id: match.eligibility.status for match in matches}
    assert found == gold_case["expect"]["verdicts"]


@pytest.mark.parametrize("shape", [given, without_sizing], ids=["sizing given", "sizing derived"])
def test_the_possible_sizes_are_the_gold_ones(gold_case, shape, profile, recommender):
    facts = recommender.facts(profile(shape(gold_case["profile"])))
    assert list(recommender.size_classes(facts)) == gold_case["expect"]["sizes"]


@pytest.mark.parametrize("shape", [given, without_sizing], ids=["sizing given", "sizing derived"])
def test_the_self_check_of_technology_smes_is_the_gold_one(gold_case, shape, profile, recommender):
    gold = gold_case["expect"]["tech_sme_self_check"]
    facts = recommender.facts(profile(shape(gold_case["profile"])))
    (standing,) = [s for s in recommender.standings(facts) if s.standard == "科技型中小企业"]
    assert [indicator.id for indicator in standing.indicators] == ["staff", "rd", "results"]
    assert [indicator.points for indicator in standing.indicators] == gold["scores"]
    assert [indicator.max for indicator in standing.indicators] == [20, 50, 30]
    assert standing.total == gold["total"]
    assert [failed["fact"] for failed in standing.failed] == gold["basic_fail"]
    assert standing.result == RESULTS[re.sub(r"\(.*", "", gold["result"])]
    groups = [set(re.split(r"/| or ", entry)) for entry in gold["missing"]]
    unmet = [group for group in groups if not group & set(standing.missing)]
    assert not unmet, f"nothing of {unmet} in missing {standing.missing}"
    assert set(standing.missing) <= set().union(*groups)
    assert all(facts.open_inputs(code) for code in standing.missing)


def test_an_undetermined_gold_verdict_names_what_is_missing_and_a_decided_one_nothing(
    gold_case, profile, recommender
):
    for match in recommender.recommend(profile(gold_case["profile"])).matches:
        eligibility = match.eligibility
        undetermined = eligibility.status == "undetermined"
        assert bool(eligibility.missing) == undetermined, match.offer.id
