"""Matches in order, each reason in the corpus's own words, and only questions that decide something."""

from datetime import date, timedelta

import pytest

from knowledge_base import Catalogue, Scope
from recommender import Recommender, read_profile
from recommender.matching import ILLUSTRATIONS

ORDER = {"eligible": 0, "undetermined": 1, "ineligible": 2}
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture(scope="module")
def matches_of(recommender, profile):
    """`matches_of(raw, need, on)`: matches by offer id, in order."""

    def of(raw, need="", on=date(2026, 11, 22)):
        found = recommender.recommend(profile(raw, on=on), need).matches
        return {match.offer.id: match for match in found}

    return of


@pytest.mark.parametrize("day", [date(2026, 11, 22), NEW_YEAR, date(2028, 1, 1)])
def test_eligible_comes_first_then_undetermined_then_ineligible_and_closed_last(
    gold_case, matches_of, day
):
    found = list(matches_of(gold_case["profile"], on=day).values())
    keys = [
        (m.offer.availability(day) == "closed", ORDER[m.eligibility.status], not m.offer.offered)
        for m in found
    ]
    assert keys == sorted(keys)
    assert [m.rank for m in found] == list(range(1, 41))
    for before, after, left, right in zip(found, found[1:], keys, keys[1:], strict=False):
        if left == right:
            assert (-before.score, before.offer.id) <= (-after.score, after.offer.id)


def test_the_same_profile_day_and_need_give_the_same_bytes(catalogue, profile, gold_case):
    read = profile(gold_case["profile"])
    first = Recommender(catalogue).recommend(read, "想贷款买设备")
    second = Recommender(catalogue).recommend(profile(gold_case["profile"]), "想贷款买设备")
    assert repr(first) == repr(second)


def test_the_order_of_the_facts_in_a_profile_changes_nothing(recommender, profile, gold_profiles):
    raw = gold_profiles["e06"]
    turned = dict(reversed(raw.items()))
    one, other = (recommender.recommend(profile(r)) for r in (raw, turned))
    assert repr(one.matches) == repr(other.matches)
    assert repr(one.questions) == repr(other.questions)


@pytest.mark.parametrize("need", ["想换设备", "专利换钱", "找保险", "随便看看", "🙂" * 50, "   "])
def test_a_need_ranks_and_never_hides(matches_of, gold_profiles, need):
    plain, wanted = (matches_of(gold_profiles["e06"], n) for n in ("", need))
    assert set(plain) == set(wanted)
    for id, match in plain.items():
        assert wanted[id].eligibility == match.eligibility


@pytest.mark.parametrize(
    ("id", "need", "first"),
    [("e06", "拿专利去质押贷款", "p16"), ("e06", "应收账款融资", "p21"), ("e06", "担保", "p27")],
)
def test_what_is_asked_for_comes_first_among_the_eligible(
    matches_of, gold_profiles, id, need, first
):
    assert next(iter(matches_of(gold_profiles[id], need))) == first


def test_a_need_never_lifts_an_ineligible_offer_over_an_eligible_one(matches_of, gold_profiles):
    found = list(matches_of(gold_profiles["e06"], "孵化贷").values())
    statuses = [ORDER[m.eligibility.status] for m in found]
    assert statuses == sorted(statuses)


def test_the_central_bank_tool_is_never_asked_about(recommender, profile):
    """With nothing known, p40 alone waits only for the entity type: it must not count."""
    asked = {q.fact: q.decides for q in recommender.recommend(profile({})).questions}
    waiting = [
        m
        for m in recommender.recommend(profile({})).matches
        if "entity_type" in m.eligibility.missing and m.offer.id != "p40"
    ]
    assert asked["entity_type"] == len(waiting)


def test_the_central_bank_tool_stands_last_among_those_of_its_verdict(matches_of):
    for raw in ({}, {"entity_type": "企业"}, {"entity_type": "银行"}):
        found = matches_of(raw)
        same = [
            id for id, m in found.items() if m.eligibility.status == found["p40"].eligibility.status
        ]
        assert same[-1] == "p40"


def test_no_enterprise_of_any_kind_is_shown_the_central_bank_tool_as_eligible(matches_of):
    for kind in ("企业", "个体工商户", "农民专业合作社", "民办非企业", "事业单位"):
        assert matches_of({"entity_type": kind})["p40"].eligibility.status == "ineligible"


