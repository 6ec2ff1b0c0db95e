"""Indices and AQI: every representable concentration against fractions, and both sides of every rule."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.aqi import AirQuality, evaluate, level_of
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.scaled import MISSING, to_scaled
from qingchuan.processing.standards import AirQualityIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qingchuan.processing.standards.air_index import Averaging

EDITIONS = {name: standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026")}
BOTH = tuple(EDITIONS)
HOURS = ("pm25", "pm10", "co", "no2", "o3", "so2")
NONE = -1


def _air(values: Mapping[str, float], averaging: Averaging, edition: str) -> AirQuality:
    scaled = {item: to_scaled(value, catalogue.item(item).decimals) for item, value in values.items()}
    return evaluate(scaled, averaging, EDITIONS[edition])


def _index(item: str, averaging: Averaging, value: float, edition: str) -> int:
    air = _air({item: value}, averaging, edition)
    return int(air.iaqi[air.items.index(item)])


def _primary(air: AirQuality) -> set[str]:
    return set(items_of_mask(int(air.primary), air.items))


def _by_fractions(points: list[tuple[int, int]], concentration: Fraction) -> int | None:
    """Formula (1) with fractions, rounded up; None beyond the last breakpoint."""
    for (index, limit), (next_index, next_limit) in pairwise(points):
        if concentration <= next_limit:
            slope = Fraction(next_index - index, next_limit - limit)
            return math.ceil(slope * (concentration - limit) + index)
    return None


@pytest.mark.parametrize("edition", BOTH)
@pytest.mark.parametrize("averaging", ["hour", "day"])
def test_every_representable_concentration_has_the_index_of_fractions(edition: str, averaging: Averaging) -> None:
    """All 65,535 of each column, none left out."""
    standard = EDITIONS[edition]
    notes = {note.column: note for note in standard.notes}
    for item, column in standard.report(averaging).items():
        points, scale = standard.table.column(column), 10 ** catalogue.item(item).decimals
        beyond = notes[column].iaqi if column in notes else 500
        expected = [_by_fractions(points, Fraction(scaled, scale)) for scaled in range(points[-1][1] * scale + 1)]
        every = np.arange(MISSING, dtype=np.uint16)
        air = evaluate({item: every}, averaging, standard)
        found = air.iaqi[air.items.index(item)]
        assert found[: len(expected)].tolist() == expected
        assert set(found[len(expected) :].tolist()) == {NONE if beyond is None else beyond}


@pytest.mark.parametrize(
    ("item", "averaging", "edition", "index"),
    [
        ("so2", "hour", "hj633_2012", NONE),
        ("so2", "hour", "hj633_2026", 200),
        ("o3_8h", "day", "hj633_2012", NONE),
        ("o3_8h", "day", "hj633_2026", 300),
    ],
)
def test_footnotes_say_what_comes_above_800(item: str, averaging: Averaging, edition: str, index: int) -> None:
    """2012: no index is computed; 2026: 200 and 300. At 800 itself the table still holds."""
    assert _index(item, averaging, 800, edition) == (200 if item == "so2" else 300)
    assert _index(item, averaging, 801, edition) == index
    assert _index(item, averaging, 65534, edition) == index


HOUR = {"so2": 8.0, "no2": 30.0, "pm10": 60.0, "pm25": 35.0, "co": 0.7, "o3": 80.0}
DAY = {"so2": 8.0, "no2": 30.0, "pm10": 60.0, "pm25": 35.0, "co": 0.7, "o3_8h": 80.0}


@pytest.mark.parametrize(("values", "item", "averaging"), [(HOUR, "so2", "hour"), (DAY, "o3_8h", "day")])
def test_a_value_that_a_note_of_2012_gives_no_index_leaves_no_aqi(
    values: dict[str, float], item: str, averaging: Averaging
) -> None:
    """Notes (2) and (3): another averaging time reports it, and the others alone would say 良. At 800 all is there."""
    within = _air({**values, item: 800}, averaging, "hj633_2012")
    assert (bool(within.complete), bool(within.published), int(within.aqi)) == (
        True,
        True,
        200 if item == "so2" else 300,
    )
    beyond = _air({**values, item: 801}, averaging, "hj633_2012")
    assert (bool(beyond.complete), bool(beyond.published), int(beyond.aqi), int(beyond.level)) == (True, False, NONE, 0)
    assert not beyond.primary.any()
    assert int(beyond.iaqi[beyond.items.index("pm10")]) == 55
    later = _air({**values, item: 801}, averaging, "hj633_2026")
    assert (bool(later.complete), bool(later.published), int(later.aqi)) == (True, True, 200 if item == "so2" else 300)


def test_a_value_beyond_the_table_leaves_no_aqi_even_where_another_item_is_missing() -> None:
    """It is not the missing item that is asked about."""
    air = _air({"so2": 801, "pm25": 300}, "hour", "hj633_2012")
    assert (bool(air.complete), bool(air.published), int(air.aqi)) == (False, False, NONE)
    assert bool(_air({"pm25": 300}, "hour", "hj633_2012").published)


def test_pollutants_that_tie_are_all_primary() -> None:
    """PM2.5 60 and PM10 120 both come to 100 under 2026."""
    air = _air({"pm25": 60, "pm10": 120, "so2": 1, "no2": 1, "co": 0.1, "o3_8h": 1}, "day", "hj633_2026")
    assert int(air.aqi) == 100
    assert _primary(air) == {"pm25", "pm10"}


@pytest.mark.parametrize(("pm10", "primary"), [(50, set()), (51, {"pm10"})])
def test_there_is_a_primary_pollutant_above_50_only(pm10: int, primary: set[str]) -> None:
    """An AQI of 50 has none."""
    assert _primary(_air({"pm10": pm10}, "day", "hj633_2026")) == primary


@pytest.mark.parametrize(
    ("edition", "pm25", "published"),
    [("hj633_2026", 60, False), ("hj633_2026", 61, True), ("hj633_2012", 35, True), ("hj633_2012", 75, True)],
)
def test_an_incomplete_set_is_published_by_the_rule_of_its_edition(
    edition: str,
    pm25: int,
    published: bool,  # noqa: FBT001
) -> None:
    """2026, 5.3.1: only above 100; 2012: of the items present."""
    air = _air({"pm25": pm25}, "hour", edition)
    assert not air.complete
    assert bool(air.published) is published
    assert int(air.aqi) == int(air.iaqi[air.items.index("pm25")])


@pytest.mark.parametrize("edition", BOTH)
@pytest.mark.parametrize("averaging", ["hour", "day"])
def test_nothing_measured_is_nothing_published(edition: str, averaging: Averaging) -> None:
    """No items, or missing ones: no AQI, no level, no primary pollutant, never zero."""
    for given_items in ({}, {"pm25": np.array(MISSING, np.uint16)}):
        air = evaluate(given_items, averaging, EDITIONS[edition])
        assert (int(air.aqi), int(air.level)) == (NONE, 0)
        assert not (air.complete | air.published | air.primary.any())
        assert air.iaqi.tolist() == [NONE] * 6


@pytest.mark.parametrize(("edition", "aqi"), [("hj633_2012", 0), ("hj633_2026", 1)])
def test_air_without_any_pollutant_has_the_least_aqi_of_its_edition(edition: str, aqi: int) -> None:
    """0 is in the range of 2012; the range of 2026 begins at 1. Both are level 1."""
    items = EDITIONS[edition].report("hour")
    air = _air(dict.fromkeys(items, 0.0), "hour", edition)
    assert (int(air.aqi), int(air.level)) == (aqi, 1)
    assert air.iaqi.tolist() == [0] * 6


def test_days_are_judged_by_ozone_over_eight_hours_and_hours_by_one() -> None:
    """Neither takes the other's ozone: it is refused by name, with the clause."""
    with pytest.raises(
        ValueError, match=r"the day has the item 'o3'; it is judged by so2, .*o3_8h \(HJ 633—2026, 4\.2\.2\)"
    ):
        _air({"o3": 100}, "day", "hj633_2026")
    with pytest.raises(ValueError, match=r"the hour has the item 'o3_8h'"):
        _air({"o3_8h": 100}, "hour", "hj633_2012")


