"""Options by which the commands of the audit say which values are meant, by whom, at which step, and why."""

from __future__ import annotations

import datetime as dt
from getpass import getuser
from typing import Annotated, Final

import typer

from qingchuan.processing.periods import BEIJING, DAY, HOUR, day_start, from_datetime
from qingchuan.service.period_options import OptionError
from qingchuan.store.audit_messages import LONGEST, AuditedPeriod

SubjectArgument = Annotated[str, typer.Argument(help="对象 Station, section or city, by its id.", metavar="SUBJECT")]
FromOption = Annotated[
    str,
    typer.Option("--from", help="起 Day, or Beijing time at which the first hour begins.", metavar="TIME"),
]
ToOption = Annotated[
    str | None,
    typer.Option("--to", help="止 Where it ends, not included; a day or an hour if left out.", metavar="TIME"),
]
ItemOption = Annotated[
    list[str] | None,
    typer.Option("--item", help="项目 Such as pm25; may be repeated; all if left out.", metavar="ITEM"),
]
PeriodOption = Annotated[
    AuditedPeriod,
    typer.Option("--period", help="时段 hour of the air, instant of the water, or day."),
]
StepOption = Annotated[
    str, typer.Option("--step", help="步骤 station, city, province, or as configured.", metavar="STEP")
]
ReasonOption = Annotated[str, typer.Option(help="理由 Why; it is kept.", metavar="TEXT")]
ByOption = Annotated[str | None, typer.Option(help="何人 Who does it; the login name if left out.", metavar="NAME")]
YesOption = Annotated[bool, typer.Option("--yes", help="不再询问 Do not ask.")]

_DATE_LENGTH: Final = len("2026-11-24")


def span_of(first: str, last: str | None, length: int = HOUR) -> tuple[int, int]:
    """Start and end of what is meant [s since 1970-01-01 UTC].

    Parameters
    ----------
    first, last : str
        Natural days, or times; Beijing time where they tell no offset.
    length : int
        What is meant where `first` is a time and there is no `last`. [s]

    Raises
    ------
    OptionError
        One is neither.

    Examples
    --------
    >>> span_of("1970-01-02", None), span_of("1970-01-02T08:00", "1970-01-02T10:00")
    ((57600, 144000), (86400, 93600))
    """
    start = _time("--from", first)
    if last is not None:
        return start, _time("--to", last)
    return start, start + (DAY if len(first) == _DATE_LENGTH else length)


def person_of(by: str | None, reason: str) -> str:
    """Who does it.

    Raises
    ------
    OptionError
        Nobody is named, or no reason.
    """
    if not reason.strip() or len(reason) > LONGEST:
        raise OptionError(f"--reason has {len(reason)} characters; why it is done, in 1 to {LONGEST}, would do")
    try:
        person = (getuser() if by is None else by).strip()
    except (OSError, KeyError):
        person = ""
    if not person or len(person) > LONGEST:
        raise OptionError("--by does not name who does it; a name would do")
    return person


def _time(name: str, text: str) -> int:
    try:
        if len(text) == _DATE_LENGTH:
            return day_start(dt.date.fromisoformat(text))
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise OptionError(f"{name} is {text!r}; a day such as 2026-11-24, or 2026-11-24T08:00, would do") from error
    return from_datetime(found if found.tzinfo else found.replace(tzinfo=BEIJING))
