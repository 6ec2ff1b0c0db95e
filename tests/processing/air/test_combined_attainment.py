"""All basic items together: completeness by 6.2, and the order of what exceeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.attainment import ItemAttainment
from qingchuan.processing.air.combined_attainment import (
    CombinedAttainment,
    Exceedance,
    combined_attainment,
    in_order,
    region_attainment,
)
from qingchuan.processing.air.combined_attainment_explained import explain_region_attainment
from qingchuan.processing.standards import Text
from tests.support.explained import zh

RULES = standards.load("hj663_2013", standards.AirAssessment)
ITEMS = RULES.basic.day


def _item(item: str, state: str, multiple: int = 10) -> ItemAttainment:
    """An item that is attained "+", exceeded "-" or not valid "?"."""
    exceeded = np.array(multiple if state == "-" else -1)
    return ItemAttainment(item, np.array(state == "+"), np.array(state != "?"), 1, 1, exceeded, np.array(-1))


def _combined(states: Mapping[str, str]) -> CombinedAttainment:
    return combined_attainment({item: _item(item, state) for item, state in states.items()}, RULES)


@given(st.dictionaries(st.sampled_from(ITEMS), st.sampled_from("+-?")))
def test_all_is_attained_only_where_every_item_is_valid_and_attained(states: dict[str, str]) -> None:
    """An item that is left out is missing like one that is not valid."""
    found = _combined(states)
    assert bool(found.attained) == (len(states) == len(ITEMS) and set(states.values()) == {"+"})
    for place, item in enumerate(found.items):
        assert bool(found.missing[place]) == (states.get(item, "?") == "?")
        assert bool(found.exceeding[place]) == (states.get(item) == "-")


def test_one_missing_item_spoils_the_judgement_and_is_named() -> None:
    """All attained but carbon monoxide, which is not there."""
    found = _combined({item: "+" for item in ITEMS if item != "co"})
    assert not found.attained
    assert not found.exceeding.any()
    assert [item for item, gone in zip(found.items, found.missing, strict=True) if gone] == ["co"]


def test_what_exceeds_is_listed_with_the_largest_multiple_first() -> None:
    """Those that tie as the standard lists them."""
    items = {item: _item(item, "+") for item in ITEMS}
    items |= {"pm25": _item("pm25", "-", 31), "o3_8h": _item("o3_8h", "-", 5), "pm10": _item("pm10", "-", 31)}
    items["so2"] = _item("so2", "-", 0)
    found = in_order(combined_attainment(items, RULES))
    assert found == (Exceedance("pm10", 31), Exceedance("pm25", 31), Exceedance("o3_8h", 5), Exceedance("so2", 0))


def test_items_that_are_not_basic_are_not_looked_at() -> None:
    """TSP exceeds, and all basic items attain the standard."""
    items = {item: _item(item, "+") for item in ITEMS} | {"tsp": _item("tsp", "-")}
    assert combined_attainment(items, RULES).attained


def test_places_share_one_judgement_of_all() -> None:
    """Shapes broadcast; nothing at all has the shape of nothing."""
    many = ItemAttainment(
        "no2", np.array([True, False]), np.ones(2, np.bool_), 1, 1, np.array([-1, 4]), np.array([-1, -1])
    )
    found = combined_attainment({item: _item(item, "+") for item in ITEMS} | {"no2": many}, RULES)
    assert found.attained.tolist() == [True, False]
    assert found.missing.shape == found.exceeding.shape == found.multiple.shape == (6, 2)
    assert combined_attainment({}, RULES).attained.shape == ()


@pytest.mark.parametrize(
    ("areas", "attained"), [([True, True], True), ([True, False], False), ([False], False), ([], False)]
)
def test_a_region_is_attained_where_every_area_is(areas: list[bool], attained: bool) -> None:  # noqa: FBT001
    """One city that exceeds is enough; without an area nothing shows that it is attained."""
    assert bool(region_attainment(areas)) == attained
    assert region_attainment([areas, areas]).tolist() == [attained] * 2
    named = [(Text(f"城市{place}", f"city {place}"), area) for place, area in enumerate(areas)]
    told = explain_region_attainment(named, RULES)
    assert zh(told) == ("达标" if attained else "不达标")
    assert [zh(part) for part in told.parts] == ["达标" if area else "不达标" for area in areas]
    assert ("城市1不达标" in told.rule.zh) == (areas == [True, False])


def test_the_date_of_the_rules_does_not_change_the_basic_items() -> None:
    """The rules that stand in for HJ 663—2026 evaluate the same six."""
    assert standards.in_force("hj663", date(2026, 3, 1)).basic.day == ITEMS
    assert len(ITEMS) == 6
