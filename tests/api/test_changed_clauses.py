"""An amendment taken in reaches everything that shows the clause it changes, from its day on."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_server
from api.cli import main
from api.services import SHANGHAI, Services
from api.settings import Settings

BASE = """平阳县技术改造奖补办法
平经信〔2024〕10号
第一条 为支持企业技术改造，制定本办法。
第二条 本办法适用于在平阳县登记的工业企业。
第三条 对在平阳县注册、成立满2年的高新技术企业，按设备投资额的10%给予补助，最高不超过100万元。
第四条 补助标准如下。
第五条 本办法自2024年3月1日起施行，有效期至2027年12月31日。
平阳县经济和信息化局
2024年2月1日
"""
DECISION = """平阳县经济和信息化局关于修改《平阳县技术改造奖补办法》的决定
平经信〔2026〕8号
决定对《平阳县技术改造奖补办法》（平经信〔2024〕10号）作如下修改：
一、将第三条修改为：“对在平阳县注册的高新技术企业，按设备投资额的8%给予补助，最高不超过60万元。”
二、删去第二条。
本决定自2026年7月1日起施行。
平阳县经济和信息化局
2026年6月1日
"""
ID = "330326-pingjingxin-2024-10"
BY = "330326-pingjingxin-2026-8"
NEW = "按设备投资额的8%给予补助"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("amended")
    for name, text in (("base.txt", BASE), ("decision.txt", DECISION)):
        (folder / name).write_text(text, encoding="utf8")
    data = folder / "data"
    assert main(["ingest", str(folder), "--data-dir", str(data)]) == 0
    approval = ["review", f"{ID}:3~1", "--approve", "--by", "王某", "--complete"]
    assert main([*approval, "--data-dir", str(data)]) == 0
    services = Services(
        Settings(data_dir=data), now=lambda: datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    )
    services.open()
    yield TestClient(create_server(services))
    services.close()


def test_the_clause_names_who_changed_it_from_when_and_in_which_words(client: TestClient) -> None:
    (change,) = client.get(f"/api/v1/clauses/{ID}:3").json()["changes"]
    assert (change["type"], change["document_id"], change["on"]) == ("amends", BY, "2026-07-01")
    assert change["certain"]
    assert change["in_effect"]
    assert NEW in change["citation"]["quote"]
    document = client.get(f"/api/v1/documents/{ID}").json()
    assert [one["target_clause"] for one in document["amendments"]] == ["第三条", "第二条"]
    assert [c["id"] for c in document["clauses"] if c["changes"]] == [f"{ID}:2", f"{ID}:3"]
    early = client.get(f"/api/v1/documents/{ID}", params={"on": "2026-06-30"}).json()
    assert not any(one["in_effect"] for one in early["amendments"])


def test_search_leaves_out_what_was_taken_out_and_marks_what_was_changed(
    client: TestClient,
) -> None:
    def found(on: str) -> dict[str, list[str]]:
        body = {
            "query": "技术改造奖补办法 设备投资额补助 适用 平阳县登记的工业企业",
            "k": 20,
            "on": on,
        }
        evidence = client.post("/api/v1/search", json=body).json()["evidence"]
        return {e["clause"]["id"]: [c["type"] for c in e["clause"]["changes"]] for e in evidence}

    assert found("2026-06-30")[f"{ID}:2"] == ["repeals"]
    later = found("2026-07-01")
    assert f"{ID}:2" not in later
    assert later[f"{ID}:3"] == ["amends"]
    assert later[f"{BY}:1"] == []


def test_from_the_day_of_the_change_nobody_is_judged_by_the_old_condition(
    client: TestClient,
) -> None:
    def judged(founded: str, on: str) -> dict[str, Any]:
        profile = {
            "region": "330326",
            "entity_type": "企业",
            "size_category": "工业",
            "founded_on": founded,
            "titles": [{"name": "高新技术企业", "until": "2028-12-31"}],
        }
        body = {"profile": profile, "on": on}
        matches = client.post("/api/v1/matches", json=body).json()["matches"]
        found: dict[str, Any]
        (found,) = [m for m in matches if m["offer"]["id"] == f"{ID}:3~1"]
        return found

    before = judged("2020-01-01", "2026-06-30")
    assert before["eligibility"]["status"] == "eligible"
    assert "将被" in before["reasons"][0]["text"]
    assert judged("2025-12-01", "2026-06-30")["eligibility"]["status"] == "ineligible"
    for founded in ("2020-01-01", "2025-12-01"):
        after = judged(founded, "2026-07-01")
        assert after["eligibility"]["status"] == "undetermined"
        assert after["eligibility"]["missing"] == []
        assert after["benefit"] is None
    changed = after["offer"]["amended_by"]
    assert [NEW in one["quote"] for one in changed] == [True, False]  # 第三条 changed, 第二条 out
    assert [one["citation"] for one in after["reasons"][:2]] == changed
    assert all("已被" in one["text"] for one in after["reasons"][:2])
    assert after["offer"]["availability"] != "closed"


def test_the_page_of_the_changed_document_says_so_at_the_clause(client: TestClient) -> None:
    page = client.get(f"/documents/{ID}").text
    assert "本文件有内容已被其他文件修改或废止" in page
    clause = page[page.index('id="c-3"') :]
    assert "已自2026-07-01起由" in clause[: clause.index("</section>")]
    assert NEW in clause[: clause.index("</section>")]
    untouched = page[page.index('id="c-1"') :]
    assert "起由" not in untouched[: untouched.index("</section>")]


def test_check_lists_the_clauses_that_others_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("base.txt", BASE), ("decision.txt", DECISION)):
        (tmp_path / name).write_text(text, encoding="utf8")
    data = ["--data-dir", str(tmp_path / "data")]
    assert main(["ingest", str(tmp_path / "base.txt"), str(tmp_path / "decision.txt"), *data]) == 0
    assert main(["check", "--on", "2026-06-30", *data]) == 0
    said = capsys.readouterr().out
    assert f"{ID} 平经信〔2024〕10号 第三条:将自2026-07-01起修改,见 {BY}" in said


def test_what_is_not_yet_in_force_stands_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "base.txt").write_text(BASE, encoding="utf8")
    (tmp_path / "firm.json").write_text('{"region": "330326"}', encoding="utf8")
    data = ["--data-dir", str(tmp_path / "data")]
    assert main(["ingest", str(tmp_path / "base.txt"), *data]) == 0
    approval = ["review", f"{ID}:3~1", "--approve", "--by", "王某", "--standing"]
    assert main([*approval, *data]) == 0
    capsys.readouterr()
    assert main(["match", str(tmp_path / "firm.json"), "--on", "2024-02-20", *data]) == 0
    said = capsys.readouterr().out
    assert f"{ID}:3~1" in said[said.index("■ 尚未开始") :]
