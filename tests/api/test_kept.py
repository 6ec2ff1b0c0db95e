"""What the live documents keep from one build to the next: it comes out as if built anew, and little is read for it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from datetime import date

import msgspec
import pytest

from qingchuan.api.live import Live
from qingchuan.api.stream import Event, Stream
from qingchuan.processing import standards
from qingchuan.processing.periods import DAY
from qingchuan.store.arrays import Grid
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import ONE_FIGURE, Origin, Period
from qingchuan.store.subjects import AirStation, City, Name, Subject
from tests.api.serving import serving
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, World

OTHER = "330300"
MORE: dict[str, Subject] = {
    OTHER: City(Name("温州", "Wenzhou"), simulated=True),
    "3001A": AirStation(Name("市站", "City station"), OTHER, 120.66, 28.02, simulated=True),
    "3002A": AirStation(Name("背景站", "Background"), OTHER, 120.66, 28.02, evaluated=False, simulated=True),
}
STATIONS = ("1234A", "1235A", "3001A", "3002A")


class Recording(Stream):
    """A stream that remembers what was published."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[str] = []

    def publish(self, event: Event) -> None:
        """Remember the name of `event`."""
        self.published.append(event.name)


class Counting(EmbeddedObservations):
    """A store that remembers which periods of whom were read."""

    def __init__(self, world: World) -> None:
        super().__init__(world.folder / "observations.sqlite", read_only=True)
        self.reads: list[tuple[str, frozenset[str], int]] = []

    def read(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        as_of: int | None = None,
        origins: Sequence[Origin] = ONE_FIGURE,
    ) -> Grid:
        """Read, and remember it: period, subjects, length [s]."""
        self.reads.append((period, frozenset(subjects), end - start))
        return super().read(subjects, items, period, start, end, as_of, origins)


@pytest.fixture
def cities(world: World) -> World:
    """A world of two cities with three days of hours at all stations."""
    world.announce(MORE)
    for day in (22, 23, 24):
        for hour in range(24):
            for station in STATIONS:
                world.hour(station, f"2026-11-{day}T{hour:02}:00:00+08:00", GOOD_HOUR)
    return world


def nothing(_world: World) -> None:
    """Nothing happens."""


