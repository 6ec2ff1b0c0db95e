"""Which expected values are not there, and why: one cause for each, the first that holds in a fixed order.

Nothing here knows where the evidence comes from: it is handed over as masks over periods.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Cause = Literal["calibrating", "flagged", "refused", "service-away", "broker-away", "lost", "offline", "not-sent"]

CAUSES: Final[tuple[Cause, ...]] = (
    "calibrating",
    "flagged",
    "refused",
    "service-away",
    "broker-away",
    "lost",
    "offline",
    "not-sent",
)
"""In the order in which they are looked for: what is there and does not count needs no guess, so it comes first."""

NONE: Final = -1
"""The code of a value that is there, or was not expected."""


def first_cause(missing: ArrayLike, evidence: Mapping[Cause, ArrayLike]) -> NDArray[np.int8]:
    """The cause of each value that is missing, as its place in `CAUSES`.

    Parameters
    ----------
    missing : array_like of bool, any shape
    evidence : mapping of str to array_like of bool, shapes that broadcast to that of `missing`
        Where each cause would hold. Of a cause that is left out there is none; ``not-sent`` is what is left.

    Returns
    -------
    ndarray of int8, shape of `missing`
        `NONE` where nothing is missing.

    Examples
    --------
    >>> found = first_cause([False, True, True, True], {"lost": [True, True, False, False], "refused": [0, 1, 1, 0]})
    >>> [CAUSES[code] if code >= 0 else "" for code in found.tolist()]
    ['', 'refused', 'refused', 'not-sent']
    """
    missing = np.asarray(missing, np.bool_)
    found = np.where(missing, np.int8(len(CAUSES) - 1), np.int8(NONE))
    for code in range(len(CAUSES) - 2, -1, -1):
        holds = evidence.get(CAUSES[code])
        if holds is not None:
            found = np.where(missing & np.asarray(holds, np.bool_), np.int8(code), found)
    return found


def overlapped(begins: NDArray[np.int64], ends: NDArray[np.int64], windows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each of the periods ``[begin, end)`` has any time in common with one of the windows.

    Parameters
    ----------
    begins, ends : ndarray of int64, any shape
        [s]
    windows : ndarray of int64, shape (windows, 2)
        Begin and end of each, in any order. [s]

    Returns
    -------
    ndarray of bool, shape of `begins`

    Examples
    --------
    >>> overlapped(np.array([0, 10, 20]), np.array([10, 20, 30]), np.array([[9, 11], [20, 20]]))
    array([ True,  True, False])
    """
    begun = np.searchsorted(np.sort(windows[:, 0]), ends, side="left")
    over = np.searchsorted(np.sort(windows[:, 1]), begins, side="right")
    return np.asarray(begun > over)


def silences(told: ArrayLike, least: int) -> NDArray[np.bool_]:
    """Whether each period lies in a run of at least `least` periods of which nothing was told.

    Parameters
    ----------
    told : array_like of bool, shape (periods, ...)
    least : int
        [-]

    Returns
    -------
    ndarray of bool, shape of `told`

    Examples
    --------
    >>> silences([True, False, False, True, False], 2)
    array([False,  True,  True, False, False])
    """
    told = np.asarray(told, np.bool_)
    count = len(told)
    if count == 0:
        return ~told
    place = np.arange(count).reshape((count,) + (1,) * (told.ndim - 1))
    before = np.maximum.accumulate(np.where(told, place, -1), axis=0)
    after = np.minimum.accumulate(np.where(told, place, count)[::-1], axis=0)[::-1]
    return np.asarray(~told & (after - before - 1 >= least))


def first_ones(chosen: NDArray[np.bool_], most: int) -> NDArray[np.bool_]:
    """The first `most` of the places that are chosen.

    Parameters
    ----------
    chosen : ndarray of bool, shape (periods,)
    most : int
        [-]

    Examples
    --------
    >>> first_ones(np.array([False, True, True, True]), 2)
    array([False,  True,  True, False])
    """
    return np.asarray(chosen & (np.cumsum(chosen) <= most))


def in_slots(hours: NDArray[np.bool_], cycle: int) -> NDArray[np.bool_]:
    """Whether any of the hours of each slot of `cycle` hours is true.

    Parameters
    ----------
    hours : ndarray of bool, shape (..., hours, stations)
        Whole slots.
    cycle : int
        [h]

    Returns
    -------
    ndarray of bool, shape (..., hours / cycle, stations)

    Examples
    --------
    >>> in_slots(np.array([[False], [True], [False], [False]]), 2)
    array([[ True],
           [False]])
    """
    *before, count, stations = hours.shape
    return np.asarray(hours.reshape(*before, count // cycle, cycle, stations).any(axis=-2))
