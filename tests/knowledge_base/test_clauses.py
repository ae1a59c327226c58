"""The outline of an official text becomes clauses whose spans are the words, character for character."""

import re
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.clauses import chinese_number, split_clauses
from knowledge_base.documents import text_version
from knowledge_base.outline.numbering import mark_at
from knowledge_base.readers.reading import Row

# The contract's ids and labels of the first policy, in printed order (seed inventory, section 0).
UNITS = [
    ("head", "文首"),
    ("0", "前言"),
    ("1", "一"),
    ("2.1.1", "二、(一)1"),
    ("2.1.2", "二、(一)2"),
    ("2.1.3", "二、(一)3"),
    ("2.1.4", "二、(一)4"),
    ("2.2.5", "二、(二)5"),
    ("2.2.6", "二、(二)6"),
    ("2.3.7", "二、(三)7"),
    ("2.3.8", "二、(三)8"),
    ("2.4.9", "二、(四)9"),
    ("2.4.10", "二、(四)10"),
    ("2.5.11", "二、(五)11"),
    ("2.5.12", "二、(五)12"),
    ("2.5.13", "二、(五)13"),
    ("2.5.14", "二、(五)14"),
    ("3.1", "三、(一)"),
    ("3.2", "三、(二)"),
    ("3.3", "三、(三)"),
    ("3.4", "三、(四)"),
]


def split(text):
    return split_clauses(text, "d")


def outline(text):
    """Path, label and text of every clause of a small text."""
    return [(c.id.removeprefix("d:"), c.label, c.text) for c in split(text)]


def test_the_first_policy_becomes_exactly_the_21_citable_units(policy):
    found = [(c.id, c.label) for c in policy.clauses]
    assert found == [(f"pingyang-2024-65:{path}", label) for path, label in UNITS]


def test_every_clause_of_every_document_is_its_span_character_for_character(catalogue):
    wrong = [
        clause.id
        for document in catalogue.documents.values()
        for clause in document.clauses
        if not clause.text or document.text[clause.start : clause.end] != clause.text
    ]
    assert wrong == []


def test_clauses_of_a_document_never_overlap_and_run_forward(catalogue):
    for document in catalogue.documents.values():
        spans = [(c.start, c.end) for c in document.clauses]
        assert spans == sorted(spans), document.id
        for (_, end), (start, _) in pairwise(spans):
            assert end <= start, f"{document.id}: {end} > {start}"


def test_every_clause_id_of_the_corpus_is_used_once_and_names_its_document(catalogue):
    ids = [c.id for d in catalogue.documents.values() for c in d.clauses]
    assert len(ids) == len(set(ids))
    for document in catalogue.documents.values():
        for clause in document.clauses:
            assert clause.document_id == document.id
            assert clause.version == text_version(clause.text)
            assert clause.id.startswith(f"{document.id}:")


def test_item_clauses_stand_under_their_printed_headings(policy):
    clause = next(c for c in policy.clauses if c.id.endswith(":2.2.5"))
    assert clause.path == (
        "二、主要任务",
        "(二)充分发挥财政产业金融政策联动作用",
        "5.积极支持科技成果转化",
    )
    assert clause.text.startswith("5.积极支持科技成果转化。")
    assert clause.text.endswith("宣传推广力度。")


def test_the_head_holds_the_document_number_and_no_navigation(policy):
    head = policy.clauses[0]
    for field in ("平科〔2024〕65号", "001008003008018/2025-145243", "县科技局", "2025-03-07"):
        assert field in head.text
    assert head.text.endswith("的通知")
    for crumb in ("您现在的位置", "首页", ">"):
        assert crumb not in policy.text


def test_part_one_is_one_clause_without_its_heading_line(policy):
    part = next(c for c in policy.clauses if c.id.endswith(":1"))
    assert part.text.startswith("围绕“315”")
    assert part.path == ("一、主要目标",)


