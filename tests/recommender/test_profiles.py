"""A profile is read strictly: every fault is one Chinese sentence naming the fact, all at once."""

import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import ProfileError, load_catalogue
from recommender import read_profile, uscc_fault
from recommender.values import Choices, Interval, Listing

DAY = date(2026, 11, 22)
GOOD_USCC = "91330326XY0260746J"


@pytest.fixture(scope="module")
def faults(vocabulary):
    """`faults(raw)`: every fault a profile is refused for."""

    def read(raw, on=DAY):
        with pytest.raises(ProfileError) as caught:
            read_profile(raw, vocabulary, on)
        return caught.value.faults

    return read


# One wrong fact, and what the sentence must say.
WRONG = [
    ({"revenue_yuan": -1}, "负"),
    ({"employees": -0.5}, "负"),
    ({"revenue_yuan": math.nan}, "有限"),
    ({"revenue_yuan": math.inf}, "有限"),
    ({"revenue_yuan": [1, math.inf]}, "有限"),
    ({"revenue_yuan": True}, "数字"),
    ({"revenue_yuan": "1260万"}, "数字"),
    ({"revenue_yuan": [20, 10]}, "颠倒"),
    ({"revenue_yuan": [1, 2, 3]}, "区间"),
    ({"revenue_yuan": []}, "区间"),
    ({"revenue_yuan": {"low": 1}}, "数字"),
    ({"employees": 3.5}, "整数"),
    ({"ma_stake_ratio": 1.2}, "最大"),
    ({"first_set_insured_year": 4}, "最大"),
    ({"first_set_insured_year": 0}, "最小"),
    ({"founded_on": "2027-01-01"}, "晚于"),
    ({"founded_on": "2019-02-30"}, "不是日期"),
    ({"founded_on": "2019年"}, "不是日期"),
    ({"founded_on": 20190302}, "不是日期"),
    ({"founded_on": ["2020-01-01", "2019-01-01"]}, "颠倒"),
    ({"region": "330399"}, "330399"),
    ({"region": "平阳"}, "平阳"),
    ({"region": 330326}, "文字"),
    ({"industry": "9999"}, "9999"),
    ({"industry": "B3467"}, "B3467"),
    ({"entity_type": "公司"}, "公司"),
    ({"entity_type": ""}, "文字"),
    ({"tax_grade": "a"}, "A|B|M|C|D"),
    ({"tax_grade": ["A"]}, "文字"),
    ({"tax_grade": {"one_of": []}}, "one_of"),
    ({"tax_grade": {"any": ["A"]}}, "one_of"),
    ({"tax_grade": {"one_of": ["A", "X"]}}, "X"),
    ({"overdue": "否"}, "true"),
    ({"overdue": 0}, "true"),
    ({"overdue": {"one_of": [True]}}, "true"),
    ({"talents": ["G"]}, "G"),
    ({"talents": "A"}, "列表"),
    ({"talents": {}}, "列表"),
    ({"talents": {"have": ["A"]}}, "列表"),
    ({"talents": {"has": "A"}}, "列表"),
    ({"talents": {"has": ["A"], "has_not": ["A"]}}, "同时"),
    ({"talents": [1]}, "文字"),
    ({"titles": "高新技术企业"}, "列表"),
    ({"titles": [{"name": ""}]}, "name"),
    ({"titles": [{"until": "2028-01-01"}]}, "name"),
    ({"titles": [{"name": "高新技术企业", "until": "明年"}]}, "明年"),
    ({"titles": [{"name": "高新技术企业", "until": 2028}]}, "2028"),
    ({"titles": [{"name": "高新技术企业", "expires": "2028-01-01"}]}, "expires"),
    ({"titles": [7]}, "name"),
    ({"uscc": GOOD_USCC[:-1] + "A"}, "校验位"),
    ({"uscc": "9133032"}, "18"),
    ({"uscc": "O1330326XY0260746J"}, "O"),
    ({"name": "甲" * 201}, "200"),
    ({"name": 5}, "文字"),
    ({"name": {"one_of": ["甲厂", "乙厂"]}}, "文字"),
    ({"revenue_yuan": [None, None, None]}, "区间"),
]


