"""What the scenarios share: a broker, stations that publish to it, and the verdict in the last line.

``QINGCHUAN_TEST_MESSAGES`` says how many messages go through each scenario, ``QINGCHUAN_TEST_SEED`` draws the same
moments again (`make chaos`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chaos import SEED, Chaos
from tests.support.mosquitto import Mosquitto
from tests.support.publishes import History, messages
from tests.support.sender import Sender
from tests.support.verdict import Verdict

_HERE = Path(__file__).parent
_VERDICT = pytest.StashKey[Verdict]()
_ENDLESS = 10_000_000


@pytest.fixture(scope="session")
def verdict(pytestconfig: pytest.Config) -> Verdict:
    """Where each scenario puts what it came to."""
    return pytestconfig.stash[_VERDICT]


@pytest.fixture
def chaos(tmp_path: Path, mosquitto: Mosquitto, verdict: Verdict) -> Iterator[Chaos]:
    """A broker, stations, and a folder for collectors."""
    history = History()
    with Sender(mosquitto.port, messages(_ENDLESS, SEED), history) as sender:
        made = Chaos(tmp_path, mosquitto, sender, history, verdict, random.Random(SEED))
        yield made
        made.end()


def pytest_configure(config: pytest.Config) -> None:
    """Begin."""
    config.stash[_VERDICT] = Verdict()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of all scenarios that never met what they are for."""
    if _all_ran(session) and session.config.stash[_VERDICT].vacuous():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say the verdict, below all else that was said."""
    verdict = config.stash[_VERDICT]
    if not verdict.scenarios:
        return
    for scenario in verdict.scenarios:
        print(scenario.line())  # noqa: T201 - what the run is for
    never = f"; vacuous, it never met {' or '.join(verdict.vacuous())}" if verdict.vacuous() else ""
    print(verdict.line() + never)  # noqa: T201 - the last line


def _all_ran(session: pytest.Session) -> bool:
    """Whether no scenario was left out by an option."""
    return {item.path for item in session.items} >= set(_HERE.glob("test_*.py"))
