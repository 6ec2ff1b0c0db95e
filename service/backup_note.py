"""What the last backup leaves in the folder of the data: when it was made, and where it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from qingchuan.store.head import sync


class Note(msgspec.Struct, frozen=True):
    """A backup, as the data remember it.

    Attributes
    ----------
    time : str
        When it was begun; ISO 8601 with its offset.
    folder : str
        Where it is, or was.
    """

    time: str
    folder: str

    @property
    def moment(self) -> datetime:
        """When it was begun."""
        return datetime.fromisoformat(self.time)


def write_note(note: Note, path: Path) -> None:
    """Put `note` into the file `path`, in place of the one before; it is on disk when this returns."""
    draft = path.with_suffix(".part")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n")
    sync(draft)
    draft.rename(path)
    sync(path.parent)


def read_note(path: Path) -> Note | None:
    """The note in the file `path`; None where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Note)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
