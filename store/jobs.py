"""The ledger of the schedule: which work is done for which period, so that nothing is done twice or left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from qingchuan.store.state import writing
from qingchuan.store.tables import job, job_run

Write = Callable[[Connection], None]
"""Writes what work came to, in the transaction that notes it as done."""


class JobState(NamedTuple):
    """How far a job has come.

    Attributes
    ----------
    name : str
    through : int
        End of the last period that is done. [s since 1970-01-01 UTC]
    start : int or None
        Start of the last period that was tried; None where none was. [s since 1970-01-01 UTC]
    attempts : int
        Of that period.
    finished : int or None
        When it was done; None while it fails. [µs since 1970-01-01 UTC]
    note : str
        What it came to, or what the last attempt ran into.
    """

    name: str
    through: int
    start: int | None
    attempts: int
    finished: int | None
    note: str


class JobLedger:
    """Notes which work is done for which period.

    Parameters
    ----------
    engine : Engine
        Of the state database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = writing(engine)

    def through(self, name: str, begin: int) -> int:
        """The end of the last period for which the job `name` is done; one that is new begins at `begin`."""
        with self._engine.begin() as connection:
            connection.execute(upsert(job).values(name=name, through=begin).on_conflict_do_nothing())
            return int(connection.execute(select(job.c.through).where(job.c.name == name)).scalar_one())

    def finish(self, name: str, start: int, end: int, at: int, note: str, write: Write) -> bool:
        """Write what the job came to for its next period, and note that as done, both or neither.

        Parameters
        ----------
        name : str
        start, end : int
            The period [start, end). [s since 1970-01-01 UTC]
        at : int
            [µs since 1970-01-01 UTC]
        note : str
            What it came to.
        write : callable
            Given the connection of the transaction.

        Returns
        -------
        bool
            False where it was done before: then nothing is written.
        """
        with self._engine.begin() as connection:
            next_one = (job.c.name == name) & (job.c.through == start)
            if connection.execute(update(job).where(next_one).values(through=end)).rowcount != 1:
                return False
            write(connection)
            self._tried(connection, name, start, at, note)
        return True

    def fail(self, name: str, start: int, reason: str) -> None:
        """Note that an attempt for the period from `start` ran into `reason`."""
        with self._engine.begin() as connection:
            self._tried(connection, name, start, None, reason)

    @staticmethod
    def _tried(connection: Connection, name: str, start: int, finished: int | None, note: str) -> None:
        row = upsert(job_run).values(job=name, start=start, attempts=1, finished=finished, note=note)
        again = {"attempts": job_run.c.attempts + 1, "finished": finished, "note": note}
        connection.execute(row.on_conflict_do_update(index_elements=["job", "start"], set_=again))


def job_states(engine: Engine) -> list[JobState]:
    """How far each job has come, by name."""
    newest = select(job_run.c.job, func.max(job_run.c.start).label("start")).group_by(job_run.c.job).subquery()
    query = (
        select(job.c.name, job.c.through, job_run.c.start, job_run.c.attempts, job_run.c.finished, job_run.c.note)
        .outerjoin(newest, newest.c.job == job.c.name)
        .outerjoin(job_run, (job_run.c.job == newest.c.job) & (job_run.c.start == newest.c.start))
        .order_by(job.c.name)
    )
    with engine.connect() as connection:
        return [
            JobState(name, through, start, attempts or 0, finished, note or "")
            for name, through, start, attempts, finished, note in connection.execute(query)
        ]
