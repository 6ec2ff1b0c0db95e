"""Sections over days, weeks, months and years."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.water import ask, fill, refused
from tests.api.world import CLEAN_READING, World

HOURLY = tuple(range(24))
TONGJIANG = {"ph": "7.66", "do": "6.03", "codmn": "13.3", "nh3n": "1.77"}


def periods(
    client: httpx.Client, section: str, start: str, end: str, by: str, **query: str | bool
) -> list[dict[str, Any]]:
    """The periods of a section."""
    found: list[dict[str, Any]] = ask(client, f"sections/{section}/periods", start=start, end=end, by=by, **query)[
        "periods"
    ]
    return found


def test_a_month_is_judged_by_the_means_of_its_samples_rounded_once(world: World, client: httpx.Client) -> None:
    """0.2 and 0.2009 mg/L come to 0.200, which is class Ⅲ, where either alone or the mean of classes could be Ⅳ."""
    world.reading("yaojiang", "2026-10-01T00:00:00+08:00", {**CLEAN_READING, "tp": "0.2"})
    number = world.reading("yaojiang", "2026-10-31T20:00:00+08:00", {**CLEAN_READING, "tp": "0.2009"})
    [month] = periods(client, "yaojiang", "2026-10-07", "2026-10-08", "month")
    assert (month["start"], month["end"], month["days"], month["over"]) == ("2026-10-01", "2026-11-01", 31, True)
    assert (month["class"]["name"], month["deciding"], month["target_met"]) == ("Ⅲ", ["tp"], True)
    assert month["items"]["tp"] == {
        "value": 0.2,
        "class": 3,
        "judges": True,
        "count": 2,
        "needed": 1,
        "sources": ["automatic"],
        "multiple": None,
        "target_multiple": None,
    }
    assert month["sequence"] == number
    assert month["editions"] == ["GB 3838—2002", "环办〔2011〕22号", "总站水字〔2020〕90号", "环办监测函〔2020〕82号"]


def test_a_week_of_a_bulletin_has_its_class_and_its_main_pollutants(world: World, client: httpx.Client) -> None:
    """黑龙江同江 in the national weekly bulletin of 2007, week 2: Ⅴ, 高锰酸盐指数(1.2), 氨氮(0.8)."""
    world.reading("yaojiang", "2007-01-10T08:00:00+08:00", TONGJIANG)
    [week] = periods(client, "yaojiang", "2007-01-08", "2007-01-15", "week")
    assert (week["start"], week["end"]) == ("2007-01-08", "2007-01-15")
    assert (week["class"]["name"], week["class"]["status"]["zh"], week["target_met"]) == ("Ⅴ", "中度污染", False)
    told = [(one["item"], one["name"]["zh"], one["multiple"]) for one in week["main"]]
    assert told == [("codmn", "高锰酸盐指数", 1.2), ("nh3n", "氨氮", 0.8)]


@pytest.mark.parametrize(("hours", "expected"), [((0, 4, 8), None), ((0, 4, 8, 12), 0.25)])
def test_a_day_needs_four_of_its_six_analyses(
    world: World, client: httpx.Client, hours: tuple[int, ...], expected: float | None
) -> None:
    """Three are too few: the item has no mean, and how many were there is told."""
    fill(world, "yaojiang", "2026-11-20", "2026-11-20", {"tp": "0.25"}, hours)
    [day] = periods(client, "yaojiang", "2026-11-20", "2026-11-21", "day")
    phosphorus = day["items"]["tp"]
    assert (phosphorus["value"], phosphorus["count"], phosphorus["needed"]) == (expected, len(hours), 4)


def test_the_five_parameters_need_sixteen_of_twenty_four_hours(world: World, client: httpx.Client) -> None:
    """Their cycle is an hour."""
    fill(world, "yaojiang", "2026-11-20", "2026-11-20", {}, HOURLY[:15])
    fill(world, "yaojiang", "2026-11-21", "2026-11-21", {}, HOURLY[:16])
    short, enough = periods(client, "yaojiang", "2026-11-20", "2026-11-22", "day")
    assert (short["items"]["do"]["value"], enough["items"]["do"]["value"]) == (None, 8)


def test_only_days_that_are_over_are_told(world: World, client: httpx.Client) -> None:
    """The running day is left out, and the running month says how many of its days it rests on."""
    fill(world, "yaojiang", "2026-11-24", "2026-11-24", {"tp": "0.1"})
    fill(world, "yaojiang", "2026-11-25", "2026-11-25", {"tp": "0.5"}, (0, 4))
    assert [day["start"] for day in periods(client, "yaojiang", "2026-11-24", "2026-12-01", "day")] == ["2026-11-24"]
    [month] = periods(client, "yaojiang", "2026-11-01", "2026-12-01", "month")
    assert (month["days"], month["over"], month["items"]["tp"]["value"]) == (24, False, 0.1)
    assert periods(client, "yaojiang", "2026-12-01", "2026-12-02", "month") == []


def test_a_year_is_the_mean_of_its_months(world: World, client: httpx.Client) -> None:
    """A month with one sample weighs as one with many; a year that is over needs twelve of them."""
    for month in range(1, 12):
        world.reading("yaojiang", f"2025-{month:02}-15T08:00:00+08:00", {"tp": "0.1"})
    [eleven] = periods(client, "yaojiang", "2025-01-01", "2026-01-01", "year")
    assert (eleven["items"]["tp"]["value"], eleven["items"]["tp"]["count"], eleven["items"]["tp"]["needed"]) == (
        None,
        11,
        12,
    )
    for hour in range(10):
        world.reading("yaojiang", f"2025-12-15T{hour:02}:00:00+08:00", {"tp": "0.7"})
    [twelve] = periods(client, "yaojiang", "2025-01-01", "2026-01-01", "year")
    assert (twelve["items"]["tp"]["value"], twelve["class"]["name"]) == (0.15, "Ⅲ")


def test_a_year_in_progress_is_the_mean_of_the_months_that_are_there(world: World, client: httpx.Client) -> None:
    """It says that it is not over."""
    for month in (1, 9):
        world.reading("yaojiang", f"2026-{month:02}-15T08:00:00+08:00", {"tp": "0.1"})
    [year] = periods(client, "yaojiang", "2026-11-01", "2026-11-02", "year")
    assert (year["over"], year["days"], year["items"]["tp"]["count"], year["items"]["tp"]["value"]) == (
        False,
        328,
        2,
        0.1,
    )


def test_a_month_takes_automatic_values_first_and_the_laboratory_for_the_rest(
    world: World, client: httpx.Client
) -> None:
    """环办监测函〔2020〕82号: phosphorus from the station, zinc from the laboratory, each with its source."""
    world.reading("yaojiang", "2026-10-05T08:00:00+08:00", CLEAN_READING)
    automatic = periods(client, "yaojiang", "2026-10-01", "2026-11-01", "month")[0]
    number = world.laboratory("yaojiang", "2026-10-06T09:30:00+08:00", {"tp": "0.9", "zinc": "1.5", "cod": "10"})
    [month] = periods(client, "yaojiang", "2026-10-01", "2026-11-01", "month")
    assert (automatic["automatic_only"], month["automatic_only"], month["sequence"]) == (True, False, number)
    told = {item: (one["value"], one["sources"]) for item, one in month["items"].items()}
    assert (told["tp"], told["zinc"], told["cod"]) == (
        (0.05, ["automatic"]),
        (1.5, ["manual"]),
        (10, ["manual"]),
    )
    assert (month["class"]["name"], month["deciding"]) == ("Ⅳ", ["zinc"])


def test_an_item_of_a_year_can_come_from_both_sources(world: World, client: httpx.Client) -> None:
    """A month in which the station was silent has the laboratory's value."""
    world.reading("yaojiang", "2026-01-05T08:00:00+08:00", {"tp": "0.1"})
    world.laboratory("yaojiang", "2026-02-05T08:00:00+08:00", {"tp": "0.2"})
    world.laboratory("yaojiang", "2026-01-05T08:00:00+08:00", {"tp": "0.9"})
    [year] = periods(client, "yaojiang", "2026-01-01", "2026-12-01", "year")
    assert year["items"]["tp"]["sources"] == ["automatic", "manual"]
    assert year["items"]["tp"]["value"] == 0.15


