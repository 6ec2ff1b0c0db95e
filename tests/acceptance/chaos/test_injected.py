"""With 60 messages: a write or a sync fails, or the process dies of it, at the first, the second, … until none is left.

`strace` makes the system call fail; afterwards the collector is started as usual, and everything has to be there once.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.places import Places
from qingchuan.service.settings import BrokerSettings
from qingchuan.store.embedded import EmbeddedObservations
from tests.support.chaos import FULL, SEED, Chaos
from tests.support.history import judged
from tests.support.ledger import counts
from tests.support.publishes import History, messages, stations
from tests.support.sender import Sender
from tests.support.service import Service
from tests.support.verdict import Scenario, Verdict

_COUNT = 60
_BATCH = "15"
_FAILURES = {"kill": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
_STRIDE = {"pwrite64": 1, "fdatasync": 1} if FULL else {"pwrite64": 60, "fdatasync": 20}
"""In the short form only every so manieth call fails, from one on that is drawn."""
_AT_ONCE = 2
_PATIENCE = 60.0
"""[s]"""
_REDELIVERED = 0.2
"""So long after a subscription the broker has brought again what was not acknowledged. [s]"""

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(3000)]


class Trial(NamedTuple):
    """A collector whose `number`-th call of `call` fails.

    Attributes
    ----------
    call, failure : str
    number : int
    """

    call: str
    failure: str
    number: int

    def name(self) -> str:
        """For folder, client and topics."""
        return f"{self.call}-{self.failure}-{self.number}"

    def run_by(self, log: Path) -> tuple[str, ...]:
        """The `strace` that makes it fail."""
        inject = f"inject={self.call}:{_FAILURES[self.failure]}:when={self.number}"
        return "strace", "-f", "-qq", "-o", str(log), "-e", f"trace={self.call}", "-e", inject


@pytest.fixture
def prepared(chaos: Chaos) -> Path:
    """The data of a collector that knows all stations and was stopped."""
    _check_strace()
    collector = chaos.collector()
    collector.start()
    chaos.sender.announce()
    collector.wait_until(lambda: _applied(collector.data) >= len(stations()), "know the stations")
    collector.stop()
    return collector.data


@pytest.mark.parametrize("failure", _FAILURES)
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_a_call_that_fails_loses_nothing_that_was_acknowledged(
    chaos: Chaos, prepared: Path, verdict: Verdict, call: str, failure: str
) -> None:
    """Whichever call it is, from the first of a start to the last of a stop."""
    stride = _STRIDE[call]
    first = random.Random(f"{SEED}{call}{failure}").randint(1, stride)
    tried, left = 0, True
    with ThreadPoolExecutor(_AT_ONCE) as together:
        while left:
            numbers = range(first + tried * stride, first + (tried + _AT_ONCE) * stride, stride)
            trials = [Trial(call, failure, number) for number in numbers]
            left = all(together.map(lambda trial: _reaches(trial, chaos, prepared), trials))
            tried += _AT_ONCE
    note = f"each {stride}." if stride > 1 else "each"
    verdict.add(Scenario(f"{failure} at {call}", published=tried * _COUNT, note=f"{note} call of {tried * stride}"))
    assert tried * stride > _AT_ONCE, "the first call was none any more"


def _reaches(trial: Trial, chaos: Chaos, prepared: Path) -> bool:
    """Whether there was a call to fail; what had been acknowledged by then is there either way."""
    collector, told = _collector(trial, chaos, prepared), History()
    trace = collector.log.with_name("trace")
    with Sender(chaos.broker.port, messages(_COUNT, SEED), told, trial.name()) as sender:
        sender.say(_COUNT)
    collector.run_by = trial.run_by(trace)
    collector.start(wait=False)
    died = _is_dead_at_the_end(collector)
    collector.run_by = ()
    said = collector.told()
    collector.start()
    time.sleep(_REDELIVERED)
    what = f"apply all after {trial} (seed {SEED}), where it said:\n{said}"
    collector.wait_until(lambda: _is_settled(collector.data), what)
    collector.stop()
    found = judged(told, collector.data)
    assert found.holds(), f"{trial} (seed {SEED}): {found}"
    reached = died or "(INJECTED)" in trace.read_text(encoding="utf-8")
    shutil.rmtree(collector.data.parent)
    return reached


def _collector(trial: Trial, chaos: Chaos, prepared: Path) -> Service:
    """A collector with a copy of the data, and a session of its own at the broker."""
    name = trial.name()
    settings = {"BROKER__CLIENT_ID": name, "BROKER__PREFIX": name, "COLLECTOR__BATCH": _BATCH}
    collector = chaos.collector(name, settings=settings)
    shutil.copytree(prepared, collector.data)
    client = mqtt_client(BrokerSettings(), name, clean_session=False, manual_ack=False)
    client.on_connect = lambda client, *_: client.subscribe(f"{name}/+/+", qos=1)
    client.on_subscribe = lambda client, *_: client.disconnect()
    client.connect(chaos.broker.host, chaos.broker.port)
    client.loop_forever()
    return collector


def _is_dead_at_the_end(collector: Service) -> bool:
    """Let it run until it has died, or has applied everything and was stopped; whether it was killed."""
    deadline = time.monotonic() + _PATIENCE
    while collector.process.poll() is None and _applied(collector.data) < len(stations()) + _COUNT:
        assert time.monotonic() < deadline, f"it neither ended nor went on:\n{collector.told()}"
        time.sleep(0.05)
    if collector.process.poll() is None:
        os.killpg(collector.process.pid, signal.SIGINT)
        collector.process.wait(_PATIENCE)
    killed = collector.process.returncode == -signal.SIGKILL
    collector.kill()
    return killed


def _is_settled(data: Path) -> bool:
    found = counts(data)
    return found.applied >= len(stations()) + _COUNT and not found.waiting


def _applied(data: Path) -> int:
    """How many messages the store has seen; none while it cannot be read."""
    with suppress(sqlite3.Error):
        store = EmbeddedObservations(Places(data).observations, read_only=True)
        done = sum(store.tally())
        store.close()
        return done
    return 0


def _check_strace() -> None:
    """Skip where no program can be traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; apt-get install strace")
    tried = subprocess.run(["strace", "-f", "-qq", "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"strace may not trace here ({tried.stderr.strip()}); it needs the right to (ptrace)")
