"""Every endpoint of the contract, and every bad input of the issue, over HTTP."""

import json
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from api import calls, schemas
from api.app import create_server
from api.gate import Gate, RateLimit
from api.services import SHANGHAI, Services
from api.settings import Settings
from api.store import Conflict
from api.waiting import WaitingLine

API = "/api/v1"


def refused(answer: Any, status: int) -> dict[str, str]:
    """The one error shape, in Chinese, without a traceback."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error", "detail", "request_id"}
    assert any("\u4e00" <= char <= "\u9fff" for char in body["detail"])
    assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"] == body["request_id"]
    return body


def cited(value: Any) -> list[dict[str, Any]]:
    """Every citation anywhere in an answer."""
    if isinstance(value, list):
        return [c for one in value for c in cited(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if "quote" in value and "clause_id" in value else []
    return own + [c for one in value.values() for c in cited(one)]


def test_search_finds_the_clause_and_echoes_the_day(client: TestClient) -> None:
    body = {"query": "先用后转保险保费补助", "k": 5, "document_id": "pingyang-2024-65"}
    answer = client.post(f"{API}/search", json=body).json()
    assert answer["evidence"][0]["clause"]["id"] == "pingyang-2024-65:2.2.5"
    assert [e["rank"] for e in answer["evidence"]] == list(range(1, len(answer["evidence"]) + 1))
    assert answer["as_of"] == "2026-11-22"
    assert answer["generation"] >= 1


def test_matches_hold_all_offers_in_order_and_every_quote_is_verbatim(
    client: TestClient, services: Services, manufacturer: dict[str, Any]
) -> None:
    answer = client.post(f"{API}/matches", json={"profile": manufacturer}).json()
    assert len(answer["matches"]) == len(services.catalogue.offers)
    order = ["eligible", "undetermined", "ineligible"]
    live = [m for m in answer["matches"] if m["offer"]["availability"] != "closed"]
    statuses = [order.index(m["eligibility"]["status"]) for m in live]
    assert statuses == sorted(statuses)
    assert all("criteria" not in m["offer"] for m in answer["matches"])
    found = cited(answer)
    assert found
    for one in found:
        text = services.catalogue.document(one["document_id"]).text
        assert text[one["start"] : one["end"]] == one["quote"]


def test_the_same_profile_day_and_generation_give_the_same_bytes(
    client: TestClient, manufacturer: dict[str, Any]
) -> None:
    body = {"profile": manufacturer, "on": "2026-12-01", "need": "技改贷款"}
    assert (
        client.post(f"{API}/matches", json=body).content
        == client.post(f"{API}/matches", json=body).content
    )


def test_filters_and_limit_narrow_the_matches(
    client: TestClient, manufacturer: dict[str, Any]
) -> None:
    body = {"profile": manufacturer, "kinds": ["subsidy"], "statuses": ["eligible"], "limit": 1}
    (match,) = client.post(f"{API}/matches", json=body).json()["matches"]
    assert match["offer"]["id"] == "p30"
    assert match["benefit"]["amount_yuan"] == 28800


def test_a_closed_offer_stands_last(client: TestClient, manufacturer: dict[str, Any]) -> None:
    body = {"profile": manufacturer, "on": "2027-01-01"}
    found = client.post(f"{API}/matches", json=body).json()["matches"]
    closed = [m["offer"]["availability"] == "closed" for m in found]
    assert any(closed)
    assert closed == sorted(closed)


def test_standards(client: TestClient, manufacturer: dict[str, Any]) -> None:
    answer = client.post(f"{API}/standards", json={"profile": manufacturer}).json()
    assert answer["sizes"] == ["小型"]
    assert answer["standings"][0]["result"] == "confirmed"
    assert [i["id"] for i in answer["standings"][0]["indicators"]] == ["staff", "rd", "results"]


def test_chat_answers_continues_and_is_read_again(client: TestClient) -> None:
    first = client.post(f"{API}/chat", json={"message": "先用后转保险县里补多少?"}).json()
    assert first["status"] in ("answered", "partial", "asks")
    assert any(c["clause_id"] == "pingyang-2024-65:2.2.5" for c in first["citations"])
    body = {"session_id": first["session_id"], "message": "我们公司有员工26人"}
    second = client.post(f"{API}/chat", json=body).json()
    assert second["session_id"] == first["session_id"]
    told = client.get(f"{API}/chat/{first['session_id']}").json()
    assert [t["answer"]["turn_id"] for t in told["turns"]] == [first["turn_id"], second["turn_id"]]
    assert told["profile"]["employees"] == 26


def events(text: str) -> list[dict[str, Any]]:
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append(
            {"id": int(fields["id"]), "event": fields["event"], "data": json.loads(fields["data"])}
        )
    return found


def test_a_stream_carries_the_same_turn_and_can_be_taken_up_again(client: TestClient) -> None:
    answer = client.post(
        f"{API}/chat",
        json={"message": "先用后转保险县里补多少?"},
        headers={"accept": "text/event-stream"},
    )
    assert answer.headers["content-type"].startswith("text/event-stream")
    parts = events(answer.text)
    assert [p["id"] for p in parts] == list(range(1, len(parts) + 1))
    assert parts[0]["event"] == "status"
    done = parts[-1]
    assert done["event"] == "done"
    whole = done["data"]
    assert "".join(p["data"]["text"] for p in parts if p["event"] == "text") == whole["answer"]
    assert [p["data"] for p in parts if p["event"] == "citation"] == whole["citations"]
    url = f"{API}/chat/{whole['session_id']}/turns/{whole['turn_id']}/events"
    assert events(client.get(f"{url}?after=2").text) == parts[2:]
    assert events(client.get(url, headers={"last-event-id": "3"}).text) == parts[3:]
    assert events(client.get(url).text) == parts
    assert client.get(f"{url}?after={len(parts)}").text == ""


def test_feedback_is_kept(client: TestClient, services: Services) -> None:
    turn = client.post(f"{API}/chat", json={"message": "流动资金贷款最长几年?"}).json()
    before = services.store.counts()["feedback"]
    url = f"{API}/chat/{turn['session_id']}/turns/{turn['turn_id']}/feedback"
    assert client.post(url, json={"verdict": "wrong_source", "note": "条款不对"}).json()["id"]
    assert services.store.counts()["feedback"] == before + 1
    refused(client.post(url, json={"verdict": "nice"}), 422)
    refused(client.post(f"{API}/chat/x/turns/y/feedback", json={"verdict": "wrong"}), 404)


def test_documents_and_clauses(client: TestClient) -> None:
    listed = client.get(f"{API}/documents").json()["documents"]
    assert "pingyang-2024-65" in [d["id"] for d in listed]
    document = client.get(f"{API}/documents/pingyang-2024-65").json()
    assert (document["status"], len(document["clauses"])) == ("unknown", 21)
    for clause in document["clauses"]:
        assert document["text"][clause["start"] : clause["end"]] == clause["text"]
    clause = client.get(f"{API}/clauses/pingyang-2024-65:2.2.5").json()
    assert clause in document["clauses"]
    refused(client.get(f"{API}/documents/nothing"), 404)
    refused(client.get(f"{API}/clauses/pingyang-2024-65:9.9"), 404)


def test_offers_are_filtered(client: TestClient, services: Services) -> None:
    everything = client.get(f"{API}/offers").json()["offers"]
    assert len(everything) == len(services.catalogue.offers)
    subsidies = client.get(f"{API}/offers?kind=subsidy").json()["offers"]
    assert {o["kind"] for o in subsidies} == {"subsidy"}
    here = client.get(f"{API}/offers?region=330326").json()["offers"]
    assert {o["region"] for o in here} <= {"330326", "330300", "330000", "000000"}
    shut = client.get(f"{API}/offers?availability=closed&on=2027-01-01").json()["offers"]
    assert {"p02", "p03"} <= {o["id"] for o in shut}
    offer = client.get(f"{API}/offers/p30").json()
    assert offer["criteria"]
    assert offer["citations"][0]["relation"] == "names"
    refused(client.get(f"{API}/offers/p99"), 404)
    refused(client.get(f"{API}/offers?kind=gift"), 422)
    refused(client.get(f"{API}/offers?region=123456"), 422)
    refused(client.get(f"{API}/offers?on=yesterday"), 422)


def test_the_profile_schema_names_every_stored_fact(client: TestClient, services: Services) -> None:
    schema = client.get(f"{API}/profile-schema").json()
    facts = services.catalogue.vocabulary.facts.values()
    assert set(schema["properties"]) == {f.code for f in facts if f.asked_of != "derived"}
    assert schema["additionalProperties"] is False


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["offers"]) == ("ready", 40)


def test_a_failing_database_is_a_503_in_words(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def down() -> None:
        raise OperationalError("select 1", {}, Exception("disk I/O error"))

    monkeypatch.setattr(services.store, "ping", down)
    body = refused(client.get("/readyz"), 503)
    assert "select" not in body["detail"]


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    services = Services(
        Settings(data_dir=tmp_path), now=lambda: datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    )
    services.open()

    def no_more_pages(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    event.listen(services.store.engine, "connect", no_more_pages)
    services.store.engine.dispose()
    client = TestClient(create_server(services), raise_server_exceptions=False)
    said = [
        client.post(f"{API}/chat", json={"message": f"首台套保险补助第{n}问" * 40})
        for n in range(40)
    ]
    services.close()
    assert "磁盘已满" in refused(next(a for a in said if a.status_code != 200), 503)["detail"]


def test_openapi_describes_every_call(client: TestClient) -> None:
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    wanted = {
        *(f"{API}/{one}" for one in ("search", "matches", "standards", "chat", "documents")),
        *(f"{API}/{one}" for one in ("offers", "profile-schema", "chat/{session_id}")),
        *("/healthz", "/readyz"),
    }
    assert wanted <= set(paths)
    assert "409" in paths[f"{API}/chat"]["post"]["responses"]
    assert all(call["description"] for path in paths.values() for call in path.values())


GOOD = "91330326XY9000110Y"
BAD_PROFILES = [
    ({"revenu_yuan": 1}, "revenue_yuan"),
    ({"uscc": GOOD[:-1] + "0"}, "校验位"),
    ({"founded_on": "2026-11-23"}, "成立日期"),
    ({"revenue_yuan": -1}, "revenue_yuan"),
    ({"employees": [50, 20]}, "颠倒"),
    ({"region": "999999"}, "region"),
    ({"industry": "9999"}, "industry"),
    ({"size": "小型"}, "size"),
    ({"overdue": "maybe"}, "overdue"),
    ({"titles": ["甲", {"until": 3}]}, "titles"),
    ({"name": "\ud800"}, "字符"),
    ({"revenue_yuan": 10**400}, "数字"),
]


@pytest.mark.parametrize(("profile", "named"), BAD_PROFILES)
@pytest.mark.parametrize("call", ["matches", "standards"])
def test_a_bad_profile_is_named_in_chinese(
    client: TestClient, call: str, profile: dict[str, Any], named: str
) -> None:
    body = json.dumps({"profile": profile, "on": "2026-11-22"})
    answer = client.post(
        f"{API}/{call}", content=body, headers={"content-type": "application/json"}
    )
    assert named in refused(answer, 422)["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("search", {"query": "贷款", "region": "\ud800"}),
        ("search", {"query": "贷款", "document_id": "\ud800"}),
        ("search", {"query": "\ud800"}),
        ("search", {"query": "贷款", "\ud800": 1}),
        ("search", {"query": "贷款", "on": "\ud800"}),
        ("matches", {"profile": {"\ud800": 1}}),
        ("matches", {"profile": {}, "kinds": ["\ud800"]}),
        ("chat", {"message": "你好", "session_id": "\ud800"}),
        ("chat/x/turns/y/feedback", {"verdict": "wrong", "note": "\ud800"}),
    ],
)
def test_half_a_surrogate_pair_is_refused_anywhere(
    client: TestClient, path: str, body: dict[str, Any]
) -> None:
    headers = {"content-type": "application/json"}
    refused(client.post(f"{API}/{path}", content=json.dumps(body), headers=headers), 422)


def test_half_a_surrogate_pair_in_a_form_still_gets_a_page(client: TestClient) -> None:
    part = 'content-disposition: form-data; name="name"\r\n\r\n\\ud800'
    content = f"--x\r\n{part}\r\n--x--\r\n".encode()
    kind = "multipart/form-data; boundary=x; charset=unicode_escape"
    answer = client.post("/match", content=content, headers={"content-type": kind})
    assert answer.status_code in (200, 422)


def test_facts_of_interleaved_turns_are_all_kept(client: TestClient, services: Services) -> None:
    url = f"{API}/chat"
    session = client.post(url, json={"message": "你好"}).json()["session_id"]
    facts: list[dict[str, Any]] = [{"employees": 26}, {"revenue_yuan": 9_000_000}]
    facts += [{"ip_class2": 3}, {"entity_type": "企业"}, {"overdue": False}] * 5
    said = [{"session_id": session, "message": "能贷款吗?", "profile": one} for one in facts]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: client.post(url, json=body), said))
    assert [answer.status_code for answer in answers] == [200] * len(said)
    told = client.get(f"{url}/{session}").json()
    assert len(told["turns"]) == len(said) + 1
    known = {code: value for one in facts for code, value in one.items()}
    assert told["profile"].items() >= known.items()


def test_a_turn_stored_by_another_process_meanwhile_is_not_lost(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{API}/chat"
    session = client.post(url, json={"message": "你好"}).json()["session_id"]
    other = Services(services.settings, now=services.now)
    reply, calls_made = services.bot.reply, 0

    def overtaken(*given: Any) -> Any:
        nonlocal calls_made
        calls_made += 1
        if calls_made == 1:
            body = {"session_id": session, "message": "能贷款吗?", "profile": {"employees": 26}}
            calls.chat(other, schemas.ChatBody.model_validate(body))
        return reply(*given)

    monkeypatch.setattr(services.bot, "reply", overtaken)
    body = {"session_id": session, "message": "能贷款吗?", "profile": {"ip_class2": 3}}
    assert client.post(url, json=body).status_code == 200
    assert calls_made == 2
    told = client.get(f"{url}/{session}").json()
    assert told["profile"].items() >= {"employees": 26, "ip_class2": 3}.items()
    assert len(told["turns"]) == 3
    other.close()


def test_a_message_always_overtaken_is_a_409_that_says_so(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = client.post(f"{API}/chat", json={"message": "你好"}).json()["session_id"]

    def taken(*_: Any, **__: Any) -> None:
        raise Conflict

    monkeypatch.setattr(services.store, "save_turn", taken)
    body = {"session_id": session, "message": "能贷款吗?"}
    fault = refused(client.post(f"{API}/chat", json=body), 409)
    assert fault["error"] == "conflict"
    assert "正在回答" in fault["detail"]
    monkeypatch.setattr(services, "line", WaitingLine(patience=0.01))
    with services.line.turn_of(session):
        refused(client.post(f"{API}/chat", json=body), 409)


def test_answering_reads_the_session_alone_and_a_full_conversation_says_so(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = client.post(f"{API}/chat", json={"message": "你好"}).json()["session_id"]
    monkeypatch.setattr(calls, "MOST_TURNS", 2)
    body = {"session_id": session, "message": "能贷款吗?"}
    with monkeypatch.context() as patched:
        patched.setattr(services.store, "conversation", None)
        assert client.post(f"{API}/chat", json=body).status_code == 200
        assert "新开会话" in refused(client.post(f"{API}/chat", json=body), 422)["detail"]


def test_a_bad_profile_in_chat_stores_nothing(client: TestClient, services: Services) -> None:
    before = services.store.counts()
    body = {"message": "能贷多少", "profile": {"employees": -3}}
    refused(client.post(f"{API}/chat", json=body), 422)
    refused(client.post(f"{API}/chat", json={"session_id": "nobody", "message": "你好"}), 404)
    assert services.store.counts() == before


@pytest.mark.parametrize("message", ["", "   ", "问" * 2001, "问" * 100_000])
@pytest.mark.parametrize(("call", "field"), [("chat", "message"), ("search", "query")])
def test_an_empty_or_overlong_question_is_refused(
    client: TestClient, call: str, field: str, message: str
) -> None:
    detail = refused(client.post(f"{API}/{call}", json={field: message}), 422)["detail"]
    assert "空" in detail or "太长" in detail
    assert len(detail) < 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"profile": ', "JSON"),
        (b"\xff\xfe", ""),
        (b"[1, 2]", "对象"),
        (b"", "请求体"),
        (b"[" * 50_000, ""),
    ],
)
def test_broken_json_is_said_plainly(client: TestClient, body: bytes, said: str) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post(f"{API}/matches", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert said in refused(answer, answer.status_code)["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "profile:缺少"),
        ({"profile": {}, "wish": 1}, "wish:不认识"),
        ({"profile": {}, "limit": 0}, "limit"),
        ({"profile": {}, "kinds": ["gift"]}, "kinds"),
        ({"profile": {}, "on": "2026-13-01"}, "日期"),
        ({"profile": {}, "on": 20261122}, "日期"),
        ({"profile": {}, "on": "9999-12-31"}, "日期"),
        ({"profile": [1]}, "对象"),
    ],
)
def test_a_wrong_body_names_the_field(client: TestClient, body: Any, said: str) -> None:
    assert said in refused(client.post(f"{API}/matches", json=body), 422)["detail"]


def test_unknown_paths_methods_and_large_bodies(client: TestClient) -> None:
    refused(client.get(f"{API}/nothing"), 404)
    refused(client.get(f"{API}/matches"), 405)
    big = b"x" * (1024 * 1024 + 1)
    refused(client.post(f"{API}/matches", content=big), 413)
    parts = (b"x" * 65536 for _ in range(20))
    refused(client.post(f"{API}/matches", content=parts), 413)


def test_a_fault_of_ours_is_logged_by_id_and_not_shown(
    client: TestClient,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(services.recommender, "recommend", broken)
    with caplog.at_level(logging.ERROR):
        body = refused(client.post(f"{API}/matches", json={"profile": {}}), 500)
    assert "secret" not in json.dumps(body)
    assert body["request_id"] in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/healthz", f"{API}/nothing", "/static/page.js"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_the_rate_limit_counts_addresses_and_spares_loopback() -> None:
    now = [0.0]
    limit = RateLimit(2, clock=lambda: now[0])
    assert [limit.allows("203.0.113.5") for _ in range(3)] == [True, True, False]
    assert limit.allows("203.0.113.6")
    assert all(limit.allows("127.0.0.1") and limit.allows("::1") for _ in range(5))
    now[0] = 61
    assert limit.allows("203.0.113.5")


def test_too_many_requests_are_told_when_to_come_back(services: Services) -> None:
    server = create_server(services)
    assert isinstance(server, Gate)
    server._limit = RateLimit(1)
    client = TestClient(server, client=("203.0.113.7", 5000))
    assert client.get("/healthz").status_code == 200
    answer = client.get("/healthz")
    refused(answer, 429)
    assert answer.headers["retry-after"] == "60"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_SERVICE_NAME", "平阳惠企")
    monkeypatch.setenv("HUIQI_RATE_LIMIT_PER_MINUTE", "0")
    read = Settings()
    assert (read.service_name, read.rate_limit_per_minute) == ("平阳惠企", 0)
