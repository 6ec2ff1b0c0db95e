"""How much slower the collector empties a queue of which a tenth is late or corrects what was told, than a clean one.

A late hour comes up to two days after its time, between those of the same station that it lies before; a correction is
of any hour of the last five days. Quality control judges each of them together with the values around it.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from benchmarks.benchmark import Benchmark, Run
from benchmarks.draining import drain_ours, hours, open_session, publish_all
from qingchuan.simulators.publisher import Outgoing
from qingchuan.store.observations import Tally
from tests.support.mosquitto import Mosquitto

_COUNT = 40_000
_CLEAN, _LATE = "clean", "late"
_SHARE = 0.05
"""Of late hours, and of corrections."""
_HELD_BACK = 300 * 48
"""So many messages later a late one comes, at most."""
_CORRECTED = 120
"""How many hours a correction reaches back, at most."""
_MOVES = 0.2
"""How far a corrected value is from what was told [ln]."""


def measure(folder: Path) -> Run:
    """Messages a second, to the last one in the store: with late ones and corrections, and without."""
    late = _rate(folder / _LATE, disordered(hours()))
    return Run(late, _rate(folder / _CLEAN, hours()))


def disordered(messages: Iterable[Outgoing]) -> Iterator[Outgoing]:
    """The same messages, some of them later, and corrections of some of them; each tells something new."""
    chance = random.Random(3)
    told: dict[str, list[bytes]] = {}
    held: list[tuple[int, Outgoing]] = []
    for number, message in enumerate(messages):
        while held and held[0][0] <= number:
            yield heapq.heappop(held)[1]
        kind = chance.random() if message[0].endswith("/hour") else 1
        if kind < _SHARE:
            heapq.heappush(held, (number + chance.randint(300, _HELD_BACK), message))
            continue
        yield message
        payloads = told.setdefault(message[0], [])
        payloads.append(message[1])
        if kind < 2 * _SHARE:
            place = chance.randrange(max(0, len(payloads) - _CORRECTED), len(payloads))
            payloads[place] = _corrected(payloads[place], chance)
            yield message[0], payloads[place], False


def _corrected(payload: bytes, chance: random.Random) -> bytes:
    """An hour with another value of one of its items."""
    hour = msgspec.json.decode(payload)
    item = chance.choice(sorted(hour["values"]))
    before = hour["values"][item]
    now = round(before * chance.lognormvariate(0, _MOVES), 1 if item == "co" else 0)
    hour["values"][item] = now if now != before else before + 1
    return msgspec.json.encode(hour)


def _rate(folder: Path, messages: Iterable[Outgoing]) -> float:
    with Mosquitto(folder / "mosquitto") as broker:
        open_session(broker)
        publish_all(broker, list(islice(messages, _COUNT)))
        return drain_ours(broker, folder, Tally(_COUNT, 0, 0)).applied


BENCHMARK = Benchmark(
    "late_vs_clean",
    "ratio",
    "×",
    "higher",
    0.5,
    measure,
    runs=5,
    against="as many messages in the order of time",
    measured_in="messages/s",
)
