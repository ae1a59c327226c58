"""A changed clause is still quoted as published, and everybody is told who changed it, from when."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from knowledge_base import (
    Amendment,
    Catalogue,
    Document,
    KnowledgeBase,
    Library,
    draft_offers,
    draft_to_offer,
    open_embedder,
    read_document,
    resolve_relations,
)
from knowledge_base.amendments import changes_by_clause, touched
from knowledge_base.clauses import split_clauses
from knowledge_base.header.acts import read_relations
from knowledge_base.readers.reading import Reading

BASE = """平阳县技术改造奖补办法
平经信〔2024〕10号
第一条 为支持企业技术改造，制定本办法。
第二条 本办法适用于在平阳县登记的工业企业。
第三条 对在平阳县注册、成立满2年的高新技术企业，按设备投资额的10%给予补助，最高不超过100万元。
第四条 企业购买工业机器人的，每台给予2万元补助。
（一）国产机器人每台另加1万元。
（二）进口机器人不另加。
第五条 本办法自2024年3月1日起施行，有效期至2027年12月31日。
平阳县经济和信息化局
2024年2月1日
"""
DECISION = """平阳县经济和信息化局关于修改《平阳县技术改造奖补办法》的决定
平经信〔2025〕8号
经研究，决定对《平阳县技术改造奖补办法》（平经信〔2024〕10号）作如下修改：
一、将第三条修改为：“对实施技术改造项目的企业，按《某某法》第二条核定，按设备投资额的8%给予补助，最高不超过60万元。”
二、删去第四条第（一）项。
本决定自2025年7月1日起施行。
平阳县经济和信息化局
2025年6月1日
"""


def read(catalogue: Catalogue, *texts: str) -> Mapping[str, Document]:
    documents = [read_document(Reading("text", text), catalogue.vocabulary) for text in texts]
    return resolve_relations({one.id: one for one in documents})


def acts(document: Document) -> list[tuple[str, str | None]]:
    return [(r.type, r.target_clause) for r in document.relations if r.target_clause]


def test_a_decision_changes_the_articles_it_names_and_no_other(catalogue: Catalogue) -> None:
    base, decision = read(catalogue, BASE, DECISION).values()
    assert acts(decision) == [("amends", "第三条"), ("repeals", "第四条第(一)项")]
    found = {id.partition(":")[2]: changes for id, changes in base.changes.items()}
    assert set(found) == {"3", "4.1"}
    (third,), (item,) = found["3"], found["4.1"]
    assert (third.certain, third.takes_out, third.amendment.on) == (True, False, date(2025, 7, 1))
    assert (item.certain, item.takes_out) == (True, True)
    assert not third.amendment.in_effect(date(2025, 6, 30))
    assert third.amendment.in_effect(date(2025, 7, 1))


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("将第三条中的“10%”修改为“8%”。", ("amends", "第三条")),
        ("删去第四条中的“工业”。", ("amends", "第四条")),
        ("第四条删去。", ("repeals", "第四条")),
        ("第四条、第五条予以删除。", ("repeals", "第四条、第五条")),
        ("删除第三条、第四条。", ("repeals", "第三条、第四条")),
        ("第四条第（二）项调整为：“另加5000元。”", ("amends", "第四条第(二)项")),
        ("第五条改为第六条。", ("amends", "第五条")),
        ("将二、（一）中“20万元”修改为“15万元”。", ("amends", "二、(一)")),
        ("删去二、（二）3。", ("repeals", "二、(二)3")),
    ],
)
def test_each_way_an_item_changes_an_article_is_read(item: str, expected: tuple[str, str]) -> None:
    title = "关于修改《技改办法》的决定"
    text = f"{title}\n一、{item}\n"
    found = read_relations(text, title, None, len(title))
    assert (found[-1].type, found[-1].target_clause) == expected


def test_articles_in_new_wording_and_of_other_laws_are_not_changed() -> None:
    title = "关于修改《技改办法》的决定"
    text = (
        f"{title}\n一、第三条修改为：“违反规定的，依照《税收法》第六十条修改为处罚。\n"
        "“第七条删去的，另行规定。”\n二、根据《预算法》第九条调整为，另行通知。\n"
    )
    found = read_relations(text, title, None, len(title))
    assert [r.target_clause for r in found if r.target_clause] == ["第三条"]


def test_a_decision_on_several_documents_gives_each_its_own_items() -> None:
    title = "关于修改部分规范性文件的决定"
    text = (
        f"{title}\n一、对《甲类办法》作出如下修改：\n（一）将第三条修改为：“甲。”\n"
        "二、对《乙类办法》作出如下修改：\n（一）删去第五条。\n"
    )
    found = read_relations(text, title, None, len(title))
    assert [(r.target_title, r.target_clause) for r in found if r.target_clause] == [
        ("甲类办法", "第三条"),
        ("乙类办法", "第五条"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("将《技改办法》第三条补助标准调整为8%。", ("amends", "第三条")),
        ("删去《技改办法》第五条。", ("repeals", "第五条")),
        ("《技改若干措施》“二、（二）5”修改为：“支持。”", ("amends", "“二、(二)5”")),
        ("《技改若干措施》第二部分第3点修改为：“支持。”", ("amends", "第二部分第3点")),
        ("将《技改若干措施》二、（二）5修改为：“支持。”", ("amends", "二、(二)5")),
        ("删去《技改若干措施》二、（二）3。", ("repeals", "二、(二)3")),
        (
            "《技改若干措施》原“二、标准（二）5.首次认定”调整为“奖励6万元”。",
            ("amends", "“二、标准(二)5.首次认定”"),
        ),
    ],
)
def test_a_sentence_may_change_one_place_of_a_document_it_names(
    text: str, expected: tuple[str, str]
) -> None:
    (found,) = read_relations("关于某事的通知\n" + text, "关于某事的通知", None, 7)
    assert (found.type, found.target_clause) == expected


def test_one_sentence_may_change_several_places_of_a_document() -> None:
    text = (
        "关于某事的通知\n《技改若干措施》中“二、（二）5”修改为：“支持。”，“二、（二）3”予以删除。"
    )
    found = read_relations(text, "关于某事的通知", None, 7)
    assert [(r.type, r.target_clause) for r in found] == [
        ("amends", "“二、(二)5”"),
        ("repeals", "“二、(二)3”"),
    ]


def test_an_item_of_a_decision_may_be_taken_out_again(catalogue: Catalogue) -> None:
    undone = """平阳县经济和信息化局关于修改《关于修改〈平阳县技术改造奖补办法〉的决定》的通知
