"""Restoring backups: what comes back, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from qingchuan.service import restoring as module
from qingchuan.service.lock import only_one
from qingchuan.service.manifest import Backup, BackupError, File, read_manifest, write_manifest
from qingchuan.service.places import DataFolderError, Places, existing, make_folder
from qingchuan.service.prepare import prepare
from qingchuan.service.restoring import backup_at, check
from qingchuan.store.head import Head
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.verify import verify
from tests.support.applying import Bench, hour_of, nothing_waits
from tests.support.backups import Lived, backed_up, dump, files, quiet, restored, rows

NAMES = ("observations.sqlite", "state.sqlite")


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    """Four days, two of them sealed."""
    made = Lived(tmp_path / "data")
    made.seal(2)
    yield made
    made.close()


@pytest.fixture
def backup(lived: Lived, tmp_path: Path) -> Backup:
    """Of those."""
    return backed_up(lived.places, tmp_path / "target").backup


def test_everything_comes_back(lived: Lived, backup: Backup, tmp_path: Path) -> None:
    """To the byte of each value, and the folder holds nothing else."""
    told = restored(backup, tmp_path / "new")
    data = tmp_path / "new"
    assert (told.backup, told.next) == (backup, lived.journal.head().sequence + 1)
    assert told.received == lived.received
    for name in NAMES:
        assert dump(data / name) == dump(lived.places.data / name)
    assert rows(data) == rows(lived.places.data)
    assert files(data / "journal" / "sealed") == files(lived.places.journal / "sealed")
    assert {path.name for path in data.iterdir()} == {"journal", *NAMES, "collector.lock"}


def test_what_is_restored_does_not_share_files_with_the_backup(backup: Backup, tmp_path: Path) -> None:
    """Or damage to one would be damage to both."""
    restored(backup, tmp_path / "new")
    assert {path.stat().st_nlink for path in (tmp_path / "new").rglob("*") if path.is_file()} == {1}


def test_a_start_applies_what_is_in_the_journal_and_not_in_the_store(lived: Lived, tmp_path: Path) -> None:
    """The backup is taken while messages wait; afterwards the store is as if nothing had happened."""
    lived.journal.append([hour_of("41", 9), hour_of("42", 9)])
    backup = backed_up(lived.places, tmp_path / "target").backup
    assert backup.manifest.applied == backup.manifest.sequence - 2
    restored(backup, tmp_path / "new")
    again = Bench(tmp_path / "new")
    for bench in (again, lived):
        while bench.applier.step():
            pass
        assert nothing_waits(bench)
    again.close()
    for name in NAMES:
        assert dump(tmp_path / "new" / name) == dump(lived.places.data / name)


def test_what_stations_send_again_is_a_duplicate_and_what_is_new_goes_on_behind(
    lived: Lived, backup: Backup, tmp_path: Path
) -> None:
    """As it is told to them."""
    restored(backup, tmp_path / "new")
    again = Bench(tmp_path / "new")
    before = again.observations.tally()
    again.received = lived.received
    again.take(hour_of("24", 4), hour_of("50", 5))
    after = again.observations.tally()
    assert (after.duplicate - before.duplicate, after.applied - before.applied) == (1, 1)
    assert again.journal.head().sequence == backup.manifest.sequence + 2
    again.close()


def test_numbers_that_somebody_has_seen_are_not_used_again(backup: Backup, tmp_path: Path) -> None:
    """The journal says what is lost, and is whole nevertheless."""
    told = restored(backup, tmp_path / "new", seen=1000)
    assert told.next == 1002
    journal = JournalReader(tmp_path / "new" / "journal")
    assert verify(journal).damage == ()
    (loss,) = journal.read(backup.manifest.sequence)
    journal.close()
    assert (loss.sequence, loss.messages[0].kind) == (1001, "loss")
    assert f"ends with message {backup.manifest.sequence}, but message 1000 had" in loss.messages[0].payload.decode()
    again = Bench(tmp_path / "new")
    again.take(hour_of("51", 5))
    assert nothing_waits(again)
    assert again.observations.sequence() == 1002
    again.close()


def test_a_number_within_the_backup_changes_nothing(backup: Backup, tmp_path: Path) -> None:
    """Nothing is lost then."""
    assert restored(backup, tmp_path / "new", seen=backup.manifest.sequence).next == backup.manifest.sequence + 1


def test_nothing_is_ever_overwritten(backup: Backup, tmp_path: Path) -> None:
    """Not even a file that is not ours."""
    data = tmp_path / "new"
    data.mkdir()
    (data / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BackupError, match=r"is not empty \(notes.txt\), and nothing is overwritten; move that away"):
        restored(backup, data)
    assert {path.name for path in data.iterdir()} == {"notes.txt"}


def test_a_folder_with_nothing_but_locks_is_empty(backup: Backup, tmp_path: Path) -> None:
    """They stay where data are moved away; a disk of its own has a folder for what is found."""
    data = tmp_path / "new"
    (data / "lost+found").mkdir(parents=True)
    for name in ("collector.lock", "standby.lock", "import.lock"):
        (data / name).touch()
    restored(backup, data)
    assert existing(data).state.exists()


def test_a_collector_that_waits_there_is_noticed(backup: Backup, tmp_path: Path) -> None:
    """Though it has made nothing yet but its lock."""
    data = tmp_path / "new"
    data.mkdir()
    with (
        only_one(Places(data).lock),
        pytest.raises(BackupError, match=r"the service runs on .*, process \d+; stop it"),
    ):
        restored(backup, data)


def test_a_lock_that_the_system_does_not_tell_of_is_noticed_too(
    backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container it may not."""
    data = tmp_path / "new"
    data.mkdir()
    monkeypatch.setattr(module, "holders", lambda _: [])
    with only_one(Places(data).lock), pytest.raises(BackupError, match="the service runs on"):
        restored(backup, data)


