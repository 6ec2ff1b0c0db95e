"""Applying what the journal holds, strictly in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.applying import STATION, Bench, hour_of, nothing_waits, settings_of, station


def test_a_message_of_an_unknown_station_is_a_dead_letter_that_says_what_to_do(tmp_path: Path) -> None:
    """And the next message is taken."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), station(), hour_of("36"))
    (letter,) = bench.state.dead_letters(10)
    assert (letter.sequence, letter.item, letter.code) == (1, None, "unknown-subject")
    assert "publish its announcement, retained, on qingchuan/1235A/station" in letter.reason
    assert bench.pm25() == [36.0]
    assert bench.observations.tally() == Tally(applied=2, dead_letter=1)


def test_a_refused_value_is_kept_beside_the_message_that_was_applied(tmp_path: Path) -> None:
    """It costs itself."""
    bench = Bench(tmp_path)
    payload = b'{"start":"2026-03-01T00:00:00Z","values":{"pm25":35,"pm26":1}}'
    bench.take(station(), Message("mqtt", "c", "qingchuan/1235A/hour", payload))
    (letter,) = bench.state.dead_letters(10)
    assert (letter.sequence, letter.item, letter.code) == (2, "pm26", "unknown-item")
    assert bench.observations.tally() == Tally(applied=2)
    assert bench.state.count_dead_letters() == (0, 1)


def test_a_message_of_the_wrong_kind_of_subject_is_refused(tmp_path: Path) -> None:
    """An air station sends no water readings."""
    bench = Bench(tmp_path)
    payload = b'{"time":"2026-03-01T00:00:00Z","values":{"ph":7}}'
    bench.take(station(), Message("mqtt", "c", "qingchuan/1235A/reading", payload))
    (letter,) = bench.state.dead_letters(10)
    assert "is announced as air-station; a message 'reading' comes from section" in letter.reason


def test_the_limit_of_the_future_is_measured_from_the_time_of_receipt_by_the_settings_then_in_force(
    tmp_path: Path,
) -> None:
    """Applying later, or after a restart, decides the same."""
    bench = Bench(tmp_path)
    bench.take(settings_of(future_tolerance=3600), station(), hour_of("35", 1), hour_of("35", 2))
    bench.restart()
    bench.take(hour_of("36", 2), settings_of(future_tolerance=7200), hour_of("37", 2))
    assert bench.pm25(3) == [None, 35.0, 37.0]
    assert [letter.sequence for letter in bench.state.dead_letters(10)] == [5, 4]


def test_an_announcement_that_says_nothing_new_is_a_duplicate(tmp_path: Path) -> None:
    """And a change holds from its message on."""
    bench = Bench(tmp_path)
    bench.take(station(), station(STATION.replace(b'"city"', b' "city"')), station(STATION.replace(b"Wan", b"Van")))
    assert bench.observations.tally() == Tally(applied=2, duplicate=1)
    assert bench.state.subjects(as_of=2)["1235A"].name.en == "Wan"
    assert bench.state.subjects()["1235A"].name.en == "Van"


def test_an_announcement_that_is_made_again_holds_again(tmp_path: Path) -> None:
    """Published anew, it is no repeat of a retained one."""
    bench = Bench(tmp_path)
    bench.take(station(), station(STATION.replace(b"Wan", b"Van")), station())
    assert bench.state.subjects()["1235A"].name.en == "Wan"
    assert bench.observations.tally() == Tally(applied=3)


def test_a_retained_observation_never_replaces_a_value(tmp_path: Path) -> None:
    """It can be older than anything."""
    bench = Bench(tmp_path)
    bench.take(station(), hour_of("36"), hour_of("35", retained=True), hour_of("5", 1, retained=True))
    assert bench.pm25(2) == [36.0, 5.0]


def test_retained_payloads_are_remembered_so_that_they_are_not_stored_again(tmp_path: Path) -> None:
    """The collector asks for them before it appends."""
    bench = Bench(tmp_path)
    bench.take(station(), hour_of("35", retained=True))
    assert set(bench.state.retained()) == {"qingchuan/1235A/station", "qingchuan/1235A/hour"}


def test_many_small_batches_that_wait_are_applied_together(tmp_path: Path) -> None:
    """After an outage the journal has many of them, and a transaction for each would take long."""
    bench = Bench(tmp_path)
    bench.take(station())
    bench.received += 20 * 3600 * 1_000_000
    for hour in range(20):
        bench.journal.append([hour_of(str(hour), hour)])
    assert bench.applier.step() is not None
    assert nothing_waits(bench)
    assert bench.pm25(20) == list(range(20))


def test_a_message_that_the_program_fails_on_is_a_dead_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is acknowledged: if it stopped the collector, it would stop every start."""
    bench = Bench(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("qingchuan.collector.runs.decode_one", lambda *_: 1 / 0)
        bench.take(station(), hour_of("35"))
    bench.take(hour_of("36"))
    (letter,) = bench.state.dead_letters(10)
    assert (letter.sequence, letter.code) == (2, "internal")
    assert bench.pm25() == [36.0]
