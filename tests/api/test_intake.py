"""Files in by the command line, drafts reviewed by people, documents out: what is served follows."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import library
from api.app import create_server
from api.services import Services
from knowledge_base import SHIPPED_CORPUS
from tests.api.conftest import Run

POLICY = """平阳县人民政府办公室关于印发《平阳县支持企业技术改造若干政策》的通知
平政办发〔2026〕12号
各乡镇人民政府,县政府直属各单位:
《平阳县支持企业技术改造若干政策》已经县政府同意,现印发给你们,请认真贯彻执行。
平阳县人民政府办公室
2026年3月1日
平阳县支持企业技术改造若干政策
为支持企业技术改造,制定本政策。
一、设备补助。对在我县注册、成立满2年的高新技术企业,按设备投资额的10%给予补助,每家最高不超过50万元。
二、受理。由县经信局负责受理,申报时间为2026年4月1日至2026年6月30日。
三、附则。本政策自2026年3月1日起施行,有效期至2028年12月31日。
"""
REPEAL = """平阳县人民政府办公室关于废止部分政策的通知
平政办发〔2026〕40号
各乡镇人民政府:
一、《平阳县支持企业技术改造若干政策》(平政办发〔2026〕12号)自2026年10月1日起废止。
二、本通知自2026年10月1日起施行。
平阳县人民政府办公室
2026年9月20日
"""
ID = "330326-pingzhengbanfa-2026-12"


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf8")
    return str(path)


def ingested(run: Run, *paths: str, status: int = 0) -> dict[str, Any]:
    out = run("ingest", *paths, "--json", status=status)
    answer: dict[str, Any] = json.loads(out.splitlines()[0])
    return answer


def test_a_file_taken_in_is_found_cited_and_kept_under_the_same_id(
    run: Run, tmp_path: Path
) -> None:
    path = written(tmp_path, "jg.txt", POLICY)
    answer = ingested(run, path)
    [document] = answer["documents"]
    assert document["id"] == ID
    assert document["clauses"] >= 5
    found = json.loads(
        run("search", "设备投资额补助", "-k", "1", "--json", "--on", "2026-05-01").splitlines()[0]
    )
    clause = found["evidence"][0]["clause"]
    assert clause["id"] == f"{ID}:1"
    assert found["generation"] == answer["generation"]
    again = ingested(run, path)
    assert again["documents"] == [
        {**document, "state": "unchanged", "clauses_added": 0},
    ]
    assert again["generation"] == answer["generation"], "nothing changed, nothing was published"


def test_what_is_taken_in_is_read_over_http_with_its_life(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    client = TestClient(create_server(serving))
    assert client.get(f"/api/v1/documents/{ID}").status_code == 404
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    assert serving.refresh()
    document = client.get(f"/api/v1/documents/{ID}").json()
    assert document["status"] == "in_force"
    assert (document["effective_on"], document["expires_on"]) == ("2026-03-01", "2028-12-31")
    assert document["document_number"] == "平政办发〔2026〕12号"
    assert document["region"] == "330326"
    for clause in document["clauses"]:
        assert document["text"][clause["start"] : clause["end"]] == clause["text"]
    ended = client.get(f"/api/v1/documents/{ID}?on=2029-01-01").json()
    assert ended["status"] == "expired"
    assert client.get(f"/documents/{ID}").status_code == 200
    listed = client.get("/api/v1/documents").json()["documents"]
    assert ID in {one["id"] for one in listed}


def test_a_repeal_taken_in_later_ends_the_other_document_on_its_day(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    client = TestClient(create_server(serving))
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    ingested(run, written(tmp_path, "fz.txt", REPEAL))
    serving.refresh()
    url = f"/api/v1/documents/{ID}"
    assert client.get(f"{url}?on=2026-09-30").json()["status"] == "in_force"
    assert client.get(f"{url}?on=2026-10-01").json()["status"] in ("repealed", "superseded")
    query = {"query": "设备投资额补助", "on": "2026-11-22", "region": "330326"}
    found = client.post("/api/v1/search", json=query).json()["evidence"]
    assert all(e["document"]["id"] != ID for e in found)
    report = run("check", "--on", "2026-11-22")
    assert "已废止或被替代 1 项" in report
    assert ID in report
    run("remove", "330326-pingzhengbanfa-2026-40")
    serving.refresh()
    assert client.get(f"{url}?on=2026-11-22").json()["status"] == "in_force"


def test_a_batch_goes_on_after_bad_files_and_names_each(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    written(folder, "a.txt", POLICY)
    written(folder, "b.txt", "")
    written(folder, "c.pdf", POLICY)
    (folder / "d.txt").write_bytes(POLICY.encode()[:200] + POLICY[:80].encode("gb18030"))
    written(folder, "e.txt", "床前明月光,疑是地上霜。举头望明月,低头思故乡。")
    said = run("ingest", str(folder), "--region", "330326", "--json", status=1)
    answer = json.loads(said.splitlines()[0])
    taken = [one for one in answer["documents"] if "id" in one]
    refused = {
        Path(one["path"]).name: one["error"] for one in answer["documents"] if "error" in one
    }
    assert [one["id"] for one in taken] == [ID]
    assert refused.keys() == {"b.txt", "c.pdf", "d.txt", "e.txt"}
    for name in refused:
        assert f"错误:{folder / name}:" in said
    assert "空" in refused["b.txt"]
    assert "后缀" in refused["c.pdf"]
    assert "编码" in refused["d.txt"]


def test_files_that_all_fail_leave_the_index_as_it_was(run: Run, tmp_path: Path) -> None:
    before = json.loads(run("search", "贷款", "--json").splitlines()[0])["generation"]
    said = run("ingest", written(tmp_path, "x.txt", ""), "--json", status=1)
    assert json.loads(said.splitlines()[0])["generation"] == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--region", "999999"], "行政区划代码"),
        (["--layer", "law"], "external_rule"),
        (["--tenant", "甲公司"], "租户编号"),
    ],
)
def test_wrong_options_are_said_in_words(
    run: Run, tmp_path: Path, options: list[str], said: str
) -> None:
    path = written(tmp_path, "jg.txt", POLICY)
    assert said in run("ingest", path, *options, status=1)
    assert "找不到" in run("ingest", str(tmp_path / "nowhere.txt"), status=1)


def test_a_document_taken_out_is_gone_from_the_next_answer(
    run: Run, tmp_path: Path, data: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    serving.refresh()
    client = TestClient(create_server(serving))
    assert client.get(f"/api/v1/clauses/{ID}:1").status_code == 200
    run("remove", ID)
    serving.refresh()
    assert client.get(f"/api/v1/clauses/{ID}:1").status_code == 404
    words = "按设备投资额的10%".encode()
    assert not any(words in p.read_bytes() for p in (data / "index").rglob("*") if p.is_file())
    assert "没有收录过" in run("remove", ID, status=1)


def test_a_tenants_upload_is_seen_by_nobody_else(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY), "--tenant", "bank-a")
    serving.refresh()
    client = TestClient(create_server(serving))
    listed = client.get("/api/v1/documents").json()["documents"]
    assert not [one for one in listed if "bank-a" in one["id"]]
    assert client.get(f"/api/v1/documents/bank-a.{ID}").status_code == 404
    assert client.get(f"/api/v1/clauses/bank-a.{ID}:1").status_code == 404
    query = {"query": "设备投资额补助 平政办发〔2026〕12号", "on": "2026-11-22"}
    found = client.post("/api/v1/search", json=query).json()["evidence"]
    assert not [e for e in found if "bank-a" in e["document"]["id"]]


def test_an_upload_cannot_repeal_what_is_official(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    ingested(run, written(tmp_path, "fz.txt", REPEAL), "--tenant", "bank-a")
    serving.refresh()
    client = TestClient(create_server(serving))
    url = f"/api/v1/documents/{ID}?on=2026-11-22"
    assert client.get(url).json()["status"] == "in_force"


MANUFACTURER = {
    "region": "330326",
    "founded_on": "2015-01-01",
    "titles": [{"name": "高新技术企业", "until": "2028-11-10"}],
}


def matches(services: Services) -> dict[str, Any]:
    client = TestClient(create_server(services))
    body = {"profile": MANUFACTURER, "on": "2026-05-01"}
    return {
        one["offer"]["id"]: one
        for one in client.post("/api/v1/matches", json=body).json()["matches"]
    }


def test_a_draft_waits_for_a_person_and_counts_after_approval(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    serving.refresh()
    draft = f"{ID}:1~1"
    assert draft not in matches(serving)
    assert draft in run("review")
    shown = run("review", draft)
    assert "高新技术企业" in shown
    assert "50万元" in shown
    assert "写明审核人" in run("review", draft, "--approve", status=1)
    assert "没有条件" in run(
        "review", draft, "--approve", "--by", "王某", "--criteria", "zz", status=1
    )
    run(
        "review", draft, "--approve", "--by", "王某", "--note", "已核对", "--valid-to", "2028-12-31"
    )
    assert "王某" in run("review", draft)
    assert draft not in run("review")
    serving.refresh()
    match = matches(serving)[draft]
    assert match["eligibility"]["status"] in ("eligible", "undetermined")
    quotes = [v["citation"]["quote"] for v in match["eligibility"]["verdicts"] if v["citation"]]
    assert quotes
    assert all(quote in POLICY for quote in quotes)
    client = TestClient(create_server(serving))
    assert client.get(f"/offers/{draft}").status_code == 200
    run("review", draft, "--reject", "--by", "李某", "--note", "口径有误")
    serving.refresh()
    assert draft not in matches(serving)


def test_an_unchecked_criterion_can_make_nobody_eligible(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    draft = f"{ID}:1~1"
    run("review", draft, "--approve", "--by", "王某", "--criteria", "")
    serving.refresh()
    assert matches(serving)[draft]["eligibility"]["status"] == "undetermined"


def test_a_changed_clause_sends_its_approved_draft_back_to_the_list(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    draft = f"{ID}:1~1"
    run("review", draft, "--approve", "--by", "王某")
    ingested(run, written(tmp_path, "jg.txt", POLICY.replace("由县经信局负责", "由县经信局统一")))
    assert draft not in run("review"), "another clause changed: the decision stands"
    ingested(run, written(tmp_path, "jg.txt", POLICY.replace("10%", "8%")))
    serving.refresh()
    assert draft in run("review")
    assert draft not in matches(serving)


def test_the_first_policy_taken_in_again_is_the_shipped_one(run: Run) -> None:
    shipped = SHIPPED_CORPUS / "policies" / "330326" / "pingyang-2024-65.txt"
    [document] = ingested(run, str(shipped))["documents"]
    assert document["id"] == "pingyang-2024-65"
    assert document["clauses"] == 21
    assert "pingyang-2024-65" not in run("review"), "its one measure is p30 already"


def test_a_product_list_gives_one_sheet_a_row(run: Run, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "list.xlsx"
    run("template", "-o", str(path))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    row = {
        "产品名称": "县域设备贷",
        "类型": "贷款",
        "机构": "某银行平阳支行",
        "地区": "330326",
        "适用对象": "在平阳县注册的企业。",
        "申请条件": "1.成立满2年。2.纳税信用等级为A级、B级或M级。",
        "办理方式": "向客户经理提出申请。",
    }
    first = next((r for r in range(2, sheet.max_row + 2) if not any(c.value for c in sheet[r])), 2)
    for column, name in enumerate(names, 1):
        sheet.cell(first, column, row.get(str(name).rstrip("*(必填)（）").strip()))
    book.save(path)
    answer = ingested(run, str(path))
    [document] = answer["documents"]
    assert document["id"] == "p41"
    assert document["title"] == "县域设备贷"
    assert ingested(run, str(path))["documents"][0]["id"] == "p41"
    assert "p41" in run("review")


def test_two_product_lists_taken_in_at_once_get_numbers_of_their_own(
    data: Path, tmp_path: Path
) -> None:
    import subprocess
    import sys

    from openpyxl import load_workbook

    from knowledge_base import write_template

    started = []
    for number in range(2):
        path = tmp_path / f"list{number}.xlsx"
        write_template(path)
        book = load_workbook(path)
        sheet = book.worksheets[0]
        for column, name in enumerate([str(cell.value) for cell in sheet[1]], 1):
            told = {"产品名称": f"产品{number}", "类型": "贷款", "地区": "330326"}
            if name != "有效期至":
                sheet.cell(2, column, told.get(name, "按合同约定。"))
        book.save(path)
        command = [sys.executable, "-m", "api.cli", "ingest", str(path), "--data-dir", str(data)]
        started.append(
            subprocess.Popen(
                [*command, "--json"], stdout=subprocess.PIPE, cwd=SHIPPED_CORPUS.parents[1]
            )
        )
    answers = [json.loads(one.communicate(timeout=120)[0]) for one in started]
    assert {a["documents"][0]["id"] for a in answers} == {"p41", "p42"}


def test_only_a_complete_list_of_checked_criteria_makes_anybody_eligible(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    draft = f"{ID}:1~1"
    assert "--complete" in run("review", draft, "--approve", "--by", "王某")
    serving.refresh()
    assert matches(serving)[draft]["eligibility"]["status"] == "undetermined"
    run("review", draft, "--approve", "--by", "王某", "--complete")
    serving.refresh()
    assert matches(serving)[draft]["eligibility"]["status"] == "eligible"


def test_an_approved_offer_lives_no_longer_than_its_document(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    draft = f"{ID}:1~1"
    run("review", draft, "--approve", "--by", "王某", "--complete")
    serving.refresh()
    client = TestClient(create_server(serving))

    def availability(day: str) -> str:
        url = f"/api/v1/offers/{draft}"
        return str(client.get(url, params={"on": day}).json()["availability"])

    assert availability("2026-02-28") == "upcoming"
    assert availability("2026-05-01") == "open"
    assert availability("2029-01-01") == "closed"
    ingested(run, written(tmp_path, "fz.txt", REPEAL))
    serving.refresh()
    assert availability("2026-09-30") == "open"
    assert availability("2026-10-01") == "closed"


def test_a_draft_without_criteria_cannot_be_approved(run: Run, tmp_path: Path) -> None:
    bare = POLICY.replace(
        "对在我县注册、成立满2年的高新技术企业,按设备投资额的10%给予补助",
        "对企业给予设备投资额10%的补助",
    )
    ingested(run, written(tmp_path, "jg.txt", bare))
    said = run("review", f"{ID}:1~1", "--approve", "--by", "王某", status=1)
    assert "没有读出任何条件" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--approve", "--reject", "--by", "王某"], "只能选一个"),
        (["--approve", "--by", "  "], "写明审核人"),
        (["--approve", "--by", "王某", "--valid-to", "2026-13-01"], "不是日期"),
        (
            ["--approve", "--by", "王某", "--valid-from", "2027-01-01", "--valid-to", "2026-01-01"],
            "早于",
        ),
    ],
)
def test_a_wrong_decision_is_said_in_words_and_changes_nothing(
    run: Run, tmp_path: Path, options: list[str], said: str
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    draft = f"{ID}:1~1"
    assert said in run("review", draft, *options, status=1)
    assert draft in run("review")


def test_the_same_text_twice_in_one_call_is_one_document(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    written(folder, "a.txt", POLICY)
    written(folder, "b.txt", POLICY)
    answer = ingested(run, str(folder))
    assert {one["id"] for one in answer["documents"]} == {ID}


def test_numbers_that_are_spelt_alike_stay_two_documents(run: Run, tmp_path: Path) -> None:
    paths = [
        written(tmp_path, f"{n}.txt", POLICY.replace("平政办发〔2026〕12号", number))
        for n, number in enumerate(["平教〔2025〕5号", "平交〔2025〕5号"])
    ]
    ids = [one["id"] for one in ingested(run, *paths)["documents"]]
    assert len(set(ids)) == 2
    assert [one["id"] for one in ingested(run, *reversed(paths))["documents"]] == ids[::-1]


def test_a_file_name_in_another_encoding_does_not_stop_the_batch(run: Run, tmp_path: Path) -> None:
    import os

    folder = tmp_path / "names"
    folder.mkdir()
    written(folder, "a.txt", POLICY)
    name = os.fsencode(folder) + b"/" + "政策.txt".encode("gb18030")
    Path(os.fsdecode(name)).write_text(REPEAL, encoding="utf8")
    answer = ingested(run, str(folder))
    assert sorted(Path(one["path"]).name for one in answer["documents"]) == ["a.txt", "政策.txt"]
    assert all("id" in one for one in answer["documents"])


def test_what_is_no_policy_is_told_so_before_its_region_is_asked_for(
    run: Run, tmp_path: Path
) -> None:
    poem = written(tmp_path, "e.txt", "床前明月光,疑是地上霜。\n举头望明月,低头思故乡。")
    said = run("ingest", poem, status=1)
    assert "--region" not in said
    assert "不像" in said


def test_a_filled_list_is_not_overwritten_by_the_template(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    run("template", "-o", str(path))
    assert "已经存在" in run("template", "-o", str(path), status=1)


def test_a_draft_with_unread_conditions_is_not_complete_until_each_is_dismissed(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    more = POLICY.replace("的高新技术企业,按", "的高新技术企业,且拥有自主品牌、建有研发机构的,按")
    ingested(run, written(tmp_path, "jg.txt", more))
    draft = f"{ID}:1~1"
    shown = run("review", draft)
    assert "词表之外 u1:“拥有自主品牌" in shown
    assert "词表之外 u2:“建有研发机构" in shown
    approve = ("review", draft, "--approve", "--by", "王某")
    said = run(*approve, "--complete", status=1)
    assert "2 条原文条件" in said
    assert all(part in said for part in ("u1“拥有自主品牌", "u2“建有研发机构", "如 --dismiss u1)"))
    said = run(*approve, "--complete", "--dismiss", "u1", status=1)
    assert "1 条原文条件" in said
    assert "u1“" not in said
    assert "没有条件“u3”" in run(*approve, "--dismiss", "u3", status=1)
    assert draft in run("review"), "what was refused decides nothing"
    assert "另有 2 条原文条件没有对应的事实" in run(*approve)
    serving.refresh()
    assert matches(serving)[draft]["eligibility"]["status"] == "undetermined"
    said = run(*approve, "--complete", "--dismiss", "u1,u2")
    assert "另有" not in said
    assert run("review", draft).count("已确认不是申请人的条件") == 2
    serving.refresh()
    assert matches(serving)[draft]["eligibility"]["status"] == "eligible"


def test_an_article_of_exclusions_keeps_those_it_names_from_being_eligible(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    more = POLICY.replace("三、附则", "三、下列企业不予支持。被列入经营异常名录的企业。\n四、附则")
    ingested(run, written(tmp_path, "jg.txt", more))
    draft = f"{ID}:1~1"
    run("review", draft, "--approve", "--by", "王某", "--complete")
    serving.refresh()
    client = TestClient(create_server(serving))
    statuses = []
    for listed in (True, False):
        body = {"profile": {**MANUFACTURER, "abnormal": listed}, "on": "2026-05-01"}
        found = client.post("/api/v1/matches", json=body).json()["matches"]
        statuses += [m["eligibility"]["status"] for m in found if m["offer"]["id"] == draft]
    assert statuses == ["ineligible", "eligible"]


def test_a_decision_stored_before_conditions_could_be_dismissed_still_counts(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    ingested(run, written(tmp_path, "jg.txt", POLICY))
    stored = serving.sources.draft(f"{ID}:1~1")
    ids = [criterion.id for criterion in library.draft_of(stored).criteria]
    decision = {"curated": ids, "reality": "official", "standing": False}
    with serving.alone():
        serving.sources.decide(stored.id, stored.digest, "approved", "王某", decision, "")
        serving.sync()
    assert "已通过" in run("review", stored.id)
    serving.refresh()
    assert matches(serving)[stored.id]["eligibility"]["status"] == "eligible"


def test_a_decision_without_a_draft_is_refused(run: Run) -> None:
    assert "请写明要审的草稿编号" in run("review", "--approve", "--by", "王某", status=1)
