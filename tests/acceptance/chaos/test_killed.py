"""Five times `kill -9` at random moments, while stations publish."""

from __future__ import annotations

import time

import pytest

from tests.support.chaos import MESSAGES, SEED, Chaos, received

_KILLS = 5

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


def test_a_collector_that_is_killed_five_times_loses_nothing(chaos: Chaos) -> None:
    """With batches of different size, while messages come in."""
    collector, chance = chaos.collector(), chaos.chance
    chaos.begin(collector)
    part = MESSAGES // (_KILLS + 1)
    for _ in range(_KILLS):
        collector.environment["QINGCHUAN_COLLECTOR__BATCH"] = str(chance.choice((20, 200, 2000)))
        before = received(collector.data)
        collector.start(wait=False)
        chaos.sender.say(part, wait=False)
        chaos.go_on(collector, before, chance.randrange(part))
        time.sleep(chance.uniform(0, 0.02))
        collector.kill()
        chaos.sender.finish()
    collector.start()
    chaos.sender.say(MESSAGES - _KILLS * part)
    found = chaos.settle(collector)
    collector.stop()
    chaos.verdict.judge(f"killed {_KILLS} times (seed {SEED})", found)
