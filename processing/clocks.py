"""What the offset of a station's clock says about it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from qingchuan.processing.periods import HOUR

Verdict = Literal["right", "time-zone", "wrong"]

_ABOUT: Final = 600
"""So near to whole hours it is a time zone. [s]"""
_BEHIND: Final = 1800
"""A message may take so long. [s]"""
_AHEAD: Final = 60
"""No message is received before it was sent. [s]"""


class ClockVerdict(NamedTuple):
    """What is wrong with a clock.

    Attributes
    ----------
    verdict : {"right", "time-zone", "wrong"}
    hours : int or None
        By how many hours the time zone is off; above 0 the times told lie behind.
    """

    verdict: Verdict
    hours: int | None = None


def judge_clock(offset: int) -> ClockVerdict:
    """What an offset says about a clock.

    Parameters
    ----------
    offset : int
        Smallest receipt less event time of live messages. [s]

    Notes
    -----
    About a whole number of hours (±10 min, and not 0) is a time-zone error: UTC sent as +08:00 lies 8 hours behind.
    Else a message may be half an hour on its way, but cannot come before it was sent.

    Examples
    --------
    >>> judge_clock(8 * 3600 + 240), judge_clock(300).verdict, judge_clock(2400).verdict, judge_clock(-90).verdict
    (ClockVerdict(verdict='time-zone', hours=8), 'right', 'wrong', 'wrong')
    """
    hours = round(offset / HOUR)
    if hours and abs(offset - hours * HOUR) <= _ABOUT:
        return ClockVerdict("time-zone", hours)
    return ClockVerdict("right" if -_AHEAD <= offset <= _BEHIND else "wrong")