@pytest.mark.parametrize(("raw", "said"), WRONG, ids=[str(raw)[:50] for raw, _ in WRONG])
def test_a_wrong_fact_is_refused_in_chinese_by_name(faults, raw, said):
    (fault,) = faults(raw)
    (code,) = raw
    assert fault.startswith(code)
    assert said in fault
    assert re.search("[\u4e00-\u9fff]{3}", fault)
    assert "Traceback" not in fault
    assert "object" not in fault


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"revenu_yuan": 3}, "revenue_yuan"),
        ({"Region": "330326"}, "region"),
        ({"注册地址": "330326"}, "region"),
        ({"zzzqqq": 3}, "profile-schema"),
        ({"rd_ratio": 0.05}, "计算"),
        ({"size": "小型"}, "计算"),
        ({"age_months": 12}, "计算"),
    ],
)
def test_an_unknown_fact_is_refused_with_the_nearest_codes(faults, raw, said):
    (fault,) = faults(raw)
    (code,) = raw
    assert code in fault
    assert said in fault


def test_all_faults_are_named_at_once(faults):
    raw = {"revenue_yuan": -1, "nope": 1, "region": "000001", "uscc": "X", "employees": 12}
    found = faults(raw)
    assert len(found) == 4
    for code in ("revenue_yuan", "nope", "region", "uscc"):
        assert any(code in fault for fault in found)


@pytest.mark.parametrize("raw", [None, [], "x", 3, True])
def test_what_is_no_object_is_refused_in_chinese(faults, raw):
    assert "JSON" in faults(raw)[0]


def test_null_is_unknown_like_absence(profile, vocabulary):
    assert profile({code: None for code in vocabulary.facts if code not in DERIVED}).values == {}


DERIVED = {"size", "age_months", "rd_ratio", "rd_cost_ratio", "rd_staff_ratio", "ip_total"}


@pytest.mark.parametrize("code", ["sci_index_score", "revenue_yuan", "founded_on"])
def test_an_interval_open_at_both_ends_is_unknown(profile, recommender, code):
    read = profile({code: [None, None]})
    assert read.values == {}
    assert recommender.facts(read).test(code, "known", None) is None


def test_zero_false_and_the_empty_list_are_known(profile):
    values = profile(employees=0, overdue=False, talents=[]).values
    assert values["employees"] == Interval(0, 0)
    assert values["overdue"] == Choices(frozenset({False}))
    assert values["talents"] == Listing(frozenset(), frozenset(), True)


def test_an_interval_keeps_its_ends_and_an_open_end_stays_open(profile):
    values = profile(revenue_yuan=[5_000_000, None], assets_yuan=[None, 8], debt_ratio=[0.2, 0.4])
    assert values.values["revenue_yuan"] == Interval(5_000_000, None)
    assert values.values["assets_yuan"] == Interval(0, 8)
    assert values.values["debt_ratio"] == Interval(0.2, 0.4)


def test_an_enterprise_founded_on_the_day_is_not_from_the_future(profile):
    assert profile(founded_on="2026-11-22").values["founded_on"] == Interval(DAY, DAY)


def test_a_founding_interval_ends_on_the_day(profile):
    value = profile(founded_on=["2020-01-01", None]).values["founded_on"]
    assert value == Interval(date(2020, 1, 1), DAY)


def test_a_founding_date_is_judged_on_the_day_asked_about(vocabulary):
    raw = {"founded_on": "2027-01-01"}
    assert read_profile(raw, vocabulary, date(2027, 6, 1)).values["founded_on"].exact


@pytest.mark.parametrize("written", ["C3467", "3467"])
def test_an_industry_is_read_with_or_without_its_letter(profile, written):
    assert profile(industry=written).values["industry"] == Choices(frozenset({"3467"}))


@pytest.mark.parametrize("written", ["C", "34", "346"])
def test_a_coarse_industry_is_allowed(profile, written):
    assert profile(industry=written).values["industry"] == Choices(frozenset({written}))


def test_one_of_keeps_every_possibility(profile):
    value = profile(tax_grade={"one_of": ["A", "B"]}).values["tax_grade"]
    assert value == Choices(frozenset({"A", "B"}))


def test_a_right_credit_code_passes_in_either_case(profile):
    assert uscc_fault(GOOD_USCC) is None
    assert profile(uscc=f" {GOOD_USCC.lower()} ").values["uscc"].possible == {GOOD_USCC}


