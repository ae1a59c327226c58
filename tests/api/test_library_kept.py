"""What was taken in is neither lost nor changed unseen: databases lost, disks full, processes killed."""

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_server
from api.cli import main
from api.services import Services
from api.store import is_full
from knowledge_base import SHIPPED_CORPUS, write_template
from tests.api.conftest import Run
from tests.api.test_intake import ID, POLICY, written

ROOT = SHIPPED_CORPUS.parents[1]
OTHER = POLICY.replace("平政办发〔2026〕12号", "平政办发〔2026〕13号").replace(
    "技术改造", "节能改造"
)
OTHER_ID = "330326-pingzhengbanfa-2026-13"
WORDS = "按设备投资额的10%"


def told(run: Run, *paths: str, status: int = 0) -> list[dict[str, Any]]:
    said = run("ingest", *paths, "--json", status=status)
    answer = next(line for line in said.splitlines() if line.startswith("{"))
    documents: list[dict[str, Any]] = json.loads(answer)["documents"]
    return documents


def served(services: Services, id: str = ID) -> Any:
    return TestClient(create_server(services)).get(f"/api/v1/clauses/{id}:1")


def holding(folder: Path, words: str) -> list[str]:
    """Every file below a folder with some words in it, as text or as JSON escapes them."""
    forms = [words.encode(), json.dumps(words)[1:-1].encode()]
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def alter(data: Path, keep_time: bool = True) -> None:
    """Change a figure in the stored text, in place, as no program of ours does."""
    changed = 0
    for path in (data / "index").glob("gen-*/*/documents.jsonl"):
        whole, before = path.read_bytes(), path.stat()
        if WORDS.encode() not in whole:
            continue
        with path.open("r+b") as file:
            file.write(whole.replace(WORDS.encode(), WORDS.replace("10", "90").encode()))
        if keep_time:
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        changed += 1
    assert changed


def test_a_text_altered_under_a_running_server_is_refused_not_served(
    run: Run, tmp_path: Path, data: Path, serving: Services
) -> None:
    run("ingest", written(tmp_path, "jg.txt", POLICY))
    serving.refresh()
    alter(data)
    answer = served(serving)
    assert answer.status_code == 503
    assert "被改动" in answer.json()["detail"]
    assert "重新启动" in answer.json()["detail"]
    assert WORDS in run("search", "设备投资额补助", "--on", "2026-05-01"), "a start makes it anew"
    serving.refresh()
    assert served(serving).status_code == 200


def test_a_running_server_makes_a_damaged_index_anew(
    run: Run, tmp_path: Path, data: Path, serving: Services
) -> None:
    run("ingest", written(tmp_path, "jg.txt", POLICY))
    serving.refresh()
    alter(data, keep_time=False)
    assert serving.refresh()
    assert WORDS in served(serving).text
    shutil.rmtree(data / "index")
    serving.refresh()
    assert WORDS in served(serving).text


