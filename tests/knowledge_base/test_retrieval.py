"""Hybrid search: finds the clause, keeps to day, region and scope, refuses foreign indexes."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge_base import (
    POLICIES,
    Catalogue,
    GenerationError,
    KnowledgeBase,
    QueryError,
    Scope,
    named_numbers,
    named_places,
    open_embedder,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="module")
def knowledge(root: Path, catalogue: Catalogue) -> KnowledgeBase:
    return KnowledgeBase.open(root, catalogue, open_embedder(None))


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("机器老了想换新的", "2.1.1"),
        ("首台套", "2.1.4"),
        ("先用后转", "2.2.5"),
        ("孵化基地入驻企业", "2.3.7"),
        ("不良容忍度提高几个百分点", "2.5.11"),
        ("企业需求清单要建立台账", "2.5.14"),
        ("对贡献突出的机构通报表扬", "3.3"),
    ],
)
def test_a_query_finds_its_policy_clause_first(
    knowledge: KnowledgeBase, query: str, path: str
) -> None:
    first = knowledge.retrieve(query, scope=POLICIES)[0]
    assert first.clause.id == f"pingyang-2024-65:{path}"
    assert first.rank == 1


def test_typos_and_homophones_are_mended(knowledge: KnowledgeBase) -> None:
    wrong = knowledge.retrieve("先用后砖的保废补住", scope=POLICIES)[0]
    assert wrong.clause.id == "pingyang-2024-65:2.2.5"


def test_a_printed_place_comes_first(knowledge: KnowledgeBase) -> None:
    assert knowledge.retrieve("二(四)10", k=1)[0].clause.id == "pingyang-2024-65:2.4.10"
    assert named_places("二、(二)5 和三(一)") == ["2.2.5", "3.1"]


def test_a_document_number_is_found_in_every_bracket_style(knowledge: KnowledgeBase) -> None:
    for written in ("平科〔2024〕65号", "平科[2024]65号", "平科(2024)65号"):
        assert "平科〔2024〕65号" in named_numbers(f"请看{written}的内容")
        found = knowledge.retrieve(f"{written} 保险", k=3)
        assert found[0].document.id == "pingyang-2024-65"


def test_filters_work_inside_the_search(knowledge: KnowledgeBase) -> None:
    assert {e.document.layer for e in knowledge.retrieve("贷款", scope=POLICIES)} == {"policy"}
    only = Scope(layers=frozenset({"illustration"}))
    assert {e.document.layer for e in knowledge.retrieve("贷款", scope=only)} == {"illustration"}
    assert {e.document.id for e in knowledge.retrieve("贴息", document_id="p02")} == {"p02"}


def test_a_neighbouring_county_never_sees_the_countys_own_texts(knowledge: KnowledgeBase) -> None:
    found = knowledge.retrieve("先用后转保险补助", k=30, region="330327")
    regions = {e.document.region for e in found}
    assert regions <= {"330327", "330300", "330000", "000000"}
    assert "330326" not in regions


def test_an_expired_sheet_is_not_served(knowledge: KnowledgeBase) -> None:
    before = knowledge.retrieve("设备更新贷款中央财政贴息", k=20, on=date(2026, 11, 22))
    after = knowledge.retrieve("设备更新贷款中央财政贴息", k=20, on=date(2027, 1, 1))
    assert "p02" in {e.document.id for e in before}
    assert "p02" not in {e.document.id for e in after}


def test_no_sheet_crowds_out_the_rest(knowledge: KnowledgeBase) -> None:
    found = knowledge.retrieve("贷款 条件 材料 额度 期限", k=20)
    sheets = [e.document.id for e in found if e.document.layer != "policy"]
    assert max(sheets.count(id) for id in sheets) <= 4


@pytest.mark.parametrize("query", ["", "  \n", "长" * 2001])
def test_an_empty_or_overlong_query_is_an_error_in_words(
    knowledge: KnowledgeBase, query: str
) -> None:
    with pytest.raises(QueryError, match="问题"):
        knowledge.retrieve(query)


def test_punctuation_alone_finds_nothing_certain(knowledge: KnowledgeBase) -> None:
    assert knowledge.retrieve("???!!!") == ()


def test_the_same_query_twice_gives_the_same_clauses(knowledge: KnowledgeBase) -> None:
    assert knowledge.retrieve("技改贷款") == knowledge.retrieve("技改贷款")


def test_an_existing_generation_is_reused(
    root: Path, catalogue: Catalogue, knowledge: KnowledgeBase
) -> None:
    again = KnowledgeBase.open(root, catalogue, open_embedder(None), build=False)
    assert again.generation == knowledge.generation
    assert again.retrieve("技改贷款") == knowledge.retrieve("技改贷款")


def test_an_index_of_another_model_is_refused_or_rebuilt(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    class Renamed:
        def __init__(self) -> None:
            self.inner = open_embedder(None)
            self.name, self.dimension = "another@000000000000", self.inner.dimension

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

    first = KnowledgeBase.open(tmp_path, catalogue, open_embedder(None))
    with pytest.raises(GenerationError, match="向量模型"):
        KnowledgeBase.open(tmp_path, catalogue, Renamed(), build=False)  # type: ignore[arg-type]
    rebuilt = KnowledgeBase.open(tmp_path, catalogue, Renamed())  # type: ignore[arg-type]
    assert rebuilt.generation == first.generation + 1


def test_a_damaged_index_is_never_served(tmp_path: Path, catalogue: Catalogue) -> None:
    KnowledgeBase.open(tmp_path, catalogue, open_embedder(None))
    index = next(tmp_path.glob("gen-*/seg-*/rows.npy"))
    content = bytearray(index.read_bytes())
    content[len(content) // 2] ^= 0xFF
    index.write_bytes(content)
    with pytest.raises(GenerationError):
        KnowledgeBase.open(tmp_path, catalogue, open_embedder(None), build=False)
    assert KnowledgeBase.open(tmp_path, catalogue, open_embedder(None)).retrieve("贷款")


def test_nothing_of_the_index_is_pickled(root: Path, knowledge: KnowledgeBase) -> None:
    files = {path.name for path in root.glob("gen-*/**/*") if path.is_file()}
    segment = {"documents.jsonl", "heads.json", "table.npz", "rows.npy", "words.npz"}
    assert files == {"MANIFEST.json", "life.json", "offers.json", "origin.json", *segment}
    for path in [*root.glob("gen-*/*/*.npz"), *root.glob("gen-*/*/*.npy")]:
        np.load(path, allow_pickle=False)
    manifest = json.loads(next(root.glob("gen-*/MANIFEST.json")).read_text(encoding="utf8"))
    assert manifest["facts"]["embedder"].startswith("zh-gram-384@")


def test_the_langchain_retriever_gives_the_same_clauses(knowledge: KnowledgeBase) -> None:
    from knowledge_base.langchain import ClauseRetriever

    retriever = ClauseRetriever(knowledge=knowledge, k=3, scope=POLICIES)
    documents = retriever.invoke("先用后转保险补助")
    direct = knowledge.retrieve("先用后转保险补助", k=3, scope=POLICIES)
    assert [d.id for d in documents] == [e.clause.id for e in direct]
    assert documents[0].page_content == direct[0].clause.text
    assert documents[0].metadata["label"] == direct[0].clause.label
