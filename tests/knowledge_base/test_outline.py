"""Where a text is cut into clauses, and where it only looks as if it should be."""

import pytest

from knowledge_base.clauses import split_clauses


def outline(text):
    """Path and text of every clause of a small text."""
    return [(c.id.removeprefix("d:"), c.text) for c in split_clauses(text, "d")]


def test_an_item_named_purpose_is_an_item_and_no_citation():
    text = "第一章 总则\n（一）目的。为了支持企业。\n（二）原则。公开公平。"
    assert outline(text) == [
        ("1.1", "（一）目的。为了支持企业。"),
        ("1.2", "（二）原则。公开公平。"),
    ]


def test_a_number_right_behind_another_opens_a_level_of_its_own():
    text = (
        "一、（一）支持创新。给予5万元。\n（二）支持融资。\n二、（一）加强领导。\n（二）强化督查。"
    )
    assert [path for path, _ in outline(text)] == ["1.1", "1.2", "2.1", "2.2"]
    assert outline(text)[0][1] == "（一）支持创新。给予5万元。"


def test_two_numbers_of_which_the_second_does_not_run_on_are_one_level():
    assert [path for path, _ in outline("一、（一）项规定的企业。\n二、其他企业。")] == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "一、按照研发投入的\n10%给予补助。\n二、其他。",
        "一、利率不超过\n3.85%的贷款给予贴息。\n二、其他。",
        "一、对连续\n3年盈利的企业给予奖励。\n二、其他。",
        "一、年产值达到\n1.5亿元的企业,给予5万元。\n二、其他。",
        "第九条 违反本办法\n第八条规定的,取消资格。\n第十条 施行。",
        "第九条 依照\n第八条、第七条处理的企业,不得申报。\n第十条 施行。",
        "(一)符合本办法第三条\n第(二)项规定的企业;\n(二)其他企业。",
    ],
)
def test_a_sentence_that_a_line_break_cuts_before_an_amount_or_a_citation_stays_whole(text):
    lines = text.split("\n")
    assert [words for _, words in outline(text)] == ["\n".join(lines[:2]), lines[2]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("一、申报地点\n1号楼203室\n二、其他事项由县科技局办理。", "1号楼203室"),
        ("一、申报时间\n3月1日至5月31日。\n二、其他。", "3月1日至5月31日。"),
        ("第九条 罚则\n第八条规定的企业,取消资格。\n第十条 施行。", "第八条规定的企业,取消资格。"),
    ],
)
def test_a_heading_above_a_number_that_is_none_stays_a_heading(text, first):
    assert outline(text)[0][1] == first


@pytest.mark.parametrize(
    "text",
    [
        "一、奖励\n注:1.本表奖励不重复享受;\n2.以上均为税后。\n二、补助\n按规定执行。",
        "一、申报条件:1.注册满1年;\n2.纳税信用B级以上。\n二、补助\n按规定执行。",
    ],
)
def test_a_first_item_behind_a_colon_counts_where_the_second_begins_a_line(text):
    assert [path for path, _ in outline(text)][-3:] == ["1.1", "1.2", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "1.500万元以上的,给予5万元。\n2.1000万元以上的,给予8万元。",
        "1.5万元以下的,不予补助。\n2.5万元以上的,补助1万元。\n3.10万元以上的,补助2万元。",
        "1.在本县注册;\n2.纳税正常。\n3.5亿元以上企业优先。",
        "1.支持应用。\n2.4G退网。",
    ],
)
def test_items_that_begin_with_an_amount_are_items_where_their_numbers_run_on(text):
    assert outline(text) == [(str(n), line) for n, line in enumerate(text.split("\n"), 1)]


