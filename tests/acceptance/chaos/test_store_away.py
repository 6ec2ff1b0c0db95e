"""The store is away for minutes: what arrives is acknowledged all the same, and applied when it is back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from qingchuan.service.places import Places
from tests.support.chaos import FULL, MESSAGES, Chaos
from tests.support.history import journal_of
from tests.support.ledger import counts, sqlite

_AWAY = 130.0 if FULL else 4.0
"""[s]"""
_QUICK = 30.0
"""Within so many seconds all is in the journal, though the store is away."""

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]


@contextmanager
def _away(store: Path) -> Iterator[None]:
    """Somebody else has the right to write, and does not give it back."""
    with closing(sqlite3.connect(store, isolation_level=None, timeout=10)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def _journaled(data: Path) -> int:
    with sqlite(journal_of(data)) as journal:
        found = journal.execute("SELECT from_stations FROM batch ORDER BY sequence DESC LIMIT 1").fetchone()
    return int(found[0])


def test_a_store_that_is_away_delays_and_costs_nothing(chaos: Chaos) -> None:
    """The journal takes all of it meanwhile, and the collector acknowledges."""
    collector, sender = chaos.collector(), chaos.sender
    chaos.begin(collector)
    collector.start()
    sender.say(MESSAGES // 4)
    chaos.wait_for(lambda: not counts(collector.data).waiting, "apply")
    began = time.monotonic()
    with _away(Places(collector.data).observations):
        sender.say(MESSAGES // 2)
        taken = MESSAGES // 4 + MESSAGES // 2
        chaos.wait_for(lambda: _journaled(collector.data) >= taken, "journal all", _QUICK + MESSAGES / 5000)
        chaos.wait_for(lambda: "store unavailable" in collector.told(), "notice that the store is away")
        time.sleep(max(0.0, began + _AWAY - time.monotonic()))
        sender.say(MESSAGES - taken)
    lagged = counts(collector.data).waiting
    found = chaos.settle(collector)
    collector.stop()
    chaos.verdict.judge(f"store away for {time.monotonic() - began:.0f} s", found, lagged=lagged)
    assert lagged >= MESSAGES // 2
