"""Daily results of the simulated city, from the same hours that its stations send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

import numpy as np

from qingchuan.processing import catalogue, periods, standards
from qingchuan.processing.air import averaging
from qingchuan.processing.flags import SUSPECT
from qingchuan.processing.scaled import MISSING, Scaled, to_scaled
from qingchuan.simulators.noise import HOUR, weeks_between
from qingchuan.simulators.observed import Observed, Simulation, air_hours

ITEMS = ("so2", "no2", "pm10", "pm25", "co", "o3_8h")
_MAXIMUM = ITEMS.index("o3_8h")


class CityDays(NamedTuple):
    """Daily results of a city.

    Attributes
    ----------
    days : tuple of date
    values : ndarray of uint16, shape (6, days)
        In the order of `ITEMS`: means of the day, and the daily maximum 8-hour mean of ozone. [scaled]
    """

    days: tuple[date, ...]
    values: Scaled


def city_days(simulation: Simulation, first: date, end: date) -> CityDays:
    """Daily results of the city over its stations, each day by the edition of its own date.

    Parameters
    ----------
    simulation : Simulation
    first, end : date
        Natural days ``[first, end)``.

    Examples
    --------
    >>> from qingchuan.simulators.network import ningbo
    >>> city_days(Simulation(ningbo()), date(2026, 2, 27), date(2026, 3, 2)).values.shape
    (6, 3)
    """
    days = tuple(first + timedelta(days=number) for number in range((end - first).days))
    if not days:
        return CityDays((), np.zeros((len(ITEMS), 0), dtype=np.uint16))
    hours = station_hours(simulation, periods.day_start(first), periods.day_start(end))
    return CityDays(days, np.concatenate(list(_by_edition(hours, days)), axis=-1))


def station_hours(simulation: Simulation, start: int, end: int) -> Scaled:
    """Valid hourly means of the stations, shape (6, hours, stations).

    Parameters
    ----------
    simulation : Simulation
    start, end : int
        On full hours. [s since 1970-01-01 UTC]

    Returns
    -------
    ndarray of uint16
        In the order of `qingchuan.simulators.air.ITEMS`; not told, suspect or bad is missing. [scaled]
    """
    weeks = [air_hours(simulation, week) for week in weeks_between(start, end)]
    hours = np.concatenate([_valid(week) for week in weeks], axis=1)
    begin = (start - int(weeks[0].times[0])) // HOUR
    return hours[:, begin : begin + (end - start) // HOUR]


def _valid(week: Observed) -> Scaled:
    usable = week.told & (week.flags < SUSPECT)
    return np.stack(
        [
            to_scaled(np.where(good, item, np.nan), decimals)
            for item, good, decimals in zip(week.values, usable, week.decimals, strict=True)
        ]
    )


def _by_edition(hours: Scaled, days: tuple[date, ...]) -> Iterator[Scaled]:
    numbered = groupby(
        range(len(days)),
        lambda number: (standards.in_force("hj663", days[number]), standards.in_force("gb3095", days[number])),
    )
    for (rules, limits), numbers in numbered:
        part = list(numbers)
        span = hours[:, 24 * part[0] : 24 * (part[-1] + 1)]
        limit = limits.limit("o3_8h", "day", grade=2, on=days[part[0]])
        stations = averaging.daily_mean(span, rules)
        stations[_MAXIMUM] = averaging.daily_max_8h(span[_MAXIMUM], rules, limit)
        yield averaging.area_mean(stations, rules)


def number_texts(values: Scaled) -> dict[str, str]:
    """The results of one day as they are written, by item; missing ones are left out.

    Parameters
    ----------
    values : ndarray of uint16, shape (6,)
        In the order of `ITEMS`. [scaled]

    Examples
    --------
    >>> number_texts(np.array([7, 30, 45, 24, 6, 65535], dtype=np.uint16))
    {'so2': '7', 'no2': '30', 'pm10': '45', 'pm25': '24', 'co': '0.6'}
    """
    texts = {}
    for item, value in zip(ITEMS, values.tolist(), strict=True):
        decimals = catalogue.item(item).decimals
        if value != MISSING:
            texts[item] = f"{value / 10**decimals:.{decimals}f}"
    return texts