def test_a_lost_database_empties_no_index(
    run: Run, tmp_path: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = written(tmp_path, "a.txt", POLICY), written(tmp_path, "b.txt", OTHER)
    run("ingest", first)
    for path in data.glob("huiqi.db*"):
        path.rename(tmp_path / f"kept-{path.name}")
    said = run("search", "设备投资额补助", "--on", "2026-05-01")
    assert ID in said, "the old generation goes on serving"
    assert "索引里有 1 份入库文件,数据库里没有" in caplog.text
    said = run("ingest", second, status=3)
    assert "恢复数据库备份" in said
    assert "huiqi remove --lost" in said
    assert OTHER_ID not in run("review", "--sources"), (
        "what is refused is refused before it is stored"
    )
    for path in data.glob("huiqi.db*"):
        path.unlink()
    for path in tmp_path.glob("kept-*"):
        path.rename(data / path.name.removeprefix("kept-"))
    run("ingest", second)
    assert ID in run("search", "设备投资额补助", "--on", "2026-05-01")


def test_an_older_copy_of_the_database_empties_no_index(
    run: Run, tmp_path: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run("ingest", written(tmp_path, "a.txt", POLICY))
    shutil.copy(data / "huiqi.db", tmp_path / "backup.db")
    run("ingest", written(tmp_path, "b.txt", OTHER))
    shutil.copy(tmp_path / "backup.db", data / "huiqi.db")
    assert OTHER_ID in run("search", "节能改造设备补助", "--on", "2026-05-01")
    assert "索引里有 1 份入库文件,数据库里没有" in caplog.text
    run("remove", ID, status=3)
    assert "数据库里没有的文件 1 份" in run("remove", "--lost")
    said = run("search", "设备投资额补助", "--on", "2026-05-01")
    assert ID in said
    assert OTHER_ID not in said


def test_lost_documents_are_dropped_when_that_is_said(
    run: Run, tmp_path: Path, data: Path, serving: Services
) -> None:
    run("ingest", written(tmp_path, "a.txt", POLICY))
    serving.refresh()
    serving.close()
    for path in data.glob("huiqi.db*"):
        path.unlink()
    run("remove", "--lost")
    serving.refresh()
    assert served(serving).status_code == 404
    assert [one["id"] for one in told(run, written(tmp_path, "b.txt", OTHER))] == [OTHER_ID]
    assert "编号" in run("remove", status=1)


def test_the_summary_tells_new_changed_and_unchanged(run: Run, tmp_path: Path) -> None:
    said = run("ingest", written(tmp_path, "a.txt", POLICY))
    assert "新增 1 份" in said
    said = run("ingest", written(tmp_path, "b.txt", POLICY))
    assert "未变 1 份" in said
    later = POLICY.replace("10%", "8%").replace(
        "二、受理。由县经信局负责受理,申报时间为2026年4月1日至2026年6月30日。\n三、", "二、"
    )
    path = written(tmp_path, "c.txt", later)
    said = run("ingest", path)
    assert "更新(改动 2 条、删除 1 条)" in said
    [document] = told(run, written(tmp_path, "d.txt", POLICY.replace("技术改造", "技术创新")))
    assert document["id"] == ID
    counts = [document[f"clauses_{name}"] for name in ("added", "changed", "removed")]
    assert (document["state"], counts[0], counts[2]) == ("changed", 1, 0)
    assert counts[1] >= 3
    assert f"取代了“{document['title']}”" in run("ingest", path)


def product_list(path: Path, *names: str) -> str:
    from openpyxl import load_workbook

    write_template(path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = [str(cell.value) for cell in sheet[1]]
    for row, product in enumerate(names, 2):
        told = {"产品名称": product, "类型": "贷款", "地区": "330326", "有效期至": "长期"}
        for number, column in enumerate(columns, 1):
            sheet.cell(row, number, told.get(column, "按合同约定。"))
    book.save(path)
    return str(path)


def test_the_number_of_a_sheet_taken_out_is_given_to_no_other(run: Run, tmp_path: Path) -> None:
    first = product_list(tmp_path / "a.xlsx", "甲贷", "乙贷")
    assert [one["id"] for one in told(run, first)] == ["p41", "p42"]
    run("remove", "p42")
    assert told(run, product_list(tmp_path / "b.xlsx", "丙贷"))[0]["id"] == "p43"


def test_nothing_is_taken_out_when_one_of_several_ids_is_wrong(run: Run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, "a.txt", POLICY))
    run("remove", ID, "p99", status=1)
    assert ID in run("review", "--sources")


@pytest.mark.parametrize("tenant", [(), ("--tenant", "bank-a")])
def test_the_words_of_a_document_taken_out_are_in_no_file(
    run: Run, tmp_path: Path, data: Path, serving: Services, tenant: tuple[str, ...]
) -> None:
    path = written(tmp_path, "a.txt", POLICY)
    run("ingest", path, *tenant)
    run("ingest", written(tmp_path, "a.txt", POLICY.replace("50万元", "60万元")), *tenant)
    serving.refresh()
    assert holding(data, WORDS)
    run("remove", f"bank-a.{ID}" if tenant else ID)
    for words in (WORDS, "设备投资额", "由县经信局负责受理"):
        assert holding(data, words) == [], "while the server has the database open"


def test_a_reader_that_keeps_removed_words_in_the_log_is_told(
    run: Run, tmp_path: Path, data: Path
) -> None:
    run("ingest", written(tmp_path, "a.txt", POLICY))
    reader = sqlite3.connect(data / "huiqi.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sources").fetchone()
    assert "日志里暂时还有移出的文字" in run("remove", ID)
    reader.close()
    run("ingest", written(tmp_path, "b.txt", OTHER))
    run("remove", OTHER_ID)
    assert holding(data, WORDS) == []


def test_every_file_of_a_folder_is_read_or_named(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    names = ("a.txt", "x.hid.txt", "b.dat", "c", "sub/d.TXT", "e.doc", "f.zip", "g.txt.bak")
    for name in names:
        (folder / name).write_text(POLICY if "a" in name else f"记事 {name}", encoding="utf8")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    os.mkfifo(folder / "pipe")
    (tmp_path / "elsewhere").mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / ".hidden.txt").write_text(POLICY, encoding="utf8")
    (folder / ".git" / "config").write_text("x", encoding="utf8")
    found = told(run, str(folder), status=1)
    named = {str(Path(one["path"]).relative_to(folder)) for one in found}
    assert named == {*names, "gone.txt", "pipe", "link"}
    assert all(one.get("error") or one.get("id") for one in found)
    assert told(run, str(folder / ".hidden.txt"))[0]["id"] == ID, "named, it is read"


def test_a_folder_that_cannot_be_opened_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "batch"
    (folder / "shut").mkdir(parents=True)
    written(folder, "a.txt", POLICY)
    real = os.scandir

    def scan(path: Any) -> Any:
        if str(path).endswith("shut"):  # permissions do not stop the administrator who runs this
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scan)
    found = told(run, str(folder), status=1)
    [refused] = [one for one in found if "error" in one]
    assert refused["path"] == str(folder / "shut")
    assert "没有权限" in refused["error"]


DYING = """
import os, signal, sys
from api.services import Services
from api.cli import main
if sys.argv[1] == "kill":
    Services.sync = lambda self, drop_lost=False: os.kill(os.getpid(), signal.SIGKILL)
main(sys.argv[2:])
"""


def apart(data: Path, how: str, *arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own; with `kill` it dies between the database and the index."""
    command = [sys.executable, "-c", DYING, how, *arguments, "--data-dir", str(data)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )


def test_a_kill_between_database_and_index_is_mended_by_the_next_start(
    run: Run, tmp_path: Path, data: Path
) -> None:
    run("ingest", written(tmp_path, "b.txt", OTHER))
    dying = apart(data, "kill", "ingest", written(tmp_path, "a.txt", POLICY))
    dying.communicate(timeout=120)
    assert dying.returncode == -9
    said = run("search", "设备投资额补助", "--on", "2026-05-01")
    assert ID in said
    assert OTHER_ID in said
    dying = apart(data, "kill", "remove", ID)
    dying.communicate(timeout=120)
    assert dying.returncode == -9
    assert ID not in run("search", "设备投资额补助", "--on", "2026-05-01")
    run("ingest", written(tmp_path, "a.txt", POLICY))


def test_taking_in_and_taking_out_at_once_ends_as_the_database_says(
    run: Run, tmp_path: Path, data: Path, serving: Services
) -> None:
    run("ingest", written(tmp_path, "a.txt", POLICY))
    started = [
        apart(data, "run", "ingest", written(tmp_path, "b.txt", OTHER)),
        apart(data, "run", "remove", ID),
    ]
    for one in started:
        assert one.communicate(timeout=120)[0]
        assert one.returncode == 0
    serving.refresh()
    assert served(serving, OTHER_ID).status_code == 200
    assert served(serving).status_code == 404


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that can be filled up; skipped where none can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, leave: int) -> None:
    """Fill a disk up to some bytes."""
    free = shutil.disk_usage(folder).free
    with (folder / "ballast").open("wb") as file:
        file.write(bytes(max(free - leave, 0)))


@pytest.mark.parametrize("leave", [0, 40_000, 200_000, 900_000])
def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    run: Run, tmp_path: Path, small_disk: Path, leave: int, capsys: pytest.CaptureFixture[str]
) -> None:
    data = small_disk / "data"
    first, second = written(tmp_path, "a.txt", POLICY), written(tmp_path, "b.txt", OTHER * 40)
    here = ("--data-dir", str(data))
    assert main(["ingest", first, *here]) == 0
    fill(small_disk, leave)
    capsys.readouterr()
    assert main(["ingest", second, *here]) == 3
    said = capsys.readouterr().err
    assert "磁盘已满" in said
    assert "腾出空间" in said
    (small_disk / "ballast").unlink()
    assert main(["search", "设备投资额补助", "--on", "2026-05-01", *here]) == 0
    assert ID in capsys.readouterr().out
    with sqlite3.connect(data / "huiqi.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert main(["ingest", second, *here]) == 0
    assert not list((data / "index").glob("*.building"))


def test_only_a_full_disk_is_called_full(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    outer = ValueError("x")
    outer.__cause__ = full
    assert is_full(outer, tmp_path)
    assert not is_full(OSError(errno.EIO, "I/O error"), tmp_path)
    database = sqlite3.connect(tmp_path / "x.db")
    database.execute("CREATE TABLE t (a)")
    database.execute("PRAGMA max_page_count=3")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert is_full(caught.value, tmp_path)
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("SELECT * FROM nowhere")
    assert not is_full(caught.value, tmp_path)


def test_a_shipped_policy_is_not_replaced_by_a_file_of_its_number(
    run: Run, tmp_path: Path, serving: Services
) -> None:
    shipped = SHIPPED_CORPUS / "policies" / "330326" / "pingyang-2024-65.txt"
    text = shipped.read_text(encoding="utf8")
    said = run("ingest", written(tmp_path, "a.txt", text.replace("保费80%", "保费100%")), status=1)
    assert "与随附的" in said
    assert "pingyang-2024-65" in said
    client = TestClient(create_server(serving))
    assert client.post("/api/v1/matches", json={"profile": {}}).status_code == 200


def test_two_files_of_one_batch_never_replace_each_other(run: Run, tmp_path: Path) -> None:
    first = written(tmp_path, "a.txt", POLICY)
    second = written(tmp_path, "b.txt", POLICY.replace("10%", "20%"))
    documents = told(run, first, second, first, status=1)
    assert [one.get("state") for one in documents] == ["added", None]
    assert "与本批的 a.txt 同一编号" in documents[1]["error"]
    (alone,) = told(run, second)
    assert alone["state"] == "changed"


def test_a_name_too_long_for_the_disk_keeps_no_other_file_out(run: Run, tmp_path: Path) -> None:
    documents = told(run, "字" * 300 + ".txt", written(tmp_path, "a.txt", POLICY), status=1)
    assert "无法打开" in documents[0]["error"]
    assert documents[1]["id"] == ID


def test_what_the_program_keeps_is_not_taken_in(run: Run, tmp_path: Path, data: Path) -> None:
    written(tmp_path, "a.txt", POLICY)
    told(run, str(tmp_path))
    assert data.is_relative_to(tmp_path)
    assert [one["id"] for one in told(run, str(tmp_path))] == [ID]


def test_text_altered_in_the_database_is_never_quoted(run: Run, tmp_path: Path, data: Path) -> None:
    told(run, written(tmp_path, "a.txt", POLICY))
    with sqlite3.connect(data / "huiqi.db") as database:
        database.execute("UPDATE sources SET reading = replace(reading, '10%', '90%')")
    database.close()
    shutil.rmtree(data / "index")
    said = run("search", "按设备投资额补助", status=3)
    assert "90%" not in said
    assert f"数据库里的文件 {ID}(a.txt)已损坏或被改动" in said


def test_a_server_publishes_what_a_killed_removal_left(
    run: Run, tmp_path: Path, data: Path, serving: Services
) -> None:
    told(run, written(tmp_path, "a.txt", POLICY))
    assert serving.refresh()
    serving.catch_up()
    assert served(serving).status_code == 200
    code = (
        "import os, signal\n"
        "from api.services import Services\n"
        "Services.sync = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from api.cli import main\n"
        f"main(['remove', {ID!r}, '--data-dir', {str(data)!r}])\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert served(serving).status_code == 200
    assert serving.catch_up()
    assert served(serving).status_code == 404
    assert not serving.catch_up()
