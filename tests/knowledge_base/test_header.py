"""Title, 文号, issuers and dates are read from the page; what it does not print stays None."""

import time
from datetime import date

import pytest

from knowledge_base.header import read_header
from knowledge_base.issuers import issuers_of_title, split_issuers
from knowledge_base.numbers import normalise_document_number, numbers_in, own_numbers
from knowledge_base.readers.reading import Reading
from knowledge_base.titles import inner_title
from knowledge_base.widths import half_width

BODY = "各乡镇人民政府：\n为支持技改，根据《某条例》（浙政发〔2020〕9号），现通知如下。\n一、支持技改。\n"


def header(text, **kwargs):
    return read_header(Reading("text", text, **kwargs))


# ── title ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("关于支持技改的通知\n", "关于支持技改的通知"),
        ("平阳县科技局\n关于支持技改\n若干措施的通知\n", "平阳县科技局关于支持技改若干措施的通知"),
        (
            "国务院办公厅关于全面推行公示制度\n法制审核制度的指导意见\n",
            "国务院办公厅关于全面推行公示制度法制审核制度的指导意见",
        ),
        (
            "国务院办公厅关于印发\n国 家 粮 食 应 急 预 案 的 函\n",
            "国务院办公厅关于印发国家粮食应急预案的函",
        ),
        ("国务院关于同意平阳县建设试点的批复\n", "国务院关于同意平阳县建设试点的批复"),
        ("国务院办公厅对第2996号建议的答复\n", "国务院办公厅对第2996号建议的答复"),
        ("平阳县技改补助管理办法（试行）\n", "平阳县技改补助管理办法（试行）"),
        ("平阳县技改补助管理办法\n（2024年修订）\n", "平阳县技改补助管理办法（2024年修订）"),
        ("专利代理条例\n", "专利代理条例"),
        ("德阳市交通运输局通告\n", "德阳市交通运输局通告"),
        (
            "2026/7/26 13:02\n关于完善电力市场的意见_电力_中国政府网\n关于完善电力市场的意见\n",
            "关于完善电力市场的意见",
        ),
        (
            "首页 > 政策文件\n关注 · 平阳政府网\n登录\n|简体\n关于支持技改的通知\n",
            "关于支持技改的通知",
        ),
        (
            "关于支持技改的通知\n平阳县人民政府关于支持技改的通知\n",
            "平阳县人民政府关于支持技改的通知",
        ),
        (
            "关于支持技改的通知\n发布日期：2024-03-07 来源：县科技局\n关于支持技改\n的通知\n",
            "关于支持技改的通知",
        ),
        ("关于支持技改的通知（平科〔2024〕65号）\n", "关于支持技改的通知"),
        (
            "石政发〔2020〕3号-石景山区人民政府关于支持企业的通知\n",
            "石景山区人民政府关于支持企业的通知",
        ),
        ("平阳县科技局文件\n平科〔2024〕65号\n关于支持技改的通知\n", "关于支持技改的通知"),
    ],
)
def test_the_title_is_found_whatever_the_page_prints_around_it(page, title):
    found = header(page + BODY)
    assert found.full_title == title
    assert found.titled
    assert found.notices == ()


@pytest.mark.parametrize(
    ("title", "inner"),
    [
        ("关于印发《技改办法》的通知", "技改办法"),
        ("平阳县科技局关于印发《技改办法（试行）》的通知", "技改办法（试行）"),
        ("北京市人民政府印发《关于支持技改的意见》的通知", "关于支持技改的意见"),
        (
            "国务院办公厅关于转发财政部《技改方案》的通知",
            "国务院办公厅关于转发财政部《技改方案》的通知",
        ),
        ("关于修改《技改办法》的决定", "关于修改《技改办法》的决定"),
        ("关于《技改办法》的解读", "关于《技改办法》的解读"),
        ("关于印发《甲办法》《乙办法》的通知", "关于印发《甲办法》《乙办法》的通知"),
    ],
)
def test_only_a_letter_that_issues_a_document_is_called_by_what_it_issues(title, inner):
    assert inner_title(title) == inner


