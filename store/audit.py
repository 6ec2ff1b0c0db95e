"""What auditors did (审核): every action, the values it changed, the days confirmed, the hours of dust."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, Select, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.processing.periods import DAY, HOUR, natural_days
from qingchuan.store import tables
from qingchuan.store.audit_messages import Action, AuditedPeriod

_ACTION, _VALUE = tables.audit_action, tables.audit_value

NO_CITIES: Mapping[str, str] = {}


class Done(NamedTuple):
    """An action, as it was said.

    Attributes
    ----------
    sequence, number : int
        The message that said it, and its place there, from 0.
    action : {"mark_invalid", "correct", "restore", "dust", "confirm", "object"}
    subject, period : str
    start, end : int
        The values whose period starts in ``[start, end)``. [s since 1970-01-01 UTC]
    items : tuple of str
    value : str
        The right number, digit for digit; empty where none is told.
    step, person, reason : str
    stated : int
        When it was done, as the person says. [s since 1970-01-01 UTC]
    received : int
        When the journal took it. [µs since 1970-01-01 UTC]
    refused : str
        Why it was not taken; empty where it was.
    """

    sequence: int
    number: int
    action: Action
    subject: str
    period: AuditedPeriod
    start: int
    end: int
    items: tuple[str, ...]
    value: str
    step: str
    person: str
    reason: str
    stated: int
    received: int
    refused: str = ""


class AuditedValue(NamedTuple):
    """What an action did to a value.

    Attributes
    ----------
    subject, period : str
    start : int
        [s since 1970-01-01 UTC]
    item : str
    sequence, number : int
        Of the action.
    before, after : str
        JSON: number, flag and what set it, of what is computed with; ``null`` where there is none.
    """

    subject: str
    period: str
    start: int
    item: str
    sequence: int
    number: int
    before: str
    after: str


class States(NamedTuple):
    """Which natural days of subjects are confirmed.

    Attributes
    ----------
    subjects, items, steps : tuple of str
    days : ndarray of datetime64[D], shape (days,)
    confirmed : ndarray of int64, shape (steps, items, days, subjects)
        The newest message by which a step confirmed; 0 where none did.
    """

    subjects: tuple[str, ...]
    items: tuple[str, ...]
    steps: tuple[str, ...]
    days: NDArray[np.datetime64]
    confirmed: NDArray[np.int64]

    def audited(self, sequence: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which values the last step has confirmed as they are, shape (items, days, subjects).

        Parameters
        ----------
        sequence : ndarray of int64, shape (days, subjects)
            The newest message behind the values of a day: what came after a confirmation is not covered by it.
        """
        last = self.confirmed[-1]
        return np.asarray((last > 0) & (last >= sequence))


def write(connection: Connection, done: Iterable[Done], values: Iterable[AuditedValue]) -> None:
    """Keep actions and what they did, within a transaction; what is there already stays as it is."""
    rows = [{**one._asdict(), "items": msgspec.json.encode(one.items).decode()} for one in done]
    if rows:
        connection.execute(insert(_ACTION).on_conflict_do_nothing(), rows)
    changed = [value._asdict() for value in values]
    if changed:
        connection.execute(insert(_VALUE).on_conflict_do_nothing(), changed)


def trail(
    engine: Engine,
    limit: int,
    *,
    subjects: Sequence[str] | None = None,
    start: int | None = None,
    end: int | None = None,
    before: int | None = None,
    as_of: int | None = None,
) -> list[Done]:
    """The newest actions, newest first; of whole messages, so that there may be some more than `limit`.

    Parameters
    ----------
    engine : Engine
    limit : int
    subjects : sequence of str or None
        None: of all.
    start, end : int or None
        On values of a period that reaches into ``[start, end)``. [s since 1970-01-01 UTC]
    before, as_of : int or None
        Of messages earlier than `before`, up to `as_of`.
    """
    wanted: list[ColumnElement[bool]] = []
    wanted += [_ACTION.c.subject.in_(subjects)] if subjects is not None else []
    wanted += [_ACTION.c.end > start] if start is not None else []
    wanted += [_ACTION.c.start < end] if end is not None else []
    wanted += [_ACTION.c.sequence < before] if before is not None else []
    wanted += [_ACTION.c.sequence <= as_of] if as_of is not None else []
    query = select(_ACTION).where(*wanted).order_by(_ACTION.c.sequence.desc(), _ACTION.c.number)
    found = _done(engine, query.limit(limit))
    if len(found) == limit:
        last = found[-1].sequence
        found = [one for one in found if one.sequence != last]
        found += _done(engine, query.where(_ACTION.c.sequence == last))
    return found


def values_of(engine: Engine, sequences: Sequence[int]) -> list[AuditedValue]:
    """What the actions of some messages did to values, in order."""
    query = select(_VALUE).where(_VALUE.c.sequence.in_(sequences))
    order = _VALUE.c.sequence, _VALUE.c.number, _VALUE.c.start, _VALUE.c.item
    with engine.connect() as connection:
        return [AuditedValue(*row) for row in connection.execute(query.order_by(*order))]


