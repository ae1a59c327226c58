"""What stands apart from a promise and still binds it: exclusions, other articles, amendments."""

from collections.abc import Iterator
from typing import Any

import pytest

from knowledge_base import Criterion, OfferDraft, Vocabulary, read_document
from knowledge_base.extraction import draft_offers
from knowledge_base.readers.reading import Reading

HEAD = (
    "平阳县人民政府办公室关于印发《平阳县支持企业发展办法》的通知\n平政办发〔2026〕12号\n"
    "各乡镇人民政府:\n现印发给你们,请遵照执行。\n平阳县人民政府办公室\n2026年3月1日\n"
    "平阳县支持企业发展办法\n"
)
ABNORMAL = ("abnormal", "eq", False)
ARREARS = ("wage_arrears", "eq", False)
TAX_B = ("tax_grade", "in", ["A", "B"])


def drafts_of(body: str, vocabulary: Vocabulary) -> tuple[OfferDraft, ...]:
    document = read_document(Reading("txt", HEAD + body), vocabulary, region="330326")
    return draft_offers(document, vocabulary)


def asked_of(draft: OfferDraft) -> list[tuple[Any, ...]]:
    def leaves(one: Criterion, negated: bool = False) -> Iterator[tuple[Any, ...]]:
        if one.join is None:
            yield ("not", one.fact, one.op, one.value) if negated else (one.fact, one.op, one.value)
        for part in one.parts:
            yield from leaves(part, negated != (one.join == "not"))

    return [leaf for one in draft.criteria for leaf in leaves(one)]


def words_of(draft: OfferDraft) -> str:
    return "|".join(one.words for one in draft.proposals)


@pytest.mark.parametrize(
    ("sentence", "tests", "unread"),
    [
        (
            "对职工60人以上的企业,给予10万元补助；但近三年内发生过较大以上安全事故、欠缴社会保险费或者被列入经营异常名录的除外。",
            [ARREARS, ABNORMAL],
            "较大以上安全事故",
        ),
        ("对职工60人以上的企业奖励20万元，被列入经营异常名录的企业除外。", [ABNORMAL], ""),
        ("对职工60人以上的企业奖励22万元，存在欠薪行为的不予奖励。", [ARREARS], ""),
        (
            "对职工60人以上的企业给予奖励21万元。被列入经营异常名录的企业不适用前款规定。",
            [ABNORMAL],
            "",
        ),
        (
            "对职工60人以上的企业给予奖励21万元。纳税信用等级为D级的企业不得享受。",
            [("not", "tax_grade", "eq", "D")],
            "",
        ),
        (
            "对职工60人以上的企业给予奖励21万元。资产负债率高于70%的企业不得申报。",
            [("not", "debt_ratio", "gt", 0.7)],
            "",
        ),
        (
            "对职工60人以上的企业给予奖励21万元。有下列情形之一的除外:1.被列入经营异常名录的;2.存在欠薪行为的;3.虚假申报的。",
            [ABNORMAL, ARREARS],
            "虚假申报",
        ),
        ("对职工60人以上的企业给予奖励21万元。申请企业纳税信用等级应当不低于B级。", [TAX_B], ""),
        ("对职工60人以上的企业给予奖励21万元。申请企业应当纳税信用等级不低于B级。", [TAX_B], ""),
    ],
)
def test_what_a_promise_leaves_out_binds_it(
    sentence: str, tests: list[tuple[Any, ...]], unread: str, vocabulary: Vocabulary
) -> None:
    (draft,) = drafts_of(f"第一条 {sentence}\n第二条 由县经信局负责解释。\n", vocabulary)
    found = asked_of(draft)
    assert ("employees", "gte", 60) in found
    if tests:
        assert [one for one in found if one[0] != "employees" and one[0] != "entity_type"] == tests
    assert (unread in words_of(draft)) if unread else not draft.proposals, words_of(draft)


