"""What goes wrong at stations and on the way: silence, items left out, flagged, late, repeated and lost messages."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from qingchuan.processing.flags import BAD, SUSPECT
from qingchuan.simulators.noise import HOUR, WEEK_HOURS, FloatArray

LONGEST_DELAY = 6 * HOUR
"""No message comes later than this. [s]"""

_USUAL_DELAY = 1.5 * HOUR
_SUSPECT_FACTOR, _BAD_FACTOR = 1.5, 0.1


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often what goes wrong.

    Attributes
    ----------
    silent : float
        Silences of 2 to 12 hours; what is lost then is never sent. [1/week for each station]
    missing : float
        Stretches of 1 to 6 hours in which an item is left out. [1/week for each item of a station]
    flagged : float
        Values that the station flags suspect or bad. [share]
    late : float
        Messages that come up to six hours late, so after later ones. [share]
    repeated : float
        Messages that are sent twice. [share]
    lost : float
        Messages that are sent, and counted, and never arrive. [share]
    """

    silent: float = 0.12
    missing: float = 0.04
    flagged: float = 0.0008
    late: float = 0.004
    repeated: float = 0.003
    lost: float = 0.0004


NO_FAULTS = Faults(silent=0.0, missing=0.0, flagged=0.0, late=0.0, repeated=0.0, lost=0.0)


class Disturbance(NamedTuple):
    """What goes wrong in a week.

    Attributes
    ----------
    silent : ndarray of bool, shape (168, stations)
    missing : ndarray of bool, shape (items, 168, stations)
    flags : ndarray of uint8, shape (items, 168, stations)
        3 suspect, 4 bad, 0 where nothing is said.
    delay : ndarray of int64, shape (168, stations)
        [s]
    repeated : ndarray of bool, shape (168, stations)
    lost : ndarray of bool, shape (168, stations)
    """

    silent: npt.NDArray[np.bool_]
    missing: npt.NDArray[np.bool_]
    flags: npt.NDArray[np.uint8]
    delay: npt.NDArray[np.int64]
    repeated: npt.NDArray[np.bool_]
    lost: npt.NDArray[np.bool_]


def disturb(rng: np.random.Generator, faults: Faults, items: int, stations: int) -> Disturbance:
    """What goes wrong in a week at `stations` stations with `items` items each.

    Examples
    --------
    >>> quiet = disturb(np.random.default_rng(1), NO_FAULTS, items=6, stations=8)
    >>> bool(quiet.silent.any() or quiet.missing.any() or quiet.flags.any() or quiet.delay.any())
    False
    """
    silent = silences(rng, faults, stations)
    missing = _stretches(rng, faults.missing, items * stations, longest=6)
    drawn = rng.random((items, WEEK_HOURS, stations))
    flags = np.where(drawn < faults.flagged, np.where(drawn < faults.flagged / 2, BAD, SUSPECT), 0)
    waited = np.minimum(rng.exponential(_USUAL_DELAY, silent.shape), LONGEST_DELAY)
    delay = np.where(rng.random(silent.shape) < faults.late, waited, 0.0)
    return Disturbance(
        silent,
        missing.reshape(WEEK_HOURS, items, stations).transpose(1, 0, 2),
        flags.astype(np.uint8),
        delay.astype(np.int64),
        rng.random(silent.shape) < faults.repeated,
        rng.random(silent.shape) < faults.lost,
    )


def silences(rng: np.random.Generator, faults: Faults, stations: int) -> npt.NDArray[np.bool_]:
    """When stations are silent in a week, shape (168, stations): what `disturb` draws first.

    Examples
    --------
    >>> once = silences(np.random.default_rng(1), Faults(silent=1.0), 8)
    >>> np.array_equal(once, disturb(np.random.default_rng(1), Faults(silent=1.0), items=6, stations=8).silent)
    True
    """
    return _stretches(rng, faults.silent, stations, longest=12)


def spoiled(values: FloatArray, flags: npt.NDArray[np.uint8]) -> FloatArray:
    """What a station sends under its flags: a suspect value is too high, a bad one is that of a blocked inlet.

    Examples
    --------
    >>> spoiled(np.array([40.0, 40.0, 40.0]), np.array([0, 3, 4], dtype=np.uint8))
    array([40., 60.,  4.])
    """
    factor: FloatArray = np.select([flags == SUSPECT, flags == BAD], [_SUSPECT_FACTOR, _BAD_FACTOR], default=1.0)
    return values * factor


def _stretches(rng: np.random.Generator, rate: float, series: int, longest: int) -> npt.NDArray[np.bool_]:
    happens = rng.random(series) < rate
    begins = rng.integers(0, WEEK_HOURS - longest, series)
    length = rng.integers(max(1, longest // 6), longest + 1, series)
    hour = np.arange(WEEK_HOURS)[:, np.newaxis]
    inside: npt.NDArray[np.bool_] = happens & (hour >= begins) & (hour < begins + length)
    return inside
