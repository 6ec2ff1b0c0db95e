"""``qingchuan backup`` and ``qingchuan restore`` on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from qingchuan.service.manifest import whole_backups
from tests.support.applying import hour_of
from tests.support.backups import Lived


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    """Four days, two of them sealed."""
    made = Lived(tmp_path / "data")
    made.seal(2)
    yield made
    made.close()


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_a_backup_says_where_it_is_how_far_it_reaches_and_its_head(lived: Lived, tmp_path: Path) -> None:
    """In both languages; and that it would be lost with the disk of the data."""
    code, said = _run("--data", lived.folder, "backup", tmp_path / "target")
    backup = whole_backups(tmp_path / "target")[-1]
    assert code == 0
    assert f"已备份 backed up: {backup.folder}" in said
    assert "截至消息 up to message 19" in said
    assert f"head {lived.journal.head()}" in said
    assert "the backup lies on the disk of the data" in said
    lived.live()
    _, said = _run("--data", lived.folder, "backup", tmp_path / "target", "--keep", "1")
    assert "shared with the one before: 2" in said
    assert f"older ones removed: {backup.folder.name}" in said


def test_a_restore_says_from_when_on_stations_have_to_send_again(lived: Lived, tmp_path: Path) -> None:
    """With the number and the time of the last message, and what the next start will apply."""
    lived.journal.append([hour_of("41", 9)])
    _run("--data", lived.folder, "backup", tmp_path / "target")
    code, said = _run("restore", tmp_path / "target", "--data", tmp_path / "new")
    assert code == 0
    assert "Up to message 20, received at 2026-03-05 08:00:00+08:00." in said
    assert "let stations send\n  again from that time on" in said
    assert "New messages are numbered from 21." in said
    assert "Messages 20 to 20 are applied by the next start." in said
    assert "请站点补发" in said
    assert f"head {lived.journal.head()}" in said
    code, said = _run("--data", tmp_path / "new", "verify")
    assert (code, "whole: 18" in said) == (0, True)


def test_a_restore_over_something_ends_with_1_and_says_what_is_there(lived: Lived, tmp_path: Path) -> None:
    """Without a traceback."""
    _run("--data", lived.folder, "backup", tmp_path / "target")
    code, said = _run("--data", lived.folder, "restore", tmp_path / "target")
    assert code == 1
    assert "is not empty (journal, last-backup.json, observations.sqlite" in said


def test_a_check_says_that_a_backup_is_whole_or_what_is_wrong(lived: Lived, tmp_path: Path) -> None:
    """And a head that is none is refused with its form."""
    _run("--data", lived.folder, "backup", tmp_path / "target")
    code, said = _run("restore", tmp_path / "target", "--check", "--head", str(lived.journal.head()))
    assert (code, "完整 whole" in said, f"head {lived.journal.head()}" in said) == (0, True, True)
    code, said = _run("restore", tmp_path / "target", "--check", "--head", f"2:{'0' * 64}")
    assert (code, "cut or rewritten" in said) == (1, True)
    code, said = _run("restore", tmp_path / "target", "--check", "--head", "2:abc")
    assert (code, "SEQUENCE:HASH" in said) == (2, True)


def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path) -> None:
    """A wrong folder, or no backup in it."""
    code, said = _run("--data", tmp_path, "backup", tmp_path / "target")
    assert (code, "holds no journal" in said) == (1, True)
    code, said = _run("restore", tmp_path)
    assert (code, "holds no backup" in said) == (1, True)
