"""The daily results of the other key cities, so that the simulated city has somebody to be ranked among.

Cities of a region share its weather, and regions part of theirs; each city has emissions of its own. A day depends on
the seed and on that day alone, as everything that is simulated does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from qingchuan.processing import catalogue, periods
from qingchuan.processing.scaled import MISSING, Scaled, to_scaled
from qingchuan.simulators.days import ITEMS
from qingchuan.simulators.noise import FloatArray, generator, red_noise
from qingchuan.simulators.weather import clock

_DAYS_OF_A_WEEK = 7
_NOON = 4
"""Hour of UTC at which it is noon in Beijing: a week has seven of them, one in each natural day. [h]"""
_SHARED = 0.6
"""Part of a region's weather that all regions have in common, as a share of its standard deviation. [-]"""
_MISSED = 0.002
"""How often an item of a day is missing. [-]"""


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The air of a region; `country.toml` says what its numbers mean."""

    name: str
    pm25: float
    coarse: float
    so2: float
    no2: float
    ozone: float
    winter: float
    storms: float
    peak: float
    summer: float


class RankedCity(NamedTuple):
    """A city to be simulated: its code of GB/T 2260, and its region of `country.toml`."""

    code: str
    region: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    regions: tuple[Region, ...]


class _Weather(NamedTuple):
    """Weather of the days of a week: of each region and of each city, shapes (7, regions) and (7, cities) [-]."""

    stagnation: FloatArray
    wind: FloatArray
    sunshine: FloatArray
    own: FloatArray


@cache
def regions() -> dict[str, Region]:
    """The regions of `country.toml` by name.

    Examples
    --------
    >>> regions()["长三角"].pm25
    33.0
    """
    text = files("qingchuan.simulators").joinpath("country.toml").read_bytes()
    return {region.name: region for region in msgspec.toml.decode(text, type=_File).regions}


def week_days(seed: int, week: int, cities: Sequence[RankedCity]) -> tuple[npt.NDArray[np.int64], Scaled]:
    """Starts and daily results of the seven natural days whose noon lies in a week.

    Parameters
    ----------
    seed : int
        Of the whole simulation.
    week : int
        Number of the week since 1970-01-01 UTC.
    cities : sequence of RankedCity

    Returns
    -------
    starts : ndarray of int64, shape (7,)
        [s since 1970-01-01 UTC]
    values : ndarray of uint16, shape (6, 7, cities)
        In the order of `qingchuan.simulators.days.ITEMS`. [scaled]

    Raises
    ------
    LookupError
        A city has a region that `country.toml` does not have.

    Examples
    --------
    >>> starts, values = week_days(5, 2950, [RankedCity("330200", "长三角"), RankedCity("110000", "京津冀及周边")])
    >>> values.shape, periods.to_beijing(starts[0]).isoformat()
    ((6, 7, 2), '2026-07-16T00:00:00+08:00')
    """
    starts = (week * _DAYS_OF_A_WEEK + np.arange(_DAYS_OF_A_WEEK)) * periods.DAY - 8 * periods.HOUR
    place = [_place(city) for city in cities]
    air = _concentrations(seed, _weather(seed, week, len(cities)), clock(starts)[1], place)
    values = np.stack([to_scaled(each, catalogue.item(item).decimals) for each, item in zip(air, ITEMS, strict=True)])
    missed = generator(seed, "country missed", week).random(values.shape) < _MISSED
    return starts, np.where(missed, np.uint16(MISSING), values)


def _place(city: RankedCity) -> int:
    known = list(regions())
    if city.region not in known:
        names = ", ".join(known)
        raise LookupError(f"{city.code} has the region {city.region!r}; known are {names} (simulators/country.toml)")
    return known.index(city.region)


def _weather(seed: int, week: int, cities: int) -> _Weather:
    def noise(stream: str, series: int, memory: float) -> FloatArray:
        return red_noise(seed, f"country {stream}", week, series, memory)[_NOON::24]

    def shared(stream: str, memory: float) -> FloatArray:
        drawn = noise(stream, 1 + len(regions()), memory)
        mixed: FloatArray = _SHARED * drawn[:, :1] + np.sqrt(1 - _SHARED**2) * drawn[:, 1:]
        return mixed

    return _Weather(shared("still", 60.0), shared("wind", 40.0), shared("sun", 70.0), noise("own", cities, 30.0))


def _concentrations(seed: int, sky: _Weather, season: FloatArray, place: Sequence[int]) -> FloatArray:
    """Daily results in the order of the items, shape (6, 7, cities) [CO mg/m³, others µg/m³]."""
    names = [field for field in Region.__struct_fields__ if field != "name"]
    numbers = np.array([[getattr(region, name) for name in names] for region in regions().values()])
    region = dict(zip(names, numbers[place].T, strict=True))
    traffic, industry, dust = np.exp(0.16 * generator(seed, "country cities", 0).standard_normal((3, len(place))))
    still, wind, sun = sky.stagnation[:, place], sky.wind[:, place], sky.sunshine[:, place]
    angle = season[:, np.newaxis]
    winter, spring = np.cos(angle - _angle(12)), np.cos(angle - _angle(95))
    fine = region["pm25"] * (0.5 * traffic + 0.5 * industry) * _spread(region["winter"] * winter, 0.42, still)
    fine = fine * _spread(0.0, 0.16, sky.own)
    storm = region["storms"] * np.maximum(wind - 2.0, 0.0) * np.exp(1.5 * (spring - 1.0))
    coarse = region["coarse"] * dust * _spread(0.25 * spring, 0.3, still + 0.3 * sky.own) + storm
    so2 = region["so2"] * industry * _spread(0.25 * winter, 0.25, still)
    no2 = region["no2"] * traffic * _spread(0.3 * winter, 0.3, still + 0.2 * sky.own)
    ozone = region["ozone"] * _spread(region["summer"] * np.cos(angle - _angle(region["peak"])), 0.28, sun)
    co = 0.25 + 0.3 * industry + 0.008 * fine
    return np.stack([so2, no2, fine + coarse, fine, co, ozone * _spread(0.0, 0.06, sky.own)])


def _spread(seasonal: FloatArray | float, width: float, noise: FloatArray) -> FloatArray:
    """A factor of mean one at each time of the year, `width` wide on a logarithmic scale [-]."""
    factor: FloatArray = np.exp(seasonal + width * noise - width**2 / 2)
    return factor


def _angle(day: FloatArray | float) -> FloatArray | float:
    return 2 * np.pi * day / 365
