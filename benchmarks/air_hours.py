"""Hours of air stations to measure with: values as they are usual in a country, with gaps."""

from __future__ import annotations

import numpy as np

from qingchuan.processing import standards
from qingchuan.processing.scaled import MISSING, Scaled

ITEMS = tuple(standards.load("hj633_2026", standards.AirQualityIndex).report("hour"))
"""The first axis of a cube."""

HOURS_OF_A_YEAR = 24 * 365
STATIONS = 1700
"""As many as the national network has, about."""

_USUAL = {"so2": 8, "no2": 32, "pm10": 60, "pm25": 38, "co": 7, "o3": 70}
"""Medians. [scaled]"""
_SIGMA = 0.6
_MISSING = 0.02
_AT_ONCE = 24
"""So many hours are made at a time, so that making them takes little memory beside them. [h]"""


def cube(hours: int, stations: int, missing: float = _MISSING) -> Scaled:
    """Hourly means, shape (items, hours, stations), the same every time; a share of them is `missing`. [scaled]."""
    chance = np.random.default_rng(1)
    made = np.empty((len(ITEMS), hours, stations), np.uint16)
    for item, values in zip(ITEMS, made, strict=True):
        for start in range(0, hours, _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            part[...] = np.rint(_USUAL[item] * np.exp(_SIGMA * chance.standard_normal(part.shape, np.float32)))
            part[chance.random(part.shape, np.float32) < missing] = MISSING
    return made
