"""Zeros and negative values."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing.flags import BAD, SUSPECT
from qingchuan.processing.quality.zeros import negative, zero


@pytest.mark.parametrize("flag", [SUSPECT, BAD])
@pytest.mark.parametrize("value", [0.0, -0.0, 0])
def test_a_zero_gets_the_flag_that_the_item_asks_for(value: float, flag: int) -> None:
    """A pH of 0 is bad, the zero of a gas suspect."""
    assert zero(value, flag) == flag


@pytest.mark.parametrize(("value", "expected"), [(5e-324, 1), (-5e-324, 1), (7.0, 1), (np.nan, 9), (np.inf, 9)])
def test_only_zero_itself_is_a_zero(value: float, expected: int) -> None:
    """However close; missing never becomes a zero."""
    assert zero(value, BAD) == expected


@pytest.mark.parametrize(
    ("value", "flag"),
    [(0.0, 1), (-0.0, 1), (np.nextafter(0, -1), 3), (-0.3, 3), (np.nextafter(-0.3, -1), 4), (-99.0, 4), (3.0, 1)],
)
def test_within_the_drift_of_zero_a_negative_value_is_suspect(value: float, flag: int) -> None:
    """Both sides of zero and of the drift, 0.3 mg/m³ of CO."""
    assert negative(value, 0.3) == flag


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_missing_is_not_negative(value: float) -> None:
    """Minus infinity is no value."""
    assert negative(value, 2.0) == 9


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (2, 3), (2, 1, 3)])
def test_the_shape_is_kept_and_the_values_too(shape: tuple[int, ...]) -> None:
    """A negative value is flagged, not cut to zero."""
    values = np.full(shape, -1.0)
    assert negative(values.T, 2.0).shape == values.T.shape
    assert zero(values.T, BAD).shape == values.T.shape
    assert (negative(values, 2.0) == 3).all()
    assert (values == -1).all()