def test_only_facts_the_enterprise_knows_are_asked_each_once_with_its_words(
    gold_case, recommender, profile, vocabulary, catalogue
):
    questions = recommender.recommend(profile(gold_case["profile"])).questions
    assert len({q.fact for q in questions}) == len(questions)
    for question in questions:
        fact = vocabulary.facts[question.fact]
        assert fact.asked_of == "enterprise"
        assert question.kind == "fact"
        assert question.type == fact.type
        assert question.text
        assert question.why is not None, question.fact
        text = catalogue.documents[question.why.document_id].text
        assert text[question.why.start : question.why.end] == question.why.quote


def test_a_question_decides_the_offers_that_wait_for_it_and_never_none(
    gold_case, recommender, profile
):
    read = profile(gold_case["profile"])
    found = recommender.recommend(read)
    for question in found.questions:
        waiting = [
            m.offer.id
            for m in found.matches
            if m.offer.offered
            and m.offer.availability(read.on) != "closed"
            and question.fact in m.eligibility.missing
        ]
        amounts = [
            m.offer.id
            for m in found.matches
            if m.benefit is not None and question.fact in m.benefit.missing
        ]
        assert question.decides == len(waiting)
        assert waiting or amounts, question.fact


def test_the_most_decisive_question_comes_first(gold_case, recommender, profile):
    decides = [q.decides for q in recommender.recommend(profile(gold_case["profile"])).questions]
    assert decides == sorted(decides, reverse=True)


def test_a_known_fact_is_not_asked_again(gold_case, recommender, profile):
    raw = gold_case["profile"]
    asked = {q.fact for q in recommender.recommend(profile(raw)).questions}
    exact = {code for code, value in raw.items() if not isinstance(value, dict)}
    assert asked & exact == set()


def test_a_region_too_coarse_to_decide_is_asked_for_again(recommender, profile):
    found = recommender.recommend(profile(region="330300"))
    assert "region" in {q.fact for q in found.questions}
    waiting = {m.offer.id for m in found.matches if "region" in m.eligibility.missing}
    assert {"p30", "p16", "p25"} <= waiting
    assert not {"p12", "p14"} & waiting


def test_what_only_a_bank_or_office_knows_stays_missing_and_is_not_asked(
    matches_of, recommender, profile, gold_profiles
):
    raw = gold_profiles["e11"]
    assert "icbc_whitelist" in matches_of(raw)["p07"].eligibility.missing
    asked = {q.fact for q in recommender.recommend(profile(raw)).questions}
    assert not asked & {"icbc_whitelist", "sci_index_score", "in_subsidy_field"}


def test_answering_a_question_leaves_fewer_open(recommender, profile):
    raw, before = {}, None
    answers = {"entity_type": "企业", "overdue": False, "region": "330326"}
    for code, value in answers.items():
        questions = {q.fact for q in recommender.recommend(profile(raw)).questions}
        assert code in questions
        raw[code] = value
        after = {q.fact for q in recommender.recommend(profile(raw)).questions}
        assert code not in after
        assert before is None or len(after) <= len(before)
        before = after


def test_yes_or_no_questions_offer_a_third_answer(recommender, profile):
    questions = {q.fact: q for q in recommender.recommend(profile({})).questions}
    assert [o["value"] for o in questions["overdue"].options] == [True, False, None]
    assert None in [o["value"] for o in questions["tax_grade"].options]
    assert questions["revenue_yuan"].options is None


def test_every_reason_quotes_the_corpus_verbatim(gold_case, matches_of, catalogue):
    for match in matches_of(gold_case["profile"]).values():
        assert match.reasons, match.offer.id
        for reason in match.reasons:
            citation = reason.citation
            text = catalogue.documents[citation.document_id].text
            assert text[citation.start : citation.end] == citation.quote
            assert citation.clause_id in catalogue.clauses
            assert reason.text


def test_a_verdict_has_a_reason_of_its_own_kind(gold_case, matches_of):
    heads = {"eligible": "符合", "ineligible": "不符合", "undetermined": "待确认"}
    for match in matches_of(gold_case["profile"]).values():
        head = heads[match.eligibility.status]
        assert any(r.text.startswith(head) for r in match.reasons), match.offer.id


