"""Title, 文号, issuers and dates are read from the page; what it does not print stays None."""

from datetime import date

import pytest

from knowledge_base.header.header import read_header
from knowledge_base.header.issuers import issuers_of_title, split_issuers
from knowledge_base.header.numbers import normalise_document_number, numbers_in, own_numbers
from knowledge_base.header.titles import inner_title
from knowledge_base.header.widths import half_width
from knowledge_base.readers.reading import Reading

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


def test_a_line_of_the_body_that_begins_like_the_title_is_not_the_printed_title():
    text = (
        "儿童福利机构管理办法__国务院公报_中国政府网\n儿童福利机构管理办法儿童福利机构管理办法\n"
        "（2026年2月2日民政部令第83号公布）\n第一条 为了儿童，制定本办法。\n儿童福利机构应当登记\n"
    )
    found = header(text)
    assert text[slice(*found.head)].endswith("办法儿童福利机构管理办法")
    assert found.published_on == date(2026, 2, 2)


@pytest.mark.parametrize(
    "top",
    [
        "京政服发〔2023〕26号\n",
        "",
        "（2024年5月6日）\n",
        "链接：相关政策解读\n",
        "附件：北京市技改补助办法\n",
        "各相关单位\n",
        "北京市政务服务局\n",
        "为支持企业技改\n",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        BODY,
        "第二条 支持技改。\n",
        "《北京市技改补助办法》已经市政府同意，现印发给你们。\n北京市政务服务局\n2023年12月29日\n",
    ],
)
def test_a_text_that_prints_no_title_gets_none_from_its_body(top, body):
    found = header(top + body + "北京市技改补助办法\n第一条 支持技改。\n链接：相关政策解读\n")
    assert (found.title, found.full_title, found.titled) == ("", "", False)


@pytest.mark.parametrize(
    "title",
    [
        "云南：九条措施激励关爱抗疫一线人才",
        "房屋租赁登记备案可以网办吗？您想了解的在这里！",
        "关于支持企业技改",
        "平阳县技改补助政策解读",
        "平阳县科技局公告",
        "平阳县召开科技大会",
    ],
)
def test_a_first_line_that_reads_like_a_heading_is_the_title(title):
    found = header(f"{title}\n近日，平阳县出台措施，支持企业技改。\n一、支持技改。\n")
    assert found.full_title == title


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("标 题：关于支持技改的通知\n关于支持技改的通知\n", "关于支持技改的通知"),
        ("名 称：关于支持技改的通知\n", "关于支持技改的通知"),
        ("（转载）平阳县政府关于支持技改的通知\n", "平阳县政府关于支持技改的通知"),
        (
            "平阳县科技局\n平阳县科技局关于支持技改的通知\n",
            "平阳县科技局关于支持技改的通知",
        ),
        (
            "平阳县政府关于支持技改的通知\n鳌江镇人民政府\n11440106718120458W/2024-00008\n鳌江镇人民政府\n"
            "平阳县政府关于支持技改的通知\n",
            "平阳县政府关于支持技改的通知",
        ),
        ("平科〔2024〕65号关于支持技改的通知\n", "关于支持技改的通知"),
        ("平 阳 县 人 民 政 府 文 件\n关于支持技改的通知\n", "关于支持技改的通知"),
        ("平阳县\n人民政府文件\n平政发〔2024〕5号\n关于支持技改的通知\n", "关于支持技改的通知"),
        (
            "关于印发平县应对疫情支持中小企业发展政策措施的通知\n平阳县人民政府\n"
            "关于印发平阳县应对疫情支持中小企业发展政策措施的通知\n",
            "平阳县人民政府关于印发平阳县应对疫情支持中小企业发展政策措施的通知",
        ),
        ("平阳县科技创新\n补助资金管理办法\n", "平阳县科技创新补助资金管理办法"),
        ("2024年平阳县技改\n申报指南\n", "2024年平阳县技改申报指南"),
        ("平阳县财政局\n补助资金管理办法\n", "补助资金管理办法"),
        (
            "关于组织开展2024年度\n科技计划项目申报工作\n",
            "关于组织开展2024年度科技计划项目申报工作",
        ),
        ("财政部\n税务总局关于支持技改的通知\n", "财政部 税务总局关于支持技改的通知"),
    ],
)
def test_labels_letterheads_and_repeated_issuers_are_no_part_of_the_title(page, title):
    assert header(page + BODY).full_title == title


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


@pytest.mark.parametrize(
    "line",
    [
        "根据《技改条例》（国务院令第5号）",
        "关于贯彻国务院令第5号的通知",
        "解读《技改办法》（平科〔2024〕65号）",
        "转发《技改办法》（平科〔2024〕65号）",
        "废止下列文件",
    ],
)
def test_a_number_cited_in_a_title_or_a_preamble_is_not_the_documents_own(line):
    assert (
        header(f"{line}\n" + BODY + "国家税务总局公告2010年第1号\n平财〔2020〕1号\n").numbers == ()
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("平阳县技改管理指挥部令（第13号）\n" + BODY, "平阳县技改管理指挥部令第13号"),
        (BODY + "国家税务总局公告2010年第1号\n2010年3月7日\n", "国家税务总局公告2010年第1号"),
        ("平科〔2024〕65号关于支持技改的通知\n" + BODY, "平科〔2024〕65号"),
    ],
)
def test_orders_and_notices_print_their_number_in_the_title_or_by_the_signature(text, number):
    assert [words.number for words in header(text).numbers] == [number]


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
        "平阳县科技局\n2 0 2 4年3月 7 日\n抄送：县委办公室。\n联系人：张三，电话：0577-12345678。\n",
        "平阳县科技局\ue004\n2\ue0000\ue00024年\ue0003月\ue0007日\n附件：1.清单\n2.名单\n",
        "平阳县科技局2024年3月7日技改补助办法\n第一条 支持技改。\n",
        "平阳县科技局2024年3月7日链接：相关政策解读\n",
        "平阳县科技局局长：王军2024年3月7日技改补助办法\n第一条 支持技改。\n",
        "平阳县科技局\n二 〇 二 四 年 三 月 七 日\n",
        "平阳县科技局\n二O二四年三月七日\n平阳县科技局办公室 2024年3月8日印发\n",
    ],
)
def test_a_signature_gives_issuer_and_day(signature):
    found = header("关于支持技改的通知\n" + BODY + signature)
    assert found.issuers == ("平阳县科技局",)
    assert found.signed_on == date(2024, 3, 7)


