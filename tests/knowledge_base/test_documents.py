"""Header fields are read from the text itself; what the page does not state stays unknown."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import DocumentError, normalise_document_number
from knowledge_base.documents import UNTITLED, read_document, read_policy, text_version
from knowledge_base.header.acts import read_relations
from knowledge_base.header.header import read_header
from knowledge_base.header.identity import spell
from knowledge_base.header.validity import Issue, read_validity
from knowledge_base.header.windows import read_windows
from knowledge_base.readers.reading import Attachment, Reading

PAGE = """索引号 0010/2026-1 主题分类 科技
组配分类 政策文件 发布机构 县经信局
生成日期 2026-05-06 公开方式 主动公开
文号 {number}

关于印发《某县技改办法》的通知

一、总则
支持技改。
"""


def read(text):
    return read_policy(text, "x-2026-1", "330326")


def test_the_header_fields_of_the_policy_come_from_its_text(policy):
    assert policy.title == "平阳县金融支持科技创新和中小微企业发展行动实施方案"
    assert policy.document_number == "平科〔2024〕65号"
    assert policy.index_number == "001008003008018/2025-145243"
    assert policy.issuer == "县科技局"
    assert policy.topic == "科技"
    assert policy.published_on == date(2025, 3, 7)
    assert policy.region == "330326"
    assert policy.layer == "policy"
    assert policy.source_url is not None
    assert policy.source_url.startswith("http")


def test_the_policy_states_no_validity_so_its_status_is_unknown_on_any_later_day(policy):
    assert policy.effective_on is None
    assert policy.expires_on is None
    for day in (date(2025, 3, 7), date(2026, 11, 22), date(2027, 1, 1), date(2040, 1, 1)):
        assert policy.status(day) == "unknown"


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2026, 12, 31), "not_yet"),
        (date(2027, 1, 1), "in_force"),
        (date(2027, 12, 31), "in_force"),
        (date(2028, 1, 1), "expired"),
    ],
)
def test_a_stated_validity_decides_the_status_day_by_day(policy, day, status):
    stated = replace(policy, effective_on=date(2027, 1, 1), expires_on=date(2027, 12, 31))
    assert stated.status(day) == status
    assert replace(stated, superseded_by="x").status(day) == "superseded"


def test_a_policy_is_not_yet_there_before_it_was_published(policy):
    assert policy.status(policy.published_on - timedelta(days=1)) == "not_yet"


@pytest.mark.parametrize(
    "written",
    [
        "平科〔2024〕65号",
        "平科[2024]65号",
        "平科(2024)65号",
        "平科（2024）65号",
        "平科【2024】65号",
        "平科［2024］65号",
        " 平科 〔2024〕 65 号 ",
        "平科〔2024〕065号",
    ],
)
def test_every_bracket_style_of_a_document_number_reads_the_same(written):
    assert normalise_document_number(written) == "平科〔2024〕65号"


@pytest.mark.parametrize("written", ["第65号公告", "平科2024-65", "无", ""])
def test_what_is_no_document_number_stays_as_written(written):
    assert normalise_document_number(written) == written


@pytest.mark.parametrize("number", ["平经信[2026]3号", "平经信【2026】3号", "平经信（2026）3号"])
def test_the_document_number_of_a_page_is_stored_in_one_style(number):
    document = read(PAGE.format(number=number))
    assert document.document_number == "平经信〔2026〕3号"
    assert document.text == PAGE.format(number=number)


def test_the_header_is_parsed_whatever_the_order_of_its_lines():
    lines = PAGE.format(number="平经信〔2026〕3号").splitlines()
    document = read("\n".join([lines[3], lines[2], lines[1], lines[0], *lines[4:]]))
    assert document.issuer == "县经信局"
    assert document.published_on == date(2026, 5, 6)
    assert document.title == "某县技改办法"


def test_a_header_with_colons_is_read_too():
    text = "文号:平经信〔2026〕3号\n发布机构：县经信局\n\n某县技改办法\n\n一、总则\n支持技改。"
    document = read(text)
    assert document.document_number == "平经信〔2026〕3号"
    assert document.issuer == "县经信局"
    assert document.title == "某县技改办法"


def test_fields_the_page_lacks_are_none_and_never_invented():
    document = read("某县技改办法\n\n一、总则\n支持技改。")
    assert document.document_number is None
    assert document.issuer is None
    assert document.published_on is None
    assert document.index_number is None


@pytest.mark.parametrize("text", ["", "随便一段话。", "文号 平科〔2024〕65号\n正文。"])
def test_a_text_without_a_title_is_refused_in_chinese(text):
    with pytest.raises(DocumentError, match=r"x-2026-1.*标题"):
        read(text)


def test_a_title_without_a_body_is_refused_in_chinese():
    with pytest.raises(DocumentError, match="没有正文"):
        read("关于印发《某县技改办法》的通知\n")


def test_a_date_that_is_none_is_refused_and_named():
    text = PAGE.format(number="平经信〔2026〕3号").replace("2026-05-06", "2026-13-40")
    with pytest.raises(DocumentError, match="2026-13-40"):
        read(text)


def test_the_version_follows_the_text_and_nothing_else():
    text = PAGE.format(number="平经信〔2026〕3号")
    assert read(text).version == text_version(text)
    assert read(text + " ").version != read(text).version


def test_the_title_is_no_clause_of_the_body(policy):
    assert all("关于印发" not in c.text for c in policy.clauses if not c.id.endswith(":head"))


# ── read_document ───────────────────────────────────────────────────────────────────────────────
NOTICE = (
    "平阳县科技局关于印发《技改补助办法》的通知\n{number}\n各乡镇人民政府：\n现将《技改补助办法》印发给你们，请遵照执行。\n"
    "第一条 对技改企业予以补助。\n第二条 本办法自2024年4月1日起施行，有效期3年。\n"
    "申报时间：2024年5月1日至5月31日。\n平阳县科技局\n2024年3月7日\n"
)


def notice(vocabulary, number="平科〔2024〕65号", text=NOTICE, **kwargs):
    return read_document(Reading("text", text.format(number=number)), vocabulary, **kwargs)


def test_the_shipped_policy_reads_the_same_by_either_door(policy, vocabulary):
    read = read_document(
        Reading("text", policy.text), vocabulary, id=policy.id, source_url=policy.source_url
    )
    assert read == policy
    assert (policy.repealed_on, policy.validity, policy.windows, policy.relations) == (
        None,
        None,
        (),
        (),
    )


def test_a_notice_gives_every_header_field_and_its_life(vocabulary):
    document = notice(vocabulary)
    assert document.id == "330326-pingke-2024-65"
    assert document.title == "技改补助办法"
    assert document.document_number == "平科〔2024〕65号"
    assert document.issuers == ("平阳县科技局",)
    assert document.region == "330326"
    assert document.signed_on == date(2024, 3, 7)
    assert (document.effective_on, document.expires_on) == (date(2024, 4, 1), date(2027, 3, 31))
    assert document.text[slice(*document.validity)] == "本办法自2024年4月1日起施行，有效期3年"
    assert [(w.kind, w.closes_on) for w in document.windows] == [("application", date(2024, 5, 31))]
    assert [document.status(date(2024, 3, 31)), document.status(date(2024, 4, 1))] == [
        "not_yet",
        "in_force",
    ]
    assert document.status(date(2027, 4, 1)) == "expired"


def test_every_span_of_a_document_points_at_its_own_words(vocabulary):
    document = notice(vocabulary)
    for clause in document.clauses:
        assert document.text[clause.start : clause.end] == clause.text
    assert document.clauses[0].id == f"{document.id}:head"
    assert document.clauses[0].text.endswith("的通知")


@pytest.mark.parametrize(
    ("number", "id"),
    [
        ("平科〔2024〕65号", "330326-pingke-2024-65"),
        ("平科[2024]065号", "330326-pingke-2024-65"),
        ("平政办发〔2024〕5号、平财〔2024〕6号", "330326-pingzhengbanfa-2024-5"),
        ("平科公告2024年第7号", "330326-pingkegonggao-2024-7"),
        ("第65号", "330326-pingyangxiankejiju-2024-65"),
    ],
)
def test_an_id_is_region_prefix_year_and_number(vocabulary, number, id):
    assert notice(vocabulary, number).id == id


def test_without_a_number_the_id_is_region_day_and_a_digest_of_the_title(vocabulary):
    first = notice(vocabulary, "")
    assert re.fullmatch(r"330326-20240307-[0-9a-f]{8}", first.id)
    amended = notice(vocabulary, "", NOTICE.replace("予以补助", "予以奖励"))
    assert amended.id == first.id
    assert amended.version != first.version
    other = notice(vocabulary, "", NOTICE.replace("技改", "研发"))
    assert other.id != first.id


def test_two_counties_with_one_prefix_keep_their_documents_apart(vocabulary):
    assert notice(vocabulary).id != notice(vocabulary, region="411724").id


@pytest.mark.parametrize(
    ("written", "spelt"),
    [("厦府办", "xiafuban"), ("渝府发", "yufufa"), ("长政办", "changzhengban")],
)
def test_characters_with_several_readings_are_spelt_one_way(written, spelt):
    assert spell(written) == spelt


def test_a_long_prefix_is_cut_and_told_apart_by_a_digest():
    spelt = spell("江西省新型冠状病毒感染的肺炎疫情防控应急指挥部令")
    assert len(spelt) == 40
    assert spelt != spell("江西省新型冠状病毒感染的肺炎疫情防控应急指挥部公告")


def test_what_the_caller_says_wins_over_the_page(vocabulary):
    document = notice(
        vocabulary, region="330300", id="my-id", source_url="https://x", tenant="bank-1"
    )
    assert (document.id, document.region) == ("my-id", "330300")
    assert (document.source_url, document.tenant) == ("https://x", "bank-1")


def test_notices_attachments_and_format_of_the_reader_are_kept(vocabulary):
    attachment = Attachment("申报书.docx", None)
    reading = Reading(
        "html", NOTICE.format(number=""), attachments=(attachment,), notices=("隐藏文字已去掉",)
    )
    document = read_document(reading, vocabulary)
    assert document.format == "html"
    assert document.attachments == (attachment,)
    assert document.notices == ("隐藏文字已去掉",)


def test_a_document_of_no_known_region_is_refused_with_the_places_it_names(vocabulary):
    text = "县科技局关于支持技改的通知\n各企业：\n一、学习温州市鹿城区经验，支持企业技改。\n"
    with pytest.raises(DocumentError, match=r"--region.*") as refused:
        read_document(Reading("text", text), vocabulary)
    assert "330302" in str(refused.value)


@pytest.mark.parametrize("region", ["33", "999999", "平阳县", ""])
def test_a_region_that_is_no_code_is_refused(vocabulary, region):
    with pytest.raises(DocumentError, match="区划"):
        notice(vocabulary, region=region)


UNTITLED_LETTER = (
    "各有关单位：\n现将《技改补助办法》印发给你们，请遵照执行。\n平阳县科技局\n2024年3月7日\n"
    "技改补助办法\n第一条 对技改企业予以补助。\n"
)


@pytest.mark.parametrize(
    ("name", "title", "notice"),
    [
        ("技改补助办法-终稿", "技改补助办法-终稿", "以文件名代替"),
        (" ", UNTITLED, "没有标题行"),
        (None, UNTITLED, "没有标题行"),
    ],
)
def test_a_text_without_a_title_is_called_by_the_name_the_caller_gives(
    vocabulary, name, title, notice
):
    document = read_document(Reading("text", UNTITLED_LETTER), vocabulary, name=name)
    assert document.title == title
    assert notice in document.notices[-1]
    assert document.region == "330326"


def test_a_printed_title_wins_over_the_name_of_the_file(vocabulary):
    document = notice(vocabulary, name="终稿")
    assert document.title == "技改补助办法"
    assert document.notices == ()


def test_the_id_of_an_untitled_text_rests_on_its_first_sentence_and_not_on_its_name(vocabulary):
    def id_of(text, name=None):
        return read_document(Reading("text", text), vocabulary, name=name).id

    letter = id_of(UNTITLED_LETTER)
    assert re.fullmatch(r"330326-20240307-[0-9a-f]{8}", letter)
    assert id_of(UNTITLED_LETTER, "甲") == id_of(UNTITLED_LETTER, "乙") == letter
    assert id_of(UNTITLED_LETTER.replace("予以补助", "予以奖励")) == letter
    assert id_of(UNTITLED_LETTER.replace("技改", "研发")) != letter


@pytest.mark.parametrize(
    ("act", "first"),
    [
        ("印发", date(2024, 3, 9)),
        ("公布", date(2024, 3, 12)),
        ("发布", date(2024, 3, 12)),
        ("签发", date(2024, 3, 7)),
    ],
)
def test_a_document_in_force_from_its_issue_counts_from_the_day_printed_for_that_act(
    vocabulary, act, first
):
    text = NOTICE.replace("自2024年4月1日起施行", f"自{act}之日起施行")
    text += "平阳县科技局办公室　2024年3月9日印发\n"
    reading = Reading("text", text.format(number=""), fields={"发布日期": "2024-03-12"})
    document = read_document(reading, vocabulary)
    assert (document.effective_on, document.signed_on) == (first, date(2024, 3, 7))


def test_a_law_takes_its_days_from_the_bracket_under_its_title(vocabulary):
    text = (
        "优化营商环境条例\n（2019年10月8日国务院第66次常务会议通过　2019年10月22日国务院令第722号公布　"
        "自2020年1月1日起施行）\n第一条 为优化营商环境，制定本条例。\n第二条 国家支持企业。\n"
    )
    document = read_document(Reading("text", text), vocabulary, region="000000")
    assert document.effective_on == date(2020, 1, 1)
    assert document.published_on == date(2019, 10, 22)


def listed(vocabulary, **fields):
    text = "示例贷\n适用对象\n小微企业\n申请条件\n1.成立满2年。\n"
    reading = Reading("xlsx", text, title="示例贷", fields={"地区": "平阳县", **fields})
    return read_document(reading, vocabulary, layer="product_sheet", id="p41")


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2027-12-31", date(2027, 12, 31)),
        ("2027年12月31日", date(2027, 12, 31)),
        ("2027/12/31", date(2027, 12, 31)),
        ("长期", None),
        ("", None),
    ],
)
def test_a_product_list_states_institution_region_and_last_day(vocabulary, written, last):
    product = listed(vocabulary, 机构="某银行平阳支行", 有效期至=written)
    assert (product.issuer, product.issuers) == ("某银行平阳支行", ("某银行平阳支行",))
    assert (product.region, product.title, product.expires_on) == ("330326", "示例贷", last)


@pytest.mark.parametrize("written", ["明年", "2027-13-01", "2027", "2027年12月31日左右"])
def test_a_last_day_that_is_none_is_refused_with_its_column(vocabulary, written):
    with pytest.raises(DocumentError, match=f"有效期至.*{written}"):
        listed(vocabulary, 有效期至=written)


POEM = "静夜思\n床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n"
LOG = "2026-01-01 12:00:01 INFO server started on port 8000\n" * 30
CONTRACT = (
    "技术服务合同\n甲方：某公司\n乙方：另一公司\n一、甲方应当按期付款。\n"
    "二、乙方应当交付成果。\n三、甲方、乙方协商解决争议。\n"
)
INVOICE = "增值税电子普通发票\n购买方：某公司\n金额：1000元\n税额：60元\n价税合计：1060元\n"


SHOPPING = "购物清单\n1. 牛奶两盒\n2. 鸡蛋一打\n3. 面包三个\n记得带上会员卡。\n"
CODE = (
    "import os\n\ndef main():\n    # 读取文件并统计每个部门的人数\n    for name in os.listdir('.'):\n"
    "        print(name)\n\nif __name__ == '__main__':\n    main()\n"
) * 4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SHOPPING, "票据"),
        ("周末采购\n1、大米一袋\n2、去街道超市买青菜\n", "发布机构或文号"),
        ("某银行\n流动资金借款合同\n一、借款人企业应当按期还款。\n", "合同"),
        ("劳动合同书\n第一条 企业应当缴纳社会保险。\n", "合同"),
        ("发票\n购买方：某企业\n1.货物 1060元\n国家税务总局监制\n", "票据"),
        ("个人简历\n一、工作经历：某企业部门主管，应当负责采购。\n", "文书"),
        ("2026-01-01 12:00:01 错误 请检查机构配置，应当重启服务进程并通知值班人员\n" * 9, "日志"),
        ('{\n  "企业": "甲",\n  "政策": ["乙"],\n  "a": 1\n}\n', "不是中文"),
        (CODE, "是程序"),
        (POEM, "发布机构或文号"),
        (LOG, "不是中文"),
        (CONTRACT, "合同"),
        (INVOICE, "票据"),
        (" \n\t", "没有文字"),
    ],
)
def test_what_is_no_policy_is_refused_and_told_why(vocabulary, text, reason):
    with pytest.raises(DocumentError, match=reason):
        read_document(Reading("text", text), vocabulary, region="330326")


def test_a_notice_that_speaks_of_contracts_is_still_a_notice(vocabulary):
    text = NOTICE.replace("技改补助办法", "合同管理办法").replace("对技改企业", "甲方、乙方")
    assert notice(vocabulary, text=text).title == "合同管理办法"


@pytest.mark.parametrize(
    ("repealed", "successor", "day", "status"),
    [
        (date(2025, 1, 1), None, date(2024, 12, 31), "in_force"),
        (date(2025, 1, 1), None, date(2025, 1, 1), "repealed"),
        (date(2025, 1, 1), "new", date(2024, 12, 31), "in_force"),
        (date(2025, 1, 1), "new", date(2025, 1, 1), "superseded"),
        (date(2025, 1, 1), None, date(2024, 3, 31), "not_yet"),
    ],
)
def test_the_status_of_a_repealed_document_depends_on_the_day(
    vocabulary, repealed, successor, day, status
):
    document = replace(notice(vocabulary), repealed_on=repealed, superseded_by=successor)
    assert document.status(day) == status


def test_reading_twice_gives_the_same_document(vocabulary):
    assert notice(vocabulary) == notice(vocabulary)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "unit",
    [
        "本办法自2024年1月1日起施行",
        "《某办法》废止",
        "4月30日前报送",
        "有效期",
        "平阳县",
        "平科〔2024〕65号",
        "下列文件废止：《某办法》",
    ],
)
def test_life_and_relations_of_a_long_text_are_read_in_linear_time(vocabulary, unit):
    text = NOTICE.format(number="平科〔2024〕65号") + unit * max(200_000 // len(unit), 60_000)
    read_validity(text, Issue("办法", None, None), {})
    read_windows(text, None)
    read_relations(text, "办法", None)


WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "关于",
                "印发",
                "《技改办法》",
                "《",
                "》",
                "的通知",
                "平科〔2024〕65号",
                "第65号",
                "〔2024〕",
                "号",
            ),
            *(
                "平阳县",
                "科技局",
                "财政部",
                "2024年3月7日",
                "2月30日",
                "二〇二四年三月七日",
                "4月30日前",
                "报送",
            ),
            *(
                "本办法",
                "自",
                "发布之日",
                "起",
                "施行",
                "有效期",
                "3年",
                "至",
                "2026年底",
                "同时",
                "废止",
                "第三条",
            ),
            *(
                "修改为",
                "下列文件",
                "申报时间：",
                "索引号",
                "发布机构：",
                "有效性",
                "废止日期",
                "一、",
                "（一）",
                "1.",
            ),
            *(
                "。",
                "，",
                "、",
                "；",
                "：",
                "\n",
                "\n\n",
                " ",
                "　",
                "\t",
                "(",
                "）",
                "_中国政府网",
                "\ue003",
                "a1",
                "局",
            ),
        ]
    ),
    max_size=60,
).map("".join)


@given(WORDS)
def test_no_mixture_of_official_words_breaks_the_reading(text):
    header = read_header(Reading("text", text))
    issue = Issue(header.full_title, header.signed_on, header.published_on)
    life = read_validity(text, issue, header.fields, header.page)
    relations = read_relations(text, header.full_title, None, header.head[1] if header.head else 0)
    spans = [header.head, life.span]
    spans += [(x.start, x.end) for x in (*relations, *read_windows(text, header.signed_on))]
    assert all(0 <= span[0] < span[1] <= len(text) for span in spans if span)
    if life.effective_on and life.expires_on and "至" not in text:
        assert life.effective_on <= life.expires_on
