"""HJ 663: how many stations make a value of an area, and how many days a statistic of a period."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.calendar_periods import Kind
from qingchuan.processing.standards.edition import Part

_WHOLE = 100
"""Percent of the whole. [%]"""

_FEBRUARY = 1
"""Months since January."""

_MONTHS = 12


class Area(Part, frozen=True, kw_only=True):
    """How many of a city's stations must be valid.

    Attributes
    ----------
    share : int
        [%]
    few : int
        Below so many stations in all `share_of_few` holds. [-]
    share_of_few : int
        [%]
    """

    share: int
    few: int
    share_of_few: int

    def share_for(self, stations: ArrayLike) -> NDArray[np.int64]:
        """Share that must be valid where there are so many stations in all. [%].

        Parameters
        ----------
        stations : array_like of int, any shape
            [-]

        Returns
        -------
        ndarray of int64, shape of `stations`

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hj663_2013", standards.AirAssessment).area.share_for([3, 4])
        array([50, 75])
        """
        return np.where(np.asarray(stations) < self.few, self.share_of_few, self.share)

    def enough(self, valid: ArrayLike, stations: ArrayLike) -> NDArray[np.bool_]:
        """Whether so many valid stations, out of so many in all, make a value; without a valid one there is none.

        Parameters
        ----------
        valid, stations : array_like of int, shapes that broadcast to (...)
            [-]

        Returns
        -------
        ndarray of bool, shape (...)

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hj663_2013", standards.AirAssessment).area.enough([1, 2, 3, 0], [2, 4, 4, 0])
        array([ True, False,  True, False])
        """
        valid = np.asarray(valid)
        return np.asarray((valid > 0) & (_WHOLE * valid >= self.share_for(stations) * np.asarray(stations)))


class Minimum(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """So many daily values a statistic needs.

    Attributes
    ----------
    kind : {"year", "quarter"}
    items : tuple of str
    at_least, each_month, february : int
        In the period, in each of its months, and in a February. [d]
    """

    kind: Kind
    items: tuple[str, ...]
    at_least: int
    each_month: int
    february: int

    def of_months(self, months: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """How many daily values each of some months needs. [d].

        Parameters
        ----------
        months : ndarray of datetime64[M], any shape

        Returns
        -------
        ndarray of int64, shape of `months`

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> year = standards.load("hj663_2013", standards.AirAssessment).minimum("year", "pm25")
        >>> year.of_months(np.array(["2024-01", "2024-02"], "datetime64[M]")) if year else None
        array([27, 25])
        """
        return np.where(months.astype(np.int64) % _MONTHS == _FEBRUARY, self.february, self.each_month)


class PeriodValidity(Part, frozen=True, kw_only=True):
    """When the mean and the percentiles of a period are valid."""

    rows: tuple[Minimum, ...]
