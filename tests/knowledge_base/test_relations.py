"""A document's words about others: read from one sentence, linked inside a corpus, dated."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from knowledge_base.documents import read_document
from knowledge_base.header.acts import read_relations
from knowledge_base.header.relations import resolve_relations
from knowledge_base.readers.reading import Reading

EFFECT = date(2024, 1, 1)


def acts(text, title="关于支持技改的通知", body_start=0):
    return read_relations(text, title, EFFECT, body_start)


def summary(text, **kwargs):
    return [
        (r.type, r.target_title or r.target_number, r.target_clause) for r in acts(text, **kwargs)
    ]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("《旧办法全文》(平科〔2019〕3号)同时废止。", "旧办法全文"),
        (
            "本办法自2024年1月1日起施行。原《技改管理办法》（平科〔2019〕3号）同时废止。",
            "技改管理办法",
        ),
        ("本办法自印发之日起施行，《技改管理办法》即行废止。", "技改管理办法"),
        ("2022年第16号同时废止。", "2022年第16号"),
        ("平科〔2019〕3号文件同时废止。", "平科〔2019〕3号"),
        ("决定废止《技改管理办法》。", "技改管理办法"),
        ("根据《规章制定程序条例》，决定废止《技改管理办法》。", "技改管理办法"),
        (
            "2018年10月30日公布的《儿童福利机构管理办法》（民政部令第63号）同时废止。",
            "儿童福利机构管理办法",
        ),
        ("《技改管理办法》自2024年5月1日起失效。", "技改管理办法"),
        ("自本办法施行之日起，《技改管理办法》停止执行。", "技改管理办法"),
        ("一、废止《技改管理办法》（平科〔2019〕3号）。", "技改管理办法"),
        ("经研究，决定如下：\n二、停止执行《技改管理办法》。", "技改管理办法"),
        ("1、废止原《技改管理办法》。", "技改管理办法"),
        ("（二）、宣布失效《技改管理办法》。", "技改管理办法"),
        ("一、不再执行平科〔2019〕3号。", "平科〔2019〕3号"),
        ("一、废止县科技局2019年印发的《技改管理办法》（平科〔2019〕3号）。", "技改管理办法"),
        ("一、平科〔2019〕3号停止执行。", "平科〔2019〕3号"),
        ("一、平科〔2019〕3号文件自2024年5月1日起不再实施。", "平科〔2019〕3号"),
        ("一、平科〔2019〕3号宣布失效。", "平科〔2019〕3号"),
    ],
)
def test_a_repeal_names_the_other_document(text, target):
    repeals = [r for r in acts(text) if r.type == "repeals"]
    assert [r.target_title or r.target_number for r in repeals] == [target]
    assert repeals[0].target_clause is None


@pytest.mark.parametrize(
    "text",
    [
        "凡与本通知不一致的，以本通知为准。",
        "本通知自2025年1月1日起废止。",
        "以前出台的相关支持奖励政策同时废止。",
        "因法律、法规修订、废止等原因需调整的，应及时更新。",
        "做好规章和规范性文件的立改废释工作。",
        "《技改管理办法》自2024年1月1日起施行。",
        "《税收办法》第十八条、十九条已经失效。",
        "参见：《关于公布全文失效废止目录的公告》。",
        "[发文字号] 京政办发〔2020〕5号 [废止日期] ----",
        "做好修改、废止《技改管理办法》的准备。",
        "一、废止前印发的《技改管理办法》仍予兑现。",
    ],
)
def test_what_repeals_nothing_makes_no_repeal(text):
    assert [r for r in acts(text) if r.type == "repeals"] == []


def test_every_document_of_a_chain_is_repealed_with_its_number():
    text = (
        "《甲类办法》（平科〔2018〕1号）、《乙类办法》（平科〔2018〕2号）和《丙类办法》同时废止。"
    )
    found = acts(text)
    assert [(r.target_title, r.target_number) for r in found] == [
        ("甲类办法", "平科〔2018〕1号"),
        ("乙类办法", "平科〔2018〕2号"),
        ("丙类办法", None),
    ]
    assert {r.on for r in found} == {EFFECT}


def test_one_item_may_repeal_several_documents():
    text = "一、废止《甲类办法》（平科〔2018〕1号）、《乙类办法》《丙类办法》等3个文件。"
    found = acts(text)
    assert [(r.type, r.target_title, r.target_number) for r in found] == [
        ("repeals", "甲类办法", "平科〔2018〕1号"),
        ("repeals", "乙类办法", None),
        ("repeals", "丙类办法", None),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "《技改管理办法》（平商务〔2021〕\n3号）同时废止",
        "《技改管理办法》（平商务\n〔2021〕3号）同时废止",
        "《技改管理办法》（平商\n务〔2021〕3号）同时废止",
        "《技改管理办法》（平商务〔2021〕3号）\n同时废止",
        "《技改管理办法》\n　　（平商务〔2021〕3号）同时废\n止",
        "《技改管\r\n理办法》（平商务〔2021\n〕3号）同时\n废止",
    ],
)
def test_a_hard_line_break_cuts_no_repeal_in_two(words):
    text = f"第九条\n本办法自2024年1月1日起施\n行。原{words}。\n平阳县商务局\n"
    (found,) = acts(text)
    assert (found.type, found.target_title) == ("repeals", "技改管理办法")
    assert found.target_number == "平商务〔2021〕3号"
    assert text[found.start : found.end] == words


def test_a_line_break_between_paragraphs_joins_nothing():
    text = "平科〔2024〕9号\n废止《技改管理办法》\n\n同时\n支持技改\n《甲类办法》\n失效日期"
    (found,) = acts(text)
    assert (found.target_title, text[found.start : found.end]) == (
        "技改管理办法",
        "废止《技改管理办法》",
    )


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("unit", ["《甲\n", "废\n", "〔2021〕\n", "年\n1", " \n", "一、废止\n《"])
def test_many_line_breaks_take_linear_time(unit):
    text = unit * max(200_000 // len(unit), 60_000)
    acts(text)


def test_a_list_of_repealed_documents_is_read_line_by_line():
    text = (
        "下列文件自2024年5月1日起废止：\n1.《甲类办法》（平科〔2018〕1号）\n2.《乙类办法》（平科〔2018〕2号）\n"
        "平阳县科技局\n2024年4月1日\n"
    )
    found = acts(text)
    assert [r.target_title for r in found] == ["甲类办法", "乙类办法"]
    assert {r.on for r in found} == {date(2024, 5, 1)}


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("《技改管理办法》第三条同时废止。", "第三条"),
        ("《技改管理办法》（平科〔2019〕3号）第一条、第三条同时废止。", "第一条、第三条"),
        ("财税〔2009〕69号文件第八条废止。", "第八条"),
        ("《技改管理办法》相关规定同时废止。", "相关规定"),
    ],
)
def test_the_repeal_of_a_part_names_the_part(text, clause):
    (found,) = acts(text)
    assert (found.type, found.target_clause) == ("repeals", clause)


def test_amendment_extension_and_replacement_are_told_apart():
    assert summary("将《技改管理办法》第三条修改为：“支持技改。”") == [
        ("amends", "技改管理办法", "第三条")
    ]
    (extended,) = acts("《技改管理办法》（平科〔2019〕3号）有效期延长至2026年12月31日。")
    assert (extended.type, extended.on) == ("extends", date(2026, 12, 31))
    assert summary("本办法代替《技改管理办法》。") == [("replaces", "技改管理办法", None)]


def test_a_decision_to_amend_names_each_changed_article():
    title = "关于修改《技改管理办法》的决定"
    text = f"{title}\n一、将第三条修改为：“支持技改。”\n二、第五条第二款修改为：“补助。”\n"
    found = summary(text, title=title, body_start=len(title))
    assert found == [
        ("amends", "技改管理办法", None),
        ("amends", "技改管理办法", "第三条"),
        ("amends", "技改管理办法", "第五条第二款"),
    ]


def test_the_preamble_says_what_is_implemented_and_what_it_rests_on():
    text = (
        "为贯彻落实《甲类意见》（浙政发〔2023〕1号）和《乙类意见》，根据《丙类条例》，制定本办法。\n"
        "一、按照《丁类办法》执行。"
    )
    assert summary(text) == [
        ("implements", "甲类意见", None),
        ("implements", "乙类意见", None),
        ("based_on", "丙类条例", None),
    ]


def test_the_span_of_a_relation_holds_its_words():
    text = "本办法自2024年1月1日起施行。《技改管理办法》（平科〔2019〕3号）同时废止。"
    (found,) = acts(text)
    assert text[found.start : found.end] == "《技改管理办法》（平科〔2019〕3号）同时废止"


def test_a_short_name_the_text_defined_is_no_document():
    assert summary("根据《通知》和《实施细则》，制定本办法。") == []


# ── inside a corpus ─────────────────────────────────────────────────────────────────────────────
def document(
    vocabulary,
    number,
    title="技改补助办法",
    region="330326",
    extra="",
    day="2019年5月1日",
    **kwargs,
):
    text = (
        f"平阳县科技局关于印发《{title}》的通知\n{number}\n各乡镇人民政府：\n现将《{title}》印发给你们。\n"
        f"一、支持技改，予以补助。\n{extra}\n平阳县科技局\n{day}\n"
    )
    return read_document(Reading("text", text), vocabulary, region=region, **kwargs)


def corpus(*documents):
    return {one.id: one for one in documents}


@pytest.fixture(scope="module")
def old(vocabulary):
    return document(vocabulary, "平科〔2019〕3号")


@pytest.fixture(scope="module")
def new(vocabulary):
    extra = "二、本办法自2024年1月1日起施行。《技改补助办法》（平科〔2019〕3号）同时废止。"
    return document(vocabulary, "平科〔2023〕9号", extra=extra, day="2023年12月20日")


def test_a_repealed_document_is_as_before_until_the_day_of_its_repeal(old, new):
    resolved = resolve_relations(corpus(old, new))[old.id]
    assert resolved.repealed_on == date(2024, 1, 1)
    assert resolved.status(date(2023, 12, 31)) == old.status(date(2023, 12, 31)) == "unknown"
    assert resolved.status(date(2024, 1, 1)) == "superseded"
    assert resolved.superseded_by == new.id


def test_the_relation_is_linked_to_the_document_it_names(old, new):
    resolved = resolve_relations(corpus(old, new))[new.id]
    assert [r.document_id for r in resolved.relations if r.type == "repeals"] == [old.id]
    assert resolved.repealed_on is None


def test_a_repeal_by_another_matter_leaves_no_successor(vocabulary, old):
    extra = "二、平科〔2019〕3号自2024年5月1日起废止。"
    clearing = document(
        vocabulary, "平科〔2024〕1号", title="清理结果", extra=extra, day="2024年4月1日"
    )
    resolved = resolve_relations(corpus(old, clearing))[old.id]
    assert resolved.repealed_on == date(2024, 5, 1)
    assert resolved.status(date(2024, 5, 1)) == "repealed"


def test_a_text_without_a_title_is_no_new_edition_of_another_without_one(vocabulary):
    def untitled(number, words, day):
        text = f"{number}\n各乡镇人民政府：\n一、{words}。\n平阳县科技局\n{day}\n"
        return read_document(Reading("text", text), vocabulary, region="330326")

    before = untitled("平科〔2019〕3号", "支持技改，予以补助", "2019年5月1日")
    after = untitled("平科〔2024〕1号", "平科〔2019〕3号自2024年5月1日起废止", "2024年4月1日")
    resolved = resolve_relations(corpus(before, after))[before.id]
    assert resolved.repealed_on == date(2024, 5, 1)
    assert resolved.superseded_by is None


def test_the_earliest_of_several_repeals_counts_in_any_order(vocabulary, old, new):
    extra = "二、平科〔2019〕3号自2022年5月1日起废止。"
    first = document(
        vocabulary, "平科〔2022〕1号", title="清理结果", extra=extra, day="2022年4月1日"
    )
    results = {
        tuple(
            sorted(
                (k, v.repealed_on, v.superseded_by)
                for k, v in resolve_relations(corpus(*order)).items()
            )
        )
        for order in permutations([old, new, first])
    }
    assert len(results) == 1
    assert {k: day for k, day, _ in results.pop()}[old.id] == date(2022, 5, 1)


def test_resolving_twice_changes_nothing(old, new):
    once = resolve_relations(corpus(old, new))
    assert resolve_relations(once) == once


def test_documents_that_repeal_each_other_or_themselves_do_no_harm(vocabulary):
    left = document(
        vocabulary, "平科〔2020〕1号", extra="二、平科〔2020〕2号同时废止。", day="2020年1月1日"
    )
    right = document(
        vocabulary,
        "平科〔2020〕2号",
        title="另一办法",
        extra="二、平科〔2020〕1号、平科〔2020〕2号同时废止。",
        day="2020年1月1日",
    )
    resolved = resolve_relations(corpus(left, right))
    assert resolved[left.id].repealed_on == resolved[right.id].repealed_on == date(2020, 1, 1)


def test_a_target_is_found_by_its_title_when_no_number_is_printed(vocabulary, old):
    extra = "二、《技改补助办法》自2024年1月1日起废止。"
    other = document(
        vocabulary, "平科〔2023〕9号", title="清理结果", extra=extra, day="2023年12月20日"
    )
    assert resolve_relations(corpus(old, other))[old.id].repealed_on == date(2024, 1, 1)


def test_a_title_two_counties_share_means_the_one_of_the_same_region(vocabulary, old, new):
    twin = document(vocabulary, "苍科〔2019〕3号", region="330327")
    by_title = replace(new, relations=tuple(replace(r, target_number=None) for r in new.relations))
    resolved = resolve_relations(corpus(old, twin, by_title))
    assert resolved[old.id].repealed_on == date(2024, 1, 1)
    assert resolved[twin.id].repealed_on is None


def test_another_number_under_the_same_title_is_another_edition(vocabulary, new):
    edition = document(vocabulary, "平科〔2018〕7号")
    assert resolve_relations(corpus(edition, new))[edition.id].repealed_on is None


def test_a_county_cannot_repeal_what_its_province_issued(old, new):
    provincial = replace(old, region="330000")
    assert resolve_relations(corpus(provincial, new))[old.id].repealed_on is None


@pytest.mark.parametrize(
    ("repealing", "linked"),
    [("330482", False), ("330400", False), ("330326", True), ("330300", True), ("330000", True)],
)
def test_a_number_links_in_the_own_region_or_below_it_only(vocabulary, old, repealing, linked):
    extra = "二、废止平科〔2019〕3号。"
    clearing = document(
        vocabulary,
        "清理〔2024〕1号",
        title="清理结果",
        region=repealing,
        extra=extra,
        day="2024年4月1日",
    )
    resolved = resolve_relations(corpus(old, clearing))
    found = [r.document_id for r in resolved[clearing.id].relations if r.type == "repeals"]
    assert found == [old.id if linked else None]
    assert (resolved[old.id].repealed_on is not None) == linked


def test_a_number_two_counties_use_links_to_neither_for_their_province(vocabulary, old):
    twin = document(vocabulary, "平科〔2019〕3号", region="330482", title="人才办法")
    clearing = document(
        vocabulary,
        "浙科〔2024〕1号",
        title="清理结果",
        region="330000",
        extra="二、废止平科〔2019〕3号。",
        day="2024年4月1日",
    )
    resolved = resolve_relations(corpus(old, twin, clearing))[clearing.id]
    assert [r.document_id for r in resolved.relations if r.type == "repeals"] == [None]


def test_what_a_county_implements_may_stand_above_it(vocabulary, old):
    provincial = replace(old, region="330000")
    below = document(
        vocabulary,
        "平科〔2024〕1号",
        title="实施细则",
        extra="二、支持。",
        day="2024年4月1日",
    )
    reading = read_relations("根据平科〔2019〕3号，制定本办法。", "x", None)
    below = replace(below, relations=reading)
    resolved = resolve_relations(corpus(provincial, below))[below.id]
    assert [(r.type, r.document_id) for r in resolved.relations] == [("based_on", old.id)]


def test_an_upload_cannot_repeal_a_public_document(old, new):
    upload = replace(new, tenant="bank-1")
    assert resolve_relations(corpus(old, upload))[old.id].repealed_on is None


def test_a_draft_for_comment_repeals_nothing(old, new):
    draft = replace(new, title="技改补助办法(征求意见稿)")
    assert resolve_relations(corpus(old, draft))[old.id].repealed_on is None


def test_the_repeal_of_one_article_leaves_the_rest_in_place(vocabulary, old):
    extra = "二、平科〔2019〕3号第三条同时废止。"
    other = document(
        vocabulary, "平科〔2023〕9号", title="清理结果", extra=extra, day="2023年12月20日"
    )
    assert resolve_relations(corpus(old, other))[old.id].repealed_on is None


def test_an_extension_moves_the_last_day(vocabulary):
    first = document(
        vocabulary, "平科〔2019〕3号", extra="二、本办法自2019年6月1日起施行,有效期3年。"
    )
    longer = document(
        vocabulary,
        "平科〔2022〕1号",
        title="延期",
        extra="二、《技改补助办法》（平科〔2019〕3号）有效期延长至2025年12月31日。",
        day="2022年5月1日",
    )
    resolved = resolve_relations(corpus(first, longer))[first.id]
    assert first.expires_on == date(2022, 5, 31)
    assert resolved.expires_on == date(2025, 12, 31)
    assert resolved.status(resolved.expires_on) == "in_force"
    assert resolved.status(resolved.expires_on + timedelta(days=1)) == "expired"


def test_a_relation_whose_target_is_not_in_the_corpus_stays_unlinked(new):
    resolved = resolve_relations(corpus(new))[new.id]
    assert {r.document_id for r in resolved.relations} == {None}
