"""Which hours of a logger are missing: what the gateway asks for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.gateway.asking import Stretch
from qingchuan.processing.periods import HOUR, align
from qingchuan.store.observations import Observations
from qingchuan.store.subjects import Subject, kind_of

_SETTLED = 1800
"""An hour that ended so lately may still come by itself. [s]"""
_TOO_FAR = 1.5
"""Readings that are further apart than so many times the usual leave a gap. [-]"""
_ENOUGH = 4
"""From fewer readings nobody knows what is usual."""


def missing(
    observations: Observations, name: str, subject: Subject, items: tuple[str, ...], span: int, now: int
) -> list[Stretch]:
    """The stretches of hours that are missing of a subject.

    Parameters
    ----------
    observations : Observations
    name : str
        Id of the subject.
    subject : Subject
    items : tuple of str
        What it may tell.
    span : int
        How far to look back. [s]
    now : int
        [s since 1970-01-01 UTC]
    """
    end = align(now - _SETTLED, HOUR)
    begin = align(end - span, HOUR)
    if kind_of(subject) == "section":
        told = observations.readings([name], items, begin, end).times.astype(np.int64)
        return between(told)
    grid = observations.read([name], items, "hour", begin, end)
    return holes(grid.times.astype(np.int64), grid.sequence[:, 0] > 0)


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


def between(times: NDArray[np.int64]) -> list[Stretch]:
    """The stretches between readings that are further apart than is usual for them.

    Parameters
    ----------
    times : ndarray of int64, shape (readings,)
        In order. [s since 1970-01-01 UTC]

    Examples
    --------
    >>> between(np.array([0, 4, 8, 20, 24]) * 3600)
    [Stretch(of='hour', begin=43200, end=57600)]
    """
    if len(times) < _ENOUGH:
        return []
    apart = np.diff(times)
    usual = int(np.median(apart))
    far = np.flatnonzero(apart > _TOO_FAR * usual)
    return [Stretch("hour", int(times[place] + usual), int(times[place + 1] - usual)) for place in far]
