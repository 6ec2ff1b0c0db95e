"""What a scenario of `make chaos` works with."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.history import Judgement, judged
from tests.support.ledger import counts
from tests.support.mosquitto import Mosquitto
from tests.support.publishes import History, stations
from tests.support.sender import Sender
from tests.support.service import Service
from tests.support.verdict import Verdict

MESSAGES = int(os.environ.get("QINGCHUAN_TEST_MESSAGES") or 2000)
"""Messages that go through a scenario."""
SEED = int(os.environ.get("QINGCHUAN_TEST_SEED") or time.time_ns() % 1_000_000)
FULL = MESSAGES >= 50_000
"""Whether what takes minutes may take them."""
_PATIENCE = 240.0
"""[s]"""
_GRACE = 70.0
"""How long after everything seems to be there something may still come: two of the longest pauses. [s]"""
_STEP = 0.5
"""[s]"""


@dataclass
class Chaos:
    """A broker, stations that publish to it, and a folder for collectors.

    Attributes
    ----------
    folder : Path
    broker : Mosquitto
    sender : Sender
    history : History
    verdict : Verdict
    chance : random.Random
    """

    folder: Path
    broker: Mosquitto
    sender: Sender
    history: History
    verdict: Verdict
    chance: random.Random
    _made: list[Service] = field(default_factory=list)

    def collector(
        self, name: str = "collector", *options: str, port: int | None = None, settings: Mapping[str, str] | None = None
    ) -> Service:
        """A collector that is not started; the settings are named as in the environment, without their beginning."""
        named = {f"QINGCHUAN_{key}": value for key, value in (settings or {}).items()}
        made = Service(self.folder / name, port or self.broker.port, ["collect", *options], named)
        self._made.append(made)
        return made

    def end(self) -> None:
        """End all collectors that still run."""
        for made in self._made:
            made.kill()

    def begin(self, collector: Service) -> None:
        """Leave a subscription of `collector` at the broker, and announce all stations."""
        collector.start()
        collector.stop()
        self.sender.announce()

    def settle(self, collector: Service, *directories: Path) -> Judgement:
        """What came of everything, when the running `collector` has taken in all that the broker has for it."""
        self.sender.finish()
        folders = directories or (collector.data,)
        wanted = self.history.outcomes.count("ok") + len(stations())
        collector.wait_until(lambda: _settled(folders, wanted), f"take in {wanted} messages", _PATIENCE)
        deadline = time.monotonic() + _GRACE
        while True:
            found = judged(self.history, *folders)
            if found.holds() or time.monotonic() > deadline:
                return found
            time.sleep(_STEP)

    def go_on(self, collector: Service, before: int, least: int) -> None:
        """Wait until `collector` has journaled `least` messages more than the `before` that it had."""
        self.wait_for(lambda: received(collector.data) > before + least, f"journal {least} messages")

    def wait_for(self, condition: Callable[[], bool], what: str, within: float = _PATIENCE) -> None:
        """Wait until `condition` holds, whatever becomes of any process."""
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"seed {SEED}: it did not {what} within {within} s"
            time.sleep(0.02)


def received(data: Path) -> int:
    """How many messages of stations are journaled."""
    return counts(data).received


def _settled(folders: tuple[Path, ...], wanted: int) -> bool:
    found = [counts(data) for data in folders]
    return sum(one.received for one in found) >= wanted and not any(one.waiting for one in found)
