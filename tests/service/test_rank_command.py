"""``qingchuan rank``: the order of the key cities, and where one stands."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from qingchuan.store.subjects import City, Name
from tests.api.world import GOOD_DAY, World
from tests.service.asking import answered, ask

SHANGHAI, HANGZHOU, NINGBO, WENZHOU = "310000", "330100", "330200", "330300"
DAYS = ("2026-10-01", "2026-10-02")
PM25 = {SHANGHAI: "42", HANGZHOU: "28", NINGBO: "35", WENZHOU: "35"}
"""Single indices of 1.20, 0.80 and 1.00; the other items of a good day come to 0.13 + 0.75 + 0.86 + 0.18 + 0.50."""


@pytest.fixture
def october(world: World) -> World:
    """Four key cities with two days of October; Ningbo alone has been worse in the year before."""
    for code, pm25 in PM25.items():
        if code != NINGBO:
            world.announce({code: City(Name(f"城{code}", f"City {code}"), simulated=False)})
        for day in DAYS:
            world.day(code, day, {**GOOD_DAY, "pm25": pm25})
    world.day(NINGBO, "2025-10-01", {**GOOD_DAY, "pm25": "70"})
    return world


def test_cities_are_listed_with_the_best_first_and_equal_ones_share_a_rank(
    october: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indices of 3.22, 3.42, 3.42 and 3.62, by hand."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10")
    rows = [said.row(code)[:5] for code in PM25]
    assert said.code == 0
    assert rows == [
        ["4", SHANGHAI, "上海", "Shanghai", "3.62"],
        ["1", HANGZHOU, "杭州", "Hangzhou", "3.22"],
        ["2", NINGBO, "宁波", "Ningbo", "3.42"],
        ["2", WENZHOU, "温州", "Wenzhou", "3.42"],
    ]
    assert said.out.index(HANGZHOU) < said.out.index(NINGBO) < said.out.index(WENZHOU) < said.out.index(SHANGHAI)


def test_a_city_stands_with_its_primary_item_its_rate_its_change_and_its_gap(
    october: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 4.42 to 3.42 is -22.6 %; the next better city is 0.20 ahead."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10")
    assert said.row(NINGBO)[5:9] == ["PM₂.₅", "100.0", "-22.6", "0.20"]
    assert said.row(HANGZHOU)[5:9] == ["PM₁₀", "100.0", "–", "–"]


def test_headings_period_and_rule_are_told_in_both_languages(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And that some of the data are simulated, and what of the rule is not confirmed."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10")
    for word in ("名次", "rank", "综合指数 composite index", "2026年10月 2026-10", "4/168", "模拟 simulated"):
        assert word in said.out
    for word in ("环办监测〔2018〕19号", "3 处未证实 not confirmed: --notes"):
        assert word in said.out
    noted = ask(october, monkeypatch, "rank", "--month", "2026-10", "--notes")
    assert "未证实 Not confirmed: 单项指数先修约" in noted.words
    assert "--notes" not in noted.out


def test_cities_without_a_rank_are_counted_and_told_why(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """All other key cities are not known here; not each of them is named."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10")
    assert "无名次 Without a rank, 164: 110000 北京 Beijing" in said.words
    assert "no item has a valid day in the 31 days of the period" in said.words
    assert "650100" not in said.out


def test_top_shows_the_first_ranks_with_all_that_share_them(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cities have the second."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10", "--top", "2")
    table = said.out.split("无名次")[0]
    assert all(code in table for code in (HANGZHOU, NINGBO, WENZHOU))
    assert SHANGHAI not in table


