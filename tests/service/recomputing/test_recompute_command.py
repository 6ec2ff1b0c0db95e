"""``qingchuan recompute``: what it says, and where it writes."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from tests.service.asking import Said, ask
from tests.support.month import Stores
from tests.support.recomputed import RECEIVED, contents

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")


@pytest.fixture
def asked(filled: Stores, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a function
    """What the command says, on 2 April 2026."""

    def said(*arguments: str) -> Said:
        world: Any = SimpleNamespace(folder=filled.folder, clock=lambda: RECEIVED * 1_000_000)
        return ask(world, monkeypatch, "recompute", *arguments, width=None)

    return said


def test_a_month_goes_into_the_folder_that_is_named(asked: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a function
    """From the first day to the last, both of them; it says for whom, and as of which message."""
    said = asked(*MARCH, "--out", str(tmp_path))
    assert said.code == 0, said.err
    assert "168 城市 cities, 5 站点 stations, 31 天 days; 3/3 块本次计算 blocks computed now" in said.out
    plan = msgspec.json.decode((tmp_path / "manifest.json").read_bytes())["plan"]
    assert (plan["start"], plan["end"]) == ("2026-03-01", "2026-04-01")
    assert f"As of message {plan['sequence']}" in said.out
    assert "已经算完 It was complete already." in asked(*MARCH, "--out", str(tmp_path)).out


def test_without_a_folder_it_is_one_of_the_data(asked: Any, filled: Stores) -> None:  # noqa: ANN401 - a function
    """Named by the first day and the last."""
    assert asked("--from", "2026-03-30", "--to", "2026-03-31").code == 0
    assert (filled.folder / "recomputed" / "2026-03-30_2026-03-31" / "ranks_of_months.csv").exists()


def test_what_differs_from_another_folder_is_said(asked: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a function
    """Nothing does; of other days all rows do."""
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    asked("--from", "2026-03-01", "--to", "2026-03-05", "--out", there)
    same = asked("--from", "2026-03-01", "--to", "2026-03-05", "--out", here, "--compare", there)
    assert "没有不同 nothing differs" in same.out
    said = asked("--from", "2026-03-02", "--to", "2026-03-06", "--out", str(tmp_path / "other"), "--compare", there)
    assert (
        "不同 differs: days_of_cities.csv: 只在旧 only there 168, 只在新 only here 168, 内容不同 changed 0" in said.out
    )
    nowhere = asked("--from", "2026-03-01", "--to", "2026-03-05", "--out", here, "--compare", str(tmp_path / "none"))
    assert (nowhere.code, "has no complete results" in nowhere.err) == (1, True)


def test_days_that_are_not_over_are_a_wrong_call(asked: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a function
    """So is no day at all; nothing is written."""
    said = asked("--from", "2026-03-01", "--to", "2026-04-02", "--out", str(tmp_path / "out"))
    assert (said.code, "a day that is over would do" in said.err) == (2, True)
    said = asked("--out", str(tmp_path / "out"))
    assert (said.code, "--from and --to are not given" in said.err) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_named(asked: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a function
    """It stays as it is."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    said = asked(*MARCH, "--out", str(tmp_path))
    assert (said.code, "has other files" in said.err) == (1, True)
    assert set(contents(tmp_path)) <= {".lock", "mine.txt"}


def test_without_dask_a_scheduler_is_an_error_that_says_how_to_get_it(asked: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a function
    """The exit status says that nothing was computed."""
    with patch.dict(sys.modules, {"distributed": None}):
        said = asked(*MARCH, "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:1")
    assert (said.code, "pip install 'qingchuan[cluster]'" in said.err) == (1, True)
