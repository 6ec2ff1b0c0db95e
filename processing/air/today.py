"""The day in progress: what its hours so far come to, and what the others may reach for the day to stay good.

Every remaining hour is taken to be valid. As long as one remains a day is hardly ever safe: a concentration has no
upper end, and one hour can be enough to spoil a mean. A maximum alone may be settled, where no window can be valid any
more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.aqi import AirQuality, evaluate
from qingchuan.processing.air.averaging import daily_max_8h
from qingchuan.processing.air.budget import NONE, OPEN, OUT_OF_REACH, SAFE, mean_budget
from qingchuan.processing.air.edges import largest_total
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex

NO_VALUE = 4
"""Beside the states of a budget: too few valid hours can still come, so that the day will have no value."""


class ItemSoFar(NamedTuple):
    """An item of the day in progress.

    Attributes
    ----------
    so_far : ndarray of uint16, shape (..., stations)
        Mean since 1:00, or largest 8-hour mean that has ended. [scaled] Missing where nothing is valid yet.
    valid : ndarray of int64, shape (..., stations)
        Valid hours so far, or valid 8-hour means that have ended. [-]
    earliest : ndarray of int64, shape (..., stations)
        Label of the hour by which the day has, or at the earliest can have, as many as it needs. [h] -1 where it cannot
        have them any more.
    good_up_to : int
        Largest concentration of a good day. [scaled]
    largest_total : ndarray of int64, shape (..., stations)
        Of a mean: largest sum of the remaining hours with which the day stays good. [scaled] -1 of a maximum, where no
        one sum decides, and where the state is not `OPEN`.
    largest_level : ndarray of int64, shape (..., stations)
        Largest value that all remaining hours may have. [scaled] -1 where the state is not `OPEN`.
    state : ndarray of uint8, shape (..., stations)
        `OPEN`: the remaining hours decide; `SAFE`: good whatever comes; `OUT_OF_REACH`: spoilt, even if the remaining
        hours have none of it; `NO_VALUE`.
    """

    so_far: Scaled
    valid: NDArray[np.int64]
    earliest: NDArray[np.int64]
    good_up_to: int
    largest_total: NDArray[np.int64]
    largest_level: NDArray[np.int64]
    state: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class DayInProgress:
    """A natural day of which some hours are over.

    Attributes
    ----------
    passed, left : int
        Hours that are over, 1:00 … `passed`:00, and hours that remain. [h]
    items : dict of str to ItemSoFar
        Those of the daily report.
    air : AirQuality
        Of the concentrations so far, shape (..., stations): provisional, by no rule of publishing.
    state : ndarray of uint8, shape (..., stations)
        `OUT_OF_REACH` where an item is; else `NO_VALUE` where an item has it, so that the day does not count unless it
        becomes bad; else `OPEN` where an item is; else `SAFE`.
    """

    passed: int
    left: int
    items: dict[str, ItemSoFar]
    air: AirQuality
    state: NDArray[np.uint8]


def day_in_progress(
    hours: Mapping[str, Scaled], standard: AirQualityIndex, rules: AirAssessment, limit: int
) -> DayInProgress:
    """What a natural day comes to so far, and what its remaining hours may reach for its AQI to stay good.

    Parameters
    ----------
    hours : mapping of str to ndarray of uint16, shape (..., hours, stations)
        Hourly means of the day from 1:00 on, as many of each item; of stations, or of cities: an hour of a city is the
        mean over its stations. An item that is left out is missing. [scaled]
    standard : AirQualityIndex
        The edition of HJ 633 in force on the day.
    rules : AirAssessment
        The edition of HJ 663.
    limit : int
        As `averaging.daily_max_8h` has it. [scaled]

    Returns
    -------
    DayInProgress

    Raises
    ------
    ValueError
        An item that decides no day; hours that are more than a day has, or not as many of each item.

    Notes
    -----
    A day is valid with 20 valid hours, of ozone with 14 valid 8-hour means, so that nothing is before 20:00 and 21:00:
    what is told until then is provisional. Should a remaining hour be missing, the day is to be asked anew.

    The day of a city is the mean over the days of its stations, each rounded: it may differ by a unit from what the
    hours of the city come to.

    References
    ----------
    .. [1] HJ 633—2026, 4.2.2, 4.2.6, table 3; HJ 633—2012, table 1; HJ 663—2013, 6.1.1, 6.1.2, 6.3, A.1.

    Examples
    --------
    14 hours of 50 µg/m³ PM2.5 are over: to stay at 60, which is an AQI of 100, the others may have 75.2 in the mean.

    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> found = day_in_progress({"pm25": np.full((14, 1), 50, np.uint16)}, standard, rules, 160)
    >>> pm25 = found.items["pm25"]
    >>> found.left, pm25.so_far, pm25.earliest, pm25.largest_total, pm25.largest_level
    (10, array([50], dtype=uint16), array([20]), array([752]), array([75]))
    """
    columns = standard.report("day")
    given = _given(hours, {item: rules.daily_maximum.items.get(item, item) for item in columns}, rules)
    items = {}
    for item, values in given.items():
        good = _good_concentration(columns[item], standard)
        of_maximum = item in rules.daily_maximum.items
        items[item] = _maximum(values, good, rules, limit) if of_maximum else _mean(values, good, rules)
    passed = next(iter(given.values())).shape[-2]
    return DayInProgress(
        passed=passed,
        left=rules.daily_mean.hours - passed,
        items=items,
        air=evaluate({item: found.so_far for item, found in items.items()}, "day", standard),
        state=_worst([found.state for found in items.values()]),
    )


def _mean(hours: Scaled, good: int, rules: AirAssessment) -> ItemSoFar:
    """An item whose day is the mean of its hours."""
    rule, whole = rules.daily_mean, _with_rest_of_zero(hours, rules)
    budget = mean_budget(np.moveaxis(hours, -2, -1), rule.hours - hours.shape[-2], good)
    earliest = _earliest(whole != MISSING, 1, rule.at_least)
    is_open = (earliest != NONE) & (budget.state == OPEN)
    mean = divide_half_even(budget.total, np.maximum(budget.valid, 1))
    return ItemSoFar(
        so_far=np.where(budget.valid > 0, mean, MISSING).astype(np.uint16),
        valid=budget.valid,
        earliest=earliest,
        good_up_to=good,
        largest_total=np.where(is_open, budget.largest_total, NONE),
        largest_level=np.where(is_open, budget.largest_level, NONE),
        state=np.where(earliest == NONE, NO_VALUE, budget.state).astype(np.uint8),
    )


def _maximum(hours: Scaled, good: int, rules: AirAssessment, limit: int) -> ItemSoFar:
    """An item whose day is its largest 8-hour mean."""
    rule, whole = rules.daily_maximum, _with_rest_of_zero(hours, rules)
    labels = np.arange(rule.first_label, rule.last_label + 1)
    ended, to_come = labels <= hours.shape[-2], np.clip(labels - hours.shape[-2], 1, rule.window)
    valid = whole != MISSING
    total, count = (_sums_to(labels, values, rule.window) for values in (np.where(valid, whole, 0), valid))
    enough = count >= rule.at_least
    means = np.where(enough & ended, divide_half_even(total, np.maximum(count, 1)), NONE)
    room = np.where(enough & ~ended, (largest_total(count, good) - total) // to_come, MISSING).min(axis=-1)
    at_zero = daily_max_8h(np.moveaxis(whole, -1, -2), rules, limit)[..., 0, :]
    state = np.where(at_zero > good, OUT_OF_REACH, np.where(room > LARGEST, SAFE, OPEN))
    state = np.where(at_zero == MISSING, NO_VALUE, state).astype(np.uint8)
    largest = means.max(axis=-1)
    return ItemSoFar(
        so_far=np.where(largest == NONE, MISSING, largest).astype(np.uint16),
        valid=(enough & ended).sum(axis=-1),
        earliest=_earliest(enough, rule.first_label, rule.windows_at_least),
        good_up_to=good,
        largest_total=np.full(state.shape, NONE, np.int64),
        largest_level=np.where(state == OPEN, room, NONE),
        state=state,
    )


def _given(hours: Mapping[str, Scaled], source: Mapping[str, str], rules: AirAssessment) -> dict[str, Scaled]:
    """Hours of each item of the day, all of one shape."""
    for item, values in hours.items():
        if item not in source.values():
            wanted = ", ".join(source.values())
            raise ValueError(
                f"the hours have the item {item!r}; a day is judged by those of {wanted} ({rules.document})"
            )
        if np.ndim(values) < 2 or np.shape(values)[-2] > rules.daily_mean.hours:  # noqa: PLR2004 - hours and stations
            shape = f"(…, hours, stations), {rules.daily_mean.hours} hours at most"
            raise ValueError(f"the hours of {item!r} have the shape {np.shape(values)}; it must be {shape}")
    if len({np.shape(values)[-2] for values in hours.values()}) != 1:
        numbers = {item: np.shape(values)[-2] for item, values in hours.items()}
        raise ValueError(f"the items have the numbers of hours {numbers}; one item, and as many of each, would do")
    together = np.broadcast_shapes(*(np.shape(values) for values in hours.values()))
    nothing = np.array(MISSING, np.uint16)
    return {item: np.broadcast_to(hours.get(of_hour, nothing), together) for item, of_hour in source.items()}


def _good_concentration(column: str, standard: AirQualityIndex) -> int:
    """Largest concentration of a good day [scaled]."""
    index = standard.lookup[column]
    return int(np.flatnonzero((index >= 0) & (index <= standard.good_up_to))[-1])


def _with_rest_of_zero(hours: Scaled, rules: AirAssessment) -> Scaled:
    """The whole day, shape (..., stations, hours): with the least that the remaining hours can have."""
    passed = hours.shape[-2]
    whole = np.zeros((*hours.shape[:-2], hours.shape[-1], rules.daily_mean.hours), np.uint16)
    whole[..., :passed] = np.moveaxis(hours, -2, -1)
    return whole


def _sums_to(labels: NDArray[np.int64], whole: NDArray[Any], window: int) -> NDArray[np.int64]:
    """Sums of the hours that end with each label."""
    sums = np.zeros((*whole.shape[:-1], whole.shape[-1] + 1), np.int64)
    whole.cumsum(axis=-1, out=sums[..., 1:])
    return np.asarray(sums[..., labels] - sums[..., labels - window])


def _earliest(valid: NDArray[np.bool_], first_label: int, at_least: int) -> NDArray[np.int64]:
    """Label by which so many are valid; -1 where never."""
    enough = valid.cumsum(axis=-1) >= at_least
    return np.asarray(np.where(enough.any(axis=-1), enough.argmax(axis=-1) + first_label, NONE))


def _worst(states: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """State of the day, by those of its items."""
    day = np.full(states[0].shape, SAFE, np.uint8)
    for state in (OPEN, NO_VALUE, OUT_OF_REACH):
        day[np.logical_or.reduce([item == state for item in states])] = state
    return day
