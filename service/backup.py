"""Making a backup of a data directory, while the service runs or without it.

A backup is a folder that is laid out as a data directory is, with a manifest. Sealed days of the journal never change:
a later backup links those that the one before it has. Of observations in InfluxDB it has none: points and ledger are
only right together, and both are made again from the journal.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

import qingchuan
from qingchuan.processing.periods import BEIJING
from qingchuan.service.backup_draft import Draft, shared
from qingchuan.service.backup_note import Note, write_note
from qingchuan.service.lock import AlreadyCollectingError, only_one
from qingchuan.service.manifest import (
    UNFINISHED,
    Backup,
    BackupError,
    copy_file,
    digest_of,
    manifest_of,
    whole_backups,
    write_manifest,
)
from qingchuan.service.places import Places
from qingchuan.service.progress import copying, progress_bar
from qingchuan.service.snapshots import Snapshot, snapshots
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.head import EMPTY, Head, HeadFile, sync
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.sealed import SealedFiles
from qingchuan.store.verify import verify

_MEGABYTE = 1_000_000
_SPARE = 10 * _MEGABYTE
"""What has to be left beside a backup. [B]"""
_LOCK = "backup.lock"
_NO_END = 1 << 62


@dataclass(frozen=True)
class Made:
    """What came of making a backup.

    Attributes
    ----------
    backup : Backup
    linked : int
        Sealed files that it shares with the backup before it.
    removed : list of str
        Older backups that were removed.
    same_disk : bool
        Whether it lies on the disk of the data, and is lost with that.
    without_store : bool
        Whether observations are left out: they lie in InfluxDB.
    """

    backup: Backup
    linked: int
    removed: list[str]
    same_disk: bool
    without_store: bool


def back_up(places: Places, target: Path, now: Callable[[], int], console: Console, keep: int | None = None) -> Made:
    """Make a backup in a folder of its own below `target`, consistent at one sequence.

    Parameters
    ----------
    places : Places
        Of a data directory that the service has used; it may be running.
    target : Path
        Made if it is not there; holds backups of one journal.
    now : callable
        The time. [µs since 1970-01-01 UTC]
    console : rich.console.Console
        Has the progress bars.
    keep : int or None
        So many backups stay, this one included; None: all.

    Raises
    ------
    BackupError
        It cannot be made, or would not be one to rely on. What is there of it is recognised, and removed by the next.
    """
    if not _journal_of(places).exists():
        raise BackupError(f"{places.data} holds no journal; give the folder of the data with --data or QINGCHUAN_DATA")
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            for left in target.glob(f"*{UNFINISHED}"):
                shutil.rmtree(left)
            backup, linked = _make(places, target, now(), console)
            removed = _remove_older(target, keep)
            write_note(Note(backup.manifest.time, str(backup.folder.absolute())), places.last_backup)
    except (OSError, sqlite3.Error, JournalDamagedError) as error:
        raise BackupError(f"no backup was made in {target}: {error}") from error
    same = target.stat().st_dev == places.data.stat().st_dev
    return Made(backup, linked, removed, same, places.ledger.exists())


def _make(places: Places, target: Path, moment: int, console: Console) -> tuple[Backup, int]:
    last = next(reversed(whole_backups(target)), None)
    acknowledged = _acknowledged(places, last, target)
    time = datetime.fromtimestamp(moment / 1e6, BEIJING)
    folder = target / f"{time:%Y%m%dT%H%M%S}.{time.microsecond // 1000:03}{UNFINISHED}"
    observations = None if places.ledger.exists() else places.observations
    with snapshots(_journal_of(places), observations, places.state) as found:
        total = sum(snapshot.size for snapshot in found.values()) + _new_of_sealed(places, last)
        _check_room(target, total)
        folder.mkdir()
        with copying("备份 Backup", total, console) as told:
            draft = Draft(folder, last, told)
            applied = found[places.observations].applied if places.observations in found else None
            head = _copy(draft, places, found)
    _check(draft, acknowledged, applied, console)
    draft.sync()
    manifest = manifest_of(qingchuan.__version__, time.isoformat(timespec="milliseconds"), head, applied, draft.files)
    write_manifest(manifest, folder)
    whole = folder.rename(folder.with_suffix(""))
    sync(target)
    return Backup(whole, manifest), draft.linked


def _copy(draft: Draft, places: Places, found: Mapping[Path, Snapshot]) -> Head:
    """Put all files into `draft`, the journal first; where that ends."""
    path = str(_journal_of(places).relative_to(places.data))
    draft.add_snapshot(path, found[_journal_of(places)])
    head = _write_head(draft.place(path).parent)
    draft.add("journal/head", digest_of(draft.place("journal/head")))
    # A day that is sealed meanwhile stands in both; what was received since stands in none.
    for sealed in SealedFiles(places.journal / "sealed").up_to(head.sequence):
        draft.add_file(f"journal/sealed/{sealed.name}", sealed)
    for database in (places.state, places.observations):
        if database in found:
            draft.add_snapshot(database.name, found[database])
    if places.demo.exists():
        draft.add(places.demo.name, copy_file(places.demo, draft.place(places.demo.name), draft.told))
    return head


def _write_head(folder: Path) -> Head:
    """Give the copy of a journal in `folder` the head file that belongs to it; what that says."""
    journal = JournalReader(folder)
    head = journal.head()
    journal.close()
    file = HeadFile(folder / "head")
    file.write(head)
    file.close()
    return head


def _check(draft: Draft, acknowledged: Head, applied: int | None, console: Console) -> None:
    """Make sure that the chain of the copy holds, as far as that was not done for the backup before it."""
    since = draft.last.manifest.head if draft.last else EMPTY
    journal = JournalReader(draft.folder / "journal")
    last = journal.head().sequence
    with progress_bar("校验 Verify", last, console, stays=False) as done:
        damage = verify(journal, [acknowledged], done, since).damage
    journal.close()
    if applied is not None and applied > last:
        damage = (*damage, f"the store has come to message {applied}, the journal ends with message {last}")
    if damage:
        advice = "no backup was made of it, and the earlier ones are as they were; see `qingchuan verify`"
        raise BackupError(f"the journal is damaged: {damage[0]}; {advice}")


def _acknowledged(places: Places, last: Backup | None, target: Path) -> Head:
    """What the head file says, which the copy has to hold; `last` has to be of the same journal."""
    journal = JournalReader(places.journal)
    try:
        if last is not None and not journal.holds(last.manifest.head):
            message = (
                f"{last.folder} ends with message {last.manifest.sequence}, which the journal in {places.data} does "
                "not have: it is of another journal, or this one was cut or replaced since. Look into that first "
                f"(qingchuan verify --head {last.manifest.head}); then give this one another folder than {target}"
            )
            raise BackupError(message)
        return journal.acknowledged()
    finally:
        journal.close()


def _new_of_sealed(places: Places, last: Backup | None) -> int:
    """How much of the sealed files is to be copied [B]."""
    sizes = {path.name: path.stat().st_size for path in SealedFiles(places.journal / "sealed").up_to(_NO_END)}
    return sum(size for name, size in sizes.items() if shared(last, f"journal/sealed/{name}", size) is None)


def _check_room(target: Path, total: int) -> None:
    disk = os.statvfs(target)
    free = disk.f_bavail * disk.f_frsize
    if free < total + _SPARE:
        message = (
            f"{target} has {free / _MEGABYTE:,.0f} MB left on its disk, and the backup takes "
            f"{(total + _SPARE) / _MEGABYTE:,.0f} MB; make room, keep fewer (--keep), or give another folder"
        )
        raise BackupError(message)


def _remove_older(target: Path, keep: int | None) -> list[str]:
    """Remove all but the newest `keep` backups; one that is removed in part is not taken for a whole one."""
    older = [] if keep is None else [backup.folder for backup in whole_backups(target)[:-keep]]
    for folder in older:
        shutil.rmtree(folder.rename(folder.with_name(folder.name + UNFINISHED)))
    return [folder.name for folder in older]


def _journal_of(places: Places) -> Path:
    return places.journal / "journal.sqlite"


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    try:
        with only_one(target / _LOCK):
            yield
    except AlreadyCollectingError as error:
        raise BackupError(f"another backup is made in {target} now; wait until that is done") from error
