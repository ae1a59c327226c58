"""The forty sheets: what is real, what is reported, what is made up, and on which words it rests."""

import re
from datetime import date, timedelta

import pytest

from knowledge_base import cite, facts_in
from knowledge_base.offers import dump_json, load_json

IDS = [f"p{number:02d}" for number in range(1, 41)]
OFFICIAL = {"p02", "p03", "p04", "p05", "p19", "p20", "p27", "p28", "p30"}
OFFICIAL |= {"p34", "p35", "p36", "p37", "p39", "p40"}
REPORTED = {"p07", "p08", "p09", "p10", "p11", "p12", "p13", "p17", "p21"}
# domain/product-sheets.md, table "Overview", kinds mapped as its "Condition language" says.
KINDS = {
    **dict.fromkeys(["p01", *IDS[3:16], "p25"], "loan"),
    **dict.fromkeys(["p27", "p28"], "guarantee"),
    **dict.fromkeys(["p29", "p31", "p32", "p33", "p38"], "insurance"),
    **dict.fromkeys(["p18", "p19", "p20"], "talent"),
    **dict.fromkeys(["p21", "p22", "p23", "p24"], "supply_chain"),
    **dict.fromkeys(["p02", "p03", "p30", "p34", "p35", "p36", "p37"], "subsidy"),
    **dict.fromkeys(["p17"], "capital_market"),
    **dict.fromkeys(["p26", "p39", "p40"], "service"),
}
# The same table, column "backing clause", items of 平科〔2024〕65号 in the contract's ids.
BACKING = {
    "p01": {"2.1.1"},
    "p02": {"2.1.1"},
    "p03": {"2.1.1"},
    "p04": {"2.1.1"},
    "p05": {"2.1.1"},
    "p06": {"2.1.3"},
    "p07": {"2.5.12", "2.5.14"},
    "p08": {"2.5.12"},
    "p09": {"2.2.6"},
    "p10": {"2.2.6", "2.5.12"},
    "p11": {"2.5.12"},
    "p12": {"2.2.6"},
    "p13": {"2.3.7"},
    "p14": {"2.5.13", "2.2.6"},
    "p15": {"2.2.6"},
    "p16": {"2.2.5", "3.1"},
    "p17": {"2.2.5"},
    "p18": {"2.4.9"},
    "p19": {"2.4.9"},
    "p20": {"2.4.9"},
    "p21": {"2.1.2"},
    "p22": {"2.1.2"},
    "p23": {"2.1.2"},
    "p24": {"2.1.2"},
    "p25": {"2.5.13"},
    "p26": {"2.3.7"},
    "p27": {"2.1.2"},
    "p28": {"2.1.2"},
    "p29": {"2.1.4", "2.2.5"},
    "p30": {"2.2.5"},
    "p31": {"2.1.4"},
    "p32": {"2.1.4"},
    "p33": {"2.1.4", "2.4.9"},
    "p34": {"2.1.4"},
    "p35": {"2.1.4"},
    "p36": {"2.1.4"},
    "p37": {"2.1.4"},
    "p38": set(),
    "p39": {"3.2", "2.5.14"},
    "p40": {"2.1.1"},
}


def criteria_of(offer):
    """Every criterion of an offer, parts included."""

    def walk(criteria):
        for criterion in criteria:
            yield criterion
            yield from walk(criterion.parts)

    return list(walk(offer.criteria))


def citations_of(offer):
    """Every citation an offer carries."""
    found = [c.citation for c in criteria_of(offer)] + list(offer.citations)
    found += [relation.citation for relation in offer.relations]
    return found + ([offer.benefit.citation] if offer.benefit else [])


def test_there_are_forty_sheets_with_the_ids_of_the_rules(catalogue):
    assert list(catalogue.offers) == IDS
    assert set(IDS) <= set(catalogue.documents)


def test_every_sheet_has_the_reality_the_rules_give_it(catalogue):
    found = {id: offer.reality for id, offer in catalogue.offers.items()}
    expected = dict.fromkeys(IDS, "illustrative")
    expected |= dict.fromkeys(OFFICIAL, "official") | dict.fromkeys(REPORTED, "reported")
    assert found == expected


