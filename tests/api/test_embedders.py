"""The settings say which model embeds; that one answers, or nothing does."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_server
from api.cli import main
from api.embedders import open_embedding
from api.services import Services
from api.settings import Settings
from knowledge_base import DependencyError, ModelError
from tests.api.conftest import ROOT, Run
from tests.api.embedding_server import Asked, EmbeddingServer, Reply, serving, told


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with serving(EmbeddingServer(16)) as running:
        yield running


@pytest.fixture
def endpoint(server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch) -> EmbeddingServer:
    """A server that the settings name."""
    monkeypatch.setenv("HUIQI_EMBEDDING_URL", server.url)
    monkeypatch.setenv("HUIQI_EMBEDDING_MODEL", "bge-m3")
    monkeypatch.setenv("HUIQI_EMBEDDING_KEY", "sk-secret")
    return server


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"URL": "http://localhost:1/v1"}, "HUIQI_EMBEDDING_URL.*HUIQI_EMBEDDING_MODEL"),
        ({"URL": "localhost:1", "MODEL": "m"}, "HUIQI_EMBEDDING_URL.*http://"),
        ({"QUERY_PROMPT": "q: "}, "HUIQI_EMBEDDING_QUERY_PROMPT.*HUIQI_EMBEDDING_MODEL"),
        ({"PASSAGE_PROMPT": "p: "}, "HUIQI_EMBEDDING_PASSAGE_PROMPT.*HUIQI_EMBEDDING_MODEL"),
        ({"MODEL": "zh-gram-384", "QUERY_PROMPT": "q"}, "HUIQI_EMBEDDING_MODEL.*不用提示词"),
        ({"KEY": "sk-secret"}, "HUIQI_EMBEDDING_KEY.*HUIQI_EMBEDDING_URL"),
        ({"MODEL": "m", "DIMENSIONS": "8"}, "HUIQI_EMBEDDING_DIMENSIONS.*HUIQI_EMBEDDING_URL"),
        ({"URL": "http://h/v1", "MODEL": "m", "KEY": "sk-secret\n"}, "HUIQI_EMBEDDING_KEY.*换行"),
        ({"URL": "http://h/v1", "MODEL": "m", "KEY": "密sk-secret"}, "HUIQI_EMBEDDING_KEY.*ASCII"),
        ({"URL": "http://h/v1", "MODEL": "m", "DIMENSIONS": "0"}, "HUIQI_EMBEDDING_DIMENSIONS"),
        ({"URL": "http://h/v1", "MODEL": "m", "DIMENSIONS": "x"}, "HUIQI_EMBEDDING_DIMENSIONS"),
    ],
)
def test_settings_that_do_not_go_together_are_refused_in_one_line_that_names_them(
    run: Run, monkeypatch: pytest.MonkeyPatch, named: dict[str, str], said: str
) -> None:
    for name, value in named.items():
        monkeypatch.setenv(f"HUIQI_EMBEDDING_{name}", value)
    (line,) = run("search", "贷款", status=3).splitlines()
    assert re.search(said, line)
    assert "sk-secret" not in line


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "URL", "KEY", "QUERY_PROMPT", "PASSAGE_PROMPT", "DIMENSIONS"):
        monkeypatch.setenv(f"HUIQI_EMBEDDING_{name}", "")
    assert open_embedding(Settings()).name.startswith("zh-gram-384@")


def test_the_shipped_model_is_opened_without_importing_an_http_client() -> None:
    code = (
        "import sys; from api.embedders import open_embedding; from api.settings import Settings;"
        "open_embedding(Settings()); sys.exit('httpx' in sys.modules)"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIQI_")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0


def test_a_service_embeds_corpus_and_questions_with_their_prompts(
    endpoint: EmbeddingServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIQI_EMBEDDING_QUERY_PROMPT", "query: ")
    monkeypatch.setenv("HUIQI_EMBEDDING_PASSAGE_PROMPT", "passage: ")
    monkeypatch.setenv("HUIQI_EMBEDDING_DIMENSIONS", "12")
    run("search", "技改贷款")
    *passages, query = endpoint.texts
    assert query.startswith("query: 技改贷款")
    assert len(passages) > 100
    assert all(text.startswith("passage: ") for text in passages)
    assert {asked.body["dimensions"] for asked in endpoint.asked} == {12}
    endpoint.asked.clear()
    run("search", "技改贷款")
    assert len(endpoint.texts) == 2, "the index is not made again"


def test_an_index_of_another_model_or_prompt_is_made_again_and_never_searched(
    endpoint: EmbeddingServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("search", "技改贷款")
    corpus = len(endpoint.texts) - 2
    for name, value in (("MODEL", "bge-m4"), ("QUERY_PROMPT", "q: "), ("DIMENSIONS", "4")):
        endpoint.asked.clear()
        monkeypatch.setenv(f"HUIQI_EMBEDDING_{name}", value)
        run("search", "技改贷款")
        assert len(endpoint.texts) == corpus + 2, name


def test_a_service_that_fails_half_way_is_asked_for_the_rest_alone(
    endpoint: EmbeddingServer, run: Run, data: Path
) -> None:
    left = 4

    def fails_later(asked: Asked) -> Reply:
        nonlocal left
        left -= 1
        return endpoint.right(asked) if left >= 0 else told({"error": "no"}, 403)

    endpoint.usual = fails_later
    assert "HUIQI_EMBEDDING_KEY" in run("search", "技改贷款", status=3)
    assert list((data / "index").glob("*.embedded"))
    endpoint.usual = endpoint.right
    embedded = set(endpoint.texts[1:65])
    endpoint.asked.clear()
    run("search", "技改贷款")
    assert len(endpoint.texts) > 100
    assert not set(endpoint.texts) & embedded
    assert not list((data / "index").glob("*.embedded"))


def test_a_service_that_is_down_answers_503_and_no_other_model_steps_in(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = EmbeddingServer(16)
    with serving(server):
        settings = Settings(data_dir=data, embedding_url=server.url, embedding_model="bge-m3")
        services = Services(settings)
        services.open()
        client = TestClient(create_server(services), raise_server_exceptions=False)
        ask = {"query": "技改贷款"}
        assert client.post("/api/v1/search", json=ask).status_code == 200
        assert services.embedder.name.startswith("bge-m3@")
    down = client.post("/api/v1/search", json=ask)
    assert down.status_code == 503
    assert down.json()["error"] == "dependency_down"
    assert server.url in down.json()["detail"]
    chat = client.post("/api/v1/chat", json={"message": "技改贷款有什么补助?"})
    assert chat.status_code == 503
    services.close()
    with pytest.raises(DependencyError, match="连接不上"):
        _ = Services(settings).knowledge


def test_a_service_that_is_down_gives_the_command_line_its_status(
    capsys: pytest.CaptureFixture[str], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIQI_EMBEDDING_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HUIQI_EMBEDDING_MODEL", "bge-m3")
    monkeypatch.setenv("HUIQI_EMBEDDING_KEY", "sk-secret")
    assert main(["search", "贷款", "--data-dir", str(data)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "http://127.0.0.1:9/v1" in line
    assert "sk-secret" not in line


def test_a_fault_of_a_local_model_names_its_variable(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="HUIQI_EMBEDDING_MODEL:模型"):
        open_embedding(Settings(embedding_model=str(tmp_path)))


def test_the_start_line_says_which_model_serves(endpoint: EmbeddingServer, data: Path) -> None:
    served = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--data-dir", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert served.stdout is not None
        assert re.search(
            r"已启动 http://\S+  向量模型 bge-m3@[0-9a-f]{12} ", served.stdout.readline()
        )
    finally:
        served.terminate()
        served.wait(30)
        if served.stdout is not None:
            served.stdout.close()
