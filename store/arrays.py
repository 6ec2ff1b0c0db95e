"""What is read back of observations: grids of periods, and readings of instants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Grid:
    """Observations of several subjects in consecutive periods.

    Attributes
    ----------
    subjects, items : tuple of str
    times : ndarray of datetime64[s], shape (times,)
        Starts of the periods, UTC.
    values : ndarray of float64, shape (items, times, subjects)
        In the unit of each item; NaN where missing.
    flags : ndarray of uint8, shape of `values`
        QARTOD flags, 9 where missing.
    sequence : ndarray of int64, shape (times, subjects)
        Sequence number of the newest message behind each observation; 0 where there is none.
    """

    subjects: tuple[str, ...]
    items: tuple[str, ...]
    times: NDArray[np.datetime64]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    sequence: NDArray[np.int64]


@dataclass(frozen=True)
class Readings:
    """Readings of instants, ordered by subject and then by time.

    Attributes
    ----------
    subjects, items : tuple of str
    subject : ndarray of int64, shape (readings,)
        Index into `subjects`.
    times : ndarray of datetime64[s], shape (readings,)
        UTC.
    values : ndarray of float64, shape (items, readings)
        In the unit of each item; NaN where missing.
    flags : ndarray of uint8, shape of `values`
        QARTOD flags, 9 where missing.
    sequence : ndarray of int64, shape (readings,)
        Sequence number of the newest message behind each reading.
    below : ndarray of bool, shape of `values`
        Whether a value is a detection limit, and less was found.
    """

    subjects: tuple[str, ...]
    items: tuple[str, ...]
    subject: NDArray[np.int64]
    times: NDArray[np.datetime64]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    sequence: NDArray[np.int64]
    below: NDArray[np.bool_]
