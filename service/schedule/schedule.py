"""The schedule itself: finds out what is due by the ledger, and does it in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import structlog

from qingchuan.service.lock import Hold
from qingchuan.service.schedule.jobs import Job, Outcome, Stretch, beginning, stretches
from qingchuan.store.jobs import JobLedger

_SECOND = 1_000_000
"""[µs]"""
_FIRST_PAUSE, _LONGEST_PAUSE = 60, 3600
"""How long a job rests that has failed, at first and at most; the pause doubles. [s]"""


class _Due(NamedTuple):
    """Work that is due; those due earlier come first, then in the order of the jobs."""

    at: int
    place: int
    stretch: Stretch
    is_newest: bool


class Schedule:
    """Does what is due: each job once for each of its periods, in order of time, and after a failure again.

    Parameters
    ----------
    jobs : sequence of Job
    ledger : JobLedger
    now : callable
        [µs since 1970-01-01 UTC]
    lock : Path
        Of several processes one works, as long as it lives; the others do nothing until it has ended.
    """

    def __init__(self, jobs: Sequence[Job], ledger: JobLedger, now: Callable[[], int], lock: Path) -> None:
        self._jobs = jobs
        self._ledger = ledger
        self._now = now
        self._hold = Hold(lock)
        self._resting: dict[str, _Rest] = {}
        self._stopping = False
        self._log = structlog.get_logger("schedule")

    def __call__(self) -> int:
        """Do all that is due; for how many periods something was done."""
        if not self._hold.take():
            return 0
        now = self._now() // _SECOND
        passed_over = {name for name, rest in self._resting.items() if now < rest.until}
        done = 0
        for due in sorted(self._due(now), key=lambda each: each[:2]):
            job = self._jobs[due.place]
            if self._stopping:
                break
            if job.name in passed_over:
                continue
            if job.ready() and self._do(job, due):
                done += 1
            else:
                passed_over.add(job.name)
        return done

    def stop(self) -> None:
        """Begin nothing more: much may have been missed, and who stops would wait for all of it."""
        self._stopping = True

    def close(self) -> None:
        """Let another process do the work."""
        self._hold.release()

    def _due(self, now: int) -> Iterator[_Due]:
        for place, job in enumerate(self._jobs):
            through = self._ledger.through(job.name, beginning(job.unit, now))
            found = list(stretches(job.unit, through, now - job.after))
            for stretch in found:
                yield _Due(stretch.end + job.after, place, stretch, stretch == found[-1])

    def _do(self, job: Job, due: _Due) -> bool:
        start, end = due.stretch
        try:
            outcome = job.work(due.stretch) if job.catches_up or due.is_newest else Outcome("covered by a later one")
            self._ledger.finish(job.name, start, end, self._now(), outcome.note, outcome.write)
        except Exception as error:  # noqa: BLE001 - whatever it was: the other jobs go on, and it is tried again
            self._failed(job, start, error)
            return False
        self._resting.pop(job.name, None)
        self._log.info("done", job=job.name, start=start, note=outcome.note)
        return True

    def _failed(self, job: Job, start: int, error: Exception) -> None:
        before = self._resting.get(job.name)
        pause = _FIRST_PAUSE if before is None else min(2 * before.pause, _LONGEST_PAUSE)
        self._resting[job.name] = _Rest(pause, self._now() // _SECOND + pause)
        self._log.exception("failed", job=job.name, start=start, again_in_seconds=pause)
        self._ledger.fail(job.name, start, f"{type(error).__name__}: {error}")


class _Rest(NamedTuple):
    """How long a job rests that has failed [s], and until when [s since 1970-01-01 UTC]."""

    pause: int
    until: int
