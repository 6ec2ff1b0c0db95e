"""Classes of many sections over a period: shares, compliance, rivers and lakes, change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest

from qingchuan.store.subjects import Name, Section, WaterBody
from tests.api.serving import serving
from tests.api.water import ask, refused
from tests.api.world import CITY, World

PHOSPHORUS = {1: "0.02", 2: "0.1", 3: "0.2", 4: "0.3", 5: "0.4", 6: "0.5"}
"""A value of each class, of a river."""
OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}


@pytest.fixture
def client(empty: World) -> Iterator[httpx.Client]:
    """A client of the application on stores in which only the sections of a test have announced themselves."""
    with serving(empty.services) as made:
        yield made


def network(
    world: World, classes: Sequence[int], month: str = "2026-10", river: str = "姚江", body: WaterBody = "river"
) -> None:
    """Sections of a river that have these classes in a month, named after it and their number; target Ⅲ."""
    for number, class_ in enumerate(classes):
        subject = f"{river}{number}"
        name = Name(subject, subject)
        world.announce({subject: Section(name, body, Name(river, "River"), CITY, 3, simulated=number == 0)})
        if class_:
            world.reading(subject, f"{month}-05T08:00:00+08:00", {"tp": PHOSPHORUS[class_]})


def shares(client: httpx.Client, **query: str | bool) -> dict[str, Any]:
    """The shares of October 2026, where nothing else is asked for."""
    return ask(client, "water/shares", **{**OCTOBER, **query})


def test_the_sections_of_a_national_bulletin_have_its_shares(empty: World, client: httpx.Client) -> None:
    """2007, week 2: 49 of 83 sections are Ⅰ–Ⅲ, 59.0 %, 10.9 %, 7.2 % and 22.9 %, which sum to 100.0."""
    network(empty, [1] + [2] * 20 + [3] * 28 + [4] * 9 + [5] * 6 + [6] * 19)
    found = shares(client)["shares"]
    assert found["sentence"]["zh"] == (
        "Ⅰ～Ⅲ类水质的断面为49个，占59.0%；Ⅳ类的断面为9个，占10.9%；Ⅴ类的断面为6个，占7.2%；劣Ⅴ类的断面为19个，占22.9%。"
    )
    assert (found["evaluated"], found["good"], found["worst"]) == (83, 59.0, 22.9)
    assert [one["sections"] for one in found["classes"]] == [1, 20, 28, 9, 6, 19]
    assert sum(round(10 * one["share"]) for one in found["classes"]) == 1000


def test_compliance_counts_sections_with_a_class_and_a_target(empty: World, client: httpx.Client) -> None:
    """Zhoushan, November 2024: 19 of 20 are good; here all targets are Ⅲ; a silent one is left out."""
    network(empty, [2] * 10 + [3] * 9 + [5] + [0])
    answer = shares(client, explain=True)
    assert answer["shares"]["compliance"] == {"complying": 19, "evaluated": 20, "rate": 95.0}
    assert (answer["shares"]["sections"], answer["shares"]["evaluated"], answer["shares"]["good"]) == (21, 20, 95.0)
    good, compliance = answer["explanations"]
    assert (good["value"], good["exact"], compliance["name"]["zh"]) == (95.0, "95", "断面达标率")


def test_a_river_of_five_sections_is_judged_by_shares(empty: World, client: httpx.Client) -> None:
    """Three of five are good: 轻度污染, and phosphorus exceeds in two of five."""
    network(empty, [2, 2, 3, 4, 5])
    [river] = shares(client, explain=True)["rivers"]
    assert (river["method"], river["status"]["zh"], river["class"], river["good"]) == ("shares", "轻度污染", None, 60.0)
    [exceeding] = river["exceedances"]
    assert (exceeding["item"], exceeding["sections"], exceeding["rate"]) == ("tp", 2, 40.0)
    assert river["explanation"]["value"] == {"zh": "轻度污染", "en": "Lightly polluted"}
    assert [one["class"]["number"] for one in river["sections"]] == [2, 2, 3, 4, 5]
    assert [one["target_met"] for one in river["sections"]] == [True, True, True, False, False]


def test_a_river_of_four_sections_is_judged_by_the_means_of_its_items(empty: World, client: httpx.Client) -> None:
    """0.1, 0.1, 0.2 and 0.5 mg/L are 0.225 mg/L: Ⅳ, whatever the mean of the classes is."""
    network(empty, [2, 2, 3, 6])
    [river] = shares(client, explain=True)["rivers"]
    assert (river["method"], river["status"]["zh"], river["class"]["name"]) == ("mean", "轻度污染", "Ⅳ")
    assert (river["main"][0]["item"], river["main"][0]["multiple"]) == ("tp", 0.1)
    assert river["explanation"]["parts"][0]["value"] == 0.225


def test_sections_are_named_in_both_languages_where_a_figure_is_explained(empty: World, client: httpx.Client) -> None:
    """Of a river, of a lake and of a rate: each in its own."""
    bodies: tuple[tuple[str, WaterBody], ...] = (("姚江", "river"), ("东钱湖", "lake"))
    for subject, body in bodies:
        empty.announce({subject: Section(Name(subject, f"the {body}"), body, None, CITY, 3)})
        empty.reading(subject, "2026-10-05T08:00:00+08:00", {"tp": "0.02"})
    answer = shares(client, explain=True)
    trees = [*(water["explanation"] for water in answer["rivers"]), answer["explanations"][1]]
    told = [[part["name"] for part in tree["parts"] if part["name"]["zh"] in ("姚江", "东钱湖")] for tree in trees]
    river, lake = {"zh": "姚江", "en": "the river"}, {"zh": "东钱湖", "en": "the lake"}
    assert told == [[lake], [river], [lake, river]]


def test_a_lake_is_judged_by_means_over_its_points_however_many(empty: World, client: httpx.Client) -> None:
    """Five points with 0.02 mg/L of phosphorus each and one with 0.1 are 0.033: class Ⅲ of lakes."""
    network(empty, [1, 1, 1, 1, 1, 2], river="东钱湖", body="lake")
    [lake] = shares(client, explain=True)["rivers"]
    assert (lake["method"], lake["class"]["name"], lake["evaluated"]) == ("mean", "Ⅲ", 6)
    assert lake["explanation"]["name"]["zh"] == "湖库水质状况"


def test_waters_are_told_apart_by_name_and_kind(empty: World, client: httpx.Client) -> None:
    """And can be asked for one by one, in Chinese or English."""
    network(empty, [2, 2])
    network(empty, [2], river="奉化江")
    answer = shares(client)
    assert [(one["name"]["zh"], len(one["sections"])) for one in answer["rivers"]] == [("奉化江", 1), ("姚江", 2)]
    assert answer["simulated"] is True
    one = shares(client, river="奉化江", city=CITY)
    assert (one["shares"]["sections"], one["river"], one["city"]) == (1, "奉化江", CITY)
    assert "姚江" in refused(client, "water/shares", 422, river="甬江", **OCTOBER)
    assert f"{CITY} would do" in refused(client, "water/shares", 422, city="330100", **OCTOBER)


def test_the_change_is_that_against_the_calendar_month_before(empty: World, client: httpx.Client) -> None:
    """From 40 % good sections to 80 %: ΔG − ΔD is 60 points with two sections worse than Ⅴ less, 明显好转."""
    network(empty, [2, 2, 4, 6], "2026-09", "姚江")
    network(empty, [4], "2026-09", "奉化江")
    for subject, class_ in (("姚江0", 2), ("姚江1", 2), ("姚江2", 3), ("姚江3", 4), ("奉化江0", 3)):
        empty.reading(subject, "2026-10-05T08:00:00+08:00", {"tp": PHOSPHORUS[class_]})
    answer = shares(client)
    assert (answer["before"]["start"], answer["before"]["end"], answer["before"]["good"]) == (
        "2026-09-01",
        "2026-10-01",
        40.0,
    )
    assert answer["change"] == {
        "name": {"zh": "明显好转", "en": "markedly better"},
        "method": "shares",
        "good": 40.0,
        "worst": -20.0,
        "balance": 60.0,
    }
    small = answer["rivers"][0]["change"]
    assert (small["name"]["zh"], small["method"], small["balance"]) == ("有所好转", "status", None)


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (("2026-04-01", "2026-07-01"), ("2026-01-01", "2026-04-01")),
        (("2025-07-01", "2026-01-01"), ("2025-01-01", "2025-07-01")),
        (("2025-01-01", "2026-01-01"), ("2024-01-01", "2025-01-01")),
        (("2026-03-02", "2026-03-09"), ("2026-02-23", "2026-03-02")),
        (("2026-01-01", "2026-10-01"), ("2025-04-03", "2026-01-01")),
    ],
)
def test_the_period_before_is_of_the_same_kind_or_as_long(
    client: httpx.Client, asked: tuple[str, str], before: tuple[str, str]
) -> None:
    """The quarter before has no day of the year before it in it, though it is a day shorter."""
    found = shares(client, start=asked[0], end=asked[1])["before"]
    assert (found["start"], found["end"]) == before


def test_few_sections_have_no_change_by_shares(empty: World, client: httpx.Client) -> None:
    """Four of them are too few for the method."""
    network(empty, [2, 2, 4, 6], "2026-09")
    network(empty, [2, 2, 4, 6], "2026-10")
    assert shares(client)["change"] is None


def test_a_section_has_the_same_class_over_a_year_here_and_in_its_periods(empty: World, client: httpx.Client) -> None:
    """Both are the mean of its months, not of its samples."""
    network(empty, [1])
    for hour in range(10):
        empty.reading("姚江0", f"2026-09-05T{hour:02}:00:00+08:00", {"tp": "0.5"})
    year = {"start": "2026-01-01", "end": "2027-01-01"}
    [river] = shares(client, **year)["rivers"]
    [period] = ask(client, "sections/姚江0/periods", by="year", **year)["periods"]
    assert period["items"]["tp"]["value"] == 0.26
    assert river["class"] == river["sections"][0]["class"] == period["class"]


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        ("2026-11-01", "2026-12-01", ("2026-10-01", "2026-11-01")),
        ("2025-01-01", "2026-01-01", ("2024-01-01", "2025-01-01")),
        ("2026-11-09", "2026-11-16", ("2026-11-02", "2026-11-09")),
    ],
)
def test_the_period_before_is_the_calendar_one_or_as_long(
    client: httpx.Client, start: str, end: str, before: tuple[str, str]
) -> None:
    """A month has the month before it, however long that is."""
    found = shares(client, start=start, end=end)["before"]
    assert (found["start"], found["end"]) == before


def test_only_days_that_are_over_count(empty: World, client: httpx.Client) -> None:
    """The running day is left out; a period that has not begun has no shares."""
    network(empty, [2])
    empty.reading("姚江0", "2026-11-24T08:00:00+08:00", {"tp": "0.1"})
    empty.reading("姚江0", "2026-11-25T08:00:00+08:00", {"tp": "0.9"})
    november = shares(client, start="2026-11-01", end="2026-12-01")
    assert (november["over"], november["shares"]["end"], november["shares"]["good"]) == (False, "2026-11-25", 100.0)
    december = shares(client, start="2026-12-01", end="2027-01-01", explain=True)
    assert (december["shares"]["evaluated"], december["rivers"], december["explanations"]) == (0, [], [])


def test_no_days_and_too_many_are_refused(client: httpx.Client) -> None:
    """A period has one day at least, and a year at most."""
    refused(client, "water/shares", 422, start="2026-10-01", end="2026-10-01")
    refused(client, "water/shares", 422, start="2020-10-01", end="2026-10-01")
