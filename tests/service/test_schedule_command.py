"""``qingchuan schedule``: what is done by the clock, and how far it has come."""

from __future__ import annotations

import pytest

from qingchuan.store.jobs import JobLedger
from tests.api.world import World
from tests.service.asking import ask


def test_a_job_that_never_ran_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first period is not over; a dash would leave open whether it failed."""
    JobLedger(world.state.engine).through("day-report", 1_780_000_000)
    said = ask(world, monkeypatch, "schedule")
    assert (said.code, "尚未执行" in said.words, "not yet" in said.words) == (0, True, True)
