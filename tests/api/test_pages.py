"""The pages: forms without script, what was typed kept, everything escaped."""

import json
import re
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.routes.pages import samples
from api.services import Services
from api.store.models import Turn
from api.web import form
from api.web.view import mark

XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


class Reader(HTMLParser):
    """Collects what could run, and what is to be seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def harmless(page: str) -> None:
    for tag, attributes in Reader(page).tags:
        assert not any(name.startswith("on") and name != "on" for name in attributes), tag
        assert "style" not in attributes
        if tag == "script":
            assert attributes["src"] == "/static/page.js"
        if tag == "img":
            assert str(attributes["src"]).startswith("/static/")


def test_the_form_holds_every_fact_of_an_enterprise_once(services: Services) -> None:
    vocabulary = services.catalogue.vocabulary
    shown = [field.code for group in form.groups(vocabulary) for field in group.fields]
    assert sorted(shown) == sorted(
        fact.code for fact in vocabulary.facts.values() if fact.asked_of == "enterprise"
    )


def test_a_profile_put_into_the_form_comes_out_the_same(
    services: Services, manufacturer: dict[str, Any]
) -> None:
    vocabulary = services.catalogue.vocabulary
    filled = form.read_form(form.show_profile(manufacturer, vocabulary), vocabulary)
    assert filled.faults == {}
    assert filled.profile == manufacturer


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("1260", 12_600_000),
        ("1,260 万元", 12_600_000),
        ("1.2亿", 120_000_000),
        ("5000元", 5000),
        ("100~150.5", [1_000_000, 1_505_000]),
        ("1000~", [10_000_000, None]),
        ("0.0001", 1),
    ],
)
def test_amounts_are_typed_in_ten_thousands(services: Services, typed: str, yuan: Any) -> None:
    filled = form.read_form({"revenue_yuan": [typed]}, services.catalogue.vocabulary)
    assert filled.profile == {"revenue_yuan": yuan}


def test_an_empty_field_is_unknown_and_a_box_alone_is_partial(services: Services) -> None:
    vocabulary = services.catalogue.vocabulary
    typed = {"overdue": [""], "titles": ["高新技术企业"], "until_2": ["2028-11-10"]}
    held = [{"name": "高新技术企业", "until": "2028-11-10"}]
    assert form.read_form(typed, vocabulary).profile == {"titles": {"has": held}}
    complete = {**typed, "complete_titles": ["on"]}
    assert form.read_form(complete, vocabulary).profile == {"titles": held}
    assert form.read_form({"complete_titles": ["on"]}, vocabulary).profile == {"titles": []}


def test_industries_are_found_by_code_and_by_name(services: Services) -> None:
    vocabulary = services.catalogue.vocabulary
    assert ("3467", "包装专用设备制造") in form.find_industries("346", vocabulary)
    assert form.find_industries("包装专用", vocabulary)[0][0] == "3467"
    typed = {"industry": ["3467 包装专用设备制造"]}
    assert form.read_form(typed, vocabulary).profile == {"industry": "3467"}
    assert "industry" in form.read_form({"industry": ["炼金术"]}, vocabulary).faults


def test_the_first_page_and_its_samples(client: TestClient) -> None:
    page = client.get("/").text
    assert '<html lang="zh-CN">' in page
    assert "不构成政府认定" in page
    harmless(page)
    filled = client.get("/?sample=manufacturer").text
    assert "91330326XY9000110Y" in filled
    assert client.get("/?sample=../../etc/passwd").status_code == 200


def test_a_posted_form_gives_grouped_matches_with_original_words(client: TestClient) -> None:
    typed = {"name": "测试厂", "region": "330326", "entity_type": "企业", "on": "2026-11-22"}
    page = client.post("/match", data=typed).text
    for word in ("可申报", "待补充", "暂不符合", "还需确认", "平科〔2024〕65号", "<mark>"):
        assert word in page
    anchors = set(re.findall(r'href="#(f-\w+)"', page))
    assert all(f'id="{anchor}"' in page for anchor in anchors)
    harmless(page)


@pytest.mark.parametrize("fragment", [{}, {"x-fragment": "results"}])
def test_any_form_can_be_posted_an_empty_one_too(
    client: TestClient, services: Services, fragment: dict[str, str]
) -> None:
    vocabulary = services.catalogue.vocabulary
    empty = client.post("/match", data={}, headers=fragment)
    assert empty.status_code == 200
    assert "这家企业" in empty.text
    for profile in samples().values():
        typed = form.show_profile(profile, vocabulary)
        for on in ("2026-11-22", "2027-01-01"):
            answer = client.post("/match", data={**typed, "on": on}, headers=fragment)
            assert answer.status_code == 200
            assert str(profile["name"]) in answer.text
            assert ("已截止" in answer.text) == (on == "2027-01-01")
            harmless(answer.text)


def test_faults_stand_at_their_fields_and_what_was_typed_is_kept(client: TestClient) -> None:
    typed = {
        "name": "测试厂",
        "uscc": "91330326XY90001100",
        "founded_on": "2027-01-01",
        "revenue_yuan": "-5",
        "employees": "很多",
        "on": "2026-11-22",
    }
    answer = client.post("/match", data=typed)
    assert answer.status_code == 422
    assert "不是数字" in answer.text
    answer = client.post("/match", data={**typed, "employees": "26"})
    for word in ("校验位", "晚于查询日", "不能为负数", 'value="测试厂"', 'value="-5"'):
        assert word in answer.text
    assert 'aria-invalid="true"' in answer.text
    late = client.post("/match", data={"on": "2026-99-01"})
    assert late.status_code == 422
    assert "日期" in late.text


def test_names_needs_and_questions_are_escaped_everywhere(client: TestClient) -> None:
    typed = {"name": XSS, "need": XSS, "industry": XSS, "on": "2026-11-22"}
    harmless(client.post("/match", data=typed).text)
    del typed["industry"]
    page = client.post("/match", data=typed).text
    assert "&lt;script&gt;" in page
    harmless(page)
    carried = json.dumps({"name": XSS})
    fragment = client.post(
        "/ask", data={"message": XSS, "profile": carried}, headers={"x-fragment": "turn"}
    )
    assert fragment.status_code == 200
    harmless(fragment.text)
    harmless(client.get("/documents/" + XSS.replace("/", "")).text)


def test_a_question_without_script_leads_to_the_conversation(client: TestClient) -> None:
    answer = client.post("/ask", data={"message": "先用后转保险县里补多少?"})
    assert answer.history[0].status_code == 303
    assert "按保费80%予以补助" in answer.text
    (session,) = re.findall(r'name="session_id" value="(\w{32})"', answer.text)
    again = client.post("/ask", data={"message": "那找谁办?", "session_id": session})
    assert again.text.count('class="turn"') == 2
    harmless(again.text)


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"message": ""}, 422),
        ({"message": "问" * 2001}, 422),
        ({"message": "你好", "session_id": "nobody"}, 404),
        ({"message": "你好", "profile": "{"}, 422),
        ({"message": "你好", "profile": '{"employees": -1}'}, 422),
    ],
)
def test_a_bad_question_gets_a_page_in_words(
    client: TestClient, typed: dict[str, str], status: int
) -> None:
    answer = client.post("/ask", data=typed)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert "请求编号" in answer.text


def test_every_document_and_offer_has_a_page(client: TestClient, services: Services) -> None:
    for id in services.catalogue.documents:
        page = client.get(f"/documents/{id}")
        assert page.status_code == 200
        harmless(page.text)
    for id in services.catalogue.offers:
        assert "申报条件" in client.get(f"/offers/{id}").text
    policy = client.get("/documents/pingyang-2024-65").text
    assert 'id="c-2.2.5"' in policy
    assert "有效期未载明" in policy
    assert client.get("/offers/p99").status_code == 404


def test_an_illustration_is_never_called_open_to_application(
    client: TestClient, services: Services
) -> None:
    profile = form.show_profile(samples()["manufacturer"], services.catalogue.vocabulary)
    page = client.post("/match", data={**profile, "on": "2026-11-22"}).text
    cards = [c for c in page.split("<article") if 'class="badge illustrative"' in c]
    said = re.findall(r'<span class="status">(.*?)</span>', "".join(cards))
    assert "条件相符(示例)" in said
    assert "可申报" not in said
    assert re.search(r"\d+项,其中示例\d+项,公开条件均已符合", page)


@pytest.mark.parametrize("changed", [{"version": "older"}, {"clause_id": "gone-2020-1:1"}])
def test_a_clause_that_changed_shows_the_words_quoted_then(
    client: TestClient, services: Services, changed: dict[str, str]
) -> None:
    url = "/api/v1/chat"
    answer = client.post(url, json={"message": "先用后转保险县里补多少?"}).json()
    with services.store.engine.begin() as db:
        stored = {**answer, "citations": [{**c, **changed} for c in answer["citations"]]}
        db.execute(update(Turn).where(Turn.id == answer["turn_id"]).values(answer=stored))
    page = client.get(f"/chat/{answer['session_id']}")
    assert page.status_code == 200
    assert "该条款已更新或移除,此处为当时引用的原话" in page.text
    assert f"<blockquote>{escape(answer['citations'][0]['quote'])}</blockquote>" in page.text
    assert "<mark>" not in page.text


def test_quotes_are_marked_once_where_they_overlap() -> None:
    assert mark("abcdef", [(1, 3), (2, 4), (5, 6)]) == [
        ("a", False),
        ("bc", True),
        ("d", True),
        ("e", False),
        ("f", True),
    ]
