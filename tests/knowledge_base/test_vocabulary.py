"""The closed lists: facts of the contract, titles and their synonyms, regions, industries."""

import shutil

import pytest

from knowledge_base import NATION, NO_SIZING, SHIPPED_CORPUS, VocabularyError, load_vocabulary

# Codes, types and owners of the contract's facts.tsv.
ENTERPRISE = {
    "text": "name uscc",
    "enum": "entity_type size_category tax_grade chain_role ma_purpose first_set",
    "code": "region industry",
    "date": "founded_on fixed_asset_loan_on",
    "bool": "private ip_valid has_loan_record overdue abnormal env_penalty wage_arrears fixed_site "
    "in_incubator project_filed fixed_asset_loan_2026 other_central_subsidy ma_control "
    "use_first_agreement use_first_insured got_national_first_set_subsidy got_first_set_award "
    "first_software first_material founder_key_group founder_first_startup",
    "number": "revenue_yuan employees assets_yuan debt_ratio rd_spend_yuan total_cost_yuan rd_staff "
    "ip_class1 ip_class2 loans_yuan bank_count receivable_confirmed_yuan bills_yuan order_yuan "
    "project_investment_yuan ma_stake_ratio ma_held_ratio ma_price_yuan use_first_premium_yuan "
    "first_set_premium_yuan new_hire_ratio fixed_asset_loan_yuan first_set_insured_year "
    "first_set_rate",
    "list": "titles talents project_types",
}
OTHERS = {
    "in_subsidy_field": ("bool", "record"),
    "in_chain_sector_2026": ("bool", "record"),
    "first_set_in_provincial_catalog": ("bool", "record"),
    "first_set_in_national_catalog": ("bool", "record"),
    "icbc_whitelist": ("bool", "institution"),
    "sci_index_score": ("number", "institution"),
    "abs_window_open": ("bool", "institution"),
}
DERIVED = {"size", "age_months", "rd_ratio", "rd_cost_ratio", "rd_staff_ratio", "ip_total"}
FACTS = {c: (kind, "enterprise") for kind, codes in ENTERPRISE.items() for c in codes.split()}
FACTS |= OTHERS

SIZING = {"农林牧渔", "工业", "建筑", "批发", "零售", "交通运输", "仓储", "邮政", "住宿", "餐饮"}
SIZING |= {"信息传输", "软件信息", "房地产开发", "物业", "租赁商务", "其他未列明"}

HIGH_TECH = "高新技术企业"
LITTLE_GIANT = "专精特新“小巨人”企业"
TECH_GIANT = "省科技小巨人企业"

# County-level units of each city of 浙江, by 行政区划代码 of the city.
ZHEJIANG = {
    "330100": ("杭州市", 13),
    "330200": ("宁波市", 10),
    "330300": ("温州市", 12),
    "330400": ("嘉兴市", 7),
    "330500": ("湖州市", 5),
    "330600": ("绍兴市", 6),
    "330700": ("金华市", 9),
    "330800": ("衢州市", 6),
    "330900": ("舟山市", 4),
    "331000": ("台州市", 9),
    "331100": ("丽水市", 9),
}
WENZHOU = {
    "330302": "鹿城区",
    "330303": "龙湾区",
    "330304": "瓯海区",
    "330305": "洞头区",
    "330324": "永嘉县",
    "330326": "平阳县",
    "330327": "苍南县",
    "330328": "文成县",
    "330329": "泰顺县",
    "330381": "瑞安市",
    "330382": "乐清市",
    "330383": "龙港市",
}


def test_the_stored_facts_are_those_of_the_contract_with_type_and_owner(vocabulary):
    found = {c: (f.type, f.asked_of) for c, f in vocabulary.facts.items() if c not in DERIVED}
    assert found == FACTS
    assert len(found) == 67


def test_derived_facts_are_computed_and_asked_of_nobody(vocabulary):
    derived = {c for c, fact in vocabulary.facts.items() if fact.asked_of == "derived"}
    assert derived == DERIVED
    assert all(vocabulary.facts[code].derived for code in DERIVED)


def test_every_stored_fact_has_a_label_and_a_question_in_chinese(vocabulary):
    for code in FACTS:
        fact = vocabulary.facts[code]
        assert fact.label, code
        assert fact.question.startswith("请问"), code
        assert fact.question.endswith((")", "?")), code


def test_labels_name_one_fact_each(vocabulary):
    labels = [fact.label for fact in vocabulary.facts.values()]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("entity_type", ["企业", "个体工商户", "农民专业合作社", "民办非企业", "事业单位", "银行"]),
        ("tax_grade", ["A", "B", "M", "C", "D"]),
        ("chain_role", ["核心企业", "上游供应商", "下游经销商", "无"]),
        ("ma_purpose", ["提升技术水平", "扩大协同效应", "助力科技龙头", "财务投资"]),
        ("first_set", ["国际", "国内", "省内"]),
        ("talents", ["A", "B", "C", "D", "E", "F"]),
        ("project_types", ["研发", "技改", "智能技改", "设备更新", "扩建厂房"]),
    ],
)
def test_enumerations_hold_the_values_of_the_contract(vocabulary, code, values):
    assert list(vocabulary.facts[code].values) == values


