"""How hours, instants and days are named to an auditor: by both ends, so that nobody has to ask which one is meant."""

from __future__ import annotations

import datetime as dt

from qingchuan.processing.periods import HOUR, to_beijing
from qingchuan.store.audit_messages import AuditedPeriod

_MINUTE = 60
_SECOND = dt.timedelta(seconds=1)
_ONE_DAY = dt.timedelta(days=1)


def value_time(start: int, period: AuditedPeriod, day: dt.date) -> str:
    """The time of one value: its hour, instant or day; with the date where that is not `day`.

    Examples
    --------
    >>> seven = 1_533_164_400
    >>> value_time(seven, "hour", dt.date(2018, 8, 2)), value_time(seven, "instant", dt.date(2018, 8, 1))
    ('07–08', '08-02 07:00')
    """
    begin = to_beijing(start)
    date = f"{begin:%m-%d}"
    if period == "day":
        return date
    text = _hours(begin, to_beijing(start + HOUR)) if period == "hour" else f"{begin:%H:%M}"
    return text if begin.date() == day else f"{date} {text}"


def stretch(start: int, end: int) -> str:
    """The stretch of time ``[start, end)`` that an action is about, with its dates.

    Examples
    --------
    >>> noon, midnight = 1_533_182_400, 1_533_139_200
    >>> stretch(noon, noon + 7200), stretch(noon, noon + 43_200), stretch(noon, noon + 1)
    ('08-02 12–14', '08-02 12–24', '08-02 12:00')
    >>> stretch(midnight, midnight + 86_400), stretch(midnight, midnight + 172_800)
    ('08-02', '08-02 – 08-03')
    >>> stretch(noon, noon + 86_400)
    '08-02 12:00 – 08-03 12:00'
    """
    begin, over = to_beijing(start), to_beijing(end)
    last = over - _SECOND
    if begin.time() == over.time() == dt.time() and begin != over:
        return f"{begin:%m-%d}" if last - begin < _ONE_DAY else f"{begin:%m-%d} – {last:%m-%d}"
    if end - start <= 1:
        return f"{begin:%m-%d %H:%M}"
    if begin.date() == last.date():
        return f"{begin:%m-%d} {_hours(begin, over)}"
    return f"{begin:%m-%d %H:%M} – {over if end % _MINUTE == 0 else last:%m-%d %H:%M}"


def _hours(begin: dt.datetime, over: dt.datetime) -> str:
    """Hours of one day by their ends, such as 07–08; with minutes where they are not whole."""
    if begin.minute or over.minute or over.second:
        return f"{begin:%H:%M}–{over:%H:%M}"
    return f"{begin:%H}–{'24' if over.date() > begin.date() else format(over, '%H')}"
