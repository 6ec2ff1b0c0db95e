"""Which sections got worse or better."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import httpx
import msgspec
import pytest

from qingchuan.api.queries.downgrades import changes_answer
from qingchuan.store.arrays import Readings
from qingchuan.store.embedded import EmbeddedObservations
from tests.api.water import ask, fill, refused
from tests.api.world import CLEAN_READING, SUBJECTS, World

HOURLY = tuple(range(24))


def changes(client: httpx.Client, **query: str | int | bool) -> dict[str, dict[str, Any]]:
    """What changed at each section, by what it is compared with."""
    sections = ask(client, "sections/changes", **query)["sections"]
    return {one["subject"]: {change["against"]: change for change in one["changes"]} for one in sections}


def test_a_day_that_is_worse_than_the_one_before_names_the_item(world: World, client: httpx.Client) -> None:
    """Phosphorus from Ⅱ to Ⅳ makes the river worse by two classes, and it misses its target."""
    fill(world, "yaojiang", "2026-11-23", "2026-11-23", {"tp": "0.1"}, HOURLY)
    fill(world, "yaojiang", "2026-11-24", "2026-11-24", {"tp": "0.25"}, HOURLY)
    answer = ask(client, "sections/changes")
    assert (answer["date"], answer["of"], len(answer["sections"])) == ("2026-11-24", 2, 1)
    found = changes(client)["yaojiang"]
    day = found["previous_day"]
    assert (day["direction"], day["classes"]) == ("worse", 2)
    assert (day["earlier"]["class"]["name"], day["earlier"]["start"]) == ("Ⅱ", "2026-11-23")
    assert (day["later"]["class"]["name"], day["later"]["start"], day["later"]["end"]) == (
        "Ⅳ",
        "2026-11-24",
        "2026-11-25",
    )
    assert day["causes"] == [{"item": "tp", "name": {"zh": "总磷", "en": "Total phosphorus"}, "earlier": 2, "later": 4}]
    assert day["sentence"]["zh"] == "较前一日由Ⅱ类降为Ⅳ类，下降2个类别；影响项目：总磷（Ⅱ→Ⅳ）"
    assert (found["target_of_day"]["classes"], found["target_of_day"]["earlier"]["class"]["name"]) == (1, "Ⅲ")
    assert set(found) == {"previous_day", "target_of_day"}


def test_a_day_that_is_better_is_told_as_well(world: World, client: httpx.Client) -> None:
    """Negative classes; to be better than the target is no change."""
    fill(world, "yaojiang", "2026-11-23", "2026-11-23", {"tp": "0.25"}, HOURLY)
    fill(world, "yaojiang", "2026-11-24", "2026-11-24", {"tp": "0.1"}, HOURLY)
    found = changes(client)["yaojiang"]
    assert (found["previous_day"]["direction"], found["previous_day"]["classes"]) == ("better", -2)
    assert "target_of_day" not in found


def test_what_is_missing_is_no_improvement(world: World, client: httpx.Client) -> None:
    """Where phosphorus had held the river down and is not measured any more, it is not better."""
    fill(world, "yaojiang", "2026-11-23", "2026-11-23", {"tp": "0.25"}, HOURLY)
    for hour in HOURLY:
        clean = {item: value for item, value in CLEAN_READING.items() if item != "tp"}
        world.reading("yaojiang", f"2026-11-24T{hour:02}:00:00+08:00", clean)
    assert "previous_day" not in changes(client).get("yaojiang", {})


def test_the_last_reading_of_the_day_is_compared_with_the_one_before(world: World, client: httpx.Client) -> None:
    """By the real-time class; a reading without a class between the two is passed over."""
    world.reading("yaojiang", "2026-11-23T20:00:00+08:00", {**CLEAN_READING, "tp": "0.1"})
    world.reading("yaojiang", "2026-11-24T09:00:00+08:00", {"temperature": "18"})
    world.reading("yaojiang", "2026-11-24T12:00:00+08:00", {**CLEAN_READING, "tp": "0.5"})
    world.reading("yaojiang", "2026-11-25T04:00:00+08:00", {**CLEAN_READING, "tp": "0.1"})
    found = changes(client)["yaojiang"]["previous_reading"]
    assert (found["earlier"]["time"], found["later"]["time"]) == (
        "2026-11-23T20:00:00+08:00",
        "2026-11-24T12:00:00+08:00",
    )
    assert (found["classes"], found["later"]["class"]["name"], found["causes"][0]["item"]) == (4, "劣Ⅴ", "tp")


def test_a_section_that_was_silent_on_the_day_has_no_last_reading(world: World, client: httpx.Client) -> None:
    """A reading of an earlier day is not that of this one."""
    world.reading("yaojiang", "2026-11-22T20:00:00+08:00", {**CLEAN_READING, "tp": "0.1"})
    world.reading("yaojiang", "2026-11-23T12:00:00+08:00", {**CLEAN_READING, "tp": "0.5"})
    assert "previous_reading" not in changes(client, at="2026-11-24", all=True)["yaojiang"]
    assert "previous_reading" in changes(client, at="2026-11-23")["yaojiang"]


def test_the_month_so_far_is_compared_with_the_last_one_and_with_last_year(world: World, client: httpx.Client) -> None:
    """Both of these are whole months; the month so far ends with the day."""
    world.reading("yaojiang", "2025-11-30T20:00:00+08:00", {"tp": "0.35"})
    world.reading("yaojiang", "2026-10-05T08:00:00+08:00", {"tp": "0.1"})
    world.reading("yaojiang", "2026-11-05T08:00:00+08:00", {"tp": "0.25"})
    found = changes(client)["yaojiang"]
    month, year = found["previous_month"], found["same_month_last_year"]
    assert (month["classes"], month["earlier"]["start"], month["earlier"]["end"]) == (2, "2026-10-01", "2026-11-01")
    assert (month["later"]["start"], month["later"]["end"]) == ("2026-11-01", "2026-11-25")
    assert (year["classes"], year["direction"], year["earlier"]["start"]) == (-1, "better", "2025-11-01")
    assert found["target_of_month"]["sentence"]["zh"].startswith("Ⅳ类，未达到水质目标Ⅲ类，相差1个类别")


def test_the_month_before_january_is_december(world: World, client: httpx.Client) -> None:
    """Of the year before."""
    world.reading("yaojiang", "2025-12-05T08:00:00+08:00", {"tp": "0.1"})
    world.reading("yaojiang", "2026-01-05T08:00:00+08:00", {"tp": "0.25"})
    month = changes(client, at="2026-01-05")["yaojiang"]["previous_month"]
    assert (month["earlier"]["start"], month["classes"]) == ("2025-12-01", 2)


def test_all_tells_also_what_did_not_change_and_what_cannot_be_compared(world: World, client: httpx.Client) -> None:
    """Missing is neither better nor worse."""
    fill(world, "yaojiang", "2026-11-23", "2026-11-24", {}, HOURLY)
    assert changes(client) == {}
    found = changes(client, all=True)
    told = {against: change["direction"] for against, change in found["yaojiang"].items()}
    assert told == {
        "previous_reading": "same",
        "previous_day": "same",
        "target_of_day": "better",
        "previous_month": "unknown",
        "same_month_last_year": "unknown",
        "target_of_month": "better",
    }
    assert {change["direction"] for change in found["dongqian"].values()} == {"unknown"}


def test_the_worst_change_comes_first(world: World, client: httpx.Client) -> None:
    """A section that fell by three classes stands before one that fell by two."""
    world.announce({"other": SUBJECTS["yaojiang"]})
    for section, phosphorus in (("yaojiang", "0.25"), ("other", "0.35")):
        fill(world, section, "2026-11-23", "2026-11-23", {"tp": "0.1"})
        fill(world, section, "2026-11-24", "2026-11-24", {"tp": phosphorus})
    assert list(changes(client)) == ["other", "yaojiang"]


def year_of_readings(world: World, last_year: str, this_year: str) -> None:
    """A reading each month of two years."""
    for year, phosphorus in ((2025, last_year), (2026, this_year)):
        for month in range(1, 12):
            world.reading("yaojiang", f"{year}-{month:02}-05T08:00:00+08:00", {"tp": phosphorus})


def test_a_section_that_fell_against_last_year_is_warned(world: World, client: httpx.Client) -> None:
    """By two classes from Ⅲ to Ⅴ, month and year so far, with the target missed: level 1."""
    year_of_readings(world, "0.2", "0.4")
    [section] = ask(client, "sections/changes", explain=True)["sections"]
    warning = section["warning"]
    assert (warning["level"], warning["name"]["zh"]) == (1, "一级预警")
    assert warning["edition"] == "长江流域水环境质量监测预警办法（试行）"
    assert warning["explanation"]["value"] == {"zh": "一级预警", "en": "warning of level 1"}


def test_a_warning_says_that_the_basin_of_its_section_is_not_known(world: World, client: httpx.Client) -> None:
    """Ningbo lies in Zhejiang, of which the measures have a part or all; the tree has it as its last part."""
    year_of_readings(world, "0.2", "0.4")
    [section] = ask(client, "sections/changes", explain=True)["sections"]
    warning = section["warning"]
    assert "断面位于浙江" in warning["remark"]["zh"]
    assert "按省份判断" in warning["remark"]["zh"]
    assert warning["explanation"]["parts"][-1]["rule"] == warning["remark"]
    assert warning["explanation"]["parts"][-1]["value"] == {"zh": "适用", "en": "applies"}


@pytest.mark.parametrize(
    ("city", "reason"), [("110000", "the place of the section, 110000, is not in them"), (None, "is not known")]
)
def test_a_section_outside_the_provinces_has_no_level_and_a_reason(
    world: World, client: httpx.Client, city: str | None, reason: str
) -> None:
    """Whatever fell there; one whose city is not known is not guessed at."""
    world.announce({"yaojiang": msgspec.structs.replace(SUBJECTS["yaojiang"], city=city)})
    year_of_readings(world, "0.2", "0.4")
    [section] = ask(client, "sections/changes", explain=True)["sections"]
    warning = section["warning"]
    assert (warning["level"], warning["name"], warning["remark"]) == (None, None, None)
    assert "Yangtze basin" in warning["sentence"]["en"]
    assert reason in warning["sentence"]["en"]
    assert "11省（市）" in warning["sentence"]["zh"]
    assert warning["explanation"]["rule"] == warning["sentence"]


def test_a_bad_month_in_a_good_year_is_no_warning(world: World, client: httpx.Client) -> None:
    """The year so far must be worse as well; the sentence says what does not hold."""
    year_of_readings(world, "0.2", "0.1")
    world.reading("yaojiang", "2026-11-06T08:00:00+08:00", {"tp": "0.7"})
    [section] = ask(client, "sections/changes")["sections"]
    assert (section["warning"]["level"], section["warning"]["name"]) == (None, None)
    assert section["warning"]["sentence"]["zh"].endswith("不预警")


def test_a_section_that_did_not_fall_has_no_warning(world: World, client: httpx.Client) -> None:
    """Nor one whose month of last year is not there."""
    year_of_readings(world, "0.4", "0.4")
    [section] = ask(client, "sections/changes")["sections"]
    assert section["warning"] is None


def test_a_change_explains_itself_item_by_item(world: World, client: httpx.Client) -> None:
    """Only where it is asked for."""
    fill(world, "yaojiang", "2026-11-23", "2026-11-23", {"tp": "0.1"})
    fill(world, "yaojiang", "2026-11-24", "2026-11-24", {"tp": "0.25"})
    found = changes(client, explain=True)["yaojiang"]["previous_day"]["explanation"]
    assert (found["value"], [part["name"]["zh"] for part in found["parts"]]) == (2, ["高锰酸盐指数", "氨氮", "总磷"])
    assert "explanation" not in changes(client)["yaojiang"]["previous_day"]


class Noting(EmbeddedObservations):
    """A store that notes whose samples and readings were asked for."""

    def __init__(self, world: World) -> None:
        super().__init__(world.folder / "observations.sqlite", read_only=True)
        self.asked: set[str] = set()

    def readings(self, subjects: Sequence[str], *rest: Any) -> Readings:  # noqa: ANN401 - as the store has them
        """Note, and read."""
        self.asked |= set(subjects)
        return super().readings(subjects, *rest)

    def samples(self, subjects: Sequence[str], *rest: Any) -> tuple[Readings, Readings]:  # noqa: ANN401 - as the store has them
        """Note, and read."""
        self.asked |= set(subjects)
        return super().samples(subjects, *rest)


def test_of_one_section_only_what_it_needs_is_read_and_told(world: World, client: httpx.Client) -> None:
    """The same as among all of them, without the readings of the others; also its early warning."""
    world.announce({"other": SUBJECTS["yaojiang"]})
    year_of_readings(world, "0.2", "0.4")
    for section in ("yaojiang", "other"):
        fill(world, section, "2026-11-23", "2026-11-24", {"tp": "0.25"})
    store = Noting(world)
    services = dataclasses.replace(world.services, observations=store)
    changes_answer(services, None, world.sequence, section="yaojiang", everything=True, explain=True)
    store.close()
    assert store.asked == {"yaojiang"}
    whole = ask(client, "sections/changes", all=True, explain=True)
    one = ask(client, "sections/changes", all=True, explain=True, section="yaojiang")
    assert one["sections"] == [section for section in whole["sections"] if section["subject"] == "yaojiang"]
    assert one["sections"][0]["warning"]["level"] == 2
    assert (one["of"], one["without_class"]) == (1, [])


def test_the_page_of_a_change_leads_to_the_answer_about_its_section(world: World, client: httpx.Client) -> None:
    """And to no other."""
    fill(world, "yaojiang", "2026-11-23", "2026-11-24", {"tp": "0.25"})
    page = client.get("/explain?of=change&section=yaojiang&against=target_of_day&lang=en").text
    [address] = re.findall(r'<a href="(/api/v1/sections/changes[^"]*)">', page)
    found = client.get(unescape(address)).json()["sections"]
    assert [section["subject"] for section in found] == ["yaojiang"]


def test_a_section_that_is_not_there_is_refused(client: httpx.Client) -> None:
    """With those that are."""
    assert "known are dongqian, yaojiang" in refused(client, "sections/changes", 404, section="yangtze")


def test_as_of_shows_the_changes_that_were_known_then(world: World, client: httpx.Client) -> None:
    """A correction came later; the day that is compared is the last that was over at the time."""
    fill(world, "yaojiang", "2026-11-23", "2026-11-23", {"tp": "0.1"})
    first = fill(world, "yaojiang", "2026-11-24", "2026-11-24", {"tp": "0.25"})
    fill(world, "yaojiang", "2026-11-24", "2026-11-24", {"tp": "0.1"})
    assert "previous_day" not in changes(client).get("yaojiang", {})
    assert changes(client, as_of=first)["yaojiang"]["previous_day"]["classes"] == 2


def test_sections_without_a_class_on_the_day_are_named(world: World, client: httpx.Client) -> None:
    """Nothing is known of them: they neither changed nor kept their target."""
    silent = ask(client, "sections/changes")
    assert [one["subject"] for one in silent["without_class"]] == ["dongqian", "yaojiang"]
    assert silent["without_class"][1]["name"] == {"zh": "姚江", "en": "Yao River gate"}
    assert silent["targets"] == 0
    world.reading("dongqian", "2026-11-24T12:00:00+08:00", CLEAN_READING)
    fill(world, "yaojiang", "2026-11-24", "2026-11-24", {}, HOURLY)
    heard = ask(client, "sections/changes")
    assert (heard["of"], heard["without_class"], heard["targets"]) == (2, [], 1)


def test_a_target_is_judged_by_the_month_where_the_day_has_no_class(world: World, client: httpx.Client) -> None:
    """The section is among those without a class of the day all the same."""
    fill(world, "yaojiang", "2026-11-03", "2026-11-05", {}, HOURLY)
    found = ask(client, "sections/changes")
    assert ([one["subject"] for one in found["without_class"]], found["targets"]) == (["dongqian", "yaojiang"], 1)


def test_a_day_that_is_not_over_is_refused(client: httpx.Client) -> None:
    """With the last that is."""
    detail = refused(client, "sections/changes", 422, at="2026-11-25")
    assert "a day that is over, up to 2026-11-24, would do" in detail
    assert "a date such as 2026-11-25 would do" in refused(client, "sections/changes", 422, at="yesterday")


def test_a_day_of_before_the_first_edition_compares_nothing(world: World, client: httpx.Client) -> None:
    """It breaks nothing."""
    world.reading("yaojiang", "2001-01-05T08:00:00+08:00", CLEAN_READING)
    answer = ask(client, "sections/changes", at="2001-01-05", all=True)
    assert (answer["editions"], [one["changes"] for one in answer["sections"]]) == ([], [[], []])


def test_without_sections_there_is_nothing_to_compare(empty: World) -> None:
    """An empty list, and no failure."""
    assert changes_answer(empty.services, None, 0, everything=True).sections == []
