"""The latest valid value of each item, carried along as long as its cycle."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing.water.classes import carried

HOUR = 3600


@pytest.mark.parametrize(("hours", "held"), [(0, True), (4, True), (5, False)])
def test_a_value_is_carried_as_long_as_its_cycle(hours: int, held: bool) -> None:  # noqa: FBT001
    """Four hours old exactly is not older than four hours."""
    values, age = carried([0, hours * HOUR], [[0.3, np.nan]], [4 * HOUR])
    assert np.array_equal(values[:, 1], [0.3 if held else np.nan], equal_nan=True)
    assert age[0, 1] == (hours * HOUR if held else -1)


def test_each_item_has_its_own_cycle_and_age() -> None:
    """Analysers every four hours, dissolved oxygen every hour."""
    times = np.arange(5) * HOUR
    values = [[1.0, np.nan, np.nan, 2.0, np.nan], [9.0, 8.0, np.nan, np.nan, 7.0]]
    latest, age = carried(times, values, [4 * HOUR, HOUR])
    assert np.array_equal(latest, np.array([[1, 1, 1, 2, 2], [9, 8, 8, np.nan, 7]]), equal_nan=True)
    assert age.tolist() == [[0, HOUR, 2 * HOUR, 0, HOUR], [0, 0, HOUR, -1, 0]]


def test_nothing_is_carried_from_the_future_or_from_nowhere() -> None:
    """Before the first valid value there is none."""
    latest, age = carried([0, HOUR], [[np.nan, 5.0], [np.nan, np.nan]], [4 * HOUR, HOUR])
    assert np.array_equal(latest, np.array([[np.nan, 5], [np.nan, np.nan]]), equal_nan=True)
    assert age.tolist() == [[-1, 0], [-1, -1]]


def test_times_may_be_datetimes_and_none_at_all() -> None:
    """The grid's datetime64 does as well as seconds; no reading gives no value."""
    for unit in ("s", "m", "h"):
        times = np.array(["2026-11-25T00", "2026-11-25T01"], dtype=f"datetime64[{unit}]")
        assert carried(times, [[1.0, np.nan]], [HOUR])[1].tolist() == [[0, HOUR]]
        assert carried(times, [[1.0, np.nan]], [HOUR - 1])[1].tolist() == [[0, -1]]
    latest, age = carried(np.empty(0, np.int64), np.empty((2, 0)), [HOUR, HOUR])
    assert latest.shape == age.shape == (2, 0)


def test_readings_out_of_order_are_refused() -> None:
    """The message says what would do; equal times are in order."""
    with pytest.raises(ValueError, match="sort the readings of the subject by time"):
        carried([HOUR, 0], [[1.0, 1.0]], [HOUR])
    assert carried([0, 0], [[1.0, np.nan]], [HOUR])[0].tolist() == [[1.0, 1.0]]
