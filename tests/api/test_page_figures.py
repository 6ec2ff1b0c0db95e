"""What the live page makes of figures: rounding, reasons, scales, what is counted."""

from __future__ import annotations

import json
from datetime import date

import pytest

from qingchuan.processing import standards
from qingchuan.processing.rounding import round_water
from tests.api.browsing import NOW, Page
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, World


def test_an_index_that_may_not_be_published_says_why(page: Page, filled: World) -> None:
    """HJ 633—2026, 5.3.1: an item is missing and the index is not above 100."""
    for station in ("1234A", "1235A"):
        filled.hour(station, NOW, {"co": "0.7"}, {"co": 4})
    page.open()
    page.wait(lambda: page.all(".index-none"))
    assert "缺项，不发布" in page.text(".index-none")
    assert "HJ 633—2026 5.3.1" in page.text(".facts")


def test_an_hour_without_any_valid_value_is_missing_and_not_unpublished(page: Page, filled: World) -> None:
    """No clause forbids anything: there is nothing to publish."""
    for station in ("1234A", "1235A"):
        filled.hour(station, NOW, GOOD_HOUR, dict.fromkeys(GOOD_HOUR, 4))
    page.open()
    page.wait(lambda: page.all(".index-none"))
    assert "缺测" in page.text(".index-none")
    assert "没有一项污染物有有效值" in page.text(".facts")
    assert "5.3.1" not in page.text(".facts")


@pytest.mark.parametrize(
    ("hour", "told"),
    [
        ((True, False, "HJ 633—2026"), "且 AQI 不超过 100：只发布浓度和分指数（HJ 633—2026 5.3.1）"),
        ((True, False, "HJ 633—2012"), "有污染物缺测，无法给出 AQI"),
        ((True, True, "HJ 633—2012"), "高于 HJ 633—2012 分指数表的上限"),
        ((False, False, "HJ 633—2026"), "没有一项污染物有有效值"),
    ],
)
def test_the_reason_for_no_index_is_that_of_its_edition(page: Page, hour: tuple[bool, bool, str], told: str) -> None:
    """A clause is named where it exists: 5.3.1 is new in 2026."""
    page.open()
    valid, complete, edition = hour
    text = json.dumps({"items": {"co": {"valid": valid}}, "complete": complete, "edition": edition})
    assert told in page.module("marks.js", f"m.whyNoIndex({text}).why")


def test_the_calendar_counts_the_days_that_the_rate_counts(page: Page, filled: World) -> None:
    """A day without a full set of items is shown, what it lacks is named, and it is not counted."""
    filled.day(CITY, "2026-02-10", {key: value for key, value in GOOD_DAY.items() if key != "co"})
    filled.day(CITY, "2026-02-11", GOOD_DAY)
    page.open()
    page.wait(lambda: "优良 2" in "".join(page.all(".rates .rate-days")))
    label = page.run("return document.querySelector('[data-date=\"2026-02-10\"]').title")
    assert "AQI" in label
    assert "缺 CO，不计入" in label
    months = [text.replace("\n", "") for text in page.all(".days tbody .good-days") if text]
    rate = page.all(".rates .rate-days")[1]
    assert (months, rate) == (["1/1", "1/2"], "优良 2 / 有效 3 天")


def test_a_section_whose_reading_is_old_is_not_in_the_share(page: Page, filled: World) -> None:
    """Five hours are the limit: analysers report every four."""
    page.open()
    assert page.text(".share-of") == "1 / 2 个"
    filled.clock.time = "2026-11-25T13:00:01+08:00"
    filled.reading("dongqian", "2026-11-25T12:00:00+08:00", CLEAN_READING | {"tp": "0.02"})
    page.wait(lambda: page.text(".share-of") == "1 / 1 个")
    assert page.run("return document.querySelector('.tally-none').ariaLabel") == "无当前读数：1 个断面"
    assert page.all(".section-sheet .who .name") == ["东钱湖", "姚江"]


def test_the_footer_says_which_edition_stands_in_for_which(page: Page) -> None:
    """In both languages; what is not at hand must not seem to be applied."""
    page.open()
    assert "HJ 663—2013（代 HJ 663—2026）" in page.text("#colophon")
    page.open("?lang=en")
    assert "HJ 663—2013 (in place of HJ 663—2026)" in page.text("#colophon")


def test_the_legend_is_that_of_the_standards(page: Page) -> None:
    """Levels and classes of the page are those of the editions in force, word for word."""
    page.open()
    air = standards.in_force("hj633", date(2026, 11, 25))
    ranges = ["≤ 50", "51–100", "101–150", "151–200", "201–300", "> 300"]
    legend = [f"{level.roman} {level.zh} {told}" for level, told in zip(air.levels, ranges, strict=True)]
    assert page.all(".legend li") == [*legend, "缺项，不计入", "无有效数据"]
    water = standards.in_force("hb2011_22", date(2026, 11, 25))
    assert [tally.split("\n")[0] for tally in page.all(".tally-class")][:-1] == [row.name for row in water.classes.rows]
    colours = "[...document.querySelectorAll('.tally-class')].map((one) => one.style.getPropertyValue('--field'))"
    assert page.run(f"return {colours}")[:-1] == [row.colour for row in water.classes.rows]


def test_text_on_a_field_of_colour_can_be_read(page: Page) -> None:
    """Black on yellow, green and orange, white on purple and maroon."""
    page.open()
    inks = page.module("levels.js", "m.levels().map((level) => m.ink(level.colour))")
    assert inks == ["#000", "#000", "#000", "#000", "#fff", "#fff"]


def test_numbers_are_rounded_as_the_standard_rounds(page: Page) -> None:
    """A tie goes to the even digit, and what would become 0 keeps a digit: as `round_water` does."""
    page.open()
    numbers = ["1.415", "1.425", "0.125", "0.135", "9.995", "9.985", "1.005", "2.5", "0.0004", "0", "7.7", "12.3456"]
    for places in (0, 1, 2, 3):
        shown = page.module("numbers.js", f"[{', '.join(numbers)}].map((number) => m.decimal(number, {places}))")
        assert shown == [str(round_water(number, places)) for number in numbers]


def test_an_amount_in_air_has_the_decimals_of_the_catalogue(page: Page, filled: World) -> None:
    """0.04 mg/m³ of CO are 0.0: that what would become 0 keeps a digit is a rule of water alone."""
    filled.hour("1234A", NOW, GOOD_HOUR | {"co": "0.04", "so2": "0", "no2": "20.5"})
    page.open()
    amounts = "[...document.querySelectorAll(\"[data-subject='1234A'] .number\")].slice(0, 6).map((c) => c.innerText)"
    page.wait(lambda: page.run(f"return {amounts}")[-1] == "0.0")
    assert page.run(f"return {amounts}")[3:] == ["20", "0", "0.0"]