@given(st.dictionaries(st.sampled_from(HOURS), st.integers(0, 3000)), st.sampled_from(BOTH))
def test_the_aqi_is_the_largest_index_and_its_level_holds_it(values: dict[str, int], edition: str) -> None:
    """What is true of all air."""
    standard = EDITIONS[edition]
    air = evaluate({item: np.array(value, np.uint16) for item, value in values.items()}, "hour", standard)
    assert bool(air.complete) is (len(values) == 6)
    beyond_notes = edition == "hj633_2012" and values.get("so2", 0) > 800
    if beyond_notes or not (air.iaqi >= 0).any():
        assert (int(air.aqi), bool(air.published)) == (NONE, False)
        return
    assert int(air.aqi) == max(int(air.iaqi.max()), standard.range.least)
    level = standard.levels[int(air.level) - 1]
    assert level.least <= int(air.aqi) <= (level.most or 500)


@pytest.mark.parametrize("edition", BOTH)
def test_levels_have_two_sides(edition: str) -> None:
    """50 is Ⅰ and 51 is Ⅱ, … 300 is Ⅴ and 301 is Ⅵ; no AQI, no level."""
    aqi = [1, 50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 500, NONE]
    assert level_of(aqi, EDITIONS[edition]).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 0]
    assert level_of(0, EDITIONS[edition]) == 1
    assert level_of(np.empty((0, 2), np.int16), EDITIONS[edition]).shape == (0, 2)


def test_shapes_broadcast_and_input_stays_unchanged() -> None:
    """Hours by stations; a scalar beside an array; nothing written to the arguments."""
    pm25 = np.array([[10, 20, MISSING], [30, 40, 50]], dtype=np.uint16)
    air = evaluate({"pm25": pm25, "pm10": np.array(1, np.uint16)}, "hour", EDITIONS["hj633_2026"])
    assert air.iaqi.shape == (6, 2, 3)
    assert air.primary.shape == air.aqi.shape == air.level.shape == air.complete.shape == air.published.shape == (2, 3)
    assert air.aqi.tolist() == [[15, 29, 1], [43, 60, 80]]
    assert pm25.tolist() == [[10, 20, MISSING], [30, 40, 50]]
    assert evaluate({"pm25": np.empty((0, 3), np.uint16)}, "day", EDITIONS["hj633_2026"]).aqi.shape == (0, 3)


def test_levels_of_the_largest_integers_are_those_of_the_worst_air() -> None:
    """The largest int16 does not turn into none."""
    for edition in ("hj633_2012", "hj633_2026"):
        standard = standards.load(edition, AirQualityIndex)
        assert level_of(np.array([500, 501, 32767], np.int16), standard).tolist() == [6, 6, 6]