def test_every_sheet_has_the_kind_the_rules_give_it(catalogue):
    assert {id: offer.kind for id, offer in catalogue.offers.items()} == KINDS


@pytest.mark.parametrize("id", IDS)
def test_every_citation_of_a_sheet_is_verbatim_at_its_span(catalogue, id):
    for citation in citations_of(catalogue.offers[id]):
        assert citation is not None
        document = catalogue.documents[citation.document_id]
        clause = catalogue.clauses[citation.clause_id]
        assert citation.quote
        assert document.text[citation.start : citation.end] == citation.quote
        assert clause.start <= citation.start < citation.end <= clause.end
        assert citation.version == clause.version
        assert citation.label == clause.label


@pytest.mark.parametrize("id", IDS)
def test_a_sheet_cites_the_policy_clauses_of_the_rules_and_says_how_they_relate(catalogue, id):
    citations = catalogue.offers[id].citations
    assert {c.clause_id for c in citations} == {f"pingyang-2024-65:{p}" for p in BACKING[id]}
    assert {c.relation for c in citations} <= {"names", "related"}


def test_criteria_rest_on_the_sheet_itself_or_on_a_policy(catalogue):
    for id, offer in catalogue.offers.items():
        for criterion in criteria_of(offer):
            document = catalogue.documents[criterion.citation.document_id]
            assert document.id == id or document.layer == "policy", criterion.id


@pytest.mark.parametrize("id", IDS)
def test_a_sheet_states_whom_it_is_for_how_to_apply_and_its_reality(catalogue, id):
    offer = catalogue.offers[id]
    assert len(offer.applicant) > 8
    assert len(offer.how_to_apply) > 8
    assert offer.provider
    label = {"official": "【官方】", "reported": "【报道】", "illustrative": "【示例】"}
    assert offer.source.startswith(label[offer.reality])
    text = catalogue.documents[id].text
    assert "一、适用对象" in text
    assert "、申请条件" in text
    assert "、办理方式" in text


@pytest.mark.parametrize("id", IDS)
def test_what_is_shown_of_a_sheet_stands_in_its_text(catalogue, id):
    offer, text = catalogue.offers[id], catalogue.documents[id].text
    shown = [offer.applicant, offer.amount, offer.tenor, offer.price, offer.security]
    shown += [offer.exclusions, offer.how_to_apply, offer.source, *offer.materials]
    for words in shown:
        for line in words.splitlines():
            assert line in text


@pytest.mark.parametrize("id", sorted(REPORTED))
def test_a_reported_sheet_shows_no_rate_and_no_limit(catalogue, id):
    offer = catalogue.offers[id]
    for words in (offer.amount, offer.price, offer.security, offer.tenor):
        assert not re.search(r"[%％‰]|\d\s*(万元|亿元|元|个?百分点|[bB][pP])", words), words
    assert "以银行公布为准" in offer.amount + offer.price + offer.tenor or id == "p17"


@pytest.mark.parametrize("id", [id for id in IDS if id not in OFFICIAL | REPORTED])
def test_an_illustrative_sheet_says_it_is_nobodys_offer(catalogue, id):
    offer = catalogue.offers[id]
    assert "演示" in offer.source
    assert "不是任何机构的要约" in offer.source
    assert {c.basis for c in criteria_of(offer)} == {"assumed"}
    assert offer.valid_to is not None
    assert catalogue.documents[id].layer == "illustration"


def test_an_assumed_condition_says_so_in_the_very_words_it_cites(catalogue):
    silent = [
        criterion.id
        for offer in catalogue.offers.values()
        for criterion in criteria_of(offer)
        if criterion.basis == "assumed"
        and not re.search("本系统|示例", criterion.citation.quote)
        and not re.search("本系统|示例", clause_text(catalogue, criterion.citation.clause_id))
    ]
    assert silent == []


def test_a_condition_that_is_no_assumption_does_not_call_itself_one(catalogue):
    wrong = [
        criterion.id
        for offer in catalogue.offers.values()
        for criterion in criteria_of(offer)
        if criterion.basis != "assumed" and re.search("本系统|示例", criterion.citation.quote)
    ]
    assert wrong == []


def clause_text(catalogue, id):
    return catalogue.clauses[id].text


