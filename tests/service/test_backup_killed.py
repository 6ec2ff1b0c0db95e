"""`kill -9` before each step of a backup and of a restore that changes files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qingchuan.service.manifest import whole_backups
from qingchuan.service.prepare import prepare
from tests.support.backups import Lived, backed_up, dump, files, restored, rows
from tests.support.killed import alone, backup_killed, restore_killed


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    """Three days, two of them sealed."""
    made = Lived(tmp_path / "data", days=3)
    made.seal(2)
    yield made
    made.close()


def test_a_backup_that_is_killed_is_none_and_costs_no_earlier_one(lived: Lived, tmp_path: Path) -> None:
    """There are never fewer than are to be kept, and the next backup clears up."""
    target = tmp_path / "target"
    names = [backed_up(lived.places, target, moment).backup.folder.name for moment in range(2)]
    lived.live()
    lived.seal(3)
    kills, counts = alone(backup_killed, lived.folder, target, 2)
    assert kills == len(counts) > 40
    assert set(counts) == {2, 3}
    assert counts[:35] == [2] * 35
    whole = [backup.folder.name for backup in whole_backups(target)]
    assert len(whole) == 2
    assert names[0] not in whole
    assert {path.name for path in target.iterdir()} == {"backup.lock", *whole}
    restored(whole_backups(target)[-1], tmp_path / "new")
    assert rows(tmp_path / "new") == rows(lived.folder)


def test_a_restore_that_is_killed_is_begun_anew_and_nothing_starts_before_it_is_done(
    lived: Lived, tmp_path: Path
) -> None:
    """At whatever step; in the end all is there."""
    backup = backed_up(lived.places, tmp_path / "target").backup
    before = files(backup.folder)
    kills, refused = alone(restore_killed, tmp_path / "target", tmp_path / "new")
    assert kills > 15
    assert 15 < refused <= kills
    assert prepare(tmp_path / "new").state.exists()
    assert rows(tmp_path / "new") == rows(lived.folder)
    for name in ("observations.sqlite", "state.sqlite"):
        assert dump(tmp_path / "new" / name) == dump(lived.folder / name)
    assert files(backup.folder) == before
