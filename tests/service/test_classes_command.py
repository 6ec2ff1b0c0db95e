"""``qingchuan classes``: classes of sections, what decides them, and whether they got worse."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from qingchuan.store.subjects import Name, Section
from tests.api.water import fill
from tests.api.world import World
from tests.service.asking import answered, ask

BAD = {"tp": "0.25"}
"""Class Ⅳ of a river."""


@pytest.fixture
def worse(world: World) -> World:
    """A river that was clean in October and on 20 to 22 November, and is not since; a lake without readings."""
    fill(world, "yaojiang", "2026-10-30", "2026-10-31", {})
    fill(world, "yaojiang", "2026-11-20", "2026-11-22", {})
    fill(world, "yaojiang", "2026-11-23", "2026-11-24", BAD)
    return world


def test_a_section_that_fell_stands_with_what_decides_it_and_its_target(
    worse: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From Ⅱ on the 22nd to Ⅳ on the 23rd, where Ⅲ is wanted."""
    said = ask(worse, monkeypatch, "classes", "--day", "2026-11-23")
    assert said.code == 0
    assert said.row("yaojiang") == ["yaojiang", "姚江", "Ⅳ", "TP", "Ⅱ", "下降2", "Ⅲ", "未达标"]
    for word in ("worse 2", "missed", "Yao River gate", "2026-11-23"):
        assert word in said.out


def test_a_section_that_stayed_says_so(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ⅳ on both days."""
    said = ask(worse, monkeypatch, "classes", "--day", "2026-11-24")
    assert said.row("yaojiang")[4:6] == ["Ⅳ", "持平"]


def test_a_section_that_got_better_says_so(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clean again on the 25th, and the target is met."""
    worse.clock.time = "2026-11-26T08:00:00+08:00"
    fill(worse, "yaojiang", "2026-11-25", "2026-11-25", {})
    said = ask(worse, monkeypatch, "classes", "--day", "2026-11-25")
    assert said.row("yaojiang") == ["yaojiang", "姚江", "Ⅱ", "TP", "Ⅳ", "上升2", "Ⅲ", "达标"]


def test_a_section_without_readings_has_dashes(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No class, no change, no target."""
    assert ask(worse, monkeypatch, "classes", "--day", "2026-11-24").row("dongqian") == [
        *("dongqian", "东钱湖", "–", "–", "–"),
    ]


def test_without_a_period_it_is_the_month_in_progress(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mean of phosphorus, 0.13 mg/L, makes class Ⅲ; October was Ⅱ."""
    said = ask(worse, monkeypatch, "classes")
    assert "2026-11-01 … 2026-11-24" in said.out
    assert said.row("yaojiang")[2:6] == ["Ⅲ", "TP", "Ⅱ", "下降1"]


def test_on_the_first_of_a_month_it_is_the_month_that_is_over(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the new one no day is over."""
    worse.clock.time = "2026-12-01T08:00:00+08:00"
    assert "2026-11-01 … 2026-11-30" in ask(worse, monkeypatch, "classes").out


def test_a_period_that_has_not_begun_says_so(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is not over, and December has no day yet."""
    said = ask(worse, monkeypatch, "classes", "--day", "2026-11-25")
    assert "尚无已结束的日 no day is over" in said.out
    assert said.row("yaojiang")[2] == "–"
    assert ask(worse, monkeypatch, "classes", "--month", "2026-12").out == "该时段尚未开始 The period has not begun.\n"


def test_an_id_stays_whole_and_a_name_goes_on_in_the_next_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken from the screen into the next command; in a file the name has its line too."""
    long, name = "ningbo-beihu-zhongxin-north-gate-2", Name("北湖中心北闸", "Centre of the North Lake, northern gate")
    world.announce({long: Section(name, "lake", city="330200", target_class=3)})
    fill(world, long, "2026-11-20", "2026-11-22", {})
    for command in ("classes", "stations"):
        said = ask(world, monkeypatch, command)
        assert long in said.out.split()
        assert name.en not in said.out
        assert name.en in ask(world, monkeypatch, command, width=None).out


def test_editions_and_simulated_data_are_told(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere."""
    said = ask(worse, monkeypatch, "classes")
    for word in ("GB 3838—2002", "环办〔2011〕22号", "模拟 simulated", "断面水质类别 Classes of sections"):
        assert word in said.words


def test_only_the_sections_that_are_named_are_shown(worse: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which they are named."""
    said = ask(worse, monkeypatch, "classes", "yaojiang")
    assert "dongqian" not in said.out
    both = ask(worse, monkeypatch, "classes", "yaojiang", "dongqian")
    assert both.out.index("yaojiang") < both.out.index("dongqian")


def test_a_section_that_is_not_known_is_named_with_those_that_are(
    worse: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is shown of the others."""
    said = ask(worse, monkeypatch, "classes", "yaojiang", "yaojing")
    assert (said.code, said.out) == (1, "")
    assert "'yaojing'" in said.err
    assert "dongqian, yaojiang" in said.err


def test_json_has_a_line_for_each_section_as_the_interface_answers(
    worse: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """About the month and the one before."""
    said = ask(worse, monkeypatch, "classes", "--month", "2026-11", "--json")
    lines = [msgspec.json.decode(line) for line in said.out.splitlines()]
    query = {"start": "2026-10-31", "end": "2026-12-01", "by": "month"}
    assert lines == [answered(worse, f"sections/{name}/periods", **query) for name in ("dongqian", "yaojiang")]
    assert [period["start"] for period in lines[1]["periods"]] == ["2026-10-01", "2026-11-01"]


def test_nobody_to_show_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data directory may hold the air alone."""
    empty = World(tmp_path)
    said = ask(empty, monkeypatch, "classes")
    empty.close()
    assert (said.code, "没有断面 No section has announced itself." in said.out) == (0, True)
