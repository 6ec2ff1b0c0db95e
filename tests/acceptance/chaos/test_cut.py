"""A connection is cut between append and acknowledgement, with corrections in between: no old value comes back."""

from __future__ import annotations

import time

import pytest

from tests.support.chaos import FULL, MESSAGES, SEED, Chaos, received
from tests.support.tap import Tap

_CUTS = 8 if FULL else 3
"""The pause before the next connection grows with each."""
_JOURNALED = 0.2
"""Long enough for what was delivered to be journaled. [s]"""

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]


def test_what_is_delivered_again_does_not_undo_its_correction(chaos: Chaos) -> None:
    """From some moment on the broker gets no acknowledgement; then the line breaks, and it delivers all that again."""
    with Tap(chaos.broker.port) as tap:
        collector, sender = chaos.collector(port=tap.port), chaos.sender
        chaos.begin(collector)
        collector.start()
        part = MESSAGES // (_CUTS + 1)
        for _ in range(_CUTS):
            before = received(collector.data)
            sender.say(part // 2)
            chaos.go_on(collector, before, chaos.chance.randrange(part // 2))
            tap.swallow()
            sender.say(part - part // 2)
            time.sleep(_JOURNALED)
            tap.cut()
        sender.say(MESSAGES - _CUTS * part)
        found = chaos.settle(collector)
        collector.stop()
    chaos.verdict.judge(f"cut before acknowledgements {_CUTS} times (seed {SEED})", found)
    assert found.redelivered
