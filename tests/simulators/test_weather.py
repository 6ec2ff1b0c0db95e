"""Weather: seasons and days as they are at Ningbo."""

from __future__ import annotations

import numpy as np

from qingchuan.processing.periods import parse_instant
from qingchuan.simulators.noise import week_of
from qingchuan.simulators.weather import clock, weather

JANUARY = week_of(parse_instant("2026-01-20T00:00:00+08:00"))
JULY = week_of(parse_instant("2026-07-20T00:00:00+08:00"))


def test_the_sun_shines_by_day_only() -> None:
    """No light from ten in the evening to four in the morning, and some at noon every day."""
    sky = weather(1, JULY)
    assert sky.sunlight[(sky.hour > 22) | (sky.hour < 4)].max() == 0.0
    assert sky.sunlight[np.abs(sky.hour - 12) < 1].min() > 0.1


def test_july_is_warmer_than_january() -> None:
    """By twenty degrees or so in the mean of five years."""
    july, january = (np.mean([weather(seed, week).temperature.mean() for seed in range(5)]) for week in (JULY, JANUARY))
    assert 14 < july - january < 27


def test_it_rains_sometimes_and_never_less_than_nothing() -> None:
    """A few to some twenty of a hundred hours."""
    rain = np.concatenate([weather(1, week).rain for week in range(JANUARY, JANUARY + 52)])
    assert rain.min() == 0.0
    assert 0.02 < np.mean(rain > 0) < 0.25


def test_the_clock_counts_from_beijing_midnight() -> None:
    """The hour that begins at 00:00 Beijing time has its middle at half past midnight."""
    hour, _ = clock(np.array([parse_instant("2026-03-05T00:00:00+08:00")]))
    assert hour.tolist() == [0.5]
