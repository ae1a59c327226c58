"""Our own retrieval sets hold together: what is judged exists, and each set is what it says."""

import re
from collections import Counter
from itertools import combinations

import pytest

from tests.cases.retrieval.refresh import ROOT, SETS, corpus_of, read_lines, read_pairs
from tests.conftest import load_cases

_PASSAGE = "passage-"


def _texts(name: str, file: str = "queries") -> dict[str, str]:
    return {row["_id"]: row["text"] for row in read_lines(ROOT / name / f"{file}.jsonl")}


def _judged(name: str) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for query, clause, score in read_pairs(ROOT / name / "qrels" / "test.tsv"):
        judged.setdefault(query, {})[clause] = int(score)
    return judged


def _han(text: str) -> set[str]:
    return set(re.findall(r"[\u4e00-\u9fff]", text))


@pytest.mark.parametrize("name", SETS)
def test_the_corpus_of_a_set_is_the_shipped_one_word_for_word(name: str) -> None:
    stored, wanted = read_lines(ROOT / name / "corpus.jsonl"), corpus_of(name)
    ids, wanted_ids = {row["_id"] for row in stored}, {row["_id"] for row in wanted}
    told = f"gone {sorted(ids - wanted_ids)}, new {sorted(wanted_ids - ids)}"
    assert stored == wanted, f"{told}: run python -m tests.cases.retrieval.refresh"


@pytest.mark.parametrize("name", SETS)
def test_every_judged_clause_still_exists(name: str) -> None:
    known = {row["_id"] for row in corpus_of(name)}
    judged = _judged(name)
    gone = {query: sorted(set(found) - known) for query, found in judged.items()}
    assert not {query: ids for query, ids in gone.items() if ids}


@pytest.mark.parametrize("name", SETS)
def test_every_query_is_judged_once_per_clause_and_no_other_is(name: str) -> None:
    rows = read_pairs(ROOT / name / "qrels" / "test.tsv")
    assert max(Counter((query, clause) for query, clause, _ in rows).values()) == 1
    assert list(_judged(name)) == [row["_id"] for row in read_lines(ROOT / name / "queries.jsonl")]


def test_no_question_is_asked_twice() -> None:
    asked = [text for name in SETS for text in _texts(name).values()]
    assert len(asked) == 138 + 60 + 120
    for one, other in combinations(asked, 2):
        shared, either = set(one) & set(other), set(one) | set(other)
        assert len(shared) < 0.7 * len(either), f"{one} / {other}"


def test_a_synonym_is_reached_by_its_meaning_alone() -> None:
    queries, passages = _texts("synonyms"), _texts("synonyms", "passages")
    pairs = read_pairs(ROOT / "synonyms" / "pairs.tsv")
    assert len(pairs) == len({term for _, term, _ in pairs}) >= 100
    for id, term, synonym in pairs:
        query, passage = queries[id], passages[_PASSAGE + id]
        assert term in query, id
        assert synonym in passage, id
        assert not _han(term) & (_han(synonym) | _han(passage)), id
        assert not _han(synonym) & _han(query), id


def test_each_pair_is_judged_to_its_own_passage() -> None:
    for id, judged in _judged("synonyms").items():
        assert judged.get(_PASSAGE + id) == 1, id


def test_each_slip_has_its_kind_and_its_question_typed_right() -> None:
    wrong, right = _texts("typos"), _texts("typos", "queries_right")
    kinds = dict(read_pairs(ROOT / "typos" / "kinds.tsv"))
    assert list(wrong) == list(right) == list(kinds)
    assert not [id for id in wrong if wrong[id] == right[id]]
    doubled = [id for id in kinds if kinds[id] == "doubled"]
    missing = [id for id in kinds if kinds[id] == "missing"]
    assert all(len(wrong[id]) == len(right[id]) + 1 for id in doubled)
    assert all(len(wrong[id]) == len(right[id]) - 1 for id in missing)
    assert all(Counter(wrong[id]) == Counter(right[id]) for id in kinds if kinds[id] == "swapped")
    assert Counter(kinds.values())["traditional"] == 5


@pytest.mark.parametrize("name", ["typos", "own_cases"])
def test_each_question_has_a_kind_and_one_to_five_clauses_with_a_best_one(name: str) -> None:
    assert list(dict(read_pairs(ROOT / name / "kinds.tsv"))) == list(_texts(name))
    for id, judged in _judged(name).items():
        assert 1 <= len(judged) <= 5, id
        assert 2 in judged.values(), id
        assert set(judged.values()) <= {1, 2}, id


def test_the_gold_questions_stand_among_our_own_with_the_clauses_they_expect() -> None:
    texts, judged = _texts("own_cases"), _judged("own_cases")
    gold = [case for case in load_cases("questions.jsonl") if case["expect"].get("clauses")]
    assert {case["id"] for case in gold} == {id for id in texts if id.startswith("q")}
    for case in gold:
        assert texts[case["id"]] == case["turns"][0]
        if len(case["turns"]) == 1:
            assert set(case["expect"]["clauses"]) <= set(judged[case["id"]]), case["id"]
