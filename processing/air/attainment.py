"""Attainment of the standard (达标评价) by an item in a year: by its mean, where that is judged, and its percentile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.short_term import NO_LIMIT, NO_MULTIPLE, exceedance_multiple
from qingchuan.processing.air.statistics import ItemStatistics, check_official
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits
from qingchuan.processing.standards.air_limits import Grade, LimitAveraging


@dataclass(frozen=True, slots=True, eq=False)
class ItemAttainment:
    """Attainment of an item in a period.

    Attributes
    ----------
    item : str
    attained : ndarray of bool, shape (...)
        Mean and percentile, as far as they are judged, are valid and not above their limits.
    valid : ndarray of bool, shape (...)
        Whether the statistics are valid; where not, nothing is judged.
    mean_limit, percentile_limit : int or None
        [scaled] None where the mean, or a percentile, is not judged.
    mean_multiple, percentile_multiple : ndarray of int64, shape (...)
        Exceedance multiples, in units of their last decimal; -1 where a limit is not exceeded.
    """

    item: str
    attained: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    mean_limit: int | None
    percentile_limit: int | None
    mean_multiple: NDArray[np.int64]
    percentile_multiple: NDArray[np.int64]

    @property
    def multiple(self) -> NDArray[np.int64]:
        """The larger of the two multiples, shape (...); -1 where nothing is exceeded."""
        return np.maximum(self.mean_multiple, self.percentile_multiple)


def period_attainment(
    statistics: ItemStatistics, limits: AmbientAirLimits, rules: AirAssessment, *, grade: Grade, on: date
) -> ItemAttainment:
    """Attainment of an item in a year (年评价): of its mean, where that is judged, *and* of its percentile.

    Parameters
    ----------
    statistics : ItemStatistics
        Of the official decimals. HJ 663 judges years, and lead by quarters; other periods by analogy.
    limits : AmbientAirLimits
        The edition of GB 3095.
    rules : AirAssessment
        The edition of HJ 663.
    grade : {1, 2}
        Grade I of class-1 areas (一类区), grade II of class-2 areas (二类区).
    on : date
        Day whose stage of the limits holds: the last one of the period, or another to compare.

    Returns
    -------
    ItemAttainment

    Raises
    ------
    LookupError
        The edition evaluates no such item, or sets no limit for it.
    ValueError
        The statistics have more than the official decimals.

    References
    ----------
    .. [1] HJ 663—2013, 5.1.1.2, 6.1.5, 6.3, A.4: the mean by the annual limit, the percentile by the daily one.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.statistics import period_statistics
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> year = year_of(date(2025, 1, 1))
    >>> rules, limits = standards.in_force("hj663", year.last), standards.in_force("gb3095", year.last)
    >>> found = period_statistics({"pm25": np.full(365, 36, np.uint16)}, year.dates, year, rules)["pm25"]
    >>> judged = period_attainment(found, limits, rules, grade=2, on=year.last)
    >>> judged.attained, judged.mean_limit, judged.mean_multiple, judged.percentile_multiple
    (array(False), 35, array(3), array(-1))
    """
    check_official(statistics, rules)
    mean_limit, percentile_limit = _limits(statistics, limits, rules, grade, on)
    means = exceedance_multiple(statistics.mean, mean_limit or NO_LIMIT, rules.decimals.multiple)
    percentiles = exceedance_multiple(statistics.percentile, percentile_limit or NO_LIMIT, rules.decimals.multiple)
    valid = statistics.valid
    return ItemAttainment(
        item=statistics.item,
        attained=np.asarray(valid & (means == NO_MULTIPLE) & (percentiles == NO_MULTIPLE)),
        valid=valid,
        mean_limit=mean_limit,
        percentile_limit=percentile_limit,
        mean_multiple=np.asarray(np.where(valid, means, NO_MULTIPLE)),
        percentile_multiple=np.asarray(np.where(valid, percentiles, NO_MULTIPLE)),
    )


def mean_averaging(statistics: ItemStatistics, rules: AirAssessment) -> LimitAveraging:
    """Averaging time of the limit that a mean is judged by: the year, or of lead in a quarter the quarter.

    Parameters
    ----------
    statistics : ItemStatistics
    rules : AirAssessment
        The edition of HJ 663.

    References
    ----------
    .. [1] HJ 663—2013, table 2.
    """
    by_quarter = statistics.period.kind == "quarter" and statistics.item in rules.other.quarter
    return "quarter" if by_quarter else "year"


def _limits(
    statistics: ItemStatistics, limits: AmbientAirLimits, rules: AirAssessment, grade: Grade, on: date
) -> tuple[int | None, int | None]:
    """Limits of the mean and of the percentile; None for what is not judged."""
    item, averaging = statistics.item, mean_averaging(statistics, rules)
    decimals = rules.decimals.items[item]
    mean = (
        limits.scaled_limit(item, averaging, decimals, grade=grade, on=on) if rules.year_statistics(item).mean else None
    )
    percentile = None if statistics.percent is None else limits.scaled_limit(item, "day", decimals, grade=grade, on=on)
    return mean, percentile