def test_the_head_ends_with_the_title_the_page_repeats_last():
    text = "关于支持技改的通知\n2024-03-07\n平阳县人民政府\n关于支持技改的通知\n" + BODY
    found = header(text)
    assert text[slice(*found.head)].endswith("平阳县人民政府\n关于支持技改的通知")


def test_a_page_flattened_to_one_line_keeps_title_number_and_signature():
    text = (
        "省工信厅关于支持技改的通知 省工信厅关于支持 技改的通知 黔工信〔2020〕9号 各市工信局： "
        + "为支持技改，现通知如下： "
        + "一、支持企业技改，予以补助。" * 20
        + " 贵州省工信厅 2020年2月10日"
    )
    found = header(text)
    assert found.full_title == "省工信厅关于支持技改的通知"
    assert found.numbers[0].number == "黔工信〔2020〕9号"
    assert found.signed_on == date(2020, 2, 10)


def test_what_the_file_marks_as_its_title_wins_over_menu_lines():
    text = "办事指南\n政策解读\n平阳县技改补助办法\n" + BODY
    assert (
        header(text, title="平阳县技改补助办法 - 平阳县人民政府网站").full_title
        == "平阳县技改补助办法"
    )


def test_overprinted_lines_of_a_saved_page_take_the_title_the_browser_printed():
    text = (
        "2026/7/24 15:32\n关于印发《健身计划》的通知_体育_中国政府网\n"
        "关于印发《健身关于印发《健身计划》的通知计划》的通知\n" + BODY
    )
    found = header(text)
    assert found.title == "健身计划"
    assert text[slice(*found.head)].endswith("计划》的通知")


def test_a_page_without_a_title_says_that_its_title_was_chosen():
    found = header("京政服发〔2023〕26号\n" + BODY + "北京市技改补助办法\n第一条 支持技改。")
    assert found.full_title == "北京市技改补助办法"
    assert "没有标题行" in found.notices[0]
    assert found.numbers[0].number == "京政服发〔2023〕26号"


def test_an_order_gives_number_issuer_and_day_of_what_it_makes_public():
    text = (
        "中华人民共和国国务院令\n第707号\n现公布《技改条例》，自2019年1月1日起施行。\n"
        "总理 李克强\n2018年12月18日\n技改条例\n第一条 支持技改。\n"
    )
    found = header(text)
    assert found.title == "技改条例"
    assert found.numbers[0].number == "国务院令第707号"
    assert found.issuers == ("国务院",)
    assert found.signed_on == date(2018, 12, 18)


# ── 文号 ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("平科〔2024〕65号", "平科〔2024〕65号"),
        ("平科[2024]第065号", "平科〔2024〕65号"),
        ("平科（2024）65号", "平科〔2024〕65号"),
        ("平科﹝2024﹞65号", "平科〔2024〕65号"),
        ("（平科〔2024〕65号）", "平科〔2024〕65号"),
        ("文号：平科〔2024〕65号", "平科〔2024〕65号"),
        ("国办发明电〔2018〕15号", "国办发明电〔2018〕15号"),
        ("浙政办发 〔 2024 〕 12 号", "浙政办发〔2024〕12号"),
        ("粤府办（函）〔2020〕3号", "粤府办(函)〔2020〕3号"),
        ("陕科协发〔2022〕学字3号", "陕科协发〔2022〕学字3号"),
        ("国家税务总局公告2014年第74号", "国家税务总局公告2014年第74号"),
        ("2014年第74号", "2014年第74号"),
        ("中华人民共和国国务院令第748号", "国务院令第748号"),
        ("第65号", "第65号"),
        ("〔十五届〕第25号", "〔十五届〕第25号"),
    ],
)
def test_a_line_that_is_a_document_number_is_read_in_every_style(line, number):
    assert [words.number for words in own_numbers(half_width(line))] == [number]
    assert header(f"关于支持技改的通知\n{line}\n" + BODY).numbers[0].number == number