def test_every_single_wrong_digit_of_a_credit_code_is_found():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for position in range(18):
        for char in alphabet:
            if char != GOOD_USCC[position]:
                assert uscc_fault(GOOD_USCC[:position] + char + GOOD_USCC[position + 1 :])


def test_the_gold_profiles_are_all_readable(gold_profiles, profile):
    for raw in gold_profiles.values():
        assert profile(raw).name == raw["name"]


@pytest.mark.parametrize(
    ("until", "held"),
    [("2026-11-22", True), ("2026-11-21", False), ("2028-01-01", True), (None, True)],
)
def test_a_title_counts_until_the_end_of_its_last_day(profile, until, held):
    value = profile(titles=[{"name": "高企", "until": until}]).values["titles"]
    assert ("高新技术企业" in value.has) is held
    assert value.complete


def test_an_expired_title_of_a_partial_list_is_known_not_held(profile):
    stated = {"has": [{"name": "高新技术企业", "until": "2020-01-01"}]}
    read = profile(titles=stated)
    assert read.values["titles"] == Listing(frozenset(), frozenset({"高新技术企业"}), False)
    assert [title.name for title in read.titles] == ["高新技术企业"]


def test_a_partial_list_leaves_every_other_title_unknown(profile, recommender):
    facts = recommender.facts(profile(titles={"has": ["高企"]}))
    assert facts.test("titles", "has_any", ["高新技术企业"]) is True
    assert facts.test("titles", "has_any", ["科技型中小企业"]) is None
    assert facts.test("titles", "has_none", ["科技型中小企业"]) is None


def test_a_complete_list_makes_every_other_title_not_held(profile, recommender):
    facts = recommender.facts(profile(titles=["高企"]))
    assert facts.test("titles", "has_any", ["科技型中小企业"]) is False


def test_no_title_implies_another(profile, recommender):
    facts = recommender.facts(profile(titles=["专精特新“小巨人”企业"]))
    for other in ("专精特新中小企业", "省科技小巨人企业", "高新技术企业", "科技型中小企业"):
        assert facts.test("titles", "has_any", [other]) is False


def test_titles_are_read_by_their_synonyms(profile):
    held = profile(titles=["高企", "科小", "国家级小巨人", "自创称号"]).values["titles"].has
    assert held == {"高新技术企业", "科技型中小企业", "专精特新“小巨人”企业", "自创称号"}


def test_an_ambiguous_title_leaves_both_it_may_mean_unknown(profile, recommender):
    """“小巨人” may be either: neither may be called not held."""
    facts = recommender.facts(profile(titles=["小巨人"]))
    assert facts.test("titles", "has_any", ["专精特新“小巨人”企业"]) is not False
    assert facts.test("titles", "has_any", ["省科技小巨人企业"]) is not False


def test_an_ambiguous_title_says_nothing_of_titles_it_cannot_mean(profile, recommender):
    facts = recommender.facts(profile(titles=["小巨人"]))
    assert facts.test("titles", "has_any", ["高新技术企业"]) is False


def test_without_either_meaning_of_an_ambiguous_title_both_are_not_held(profile, recommender):
    facts = recommender.facts(profile(titles={"has_not": ["小巨人"]}))
    both = ["专精特新“小巨人”企业", "省科技小巨人企业"]
    assert facts.test("titles", "has_any", both) is False
    assert facts.test("titles", "has_any", ["高新技术企业"]) is None


def test_one_title_under_two_names_with_two_dates_is_held_if_either_is(profile):
    stated = [{"name": "高企", "until": "2020-01-01"}, {"name": "高新技术企业", "until": None}]
    assert profile(titles=stated).values["titles"].has == {"高新技术企业"}
    partial = profile(titles={"has": stated}).values["titles"]
    assert partial.has == {"高新技术企业"}
    assert partial.has_not == frozenset()


def test_a_profile_cannot_be_filled_in_afterwards(profile):
    with pytest.raises(TypeError):
        profile(employees=3).values["employees"] = Interval(4, 4)


VOCABULARY = load_catalogue().vocabulary
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["one_of", "has", "has_not", "name", "until"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(VOCABULARY.facts)), _JSON, max_size=4))
def test_any_json_is_either_read_or_refused_with_named_faults(raw):
    try:
        read_profile(raw, VOCABULARY, DAY)
        return
    except ProfileError as error:
        faults = error.faults
    assert faults
    assert all(any(fault.startswith(code) for code in raw) for fault in faults)
