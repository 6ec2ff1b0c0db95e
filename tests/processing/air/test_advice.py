"""Advice to the public: the level, and who is sensitive to what is in the air."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.advice import advice
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.standards import AirQualityIndex

OLD, NEW = (standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026"))


@pytest.mark.parametrize(
    ("item", "value", "groups"),
    [
        ("pm25", 60, 0),
        ("pm25", 61, 1),
        ("co", 40, 0),
        ("co", 41, 1),
        ("o3_8h", 160, 0),
        ("o3_8h", 161, 1),
    ],
)
def test_people_are_named_where_the_index_of_an_item_is_above_100(item: str, value: int, groups: int) -> None:
    """Both sides of 100."""
    told = advice(evaluate({item: np.array(value, np.uint16)}, "day", NEW), NEW)
    assert len(told.groups) == groups
    assert all(item in group.items for group in told.groups)
    assert told.level is not None
    assert told.level.number == 2 + groups


def test_particles_share_a_group_and_others_are_told_apart() -> None:
    """Both particles and nitrogen dioxide: two groups, in the order of the table."""
    hour = {"pm25": 80, "pm10": 200, "no2": 300, "o3": 100}
    told = advice(evaluate({item: np.array(value, np.uint16) for item, value in hour.items()}, "hour", NEW), NEW)
    assert [group.items for group in told.groups] == [("no2",), ("pm10", "pm25")]


def test_the_edition_of_2012_has_levels_and_no_table_of_people() -> None:
    """Its advice names children, the elderly and patients."""
    told = advice(evaluate({"pm25": np.array(160, np.uint16)}, "day", OLD), OLD)
    assert told.groups == ()
    assert told.level is not None
    assert "儿童、老年人" in told.level.advice.zh


def test_without_an_index_there_is_no_advice() -> None:
    """Nothing is made up for missing air."""
    assert advice(evaluate({}, "day", NEW), NEW) == (None, ())
