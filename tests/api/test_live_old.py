"""The live documents when what there is, or the clock itself, is older than the standards."""

from __future__ import annotations

from datetime import date

import pytest

from qingchuan.api.changes import Changes, Domain
from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.air import AirPeriods
from qingchuan.api.queries.air_answers import day_answers
from qingchuan.api.queries.live_days import KeptDays
from qingchuan.processing.periods import HOUR, to_beijing
from tests.api.serving import serving
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, World

YEARS = ["1970", "2001", "2005", "2011", "2012"]


def fill(world: World, year: str) -> None:
    """An hour of a station, a day and an hour of the city, and a reading, of the last of January."""
    world.hour("1234A", f"{year}-01-31T08:00:00+08:00", GOOD_HOUR)
    world.hour(CITY, f"{year}-01-31T08:00:00+08:00", GOOD_HOUR)
    world.day(CITY, f"{year}-01-30", GOOD_DAY)
    world.reading("yaojiang", f"{year}-01-31T08:00:00+08:00", {**CLEAN_READING, "tp": "0.45"})


def test_old_observations_do_not_break_the_live_documents(world: World) -> None:
    """They are neither in the last day nor in the last week."""
    for year in YEARS:
        fill(world, year)
    with serving(world.services) as client:
        air, water = client.get("/api/v1/air/live").json(), client.get("/api/v1/water/live").json()
    assert (air["sequence"], water["sequence"]) == (world.sequence, world.sequence)
    assert air["cities"][0]["hour"] is None
    assert [section["reading"] for section in water["sections"]] == [None, None]


@pytest.mark.parametrize("year", YEARS)
def test_the_live_documents_of_an_old_clock_tell_what_there_was(world: World, year: str) -> None:
    """A replay may run at any time: values without an index, a class where GB 3838 has one."""
    fill(world, year)
    world.clock.time = f"{year}-01-31T08:05:00+08:00"
    with serving(world.services) as client:
        air, water = client.get("/api/v1/air/live").json(), client.get("/api/v1/water/live").json()
    [city] = air["cities"]
    assert (city["hour"]["items"]["pm25"]["value"], city["hour"]["aqi"], city["hour"]["edition"]) == (35, None, None)
    assert (city["days"][-1]["aqi"], city["days"][-1]["counted"]) == (None, False)
    assert (city["rates"]["month"]["days"], city["rates"]["month"]["rate"]) == (30, None)
    reading = water["sections"][1]["reading"]
    assert reading["items"]["tp"]["value"] == 0.45
    assert (reading["class"]["name"] if reading["class"] else None) == ("劣Ⅴ" if year > "2002" else None)


def kept(world: World, days: KeptDays, period: Dates, past: dict[str, Span] | None = None) -> AirPeriods:
    """Days of the city after a change of `past`; None: after everything has changed."""
    domains: frozenset[Domain] = frozenset({"air"})
    changes = Changes(domains, past is None, frozenset(past or ()), past or {}, world.sequence, period.span.end)
    return days.of({CITY: ["1234A", "1235A"]}, period, changes)[CITY]


def test_a_late_day_before_the_editions_is_put_beside_those_that_were_kept(world: World) -> None:
    """With and without an edition, before and after the first day of the first one."""
    period, days = Dates(date(2012, 2, 26), date(2012, 3, 3)), KeptDays(world.reader)
    for day in ("2012-02-27", "2012-03-01"):
        world.day(CITY, day, GOOD_DAY)
    assert kept(world, days, period).aqi.tolist() == [-1, -1, -1, -1, 55, -1]
    world.day(CITY, "2012-02-28", GOOD_DAY)
    world.day(CITY, "2012-02-29", GOOD_DAY)
    found = kept(world, days, period, {CITY: Dates(date(2012, 2, 28), date(2012, 3, 1)).span})
    assert found.aqi.tolist() == [-1, -1, -1, 55, 55, -1]
    assert found.edition.tolist() == [-1, -1, -1, 0, 0, 0]
    assert [answer.edition for answer in day_answers(found.known())] == [None, None, *["HJ 633—2012"] * 2]


def test_days_on_which_a_station_now_counts_although_it_was_silent_are_read_again(world: World) -> None:
    """An hour of before moves its beginning; what is kept is what would be read afresh."""
    period, days = Dates(date(2026, 11, 20), date(2026, 11, 25)), KeptDays(world.reader)
    for hour in range(24 * 5):
        world.hour("1234A", to_beijing(period.span.start + (hour + 1) * HOUR).isoformat(), GOOD_HOUR)
    world.hour("1235A", "2026-11-24T08:00:00+08:00", GOOD_HOUR)
    before = kept(world, days, period)
    assert (before.of is not None and before.of.tolist()) == [1, 1, 1, 1, 1]
    world.hour("1235A", "2026-11-21T08:00:00+08:00", GOOD_HOUR)
    first = Dates(date(2026, 11, 21), date(2026, 11, 22)).span.start
    after = kept(world, days, period, {"1235A": Span(first + 7 * HOUR, first + 7 * HOUR + 1)})
    assert (after.of is not None and after.of.tolist()) == [1, 1, 2, 2, 2]
    assert day_answers(after) == day_answers(kept(world, KeptDays(world.reader), period))
