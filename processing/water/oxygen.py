"""How much of the oxygen that the water could hold it does hold (饱和率)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.ratios import fraction

if TYPE_CHECKING:
    from fractions import Fraction

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
    with np.errstate(over="ignore"):
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
    with np.errstate(over="ignore"):
        over = oxygen * (rule.offset + temperature) - rule.share / 100 * rule.numerator
    reached = np.asarray(over > 0)
    for near in np.argwhere(np.abs(over) < _NEAR):
        place = tuple(near)
        reached[place] = _exactly(float(oxygen[place]), float(temperature[place]), rule)
    return reached


def explain_saturation(oxygen: float, temperature: float, standard: SurfaceWaterClasses) -> Explanation:
    """How the saturation of one reading came about, and whether dissolved oxygen is of class Ⅰ by it.

    Parameters
    ----------
    oxygen, temperature, standard
        As `saturation` has them.

    Returns
    -------
    Explanation
        Of the saturation [%], with the share that the best class asks for as its limit.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> explain_saturation(8.1, 20.4, standard).rule.zh
    '水温 20.4 ℃ 时饱和溶解氧为 468/(31.6+20.4)=9 mg/L，溶解氧 8.1 mg/L，饱和率 90%，达到 90%，溶解氧为Ⅰ类'
    """
    rule, name = standard.saturation, Text("溶解氧饱和率", "saturation of dissolved oxygen")
    source, found = Source.of(standard, rule), float(saturation(oxygen, temperature, standard))
    if not np.isfinite(found):
        none = Text("溶解氧或水温缺测，不计算", "dissolved oxygen or temperature is missing: there is none")
        return Explanation(name=name, value=None, unit="%", rule=none, source=source, limit=rule.share)
    exact = 100 * _held(oxygen, temperature, rule) / fraction(rule.numerator)
    told = _told(oxygen, temperature, float(exact), standard)
    return Explanation(name=name, value=found, unit="%", rule=told, source=source, exact=exact, limit=rule.share)


def _told(oxygen: float, temperature: float, share: float, standard: SurfaceWaterClasses) -> Text:
    rule, best = standard.saturation, standard.table.classes[standard.saturation.number - 1]
    sign = "+" if temperature >= 0 else "−"
    below = f"({written(rule.offset)}{sign}{written(abs(temperature))})"
    full = f"{written(rule.numerator)}/{below}={_short(rule.numerator / (rule.offset + temperature))}"
    held, wanted = f"{_short(share)}%", f"{written(rule.share)}%"
    if saturated(oxygen, temperature, standard):
        end = Text(f"达到 {wanted}，溶解氧为{best}类", f"which reaches {wanted}: dissolved oxygen is of class {best}")
    else:
        end = Text(f"低于 {wanted}，按浓度定类", f"which is below {wanted}: its concentration decides")
    at = written(temperature), f"{written(oxygen)} mg/L"
    return Text(
        f"水温 {at[0]} ℃ 时饱和溶解氧为 {full} mg/L，溶解氧 {at[1]}，饱和率 {held}，{end.zh}",
        f"at {at[0]} ℃ water holds up to {full} mg/L; dissolved oxygen of {at[1]} is {held} of that, {end.en}",
    )


def _short(number: float) -> str:
    return written(float(f"{number:.6g}"))


def _held(oxygen: float, temperature: float, rule: Saturation) -> Fraction:
    return fraction(oxygen) * (fraction(rule.offset) + fraction(temperature))


def _both(
    oxygen: ArrayLike, temperature: ArrayLike, rule: Saturation
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    oxygen, temperature = np.broadcast_arrays(
        np.asarray(oxygen, dtype=np.float64), np.asarray(temperature, dtype=np.float64)
    )
    known = np.isfinite(oxygen) & (oxygen >= 0) & np.isfinite(temperature) & (temperature > -rule.offset)
    return np.where(known, oxygen, np.nan), np.where(known, temperature, np.nan)


def _exactly(oxygen: float, temperature: float, rule: Saturation) -> bool:
    return 100 * _held(oxygen, temperature, rule) >= fraction(rule.share) * fraction(rule.numerator)
