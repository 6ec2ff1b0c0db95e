"""Putting a backup back into an empty data directory, after checking every file of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from rich.console import Console

from qingchuan.service.lock import AlreadyCollectingError, holders, only_one
from qingchuan.service.manifest import (
    UNFINISHED,
    Backup,
    BackupError,
    File,
    copy_file,
    digest_of,
    read_manifest,
    whole_backups,
)
from qingchuan.service.places import Places
from qingchuan.service.progress import copying, progress_bar
from qingchuan.service.rebuilding import RebuildError
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.head import Head, sync
from qingchuan.store.journal import Journal, Known
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.verify import verify

_MEGABYTE = 1_000_000
_SPARE = 10 * _MEGABYTE
"""What has to be left beside the data. [B]"""
_RESTORED = ("journal", "observations.sqlite", "state.sqlite", "demo.json")
"""What backups have; also how the names of the files begin that SQLite keeps beside its own."""
_REMADE = ("ledger.sqlite", "cube")
"""What may be made beside it; in the same way."""
_HARMLESS = (
    "collector.lock",
    "standby.lock",
    "gateway.lock",
    "import.lock",
    "pages.lock",
    "schedule.lock",
    "upgrade.lock",
    "restoring",
    "lost+found",
)
"""What an empty folder may have."""


@dataclass(frozen=True)
class Restored:
    """What a data directory has after it was restored.

    Attributes
    ----------
    backup : Backup
    received : int or None
        When the last message in it was received; None where there is none. [µs since 1970-01-01 UTC]
    next : int
        The number that the next message is given.
    remade : bool
        Whether the backup has no store, and store and state were made again from the journal.
    """

    backup: Backup
    received: int | None
    next: int
    remade: bool = False


def backup_at(source: Path) -> Backup:
    """The backup at `source`: a backup itself, or the newest whole one in a folder of them.

    Raises
    ------
    BackupError
        There is none, or it was not finished.
    """
    if source.suffix == UNFINISHED or (source / "journal").exists():
        if source.suffix == UNFINISHED:
            raise BackupError(f"{source} was not finished; take another backup")
        return Backup(source, read_manifest(source))
    if (newest := next(reversed(whole_backups(source)), None)) is not None:
        return newest
    unfinished = sorted(path.name for path in source.glob(f"*{UNFINISHED}"))
    more = f", only what was not finished: {', '.join(unfinished)}" if unfinished else ""
    raise BackupError(f"{source} holds no backup{more}; give the folder that `qingchuan backup` was given")


def restore(
    backup: Backup,
    places: Places,
    console: Console,
    now: Callable[[], int],
    remake: Callable[[Places], object],
    heads: Sequence[Head] = (),
    seen: int = 0,
) -> Restored:
    """Put `backup` into an empty data directory, after every file and the whole chain were checked.

    A backup without a store is of data whose observations lie in InfluxDB: it is made again from the journal.

    Until all is there nothing starts on the directory; a restore that was interrupted is begun anew by the next one.

    Parameters
    ----------
    backup : Backup
    places : Places
        Of the data directory; made if it is not there.
    console : rich.console.Console
        Has the progress bars.
    now : callable
        The time. [µs since 1970-01-01 UTC]
    remake : callable
        Makes the store of a data directory again from its journal, and what of its state follows from that.
    heads : sequence of Head
        Heads that left the machine, which the journal has to hold.
    seen : int
        The highest number of a message that anybody has seen; numbers go on behind it.

    Raises
    ------
    BackupError
        It is not what was backed up, or the directory is not empty or in use.
    """
    try:
        _check_unused(places)
        places.data.mkdir(parents=True, exist_ok=True)
        with _held(places):
            _clear(places)
            _check_room(places.data, backup.manifest.size)
            draft = Places(places.restoring)
            draft.data.mkdir()
            sync(places.data)
            _copy(backup, draft.data, console)
            restored = _check_journal(backup, draft.journal, heads, console)
            if seen >= restored.next:
                restored = _go_on_behind(seen, restored, draft.journal, now)
            if not draft.observations.exists():
                restored = _remake(draft, restored, remake)
            _move(draft.data, places.data)
    except (OSError, sqlite3.Error, JournalDamagedError, RebuildError) as error:
        raise BackupError(f"{backup.folder} was not restored into {places.data}: {error}") from error
    return restored


def check(backup: Backup, console: Console, heads: Sequence[Head] = ()) -> Restored:
    """What restoring `backup` would come to; nothing is written but a copy of its journal, which is removed.

    Raises
    ------
    BackupError
        It is not what was backed up.
    """
    try:
        with copying("核对 Check", backup.manifest.size, console) as told:
            for file in _files_of(backup):
                _compare(backup, file, digest_of(backup.folder / file.path))
                told(file.size)
        with tempfile.TemporaryDirectory() as temporary:
            folder, journal = Path(temporary), backup.folder / "journal"
            for name in ("journal.sqlite", "head"):
                shutil.copyfile(journal / name, folder / name)
            (folder / "sealed").symlink_to((journal / "sealed").absolute())
            return _check_journal(backup, folder, heads, console)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{backup.folder} cannot be read: {error}") from error


def _check_unused(places: Places) -> None:
    """Make sure that nothing is there but what an earlier restore left behind, and that nobody works there."""
    if pids := holders(places.lock):
        raise BackupError(f"the service runs on {places.data}, process {pids[0]}; stop it, and give an empty folder")
    left = (*_RESTORED, *_REMADE) if places.restoring.exists() else ()
    names = {name for name in _names(places.data) if not name.startswith((*_HARMLESS, *left))}
    if names:
        some = ", ".join(sorted(names)[:5])
        message = f"{places.data} is not empty ({some}), and nothing is overwritten; move that away, or name another"
        raise BackupError(f"{message} folder with --data")


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []


@contextmanager
def _held(places: Places) -> Iterator[None]:
    try:
        with only_one(places.lock):
            yield
    except AlreadyCollectingError as error:
        raise BackupError(f"the service runs on {places.data}; stop it, and give an empty folder") from error


def _clear(places: Places) -> None:
    """Remove what a restore that was interrupted left behind."""
    for path in (places.data / name for name in _names(places.data) if name.startswith((*_RESTORED, *_REMADE))):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if places.restoring.exists():
        shutil.rmtree(places.restoring)


def _check_room(data: Path, size: int) -> None:
    disk = os.statvfs(data)
    free = disk.f_bavail * disk.f_frsize
    if free < size + _SPARE:
        message = f"{data} has {free / _MEGABYTE:,.0f} MB left on its disk"
        raise BackupError(f"{message}, and the backup takes {(size + _SPARE) / _MEGABYTE:,.0f} MB; make room")


def _files_of(backup: Backup) -> Iterator[File]:
    """Its files; a manifest that names something outside of a data directory was not written by us."""
    for file in backup.manifest.files:
        parts = PurePosixPath(file.path).parts
        if not parts or parts[0] not in _RESTORED or ".." in parts:
            raise BackupError(f"{backup.folder} names the file {file.path!r}, which no backup has; take another one")
        yield file


def _copy(backup: Backup, folder: Path, console: Console) -> None:
    with copying("恢复 Restore", backup.manifest.size, console) as told:
        for file in _files_of(backup):
            copy = folder / file.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            _compare(backup, file, copy_file(backup.folder / file.path, copy, told))


def _compare(backup: Backup, file: File, sha256: str) -> None:
    if sha256 != file.sha256:
        message = f"{backup.folder / file.path} is not what was backed up: its SHA-256 is {sha256}, the manifest has"
        raise BackupError(f"{message} {file.sha256}; take another backup")


def _check_journal(backup: Backup, folder: Path, heads: Sequence[Head], console: Console) -> Restored:
    """Make sure that the journal in `folder` is the one that `backup` tells of, whole, and holds `heads`."""
    journal = JournalReader(folder)
    try:
        with progress_bar("校验 Verify", backup.manifest.sequence, console, stays=False) as done:
            verdict = verify(journal, heads, done)
        last = next(iter(journal.rows(verdict.head.sequence - 1, limit=1)), None)
    finally:
        journal.close()
    if verdict.damage:
        raise BackupError(f"the journal in {backup.folder} is damaged: {verdict.damage[0]}; take another backup")
    if verdict.head != backup.manifest.head:
        message = f"the journal in {backup.folder} ends with {verdict.head}, its manifest says {backup.manifest.head}"
        raise BackupError(f"{message}; take another backup")
    return Restored(backup, last.received if last else None, verdict.head.sequence + 1)


def _go_on_behind(seen: int, restored: Restored, folder: Path, now: Callable[[], int]) -> Restored:
    """Let the journal say what is lost, and go on behind all numbers that anybody has seen: none is used twice."""
    journal = Journal(folder, now, Known(seen), accept_loss=True)
    head = journal.head()
    journal.close()
    return replace(restored, next=head.sequence + 1)


def _remake(draft: Places, restored: Restored, remake: Callable[[Places], object]) -> Restored:
    remake(draft)
    for lock in (draft.lock, draft.pages_lock, draft.cube_lock):
        lock.unlink(missing_ok=True)  # those of the directory are held
    return replace(restored, remade=True)


def _move(draft: Path, data: Path) -> None:
    """Put everything in its place; as long as the folder `draft` is there, nothing starts."""
    for folder in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
        sync(folder)
    for path in sorted(draft.iterdir()):
        path.rename(data / path.name)
    sync(data)
    draft.rmdir()
    sync(data)