def test_a_file_that_is_not_what_was_backed_up_is_refused(backup: Backup, tmp_path: Path) -> None:
    """Each of them; afterwards nothing starts on what is there, and a good backup can be restored."""
    good = tmp_path / "good"
    shutil.copytree(backup.folder, good)
    for file in backup.manifest.files:
        path = backup.folder / file.path
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(BackupError, match="is not what was backed up: its SHA-256 is"):
            restored(backup, tmp_path / "new")
        with pytest.raises(BackupError, match="is not what was backed up"):
            check(backup, quiet())
        path.write_bytes(content)
    with pytest.raises(DataFolderError, match=r"a backup is being restored into .*, or was not to its end"):
        prepare(tmp_path / "new")
    restored(backup_at(good), tmp_path / "new")
    assert prepare(tmp_path / "new").state.exists()


def test_a_file_that_is_gone_is_named(backup: Backup, tmp_path: Path) -> None:
    """With the backup that it was part of."""
    (backup.folder / "state.sqlite").unlink()
    with pytest.raises(BackupError, match=r"was not restored into .*state.sqlite"):
        restored(backup, tmp_path / "new")
    with pytest.raises(BackupError, match=r"cannot be read: .*state.sqlite"):
        check(backup, quiet())


def test_a_journal_whose_chain_does_not_hold_is_refused(lived: Lived, backup: Backup, tmp_path: Path) -> None:
    """Though its hash is in the manifest: whoever forges a file forges that too, and not the heads that left."""
    other = Lived(tmp_path / "other", days=1)
    forged = backed_up(other.places, tmp_path / "forged").backup
    other.close()
    with pytest.raises(BackupError, match="the head given is"):
        check(forged, quiet(), [backup.manifest.head])
    manifest = msgspec.structs.replace(forged.manifest, hash=lived.journal.head().hash.hex())
    write_manifest(manifest, forged.folder)
    with pytest.raises(BackupError, match=r"ends with .*, its manifest says .*; take another backup"):
        restored(backup_at(forged.folder), tmp_path / "new")


