"""A document speaks for the region its page names; a county never sees its neighbour's."""

import pytest

from knowledge_base.header.regions import RegionEvidence, read_region, region_candidates


def told(vocabulary, *issuers, number=None, title="关于支持技改的通知", page="", text=""):
    return read_region(RegionEvidence(issuers, number, title, page, text), vocabulary)


@pytest.mark.parametrize(
    ("issuer", "region"),
    [
        ("平阳县科技局", "330326"),
        ("浙江省温州市平阳县人民政府", "330326"),
        ("中共平阳县委", "330326"),
        ("温州市财政局", "330300"),
        ("浙江省人民政府办公厅", "330000"),
        ("国务院办公厅", "000000"),
        ("工业和信息化部", "000000"),
        ("国家税务总局", "000000"),
        ("国家税务总局浙江省税务局", "330000"),
        ("国家税务总局深圳市税务局", "440300"),
        ("中国人民银行温州市分行", "330300"),
        ("中国银保监会四川监管局", "510000"),
        ("北京市海淀区人民政府", "110108"),
        ("广州市天河区教育局", "440106"),
        ("重庆市城口县人民政府", "500229"),
        ("仙桃市科技局", "429004"),
        ("石河子市人民政府", "659001"),
        ("上海市浦东新区科技和经济委员会", "310115"),
        ("内蒙古自治区科技厅", "150000"),
        ("恩施土家族苗族自治州人民政府", "422800"),
        ("温州银保监分局", "330300"),
        ("苏州工业园区管委会", "320500"),
        ("中国（上海）自由贸易试验区管委会", "310000"),
        ("中国农业银行平阳支行", "330326"),
        ("中国科学技术协会", "000000"),
        ("容县发展和改革局", "450921"),
        ("恩施州人民政府办公室", "422800"),
        ("广西自治区科技厅", "450000"),
        ("伊犁州人民政府", "654000"),
    ],
)
def test_an_issuer_names_its_region(vocabulary, issuer, region):
    assert told(vocabulary, issuer) == region


@pytest.mark.parametrize("issuer", ["县科技局", "市商务局", "省财政厅", "科创公司", "朝阳区教育局"])
def test_an_issuer_without_a_place_of_its_own_decides_nothing(vocabulary, issuer):
    assert told(vocabulary, issuer) is None


def test_a_name_two_places_share_is_decided_by_the_city_the_page_names(vocabulary):
    assert told(vocabulary, "朝阳区教育局", text="北京市教育委员会印发") == "110105"
    assert told(vocabulary, "朝阳区教育局", text="吉林省长春市教育局印发") == "220104"


def test_a_title_names_the_region_when_the_issuer_does_not(vocabulary):
    title = "关于印发《平阳县金融支持科技创新实施方案》的通知"
    assert told(vocabulary, "县科技局", title=title) == "330326"


def test_a_place_the_title_only_speaks_about_does_not_outweigh_the_issuer(vocabulary):
    assert told(vocabulary, "国务院", title="国务院关于河北雄安新区总体规划的批复") == "000000"
    assert told(vocabulary, "国家税务总局", title="关于苏州工业园区税收问题的公告") == "000000"


@pytest.mark.parametrize(
    ("number", "issuers", "region"),
    [
        ("国办发", (), "000000"),
        ("财税", (), "000000"),
        ("工信部联企业", (), "000000"),
        ("浙政办发", (), "330000"),
        ("京科发", (), "110000"),
        ("黔工信运行", ("省工业和信息化厅",), "520000"),
        ("平科", (), None),
        ("浙平科", ("县科技局",), None),
    ],
)
def test_a_document_number_decides_only_for_nation_and_province(
    vocabulary, number, issuers, region
):
    assert told(vocabulary, *issuers, number=number) == region


def test_a_county_whose_name_is_a_word_is_not_read_out_of_the_word(vocabulary):
    assert told(vocabulary, title="关于延长申报期限的通知") is None
    assert told(vocabulary, title="延长申报期限的通知") is None
    assert told(vocabulary, "延长县科技局") == "610621"
    assert told(vocabulary, title="延长出台十条措施") == "610621"


def test_the_name_of_the_site_above_the_title_decides(vocabulary):
    assert told(vocabulary, "县科技局", page="平阳县人民政府门户网站\n首页 > 政策") == "330326"


def test_our_county_is_the_one_county_the_text_names(vocabulary):
    assert told(vocabulary, text="支持我县企业技改,由平阳县科技局受理,温州市备案。") == "330326"
    assert told(vocabulary, text="支持我县企业技改。") is None
    assert told(vocabulary, text="支持我县企业,学习苍南县、平阳县经验。") is None
    assert told(vocabulary, text="学习平阳县经验。") is None


def test_the_candidates_are_the_places_the_text_names_in_order(vocabulary):
    assert region_candidates("温州市平阳县与苍南县", vocabulary) == ("330326", "330327")
    assert region_candidates("没有地名", vocabulary) == ()


@pytest.mark.parametrize(
    ("document", "asked", "seen"),
    [
        ("330326", "330326", True),
        ("330300", "330326", True),
        ("330000", "330326", True),
        ("000000", "330326", True),
        ("330327", "330326", False),
        ("330200", "330326", False),
        ("350000", "330326", False),
        ("330326", "330300", False),
        ("110000", "110108", True),
        ("500000", "500229", True),
        ("500229", "500230", False),
        ("420000", "429004", True),
        ("429005", "429004", False),
        ("650000", "659001", True),
        ("659002", "659001", False),
        ("330000", "000000", False),
    ],
)
def test_a_region_sees_its_own_and_what_is_above_it_never_a_neighbours(
    vocabulary, document, asked, seen
):
    assert (document in vocabulary.region_chain(asked)) is seen


def test_every_region_of_the_table_sees_itself_and_the_nation(vocabulary):
    for code in vocabulary.regions:
        assert {code, "000000"} <= set(vocabulary.region_chain(code))


def test_every_full_name_that_is_unique_is_found_again(vocabulary):
    names = list(vocabulary.regions.values())
    unique = {c: n for c, n in vocabulary.regions.items() if names.count(n) == 1 and len(n) > 2}
    wrong = {
        code: name
        for code, name in list(unique.items())[1::7]
        if name[-1] in "省市县区州旗盟" and told(vocabulary, name + "人民政府") != code
    }
    assert wrong == {}
