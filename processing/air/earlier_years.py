"""The same calendar dates in earlier years: where they are among the days that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.calendar_periods import Days

_T = TypeVar("_T", bound=np.generic)

NO_DAY = -1
"""The place of a date that an earlier year lacks."""

_MONTHS = 12


class EarlierYears(NamedTuple):
    """Where the calendar dates of some days are in earlier years.

    Attributes
    ----------
    years : ndarray of int64, shape (years,)
        Years in which the first of these dates lies, the latest first; those that have none of the dates are left out.
    place : ndarray of int64, shape (years, days)
        Place of each date among the days that there are. -1 where it is lacking, as 29 February is in most years.
    """

    years: NDArray[np.int64]
    place: NDArray[np.int64]

    def of(self, values: NDArray[_T], nothing: ArrayLike) -> NDArray[_T]:
        """Values of the dates in the earlier years.

        Parameters
        ----------
        values : ndarray, shape (n,)
            Of the days that there are, in their order.
        nothing : scalar
            What stands for a date that is lacking, such as `MISSING` or False.

        Returns
        -------
        ndarray, shape (years, days)

        Examples
        --------
        >>> dates = np.arange("2023-02-27", "2023-03-02", dtype="datetime64[D]")
        >>> found = earlier_years(dates, np.array(["2024-02-28", "2024-02-29"], "datetime64[D]"))
        >>> found.of(np.array([30, 31, 32], np.uint16), 65535)
        array([[   31, 65535]], dtype=uint16)
        """
        return np.where(self.place == NO_DAY, np.asarray(nothing, values.dtype), values[self.place])


def earlier_years(dates: Days, remaining: Days) -> EarlierYears:
    """Where the calendar dates of the remaining days are in earlier years.

    Parameters
    ----------
    dates : ndarray of datetime64[D], shape (n,)
        Days that there are, each once, in any order.
    remaining : ndarray of datetime64[D], shape (days,)

    Returns
    -------
    EarlierYears

    Examples
    --------
    >>> dates = np.arange("2022-01-01", "2024-01-01", dtype="datetime64[D]")
    >>> found = earlier_years(dates, np.array(["2024-02-28", "2024-02-29"], "datetime64[D]"))
    >>> found.years, found.place
    (array([2023, 2022]), array([[423,  -1],
           [ 58,  -1]]))
    """
    dates, remaining = np.asarray(dates, "datetime64[D]"), np.asarray(remaining, "datetime64[D]")
    if not dates.size or not remaining.size:
        return EarlierYears(np.zeros(0, np.int64), np.zeros((0, remaining.size), np.int64))
    months = remaining.astype("datetime64[M]")
    most = int(months.astype(np.int64).max() - dates.min().astype("datetime64[M]").astype(np.int64)) // _MONTHS
    back = np.arange(1, max(most, 0) + 1)
    shifted = months - (_MONTHS * back)[:, np.newaxis]
    wanted = shifted.astype("datetime64[D]") + (remaining - months.astype("datetime64[D]"))
    order = np.argsort(dates)
    at = order[np.minimum(np.searchsorted(dates, wanted, sorter=order), dates.size - 1)]
    is_there = (dates[at] == wanted) & (wanted.astype("datetime64[M]") == shifted)
    kept = is_there.any(axis=-1)
    return EarlierYears(remaining[0].item().year - back[kept], np.where(is_there, at, NO_DAY)[kept])
