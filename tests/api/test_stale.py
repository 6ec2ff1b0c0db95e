"""Live documents that cannot be built: the others go on, and it is said."""

from __future__ import annotations

import asyncio
import dataclasses
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence

import pytest

from qingchuan.api.live import POLL, RETRY, Live
from qingchuan.api.stream import Stream
from qingchuan.store.arrays import Readings
from qingchuan.store.embedded import EmbeddedObservations
from tests.api.serving import serving
from tests.api.world import CLEAN_READING, GOOD_HOUR, World

TIME = "2026-11-25T08:00:00+08:00"
AT_ONCE = 0.0


class Fragile(EmbeddedObservations):
    """A store of which a part cannot be read for a while."""

    no_readings = False
    no_sequence = False

    def readings(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> Readings:
        """The readings, or an error."""
        if self.no_readings:
            raise sqlite3.OperationalError("database is locked")
        return super().readings(subjects, items, start, end, as_of)

    def sequence(self) -> int:
        """The newest message, or an error."""
        if self.no_sequence:
            raise sqlite3.OperationalError("disk I/O error")
        return super().sequence()


@pytest.fixture
def store(world: World) -> Iterator[Fragile]:
    """The store of the world."""
    made = Fragile(world.folder / "observations.sqlite", read_only=True)
    yield made
    made.close()


def follow(world: World, store: Fragile, scenario: Callable[[Live], Awaitable[None]], retry: float = AT_ONCE) -> Live:
    """The live documents after `scenario`."""
    live = Live(dataclasses.replace(world.services, observations=store), Stream(), retry)

    async def main() -> None:
        await live.start()
        await scenario(live)
        live.stop()
        await live.run()

    asyncio.run(main())
    return live


def test_one_document_that_cannot_be_built_stops_neither_the_start_nor_the_others(world: World, store: Fragile) -> None:
    """It is answered with a problem; health and metrics name it."""
    world.hour("1235A", TIME, GOOD_HOUR)
    store.no_readings = True
    with serving(dataclasses.replace(world.services, observations=store)) as client:
        assert client.get("/api/v1/air/live").json()["stations"][1]["hour"]["aqi"] == 58
        answer = client.get("/api/v1/water/live")
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert "database is locked" in answer.json()["detail"]
        health = client.get("/healthz")
        assert (health.status_code, health.json()["type"]) == (503, "/problems/live-stale")
        assert "water has not been built since 2026-11-25T08:05:00+08:00" in health.json()["detail"]
        told = client.get("/metrics").text
        assert 'qingchuan_live_stale{document="water"} 1.0' in told
        assert 'qingchuan_live_stale{document="air"} 0.0' in told


def test_a_store_that_cannot_be_read_is_unhealthy(world: World, store: Fragile) -> None:
    """With the reason."""
    with serving(dataclasses.replace(world.services, observations=store)) as client:
        assert client.get("/healthz").json() == {"status": "ok", "sequence": world.sequence}
        store.no_sequence = True
        health = client.get("/healthz")
    assert (health.status_code, health.headers["content-type"]) == (503, "application/problem+json")
    assert "the store cannot be read (disk I/O error)" in health.json()["detail"]


def test_a_document_that_cannot_be_built_again_stays_as_it_was(world: World, store: Fragile) -> None:
    """And the others change."""

    async def scenario(live: Live) -> None:
        store.no_readings = True
        world.reading("yaojiang", TIME, CLEAN_READING)
        world.hour("1235A", TIME, GOOD_HOUR)
        await live._publish()

    live = follow(world, store, scenario)
    assert (live.ages(), list(live.stale), set(live.documents)) == ({"air": 300}, ["water"], {"alerts", "water", "air"})


def test_a_build_that_failed_is_made_up_for(world: World, store: Fragile) -> None:
    """Nothing that changed meanwhile is lost, although nothing changes then."""

    async def scenario(live: Live) -> None:
        store.no_readings = True
        world.reading("yaojiang", TIME, CLEAN_READING)
        await live._publish()
        store.no_readings = False
        await live._publish()

    live = follow(world, store, scenario)
    assert (live.ages(), live.stale) == ({"water": 300}, {})


def test_a_build_that_failed_is_not_tried_all_the_time(world: World, store: Fragile) -> None:
    """Not even when what it is made of changes."""

    async def scenario(live: Live) -> None:
        store.no_readings = True
        world.reading("yaojiang", TIME, CLEAN_READING)
        await live._publish()
        store.no_readings = False
        assert await live._publish() == POLL
        world.reading("dongqian", TIME, CLEAN_READING)
        await live._publish()

    live = follow(world, store, scenario, RETRY)
    assert (live.ages(), list(live.stale)) == ({}, ["water"])


def test_a_store_that_cannot_tell_what_changed_is_asked_again(world: World, store: Fragile) -> None:
    """The start does not fail, and everything is built as soon as that goes."""
    world.hour("1235A", TIME, GOOD_HOUR)
    store.no_sequence = True

    async def scenario(live: Live) -> None:
        assert list(live.stale) == ["alerts", "water", "air"]
        store.no_sequence = False
        await live._publish()

    live = follow(world, store, scenario)
    assert (live.ages(), live.stale) == ({"air": 300}, {})
