"""What is published: items that are missing, and items that are not monitored by plan."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import AirQuality, evaluate
from qingchuan.processing.air.publishing import ReportCell, may_be_left_out, published_by_plan, report_cells
from qingchuan.processing.standards import AirQualityIndex

OLD, NEW = (standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026"))
DAY = {"so2": 10, "no2": 30, "pm10": 40, "pm25": 20, "co": 5, "o3_8h": 90}


def _air(values: dict[str, int], standard: AirQualityIndex) -> AirQuality:
    return evaluate({item: np.array(value, np.uint16) for item, value in values.items()}, "day", standard)


def _without(*items: str, **others: int) -> dict[str, int]:
    return {item: value for item, value in (DAY | others).items() if item not in items}


@pytest.mark.parametrize(
    ("values", "left_out", "published"),
    [
        (_without(), (), True),
        (_without("so2"), (), False),
        (_without("so2"), ("so2",), True),
        (_without("so2", "co"), ("so2",), False),
        (_without("so2", "co"), ("so2", "co"), True),
        (_without("so2", pm25=61), (), True),
        (_without("so2", "no2", "pm10", "pm25", "co", "o3_8h"), tuple(DAY), False),
    ],
)
def test_an_item_that_is_not_monitored_by_plan_does_not_withhold_the_index(
    values: dict[str, int],
    left_out: tuple[str, ...],
    published: bool,  # noqa: FBT001
) -> None:
    """5.3.2; any other that is missing does (5.3.1), unless the index is above 100. Nothing at all has no index."""
    air = _air(values, NEW)
    assert bool(published_by_plan(air, [item in left_out for item in air.items], NEW)) == published


def test_the_edition_of_2012_publishes_what_it_has() -> None:
    """It has no rule of incomplete days, and none of plans."""
    air = _air(_without("so2"), OLD)
    assert published_by_plan(air, [False] * 6, OLD)
    gone = _air(_without() | {"o3_8h": 900}, OLD)
    assert not published_by_plan(gone, [True] * 6, OLD)


def test_plans_may_differ_between_stations() -> None:
    """Shape (items, stations); one plan for all keeps its places."""
    many = {item: np.full((4, 2), value, np.uint16) for item, value in DAY.items() if item != "so2"}
    air = evaluate(many, "day", NEW)
    plan = np.zeros((6, 4, 2), np.bool_)
    plan[air.items.index("so2"), :, 1] = True
    assert published_by_plan(air, plan, NEW).tolist() == [[False, True]] * 4
    assert published_by_plan(air, [item == "so2" for item in air.items], NEW).all()


@pytest.mark.parametrize(
    ("last", "level", "left_out"),
    [("2025-12-31", 2, True), ("2025-12-31", 3, False), ("2025-12-30", 2, False), ("2030-01-01", 2, True)],
)
def test_an_item_may_be_left_out_after_three_years_without_pollution_by_it(
    last: str,
    level: int,
    left_out: bool,  # noqa: FBT001
) -> None:
    """Light pollution with it as primary pollutant counts against it; days of two years and 364 days are too few."""
    dates = np.array(["2023-01-01", "2024-05-01", last], "datetime64[D]")
    assert bool(may_be_left_out([False, True, False], [5, level, 3], dates, NEW)) == left_out


def test_a_leap_day_has_its_anniversary_on_the_first_of_march() -> None:
    """Three years from 29 February 2024 are over with 28 February 2027."""
    for last, enough in (("2027-02-27", False), ("2027-02-28", True)):
        dates = np.array(["2024-02-29", last], "datetime64[D]")
        assert bool(may_be_left_out([False, False], [1, 1], dates, NEW)) == enough


def test_without_days_or_without_a_rule_nothing_may_be_left_out() -> None:
    """No history shows nothing; 2012 has no such rule."""
    three_years = np.array(["2020-01-01", "2025-01-01"], "datetime64[D]")
    assert not may_be_left_out([False, False], [1, 1], three_years, OLD)
    assert may_be_left_out(np.zeros((4, 0)), np.zeros((4, 0)), three_years[:0], NEW).tolist() == [False] * 4
    places = may_be_left_out([[True, False], [False, False]], [[4, 1], [4, 1]], three_years, NEW)
    assert places.tolist() == [False, True]


def test_a_report_shows_numbers_and_marks() -> None:
    """NA for what is missing; the stroke for what is not monitored; a value that came all the same is shown."""
    values = {"co": 12, "pm25": 35, "o3_8h": 65535}
    cells = report_cells(values, _air(values, NEW), {"so2", "pm25"}, NEW)
    assert cells["co"] == ReportCell("1.2", "30")
    assert cells["pm25"] == ReportCell("35", "50")
    assert cells["o3_8h"] == cells["no2"] == ReportCell("NA", "NA")
    assert cells["so2"] == ReportCell("/", "/")
    old = report_cells(values, _air(values, OLD), {"so2"}, OLD)
    assert old["so2"] == ReportCell("NA", "NA")
    assert set(cells) == set(DAY)
