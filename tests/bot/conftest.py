"""One bot over the shipped corpus and model, and one over more documents, for this folder."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot import Bot
from knowledge_base import (
    Catalogue,
    Document,
    KnowledgeBase,
    Library,
    Reading,
    open_embedder,
    read_document,
)
from recommender import Recommender

Serve = Callable[..., Bot]

VOUCHERS = """苍科〔2025〕12号
苍南县科学技术局关于印发《苍南县科技创新券管理办法》的通知
各乡镇人民政府,县属各有关单位:
现将《苍南县科技创新券管理办法》印发给你们,请认真贯彻执行。
苍南县科学技术局
2025年3月10日
苍南县科技创新券管理办法
第一条 为规范科技创新券的使用,制定本办法。
第二条 科技创新券支持对象为在苍南县注册的科技型中小企业。
第三条 企业使用科技创新券购买检验检测服务的,按实际支付额的60%予以兑付,最高30万元。
第四条 申请兑付的企业应当提交服务合同、发票和成果报告。
第五条 企业应当于每年9月30日前向县科技局提出兑付申请。
第六条 银行机构应当为科技型中小企业开辟绿色通道,优先办理贷款。
第七条 对入驻孵化基地的企业,前两年租金予以减免50%。
第八条 本办法自2025年4月1日起施行,有效期至2027年12月31日。
"""
ENDED = """苍科〔2021〕8号
苍南县科学技术局关于印发《苍南县研发投入奖励办法》的通知
各乡镇人民政府:
现将《苍南县研发投入奖励办法》印发给你们。
苍南县科学技术局
2021年3月10日
苍南县研发投入奖励办法
第一条 为鼓励研发投入,制定本办法。
第二条 企业年度研发投入增长20%以上的,给予一次性奖励15万元。
第三条 本办法自2021年4月1日起施行,有效期至2023年12月31日。
"""


@pytest.fixture(scope="session")
def bot(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Bot:
    knowledge = KnowledgeBase.open(tmp_path_factory.mktemp("index"), catalogue, open_embedder(None))
    return Bot(knowledge, Recommender(catalogue, knowledge.closeness))


@pytest.fixture(scope="session")
def serve(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """`serve(text, …)`: a bot of 平阳县 over the shipped corpus and the documents of some texts."""

    @cache
    def serving(*texts: str, tenant: str | None = None) -> Bot:
        read = [
            read_document(Reading("text", text), catalogue.vocabulary, tenant=tenant)
            for text in texts
        ]
        held: dict[str, Document] = {**catalogue.documents, **{d.id: d for d in read}}
        library = Library({id: d.version for id, d in held.items()}, held.__getitem__)
        root: Path = tmp_path_factory.mktemp("more")
        knowledge = KnowledgeBase.open(
            root, replace(catalogue), open_embedder(None), wanted=lambda: library
        )
        return Bot(knowledge, Recommender(knowledge.catalogue, knowledge.closeness))

    return serving


@pytest.fixture(scope="session")
def county(serve: Serve) -> Bot:
    """A bot that also holds two measures of 苍南县, one of them ended."""
    return serve(VOUCHERS, ENDED)
