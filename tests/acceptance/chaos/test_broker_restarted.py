"""The broker is stopped and started while stations publish."""

from __future__ import annotations

import time

import pytest

from tests.support.chaos import MESSAGES, SEED, Chaos, received

_RESTARTS = 2

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


def test_a_broker_that_is_restarted_costs_nothing_that_it_had_acknowledged(chaos: Chaos) -> None:
    """What its stations could not publish meanwhile ended failed, what was on its way may have arrived."""
    collector, sender = chaos.collector(), chaos.sender
    chaos.begin(collector)
    collector.start()
    part = MESSAGES // (_RESTARTS + 1)
    for _ in range(_RESTARTS):
        before = received(collector.data)
        sender.say(part, rate=MESSAGES / 4, wait=False)
        chaos.go_on(collector, before, part // 3)
        chaos.broker.stop()
        time.sleep(chaos.chance.uniform(0.1, 1))
        chaos.broker.start()
        sender.finish()
    sender.say(MESSAGES - _RESTARTS * part)
    found = chaos.settle(collector)
    collector.stop()
    ended = {outcome: chaos.history.outcomes.count(outcome) for outcome in ("failed", "unknown")}
    chaos.verdict.judge(f"broker restarted {_RESTARTS} times (seed {SEED})", found, note=str(ended))
    assert any(ended.values()), "it was never away"
