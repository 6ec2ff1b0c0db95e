"""Episodes and notices as the API asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Select, Table, func, select, tuple_

from qingchuan.alerts.episodes import Episode
from qingchuan.alerts.storage import episode_of
from qingchuan.store import tables

EpisodeState = Literal["open", "closed", "retracted"]


@dataclass(frozen=True)
class Delivery:
    """What became of a notice.

    Attributes
    ----------
    id : int
    target : str
        Name of the notifier.
    reason : str
        What happened to the episode; a value of `Reason`.
    state : str
        ``waiting``, ``sending``, ``sent`` or ``failed``.
    created : int
        [µs since 1970-01-01 UTC]
    attempts : int
    possibly_repeated : bool
    error : str
        What the last attempt ran into; empty where it ran into nothing.
    """

    id: int
    target: str
    reason: str
    state: str
    created: int
    attempts: int
    possibly_repeated: bool
    error: str


@dataclass(frozen=True)
class Alert:
    """An episode with its notices.

    Attributes
    ----------
    id : int
    rule, subject : str
    state : {"open", "closed", "retracted"}
    history : bool
        Whether nobody was told, since what happened in it was not recent.
    episode : Episode
    notices : tuple of Delivery
        Oldest first.
    """

    id: int
    rule: str
    subject: str
    state: str
    history: bool
    episode: Episode
    notices: tuple[Delivery, ...]


@dataclass(frozen=True)
class Counts:
    """How many episodes and notices there are, by state; a state without any is left out."""

    episodes: dict[str, int]
    notices: dict[str, int]


def episodes(
    engine: Engine,
    *,
    state: EpisodeState | None = None,
    subject: str | None = None,
    limit: int,
    before: int | None = None,
) -> list[Alert]:
    """The newest `limit` episodes by the time they opened, newest first.

    Parameters
    ----------
    engine : Engine
        Of the state database.
    state : {"open", "closed", "retracted"}, optional
    subject : str, optional
    limit : int
    before : int, optional
        Id of an episode: only those that come after it in this order.
    """
    table = tables.episode
    query = select(table).order_by(table.c.opened.desc(), table.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(table.c.state == state)
    if subject is not None:
        query = query.where(table.c.subject == subject)
    if before is not None:
        last = select(table.c.opened, table.c.id).where(table.c.id == before).subquery()
        query = query.where(tuple_(table.c.opened, table.c.id) < select(last).scalar_subquery())
    return _alerts(engine, query)


def closed_last(engine: Engine, *, limit: int) -> list[Alert]:
    """The `limit` closed episodes that ended last, the last one first."""
    table = tables.episode
    closed = select(table).where(table.c.state == "closed")
    return _alerts(engine, closed.order_by(table.c.closed.desc(), table.c.id.desc()).limit(limit))


def _alerts(engine: Engine, query: Select[Any]) -> list[Alert]:
    """The episodes that `query` chooses, with their notices."""
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        notices = _notices(connection, [row.id for row in rows])
    return [
        Alert(row.id, row.rule, row.subject, row.state, row.history, episode_of(row), tuple(notices[row.id]))
        for row in rows
    ]


def count(engine: Engine) -> Counts:
    """How many episodes and notices there are, by state."""
    with engine.connect() as connection:
        return Counts(_by_state(connection, tables.episode), _by_state(connection, tables.notice))


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    query = select(table.c.state, func.count()).group_by(table.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _notices(connection: Connection, ids: Sequence[int]) -> dict[int, list[Delivery]]:
    table = tables.notice
    columns = (table.c.target, table.c.reason, table.c.state, table.c.created, table.c.attempts)
    query = select(table.c.episode, table.c.id, *columns, table.c.possibly_repeated, table.c.error)
    found: dict[int, list[Delivery]] = {key: [] for key in ids}
    for episode, *rest in connection.execute(query.where(table.c.episode.in_(ids)).order_by(table.c.id)):
        found[episode].append(Delivery(*rest))
    return found