def test_joint_documents_keep_all_their_numbers():
    found = own_numbers("平科〔2024〕6号 平财企〔2024〕9号")
    assert [words.number for words in found] == ["平科〔2024〕6号", "平财企〔2024〕9号"]


def test_a_number_the_text_cites_is_not_the_documents_own():
    assert header("关于支持技改的通知\n" + BODY).numbers == ()
    assert header("关于贯彻国发〔2020〕9号文件的通知\n" + BODY).numbers == ()


def test_numbers_in_running_text_lose_the_words_of_the_sentence():
    text = "根据《甲》(京政办发〔2020〕7号)和浙政发〔2010〕3号,按照财税〔2009〕34号执行;民政部令第63号、2022年第16号。"
    assert [words.number for words in numbers_in(text)] == [
        "京政办发〔2020〕7号",
        "浙政发〔2010〕3号",
        "财税〔2009〕34号",
        "民政部令第63号",
        "2022年第16号",
    ]


@pytest.mark.parametrize("written", ["第65号公告", "平科2024-65", "无", "", "平科〔2024〕65"])
def test_normalising_leaves_other_text_alone(written):
    assert normalise_document_number(written) == written


# ── issuers ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("title", "issuers"),
    [
        ("国务院办公厅转发国家地震局关于防震意见的通知", ("国务院办公厅",)),
        ("财政部 税务总局关于调整税率的通知", ("财政部", "税务总局")),
        ("平阳县科技局、平阳县财政局关于印发《办法》的通知", ("平阳县科技局", "平阳县财政局")),
        (
            "广州市人力资源和社会保障局广州市财政局关于印发办法的通知",
            ("广州市人力资源和社会保障局", "广州市财政局"),
        ),
        ("北京市人民政府印发《意见》的通知", ("北京市人民政府",)),
        ("德阳市交通运输局通告", ("德阳市交通运输局",)),
        ("县科技局关于支持技改的通知", ("县科技局",)),
        ("广西“双减”工作领导小组办公室关于征集案例的通知", ("广西“双减”工作领导小组办公室",)),
        ("关于支持技改的通知", ()),
        ("北京市发布16条举措", ()),
    ],
)
def test_a_title_names_its_issuers_in_order(title, issuers):
    assert issuers_of_title(title) == issuers


def test_issuers_are_parted_as_printed_and_abbreviations_stay():
    assert split_issuers("县科技局、县财政局") == ("县科技局", "县财政局")
    assert split_issuers("北京市审改办（北京市政务服务管理局代章）") == ("北京市审改办",)


def test_several_departments_behind_deng_are_named_by_their_signatures():
    text = (
        "工业和信息化部等八部门关于支持技改的通知\n"
        + BODY
        + "工业和信息化部\n国家发展改革委\n教育部\n2025年12月25日\n"
    )
    found = header(text)
    assert found.issuers == ("工业和信息化部", "国家发展改革委", "教育部")
    assert found.signed_on == date(2025, 12, 25)


def test_the_signature_of_a_report_passed_on_is_not_the_documents():
    text = (
        "国务院办公厅转发国家地震局关于防震意见的通知\n国办发〔1996〕2号\n"
        + BODY
        + "国家地震局\n一九九六年一月二十五日\n"
    )
    found = header(text)
    assert found.issuers == ("国务院办公厅",)
    assert found.signed_on is None


@pytest.mark.parametrize(
    "signature",
    [
        "平阳县科技局\n2024年3月7日\n",
        "平阳县科技局 2024年3月7日\n",
        "特此通知。平阳县科技局2024年3月7日\n",
        "平阳县科技局\n(平阳县财政局代章)\n二〇二四年三月七日\n(此件公开发布)\n",
        "平阳县科技局\ue003\n2024年3月7日 附件：清单\n",
    ],
)
def test_a_signature_gives_issuer_and_day(signature):
    found = header("关于支持技改的通知\n" + BODY + signature)
    assert found.issuers == ("平阳县科技局",)
    assert found.signed_on == date(2024, 3, 7)


