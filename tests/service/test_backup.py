"""Making backups: what they hold, what they share, and when none is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from qingchuan import __version__
from qingchuan.service import backup as module
from qingchuan.service.manifest import BackupError, read_manifest, whole_backups
from qingchuan.service.places import Places
from qingchuan.service.snapshots import snapshots
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.verify import verify
from tests.support.applying import hour_of
from tests.support.backups import Lived, backed_up, dump, files


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    """Four days, the service still at it, two of them sealed."""
    made = Lived(tmp_path / "data")
    made.seal(2)
    yield made
    made.close()


def test_a_backup_has_all_that_the_service_has_at_that_moment(lived: Lived, tmp_path: Path) -> None:
    """It is laid out as a data directory is."""
    made = backed_up(lived.places, tmp_path / "target")
    copy = Places(made.backup.folder)
    assert made.backup.manifest.head == lived.journal.head()
    assert made.backup.manifest.applied == lived.observations.sequence()
    for name in ("observations.sqlite", "state.sqlite", "journal/journal.sqlite"):
        assert dump(copy.data / name) == dump(lived.places.data / name)
    sealed = files(lived.places.journal / "sealed")
    assert len(sealed) == 2
    assert files(copy.journal / "sealed") == sealed
    journal = JournalReader(copy.journal)
    assert verify(journal).damage == ()
    assert journal.acknowledged() == lived.journal.head()
    journal.close()


def test_the_manifest_names_every_file_with_its_hash_and_the_version(lived: Lived, tmp_path: Path) -> None:
    """And nothing else is there."""
    made = backed_up(lived.places, tmp_path / "target")
    manifest = read_manifest(made.backup.folder)
    assert manifest == made.backup.manifest
    assert {file.path for file in manifest.files} == files(made.backup.folder).keys() - {"manifest.json"}
    assert manifest.time == "2026-11-25T08:00:00.000+08:00"
    assert manifest.version == __version__


def test_a_second_backup_takes_only_what_is_new_of_the_sealed_days(lived: Lived, tmp_path: Path) -> None:
    """The others are the same files, once on the disk."""
    first = backed_up(lived.places, tmp_path / "target")
    lived.live()
    lived.seal(4)
    second = backed_up(lived.places, tmp_path / "target", moment=1)
    assert (first.linked, second.linked) == (0, 2)
    folders = [made.backup.folder / "journal" / "sealed" for made in (first, second)]
    shared = {path.name for path in folders[0].iterdir()}
    assert len(list(folders[1].iterdir())) == 4
    for name in shared:
        assert (folders[0] / name).stat().st_ino == (folders[1] / name).stat().st_ino
    assert {file for file in second.backup.manifest.files if file.path.endswith(tuple(shared))} == {
        file for file in first.backup.manifest.files if "sealed" in file.path
    }


def test_sealed_days_are_copied_where_the_disk_cannot_link(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems have no links."""
    backed_up(lived.places, tmp_path / "target")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    second = backed_up(lived.places, tmp_path / "target", moment=1)
    assert second.linked == 0
    assert files(second.backup.folder / "journal" / "sealed") == files(lived.places.journal / "sealed")


def test_a_sealed_day_that_the_earlier_backup_lost_is_copied_again(lived: Lived, tmp_path: Path) -> None:
    """Somebody has tidied up, or cut it."""
    first = backed_up(lived.places, tmp_path / "target")
    gone, cut = sorted((first.backup.folder / "journal" / "sealed").iterdir())
    gone.unlink()
    cut.write_bytes(b"")
    second = backed_up(lived.places, tmp_path / "target", moment=1)
    assert second.linked == 0
    assert files(second.backup.folder / "journal" / "sealed") == files(lived.places.journal / "sealed")


def test_databases_are_copied_as_they_were_together_whatever_is_written_meanwhile(lived: Lived, tmp_path: Path) -> None:
    """What is applied after that moment is in none of the copies."""
    places, journal = lived.places, lived.places.journal / "journal.sqlite"
    before = {path: dump(path) for path in (places.observations, places.state, journal)}
    with snapshots(journal, places.observations, places.state) as found:
        sequence = lived.observations.sequence()
        lived.live()
        assert found[places.observations].applied == sequence
        for path, snapshot in found.items():
            snapshot.copy(tmp_path / path.name, lambda _: None)
    assert {path: dump(tmp_path / path.name) for path in before} == before
    assert lived.observations.sequence() == sequence + 4


