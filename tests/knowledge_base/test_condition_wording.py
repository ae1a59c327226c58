"""Ways officials word conditions, steps, exclusions and exceptions, and what only resembles them."""

from datetime import date
from typing import Any

import pytest

from knowledge_base import Vocabulary
from knowledge_base.drafting.conditions import Requirements, read_conditions
from knowledge_base.sheets import test_faults as faults_of_test
from tests.conftest import CASES
from tests.measures.criteria import read_rows, score_rows


def _read(text: str, vocabulary: Vocabulary, region: str = "330326") -> Requirements:
    return read_conditions(text, [(0, len(text))], region, vocabulary)


def _tests(text: str, vocabulary: Vocabulary, region: str = "330326") -> list[tuple[Any, ...]]:
    found = _read(text, vocabulary, region).conditions
    return [(c.fact, c.op, c.value) for top in found for c in top.leaves()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上年度主营业务收入不低于1000万元。", ("revenue_yuan", "gte", 10_000_000)),
        ("研发投入强度不低于3%。", ("rd_ratio", "gte", 0.03)),
        ("近两年每年研发经费支出占主营业务收入比重不低于4%。", ("rd_ratio", "gte", 0.04)),
        ("拥有3件以上与主导产品相关的Ⅰ类知识产权。", ("ip_class1", "gte", 3)),
        ("拥有软件著作权5件以上。", ("ip_class2", "gte", 5)),
        ("拥有发明专利、实用新型、软件著作权等知识产权10件以上。", ("ip_total", "gte", 10)),
        ("取得被并购企业的控制权。", ("ma_control", "eq", True)),
        ("收购目标企业51%以上股权。", ("ma_stake_ratio", "gte", 0.51)),
        ("并购金额不低于1000万元。", ("ma_price_yuan", "gte", 10_000_000)),
        ("无拖欠职工工资、社会保险费。", ("wage_arrears", "eq", False)),
        ("未被列入黑名单。", ("abnormal", "eq", False)),
        ("获得高新技术企业认定。", ("titles", "has_any", ["高新技术企业"])),
        ("成立3年以内的企业。", ("age_months", "lte", 36)),
        ("在2018年1月1日前在我县注册。", ("founded_on", "lt", date(2018, 1, 1))),
        ("注册地、税务登记均归属于我县。", ("region", "within", "330326")),
        ("工商、税务关系均在我县。", ("region", "within", "330326")),
        ("在我县行政辖区内注册且纳税。", ("region", "within", "330326")),
        ("注册地、税务登记和经营场所均在我县。", ("region", "within", "330326")),
        ("在职正式职工不多于90人(含)。", ("employees", "lte", 90)),
        ("工作人员30人以上。", ("employees", "gte", 30)),
        ("从业人数不少于8人。", ("employees", "gte", 8)),
        ("已连续经营3年以上。", ("age_months", "gte", 36)),
        ("登记注册并持续经营两年以上。", ("age_months", "gte", 24)),
        ("研发人员占比不低于15%。", ("rd_staff_ratio", "gte", 0.15)),
        ("取得目标公司的绝对控股权。", ("ma_control", "eq", True)),
        ("发生研发投入。", ("rd_spend_yuan", "gt", 0)),
        ("有固定的工作场所。", ("fixed_site", "eq", True)),
        ("项目应为技术改造项目。", ("project_types", "has_any", ["技改"])),
        ("取得核准手续。", ("project_filed", "eq", True)),
        ("企业已取得银行贷款。", ("has_loan_record", "eq", True)),
        ("具有企业法人资格。", ("entity_type", "eq", "企业")),
        ("小微企业应同时满足以下条件:", ("size", "in", ["小型", "微型"])),
    ],
)
def test_common_ways_to_say_a_condition_are_read(
    text: str, expected: tuple[Any, ...], vocabulary: Vocabulary
) -> None:
    assert _tests(text, vocabulary)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "无不良信用记录。",
        "企业信用良好。",
        "具有独立法人资格。",
        "近三年获得发明专利3件以上。",
        "近三年研发费用总额占同期销售收入总额的比例不低于3%。",
    ],
)
def test_what_looks_like_a_fact_and_is_another_is_proposed(
    text: str, vocabulary: Vocabulary
) -> None:
    found = _read(text, vocabulary)
    assert found.conditions == ()
    assert len(found.proposals) == 1