@pytest.mark.parametrize(
    "text",
    [
        "一、税收优惠\n1.5%的费率优惠。\n2.5%的担保费率。",
        "一、奖励标准\n按年产值\n1.5亿元以上的,给予5万元。",
        "1.利率优惠。贷款利率为\n2.5%以下的企业。\n2.其他。",
        "一、目标\n1.234亿元。",
        "一、价格\n1.5元/吨。\n2.5元/吨。",
        "一、价格\n1.5万元/吨。\n2.5万元/吨。",
    ],
)
def test_amounts_at_the_beginning_of_a_line_that_do_not_run_on_are_text(text):
    assert "1.1" not in [path for path, _ in outline(text)]
    assert not any(
        words.startswith(("1.5", "2.5", "1.234")) and path != "1" for path, words in outline(text)
    )


def test_numbered_questions_are_clauses_with_their_answers():
    text = "问题1:哪些企业可以申报?\n答:在本县注册的企业。\n条件:\n1.合规;\n2.纳税。\n问题2:奖励多少?\n答:50万元。"
    assert outline(text) == [
        ("1", "问题1:哪些企业可以申报?\n答:在本县注册的企业。\n条件:"),
        ("1.1", "1.合规;"),
        ("1.2", "2.纳税。"),
        ("2", "问题2:奖励多少?\n答:50万元。"),
    ]


def test_an_answer_without_a_number_stands_with_its_question():
    text = "问:哪些企业可以申报?\n答:在本县注册的企业。\n问:奖励多少?\n答:50万元。"
    assert [words.count("\n") for _, words in outline(text)] == [1, 1]


def test_the_heading_of_a_question_is_the_question():
    found = split_clauses("1.问:哪些企业可以申报?\n答:中小企业。\n2.问:奖励多少?\n答:50万元。", "d")
    assert [one.path for one in found] == [("1.问:哪些企业可以申报",), ("2.问:奖励多少",)]


def test_measures_counted_by_their_own_name_are_clauses():
    text = "措施一:支持创新。给予5万元。\n措施二:支持融资。\n由银行贴息。"
    assert outline(text) == [
        ("1", "措施一:支持创新。给予5万元。"),
        ("2", "措施二:支持融资。\n由银行贴息。"),
    ]


def test_firstly_and_secondly_inside_a_clause_number_nothing():
    text = "一、加强领导。各部门要做到:一是明确责任;二是加强考核。\n一是资金保障。\n二是人才保障。\n二、其他。"
    assert [path for path, _ in outline(text)] == ["1", "2"]


def test_years_prizes_times_and_sections_at_the_beginning_of_a_line_number_nothing():
    lines = (
        "2024. 年底前完成。\n2025年达到200家。\n8:30开始。\n一等奖10万元。\n二等奖5万元。\n"
        "10.1节规定的除外。\n2024.05.31"
    )
    assert [path for path, _ in outline(f"一、目标\n{lines}\n二、附则\n施行。")] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("一、支持创新(一)高企。给予5万元。(二)研发。给予3万元。", ["1.1", "1.2"]),
        ("一、支持创新(一)高企。给予5万元。\n(二)研发。给予3万元。", ["1.1", "1.2"]),
        ("二、申报条件1.在本县注册;2.纳税正常。\n三、其他。", ["2.1", "2.2", "3"]),
        (
            "第一章总则第一条为了支持企业。\n第二条适用本县。\n第二章奖励第三条给予5万元。",
            ["1.1", "1.2", "2.3"],
        ),
        ("一、支持高企(1)和科小(2)发展。\n二、依照第五条(一)项执行。", ["1", "2"]),
        ("一、填写附件1.申报书。\n二、其他。", ["1", "2"]),
    ],
)
def test_a_first_item_glued_to_its_heading_counts_where_the_second_follows(text, paths):
    assert [path for path, _ in outline(text)] == paths


def test_a_line_that_ends_in_a_comma_is_no_heading():
    assert outline("(1)高企5万元,\n合计不超过10万元。\n(2)其他。")[0][1].startswith("(1)高企")


def test_an_annex_of_one_line_is_a_clause_of_its_own():
    found = split_clauses("一、\n附件附件一、一、一、\n甲", "d")
    assert [clause.text for clause in found] == ["附件附件一、一、一、\n甲"]