def test_an_assumed_condition_among_the_reasons_says_so(gold_case, matches_of):
    for match in matches_of(gold_case["profile"]).values():
        texts = {v.text for v in match.eligibility.verdicts if v.basis == "assumed"}
        for reason in match.reasons:
            if any(f":{text}(" in reason.text for text in texts):
                assert "本系统按通行做法列出,以机构为准" in reason.text


@pytest.mark.parametrize(
    ("id", "other", "words"),
    [
        ("p02", "p03", "不能同时享受"),
        ("p03", "p02", "不能同时享受"),
        ("p34", "p35", "不能同时享受"),
        ("p35", "p34", "不能同时享受"),
        ("p30", "p29", "须先办理"),
        ("p27", "p01", "配套"),
        ("p28", "p25", "配套"),
    ],
)
def test_exclusions_and_order_are_stated_with_the_words_they_rest_on(
    matches_of, catalogue, id, other, words
):
    reasons = [r for r in matches_of({})[id].reasons if r.text.startswith((words, "可与"))]
    stated = [r for r in reasons if f"({other})" in r.text and words in r.text]
    assert len(stated) == 1
    assert stated[0].citation.document_id == id
    assert catalogue.offers[other].name in stated[0].text


def test_a_related_clause_is_never_called_the_source_of_a_term(matches_of, catalogue):
    for match in matches_of({}).values():
        for citation in match.offer.citations:
            (said,) = [r.text for r in match.reasons if r.citation == citation]
            if citation.relation == "related":
                assert said.startswith("政策相关方向,条件出自产品单")
            else:
                assert said.startswith("政策点名")


DAY = date(2026, 11, 22)
TITLE = "高新技术企业"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (DAY, "将于2026-11-22到期"),
        (DAY + timedelta(days=90), "到期,请及时续期"),
        (DAY + timedelta(days=91), None),
        (None, None),
        (DAY - timedelta(days=1), "已于2026-11-21到期,按未持有处理"),
    ],
)
def test_a_title_that_ends_within_ninety_days_is_called_out(matches_of, until, words):
    held = [{"name": TITLE, "until": until.isoformat() if until else None}]
    reasons = [r.text for r in matches_of({"titles": held})["p38"].reasons]
    said = [text for text in reasons if text.startswith(TITLE) and "到期" in text]
    assert len(said) == (words is not None)
    assert all(words in text for text in said)


def test_a_title_an_offer_does_not_rest_on_is_no_reason_of_it(matches_of):
    """p38 asks for 高企 or 科技型中小企业; that another title ends is none of its business."""
    held = [{"name": "省科技领军企业", "until": "2026-12-01"}, TITLE]
    reasons = [r.text for r in matches_of({"titles": held})["p38"].reasons]
    assert not any("省科技领军企业将于" in text for text in reasons)


def test_an_offer_without_title_conditions_calls_out_no_title(matches_of):
    held = [{"name": TITLE, "until": "2026-12-01"}]
    assert not any("到期" in r.text for r in matches_of({"titles": held})["p15"].reasons)


def test_on_new_year_the_interest_subsidies_are_closed_and_last_with_their_verdict(
    gold_case, matches_of
):
    raw = gold_case["profile"]
    before, after = matches_of(raw), matches_of(raw, on=NEW_YEAR)
    assert set(list(after)[-2:]) == {"p02", "p03"}
    for id in ("p02", "p03"):
        assert after[id].offer.availability(NEW_YEAR) == "closed"
        assert after[id].eligibility.status == before[id].eligibility.status


def test_a_closed_offer_asks_nothing(recommender, profile):
    """Only p02 and p03 wait for the date and kind of a fixed-asset loan."""
    only_theirs = {"fixed_asset_loan_2026", "other_central_subsidy", "fixed_asset_loan_yuan"}
    for day, asked in ((DAY, True), (NEW_YEAR, False)):
        questions = recommender.recommend(profile({}, on=day)).questions
        assert bool(only_theirs & {q.fact for q in questions}) is asked


