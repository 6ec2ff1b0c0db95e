"""The reports of a day and a month: what they say, and that they are kept as they were made."""

from __future__ import annotations

from datetime import date

import httpx
import msgspec
import pytest

from qingchuan.api.reports.period import period_report
from qingchuan.api.schemas.reports import PeriodReport
from qingchuan.processing.calendar_periods import month_of, one_day
from qingchuan.processing.periods import day_start
from qingchuan.store.reports import Report, add_report
from tests.api.browsing import CLASS_V, judge
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, World

DAY = date(2026, 11, 24)
HEAD = "12:" + "ab" * 32


def _report(world: World) -> PeriodReport:
    return period_report(world.services, one_day(DAY), HEAD)


@pytest.fixture
def reported(world: World) -> World:
    """A world with a good day and a bad one of the city, and a section of class Ⅴ."""
    world.day(CITY, "2026-11-23", GOOD_DAY | {"pm25": "130"})
    world.day(CITY, "2026-11-24", GOOD_DAY | {"pm25": "48"})
    for hour in range(0, 24, 4):
        world.reading("yaojiang", f"2026-11-24T{hour:02}:00:00+08:00", CLASS_V)
        world.reading("dongqian", f"2026-11-24T{hour:02}:00:00+08:00", CLEAN_READING | {"tp": "0.02"})
    judge(world)
    return world


def test_a_daily_report_says_how_the_air_was_and_how_the_year_is_going(reported: World) -> None:
    """The index of the day, its primary pollutant, and the good-air rate up to it."""
    [city] = _report(reported).cities
    assert (city.subject, city.aqi, city.primary) == (CITY, 76, ["pm25"])
    assert city.level is not None
    assert city.level.zh == "良"
    assert (city.year.good, city.year.valid, city.year.rate) == (1, 2, 50.0)
    assert (city.period.good, city.period.valid) == (1, 1)


def test_a_daily_report_names_the_sections_the_worst_first(reported: World) -> None:
    """Those of class Ⅴ or worse stand in the text, with what decides."""
    report = _report(reported)
    assert [(section.subject, section.class_ and section.class_.number) for section in report.sections] == [
        ("yaojiang", 5),
        ("dongqian", 2),
    ]
    assert "Ⅴ类及劣Ⅴ类：姚江（TP）。" in report.text.zh
    assert "Class Ⅴ or worse: Yao River gate (TP)." in report.text.en
    assert report.open_alerts == 1


def test_a_report_says_that_its_data_are_made_up_and_carries_the_head_of_the_journal(reported: World) -> None:
    """Whoever keeps it can check the journal with it later."""
    report = _report(reported)
    assert (report.simulated, report.head, report.sequence) == (True, HEAD, reported.sequence)
    assert report.title.zh == "【模拟】2026年11月24日环境质量日报"
    assert report.text.zh.startswith("宁波：AQI 76，良，首要污染物 PM₂.₅，今年以来优良率 50.0 %（1/2天）。")


def test_a_report_of_a_day_without_data_says_so(world: World) -> None:
    """Nothing is made up for it."""
    report = _report(world)
    assert report.cities[0].aqi is None
    assert report.cities[0].year.rate is None
    assert [section.class_ for section in report.sections] == [None, None]
    assert report.text.zh == "宁波：AQI 无效，今年以来优良率 无有效天。断面均无有效数据。无未解除的告警。"


def test_a_monthly_report_has_the_composite_index_and_the_rate_of_the_month(reported: World) -> None:
    """A rank among one city alone is none worth telling."""
    report = period_report(reported.services, month_of(DAY), HEAD)
    [city] = report.cities
    assert (report.start, report.end, city.period.valid) == ("2026-11-01", "2026-12-01", 2)
    assert city.index is not None
    assert f"综合指数 {city.index:.2f}" in report.text.zh
    assert "排第" not in report.text.zh


def test_a_kept_report_is_told_as_it_was_made_though_data_change(reported: World, client: httpx.Client) -> None:
    """What came later stands in the figures, not in the report."""
    made = msgspec.to_builtins(_report(reported))
    with reported.state.engine.begin() as connection:
        add_report(connection, Report("day", day_start(DAY), reported.clock(), made))
        add_report(connection, Report("day", day_start(DAY), reported.clock(), {"another": "one"}))
    reported.day(CITY, "2026-11-24", GOOD_DAY | {"pm25": "148"})
    query = {"start": "2026-11-24", "end": "2026-11-25"}
    answer = client.get("/api/v1/reports", params=query).json()
    assert [kept["report"] for kept in answer["reports"]] == [made]
    assert client.get("/api/v1/reports", params={**query, "kind": "month"}).json()["reports"] == []
