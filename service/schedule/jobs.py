"""What a job is: work that is done once for each hour, natural day or month, some time after its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from qingchuan.processing.calendar_periods import month_of
from qingchuan.processing.periods import DAY, HOUR, day_start, natural_day
from qingchuan.store.jobs import Write

Unit = Literal["hour", "day", "month"]


class Stretch(NamedTuple):
    """The period that work is done for.

    Attributes
    ----------
    start, end : int
        [s since 1970-01-01 UTC]
    """

    start: int
    end: int


def nothing_to_write(_connection: object) -> None:
    """What work writes that only looks."""


def at_any_time() -> bool:
    """Whether work may begin that needs nothing."""
    return True


class Outcome(NamedTuple):
    """What work came to.

    Attributes
    ----------
    note : str
        For the ledger, and for whoever reads it.
    write : callable
        Writes what has to be there exactly when the work is noted as done.
    """

    note: str
    write: Write = nothing_to_write


class Job(NamedTuple):
    """Work that is done once for each period.

    Attributes
    ----------
    name : str
    unit : {"hour", "day", "month"}
        Natural days and months are those of Beijing time.
    after : int
        How long after the end of a period it is due, for what comes late. [s]
    work : callable
        Given the period; whatever it raises is a failure, and it is tried again.
    catches_up : bool
        Whether each missed period is worked for; else the newest one stands for those before it.
    ready : callable
        Whether what it rests on is there; until then it waits, and that is no failure.
    """

    name: str
    unit: Unit
    after: int
    work: Callable[[Stretch], Outcome]
    catches_up: bool = True
    ready: Callable[[], bool] = at_any_time


def beginning(unit: Unit, seconds: int) -> int:
    """The start of the period that an instant lies in [s since 1970-01-01 UTC].

    Examples
    --------
    >>> from qingchuan.processing.periods import parse_instant
    >>> beginning("month", parse_instant("2026-11-25T14:30:00+08:00")) == parse_instant("2026-11-01T00:00:00+08:00")
    True
    """
    if unit == "hour":
        return seconds // HOUR * HOUR
    day = natural_day(seconds)
    return day_start(day if unit == "day" else month_of(day).start)


def stretches(unit: Unit, start: int, until: int) -> Iterator[Stretch]:
    """The periods from `start` on that are over at `until`, in order.

    Examples
    --------
    >>> len(list(stretches("hour", 0, 3 * 3600 + 1)))
    3
    """
    while (end := _end(unit, start)) <= until:
        yield Stretch(start, end)
        start = end


def _end(unit: Unit, start: int) -> int:
    match unit:
        case "hour":
            return start + HOUR
        case "day":
            return start + DAY
        case "month":
            return day_start(month_of(natural_day(start)).end)
