"""The state database: subjects as announced, dead letters, and the tables that alerts keep there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine.interfaces import DBAPIConnection

from qingchuan.store import tables
from qingchuan.store.sqlite import write_ahead
from qingchuan.store.subjects import Kind, Subject, kind_of, parse_subject

_NONE: Mapping[str, bytes] = MappingProxyType({})
_OF_NEW = tables.dead_letter.columns.keys()[: -len(("tried", "settled"))]
_LETTERS = (
    f"INSERT INTO dead_letter ({', '.join(_OF_NEW)}) "
    f"VALUES (?, ifnull(?, ''){', ?' * (len(_OF_NEW) - 2)}) ON CONFLICT DO NOTHING"
)
_NEW = insert(tables.retained)
_DIGESTS = _NEW.on_conflict_do_update(index_elements=["topic"], set_={"digest": _NEW.excluded.digest})


class DeadLetter(NamedTuple):
    """A message, or one value of it, that was refused. The payload is in the journal.

    Attributes
    ----------
    sequence : int
        The message.
    item : str or None
        The value that was refused; None when the whole message was.
    received : int
        [µs since 1970-01-01 UTC]
    topic : str
    code : str
        Kind of the reason, such as ``unknown-station``.
    reason : str
        For the person who can mend it.
    subject : str
        Whom it is about; empty where that is not known.
    start : int or None
        Start of the period, or the instant, that it names; None if none can be read. [s since 1970-01-01 UTC]
    tried : int or None
        Newest message that said to apply it again.
    settled : int or None
        The message by which it was applied after all.
    """

    sequence: int
    item: str | None
    received: int
    topic: str
    code: str
    reason: str
    subject: str = ""
    start: int | None = None
    tried: int | None = None
    settled: int | None = None


class Announcement(NamedTuple):
    """What a subject told about itself.

    Attributes
    ----------
    sequence : int
        The message.
    subject : str
    announcement : str
        JSON as it was sent.
    """

    sequence: int
    subject: str
    announcement: str


class State:
    """The state database.

    Parameters
    ----------
    path : Path
        An SQLite file that `migrate` has made.

    Examples
    --------
    >>> import tempfile
    >>> from qingchuan.store.migrate import migrate
    >>> path = Path(tempfile.mkdtemp()) / "state.sqlite"
    >>> migrate(path)
    >>> state = State(path)
    >>> state.record([Announcement(1, "330200", '{"kind": "city", "name": {"zh": "宁波", "en": "Ningbo"}}')], [])
    >>> state.subjects()["330200"].name.en
    'Ningbo'
    >>> state.close()
    """

    def __init__(self, path: Path) -> None:
        self.engine = open_engine(path)

    def subjects(self, kind: Kind | None = None, as_of: int | None = None) -> dict[str, Subject]:
        """The subjects as they were announced up to message `as_of` (None: now), by id; of one `kind` if given."""
        table = tables.subject
        newest = select(table.c.subject, func.max(table.c.sequence).label("sequence")).group_by(table.c.subject)
        if as_of is not None:
            newest = newest.where(table.c.sequence <= as_of)
        chosen = newest.subquery()
        query = (
            select(table.c.subject, table.c.announcement)
            .join(chosen, (table.c.subject == chosen.c.subject) & (table.c.sequence == chosen.c.sequence))
            .order_by(table.c.subject)
        )
        with self.engine.connect() as connection:
            found = {subject: parse_subject(text.encode()) for subject, text in connection.execute(query)}
        return {name: subject for name, subject in found.items() if kind in (None, kind_of(subject))}

    def announced(self, as_of: int) -> set[tuple[str, Subject]]:
        """All that subjects had announced up to message `as_of`, old and new."""
        table = tables.subject
        query = select(table.c.subject, table.c.announcement).where(table.c.sequence <= as_of)
        with self.engine.connect() as connection:
            return {(subject, parse_subject(text.encode())) for subject, text in connection.execute(query)}

    def record(
        self,
        announcements: Sequence[Announcement],
        dead_letters: Sequence[DeadLetter],
        *,
        digests: Mapping[str, bytes] = _NONE,
        decoding: Sequence[tuple[int, str]] = (),
        repeated: Sequence[int] = (),
        within: Sequence[Callable[[Connection], None]] = (),
    ) -> None:
        """Keep what decoding came to, in one transaction; what is there already stays as it is.

        Parameters
        ----------
        announcements : sequence of Announcement
        dead_letters : sequence of DeadLetter
            New ones: none was tried again yet.
        digests : mapping of str to bytes
            For topics that a broker keeps, the digest of the newest payload.
        decoding : sequence of (int, str)
            Sequence number and JSON of settings that decoding depends on.
        repeated : sequence of int
            Messages that a broker had sent before.
        within : sequence of callable
            What else is written in the transaction.
        """
        told: list[tuple[Table, list[dict[str, object]]]] = [
            (tables.subject, [dict(announcement._asdict()) for announcement in announcements]),
            (tables.decoding, [{"sequence": sequence, "settings": settings} for sequence, settings in decoding]),
            (tables.repeated, [{"sequence": sequence} for sequence in repeated]),
        ]
        if not digests and not dead_letters and not within and not any(rows for _, rows in told):
            return
        with writing(self.engine).begin() as connection:
            for table, rows in told:
                if rows:
                    connection.execute(insert(table).on_conflict_do_nothing(), rows)
            if dead_letters:
                letters = [letter[: len(_OF_NEW)] for letter in dead_letters]
                connection.exec_driver_sql(_LETTERS, letters)  # mostly the most: to compile each takes half the time
            if digests:
                connection.execute(_DIGESTS, [{"topic": topic, "digest": told} for topic, told in digests.items()])
            for write in within:
                write(connection)

    def retained(self) -> dict[str, bytes]:
        """For topics that a broker keeps, the digest of the newest payload in the journal."""
        table = tables.retained
        with self.engine.connect() as connection:
            return {row.topic: row.digest for row in connection.execute(select(table))}

    def decoding(self, sequence: int) -> str | None:
        """The settings (JSON) that decoding depended on at message `sequence`."""
        table = tables.decoding
        query = select(table.c.settings).where(table.c.sequence <= sequence).order_by(table.c.sequence.desc()).limit(1)
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def repeated(self, since: int) -> set[int]:
        """The messages from `since` on that a broker had sent before."""
        table = tables.repeated
        with self.engine.connect() as connection:
            return set(connection.execute(select(table.c.sequence).where(table.c.sequence >= since)).scalars())

    def dead_letters(
        self, limit: int, before: int | None = None, only: ColumnElement[bool] | None = None
    ) -> list[DeadLetter]:
        """The newest dead letters of messages earlier than `before` (None: of all), newest first.

        They are those of whole messages: about `limit`, more if a single message has more. `only` is a condition that
        they fulfil, of `store.dead_letters`.
        """
        table = tables.dead_letter
        query = select(table).order_by(table.c.sequence.desc(), table.c.item)
        query = query if only is None else query.where(only)
        earlier = query if before is None else query.where(table.c.sequence < before)
        with self.engine.connect() as connection:
            found = list(connection.execute(earlier.limit(limit)))
            if len(found) == limit:
                last = found[-1].sequence
                found = [row for row in found if row.sequence != last]
                found += connection.execute(query.where(table.c.sequence == last))
        return [DeadLetter(row.sequence, row.item or None, *row[2:]) for row in found]

    def dead_letters_of(
        self, subjects: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> list[DeadLetter]:
        """Those that are not settled, and name a time in ``[start, end)`` or were received in it [s since 1970 UTC].

        As it was after message `as_of` (None: now).
        """
        table = tables.dead_letter
        named = (table.c.start >= start) & (table.c.start < end)
        came = (table.c.received >= start * 1_000_000) & (table.c.received < end * 1_000_000)
        open_now = table.c.settled.is_(None)
        standing = open_now if as_of is None else (table.c.sequence <= as_of) & (open_now | (table.c.settled > as_of))
        query = select(table).where(table.c.subject.in_(subjects), standing, named | came).order_by(table.c.sequence)
        with self.engine.connect() as connection:
            found = list(connection.execute(query))
        return [DeadLetter(row.sequence, row.item or None, *row[2:]) for row in found]

    def first_announced(self, subjects: Sequence[str]) -> dict[str, int]:
        """The message by which each of `subjects` announced itself first."""
        table = tables.subject
        query = select(table.c.subject, func.min(table.c.sequence)).where(table.c.subject.in_(subjects))
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.subject))}

    def first_announcements(self) -> dict[str, Subject]:
        """What all subjects announced themselves as first."""
        table = tables.subject
        query = select(table.c.subject, table.c.announcement, func.min(table.c.sequence)).group_by(table.c.subject)
        with self.engine.connect() as connection:
            return {row[0]: parse_subject(row[1].encode()) for row in connection.execute(query)}

    def count_dead_letters(self) -> tuple[int, int]:
        """How many messages are refused as a whole, and how many single values, of those that are not settled."""
        table = tables.dead_letter
        query = select(table.c.item == "", func.count()).where(table.c.settled.is_(None)).group_by(table.c.item == "")
        with self.engine.connect() as connection:
            counts = {bool(whole): count for whole, count in connection.execute(query)}
        return counts.get(True, 0), counts.get(False, 0)

    def cursors(self) -> dict[str, int]:
        """The message up to which each kind of work is done, by its name."""
        with self.engine.connect() as connection:
            return {row.name: row.sequence for row in connection.execute(select(tables.cursor))}

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_engine(path: Path) -> Engine:
    """An engine on the SQLite file at `path`: WAL, and a commit is on disk when it returns."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10, "isolation_level": None})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """`engine` with transactions that take the write lock at once: what they read still holds when they write."""
    return engine.execution_options(begin="IMMEDIATE")


def _configure(connection: DBAPIConnection, _record: object) -> None:
    try:
        cursor = connection.cursor()
        write_ahead(cursor)
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
    except BaseException:
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
