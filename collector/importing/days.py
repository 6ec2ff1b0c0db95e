"""Days that no calendar has: said so, instead of that their text fits no format."""

from __future__ import annotations

import re
from calendar import monthrange

from qingchuan.collector.refusal import RefusedError

_DAY = re.compile(r"\s*((?:19|20)\d\d)([-/.年]?)(\d{1,2})(?:\2|月)(\d{1,2})(?!\d{3})", re.ASCII)
"""Year, month and day at the beginning of a text, with anything usual between them."""
_MONTHS = 12


def no_such_day(text: str) -> RefusedError | None:
    """The refusal of a time whose day is in no calendar; None where that is not what is wrong with it.

    Examples
    --------
    >>> no_such_day("2026-11-31 08:00").reason
    "the time is '2026-11-31 08:00'; there is no such day: 2026-11 has 30 days"
    >>> no_such_day("2026年13月1日").reason
    "the time is '2026年13月1日'; there is no such day: a year has 12 months"
    >>> no_such_day("2026-11-30 25:00"), no_such_day("yesterday")
    (None, None)
    """
    found = _DAY.match(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    if not 1 <= month <= _MONTHS:
        why = f"a year has {_MONTHS} months"
    elif 1 <= day <= (length := monthrange(year, month)[1]):
        return None
    else:
        why = f"{year:04}-{month:02} has {length} days"
    return RefusedError("wrong-time", f"the time is {text[:60]!r}; there is no such day: {why}")
