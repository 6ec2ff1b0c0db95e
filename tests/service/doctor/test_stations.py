"""Which stations the doctor calls silent."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from qingchuan.processing.periods import parse_instant
from qingchuan.service.doctor.checks import examine
from qingchuan.service.doctor.finding import Finding
from qingchuan.service.doctor.patient import Patient
from qingchuan.service.doctor.stations import CHECKS
from qingchuan.service.prepare import prepare
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.observations import Observation, Period, Write
from qingchuan.store.state import Announcement, State
from qingchuan.store.subjects import Name, Site
from tests.api.world import CITY, CLEAN_READING, GOOD_DAY, GOOD_HOUR, SUBJECTS, World
from tests.support.examining import look, not_tried, patient_of

NOW = "2026-11-25T08:05:00+08:00"


class _Stopped:
    """A clock that stands."""

    def now(self) -> int:
        return parse_instant(NOW) * 1_000_000

    def seconds_until(self, moment: int) -> float:
        return (moment - self.now()) / 1_000_000


def _at(patient: Patient) -> Patient:
    patient.clock = _Stopped()
    return patient


def _real(world: World, *names: str) -> None:
    """Let subjects announce themselves as real ones."""
    world.announce({name: msgspec.structs.replace(SUBJECTS[name], simulated=False) for name in names})


def _finding(key: str, folder: Path) -> Finding:
    with patient_of(folder) as patient:
        return look(key, _at(patient))


@pytest.mark.parametrize(("end", "verdict"), [("2026-11-25T08:00:00+08:00", "ok"), ("2026-11-25T07:00:00+08:00", "ok")])
def test_air_stations_with_a_recent_hour_have_sent(world: World, end: str, verdict: str) -> None:
    """The last hour may be on its way still."""
    for station in ("1234A", "1235A"):
        world.hour(station, end, GOOD_HOUR)
    assert _finding("stations-air", world.folder).verdict == verdict


def test_one_silent_air_station_is_a_notice_with_its_last_hour(world: World) -> None:
    """In Beijing time; half of them is not most of them."""
    world.hour("1234A", "2026-11-25T08:00:00+08:00", GOOD_HOUR)
    world.hour("1235A", "2026-11-24T22:00:00+08:00", GOOD_HOUR)
    world.hour("1235A", "2026-11-24T23:00:00+08:00", GOOD_HOUR)
    finding = _finding("stations-air", world.folder)
    assert finding.verdict == "notice"
    assert finding.saw.en == "1 of 2 are silent: 1235A (11-24 23:00); all of these are simulated"


def test_all_silent_is_a_problem_and_the_longest_silent_stands_first(world: World) -> None:
    """Who never sent anything, or not in a week, before who sent yesterday."""
    _real(world, "1234A", "1235A")
    world.hour("1234A", "2026-11-25T06:00:00+08:00", GOOD_HOUR)
    finding = _finding("stations-air", world.folder)
    assert finding.verdict == "problem"
    assert finding.saw.en == "2 of 2 are silent: 1235A (for over 7 days), 1234A (11-25 06:00)"


def test_simulated_stations_that_are_silent_are_no_problem(world: World) -> None:
    """The history that a replay told ends where it ends; a single real one among them makes it one again."""
    finding = _finding("stations-air", world.folder)
    assert finding.verdict == "notice"
    assert finding.saw.en.endswith("1235A (for over 7 days); all of these are simulated")
    _real(world, "1234A")
    assert _finding("stations-air", world.folder).verdict == "problem"


def test_an_hour_that_says_only_that_values_are_missing_is_no_silence(world: World) -> None:
    """The station is there; its instrument is not."""
    for station in ("1234A", "1235A"):
        world.hour(station, "2026-11-25T08:00:00+08:00", {"pm25": "35"}, {"pm25": 4})
    assert _finding("stations-air", world.folder).verdict == "ok"


@pytest.mark.parametrize(
    ("time", "verdict"), [("2026-11-25T03:05:00+08:00", "ok"), ("2026-11-25T03:04:59+08:00", "problem")]
)
def test_sections_are_silent_after_the_cycle_of_slow_analysers_and_an_hour(
    world: World, time: str, verdict: str
) -> None:
    """Five hours, to the second."""
    _real(world, "yaojiang", "dongqian")
    for section in ("yaojiang", "dongqian"):
        world.reading(section, "2026-11-24T08:00:00+08:00", CLEAN_READING)
        world.reading(section, time, CLEAN_READING)
    assert _finding("stations-water", world.folder).verdict == verdict


def test_a_section_that_only_a_laboratory_samples_is_not_silent(world: World) -> None:
    """Nothing is expected of it; one that told a reading once, or never anything at all, is silent."""
    for name in ("one", "two"):
        world.announce({name: SUBJECTS["yaojiang"]})
        world.laboratory(name, "2026-11-03T10:00:00+08:00", CLEAN_READING)
    world.reading("yaojiang", "2026-11-25T04:00:00+08:00", CLEAN_READING)
    world.reading("two", "2026-10-03T04:00:00+08:00", CLEAN_READING)
    saw = _finding("stations-water", world.folder).saw
    silent = "dongqian (for over 7 days), two (for over 7 days); all of these are simulated"
    assert saw.en == f"2 of 3 are silent: {silent}; 1 more are manual only"
    assert saw.zh.endswith("；另有 1 个手工监测")


def test_a_site_has_sent_whatever_period_it_tells_of(tmp_path: Path) -> None:
    """By the minute, or an instant that never classifies; what came four hours ago is not of late."""
    places = prepare(tmp_path)
    now = _Stopped().now()
    times = iter([now - 4 * 3600 * 1_000_000, now - 60 * 1_000_000])
    journal = Journal(places.journal, lambda: next(times))
    observations, state = EmbeddedObservations(places.observations), State(places.state)
    site = msgspec.json.encode(Site(Name("厂界", "Fence"), "voc")).decode()
    state.record([Announcement(number, f"site-{number}", site) for number in (1, 2, 3)], [])
    told: list[tuple[str, Period]] = [("site-1", "minute"), ("site-2", "minute"), ("site-3", "realtime")]
    for subjects in (told[:1], told[1:]):
        batch = journal.append([Message("mqtt", "c", "t", b"{}")] * len(subjects))
        writes = [
            Write(batch.sequence + index, Observation.of(name, period, 0, "reported", {"pm25": ("1", 2)}))
            for index, (name, period) in enumerate(subjects)
        ]
        observations.apply(writes, batch.last)
    for opened in (journal, observations, state):
        opened.close()
    finding = _finding("stations-sites", tmp_path)
    assert finding.verdict == "notice"
    assert finding.saw.en == "1 of 3 are silent: site-1 (for over 3 hours)"


def test_a_city_is_expected_only_if_its_days_do_not_come_from_hours(world: World) -> None:
    """Ningbo has stations; of the others one sends days, one has stopped, one never did."""
    for name in ("330100", "330300", "330400"):
        world.announce({name: SUBJECTS[CITY]})
    with patient_of(world.folder) as patient:
        city = tuple(check for check in CHECKS if check.key == "stations-cities")
        world.day(CITY, "2026-11-01", GOOD_DAY)
        assert not_tried(examine(_at(patient), checks=city)) == {"stations-cities"}
    world.day("330100", "2026-11-24", GOOD_DAY)
    world.day("330300", "2026-11-22", GOOD_DAY)
    finding = _finding("stations-cities", world.folder)
    assert finding.verdict == "notice"
    assert finding.saw.en == "1 of 2 are silent: 330300 (11-23 00:00); all of these are simulated"


def test_only_some_of_many_silent_stations_are_named(world: World) -> None:
    """The answer stays readable."""
    world.announce({f"9{number:03}A": SUBJECTS["1234A"] for number in range(10)})
    said = _finding("stations-air", world.folder).saw
    assert said.en.startswith("12 of 12 are silent: 1234A (for over 7 days), 1235A")
    assert " …" in said.en
    assert said.zh.count("七天以上") == 5
