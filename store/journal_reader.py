"""Reading the journal, whole or damaged, from its database and its sealed files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from qingchuan.store.chain import BEGINNING, JournalDamagedError, Row, as_row
from qingchuan.store.head import EMPTY, Head, HeadFile
from qingchuan.store.messages import Batch, Message
from qingchuan.store.sealed import SealedFiles
from qingchuan.store.sqlite import connect

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    sequence INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    received INTEGER NOT NULL,
    from_stations INTEGER NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL
);
"""
_VERSION = 1
MANY = 128_000
"""So many messages are read at once, or a few more; they take some 60 MB."""
FARTHEST = 800_000
"""So many messages of all sources are looked through for the last ones of one. What may be sent again was not
acknowledged when a connection broke: 65,535 messages at most, and the last ones of it. It would be missed where others
say so much meanwhile, in half a day of a thousand stations. By numbers, so that every reading of a journal agrees."""
_NO_END = 1 << 62
_PRIMARY = 0xFF
"""Bits of an error code that say its kind."""
COLUMNS = "sequence, count, received, from_stations, body, hash"


class JournalReader:
    """Reads a journal, whole or damaged.

    Parameters
    ----------
    folder : Path
        Holds ``journal.sqlite``, ``head`` and older days in ``sealed``; made when missing.

    Raises
    ------
    IncompatibleError
        A newer version wrote the journal.
    JournalDamagedError
        Nothing of it can be read.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "journal.sqlite"
        self._head_file = HeadFile(folder / "head")
        self._sealed = SealedFiles(folder / "sealed")
        self._database = self._connect()

    def read(self, after: int, limit: int = 64, enough: int = MANY) -> list[Batch]:
        """At most `limit` batches that follow message `after`, the first one cut to what comes after it.

        They end with the one that reaches message `after` + `enough`.
        """
        rows = [row for row in self.rows(after, limit + 1, enough) if row.head().sequence > after]
        return [row.batch().after(after) for row in rows[:limit]]

    def rows(self, after: int = 0, limit: int = 256, enough: int = _NO_END) -> list[Row]:
        """Rows from the one on that holds message `after` + 1; at most `limit`, fewer at the end of a sealed file.

        They end with the one that reaches message `after` + `enough`, and hold the next message in any case.
        """
        query = (
            f"SELECT {COLUMNS} FROM batch WHERE sequence >= "
            "(SELECT coalesce(max(sequence), 0) FROM batch WHERE sequence <= ?) ORDER BY sequence LIMIT ?"
        )
        found = _reaching(after + enough, map(as_row, self._database.execute(query, (after + 1, limit))))
        if found and found[0].sequence <= after + 1:
            return found
        return _reaching(after + enough, self._sealed.rows(after, limit)) or found

    def messages(self, sequences: Iterable[int]) -> Iterator[tuple[int, int, Message]]:
        """Those of the messages `sequences` that there are: number, time of receipt [µs since 1970-01-01 UTC], message.

        Where the numbers ascend, each row and each sealed file is read once. `forget` lets go of the last file.
        """
        batch: Batch | None = None
        for sequence in sequences:
            if batch is None or not batch.sequence <= sequence <= batch.last:
                row = self._row(sequence)
                batch = row.batch() if row else None
            if batch is not None:
                yield sequence, batch.received, batch.messages[sequence - batch.sequence]

    def forget(self) -> None:
        """Let go of the sealed file that was read last: it holds a whole day."""
        self._sealed.forget()

    def tail(self, source: str, before: int, limit: int, without: Container[int] = ()) -> list[tuple[int, Message]]:
        """The last messages of `source` before message `before`, numbered, oldest first: `limit`, or a few more.

        The messages in `without` are left out and do not count. What lies further back than `FARTHEST` is not looked
        at: of a source that is quiet while others are not it would be all that is kept, sealed years included.
        """
        found: list[tuple[int, Message]] = []
        named, first = source.encode(), before - FARTHEST
        for row in self._backwards(before):
            if row.head().sequence < first:
                break
            if named not in row.body:
                continue  # to look for the name is much faster than to decode a row
            earlier = list(enumerate(row.batch().messages, row.sequence))[max(0, first - row.sequence) :]
            wanted = [(at, one) for at, one in reversed(earlier) if at < before and at not in without]
            found += [(number, message) for number, message in wanted if message.source == source]
            if len(found) >= limit:
                break
        return found[::-1]

    def last_receipt(self, before: int, of: Callable[[Message], bool]) -> int | None:
        """When the last message before message `before` was received of which `of` is true; None if there is none.

        [µs since 1970-01-01 UTC]
        """
        for row in self._backwards(before):
            if any(map(of, row.batch().messages[: before - row.sequence])):
                return row.received
        return None

    def head(self) -> Head:
        """How far the log reaches."""
        return self._last_row().head()

    def from_stations(self) -> int:
        """How many messages of stations the journal has taken."""
        return self._last_row().from_stations

    def from_stations_up_to(self, sequence: int) -> int:
        """How many messages of stations there are up to message `sequence`."""
        row = next(iter(self.rows(sequence - 1, limit=1)), None)
        if row is None:
            return 0
        return row.from_stations - row.batch().after(sequence).from_stations()

    def acknowledged(self) -> Head:
        """What the head file says: everything up to here was on disk when it was acknowledged."""
        return self._head_file.read()

    def holds(self, head: Head) -> bool:
        """Whether the log has a row that ends as `head` says."""
        if head == EMPTY:
            return True
        found = self.rows(head.sequence - 1, limit=1)
        return bool(found) and found[0].head() == head

    def close(self) -> None:
        """Close log and head file."""
        self._database.close()
        self._head_file.close()

    def _connect(self) -> sqlite3.Connection:
        try:
            return connect(self._path, "journal", SCHEMA, _VERSION)
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                message = f"journal {self._path} cannot be read ({error}); restore it from a backup"
                raise JournalDamagedError(message) from error
            raise

    def _row(self, sequence: int) -> Row | None:
        """The row that holds message `sequence`."""
        query = f"SELECT {COLUMNS} FROM batch WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1"
        found = self._database.execute(query, (sequence,)).fetchone()
        if found is None:
            return self._sealed.row(sequence)
        row = Row(*found)
        return row if row.head().sequence >= sequence else None

    def _backwards(self, before: int) -> Iterator[Row]:
        """Rows that begin before message `before`, the newest first."""
        query = f"SELECT {COLUMNS} FROM batch WHERE sequence < ? ORDER BY sequence DESC"
        first = before
        for row in map(Row._make, self._database.execute(query, (before,))):
            first = row.sequence
            yield row
        yield from self._sealed.backwards(first)

    def _last_row(self) -> Row:
        query = f"SELECT {COLUMNS} FROM batch ORDER BY sequence DESC LIMIT 1"
        found = self._database.execute(query).fetchone()
        return Row(*found) if found else next(self._sealed.backwards(_NO_END), BEGINNING)


def _reaching(end: int, rows: Iterable[Row]) -> list[Row]:
    """Those of `rows` up to the one that reaches message `end`."""
    found: list[Row] = []
    for row in rows:
        found.append(row)
        if row.sequence + row.size > end:
            break
    return found


def is_damage(error: sqlite3.Error) -> bool:
    """Whether `error` says that a file of SQLite is not what it was; others say that it cannot be had at the moment."""
    return error.sqlite_errorcode & _PRIMARY in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