# ── fields ──────────────────────────────────────────────────────────────────────────────────────
PORTAL = (
    "索 引 号：\n000014349/2026-00056\n主题分类：\n卫生、体育\n发文机关：\n国务院\n"
    "成文日期：\n2026年07月19日\n"
    "标 题：\n国务院关于支持技改的通知\n发文字号：\n国发〔2026〕26号\n"
    "发布日期：\n2026年07月23日\n国务院关于支持技改的通知\n"
)


def test_a_catalogue_table_with_values_below_its_names_is_read():
    found = header(PORTAL + BODY)
    assert found.fields["index_number"] == "000014349/2026-00056"
    assert found.fields["topic"] == "卫生、体育"
    assert found.issuers == ("国务院",)
    assert found.numbers[0].number == "国发〔2026〕26号"
    assert (found.signed_on, found.published_on) == (date(2026, 7, 19), date(2026, 7, 23))


def test_fields_in_brackets_on_one_line_are_told_apart():
    text = (
        "关于支持技改的措施 [主题分类] 综合政务 [发文机构] 北京市人民政府办公厅 [实施日期] ---- [成文日期] 2020-02-03 "
        "[发文字号] 京政办发〔2020〕5号 [废止日期] ---- [发布日期] 2020-02-04 [有效性] 有效 各区人民政府： "
        + "支持企业技改，予以补助。"
        * 20
    )
    found = header(text)
    assert found.issuers == ("北京市人民政府办公厅",)
    assert found.numbers[0].number == "京政办发〔2020〕5号"
    assert (found.signed_on, found.published_on) == (date(2020, 2, 3), date(2020, 2, 4))
    assert "effective_on" not in found.fields


def test_what_the_file_marks_as_fields_comes_first():
    fields = {"发布机构": "县科技局", "文 号:": "平科[2024]65号", "发布日期": "2025-03-07"}
    found = header("关于支持技改的通知\n平财〔2024〕1号\n" + BODY, fields=fields)
    assert found.issuers == ("县科技局",)
    assert found.numbers[0].number == "平科〔2024〕65号"
    assert found.published_on == date(2025, 3, 7)


def test_the_day_of_upload_below_the_title_is_the_day_of_publication():
    found = header("关于支持技改的通知\n2023-02-27 18:43 来源：新华社\n" + BODY)
    assert found.published_on == date(2023, 2, 27)


def test_the_day_a_page_was_printed_is_not_the_day_of_publication():
    assert header("2026/7/26 13:02\n关于支持技改的通知\n" + BODY).published_on is None


@pytest.mark.parametrize(
    "unit", ["一、", "((((", "《", "关于", "2", "某局\n", "第1号", "关 ", "\n", "："]
)
def test_a_page_of_one_repeated_sign_is_read_in_linear_time(unit):
    text = "关于支持技改的通知\n" + unit * (200_000 // len(unit))
    begun = time.process_time()
    header(text)
    assert time.process_time() - begun < 5


def test_names_of_a_form_below_the_text_are_no_fields_of_the_page():
    form = "附件\n企业名称：某公司\n标题：某项目\n有效期：2年\n发布日期：2020-01-01\n"
    found = header("关于支持技改的通知\n" + BODY + "平阳县科技局\n2024年3月7日\n" + form)
    assert found.fields == {}
    assert found.full_title == "关于支持技改的通知"


def test_a_whole_catalogue_below_the_text_counts():
    table = "发文机关： 国务院\n发文字号： 国发〔2026〕26号\n成文日期： 2026年07月19日\n主题分类： 卫生\n"
    found = header("关于支持技改的通知\n" + BODY + table)
    assert found.issuers == ("国务院",)
    assert found.numbers[0].number == "国发〔2026〕26号"


def test_full_width_signs_of_a_title_are_kept_as_printed():
    title = "关于推进“人工智能＋人社”应用的意见（试行）"
    assert header(f"{title}_政策_中国政府网\n{title}\n" + BODY).full_title == title
    assert header(f"2024年3月7日\n{title}\n" + BODY).full_title == title