def test_a_heading_without_text_of_its_own_is_no_clause():
    assert outline("二、主要任务\n\n(一)激发动力\n\n1.支持转型。加大投放。") == [
        ("2.1.1", "二、(一)1", "1.支持转型。加大投放。")
    ]


def test_articles_run_under_their_chapter():
    text = (
        "第一章 总则\n第一条 为了规范管理,制定本办法。\n第二条 本办法适用于本县。\n"
        "第二章 附则\n第三条 自公布之日起施行。"
    )
    found = split(text)
    assert [c.id for c in found] == ["d:1.1", "d:1.2", "d:2.3"]
    assert [c.label for c in found] == ["第一章第一条", "第一章第二条", "第二章第三条"]
    assert found[2].path[0] == "第二章 附则"


def test_articles_past_ten_are_counted_in_chinese():
    text = "第十条 甲。\n第十一条 乙。\n第二十条 丙。\n第一百零二条 丁。"
    assert [c.id for c in split(text)] == ["d:10", "d:11", "d:20", "d:102"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、甲\n（一）乙事。丙。", [("1.1", "一、（一）", "（一）乙事。丙。")]),
        ("一、甲\n1、乙事。", [("1.1", "一、1", "1、乙事。")]),
        ("1.甲事:\n①乙。\n②丙。", [("1.1", "1.①", "①乙。"), ("1.2", "1.②", "②丙。")]),
        (
            "1.甲\n(1)乙。\n（2）丙。",
            [("1.1", "1.(1)", "(1)乙。"), ("1.2", "1.（2）", "（2）丙。")],
        ),
    ],
    ids=["full-width brackets", "1、", "circled digits", "(1) and （2）"],
)
def test_other_numbering_styles_are_read(text, expected):
    assert outline(text) == expected


def test_a_decimal_at_the_start_of_a_line_is_not_a_number_of_the_outline():
    assert outline("一、甲\n1.5个百分点为上限。") == [("1", "一", "1.5个百分点为上限。")]


def test_what_follows_a_colon_on_the_line_of_a_number_is_not_lost():
    assert outline("一、支持对象:本县企业\n二、材料\n1.证照:营业执照") == [
        ("1", "一", "一、支持对象:本县企业"),
        ("2.1", "二、1", "1.证照:营业执照"),
    ]


def test_a_bare_list_item_is_its_own_text():
    assert outline("一、材料\n1.营业执照\n2.公司章程") == [
        ("1.1", "一、1", "1.营业执照"),
        ("1.2", "一、2", "2.公司章程"),
    ]


def test_text_before_its_first_sub_item_stays_a_clause_of_its_own():
    assert outline("一、甲\n须同时满足:\n1.乙。\n2.丙。") == [
        ("1", "一", "须同时满足:"),
        ("1.1", "一、1", "1.乙。"),
        ("1.2", "一、2", "2.丙。"),
    ]


def test_a_text_without_any_number_has_loose_paragraphs_and_its_closing_block():
    assert outline("为了发展。\n请认真执行。\n特此通知。") == [
        ("p1", "第1段", "为了发展。"),
        ("p2", "第2段", "请认真执行。"),
        ("tail", "文尾", "特此通知。"),
    ]


def test_an_empty_text_has_no_clause():
    assert split("") == ()
    assert split(" \n\u3000\n") == ()


