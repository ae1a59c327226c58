"""Which later clause of a ranked result only says again what an earlier one said."""

import pytest

from knowledge_base.folding import fold

LOAN = "对符合条件的科技型中小企业给予贷款贴息,年贴息率不超过1.5%,单户最高20万元,期限不超过2年。"
SCOPE = "本办法所称小微企业,是指在本市依法登记、正常经营并按规定申报纳税的企业。"


def folded(first: str, later: str) -> bool:
    return fold([first, later]) == [(0, 1)]


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("第三十条 本办法自发布之日起施行。", "第四十一条　本办法自发布之日起施行"),
        ("(三)" + LOAN, "2.3 " + LOAN),
        ("①" + LOAN, "一、" + LOAN),
        (LOAN, LOAN.replace(",", ",\n").replace("1.5%", "1．5％")),
        ("应当按照规定给予资金支持。", "应依照规定予以资金支持"),
        ("各区以及有关单位制订的方案", "各区及相关单位制定方案"),
        ("单户最高1,000万元", "单户最高1000万元"),
        ("第五条 第三方机构应当回避。", "第六条第三方机构应当回避。"),
        ("县科技局——“牵头单位”:负责审核", "县科技局(牵头单位)负责审核……"),
        ("期限3~5年", "期限3 - 5年"),
    ],
)
def test_the_same_words_are_said_once(first: str, later: str) -> None:
    assert folded(first, later)
    assert folded(later, first)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("国家级平台给予一次性奖励100万元", "国家级平台给予一次性奖励50万元"),
        ("按实际投入的1.5%补助", "按实际投入的15%补助"),
        ("每年补助1、2档各一次", "每年补助12档各一次"),
        ("补助3-5年", "补助35年"),
        ("补助3‰", "补助3%"),
        ("1.5%的贴息", "5%的贴息"),
        ("2024年度申报", "2025年度申报"),
        ("企业可以重复享受", "企业不得重复享受"),
        ("银行应当承担风险", "保险机构应当承担风险"),
        ("规模以上工业企业可申报", "工业企业可申报"),
        ("无正当理由拒不改正的", "且无正当理由拒不改正的"),
        ("由省人民政府另行制定", "由市人民政府另行制定"),
        (
            "平阳县财政局、平阳县科技局对首次认定的企业给予一次性奖励20万元,资金由县财政承担。",
            "苍南县财政局、苍南县科技局对首次认定的企业给予一次性奖励20万元,资金由县财政承担。",
        ),
        ("企业和个人", "企业或个人"),
        ("首次申报", "非首次申报"),
        ("☑是☐否", "☐是☑否"),
        ("净利润≧0的", "净利润≦0的"),
        ("净利润⩾0的", "净利润⩽0的"),
        ("补助-5%的企业", "补助5%的企业"),
        ("增幅比为3:-5", "增幅比为3:5"),
        ("不低于￥50万", "不低于$50万"),
        ("★★★级", "★★★★级"),
        ("2≦5", "2≧5"),
        ("50 万元以上的企业,可以申报", "80 万元以上的企业,可以申报"),
        ("50  家以上的企业,可以申报", "80  家以上的企业,可以申报"),
        ("24.12 年度的申报", "25.12 年度的申报"),
        ("一、二级企业可以申报", "二级企业可以申报"),
        ("第五条规定的企业,可以申报", "第六条规定的企业,可以申报"),
        ("第五条所称企业", "第六条所称企业"),
        ("第五条第二款规定的企业", "第六条第二款规定的企业"),
        ("第五条、第六条规定的企业", "第七条、第六条规定的企业"),
        ("第一款规定的企业", "第二款规定的企业"),
    ],
)
def test_a_figure_place_party_or_negation_keeps_two_clauses_apart(first: str, later: str) -> None:
    assert not folded(first, later)
    assert not folded(later, first)


def test_a_sheet_that_quotes_a_sentence_of_its_policy_adds_nothing_to_it() -> None:
    policy = f"(二)强化支持。{LOAN}资金由县财政承担。"
    assert folded(policy, LOAN)
    assert not folded(LOAN, policy)  # the policy says more


def test_a_quotation_with_words_of_its_own_stays() -> None:
    assert not folded(f"强化支持。{LOAN}", f"{LOAN}本产品不承诺利率。")
    assert not folded(f"强化支持。{LOAN}", LOAN.replace("年贴息率", "不含税年贴息率"))


def test_half_a_sentence_is_no_repetition() -> None:
    assert not folded("有下列情形之一的,不得认定" + SCOPE, SCOPE)


def test_a_short_sentence_out_of_a_longer_clause_stays() -> None:
    # What is awarded 500,000 stands in the sentence before, and is another thing in each.
    assert not folded("认定为省级平台。给予奖励50万元。", "给予奖励50万元。")


def test_the_same_words_under_another_heading_are_another_thing() -> None:
    texts = ["给予一次性奖励50万元。"] * 3
    assert fold(texts, ["(一)国家级平台", "(二)省级平台", "1.国家级平台"]) == [(0, 2), (1,)]


def test_the_better_ranked_stands_for_the_others_and_order_is_kept() -> None:
    texts = [SCOPE, LOAN, "第一条 " + SCOPE, "(一)" + LOAN, "其他", SCOPE]
    assert fold(texts) == [(0, 2, 5), (1, 3), (4,)]


def test_texts_without_words_are_not_each_others_repetition() -> None:
    assert fold(["", "……", "第一条"]) == [(0,), (1,), (2,)]
    assert fold([]) == []


def test_contexts_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        fold(["a", "b"], ["c"])


def test_a_long_text_of_marks_and_digits_is_read_in_linear_time(unhurried: None) -> None:
    text = "1、" * 100_000 + "(" * 100_000
    assert folded(text, text)
