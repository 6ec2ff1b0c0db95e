"""The scheduler that wakes the schedule: APScheduler's, in a thread of its own."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from qingchuan.api.services import Services
from qingchuan.service.places import Places
from qingchuan.service.reading import Stores, counting_of
from qingchuan.service.schedule.schedule import Schedule
from qingchuan.service.schedule.work import jobs_of
from qingchuan.service.settings import Settings
from qingchuan.store.jobs import JobLedger

_PULSE = 10.0
"""How often it is looked for what is due, by the clock of the service. [s]"""
_FASTEST = 0.5
"""It is looked no more often than that. [s]"""


class RunningSchedule:
    """A schedule and what wakes it.

    Parameters
    ----------
    schedule : Schedule
    pulse : float
        How often it looks for what is due. [s]
    """

    def __init__(self, schedule: Schedule, pulse: float) -> None:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it would tell of every pulse
        self._schedule = schedule
        # A pulse that comes late, while work goes on, is one all the same; what is due the ledger knows.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(timezone=UTC, job_defaults=defaults)
        self._scheduler.add_job(schedule, IntervalTrigger(seconds=pulse), next_run_time=datetime.now(UTC))
        self._scheduler.start()

    def shutdown(self) -> None:
        """End after what is being done; another process may go on."""
        self._schedule.stop()
        self._scheduler.shutdown(wait=True)
        self._schedule.close()


def start_schedule(settings: Settings, places: Places, stores: Stores, services: Services) -> RunningSchedule:
    """Start doing what is done by the clock, from now on and what was missed."""
    targets = [webhook.name for webhook in settings.alerts.webhooks if webhook.reports]
    after = round(settings.schedule.report_after * 3600)
    jobs = jobs_of(services, counting_of(stores), stores.journal.acknowledged, targets, after)
    schedule = Schedule(jobs, JobLedger(stores.state.engine), services.now, places.schedule_lock)
    return RunningSchedule(schedule, max(_PULSE / settings.clock.speed, _FASTEST))