def test_numbering_that_starts_again_never_gives_two_clauses_one_id():
    found = split("一、甲事。\n二、乙事。\n附则\n一、丙事。\n二、丁事。")
    ids = [c.id for c in found]
    assert len(ids) == len(set(ids)), ids


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十四", 14),
        ("二十", 20),
        ("九十九", 99),
        ("一百", 100),
        ("一百零五", 105),
        ("三百二十一", 321),
        ("14", 14),
        ("⑳", 20),
        ("两", 2),
    ],
)
def test_chinese_numerals_have_their_value(numeral, value):
    assert chinese_number(numeral) == value


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("第一编 甲\n第二章 乙\n第三节 丙\n第四条 丁。", ["1.2.3.4"]),
        ("第 八 条 甲。\n第８条之一 乙。", ["8", "8-1"]),
        ("第八条之一 甲。\n第八条之二 乙。", ["8-1", "8-2"]),
        ("第一千二百六十条 甲。\n第一〇二条 乙。", ["1260", "102"]),
        ("第一条第一条 为了规范。\n第二条第二条 适用。", ["1", "2"]),
        ("一．甲。\n二.乙。", ["1", "2"]),
        ("㈠甲。\n㈡乙。\n⒈丙。\n⑴丁。\n❶戊。", ["1", "2.1.1.1"]),
        ("(一)、甲。\n（二）乙。", ["1", "2"]),
        ("1．甲。\n1)乙。\n2)丙。\n2．丁。", ["1.1", "1.2", "2"]),
        ("A.甲。\nB.乙。\na)丙。\nb)丁。", ["1", "2.1", "2.2"]),
        ("1 总则\n1.1 目的。\n1.1.1 依据。\n1.2 范围。\n1.5倍为限。", ["1.1.1", "1.2"]),
        ("第一章 总则\n1.1 目的。\n1.2 范围。", ["1.1", "1.2"]),
        ("4 响应\n4.1 启动\n4.1.1 甲。戊。\n(4)乙。\n4.1.2 丙。", ["4.1.1", "4.1.1.4", "4.1.2"]),
        ("第一部分 甲\n一、乙。\n第二部分 丙\n一、丁。", ["1.1", "2.1"]),
        ("一、甲。\n专栏1 工程\n建设平台。\n二、乙。", ["1", "1.b1", "2"]),
        ("九、甲。\n十、乙。\n二十、丙。", ["9", "10", "20"]),
    ],
)
def test_every_family_of_numbers_gives_its_printed_position(text, paths):
    assert [path for path, _, _ in outline(text)] == paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("1.甲\n(一)乙。\n(二)丙。\n2.丁\n(一)戊。", ["1.1", "1.2", "2.1"]),
        ("(一)甲\n一、乙。\n二、丙。\n(二)丁\n一、戊。", ["1.1", "1.2", "2.1"]),
        ("1.甲\n1、乙。\n2、丙。\n2.丁。", ["1.1", "1.2", "2"]),
        (
            "一、甲\n(一)乙\n1.丙。\n(二)丁\n2.戊。\n二、己\n(三)庚\n3.辛。",
            ["1.1.1", "1.2.2", "2.3.3"],
        ),
    ],
    ids=["1. above (一)", "(一) above 一、", "1. above 1、", "running on"],
)
def test_which_level_stands_inside_which_is_read_from_their_use(text, paths):
    assert [path for path, _, _ in outline(text)] == paths


def test_items_inside_one_sentence_are_clauses_with_exact_spans():
    assert outline("第十条 申请人应当符合下列条件:(一)合法设立;(二)信用良好。") == [
        ("10", "第十条", "第十条 申请人应当符合下列条件:"),
        ("10.1", "第十条(一)", "(一)合法设立;"),
        ("10.2", "第十条(二)", "(二)信用良好。"),
    ]