def touched(engine: Engine, subject: str, period: str, start: int, end: int, before: int) -> set[tuple[int, str]]:
    """Start and item of the values of a subject that actions of messages earlier than `before` changed."""
    query = select(_VALUE.c.start, _VALUE.c.item).distinct()
    same = (_VALUE.c.subject == subject) & (_VALUE.c.period == period) & (_VALUE.c.sequence < before)
    with engine.connect() as connection:
        rows = connection.execute(query.where(same, _VALUE.c.start >= start, _VALUE.c.start < end))
        return {(row.start, row.item) for row in rows}


def states(
    engine: Engine,
    subjects: Sequence[str],
    start: int,
    end: int,
    *,
    items: Sequence[str],
    steps: Sequence[str],
    cities: Mapping[str, str] = NO_CITIES,
    as_of: int | None = None,
) -> States:
    """Which natural days of `subjects` that begin in ``[start, end)`` are confirmed, by each step.

    Parameters
    ----------
    engine : Engine
    subjects : sequence of str
    start, end : int
        Beginnings of natural days. [s since 1970-01-01 UTC]
    items, steps : sequence of str
        The last step is the one by which a value is audited.
    cities : mapping of str to str
        For air stations the city that they belong to: who confirms that confirms them.
    as_of : int or None
        After this message; None: now.
    """
    times = np.arange(start, max(start, end), DAY)
    confirmed = np.zeros((len(steps), len(items), len(times), len(subjects)), np.int64)
    about = [*subjects, *{cities[subject] for subject in subjects if subject in cities}]
    for one in taken(engine, ("confirm",), about, start, end, as_of):
        if one.step not in steps:
            continue
        step = confirmed[list(steps).index(one.step)]
        told = np.flatnonzero([not one.items or item in one.items for item in items])
        cells = np.ix_(told, _within(times, one), columns_of(subjects, cities, one.subject))
        step[cells] = one.sequence
    days = natural_days(times.astype("datetime64[s]"))
    return States(tuple(subjects), tuple(items), tuple(steps), days, confirmed)


def dust_hours(
    engine: Engine,
    stations: Sequence[str],
    start: int,
    end: int,
    *,
    cities: Mapping[str, str] = NO_CITIES,
    as_of: int | None = None,
) -> dict[str, NDArray[np.bool_]]:
    """The hours of dust of `stations` that start in ``[start, end)``: by item an array of shape (hours, stations).

    An item of which none is declared is left out.

    Parameters
    ----------
    engine : Engine
    stations : sequence of str
    start, end : int
        [s since 1970-01-01 UTC]
    cities : mapping of str to str
        For each station its city: what is declared of that holds for them.
    as_of : int or None
        After this message; None: now.
    """
    times = np.arange(start, max(start, end), HOUR)
    about = [*stations, *{cities[station] for station in stations if station in cities}]
    affected: dict[str, NDArray[np.bool_]] = {}
    for one in taken(engine, ("dust", "restore"), about, start, end, as_of):
        if one.period != "hour":
            continue
        cells = np.ix_(_within(times, one), columns_of(stations, cities, one.subject))
        for item in one.items if one.action == "dust" else [*affected]:
            if not one.items or item in one.items:
                marked = affected.setdefault(item, np.zeros((len(times), len(stations)), np.bool_))
                marked[cells] = one.action == "dust"
    return {item: marked for item, marked in affected.items() if marked.any()}


def has_dust(engine: Engine, as_of: int | None = None) -> bool:
    """Whether any hour was ever declared; mostly none is, and nothing has to be looked up then."""
    query = select(func.min(_ACTION.c.sequence)).where(_ACTION.c.action == "dust", _ACTION.c.refused == "")
    with engine.connect() as connection:
        first = connection.execute(query).scalar()
    return first is not None and (as_of is None or first <= as_of)


def taken(
    engine: Engine, actions: Sequence[str], subjects: Sequence[str], start: int, end: int, as_of: int | None
) -> list[Done]:
    """Actions about `subjects` that were taken and reach into ``[start, end)``, in their order, up to `as_of`."""
    if not subjects:
        return []
    query = select(_ACTION).where(
        _ACTION.c.action.in_(actions),
        _ACTION.c.refused == "",
        _ACTION.c.start < end,
        _ACTION.c.end > start,
        or_(*(_ACTION.c.subject.in_(subjects[at : at + 500]) for at in range(0, len(subjects), 500))),
    )
    query = query if as_of is None else query.where(_ACTION.c.sequence <= as_of)
    return _done(engine, query.order_by(_ACTION.c.sequence, _ACTION.c.number))


def _within(times: NDArray[np.int64], done: Done) -> NDArray[np.intp]:
    return np.flatnonzero((times >= done.start) & (times < done.end))


def columns_of(subjects: Sequence[str], cities: Mapping[str, str], about: str) -> NDArray[np.intp]:
    """Places of those of `subjects` that an action is about, itself or by its city."""
    return np.flatnonzero([about in (subject, cities.get(subject)) for subject in subjects])


def _done(engine: Engine, query: Select[Any]) -> list[Done]:
    with engine.connect() as connection:
        rows = connection.execute(query).mappings()
        return [Done(**{**row, "items": msgspec.json.decode(row["items"], type=tuple[str, ...])}) for row in rows]
