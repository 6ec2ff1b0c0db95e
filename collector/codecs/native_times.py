"""The times of a native payload: a start, an end or an instant, as ISO 8601 with an offset."""

from __future__ import annotations

from functools import lru_cache

from qingchuan.collector.refusal import RefusedError
from qingchuan.collector.senders import PERIODS
from qingchuan.collector.topics import MessageKind
from qingchuan.processing import periods
from qingchuan.store.observations import PERIOD_SECONDS


@lru_cache(maxsize=4096)  # many stations tell of the same hour
def times(message: MessageKind, start: str | None, end: str | None, time: str | None) -> tuple[int, int]:
    """Where the period begins, and the latest moment that is told of [s since 1970-01-01 UTC].

    Raises
    ------
    RefusedError
        Not exactly one time is told, or it is none, or no whole period.

    Examples
    --------
    >>> times("hour", None, "2026-11-25T08:00:00+08:00", None)
    (1795561200, 1795564800)
    """
    length = PERIOD_SECONDS.get(PERIODS[message])
    if length is None:
        instant = _only(time, "time", message, alone=not (start or end))
        return instant, instant
    told = _only(end or start, "start or end", message, alone=not (time or (start and end)))
    begin = told if end is None else told - length
    if periods.align(begin, length) != begin:
        label = "start" if end is None else "end"
        raise RefusedError("wrong-time", f"{label} is {end or start}; {_WHOLE[message]}")
    return begin, begin + length


_WHOLE: dict[MessageKind, str] = {
    "minute": "a minute begins and ends on the full minute",
    "hour": "an hour begins and ends on the full hour",
    "day": "a natural day begins and ends at 00:00 Beijing time (+08:00)",
}


def too_late(told: str | None, latest: int) -> str:
    """Why a time is refused that lies further ahead than is believed."""
    return (
        f"its time is {told}, later than {_shown(latest)}, the latest that is believed; set the clock or the time zone "
        "of the station (collector.future_tolerance says how much)"
    )


@lru_cache(maxsize=16)  # all that is received together has the same limit
def _shown(moment: int) -> str:
    return periods.to_beijing(moment).isoformat()


def _only(text: str | None, names: str, message: str, *, alone: bool) -> int:
    if text is None or not alone:
        told = "nothing of it" if text is None else "more than one"
        raise RefusedError("wrong-time", f"of {names} it carries {told}; a message '{message}' carries exactly one")
    try:
        return periods.parse_instant(text)
    except ValueError as error:
        raise RefusedError("wrong-time", str(error)) from error
