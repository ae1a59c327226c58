"""Drafts of offers from policies and sheets, a person's decision, and their storage."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge_base import Catalogue, Criterion, Document, Vocabulary
from knowledge_base.clauses import split_clauses
from knowledge_base.documents import read_sheet
from knowledge_base.errors import InputError
from knowledge_base.extraction import draft_offers, draft_to_offer, from_json, to_json


def test_the_first_policy_gives_exactly_one_draft(policy: Document, vocabulary: Vocabulary) -> None:
    (draft,) = draft_offers(policy, vocabulary)
    assert (draft.id, draft.kind) == ("pingyang-2024-65:2.2.5~1", "subsidy")
    (amount,) = draft.amounts
    assert (amount.kind, amount.low, amount.base) == ("share", 0.8, "保费")
    assert draft.applicant is not None
    assert draft.applicant.text == "购买科技成果先用后转项目保险产品的企业"
    assert "各银行保险机构" not in draft.citations[0].quote


def test_no_condition_of_a_draft_counts_as_reviewed(
    catalogue: Catalogue, vocabulary: Vocabulary
) -> None:
    def curated(criterion: Criterion) -> bool:
        return criterion.curated or any(map(curated, criterion.parts))

    for offer in catalogue.offers.values():
        (draft,) = draft_offers(catalogue.documents[offer.id], vocabulary)
        assert not any(map(curated, draft.criteria))


def test_every_span_of_a_draft_is_verbatim(catalogue: Catalogue, vocabulary: Vocabulary) -> None:
    for document in catalogue.documents.values():
        for draft in draft_offers(document, vocabulary):
            words = [w for w in (draft.applicant, *draft.amount_words, *draft.materials) if w]
            words += [*draft.how_to_apply, *draft.exclusions, *draft.tenor, *draft.windows]
            spans = [(w.start, w.end, w.text) for w in words]
            spans += [(a.start, a.end, a.words) for a in draft.amounts]
            spans += [(p.start, p.end, p.words) for p in draft.proposals]
            cited = [c.citation for c in draft.criteria if c.citation]
            spans += [(c.start, c.end, c.quote) for c in [*cited, *draft.citations]]
            assert all(document.text[start:end] == text for start, end, text in spans)


def test_a_stored_draft_comes_back_the_same(catalogue: Catalogue, vocabulary: Vocabulary) -> None:
    for document in catalogue.documents.values():
        for draft in draft_offers(document, vocabulary):
            assert from_json(to_json(draft)) == draft


def test_a_day_in_a_condition_survives_storage(vocabulary: Vocabulary) -> None:
    text = "示例贷\n\n一、申请条件\n1.2023年1月1日前设立。\n"
    document = read_sheet(text, "x1", "示例贷", "330326", "product_sheet")
    (draft,) = draft_offers(document, vocabulary)
    (criterion,) = from_json(to_json(draft)).criteria
    assert criterion == draft.criteria[0]
    assert criterion.fact == "founded_on"


def test_a_draft_of_an_existing_database_still_loads() -> None:
    words = '{"text": "企业", "start": 0, "end": 2}'
    citation = (
        '{"clause_id": "x1:1.1", "version": "v", "document_id": "x1", "document_title": "示例贷",'
        ' "document_number": null, "label": "一、1", "quote": "2023年1月1日前设立", "start": 10,'
        ' "end": 22, "source_url": null, "relation": null}'
    )
    stored = (
        '{"format": 1, "id": "x1:1.1~1", "document_id": "x1", "document_version": "v",'
        ' "name": "示例贷", "kind": "loan", "provider": "", "region": "330326",'
        f' "applicant": {words}, "criteria": [{{"id": "c1", "text": "2023年1月1日前设立",'
        f' "basis": "published", "citation": {citation}, "curated": false, "join": null,'
        ' "parts": [], "fact": "founded_on", "op": "lt", "value": {"day": "2023-01-01"}}],'
        ' "amounts": [], "amount_words": [], "tenor": [], "price": [], "security": [],'
        ' "windows": [], "periods": [], "materials": [], "how_to_apply": [], "contacts": [],'
        ' "exclusions": [], "source": [], "proposals": [], "citations": []}'
    )
    draft = from_json(stored)
    assert draft.criteria[0].value == date(2023, 1, 1)
    assert to_json(draft) == stored, "its digest, on which a decision stands, would change"


@pytest.mark.parametrize(
    "stored",
    ["", "[]", "{}", '{"format": 99}', '{"format": 1}', '{"format": 1, "id": {"day": "soon"}}'],
)
def test_a_damaged_draft_is_refused(stored: str) -> None:
    with pytest.raises(InputError, match="请重新抽取"):
        from_json(stored)


def test_an_approved_draft_becomes_an_offer_with_only_the_chosen_criteria(
    catalogue: Catalogue, vocabulary: Vocabulary
) -> None:
    (draft,) = draft_offers(catalogue.documents["p08"], vocabulary)
    chosen = frozenset({draft.criteria[0].id})
    offer = draft_to_offer(draft, chosen)
    assert [c.id for c in offer.criteria if c.curated] == [draft.criteria[0].id]
    assert offer.materials[0] == "近3年审计报告"
    with pytest.raises(InputError, match="没有条件"):
        draft_to_offer(draft, frozenset({"nothing"}))


@pytest.mark.parametrize(
    "sentence",
    [
        "力争三年内发放补助资金50亿元。",
        "各银行要按贷款利率的50%给予企业优惠。",
        "鼓励企业加大研发投入。",
        "对融资担保机构按担保额的1%给予补助,最高不超过50万元。",
        "对各县(市、区)财政局给予最高100万元奖励。",
        "对创业投资基金按投资额的5%给予奖励。",
    ],
)
def test_goals_duties_of_banks_and_encouragements_make_no_draft(
    sentence: str, policy: Document, vocabulary: Vocabulary
) -> None:
    assert draft_offers(_policy(policy, [sentence]), vocabulary) == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("对注册满1年的企业,给予最高300万元的信用贷款支持。", "loan"),
        ("对注册满1年的企业,按贷款利息的50%给予贴息,贷款额度最高可达300万元。", "subsidy"),
        ("对投保的企业给予补贴,按保费的50%予以补助。", "subsidy"),
    ],
)
def test_an_instrument_inside_a_policy_is_of_its_own_kind(
    sentence: str, kind: str, policy: Document, vocabulary: Vocabulary
) -> None:
    (draft,) = draft_offers(_policy(policy, [sentence]), vocabulary)
    assert draft.kind == kind


def test_a_sheet_that_lends_for_long_terms_is_a_loan(vocabulary: Vocabulary) -> None:
    text = "示例中长期融资\n\n一、申请条件\n1.注册满1年。\n"
    document = read_sheet(text, "x1", "示例中长期融资", "330326", "product_sheet")
    (draft,) = draft_offers(document, vocabulary)
    assert draft.kind == "loan"


def test_schemes_of_one_clause_do_not_share_conditions(
    policy: Document, vocabulary: Vocabulary
) -> None:
    document = _policy(
        policy,
        [
            "对注册满3年的企业,按研发费用的10%给予补助,最高不超过100万元。"
            "对持有高新技术企业证书的企业,给予20万元奖励。"
        ],
    )
    first, second = draft_offers(document, vocabulary)
    facts = [{c.fact for c in draft.criteria} for draft in (first, second)]
    assert "titles" not in facts[0]
    assert "age_months" not in facts[1]
    assert first.amounts[0].cap == 1_000_000


@pytest.mark.parametrize(
    ("sentence", "tests", "proposed"),
    [
        (
            "一、对高新技术企业给予一次性奖励10万元。",
            [("titles", "has_any", ["高新技术企业"])],
            [],
        ),
        (
            "给予高新技术企业10万元奖励。",
            [("titles", "has_any", ["高新技术企业"])],
            [],
        ),
        (
            "对在平阳县注册满3年、上年度营业收入2000万元以上且研发费用占比不低于3%的企业,给予20万元奖励。",
            [
                ("region", "within", "330326"),
                ("age_months", "gte", 36),
                ("revenue_yuan", "gte", 20_000_000),
                ("rd_ratio", "gte", 0.03),
            ],
            [],
        ),
        (
            "研发费用占营业收入比重不低于3%且营业收入2000万元以上的企业,实施技术改造项目的,按设备投资额10%补助。",
            [("rd_ratio", "gte", 0.03), ("revenue_yuan", "gte", 20_000_000)],
            ["实施技术改造项目"],
        ),
        (
            "首次认定为国家级专精特新“小巨人”企业的,奖励50万元。",
            [],
            ["首次认定为国家级专精特新“小巨人”企业"],
        ),
        (
            "对高新技术企业或者科技型中小企业,且连续两年盈利,给予10万元奖励,已享受同类政策的除外。",
            [("titles", "has_any", ["高新技术企业", "科技型中小企业"])],
            ["连续两年盈利", "已享受同类政策"],
        ),
        (
            "对营业收入不低于500万元且不超过4亿元的企业,给予10万元奖励。",
            [("revenue_yuan", "gte", 5_000_000), ("revenue_yuan", "lte", 400_000_000)],
            [],
        ),
        (
            "对注册满3年或营业收入2000万元以上且研发费用占比不低于3%的企业,给予10万元奖励。",
            [],
            ["注册满3年或营业收入2000万元以上且研发费用占比不低于3%的企业"],
        ),
        (
            "支持企业开展技术改造,对注册满3年的企业,按投资额10%补助。",
            [("age_months", "gte", 36), ("entity_type", "eq", "企业")],
            [],
        ),
        (
            "支持注册满3年的企业开展技术改造,对研发投入强度不低于3%的,按投资额10%补助。",
            [("rd_ratio", "gte", 0.03)],
            ["注册满3年", "注册满3年的企业开展技术改造"],
        ),
        (
            "对拥有自主品牌、目标企业营业收入不低于1000万元的企业,给予10万元奖励。",
            [],
            ["拥有自主品牌", "目标企业营业收入不低于1000万元"],
        ),
    ],
)
def test_every_conjunct_before_the_paying_words_is_read_or_proposed(
    sentence: str,
    tests: list[tuple[object, ...]],
    proposed: list[str],
    policy: Document,
    vocabulary: Vocabulary,
) -> None:
    (draft,) = draft_offers(_policy(policy, [sentence]), vocabulary)
    assert [(c.fact, c.op, c.value) for c in draft.criteria] == tests
    assert [p.words for p in draft.proposals] == proposed


def test_the_purchase_the_first_policy_pays_for_is_its_only_condition(
    policy: Document, vocabulary: Vocabulary
) -> None:
    (draft,) = draft_offers(policy, vocabulary)
    assert [c.fact for c in draft.criteria] == ["use_first_insured"]
    assert draft.proposals == ()


def _policy(like: Document, sentences: list[str]) -> Document:
    """A policy whose measures are the given sentences."""
    text = "关于支持企业发展的通知\n\n一、支持措施\n\n" + "\n\n".join(
        f"({number}){sentence}" for number, sentence in zip("一二三四", sentences, strict=False)
    )
    clauses = split_clauses(text, like.id, 12)
    return replace(like, text=text, clauses=clauses)


@pytest.mark.usefixtures("unhurried")
def test_thousands_of_promises_in_one_clause_are_drafted_in_linear_time(
    policy: Document, vocabulary: Vocabulary
) -> None:
    document = _policy(policy, ["对企业按保费80%予以补助。" * 12_000])
    assert len(draft_offers(document, vocabulary)) == 12_000


@pytest.mark.parametrize(
    ("sentence", "share", "cap"),
    [
        ("企业使用科技创新券购买服务的,按实际支付额的60%予以兑付,每年最高30万元。", 0.6, 300_000),
        ("对使用科技创新券的企业,按照60%的比例兑付,最高20万元。", 0.6, 200_000),
        ("对购买服务的企业,按实际支付额的50%予以兑现,最高10万元。", 0.5, 100_000),
        ("对购买检测服务的企业,按服务费的30%抵扣,最高5万元。", 0.3, 50_000),
        ("对获得省级资金的企业,按50%配套,最高100万元。", 0.5, 1_000_000),
        ("对入驻企业减免租金50%,最高10万元。", 0.5, 100_000),
    ],
)
def test_every_verb_of_paying_makes_a_draft(
    sentence: str, share: float, cap: int, policy: Document, vocabulary: Vocabulary
) -> None:
    (draft,) = draft_offers(_policy(policy, [sentence]), vocabulary)
    (amount,) = draft.amounts
    assert (amount.kind, amount.low, amount.cap) == ("share", share, cap)


@pytest.mark.parametrize(
    "sentence",
    [
        "对初创企业以服务券形式发放最高5万元。",
        "对初创企业发放科技创新券,每家最高10万元。",
        "对购买服务的企业,给予最高5万元抵用。",
    ],
)
def test_vouchers_make_a_draft(sentence: str, policy: Document, vocabulary: Vocabulary) -> None:
    (draft,) = draft_offers(_policy(policy, [sentence]), vocabulary)
    assert [amount.kind for amount in draft.amounts] == ["ceiling"]


def test_each_receiver_of_a_sentence_has_a_draft_of_its_own(
    policy: Document, vocabulary: Vocabulary
) -> None:
    sentence = "对高新技术企业奖励10万元,对科技型中小企业奖励5万元。"
    first, second = draft_offers(_policy(policy, [sentence]), vocabulary)
    assert [a.high for a in (*first.amounts, *second.amounts)] == [100_000, 50_000]
    assert [c.value for c in (*first.criteria, *second.criteria)] == [
        ["高新技术企业"],
        ["科技型中小企业"],
    ]


def test_sums_given_respectively_name_the_step_each_belongs_to(
    policy: Document, vocabulary: Vocabulary
) -> None:
    sentence = "对认定为国家级、省级、市级企业技术中心的,分别给予100万元、50万元、20万元奖励。"
    (draft,) = draft_offers(_policy(policy, [sentence]), vocabulary)
    assert [(a.tier, a.high) for a in draft.amounts] == [
        ("国家级", 1_000_000),
        ("省级", 500_000),
        ("市级企业技术中心的", 200_000),
    ]


@pytest.mark.parametrize(
    ("sentence", "sums"),
    [
        (
            "对营业收入首次突破1亿元、5亿元的企业,分别给予20万元、50万元奖励。",
            [200_000, 500_000],
        ),
        ("投资1亿元以上的奖励100万元,投资5亿元以上的奖励500万元。", [1_000_000, 5_000_000]),
    ],
)
def test_a_sum_to_be_reached_is_no_sum_paid(
    sentence: str, sums: list[int], policy: Document, vocabulary: Vocabulary
) -> None:
    (draft,) = draft_offers(_policy(policy, [sentence]), vocabulary)
    assert [amount.high for amount in draft.amounts] == sums


def test_what_is_added_to_a_promise_is_no_promise_of_its_own(
    policy: Document, vocabulary: Vocabulary
) -> None:
    sentence = "对高新技术企业奖励20万元,对首次认定的再给予10万元奖励。"
    (draft,) = draft_offers(_policy(policy, [sentence]), vocabulary)
    assert [amount.high for amount in draft.amounts] == [200_000, 100_000]
