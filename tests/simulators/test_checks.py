"""Quality control of the simulated sections: frames that the collector takes, and now and then one that fails."""

from __future__ import annotations

from collections import Counter

import pytest

from qingchuan.collector.codecs.hj212 import decode
from qingchuan.collector.hj212.checks import StationCheck
from qingchuan.processing import catalogue
from qingchuan.processing.periods import natural_day, parse_instant
from qingchuan.processing.quality.check_limits import shipped
from qingchuan.processing.quality.station_checks import CheckNumbers, station_check
from qingchuan.simulators.checks import Checking, CheckMessage, Checks, checks_between
from qingchuan.simulators.faults import NO_FAULTS, Faults
from qingchuan.simulators.messages import Feed
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.noise import weeks_between
from qingchuan.simulators.observed import Simulation, water_readings

DAY = 86_400
BEGIN = parse_instant("2026-09-21T00:00:00+08:00")  # a Monday
SECTIONS = ningbo().sections


def _checking(failing: float = 0.004, seed: int = 5, faults: Faults = NO_FAULTS) -> Checking:
    return Checking(SECTIONS, Checks(failing), faults, seed)


def _messages(days: int = 28, checking: Checking | None = None) -> list[CheckMessage]:
    found = checks_between(checking or _checking(), BEGIN, BEGIN + days * DAY)
    return sorted(found, key=CheckMessage.order)


def _checks(messages: list[CheckMessage]) -> list[StationCheck]:
    found = []
    for message in messages:
        content = decode(message.payload, "", message.sent * 1_000_000)
        assert not content.refused
        assert not content.told
        found += content.checks
    return found


def _passes(check: StationCheck) -> bool | None:
    known = catalogue.by_code(check.code)
    assert known is not None
    numbers = CheckNumbers(check.measured, check.standard)
    return station_check(check.kind, known[0].key, numbers, shipped()).passed


def test_each_section_checks_zero_and_span_of_its_analysers_each_day_and_a_standard_sample_on_mondays() -> None:
    """In four weeks."""
    checks = _checks(_messages())
    assert Counter(check.kind for check in checks) == {
        "zero": 28 * 9 * 4,
        "span": 28 * 9 * 4,
        "standard": 4 * 9 * 4,
    }
    assert {check.sender for check in checks} == {section.id for section in SECTIONS}
    assert {natural_day(check.time).weekday() for check in checks if check.kind == "standard"} == {0}
    assert {(check.time - BEGIN) % DAY // 3600 for check in checks} == {1, 2, 3}


def test_some_fail_and_most_pass() -> None:
    """By the limits of water stations, whatever is measured: about four of a thousand."""
    found = Counter(map(_passes, _checks(_messages(140))))
    assert set(found) == {True, False}
    assert 0.002 < found[False] / found.total() < 0.007


@pytest.mark.parametrize(("failing", "wanted"), [(0.0, True), (1.0, False)])
def test_a_check_fails_as_it_was_drawn(failing: float, wanted: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """None by chance, and none that drifted passes."""
    assert {_passes(check) for check in _checks(_messages(28, _checking(failing)))} == {wanted}


def test_the_same_is_told_however_it_is_asked_for() -> None:
    """Piece by piece or at once; another seed tells something else."""
    whole = _messages(14)
    pieces = [
        message
        for hour in range(14 * 24)
        for message in sorted(
            checks_between(_checking(), BEGIN + hour * 3600, BEGIN + (hour + 1) * 3600),
            key=CheckMessage.order,
        )
    ]
    assert pieces == whole
    assert _messages(14, _checking(seed=6)) != whole


def test_a_check_is_sent_soon_after_it_was_made() -> None:
    """Within its hour, by the minute of its section; a frame says so by its number."""
    for message in _messages(7):
        (first, *_) = _checks([message])
        assert 0 < message.sent - first.time < 3600


def test_the_feed_tells_them_among_all_others_if_it_is_asked_to() -> None:
    """On topics of their own, which leave the native ones as they are."""
    plain = Feed(Simulation(ningbo(), faults=NO_FAULTS)).due(BEGIN, BEGIN + DAY)
    told = Feed(Simulation(ningbo(), faults=NO_FAULTS), checks=Checks()).due(BEGIN, BEGIN + DAY)
    frames = [due for due in told if due.message.topic.startswith("qingchuan-hj212/")]
    assert len(frames) == 27
    assert [due for due in told if due not in frames] == plain
    assert [due.time for due in told] == sorted(due.time for due in told)


def test_a_section_that_is_silent_tells_of_no_check() -> None:
    """What it would have told is never sent; all other checks are as they are without silences."""
    calm = {message.payload for message in _messages(28)}
    troubled = {message.payload for message in _messages(28, _checking(faults=Faults(silent=2.0)))}
    assert troubled < calm
    simulation = Simulation(ningbo(), faults=Faults(silent=2.0))
    heard = {
        (subject, int(time))
        for week in weeks_between(BEGIN, BEGIN + 28 * DAY)
        for told in [water_readings(simulation, week)]
        for row, time in enumerate(told.times)
        for column, subject in enumerate(told.subjects)
        if told.told[:, row, column].any()
    }
    for check in _checks([message for message in _messages(28) if message.payload not in troubled]):
        assert (check.sender, check.time) not in heard