def test_a_document_that_lost_its_line_breaks_is_read_by_its_numbers():
    text = (
        "各单位: 现通知如下: 一、支持复工 (一)减租。承租的予以减免。 (二)贷款。予以贴息。 "
        "二、加强服务 对企业予以帮扶。 特此通知。 某某局 2024年1月1日 (此件公开发布)"
    )
    assert outline(text) == [
        ("0", "前言", "各单位: 现通知如下:"),
        ("1.1", "一、(一)", "(一)减租。承租的予以减免。"),
        ("1.2", "一、(二)", "(二)贷款。予以贴息。"),
        ("2", "二", "对企业予以帮扶。"),
        ("tail", "文尾", "特此通知。 某某局 2024年1月1日 (此件公开发布)"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "三、四线城市优先。",
        "一、二级市场并重。",
        "1.5倍为限。",
        "3.15活动照常。",
        "1.5—3.2办理。",
        "(一)至(三)项除外。",
        "(二)项规定除外。",
        "第八条规定的条件应当满足。",
        "第八条、第九条的企业优先。",
        "第八条第二款除外。",
        "第一季度申报。",
        "第一章程另行制定。",
        "0577-63000000。",
        "其中:(三)不在此列。",
    ],
)
def test_words_that_only_look_like_numbers_are_text(line):
    assert outline(f"一、甲。\n{line}\n二、乙。\n三、丙。") == [
        ("1", "一", f"一、甲。\n{line}"),
        ("2", "二", "二、乙。"),
        ("3", "三", "三、丙。"),
    ]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("第一条为了规范。\n第二条有关部门应当配合。\n第三条中小企业优先。", ["1", "2", "3"]),
        ("第一条甲。\n第二条中规定的企业除外。\n第二条乙。", ["1", "2"]),
        ("第一条 甲。\n第二条 第三人申请的,不予受理。", ["1", "2"]),
        (
            "(一)项目申报。甲。\n(二)及时兑现。乙。\n(三)条件。丙。\n(四)目标任务。丁。",
            ["1", "2", "3", "4"],
        ),
    ],
)
def test_headings_whose_first_word_could_belong_to_a_citation_are_headings(text, paths):
    assert [path for path, _, _ in outline(text)] == paths


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "第 9 条 甲。\n第 1 0 条 乙。\n第11条为了规范。\n第 十 二 条丙。",
            ["9", "10", "11", "12"],
        ),
        ("一、材料\n1.营业执照\n2.3名以上股东的证明\n3.公司章程", ["1.1", "1.2", "1.3"]),
        ("一、甲\n1.乙。\n2.5倍为限。\n2.丙。", ["1.1", "1.2"]),
        ("一、总体要求\n一、总体要求\n甲。\n二、乙。", ["1", "2"]),
        ("一、总体要求一、总体要求\n甲。\n二、乙。", ["1", "2"]),
    ],
)
def test_spaced_doubled_and_joined_numbers_are_read_as_one(text, expected):
    assert [path for path, _, _ in outline(text)] == expected


def test_a_sentence_above_its_items_is_a_clause_and_a_name_is_none():
    items = "1.甲。\n2.乙。"
    assert outline(f"(一)符合要求的企业予以保留。\n{items}")[0][0] == "1"
    assert [path for path, _, _ in outline(f"(一)基本原则。\n{items}")] == ["1.1", "1.2"]


def test_amounts_between_blanks_part_no_item():
    line = "一、对每个重点企业指派 1 名干部上门联系服务，对困难企业每户给予 2 万元的一次性补助资金"
    assert outline(f"{line}\n二、乙。")[0] == ("1", "一", line)


def test_a_line_broken_inside_an_item_belongs_to_it():
    item = "(一)对首次通过认定的高新技术企业给予\n奖励；"
    assert outline(f"一、甲\n{item}\n(二)乙；")[0][2] == item


WIDE = "为了支持企业发展和创新，加快建设现代产业体系，推动各类要素"
PAGE = "2024/1/2 13:01\n关于支持企业的意见_最新政策_某某网\n"


def test_lines_broken_at_the_width_of_a_page_are_one_paragraph():
    paragraph = f"{WIDE}\n{WIDE}\n{WIDE}\n集聚。"
    assert outline(f"{paragraph}\n{paragraph}") == [
        ("p1", "第1段", paragraph),
        ("p2", "第2段", paragraph),
    ]


def test_what_a_browser_prints_on_each_page_neither_begins_nor_ends_a_clause():
    end = "https://example.gov.cn/a.html\n{}/3\n"
    text = (
        f"{PAGE}一、甲。\n{end.format(1)}{PAGE}二、乙\n{end.format(2)}{PAGE}丙。\n{end.format(3)}"
    )
    found = split_clauses(text, "d", body_start=len(PAGE))
    assert [(c.id, c.text) for c in found] == [("d:1", "一、甲。"), ("d:2", "丙。")]