def test_a_receiver_with_an_exclusion_in_brackets_is_not_read_as_complete(
    vocabulary: Vocabulary,
) -> None:
    sentence = "对职工60人以上的企业（被列入经营异常名录的除外）奖励22万元。"
    (draft,) = drafts_of(f"第一条 {sentence}\n第二条 由县经信局负责解释。\n", vocabulary)
    assert asked_of(draft) == [ABNORMAL]
    assert "职工60人以上" in words_of(draft)


PROMISES = (
    "第一条 对职工60人以上的企业奖励20万元。\n第二条 对职工80人以上的企业奖励30万元。\n"
    "第三条 对职工90人以上的企业奖励40万元。\n"
)


@pytest.mark.parametrize(
    "article",
    [
        "第四条 有下列情形之一的企业，不得享受本办法规定的奖补："
        "（一）被列入经营异常名录的；（二）存在欠薪行为的；（三）环评不合格的。",
        "第四条 有下列情形之一的企业，不得享受本办法规定的奖补：\n"
        "（一）被列入经营异常名录的；\n（二）存在欠薪行为的；\n（三）环评不合格的。",
        "第四条 下列企业不予支持：\n"
        "（一）被列入经营异常名录的企业；\n（二）存在欠薪行为的企业；\n（三）环评不合格的企业。",
        "第四条 被列入经营异常名录、存在欠薪行为或者环评不合格的，取消资格。",
        "第四条 下列企业不予支持:被列入经营异常名录的企业;存在欠薪行为的企业;环评不合格的企业。",
        "第四条 负面清单\n（一）被列入经营异常名录的；\n（二）存在欠薪行为的；\n（三）环评不合格的。",
        "第四条 负面清单。被列入经营异常名录的企业、存在欠薪行为的企业、环评不合格的企业。",
    ],
)
def test_an_article_of_exclusions_binds_every_promise_of_the_document(
    article: str, vocabulary: Vocabulary
) -> None:
    drafts = drafts_of(f"{PROMISES}{article}\n第五条 由县经信局负责解释。\n", vocabulary)
    assert len(drafts) == 3
    for draft in drafts:
        assert {ABNORMAL, ARREARS} <= set(asked_of(draft))
        assert "环评不合格" in words_of(draft)
        assert "县经信局" not in words_of(draft)
        quotes = {one.fact: one.text for one in draft.criteria}
        assert "经营异常名录" in quotes["abnormal"]
        assert draft.exclusions


@pytest.mark.parametrize(
    "body",
    [
        "一、支持措施\n（一）对职工60人以上的企业奖励20万元。\n二、下列企业不予支持：\n（一）被列入经营异常名录的企业；\n（二）存在欠薪行为的企业。\n三、附则\n由县经信局负责解释。\n",
        "一、支持措施\n（一）对职工60人以上的企业奖励20万元。\n二、负面清单\n1.被列入经营异常名录的企业。\n2.存在欠薪行为的企业。\n三、附则\n由县经信局负责解释。\n",
        "一、支持措施\n（一）对职工60人以上的企业奖励20万元。\n（二）有下列情形之一的，不予奖励：\n1.被列入经营异常名录。\n2.存在欠薪行为。\n三、附则\n由县经信局负责解释。\n",
    ],
)
def test_sections_of_exclusions_bind_the_promises_around_them(
    body: str, vocabulary: Vocabulary
) -> None:
    (draft,) = drafts_of(body, vocabulary)
    assert {ABNORMAL, ARREARS} <= set(asked_of(draft))
    assert not draft.proposals


@pytest.mark.parametrize(
    ("article", "bound"),
    [
        ("申请第一条奖励的企业，还应当纳税信用等级不低于B级。", {1}),
        ("享受本办法第一条、第三条政策的企业应当纳税信用等级不低于B级。", {1, 3}),
        ("申请本办法奖补的企业应当纳税信用等级不低于B级。", {1, 2, 3}),
        (
            "申请本办法奖补的企业应当符合下列条件：\n（一）纳税信用等级不低于B级；\n（二）守法。",
            {1, 2, 3},
        ),
        ("本办法适用于纳税信用等级不低于B级的企业。", {1, 2, 3}),
        (
            "申请第二条奖励的企业应当符合下列条件：\n（一）纳税信用等级不低于B级；\n（二）守法。",
            {2},
        ),
        ("申请企业应当在6月30日前提交申请表。", set()),
    ],
)
def test_demands_of_another_article_bind_the_promises_they_name(
    article: str, bound: set[int], vocabulary: Vocabulary
) -> None:
    drafts = drafts_of(f"{PROMISES}第四条 {article}\n第五条 由县经信局负责解释。\n", vocabulary)
    assert {n for n, one in enumerate(drafts, 1) if TAX_B in asked_of(one)} == bound
    assert {n for n, one in enumerate(drafts, 1) if "守法" in words_of(one)} <= bound


