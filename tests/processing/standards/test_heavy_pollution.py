"""The guidance on warnings as data: which edition holds, and what its file must keep to."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from qingchuan.processing import standards
from qingchuan.processing.standards import HeavyPollutionWarning
from qingchuan.processing.standards.heavy_pollution import days_of

NAMES = ("heavy_pollution_2018", "heavy_pollution_2024")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2018, 8, 1), NAMES[0]),
        (date(2024, 1, 22), NAMES[0]),
        (date(2024, 1, 23), NAMES[1]),
        (date(2026, 3, 1), NAMES[1]),
    ],
)
def test_the_day_chooses_the_guidance(day: date, name: str) -> None:
    """That of 2024 replaces that of 2018 on the day of its issue; the AQI of 2026 changes nothing."""
    assert standards.in_force("heavy_pollution", day).name == name


@pytest.mark.parametrize("name", NAMES)
def test_the_levels_are_red_orange_yellow(name: str) -> None:
    """Ⅰ is the highest; each is harder to reach than the next; what is not confirmed is said in both languages."""
    rule = standards.load(name, HeavyPollutionWarning)
    assert [(row.number, row.colour) for row in rule.levels.rows] == [(1, "red"), (2, "orange"), (3, "yellow")]
    least_days = [max(run.days for condition in row.any_of for run in condition) for row in rule.levels.rows]
    assert least_days == sorted(least_days, reverse=True)
    assert all(text.zh and text.en for text in rule.unconfirmed)
    assert rule.level(0) is None
    with pytest.raises(LookupError, match="the warning has the level 4; it is 1 … 3, or 0 for none"):
        rule.level(4)


@pytest.mark.parametrize("name", NAMES)
def test_every_bound_and_every_duration_stands_in_the_printed_text(name: str) -> None:
    """The rows against the words beside them; a day that "appears" or "reaches" has no hours in print."""
    rule = standards.load(name, HeavyPollutionWarning)
    printed = rule.levels.text
    for row in rule.levels.rows:
        assert row.level.zh in printed
        for run in (run for condition in row.any_of for run in condition):
            assert (f">{run.aqi}" if run.compare == "above" else f"达到{run.aqi}") in printed
            assert run.days == 1 or f"{run.hours}小时" in printed


@pytest.mark.parametrize(("hours", "days"), [(1, 1), (24, 1), (25, 2), (36, 2), (48, 2), (49, 3)])
def test_hours_are_counted_in_whole_days(hours: int, days: int) -> None:
    """A part of a day is a day."""
    assert days_of(hours) == days


@pytest.mark.parametrize(
    "condition",
    [
        [["above", 300, 24], ["above", 200, 72]],
        [["above", 300, 72], ["above", 200, 24]],
        [["above", 200, 24], ["above", 300, 72]],
    ],
)
def test_a_condition_whose_first_run_is_not_the_widest_is_refused(condition: list[list[object]]) -> None:
    """The others lie within it: their bound is no lower, and they last no longer."""
    told = msgspec.to_builtins(standards.load(NAMES[1], HeavyPollutionWarning))
    told["levels"]["rows"][0]["any_of"] = [condition]
    with pytest.raises(msgspec.ValidationError, match="red warning has a run wider than the first"):
        msgspec.convert(told, HeavyPollutionWarning)