def test_a_check_tells_the_same_and_writes_nothing(lived: Lived, backup: Backup) -> None:
    """The backup is as it was, to the byte."""
    before = files(backup.folder)
    told = check(backup, quiet(), [lived.journal.head()])
    assert (told.received, told.next) == (lived.received, backup.manifest.sequence + 1)
    assert files(backup.folder) == before
    with pytest.raises(BackupError, match="the head given is 3:"):
        check(backup, quiet(), [Head(3, bytes(32))])


def test_the_newest_whole_backup_of_several_is_taken(lived: Lived, backup: Backup, tmp_path: Path) -> None:
    """One that was not finished, or that cannot be read, is none."""
    lived.live()
    second = backed_up(lived.places, tmp_path / "target", 1).backup
    lived.live()
    third = backed_up(lived.places, tmp_path / "target", 2).backup
    (third.folder / "manifest.json").unlink()
    assert backup_at(tmp_path / "target") == second
    assert backup_at(backup.folder) == backup
    with pytest.raises(BackupError, match=r"has no manifest.json, which is written last: that backup was not finished"):
        backup_at(third.folder)
    part = second.folder.rename(tmp_path / "target" / "20261125T080000.001.part")
    with pytest.raises(BackupError, match="was not finished; take another backup"):
        backup_at(part)
    assert backup_at(tmp_path / "target") == backup


def test_a_folder_without_a_backup_says_what_there_is(tmp_path: Path) -> None:
    """Or that there is nothing."""
    with pytest.raises(BackupError, match=r"holds no backup; give the folder that `qingchuan backup` was given"):
        backup_at(tmp_path)
    (tmp_path / "20261125T080000.001.part").mkdir()
    with pytest.raises(BackupError, match=r"holds no backup, only what was not finished: 20261125T080000.001.part;"):
        backup_at(tmp_path)


def test_a_backup_of_a_newer_program_is_refused(backup: Backup) -> None:
    """Whatever else it may say."""
    (backup.folder / "manifest.json").write_text('{"format": 2, "new": true}', encoding="utf-8")
    with pytest.raises(BackupError, match="has format 2; this program reads formats up to 1: use a newer one"):
        read_manifest(backup.folder)


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "journal/../../outside", "collector.lock", ""])
def test_a_manifest_that_names_other_files_is_refused(backup: Backup, tmp_path: Path, path: str) -> None:
    """We have not written it."""
    manifest = msgspec.structs.replace(backup.manifest, files=(File(path, 1, "0" * 64),))
    write_manifest(manifest, backup.folder)
    with pytest.raises(BackupError, match="which no backup has"):
        restored(backup_at(backup.folder), tmp_path / "new")


def test_a_disk_without_room_is_told_before_anything_is_copied(
    backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder stays empty."""
    monkeypatch.setattr(module, "_SPARE", 10**18)
    with pytest.raises(
        BackupError, match=r"MB left on its disk, and the backup takes 1,000,000,000,00\d MB; make room"
    ):
        restored(backup, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["collector.lock"]


def test_nothing_starts_in_the_middle_of_a_restore(tmp_path: Path) -> None:
    """Not even a command that reads."""
    Places(tmp_path).restoring.mkdir()
    with pytest.raises(DataFolderError, match="restore it again"):
        make_folder(tmp_path)
    with pytest.raises(DataFolderError, match="restore it again"):
        prepare(existing(tmp_path).data)


def test_the_data_of_a_demo_stay_the_data_of_a_demo(lived: Lived, tmp_path: Path) -> None:
    """Real readings must not come among them."""
    lived.places.demo.write_text("{}", encoding="utf-8")
    restored(backed_up(lived.places, tmp_path / "target").backup, tmp_path / "new")
    assert Places(tmp_path / "new").demo.read_text(encoding="utf-8") == "{}"