平经信〔2025〕20号
各企业：
将《平阳县经济和信息化局关于修改〈平阳县技术改造奖补办法〉的决定》（平经信〔2025〕8号）第二条删去。
本通知自2025年9月1日起施行。
平阳县经济和信息化局
2025年8月20日
"""
    _, decision, _ = read(catalogue, BASE, DECISION, undone).values()
    assert [id for id, (change,) in decision.changes.items() if change.takes_out] == [
        f"{decision.id}:2"
    ]


def test_a_supplement_changes_the_whole_in_ways_nobody_can_point_at(catalogue: Catalogue) -> None:
    supplement = """关于《平阳县技术改造奖补办法》的补充通知
平经信〔2025〕9号
各企业：
一、申报材料一律在线提交。
二、本通知自2025年8月1日起施行。
平阳县经济和信息化局
2025年7月20日
"""
    base = next(iter(read(catalogue, BASE, supplement).values()))
    assert base.changes.keys() == {clause.id for clause in base.clauses}
    assert not any(change.certain for changes in base.changes.values() for change in changes)


MEASURES = """一、总体要求
支持企业。
二、重点任务
（一）融资
1.推广科技贷。
2.推广科技保。
（二）创新
3.建设平台。
4.培育人才。
三、保障
（一）加强领导。
"""


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("第四条", {"4": True, "4.1": True, "4.2": True}),
        ("第四条第(二)项", {"4.2": True}),
        ("第四条第二款", {"4": False, "4.1": False, "4.2": False}),
        ("第三条、第五条", {"3": True, "5": True}),
        ("第三条至第五条", {"3": True, "4": True, "4.1": True, "4.2": True, "5": True}),
        ("第三条第(九)项", {"3": False}),
        ("第九条", {}),
        ("部分条款", {}),
    ],
)
def test_a_place_in_articles_means_exactly_its_clauses(
    place: str, expected: dict[str, bool]
) -> None:
    clauses = split_clauses(BASE[BASE.index("第一条") :], "d")
    assert {id[2:]: whole for id, whole in touched(place, clauses).items()} == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("“二、(二)4”", {"2.2.4"}),
        ("第二部分第3点", {"2.2.3"}),
        ("第四条", {"2.2.4"}),
        ("第三条", set()),
        ("二、(二)3", {"2.2.3"}),
        ("“二、重点任务(二)4.培育人才”", {"2.2.4"}),
        ("二、(一)", {"2.1.1", "2.1.2"}),
        ("第4点", {"2.2.4"}),
        ("第二部分", {"2.1.1", "2.1.2", "2.2.3", "2.2.4"}),
    ],
)
def test_a_place_in_numbered_measures_means_the_one_item_it_fits(
    place: str, expected: set[str]
) -> None:
    clauses = split_clauses(MEASURES, "d")
    assert {id[2:] for id in touched(place, clauses)} == expected


def test_an_act_on_a_part_nobody_can_find_may_have_touched_any_clause() -> None:
    clauses = split_clauses(MEASURES, "d")
    lost = Amendment("repeals", "x", "某决定", None, "相关规定", None, 0, 4)
    changes = changes_by_clause([lost], clauses)
    assert changes.keys() == {clause.id for clause in clauses}
    assert not any(change.takes_out for found in changes.values() for change in found)


def served(root: Path, catalogue: Catalogue, *texts: str) -> KnowledgeBase:
    """A knowledge base with these texts and, approved in full, every offer they hold."""
    documents = read(catalogue, *texts)
    keys = {id: document.version for id, document in documents.items()}
    shipped = Library.of(catalogue)
    drafts = [d for one in documents.values() for d in draft_offers(one, catalogue.vocabulary)]
    offers = tuple(
        draft_to_offer(d, frozenset(c.id for c in d.criteria), reality="official") for d in drafts
    )
    library = shipped.joined(Library(keys, documents.__getitem__, offers))
    return KnowledgeBase.open(root, catalogue, open_embedder(None), wanted=lambda: library)


def test_a_clause_taken_out_is_found_until_its_last_day_only(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    knowledge = served(tmp_path, catalogue, BASE, DECISION)
    gone, asked = "330326-pingjingxin-2024-10:4.1", "国产机器人每台另加1万元"

    def found(on: date) -> set[str]:
        return {e.clause.id for e in knowledge.retrieve(asked, 10, on, "330326")}

    assert gone in found(date(2025, 6, 30))
    assert gone not in found(date(2025, 7, 1))
    assert not knowledge.serves(gone, date(2025, 7, 1))
    assert knowledge.serves(gone, date(2025, 6, 30))
    changed = "330326-pingjingxin-2024-10:3"
    (change,) = knowledge.catalogue.documents[changed.partition(":")[0]].changes[changed]
    words = knowledge.catalogue.words_of(change.amendment)
    assert words.quote.startswith("第三条修改为：“对实施技术改造项目的企业")
    assert words.quote.endswith("最高不超过60万元。”")
    assert (
        knowledge.catalogue.documents[words.document_id].text[words.start : words.end]
        == words.quote
    )


def test_what_rests_on_a_changed_clause_is_unreviewed_and_ends_with_one_taken_out(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    own, decision = "330326-pingjingxin-2024-10", DECISION.replace("第四条第（一）项", "第四条")
    before = served(tmp_path / "before", catalogue, BASE).catalogue.offers
    after = served(tmp_path / "after", catalogue, BASE, decision).catalogue.offers
    third, fourth = f"{own}:3~1", f"{own}:4~1"
    assert before[third].criteria
    assert before[third].reviewed(date(2030, 1, 1))
    assert after[third].reviewed(date(2025, 6, 30))
    assert not after[third].reviewed(date(2025, 7, 1))
    assert [c.quote[:6] for c in after[third].amended_by] == ["第三条修改为"]
    assert before[fourth].availability(date(2025, 7, 1)) == "open"
    assert after[fourth].availability(date(2025, 6, 30)) == "open"
    assert after[fourth].availability(date(2025, 7, 1)) == "closed"
    assert [c.quote for c in after[fourth].amended_by] == ["删去第四条。"]
    assert all(after[id] == offer for id, offer in catalogue.offers.items())
