"""An answer from a clause that another document changed says so, in that document's words."""

from datetime import date
from pathlib import Path

from bot import Answer, Bot, Session
from knowledge_base import (
    Catalogue,
    KnowledgeBase,
    Library,
    open_embedder,
    read_document,
    resolve_relations,
)
from knowledge_base.readers.reading import Reading
from recommender import Recommender

BASE = """平阳县人才公寓管理办法
平人社〔2024〕10号
第一条 为引进人才，制定本办法。
第二条 对入住人才公寓的博士，每月给予700元补贴。
第三条 人才公寓由县人社局受理申请。
第四条 对硕士发放一次性交通补贴500元。
第五条 本办法自2024年3月1日起施行，有效期至2027年12月31日。
平阳县人力资源和社会保障局
2024年2月1日
"""
DECISION = """平阳县人力资源和社会保障局关于修改《平阳县人才公寓管理办法》的决定
平人社〔2026〕8号
决定对《平阳县人才公寓管理办法》（平人社〔2024〕10号）作如下修改：
一、第二条修改为：“对入住人才公寓的博士，每月给予900元补贴。”
二、删去第四条。
本决定自2026年7月1日起施行。
平阳县人力资源和社会保障局
2026年6月1日
"""


def asked(catalogue: Catalogue, root: Path, question: str, on: date) -> Answer:
    read = [read_document(Reading("text", text), catalogue.vocabulary) for text in (BASE, DECISION)]
    held = resolve_relations({one.id: one for one in read})
    library = Library.of(catalogue).joined(
        Library({id: one.version for id, one in held.items()}, held.__getitem__)
    )
    knowledge = KnowledgeBase.open(root, catalogue, open_embedder(None), wanted=lambda: library)
    bot = Bot(knowledge, Recommender(knowledge.catalogue), home_region="330326")
    return bot.reply(Session.new(None), question, on)[0]


def test_the_change_is_told_with_its_day_and_its_words(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    question = "《平阳县人才公寓管理办法》第二条博士补贴多少"
    answer = asked(catalogue, tmp_path, question, date(2026, 11, 22))
    (base,) = [c for c in answer.citations if c.clause_id == "330326-pingrenshe-2024-10:2"]
    assert base.quote in BASE
    (notice,) = [n for n in answer.notices if "修改" in n]
    assert "已自2026-07-01起由《平阳县人力资源和社会保障局关于修改" in notice
    assert "每月给予900元补贴" in notice
    words = [c for c in answer.citations if c.document_id == "330326-pingrenshe-2026-8"]
    assert any("900元" in c.quote and c.quote in DECISION for c in words)


def test_before_its_day_the_change_is_announced_only(catalogue: Catalogue, tmp_path: Path) -> None:
    question = "《平阳县人才公寓管理办法》第二条博士补贴多少"
    answer = asked(catalogue, tmp_path, question, date(2026, 6, 10))
    assert "700元" in answer.answer
    (notice,) = [n for n in answer.notices if "修改" in n]
    assert "将自2026-07-01起由" in notice


def test_a_clause_left_as_it_was_bears_no_notice(catalogue: Catalogue, tmp_path: Path) -> None:
    answer = asked(catalogue, tmp_path, "人才公寓由哪个部门受理申请", date(2026, 11, 22))
    assert "县人社局" in answer.answer
    assert not [n for n in answer.notices if "修改" in n]


def test_a_question_about_a_clause_taken_out_hears_that_it_ended(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    question = "硕士一次性交通补贴多少"
    after = asked(catalogue, tmp_path, question, date(2026, 7, 1))
    assert after.status == "answered"
    assert "第四条已自2026-07-01起由" in after.answer.splitlines()[0]
    assert "「删去第四条。」" in after.answer
    before = asked(catalogue, tmp_path, question, date(2026, 6, 30))
    assert "500元" in before.answer.splitlines()[0]
    assert "将自2026-07-01起" in " ".join(before.notices)


def test_the_answer_itself_begins_with_the_change(catalogue: Catalogue, tmp_path: Path) -> None:
    question = "《平阳县人才公寓管理办法》第二条博士补贴多少"
    answer = asked(catalogue, tmp_path, question, date(2026, 11, 22))
    assert answer.answer.startswith("请注意:《平阳县人才公寓管理办法》第二条已自2026-07-01起由")


def test_a_field_a_document_lacks_is_unstated_with_its_header_cited(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    question = "《平阳县人才公寓管理办法》的索引号是多少"
    answer = asked(catalogue, tmp_path, question, date(2026, 11, 22))
    assert answer.status == "not_stated"
    assert "没有写明" in answer.answer
    assert "330326-pingrenshe-2024-10" in {c.document_id for c in answer.citations}
