"""What the natural days of a request are in the calendar."""

from __future__ import annotations

from qingchuan.api.parameters import Dates
from qingchuan.api.problems import wrong_parameter
from qingchuan.processing.air.wording import period_name
from qingchuan.processing.calendar_periods import (
    CalendarPeriod,
    half_year_of,
    month_of,
    one_day,
    quarter_of,
    span,
    year_of,
    year_to_date,
)
from qingchuan.processing.standards import Text

_KINDS = (one_day, month_of, quarter_of, half_year_of, year_of)


def calendar_period(days: Dates) -> CalendarPeriod:
    """The period that `days` are: a month, a year to date …, or just a span of days.

    Examples
    --------
    >>> import datetime as dt
    >>> calendar_period(Dates(dt.date(2026, 10, 1), dt.date(2026, 11, 1))).kind
    'month'
    >>> calendar_period(Dates(dt.date(2026, 1, 1), dt.date(2026, 11, 25))).kind
    'year_to_date'
    >>> calendar_period(Dates(dt.date(2026, 1, 1), dt.date(2026, 1, 1))).kind
    'span'
    """
    found = (made(days.start) for made in _KINDS)
    same = next((period for period in found if period[1:] == days), None)
    if same is not None:
        return same
    whole = span(*days)
    in_year = whole.days and whole.start == year_of(whole.start).start and whole.end <= year_of(whole.start).end
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