def test_open_lists_are_open_and_closed_ones_closed(vocabulary):
    open_facts = {code for code, fact in vocabulary.facts.items() if fact.open}
    assert open_facts == {"titles", "project_types"}


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("高企", HIGH_TECH),
        ("国高", HIGH_TECH),
        ("国家高新技术企业", HIGH_TECH),
        (" 高新技术企业 ", HIGH_TECH),
        ("科小", "科技型中小企业"),
        ("国家科技型中小企业", "科技型中小企业"),
        ("浙江省科技型中小企业", "省科技型中小企业"),
        ("省级专精特新", "专精特新中小企业"),
        ("专精特新小巨人", LITTLE_GIANT),
        ("专精特新“小巨人”", LITTLE_GIANT),
        ('专精特新"小巨人"企业', LITTLE_GIANT),
        ("国家级小巨人", LITTLE_GIANT),
        ("科技小巨人", TECH_GIANT),
        ("省科技“小巨人”企业", TECH_GIANT),
        ("科技领军企业", "省科技领军企业"),
    ],
)
def test_a_synonym_means_its_title(vocabulary, written, title):
    assert vocabulary.title(written) == title


def test_the_two_little_giants_are_two_titles(vocabulary):
    assert vocabulary.title("专精特新小巨人") != vocabulary.title("科技小巨人")
    names = {title.name for title in vocabulary.titles}
    assert {LITTLE_GIANT, TECH_GIANT} <= names


@pytest.mark.parametrize("written", ["小巨人", "小巨人企业", "“小巨人”"])
def test_a_bare_little_giant_may_be_either_and_is_never_resolved(vocabulary, written):
    assert set(vocabulary.ambiguous_titles[written]) == {LITTLE_GIANT, TECH_GIANT}
    assert vocabulary.title(written) == written


@pytest.mark.parametrize("written", ["专精特新", "专精特新企业", "“专精特新”企业"])
def test_a_bare_zhuanjingtexin_may_be_either_grade(vocabulary, written):
    assert set(vocabulary.ambiguous_titles[written]) == {"专精特新中小企业", LITTLE_GIANT}
    assert vocabulary.title(written) == written


def test_no_ambiguous_form_is_also_a_synonym(vocabulary):
    synonyms = {form for title in vocabulary.titles for form in (title.name, *title.synonyms)}
    assert synonyms & set(vocabulary.ambiguous_titles) == set()


def test_a_title_nobody_listed_is_kept_as_written(vocabulary):
    assert vocabulary.title(" 浙江出口名牌 ") == "浙江出口名牌"


def test_the_titles_of_the_contract_are_the_values_of_the_fact(vocabulary):
    assert [title.name for title in vocabulary.titles] == list(vocabulary.facts["titles"].values)


@pytest.mark.parametrize("city", ZHEJIANG)
def test_every_county_of_zhejiang_is_listed_under_its_city(vocabulary, city):
    name, counties = ZHEJIANG[city]
    assert vocabulary.regions[city] == name
    below = [c for c in vocabulary.regions if c.startswith(city[:4]) and c != city]
    assert len(below) == counties


def test_the_counties_of_wenzhou_have_their_names(vocabulary):
    below = {c: n for c, n in vocabulary.regions.items() if c.startswith("3303") and c[4:] != "00"}
    assert below == WENZHOU


def test_region_codes_are_six_digits_and_the_nation_is_among_them(vocabulary):
    assert vocabulary.regions[NATION] == "全国"
    assert all(len(code) == 6 and code.isdigit() for code in vocabulary.regions)
    provinces = [c for c in vocabulary.regions if c.endswith("0000") and c != NATION]
    assert len(provinces) >= 31


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("330326", ("330326", "330300", "330000", "000000")),
        ("330300", ("330300", "330000", "000000")),
        ("330000", ("330000", "000000")),
        ("000000", ("000000",)),
    ],
)
def test_a_region_rolls_up_to_the_nation(vocabulary, code, chain):
    assert vocabulary.region_chain(code) == chain


@pytest.mark.parametrize(
    ("code", "asked", "inside"),
    [
        ("330326", "330326", True),
        ("330326", "330300", True),
        ("330326", "330000", True),
        ("330326", "000000", True),
        ("330302", "330326", False),
        ("330200", "330326", False),
        ("330300", "330326", None),
        ("330000", "330326", None),
        ("000000", "330326", None),
    ],
)
def test_a_region_coarser_than_asked_leaves_it_unknown(vocabulary, code, asked, inside):
    assert vocabulary.within_region(code, asked) is inside


