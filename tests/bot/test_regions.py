"""The bot answers from the region it serves and those above it, never from a neighbour's papers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot import Bot, Session
from knowledge_base import Catalogue, KnowledgeBase, Library, open_embedder
from knowledge_base.documents import read_policy
from recommender import Recommender

TEXT = (
    "文号 测政〔2026〕{n}号\n关于人才公寓的若干措施的通知\n为引进人才,制定本措施:\n"
    "一、人才公寓。对入住人才公寓的博士按月补贴{n}00元。\n二、受理。由人社局受理。\n"
)


def test_a_neighbours_policy_is_never_quoted(
    catalogue: Catalogue, tmp_path: Path, on: date
) -> None:
    neighbour = read_policy(TEXT.format(n=7), "neighbour", "330327")
    city = read_policy(TEXT.format(n=5), "city", "330300")
    held = {**catalogue.documents, "neighbour": neighbour, "city": city}
    library = Library({id: d.version for id, d in held.items()}, held.__getitem__)
    knowledge = KnowledgeBase.open(
        tmp_path, replace(catalogue), open_embedder(None), wanted=lambda: library
    )
    bot = Bot(knowledge, Recommender(knowledge.catalogue), home_region="330326")
    answer, _ = bot.reply(Session.new(None), "人才公寓博士补贴多少", on)
    assert {c.document_id for c in answer.citations} == {"city"}
    assert "500元" in answer.answer
    assert "700元" not in answer.answer
    own = Bot(knowledge, Recommender(knowledge.catalogue), home_region="330327")
    there, _ = own.reply(Session.new(None), "测政〔2026〕7号人才公寓博士补贴多少", on)
    assert "neighbour" in {c.document_id for c in there.citations}
