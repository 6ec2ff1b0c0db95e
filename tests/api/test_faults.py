"""Faults of instruments over the API, and what set the flags of values that do not count."""

from __future__ import annotations

import httpx

from qingchuan.processing.periods import HOUR, parse_instant
from qingchuan.store import faults
from qingchuan.store.faults import FaultRuns, Run
from qingchuan.store.observations import Observation
from qingchuan.store.state import writing
from tests.api.test_collector import metrics
from tests.api.world import World

START = parse_instant("2026-11-10T00:00:00+08:00")


def keep(world: World, *told: FaultRuns) -> None:
    """Write faults as the collector does."""
    with writing(world.state.engine).begin() as connection:
        faults.take(connection, told)


def fault(sequence: int, subject: str, hours: tuple[int, int, int | None]) -> FaultRuns:
    """A pH electrode that stood still."""
    opened, through, closed = (None if hour is None else START + hour * HOUR for hour in hours)
    run = Run("constant", opened or 0, through or 0, closed)
    return FaultRuns(subject, "instant", "ph", sequence, run.opened, (run,))


def test_faults_are_told_newest_first_with_the_test_that_found_them(world: World, client: httpx.Client) -> None:
    """One that lasts is not closed."""
    keep(world, fault(5, "yaojiang", (0, 2, 3)), fault(9, "dazha", (4, 6, None)))
    answer = client.get("/api/v1/faults").json()
    assert answer["sequence"] == world.sequence
    assert answer["open"] == metrics(client)["qingchuan_open_faults",] == 1
    assert answer["faults"][0] == {
        "sequence": 9,
        "subject": "dazha",
        "period": "instant",
        "item": "ph",
        "test": "constant",
        "name": {"zh": "恒值检验", "en": "constant value test"},
        "opened": "2026-11-10T04:00:00+08:00",
        "through": "2026-11-10T06:00:00+08:00",
        "closed": None,
    }

    def sequences(query: str) -> list[int]:
        return [entry["sequence"] for entry in client.get(f"/api/v1/faults?{query}").json()["faults"]]

    assert sequences("") == [9, 5]
    assert sequences("open=true") == [9]
    assert sequences("open=false") == [5]
    assert sequences("subject=yaojiang") == [5]
    assert sequences("limit=1") == [9]
    assert sequences("limit=1&before=9") == [5]
    assert client.get("/api/v1/faults?open=perhaps").status_code == 422


def test_all_faults_of_a_message_are_told_together(world: World, client: httpx.Client) -> None:
    """So that the next page begins with the message before."""
    keep(world, *(fault(7, subject, (0, 1, None)) for subject in ("a", "b", "c")))
    assert len(client.get("/api/v1/faults?limit=2").json()["faults"]) == 3


def test_completeness_names_what_set_the_flags_of_values_that_do_not_count(world: World, client: httpx.Client) -> None:
    """A test of ours by its name, a device by its letter."""
    marks = {"ph": "constant", "do": "device:D"}
    told = {"ph": ("7", 3), "do": ("8", 4), "tp": ("0.1", 1)}
    world.write(
        [Observation.of("yaojiang", "instant", START + hour * HOUR, "reported", told, marks) for hour in (0, 1)]
    )
    query = "start=2026-11-10&end=2026-11-11"
    assert client.get(f"/api/v1/sections/yaojiang/completeness?{query}").json()["flagged"] == [
        {"item": "do", "by": "device:D", "name": {"zh": "device:D", "en": "device:D"}, "values": 2},
        {"item": "ph", "by": "constant", "name": {"zh": "恒值检验", "en": "constant value test"}, "values": 2},
    ]
