"""A station against its neighbours."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qingchuan.processing.quality.network import NO_NEIGHBOUR, all_others, neighbour_outlier, surroundings

CONSISTENCY = 0.6745
RULE = (3.5, 3, 1.0, CONSISTENCY)


@st.composite
def _case(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Values (stations, time), which count, and a table of neighbours with empty places."""
    stations, times = draw(st.integers(2, 6)), draw(st.integers(1, 5))
    number = st.one_of(st.integers(0, 60).map(float), st.just(float("nan")))
    values = draw(st.lists(number, min_size=stations * times, max_size=stations * times))
    counts = draw(st.lists(st.booleans(), min_size=stations * times, max_size=stations * times))
    table = all_others(stations)
    empty = draw(st.lists(st.booleans(), min_size=table.size, max_size=table.size))
    table = np.where(np.reshape(empty, table.shape), NO_NEIGHBOUR, table)
    return np.reshape(values, (stations, times)), np.reshape(counts, (stations, times)), table


@given(case=_case(), at_least=st.integers(1, 4))
def test_flags_are_those_of_medians_taken_one_by_one(
    case: tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]], at_least: int
) -> None:
    """Against `statistics`, station by station and hour by hour."""
    values, counts, table = case
    flags = neighbour_outlier(values, counts, table, 3.5, at_least, 1.0, CONSISTENCY)
    for station, hour in np.ndindex(values.shape):
        others = [
            float(values[other, hour])
            for other in table[station]
            if other >= 0 and counts[other, hour] and not np.isnan(values[other, hour])
        ]
        if np.isnan(values[station, hour]):
            assert flags[station, hour] == 9
        elif len(others) < at_least:
            assert flags[station, hour] == 2
        else:
            median = statistics.median(others)
            spread = max(statistics.median(abs(other - median) for other in others), 1.0)
            far = CONSISTENCY * abs(values[station, hour] - median) / spread > 3.5
            assert flags[station, hour] == (3 if far else 1)


@pytest.mark.parametrize(("value", "flag"), [(35.0, 1), (45.0, 1), (46.0, 3), (15.0, 1), (14.0, 3)])
def test_a_distance_beyond_the_threshold_is_suspect_on_both_sides(value: float, flag: int) -> None:
    """Neighbours 26, 30, 34: median 30, spread 4; z of 3.5 at 20.76 away with a spread of 4, here with 3: 15.57."""
    values = np.array([[27.0], [30.0], [33.0], [value]])
    assert neighbour_outlier(values, values > 0, all_others(4), *RULE)[3, 0] == flag


def test_neighbours_that_agree_exactly_leave_the_least_spread() -> None:
    """Without it a difference of 1 would be infinitely far."""
    values = np.array([[30.0], [30.0], [30.0], [35.0], [30.0]])
    found = surroundings(values, values > 0, all_others(5), 3, 1.0, CONSISTENCY)
    assert found.spread[3, 0] == 1.0
    assert found.z[3, 0] == pytest.approx(5 * CONSISTENCY)
    assert neighbour_outlier(values, values > 0, all_others(5), *RULE)[3, 0] == 1


@pytest.mark.parametrize(("valid", "flag"), [(3, 3), (2, 2)])
def test_too_few_neighbours_say_nothing(valid: int, flag: int) -> None:
    """Both sides of three."""
    values = np.array([[30.0], [31.0], [32.0], [900.0]])
    counts = np.array([[True]] * valid + [[False]] * (3 - valid) + [[True]])
    assert neighbour_outlier(values, counts, all_others(4), *RULE)[3, 0] == flag


def test_what_is_not_valid_is_compared_but_no_neighbour() -> None:
    """A broken station does not make its neighbours suspect, and is suspect itself."""
    values = np.array([[30.0], [31.0], [32.0], [33.0], [900.0]])
    counts = np.array([[True]] * 4 + [[False]])
    assert neighbour_outlier(values, counts, all_others(5), *RULE).ravel().tolist() == [1, 1, 1, 1, 3]


def test_a_station_without_neighbours_is_not_evaluated() -> None:
    """An empty table, or a row of nothing but -1."""
    values = np.array([[30.0], [31.0]])
    assert neighbour_outlier(values, values > 0, np.full((2, 2), NO_NEIGHBOUR), *RULE).tolist() == [[2], [2]]
    assert neighbour_outlier(values, values > 0, np.empty((2, 0), np.int64), *RULE).tolist() == [[2], [2]]


def test_an_infinite_value_is_missing_to_its_neighbours_too() -> None:
    """Missing never becomes a number."""
    values = np.array([[30.0], [31.0], [32.0], [np.inf]])
    assert neighbour_outlier(values, values > 0, all_others(4), *RULE).ravel().tolist() == [2, 2, 2, 9]


@pytest.mark.parametrize("shape", [(4, 0), (4, 6), (2, 4, 6), (0, 4, 6)])
def test_hours_and_leading_axes_are_independent(shape: tuple[int, ...]) -> None:
    """Stacked and not contiguous values come out as one by one, unchanged."""
    values = np.asfortranarray(np.random.default_rng(7).integers(0, 99, shape).astype(float))
    before = values.copy()
    flags = neighbour_outlier(values, values > 20, all_others(4), *RULE)
    assert flags.shape == shape
    for place in np.ndindex(*shape[:-2]):
        for hour in range(shape[-1]):
            alone = values[place][:, [hour]]
            found = neighbour_outlier(alone, alone > 20, all_others(4), *RULE)
            assert found[:, 0].tolist() == flags[place][:, hour].tolist()
    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize(
    ("neighbours", "message"),
    [
        ([[0, 1], [0, 1]], "a neighbour has an index outside 0 … 1, or its own"),
        ([[1, 2], [0, -1]], "a neighbour has an index outside 0 … 1"),
        ([[1, -2], [0, -1]], "a neighbour has an index outside 0 … 1"),
        ([[1]], r"the neighbours have the shape \(1, 1\)"),
    ],
)
def test_a_table_that_does_not_fit_the_stations_is_refused(neighbours: list[list[int]], message: str) -> None:
    """No station is its own neighbour, and none is a neighbour that is not there."""
    with pytest.raises(ValueError, match=message):
        neighbour_outlier(np.ones((2, 3)), np.ones((2, 3)), neighbours, *RULE)


@pytest.mark.parametrize(("at_least", "least_spread"), [(0, 1.0), (3, 0.0), (3, np.nan)])
def test_numbers_without_sense_are_refused(at_least: int, least_spread: float) -> None:
    """No neighbours at all have no median, and without a spread everything is infinitely far."""
    with pytest.raises(ValueError, match=f"at_least has the value {at_least} and least_spread {least_spread}"):
        neighbour_outlier(np.ones((2, 3)), np.ones((2, 3)), all_others(2), 3.5, at_least, least_spread, CONSISTENCY)


def test_a_series_without_stations_is_refused() -> None:
    """There is nobody to compare with."""
    with pytest.raises(ValueError, match=r"there must be a row a station of values \(3,\)"):
        surroundings(np.ones(3), np.ones(3), all_others(1), 1, 1.0, CONSISTENCY)
