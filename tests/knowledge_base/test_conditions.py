"""Condition phrases to tests of facts, and what becomes a proposal or nothing instead."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import Vocabulary
from knowledge_base.drafting.conditions import Requirements, read_conditions
from tests.conftest import CASES
from tests.measures.criteria import read_rows, score_rows, score_sheets


def _read(text: str, vocabulary: Vocabulary, region: str = "330326") -> Requirements:
    return read_conditions(text, [(0, len(text))], region, vocabulary)


def _tests(text: str, vocabulary: Vocabulary, region: str = "330326") -> list[tuple[Any, ...]]:
    found = _read(text, vocabulary, region).conditions
    return [(c.fact, c.op, c.value) for top in found for c in top.leaves()]


_SIZES = ["中型", "小型", "微型"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("注册满1年。", ("age_months", "gte", 12)),
        ("成立时间不超过10年。", ("age_months", "lte", 120)),
        ("2023年1月1日前设立。", ("founded_on", "lt", date(2023, 1, 1))),
        ("上年度营业收入不低于1000万元。", ("revenue_yuan", "gte", 10_000_000)),
        ("企业年营业收入在2亿元（含）以下。", ("revenue_yuan", "lte", 200_000_000)),
        ("从业人员超过20人。", ("employees", "gt", 20)),
        ("研发费用占营业收入比例不低于3%。", ("rd_ratio", "gte", 0.03)),
        ("资产负债率不高于75%。", ("debt_ratio", "lte", 0.75)),
        ("持有有效的高新技术企业证书。", ("titles", "has_any", ["高新技术企业"])),
        ("在我县注册。", ("region", "within", "330326")),
        ("在浙江省内注册登记。", ("region", "within", "330000")),
        ("规模为小型或微型。", ("size", "in", ["小型", "微型"])),
        ("企业未列入经营异常名录和严重违法失信名单。", ("abnormal", "eq", False)),
        ("近三年无重大安全、环保事故。", ("env_penalty", "eq", False)),
        ("纳税信用等级为A级。", ("tax_grade", "eq", "A")),
        ("纳税信用B级以上。", ("tax_grade", "in", ["A", "B"])),
        ("拥有发明专利1件以上。", ("ip_class1", "gte", 1)),
        ("无当前逾期。", ("overdue", "eq", False)),
        ("项目已完成备案。", ("project_filed", "eq", True)),
    ],
)
def test_a_condition_becomes_the_test_it_states(
    text: str, expected: tuple[Any, ...], vocabulary: Vocabulary
) -> None:
    assert _tests(text, vocabulary) == [expected]


def test_a_noun_states_entity_size_and_industry(vocabulary: Vocabulary) -> None:
    assert _tests("具有独立法人资格的中小微企业。", vocabulary) == [
        ("entity_type", "eq", "企业"),
        ("size", "in", _SIZES),
    ]
    assert ("industry", "within", "C") in _tests("申报单位是在我县注册的制造业企业。", vocabulary)


@pytest.mark.parametrize(
    "text",
    [
        "上年度主营业务收入增长不低于1000万元。",
        "近三年平均主营业务收入不低于1000万元。",
        "园区年营业收入不低于100亿元。",
        "研发设备投资额不低于500万元。",
        "近三年累计研发费用不低于500万元。",
    ],
)
def test_what_no_fact_holds_exactly_is_proposed_and_never_guessed(
    text: str, vocabulary: Vocabulary
) -> None:
    found = _read(text, vocabulary)
    assert found.conditions == ()
    (proposal,) = found.proposals
    assert (proposal.type, proposal.unit) == ("number", "元")
    assert text[proposal.start : proposal.end] == proposal.words


@pytest.mark.parametrize(
    "text",
    [
        "优先支持高新技术企业。",
        "鼓励注册满3年的企业申报。",
        "“在孵企业”指注册满1年的企业。",
        "企业牵头申报的,应是高新技术企业。",
        "企业法定代表人不属于失信被执行人。",
        "销售收入1亿元以上的企业可适当降低比例。",
    ],
)
def test_preferences_definitions_and_other_cases_are_no_conditions(
    text: str, vocabulary: Vocabulary
) -> None:
    assert _tests(text, vocabulary) == []


def test_papers_and_amounts_under_their_headings_are_no_conditions(vocabulary: Vocabulary) -> None:
    text = "申报条件\n注册满1年。\n申报材料\n高新技术企业证书。\n补助标准\n营业收入不低于1亿元。"
    assert _tests(text, vocabulary) == [("age_months", "gte", 12)]


def test_alternatives_of_one_sentence_stay_together(vocabulary: Vocabulary) -> None:
    (any_of,) = _read("成立满1年,或者持有高新技术企业证书。", vocabulary).conditions
    assert any_of.join == "any"
    assert [part.fact for part in any_of.parts] == ["age_months", "titles"]


def test_one_of_the_following_takes_all_items_below(vocabulary: Vocabulary) -> None:
    text = (
        "一、符合以下条件之一:\n(一)注册满3年。\n(二)营业收入不低于1000万元,且资产负债率不高于70%。\n"
        "二、无当前逾期。"
    )
    first, second = _read(text, vocabulary).conditions
    assert first.join == "any"
    assert [part.join for part in first.parts] == [None, "all"]
    assert second.fact == "overdue"


def test_a_choice_on_one_line_is_no_list_of_demands(vocabulary: Vocabulary) -> None:
    text = "符合以下条件之一:1.从业人员100人以上;2.年营业收入1000万元以上。"
    (any_of,) = _read(text, vocabulary).conditions
    assert (any_of.join, [part.fact for part in any_of.parts]) == (
        "any",
        ["employees", "revenue_yuan"],
    )
    unnumbered = "符合以下条件之一:从业人员100人以上;年营业收入1000万元以上。"
    assert _tests(unnumbered, vocabulary) == []


def test_an_alternative_no_fact_covers_voids_the_whole_choice(vocabulary: Vocabulary) -> None:
    text = "一、符合以下条件之一:\n(一)注册满3年。\n(二)获得省级以上奖项。\n二、无当前逾期。"
    assert _tests(text, vocabulary) == [("overdue", "eq", False)]
    (proposal,) = _read(text, vocabulary).proposals
    assert "注册满3年" in proposal.words
    assert "获得省级以上奖项" in proposal.words


@pytest.mark.parametrize(
    "header",
    [
        "申报企业应满足以下任一条件:",
        "具备下列其中一项条件:",
        "满足下列条件中的任意一条:",
        "以下条件满足其一:",
    ],
)
def test_every_wording_of_a_choice_joins_its_items(header: str, vocabulary: Vocabulary) -> None:
    (any_of,) = _read(f"{header}1.注册满3年;2.从业人员100人以上。", vocabulary).conditions
    assert (any_of.join, len(any_of.parts)) == ("any", 2)


@pytest.mark.parametrize(
    "text",
    [
        "营业收入2000万元以上(农业企业500万元以上)。",
        "上年度营业收入不低于2000万元(山区县放宽至1000万元)。",
        "上年度营业收入不低于2000万元,山区县可放宽至1000万元。",
        "成立满3年(高新技术企业可放宽至1年)。",
        "企业应成立3年以上,其中软件企业应成立1年以上。",
    ],
)
def test_a_bound_that_is_milder_for_a_class_is_left_to_a_person(
    text: str, vocabulary: Vocabulary
) -> None:
    read = _read(text, vocabulary)
    assert read.conditions == ()
    (proposal,) = read.proposals
    assert "万元" in proposal.words or "年" in proposal.words


def test_a_bracket_about_the_same_applicant_leaves_the_bound(vocabulary: Vocabulary) -> None:
    assert _tests("注册成立2年以上(含2年)。", vocabulary) == [("age_months", "gte", 24)]
    text = "营业收入2000万元以上(其中研发服务收入500万元以上)。"
    assert _tests(text, vocabulary) == [("revenue_yuan", "gte", 20_000_000)]


def test_a_milder_bound_for_a_named_case_is_an_alternative(vocabulary: Vocabulary) -> None:
    text = "研发费用占营业收入的比例不低于5%；不是高新技术企业的，不低于3%。"
    (any_of,) = _read(text, vocabulary).conditions
    base, exception = any_of.parts
    assert (base.value, exception.join) == (0.05, "all")
    assert [part.op for part in exception.parts] == ["has_none", "gte"]


def test_a_region_with_an_exception_keeps_both(vocabulary: Vocabulary) -> None:
    found = _read("在福建省（不含厦门市）注册登记。", vocabulary, "350000").conditions
    assert [(c.join, next(c.leaves()).value) for c in found] == [
        (None, "350000"),
        ("not", "350200"),
    ]


def test_our_city_is_unknown_in_a_document_of_a_province(vocabulary: Vocabulary) -> None:
    assert _tests("在我市注册。", vocabulary, "350000") == []


def test_a_province_s_own_title_is_not_read_elsewhere(vocabulary: Vocabulary) -> None:
    text = "持有科技小巨人企业证书。"
    assert _tests(text, vocabulary, "330000") == [("titles", "has_any", ["省科技小巨人企业"])]
    assert _tests(text, vocabulary, "350000") == []


def test_development_labels_are_met_with_the_promised_precision(vocabulary: Vocabulary) -> None:
    precision, recall, *_ = score_rows(read_rows(CASES / "criteria_dev.jsonl"), vocabulary).totals()
    assert precision >= 0.90
    assert recall >= 0.70


def test_curated_criteria_of_the_sheets_are_found_in_their_prose(catalogue: Any) -> None:
    precision, recall, *_ = score_sheets(catalogue).totals()
    assert precision >= 0.90
    assert recall >= 0.70


@given(
    st.text(
        alphabet="注册成立满1年以上,。;；\n或者的企业高新技术在我县(不含)一、条件之一:万元营业收入不低于%",
        max_size=120,
    )
)
def test_every_condition_and_proposal_points_into_the_text(
    vocabulary: Vocabulary, text: str
) -> None:
    found = _read(text, vocabulary)
    for top in found.conditions:
        for leaf in top.leaves():
            assert 0 <= leaf.start < leaf.end <= len(text)
    for proposal in found.proposals:
        assert text[proposal.start : proposal.end] == proposal.words


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "piece", ["一、", "((((", "注册", "或者", "高新技术企业、", "营业收入", "的企业,"]
)
def test_hostile_text_is_read_in_linear_time(piece: str, vocabulary: Vocabulary) -> None:
    text = piece * (1_000_000 // len(piece))
    _read(text, vocabulary)


@pytest.mark.parametrize("low", ["", "（含）", "（不含）", "（含5000万元）", "（不含5000万元）"])
@pytest.mark.parametrize("high", ["", "（含）", "（不含）", "（含1亿元）", "（不含1亿元）"])
@pytest.mark.parametrize(
    "form", ["{low}至1亿元{high}", "{low}以上、1亿元{high}以下", "以上{low}至1亿元以下{high}"]
)
def test_each_end_of_a_range_is_in_it_or_not_as_its_brackets_say(
    low: str, high: str, form: str, vocabulary: Vocabulary
) -> None:
    text = "营业收入5000万元" + form.format(low=low, high=high) + "。"
    assert _tests(text, vocabulary) == [
        ("revenue_yuan", "gt" if "不含" in low else "gte", 50_000_000),
        ("revenue_yuan", "lt" if "不含" in high else "lte", 100_000_000),
    ]
