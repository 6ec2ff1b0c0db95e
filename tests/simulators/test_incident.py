"""The incident of a demo: worse than class Ⅴ within minutes, and over again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.simulators.incident import Incident, extra_times, sewage, soon_after


@given(st.integers(0, 4 * 10**9))
def test_it_begins_on_a_full_minute_one_to_two_minutes_after_the_live_start(live: int) -> None:
    """Late enough to be seen from its beginning, early enough to be waited for."""
    begins = soon_after(live).begins
    assert begins % 60 == 0
    assert 60 <= begins - live < 120


def test_the_wave_rises_in_five_minutes_and_is_gone_at_the_end() -> None:
    """Nothing before, full strength after the rise, nothing from the end on."""
    incident = Incident(begins=6000)
    strength = sewage(incident, np.array([0, 5999, 6000, 6300, incident.ends, incident.ends + 60]))
    assert strength.tolist() == pytest.approx([0, 0, 0, incident.strength, 0, 0])


def test_the_wave_has_no_step() -> None:
    """From minute to minute it changes by less than a third."""
    incident = Incident(begins=6000)
    assert np.abs(np.diff(sewage(incident, np.arange(0, 20_000, 60)))).max() < 0.4


def test_extra_readings_leave_out_the_full_hours() -> None:
    """There the usual reading is sent; the last extra one tells that it is over."""
    incident = Incident(begins=3 * 3600 - 120, lasts=3600)
    times = extra_times(incident)
    assert not np.any(times % 3600 == 0)
    assert times[0] == incident.begins
    assert times[-1] == incident.ends
    assert len(times) == 60
