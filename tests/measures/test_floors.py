"""What was reached on the labelled samples is held: a change that reads worse is seen at once."""

import pytest

from knowledge_base import Catalogue
from tests.measures import criteria, documents, statements
from tests.measures.__main__ import LABELLED


@pytest.fixture(scope="module")
def outline() -> documents.Scores:
    return documents.measure()


def test_the_outline_of_labelled_documents_is_read_as_well_as_before(
    outline: documents.Scores,
) -> None:
    assert outline.total.f1 >= 0.97


def test_the_header_of_labelled_documents_is_read_as_well_as_before(
    outline: documents.Scores,
) -> None:
    assert outline.total.header >= 0.97


def test_statements_are_read_as_well_as_before_and_nothing_becomes_a_promise() -> None:
    found = statements.measure(LABELLED / "statements.jsonl")
    assert found.force >= 0.95
    assert found.bound >= 0.92
    assert found.benefits >= 0.90
    assert found.upgrades == ()


def test_criteria_are_read_as_precisely_as_before(catalogue: Catalogue) -> None:
    rows = criteria.read_rows(LABELLED / "criteria.jsonl")
    precision, recall, *_ = criteria.score_rows(rows, catalogue.vocabulary).totals()
    assert precision >= 0.97
    assert recall >= 0.88