def test_days_and_weeks_are_those_of_the_automatic_station(world: World, client: httpx.Client) -> None:
    """A manual sample of the month says nothing about a day."""
    world.laboratory("yaojiang", "2026-10-06T09:30:00+08:00", {"tp": "0.9"})
    [day] = periods(client, "yaojiang", "2026-10-06", "2026-10-07", "day")
    assert day["class"] is None


def test_nitrogen_of_a_lake_is_told_apart_and_decides_nothing(world: World, client: httpx.Client) -> None:
    """It is an item of reference: it has a class of its own."""
    world.reading("dongqian", "2026-10-05T08:00:00+08:00", {**CLEAN_READING, "tp": "0.02", "tn": "1.6"})
    [month] = periods(client, "dongqian", "2026-10-01", "2026-11-01", "month")
    assert (month["items"]["tn"]["class"], month["items"]["tn"]["judges"]) == (5, False)
    assert (month["class"]["name"], month["target_met"]) == ("Ⅱ", None)


def test_a_lake_with_all_five_items_has_a_trophic_state(world: World, client: httpx.Client) -> None:
    """TLI(Σ) of 48.0181 is 中营养; a river has none, nor a lake without one of the items."""
    automatic = {"tp": "0.05", "tn": "1.0", "codmn": "4.0"}
    manual = {"chla": "0.010", "transparency": "100"}
    for section in ("dongqian", "yaojiang"):
        world.reading(section, "2026-10-05T08:00:00+08:00", automatic)
        world.laboratory(section, "2026-10-06T09:30:00+08:00", manual)
    world.reading("dongqian", "2026-09-05T08:00:00+08:00", automatic)
    september, october = periods(client, "dongqian", "2026-09-01", "2026-11-01", "month", explain=True)
    assert (october["trophic"]["index"], october["trophic"]["state"]["zh"]) == (48.0181, "中营养")
    assert october["trophic"]["explanation"]["value"] == 48.0181
    assert september["trophic"] is None
    assert periods(client, "yaojiang", "2026-10-01", "2026-11-01", "month")[0]["trophic"] is None