def test_a_list_of_names_of_one_length_is_no_broken_paragraph():
    names = "\n".join(f"某某市第{n}高级中学附属实验学校分校" for n in "甲乙丙丁戊己")
    assert len(outline(names)) == 6


def test_a_heading_is_parted_from_its_text_where_line_breaks_became_blanks():
    text = "各单位： 现通知如下。 一、总体要求 以新思想为指导，加快发展。 二、目标（一期） 到2025年，翻一番。"
    assert [(path, words) for path, _, words in outline(text)][1:] == [
        ("1", "以新思想为指导，加快发展。"),
        ("2", "到2025年，翻一番。"),
    ]


def test_missing_and_repeated_numbers_keep_what_is_printed():
    assert [path for path, _, _ in outline("一、甲。\n三、乙。\n三、丙。\n四、丁。")] == [
        "1",
        "3",
        "3_2",
        "4",
    ]


def test_an_article_that_ends_in_a_colon_is_text_and_a_short_announcement_a_heading():
    assert outline("第三条 申请人应当具备:\n(一)甲。\n第四条 目的\n为了规范。") == [
        ("3", "第三条", "第三条 申请人应当具备:"),
        ("3.1", "第三条(一)", "(一)甲。"),
        ("4", "第四条", "为了规范。"),
    ]


def test_a_heading_that_ends_in_a_full_stop_is_still_a_heading_above_its_items():
    found = split("(一)打造制造中心。\n1.拓展市场。稳步推广。")
    assert [(c.id, c.path) for c in found] == [("d:1.1", ("(一)打造制造中心", "1.拓展市场"))]


def test_the_closing_block_is_the_tail_and_no_part_of_the_last_clause():
    closing = "附件:1.申报书\n2.承诺书\n甲局 乙局\n2024年1月1日\n(此件公开发布)\n抄送:丙局。"
    text = f"一、甲。\n二、自公布之日起施行。\n{closing}"
    assert outline(text)[1:] == [
        ("2", "二", "二、自公布之日起施行。"),
        ("tail", "文尾", closing),
    ]


@pytest.mark.parametrize(
    "closing",
    [
        "特此公告。\n某局",
        "以上意见如无不妥,请批转各地执行。\n某局\n2024年1月1日",
        "请认真贯彻执行。\n某局",
        "申报表.docx\n2024年1月1日（此件公开发布）",
        "附件:1.指南\n2.申报表县科技局\n2024年1月1日",
        "特此通知。\n\ue004\u200b某局\n2024年1月1日\n相关链接",
    ],
)
def test_the_closing_block_runs_from_its_first_formula_to_the_end_of_the_body(closing):
    last = "二、乙。\n本公告自2024年1月1日起施行。\n各地要抓好落实。"
    assert outline(f"一、甲。\n{last}\n{closing}") == [
        ("1", "一", "一、甲。"),
        ("2", "二", last),
        ("tail", "文尾", closing),
    ]


def test_contact_lines_behind_a_sentence_are_closing_matter():
    assert [p for p, _, _ in outline("一、甲。\n二、乙。\n联系人:张三\n某局\n2024年1月1日")] == [
        "1",
        "2",
        "tail",
    ]


def test_a_document_without_a_title_begins_with_its_number_and_its_date():
    assert outline("某科〔2024〕1号\n2024年1月1日\n各单位:\n一、甲。\n二、乙。")[0] == (
        "0",
        "前言",
        "某科〔2024〕1号\n2024年1月1日\n各单位:",
    )


def test_contacts_that_a_number_announces_are_its_text():
    assert outline("一、甲。\n二、联系方式\n联系人:张三\n某局\n2024年1月1日") == [
        ("1", "一", "一、甲。"),
        ("2", "二", "联系人:张三"),
        ("tail", "文尾", "某局\n2024年1月1日"),
    ]