def test_around_shows_a_city_among_its_neighbours_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five before it and five behind it."""
    codes = ["110000", "120000", *(f"130{number}00" for number in range(1, 10)), "131000", "131100"]
    for place, code in enumerate(codes):
        world.day(code, "2026-10-01", {**GOOD_DAY, "pm25": str(35 + 7 * place)})
    said = ask(world, monkeypatch, "rank", "--month", "2026-10", "--around", codes[6])
    table = said.out.split("距前位 与")[0]
    assert [code for code in codes if code in table] == codes[1:12]


def test_around_a_city_without_a_rank_tells_why_and_shows_none(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The question has an answer, so that the exit status is 0."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10", "--around", "110000")
    assert said.code == 0
    assert "名次 代码" not in said.words
    assert "110000 北京 Beijing" in said.words
    assert "120000" not in said.words
    assert "on the topic qingchuan/110000/station" in said.words


def test_thin_data_are_told_before_the_table_and_marked_in_it(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of 31 days are no month; with two days asked for nothing is missing. Four cities make no lists of 20."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10")
    head = said.out.partition("代码")[0]
    assert "in 4/4 cities fewer than 90 % of 31 d are valid (*)" in head
    assert said.row(NINGBO)[9:] == ["2*"]
    whole = ask(october, monkeypatch, "rank", "--from", "2026-10-01", "--to", "2026-10-02")
    assert "(*)" not in whole.out
    assert whole.row(NINGBO)[9:] == ["2"]
    assert "Too few have a rank for lists of the best and worst 20" in whole.out


def test_a_period_that_has_not_begun_says_only_that(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not that each of 168 cities has no valid day."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-12")
    assert (said.code, said.out) == (0, "该时段尚未开始 The period has not begun.\n")


def test_around_takes_the_name_of_a_city(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says the same as with the code."""
    by_code, by_name = (
        ask(october, monkeypatch, "rank", "--month", "2026-10", "--around", city) for city in (NINGBO, "宁波")
    )
    assert (by_name.code, by_name.out) == (0, by_code.out)


def test_around_what_is_no_key_city_is_a_wrong_call(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The value is named, and what would do."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10", "--around", "999999")
    assert (said.code, said.out) == (2, "")
    assert "--around has '999999'; a key city, such as 宁波 or 330200, would do" in said.words


def test_the_figure_decides_the_order(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """By improvement only Ningbo has a rank, for it alone has a year before."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10", "--by", "improvement")
    assert said.row(NINGBO)[0] == "1"
    assert "综合指数变化率 change of the composite index" in said.out
    assert "1/168" in said.out
    assert "优良天数比例 good-air rate" in ask(october, monkeypatch, "rank", "--month", "2026-10", "--by", "rate").out


def test_without_a_period_it_is_the_year_up_to_yesterday(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is 25 November."""
    assert "2026年1月1日至11月24日" in ask(october, monkeypatch, "rank").out


@pytest.mark.parametrize("by", ["index", "rate", "improvement"])
def test_json_is_what_the_interface_answers(october: World, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    """From the last day of a period on the command line to the first day after it."""
    said = ask(october, monkeypatch, "rank", "--from", "2026-10-01", "--to", "2026-10-31", "--by", by, "--json")
    assert msgspec.json.decode(said.out) == answered(october, "ranking", start="2026-10-01", end="2026-11-01", by=by)


def test_json_has_nothing_beside_it(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line on standard output and none on the other, for programs."""
    said = ask(october, monkeypatch, "rank", "--month", "2026-10", "--top", "1", "--json")
    assert (said.out.count("\n"), said.err) == (1, "")


def test_top_and_around_together_are_a_wrong_call(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """They show different cities."""
    said = ask(october, monkeypatch, "rank", "--top", "3", "--around", NINGBO)
    assert said.code == 2
    assert "--top and --around are given; one of them would do" in said.err


def test_a_period_before_the_first_ranking_is_refused(october: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the interface refuses it."""
    said = ask(october, monkeypatch, "rank", "--month", "2017-10")
    assert (said.code, said.out) == (1, "")
    assert "2018-07-01" in said.err


@pytest.mark.parametrize("command", [["rank"], ["rate", NINGBO], ["classes"]])
def test_a_directory_without_data_is_named(tmp_path: Path, command: list[str]) -> None:
    """In the words of `qingchuan stations`, and nothing is made there."""
    nowhere = tmp_path / "nowhere"
    said = [CliRunner().invoke(app, ["--data", str(nowhere), *each]) for each in (command, ["stations"])]
    assert [result.exit_code for result in said] == [1, 1]
    assert said[0].output == said[1].output
    assert str(nowhere) in said[0].output.replace("\n", "")
    assert not nowhere.exists()
