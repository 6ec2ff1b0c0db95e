"""The rows of values that a rule asks for, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


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
    values = np.asarray(values, dtype=np.float64)
    if values.ndim == 0 or len(values) != len(items):
        raise ValueError(
            f"the values have the shape {values.shape}; the first axis must have one row for each of {', '.join(items)}"
        )
    found = np.full((len(wanted), *values.shape[1:]), np.nan)
    for place, item in enumerate(wanted):
        if item in items:
            found[place] = values[items.index(item)]
    found[np.isinf(found)] = np.nan
    return found
