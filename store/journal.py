"""The journal: everything that was received, durable and chained, before anything is done with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import msgspec

from qingchuan.store import losses
from qingchuan.store.chain import BEGINNING, JournalDamagedError, Row, as_row, row_hash
from qingchuan.store.journal_reader import COLUMNS, SCHEMA, JournalReader, is_damage
from qingchuan.store.messages import Batch, Message, encode

_ADVICE = "restore the journal from a backup, or start with --accept-loss to go on without them"
_NO_LIMIT = 1 << 62
_MEGABYTE = 1_000_000
_DAY = 86_400_000_000
"""[µs]"""


class JournalUnavailableError(Exception):
    """The messages could not be written; nothing may be acknowledged."""


def _shorter(last: int, acknowledged: int) -> str:
    """That a journal ends before what had been acknowledged, if it does."""
    if last >= acknowledged:
        return ""
    return f"ends with message {last}, but message {acknowledged} had been acknowledged"


class Known(NamedTuple):
    """How far those who read the journal have come.

    Attributes
    ----------
    sequence : int
        The last message that any of them has done something with.
    messages : int
        How many messages of stations they have counted.
    """

    sequence: int = 0
    messages: int = 0


_NOTHING_KNOWN = Known()


class Journal(JournalReader):
    """What was received, in one order, as rows of an SQLite log that are chained by SHA-256.

    Parameters
    ----------
    folder : Path
        Holds ``journal.sqlite``, ``head`` and older days in ``sealed``; made when missing.
    now : callable
        The time of receipt. [µs since 1970-01-01 UTC]
    known : Known
        How far those who read the journal have come; it must reach as far.
    accept_loss : bool
        Go on although messages that were acknowledged are gone; the loss itself is then recorded.
    least_free : int
        With less room than this on its disk it takes nothing more, so that what else is there can go on. [B]
    checked : int
        Of so many bytes of the newest rows the chain is checked, as far as they are not sealed. [B]

    Raises
    ------
    JournalDamagedError
        The log has lost messages that the head file or those who read it know, or holds others than it was given.

    Examples
    --------
    >>> import tempfile
    >>> journal = Journal(Path(tempfile.mkdtemp()), now=lambda: 0)
    >>> journal.append([Message("mqtt", "collector", "qingchuan/1235A/hour", b"{}")]).sequence
    1
    >>> journal.head().sequence
    1
    >>> journal.close()
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], int],
        known: Known = _NOTHING_KNOWN,
        *,
        accept_loss: bool = False,
        least_free: int = 0,
        checked: int = 0,
    ) -> None:
        super().__init__(folder)
        self._now = now
        self._folder = folder
        self._least_free = least_free
        try:
            with self._head_file.locked():
                self._check(known, checked, accept_loss=accept_loss)
        except BaseException:
            self.close()
            raise

    def append(self, messages: Sequence[Message]) -> Batch:
        """Write `messages` as one row; they are on disk when this returns.

        Returns
        -------
        Batch
            The messages with the sequence numbers that they were given.

        Raises
        ------
        ValueError
            There is no message.
        JournalUnavailableError
            There is no room, or it is not known whether the row is in the log. Nothing of it may be acknowledged.
        """
        if not messages:
            raise ValueError("nothing to append: a row holds at least one message")
        self._check_room()
        with self._head_file.locked():
            try:
                row = self._write(tuple(messages))
            except (sqlite3.Error, OSError) as error:
                message = f"journal {self._path} could not be written ({error}); its messages are not acknowledged"
                raise JournalUnavailableError(message) from error
        return Batch(row.sequence, row.received, tuple(messages))

    def has_room(self) -> bool:
        """Whether there is room for more on its disk."""
        return self._free() >= self._least_free

    def _free(self) -> int:
        disk = os.statvfs(self._folder)
        return disk.f_bavail * disk.f_frsize

    def _check_room(self) -> None:
        if not self.has_room():
            left, kept = self._free() // _MEGABYTE, self._least_free // _MEGABYTE
            message = (
                f"journal {self._path}: {left} MB are left on its disk, {kept} are kept free (collector.least_free); "
                "make room. Until then nothing is acknowledged, and senders keep what they have"
            )
            raise JournalUnavailableError(message)

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
        return [Row(*row) for row in self._database.execute(f"SELECT {COLUMNS} FROM batch {which}", values)]

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

    def _next_row(self, messages: tuple[Message, ...], first: int = 1) -> Row:
        last = self._last_row()
        sequence = max(last.head().sequence + 1, first)
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

    def _check(self, known: Known, checked: int, *, accept_loss: bool) -> None:
        try:
            lost, damage = self._lost(checked), self._damage(known)
            trouble = losses.trouble(self._database) if lost else ""
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            lost, damage, trouble = [], None, str(error)
        if trouble and not accept_loss:
            raise JournalDamagedError(f"{self._unreadable(trouble)}; {_ADVICE}")
        if trouble:
            self._salvage()
            lost, damage = self._lost(_NO_LIMIT), self._damage(known)
        if lost or damage is not None:
            self._go_on_without(lost, damage, known, accept_loss=accept_loss)

    def _go_on_without(
        self, lost: Sequence[losses.Lost], damage: str | None, known: Known, *, accept_loss: bool
    ) -> None:
        sentences = [*map(str, lost), *filter(None, [damage])]
        if not accept_loss:
            raise JournalDamagedError(f"journal {self._path} {'; '.join(sentences)}; {_ADVICE}")
        if lost:
            losses.take_out(self._database, lost, self._folder)
            before = as_row(next(self._backwards(lost[0].first), BEGINNING))
            losses.count_again(self._database, before, known.sequence, known.messages)
        self._insert_loss(known, sentences, lost)

    def _lost(self, checked: int) -> list[losses.Lost]:
        """What is wrong with the newest rows, of so many bytes, and was not accepted before."""
        if not checked:
            return []
        first = losses.beginning_of(self._database, checked)
        return losses.find(self._database, as_row(next(self._backwards(first), BEGINNING)))

    def _unreadable(self, trouble: str) -> str:
        """What a start that goes on would be without."""
        with closing(sqlite3.connect("", isolation_level=None)) as trial:
            trial.executescript(SCHEMA)
            losses.salvage(self._path, trial)
            first = losses.beginning_of(trial, _NO_LIMIT)
            lost = losses.find(trial, next(self._sealed.backwards(first or _NO_LIMIT), BEGINNING))
            last = trial.execute("SELECT sequence + count - 1 FROM batch ORDER BY sequence DESC LIMIT 1").fetchone()
        sentences = [*map(str, lost), _shorter(last[0] if last else 0, self._head_file.read().sequence)]
        return f"journal {self._path} cannot be read ({trouble}); {'; '.join(filter(None, sentences))}"

    def _salvage(self) -> None:
        """Go on with a new file that holds what can be read of the damaged one, which stays beside it."""
        self._database.close()
        aside = losses.put_aside(self._path)
        self._database = self._connect()
        losses.salvage(aside, self._database)

    def _damage(self, known: Known) -> str | None:
        acknowledged, last = self._head_file.read(), self.head().sequence
        if not self.holds(acknowledged):
            return _shorter(last, acknowledged.sequence) or "does not hold the head that had been acknowledged"
        if known.sequence > last:
            return f"ends with message {last}, but message {known.sequence} had been applied"
        beyond = [row for row in self.rows(acknowledged.sequence, limit=3) if row.sequence > acknowledged.sequence]
        if len(beyond) > 1:  # a crash leaves one row at most that the head file does not know yet
            return f"goes on after message {acknowledged.sequence}, where its head file ends: that was cut or replaced"
        return None

    def _insert_loss(self, known: Known, sentences: Sequence[str], lost: Sequence[losses.Lost]) -> None:
        """A row that says what was lost; numbers and counts go on behind all that is known."""
        last, acknowledged = self._last_row(), self._head_file.read()
        first = max(last.head().sequence, acknowledged.sequence, known.sequence) + 1
        reason = f"it {'; '.join(sentences)}; the head file was {acknowledged}"
        loss = losses.Loss(reason, tuple((each.first, each.last) for each in lost))
        row = self._next_row((Message("loss", "journal", "", msgspec.json.encode(loss)),), first)
        row = row._replace(from_stations=max(row.from_stations, known.messages))
        self._insert(row)
        self._head_file.write(row.head())