def test_kinds_statuses_and_limit_choose_without_changing_the_order(recommender, profile):
    read = profile(entity_type="企业", region="330326")
    everything = recommender.recommend(read).matches
    loans = recommender.recommend(read, kinds=frozenset({"loan"})).matches
    assert [m.offer.id for m in loans] == [m.offer.id for m in everything if m.offer.kind == "loan"]
    open_ones = recommender.recommend(read, statuses=frozenset({"undetermined"})).matches
    assert {m.eligibility.status for m in open_ones} == {"undetermined"}
    first = recommender.recommend(read, limit=3).matches
    assert [m.offer.id for m in first] == [m.offer.id for m in everything[:3]]
    assert [m.rank for m in first] == [1, 2, 3]


def test_the_choice_of_kinds_does_not_change_what_is_asked(recommender, profile):
    """The questions are about the enterprise, not about the page shown."""
    read = profile(entity_type="企业")
    every = recommender.recommend(read).questions
    assert recommender.recommend(read, limit=1).questions == every


def test_the_notices_promise_nothing_and_charge_nothing(recommender, profile):
    notices = "".join(recommender.recommend(profile({})).notices)
    assert "仅供参考" in notices
    assert "不收取企业任何费用" in notices
    assert "未知不等于不符合" in notices


def test_illustrations_among_the_matches_are_called_so(recommender, profile):
    everything = recommender.recommend(profile({}))
    assert ILLUSTRATIONS in everything.notices
    subsidies = recommender.recommend(profile({}), kinds=frozenset({"subsidy"}))
    assert {m.offer.reality for m in subsidies.matches} == {"official"}
    assert ILLUSTRATIONS not in subsidies.notices


def test_gaps_name_what_is_unmet_and_whether_it_can_change(matches_of):
    gaps = matches_of({"tax_grade": "D", "entity_type": "企业"})["p15"].gaps
    (gap,) = gaps
    assert (gap.fact, gap.changeable) == ("tax_grade", True)
    assert "D" in gap.now
    assert "A" in gap.needed


def test_a_derived_fact_can_change_when_one_of_its_sources_can(matches_of):
    """Staff can change though the industry cannot; the founding date never does."""
    raw = {"founded_on": "2026-07-01", "has_loan_record": False, "size_category": "工业"}
    gaps = matches_of({**raw, "employees": 500, "revenue_yuan": 50_000_000})["p25"].gaps
    assert {gap.fact: gap.changeable for gap in gaps} == {"age_months": False, "size": True}


def test_only_ineligible_offers_have_gaps_and_each_of_them_has_one(gold_case, matches_of):
    for match in matches_of(gold_case["profile"]).values():
        assert bool(match.gaps) == (match.eligibility.status == "ineligible"), match.offer.id


def test_nothing_is_ranked_by_rate_premium_or_limit(catalogue, profile, gold_profiles):
    """Changing every price and amount text of the sheets moves no match."""
    from dataclasses import replace

    dear = {
        id: replace(offer, price="年利率24%", amount="1元", tenor="1天")
        for id, offer in catalogue.offers.items()
    }
    read = profile(gold_profiles["e06"])
    plain = [m.offer.id for m in Recommender(catalogue).recommend(read, "贷款").matches]
    changed = Recommender(Catalogue(catalogue.vocabulary, catalogue.documents, dear))
    assert [m.offer.id for m in changed.recommend(read, "贷款").matches] == plain


def test_meaning_only_orders_and_a_failing_meaning_cannot_hide(catalogue, profile, gold_profiles):
    read = profile(gold_profiles["e06"])
    near = Recommender(catalogue, lambda need: {"p15": 1.0}).recommend(read, "税").matches
    assert len(near) == 40
    eligible = [m.offer.id for m in near if m.eligibility.status == "eligible"]
    assert eligible[0] == "p15"


def test_a_scope_without_illustrations_judges_none(
    recommender: Recommender, catalogue: Catalogue, on: date
) -> None:
    profile = read_profile({}, catalogue.vocabulary, on)
    real = Scope(layers=frozenset({"policy", "external_rule", "product_sheet"}))
    found = recommender.recommend(profile, scope=real).matches
    assert {match.offer.reality for match in found} == {"official", "reported"}
    assert len(recommender.recommend(profile).matches) == 40
