"""A real server that is killed in the middle of writes and of queries, and comes back."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from qingchuan.store.influx.errors import ServerAwayError, UnfitServerError
from qingchuan.store.influx.observations import InfluxObservations
from qingchuan.store.influx.server import InfluxPlace, InfluxServer
from qingchuan.store.influx.setup import provide
from qingchuan.store.observations import Write
from tests.store.contract.stores import HOUR, apply, hour, pm25
from tests.support.influxd import ORG, Influxd, influxd_program

STATIONS = 20
PATIENCE = 60
"""For the server to be back. [s]"""


@pytest.fixture(scope="module")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """A server that a test may kill."""
    with Influxd(tmp_path_factory.mktemp("influxd"), influxd_program()) as server:
        yield server


@pytest.fixture
def place(influxd: Influxd, tmp_path: Path) -> InfluxPlace:
    """A bucket of this test alone."""
    return influxd.place(tmp_path.name)


def opened(place: InfluxPlace, tmp_path: Path, *, read_only: bool = False) -> InfluxObservations:
    """The store of this test."""
    return InfluxObservations(InfluxServer(place), tmp_path / "ledger.sqlite", read_only=read_only)


def batch(number: int) -> list[Write]:
    """The hour of this `number` of all stations, and what they say anew of the one before."""
    first = number * 2 * STATIONS + 1
    writes = [Write(first + one, hour(number * HOUR, f"{one}A", pm25=str(number + one))) for one in range(STATIONS)]
    earlier = [hour((number - 1) * HOUR, f"{one}A", pm25=f"{number + one}.5") for one in range(STATIONS)]
    return writes + [Write(first + STATIONS + one, told) for one, told in enumerate(earlier)]


def test_a_server_that_is_away_is_said_to_be_away_and_nothing_is_done(
    influxd: Influxd, place: InfluxPlace, tmp_path: Path
) -> None:
    """When it is back the same messages are applied, and the next ones."""
    with closing(opened(place, tmp_path)) as store:
        apply(store, hour(0, "1235A", pm25="35"))
        influxd.kill()
        with pytest.raises(ServerAwayError, match=r"does not answer .* is it there\? \(store.url\)"):
            apply(store, hour(HOUR, "1235A", pm25="36"))
        with pytest.raises(ServerAwayError):
            pm25(store)
        assert store.sequence() == 1
        influxd.start()
        apply(store, hour(HOUR, "1235A", pm25="36"), hour(0, "1235A", pm25="34"))
        assert pm25(store, 0, HOUR, as_of=1) == [35.0]
        assert pm25(store, 0, 2 * HOUR) == [34.0, 36.0]


def test_a_process_may_start_before_its_server(influxd: Influxd, place: InfluxPlace, tmp_path: Path) -> None:
    """What was applied is known without it."""
    influxd.kill()
    with closing(opened(place, tmp_path)) as store:
        assert store.sequence() == 0
        with pytest.raises(ServerAwayError):
            apply(store, hour(0, "1235A", pm25="35"))
        influxd.start()
        apply(store, hour(0, "1235A", pm25="35"))
        assert pm25(store) == [35.0]


@pytest.mark.chaos
def test_a_server_that_is_killed_again_and_again_loses_nothing(
    influxd: Influxd, place: InfluxPlace, tmp_path: Path
) -> None:
    """Whatever was written, was noted, or was on its way; queries end with an answer or an error, never with half."""
    batches, stop = 60, Event()
    seen: list[int] = []
    with closing(opened(place, tmp_path)) as store, closing(opened(place, tmp_path, read_only=True)) as reader:
        breaker = Thread(target=_break_again_and_again, args=(influxd, stop))
        asking = Thread(target=_ask_again_and_again, args=(reader, stop, seen))
        breaker.start()
        asking.start()
        try:
            for number in range(batches):
                _insist(store, number)
        finally:
            stop.set()
            breaker.join()
            asking.join()
        subjects = [f"{one}A" for one in range(STATIONS)]
        values = store.read(subjects, ["pm25"], "hour", 0, batches * HOUR).values[0]
        expected = np.add.outer(np.arange(batches), np.arange(STATIONS)) + 1.5
        expected[-1] -= 1.5
        assert np.array_equal(values, expected)
        half = 30
        early = store.read(subjects, ["pm25"], "hour", 0, half * HOUR, 2 * STATIONS * half).values[0]
        expected[half - 1] -= 1.5
        assert np.array_equal(early, expected[:half])
        assert store.tally().applied == batches * 2 * STATIONS
        assert seen
        assert seen == sorted(seen)


def _insist(store: InfluxObservations, number: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            store.apply(batch(number), 2 * STATIONS * (number + 1))
        except ServerAwayError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def _ask_again_and_again(store: InfluxObservations, stop: Event, seen: list[int]) -> None:
    """How many hours of a station there are, each time that the server answers."""
    while not stop.is_set():
        try:
            seen.append(int(np.count_nonzero(~np.isnan(store.read(["0A"], ["pm25"], "hour", 0, 100 * HOUR).values))))
        except ServerAwayError:
            time.sleep(0.01)


def _break_again_and_again(influxd: Influxd, stop: Event) -> None:
    chance = random.Random(7)
    while not stop.wait(chance.uniform(0.1, 0.6)):
        influxd.kill()
        stop.wait(chance.uniform(0, 0.3))
        influxd.start()


def test_another_bucket_of_the_same_name_is_not_taken_for_the_one_that_was_written(
    influxd: Influxd, place: InfluxPlace, tmp_path: Path
) -> None:
    """Else all that was there would be missing, unseen."""
    with closing(opened(place, tmp_path)) as store:
        apply(store, hour(0, "1235A", pm25="35"))
    influxd.drop(place.bucket)
    again = influxd.place(place.bucket)
    with (
        closing(opened(again, tmp_path)) as store,
        pytest.raises(
            UnfitServerError, match=r"has id [0-9a-f]{16}; the ledger tells of [0-9a-f]{16}: move the ledger"
        ),
    ):
        pm25(store)


def test_a_token_is_for_its_bucket_alone(influxd: Influxd, place: InfluxPlace, tmp_path: Path) -> None:
    """It can neither read nor write another one; making the bucket again changes nothing of it."""
    other = influxd.place(f"{tmp_path.name}-other")
    assert provide(influxd.url, influxd.token, ORG, place.bucket) != place.token
    with closing(InfluxServer(InfluxPlace(place.url, ORG, other.bucket, place.token))) as server:
        with pytest.raises(OSError, match="403"):
            server.write(["observations a=1 0"])
        with pytest.raises(OSError, match="has no bucket"):
            server.bucket()
