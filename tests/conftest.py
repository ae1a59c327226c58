"""Shared by all tests: the shipped corpus read once, the frozen day, the gold cases."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from knowledge_base import Catalogue, Document, Vocabulary, load_catalogue
from recommender import EnterpriseProfile, Recommender, read_profile

CASES = Path(__file__).parent / "cases"
DAY = date(2026, 11, 22)
PROCESSOR_SECONDS = 60

# The same examples on every machine: a red test must be red again for the next reader.
settings.register_profile("huiqi", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("prove", derandomize=True, deadline=None, max_examples=5000)
settings.load_profile("prove" if os.environ.get("HUIQI_PROVE") else "huiqi")


def load_cases(name: str) -> list[dict[str, Any]]:
    """Gold cases of one file of tests/cases, in file order."""
    lines = (CASES / name).read_text(encoding="utf8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `gold_case` runs once per gold enterprise, under its id."""
    if "gold_case" in metafunc.fixturenames:
        cases = load_cases("profiles.jsonl")
        metafunc.parametrize("gold_case", cases, ids=[case["id"] for case in cases])


@pytest.fixture(scope="session")
def on() -> date:
    """The day all gold cases are frozen at."""
    return DAY


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def vocabulary(catalogue: Catalogue) -> Vocabulary:
    return catalogue.vocabulary


@pytest.fixture(scope="session")
def recommender(catalogue: Catalogue) -> Recommender:
    return Recommender(catalogue)


@pytest.fixture(scope="session")
def policy(catalogue: Catalogue) -> Document:
    """平科〔2024〕65号."""
    return catalogue.documents["pingyang-2024-65"]


@pytest.fixture(scope="session")
def gold_profiles() -> dict[str, dict[str, Any]]:
    """The raw profile of every gold enterprise by id."""
    return {case["id"]: case["profile"] for case in load_cases("profiles.jsonl")}


@pytest.fixture(scope="session")
def profile(vocabulary: Vocabulary, on: date) -> Callable[..., EnterpriseProfile]:
    """Reads a profile: `profile(raw)` or `profile(on=day, employees=3)`."""

    def read(raw: dict[str, Any] | None = None, on: date = on, **facts: Any) -> EnterpriseProfile:
        return read_profile({**(raw or {}), **facts}, vocabulary, on)

    return read


@pytest.fixture
def unhurried() -> Iterator[None]:
    """Fails a test that takes a minute of this process's own time.

    The texts of such tests are so long that only work growing faster than they do takes that long;
    what linear work takes is printed by tests/benchmarks, never asserted.
    """

    def stop(*_: object) -> None:
        raise AssertionError("the time grows faster than the text")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PROCESSOR_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)
