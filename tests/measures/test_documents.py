"""The scorer itself: a perfect reading is perfect, and each kind of slip costs what it should."""

import json
from datetime import date
from types import SimpleNamespace

import pytest

from knowledge_base import DocumentError
from tests.measures.documents import LABELS, measure, misses, table

TEXT = "某县办法\n一、支持技改。\n二、本办法自2026年1月1日起施行，县字〔2020〕1号同时废止。\ue004"
CASE = {
    "id": "x",
    "source": "invented",
    "family": "short",
    "text": TEXT,
    "region_hint": "330326",
    "header": {
        "title": "某县办法",
        "document_number": None,
        "issuers": [],
        "signed_on": None,
        "published_on": None,
        "effective_on": "2026-01-01",
        "expires_on": None,
        "repeals": ["县字〔2020〕1号"],
    },
    "outline": [
        ["head", "文首", "某县办法", "某县办法", 0, 4],
        ["1", "一", "一、支持技改。", "、支持技改。", 5, 12],
        ["2", "二", TEXT[13:29], TEXT[-7:-1], 13, len(TEXT) - 1],
    ],
}


@pytest.fixture
def labelled(tmp_path):
    """A sample of one document."""
    path = tmp_path / "sample.jsonl"
    path.write_text(json.dumps(CASE, ensure_ascii=False) + "\n", encoding="utf8")
    return path


def reading(**changed):
    """A reader that reads the one document well, but for what is changed."""
    clauses = [("head", 0, 4), ("1", 5, 12), ("2", 13, len(TEXT))]
    repeal = SimpleNamespace(
        type="repeals",
        target="县字〔2020〕1号",
        target_number="县字〔2020〕1号",
        target_title=None,
        target_clause=None,
    )
    document = {
        "title": "某县 办法",
        "document_number": None,
        "issuers": (),
        "signed_on": None,
        "published_on": None,
        "effective_on": date(2026, 1, 1),
        "expires_on": None,
        "relations": (repeal,),
        "clauses": [SimpleNamespace(id=f"x:{p}", start=s, end=e) for p, s, e in clauses],
    }
    return lambda case: SimpleNamespace(**{**document, **changed})


def test_a_perfect_reading_scores_one_and_misses_nothing(labelled):
    scores = measure(labelled, reading())
    assert (scores.total.f1, scores.total.header, scores.total.header_stated) == (1, 1, 1)
    assert list(misses(scores)) == []


def test_a_clause_cut_short_counts_for_its_begin_only(labelled):
    cut = [SimpleNamespace(id="x:head", start=0, end=4), SimpleNamespace(id="x:1", start=5, end=9)]
    total = measure(labelled, reading(clauses=cut)).total
    assert (total.precision, total.recall) == (1 / 2, 1 / 3)
    assert total.f1_begin == pytest.approx(2 * 2 / 5)


def test_a_value_the_text_does_not_state_is_an_error_of_the_header(labelled):
    scores = measure(labelled, reading(expires_on=date(2029, 1, 1)))
    assert scores.field("expires_on") == (0, 1, 0)
    assert scores.total.header == 7 / 8
    assert scores.total.header_stated == 1


def test_a_repeal_that_was_not_read_or_is_not_there_is_an_error(labelled):
    assert measure(labelled, reading(relations=())).field("repeals")[1] == 0
    other = replace_number(reading()(CASE).relations[0], "县字〔2019〕9号")
    both = (*reading()(CASE).relations, other)
    assert measure(labelled, reading(relations=both)).field("repeals")[1] == 0


def replace_number(relation, number):
    """The same act on another document."""
    return SimpleNamespace(**{**vars(relation), "target": number, "target_number": number})


def test_a_refused_document_has_read_nothing(labelled):
    def refuse(case):
        raise DocumentError("没有标题")

    scores = measure(labelled, refuse)
    assert (scores.total.recall, scores.total.header) == (0, 0)
    assert "refused" in next(iter(misses(scores)))
    assert "| all | 1 | 3 |" in table(scores)


def test_a_label_whose_quote_is_not_at_its_offset_is_a_broken_sample(tmp_path):
    broken = {**CASE, "outline": [["1", "一", "二、", "改。", 5, 12]]}
    path = tmp_path / "broken.jsonl"
    path.write_text(json.dumps(broken, ensure_ascii=False), encoding="utf8")
    with pytest.raises(ValueError, match="x:1"):
        measure(path, reading())


def test_the_sample_holds_enough_documents_and_its_labels_run_forward():
    cases = [json.loads(line) for line in LABELS.read_text(encoding="utf8").splitlines()]
    assert len(cases) >= 44
    assert len({case["id"] for case in cases}) == len(cases)
    for case in cases:
        paths = [label[0] for label in case["outline"]]
        assert len(set(paths)) == len(paths), case["id"]
        position = 0
        for path, _, first, last, begin, end in case["outline"]:
            assert position <= begin < end, f"{case['id']}:{path}"
            assert case["text"].startswith(first, begin), f"{case['id']}:{path}"
            assert case["text"][:end].endswith(last), f"{case['id']}:{path}"
            position = end
