"""A decided verdict is the verdict of every enterprise the facts allow; missing facts can turn it."""

from dataclasses import replace
from datetime import date

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base import Criterion, load_catalogue
from recommender import Recommender, assess, read_profile

DAY = date(2026, 11, 22)
CATALOGUE = load_catalogue()
RECOMMENDER = Recommender(CATALOGUE)
PLAIN = replace(CATALOGUE.offers["p36"], criteria=(), benefit=None)


def judge(criteria, raw):
    """Eligibility of an offer with these criteria for a raw profile."""
    profile = read_profile(raw, CATALOGUE.vocabulary, DAY)
    return assess(replace(PLAIN, criteria=tuple(criteria)), RECOMMENDER.facts(profile))


def leaf(fact, op, value, id="c"):
    return Criterion(id, "条件", "published", None, fact=fact, op=op, value=value)


def joined(join, *parts):
    return Criterion("j", "条件", "published", None, join=join, parts=parts)


# A small world: per fact what may be known of it (raw, and the values that leaves open) and tests.
YES_NO = [(None, [True, False]), (True, [True]), (False, [False])]
COUNTS = [(None, [0, 1, 2, 3, 4]), ([1, None], [1, 2, 3, 4]), ([None, 2], [0, 1, 2])]
COUNTS += [([1, 3], [1, 2, 3])] + [(n, [n]) for n in (0, 2, 4)]
SETS = [(), ("A",), ("B",), ("A", "B")]
LISTS = [
    (None, SETS),
    ([], [()]),
    (["A"], [("A",)]),
    ({"has": ["A"]}, [("A",), ("A", "B")]),
    ({"has_not": ["A"]}, [(), ("B",)]),
    ({"has": ["B"], "has_not": ["A"]}, [("B",)]),
]
COUNTIES = ["330326", "330302", "330106", "320106"]
REGIONS = [
    (None, COUNTIES),
    ("000000", COUNTIES),
    ("330000", COUNTIES[:3]),
    ("330300", COUNTIES[:2]),
    ("330326", ["330326"]),
    ({"one_of": ["330302", "330106"]}, ["330302", "330106"]),
]
GRADES = [(None, list("ABMCD")), ("A", ["A"]), ("D", ["D"])]
GRADES += [({"one_of": ["A", "D"]}, ["A", "D"]), ({"one_of": ["B", "C"]}, ["B", "C"])]
WORLD = {
    "overdue": (YES_NO, [("eq", False), ("eq", True), ("ne", True)]),
    "private": (YES_NO, [("eq", True)]),
    "ip_class1": (COUNTS, [("gte", 1), ("gte", 2), ("gt", 2), ("lte", 2), ("lt", 2), ("eq", 2)]),
    "bank_count": (COUNTS, [("lte", 3), ("ne", 2), ("gt", 0)]),
    "talents": (LISTS, [("has_any", ["A"]), ("has_any", ["A", "B"]), ("has_none", ["B"])]),
    "region": (REGIONS, [("within", "330300"), ("within", "330326"), ("eq", "330302")]),
    "tax_grade": (GRADES, [("in", ["A", "B", "M"]), ("ne", "D"), ("eq", "A")]),
}
_LEAVES = st.sampled_from([leaf(f, op, v) for f, (_, tests) in WORLD.items() for op, v in tests])
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.builds(
        lambda join, parts: joined(join, *parts),
        st.sampled_from(["any", "all", "not"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)
_CRITERIA = st.lists(_TREES, min_size=1, max_size=2)


def facts_of(criteria):
    return sorted({one.fact for one in oracle.leaves(criteria)})


@st.composite
def _known(draw, criteria):
    """What is known of each fact: the raw profile and the domain it leaves open."""
    picks = {code: draw(st.sampled_from(WORLD[code][0])) for code in facts_of(criteria)}
    return {c: p[0] for c, p in picks.items()}, {c: list(p[1]) for c, p in picks.items()}


@st.composite
def _situations(draw):
    criteria = draw(_CRITERIA)
    return (criteria, *draw(_known(criteria)))


@given(_situations())
@settings(max_examples=400)
def test_a_decided_verdict_is_the_verdict_of_every_completion(situation):
    criteria, raw, domains = situation
    status = judge(criteria, raw).status
    if status != "undetermined":
        verdicts, _ = oracle.movers(domains, criteria, DAY)
        assert verdicts == {status}


@given(_situations())
@settings(max_examples=200)
def test_a_fully_known_enterprise_is_judged_as_by_hand(situation):
    criteria, _, domains = situation
    for known in list(oracle.completions(domains))[:5]:
        raw = {c: list(v) if isinstance(v, tuple) else v for c, v in known.items()}
        assert judge(criteria, raw).status == oracle.verdict(criteria, known, DAY)


@given(_situations(), st.data())
@settings(max_examples=300)
def test_learning_more_never_turns_a_decided_verdict(situation, data):
    criteria, raw, domains = situation
    status = judge(criteria, raw).status
    code = data.draw(st.sampled_from(sorted(domains)))
    learnt = data.draw(st.sampled_from(domains[code]))
    more = {**raw, code: list(learnt) if isinstance(learnt, tuple) else learnt}
    if status != "undetermined":
        assert judge(criteria, more).status == status


@st.composite
def _read_once(draw):
    """Criteria in which no fact stands twice, not even in two tests."""
    codes = draw(st.lists(st.sampled_from(sorted(WORLD)), min_size=1, max_size=4, unique=True))
    tests = [leaf(code, *draw(st.sampled_from(WORLD[code][1]))) for code in codes]
    joins = st.sampled_from(["any", "all", "not"])
    while len(tests) > 1 and draw(st.booleans()):
        size = draw(st.integers(1, min(3, len(tests))))
        tests = [joined(draw(joins), *tests[:size]), *tests[size:]]
    return (tests, *draw(_known(tests)))


@given(_read_once())
@settings(max_examples=400)
def test_missing_lists_the_facts_that_can_turn_the_verdict_and_no_other(situation):
    criteria, raw, domains = situation
    eligibility = judge(criteria, raw)
    verdicts, turning = oracle.movers(domains, criteria, DAY)
    if eligibility.status == "undetermined":
        assert len(verdicts) > 1
        assert set(eligibility.missing) == turning
    else:
        assert eligibility.missing == ()


# The forty shipped sheets in a world of their own: values on both sides of every threshold used.
SHIPPED = {
    "employees": [5, 60, 150, 400],
    "revenue_yuan": [0, 2_000_000, 10_000_000, 600_000_000],
    "assets_yuan": [500_000, 70_000_000],
    "rd_spend_yuan": [0, 80_000, 350_000, 60_000_000],
    "ip_class1": [0, 1],
    "ip_class2": [0, 1, 2, 3],
    "new_hire_ratio": [0.02, 0.07, 0.2],
    "ma_stake_ratio": [0.01, 0.1, 0.3],
    "ma_held_ratio": [0.1, 0.3],
    "founded_on": [date(2012, 1, 1), date(2024, 6, 1), date(2025, 2, 1), date(2026, 9, 1)],
    "titles": [(), ("高新技术企业",), ("科技型中小企业",)],
    "talents": [(), ("A",)],
    "project_types": [(), ("研发",), ("设备更新",)],
    "region": ["330326", "330302", "330106"],
    "size_category": ["工业", "零售"],
    "debt_ratio": [0.5, 0.9],
    "loans_yuan": [0, 20_000_000],
    "bank_count": [1, 9],
    "sci_index_score": [500],
}


def shipped_domain(code):
    fact = CATALOGUE.vocabulary.facts[code]
    if code in SHIPPED:
        return SHIPPED[code]
    if fact.type == "bool":
        return [True, False]
    return list(fact.values) if fact.type == "enum" else [0, 1]


SIZE_INPUTS = ["size_category", "employees", "revenue_yuan", "assets_yuan"]


def stored_facts(offer):
    """Stored facts the criteria of an offer read, through derived ones."""
    sources = {"size": SIZE_INPUTS, "age_months": ["founded_on"]}
    sources |= {"ip_total": ["ip_class1", "ip_class2"]} | {k: list(v) for k, v in RATIOS.items()}
    codes = [one.fact for one in oracle.leaves(offer.criteria)]
    return list(dict.fromkeys(s for code in codes for s in sources.get(code, [code])))


RATIOS = oracle.RATIOS


@given(st.sampled_from(sorted(CATALOGUE.offers)), st.data())
@settings(max_examples=400)
def test_shipped_offers_are_decided_only_when_every_completion_agrees(id, data):
    offer = CATALOGUE.offers[id]
    domains, raw = {}, {}
    open_places = data.draw(st.integers(0, 3))
    codes = data.draw(st.permutations(stored_facts(offer)))
    for place, code in enumerate(codes):
        values = shipped_domain(code)
        if place < open_places:
            domains[code] = values
            continue
        value = data.draw(st.sampled_from(values))
        domains[code] = [value]
        raw[code] = list(value) if isinstance(value, tuple) else value
    if "founded_on" in raw:
        raw["founded_on"] = raw["founded_on"].isoformat()
    eligibility = judge(offer.criteria, raw)
    verdicts, turning = oracle.movers(domains, offer.criteria, DAY)
    if eligibility.status != "undetermined":
        assert verdicts == {eligibility.status}
        assert eligibility.missing == ()
        return
    inputs = {code for ratio in RATIOS.values() for code in ratio}
    named = set(eligibility.missing)
    # `known` is unknown while its fact is, though any value meets it: the contract's own rule.
    waiting = {one.fact for one in oracle.leaves(offer.criteria) if one.op == "known"}
    assert turning <= named | waiting
    assert named - turning <= inputs | set(SIZE_INPUTS) | {"industry"} | waiting | set(RATIOS)


def test_an_unmet_condition_makes_an_offer_ineligible_whatever_else_is_unknown():
    criteria = [leaf("overdue", "eq", False), leaf("employees", "gte", 3)]
    eligibility = judge(criteria, {"overdue": True})
    assert eligibility.status == "ineligible"
    assert eligibility.missing == ()
    assert [v.status for v in eligibility.verdicts] == ["unmet", "unknown"]


def test_an_unknown_revenue_leaves_the_offer_undetermined():
    eligibility = judge([leaf("revenue_yuan", "gte", 5_000_000)], {})
    assert (eligibility.status, eligibility.missing) == ("undetermined", ("revenue_yuan",))


@pytest.mark.parametrize("join", [None, "any", "all"])
def test_a_condition_nobody_reviewed_never_makes_an_offer_eligible(join):
    unreviewed = replace(leaf("overdue", "eq", False), curated=False)
    criteria = [leaf("private", "eq", True)]
    criteria.append(joined(join, unreviewed) if join else unreviewed)
    eligibility = judge(criteria, {"overdue": False, "private": True})
    assert eligibility.status == "undetermined"
    assert eligibility.missing == ()
    assert judge(criteria, {"overdue": True, "private": True}).status in (
        "ineligible",
        "undetermined",
    )


def test_zero_revenue_gives_no_ratio_and_names_the_ratio_itself():
    eligibility = judge(
        [leaf("rd_ratio", "gte", 0.03)], {"revenue_yuan": 0, "rd_spend_yuan": 500_000}
    )
    assert (eligibility.status, eligibility.missing) == ("undetermined", ("rd_ratio",))


def test_a_revenue_that_can_be_zero_gives_no_ratio_and_is_itself_missing():
    raw = {"revenue_yuan": [0, 1_000_000], "rd_spend_yuan": 500_000}
    eligibility = judge([leaf("rd_ratio", "gte", 0.03)], raw)
    assert (eligibility.status, eligibility.missing) == ("undetermined", ("revenue_yuan",))


def test_no_staff_gives_no_staff_ratio():
    eligibility = judge([leaf("rd_staff_ratio", "gte", 0.1)], {"employees": 0, "rd_staff": 0})
    assert (eligibility.status, eligibility.missing) == ("undetermined", ("rd_staff_ratio",))


@pytest.mark.parametrize(
    ("raw", "status", "missing"),
    [
        ({"ip_class1": 1}, "eligible", ()),
        ({"ip_class2": [1, None]}, "eligible", ()),
        ({"ip_class1": 0}, "undetermined", ("ip_class2",)),
        ({"ip_class1": 0, "ip_class2": 0}, "ineligible", ()),
        ({}, "undetermined", ("ip_class1", "ip_class2")),
    ],
)
def test_a_sum_with_an_unknown_part_is_at_least_the_known_part(raw, status, missing):
    eligibility = judge([leaf("ip_total", "gte", 1)], raw)
    assert (eligibility.status, eligibility.missing) == (status, missing)


@pytest.mark.parametrize(
    ("founded", "status"),
    [
        ("2024-11-22", "eligible"),
        ("2024-11-23", "ineligible"),
        ("2026-11-22", "ineligible"),
        (["2020-01-01", "2024-11-22"], "eligible"),
        (["2020-01-01", "2025-11-22"], "undetermined"),
        (["2025-01-01", None], "ineligible"),
        ([None, "2020-01-01"], "eligible"),
    ],
)
def test_age_is_counted_in_whole_months(founded, status):
    assert judge([leaf("age_months", "gte", 24)], {"founded_on": founded}).status == status


def test_missing_names_stored_facts_and_never_derived_ones_whose_inputs_are_open():
    criteria = [leaf("size", "in", ["小型", "微型"]), leaf("rd_ratio", "gte", 0.03)]
    missing = judge(criteria, {"size_category": "工业"}).missing
    assert set(missing) == {"employees", "revenue_yuan", "rd_spend_yuan"}


def test_only_figures_that_can_move_the_size_class_are_missing():
    """30 persons in industry: no revenue makes it 中型, so p07's size is settled."""
    eligibility = judge(
        [leaf("size", "in", ["小型", "微型"])], {"size_category": "工业", "employees": 30}
    )
    assert (eligibility.status, eligibility.missing) == ("eligible", ())


SMALL = leaf("size", "in", ["小型", "微型"])


@pytest.mark.parametrize(
    ("raw", "missing"),
    [
        # 350 and 2000 persons are both too many, or both few enough, at every revenue.
        ({"size_category": "工业", "employees": [350, 2000]}, ("revenue_yuan",)),
        ({"size_category": "工业", "employees": [200, 2000]}, ("employees", "revenue_yuan")),
        (
            {"size_category": "工业", "employees": 350, "revenue_yuan": [1e6, 9e8]},
            ("revenue_yuan",),
        ),
        # 批发 and 零售 differ for 30 persons and 6000万, though both may be large or small.
        ({"industry": "F"}, ("industry", "employees", "revenue_yuan")),
        ({"employees": 5, "revenue_yuan": 1, "assets_yuan": 1}, ("industry",)),
    ],
)
def test_only_what_can_move_the_class_into_or_out_of_those_asked_is_missing(raw, missing):
    eligibility = judge([SMALL], raw)
    assert (eligibility.status, eligibility.missing) == ("undetermined", missing)


_METRIC = st.sampled_from([None, 10, 150, 350, 2000, [10, 350], [150, 400], [350, 2000]])


@given(_METRIC, _METRIC, st.sets(st.sampled_from(oracle.SIZES), min_size=1, max_size=3))
def test_missing_figures_are_those_that_turn_the_size_condition(staff, revenue, accepted):
    points, unit = (0, 10, 150, 350, 400, 2000, 9000), 100_000
    domains = {"size_category": ["工业"]}
    for code, known, factor in (("employees", staff, 1), ("revenue_yuan", revenue, unit)):
        low, high = known if isinstance(known, list) else (known or 0, known or points[-1])
        grid = {*points, *(bound // factor for bound in oracle.bounds("工业", code))}
        domains[code] = [point * factor for point in sorted(grid) if low <= point <= high]
    raw = {"size_category": "工业", "employees": staff}
    if revenue is not None:
        ends = revenue if isinstance(revenue, list) else [revenue, revenue]
        raw["revenue_yuan"] = [end * unit for end in ends]
    criteria = [leaf("size", "in", sorted(accepted))]
    _, turning = oracle.movers(domains, criteria, DAY)
    assert set(judge(criteria, raw).missing) == turning


def test_a_retail_figure_that_cannot_matter_is_not_missing():
    raw = {"size_category": "农林牧渔"}
    assert judge([leaf("size", "in", ["微型"])], raw).missing == ("revenue_yuan",)


def test_an_industry_without_size_classes_leaves_the_size_unknown():
    eligibility = judge([leaf("size", "in", ["小型"])], {"industry": "6621"})
    assert eligibility.status == "undetermined"
    assert eligibility.missing == ("size",)


def test_a_verdict_says_what_is_known_and_what_is_required(catalogue, recommender, profile):
    facts = recommender.facts(profile(tax_grade="D", entity_type="企业"))
    verdicts = {v.fact: v for v in assess(catalogue.offers["p15"], facts).verdicts}
    grade = verdicts["tax_grade"]
    assert grade.status == "unmet"
    assert "D" in grade.observed
    assert "A" in grade.required
    assert "未知" in verdicts["overdue"].observed
    assert all(v.citation is not None for v in verdicts.values())


def test_an_expired_title_is_named_in_what_was_observed(catalogue, recommender, profile):
    facts = recommender.facts(profile(titles=[{"name": "高企", "until": "2026-01-31"}]))
    observed = {v.fact: v.observed for v in assess(catalogue.offers["p38"], facts).verdicts}
    assert "2026-01-31到期" in observed["titles"]


def test_the_verdict_of_a_part_stands_under_its_whole(catalogue, recommender, profile):
    facts = recommender.facts(profile(ma_stake_ratio=0.1, ma_held_ratio=0.3))
    (either,) = [v for v in assess(catalogue.offers["p05"], facts).verdicts if v.join]
    assert either.join == "any"
    assert either.status == "met"
    assert [part.status for part in either.parts] == ["unmet", "met"]
    assert [part.status for part in either.parts[1].parts] == ["met", "met"]


def test_p30_stays_ineligible_elsewhere_and_shows_the_assumption(catalogue, recommender, profile):
    facts = recommender.facts(profile(region="330327", use_first_insured=True))
    eligibility = assess(catalogue.offers["p30"], facts)
    (place,) = [v for v in eligibility.verdicts if v.fact == "region"]
    assert eligibility.status == "ineligible"
    assert place.basis == "assumed"
    assert "本系统" in place.citation.quote
    assert "县科技局" in catalogue.offers["p30"].applicant
