"""What was known at an earlier moment: gaps and windows as they were after a message, and who announced what since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Engine, func, select

from qingchuan.store import tables
from qingchuan.store.traces import Gap, Window, gaps_of, windows_of


def gaps_between(engine: Engine, subjects: Sequence[str], start: int, end: int, at: int) -> list[Gap]:
    """The gaps of `subjects` with numbers that had not come by message `at`, in their order.

    Of event times in ``[start, end)`` [s since 1970-01-01 UTC]. A number that came later is missing in them.
    """
    table, filled = tables.gap, tables.gap_filled
    between = table.c.subject.in_(subjects) & (table.c.until > start) & (table.c.since < end)
    standing = (table.c.state != "late") | (table.c.closed > at)
    query = select(table).where(between, standing, table.c.sequence <= at).order_by(table.c.sequence)
    with engine.connect() as connection:
        found = gaps_of(connection, query)
        numbers = {gap.sequence: gap for gap in found}
        came = select(filled.c.gap, filled.c.number).where(filled.c.sequence > at, filled.c.gap.in_(numbers))
        missing = [(row.gap, row.number) for row in connection.execute(came)]
    return [_as_it_was(gap, [number for of, number in missing if of == gap.sequence]) for gap in found]


def windows_between(engine: Engine, start: int, end: int, at: int) -> list[Window]:
    """The windows that overlap ``[start, end)`` [s since 1970-01-01 UTC], noticed up to message `at`.

    One that lasts has no end; nor has, to whom the time of `at` is now, one that ended after it.
    """
    table = tables.window
    lasts = table.c.end.is_(None) | (table.c.end > start * 1_000_000)
    overlaps = (table.c.begin < end * 1_000_000) & lasts
    query = select(table).where(overlaps, table.c.sequence <= at).order_by(table.c.sequence)
    with engine.connect() as connection:
        return windows_of(connection, query)


def announced_between(engine: Engine, after: int, up_to: int) -> dict[str, int]:
    """Who announced himself by messages later than `after`, up to `up_to`, and by which one last."""
    table = tables.subject
    newest = select(table.c.subject, func.max(table.c.sequence)).group_by(table.c.subject).order_by(table.c.subject)
    with engine.connect() as connection:
        found = connection.execute(newest.where(table.c.sequence > after, table.c.sequence <= up_to))
        return {row[0]: row[1] for row in found}


def _as_it_was(gap: Gap, late: Sequence[int]) -> Gap:
    """A gap before some numbers came."""
    return replace(gap, missing=[*gap.missing, *([number, number] for number in late)]) if late else gap
