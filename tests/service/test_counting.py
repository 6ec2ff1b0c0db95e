"""What became of the messages adds up, in all and for every subject."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from qingchuan.service import counting as module
from qingchuan.service.counting import Counting, HourlyCheck
from qingchuan.store.messages import Message
from qingchuan.store.observations import Counts
from tests.support.applying import STATION, Bench, hour_of, station
from tests.support.ledger import sqlite

HOUR = 3_600_000_000


def _message(topic: str, payload: bytes) -> Message:
    return Message("mqtt", "c", f"qingchuan/{topic}", payload)


NOBODY = _message("nobody/hour", b"{}")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two stations: one told twice, corrected and sent nonsense, one only announced itself; a stranger spoke too."""
    made = Bench(tmp_path)
    made.take(station(), _message("1236A/station", STATION), NOBODY)
    made.take(hour_of("35", seq=1), hour_of("35", seq=2), hour_of("36", seq=3), _message("1235A/hour", b"pm25=35"))
    yield made
    made.close()


def _counting(bench: Bench) -> Counting:
    return Counting(bench.journal, bench.observations, bench.state)


def test_every_message_counts_once_at_the_subject_that_it_is_about(bench: Bench) -> None:
    """Messages about nobody who is known stand under an empty name."""
    assert _counting(bench).by_subject() == {
        "": Counts(1, 0, 0, 1, 0),
        "1235A": Counts(5, 3, 1, 1, 0),
        "1236A": Counts(1, 1, 0, 0, 0),
    }
    assert _counting(bench).in_all() == Counts(7, 4, 1, 2, 0)


def test_what_waits_is_counted_at_its_subject_too(bench: Bench) -> None:
    """It is in the journal, and the store has not taken it in."""
    bench.journal.append([hour_of("35", 1), hour_of("35", 2), NOBODY])
    found = _counting(bench).by_subject()
    assert found is not None
    assert {subject: counts.waiting for subject, counts in found.items()} == {"": 1, "1235A": 2, "1236A": 0}
    assert all(counts.received == sum(counts[1:]) for counts in found.values())
    assert _counting(bench).lags() == {"store": 3, "traces": 3}


def test_while_too_many_wait_it_is_not_looked_up_whom_they_are_about(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts of all are there all the same."""
    bench.journal.append([hour_of("35", 1), hour_of("35", 2)])
    monkeypatch.setattr(module, "_MOST_WAITING", 1)
    assert _counting(bench).by_subject() is None
    assert _counting(bench).in_all().waiting == 2


def test_the_check_looks_once_an_hour_and_says_that_the_counts_add_up(bench: Bench) -> None:
    """Also while something is waiting."""
    bench.journal.append([hour_of("35", 1)])
    time = [10 * HOUR + 5]
    with capture_logs() as logs:
        check = HourlyCheck(_counting(bench), lambda: time[0])
        for moment in (10 * HOUR + 6, 11 * HOUR, 11 * HOUR + 1, 12 * HOUR + 30):
            time[0] = moment
            check()
    assert [entry["event"] for entry in logs] == ["counts add up", "counts add up"]


def test_a_message_that_is_not_accounted_for_is_reported(bench: Bench) -> None:
    """Here the store was tampered with."""
    with sqlite(bench.folder / "observations.sqlite") as database, database:
        database.execute("UPDATE progress SET applied = applied - 1")
    time = [0]
    check = HourlyCheck(_counting(bench), lambda: time[0])
    time[0] = HOUR
    with capture_logs() as logs:
        check()
    assert [(entry["event"], entry["difference"]) for entry in logs] == [("counts do not add up", 2)]
