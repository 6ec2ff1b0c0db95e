"""The weather of the simulated city, hour by hour: what air and water both follow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qingchuan.simulators.noise import HOUR, WEEK_HOURS, FloatArray, decayed, red_noise, week_times

_LATITUDE = np.radians(29.87)
_YEAR_HOURS = 365.2425 * 24
_BEIJING_HOURS = 8
_DAY_HOURS = 24


class Weather(NamedTuple):
    """Weather of consecutive hours, each field of shape (hours,).

    Attributes
    ----------
    times : ndarray of int64
        Starts of the hours. [s since 1970-01-01 UTC]
    hour : ndarray of float64
        Hour of the day at the middle of the hour, Beijing time. [h]
    season : ndarray of float64
        Angle of the year, 0 on 1 January. [rad]
    stagnation : ndarray of float64
        High when air stands still over the city, low in clean air from the sea; zero mean, unit variance.
    temperature : ndarray of float64
        [℃]
    sunlight : ndarray of float64
        Share of the light that a clear sky with the sun overhead gives, 0 to 1.
    rain : ndarray of float64
        [mm/h]
    mixing : ndarray of float64
        Depth of the layer that the ground's emissions mix into, as a share of a sunny noon's.
    """

    times: npt.NDArray[np.int64]
    hour: FloatArray
    season: FloatArray
    stagnation: FloatArray
    temperature: FloatArray
    sunlight: FloatArray
    rain: FloatArray
    mixing: FloatArray

    def last(self, hours: int) -> Weather:
        """The last `hours` of it."""
        return Weather(self.times[-hours:], *(field[-hours:] for field in self[1:]))


def weather(seed: int, week: int, lead: int = 0) -> Weather:
    """Weather of one week and of the `lead` hours before it, lead + 168 hours.

    Parameters
    ----------
    seed : int
        Of the whole simulation.
    week : int
        Number of the week since 1970-01-01 UTC.
    lead : int
        Up to six days. [h]

    Examples
    --------
    >>> july = weather(1, 2950)
    >>> bool(20 < july.temperature.mean() < 34), july.rain.shape
    (True, (168,))
    """
    longer = lead + _DAY_HOURS
    times = week_times(week, longer)
    hour, season = clock(times)
    stagnation, warmth, wetness, haze = (
        red_noise(seed, stream, week, 1, memory, longer)[:, 0] for stream, memory in _REGIMES.items()
    )
    rain = _rain(wetness, season)
    cloud = 1 / (1 + np.exp(-1.2 * (0.6 * haze + 0.9 * wetness)))
    sunlight = _clear_sky(hour, season) * (1 - 0.75 * cloud)
    daily = 4.5 * (1 - 0.6 * cloud) * np.cos(2 * np.pi * (hour - 15) / 24)
    temperature = usual_temperature(season) + 2.8 * warmth + daily
    mixing = 0.38 + 0.62 * np.minimum(1, decayed(sunlight, 3.0) / 1.6)
    sky = Weather(times, hour, season, stagnation - 0.25 * rain, temperature, sunlight, rain, mixing)
    return sky.last(lead + WEEK_HOURS)


# Hours of memory of each regime: high-pressure systems pass in days, showers in hours.
_REGIMES = {"stagnation": 60.0, "warmth": 72.0, "wetness": 10.0, "haze": 24.0}


def usual_temperature(season: FloatArray) -> FloatArray:
    """Mean temperature of the air at angles of the year [℃].

    Examples
    --------
    >>> usual_temperature(np.array([0.0, np.pi])).round(1)
    array([ 7. , 28.6])
    """
    usual: FloatArray = 17.8 - 11.5 * np.cos(season - 2 * np.pi * 20 / 365)
    return usual


def clock(times: npt.NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Hour of the day at the middle of the hours [h], and the angle of the year [rad], both of Beijing time.

    Parameters
    ----------
    times : ndarray of int64, any shape
        Starts of the hours. [s since 1970-01-01 UTC]

    Examples
    --------
    >>> hour, season = clock(np.array([1_767_196_800]))  # 2026-01-01 00:00 Beijing time
    >>> float(hour[0]), round(float(season[0]), 2)
    (0.5, 0.0)
    """
    hours = times / HOUR + _BEIJING_HOURS
    # 2026-01-01 counts as the beginning; the quarter days of other years do not matter to a season.
    season = 2 * np.pi * ((hours - 490_896) % _YEAR_HOURS) / _YEAR_HOURS
    return (hours + 0.5) % 24, season


def _clear_sky(hour: FloatArray, season: FloatArray) -> FloatArray:
    declination = np.radians(-23.44) * np.cos(season + 2 * np.pi * 10 / 365)
    # Ningbo lies at 121.5 °E, so the sun is overhead six minutes before noon of Beijing time (120 °E).
    angle = np.pi * (hour - 11.9) / 12
    height = np.sin(_LATITUDE) * np.sin(declination) + np.cos(_LATITUDE) * np.cos(declination) * np.cos(angle)
    above: FloatArray = np.maximum(height, 0.0)
    return above


def _rain(wetness: FloatArray, season: FloatArray) -> FloatArray:
    # It rains more easily from the plum rains of June (梅雨) to the typhoons of September.
    threshold = 1.45 + 0.3 * np.cos(season)
    return 5.0 * np.maximum(wetness - threshold, 0.0)
