"""The visit brief as plain data: numbered citations, merged papers, signals, nothing closed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge_base import Catalogue, fold, load_catalogue
from recommender import Recommender, read_profile
from recommender.briefs import ASKS, CANDIDATES, FITS, Brief, make_brief

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
ON = date(2026, 11, 22)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def brief_of(catalogue: Catalogue, raw: dict[str, Any], on: date = ON, need: str = "") -> Brief:
    return make_brief(Recommender(catalogue), read_profile(raw, catalogue.vocabulary, on), need)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_is_backed_by_a_verbatim_citation(catalogue: Catalogue, path: Path) -> None:
    brief = brief_of(catalogue, json.loads(path.read_text(encoding="utf8")))
    for citation in brief.citations:
        text = catalogue.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote
    lines = [line for offer in (*brief.fits, *brief.candidates) for line in offer.lines]
    assert lines
    assert all(line.cited for line in lines)
    used = {line.cited for line in (*lines, *brief.asks, *brief.gaps)} - {0}
    assert used == set(range(1, len(brief.citations) + 1))
    assert len(brief.fits) <= FITS
    assert len(brief.candidates) <= CANDIDATES
    assert len(brief.asks) <= ASKS


def test_papers_of_several_offers_are_listed_once(catalogue: Catalogue) -> None:
    raw = json.loads(EXAMPLES[1].read_text(encoding="utf8"))
    brief = brief_of(catalogue, raw, need="想贷流动资金搞研发,做技改")
    names = [fold(material.name) for material in brief.materials]
    assert len(names) == len(set(names))
    counts = [len(material.offers) for material in brief.materials]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 1


def test_closed_offers_are_not_taken_to_a_visit(catalogue: Catalogue) -> None:
    raw = json.loads(EXAMPLES[1].read_text(encoding="utf8"))
    late = brief_of(catalogue, raw, date(2027, 1, 1))
    shown = {one.offer.id for one in (*late.fits, *late.candidates)}
    assert not shown & {"p02", "p03", "p40"}


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-11-21", "已于2026-11-21到期"),
        ("2026-12-15", "将于2026-12-15到期"),
        ("2029-01-01", ""),
    ],
)
def test_ending_titles_are_signalled(catalogue: Catalogue, until: str, said: str) -> None:
    signals = brief_of(catalogue, {"titles": [{"name": "高新技术企业", "until": until}]}).signals
    assert [s for s in signals if said in s] if said else signals == ()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"loans_yuan": 300, "revenue_yuan": 1000, "assets_yuan": 600},
            "占上年度营业收入的30.0%,占资产总额的50.0%",
        ),
        ({"loans_yuan": [100, 200], "revenue_yuan": [1000, 2000]}, "营业收入的5.0%至20.0%"),
        ({"loans_yuan": 300, "revenue_yuan": 0}, ""),
        ({"loans_yuan": 0, "revenue_yuan": 1000}, ""),
        ({"revenue_yuan": 1000}, ""),
    ],
)
def test_loans_are_shown_as_shares_where_both_are_known(
    catalogue: Catalogue, facts: dict[str, Any], said: str
) -> None:
    signals = brief_of(catalogue, facts).signals
    assert any(said in signal for signal in signals) if said else signals == ()


def test_facts_others_know_are_for_the_adviser_to_check(catalogue: Catalogue) -> None:
    brief = brief_of(catalogue, {"region": "330326", "entity_type": "企业"})
    assert any("核实" in check for check in brief.checks)
    declared = catalogue.vocabulary.facts.values()
    foreign = [fact.question for fact in declared if fact.asked_of in ("record", "institution")]
    assert not [line for line in brief.asks if line.text.split("(影响")[0] in foreign]
