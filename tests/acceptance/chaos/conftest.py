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
from tests.support.verdict_plugin import VERDICT

_ENDLESS = 10_000_000


@pytest.fixture(scope="session")
def verdict(pytestconfig: pytest.Config) -> Verdict:
    """Where each scenario puts what it came to."""
    return pytestconfig.stash[VERDICT]


@pytest.fixture
def chaos(tmp_path: Path, mosquitto: Mosquitto, verdict: Verdict) -> Iterator[Chaos]:
    """A broker, stations, and a folder for collectors."""
    history = History()
    with Sender(mosquitto.port, messages(_ENDLESS, SEED), history) as sender:
        made = Chaos(tmp_path, mosquitto, sender, history, verdict, random.Random(SEED))
        yield made
        made.end()