@pytest.mark.parametrize(
    "text",
    [
        "高新技术企业优先。",
        "申报高新技术企业认定的企业应制度健全。",
        "提供高新技术企业证书复印件。",
        "门店营业面积500平方米以上,年营业收入500万元以上。",
        "目标企业注册满3年,营业收入不低于1000万元。",
        "母公司资产总额不低于10亿元。",
        "申报示范园区,应当符合以下条件:\n(1)从业人员不低于1000人。",
        "从事外贸的企业。",
    ],
)
def test_wishes_proofs_and_figures_of_others_are_no_conditions(
    text: str, vocabulary: Vocabulary
) -> None:
    assert _tests(text, vocabulary) == []


@pytest.mark.parametrize(
    "text",
    [
        "在我县注册登记的企业。",
        "具有独立法人资格的企业。",
        "依法设立的企业。",
        "企业法人。",
        "借款人是实施并购的企业。",
    ],
)
def test_an_enterprise_is_demanded_with_registration_or_legal_form(
    text: str, vocabulary: Vocabulary
) -> None:
    sentence = text if "是" in text else f"申报单位应为{text}"
    assert ("entity_type", "eq", "企业") in _tests(sentence, vocabulary)


@pytest.mark.parametrize(
    "text",
    [
        "批发业企业年营业收入2000万元以上,零售业企业年营业收入500万元以上。",
        "年销售额:批发业2000万元以上,零售业500万元以上。",
        "1.批发业年营业收入2000万元以上;\n2.零售业年营业收入500万元以上。",
    ],
)
def test_steps_by_line_of_business_are_alternatives(text: str, vocabulary: Vocabulary) -> None:
    (any_of,) = _read(text, vocabulary).conditions
    assert (any_of.join, [part.join for part in any_of.parts]) == ("any", ["all", "all"])
    assert [(c.fact, c.value) for c in any_of.leaves()] == [
        ("size_category", "批发"),
        ("revenue_yuan", 20_000_000),
        ("size_category", "零售"),
        ("revenue_yuan", 5_000_000),
    ]


@pytest.mark.parametrize(
    ("text", "fact", "low", "high"),
    [
        ("营业收入不低于500万元且不超过4亿元。", "revenue_yuan", 5_000_000, 400_000_000),
        ("年营业收入500万元以上、不超过2000万元。", "revenue_yuan", 5_000_000, 20_000_000),
        ("成立3年以上且不超过10年。", "age_months", 36, 120),
    ],
)
def test_both_ends_of_a_range_in_words_are_read(
    text: str, fact: str, low: int, high: int, vocabulary: Vocabulary
) -> None:
    assert _tests(text, vocabulary) == [(fact, "gte", low), (fact, "lte", high)]


def test_a_step_of_a_line_no_fact_names_voids_all_steps(vocabulary: Vocabulary) -> None:
    text = "服务业年营业收入1000万元以上,零售业年营业收入500万元以上。"
    assert _tests(text, vocabulary) == []


@pytest.mark.parametrize(
    "text",
    [
        "有下列情形之一的,不予支持:(一)被列入失信被执行人名单;(二)拖欠职工工资。",
        "一、存在以下情形的企业不得申报:\n(一)被列入失信被执行人名单\n(二)拖欠职工工资\n二、其他。",
        "不予支持情形\n1.被列入失信被执行人名单。\n2.拖欠职工工资。",
    ],
)
def test_what_shuts_applicants_out_must_be_absent(text: str, vocabulary: Vocabulary) -> None:
    assert _tests(text, vocabulary) == [("abnormal", "eq", False), ("wage_arrears", "eq", False)]


@pytest.mark.parametrize("text", ["在杭州地区注册。", "牵头单位或项目单位为杭州地区注册的机构。"])
def test_a_place_named_with_its_area_is_the_place(text: str, vocabulary: Vocabulary) -> None:
    assert _tests(text, vocabulary, "330000") == [("region", "within", "330100")]


@pytest.mark.parametrize(
    ("text", "fact", "values"),
    [
        (
            "检测机构资产总额不低于90万元;其中民办类机构资产总额不低于30万元。",
            "assets_yuan",
            [900_000, 300_000],
        ),
        ("培训机构从业人员不少于12人;民办类机构不少于6人。", "employees", [12, 6]),
        (
            "企业营业收入达2亿元以上;其中软件领域的企业营业收入达1亿元以上。",
            "revenue_yuan",
            [200_000_000, 100_000_000],
        ),
        (
            "以设计为主营业务的,成立二年以上;以施工为主营业务的,成立四年以上。",
            "age_months",
            [24, 48],
        ),
    ],
)
def test_bounds_by_kind_of_applicant_are_alternatives(
    text: str, fact: str, values: list[int], vocabulary: Vocabulary
) -> None:
    (any_of,) = _read(text, vocabulary).conditions
    assert any_of.join == "any"
    assert [(c.fact, c.op, c.value) for c in any_of.leaves()] == [(fact, "gte", v) for v in values]


