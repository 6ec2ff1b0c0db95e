"""What is done by the clock is done once for each period, in order, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import insert, select
from structlog.testing import capture_logs

from qingchuan.processing.periods import DAY, HOUR, parse_instant
from qingchuan.service.schedule.jobs import Job, Outcome, Stretch
from qingchuan.service.schedule.schedule import Schedule
from qingchuan.service.schedule.work import CaughtUp
from qingchuan.store import tables
from qingchuan.store.head import Head
from qingchuan.store.jobs import JobLedger, job_states
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State

BEGAN = parse_instant("2026-02-26T09:30:00+08:00")
FIRST_HOUR = BEGAN // HOUR * HOUR
TODAY = parse_instant("2026-02-26T00:00:00+08:00")
THREE_DAYS = 3 * DAY


class Bench:
    """A clock, a ledger, and jobs that note what they were asked to do."""

    def __init__(self, folder: Path) -> None:
        migrate(folder / "state.sqlite")
        self.folder = folder
        self.state = State(folder / "state.sqlite")
        self.now = BEGAN
        self.done: list[tuple[str, int]] = []
        self.broken: set[str] = set()
        self.schedules: list[Schedule] = []

    def schedule(self, *, hours_catch_up: bool = True) -> Schedule:
        """A schedule as one process has it."""
        jobs = [
            Job("hourly", "hour", 0, self._noting("hourly"), catches_up=hours_catch_up),
            Job("daily", "day", 1800, self._noting("daily")),
            Job("monthly", "month", 1800, self._noting("monthly")),
        ]
        made = Schedule(jobs, JobLedger(self.state.engine), lambda: self.now * 1_000_000, self.folder / "lock")
        self.schedules.append(made)
        return made

    def of(self, name: str) -> list[int]:
        """The starts of the periods that a job was done for."""
        return [start for job, start in self.done if job == name]

    def close(self) -> None:
        """Close it."""
        for made in self.schedules:
            made.close()
        self.state.close()

    def _noting(self, name: str) -> Callable[[Stretch], Outcome]:
        def work(stretch: Stretch) -> Outcome:
            if name in self.broken:
                raise OSError("the disk is away")
            self.done.append((name, stretch.start))
            return Outcome("well")

        return work


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """One that begins at 9:30 of a day at the end of February."""
    made = Bench(tmp_path)
    yield made
    made.close()


def test_nothing_is_done_for_what_was_over_before_the_first_start(bench: Bench) -> None:
    """Nobody asks for the reports of years in which the service did not run."""
    assert bench.schedule()() == 0
    assert bench.done == []


def test_a_period_is_done_once_it_is_over_and_the_delay_too(bench: Bench) -> None:
    """A second before it is not, and a second time it is not either."""
    schedule = bench.schedule()
    schedule()
    bench.now = FIRST_HOUR + HOUR - 1
    assert schedule() == 0
    bench.now = FIRST_HOUR + HOUR
    assert schedule() == 1
    assert schedule() == 0
    bench.now = TODAY + DAY + 1799
    schedule()
    assert bench.of("daily") == []
    bench.now += 1
    schedule()
    assert bench.of("daily") == [TODAY]


def test_after_three_days_away_everything_missed_is_done_once_and_in_order(bench: Bench) -> None:
    """72 hours, three days, and the month that ended meanwhile, by when each was due."""
    bench.schedule()()
    bench.close()
    bench.state = State(bench.folder / "state.sqlite")
    bench.now = BEGAN + THREE_DAYS
    bench.schedule()()
    assert bench.of("hourly") == [FIRST_HOUR + hour * HOUR for hour in range(72)]
    assert bench.of("daily") == [TODAY, TODAY + DAY, TODAY + 2 * DAY]
    assert bench.of("monthly") == [parse_instant("2026-02-01T00:00:00+08:00")]
    due = {"hourly": HOUR, "daily": DAY + 1800}
    times = [start + due[name] for name, start in bench.done if name in due]
    assert times == sorted(times)


def test_running_twice_changes_nothing(bench: Bench) -> None:
    """Also in another process, started after the first one ended."""
    first = bench.schedule()
    first()
    bench.now += THREE_DAYS
    first()
    first.close()
    done = list(bench.done)
    assert bench.schedule()() == 0
    assert bench.done == done


def test_of_two_schedulers_at_once_one_does_the_work(bench: Bench) -> None:
    """The other does nothing as long as the first one lives, and goes on where it stopped."""
    first, second = bench.schedule(), bench.schedule()
    first()
    bench.now += DAY
    threads = [Thread(target=each) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bench.of("hourly") == [FIRST_HOUR + hour * HOUR for hour in range(24)]
    first.close()
    bench.now += HOUR
    assert second() == 1
    assert bench.of("hourly")[-1] == FIRST_HOUR + 24 * HOUR


def test_what_the_ledger_has_is_not_written_again_even_without_a_lock(bench: Bench) -> None:
    """What two processes come to at the same moment is written by the first."""
    ledger = JobLedger(bench.state.engine)
    assert ledger.through("job", FIRST_HOUR) == FIRST_HOUR

    def write(connection: object) -> None:
        connection.execute(  # type: ignore[attr-defined]
            insert(tables.report).values(kind="day", start=len(written), created=0, body={})
        )
        written.append(1)

    written: list[int] = []
    assert ledger.finish("job", FIRST_HOUR, FIRST_HOUR + HOUR, 1, "", write)
    assert not ledger.finish("job", FIRST_HOUR, FIRST_HOUR + HOUR, 2, "", write)
    assert len(written) == 1


def test_what_work_writes_is_there_exactly_when_it_is_noted_as_done(bench: Bench) -> None:
    """A failure in the midst of writing leaves neither."""
    ledger = JobLedger(bench.state.engine)
    ledger.through("job", FIRST_HOUR)

    def write(connection: object) -> None:
        connection.execute(  # type: ignore[attr-defined]
            insert(tables.report).values(kind="day", start=0, created=0, body={})
        )
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        ledger.finish("job", FIRST_HOUR, FIRST_HOUR + HOUR, 1, "", write)
    assert ledger.through("job", 0) == FIRST_HOUR
    with bench.state.engine.connect() as connection:
        assert connection.execute(select(tables.report)).all() == []


def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(bench: Bench) -> None:
    """After a minute, then after twice as long; its periods are done in order when it works again."""
    schedule = bench.schedule()
    schedule()
    bench.broken = {"hourly"}
    bench.now = TODAY + DAY + 1800
    with capture_logs() as logs:
        schedule()
        bench.now += 59
        schedule()
        bench.now += 1
        schedule()
    assert [entry["again_in_seconds"] for entry in logs if entry["event"] == "failed"] == [60, 120]
    assert bench.of("daily") == [TODAY]
    failing = next(state for state in job_states(bench.state.engine) if state.name == "hourly")
    assert (failing.attempts, failing.finished, failing.note) == (2, None, "OSError: the disk is away")
    bench.broken = set()
    bench.now += 120
    schedule()
    assert bench.of("hourly") == [FIRST_HOUR + hour * HOUR for hour in range(15)]
    works = next(state for state in job_states(bench.state.engine) if state.name == "hourly")
    assert (works.through, works.note) == (TODAY + DAY, "well")


def test_a_job_that_only_looks_does_so_once_for_all_it_missed(bench: Bench) -> None:
    """The ledger says of the others that a later one covers them."""
    schedule = bench.schedule(hours_catch_up=False)
    schedule()
    bench.now += 5 * HOUR
    schedule()
    assert bench.of("hourly") == [FIRST_HOUR + 4 * HOUR]
    with bench.state.engine.connect() as connection:
        notes = connection.execute(select(tables.job_run.c.note).order_by(tables.job_run.c.start)).scalars().all()
    assert notes == ["covered by a later one"] * 4 + ["well"]


def test_who_is_told_to_stop_ends_what_is_being_done_and_begins_no_more(bench: Bench) -> None:
    """However much was missed; the next start goes on there."""

    def work(_: Stretch) -> Outcome:
        schedule.stop()
        return Outcome("well")

    ledger = JobLedger(bench.state.engine)
    schedule = Schedule([Job("daily", "day", 0, work)], ledger, lambda: bench.now * 1_000_000, bench.folder / "lock")
    bench.schedules.append(schedule)
    assert schedule() == 0
    bench.now += THREE_DAYS
    assert schedule() == 1
    assert ledger.through("daily", 0) == TODAY + DAY


def test_work_waits_until_the_store_holds_what_the_journal_did() -> None:
    """What comes into the journal meanwhile is not waited for; the next period asks anew."""
    applied, head = [4], [10]
    caught_up = CaughtUp(lambda: applied[0], lambda: Head(head[0], bytes(32)))
    assert not caught_up()
    head[0] = 20
    applied[0] = 9
    assert not caught_up()
    applied[0] = 10
    assert caught_up()
    assert not caught_up()
    applied[0] = 20
    assert caught_up()


def test_a_job_that_is_not_ready_waits_and_has_not_failed(bench: Bench) -> None:
    """It is done once it is, without the rest that follows a failure."""
    ready, done = [False], []

    def work(stretch: Stretch) -> Outcome:
        done.append(stretch)
        return Outcome("well")

    job = Job("report", "hour", 0, work, ready=lambda: ready[0])
    schedule = Schedule([job], JobLedger(bench.state.engine), lambda: bench.now * 1_000_000, bench.folder / "lock")
    bench.schedules.append(schedule)
    schedule()
    bench.now += 2 * HOUR
    assert schedule() == 0
    ready[0] = True
    assert schedule() == 2
    assert len(done) == 2
    assert [state.attempts for state in job_states(bench.state.engine)] == [1]
