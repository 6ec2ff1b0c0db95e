"""`qingchuan demo` as whoever tries it sees it: everything at once, by itself, and marked as simulated."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.service import Service

BEIJING = timezone(timedelta(hours=8))
AIR_STATIONS, SECTIONS = 8, 9
KEY_CITIES = 168
NINGBO = "330200"


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Service]]:
    """Two demos side by side with a short history that is filled; both must stop well in the end."""
    folder = tmp_path_factory.mktemp("demos")
    running = [Service(folder / name, arguments=["demo", "--history", "2", "--no-cities"]) for name in ("one", "two")]
    try:
        for demo in running:
            demo.start(wait=False)
        for demo in running:
            demo.wait_until_ready()
            _wait_until_filled(demo)
        yield running
        for demo in running:
            demo.stop()
    finally:
        for demo in running:
            demo.kill()


def _wait_until_filled(demo: Service) -> None:
    """Wait until the history is stored and shown; the demo says where to look when it has been taken in."""
    demo.wait_until(lambda: "Ctrl-C" in demo.told(), "fill its history")
    demo.wait_until(lambda: _is_shown(demo), "show its history")


def _is_shown(demo: Service) -> bool:
    if demo.counts()["waiting"]:
        return False
    air, water = demo.get("air/live"), demo.get("water/live")
    shown = [each["hour"] for each in air["stations"]] + [each["reading"] for each in water["sections"]]
    return len(shown) == AIR_STATIONS + SECTIONS and all(shown) and _hours_shown(air) > 12


def _hours_shown(air: dict[str, Any]) -> int:
    """Hours of the last day that have an index in the live document, which comes a moment after the store."""
    return sum(bool(hour["aqi"]) for city in air["cities"] for hour in city["hours"])


def _objects(answer: object) -> Iterator[dict[str, Any]]:
    """Every object in an answer."""
    if isinstance(answer, dict):
        yield answer
    for part in answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ():
        yield from _objects(part)


def _paths() -> list[tuple[str, dict[str, str]]]:
    today = datetime.now(BEIJING).date()
    days = {"start": str(today - timedelta(days=2)), "end": str(today + timedelta(days=1))}
    return [
        ("stations", {}),
        ("air/live", {}),
        ("water/live", {}),
        ("stations/1235A/hours", days),
        (f"cities/{NINGBO}/hours", days),
        (f"cities/{NINGBO}/days", days),
        (f"cities/{NINGBO}/good-air-rate", days),
        ("alerts", {}),
    ]


def test_the_page_is_served_and_says_where_it_is(demos: list[Service]) -> None:
    """The address stands in what the demo says, and a browser gets a page there."""
    for demo in demos:
        assert demo.address in demo.told()
        page = demo.client.get("/")
        assert page.status_code == httpx.codes.OK
        assert page.headers["content-type"].startswith("text/html")


def test_both_domains_are_live(demos: list[Service]) -> None:
    """The last hours of the city with an index, an hour of its stations, a class of its sections; nothing refused."""
    for demo in demos:
        air, water = demo.get("air/live"), demo.get("water/live")
        (city,) = air["cities"]
        assert city["subject"] == NINGBO
        assert city["hour"]
        assert _hours_shown(air) > 12
        assert len(air["stations"]) == AIR_STATIONS
        assert len(water["sections"]) == SECTIONS
        assert all(section["reading"]["class"] for section in water["sections"])
        assert demo.counts()["dead_letter"] == 0


def test_the_history_has_the_days_of_last_year(demos: list[Service]) -> None:
    """Daily results are there since 1 January of the year before last, however short the hourly history is."""
    year = datetime.now(BEIJING).year
    for past in (year - 2, year - 1):
        rate = demos[0].get(f"cities/{NINGBO}/good-air-rate", start=f"{past}-01-01", end=f"{past + 1}-01-01")["rate"]
        assert rate["valid"] > 350


@pytest.mark.parametrize(("path", "parameters"), _paths())
def test_everything_says_that_it_is_simulated(demos: list[Service], path: str, parameters: dict[str, str]) -> None:
    """Whatever tells of a subject, in every answer."""
    objects = [each for each in _objects(demos[0].get(path, **parameters)) if "subject" in each]
    assert objects or path == "alerts"
    assert {each.get("simulated") for each in objects} <= {True}


def test_every_section_has_readings_that_are_simulated(demos: list[Service]) -> None:
    """Asked one by one, two days back."""
    today = datetime.now(BEIJING).date()
    for section in demos[0].get("stations", kind="section")["stations"]:
        answer = demos[0].get(
            f"sections/{section['subject']}/classes", start=str(today - timedelta(days=1)), end=str(today)
        )
        assert answer["simulated"] is True
        assert len(answer["readings"]) > 3


def test_sections_tell_of_their_quality_control(demos: list[Service]) -> None:
    """Zero and span of four analysers of each section, each day; none of it is an observation."""
    checks = demos[0].get("checks", limit=1000)["checks"]
    made = {(check["subject"], check["item"], check["kind"]) for check in checks}
    sections = {section["subject"] for section in demos[0].get("stations", kind="section")["stations"]}
    assert {one for one in made if one[2] != "standard"} == {
        (section, item, kind)
        for section in sections
        for item in ("codmn", "nh3n", "tp", "tn")
        for kind in ("zero", "span")
    }
    assert all(check["passed"] is not None for check in checks)


def test_two_demos_side_by_side_keep_to_themselves(demos: list[Service]) -> None:
    """Each has a journal of its own that verifies, and broker and page at addresses of its own."""
    one, two = demos
    assert one.broker_port != two.broker_port
    for demo in demos:
        assert "whole" in demo.command("verify").stdout
        assert demo.counts()["applied"] > 1000


def test_the_demo_stops_well_while_it_fills_its_history(tmp_path: Path) -> None:
    """Ctrl-C in the middle, and what it had until then is whole."""
    demo = Service(tmp_path, arguments=["demo", "--history", "60"])
    try:
        demo.start()
        demo.wait_until(lambda: demo.counts()["applied"] > 1000, "begin to fill its history")
        demo.stop()
    finally:
        demo.kill()
    assert "air/live" not in demo.told()
    assert "whole" in demo.command("verify").stdout


def test_a_demo_goes_on_with_the_data_of_an_earlier_one(tmp_path: Path) -> None:
    """SIGTERM ends it as well as Ctrl-C; the second start tells what is new and the last hour, not all again."""
    demo = Service(tmp_path, arguments=["demo", "--history", "30", "--no-cities"])
    try:
        demo.start()
        _wait_until_filled(demo)
        before = demo.wait_until_applied(1)
        demo.stop(signal.SIGTERM)
        demo.start()
        _wait_until_filled(demo)
        after = demo.wait_until_applied(before["received"])
        assert before["applied"] > 10_000
        assert after["received"] - before["received"] < 200
        assert after["applied"] - before["applied"] < 100
        demo.stop()
    finally:
        demo.kill()


def test_the_other_key_cities_make_a_ranking(tmp_path: Path) -> None:
    """Their days come in while the demo runs; then Ningbo has its place among 168, this year and the year before."""
    demo = Service(tmp_path, arguments=["demo", "--history", "1"])
    year = datetime.now(BEIJING).year
    try:
        demo.start()
        _wait_until_filled(demo)
        last_year = {"start": f"{year - 1}-01-01", "end": f"{year}-01-01", "by": "index"}
        demo.wait_until(lambda: demo.get("ranking", **last_year)["number"] == KEY_CITIES, "hear of the other cities")
        answer = demo.get("ranking", **last_year)
        assert answer["simulated"] is True
        (own,) = [city for city in answer["cities"] if city["code"] == NINGBO]
        assert 1 <= own["rank"] <= KEY_CITIES
        assert demo.counts()["dead_letter"] == 0
        demo.stop()
    finally:
        demo.kill()
