"""What stations observe: the incident, the faults, and numbers that only grow."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing.periods import parse_instant
from qingchuan.simulators.faults import NO_FAULTS, Faults
from qingchuan.simulators.incident import Incident, soon_after
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.noise import week_of
from qingchuan.simulators.observed import Simulation, air_hours, extra_readings, water_readings

LIVE = parse_instant("2026-11-25T09:08:20+08:00")
WEEK = week_of(LIVE)
CALM = Simulation(ningbo(), faults=NO_FAULTS)
STRUCK = Simulation(ningbo(), faults=NO_FAULTS, incident=soon_after(LIVE))


def test_analysers_are_told_every_four_hours_only() -> None:
    """The five parameters hourly, the four analysers in a quarter of the hours."""
    told = water_readings(CALM, WEEK).told
    assert told[:5].all()
    assert told[5:].mean() == 0.25


def test_an_hour_goes_out_after_its_end_and_a_reading_after_its_time() -> None:
    """Within ten minutes, where nothing is late."""
    air, water = air_hours(CALM, WEEK), water_readings(CALM, WEEK)
    assert (air.sent - air.times[:, None] - 3600).min() > 0
    assert (air.sent - air.times[:, None] - 3600).max() < 600
    assert (water.sent - water.times[:, None]).min() > 0
    assert (water.sent - water.times[:, None]).max() < 600


def test_faults_leave_the_other_values_alone() -> None:
    """What is told without a flag is what would be told without faults."""
    faulty = air_hours(Simulation(ningbo(), faults=Faults(flagged=0.05, missing=0.5)), WEEK)
    calm = air_hours(CALM, WEEK)
    same = faulty.told & (faulty.flags == 0)
    assert 0.5 < same.mean() < 1
    assert np.array_equal(faulty.values[same], calm.values[same])
    assert np.all(faulty.values[faulty.flags == 3] >= calm.values[faulty.flags == 3])


def test_the_incident_touches_only_its_section_and_its_time() -> None:
    """All else reads as without it."""
    calm, struck = water_readings(CALM, WEEK), water_readings(STRUCK, WEEK)
    differs = (calm.values != struck.values).any(axis=0)
    hours, sections = np.nonzero(differs)
    assert {struck.subjects[section] for section in sections} == {"ningbo-sizaopu-zha"}
    incident = STRUCK.incident
    assert incident is not None
    assert incident.begins <= struck.times[hours].min()
    assert struck.times[hours].max() <= incident.ends


def test_readings_of_the_incident_tell_all_items() -> None:
    """Hourly or in between, so that the class does not rest on what was read hours ago."""
    struck = water_readings(STRUCK, WEEK)
    place = struck.subjects.index("ningbo-sizaopu-zha")
    incident = STRUCK.incident
    assert incident is not None
    during = (struck.times >= incident.begins) & (struck.times <= incident.ends)
    assert struck.told[:, during, place].all()
    assert all(part.told.all() for part in extra_readings(STRUCK))


def test_sequence_numbers_grow_with_time_through_the_incident() -> None:
    """Hourly and extra readings of the section in one row, a week before and after."""
    place = ningbo().sections[-1].id
    numbered: list[tuple[int, int]] = []
    parts = [*(water_readings(STRUCK, week) for week in (WEEK - 1, WEEK, WEEK + 1)), *extra_readings(STRUCK)]
    for part in parts:
        column = part.subjects.index(place)
        numbered += zip(part.times.tolist(), part.number[:, column].tolist(), strict=True)
    numbers = [number for _, number in sorted(numbered)]
    assert np.all(np.diff(numbers) == 1)


def test_a_station_that_is_silent_counts_nothing_and_one_whose_messages_are_lost_counts_on() -> None:
    """So that who gets the messages can tell both apart: only what was lost leaves a gap."""
    quiet = [air_hours(Simulation(ningbo(), faults=Faults(1.0, 0, 0, 0, 0, 0)), week) for week in range(WEEK, WEEK + 4)]
    told = np.concatenate([week.told.any(axis=0) for week in quiet])
    numbers = np.concatenate([week.number for week in quiet])
    lossy = [
        air_hours(Simulation(ningbo(), faults=Faults(1.0, 0, 0, 0, 0, 0.1)), week) for week in range(WEEK, WEEK + 4)
    ]
    arrived = np.concatenate([week.told.any(axis=0) for week in lossy])
    assert np.array_equal(numbers, np.concatenate([week.number for week in lossy]))
    assert 0 < np.count_nonzero(told & ~arrived) < 0.2 * told.size
    for station in range(told.shape[1]):
        assert not told[:, station].all()
        assert np.all(np.diff(numbers[told[:, station], station]) == 1)
        gaps = np.diff(numbers[arrived[:, station], station]) - 1
        assert gaps.sum() <= np.count_nonzero(told[:, station] & ~arrived[:, station])
        assert gaps.sum() > 0


def test_a_silence_within_the_incident_is_none_and_counts() -> None:
    """Its section tells every reading; the count of the weeks after it goes on from there."""
    incident = soon_after(LIVE)
    simulation = Simulation(ningbo(), faults=Faults(20.0, 0, 0, 0, 0, 0), incident=incident)
    parts = [*(water_readings(simulation, week) for week in range(WEEK - 1, WEEK + 3)), *extra_readings(simulation)]
    numbered: list[tuple[int, int]] = []
    for part in parts:
        column = part.subjects.index(incident.section)
        rows = part.told[:, :, column].any(axis=0)
        numbered += zip(part.times[rows].tolist(), part.number[rows, column].tolist(), strict=True)
    assert np.all(np.diff([number for _, number in sorted(numbered)]) == 1)


def test_without_an_incident_there_are_no_extra_readings() -> None:
    """The usual run is hourly."""
    assert extra_readings(CALM) == ()


def test_an_incident_at_an_unknown_section_says_which_there_are() -> None:
    """The message names the sections."""
    with pytest.raises(ValueError, match="'sizaopu'; known are ningbo-xikou, "):
        extra_readings(Simulation(ningbo(), incident=Incident(begins=LIVE, section="sizaopu")))
