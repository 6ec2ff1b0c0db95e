"""Rows in the order of a rule."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing.water.rows import item_rows, rows_among, rows_of


def test_rows_come_in_the_wanted_order_and_missing_ones_are_nan() -> None:
    """Other items are left out."""
    found = rows_of([[1.0, 2.0], [3.0, np.inf]], ("tp", "ph"), ("do", "ph"))
    assert np.array_equal(found, [[np.nan, np.nan], [3.0, np.nan]], equal_nan=True)


def test_the_input_is_not_changed() -> None:
    """Infinite values stay in it."""
    values = np.array([[np.inf]])
    rows_of(values, ("tp",), ("tp",))
    assert np.isinf(values).all()


@pytest.mark.parametrize("values", [1.0, [1.0], [1.0, 2.0, 3.0]])
def test_a_row_an_item_is_needed(values: float | list[float]) -> None:
    """The message names the items."""
    with pytest.raises(ValueError, match="one row for each of tp, ph"):
        rows_of(values, ("tp", "ph"), ("ph",))
    with pytest.raises(ValueError, match="one row for each of tp, ph"):
        item_rows(values, ("tp", "ph"))


@pytest.mark.parametrize(("axes", "shape"), [(1, (3,)), (2, (3, 1)), (4, (3, 1, 1, 1))])
def test_wanted_rows_spread_over_any_number_of_axes(axes: int, shape: tuple[int, ...]) -> None:
    """In the order of the items; no item is no row."""
    found = rows_among(("tp", "ph", "do"), ("do", "tp", "codmn"), axes)
    assert (found.shape, found.ravel().tolist()) == (shape, [True, False, True])
    assert rows_among((), ("tp",), axes).shape == (0, *shape[1:])