def test_annexes_have_outlines_of_their_own_and_lists_of_them_are_none():
    text = (
        "一、甲。\n附件:1.申报指南\n2.承诺书\n某局\n2024年1月1日\n"
        "附件1\n申报指南\n现说明如下:\n一、条件\n(一)乙。\n附件2\n承诺书\n我单位承诺真实。\n愿承担责任。"
    )
    assert [(path, label) for path, label, _ in outline(text)] == [
        ("1", "一"),
        ("tail", "文尾"),
        ("a1", "附件1"),
        ("a1.1.1", "附件1 一、(一)"),
        ("a2.p1", "附件2第1段"),
        ("a2.p2", "附件2第2段"),
    ]
    assert split(text)[3].path == ("附件1", "申报指南", "一、条件", "(一)乙")


def test_an_annex_without_a_mark_is_known_by_the_name_its_list_gives():
    text = "一、甲。\n附件:企业申报指南\n某局\n2024年1月1日\n企业申报指南\n一、乙。"
    assert [path for path, _, _ in outline(text)] == ["1", "tail", "a1.1"]


def test_an_annex_of_which_only_the_title_is_text_is_one_clause():
    assert outline("一、甲。\n附件1\n流程图\n附件2\n申报表\n一、单位")[1:] == [
        ("a1", "附件1", "附件1\n流程图"),
        ("a2.1", "附件2 一", "一、单位"),
    ]


def test_a_numbered_letter_and_the_text_it_publishes_keep_apart():
    letter = "各单位:\n一、甲。\n二、乙。\n某局\n2024年1月1日\n"
    text = f"{letter}某县补贴办法\n第一条 丙。\n第二条 丁。\n某局办公室\n2024年1月2日"
    assert outline(text) == [
        ("0", "前言", "各单位:"),
        ("1", "一", "一、甲。"),
        ("2", "二", "二、乙。"),
        ("tail", "文尾", "某局\n2024年1月1日"),
        ("0_2", "前言", "某县补贴办法"),
        ("1_2", "第一条", "第一条 丙。"),
        ("2_2", "第二条", "第二条 丁。"),
        ("tail_2", "文尾", "某局办公室\n2024年1月2日"),
    ]


def test_an_unnumbered_letter_belongs_to_the_preamble_of_the_text_it_publishes():
    text = "各单位:\n现印发给你们。\n某局\n2024年1月1日\n某县补贴办法\n第一条 甲。"
    assert [path for path, _, _ in outline(text)] == ["0", "1"]
    assert outline(text)[0][2].endswith("某县补贴办法")


def test_a_title_of_an_annex_on_two_lines_is_no_text():
    text = "一、甲。\n附件1\n2024年度某某县科技\n创新券申领一览\n一、乙。\n某局\n2024年1月1日"
    assert outline(text)[1:] == [("a1.1", "附件1 一", "一、乙。\n某局\n2024年1月1日")]


def test_an_annex_mark_that_bold_print_left_twice_is_one_annex():
    text = "一、甲。\n附件：数据目录\n附 件附 件\n数据目录数据目录\n一、乙。"
    assert [path for path, _, _ in outline(text)] == ["1", "tail", "a1.1"]


def test_a_table_that_came_as_lines_gives_no_clause_for_each_of_its_numbers():
    cells = "\n".join(f"1.指标{c}\n2.分值\n3.备注" for c in "甲乙丙丁戊")
    found = outline(f"一、甲。\n附件\n评分表\n{cells}")
    assert [path for path, _, _ in found] == ["1", "a1.p1"]
    assert found[1][2] == cells


def test_a_table_of_contents_makes_no_clause():
    text = (
        "目录\n第一章 总则……1\n第二章 附则……3\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。"
    )
    assert [path for path, _, _ in outline(text)] == ["1.1", "2.2"]


