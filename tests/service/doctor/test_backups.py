"""Whether the doctor says how long ago the last backup was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qingchuan.service.backup_note import Note, read_note, write_note
from qingchuan.service.doctor.checks import examine
from qingchuan.service.places import Places
from tests.support.backups import Lived, backed_up
from tests.support.examining import look, not_tried, patient_of


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    """A data directory that has lived for some days."""
    made = Lived(tmp_path / "data")
    yield made
    made.close()


def test_data_that_were_never_backed_up_are_told_with_how_to_do_it(lived: Lived) -> None:
    """Each way out of it is named."""
    with patient_of(lived.folder) as patient:
        finding = look("backup-age", patient)
    assert (finding.verdict, finding.saw.en) == ("notice", "there never was a backup")
    assert finding.advice is not None
    assert "qingchuan backup" in finding.advice.en


def test_a_backup_leaves_a_note_of_its_time_and_place(lived: Lived, tmp_path: Path) -> None:
    """The next one replaces it; what it says is what the manifest says."""
    for moment in (0, 1000):
        made = backed_up(lived.places, tmp_path / "target", moment)
        assert read_note(lived.places.last_backup) == Note(made.backup.manifest.time, str(made.backup.folder))
    assert not list(lived.folder.glob("*.part"))


@pytest.mark.parametrize(
    ("days", "warn_after", "verdict"), [(0, 7, "ok"), (6.9, 7, "ok"), (7.1, 7, "notice"), (7.1, 30, "ok")]
)
def test_an_old_backup_is_told_after_the_days_of_the_settings(
    lived: Lived, days: float, warn_after: int, verdict: str
) -> None:
    """Both sides of the limit."""
    time = datetime.now(UTC) - timedelta(days=days)
    write_note(Note(time.isoformat(), "/mnt/backup"), lived.places.last_backup)
    with patient_of(lived.folder, {"backup.warn_after": warn_after}) as patient:
        finding = look("backup-age", patient)
    assert finding.verdict == verdict
    assert ("7 days ago" in finding.saw.en) == (verdict == "notice")


def test_a_note_that_cannot_be_read_counts_as_none(lived: Lived) -> None:
    """Somebody may have written into it."""
    lived.places.last_backup.write_text("yesterday", encoding="utf-8")
    with patient_of(lived.folder) as patient:
        assert look("backup-age", patient).verdict == "notice"


def test_without_data_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    """A folder that nobody has used yet."""
    with patient_of(tmp_path) as patient:
        assert "backup-age" in not_tried(examine(patient))
    assert read_note(Places(tmp_path).last_backup) is None
