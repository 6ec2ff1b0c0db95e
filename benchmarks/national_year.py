"""A year of the hours of 1,700 stations, and what it is judged by: what the benchmarks ``national_year_…`` share."""

from __future__ import annotations

from datetime import date

from benchmarks.air_hours import HOURS_OF_A_YEAR, STATIONS, cube
from qingchuan.processing import standards
from qingchuan.processing.air.assessment import Editions
from qingchuan.processing.calendar_periods import CalendarPeriod, year_of
from qingchuan.processing.scaled import Scaled

PERIOD: CalendarPeriod = year_of(date(2025, 1, 1))

CUBE = f"uint16, 6 items × {HOURS_OF_A_YEAR:,} h × {STATIONS:,} stations, 179 MB"
"""The cube in words."""


def national_year() -> Scaled:
    """Hours of the year, shape (items, hours, stations). [scaled]."""
    return cube(HOURS_OF_A_YEAR, STATIONS)


def editions() -> Editions:
    """The editions that aqi-hub has too: HJ 633—2026, with the rules and limits that go with it."""
    return Editions(
        standards.load("hj633_2026", standards.AirQualityIndex),
        standards.load("hj663_2013", standards.AirAssessment),
        standards.load("gb3095_2012", standards.AmbientAirLimits),
        2,
        standards.load("hb2018_19", standards.CityAirRanking),
    )
