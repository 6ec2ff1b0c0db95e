"""The head file: how far the journal had been acknowledged, beside the journal and synced before each acknowledgement.

SQLite does not notice a damaged write-ahead log: it takes the part before the damage for the whole. The head file knows
better. It holds two lines that are written in turn, so that a torn write never takes the older line with it.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LINE = 128
_DIGITS = 64
_FIELDS = 3


@dataclass(frozen=True)
class Head:
    """How far a journal reaches.

    Attributes
    ----------
    sequence : int
        Sequence number of the last message; 0 for an empty journal.
    hash : bytes
        SHA-256 of the last row, 32 bytes, which covers all before it.
    """

    sequence: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash.hex()}"

    @staticmethod
    def parse(text: str) -> Head:
        """The head that ``str(head)`` wrote, such as a report or a mail carries it.

        Raises
        ------
        ValueError
            The text is not ``sequence:hash``.

        Examples
        --------
        >>> Head.parse("12:" + "ab" * 32).sequence
        12
        """
        sequence, _, digest = text.strip().partition(":")
        if not sequence.isdigit() or len(digest) != _DIGITS:
            message = (
                f"head is {text!r}; it has the form SEQUENCE:HASH, with 64 hexadecimal digits, as `verify` prints it"
            )
            raise ValueError(message)
        return Head(int(sequence), bytes.fromhex(digest))


EMPTY = Head(0, bytes(32))


class HeadFile:
    """The head on disk, with the lock under which the journal is appended to.

    Parameters
    ----------
    path : Path
        The file; it is made when missing.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        sync(path.parent)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the journal's lock: one process appends at a time, and heads are written in order."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def read(self) -> Head:
        """The newest head that is whole; `EMPTY` when nothing has been written."""
        content = os.pread(self._descriptor, 2 * _LINE, 0)
        heads = [_parse(content[at : at + _LINE]) for at in (0, _LINE)]
        return max((head for head in heads if head), key=lambda head: head.sequence, default=EMPTY)

    def write(self, head: Head) -> None:
        """Put `head` on disk; it is there when this returns."""
        line = f"{head.sequence} {head.hash.hex()}"
        text = f"{line} {zlib.crc32(line.encode()):08x}".ljust(_LINE - 1) + "\n"
        older = min((0, _LINE), key=self._sequence_at)
        os.pwrite(self._descriptor, text.encode(), older)
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Close the file, if it is not yet; the lock goes with it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _sequence_at(self, offset: int) -> int:
        head = _parse(os.pread(self._descriptor, _LINE, offset))
        return head.sequence if head else -1


def sync(path: Path) -> None:
    """Put a file, or the names in a folder, on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parse(line: bytes) -> Head | None:
    fields = line.decode("ascii", "replace").split()
    if len(fields) != _FIELDS or f"{zlib.crc32(' '.join(fields[:2]).encode()):08x}" != fields[2]:
        return None
    return Head(int(fields[0]), bytes.fromhex(fields[1]))
