"""The guard of the tests on long texts interrupts work that never ends, inside a pattern too."""

import re
import signal

import pytest

from tests import conftest


def test_a_pattern_that_backtracks_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(conftest, "PROCESSOR_SECONDS", 0.2)
    request.getfixturevalue("unhurried")
    with pytest.raises(AssertionError, match="grows faster"):
        re.fullmatch(r"(a+)+b", "a" * 60)
    assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
