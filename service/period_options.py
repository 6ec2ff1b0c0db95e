"""The period that figures are asked for on the command line: natural days of Beijing time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from qingchuan.processing.calendar_periods import CalendarPeriod, month_of, one_day, span, year_of, year_to_date

MonthOption = Annotated[str | None, typer.Option("--month", help="某月 A month, such as 2026-10.", metavar="YYYY-MM")]
YearOption = Annotated[str | None, typer.Option("--year", help="某年 A year, such as 2026.", metavar="YYYY")]
DayOption = Annotated[str | None, typer.Option("--day", help="某日 A day, such as 2026-11-24.", metavar="DATE")]
FromOption = Annotated[
    str | None, typer.Option("--from", help="首日 First day; without --to up to yesterday.", metavar="DATE")
]
ToOption = Annotated[
    str | None, typer.Option("--to", help="末日 Last day; without --from since 1 January.", metavar="DATE")
]

_MONTH, _YEAR, _DAY = "2026-10", "2026", "2026-11-24"
"""Examples, as long as what is meant."""
_FIRST, _LAST = 1900, 2199


class OptionError(ValueError):
    """An option has a value that will not do, or two of them contradict each other."""


def asked_period(
    today: date,
    *,
    day: str | None = None,
    month: str | None = None,
    year: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> CalendarPeriod | None:
    """The period that options name; None where none of them is given.

    Parameters
    ----------
    today : date
    day, month, year : str or None
        ``2026-11-24``, ``2026-10``, ``2026``
    first, last : str or None
        First and last day; without `last` it ends with yesterday, without `first` it begins with 1 January.

    Raises
    ------
    OptionError
        An option has a value that is none, or two of them say different things.

    Examples
    --------
    >>> asked_period(date(2026, 11, 25), month="2026-10")
    CalendarPeriod(kind='month', start=datetime.date(2026, 10, 1), end=datetime.date(2026, 11, 1))
    >>> asked_period(date(2026, 11, 25), first="2026-11-01").days
    24
    """
    options = {"--day": day, "--month": month, "--year": year, "--from/--to": first or last}
    given = [name for name, text in options.items() if text is not None]
    if len(given) > 1:
        raise OptionError(f"{' and '.join(given)} are given; one of them would do (--help)")
    if day is not None:
        return one_day(_date("--day", day))
    if month is not None:
        return month_of(_read("--month", month, _MONTH, "-01"))
    if year is not None:
        return year_of(_read("--year", year, _YEAR, "-01-01"))
    return None if first is None and last is None else _from_to(today, first, last)


def up_to_yesterday(today: date) -> CalendarPeriod:
    """The year up to yesterday; on 1 January the year before.

    Examples
    --------
    >>> up_to_yesterday(date(2026, 11, 25)).days, up_to_yesterday(date(2026, 1, 1)).start.year
    (328, 2025)
    """
    return year_to_date(today - timedelta(days=1))


def without_days(period: CalendarPeriod, today: date) -> str | None:
    """Why there is nothing to tell of a period yet; None where a day of it is over.

    Examples
    --------
    >>> without_days(up_to_yesterday(date(2026, 11, 25)), date(2026, 11, 25))
    >>> without_days(month_of(date(2026, 12, 1)), date(2026, 11, 25))
    '该时段尚未开始 The period has not begun.'
    """
    if period.start > today:
        return "该时段尚未开始 The period has not begun."
    return "尚无已结束的日 No day is over yet." if period.start == today else None


def _from_to(today: date, first: str | None, last: str | None) -> CalendarPeriod:
    final = today - timedelta(days=1) if last is None else _date("--to", last)
    if first is None:
        return year_to_date(final)
    start = _date("--from", first)
    if final < start:
        told = f"--from has {first} and --to has {final}" if last else f"--from has {first}; yesterday was {final}"
        raise OptionError(f"{told}; a first day that is not after the last would do (--help)")
    return span(start, final + timedelta(days=1))


def _date(option: str, text: str) -> date:
    return _read(option, text, _DAY, "")


def _read(option: str, text: str, example: str, rest: str) -> date:
    try:
        found = date.fromisoformat(text + rest if len(text) == len(example) else "")
    except ValueError as error:
        raise OptionError(f"{option} has {text!r}; the like of {example} would do (--help)") from error
    if not _FIRST <= found.year <= _LAST:
        raise OptionError(f"{option} has {text!r}; a year from {_FIRST} to {_LAST} would do (--help)")
    return found
