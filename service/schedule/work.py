"""What our jobs do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from qingchuan.alerts.storage import add_notices
from qingchuan.api.reports.period import period_report
from qingchuan.api.services import Services
from qingchuan.processing.calendar_periods import month_of, one_day
from qingchuan.processing.periods import natural_day
from qingchuan.service.counting import Counting, check_counts
from qingchuan.service.schedule.jobs import Job, Outcome, Stretch
from qingchuan.store.head import Head
from qingchuan.store.reports import Report, ReportKind, add_report


def jobs_of(
    services: Services, counting: Counting, head: Callable[[], Head], targets: Sequence[str], report_after: int
) -> list[Job]:
    """All jobs, in the order in which they are done where several are due at once.

    Parameters
    ----------
    services : Services
    counting : Counting
    head : callable
        Head of the journal.
    targets : sequence of str
        Names of the webhooks that are sent reports.
    report_after : int
        How long after the end of a day or month it is reported. [s]
    """
    reports = Reports(services, head, targets)
    caught_up = CaughtUp(services.observations.sequence, head)
    return [
        Job("counts", "hour", 0, lambda _: Outcome(check_counts(counting)), catches_up=False),
        Job("day-report", "day", report_after, lambda stretch: reports("day", stretch), ready=caught_up),
        Job("month-report", "month", report_after, lambda stretch: reports("month", stretch), ready=caught_up),
    ]


class CaughtUp:
    """Whether the store holds what was in the journal when it was first asked, so that a report misses none of it.

    Parameters
    ----------
    applied : callable
        The message up to which everything is in the store.
    head : callable
        Head of the journal.
    """

    def __init__(self, applied: Callable[[], int], head: Callable[[], Head]) -> None:
        self._applied = applied
        self._head = head
        self._wanted: int | None = None

    def __call__(self) -> bool:
        """Look; once it was so, the next time asks anew."""
        if self._wanted is None:
            self._wanted = self._head().sequence
        if self._applied() < self._wanted:
            return False
        self._wanted = None
        return True


class Reports:
    """Makes the report of a day or a month, keeps it, and puts it into the outbox for those that want it.

    Parameters
    ----------
    services : Services
    head : callable
    targets : sequence of str
    """

    def __init__(self, services: Services, head: Callable[[], Head], targets: Sequence[str]) -> None:
        self._services = services
        self._head = head
        self._targets = targets

    def __call__(self, kind: ReportKind, stretch: Stretch) -> Outcome:
        """Make the report of the period; it is kept and sent together with the note that it is done."""
        day = natural_day(stretch.start)
        period = one_day(day) if kind == "day" else month_of(day)
        made = period_report(self._services, period, str(self._head()))
        created, body = self._services.now(), msgspec.to_builtins(made)

        def write(connection: Connection) -> None:
            add_report(connection, Report(kind, stretch.start, created, body))
            add_notices(connection, None, f"{kind}-report", body, self._targets, created)

        return Outcome(f"as of message {made.sequence}", write)
