"""How much of the oxygen that the water could hold it does hold (饱和率)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.water.ratios import fraction

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses
    from qingchuan.processing.standards.water_limits import Saturation

_NEAR = 1e-9
"""Closer to the bound than this [mg/L × ℃] the comparison is made in fractions."""


def saturation(oxygen: ArrayLike, temperature: ArrayLike, standard: SurfaceWaterClasses) -> NDArray[np.float64]:
    """Share of the oxygen that fresh water of a temperature could hold.

    Parameters
    ----------
    oxygen : array_like of float, any shape
        Dissolved oxygen. [mg/L] NaN where missing.
    temperature : array_like of float, broadcastable with `oxygen`
        [℃] NaN where missing.
    standard : SurfaceWaterClasses
        The edition of GB 3838, with the formula that stands beside it.

    Returns
    -------
    ndarray of float64, the broadcast shape
        [%] NaN where either is missing or infinite, the oxygen is negative, or the water colder than the formula knows.

    References
    ----------
    .. [1] HJ 2.3—2018: DOf = 468/(31.6 + T), rivers.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> saturation([8.0, 7.0, 7.0], [22.0, 28.4, np.nan], standard).round(1)
    array([91.6, 89.7,  nan])
    """
    rule = standard.saturation
    oxygen, temperature = _both(oxygen, temperature, rule)
    return np.asarray(100 * oxygen * (rule.offset + temperature) / rule.numerator)


def saturated(oxygen: ArrayLike, temperature: ArrayLike, standard: SurfaceWaterClasses) -> NDArray[np.bool_]:
    """Whether the water holds so large a share of that oxygen that dissolved oxygen is of class Ⅰ.

    Parameters
    ----------
    oxygen, temperature, standard
        As `saturation` has them.

    Returns
    -------
    ndarray of bool, the broadcast shape
        False where there is no saturation: the concentration alone then decides.

    Notes
    -----
    Exact: a share of 90 % reaches 90 %. Give it to `item_classes`; without it 7.5 mg/L decides, as nobody has seen the
    national release platform judge by saturation.

    References
    ----------
    .. [1] GB 3838—2002, table 1, item 3: 饱和率90%（或7.5）; HJ 2.3—2018.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.water.classes import item_classes
    >>> standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> reached = saturated([7.02, 7.01], 28.4, standard)
    >>> reached, item_classes([[7.02, 7.01]], ("do",), "river", standard, reached)
    (array([ True, False]), array([[1, 2]], dtype=uint8))
    """
    rule = standard.saturation
    oxygen, temperature = _both(oxygen, temperature, rule)
    over = oxygen * (rule.offset + temperature) - rule.share / 100 * rule.numerator
    reached = np.asarray(over > 0)
    for near in np.argwhere(np.abs(over) < _NEAR):
        place = tuple(near)
        reached[place] = _exactly(float(oxygen[place]), float(temperature[place]), rule)
    return reached


def _both(
    oxygen: ArrayLike, temperature: ArrayLike, rule: Saturation
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    oxygen, temperature = np.broadcast_arrays(
        np.asarray(oxygen, dtype=np.float64), np.asarray(temperature, dtype=np.float64)
    )
    known = np.isfinite(oxygen) & (oxygen >= 0) & np.isfinite(temperature) & (temperature > -rule.offset)
    return np.where(known, oxygen, np.nan), np.where(known, temperature, np.nan)


def _exactly(oxygen: float, temperature: float, rule: Saturation) -> bool:
    holds = fraction(oxygen) * (fraction(rule.offset) + fraction(temperature))
    return 100 * holds >= fraction(rule.share) * fraction(rule.numerator)