@pytest.mark.parametrize(
    "sentence",
    [
        "平阳县科技局2024年3月7日印发的办法停止执行\n",
        "平阳县科技局2024年3月7日第2次会议决定\n",
        "平阳县科技局2024年3月7日前报送\n",
        "平阳县科技局办公室 2024年3月7日印发\n",
    ],
)
def test_a_sentence_that_dates_an_act_of_an_organ_is_no_signature(sentence):
    body = BODY + sentence + "二、支持研发。\n" * 20
    assert header("关于支持技改的通知\n" + body).signed_on is None


def test_the_last_line_of_a_text_without_a_date_names_its_issuer():
    page = "关于支持技改的通知\n" + BODY
    assert header(page + "平阳县科技局\n（此件公开发布）\n").issuers == ("平阳县科技局",)
    assert header(page + "平阳县科技局负责解释\n").issuers == ()


def test_a_signer_named_shorter_than_in_the_title_still_dates_the_document():
    page = "中国银保监会四川监管局关于暂停来访的通告\n" + BODY + "四川银保监局\n2020年2月3日\n"
    found = header(page)
    assert found.issuers == ("中国银保监会四川监管局",)
    assert found.signed_on == date(2020, 2, 3)


def test_a_name_torn_between_two_lines_is_whole_again():
    text = "关于支持技改的通知\n" + BODY + "平阳县应对技改难题\n工作领导小组\n2024年3月7日\n"
    assert header(text).issuers == ("平阳县应对技改难题工作领导小组",)


@pytest.mark.parametrize(
    "printed",
    [
        "贵阳市人民政府办公厅文件\n市人民政府办公厅关于支持技改的通知\n" + BODY,
        "市人民政府办公厅关于支持技改的通知\n" + BODY + "贵阳市人民政府办公厅\n2024年3月7日\n",
    ],
)
def test_an_issuer_shortened_in_the_title_is_named_in_full(printed):
    assert header(printed).issuers == ("贵阳市人民政府办公厅",)


@pytest.mark.parametrize(
    ("bracket", "signed", "published"),
    [
        (
            "（2019年10月8日国务院第66次常务会议通过　2019年10月22日国务院令第722号公布　自2020年1月1日起施行）",
            None,
            date(2019, 10, 22),
        ),
        ("（2024年3月7日平政发〔2024〕3号印发）", date(2024, 3, 7), None),
        ("（2024年3月7日县政府常务会议通过\n2024年3月9日公布）", None, date(2024, 3, 9)),
        ("（1994年1月2日公布　根据2018年3月4日《关于修改〈技改条例〉的决定》修订）", None, None),
        ("（2024年3月7日）", date(2024, 3, 7), None),
        ("（征求意见稿）", None, None),
    ],
)
def test_the_bracket_under_a_title_tells_its_days(bracket, signed, published):
    found = header(f"平阳县技改条例\n{bracket}\n第一条 支持技改。\n第二条 支持研发。\n")
    assert found.full_title.startswith("平阳县技改条例")
    assert (found.signed_on, found.published_on) == (signed, published)


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


def test_the_names_of_fields_are_no_part_of_their_values():
    text = (
        "关于支持技改的通知\n"
        + BODY
        + "发文机关：\n发文机关： 国务院办公厅发文机关：\n发文机关：\n"
        "发文字号： 国办发〔2026〕4号发文字号：\n成文日期： 2026年02月08日成文日期：\n"
    )
    found = header(text)
    assert found.issuers == ("国务院办公厅",)
    assert found.numbers[0].number == "国办发〔2026〕4号"
    assert found.signed_on == date(2026, 2, 8)


def test_a_field_of_another_kind_of_day_is_not_the_day_of_publication():
    text = "关于支持技改的通知\n发文日期：2024-03-07\n" + BODY
    found = header(text)
    assert (found.signed_on, found.published_on) == (date(2024, 3, 7), None)


def test_the_day_a_page_was_printed_is_not_the_day_of_publication():
    assert header("2026/7/26 13:02\n关于支持技改的通知\n" + BODY).published_on is None


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "unit",
    [
        *(
            "一、",
            "((((",
            "《",
            "关于",
            "2",
            "某局\n",
            "第1号",
            "关 ",
            "\n",
            "：",
            "2 0 ",
            "二 〇 ",
        ),
        *("某局2024年3月7日", "2024年3月8日印发\n", "某局 2024年3月7日\n", "发文机关：", "令第"),
    ],
)
def test_a_page_of_one_repeated_sign_is_read_in_linear_time(unit):
    text = "关于支持技改的通知\n" + unit * max(200_000 // len(unit), 60_000)
    header(text)


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
