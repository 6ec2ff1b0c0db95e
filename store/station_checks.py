"""Checks that stations made of their instruments (质控核查), as they were told and as they were judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from operator import attrgetter
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.store import tables

_TABLE = tables.station_check


class Check(NamedTuple):
    """A check of an item of a subject.

    Attributes
    ----------
    sequence : int
        The message that told of it.
    subject, item : str
    kind : str
        Such as ``zero``.
    time : int
        Event time. [s since 1970-01-01 UTC]
    told : str
        JSON: the numbers as they were sent.
    passed : bool or None
        None where nothing says what would pass.
    flagged : int or None
        If it failed: values later than this, up to it, are bad. [s since 1970-01-01 UTC]
    """

    sequence: int
    subject: str
    item: str
    kind: str
    time: int
    told: str
    passed: bool | None
    flagged: int | None


def write(connection: Connection, checks: Sequence[Check]) -> None:
    """Keep checks, within a transaction; what is there already stays as it is."""
    if checks:
        connection.execute(insert(_TABLE).on_conflict_do_nothing(), [dict(check._asdict()) for check in checks])


def last_good(engine: Engine, failed: Check) -> int | None:
    """When an item was last found good before `failed`, by a check of its kind; None if it never was.

    Of messages before its own. [s since 1970-01-01 UTC]
    """
    query = select(func.max(_TABLE.c.time)).where(*_alike(failed), _TABLE.c.passed, _TABLE.c.time < failed.time)
    with engine.connect() as connection:
        found: int | None = connection.execute(query).scalar()
    return found


def is_known(engine: Engine, check: Check) -> bool:
    """Whether an earlier message told of the same check, with the same numbers."""
    query = select(_TABLE.c.sequence).where(*_alike(check), _TABLE.c.time == check.time, _TABLE.c.told == check.told)
    with engine.connect() as connection:
        return connection.execute(query.limit(1)).first() is not None


def newest_failed(engine: Engine, up_to: int) -> dict[str, int]:
    """When the newest check of each subject was that failed, of messages up to `up_to` [s since 1970-01-01 UTC]."""
    failed = _TABLE.c.flagged.is_not(None) & (_TABLE.c.sequence <= up_to)
    query = select(_TABLE.c.subject, func.max(_TABLE.c.time)).where(failed).group_by(_TABLE.c.subject)
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def failed_since(engine: Engine, subjects: Collection[str], since: int, before: int) -> dict[str, list[Check]]:
    """The checks of each of `subjects` that failed at `since` or later, told by messages before `before`, in order."""
    query = select(_TABLE).where(
        _TABLE.c.subject.in_(subjects),
        _TABLE.c.flagged.is_not(None),
        _TABLE.c.time >= since,
        _TABLE.c.sequence < before,
    )
    found = defaultdict(list)
    for check in _checks(engine, query.order_by(_TABLE.c.sequence, _TABLE.c.time, _TABLE.c.kind, _TABLE.c.item)):
        found[check.subject].append(check)
    return dict(found)


def between(
    engine: Engine, start: int, end: int, limit: int, at: int, *, subject: str | None = None, item: str | None = None
) -> list[Check]:
    """The newest checks made in ``[start, end)`` [s since 1970-01-01 UTC], newest first; `limit` at most.

    As they were told up to message `at`.
    """
    query = select(_TABLE).where(*_of(subject, item), _TABLE.c.time >= start, _TABLE.c.time < end)
    query = query.where(_TABLE.c.sequence <= at)
    return list(_checks(engine, query.order_by(_TABLE.c.time.desc(), _TABLE.c.sequence.desc(), *_NAMES).limit(limit)))


def latest(engine: Engine, subject: str | None = None, item: str | None = None, at: int | None = None) -> list[Check]:
    """The newest check of each kind of each item of each subject, told up to message `at` (None: now).

    Of several of one time the one told last.
    """
    told = [] if at is None else [_TABLE.c.sequence <= at]
    return _newest(engine, *_of(subject, item), *told)


def _newest(engine: Engine, *given: ColumnElement[bool]) -> list[Check]:
    """The newest check of each kind of each item of each subject, of those that fulfil all that is `given`."""
    place = func.row_number().over(partition_by=_NAMES, order_by=[_TABLE.c.time.desc(), _TABLE.c.sequence.desc()])
    numbered = select(_TABLE, place.label("place")).where(*given).subquery()
    columns = [numbered.c[name] for name in Check._fields]
    chosen = select(*columns).where(numbered.c.place == 1)
    return list(_checks(engine, chosen.order_by(numbered.c.subject, numbered.c.item, numbered.c.kind)))


class Failed:
    """Counts the checks that failed when they were last made; what was read of them once is not read again.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._through = 0
        self._newest: dict[tuple[str, str, str], Check] = {}
        self._one_at_a_time = Lock()

    def count(self) -> int:
        """How many kinds of checks, of all items of all subjects, failed when they were last made."""
        with self._one_at_a_time:
            for check in _newest(self._engine, _TABLE.c.sequence > self._through):
                self._through = max(self._through, check.sequence)
                names = check.subject, check.item, check.kind
                known = self._newest.get(names, check)
                self._newest[names] = max(known, check, key=attrgetter("time", "sequence"))
            return sum(check.passed is False for check in self._newest.values())


_NAMES = (_TABLE.c.subject, _TABLE.c.item, _TABLE.c.kind)


def _alike(check: Check) -> tuple[Any, ...]:
    """Conditions: of the same subject, item and kind, told earlier."""
    same = (check.subject, check.item, check.kind)
    return (*(column == value for column, value in zip(_NAMES, same, strict=True)), _TABLE.c.sequence < check.sequence)


def _of(subject: str | None, item: str | None) -> list[ColumnElement[bool]]:
    """Conditions: of a subject and of an item, as far as they are given."""
    given = {_TABLE.c.subject: subject, _TABLE.c.item: item}
    return [column == value for column, value in given.items() if value is not None]


def _checks(engine: Engine, query: Select[Any]) -> list[Check]:
    with engine.connect() as connection:
        return [Check._make(row) for row in connection.execute(query)]