def test_a_suspect_value_is_no_sample(world: World, client: httpx.Client) -> None:
    """Nor is a negative one."""
    world.reading("yaojiang", "2026-10-05T08:00:00+08:00", {"tp": "0.9"}, flags={"tp": 3})
    world.reading("yaojiang", "2026-10-05T12:00:00+08:00", {"tp": "-1"})
    world.reading("yaojiang", "2026-10-05T16:00:00+08:00", {"tp": "0.1"})
    [month] = periods(client, "yaojiang", "2026-10-01", "2026-11-01", "month")
    assert (month["items"]["tp"]["value"], month["items"]["tp"]["count"]) == (0.1, 1)


def test_as_of_shows_a_month_before_a_value_was_corrected(world: World, client: httpx.Client) -> None:
    """The corrected value is another class."""
    first = world.reading("yaojiang", "2026-10-05T08:00:00+08:00", {"tp": "0.1"})
    world.reading("yaojiang", "2026-10-05T08:00:00+08:00", {"tp": "0.5"})
    october = ("yaojiang", "2026-10-01", "2026-11-01", "month")
    assert periods(client, *october)[0]["class"]["name"] == "劣Ⅴ"
    before = ask(client, "sections/yaojiang/periods", start="2026-10-01", end="2026-11-01", by="month", as_of=first)
    assert (before["periods"][0]["class"]["name"], before["sequence"]) == ("Ⅱ", first)


def test_a_month_explains_itself_from_the_samples_on(world: World, client: httpx.Client) -> None:
    """The class names the limit, the item its mean, the mean its exact value and its source."""
    world.reading("yaojiang", "2026-10-05T08:00:00+08:00", {"tp": "0.2"})
    world.reading("yaojiang", "2026-10-05T12:00:00+08:00", {"tp": "0.2013"})
    [month] = periods(client, "yaojiang", "2026-10-01", "2026-11-01", "month", explain=True)
    told = month["explanation"]
    [item] = told["parts"]
    [mean] = item["parts"]
    assert (told["value"], told["valid"], told["expected"]) == ({"zh": "Ⅳ", "en": "Ⅳ"}, 1, 21)
    assert item["rule"]["zh"] == "0.201 mg/L 超过Ⅲ类限值 0.2，不超过Ⅳ类限值 0.3，为Ⅳ类"
    assert (mean["value"], mean["exact"], mean["decimals"], mean["valid"]) == (0.201, "4013/20000", 3, 2)
    assert mean["rule"]["zh"].startswith("自动监测：2 个有效值的算术平均值")
    assert "explanation" not in periods(client, "yaojiang", "2026-10-01", "2026-11-01", "month")[0]


def test_a_year_explains_itself_month_by_month(world: World, client: httpx.Client) -> None:
    """Each month has its own mean and source, also one without a value."""
    world.reading("yaojiang", "2026-01-05T08:00:00+08:00", {"tp": "0.1"})
    world.laboratory("yaojiang", "2026-03-05T08:00:00+08:00", {"tp": "0.2"})
    [year] = periods(client, "yaojiang", "2026-01-01", "2026-12-01", "year", explain=True)
    [mean] = year["explanation"]["parts"][0]["parts"]
    months = [(part["name"]["zh"], part["value"]) for part in mean["parts"][:3]]
    assert months == [("2026年1月", 0.1), ("2026年2月", None), ("2026年3月", 0.2)]
    assert mean["parts"][2]["rule"]["zh"].startswith("手工监测：")
    assert (mean["value"], mean["exact"]) == (0.15, "3/20")


def test_a_period_of_before_the_first_edition_has_no_class(world: World, client: httpx.Client) -> None:
    """It breaks nothing, and the first month under the standard has one."""
    for month in ("05", "06"):
        world.reading("yaojiang", f"2002-{month}-05T08:00:00+08:00", CLEAN_READING)
    before, after = periods(client, "yaojiang", "2002-05-01", "2002-07-01", "month")
    assert (before["class"], before["editions"], after["class"]["name"]) == (None, [], "Ⅱ")


def test_a_section_without_samples_has_no_class(client: httpx.Client) -> None:
    """Missing is not class Ⅰ."""
    [month] = periods(client, "yaojiang", "2026-10-01", "2026-11-01", "month")
    assert (month["class"], month["items"], month["target_met"], month["sequence"]) == (None, {}, None, 0)


def test_what_is_no_section_or_no_kind_of_period_is_refused(client: httpx.Client) -> None:
    """With what would do."""
    october = {"start": "2026-10-01", "end": "2026-11-01"}
    assert "yaojiang" in refused(client, "sections/nobody/periods", 404, by="day", **october)
    assert "'day', 'week', 'month' or 'year'" in refused(client, "sections/yaojiang/periods", 422, by="era", **october)
    late = refused(client, "sections/yaojiang/periods", 422, by="day", start="2000-01-01", end="2026-01-01")
    assert "at most 3660 days would do" in late
