"""How stations count their messages: every one that they send, also those that are lost on the way.

Nothing remembers a count: that of an hour follows from all silences since 2000, drawn anew, by blocks of weeks.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qingchuan.simulators.faults import Faults, silences
from qingchuan.simulators.incident import Incident
from qingchuan.simulators.noise import HOUR, generator, week_of, week_times

_FIRST = 946_684_800  # 2000-01-01 UTC: the first message
_BLOCK = 64


class Counted(NamedTuple):
    """Subjects that count their messages.

    Attributes
    ----------
    message : str
        Kind of their messages.
    subjects : tuple of str
    seed : int
    faults : Faults
    incident : Incident or None
        While it lasts its section is not silent.
    """

    message: str
    subjects: tuple[str, ...]
    seed: int
    faults: Faults
    incident: Incident | None


def numbers(counted: Counted, week: int) -> npt.NDArray[np.int64]:
    """Number of the last message that each subject has sent up to each hour of a week, shape (168, subjects).

    Examples
    --------
    >>> calm = Counted("hour", ("1235A",), 5, Faults(silent=0.0), None)
    >>> numbers(calm, 2950)[:3, 0]
    array([232632, 232633, 232634])
    """
    times = week_times(week)
    hours = (times - _FIRST) // HOUR
    silent = np.cumsum(_silent(counted, week), axis=0, dtype=np.int64)
    found: npt.NDArray[np.int64] = hours[:, np.newaxis] - silent - _silent_before(counted, week)
    return found


def struck(incident: Incident, subjects: tuple[str, ...], times: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which readings are those of the incident, shape (times, subjects).

    Examples
    --------
    >>> begins = 1_795_564_860
    >>> struck(Incident(begins=begins), ("ningbo-sizaopu-zha", "ningbo-xikou"), np.array([begins - 1, begins]))
    array([[False, False],
           [ True, False]])
    """
    here = np.array([subject == incident.section for subject in subjects])
    found: npt.NDArray[np.bool_] = ((times >= incident.begins) & (times <= incident.ends))[:, np.newaxis] & here
    return found


def _silent(counted: Counted, week: int) -> npt.NDArray[np.bool_]:
    rng = generator(counted.seed, f"{counted.message}-faults", week)
    silent = silences(rng, counted.faults, len(counted.subjects))
    if counted.incident is None or counted.message != "reading":
        return silent
    return silent & ~struck(counted.incident, counted.subjects, week_times(week))


def _silent_before(counted: Counted, week: int) -> npt.NDArray[np.int64]:
    """How many hours each subject was silent in all weeks before `week`."""
    first = week_of(_FIRST)
    blocks, rest = divmod(max(0, week - first), _BLOCK)
    whole = [_silent_in(counted, first + block * _BLOCK) for block in range(blocks)]
    last = [_silent(counted, each).sum(axis=0) for each in range(max(first, week - rest), week)]
    found: npt.NDArray[np.int64] = np.sum([np.zeros(len(counted.subjects), np.int64), *whole, *last], axis=0)
    return found


@lru_cache(maxsize=256)
def _silent_in(counted: Counted, first: int) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = sum(
        (_silent(counted, week).sum(axis=0) for week in range(first, first + _BLOCK)),
        np.zeros(len(counted.subjects), np.int64),
    )
    return found
