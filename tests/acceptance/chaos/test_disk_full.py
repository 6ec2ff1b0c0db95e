"""The disk of the journal is full for half a minute: that means waiting, not loss."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from qingchuan.service.places import Places
from qingchuan.store.embedded import EmbeddedObservations
from tests.support.chaos import FULL, MESSAGES, SEED, Chaos
from tests.support.small_disk import SmallDisk

_FULL = 30.0 if FULL else 2.0
"""How long there is no room. [s]"""
_BYTES_PER_MESSAGE = 600
"""Of the journal, and of its write-ahead log beside it."""

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


def _applied(data: Path) -> int:
    """How many messages the store has seen; the journal is on the other disk."""
    store = EmbeddedObservations(Places(data).observations, read_only=True)
    done = sum(store.tally())
    store.close()
    return done


@pytest.mark.parametrize("least_free", [0, 4])
def test_a_full_disk_delays_and_costs_nothing(chaos: Chaos, least_free: int) -> None:
    """Whether a write fails half-way or the collector stops before that, nothing is acknowledged without room."""
    collector, sender = chaos.collector(settings={"COLLECTOR__LEAST_FREE": str(least_free)}), chaos.sender
    journal, size = Places(collector.data).journal, 24_000_000 + MESSAGES * _BYTES_PER_MESSAGE
    with SmallDisk(journal, size) as disk:
        collector.run_by = disk.enter
        chaos.begin(collector)
        collector.start()
        sender.say(MESSAGES // 3)
        disk.fill()
        sender.say(MESSAGES // 3)
        said = "disk full" if least_free else "could not be written"
        chaos.wait_for(lambda: said in collector.told(), "notice that the disk is full")
        time.sleep(_FULL)
        disk.free()
        sender.say(MESSAGES - 2 * (MESSAGES // 3))
        collector.wait_until(lambda: _applied(collector.data) >= MESSAGES, "go on", 120)
        collector.stop()
        disk.copy_out()
    collector.run_by = ()
    collector.start()
    found = chaos.settle(collector)
    collector.stop()
    chaos.verdict.judge(f"disk full for {_FULL:g} s, {least_free} MB kept free (seed {SEED})", found)
