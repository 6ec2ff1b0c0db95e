"""Values with a row an item: checked, and those rows that a rule asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import ArrayLike, NDArray


def item_rows(values: ArrayLike, items: Sequence[str]) -> NDArray[np.float64]:
    """Values as floats, with a row an item.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
    items : sequence of str
        Keys of the first axis.

    Returns
    -------
    ndarray of float64, shape (items, ...)

    Raises
    ------
    ValueError
        `values` does not have a row an item.

    Examples
    --------
    >>> item_rows([[1, 2]], ("tp",))
    array([[1., 2.]])
    """
    values = np.asarray(values, dtype=np.float64)
    if values.shape[:1] != (len(items),):
        named = ", ".join(items)
        raise ValueError(
            f"the values have the shape {values.shape}; the first axis must have one row for each of {named}"
        )
    return values


def rows_of(values: ArrayLike, items: Sequence[str], wanted: Sequence[str]) -> NDArray[np.float64]:
    """Values of the wanted items, NaN where one is not there.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        [unit of the item] NaN where missing.
    items : sequence of str
        Keys of the first axis, in any order; those that are not wanted are left out.
    wanted : sequence of str
        Keys of the first axis of the result.

    Returns
    -------
    ndarray of float64, shape (wanted, ...)
        A copy. Infinite values are missing.

    Raises
    ------
    ValueError
        `values` does not have a row an item.

    Examples
    --------
    >>> rows_of([[0.1], [7.5]], ("tp", "ph"), ("ph", "do"))
    array([[7.5],
           [nan]])
    """
    values = item_rows(values, items)
    found = np.full((len(wanted), *values.shape[1:]), np.nan)
    for place, item in enumerate(wanted):
        if item in items:
            found[place] = values[items.index(item)]
    found[np.isinf(found)] = np.nan
    return found


def rows_among(items: Sequence[str], wanted: Collection[str], axes: int) -> NDArray[np.bool_]:
    """Whether each item is among the wanted ones, in a shape that spreads over values with a row an item.

    Parameters
    ----------
    items : sequence of str
        Keys of the first axis.
    wanted : collection of str
    axes : int
        How many axes the values have. [-]

    Returns
    -------
    ndarray of bool, shape (items, 1, …) of so many axes

    Examples
    --------
    >>> rows_among(("tp", "ph"), {"ph", "do"}, 2)
    array([[False],
           [ True]])
    """
    found = np.array([item in wanted for item in items], dtype=np.bool_)
    return found.reshape(-1, *[1] * (axes - 1))
