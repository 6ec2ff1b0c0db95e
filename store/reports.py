"""Reports that were made: the figures of a day or month as they were known then, with the head of the journal."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.sqlite import insert as upsert

from qingchuan.store.tables import report

ReportKind = Literal["day", "month"]


class Report(NamedTuple):
    """A report.

    Attributes
    ----------
    kind : {"day", "month"}
    start : int
        Of the period. [s since 1970-01-01 UTC]
    created : int
        [µs since 1970-01-01 UTC]
    body : dict
        As `docs/webhook.md` describes it.
    """

    kind: ReportKind
    start: int
    created: int
    body: dict[str, Any]


def add_report(connection: Connection, made: Report) -> None:
    """Keep a report; one that is there already stays as it is."""
    connection.execute(upsert(report).values(made._asdict()).on_conflict_do_nothing())


def read_reports(engine: Engine, kind: ReportKind, first: int, end: int) -> list[Report]:
    """The reports of a kind on periods that start in [first, end), the oldest first [s since 1970-01-01 UTC]."""
    query = select(report).where(report.c.kind == kind, report.c.start >= first, report.c.start < end)
    with engine.connect() as connection:
        return [Report(*row) for row in connection.execute(query.order_by(report.c.start))]
