"""Seeded noise on a fixed grid of weeks: at an hour it depends on the seed and that hour, never on who asked when."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

HOUR = 3600
WEEK_HOURS = 168
WEEK = WEEK_HOURS * HOUR
_MEMORY_WEEKS = 3


def week_of(seconds: int) -> int:
    """Number of the week that `seconds` since 1970-01-01 UTC lie in.

    Examples
    --------
    >>> week_of(604_799), week_of(604_800)
    (0, 1)
    """
    return seconds // WEEK


def weeks_between(start: int, end: int) -> range:
    """Numbers of the weeks that ``[start, end)`` touches [s since 1970-01-01 UTC].

    Examples
    --------
    >>> list(weeks_between(0, 604_801))
    [0, 1]
    """
    return range(week_of(start), week_of(max(start, end - 1)) + 1)


def week_times(week: int, lead: int = 0) -> npt.NDArray[np.int64]:
    """Starts of the `lead` hours before `week` and of its own, shape (lead + 168,) [s since 1970-01-01 UTC].

    Examples
    --------
    >>> week_times(1)[:2]
    array([604800, 608400])
    """
    return week * WEEK + HOUR * np.arange(-lead, WEEK_HOURS, dtype=np.int64)


def generator(seed: int, stream: str, week: int) -> np.random.Generator:
    """The generator of one stream of noise in one week.

    Parameters
    ----------
    seed : int
        Of the whole simulation.
    stream : str
        Name of what it is drawn for; other names give independent noise.
    week : int
        Number of the week.

    Examples
    --------
    >>> generator(1, "rain", 2000).normal() == generator(1, "rain", 2000).normal()
    True
    >>> generator(1, "rain", 2000).normal() == generator(1, "wind", 2000).normal()
    False
    """
    return np.random.default_rng([seed, int.from_bytes(stream.encode(), "big"), week])


@lru_cache(maxsize=128)
def white_noise(seed: int, stream: str, week: int, series: int) -> FloatArray:
    """Independent normal noise of a week, shape (168, `series`), unit variance.

    Examples
    --------
    >>> white_noise(1, "scale", 2000, 3).shape
    (168, 3)
    """
    drawn = generator(seed, stream, week).standard_normal((WEEK_HOURS, series))
    drawn.flags.writeable = False  # it is kept for the weeks that remember it
    return drawn


def red_noise(seed: int, stream: str, week: int, series: int, memory: float, lead: int = 0) -> FloatArray:
    """Noise that forgets exponentially (Ornstein-Uhlenbeck), shape (lead + 168, `series`), unit variance.

    Parameters
    ----------
    memory : float
        After this time a value has forgotten all but 1/e of itself. [h]
    lead : int
        Hours before the week to give as well, up to a week of them. [h]

    Notes
    -----
    The process is cut off after three weeks of memory, so that a week can be had without all the weeks before it, and
    the weeks still join without a step. Each week is a product of the same shape, so it comes out the same to the bit.

    Examples
    --------
    >>> before, after = (red_noise(1, "wind", week, 1, memory=60.0) for week in (2000, 2001))
    >>> bool(abs(after[0, 0] - before[-1, 0]) < 1)
    True
    """
    weeks = range(week - _MEMORY_WEEKS, week + 1)
    drawn = np.concatenate([white_noise(seed, stream, number, series) for number in weeks])
    red: FloatArray = _forgetting(memory) @ drawn
    return np.concatenate([red_noise(seed, stream, week - 1, series, memory)[-lead:], red]) if lead else red


def decayed(values: FloatArray, memory: float) -> FloatArray:
    """Exponential sum of what came in during the hours, along the first axis: a box that empties with time `memory`.

    Parameters
    ----------
    values : ndarray of float64, shape (hours, ...)
        What comes in during each hour.
    memory : float
        [h]

    Examples
    --------
    >>> decayed(np.array([1.0, 0.0, 0.0]), memory=1.0).round(2)
    array([1.  , 0.37, 0.14])
    """
    boxed: FloatArray = _emptying(len(values), memory) @ values
    return boxed


@cache
def _emptying(length: int, memory: float) -> FloatArray:
    hours = np.arange(length)
    age = hours[:, np.newaxis] - hours
    kept: FloatArray = np.where(age >= 0, np.exp(-np.maximum(age, 0) / memory), 0.0)
    return kept


@cache
def _forgetting(memory: float) -> FloatArray:
    span = _MEMORY_WEEKS * WEEK_HOURS
    age = span + np.arange(WEEK_HOURS)[:, np.newaxis] - np.arange(span + WEEK_HOURS)
    weights = np.where((age >= 0) & (age < span), np.exp(-np.clip(age, 0, span) / memory), 0.0)
    unit: FloatArray = weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return unit
