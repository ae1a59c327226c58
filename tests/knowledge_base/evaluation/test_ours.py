"""Entries as documents of one clause, and what is folded counted behind it."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge_base import Embedder, Evidence, open_embedder
from knowledge_base.evaluation import ours
from knowledge_base.evaluation.ours import Huiqi, document_of
from knowledge_base.evaluation.sets import Entry

ITEMS = (
    "购置智能设备的企业,按照设备投资额的百分之十给予一次性补助,单个企业最高不超过一百万元",
    "对首次认定的首台套装备产品给予奖励,由企业在认定之后三个月之内提出申请",
    "人才公寓的租金减半收取,入住的人才应当与本县企业签订三年以上的劳动合同",
    "科技型中小企业的贷款给予贴息,贴息的期限不超过两年,由县科技局负责审核",
)
LONG = "为支持企业发展,制定本措施。\n" + "\n".join(
    f"{number}、支持事项。{text * 2}。" for number, text in zip("一二三四", ITEMS, strict=True)
)


def test_an_entry_is_one_clause_whatever_numbers_stand_in_it() -> None:
    for text in ("一、甲。\n二、乙。", LONG):
        document = document_of(3, Entry("标题", text))
        assert [clause.text for clause in document.clauses] == [text]


@pytest.mark.parametrize("text", ["", " \n", "。" * 400, "没有编号的一大段话" * 60])
def test_every_entry_has_a_clause_to_be_found_by(text: str) -> None:
    assert document_of(0, Entry("标题", text)).clauses


def test_an_entry_that_repeats_another_stands_beside_it(tmp_path: Path) -> None:
    retriever = Huiqi(tmp_path, open_embedder())
    entries = [Entry("", LONG), *(Entry("", f"{text}。") for text in ITEMS), Entry("", LONG)]
    retriever.build(entries)
    assert sorted(retriever.search("支持企业", 6)) == list(range(6))
    assert set(retriever.search("首台套装备产品奖励", 3)) == {0, 2, 5}


def test_what_was_folded_under_a_clause_counts_right_behind_it() -> None:
    document = document_of(4, Entry("", "甲"))
    found = Evidence(document.clauses[0], document, 1, 1.0, also=("e0000002:p1", "e0000009:1.2"))
    assert list(ours._rows(found)) == [4, 2, 9]


def test_an_index_that_was_published_is_opened_and_not_made_again(tmp_path: Path) -> None:
    class Counting:
        """The shipped model, counting the passages it embeds."""

        def __init__(self) -> None:
            self.embedded = 0
            self._own = open_embedder()
            self.name, self.dimension = self._own.name, self._own.dimension

        def __getattr__(self, name: str) -> object:
            return getattr(self._own, name)

        def embed_passages(self, texts: list[str]) -> object:
            self.embedded += len(texts)
            return self._own.embed_passages(texts)

    entries = [Entry("", text) for text in ITEMS]

    def embedded(entries: list[Entry]) -> int:
        embedder = Counting()
        opened: Embedder = embedder  # type: ignore[assignment]
        retriever = Huiqi(tmp_path / "index", opened)
        retriever.build(entries)
        assert retriever.search("人才公寓租金", 1) == [2]
        return embedder.embedded

    assert embedded(entries) == 4
    assert embedded(entries) == 0
    assert embedded([replace(entries[0], text="另一条措施。"), *entries[1:]]) == 1
