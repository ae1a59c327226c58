import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_server
from api.cli import main
from api.services import SHANGHAI, Services
from api.settings import Settings

ROOT = Path(__file__).parents[2]
ON = "2026-11-22"
Run = Callable[..., str]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def services(data_dir: Path) -> Iterator[Services]:
    opened = Services(
        Settings(data_dir=data_dir), now=lambda: datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    )
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def client(services: Services) -> TestClient:
    return TestClient(create_server(services), raise_server_exceptions=False)


@pytest.fixture
def manufacturer() -> dict[str, Any]:
    return json.loads((ROOT / "examples" / "manufacturer.json").read_text(encoding="utf8"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], data: Path) -> Run:
    """Runs a command on the data of this test; returns all it prints."""

    def call(*arguments: str, status: int = 0) -> str:
        assert main([*arguments, "--data-dir", str(data)]) == status
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said.out + said.err

    return call


@pytest.fixture
def serving(data: Path) -> Iterator[Services]:
    services = Services(
        Settings(data_dir=data), now=lambda: datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
    )
    services.open()
    yield services
    services.close()
