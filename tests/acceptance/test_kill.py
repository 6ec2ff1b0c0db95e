"""Killing us at random moments: nothing that we acknowledged is missing, and nothing is counted twice.

The moments are drawn from a seed that a failure names; `QINGCHUAN_TEST_SEED` sets it, and `QINGCHUAN_TEST_ROUNDS` how
often we are killed in each test (`make chaos`).
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Timer

import psutil
import pytest

from qingchuan.service.places import Places
from tests.support.episodes import as_undisturbed, episodes, judged
from tests.support.ledger import check, counts
from tests.support.mosquitto import Mosquitto
from tests.support.receiver import Receiver
from tests.support.service import AS_TOLD, Service
from tests.support.speaker import Speaker
from tests.support.tap import Seen, Tap
from tests.support.traffic import Stations, Traffic

ROUNDS = int(os.environ.get("QINGCHUAN_TEST_ROUNDS", "4"))
SEED = int(os.environ.get("QINGCHUAN_TEST_SEED") or time.time_ns() % 1_000_000)
PART = 300
"""Messages published in each round."""
LONGEST = 3.0
"""A round ends after this time although the moment to kill has not come. [s]"""

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120 + 30 * ROUNDS)]


class Killer:
    """Lets a service run and kills it at a random moment.

    Parameters
    ----------
    chance : random.Random
    service : Service
    tap : Tap
        On the line between the service and its broker.
    """

    def __init__(self, chance: random.Random, service: Service, tap: Tap) -> None:
        self._chance = chance
        self._service = service
        self._tap = tap
        self.kills: Counter[str] = Counter()

    def round(self, speaker: Speaker) -> None:
        """Publish a part of the messages, some before the service starts and some while it runs; kill it."""
        behind = self._chance.randrange(PART)
        speaker.say(behind)
        self._service.environment["QINGCHUAN_COLLECTOR__BATCH"] = str(self._chance.choice((3, 40, 2000)))
        at_a_random_moment = self._arm(self._service.kill, "all")
        self._service.start(wait=False)
        speaker.say(PART - behind, wait=False)
        at_a_random_moment()

    def strike_child(self, name: str, speaker: Speaker) -> None:
        """Kill one process of the running service at a random moment; the others go on."""
        at_a_random_moment = self._arm(lambda: _kill_child(self._service, name), name)
        speaker.say(PART, wait=False)
        at_a_random_moment()

    def _arm(self, kill: Callable[[], object], victim: str) -> Callable[[], None]:
        """Choose a moment; what is returned waits for it."""
        struck, lock = Event(), Lock()

        def strike() -> None:
            with lock:
                if not struck.is_set():
                    kill()
                    struck.set()

        moment = self._chance.choice(("delivered", "acknowledged", "time"))
        delay = self._chance.choice((0.0, self._chance.uniform(0, 0.03)))
        self.kills[f"{victim} at {moment}"] += 1
        seen: dict[str, Seen] = {"delivered": "delivered", "acknowledged": "acknowledged"}
        if moment in seen:
            self._tap.when(seen[moment], self._chance.randint(1, PART), lambda: Timer(delay, strike).start())
        if self._chance.random() < 0.5:
            self._tap.when("delivered", self._chance.randint(1, PART), self._tap.swallow)
        within = LONGEST if moment in seen else self._chance.uniform(0, LONGEST)

        def wait() -> None:
            struck.wait(within)
            self._tap.forget_traps()
            strike()

        return wait


def _kill_child(service: Service, name: str) -> None:
    for child in psutil.Process(service.process.pid).children():
        with suppress(psutil.NoSuchProcess):  # one that was killed before and not yet buried has no command line
            if name in child.cmdline():
                child.kill()


def _subscribe(service: Service) -> None:
    """From now on the broker keeps for us what is published while we are away."""
    service.start()
    service.kill()


def _drain(service: Service, speaker: Speaker, tap: Tap, traffic: Traffic) -> None:
    """Let the running service receive the rest, and wait until nothing is waiting."""
    speaker.say()
    expected = {(topic, payload) for topic, payload, _ in traffic.messages}
    tap.wait_for(lambda: expected == {(seen.topic, seen.payload) for seen in tap.acknowledged}, within=30)
    service.wait_until(lambda: not counts(service.data).waiting, "apply everything")


def _report(killer: Killer, tap: Tap, data: Path, traffic: Traffic) -> None:
    now = counts(data)
    again = sum(seen.duplicate for seen in tap.delivered)
    print(  # noqa: T201 - `make chaos` shows it
        f"\nseed {SEED}: {sum(killer.kills.values())} kills {dict(killer.kills)}, {len(traffic.messages)} messages, "
        f"{tap.connections} connections, {len(tap.acknowledged)} acknowledgements, {again} delivered with DUP, "
        f"journaled again {now.received - len(traffic.messages)}; {now}"
    )


def test_a_collector_killed_at_random_moments_loses_nothing_and_counts_nothing_twice(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """SIGKILL to `qingchuan collect`, again and again, while stations publish and correct themselves."""
    chance = random.Random(SEED)
    stations = Stations(chance, int(time.time()))
    stations.talk(PART * (ROUNDS + 1))
    traffic = stations.traffic
    with Tap(mosquitto.port) as tap, Speaker(mosquitto.port, traffic.messages) as speaker:
        service = Service(tmp_path / "service", tap.port, ["collect"], AS_TOLD)
        killer = Killer(chance, service, tap)
        _subscribe(service)
        for _ in range(ROUNDS):
            killer.round(speaker)
        service.start()
        _drain(service, speaker, tap, traffic)
        service.stop()
    _report(killer, tap, service.data, traffic)
    _check(service, tap, traffic)


def _check(service: Service, tap: Tap, traffic: Traffic) -> None:
    assert tap.strays == [], f"seed {SEED}: acknowledged, and not delivered on that connection"
    try:
        check(service.data, traffic, {(seen.topic, seen.payload) for seen in tap.acknowledged})
    except AssertionError as error:
        raise AssertionError(f"seed {SEED}: {error}") from error
    assert "whole" in service.command("verify").stdout


def test_all_of_us_killed_at_random_moments_lose_nothing_and_raise_no_alert_twice(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """SIGKILL to `qingchuan run`: to the supervisor and both its children, and to one child while the others go on."""
    chance = random.Random(SEED)
    now = int(time.time())
    stations = Stations(chance, now)
    stations.talk(PART * (ROUNDS + 3))
    traffic = stations.traffic
    with Receiver() as receiver, Tap(mosquitto.port) as tap, Speaker(mosquitto.port, traffic.messages) as speaker:
        settings = AS_TOLD | {"QINGCHUAN_ALERTS__WEBHOOKS": json.dumps([{"name": "duty", "url": receiver.url}])}
        service = Service(tmp_path / "service", tap.port, ["run"], settings)
        killer = Killer(chance, service, tap)
        _subscribe(service)
        for _ in range(ROUNDS):
            killer.round(speaker)
        service.start()
        for child in ("collect", "serve"):
            killer.strike_child(child, speaker)
        service.wait_until_ready()
        _drain(service, speaker, tap, traffic)
        service.wait_until(lambda: judged(service.data), "judge everything")
        service.stop()
    _report(killer, tap, service.data, traffic)
    _check(service, tap, traffic)
    found = episodes(Places(service.data).state)
    assert found, "the stations are to cause alerts"
    assert len(found) == len(set(found)), f"seed {SEED}: an episode stands there twice"
    assert set(found) == as_undisturbed(tmp_path / "undisturbed", traffic, now), f"seed {SEED}"
    assert receiver.notices, "and notices"
    assert receiver.repeated() == [], f"seed {SEED}: a notice came twice and does not say so"