@pytest.mark.parametrize("id", IDS)
def test_no_assumption_stands_on_the_words_of_a_policy(catalogue, id):
    for criterion in criteria_of(catalogue.offers[id]):
        if criterion.basis == "assumed":
            assert criterion.citation.document_id == id


def test_overdue_is_an_assumption_wherever_no_sheet_text_rests_on_it(catalogue):
    """The rules allow a published or reported basis for it only where the report says so."""
    published = {
        offer.id
        for offer in catalogue.offers.values()
        for criterion in criteria_of(offer)
        if criterion.fact == "overdue" and criterion.basis == "published"
    }
    assert published == set()


def test_conditions_count_only_when_reviewed_and_all_shipped_ones_are(catalogue):
    assert all(c.curated for offer in catalogue.offers.values() for c in criteria_of(offer))


def test_only_subsidies_compute_a_benefit(catalogue):
    with_benefit = {id for id, offer in catalogue.offers.items() if offer.benefit}
    assert with_benefit == {"p02", "p03", "p30", "p34", "p35"}


def test_exclusions_and_order_between_offers_are_those_of_the_rules(catalogue):
    found = {
        (offer.id, relation.type, other)
        for offer in catalogue.offers.values()
        for relation in offer.relations
        for other in relation.offers
        if relation.type != "supports"
    }
    assert found == {
        ("p02", "excludes", "p03"),
        ("p03", "excludes", "p02"),
        ("p34", "excludes", "p35"),
        ("p35", "excludes", "p34"),
        ("p30", "after", "p29"),
    }
    loans = {"p01", "p06", "p07", "p08", "p09", "p10", "p11", "p25"}
    for id in ("p27", "p28"):
        assert {o for r in catalogue.offers[id].relations for o in r.offers} == loans


def test_the_central_bank_tool_is_not_offered_to_anybody_and_nothing_else_is_hidden(catalogue):
    assert [id for id, offer in catalogue.offers.items() if not offer.offered] == ["p40"]


@pytest.mark.parametrize("id", ["p02", "p03"])
@pytest.mark.parametrize(
    ("day", "availability"),
    [
        (date(2025, 12, 31), "upcoming"),
        (date(2026, 1, 1), "open"),
        (date(2026, 11, 22), "open"),
        (date(2026, 12, 31), "open"),
        (date(2027, 1, 1), "closed"),
    ],
)
def test_the_interest_subsidies_are_open_in_2026_only(catalogue, id, day, availability):
    assert catalogue.offers[id].availability(day) == availability


def test_an_offer_without_a_published_window_is_neither_open_nor_closed(catalogue):
    assert catalogue.offers["p30"].availability(date(2026, 11, 22)) == "unknown"
    assert catalogue.offers["p39"].availability(date(2026, 11, 22)) == "open"


def test_every_illustrative_sheet_closes_after_its_last_day(catalogue):
    for id in set(IDS) - OFFICIAL - REPORTED:
        offer = catalogue.offers[id]
        assert offer.availability(offer.valid_to) == "open"
        assert offer.availability(offer.valid_to + timedelta(days=1)) == "closed"


def test_a_quote_is_cited_where_it_first_stands_or_not_at_all(policy):
    citation = cite(policy, policy.clauses, "按保费80%予以补助", "names")
    assert citation.clause_id == "pingyang-2024-65:2.2.5"
    assert citation.relation == "names"
    assert policy.text[citation.start : citation.end] == "按保费80%予以补助"
    assert cite(policy, policy.clauses, "按保费90%予以补助") is None
    assert cite(policy, policy.clauses, "") is None


def test_the_facts_of_an_amount_are_named_once_in_order():
    assert facts_in(["mul", ["min", "a", 5], ["sub", "b", "a"]]) == ("a", "b")
    assert facts_in(["lookup", "grade", {"A": 1}]) == ("grade",)
    assert facts_in(3) == ()


def test_days_come_back_as_days_and_a_table_with_the_key_day_stays_a_table():
    told = {"from": date(2026, 11, 22), "lookup": {"day": 5}, "words": "2026-11-22"}
    assert load_json(dump_json(told)) == told
    with pytest.raises(ValueError, match="soon"):
        load_json('{"day": "soon"}')
