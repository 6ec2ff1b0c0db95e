"""Hours of dust (沙尘): the particles of these hours are left out before anything is computed of them.

Means, indices and ranks without dust are those of what remains. So a day with fewer hours left than the rule of
validity asks for has no mean of the particles: it is incomplete, not good.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import DustRules


def without_dust(hours: Mapping[str, Scaled], affected: ArrayLike, rules: DustRules) -> dict[str, Scaled]:
    """Hourly concentrations without those that dust affected: particles are missing then, gases stay.

    Parameters
    ----------
    hours : mapping of str to ndarray of uint16, shape (..., hours, stations)
        1-hour means. [scaled]
    affected : array_like of bool, broadcastable with each of `hours`
        Hours that the China National Environmental Monitoring Centre declares as affected: shape (hours, stations), or
        (hours, 1) where all stations are.
    rules : DustRules
        The edition of 环办监测〔2016〕120号: which items are left out.

    Returns
    -------
    dict of str to ndarray of uint16, shapes of `hours`
        [scaled] The gases are the arrays that were given.

    Raises
    ------
    ValueError
        The hours declared do not fit to the hours of an item.

    References
    ----------
    .. [1] 环办监测〔2016〕120号; GB 3095, table 4: a daily mean has at least 20 hours.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> hours = {item: np.array([[300], [40]], np.uint16) for item in ("pm10", "no2")}
    >>> left = without_dust(hours, [[True], [False]], standards.load("hb2016_120", DustRules))
    >>> left["pm10"].tolist(), left["no2"].tolist()
    ([[65535], [40]], [[300], [40]])
    """
    affected = np.asarray(affected, dtype=np.bool_)
    deducted = rules.deduction.items
    return {
        item: _left(item, np.asarray(values), affected) if item in deducted else values
        for item, values in hours.items()
    }


def _left(item: str, values: Scaled, affected: NDArray[np.bool_]) -> Scaled:
    if np.broadcast_shapes(values.shape, affected.shape) != values.shape:
        raise ValueError(f"the hours declared have the shape {affected.shape}; {item} has {values.shape}, it must fit")
    return np.asarray(np.where(affected, np.uint16(MISSING), values))