@pytest.mark.parametrize(
    "text",
    [
        "检测机构资产总额不低于90万元。",
        "引进的企业营业收入不低于90万元;孵化的企业营业收入不低于30万元。",
        "所属子公司营业收入不低于90万元;合作机构营业收入不低于30万元。",
    ],
)
def test_the_bound_of_one_kind_or_of_others_binds_nobody(text: str, vocabulary: Vocabulary) -> None:
    assert _tests(text, vocabulary) == []


def test_the_stricter_bound_of_a_kind_leaves_the_common_one(vocabulary: Vocabulary) -> None:
    text = "企业营业收入达1亿元以上;其中软件领域的企业营业收入达2亿元以上。"
    assert _tests(text, vocabulary) == [("revenue_yuan", "gte", 100_000_000)]


def test_a_header_of_exclusions_may_be_cut_in_two(vocabulary: Vocabulary) -> None:
    text = "有下列情况之一的企业;不得认定为高新技术企业:;不符合产业导向;有拖欠职工工资等行为。"
    assert _tests(text, vocabulary) == [("wage_arrears", "eq", False)]


def test_a_stop_inside_a_short_bracket_ends_no_sentence(vocabulary: Vocabulary) -> None:
    first, second = _read("在福建省(不含厦门;下同)注册登记。", vocabulary, "350000").conditions
    assert (first.value, second.join) == ("350000", "not")


def test_a_list_of_kinds_without_numbers_binds_nobody(vocabulary: Vocabulary) -> None:
    text = "资产总额不超过1亿元的以下两种类型企业;\n高新技术企业;\n拥有6件以上软件著作权的企业;"
    assert ("titles", "has_any", ["高新技术企业"]) not in _tests(text, vocabulary)
    assert [fact for fact, _, _ in _tests(text, vocabulary) if fact.startswith("ip_")] == []


@pytest.mark.parametrize(
    "text",
    [
        "服务商以2020年5月1日前在网上注册通过的名单为准。",
        "申报的商标应为2019年6月1日前注册。",
        "2018年3月1日前成立的养老机构,许可证有效的,可申请补贴。",
    ],
)
def test_the_founding_day_of_another_thing_is_not_the_applicants(
    text: str, vocabulary: Vocabulary
) -> None:
    assert _tests(text, vocabulary) == []


def test_what_acts_on_a_region_opens_no_case(vocabulary: Vocabulary) -> None:
    text = "对我县产业升级有带动作用;企业资产总额1000万元以上。"
    assert ("assets_yuan", "gte", 10_000_000) in _tests(text, vocabulary)


def test_place_and_age_hold_for_each_noun_of_a_list(vocabulary: Vocabulary) -> None:
    text = "2019年5月1日前在我县登记的机构或单位。"
    assert ("founded_on", "lt", date(2019, 5, 1)) in _tests(text, vocabulary)


@pytest.mark.parametrize(
    "text", ["在福建（不含厦门）依法登记注册。", "在福建省注册登记,厦门市除外。"]
)
def test_a_city_left_out_is_a_negated_place(text: str, vocabulary: Vocabulary) -> None:
    first, second = _read(text, vocabulary, "350000").conditions
    assert (first.fact, first.value) == ("region", "350000")
    assert (second.join, second.parts[0].value) == ("not", "350200")


def test_no_condition_is_read_that_a_sheet_could_not_hold(vocabulary: Vocabulary) -> None:
    for row in read_rows(CASES / "criteria_dev.jsonl"):
        for top in _read(row["text"], vocabulary, row["region"]).conditions:
            for leaf in top.leaves():
                assert leaf.fact is not None
                assert leaf.op is not None
                assert not list(faults_of_test(vocabulary, leaf.fact, leaf.op, leaf.value))


def test_labels_may_group_and_negate(vocabulary: Vocabulary) -> None:
    text = "持有高新技术企业或创新型中小企业证书。在福建省注册登记,厦门市除外。"
    labels: list[dict[str, Any]] = [
        {"fact": "titles", "op": "has_any", "value": ["高新技术企业"], "group": 1},
        {"fact": "titles", "op": "has_any", "value": ["创新型中小企业"], "group": 1},
        {"fact": "region", "op": "within", "value": "350000"},
        {"fact": "region", "op": "within", "value": "350200", "not": True},
    ]
    rows = [{"text": text, "region": "350000", "criteria": labels}]
    *_, right, wrong, missed = score_rows(rows, vocabulary).totals()
    assert (right, wrong, missed) == (3, 0, 0)
