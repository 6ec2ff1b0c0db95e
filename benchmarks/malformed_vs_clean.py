"""How much slower the collector empties a queue of which half is malformed than one that is clean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.benchmark import Benchmark, Run
from benchmarks.draining import drain_ours, hours, open_session, publish_all
from qingchuan.simulators.publisher import Outgoing
from qingchuan.store.observations import Tally
from tests.support.malformed import malformed
from tests.support.mosquitto import Mosquitto

_COUNT = 40_000
_CLEAN, _MALFORMED = "clean", "malformed"


def measure(folder: Path) -> Run:
    """Messages a second, to the last one in the store or among the dead letters: with malformed ones, and without."""
    half = _COUNT // 2
    malformed_rate = _rate(folder / _MALFORMED, list(_mixed(half)), Tally(half, 0, half))
    clean_rate = _rate(folder / _CLEAN, list(islice(hours(), _COUNT)), Tally(_COUNT, 0, 0))
    return Run(malformed_rate, clean_rate)


def _rate(folder: Path, messages: list[Outgoing], expected: Tally) -> float:
    with Mosquitto(folder / "mosquitto") as broker:
        open_session(broker)
        publish_all(broker, messages)
        return drain_ours(broker, folder, expected).applied


def _mixed(half: int) -> Iterator[Outgoing]:
    """Good and bad ones in turn; the announcements come first."""
    for good, bad in zip(islice(hours(), half), malformed(half), strict=True):
        yield good
        yield bad.topic, bad.payload, False


BENCHMARK = Benchmark(
    "malformed_vs_clean",
    "ratio",
    "×",
    "higher",
    0.8,
    measure,
    runs=5,
    against="as many messages that are all good",
    measured_in="messages/s",
)
