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


@pytest.mark.parametrize("name", ["宁波", "宁波市", "ningbo"])
def test_a_city_may_be_called_by_its_name(four_days: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """In Chinese or in pinyin, as an import takes it."""
    said = ask(four_days, monkeypatch, "rate", name, "--month", "2026-11")
    assert (said.code, "330200 宁波 Ningbo" in said.out) == (0, True)


def test_a_name_of_two_cities_is_answered_with_both_codes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are called Suzhou in pinyin."""
    said = ask(world, monkeypatch, "rate", "Suzhou")
    assert (said.code, "'Suzhou' is the name of 320500 苏州, 341300 宿州" in said.words) == (2, True), said.err


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


def test_a_target_leaves_so_many_bad_days(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three days that count two are good: with six more, 75.0 % of nine need seven good ones (77.8 %)."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11", "--target", "75")
    for word in (
        "目标 Target 75.0 %: 取决于余下各日 the remaining days decide",
        "剩余6天中至多1天超标，至少5天优良",
        "Of the 6 days that remain 1 may be bad, 5 must be good",
        "没有可参照的往年数据 No earlier year to go by",
    ):
        assert word in said.words


@pytest.mark.parametrize(
    ("target", "state"), [("22", "已确定达到 reached whatever comes"), ("89", "已无法达到 out of reach")]
)
def test_a_target_that_is_decided_says_so(
    four_days: World, monkeypatch: pytest.MonkeyPatch, target: str, state: str
) -> None:
    """With six bad days it comes to 22.2 %, with six good ones to 88.9 %."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11", "--target", target)
    assert f"目标 Target {target}.0 %: {state}" in said.words


def test_earlier_years_tell_how_likely_a_target_is(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the year before, all of these days were good: 8 of 9."""
    for day in range(25, 31):
        four_days.day(CITY, f"2025-11-{day}", GOOD_DAY)
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11", "--target", "75")
    assert "Probability by the same days of earlier years: 100.00%" in said.words
    assert "With the rest as in: 2025 88.9 %" in said.words


def test_a_period_that_has_not_begun_has_a_budget_all_the_same(
    four_days: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 31 days three may be bad: 28 of them are 90.3 %."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-12", "--target", "90")
    assert "Of the 31 days that remain 3 may be bad, 28 must be good" in said.words


def test_a_period_that_has_not_begun_has_no_rates(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says why."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-12")
    assert said.code == 0
    assert said.out.splitlines()[1:] == ["该时段尚未开始 The period has not begun."]


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
    assert "on the topic qingchuan/330299/station" in said.words


def test_json_has_the_budget_in_a_line_of_its_own(four_days: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers of the interface."""
    said = ask(four_days, monkeypatch, "rate", CITY, "--month", "2026-11", "--target", "75", "--json")
    period = {"start": "2026-11-01", "end": "2026-12-01"}
    assert [msgspec.json.decode(line) for line in said.out.splitlines()] == [
        answered(four_days, f"cities/{CITY}/statistics", **period),
        answered(four_days, f"cities/{CITY}/budget", **period, target="75"),
    ]
