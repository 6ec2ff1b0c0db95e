"""The journal: everything that was received, durable and chained, before anything is done with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qingchuan.store.chain import BEGINNING, JournalDamagedError, Row, row_hash
from qingchuan.store.head import EMPTY, Head, HeadFile
from qingchuan.store.messages import Batch, Message, encode
from qingchuan.store.sealed import SealedFiles
from qingchuan.store.sqlite import connect

_SCHEMA = """
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
_DAY = 86_400_000_000
"""[µs]"""


class JournalUnavailableError(Exception):
    """The messages could not be written; nothing may be acknowledged."""


_COLUMNS = "sequence, count, received, from_stations, body, hash"


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
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "journal.sqlite"
        self._head_file = HeadFile(folder / "head")
        self._sealed = SealedFiles(folder / "sealed")
        self._database = self._connect()

    def read(self, after: int, limit: int = 64) -> list[Batch]:
        """At most `limit` batches that follow message `after`, the first one cut to what comes after it."""
        batches = [row.batch().after(after) for row in self.rows(after, limit + 1)]
        return [batch for batch in batches if batch.messages][:limit]

    def rows(self, after: int = 0, limit: int = 256) -> list[Row]:
        """Rows from the one on that holds message `after` + 1; at most `limit`, fewer at the end of a sealed file."""
        query = (
            f"SELECT {_COLUMNS} FROM batch WHERE sequence >= "
            "(SELECT coalesce(max(sequence), 0) FROM batch WHERE sequence <= ?) ORDER BY sequence LIMIT ?"
        )
        found = [Row(*row) for row in self._database.execute(query, (after + 1, limit))]
        if found and found[0].sequence <= after + 1:
            return found
        return self._sealed.rows(after, limit) or found

    def tail(self, source: str, before: int, limit: int) -> list[tuple[int, Message]]:
        """The last messages of `source` before message `before`, numbered, oldest first: `limit`, or a few more."""
        found: list[tuple[int, Message]] = []
        for row in self._backwards(before):
            earlier = list(enumerate(row.batch().messages, row.sequence))[: before - row.sequence]
            wanted = [entry for entry in reversed(earlier) if entry[0] not in without]
            found += [(number, message) for number, message in wanted if message.source == source]
            if len(found) >= limit:
                break
        return found[::-1]

    def head(self) -> Head:
        """How far the log reaches."""
        return self._last_row().head()

    def from_stations(self) -> int:
        """How many messages of stations the journal has taken."""
        return self._last_row().from_stations

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
        return connect(self._path, "journal", _SCHEMA, _VERSION)

    def _backwards(self, before: int) -> Iterator[Row]:
        """Rows that begin before message `before`, the newest first."""
        query = f"SELECT {_COLUMNS} FROM batch WHERE sequence < ? ORDER BY sequence DESC"
        first = before
        for row in map(Row._make, self._database.execute(query, (before,))):
            first = row.sequence
            yield row
        yield from self._sealed.backwards(first)

    def _last_row(self) -> Row:
        query = f"SELECT {_COLUMNS} FROM batch ORDER BY sequence DESC LIMIT 1"
        found = self._database.execute(query).fetchone()
        return Row(*found) if found else BEGINNING


class Journal(JournalReader):
    """What was received, in one order, as rows of an SQLite log that are chained by SHA-256.

    Parameters
    ----------
    folder : Path
        Holds ``journal.sqlite``, ``head`` and older days in ``sealed``; made when missing.
    now : callable
        The time of receipt. [µs since 1970-01-01 UTC]
    accept_loss : bool
        Go on although messages that were acknowledged are gone; the loss itself is then recorded.

    Raises
    ------
    JournalDamagedError
        The head file names messages that the log no longer has.

    Examples
    --------
    >>> import tempfile
    >>> journal = Journal(Path(tempfile.mkdtemp()), now=lambda: 0)
    >>> journal.append([Message("mqtt", "collector", "qingchuan/1235A/hour", b"{}")]).sequence
    1
    >>> journal.head().sequence
    1
    """

    def __init__(self, folder: Path, now: Callable[[], int], *, accept_loss: bool = False) -> None:
        super().__init__(folder)
        self._now = now
        with self._head_file.locked():
            self._check_head(accept_loss=accept_loss)

    def append(self, messages: Sequence[Message]) -> Batch:
        """Write `messages` as one row; they are on disk when this returns.

        Returns
        -------
        Batch
            The messages with the sequence numbers that they were given.

        Raises
        ------
        JournalUnavailableError
            Whether the row is in the log is not known. Whatever was to be acknowledged must not be.
        """
        with self._head_file.locked():
            try:
                row = self._write(tuple(messages))
            except (sqlite3.Error, OSError) as error:
                message = f"journal {self._path} could not be written ({error}); its messages are not acknowledged"
                raise JournalUnavailableError(message) from error
        return Batch(row.sequence, row.received, tuple(messages))

    def seal(self, before: int) -> int:
        """Move the oldest day of rows that were received before `before` into a file of its own; how many rows it were.

        Parameters
        ----------
        before : int
            [µs since 1970-01-01 UTC] The newest row always stays.

        Raises
        ------
        JournalDamagedError
            The file does not read as it was written; the rows stay where they are.
        """
        with self._head_file.locked():
            rows = self._oldest_day(before)
            if rows:
                self._sealed.write(rows)
                self._database.execute("DELETE FROM batch WHERE sequence <= ?", (rows[-1].sequence,))
        return len(rows)

    def _oldest_day(self, before: int) -> list[Row]:
        last, first = self._last_row(), next(iter(self._select("ORDER BY sequence LIMIT 1")), BEGINNING)
        end = min(before, (first.received // _DAY + 1) * _DAY)
        return self._select("WHERE received < ? AND sequence < ? ORDER BY sequence", end, last.sequence)

    def _select(self, which: str, *values: int) -> list[Row]:
        return [Row(*row) for row in self._database.execute(f"SELECT {_COLUMNS} FROM batch {which}", values)]

    def _write(self, messages: tuple[Message, ...]) -> Row:
        """Put a row into the log; a failed write has an unknown outcome, so the log is opened anew and looked at."""
        row = None
        try:
            row = self._next_row(messages)
            self._insert(row)
        except sqlite3.Error:
            self._database.close()
            self._database = self._connect()
            if row is None or self._last_row().hash != row.hash:
                raise
        self._head_file.write(row.head())
        return row

    def _next_row(self, messages: tuple[Message, ...]) -> Row:
        last = self._last_row()
        sequence = max(last.head().sequence, self._head_file.read().sequence) + 1
        received = max(self._now(), last.received)
        from_stations = last.from_stations + Batch(sequence, received, messages).from_stations()
        body = encode(messages)
        return Row(
            sequence,
            len(messages),
            received,
            from_stations,
            body,
            row_hash(last.hash, sequence, len(messages), received, body),
        )

    def _insert(self, row: Row) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)", row)
        self._database.execute("COMMIT")

    def _check_head(self, *, accept_loss: bool) -> None:
        acknowledged, head = self._head_file.read(), self.head()
        if self.holds(acknowledged):
            return
        if not accept_loss:
            message = (
                f"journal {self._path} ends with message {head.sequence}, but message {acknowledged.sequence} had been "
                f"acknowledged; restore the journal from a backup, or start with --accept-loss to go on without them"
            )
            raise JournalDamagedError(message)
        note = f"lost: messages {head.sequence + 1} to {acknowledged.sequence}; the head was {acknowledged}"
        self._write((Message("loss", "journal", "", note.encode()),))
