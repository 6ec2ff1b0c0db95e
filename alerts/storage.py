"""Episodes, notices and the cursor of the alerts in the state database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from qingchuan.alerts.episodes import WITHDRAWN, Episode, Measured, Moment, Transition
from qingchuan.alerts.evidence import Window
from qingchuan.alerts.reconcile import Stored
from qingchuan.store import tables

CURSOR = "alerts"
"""Name of the cursor: everything up to its message has been judged."""


def read_cursor(connection: Connection) -> int:
    """The message up to which everything has been judged; 0 at the beginning."""
    query = select(tables.cursor.c.sequence).where(tables.cursor.c.name == CURSOR)
    return connection.execute(query).scalar_one_or_none() or 0


def advance_cursor(connection: Connection, before: int, after: int) -> bool:
    """Move the cursor from `before` to `after`; False where another process has moved it."""
    if read_cursor(connection) != before:
        return False
    row = upsert(tables.cursor).values(name=CURSOR, sequence=after)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"sequence": after}))
    return True


def touching(connection: Connection, rule: str, windows: Mapping[str, Window]) -> dict[str, list[Stored]]:
    """The stored episodes of `rule` that end in or after the window of their subject, by subject, in order of time."""
    table = tables.episode
    query = (
        select(table)
        .where(table.c.rule == rule, table.c.subject.in_(windows), table.c.state != "retracted")
        .where(or_(table.c.closed.is_(None), table.c.closed >= min(window.first for window in windows.values())))
        .order_by(table.c.opened)
    )
    found: dict[str, list[Stored]] = {}
    for row in connection.execute(query):
        if row.closed is None or row.closed >= windows[row.subject].first:
            found.setdefault(row.subject, []).append(Stored(row.id, row.history, episode_of(row)))
    return found


def save(connection: Connection, transition: Transition, rule: str, subject: str, *, told: bool) -> int:
    """Write what `transition` made of its episode; the episode's id.

    Parameters
    ----------
    connection : Connection
    transition : Transition
    rule, subject : str
        Whose episode it is.
    told : bool
        Whether people are told; an episode they were told about is history no longer.
    """
    table = tables.episode
    values = _columns(transition)
    if transition.id is None:
        return _added(connection, table, {**values, "rule": rule, "subject": subject, "history": not told})
    changed = {**values, "history": False} if told else values
    connection.execute(update(table).where(table.c.id == transition.id).values(changed))
    return transition.id


def add_notices(
    connection: Connection,
    episode: int | None,
    reason: str,
    body: dict[str, Any],
    targets: Sequence[str],
    created: int,
) -> None:
    """Put a notice for each of `targets` into the outbox, due at once.

    Parameters
    ----------
    connection : Connection
    episode : int or None
        None for a report.
    reason : str
        What happened to the episode, or what the report is about.
    body : dict
    targets : sequence of str
    created : int
        [µs since 1970-01-01 UTC]
    """
    shared = {
        "episode": episode,
        "reason": reason,
        "state": "waiting",
        "body": body,
        "created": created,
        "due": created,
        "attempts": 0,
        "possibly_repeated": False,
        "error": "",
    }
    if targets:
        connection.execute(insert(tables.notice), [{**shared, "target": target} for target in targets])


def episode_of(row: Row[Any]) -> Episode:
    """The episode in a row of the table."""
    holding = msgspec.convert(row.holding, tuple[Measured, ...])
    moment = msgspec.convert(row.evidence, Moment)
    return Episode(row.opened, row.closed, row.through, row.level, row.worst, row.sequence, holding, moment)


def _added(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    key = connection.execute(insert(table).values(values)).inserted_primary_key
    return int(key[0]) if key else 0


def _columns(transition: Transition) -> dict[str, Any]:
    columns: dict[str, Any] = msgspec.to_builtins(transition.episode)
    state = "open" if transition.episode.closed is None else "closed"
    columns["state"] = "retracted" if transition.reason in WITHDRAWN else state
    columns["evidence"] = columns.pop("moment")
    return columns
