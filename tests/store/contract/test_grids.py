"""Grids of periods: what is missing, where a range ends, and which origin is told."""

from __future__ import annotations

import numpy as np

from qingchuan.processing.periods import parse_instant
from qingchuan.store.observations import Observation, Write
from tests.store.contract.stores import HOUR, Store, apply, hour, pm25

ITEMS = ("pm25", "co")


def test_a_grid_has_every_period_and_what_is_missing_is_missing(store: Store) -> None:
    """Missing is NaN with flag 9 and sequence 0, never a number."""
    apply(store, hour(HOUR, pm25="35"))
    grid = store.read(["1235A", "1236A"], ITEMS, "hour", 0, 3 * HOUR)
    assert grid.values.shape == (2, 3, 2)
    assert grid.values[0, 1, 0] == 35
    assert np.count_nonzero(np.isnan(grid.values)) == 11
    assert np.count_nonzero(grid.flags == 9) == 11
    assert grid.sequence.tolist() == [[0, 0], [1, 0], [0, 0]]
    assert grid.times.tolist() == np.arange(0, 3 * HOUR, HOUR).astype("datetime64[s]").tolist()


def test_the_start_belongs_to_a_range_and_the_end_does_not(store: Store) -> None:
    """Intervals are half-open."""
    apply(store, hour(0, pm25="1"), hour(HOUR, pm25="2"), hour(2 * HOUR, pm25="3"))
    assert pm25(store, HOUR, 2 * HOUR) == [2.0]
    assert pm25(store, HOUR, HOUR) == []
    assert pm25(store, HOUR + 1, 2 * HOUR + 1) == [3.0]


def test_nothing_asked_is_nothing_told(store: Store) -> None:
    """No subjects, no items, a range that ends before it begins."""
    apply(store, hour(0, pm25="1"))
    assert store.read([], ["pm25"], "hour", 0, 2 * HOUR).values.shape == (1, 2, 0)
    assert store.read(["1235A"], [], "hour", 0, 2 * HOUR).values.shape == (0, 2, 1)
    assert store.read(["1235A"], [], "hour", 0, 2 * HOUR).sequence.tolist() == [[1], [0]]
    assert store.read(["1235A"], ["pm25"], "hour", 5 * HOUR, HOUR).values.shape == (1, 0, 1)
    assert store.read(["1235A"], ["never_told"], "hour", 0, HOUR).flags.tolist() == [[[9]]]


def test_days_begin_at_midnight_in_beijing(store: Store) -> None:
    """The grid of days is that of natural days."""
    start = parse_instant("2026-03-01T00:00:00+08:00")
    day = Observation.of("330200", "day", start, "reported", {"pm25": ("35", 2)})
    store.apply([Write(1, day)], up_to=1)
    grid = store.read(["330200"], ["pm25"], "day", start - 86400, start + 86400)
    assert grid.values[0, :, 0].tolist()[1] == 35
    assert store.read(["330200"], ["pm25"], "day", start - 3600, start + 3600).times.astype(int).tolist() == [start]


def test_an_item_that_is_not_told_stays(store: Store) -> None:
    """Items merge."""
    apply(store, hour(0, pm25="35"))
    apply(store, hour(0, co="0.7"))
    assert store.read(["1235A"], ITEMS, "hour", 0, HOUR).values[:, 0, 0].tolist() == [35.0, 0.7]


def test_an_audited_value_wins_over_a_reported_one_item_by_item(store: Store) -> None:
    """And a reported one over a derived one; manual and official ones stand apart."""
    apply(
        store,
        hour(0, origin="audited", pm25="30"),
        hour(0, origin="reported", pm25="35", co="0.7"),
        hour(0, origin="derived", co="0.9"),
        hour(0, origin="official", pm25="99", co="9"),
    )
    assert store.read(["1235A"], ITEMS, "hour", 0, HOUR).values[:, 0, 0].tolist() == [30.0, 0.7]


def test_periods_that_begin_together_are_told_apart(store: Store) -> None:
    """The hour at midnight is not the day."""
    start = parse_instant("2026-03-01T00:00:00+08:00")
    apply(store, hour(start, pm25="1"), Observation.of("1235A", "day", start, "reported", {"pm25": ("2", 2)}))
    assert store.read(["1235A"], ["pm25"], "hour", start, start + HOUR).values.tolist() == [[[1.0]]]
    assert store.read(["1235A"], ["pm25"], "day", start, start + HOUR).values.tolist() == [[[2.0]]]