@pytest.mark.parametrize(
    "item",
    [
        "将二、（二）5修改为：“对职工60人以上的企业奖励50万元。”",
        "将第三条修改为：“第三条 对职工60人以上的企业奖励50万元。”",
        "将第三条修改为：对职工60人以上的企业奖励50万元。",
        "删去“对职工60人以上的企业奖励50万元”。",
        "增加一条，作为第四条：“对职工60人以上的企业奖励50万元。最高100万元补助。”",
    ],
)
def test_the_new_wording_of_another_document_makes_no_draft(
    item: str, vocabulary: Vocabulary
) -> None:
    body = f"一、{item}\n二、对职工60人以上的企业奖励20万元。\n三、本决定自2026年3月1日起施行。\n"
    assert [one.amounts[0].high for one in drafts_of(body, vocabulary)] == [200_000]


def test_the_name_of_a_draft_says_what_is_given(vocabulary: Vocabulary) -> None:
    bodies = (
        "第一条 资产负债率不得高于70%，符合的企业给予10万元补助。\n",
        "一、资产负债率不得高于70%\n对职工60人以上的企业给予10万元补助。\n",
        "一、资产负债率不得高于70%的企业，给予10万元补助。\n",
    )
    for body in bodies:
        (draft,) = drafts_of(body, vocabulary)
        assert "10万元补助" in draft.name


def test_a_condition_of_a_section_that_nothing_was_read_from_is_proposed(
    vocabulary: Vocabulary,
) -> None:
    section = (
        "第四条 申报条件\n（一）纳税信用等级不低于B级；\n（二）主导产品先进；\n（三）守法经营。\n"
    )
    for draft in drafts_of(f"{PROMISES}{section}第五条 由县经信局负责解释。\n", vocabulary):
        assert TAX_B in asked_of(draft)
        assert words_of(draft) == "主导产品先进|守法经营"


@pytest.mark.parametrize(
    ("words", "tests"),
    [
        ("奖励资金不得发放给存在欠薪行为的企业。", [ARREARS]),
        ("除被列入经营异常名录的企业外，均可享受本办法规定的奖励。", [ABNORMAL]),
        ("企业存在欠薪行为，一律取消奖励资格。", [ARREARS]),
        ("不予支持的情形：被列入经营异常名录；存在欠薪行为。", [ABNORMAL, ARREARS]),
        ("本办法奖励对象为纳税信用等级不低于B级的企业。", [TAX_B]),
        ("本办法所称企业，是指纳税信用等级不低于B级的企业。", [TAX_B]),
        ("享受奖励的企业不得存在欠薪行为，纳税信用等级不得低于B级。", [ARREARS, TAX_B]),
    ],
)
def test_other_wordings_bind_every_promise_too(
    words: str, tests: list[tuple[Any, ...]], vocabulary: Vocabulary
) -> None:
    for draft in drafts_of(f"{PROMISES}第四条 {words}\n第五条 由县经信局负责解释。\n", vocabulary):
        assert asked_of(draft)[-len(tests) :] == tests


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "words",
    [
        "被列入经营异常名录的企业不予支持。",
        "申请第一条奖励的企业应当守法。",
        "的不予支持,",
        "除企业",
        "将第三条修改为：“",
    ],
)
def test_thousands_of_bindings_are_read_in_linear_time(words: str, vocabulary: Vocabulary) -> None:
    body = f"{PROMISES}第四条 {words * (20_000 // len(words))}\n第五条 由县经信局负责解释。\n"
    assert drafts_of(body, vocabulary)
