"""Periods of natural days that figures are told for: a day, month, quarter, half-year, year, year to date, any span.

Which days belong to which of them, and to which month; what is valid in them is for the standards to say.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Kind = Literal["day", "month", "quarter", "half_year", "year", "year_to_date", "span"]
"""What a period of natural days is in the calendar."""

Days = NDArray[np.datetime64]
"""Natural days, datetime64[D]."""

_DECEMBER = 12


class CalendarPeriod(NamedTuple):
    """A period of natural days (评价时段).

    Attributes
    ----------
    kind : str
        `Kind`
    start, end : date
        First day, and first day after the period.

    Examples
    --------
    >>> CalendarPeriod("month", date(2026, 2, 1), date(2026, 3, 1)).days
    28
    """

    kind: Kind
    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has. [d]."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def dates(self) -> Days:
        """Its days, shape (days,).

        Examples
        --------
        >>> one_day(date(2026, 2, 28)).dates
        array(['2026-02-28'], dtype='datetime64[D]')
        """
        return np.datetime64(self.start, "D") + np.arange(self.days)

    @property
    def months(self) -> NDArray[np.datetime64]:
        """Months of which it has at least one day, datetime64[M].

        Examples
        --------
        >>> quarter_of(date(2026, 5, 4)).months
        array(['2026-04', '2026-05', '2026-06'], dtype='datetime64[M]')
        """
        return np.unique(self.dates.astype("datetime64[M]"))

    def holds(self, dates: Days) -> NDArray[np.bool_]:
        """Which of many days belong to it.

        Parameters
        ----------
        dates : ndarray of datetime64[D], any shape

        Returns
        -------
        ndarray of bool, shape of `dates`

        Examples
        --------
        >>> days = np.array(["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"], "datetime64[D]")
        >>> month_of(date(2026, 2, 9)).holds(days)
        array([False,  True,  True, False])
        """
        dates = np.asarray(dates)
        return np.asarray((dates >= np.datetime64(self.start, "D")) & (dates < np.datetime64(self.end, "D")))


def one_day(day: date) -> CalendarPeriod:
    """Period of one natural day.

    Examples
    --------
    >>> one_day(date(2026, 2, 28)).end
    datetime.date(2026, 3, 1)
    """
    return CalendarPeriod("day", day, day + timedelta(days=1))


def month_of(day: date) -> CalendarPeriod:
    """Calendar month that a day lies in.

    Examples
    --------
    >>> month_of(date(2024, 2, 9)).days
    29
    """
    return _months_from("month", day, 1)


def quarter_of(day: date) -> CalendarPeriod:
    """Calendar quarter that a day lies in.

    Examples
    --------
    >>> quarter_of(date(2026, 12, 31)).start
    datetime.date(2026, 10, 1)
    """
    return _months_from("quarter", day, 3)


def half_year_of(day: date) -> CalendarPeriod:
    """Half of a calendar year that a day lies in.

    Examples
    --------
    >>> half_year_of(date(2026, 7, 1)).end
    datetime.date(2027, 1, 1)
    """
    return _months_from("half_year", day, 6)


def year_of(day: date) -> CalendarPeriod:
    """Calendar year that a day lies in.

    Examples
    --------
    >>> year_of(date(2024, 2, 29)).days
    366
    """
    return _months_from("year", day, _DECEMBER)


def year_to_date(last: date) -> CalendarPeriod:
    """Calendar year up to a day, that day with it; on 31 December it is the whole year.

    Examples
    --------
    >>> year_to_date(date(2026, 8, 31)).days, year_to_date(date(2026, 12, 31)).kind
    (243, 'year')
    """
    year = year_of(last)
    return year if last == year.last else CalendarPeriod("year_to_date", year.start, last + timedelta(days=1))


def span(start: date, end: date) -> CalendarPeriod:
    """Any days from `start` on, before `end`.

    Raises
    ------
    ValueError
        It ends before it starts.

    Examples
    --------
    >>> span(date(2026, 1, 15), date(2026, 3, 15)).days
    59
    """
    if end < start:
        raise ValueError(f"the span has the end {end}; it must not be before its start, {start}")
    return CalendarPeriod("span", start, end)


class Months(NamedTuple):
    """Days sorted into months.

    Attributes
    ----------
    starts : ndarray of datetime64[M], shape (months,)
        Those that have a day, ascending.
    place : ndarray of int64, shape (days,)
        Which of them each day lies in.
    """

    starts: NDArray[np.datetime64]
    place: NDArray[np.int64]


def months_of(dates: Days) -> Months:
    """Months of many days.

    Parameters
    ----------
    dates : ndarray of datetime64[D], shape (days,)
        In any order.

    Examples
    --------
    >>> found = months_of(np.array(["2026-02-28", "2026-01-31", "2026-02-01"], "datetime64[D]"))
    >>> found.starts, found.place
    (array(['2026-01', '2026-02'], dtype='datetime64[M]'), array([1, 0, 1]))
    """
    starts, place = np.unique(np.asarray(dates).astype("datetime64[M]"), return_inverse=True)
    return Months(starts, place.astype(np.int64))


def by_month(values: NDArray[np.int64], months: Months) -> NDArray[np.int64]:
    """Sums over the days of each month.

    Parameters
    ----------
    values : ndarray of int64, shape (..., days)
    months : Months
        Of the same days.

    Returns
    -------
    ndarray of int64, shape (..., months)

    Examples
    --------
    >>> by_month(np.array([1, 10, 2]), Months(np.array(["2026-01", "2026-02"], "datetime64[M]"), np.array([1, 0, 1])))
    array([10,  3])
    """
    if not months.starts.size:
        return np.zeros((*values.shape[:-1], 0), np.int64)
    order = np.argsort(months.place, kind="stable")
    first = np.searchsorted(months.place[order], np.arange(months.starts.size))
    return np.asarray(np.add.reduceat(values[..., order], first, axis=-1, dtype=np.int64))


def _months_from(kind: Kind, day: date, length: int) -> CalendarPeriod:
    """Period of `length` months that a day lies in, where one begins with January."""
    first = (day.month - 1) // length * length + 1
    after = first + length
    end = date(day.year, after, 1) if after <= _DECEMBER else date(day.year + 1, 1, 1)
    return CalendarPeriod(kind, date(day.year, first, 1), end)
