"""``qingchuan rate``: the rates of good days of a city by name."""

from __future__ import annotations

import msgspec
import pytest

from tests.api.world import CITY, GOOD_DAY, World
from tests.service.asking import answered, ask


@pytest.fixture
def four_days(world: World) -> World:
    """Two good days, one with too much PM2.5, and one that lacks ozone."""
    world.day(CITY, "2026-11-21", GOOD_DAY)
    world.day(CITY, "2026-11-22", GOOD_DAY)
    world.day(CITY, "2026-11-23", {**GOOD_DAY, "pm25": "130"})
    world.day(CITY, "2026-11-24", {item: value for item, value in GOOD_DAY.items() if item != "o3_8h"})
    return world


def test_each_rate_stands_under_its_name_with_the_days_that_count(
    four_days: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of three for the published one, where the incomplete day does not count; two of four for that of HJ 663."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11")
    assert said.code == 0
    assert said.row("优良天数比例") == ["优良天数比例", "66.7", "2", "3"]
    assert said.row("多项目日综合评价达标率") == ["多项目日综合评价达标率", "50.0", "2", "4"]
    for word in ("good-air rate", "comprehensive attainment rate", "330200 宁波 Ningbo (模拟 simulated)"):
        assert word in said.out


def test_a_rate_that_cannot_be_told_has_a_dash_and_a_reason(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No hours of dust are on record."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11")
    assert said.row("优良天数比例（扣除沙尘影响）")[1:] == ["–", "–", "–"]
    assert "none are on record here" in said.words


def test_each_item_has_its_attainment_rate(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PM2.5 kept its limit on three of four days, and ozone on each of its three."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11")
    assert said.row("PM₂.₅")[-2:] == ["75.0", "4"]
    assert said.row("O₃-8h")[-2:] == ["100.0", "3"]


def test_days_left_and_editions_are_told(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six days of November are left, and HJ 663—2026 is not at hand."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11")
    for word in ("over 24 d", "left 6 d", "HJ 633—2026", "HJ 663—2013 (代用 stands in for HJ 663—2026)"):
        assert word in said.words


@pytest.mark.parametrize(
    ("options", "days"),
    [
        ([], "over 328 d, 剩余 left 37 d"),
        (["--year", "2025"], "over 365 d, 剩余 left 0 d"),
        (["--from", "2026-11-21", "--to", "2026-11-24"], "over 4 d, 剩余 left 0 d"),
        (["--from", "2026-11-21"], "over 4 d, 剩余 left 0 d"),
    ],
)
def test_the_period_is_the_year_unless_another_is_given(
    four_days: World, monkeypatch: pytest.MonkeyPatch, options: list[str], days: str
) -> None:
    """Today is 25 November."""
    assert days in ask(four_days, monkeypatch, "rate", CITY, *options).words


def test_a_period_that_has_not_begun_has_no_rates(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says why."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-12")
    assert (said.code, "no day is over" in said.out) == (0, True)


def test_a_city_without_days_has_dashes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It announced itself, and has sent nothing."""
    assert ask(world, monkeypatch, "rate", CITY, "--month", "2026-11").row("优良天数比例")[1:] == ["–", "0", "0"]


def test_json_is_what_the_interface_answers(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last figure."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11", "--json")
    wanted = answered(four_days, f"cities/{CITY}/statistics", start="2026-11-01", end="2026-12-01")
    assert msgspec.json.decode(said.out) == wanted


def test_a_city_that_is_not_known_is_named_with_those_that_are(
    four_days: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistyped code."""
    said = ask(four_days, monkeypatch, "rate", "330299")
    assert (said.code, said.out) == (1, "")
    assert "'330299'" in said.err
    assert CITY in said.err
