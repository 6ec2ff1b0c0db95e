"""The air over the city: what its stations measure in each hour of a week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qingchuan.simulators.network import SimulatedAirStation
from qingchuan.simulators.noise import FloatArray, decayed, red_noise
from qingchuan.simulators.weather import Weather, weather

ITEMS = ("so2", "no2", "pm10", "pm25", "co", "o3")
DECIMALS = (0, 0, 0, 0, 1, 0)

# µg in a cubic metre for a ppb at 298.15 K and 1013.25 hPa, the reference state of GB 3095.
_OZONE, _NITROGEN_DIOXIDE = 1.96, 1.88
_LEAD_HOURS = 120


class Surroundings(NamedTuple):
    """What is emitted around the stations, each of shape (stations,) [-]; 1 is the mean of the city."""

    traffic: FloatArray
    industry: FloatArray
    dust: FloatArray


def surroundings(stations: Sequence[SimulatedAirStation]) -> Surroundings:
    """Emissions around `stations` as arrays."""
    told = np.array([(station.traffic, station.industry, station.dust) for station in stations], dtype=np.float64)
    return Surroundings(*told.reshape(-1, 3).T)


def measured(seed: int, week: int, stations: Sequence[SimulatedAirStation]) -> FloatArray:
    """Hourly means of a week as stations send them.

    Parameters
    ----------
    seed : int
        Of the whole simulation.
    week : int
        Number of the week since 1970-01-01 UTC.
    stations : sequence of SimulatedAirStation

    Returns
    -------
    ndarray of float64, shape (6, 168, stations)
        In the order of `ITEMS`, rounded to `DECIMALS`. [CO mg/m³, others µg/m³]

    Notes
    -----
    The weather of some days before the week is looked at as well: its first morning knows the day and the rain before.

    Examples
    --------
    >>> from qingchuan.simulators.network import ningbo
    >>> measured(1, 2950, ningbo().air).shape
    (6, 168, 8)
    """
    around = surroundings(stations)
    sky = weather(seed, week, _LEAD_HOURS)
    regional = red_noise(seed, "regional", week, 1, 80.0)[:, 0]
    drift = red_noise(seed, "station", week, 6 * len(stations), 8.0).reshape(-1, 6, len(stations))
    true = concentrations(sky, regional, around)
    return _as_sent(true * np.exp(_SCATTER * drift.transpose(1, 0, 2)))


# How far a station differs from what its surroundings explain, in the order of the items, on a logarithmic scale.
_SCATTER = np.array([0.16, 0.1, 0.1, 0.08, 0.08, 0.04])[:, np.newaxis, np.newaxis]


def concentrations(before: Weather, regional: FloatArray, around: Surroundings) -> FloatArray:
    """True concentrations at the stations, shape (6, hours, stations).

    Parameters
    ----------
    before : Weather
        Of the hours, and of some days before them.
    regional : ndarray of float64, shape (hours,)
        How much air from the north brings in, zero mean and unit variance.
    around : Surroundings

    Notes
    -----
    What the ground emits is thinned by the depth of the mixed layer and by the wind. Odd oxygen (O₃ + NO₂) is brought
    in from around and made by sunlight over a still city; sunlight and NO decide how it is split (`photostationary`).
    """
    sky = before.last(len(regional))
    traffic, industry = _emissions(sky)
    thinning = 0.75 * sky.mixing * np.exp(-0.34 * sky.stagnation)
    nox = (3.0 + 8.0 * around.traffic * (traffic / thinning)[:, np.newaxis]) * 0.8
    nox = nox + 1.6 * around.industry * (industry / thinning)[:, np.newaxis]
    no2, ozone = photostationary(nox, _odd_oxygen(before, len(regional), around), 19.0 * sky.sunlight[:, np.newaxis])
    local = around.traffic * (traffic / thinning)[:, np.newaxis]
    stacks = around.industry * (industry / thinning)[:, np.newaxis]
    fine = _fine_dust(before, regional, local, stacks)
    coarse = _coarse_dust(before, regional, around.dust)
    co = 0.33 + 0.011 * fine + 0.07 * local
    so2 = 4.2 + 1.7 * stacks
    return np.stack([so2, _NITROGEN_DIOXIDE * no2, fine + coarse, fine, co, _OZONE * ozone])


def photostationary(nox: FloatArray, odd_oxygen: FloatArray, photolysis: FloatArray) -> tuple[FloatArray, FloatArray]:
    """NO₂ and O₃ that are in balance with NO and sunlight [ppb].

    Parameters
    ----------
    nox, odd_oxygen : ndarray of float64
        NO + NO₂, and O₃ + NO₂; both stay what they are. [ppb]
    photolysis : ndarray of float64
        Rate at which light splits NO₂ over that at which NO takes O₃; 0 at night, about 19 at noon. [ppb]

    Notes
    -----
    ``[NO][O₃] = photolysis · [NO₂]`` is a quadratic equation in NO₂. Without light it comes to the smaller of NOₓ and
    odd oxygen: the titration of ozone at night.

    Examples
    --------
    >>> photostationary(np.array([30.0]), np.array([20.0]), np.array([0.0]))
    (array([20.]), array([0.]))
    """
    half = (nox + odd_oxygen + photolysis) / 2
    no2 = half - np.sqrt(np.maximum(half**2 - nox * odd_oxygen, 0.0))
    return no2, odd_oxygen - no2


def _emissions(sky: Weather) -> tuple[FloatArray, FloatArray]:
    rush = np.exp(-(((sky.hour - 8.2) / 1.7) ** 2)) + np.exp(-(((sky.hour - 18.3) / 2.4) ** 2))
    awake = 1 / (1 + np.exp(-(sky.hour - 6.0))) * (1 / (1 + np.exp(sky.hour - 22.5)))
    # 1970-01-01 was a Thursday; Saturday and Sunday are days 2 and 3 of a week counted from it.
    day = (sky.times + 8 * 3600) // 86400 % 7
    weekday = np.where((day == 2) | (day == 3), 0.8, 1.05)  # noqa: PLR2004 -- the days just named
    return weekday * (0.22 + 0.45 * awake + 0.75 * rush), np.full(len(sky.times), 0.85)


def _odd_oxygen(before: Weather, hours: int, around: Surroundings) -> FloatArray:
    sky = before.last(hours)
    # Highest in May, before the summer monsoon brings clean sea air.
    background = 43.0 + 7.5 * np.cos(sky.season - 2 * np.pi * 140 / 365)
    hot = np.exp(0.038 * (np.minimum(before.temperature, 34.0) - 25.0))
    made = decayed(before.sunlight * hot * np.exp(0.32 * before.stagnation), 7.0)[-hours:]
    suburban = 1.0 - 0.06 * (around.traffic - 1.0)
    lost = 4.0 * (1.0 - np.minimum(1.0, sky.mixing))
    return np.maximum((background - lost + 10.6 * made)[:, np.newaxis] * suburban, 4.0)


def _fine_dust(before: Weather, regional: FloatArray, local: FloatArray, stacks: FloatArray) -> FloatArray:
    sky = before.last(len(regional))
    winter = np.exp(0.52 * np.cos(sky.season - 2 * np.pi * 12 / 365))
    washed = np.exp(-0.3 * np.minimum(decayed(before.rain, 5.0)[-len(regional) :], 6.0))
    brought = 13.8 * winter * washed * np.exp(0.42 * regional + 0.2 * sky.stagnation)
    return brought[:, np.newaxis] + (2.6 * local + 1.5 * stacks) * washed[:, np.newaxis] + 1.5


def _coarse_dust(before: Weather, regional: FloatArray, around: FloatArray) -> FloatArray:
    sky = before.last(len(regional))
    dry = np.exp(-0.35 * np.minimum(decayed(before.rain, 24.0)[-len(regional) :], 8.0))
    # Storms from the north in spring: the far tail of what is brought in, with wind.
    spring = np.exp(1.5 * (np.cos(sky.season - 2 * np.pi * 95 / 365) - 1.0))
    storm = 95.0 * spring * np.maximum(regional - 0.8 * sky.stagnation - 2.3, 0.0)
    busy = 0.7 + 0.3 * np.sin(np.pi * np.clip((sky.hour - 6.0) / 15.0, 0.0, 1.0))
    return (23.0 * dry * busy * np.exp(0.3 * regional))[:, np.newaxis] * around + storm[:, np.newaxis]


def _as_sent(values: FloatArray) -> FloatArray:
    sent = np.empty_like(values)
    for index, (item, decimals) in enumerate(zip(values, DECIMALS, strict=True)):
        np.round(np.maximum(item, 10.0**-decimals), decimals, out=sent[index])
    return sent
