"""Faults of instruments, as the quality tests found them: from the first marked value to the first one without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Engine, Table, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.store import tables
from qingchuan.store.rows import json_list


class Fault(NamedTuple):
    """A stretch of time in which the values of an item were marked by one test.

    Attributes
    ----------
    subject, period, item : str
    test : str
        The quality test that found it, such as ``flat_line``.
    opened, through : int
        Event times of the first and the last such value. [s since 1970-01-01 UTC]
    closed : int or None
        Event time of the first value without it; None while it lasts. [s since 1970-01-01 UTC]
    sequence : int
        Newest message behind it.
    """

    subject: str
    period: str
    item: str
    test: str
    opened: int
    through: int
    closed: int | None
    sequence: int


class Run(NamedTuple):
    """Consecutive values that one test marked, as `Fault` has them."""

    test: str
    opened: int
    through: int
    closed: int | None


class FaultRuns(NamedTuple):
    """What the faults of an item are from one of its values on.

    Attributes
    ----------
    subject, period, item : str
    sequence : int
        The message by which it is so.
    since : int
        Event time of that value. [s since 1970-01-01 UTC]
    runs : tuple of Run
        A run that begins with that value goes on with what was found before it.
    """

    subject: str
    period: str
    item: str
    sequence: int
    since: int
    runs: tuple[Run, ...]


def take(connection: Connection, told: Sequence[FaultRuns]) -> None:
    """Keep what was told about faults, in its order; telling it again changes nothing."""
    if not told:
        return
    stored = _reaching(connection, told)
    now = {about: dict(faults) for about, faults in stored.items()}
    for one in told:
        _take(now.setdefault((one.subject, one.period, one.item), {}), one)
    gone = [fault for about, faults in stored.items() for key, fault in faults.items() if key not in now[about]]
    new = [
        fault
        for about, faults in now.items()
        for key, fault in faults.items()
        if fault != stored.get(about, {}).get(key)
    ]
    table = tables.fault
    if gone:
        key = [table.c[column.name] == bindparam(f"old_{column.name}") for column in table.primary_key]
        connection.execute(
            table.delete().where(*key),
            [{f"old_{column.name}": getattr(fault, column.name) for column in table.primary_key} for fault in gone],
        )
    if new:
        put = insert(table)
        changed = {name: put.excluded[name] for name in ("through", "closed", "sequence")}
        put = put.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)
        connection.execute(put, [fault._asdict() for fault in new])


_About = tuple[str, str, str]
_Faults = dict[tuple[str, int], Fault]
"""The faults of an item, by test and beginning."""


def _reaching(connection: Connection, told: Sequence[FaultRuns]) -> dict[_About, _Faults]:
    """The faults that reach into what is told."""
    table = tables.fault
    earliest: dict[_About, int] = {}
    for one in told:
        about = one.subject, one.period, one.item
        earliest[about] = min(one.since, earliest.get(about, one.since))
    found: dict[_About, _Faults] = {about: {} for about in earliest}
    subjects = {subject for subject, _, _ in earliest}
    late = table.c.closed.is_(None) | (table.c.closed > min(earliest.values()))
    wanted = table.c.subject.in_(select(func.json_each(json_list(sorted(subjects))).table_valued("value").c.value))
    for row in connection.execute(select(*_columns(table)).where(wanted, late)):
        fault = Fault(*row)
        about = fault.subject, fault.period, fault.item
        if about in earliest and (fault.closed is None or fault.closed > earliest[about]):
            found[about][fault.test, fault.opened] = fault
    return found


def _take(faults: _Faults, told: FaultRuns) -> None:
    """Bring the faults of an item up to what is told."""
    runs = {(run.test, run.opened): run for run in told.runs}
    for key, fault in list(faults.items()):
        if fault.closed is not None and fault.closed <= told.since:
            continue
        if fault.opened < told.since:
            first = runs.pop((fault.test, told.since), None)
            runs[key] = first._replace(opened=fault.opened) if first else _ended(fault, told.since)
        elif key not in runs:
            del faults[key]
    for key, run in runs.items():
        before = faults.get(key)
        if before is None or (before.through, before.closed) != (run.through, run.closed):
            faults[key] = Fault(told.subject, told.period, told.item, *run, told.sequence)


def _ended(fault: Fault, since: int) -> Run:
    """A fault that a value closed which was thought to have it."""
    return Run(fault.test, fault.opened, min(fault.through, since), since)


def faults(
    engine: Engine, limit: int, *, before: int | None = None, subject: str | None = None, is_open: bool | None = None
) -> list[Fault]:
    """The newest faults, newest message first: of messages earlier than `before`, of one `subject`, open or over.

    About `limit`, but whole messages.
    """
    table = tables.fault
    query = select(*_columns(table)).order_by(
        table.c.sequence.desc(), table.c.subject, table.c.period, table.c.item, table.c.test, table.c.opened.desc()
    )
    if subject is not None:
        query = query.where(table.c.subject == subject)
    if is_open is not None:
        query = query.where(table.c.closed.is_(None) if is_open else table.c.closed.is_not(None))
    earlier = query if before is None else query.where(table.c.sequence < before)
    with engine.connect() as connection:
        found = [Fault(*row) for row in connection.execute(earlier.limit(limit))]
        if len(found) == limit:
            last = found[-1].sequence
            found = [fault for fault in found if fault.sequence != last]
            found += [Fault(*row) for row in connection.execute(query.where(table.c.sequence == last))]
    return found


def lasting(engine: Engine, up_to: int) -> list[Fault]:
    """The faults that last, of messages up to `up_to`, by subject and item."""
    table = tables.fault
    query = select(*_columns(table)).where(table.c.closed.is_(None), table.c.sequence <= up_to)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(table.c.subject, table.c.item, table.c.period, table.c.opened))
        return [Fault(*row) for row in rows]


def which_last(engine: Engine) -> list[tuple[Any, ...]]:
    """What tells faults that last from others: keys, in order."""
    key = list(tables.fault.primary_key)
    with engine.connect() as connection:
        rows = connection.execute(select(*key).where(tables.fault.c.closed.is_(None)).order_by(*key))
        return [tuple(row) for row in rows]


def count_open(engine: Engine) -> int:
    """How many faults last."""
    query = select(func.count()).select_from(tables.fault).where(tables.fault.c.closed.is_(None))
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def _columns(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in Fault._fields]
