"""A printed place or document a question names is found in the document meant, and in no other."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge_base import Catalogue, Document, KnowledgeBase, Library, open_embedder, read_document
from knowledge_base.readers.reading import Reading

ON = date(2025, 6, 1)
NOTICE = """{sign}政办发〔2025〕17号
{place}人民政府办公室关于印发《{place}促进小微企业融资若干规定》的通知
各乡镇人民政府:
现将《{place}促进小微企业融资若干规定》印发给你们,请认真贯彻执行。
{place}人民政府办公室
2025年1月10日
{place}促进小微企业融资若干规定
第一条 为促进小微企业融资,制定本规定。
第二条 申请单位应当具有独立法人资格,无失信记录。
第三条 对小微企业的贷款给予贴息,最高{sum}万元。
第四条 由县财政局负责拨付,每年6月底前完成。
第五条 本规定自2025年2月1日起施行。
"""
LONG = """永政发〔2025〕9号
永嘉县人民政府关于印发《永嘉县工作规程》的通知
各乡镇人民政府:
现将《永嘉县工作规程》印发给你们。
永嘉县人民政府
2025年1月10日
永嘉县工作规程
"""


@pytest.fixture(scope="module")
def knowledge(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    articles = "\n".join(f"第{n}条 事项{n}由有关部门办理。" for n in range(1, 521))
    texts = {
        "330327": NOTICE.format(sign="苍", place="苍南县", sum=300),
        "330381": NOTICE.format(sign="瑞", place="瑞安市", sum=500),
        "330324": LONG + articles,
    }
    read = [
        read_document(Reading("text", text), catalogue.vocabulary, region=region)
        for region, text in texts.items()
    ]
    held: dict[str, Document] = {**catalogue.documents, **{d.id: d for d in read}}
    library = Library({id: d.version for id, d in held.items()}, held.__getitem__)
    root: Path = tmp_path_factory.mktemp("index")
    return KnowledgeBase.open(root, catalogue, open_embedder(), wanted=lambda: library)


@pytest.fixture
def first(knowledge: KnowledgeBase) -> Callable[..., list[tuple[str, str]]]:
    """Region and words of the first clauses for a question."""

    def asked(question: str, k: int = 1, region: str | None = None) -> list[tuple[str, str]]:
        found = knowledge.retrieve(question, k, ON, region)
        return [(e.document.region, e.clause.text) for e in found]

    return asked


Ask = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("question", "region", "sum_"),
    [
        ("苍南县促进小微企业融资若干规定第三条", "330327", "300"),
        ("瑞安市促进小微企业融资若干规定第三条", "330381", "500"),
        ("苍政办发〔2025〕17号第三条", "330327", "300"),
        ("瑞政办发2025 17号 第3条", "330381", "500"),
    ],
)
def test_an_article_is_that_of_the_document_named(
    first: Ask, question: str, region: str, sum_: str
) -> None:
    [(found, words)] = first(question)
    assert found == region
    assert f"最高{sum_}万元" in words


def test_two_documents_named_give_the_article_of_each(first: Ask) -> None:
    both = first("苍政办发〔2025〕17号第三条和瑞政办发〔2025〕17号第三条", 2)
    assert {region for region, _ in both} == {"330327", "330381"}
    assert all(words.startswith("第三条") for _, words in both)


def test_an_article_without_a_document_is_one_of_the_region_asked_for(first: Ask) -> None:
    [(found, words)] = first("第三条", region="330327")
    assert (found, words[:3]) == ("330327", "第三条")


def test_an_article_far_down_a_long_document_is_found(first: Ask) -> None:
    for number in (1, 250, 450, 520):
        [(_, words)] = first(f"永政发〔2025〕9号第{number}条")
        assert words.startswith(f"第{number}条")


def test_a_place_the_document_named_does_not_have_pins_no_other_document(first: Ask) -> None:
    [(found, _)] = first("苍政办发〔2025〕17号二(二)5")
    assert found == "330327"


def test_equal_words_of_two_counties_are_not_folded(knowledge: KnowledgeBase) -> None:
    found = knowledge.retrieve("申请单位 独立法人资格 无失信记录", 6, ON)
    regions = [e.document.region for e in found if e.clause.text.startswith("第二条 申请单位")]
    assert sorted(regions) == ["330327", "330381"]
    assert all(not e.also for e in found)


def test_a_notice_issued_again_word_for_word_is_shown_once_and_named(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    text = NOTICE.format(sign="苍", place="苍南县", sum=300)
    read = [
        read_document(Reading("text", text), catalogue.vocabulary, region="330327", id=id)
        for id in ("once", "again")
    ]
    library = Library({d.id: d.version for d in read}, {d.id: d for d in read}.__getitem__)
    knowledge = KnowledgeBase.open(tmp_path, catalogue, open_embedder(), wanted=lambda: library)
    found = knowledge.retrieve("小微企业贷款贴息最高多少", 5, ON)
    assert (found[0].clause.id, found[0].also) == ("again:3", ("once:3",))
    assert len({e.clause.text for e in found}) == len(found)
