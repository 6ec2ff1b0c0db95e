"""How far the schedule has come, as answers tell it."""

from __future__ import annotations

from qingchuan.api.answering import iso_time
from qingchuan.api.schemas.schedule import JobAnswer, ScheduleAnswer
from qingchuan.api.services import Services
from qingchuan.store.jobs import JobState, job_states


def schedule_answer(services: Services) -> ScheduleAnswer:
    """Each job with the last period that is done."""
    return ScheduleAnswer(services.observations.sequence(), list(map(_job, job_states(services.state.engine))))


def _job(state: JobState) -> JobAnswer:
    return JobAnswer(
        state.name,
        iso_time(state.through),
        None if state.start is None else iso_time(state.start),
        state.attempts,
        None if state.finished is None else iso_time(state.finished // 1_000_000),
        state.note,
    )
