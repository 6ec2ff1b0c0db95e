"""Sources of drinking water (集中式饮用水水源): tables 1 and 2 of GB 3838, and the rates of a month."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.water.classes import NO_CLASS, counting, item_classes
from qingchuan.processing.water.compliance import COMPLIES, FAILS, NOT_EVALUATED
from qingchuan.processing.water.ratios import fraction
from qingchuan.processing.water.rows import rows_among
from qingchuan.processing.water.shares import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody


@dataclass(frozen=True, slots=True, eq=False)
class SourceAssessment:
    """Sources of drinking water, at one sampling each.

    Attributes
    ----------
    items : tuple of str
        First axis of the arrays that have it.
    judged : ndarray of bool, shape (items, ...)
        Whether an item was measured and decides.
    exceeding : ndarray of bool, shape (items, ...)
        Whether it is beyond its limit.
    complies : ndarray of int8, shape (...)
        `COMPLIES`, `FAILS`, or `NOT_EVALUATED` where nothing was measured.
    """

    items: tuple[str, ...]
    judged: NDArray[np.bool_]
    exceeding: NDArray[np.bool_]
    complies: NDArray[np.int8]

    def missing(self, standard: SurfaceWaterClasses, measures: WaterStatus, *place: int) -> tuple[str, ...]:
        """Items that decide and were not measured at one source, but for those that seldom are.

        Parameters
        ----------
        standard, measures
            As `assess_sources` has them.
        *place : int
            Its index in the shape of `complies`; none where that is a scalar.
        """
        measured = {item for item, judged in zip(self.items, self.judged, strict=True) if judged[place]}
        rule = measures.drinking_water
        wanted = [row.item for row in standard.table.rows] + [row.item for row in standard.sources.rows]
        left_out = {*measured, *rule.not_judged, *rule.seldom_measured}
        return tuple(item for item in dict.fromkeys(wanted) if item not in left_out)


class SourceRates(NamedTuple):
    """Rates of sources that comply.

    Attributes
    ----------
    complying, evaluated : ndarray of int64, shape (...)
        Sources. [-]
    rate : ndarray of float64, shape (...)
        By number of sources (水源达标率). [%] NaN where none is evaluated.
    rate_by_amount : ndarray of float64, shape (...)
        By the water taken from them (水量达标率). [%] NaN where none is taken.
    """

    complying: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    rate: NDArray[np.float64]
    rate_by_amount: NDArray[np.float64]


def assess_sources(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> SourceAssessment:
    """Sources of drinking water judged item by item; one beyond its limit is enough to fail.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        Values of a month, rounded to the decimals of evaluation. [unit of the item] NaN where missing; so are negative
        values of items that are never negative.
    items : sequence of str
        Keys of the first axis.
    water_body : {"river", "lake"}
    standard : SurfaceWaterClasses
        The edition of GB 3838.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    SourceAssessment

    Notes
    -----
    The basic items have to reach class Ⅲ, those of table 2 their limit. Temperature, total nitrogen and faecal
    coliforms are told apart and decide nothing. Chemical oxygen demand decides where it is measured, which it seldom
    is. The 80 items of table 3 are not held.

    References
    ----------
    .. [1] GB 3838—2002, tables 1 and 2; monthly reports of Sichuan, Dazhou, Quzhou and Wenshan.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> values = [[0.2, 0.2], [0.1, 0.11], [9.0, 9.0]]
    >>> found = assess_sources(values, ("tp", "manganese", "tn"), "river", gb3838, measures)
    >>> found.complies, found.exceeding[:, 1]
    (array([1, 0], dtype=int8), array([False,  True, False]))
    """
    rule = measures.drinking_water
    values = counting(values, items)
    apart = rows_among(items, rule.not_judged, values.ndim)
    values = np.where(apart, np.nan, values)
    classes = item_classes(values, items, water_body, standard)
    judged, exceeding = classes != NO_CLASS, classes > rule.number
    limits = {row.item: row.limit for row in standard.sources.rows}
    for place, item in enumerate(items):
        if item in limits:
            judged[place], exceeding[place] = ~np.isnan(values[place]), values[place] > limits[item]
    evaluated = judged.any(axis=0)
    verdict = np.where(exceeding.any(axis=0), FAILS, COMPLIES)
    found = np.where(evaluated, verdict, NOT_EVALUATED).astype(np.int8)
    return SourceAssessment(tuple(items), judged, exceeding, found)


def source_rates(complying: ArrayLike, amounts: ArrayLike, measures: WaterStatus) -> SourceRates:
    """Rates of a month: by number of sources, and by the water taken from them.

    Parameters
    ----------
    complying : array_like of int, shape (..., sources)
        As `SourceAssessment.complies` has it; what is not evaluated leaves both denominators.
    amounts : array_like of float, broadcastable to shape (..., sources)
        Water taken from each. [10⁴ t] NaN where unknown: there is no rate by amount then.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    SourceRates

    Raises
    ------
    ValueError
        An amount is negative or infinite.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> found = source_rates([1, 1, 0, -1], [300.5, 100.0, 99.5, 7.0], measures)
    >>> float(found.rate), float(found.rate_by_amount)
    (66.7, 80.1)
    """
    complying = np.atleast_1d(np.asarray(complying))
    amounts = np.broadcast_to(np.asarray(amounts, dtype=np.float64), complying.shape)
    if (amounts < 0).any() or np.isinf(amounts).any():
        raise ValueError("an amount of water is negative or infinite; it is 0 or more, NaN where unknown")
    reached, counts = complying == COMPLIES, complying != NOT_EVALUATED
    decimals = measures.shares.decimals
    number, evaluated = np.asarray(reached.sum(axis=-1)), np.asarray(counts.sum(axis=-1))
    by_amount = _by_amount(amounts, reached, counts, decimals)
    return SourceRates(number, evaluated, percent(number, evaluated, decimals), by_amount)


def _by_amount(
    amounts: NDArray[np.float64], reached: NDArray[np.bool_], counts: NDArray[np.bool_], decimals: int
) -> NDArray[np.float64]:
    """Share of the amount that comes from sources that comply, from exact sums."""
    rates = np.full(amounts.shape[:-1], np.nan)
    for place in map(tuple, np.argwhere(~(counts & np.isnan(amounts)).any(axis=-1))):
        whole = sum((fraction(amount) for amount in amounts[place][counts[place]]), Fraction(0))
        part = sum((fraction(amount) for amount in amounts[place][reached[place]]), Fraction(0))
        if whole:
            rates[place] = float(round(100 * part / whole, decimals))
    return rates
