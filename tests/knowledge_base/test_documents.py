"""Header fields are read from the text itself; what the page does not state stays unknown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge_base import DocumentError, normalise_document_number
from knowledge_base.documents import read_policy, text_version

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
