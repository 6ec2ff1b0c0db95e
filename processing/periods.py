"""Time at the edges: Beijing time to UTC and back, natural days, the labels of hours.

Inside, an instant is a count of seconds since 1970-01-01 UTC and a period is named by its start. Beijing time is the
fixed offset +08:00: the zone ``Asia/Shanghai`` has summer time in 1986–1991, the standards do not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
from numpy.typing import ArrayLike, NDArray

HOUR = 3600
"""Length of an hour. [s]"""

DAY = 24 * HOUR
"""Length of a natural day. [s]"""

BEIJING = timezone(timedelta(hours=8))

_OFFSET = 8 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1)


def from_datetime(moment: datetime) -> int:
    """Seconds since 1970-01-01 UTC of a moment.

    Parameters
    ----------
    moment : datetime
        With an offset.

    Returns
    -------
    int
        [s]

    Raises
    ------
    ValueError
        The moment has no offset, or a fraction of a second.

    Examples
    --------
    >>> from_datetime(datetime(2026, 11, 25, 8, tzinfo=BEIJING))
    1795564800
    """
    if moment.utcoffset() is None:
        msg = f"the time {moment.isoformat()} has no offset; write it with one, such as {moment.isoformat()}+08:00"
        raise ValueError(msg)
    seconds, fraction = divmod(moment - _EPOCH, timedelta(seconds=1))
    if fraction:
        msg = f"the time {moment.isoformat()} has a fraction of a second; write whole seconds"
        raise ValueError(msg)
    return seconds


def parse_instant(text: str) -> int:
    """Seconds since 1970-01-01 UTC of an ISO 8601 text.

    Parameters
    ----------
    text : str
        Date and time with an offset, whole seconds.

    Returns
    -------
    int
        [s]

    Raises
    ------
    ValueError
        The text is no date and time, has no offset, or has a fraction of a second.

    Examples
    --------
    >>> parse_instant("2026-11-25T08:00:00+08:00") == parse_instant("2026-11-25T00:00:00Z")
    True
    >>> parse_instant("2026-11-25T08:00:00")
    Traceback (most recent call last):
    ValueError: the time 2026-11-25T08:00:00 has no offset; write it with one, such as 2026-11-25T08:00:00+08:00
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no time; write date, time and offset by ISO 8601, such as 2026-11-25T08:00:00+08:00"
        raise ValueError(msg) from None
    return from_datetime(moment)


def to_beijing(seconds: int) -> datetime:
    """Beijing time of an instant.

    Parameters
    ----------
    seconds : int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> to_beijing(1795564800).isoformat()
    '2026-11-25T08:00:00+08:00'
    """
    return (_EPOCH + timedelta(seconds=int(seconds))).astimezone(BEIJING)


def natural_day(seconds: int) -> date:
    """Natural day (自然日) an instant lies in; midnight begins a day.

    Parameters
    ----------
    seconds : int
        [s since 1970-01-01 UTC] To find the day of an hour give its start: the hour labelled 24:00 is the day's last.

    Examples
    --------
    >>> natural_day(parse_instant("2026-11-24T23:00:00+08:00"))
    datetime.date(2026, 11, 24)
    >>> natural_day(parse_instant("2026-11-25T00:00:00+08:00"))
    datetime.date(2026, 11, 25)
    """
    return to_beijing(seconds).date()


def whole_seconds(times: ArrayLike) -> NDArray[np.int64]:
    """Moments as seconds since 1970-01-01 UTC, whatever their unit.

    Parameters
    ----------
    times : array_like of int or datetime64, any shape
        Whole numbers are seconds already. [s since 1970-01-01 UTC]

    Returns
    -------
    ndarray of int64, shape of `times`
        [s]

    Raises
    ------
    ValueError
        The times are neither, or one of them is not known (NaT).

    Examples
    --------
    >>> whole_seconds(np.array(["1970-01-01T01", "1970-01-01T02"], dtype="datetime64[h]"))
    array([3600, 7200])
    """
    times = np.asarray(times)
    known = times.dtype.kind in "iu" or (times.dtype.kind == "M" and not np.isnat(times).any())
    if times.size and not known:
        msg = f"the times have the type {times.dtype}; give whole seconds or datetime64, each of them known"
        raise ValueError(msg)
    return times.astype("datetime64[s]" if times.dtype.kind == "M" else np.int64).astype(np.int64)


def natural_days(times: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Natural days of many instants.

    Parameters
    ----------
    times : ndarray of datetime64[s], any shape
        UTC.

    Returns
    -------
    ndarray of datetime64[D], shape of `times`

    Examples
    --------
    >>> natural_days(np.array(["2026-11-24T15:59:59", "2026-11-24T16:00:00"], dtype="datetime64[s]"))
    array(['2026-11-24', '2026-11-25'], dtype='datetime64[D]')
    """
    return np.asarray((times + np.timedelta64(_OFFSET, "s")).astype("datetime64[D]"))


def day_start(day: date) -> int:
    """Start of a natural day.

    Returns
    -------
    int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> to_beijing(day_start(date(2026, 11, 25))).isoformat()
    '2026-11-25T00:00:00+08:00'
    """
    return (day - _EPOCH_DAY).days * DAY - _OFFSET


def month_start(day: date) -> int:
    """Start of the calendar month a day lies in.

    Returns
    -------
    int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> natural_day(month_start(date(2026, 11, 25)))
    datetime.date(2026, 11, 1)
    """
    return day_start(day.replace(day=1))


def year_start(day: date) -> int:
    """Start of the calendar year a day lies in.

    Returns
    -------
    int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> natural_day(year_start(date(2026, 11, 25)))
    datetime.date(2026, 1, 1)
    """
    return day_start(day.replace(month=1, day=1))


def hour_label_end(start: int) -> str:
    """Label of an hour: the clock at its end, ``1:00`` … ``24:00`` of the natural day it lies in.

    Parameters
    ----------
    start : int
        Start of the hour. [s since 1970-01-01 UTC]

    Raises
    ------
    ValueError
        The start is not on a full hour.

    References
    ----------
    .. [1] HJ 663—2013, A.1.

    Examples
    --------
    >>> hour_label_end(day_start(date(2026, 11, 25))), hour_label_end(day_start(date(2026, 11, 25)) - HOUR)
    ('1:00', '24:00')
    """
    if start % HOUR:
        msg = (
            f"the hour has the start {to_beijing(start).isoformat()}; an hour starts on a full hour (HJ 663—2013, A.1)"
        )
        raise ValueError(msg)
    return f"{to_beijing(start).hour + 1}:00"


def align(seconds: int, step: int) -> int:
    """First start of a period that is not before an instant, where one period starts at Beijing midnight.

    Parameters
    ----------
    seconds : int
        [s since 1970-01-01 UTC]
    step : int
        Length of the period. [s]

    Returns
    -------
    int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> to_beijing(align(parse_instant("2026-11-25T07:00:01+08:00"), HOUR)).isoformat()
    '2026-11-25T08:00:00+08:00'
    >>> to_beijing(align(parse_instant("2026-11-25T00:00:01+08:00"), DAY)).isoformat()
    '2026-11-26T00:00:00+08:00'
    """
    return -((-seconds - _OFFSET) // step) * step - _OFFSET
