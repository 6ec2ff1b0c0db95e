"""How numbers leave."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.api.answering import numbers


@pytest.mark.parametrize("value", [1e20, -1e20, 2.0**63, 2.0**53, 2.0**53 - 1, 1e300])
def test_a_large_number_is_told_as_it_is(value: float) -> None:
    """Not as the whole number that it overflows to."""
    assert numbers(np.array([value, np.nan])) == [value, None]


@given(st.lists(st.floats(allow_infinity=False) | st.integers(-1000, 1000).map(float), max_size=20))
def test_every_number_is_told_exactly(values: list[float]) -> None:
    """What JSON gives back is what was measured; missing is null."""
    told = msgspec.json.decode(msgspec.json.encode(numbers(np.array(values, np.float64))))
    assert told == [None if math.isnan(value) else value for value in values]


def test_whole_numbers_have_no_point() -> None:
    """As long as all of an item are whole, within what is exact."""
    assert msgspec.json.encode(numbers(np.array([40.0, np.nan, 2.0**53 - 1]))) == b"[40,null,9007199254740991]"
