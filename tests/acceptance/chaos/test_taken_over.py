"""A collector is killed, and the one that stands by for it takes over."""

from __future__ import annotations

import time

import pytest

from tests.support.chaos import FULL, MESSAGES, SEED, Chaos, received
from tests.support.service import Service

_TIMES = 5 if FULL else 2
_LONGEST = 10.0
"""[s]"""

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


def _wait_until_it_stands_by(standby: Service) -> None:
    standby.wait_until(lambda: "standing by" in standby.told(), "stand by")


def test_a_standby_takes_over_from_a_dead_collector_within_ten_seconds(chaos: Chaos) -> None:
    """Again and again: the one that took over is killed in its turn."""
    working, sender = chaos.collector(), chaos.sender
    chaos.begin(working)
    working.start()
    part, longest = MESSAGES // (_TIMES + 1), 0.0
    for _ in range(_TIMES):
        standby = chaos.collector("collector", "--standby")
        standby.log = standby.log.with_name(f"log-{time.monotonic_ns()}")
        standby.start(wait=False)
        _wait_until_it_stands_by(standby)
        before = received(working.data)
        sender.say(part, rate=MESSAGES / 4, wait=False)
        chaos.go_on(working, before, chaos.chance.randrange(part))
        working.kill()
        began, last = time.monotonic(), received(working.data)
        sender.finish()
        sender.say(1)
        chaos.go_on(standby, last, 0)
        longest = max(longest, time.monotonic() - began)
        working = standby
    sender.say(MESSAGES - _TIMES * (part + 1))
    found = chaos.settle(working)
    working.stop()
    note = f"at most {longest:.1f} s until the next took in messages"
    chaos.verdict.judge(f"taken over {_TIMES} times (seed {SEED})", found, note=note)
    assert longest < _LONGEST