def rows_of(text, header):
    """The lines with tabs as rows of one table, the first `header` of them naming its columns."""
    rows, position = [], 0
    for line in text.splitlines(keepends=True):
        end = position + len(line.rstrip("\n"))
        if "\t" in line:
            cells, begin = [], position
            for cell in line.rstrip("\n").split("\t"):
                cells.append((begin, begin + len(cell)))
                begin += len(cell) + 1
            rows.append(Row(1, position, end, tuple(cells), header=len(rows) < header))
        position += len(line)
    return rows


def test_table_rows_are_clauses_under_their_header_and_leave_the_text_around_them():
    text = "一、标准\n按下表执行。\n档次\t金额\n一档\t10万元\n二档\t5万元\n超过的不予补助。\n二、附则。"
    found = split_clauses(text, "d", rows=rows_of(text, header=1))
    assert [(c.id, c.text) for c in found] == [
        ("d:1", "按下表执行。"),
        ("d:t1.1", "一档\t10万元"),
        ("d:t1.2", "二档\t5万元"),
        ("d:1_2", "超过的不予补助。"),
        ("d:2", "二、附则。"),
    ]
    assert found[1].path == ("一、标准", "档次", "金额")
    assert found[1].label == "表1第1行"


def test_table_rows_of_an_annex_stand_under_it():
    text = "一、甲。\n附件1\n补助标准\n档次\t金额\n一档\t10万元"
    found = split_clauses(text, "d", rows=rows_of(text, header=1))
    assert [(c.id, c.path) for c in found][1:] == [
        ("d:a1.t1.1", ("附件1", "补助标准", "档次", "金额"))
    ]


def test_a_clause_knows_the_printed_page_it_begins_on():
    text = "一、甲。\n二、乙。\n三、丙。"
    found = split_clauses(text, "d", pages=((0, 8), (8, 14)))
    assert [c.page for c in found] == [1, 1, 2]
    assert [c.page for c in split(text)] == [None, None, None]


