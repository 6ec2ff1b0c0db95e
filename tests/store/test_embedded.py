"""The embedded observation store."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.periods import parse_instant
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Changed, Observation, Origin, Tally, Write
from qingchuan.store.sqlite import IncompatibleError

HOUR = 3600
ITEMS = ("pm25", "co")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedObservations]:
    """An empty store."""
    opened = EmbeddedObservations(tmp_path / "observations.sqlite")
    yield opened
    opened.close()


def _hour(start: int, subject: str = "1235A", origin: Origin = "reported", **items: str) -> Observation:
    return Observation.of(subject, "hour", start, origin, {item: (value, 2) for item, value in items.items()})


def _apply(store: EmbeddedObservations, *observations: Observation) -> None:
    first = store.sequence() + 1
    writes = [Write(first + index, observation) for index, observation in enumerate(observations)]
    store.apply(writes, up_to=first + len(writes) - 1)


def _pm25(store: EmbeddedObservations, start: int = 0, end: int = HOUR, as_of: int | None = None) -> list[float]:
    values: list[float] = store.read(["1235A"], ["pm25"], "hour", start, end, as_of).values[0, :, 0].tolist()
    return values


def test_a_grid_has_every_period_and_what_is_missing_is_missing(store: EmbeddedObservations) -> None:
    """Missing is NaN with flag 9 and sequence 0, never a number."""
    _apply(store, _hour(HOUR, pm25="35"))
    grid = store.read(["1235A", "1236A"], ITEMS, "hour", 0, 3 * HOUR)
    assert grid.values.shape == (2, 3, 2)
    assert grid.values[0, 1, 0] == 35
    assert np.count_nonzero(np.isnan(grid.values)) == 11
    assert np.count_nonzero(grid.flags == 9) == 11
    assert grid.sequence.tolist() == [[0, 0], [1, 0], [0, 0]]
    assert grid.times.tolist() == np.arange(0, 3 * HOUR, HOUR).astype("datetime64[s]").tolist()


def test_the_start_belongs_to_a_range_and_the_end_does_not(store: EmbeddedObservations) -> None:
    """Intervals are half-open."""
    _apply(store, _hour(0, pm25="1"), _hour(HOUR, pm25="2"), _hour(2 * HOUR, pm25="3"))
    assert _pm25(store, HOUR, 2 * HOUR) == [2.0]
    assert _pm25(store, HOUR, HOUR) == []
    assert _pm25(store, HOUR + 1, 2 * HOUR + 1) == [3.0]


def test_days_begin_at_midnight_in_beijing(store: EmbeddedObservations) -> None:
    """The grid of days is that of natural days."""
    start = parse_instant("2026-03-01T00:00:00+08:00")
    day = Observation.of("330200", "day", start, "reported", {"pm25": ("35", 2)})
    store.apply([Write(1, day)], up_to=1)
    grid = store.read(["330200"], ["pm25"], "day", start - 86400, start + 86400)
    assert grid.values[0, :, 0].tolist()[1] == 35
    assert store.read(["330200"], ["pm25"], "day", start - 3600, start + 3600).times.astype(int).tolist() == [start]


def test_another_value_makes_a_revision_and_the_earlier_one_can_be_asked_for(store: EmbeddedObservations) -> None:
    """Nothing is overwritten."""
    _apply(store, _hour(0, pm25="35"))
    _apply(store, _hour(0, pm25="36"))
    _apply(store, _hour(0, pm25="37"))
    assert _pm25(store) == [37.0]
    assert [_pm25(store, as_of=sequence)[0] for sequence in (1, 2, 3)] == [35.0, 36.0, 37.0]
    assert np.isnan(_pm25(store, as_of=0)[0])


def test_an_equal_number_is_a_duplicate_however_it_is_written(store: EmbeddedObservations) -> None:
    """0.70 and 0.7 are the same number; the first text stays."""
    _apply(store, _hour(0, co="0.70"))
    _apply(store, _hour(0, co="0.7"))
    assert store.tally() == Tally(applied=1, duplicate=1)
    assert store.changed(0, 10) == [Changed(1, "1235A", "hour", 0)]


def test_an_item_that_is_not_told_stays(store: EmbeddedObservations) -> None:
    """Items merge."""
    _apply(store, _hour(0, pm25="35"))
    _apply(store, _hour(0, co="0.7"))
    assert store.read(["1235A"], ITEMS, "hour", 0, HOUR).values[:, 0, 0].tolist() == [35.0, 0.7]


def test_an_audited_value_wins_over_a_reported_one_item_by_item(store: EmbeddedObservations) -> None:
    """And a reported one over a derived one; manual and official ones stand apart."""
    _apply(
        store,
        _hour(0, origin="audited", pm25="30"),
        _hour(0, origin="reported", pm25="35", co="0.7"),
        _hour(0, origin="derived", co="0.9"),
        _hour(0, origin="official", pm25="99", co="9"),
    )
    assert store.read(["1235A"], ITEMS, "hour", 0, HOUR).values[:, 0, 0].tolist() == [30.0, 0.7]


def test_a_write_that_does_not_revise_changes_nothing_that_is_there(store: EmbeddedObservations) -> None:
    """A retained message may be older than what came since."""
    _apply(store, _hour(0, pm25="36"))
    store.apply([Write(2, _hour(0, pm25="35"), revises=False), Write(3, _hour(HOUR, pm25="5"), revises=False)], up_to=3)
    assert _pm25(store, 0, 2 * HOUR) == [36.0, 5.0]


def test_applying_again_changes_nothing(store: EmbeddedObservations) -> None:
    """A crash between writing and noting it repeats."""
    writes = [Write(1, _hour(0, pm25="35")), Write(2, _hour(0, pm25="36"))]
    store.apply(writes, up_to=2, others={"": Tally(dead_letter=1)})
    store.apply(writes, up_to=2, others={"": Tally(dead_letter=1)})
    assert store.tally() == Tally(applied=2, dead_letter=1)
    assert _pm25(store, as_of=1) == [35.0]


def test_in_one_batch_each_message_counts_for_what_it_was(store: EmbeddedObservations) -> None:
    """What is new goes in at one stroke unless some of the batch is known; the outcome is the same."""
    _apply(store, _hour(0, pm25="35"))
    _apply(store, _hour(HOUR, pm25="5"), _hour(0, pm25="35"), _hour(HOUR, pm25="6"), _hour(0, pm25="36"))
    assert store.tally() == Tally(applied=4, duplicate=1)
    assert _pm25(store, 0, 2 * HOUR) == [36.0, 6.0]
    assert _pm25(store, 0, 2 * HOUR, as_of=2) == [35.0, 5.0]


def test_a_failed_apply_leaves_no_half(store: EmbeddedObservations, monkeypatch: pytest.MonkeyPatch) -> None:
    """Observations and progress are one transaction."""
    monkeypatch.setattr(store, "_advance", _fail)
    with pytest.raises(RuntimeError, match="power"):
        _apply(store, _hour(0, pm25="35"))
    monkeypatch.undo()
    assert store.sequence() == 0
    assert np.isnan(_pm25(store)[0])


def _fail(*_: object) -> None:
    raise RuntimeError("power")


def test_a_value_with_more_digits_than_a_float_compares_as_it_was_sent(store: EmbeddedObservations) -> None:
    """0.1000000000000000001 is more than 0.1."""
    reading = Observation.of("xikou", "instant", 0, "reported", {"tp": ("0.1000000000000000001", 2)})
    store.apply([Write(1, reading)], up_to=1)
    assert store.readings(["xikou"], ["tp"], 0, 1).values[0, 0] > 0.1


def test_readings_come_by_subject_and_then_by_time(store: EmbeddedObservations) -> None:
    """Unicode ids, and a range in which nothing is."""
    readings = [
        Observation.of(subject, "instant", moment, "reported", {"ph": ("7", 2)})
        for moment in (5, 3)
        for subject in ("溪口", "四灶浦闸")
    ]
    _apply(store, *readings)
    found = store.readings(["四灶浦闸", "溪口", "nobody"], ["ph", "do"], 0, 10)
    assert found.subject.tolist() == [0, 0, 1, 1]
    assert found.times.astype(int).tolist() == [3, 5, 3, 5]
    assert found.values[0].tolist() == [7, 7, 7, 7]
    assert store.readings(["溪口"], ["ph"], 6, 10).times.size == 0
    assert store.readings([], [], 0, 10).values.shape == (0, 0)


def test_changes_are_told_by_whole_messages(store: EmbeddedObservations) -> None:
    """A limit does not cut a message in two."""
    store.apply([Write(1, _hour(0, pm25="1")), Write(2, _hour(HOUR, pm25="1")), Write(2, _hour(0, "1236A", co="1"))], 2)
    assert [change.sequence for change in store.changed(0, 2)] == [1, 2, 2]
    assert store.changed(2, 5) == []


def test_another_process_sees_what_was_written(store: EmbeddedObservations, tmp_path: Path) -> None:
    """Readers poll a number that is cheap to read."""
    reader = EmbeddedObservations(tmp_path / "observations.sqlite", read_only=True)
    before = reader.data_version()
    assert reader.data_version() == before
    _apply(store, _hour(0, pm25="35"))
    assert reader.data_version() != before
    assert _pm25(reader) == [35.0]
    reader.close()


_EVENTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["1235A", "溪口"]), st.sampled_from(["35", "36", "36.0"])), max_size=12
)


@given(_EVENTS, st.randoms(use_true_random=False))
def test_what_is_read_is_what_a_plain_dictionary_would_hold(
    tmp_path_factory: pytest.TempPathFactory, events: Sequence[tuple[int, str, str]], chance: random.Random
) -> None:
    """However the messages are cut into batches, and however often a batch comes again."""
    with closing(EmbeddedObservations(tmp_path_factory.mktemp("store") / "observations.sqlite")) as store:
        states: list[dict[tuple[int, str], float]] = [{}]
        writes = []
        for sequence, (hour, subject, value) in enumerate(events, start=1):
            writes.append(Write(sequence, _hour(hour * HOUR, subject, pm25=value)))
            states.append({**states[-1], (hour, subject): float(value)})
            if chance.random() < 0.5:
                store.apply(writes, up_to=sequence)
        store.apply(writes, up_to=len(events))
        for as_of, state in enumerate(states):
            grid = store.read(["1235A", "溪口"], ["pm25"], "hour", 0, 4 * HOUR, as_of)
            found = {
                (hour, subject): grid.values[0, hour, column]
                for hour in range(4)
                for column, subject in enumerate(grid.subjects)
                if not np.isnan(grid.values[0, hour, column])
            }
            assert found == state
        assert sum(store.tally()) == len(events)


def test_a_file_of_before_the_flags_had_a_column_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """It is made again from the journal; nothing of it is read in the wrong way."""
    path = tmp_path / "observations.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 1")
    with pytest.raises(IncompatibleError, match="has version 1; this program reads versions 2 to 2: move this file"):
        EmbeddedObservations(path)
