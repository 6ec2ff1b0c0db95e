"""Two editions side by side: both sides of what changed in 2026 and in 2031, and which items cost the good days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.comparison import (
    Column,
    EditionComparison,
    by_index,
    by_limits,
    compare_editions,
    lost_days,
)
from qingchuan.processing.air.comparison_explained import explain_edition_comparison
from qingchuan.processing.air.rates import good_air_rate
from qingchuan.processing.scaled import MISSING, Scaled, to_scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, AmbientAirLimits
from qingchuan.processing.standards.by_day import editions_of

OLD, NEW = (standards.load(f"hj633_{year}", AirQualityIndex) for year in (2012, 2026))
LIMITS = standards.load("gb3095_2026", AmbientAirLimits)
RULES = standards.load("hj663_2013", AirAssessment)
ITEMS = RULES.basic.day
LATER = date(2031, 1, 1)
# Largest good concentration of a day [scaled]: 2012, 2026, 2031, as air.md §1.1, §2.2 and §2.3 print them.
LARGEST = {
    "so2": (150, 150, 50),
    "no2": (80, 80, 50),
    "pm10": (150, 120, 100),
    "pm25": (75, 60, 50),
    "co": (40, 40, 40),
    "o3_8h": (160, 160, 160),
}


def _compare(days: dict[str, Scaled], dates: list[str] | None = None) -> EditionComparison:
    number = next(iter(days.values())).shape[-1]
    told = np.arange("2026-01-01", "2027-01-01", dtype="datetime64[D]")[:number] if dates is None else dates
    return compare_editions(days, np.array(told, "datetime64[D]"), OLD, NEW, LIMITS, RULES, grade=2, on=LATER)


def _clean(number: int) -> dict[str, Scaled]:
    return {item: np.full(number, 10, np.uint16) for item in ITEMS}


def _columns(found: EditionComparison) -> tuple[Column, Column, Column]:
    return found.first, found.second, found.limits


@pytest.mark.parametrize("item", ITEMS)
def test_each_column_has_its_own_edge(item: str) -> None:
    """The largest good concentration of the item is good, one unit more is not."""
    for place, edge in enumerate(LARGEST[item]):
        days = _clean(2)
        days[item] = np.array([edge, edge + 1], np.uint16)
        column = _columns(_compare(days))[place]
        assert column.good.tolist() == [True, False]
        assert column.counted.tolist() == [True, True]
        assert column.bad_items[item].tolist() == [False, True]
        assert not any(bad.any() for other, bad in column.bad_items.items() if other != item)


def test_a_period_that_straddles_has_each_day_by_its_own_edition() -> None:
    """PM2.5 of 70 is good until February 2026."""
    days = _clean(4)
    days["pm25"] = np.full(4, 70, np.uint16)
    found = _compare(days, ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"])
    assert [int(column.rate.good) for column in (*_columns(found), found.own)] == [4, 0, 0, 2]
    assert found.own.good.tolist() == [True, True, False, False]
    assert found.own.name.zh == "各日所施行的版本（HJ 633—2012、HJ 633—2026）"


def test_lost_days_are_counted_for_each_item_and_for_items_alone() -> None:
    """PM2.5 alone, PM10 alone, both, none."""
    days = _clean(5)
    days["pm25"] = np.array([61, 60, 75, 60, 76], np.uint16)
    days["pm10"] = np.array([120, 121, 150, 120, 10], np.uint16)
    lost = _compare(days).lost_by_second
    assert lost.lost.tolist() == [True, True, True, False, False]
    assert [int(lost.days), int(lost.kept)] == [3, 1]
    assert [int(lost.item_days["pm25"]), int(lost.item_days["pm10"])] == [2, 2]
    assert [int(lost.alone_days["pm25"]), int(lost.alone_days["pm10"])] == [1, 1]
    assert lost.by_item["pm10"].tolist() == [False, True, True, False, False]
    assert lost.item_days["o3_8h"] == 0


def test_the_final_limits_cost_days_by_items_whose_index_did_not_change() -> None:
    """SO2 and NO2 of 51 are good by both indices, and above the limits of 2031."""
    days = _clean(2)
    days["so2"], days["no2"] = np.array([51, 50], np.uint16), np.array([51, 50], np.uint16)
    found = _compare(days)
    assert [int(found.lost_by_second.days), int(found.lost_by_limits.days)] == [0, 1]
    assert found.lost_by_limits.item_days["so2"] == found.lost_by_limits.item_days["no2"] == 1
    assert found.lost_by_limits.alone_days["so2"] == 0
    assert found.limits.aqi is None


@pytest.mark.parametrize(("value", "counted"), [(50, False), (51, True)])
def test_a_day_that_lacks_an_item_counts_by_limits_only_when_it_is_bad(value: int, *, counted: bool) -> None:
    """As in the published rate."""
    days = _clean(1)
    days["o3_8h"][0] = MISSING
    days["pm25"][0] = value
    found = _compare(days)
    assert found.limits.counted.tolist() == [counted]
    assert not found.first.counted.any()
    del days["o3_8h"]
    assert _compare(days).limits.counted.tolist() == [counted]


@given(st.lists(st.tuples(*[st.integers(0, 900) | st.just(MISSING)] * 6), max_size=8))
def test_every_column_agrees_with_the_functions_it_stands_for(rows: list[tuple[int, ...]]) -> None:
    """AQI and rate of HJ 633; limits one by one; good days only ever get fewer."""
    table = np.array(rows, np.uint16).reshape(-1, 6)
    days = {item: table[:, place] for place, item in enumerate(ITEMS)}
    found = _compare(days)
    for standard, column in ((OLD, found.first), (NEW, found.second)):
        air = evaluate(days, "day", standard)
        rate = good_air_rate(air.aqi, air.complete, standard.good_up_to, RULES.decimals.rate)
        assert column.aqi is not None
        assert np.array_equal(column.aqi, air.aqi)
        assert column.rate == rate
    for day, row in enumerate(rows):
        above = [value != MISSING and value > LARGEST[item][2] for item, value in zip(ITEMS, row, strict=True)]
        assert found.limits.good[day] == (MISSING not in row and not any(above))
        assert found.limits.counted[day] == (MISSING not in row or any(above))
    assert (found.second.good <= found.first.good).all()
    assert (found.limits.good <= found.second.good).all()
    for lost in (found.lost_by_second, found.lost_by_limits):
        assert lost.days + lost.kept == found.first.rate.good
        assert (np.logical_or.reduce([*lost.by_item.values(), np.zeros(len(rows), np.bool_)]) == lost.lost).all()


def test_many_cities_are_compared_at_once() -> None:
    """Leading axes, memory in any order, no day; the inputs stay as they were."""
    generator = np.random.default_rng(8)
    days = {item: generator.integers(0, 200, (2, 3, 30), dtype=np.uint16) for item in ITEMS}
    kept = {item: values.copy() for item, values in days.items()}
    found = _compare(days)
    assert found.own.good.shape == (2, 3, 30)
    one = _compare({item: np.asfortranarray(values)[1, 2] for item, values in days.items()})
    for whole, part in zip(_columns(found), _columns(one), strict=True):
        assert whole.rate.rate[1, 2] == part.rate.rate
        assert whole.good[1, 2].tolist() == part.good.tolist()
    assert found.lost_by_limits.item_days["pm25"][1, 2] == one.lost_by_limits.item_days["pm25"]
    assert all(np.array_equal(days[item], kept[item]) for item in ITEMS)
    empty = _compare({item: np.zeros((2, 0), np.uint16) for item in ITEMS})
    assert empty.limits.rate.rate.tolist() == empty.own.rate.rate.tolist() == [-1, -1]


def test_the_columns_can_be_had_one_by_one_and_the_other_way_round() -> None:
    """Days that are gained are lost days the other way round."""
    days = _clean(2)
    days["pm25"] = np.array([70, 10], np.uint16)
    dates = np.array(["2026-02-28", "2026-03-01"], "datetime64[D]")
    own = by_index(days, editions_of(dates, "hj633"), RULES)
    later = by_limits(days, LIMITS, RULES, grade=2, on=LATER)
    assert lost_days(later, own).days == 0
    assert lost_days(own, later).days == 1
    assert by_limits(days, LIMITS, RULES, grade=2, on=date(2026, 3, 1)).name.zh == (
        "GB 3095—2026二级日限值（2026-03-01起）"
    )
    assert by_limits(days, LIMITS, RULES, grade=1, on=date(2020, 1, 1)).name.en == (
        "daily limits of grade I of GB 3095—2026 (from 2026-03-01)"
    )


def test_a_good_day_that_no_edition_covers_is_neither_lost_nor_kept() -> None:
    """Older than every edition: its own column has no AQI of it."""
    dates = np.array(["2011-12-31", "2026-02-28"], "datetime64[D]")
    found = compare_editions(_clean(2), dates, OLD, NEW, LIMITS, RULES, grade=2, on=LATER)
    lost = lost_days(found.first, found.own)
    assert (found.first.good.tolist(), found.own.counted.tolist()) == ([True, True], [False, True])
    assert (lost.lost.tolist(), int(lost.days), int(lost.kept)) == ([False, False], 0, 1)


def test_an_item_that_is_not_judged_by_the_day_is_refused() -> None:
    """By the index and by limits."""
    with pytest.raises(ValueError, match="the day has the item 'o3'"):
        _compare({"o3": np.zeros(1, np.uint16)})
    with pytest.raises(ValueError, match="the day has the item 'o3'; basic are so2"):
        by_limits({"o3": np.zeros(1, np.uint16)}, LIMITS, RULES, grade=2, on=LATER)


def test_the_explanation_tells_what_the_comparison_says() -> None:
    """Values, sources, and that the index has no stages."""
    generator = np.random.default_rng(9)
    days = {item: generator.integers(0, 160, 40, dtype=np.uint16) for item in ITEMS}
    days["co"] = np.full(40, 9, np.uint16)
    dates = np.arange("2026-02-01", "2026-03-13", dtype="datetime64[D]")
    found = compare_editions(days, dates, OLD, NEW, LIMITS, RULES, grade=2, on=LATER)
    told = explain_edition_comparison(days, dates, OLD, NEW, LIMITS, RULES, grade=2, on=LATER)
    assert told.value == found.lost_by_second.kept
    first, second, limits = (int(column.rate.good) for column in _columns(found))
    assert told.rule.zh == (
        f"按HJ 633—2012优良{first}天，其中按HJ 633—2026仍为优良{second}天、不再优良{first - second}天；"
        f"按GB 3095—2026二级日限值（2031-01-01起）仍为优良{limits}天、不再优良{first - limits}天"
    )
    for part, column in zip(told.parts, (*_columns(found), found.own), strict=False):
        assert part.value == float(column.rate.percent)
        assert (part.valid, part.expected) == (int(column.rate.valid), 40)
    assert "AQI分级表不分阶段" in told.parts[2].rule.zh
    assert [part.source.document if part.source else None for part in told.parts[:4]] == [
        "HJ 633—2012",
        "HJ 633—2026",
        "GB 3095—2026",
        None,
    ]
    for part, lost in zip(told.parts[4:], (found.lost_by_second, found.lost_by_limits), strict=True):
        assert part.value == lost.days
        assert [item.value for item in part.parts] == [int(days) for days in lost.item_days.values() if days]


def test_a_comparison_without_a_day_that_counts_is_told_as_that() -> None:
    """Never a rate of zero."""
    days = {"pm25": np.full(2, 10, np.uint16)}
    dates = np.array(["2026-01-01", "2026-01-02"], "datetime64[D]")
    told = explain_edition_comparison(days, dates, OLD, NEW, LIMITS, RULES, grade=2, on=LATER)
    assert (told.value, told.parts[0].value, told.parts[0].rule.zh) == (0, None, "时段内无有效天数")


def test_good_days_of_five_cities_of_zhejiang_fall_from_edition_to_edition(reference_data: Path) -> None:
    """2019: the first column is the published AQI; the numbers of the others follow from the rows, one by one."""
    text = (reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv").read_text(encoding="utf-8")
    heads, *lines = (line.split(",") for line in text.splitlines())
    rows = [dict(zip(heads, line, strict=True)) for line in lines if line[1].startswith("2019") and "" not in line]
    days = {item: to_scaled([float(row[item]) for row in rows], int(item == "co")) for item in ITEMS}
    found = _compare(days, [row["date"] for row in rows])
    assert found.first.aqi is not None
    assert found.first.aqi.tolist() == [int(row["aqi"]) for row in rows]
    for place, column in enumerate(_columns(found)):
        good = sum(all(float(row[i]) * (10 if i == "co" else 1) <= LARGEST[i][place] for i in ITEMS) for row in rows)
        assert column.rate.good == good
    assert found.first.rate.good > found.second.rate.good > found.limits.rate.good
