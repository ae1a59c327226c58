"""One bot over the shipped corpus and model, shared by the tests of this folder."""

import pytest

from bot import Bot
from knowledge_base import Catalogue, KnowledgeBase, open_embedder
from recommender import Recommender


@pytest.fixture(scope="session")
def bot(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Bot:
    knowledge = KnowledgeBase.open(tmp_path_factory.mktemp("index"), catalogue, open_embedder(None))
    return Bot(knowledge, Recommender(catalogue, knowledge.closeness))
