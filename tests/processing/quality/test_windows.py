"""Sums, maxima and minima over windows of any length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.quality.windows import over_windows


@st.composite
def _windows(draw: st.DrawFn) -> tuple[list[list[int]], list[tuple[int, int]]]:
    length = draw(st.integers(0, 40))
    rows = draw(st.lists(st.lists(st.integers(-9, 9), min_size=length, max_size=length), min_size=1, max_size=3))
    ends = st.tuples(st.integers(0, length), st.integers(0, length)).map(lambda pair: (min(pair), max(pair)))
    return rows, draw(st.lists(ends, max_size=20))


@given(case=_windows())
def test_a_window_is_what_python_makes_of_its_slice(case: tuple[list[list[int]], list[tuple[int, int]]]) -> None:
    """Any length, empty ones among them."""
    rows, ends = case
    start, stop = np.array([end[0] for end in ends], dtype=np.int64), np.array([end[1] for end in ends], dtype=np.int64)
    values = np.array(rows, dtype=np.int64).reshape(len(rows), -1)
    assert over_windows(values, start, stop, np.add, 0).tolist() == [[sum(row[a:b]) for a, b in ends] for row in rows]
    assert over_windows(values, start, stop, np.maximum, -99).tolist() == [
        [max(row[a:b], default=-99) for a, b in ends] for row in rows
    ]


@pytest.mark.parametrize("huge", [1e20, 1e300])
def test_a_huge_value_spoils_no_other_window(huge: float) -> None:
    """A running total would never be right again."""
    values = np.array([0.1, huge, 0.1, 0.2, 0.3])
    assert over_windows(values, np.array([2]), np.array([5]), np.add, 0)[0] == pytest.approx(0.6, abs=1e-15)
