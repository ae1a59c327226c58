"""The outline of an official text becomes clauses whose spans are the words, character for character."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.clauses import chinese_number, split_clauses

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
    return split_clauses(text, "d", "v")


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
            assert clause.version == document.version
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


def test_unnumbered_text_alone_is_the_preamble():
    assert outline("为了发展。\n特此通知。") == [("0", "前言", "为了发展。\n特此通知。")]


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


MILLION = 1_000_000
HOSTILE = {
    "一、 without end": "一、" * (MILLION // 2),
    "一、 line by line": "一、\n" * (MILLION // 3),
    "brackets": "(" * MILLION,
    "bracketed numerals": "(一" * (MILLION // 2),
    "numerals only": "一" * MILLION,
    "一百 without end": "第" + "百" * MILLION + "条",
    "no line end": "政策" * (MILLION // 2),
    "commas": "要支持," * (MILLION // 4),
    "list items": "1.营业执照复印件\n" * (MILLION // 10),
    "line ends": "\n" * MILLION,
    "blanks": " " * MILLION,
    "a huge heading over many items": "一、" + "甲" * (MILLION // 2) + "\n1.a" * (MILLION // 8),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_megabyte_is_read_in_linear_time(name):
    text = HOSTILE[name]
    began = time.perf_counter()
    found = split(text)
    spent = time.perf_counter() - began
    assert spent < 15, f"{spent:.1f} s for {len(text)} characters"
    assert len(found) <= text.count("\n") + 1
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
]
_OUTLINES = st.lists(st.sampled_from(_MARKS + _WORDS), max_size=60).map("".join)


@given(st.one_of(st.text(max_size=200), _OUTLINES))
def test_any_text_gives_only_verbatim_clauses_in_order_with_ids_of_their_own(text):
    found = split(text)
    position = 0
    for clause in found:
        assert clause.text
        assert text[clause.start : clause.end] == clause.text
        assert clause.start >= position
        position = clause.end
        for statement in clause.statements:
            assert clause.start <= statement.start < statement.end <= clause.end
    assert len({clause.id for clause in found}) == len(found)


@given(_OUTLINES)
def test_no_sentence_of_a_numbered_text_is_lost(text):
    """Whatever ends in a full stop stands in some clause: a sentence nobody can cite is a gap."""
    covered = {i for clause in split(text) for i in range(clause.start, clause.end)}
    lost = [i for i, char in enumerate(text) if char == "。" and i not in covered]
    assert lost == []


def test_a_number_too_long_for_an_article_is_text_and_no_failure():
    text = f"第1条 应当备案。\n第{'9' * 5000}条 应当年检。\n"
    clauses = split_clauses(text, "d", "v")
    assert [clause.id for clause in clauses] == ["d:1"]
