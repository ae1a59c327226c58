"""What is misspelt is found, what is a word is left alone."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from knowledge_base import Catalogue, Vocabulary, load_catalogue
from knowledge_base.lexical import LexicalIndex
from knowledge_base.likeness import is_ordinary, lookalikes, readings, sound_alike
from knowledge_base.misspellings import Mend, misspellings_of
from knowledge_base.queries import mend
from knowledge_base.retrieval import field_terms
from tests.conftest import load_cases

# The list that stood here before misspellings were found by rule: each is mended as it was.
LISTED = """代款贷款 货款利率:贷款利率 贷宽贷款 科枝科技 科计科技 帖息贴息 贴希贴息 铁息贴息 保废保费 保非保费
高薪技术高新技术 高新计术高新技术 专精特薪专精特新 专经特新专精特新 专精特心专精特新 首代户首贷户 首待户首贷户
应收帐款应收账款 应收张款应收账款 知识产全知识产权 知识产劝知识产权 只是产权知识产权 孵化机孵化器 孵华器孵化器
浮化器孵化器 福化器孵化器 担宝担保 记改技改 设备跟新设备更新 设备更薪设备更新 先用后赚先用后转 先用后砖先用后转
先用后专先用后转 先用后传先用后转 先用厚转先用后转 补铁补贴 补帖补贴 首台桃首台套 首抬套首台套 手台套首台套
小拒人小巨人 小巨仁小巨人 小具人小巨人 人财人才 人材人才 整连授信整链授信 整链受信整链授信 质丫质押 治押质押
制押质押 质压质押 抵呀抵押 低押抵押 承对承兑 票剧票据 漂据票据 订丹订单 定单订单 融姿融资 融咨融资 溶资融资
流代流贷 流待流贷 研发代研发贷 研法研发 沿发研发 并够并购 并构并购 揭榜挂率揭榜挂帅 容刃度容忍度 白名但白名单
百名单白名单 近职免责尽职免责 尽职勉责尽职免责 台帐台账 走仿走访 科创只数科创指数 税收信用只数税收信用指数
正策政策 政测政策 政册政策 条宽条款 银航银行 宝险保险 保显保险""".replace(":", "").split()


@pytest.fixture(scope="module")
def known(catalogue: Catalogue) -> Callable[[str], int]:
    texts = [clause.text for clause in catalogue.clauses.values()]
    return LexicalIndex.build(texts, field_terms(catalogue)).frequency


@pytest.mark.parametrize("pair", LISTED)
def test_every_misspelling_that_was_once_listed_is_still_mended(
    vocabulary: Vocabulary, pair: str
) -> None:
    wrong, right = pair[: len(pair) // 2], pair[len(pair) // 2 :]
    assert mend(f"请问:{wrong},怎么申请?", vocabulary) == f"请问:{right},怎么申请?"


def test_the_list_keeps_only_what_the_rules_cannot_find(vocabulary: Vocabulary) -> None:
    for wrong, right in vocabulary.typos.items():
        others = {form: meant for form, meant in vocabulary.typos.items() if form != wrong}
        assert mend(wrong, replace(vocabulary, typos=others)) != right


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("专精特欣有什么奖励", "专精特新有什么奖励"),  # by sound
        ("首货户有优惠吗", "首贷户有优惠吗"),  # by shape
        ("科技攻官项目", "科技攻关项目"),
        ("流动资今贷款", "流动资金贷款"),
        ("知产识权质押", "知识产权质押"),  # two neighbours exchanged
        ("高新术企业要求", "高新技术企业要求"),  # one left out
        ("知识识产权保护", "知识产权保护"),  # one doubled
        ("科枝贷", "科技贷"),
        ("保废补贴", "保费补贴"),
        ("我们公司代款", "我们公司贷款"),
        ("代款要去哪个中心", "贷款要去哪个中心"),
        ("担宝公司", "担保公司"),
        ("高薪技术企业", "高新技术企业"),
    ],
)
def test_a_field_term_misspelt_by_sound_shape_or_slip_is_mended_where_that_is_sure(
    vocabulary: Vocabulary, asked: str, meant: str
) -> None:
    assert mend(asked, vocabulary) == meant


@pytest.mark.parametrize(
    ("asked", "term"),
    [("知识残权保险", "知识产权"), ("知识产权质柙融资", "知识产权质押融资"), ("融志担保", "融资")],
)
def test_what_may_have_been_meant_is_only_searched_for_as_well(
    vocabulary: Vocabulary, asked: str, term: str
) -> None:
    found = misspellings_of(vocabulary).within(asked)
    assert any(term in one.term and not one.sure for one in found)


def test_of_two_terms_that_fit_one_place_alike_neither_is_sure(vocabulary: Vocabulary) -> None:
    both = replace(vocabulary, typos={"甲": "贷款", "乙": "代宽"})
    assert [(one.term, one.sure) for one in misspellings_of(both).within("贷宽")] == [
        ("代宽", False),
        ("贷款", False),
    ]


def test_no_clause_of_the_corpus_is_touched(
    catalogue: Catalogue, vocabulary: Vocabulary, known: Callable[[str], int]
) -> None:
    found = misspellings_of(vocabulary)
    pieces = [
        piece
        for clause in catalogue.clauses.values()
        for piece in re.split(r"[。;；\n]", clause.text)
        if len(piece) <= 200
    ]
    assert len(pieces) > 500
    assert [(p, found.within(p, known)) for p in pieces if found.within(p, known)] == []
    assert [p for p in pieces if mend(p, vocabulary) != p] == []


def test_of_the_gold_questions_only_the_misspelt_ones_are_touched(
    vocabulary: Vocabulary, known: Callable[[str], int]
) -> None:
    asked = [turn for case in load_cases("questions.jsonl") for turn in case["turns"]]
    changed = {turn: mend(turn, vocabulary) for turn in asked if mend(turn, vocabulary) != turn}
    assert changed == {"技改代款咋办理呀,急": "技改贷款咋办理呀,急"}
    assert not any(
        misspellings_of(vocabulary).within(turn, known) for turn in asked if turn not in changed
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "报废汽车补贴怎么领",
        "报废补贴能领多少",
        "企业带宽提速有补贴吗",
        "学科及其专业设置",
        "我们去年营收两千万",
        "贷前管理和贷后管理怎么分",
        "续贷户有没有优惠",
        "企业贷款要什么条件",
        "黑名单企业能不能申请",
        "市级专精特新和省级有什么区别",
        "高技术企业和高新技术企业一样吗",
        "数智化改造算不算技改",
        "手套厂能申请吗",
        "平阳县科集机械有限公司能贷多少",
        "应付账款怎么算",
        "老板要去外地出差,家里孩子上学怎么办",
        "今天天气很好,我们一起去打篮球吧",
        "机器老了想换新的,有人帮衬吗",
        "三是落实责任,四是加强督查",
        "科信局向孵化机构倡议",
        "请确定单位名称",
        "科集公司能贷款吗",
        "科集五金店",
        "科集商行",
        "科集药房",
        "科集股份",
        "科集工厂",
        "科集研究所",
        "平阳县科集机械厂",
        "科济医院",
        "平阳科寄快递站",
        "平阳县社备蔬菜店",
        "我们在担宝村",
        "圆区路12号",
        "招高薪技术工人",
        "旧机改新机",
        "步助器",
        "一百名单位职工",
    ],
)
def test_ordinary_sentences_stay_as_they_are(vocabulary: Vocabulary, sentence: str) -> None:
    assert mend(sentence, vocabulary) == sentence


def test_what_stands_in_the_index_is_no_misspelling_unless_it_is_rare_beside_the_term(
    vocabulary: Vocabulary,
) -> None:
    within = misspellings_of(vocabulary).within
    often = {"贷款": 5000, "代款": 3}
    assert within("代款", lambda unit: often.get(unit, 0)) == (Mend(0, 2, "贷款", True),)
    assert within("代款", lambda unit: {**often, "代款": 80}.get(unit, 0)) == ()


def test_a_pasted_text_is_not_looked_through(vocabulary: Vocabulary) -> None:
    assert mend("代宽," + "甲" * 200, vocabulary) == "代宽," + "甲" * 200


@given(st.text(alphabet="贷代款宽科技枝计补贴铁的12,。( ab保费废先用后转高新", max_size=60))
def test_sure_mends_lie_in_the_text_and_never_overlap(text: str) -> None:
    found = misspellings_of(_vocabulary()).within(text)
    sure = [one for one in found if one.sure]
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(left.end <= right.start for left, right in pairwise(sure))
    assert all(text[one.start : one.end] != one.term for one in found)


_kept: list[Vocabulary] = []


def _vocabulary() -> Vocabulary:
    if not _kept:
        _kept.append(load_catalogue().vocabulary)
    return _kept[0]


def test_the_readings_shipped_are_those_of_pypinyin(vocabulary: Vocabulary) -> None:
    chars = {char for group in vocabulary.synonyms for form in group for char in form}
    han = sorted(char for char in chars if "\u4e00" <= char <= "\u9fff")
    first = {char: pinyin(char, style=Style.NORMAL)[0][0] for char in han}
    for left, right in pairwise(sorted(han, key=lambda char: first[char])):
        assert readings(left)
        if first[left] == first[right]:
            assert sound_alike(left, right)


def test_what_many_speakers_do_not_tell_apart_sounds_alike_loosely() -> None:
    for left, right in ("志资", "残产", "三山", "南蓝", "金京", "真争", "单当"):
        assert sound_alike(left, right, loosely=True)
        assert not sound_alike(left, right)
    assert sound_alike("率", "帅")
    assert readings("率") != readings("帅")
    assert not sound_alike("贷", "款", loosely=True)


def test_the_tables_are_whole() -> None:
    assert "枝" in lookalikes()["技"]
    assert "技" in lookalikes()["枝"]
    assert all(map(is_ordinary, ("报废", "黑名单", "手套", "高薪技术")))
    assert not any(map(is_ordinary, ("科枝", "代款", "贷宽", "保显")))
