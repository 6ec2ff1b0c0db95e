"""``qingchuan changes``: which figures differ between two messages, and why."""

from __future__ import annotations

import msgspec
import pytest

from tests.api.world import CITY, GOOD_DAY, GOOD_HOUR, World
from tests.service.asking import answered, ask


@pytest.fixture
def corrected(world: World) -> World:
    """A day that was told, and then corrected by the last message."""
    world.day(CITY, "2026-11-21", GOOD_DAY)
    world.day(CITY, "2026-11-21", {"pm25": "130"})
    return world


def test_figures_stand_with_both_values_and_the_reason(corrected: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row for each, and a sentence below."""
    said = ask(corrected, monkeypatch, "changes", "--from", str(corrected.sequence - 1))
    assert said.code == 0
    assert said.row("空气质量指数")[-5:] == ["空气质量指数", "58", "172", "1", str(corrected.sequence)]
    assert f"宁波 2026-11-21 更正（PM₂.₅ 35→130，消息 {corrected.sequence}）" in said.words


def test_where_nothing_differs_that_is_said(corrected: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the last message on."""
    said = ask(corrected, monkeypatch, "changes", "--from", str(corrected.sequence))
    assert "没有不同的指标 No figure differs" in said.words


def test_json_is_what_the_interface_answers(corrected: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures and readings; no journal lies beside this data directory, so that the command knows no receipt."""
    first, last = corrected.sequence - 1, corrected.sequence
    options = ("--from", str(first), "--to", str(last), "--subject", CITY, "--period", "2026-11", "--json")
    said = ask(corrected, monkeypatch, "changes", *options)
    query = {"from": str(first), "to": str(last), "subject": CITY, "period": "2026-11"}
    told, expected = msgspec.json.decode(said.out), answered(corrected, "revisions", **query)
    assert {name: told[name] for name in ("figures", "readings", "over")} == {
        name: expected[name] for name in ("figures", "readings", "over")
    }


def test_a_moment_that_is_none_is_refused(corrected: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what would do."""
    for options in (("--from", "2026-11-25T23:00"), ("--from", "1", "--to", "2026-11-25T23:00")):
        said = ask(corrected, monkeypatch, "changes", *options)
        assert said.code == 2
        assert f"{options[-2]} has '2026-11-25T23:00'; the number of a message, or a time with its offset" in said.err


def test_a_value_that_is_marked_is_not_told_as_if_it_differed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number is the same; the flag says what happened, in both languages."""
    for hour in range(1, 24):
        world.hour("1234A", f"2026-11-20T{hour:02}:00:00+08:00", GOOD_HOUR)
    before = world.sequence
    world.hour("1234A", "2026-11-20T09:00:00+08:00", {"so2": "8", "no2": "90"}, {"so2": 4, "no2": 4})
    world.hour("1234A", "2026-11-20T10:00:00+08:00", {"pm10": "60"}, {"pm10": 3})
    said = ask(world, monkeypatch, "changes", "--from", str(before))
    assert "8→8" not in said.words
    assert f"SO₂ 8 标为无效、NO₂ 30→90 标为无效，消息 {before + 1}）" in said.words
    assert "SO₂ 8 marked invalid, NO₂ 30→90 marked invalid" in said.words
    assert "PM₁₀ 60 标为可疑" in said.words
    world.hour("1234A", "2026-11-20T09:00:00+08:00", {"so2": "8", "no2": "90"}, {"so2": 2, "no2": 2})
    assert "SO₂ 8 恢复有效" in ask(world, monkeypatch, "changes", "--from", str(world.sequence - 1)).words


def test_readings_that_change_no_figure_are_named_where_there_are_few(
    corrected: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many are counted."""
    for hour in range(1, 24):
        corrected.hour("1234A", f"2026-11-20T{hour:02}:00:00+08:00", GOOD_HOUR)
    before = corrected.sequence
    corrected.hour("1234A", "2026-11-20T09:00:00+08:00", {"pm25": "36"})
    said = ask(corrected, monkeypatch, "changes", "--from", str(before))
    assert "区环保大楼 2026-11-20 9时 更正（PM₂.₅ 35→36" in said.words
    assert "District building 2026-11-20 hour 9 corrected" in said.words
    for hour in range(1, 24):
        corrected.hour("1234A", f"2026-11-20T{hour:02}:00:00+08:00", {"no2": "30"}, {"no2": 1})
    said = ask(corrected, monkeypatch, "changes", "--from", str(before))
    assert "标记变更（" not in said.words
    assert "readings that differ: 23" in said.words
    corrected.day(CITY, "2026-11-21", {"pm25": "150"})
    corrected.reading("yaojiang", "2026-11-20T08:00:00+08:00", {"conductivity": "300"})
    said = ask(corrected, monkeypatch, "changes", "--from", str(corrected.sequence - 2))
    assert "没有改变指标的读数 readings that change no figure: 1" in said.words
    assert f"姚江 2026-11-20 08:00 迟报（EC —→300，消息 {corrected.sequence}）" in said.words
