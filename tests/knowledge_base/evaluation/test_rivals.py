"""Every retriever of the benchmark keeps the one promise: rows, best first, each once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge_base import Embedder, open_embedder
from knowledge_base.evaluation.ours import Huiqi
from knowledge_base.evaluation.rivals import Bigrams, Dense, LangChain, Retriever, Words
from knowledge_base.evaluation.sets import Entry

TEXTS = [
    "购置智能设备的,按设备投资额的10%给予补助。",
    "对首台套装备产品给予奖励。",
    "人才公寓租金减半收取。",
    "科技型中小企业贷款给予贴息。",
]
Make = Callable[[Path, Embedder], Retriever]
MAKES: dict[str, Make] = {
    "words": lambda _, embedder: Words(),
    "bigrams": lambda _, embedder: Bigrams(),
    "dense": lambda _, embedder: Dense(embedder),
    "langchain": lambda _, embedder: LangChain(embedder),
    "huiqi": Huiqi,
}


@pytest.fixture(params=MAKES)
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Retriever]:
    def made(texts: Sequence[str] = TEXTS, title: str = "") -> Retriever:
        retriever = MAKES[request.param](tmp_path / "index", open_embedder())
        retriever.build([Entry(title, text) for text in texts])
        return retriever

    return made


def test_the_entry_that_says_what_is_asked_comes_first(build: Callable[..., Retriever]) -> None:
    retriever = build()
    for row, question in enumerate(("购买智能设备补助", "首台套奖励", "人才公寓", "贷款贴息")):
        assert retriever.search(question, 10)[0] == row


def test_no_more_entries_than_asked_for_and_each_once(build: Callable[..., Retriever]) -> None:
    retriever = build(TEXTS * 10)
    found = retriever.search("人才公寓租金减半收取", 3)
    assert len(found) == len(set(found)) == 3
    assert set(found) <= set(range(2, 40, 4))
    everything = retriever.search("人才公寓租金减半收取", 100)
    assert set(range(2, 40, 4)) == set(everything[:10])
    assert len(everything) == len(set(everything)) <= 40


def test_the_title_counts(build: Callable[..., Retriever]) -> None:
    retriever = build(["给予奖励。"], title="首台套管理办法")
    assert retriever.search("首台套", 10) == [0]


def test_an_entry_without_words_stands_in_nobodys_way(build: Callable[..., Retriever]) -> None:
    assert build(["", *TEXTS, "。。"]).search("人才公寓租金减半", 10)[0] == 3


@pytest.mark.parametrize("texts", [[""], ["", " \n"], ["", "\u3000"]])
def test_entries_of_no_word_at_all_are_never_found(
    build: Callable[..., Retriever], texts: list[str]
) -> None:
    assert build(texts).search("人才公寓租金减半", 10) == []


@pytest.mark.parametrize("question", ["", "?!", "x" * 10_000])
def test_a_question_that_asks_nothing_is_no_error(
    build: Callable[..., Retriever], question: str
) -> None:
    assert set(build().search(question, 10)) <= set(range(4))


def test_langchain_looks_at_words_and_vectors() -> None:
    """With BM25's own splitting at blanks no Chinese word would be found."""
    embedder = open_embedder()
    retriever = LangChain(embedder)
    entries = [Entry("", text) for text in TEXTS]
    retriever.build(entries)
    assert retriever._words.invoke("公寓租金")[0].metadata == {"row": 2}
    rows = embedder.embed_passages(TEXTS)
    nearest = np.argsort(-(rows @ embedder.embed_queries(["职工住房"])[0]))
    found = retriever._vectors.invoke("职工住房")
    assert [document.metadata["row"] for document in found] == nearest.tolist()
