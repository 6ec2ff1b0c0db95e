"""What of a logger is missing, hours and minutes: what the gateway asks for.

A gap has two ends, or is still open: nothing has come since. Its open end is asked for too, as soon as what is due will
not come by itself any more: half an hour after its time is over, or at once where the logger has told of a later moment
in another way, as by its minutes or by values of now.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector import senders
from qingchuan.collector.gateway.asking import Stretch
from qingchuan.collector.hj212.answers import History
from qingchuan.processing.periods import HOUR, align
from qingchuan.store.observations import PERIOD_SECONDS, Observations
from qingchuan.store.subjects import Subject, kind_of

_MINUTE = PERIOD_SECONDS["minute"]
_SETTLED = 1800
"""What ended so lately may still come by itself, where nothing later has come. [s]"""
_TOO_FAR = 1.5
"""Readings that are further apart than so many times the usual leave a gap. [-]"""
_ENOUGH = 4
"""From fewer readings nobody knows what is usual."""
_MINUTES_BACK = 7 * 86_400
"""Minutes are asked for so far back at most: nothing is judged by them, and loggers keep them for a short time. [s]"""
_MOST = 48
"""So many gaps in the minutes are asked for at once, the longest ones; a bad line leaves hundreds of one minute."""
_LATELY = 600
"""A logger that is there tells values of now, or a minute, at least so often. [s]"""


def missing(observations: Observations, name: str, subject: Subject, span: int, now: int) -> list[Stretch]:
    """The stretches of hours and of minutes that are missing of a subject; minutes only of one that tells some.

    Parameters
    ----------
    observations : Observations
    name : str
        Id of the subject.
    subject : Subject
    span : int
        How far to look back. [s]
    now : int
        [s since 1970-01-01 UTC]
    """
    minutes = _minutes(observations, name, subject, min(span, _MINUTES_BACK), now)
    over = max(now - _SETTLED, _newest(observations, name, minutes, now))
    longest = sorted(between(minutes, "minute", over), key=lambda stretch: stretch.begin - stretch.end)[:_MOST]
    return [*_hours(observations, name, subject, span, over), *sorted(longest)]


def holes(starts: NDArray[np.int64], there: NDArray[np.bool_]) -> list[Stretch]:
    """The stretches of hours that are not there, after the first that is.

    Parameters
    ----------
    starts : ndarray of int64, shape (hours,)
        [s since 1970-01-01 UTC]
    there : ndarray of bool, shape (hours,)

    Examples
    --------
    >>> holes(np.arange(5) * 3600, np.array([False, True, False, False, True]))
    [Stretch(of='hour', begin=7200, end=10800)]
    """
    if not there.any():
        return []
    absent = ~there & (np.arange(len(there)) > int(there.argmax()))
    edges = np.diff(absent.astype(np.int8), prepend=0, append=0)
    begins, ends = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0) - 1
    return [Stretch("hour", int(starts[first]), int(starts[last])) for first, last in zip(begins, ends, strict=True)]


def between(times: NDArray[np.int64], of: History, over: int) -> list[Stretch]:
    """The stretches between readings that are further apart than is usual for them, and what is due after the last.

    Parameters
    ----------
    times : ndarray of int64, shape (readings,)
        In order. [s since 1970-01-01 UTC]
    of : {"minute", "hour", "day"}
        What to ask for them by.
    over : int
        What ended up to then is due. [s since 1970-01-01 UTC]

    Examples
    --------
    >>> between(np.array([0, 4, 8, 20, 24]) * 3600, "hour", 34 * 3600)
    [Stretch(of='hour', begin=43200, end=57600), Stretch(of='hour', begin=100800, end=115200)]
    """
    if len(times) < _ENOUGH:
        return []
    apart = np.diff(times)
    usual, last = int(np.median(apart)), int(times[-1])
    far = np.flatnonzero(apart > _TOO_FAR * usual)
    found = [Stretch(of, int(times[place] + usual), int(times[place + 1] - usual)) for place in far]
    due = (over - PERIOD_SECONDS[of] - last) // usual
    return [*found, Stretch(of, last + usual, last + due * usual)] if due > 0 else found


def _hours(observations: Observations, name: str, subject: Subject, span: int, over: int) -> list[Stretch]:
    """Those of hours; a section tells readings, as far apart as its analysers take."""
    end = over // HOUR * HOUR  # an hour that goes on is not due
    begin = align(end - span, HOUR)
    if kind_of(subject) == "section":
        told = observations.readings([name], senders.items(subject, "instant"), begin, over)
        return between(told.times.astype(np.int64), "hour", over)
    items = senders.items(subject, "hour")
    if not items:
        return []
    grid = observations.read([name], items, "hour", begin, end)
    return holes(grid.times.astype(np.int64), grid.sequence[:, 0] > 0)


def _minutes(observations: Observations, name: str, subject: Subject, span: int, now: int) -> NDArray[np.int64]:
    """The minutes that a subject told of. [s since 1970-01-01 UTC].

    Looked up one by one: between them lie those of all others, of which there may be millions.
    """
    end = now // _MINUTE * _MINUTE
    begin = end - span if senders.items(subject, "minute") else end
    told = observations.stored([(start, name, "minute") for start in range(begin, end, _MINUTE)])
    return np.array(sorted(start for start, _, _ in told), np.int64)


def _newest(observations: Observations, name: str, minutes: NDArray[np.int64], now: int) -> int:
    """The latest moment that a subject told of by minutes, or lately by values of now; 0 without any."""
    live = [told.start for told in observations.reported(name, "realtime", now - _LATELY, now)]
    return max([*live, *minutes[-1:].tolist()], default=0)