def test_a_region_is_named_with_what_lies_above_it(vocabulary):
    assert vocabulary.region_name("330326") == "浙江省温州市平阳县"
    assert vocabulary.region_name("330000") == "浙江省"
    assert vocabulary.region_name("000000") == "全国"


@pytest.mark.parametrize(
    ("industry", "sizing"),
    [
        ("0111", {"农林牧渔"}),
        ("3467", {"工业"}),
        ("C", {"工业"}),
        ("4790", {"建筑"}),
        ("51", {"批发"}),
        ("52", {"零售"}),
        ("F", {"批发", "零售"}),
        ("54", {"交通运输"}),
        ("591", {"交通运输"}),
        ("5910", {"交通运输"}),
        ("592", {"仓储"}),
        ("59", {"交通运输", "仓储"}),
        ("60", {"邮政"}),
        ("G", {"交通运输", "仓储", "邮政", NO_SIZING}),
        ("53", {NO_SIZING}),
        ("61", {"住宿"}),
        ("62", {"餐饮"}),
        ("H", {"住宿", "餐饮"}),
        ("64", {"信息传输"}),
        ("6513", {"软件信息"}),
        ("I", {"信息传输", "软件信息"}),
        ("701", {"房地产开发"}),
        ("702", {"物业"}),
        ("703", {"其他未列明"}),
        ("704", {NO_SIZING}),
        ("70", {"房地产开发", "物业", "其他未列明", NO_SIZING}),
        ("72", {"租赁商务"}),
        ("7320", {"其他未列明"}),
        ("J", {NO_SIZING}),
        ("66", {NO_SIZING}),
        ("84", {NO_SIZING}),
        ("85", {"其他未列明"}),
        ("Q", {NO_SIZING, "其他未列明"}),
    ],
)
def test_an_industry_code_leads_to_its_sizing_industries(vocabulary, industry, sizing):
    assert vocabulary.sizing_of(industry) == sizing


def test_every_four_digit_class_has_one_sizing_industry_of_the_table_or_none(vocabulary):
    classes = [item for item in vocabulary.industries.values() if item.level == "小类"]
    assert len(classes) > 1300
    assert {item.sizing for item in classes} == SIZING | {NO_SIZING}


def test_the_industry_table_is_a_tree_of_twenty_sections(vocabulary):
    sections = [code for code, item in vocabulary.industries.items() if item.level == "门类"]
    assert sections == list("ABCDEFGHIJKLMNOPQRST")
    for code, item in vocabulary.industries.items():
        if item.level != "门类":
            assert item.parent in vocabulary.industries, code
            assert item.section in sections, code


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("revenue", "revenue_yuan"),
        ("employes", "employees"),
        ("regon", "region"),
        ("title", "titles"),
        ("资产负债", "debt_ratio"),
        ("从业人数", "employees"),
    ],
)
def test_a_misspelt_fact_is_answered_with_the_nearest_codes(vocabulary, misspelt, meant):
    near = vocabulary.nearest_facts(misspelt)
    assert meant in near
    assert len(near) <= 3


def test_no_derived_fact_is_suggested_and_nonsense_gets_no_suggestion(vocabulary):
    assert "rd_ratio" not in vocabulary.nearest_facts("rd_ratio")
    assert vocabulary.nearest_facts("zzzzzzqqq") == []


@pytest.mark.parametrize(
    ("written", "harmed", "named"),
    [
        ('"浙" = "330000"', '"浙" = "330300"', "provinces.浙"),
        ('"浙" = "330000"', '"浙江" = "330000"', "provinces.浙江"),
        ('"浙" = "330000"', '"浙" = "999900"', "provinces.浙"),
        ('"中华人民共和国", ', '"", ', "national.organs"),
        ("whole = [", "hole = [", "national.whole"),
        ("organ_letters = ", "letters = ", "organ_letters"),
        ('municipalities = ["110000", ', 'municipalities = ["110100", ', "110100"),
    ],
)
def test_a_place_table_that_would_misplace_documents_is_refused(tmp_path, written, harmed, named):
    folder = shutil.copytree(SHIPPED_CORPUS / "vocabulary", tmp_path / "vocabulary")
    path = folder / "places.toml"
    text = path.read_text(encoding="utf8")
    assert text.count(written) == 1
    path.write_text(text.replace(written, harmed), encoding="utf8")
    with pytest.raises(VocabularyError) as refused:
        load_vocabulary(folder)
    (fault,) = refused.value.faults
    assert "places.toml" in fault
    assert named in fault


def test_a_list_that_cannot_be_read_is_named_alone(tmp_path):
    folder = shutil.copytree(SHIPPED_CORPUS / "vocabulary", tmp_path / "vocabulary")
    (folder / "places.toml").unlink()
    with pytest.raises(VocabularyError) as refused:
        load_vocabulary(folder)
    (fault,) = refused.value.faults
    assert "places.toml 读不了" in fault
