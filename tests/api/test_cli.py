"""The command line: the same answers as HTTP, one clear line per error, never a traceback."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import calls, schemas, terminal
from api.cli import _parser, main
from api.columns import width
from api.commands import COMMANDS
from api.opening import open_services
from api.store import migrate, open_engine
from knowledge_base import SHIPPED_CORPUS

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "examples" / "manufacturer.json")
ON = ["--on", "2026-11-22"]
API = "/api/v1"


@pytest.fixture
def at(data_dir: Path, services: Any) -> list[str]:
    return ["--data-dir", str(data_dir)]


def out(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def fails(capsys: pytest.CaptureFixture[str], arguments: list[str], status: int) -> str:
    assert main(arguments) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert any("\u4e00" <= char <= "\u9fff" for char in said.err)
    return said.err


def test_json_is_exactly_the_http_answer(
    capsys: pytest.CaptureFixture[str],
    at: list[str],
    client: TestClient,
    manufacturer: dict[str, Any],
) -> None:
    body: dict[str, Any] = {"profile": manufacturer, "on": "2026-11-22"}
    need = {**body, "need": "技改贷款", "limit": 5}
    match = ["match", EXAMPLE, "--need", "技改贷款", "--limit", "5", "--json", *ON, *at]
    assert out(capsys, match) == client.post(f"{API}/matches", json=need).text + "\n"
    standards = ["standards", EXAMPLE, "--json", *ON, *at]
    assert out(capsys, standards) == client.post(f"{API}/standards", json=body).text + "\n"
    query = {"query": "先用后转", "k": 3, "on": "2026-11-22"}
    search = ["search", "先用后转", "-k", "3", "--json", *ON, *at]
    assert out(capsys, search) == client.post(f"{API}/search", json=query).text + "\n"


def test_ask_json_differs_from_http_only_in_its_ids(
    capsys: pytest.CaptureFixture[str], at: list[str], client: TestClient
) -> None:
    message = "先用后转保险县里补多少?"
    told = json.loads(out(capsys, ["ask", message, "--json", *ON, *at]))
    same = client.post(f"{API}/chat", json={"message": message, "on": "2026-11-22"}).json()
    for answer in (told, same):
        assert answer.pop("session_id")
        assert answer.pop("turn_id")
    assert told == same
    assert client.get(f"{API}/chat/unknown").status_code == 404


def test_tables_echo_the_day_and_carry_the_words(
    capsys: pytest.CaptureFixture[str], at: list[str]
) -> None:
    matches = out(capsys, ["match", EXAMPLE, *ON, *at])
    assert "2026-11-22" in matches
    assert re.search(r"■ 可申报\(\d+项,其中示例\d+项\)", matches)
    assert "条件相符(示例)" in matches
    answer = out(capsys, ["ask", "先用后转保险县里补多少?", *ON, *at])
    assert "平科〔2024〕65号 二、(二)5" in answer
    demo = out(capsys, ["demo", *ON, *at])
    assert "结论的依据" in demo
    assert "按保费80%予以补助" in demo


def test_a_long_offer_id_is_printed_whole_and_the_table_still_lines_up(
    services: Any, manufacturer: dict[str, Any]
) -> None:
    body = schemas.MatchesBody(profile=manufacturer, limit=6)
    answer = calls.matches(services, body)
    answer.matches[1].offer.id = "cangnan-2025-12:2.3~1"
    table = terminal.matches(answer, services.catalogue.vocabulary, "示例")
    rows = [line for line in table.splitlines() if line.startswith("  ")][:6]
    starts = set()
    for match in answer.matches:
        (row,) = [row for row in rows if row.startswith(f"  {match.offer.id} ")]
        starts.add(width(row[: row.index(match.offer.name[:4])]))
    assert len(starts) == 1
    chat = calls.chat(services, schemas.ChatBody(message="企业想贷款", profile=manufacturer))
    chat.matches = answer.matches
    assert "  cangnan-2025-12:2.3~1 " in terminal.answer(chat)


def test_a_corpus_is_proved_and_what_ends_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    said = out(capsys, ["check", *ON])
    assert "条款 21 条" in said
    assert "90 天内到期 2 项" in said
    later = out(capsys, ["check", "--on", "2027-01-01"])
    assert "已到期 2 项" in later


def test_every_invented_quote_of_a_corpus_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(SHIPPED_CORPUS, folder)
    for name in ("p06", "p40"):
        (path,) = folder.glob(f"products/*/{name}.md")
        text = path.read_text(encoding="utf8")
        first = text.index('quote = "', text.index("[[criteria]]")) + len('quote = "')
        path.write_text(text[:first] + "杜撰的话" + text[first:], encoding="utf8")
    said = fails(capsys, ["check", "--corpus", str(folder)], 1)
    assert "p06.md" in said
    assert "p40.md" in said
    assert "杜撰的话" in said
    fails(capsys, ["check", "--corpus", str(tmp_path)], 1)


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        ('{"revenu_yuan": 1}', "revenue_yuan"),
        ('{"uscc": "91330326XY90001100"}', "校验位"),
        ('{"founded_on": "2026-11-23"}', "成立日期"),
        ('{"revenue_yuan": -1}', "revenue_yuan"),
        ('{"employees": [50, 20]}', "颠倒"),
        ('{"region": "999999"}', "region"),
        ('{"region": ', "第1行"),
        ("[1]", "对象"),
        ("\x00", "JSON"),
    ],
)
def test_a_bad_profile_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], at: list[str], tmp_path: Path, profile: str, named: str
) -> None:
    path = tmp_path / "p.json"
    path.write_text(profile, encoding="utf8")
    for command in ("match", "standards"):
        said = fails(capsys, [command, str(path), *ON, *at], 1)
        assert named in said
        assert len(said.splitlines()) == 1


def test_wrong_input_wrong_usage_and_a_missing_dependency_have_their_status(
    capsys: pytest.CaptureFixture[str],
    at: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUIQI_EMBEDDING_MODEL", "/no/such/model")
    said = fails(capsys, ["search", "贷款", "--data-dir", str(tmp_path / "m")], 3)
    assert "HUIQI_EMBEDDING_MODEL:模型“/no/such/model”打不开" in said
    assert "not found" not in said
    monkeypatch.delenv("HUIQI_EMBEDDING_MODEL")
    assert "没有这个文件" in fails(capsys, ["match", "/no/such.json", *at], 1)
    (tmp_path / "latin.json").write_bytes(b'{"name": "\xe9"}')
    assert "UTF-8" in fails(capsys, ["match", str(tmp_path / "latin.json"), *at], 1)
    assert "空" in fails(capsys, ["ask", " ", *at], 1)
    assert "太长" in fails(capsys, ["ask", "问" * 100_000, *at], 1)
    assert "日期" in fails(capsys, ["search", "贷款", "--on", "soon", *at], 1)
    assert "k:" in fails(capsys, ["search", "贷款", "-k", "0", *at], 1)
    assert "PDF" in fails(capsys, ["brief", EXAMPLE, "-o", str(tmp_path / "x.pdf"), *at], 1)
    assert "缺少参数" in fails(capsys, ["match"], 2)
    assert "没有这个选择" in fails(capsys, ["fly"], 2)
    assert "65535" in fails(capsys, ["serve", "--port", "99999"], 2)
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "数据目录" in fails(capsys, ["search", "贷款", "--data-dir", str(blocked / "d")], 3)


def test_a_database_that_cannot_be_written_is_said_in_chinese(
    capsys: pytest.CaptureFixture[str],
    at: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = open_engine(f"sqlite:///{tmp_path / 'huiqi.db'}")
    migrate(made)
    monkeypatch.setenv(
        "HUIQI_DATABASE_URL", f"sqlite:///file:{tmp_path / 'huiqi.db'}?mode=ro&uri=true"
    )
    said = fails(capsys, ["ask", "先用后转保险县里补多少?", *at], 3)
    assert "只读" in said
    assert "readonly" not in said
    made.dispose()
    url = f"sqlite:///{tmp_path / 'no' / 'huiqi.db'}"
    monkeypatch.setenv("HUIQI_DATABASE_URL", url)
    assert "没有写入权限" in fails(capsys, ["ask", "先用后转保险县里补多少?", *at], 3)


def test_the_port_of_the_environment_holds_where_none_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUIQI_PORT", "8123")
    assert open_services(_parser().parse_args(["serve"])).settings.port == 8123
    given = _parser().parse_args(["serve", "--port", "8124"])
    assert open_services(given).settings.port == 8124


def test_help_is_chinese_and_loads_nothing_heavy() -> None:
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "api.cli", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert "用法" in said.stdout
    for heavy in ("pydantic", "numpy", "torch", "sqlalchemy", "fastapi"):
        assert f" {heavy}\n" not in said.stderr


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_the_help_of_every_command_lines_up_and_is_chinese(
    capsys: pytest.CaptureFixture[str], command: str | None
) -> None:
    said = out(capsys, [*filter(None, [command]), "--help"])
    assert said.count("用法") == 1
    assert said.startswith(f"用法: huiqi {command or '[-h]'}")
    options = said[said.index("选项:") :].splitlines()
    rows = [line for line in options if re.match(r"  +\S.*? {2,}\S", line)]
    columns = {width(re.match(r"  +\S.*? {2,}(?=\S)", line)[0]) for line in rows}
    assert len(columns) == 1, said
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in rows)
    assert max(map(width, said.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["search", "贷款", "--on"], "后面要跟一个值"),
        (["ingest"], "缺少参数"),
        (["search", "贷款", "-k", "many"], "应为整数"),
        (["search", "贷款", "--json=1"], "不能带值"),
        (["review", "x", "--va", "2026-01-01"], "不止一个"),
        (["search", "贷款", "--nothing"], "不认识的参数"),
    ],
)
def test_wrong_usage_is_said_without_a_word_of_english(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    line = fails(capsys, arguments, 2).splitlines()[-1]
    assert told in line
    plain = re.sub(r"--?[a-z]+(?:-[a-z]+)*|'[^']*'", "", line)
    assert not re.search(r"[a-z]{3,}", plain.replace("many", "")), line


def test_the_shipped_model_answers_without_importing_torch(data_dir: Path, at: list[str]) -> None:
    code = (
        "import sys; from api.cli import main; "
        f"main(['search', '贷款', '--data-dir', {str(data_dir)!r}]); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT)


def test_a_reader_that_leaves_early_is_no_error(at: list[str]) -> None:
    command = [sys.executable, "-m", "api.cli", "match", EXAMPLE, *at]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=ROOT)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_taken_port_is_said_before_anything_is_built(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = fails(capsys, ["serve", "--port", port, "--data-dir", str(tmp_path / "d")], 3)
    assert "端口已被占用" in said
    assert "Address" not in said
    assert not (tmp_path / "d").exists()