def hour_of_today(world: World) -> None:
    """An hour of this morning comes."""
    world.hour("1235A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)


def hour_of_a_background_station(world: World) -> None:
    """An hour of a station that counts for no city comes."""
    world.hour("3002A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)


def late_hours(world: World) -> None:
    """Hours of other days come late, some of them new and some revised."""
    world.hour("1235A", "2026-11-22T05:00:00+08:00", {**GOOD_HOUR, "pm25": "900"})
    world.hour("1234A", "2026-11-25T00:00:00+08:00", GOOD_HOUR)


def hour_of_last_year(world: World) -> None:
    """The rates of last year may change."""
    world.hour("3001A", "2025-03-22T05:00:00+08:00", GOOD_HOUR)


def day_of_a_city(world: World) -> None:
    """A city sends days of its own, one of each edition of HJ 633."""
    world.day(OTHER, "2026-02-28", {**GOOD_DAY, "pm25": "65"})
    world.day(OTHER, "2026-11-23", {**GOOD_DAY, "pm25": "65"})


def hours_before_all_else(world: World) -> None:
    """A station tells of a day before the first that it had told of."""
    for hour in range(24):
        world.hour("3001A", f"2026-11-20T{hour:02}:00:00+08:00", GOOD_HOUR)


def another_station(world: World) -> None:
    """A station announces itself, and sends."""
    world.announce({"3003A": MORE["3001A"]})
    world.hour("3003A", "2026-11-25T08:00:00+08:00", {**GOOD_HOUR, "pm25": "200"})


def next_hour(world: World) -> None:
    """Time goes on."""
    world.clock.time = "2026-11-25T09:05:00+08:00"


def next_day(world: World) -> None:
    """Yesterday is another day, and an hour of the day before has come in between."""
    world.hour("1235A", "2026-11-24T10:00:00+08:00", {**GOOD_HOUR, "pm25": "900"})
    world.clock.time = "2026-11-26T00:05:00+08:00"


def next_year(world: World) -> None:
    """A year without days so far."""
    world.clock.time = "2027-01-01T00:05:00+08:00"


STEPS = (
    nothing,
    hour_of_today,
    hour_of_a_background_station,
    late_hours,
    hour_of_last_year,
    day_of_a_city,
    hours_before_all_else,
    another_station,
    next_hour,
    next_day,
    next_year,
)


async def end(live: Live) -> None:
    """Give back what `live` holds."""
    live.stop()
    await live.run()


def air_of(live: Live) -> bytes:
    """The live document of the air, without the number of its newest message."""
    return msgspec.json.encode(msgspec.structs.replace(live.documents["air"].struct, sequence=0))


def test_what_was_kept_comes_out_as_if_built_anew(cities: World) -> None:
    """After each of many things that can happen, one after the other."""

    async def scenario() -> list[str]:
        differing = []
        live = Live(cities.services, Stream())
        await live.start()
        for step in STEPS:
            step(cities)
            await live._publish()
            anew = Live(cities.services, Stream())
            await anew.start()
            differing += [] if air_of(live) == air_of(anew) else [step.__name__]
            await end(anew)
        await end(live)
        return differing

    assert asyncio.run(scenario()) == []


def reads_after(world: World, step: Callable[[World], None]) -> list[tuple[str, frozenset[str], int]]:
    """What is read of periods to take in what happens in `step`."""
    store = Counting(world)
    live = Live(dataclasses.replace(world.services, observations=store), Stream())

    async def scenario() -> None:
        await live.start()
        store.reads.clear()
        step(world)
        await live._publish()
        await end(live)

    asyncio.run(scenario())
    store.close()
    return store.reads


def test_an_hour_of_today_lets_the_last_day_of_its_city_be_read(cities: World) -> None:
    """And no other day, and nobody else."""
    assert reads_after(cities, hour_of_today) == [("hour", frozenset({CITY, "1234A", "1235A"}), DAY)]


def test_a_late_hour_lets_its_own_day_be_read(cities: World) -> None:
    """Of its city alone."""

    def late(world: World) -> None:
        world.hour("3001A", "2026-11-22T05:00:00+08:00", GOOD_HOUR | {"pm25": "70"})

    reads = {read for read in reads_after(cities, late) if read[0] == "day" or "3002A" not in read[1]}
    assert {length for _, _, length in reads} == {DAY}
    assert {subject for _, subjects, _ in reads for subject in subjects} <= {OTHER, "3001A"}


def test_alerts_are_published_first_and_the_air_last(cities: World) -> None:
    """What people wait for most must not wait for what takes longest."""
    stream = Recording()
    live = Live(cities.services, stream)

    async def scenario() -> None:
        await live.start()
        await end(live)

    asyncio.run(scenario())
    assert stream.published == ["alerts", "water", "air"]


def test_a_time_that_no_calendar_has_does_not_stop_the_watch(cities: World) -> None:
    """The store takes any second; what lies outside of the year is nobody's day."""

    async def scenario() -> list[str]:
        live = Live(cities.services, Stream())
        await live.start()
        cities._put("1235A", "hour", -(10**12) * 3600, GOOD_HOUR, {})
        cities.reading("yaojiang", "2026-11-25T08:00:00+08:00", CLEAN_READING)
        await live._publish()
        await end(live)
        return list(live.stale)

    assert asyncio.run(scenario()) == []


def test_the_scales_come_with_the_documents(cities: World) -> None:
    """By the editions in force: the page judges by no table of its own."""
    with serving(cities.services) as client:
        air, water = (client.get(f"/api/v1/{name}/live").json()["scale"] for name in ("air", "water"))
    edition = standards.in_force("hj633", date(2026, 11, 25))
    assert (air["edition"], air["clause"], air["incomplete_above"]) == (edition.document, "5.3.1", 100)
    assert [(level["roman"], level["most"], level["good"]) for level in air["levels"]] == [
        (level.roman, level.most, level.number <= 2) for level in edition.levels
    ]
    status = standards.in_force("hb2011_22", date(2026, 11, 25))
    assert water["edition"] == status.document
    assert [(entry["name"], entry["colour"]) for entry in water["classes"]] == [
        (row.name, row.colour) for row in status.classes.rows
    ]