def test_a_day_that_is_sealed_between_two_looks_is_whole_in_the_backup(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the database and in a file then, as after a crash; what came since stands in none."""
    head, write = lived.journal.head(), module._write_head

    def seal_and_go_on(folder: Path) -> object:
        lived.live()
        lived.live()
        lived.seal(6)
        return write(folder)

    monkeypatch.setattr(module, "_write_head", seal_and_go_on)
    made = backed_up(lived.places, tmp_path / "target")
    assert made.backup.manifest.head == head
    journal = JournalReader(made.backup.folder / "journal")
    assert verify(journal).damage == ()
    assert verify(journal).head == head
    assert len(files(lived.places.journal / "sealed")) == 6
    assert len(files(made.backup.folder / "journal" / "sealed")) == 5
    journal.close()


def test_so_many_backups_stay_as_are_to_be_kept(lived: Lived, tmp_path: Path) -> None:
    """The newest; linked files stay for those that have them."""
    target = tmp_path / "target"
    names = [backed_up(lived.places, target, moment).backup.folder.name for moment in range(3)]
    made = backed_up(lived.places, target, 3, keep=2)
    assert made.removed == names[:2]
    assert [backup.folder.name for backup in whole_backups(target)] == [names[2], made.backup.folder.name]
    assert files(made.backup.folder / "journal" / "sealed") == files(lived.places.journal / "sealed")


def test_what_an_interrupted_backup_left_is_removed_by_the_next(lived: Lived, tmp_path: Path) -> None:
    """It is not taken for one."""
    left = tmp_path / "target" / "20261124T000000.000.part"
    left.mkdir(parents=True)
    (left / "manifest.json").write_text("{", encoding="utf-8")
    assert whole_backups(tmp_path / "target") == []
    backed_up(lived.places, tmp_path / "target")
    assert not left.exists()


def test_a_disk_without_room_is_told_before_anything_is_copied(
    lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is left, and what it takes."""
    monkeypatch.setattr(module, "_SPARE", 10**18)
    with pytest.raises(
        BackupError, match=r"MB left on its disk, and the backup takes 1,000,000,000,00\d MB; make room"
    ):
        backed_up(lived.places, tmp_path / "target")
    assert [path.name for path in (tmp_path / "target").iterdir()] == ["backup.lock"]


def test_a_journal_that_lost_what_was_acknowledged_gives_no_backup_that_hides_it(lived: Lived, tmp_path: Path) -> None:
    """Its copy would have a head file that says that all is well."""
    with closing(sqlite3.connect(lived.places.journal / "journal.sqlite", isolation_level=None)) as database:
        database.execute("DELETE FROM batch WHERE sequence = (SELECT max(sequence) FROM batch)")
    with pytest.raises(BackupError, match="the journal is damaged: the head given is"):
        backed_up(lived.places, tmp_path / "target")
    assert whole_backups(tmp_path / "target") == []


def test_a_message_that_was_altered_is_noticed(lived: Lived, tmp_path: Path) -> None:
    """The earlier backups stay, all of them."""
    first = backed_up(lived.places, tmp_path / "target")
    lived.live()
    with closing(sqlite3.connect(lived.places.journal / "journal.sqlite", isolation_level=None)) as database:
        database.execute("UPDATE batch SET received = received + 1 WHERE sequence = (SELECT max(sequence) FROM batch)")
    with pytest.raises(BackupError, match="content or order is not what the chain was made of"):
        backed_up(lived.places, tmp_path / "target", 1, keep=1)
    assert [backup.folder for backup in whole_backups(tmp_path / "target")] == [first.backup.folder]


def test_a_store_that_is_ahead_of_the_journal_gives_no_backup(lived: Lived, tmp_path: Path) -> None:
    """The journal has lost messages, and its head file too."""
    with closing(sqlite3.connect(lived.places.observations, isolation_level=None)) as database:
        database.execute("UPDATE progress SET sequence = sequence + 1")
    with pytest.raises(BackupError, match="the store has come to message 20, the journal ends with message 19"):
        backed_up(lived.places, tmp_path / "target")


def test_backups_of_another_journal_are_not_mixed_with_ours(lived: Lived, tmp_path: Path) -> None:
    """The same names of files would stand for other messages."""
    other = Lived(tmp_path / "other", days=1)
    other.take(hour_of("99"))
    backed_up(other.places, tmp_path / "target")
    other.close()
    with pytest.raises(BackupError, match="does not have: it is of another journal, or this one was cut or replaced"):
        backed_up(lived.places, tmp_path / "target", 1, keep=1)
    assert len(whole_backups(tmp_path / "target")) == 1


def test_a_backup_that_cannot_be_read_does_not_keep_another_from_being_made(lived: Lived, tmp_path: Path) -> None:
    """A damaged manifest is no reason to be without a backup."""
    first = backed_up(lived.places, tmp_path / "target")
    (first.backup.folder / "manifest.json").write_bytes(b"{")
    second = backed_up(lived.places, tmp_path / "target", 1)
    assert [backup.folder for backup in whole_backups(tmp_path / "target")] == [second.backup.folder]


def test_a_folder_without_a_journal_is_named(tmp_path: Path) -> None:
    """Most often it is the wrong one."""
    with pytest.raises(BackupError, match="holds no journal; give the folder of the data"):
        backed_up(Places(tmp_path), tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_backup_of_the_first_moment_has_no_message(tmp_path: Path) -> None:
    """The service was started, and nothing more."""
    made = Places(tmp_path / "data")
    JournalReader(made.journal).close()
    backup = backed_up(made, tmp_path / "target").backup
    assert (backup.manifest.sequence, backup.manifest.applied) == (0, None)
    assert read_manifest(backup.folder).head == backup.manifest.head
