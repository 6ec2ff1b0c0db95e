"""Older days of the journal: compressed files, a day each, that are written once and never changed."""

from __future__ import annotations

import gzip
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path

import msgspec

from qingchuan.store.chain import JournalDamagedError, Row
from qingchuan.store.head import sync

_ENDING = ".journal.gz"


class SealedFiles:
    """The sealed files of one journal, named by the first and the last message that they hold.

    Parameters
    ----------
    folder : Path
        Made when something is sealed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: tuple[Path, list[Row]] | None = None

    def rows(self, after: int, limit: int) -> list[Row]:
        """At most `limit` rows of one file, from the one on that holds message `after` + 1.

        Raises
        ------
        JournalDamagedError
            The file cannot be read.
        """
        for path in self._paths():
            if _last(path) > after:
                return [row for row in self._read(path) if row.head().sequence > after][:limit]
        return []

    def row(self, sequence: int) -> Row | None:
        """The row that holds message `sequence`; the file is read once where one message after the other is asked for.

        Raises
        ------
        JournalDamagedError
            The file cannot be read.
        """
        opened = self._open[0] if self._open else None
        if opened is None or not _first(opened) <= sequence <= _last(opened):
            opened = next((path for path in self._paths() if _first(path) <= sequence <= _last(path)), None)
        if opened is None:
            return None
        rows = self._read(opened)
        found = rows[bisect_right(rows, sequence, key=attrgetter("sequence")) - 1]
        return found if found.sequence <= sequence <= found.head().sequence else None

    def forget(self) -> None:
        """Let go of the file that was read last."""
        self._open = None

    def backwards(self, before: int) -> Iterator[Row]:
        """Rows that begin before message `before`, the newest first."""
        for path in reversed(self._paths()):
            yield from (row for row in reversed(self._read(path)) if row.sequence < before)

    def up_to(self, sequence: int) -> list[Path]:
        """The files that hold no message later than message `sequence`, in order."""
        return [path for path in self._paths() if _last(path) <= sequence]

    def write(self, rows: Sequence[Row]) -> None:
        """Write `rows` as one file; it is on disk, and was read back, when this returns.

        Raises
        ------
        JournalDamagedError
            It does not read as it was written.
        """
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"{rows[0].sequence:015}-{rows[-1].head().sequence:015}{_ENDING}"
        draft = path.with_suffix(".part")
        draft.write_bytes(gzip.compress(msgspec.msgpack.encode(rows), mtime=0))
        sync(draft)
        draft.rename(path)
        sync(self._folder)
        self._open = None
        if self._read(path) != list(rows):
            raise JournalDamagedError(f"sealed file {path} does not read as it was written; is the disk sound?")
        self._open = None
        self._remove_covered(path)

    def _remove_covered(self, whole: Path) -> None:
        """Files that a crash left behind before their rows were deleted, and whose rows are in `whole` too."""
        for path in self._paths():
            if path != whole and _first(path) == _first(whole) and _last(path) <= _last(whole):
                path.unlink()

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{_ENDING}"))

    def _read(self, path: Path) -> list[Row]:
        """The rows of a file; those of the last one are kept, since journals are read in order."""
        if self._open is None or self._open[0] != path:
            try:
                self._open = path, msgspec.msgpack.decode(gzip.decompress(path.read_bytes()), type=list[Row])
            except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
                message = f"sealed file {path} cannot be read ({error}); restore it from a backup"
                raise JournalDamagedError(message) from error
        return self._open[1]


def _first(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _last(path: Path) -> int:
    return int(path.name.removesuffix(_ENDING).partition("-")[2])
