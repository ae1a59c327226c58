"""What a clause points to and what it defines: spans of its words, targets that exist."""

import pytest

from knowledge_base.clauses import split_clauses

LAW = (
    "第一章 总则\n第一条 为了规范管理,制定本办法。\n"
    "第二条 本办法所称小微企业,是指符合划型标准的企业。\n"
    "第二章 条件\n第三条 申请人应当符合下列条件:\n(一)合法设立;\n(二)信用良好;\n(三)依法纳税。\n"
    "第四条 {sentence}\n第五条 自公布之日起施行。"
)


def split(text, head=None):
    return split_clauses(text, "d", head[1] if head else 0, head)


def pointed(sentence, text=LAW):
    """Words of each reference of the sentence and where they point."""
    text = text.replace("{sentence}", sentence)
    clause = next(c for c in split(text) if sentence in c.text)
    return [(text[r.start : r.end], r.targets) for r in clause.references]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("按照第三条办理。", [("第三条", ("d:2.3",))]),
        ("按照第 三 条办理。", [("第 三 条", ("d:2.3",))]),
        ("按照本办法第三条第一款第(二)项办理。", [("本办法第三条第一款第(二)项", ("d:2.3.2",))]),
        ("违反第三条第(一)、(三)项的除外。", [("第三条第(一)、(三)项", ("d:2.3.1", "d:2.3.3"))]),
        (
            "违反第三条第(一)至(三)项的除外。",
            [("第三条第(一)至(三)项", ("d:2.3.1", "d:2.3.2", "d:2.3.3"))],
        ),
        ("适用第一条至第三条的规定。", [("第一条至第三条", ("d:1.1", "d:1.2", "d:2.3"))]),
        ("适用第一条、第三条的规定。", [("第一条、第三条", ("d:1.1", "d:2.3"))]),
        ("符合前条规定的,予以支持。", [("前条", ("d:2.3",))]),
        ("符合前两条规定的,予以支持。", [("前两条", ("d:1.2", "d:2.3"))]),
        ("本条第一款所列情形除外。", [("本条第一款", ("d:2.4",))]),
        (
            "依照《中小企业促进法》第五条执行。",
            [("《中小企业促进法》第五条", ("中小企业促进法第五条",))],
        ),
        (
            "依照《补贴办法》(平科[2024]7号)第五条执行。",
            [("《补贴办法》(平科[2024]7号)第五条", ("平科〔2024〕7号第五条",))],
        ),
        ("符合财税〔2012〕67号文件第三条规定的。", [("财税〔2012〕67号文件第三条", None)]),
        (
            "按照企业所得税法第三条第三款征税。",
            [("企业所得税法第三条第三款", ("企业所得税法第三条第三款",))],
        ),
        ("第九十九条不存在。", []),
        ("按照本条例执行。", []),
    ],
)
def test_cross_references_point_to_the_clauses_they_name(sentence, expected):
    found = pointed(sentence)
    if expected and expected[0][1] is None:  # only the name of the foreign text matters here
        assert found[0][1] == ("财税〔2012〕67号第三条",)
    else:
        assert found == expected


def test_the_number_of_an_article_is_no_reference_to_itself():
    assert [c.references for c in split(LAW.replace("{sentence}", "无。"))] == [()] * 8


def test_an_item_that_says_above_item_means_its_own_list():
    text = "一、条件\n(一)合法设立。\n(二)信用良好。\n(三)不符合上述第(二)项的除外。"
    (reference,) = split(text)[-1].references
    assert text[reference.start : reference.end] == "上述第(二)项"
    assert reference.targets == ("d:1.2",)


def test_the_paragraph_before_means_the_article_it_stands_in():
    text = "第一条 甲。\n第二条 应当备案:\n(一)乙;\n(二)丙。前款规定除外。"
    (reference,) = split(text)[-1].references
    assert reference.targets == ("d:2",)


def test_a_notice_without_articles_calls_its_outermost_numbers_articles():
    text = "一、备案。\n二、年检。\n三、按照本通知第一条办理。"
    assert split(text)[-1].references[0].targets == ("d:1",)


def test_an_annex_is_found_in_full_or_in_the_list_that_names_it():
    listed = "一、填写申报书(见附件2)。\n附件:1.指南\n2.申报书\n某局\n2024年1月1日"
    assert split(listed)[0].references[0].targets == ("d:tail",)
    printed = f"{listed}\n附件1\n指南\n一、甲。\n附件2\n申报书\n一、单位名称\n二、地址"
    assert split(printed)[0].references[0].targets == ("d:a2.1",)
    assert split("一、填写申报书(见附件2)。")[0].references == ()


def test_an_abbreviated_title_is_given_its_full_name_and_the_own_title_is_not_foreign():
    text = "平阳县补贴办法\n一、《省补贴办法》(浙科〔2023〕9号)(以下简称《办法》)适用。\n二、按《办法》第三条执行。"
    assert split(text)[-1].references[0].targets == ("浙科〔2023〕9号第三条",)
    own = "关于印发《平阳县补贴办法》的通知\n一、甲。\n二、按《平阳县补贴办法》第一条执行。"
    assert split(own, (0, 16))[-1].references[0].targets == ("d:1",)
    unexplained = "一、按《办法》执行。"
    assert split(unexplained)[0].references == ()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("第二条 本办法所称小微企业,是指符合划型标准的企业。", ("小微企业",)),
        ("第二条 本办法所称“小微企业”是指符合标准的企业。", ("小微企业",)),
        ("一、对科技型中小企业(以下简称企业)予以补助。", ("企业",)),
        ("一、对科技型中小企业,以下简称“科企”,予以补助。", ("科企",)),
        ("第九条 下列用语的含义:\n(一)首贷户,是指首次取得贷款的企业。", ("首贷户",)),
        ("一、支持企业发展。", ()),
    ],
)
def test_terms_a_clause_defines_are_named(text, terms):
    assert split(text)[-1].defines == terms


def test_a_reference_never_leaves_its_clause_nor_overlaps_another():
    text = LAW.replace("{sentence}", "依照《甲办法》第五条、第三条第(一)项、前条和附件1执行。")
    for clause in split(text):
        position = clause.start
        for reference in clause.references:
            assert position <= reference.start < reference.end <= clause.end
            position = reference.end
