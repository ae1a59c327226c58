"""A server that runs serves what other processes take in, and drops what they take out, in seconds."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_intake import ID, POLICY

ROOT = Path(__file__).parents[2]
PATIENCE = 45.0  # a withdrawn text must be gone within a minute


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "api.cli", *arguments]


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[str]]:
    """Two servers over one data directory."""
    started, addresses = [], []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        serve = command("serve", "--port", str(port), "--data-dir", str(tmp_path / "data"))
        started.append(
            subprocess.Popen(serve, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        addresses.append(f"http://127.0.0.1:{port}")
    try:
        for address in addresses:
            eventually(lambda a=address: fetched(f"{a}/readyz") is not None)
        yield addresses
    finally:
        for server in started:
            server.terminate()
        for server in started:
            server.wait(20)


def fetched(url: str) -> Any:
    """The JSON at an address, or None where there is none."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)
    except OSError:
        return None


def eventually(holds: Callable[[], bool]) -> float:
    """Wait until something holds; seconds it took."""
    start = time.monotonic()
    while not holds():
        assert time.monotonic() - start < PATIENCE
        time.sleep(0.2)
    return time.monotonic() - start


def test_what_one_process_changes_every_server_follows(tmp_path: Path, servers: list[str]) -> None:
    path = tmp_path / "jg.txt"
    path.write_text(POLICY, encoding="utf8")
    data = ["--data-dir", str(tmp_path / "data")]
    before = [fetched(f"{a}/readyz")["generation"] for a in servers]
    subprocess.run(command("ingest", str(path), *data), cwd=ROOT, check=True, capture_output=True)
    for address in servers:
        eventually(lambda a=address: fetched(f"{a}/api/v1/documents/{ID}") is not None)
    after = [fetched(f"{a}/readyz")["generation"] for a in servers]
    assert all(new > old for new, old in zip(after, before, strict=True))
    subprocess.run(command("remove", ID, *data), cwd=ROOT, check=True, capture_output=True)
    for address in servers:
        eventually(lambda a=address: fetched(f"{a}/api/v1/documents/{ID}") is None)
        assert fetched(f"{address}/readyz") is not None, "gone, and still serving"
