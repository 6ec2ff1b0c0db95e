"""What a backup says of itself: how far it reaches, and each of its files with its hash. Written last of all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from qingchuan.store.head import EMPTY, Head, sync

NAME = "manifest.json"
UNFINISHED = ".part"
"""What the name of a backup ends in until it is whole, and again while it is removed."""

_FORMAT = 1
_PART = 1 << 20
"""So much of a file is read at once. [B]"""


class BackupError(Exception):
    """A backup cannot be made, or is none that can be restored."""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a backup.

    Attributes
    ----------
    path : str
        Within the backup.
    size : int
        [B]
    sha256 : str
        64 hexadecimal digits.
    """

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself.

    Attributes
    ----------
    format : int
        Of the manifest and the layout beside it.
    version : str
        Of the program that made it.
    time : str
        When it was begun; ISO 8601 with its offset.
    sequence : int
        The last message of its journal.
    hash : str
        Of the chain, up to that message; 64 hexadecimal digits.
    applied : int or None
        The message up to which its store is done; None where it has no store.
    files : tuple of File
        All of its files but this one.
    """

    format: int
    version: str
    time: str
    sequence: int
    hash: str
    applied: int | None
    files: tuple[File, ...]

    @property
    def head(self) -> Head:
        """Where its journal ends."""
        return Head(self.sequence, bytes.fromhex(self.hash)) if self.sequence else EMPTY

    @property
    def size(self) -> int:
        """Of all its files [B]."""
        return sum(file.size for file in self.files)


class _Format(msgspec.Struct):
    format: int


class Backup(msgspec.Struct, frozen=True):
    """A backup that is whole, as far as its manifest tells.

    Attributes
    ----------
    folder : Path
    manifest : Manifest
    """

    folder: Path
    manifest: Manifest


def manifest_of(version: str, time: str, head: Head, applied: int | None, files: Iterable[File]) -> Manifest:
    """The manifest of a backup whose journal ends with `head`."""
    return Manifest(_FORMAT, version, time, head.sequence, head.hash.hex(), applied, tuple(files))


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Put `manifest` into `folder`; it is on disk when this returns."""
    path = folder / NAME
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    sync(path)
    sync(folder)


def read_manifest(folder: Path) -> Manifest:
    """The manifest in `folder`.

    Raises
    ------
    BackupError
        There is none, it cannot be read, or it is of a newer format.
    """
    path = folder / NAME
    try:
        text = path.read_bytes()
        found = msgspec.json.decode(text, type=_Format).format
        if found > _FORMAT:
            raise BackupError(f"{path} has format {found}; this program reads formats up to {_FORMAT}: use a newer one")
        return msgspec.json.decode(text, type=Manifest)
    except FileNotFoundError as error:
        why = f"{folder} has no {NAME}, which is written last: that backup was not finished; take another one"
        raise BackupError(why) from error
    except (OSError, msgspec.DecodeError) as error:
        raise BackupError(f"{path} cannot be read ({error}); take another backup") from error


def whole_backups(target: Path) -> list[Backup]:
    """The backups in the folder `target` that are whole as far as their manifests tell, the oldest first."""
    found: list[Backup] = []
    for path in target.glob(f"*/{NAME}"):
        with suppress(BackupError):  # one that cannot be read is none; it must not keep others from being made
            found.append(Backup(path.parent, read_manifest(path.parent)))
    whole = [backup for backup in found if backup.folder.suffix != UNFINISHED]
    return sorted(whole, key=lambda backup: (backup.manifest.sequence, backup.folder.name))


def copy_file(source: Path, copy: Path, told: Callable[[int], object]) -> str:
    """Copy a file; it is on disk when this returns its SHA-256.

    Parameters
    ----------
    source, copy : Path
    told : callable
        Called with the number of bytes that were copied since the last call.
    """
    digest = hashlib.sha256()
    with source.open("rb") as reader, copy.open("wb") as writer:
        while part := reader.read(_PART):
            digest.update(part)
            writer.write(part)
            told(len(part))
    sync(copy)
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
