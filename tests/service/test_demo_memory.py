"""What a demo remembers from one start to the next."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from qingchuan.service.demo_memory import Memory, recall, remember
from qingchuan.simulators.incident import soon_after

NOW = 1_795_564_800


def test_a_first_start_has_told_nothing_and_chooses_its_incident(tmp_path: Path) -> None:
    """It begins soon after now."""
    assert recall(tmp_path / "demo.json", NOW) == Memory(soon_after(NOW), stations=None, country=None)


def test_a_later_start_remembers_all_of_it(tmp_path: Path) -> None:
    """Whatever the time is then."""
    told = Memory(soon_after(NOW), stations=NOW + 60, country=NOW + 30)
    remember(told, tmp_path / "demo.json")
    assert recall(tmp_path / "demo.json", NOW + 86_400) == told


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    """It is written whole or not at all, also over an older one."""
    for _ in range(2):
        remember(Memory(soon_after(NOW)), tmp_path / "demo.json")
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


def test_a_file_that_is_no_memory_is_not_overlooked(tmp_path: Path) -> None:
    """An unknown field is an error."""
    (tmp_path / "demo.json").write_text('{"stations": 1}', encoding="utf-8")
    with pytest.raises(msgspec.ValidationError, match="incident"):
        recall(tmp_path / "demo.json", NOW)
