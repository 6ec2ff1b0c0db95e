"""What the messages of subjects and connections leave behind: numbers that are missing, windows of loss, clocks.

All of it follows from the journal, in its order. It lies in the state database together with how far it reaches, so
that no message is taken into account twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Engine, Select, Table, func, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.store import tables
from qingchuan.store.state import writing

CURSOR = "traces"

DELAYS = 24
"""So many live messages a clock is measured by."""

WindowKind = Literal["no-session", "service-away", "broker-away"]
GapState = Literal["open", "late", "lost"]


@dataclass(slots=True)
class Trace:
    """How far a subject has counted its messages, and how its clock goes.

    Attributes
    ----------
    subject : str
    next : int or None
        The number that its next message should have; None if it has told none.
    moment : int
        Newest event time: the end of a period, or an instant. [s since 1970-01-01 UTC]
    began : int
        Event time at which it began to count anew; 0 if it has not. [s since 1970-01-01 UTC]
    received : int
        When the message of `moment` was received; 0 before the first. [µs since 1970-01-01 UTC]
    source : str
        Who receives it: the MQTT client id, or the gateway.
    unread : int
        Messages whose number could not be read, after which `unread_at` is the next number.
    unread_at : int or None
    delays : deque of int
        Receipt less event time of its last live messages. [s]
    touched : bool
        Whether more than `next` and `moment` differ from what is kept.
    kept : tuple
        `next` and `moment` as they are kept.
    """

    subject: str
    next: int | None = None
    moment: int = 0
    began: int = 0
    received: int = 0
    source: str = ""
    unread: int = 0
    unread_at: int | None = None
    delays: deque[int] = field(default_factory=lambda: deque(maxlen=DELAYS))
    touched: bool = True
    kept: tuple[int | None, int] = (None, 0)


@dataclass(slots=True)
class Gap:
    """Numbers of a subject that were passed over.

    Attributes
    ----------
    sequence : int
        The message by which it was noticed.
    subject : str
    first, last : int
        The numbers.
    since, until : int
        Event times before and after it. [s since 1970-01-01 UTC]
    received : int
        When it was noticed. [µs since 1970-01-01 UTC]
    missing : list of [int, int]
        First and last of the numbers that are still missing.
    state : {"open", "late", "lost"}
        All came late; or it is given up, for its subject counts anew or has too many others.
    closed : int or None
        The message that brought the last of them.
    """

    sequence: int
    subject: str
    first: int
    last: int
    since: int
    until: int
    received: int
    missing: list[list[int]]
    state: GapState = "open"
    closed: int | None = None

    @property
    def lacking(self) -> int:
        """How many numbers are still missing."""
        return sum(last - first + 1 for first, last in self.missing)


@dataclass(slots=True)
class Window:
    """A stretch of time in which messages may have been lost, or in which nobody took them.

    Attributes
    ----------
    sequence : int
        The message by which it was noticed.
    kind : {"no-session", "service-away", "broker-away"}
    source : str
        The MQTT client id.
    begin : int
        [µs since 1970-01-01 UTC]
    end : int or None
        None while it lasts. [µs since 1970-01-01 UTC]
    reason : str
    """

    sequence: int
    kind: WindowKind
    source: str
    begin: int
    end: int | None
    reason: str = ""


@dataclass
class Kept:
    """What is kept of the traces up to message `through`.

    Attributes
    ----------
    through : int
    traces : list of Trace
    gaps : list of Gap
        Those that may still close.
    windows : list of Window
        Those that last.
    connected : dict of str to int
        The first connection of each source.
    filled : list of (int, int, int)
        Numbers that came late: the gap, by the message that it was noticed by, the number, the message that brought it.
    """

    through: int = 0
    traces: list[Trace] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    connected: dict[str, int] = field(default_factory=dict)
    filled: list[tuple[int, int, int]] = field(default_factory=list)


def load(engine: Engine) -> Kept:
    """What is kept, with the gaps and windows that may still change."""
    with engine.connect() as connection:
        through = select(tables.cursor.c.sequence).where(tables.cursor.c.name == CURSOR)
        connected = connection.execute(select(tables.connected.c.source, tables.connected.c.sequence))
        return Kept(
            connection.execute(through).scalar() or 0,
            _traces(connection, select(tables.trace)),
            gaps_of(connection, select(tables.gap).where(tables.gap.c.state == "open").order_by(tables.gap.c.sequence)),
            windows_of(connection, select(tables.window).where(tables.window.c.end.is_(None))),
            {row.source: row.sequence for row in connected},
        )


def save(engine: Engine, changed: Kept) -> None:
    """Keep what changed, and how far it reaches, in one transaction."""
    with writing(engine).begin() as connection:
        write(connection, changed)


def write(connection: Connection, changed: Kept) -> None:
    """What `save` does, within a transaction."""
    _put(connection, tables.trace, map(_trace_row, changed.traces))
    _put(connection, tables.gap, ({**asdict(gap), "missing": _text(gap.missing)} for gap in changed.gaps))
    _put(connection, tables.window, map(asdict, changed.windows))
    found = changed.connected.items()
    _put(connection, tables.connected, ({"source": source, "sequence": first} for source, first in found))
    filled = ({"gap": gap, "number": number, "sequence": sequence} for gap, number, sequence in changed.filled)
    _put(connection, tables.gap_filled, filled)
    _put(connection, tables.cursor, [{"name": CURSOR, "sequence": changed.through}])


def clocks(engine: Engine) -> list[Trace]:
    """The traces of all subjects, by their names."""
    with engine.connect() as connection:
        return _traces(connection, select(tables.trace).order_by(tables.trace.c.subject))


def sources(engine: Engine, subjects: Sequence[str]) -> dict[str, str]:
    """Who receives each of `subjects`, of those of which anything was received."""
    query = select(tables.trace.c.subject, tables.trace.c.source).where(tables.trace.c.subject.in_(subjects))
    with engine.connect() as connection:
        return {row.subject: row.source for row in connection.execute(query)}


def gaps(
    engine: Engine,
    limit: int | None = None,
    *,
    before: int | None = None,
    subject: str | None = None,
    state: GapState | None = None,
) -> list[Gap]:
    """The newest gaps, newest first: noticed by a message earlier than `before`, of one `subject`, in one `state`."""
    table = tables.gap
    query = select(table).order_by(table.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(table.c.sequence < before)
    if subject is not None:
        query = query.where(table.c.subject == subject)
    if state is not None:
        query = query.where(table.c.state == state)
    with engine.connect() as connection:
        return gaps_of(connection, query)


def count_gaps(engine: Engine) -> dict[GapState, int]:
    """How many gaps there are in each state."""
    query = select(tables.gap.c.state, func.count().label("found")).group_by(tables.gap.c.state)
    with engine.connect() as connection:
        return {row.state: row.found for row in connection.execute(query)}


def windows(engine: Engine, limit: int | None = None, before: int | None = None) -> list[Window]:
    """The newest windows, newest first: noticed by a message earlier than `before`."""
    query = select(tables.window).order_by(tables.window.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(tables.window.c.sequence < before)
    with engine.connect() as connection:
        return windows_of(connection, query)


def _traces(connection: Connection, query: Select[Any]) -> list[Trace]:
    found = []
    for row in connection.execute(query).mappings():
        delays = deque[int](msgspec.json.decode(row["delays"], type=list[int]), maxlen=DELAYS)
        found.append(Trace(**{**row, "delays": delays}, touched=False, kept=(row["next"], row["moment"])))
    return found


def _trace_row(trace: Trace) -> dict[str, object]:
    return {
        "subject": trace.subject,
        "next": trace.next,
        "moment": trace.moment,
        "began": trace.began,
        "received": trace.received,
        "source": trace.source,
        "unread": trace.unread,
        "unread_at": trace.unread_at,
        "delays": _text(list(trace.delays)),
    }


def gaps_of(connection: Connection, query: Select[Any]) -> list[Gap]:
    """The gaps that `query` finds."""
    rows = connection.execute(query).mappings()
    return [Gap(**{**row, "missing": msgspec.json.decode(row["missing"], type=list[list[int]])}) for row in rows]


def windows_of(connection: Connection, query: Select[Any]) -> list[Window]:
    """The windows that `query` finds."""
    return [Window(**row) for row in connection.execute(query).mappings()]


def _put(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows, in place of those with the same key."""
    given = list(rows)
    if given:
        new = insert(table)
        keys = [column.name for column in table.primary_key]
        values = {column.name: new.excluded[column.name] for column in table.columns if column.name not in keys}
        connection.execute(new.on_conflict_do_update(index_elements=keys, set_=values), given)


def _text(told: object) -> str:
    return msgspec.json.encode(told).decode()