LENGTH = 400_000
# Hostile texts of about n characters.
HOSTILE = {
    "一、 without end": lambda n: "一、" * (n // 2),
    "一、 line by line": lambda n: "一、\n" * (n // 3),
    "brackets": lambda n: "(" * n,
    "bracketed numerals": lambda n: "(一" * (n // 2),
    "numerals only": lambda n: "一" * n,
    "一百 without end": lambda n: "第" + "百" * n + "条",
    "no line end": lambda n: "政策" * (n // 2),
    "commas": lambda n: "要支持," * (n // 4),
    "list items": lambda n: "1.营业执照复印件\n" * (n // 10),
    "line ends": lambda n: "\n" * n,
    "blanks": lambda n: " " * n,
    "articles in one line": lambda n: "第一条" * (n // 3),
    "brackets of numbers": lambda n: "〔" * n,
    "titles": lambda n: "《" * n,
    "annex marks": lambda n: "附件:甲\n" * (n // 5),
    "inline items": lambda n: ":1.甲;2.乙" * (n // 8),
    "a huge heading over many items": lambda n: "一、" + "甲" * (n // 2) + "\n1.a" * (n // 8),
}


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_in_linear_time(name):
    text = HOSTILE[name](LENGTH)
    found = split(text)
    assert sum(c.end - c.start for c in found) <= len(text)
    assert sum(len(part) for part in found[-1].path) < 2000 if found else True


_MARKS = ["一、", "二、", "(一)", "（二）", "1.", "2、", "(1)", "（3）", "①", "第一条", "第二章 "]
_WORDS = [
    "甲",
    "要支持企业",
    "予以补助",
    "。",
    ",",
    ":",
    "\n",
    "\n\n",
    " ",
    "\u3000",
    "“",
    "(",
    ")",
    "附件",
    "附件:",
    "2024年1月1日",
    "\t",
]
_OUTLINES = st.lists(st.sampled_from(_MARKS + _WORDS), max_size=60).map("".join)


@given(st.one_of(st.text(max_size=200), _OUTLINES, _OUTLINES.map("目录\n{}".format)))
def test_any_text_gives_only_verbatim_clauses_in_order_with_ids_of_their_own(text):
    found = split_clauses(text, "d", rows=rows_of(text, header=1))
    position = 0
    for clause in found:
        assert clause.text
        assert text[clause.start : clause.end] == clause.text
        assert clause.start >= position
        position = clause.end
        for statement in clause.statements:
            assert clause.start <= statement.start < statement.end <= clause.end
    assert len({clause.id for clause in found}) == len(found)


def uncovered(text, found):
    """Stretches of a text that stand in no clause, line by line."""
    covered = {i for clause in found for i in range(clause.start, clause.end)}
    rest = "".join("\0" if i in covered else char for i, char in enumerate(text))
    return [part.strip() for line in rest.splitlines() for part in line.split("\0") if part.strip()]


@given(_OUTLINES)
def test_nothing_but_headings_stands_outside_every_clause(text):
    """A sentence nobody can cite is a gap; a heading stands in the path of what is below it."""
    found = split(text)
    above = "".join(heading for clause in found for heading in clause.path)
    for part in uncovered(text, found):
        listed = part.startswith("附件") or part in above
        if any(char.isalnum() for char in part) and not listed:
            assert mark_at(part, 0, len(part), 0) is not None, part
            assert not re.search(r"[。;；!！?？].*\w", part), part


@given(_OUTLINES)
def test_splitting_again_gives_the_same_clauses(text):
    assert split(text) == split(text)


_BODIES = st.lists(
    st.lists(st.text("甲乙丙丁", min_size=1), min_size=1, max_size=4), min_size=1, max_size=4
)


@given(_BODIES, st.data())
def test_taking_out_one_clause_leaves_every_other_its_id_and_version(sections, data):
    lines = [
        [f"第{i}章 {names[0]}"]
        + [f"第{10 * i + j}条 {name}应当备案。" for j, name in enumerate(names)]
        for i, names in enumerate(sections, 1)
    ]
    flat = [line for section in lines for line in section]
    gone = data.draw(st.sampled_from([line for line in flat if "条" in line]))
    before = {c.id: c.version for c in split("\n".join(flat))}
    after = {c.id: c.version for c in split("\n".join(line for line in flat if line != gone))}
    assert after.items() <= before.items()
    assert len(after) == len(before) - 1


def test_a_changed_clause_keeps_its_id_and_gets_a_version_of_its_own():
    before, after = split("一、甲。\n二、乙。"), split("一、甲。\n二、丙。")
    assert [c.id for c in before] == [c.id for c in after]
    assert before[0].version == after[0].version
    assert before[1].version != after[1].version


def calls_to_split(text):
    """Function calls that splitting takes: work counted, not timed."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        split(text)
    finally:
        sys.setprofile(None)
    return count


GROWING = {
    "articles that cite": "第一条 依照《甲办法》第五条、第三条第(一)项和前条执行。\n(一)乙;\n(二)丙。\n",
    "annex lists": "附件:\n1.甲\n2.乙\n附件1\n丙\n",
    "annex names": "附件1:甲\n",
    "contents": "目录\n甲\n",
    "signatures": "某局\n2024年1月1日\n",
    "one line": "一、甲要求。 (一)乙;(二)丙。 ",
    "levels": "一、甲\n(一)乙\n1.丙\n(1)丁\n①戊。\n",
    "decimals": "1.1 甲\n1.1.1 乙\n1.2 丙\n",
    "items of one list": "(二)依照上述第(三)项。\n",
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_with_the_text_and_not_with_its_square(name):
    once, twice, four = (calls_to_split(GROWING[name] * n) for n in (200, 400, 800))
    assert twice < 2.3 * once
    assert four < 2.3 * twice


def test_a_number_too_long_for_an_article_is_text_and_no_failure():
    text = f"第1条 应当备案。\n第{'9' * 5000}条 应当年检。\n"
    clauses = split_clauses(text, "d")
    assert [clause.id for clause in clauses] == ["d:1"]
