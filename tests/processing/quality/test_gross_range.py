"""Values outside ranges, as ioos_qc flags them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.gross_range import gross_range
from tests.support.quality import Values, as_oracle, qartod, series

FAIL, SUSPECT = (-5.0, 100.0), (0.0, 50.0)


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (0.0, 1),
        (-0.0, 1),
        (np.nextafter(0, -1), 3),
        (50.0, 1),
        (np.nextafter(50, 51), 3),
        (-5.0, 3),
        (np.nextafter(-5, -6), 4),
        (100.0, 3),
        (np.nextafter(100, 101), 4),
        (np.nan, 9),
        (np.inf, 9),
        (-np.inf, 9),
    ],
)
def test_an_end_of_a_range_lies_within_it(value: float, flag: int) -> None:
    """Both sides of each end; what is not finite is missing."""
    assert gross_range(value, FAIL, SUSPECT) == flag


@given(values=series(), ends=st.lists(st.sampled_from([-2.0, 0.0, 1.0, 1.5, 5.0, 9.0]), min_size=4, max_size=4))
def test_flags_are_those_of_ioos_qc(values: Values, ends: list[float]) -> None:
    """Flag for flag, whatever the ranges, ties with their ends among them."""
    least, low, high, most = sorted(ends)
    expected = as_oracle(qartod.gross_range_test, values, (least, most), (low, high))
    assert gross_range(values, (least, most), (low, high)).tolist() == expected.tolist()


def test_where_ioos_qc_fails_an_infinite_value_it_is_missing_here() -> None:
    """The documented difference: no other test of ioos_qc calls it anything but missing."""
    assert as_oracle(qartod.gross_range_test, [np.inf, -np.inf], FAIL, SUSPECT).tolist() == [4, 4]
    assert gross_range([np.inf, -np.inf], FAIL, SUSPECT).tolist() == [9, 9]


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (0, 3), (2, 1, 3)])
def test_the_shape_is_kept(shape: tuple[int, ...]) -> None:
    """Scalars, empty, stacked and non-contiguous values come back in their own shape, unchanged."""
    values = np.full(shape, 60.0)
    flags = gross_range(values.T, FAIL, SUSPECT)
    assert flags.shape == values.T.shape
    assert flags.dtype == np.uint8
    assert (flags == 3).all()
    assert (values == 60.0).all()


@pytest.mark.parametrize("suspect", [(50.0, 0.0), (-6.0, 50.0), (0.0, 101.0), (np.nan, 50.0)])
def test_a_suspect_range_must_lie_within_the_fail_range(suspect: tuple[float, float]) -> None:
    """A range the wrong way round is a mistake of whoever wrote it, and is not sorted."""
    with pytest.raises(ValueError, match=r"the suspect range has the ends .*; they must lie in order within"):
        gross_range([1.0], FAIL, suspect)
