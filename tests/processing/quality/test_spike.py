"""Spikes by both methods, as ioos_qc flags them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.series import NEVER
from qingchuan.processing.quality.spike import spike_average, spike_differential
from tests.support.quality import Flags, Values, as_oracle, qartod, series

METHODS = {"average": spike_average, "differential": spike_differential}
Spike = Callable[[Values, float, float], Flags]


@pytest.mark.parametrize("method", METHODS)
@given(values=series(), suspect=st.sampled_from([0.5, 1.0, 3.5, 4.0]), more=st.sampled_from([0.0, 0.5, 4.0]))
def test_flags_are_those_of_ioos_qc(method: str, values: Values, suspect: float, more: float) -> None:
    """Flag for flag: missing neighbours, ends, plateaus, heights that equal a threshold."""
    expected = as_oracle(qartod.spike_test, values, suspect, suspect + more, method=method)
    assert METHODS[method](values, suspect, suspect + more).tolist() == expected.tolist()


@pytest.mark.parametrize("method", METHODS)
@given(values=series())
def test_a_threshold_may_be_left_out(method: str, values: Values) -> None:
    """An infinite threshold is what None is to ioos_qc."""
    expected = as_oracle(qartod.spike_test, values, 1.0, None, method=method)
    assert METHODS[method](values, 1.0, NEVER).tolist() == expected.tolist()
    expected = as_oracle(qartod.spike_test, values, None, 1.0, method=method)
    assert METHODS[method](values, NEVER, 1.0).tolist() == expected.tolist()


@pytest.mark.parametrize("method", METHODS)
def test_an_infinite_value_is_missing_and_its_neighbours_are_not_evaluated(method: str) -> None:
    """Here ioos_qc agrees."""
    values = np.array([1.0, 1.0, np.inf, 1.0, 9.0, 1.0, -np.inf])
    expected = as_oracle(qartod.spike_test, values, 2.0, 5.0, method=method)
    assert METHODS[method](values, 2.0, 5.0).tolist() == expected.tolist() != [1] * 7


@pytest.mark.parametrize(
    ("spike", "expected"),
    [(spike_average, [2, 1, 3, 4, 3, 1, 2]), (spike_differential, [2, 1, 1, 4, 1, 1, 2])],
)
def test_only_the_average_drags_down_the_neighbours_of_a_spike(spike: Spike, expected: list[int]) -> None:
    """A lone spike of 10: its neighbours are 5 away from their means."""
    assert spike(np.array([1, 1, 1, 11, 1, 1, 1.0]), 4.0, 9.0).tolist() == expected


@pytest.mark.parametrize("spike", METHODS.values())
@pytest.mark.parametrize(("height", "flag"), [(4.0, 1), (4.25, 3), (9.0, 3), (9.25, 4)])
def test_a_height_that_equals_a_threshold_passes(spike: Spike, height: float, flag: int) -> None:
    """Both sides of each threshold, upwards and downwards."""
    assert spike(np.array([1, 1 + height, 1.0]), 4.0, 9.0)[1] == flag
    assert spike(np.array([1, 1 - height, 1.0]), 4.0, 9.0)[1] == flag


def test_a_step_is_no_spike_to_the_differential_method() -> None:
    """A value between its neighbours does not stand out from both."""
    assert spike_differential([1, 1, 50, 99, 99], 1.0, 2.0).tolist() == [2, 1, 1, 1, 2]


@pytest.mark.parametrize("spike", METHODS.values())
def test_a_threshold_of_zero_is_one_though_none_to_ioos_qc(spike: Spike) -> None:
    """The documented difference."""
    assert spike(np.array([1, 2, 1.0]), 0.0, NEVER).tolist() == [2, 3, 2]


@pytest.mark.parametrize("spike", METHODS.values())
def test_scalars_and_short_series_are_not_evaluated(spike: Spike) -> None:
    """There is nothing before or after; a missing value is 9 even there. ioos_qc has no answer to an empty series."""
    assert spike(np.array(5.0), 1.0, 2.0).shape == ()
    assert spike(np.array(5.0), 1.0, 2.0) == 2
    assert spike(np.array([]), 1.0, 2.0).shape == (0,)
    assert spike(np.array([5.0, np.nan]), 1.0, 2.0).tolist() == [2, 9]
    assert spike(np.full((2, 0), 1.0), 1.0, 2.0).shape == (2, 0)


@pytest.mark.parametrize("spike", METHODS.values())
@given(data=st.data())
def test_each_series_is_judged_by_itself(spike: Spike, data: st.DataObject) -> None:
    """Stacked along any axes, also not contiguous, and the values stay what they were."""
    rows = data.draw(st.lists(series(8, 8).filter(lambda row: len(row) == 8), min_size=4, max_size=4))
    stacked = np.asfortranarray(np.array(rows).reshape(2, 2, 8))
    before = stacked.copy()
    flags = spike(stacked, 1.0, 4.0)
    assert flags.reshape(4, 8).tolist() == [spike(row, 1.0, 4.0).tolist() for row in rows]
    np.testing.assert_array_equal(stacked, before)
