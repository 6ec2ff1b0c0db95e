"""What a test of a trend says: rising, falling, essentially unchanged, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NOT_JUDGED, RISING, FALLING, UNCHANGED = range(4)
"""Too little to judge by; a significant rise; a significant fall; neither."""

WORDS = {
    NOT_JUDGED: Text("不作判定", "not judged"),
    RISING: Text("上升趋势", "rising"),
    FALLING: Text("下降趋势", "falling"),
    UNCHANGED: Text("基本无变化", "essentially unchanged"),
}
"""As HJ 663—2013, 5.2.1, names them."""


def direction(statistic: ArrayLike, significant: ArrayLike, judged: ArrayLike) -> NDArray[np.uint8]:
    """Directions by the sign of a test statistic.

    Parameters
    ----------
    statistic : array_like of float, any shape
        [-]
    significant, judged : array_like of bool, shape of `statistic`
        Whether it exceeds its critical value; whether there was enough to judge by.

    Returns
    -------
    ndarray of uint8, shape of `statistic`
        1 rising, 2 falling, 3 essentially unchanged; 0 where not judged.

    Examples
    --------
    >>> direction([2.5, -2.5, 0.1, np.nan], [True, True, False, False], [True, True, True, False])
    array([1, 2, 3, 0], dtype=uint8)
    """
    moved = np.where(np.asarray(statistic) > 0, RISING, FALLING)
    judged_as = np.where(np.asarray(significant), moved, UNCHANGED)
    return np.where(np.asarray(judged), judged_as, NOT_JUDGED).astype(np.uint8)


def series(values: ArrayLike) -> NDArray[np.float64]:
    """Series with NaN wherever a value is missing or infinite.

    Parameters
    ----------
    values : array_like of float, shape (..., periods)

    Returns
    -------
    ndarray of float64, shape of `values`

    Raises
    ------
    ValueError
        A single value without an axis of periods.

    Examples
    --------
    >>> series([[1, np.inf, np.nan]])
    array([[ 1., nan, nan]])
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim == 0:
        raise ValueError("the series has the shape (); it must be (…, periods), one value a period in order of time")
    return np.where(np.isfinite(values), values, np.nan)
