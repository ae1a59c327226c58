"""Places as people write them, and the clauses they fit."""

import pytest

from knowledge_base import Document
from knowledge_base.clauses import split_clauses
from knowledge_base.printed_places import Step, printed_places, steps_of

RULES = """关于印发《甲县科技贷款办法》的通知

第一章 总则
第一条 为了支持企业创新,制定本办法。
第二条 本办法所称企业,是指在本县登记的企业。
第二章 条件
第一节 主体
第三条 申请人应当符合下列条件:
(一)登记满一年;
(二)无不良记录;
(三)有研发投入。
第四条 申请人应当提交材料。
第二节 额度
第五条 贷款不超过三百万元。

附件1
申请表说明
第一条 用黑色笔填写。
第二条 加盖公章后交县科技局。
"""


@pytest.fixture(scope="module")
def labels() -> dict[str, str]:
    return {
        clause.id.partition(":")[2]: clause.label
        for clause in split_clauses(RULES, "jia", RULES.index("第一章"))
    }


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("二、(二)5", ["2.2.5"]),
        ("二(二)5讲了什么", ["2.2.5"]),
        ("二(二)第5条", ["2.2.5"]),
        ("二(二)5条", ["2.2.5"]),
        ("二（二）５", ["2.2.5"]),
        ("第二部分第(二)项第5点", ["2.2.5"]),
        ("2.2.5是什么", ["2.2.5"]),
        ("二、(五)第14条", ["2.5.14"]),
        ("三(一)和二(三)", ["3.1", "2.3"]),
        ("十二(二)3", ["12.2.3"]),
    ],
)
def test_a_place_named_from_the_top_is_a_path(written: str, paths: list[str]) -> None:
    assert [place.path for place in printed_places(written)] == paths


@pytest.mark.parametrize(
    ("written", "steps"),
    [
        ("第十二条", [("条", "12")]),
        ("第12条", [("条", "12")]),
        ("第１２条", [("条", "12")]),
        ("第八条之一", [("条", "8-1")]),
        ("第三条第二款", [("条", "3"), ("款", "2")]),
        ("第十二条第(三)项", [("条", "12"), ("项", "3")]),
        ("第十二条的第三项", [("条", "12"), ("项", "3")]),
        ("第二章第八条", [("章", "2"), ("条", "8")]),
        ("附件2", [("附件", "a2")]),
        ("附件二第三条", [("附件", "a2"), ("条", "3")]),
    ],
)
def test_a_place_named_by_its_unit_has_its_levels_but_no_path(
    written: str, steps: list[tuple[str, str]]
) -> None:
    (place,) = printed_places(written)
    assert place.steps == tuple(Step(*step) for step in steps)
    assert place.path is None


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("第三条、第四条", ["条3", "条4"]),
        ("第三条,第四条", ["条3", "条4"]),
        ("第三条和第四条", ["条3", "条4"]),
        ("第三条第四条", ["条3", "条4"]),
        ("第一、二条", ["条1", "条2"]),
        ("第一、第二条", ["条1", "条2"]),
        ("第三条第(一)、(二)项", ["条3 项1", "条3 项2"]),
        ("第三条第(一)至(三)项", ["条3 项1", "条3 项2", "条3 项3"]),
        ("第一至三条", ["条1", "条2", "条3"]),
        ("第三条至第五条", ["条3", "条4", "条5"]),
        ("第二章第三条、第四条", ["章2 条3", "章2 条4"]),
        ("第二章第三条和第四条", ["章2 条3", "章2 条4"]),
        ("第三条第一项、第二项", ["条3 项1", "条3 项2"]),
        ("第三条第一款第二项、第二款", ["条3 款1 项2", "条3 款2"]),
        ("第三条(一)、(二)", ["条3 ()1", "条3 ()2"]),
        ("第三条(一)、第四条", ["条3 ()1", "条4"]),
        ("第二章第三条、第三章", ["章2 条3", "章3"]),
        ("第三条、附件2第一条", ["条3", "附件a2 条1"]),
        ("附件1、附件2", ["附件a1", "附件a2"]),
        ("二(二)5、6", ["一、2 ()2 15", "一、2 ()2 16"]),
    ],
)
def test_a_unit_of_the_same_or_a_higher_level_begins_another_place(
    written: str, places: list[str]
) -> None:
    found = printed_places(written)
    assert [" ".join(s.kind + s.number for s in place.steps) for place in found] == places


@pytest.mark.parametrize(
    "words",
    [
        "第三方机构",
        "统一办理",
        "2.5万元",
        "(二)级",
        "一、二线城市",
        "二三十家",
        "附件怎么下载",
        "第一次",
        "3(三)万",
    ],
)
def test_other_words_with_numbers_name_no_place(words: str) -> None:
    assert printed_places(words) == ()


@pytest.mark.parametrize(
    ("written", "fitting"),
    [
        ("第一条", ("1.1", "a1.1")),
        ("第五条", ("2.2.5",)),
        ("第二章第五条", ("2.2.5",)),
        ("第一章第五条", ()),
        ("第三条第(二)项", ("2.1.3.2",)),
        ("第三条第一款第二项", ("2.1.3.2",)),
        ("第二条第一款", ("1.2", "a1.2")),
        ("附件1第一条", ("a1.1",)),
        ("附件1", ("a1.1", "a1.2")),
        ("第一章", ("1.1", "1.2")),
        ("第九条", ()),
    ],
)
def test_a_place_means_the_clauses_whose_path_and_label_end_as_it_does_or_stand_below(
    labels: dict[str, str], written: str, fitting: tuple[str, ...]
) -> None:
    (place,) = printed_places(written)
    found = tuple(path for path in place.among(labels) if place.names(labels[path]))
    assert found == fitting


def test_a_label_tells_an_article_from_an_item_of_the_same_number() -> None:
    (article,) = printed_places("第三条")
    assert article.among(["2.3", "1.3"]) == ("2.3", "1.3")
    assert article.names("第一章第三条")
    assert not article.names("第二章第五条(三)")
    assert article.names("二、(一)3")  # a text without articles calls its items so


def test_every_printed_label_of_the_policy_names_its_own_clause(policy: Document) -> None:
    paths = [clause.id.partition(":")[2] for clause in policy.clauses]
    named = [
        (place.among(paths), path, place.names(clause.label))
        for clause, path in zip(policy.clauses, paths, strict=True)
        for place in printed_places(clause.label)
    ]
    assert len(named) >= 14
    assert all(path in found and fits for found, path, fits in named)


def test_the_signs_of_a_label_are_its_levels() -> None:
    assert steps_of("第二章第十二条（三）") == (Step("章", "2"), Step("条", "12"), Step("()", "3"))
    assert steps_of("附件 一、（二）12.（1）") == (
        Step("附件", "a1"), Step("一、", "1"), Step("()", "2"), Step("1", "12"), Step("()", "1"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "repeated",
    [
        "一",
        "百",
        "第",
        "第一",
        "(",
        "(一",
        "第一条",
        "二(二)",
        "1.",
        "附件1",
        "(一)1",
        "第一、",
        "第一至",
    ],
)
@pytest.mark.usefixtures("unhurried")
def test_a_long_row_of_signs_is_read_in_linear_time(repeated: str) -> None:
    assert len(printed_places(repeated * 100_000)) <= 1
