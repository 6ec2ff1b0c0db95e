"""What the natural days of a request are in the calendar, and which other days are compared with them."""

from __future__ import annotations

import datetime as dt

from qingchuan.api.parameters import Dates
from qingchuan.api.problems import wrong_parameter
from qingchuan.processing import calendar_periods
from qingchuan.processing.air.wording import period_name
from qingchuan.processing.calendar_periods import (
    CalendarPeriod,
    half_year_of,
    one_day,
    quarter_of,
    span,
    year_to_date,
)
from qingchuan.processing.standards import Text

_KINDS = (one_day, calendar_periods.month_of, quarter_of, half_year_of, calendar_periods.year_of)
_DAY = dt.timedelta(days=1)


def month_of(day: dt.date) -> Dates:
    """The calendar month that `day` lies in.

    Examples
    --------
    >>> month_of(dt.date(2026, 12, 24)).end
    datetime.date(2027, 1, 1)
    """
    return _dates(calendar_periods.month_of(day))


def year_of(day: dt.date) -> Dates:
    """The calendar year that `day` lies in.

    Examples
    --------
    >>> year_of(dt.date(2026, 12, 24)).start
    datetime.date(2026, 1, 1)
    """
    return _dates(calendar_periods.year_of(day))


def day_of(day: dt.date) -> Dates:
    """The natural day `day`.

    Examples
    --------
    >>> day_of(dt.date(2026, 12, 24)).days
    1
    """
    return _dates(one_day(day))


def to_yesterday(today: dt.date) -> tuple[Dates, Dates, Dates]:
    """Month and year up to yesterday, and the same part of last year.

    Examples
    --------
    >>> [str(period.start) + " " + str(period.end) for period in to_yesterday(dt.date(2028, 2, 29))]
    ['2028-02-01 2028-02-29', '2028-01-01 2028-02-29', '2027-01-01 2027-03-01']
    """
    year = Dates(year_of(today).start, today)
    return Dates(month_of(today).start, today), year, year_before(year)


def year_before(days: Dates) -> Dates:
    """The same days of the year before; what begins on 29 February begins on the 28th, with the same last day.

    Examples
    --------
    >>> year_before(Dates(dt.date(2028, 2, 1), dt.date(2028, 3, 1)))
    Dates(start=datetime.date(2027, 2, 1), end=datetime.date(2027, 3, 1))
    >>> year_before(Dates(dt.date(2028, 2, 28), dt.date(2028, 2, 29)))
    Dates(start=datetime.date(2027, 2, 28), end=datetime.date(2027, 3, 1))
    """
    return Dates(_year_before(days.start, (2, 28)), _year_before(days.end, (3, 1)))


def period_before(days: Dates) -> Dates:
    """The period before `days`: the month, quarter, half-year or year before one of these, or else as many days.

    Examples
    --------
    >>> period_before(Dates(dt.date(2026, 3, 1), dt.date(2026, 4, 1))).start
    datetime.date(2026, 2, 1)
    >>> period_before(Dates(dt.date(2026, 4, 1), dt.date(2026, 7, 1))).start
    datetime.date(2026, 1, 1)
    >>> period_before(Dates(dt.date(2026, 3, 2), dt.date(2026, 3, 9))).start
    datetime.date(2026, 2, 23)
    """
    whole = next((kind for kind in _KINDS if _dates(kind(days.start)) == days), None)
    if whole is None:
        return Dates(days.start - dt.timedelta(days=days.days), days.start)
    return _dates(whole(days.start - _DAY))


def calendar_period(days: Dates) -> CalendarPeriod:
    """The period that `days` are: a month, a year to date …, or just a span of days.

    Examples
    --------
    >>> calendar_period(Dates(dt.date(2026, 10, 1), dt.date(2026, 11, 1))).kind
    'month'
    >>> calendar_period(Dates(dt.date(2026, 1, 1), dt.date(2026, 11, 25))).kind
    'year_to_date'
    >>> calendar_period(Dates(dt.date(2026, 1, 1), dt.date(2026, 1, 1))).kind
    'span'
    """
    found = (made(days.start) for made in _KINDS)
    same = next((period for period in found if _dates(period) == days), None)
    if same is not None:
        return same
    whole, year = span(*days), year_of(days.start)
    in_year = days.days and days.start == year.start and days.end <= year.end
    return year_to_date(whole.last) if in_year else whole


def name_of(period: CalendarPeriod) -> Text:
    """Name of a period, also of one without days."""
    if not period.days:
        return Text("尚无已结束的日", "no day is over yet")
    return period_name(period)


def at_least_a_day(days: Dates) -> Dates:
    """The `days`, which are one at least.

    Raises
    ------
    ProblemError
        They are none.
    """
    if not days.days:
        raise wrong_parameter("end", days.end.isoformat(), "a day after start")
    return days


def _dates(period: CalendarPeriod) -> Dates:
    return Dates(period.start, period.end)


def _year_before(day: dt.date, of_leap_day: tuple[int, int]) -> dt.date:
    """The same day of the year before; for 29 February the month and day that stand in for it."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return dt.date(day.year - 1, *of_leap_day)
