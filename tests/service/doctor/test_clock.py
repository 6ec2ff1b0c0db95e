"""What the doctor finds about the clock."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from qingchuan.service.doctor.clock import is_synchronised, judge_offset, judge_synchronised
from qingchuan.service.places import Places
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.migrate import migrate
from qingchuan.store.state import Announcement, DeadLetter, State
from tests.support.examining import look, patient_of

SECOND = 1_000_000
CITY = '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}'
TIMEDATECTL, CHRONYC, NTPSTAT = "timedatectl", "chronyc", "ntpstat"


def _now() -> int:
    return time.time_ns() // 1000


def _saying(texts: Mapping[str, str]) -> object:
    def said(program: Sequence[str]) -> str:
        return texts.get(program[0], "")

    return said


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        ({TIMEDATECTL: "yes\n"}, True),
        ({TIMEDATECTL: "no\n"}, False),
        ({CHRONYC: "Reference ID : 0A000001\nLeap status     : Normal\n"}, True),
        ({CHRONYC: "Reference ID : 00000000\nLeap status     : Not synchronised\n"}, False),
        ({NTPSTAT: "synchronised to NTP server (10.0.0.1) at stratum 3\n"}, True),
        ({NTPSTAT: "unsynchronised\n"}, False),
        ({TIMEDATECTL: "", CHRONYC: "506 Cannot talk to daemon\n"}, None),
        ({}, None),
    ],
)
def test_the_usual_programs_are_understood(tmp_path: Path, texts: dict[str, str], known: object) -> None:
    """By their own words; none of them is no answer."""
    assert is_synchronised(tmp_path / "mark", _saying(texts)) is known  # type: ignore[arg-type]  # a plain function


def test_the_mark_of_systemd_is_enough(tmp_path: Path) -> None:
    """It is made when the clock has been set."""
    (tmp_path / "mark").touch()
    assert is_synchronised(tmp_path / "mark", _saying({TIMEDATECTL: "no\n"})) is True  # type: ignore[arg-type]


@pytest.mark.parametrize(("known", "verdict"), [(True, "ok"), (False, "problem"), (None, "notice")])
def test_a_clock_that_nobody_sets_is_a_problem(known: bool | None, verdict: str) -> None:  # noqa: FBT001 - three answers
    """And one of which nobody knows is said to be so."""
    assert judge_synchronised(known).verdict == verdict


def test_looking_at_the_clock_of_this_machine_ends(tmp_path: Path) -> None:
    """With the programs that are here, whatever they say."""
    with patient_of(tmp_path) as patient:
        assert look("clock-synchronised", patient).verdict in {"ok", "notice", "problem"}


@pytest.mark.parametrize(("ahead", "verdict"), [(0, "ok"), (1, "ok"), (60, "problem")])
def test_a_clock_that_was_set_back_is_a_problem(tmp_path: Path, ahead: int, verdict: str) -> None:
    """The newest receipt lies in the future then."""
    places = Places(tmp_path)
    journal = Journal(places.journal, lambda: _now() + ahead * SECOND)
    journal.append([Message("mqtt", "c", "qingchuan/330200/station", CITY.encode())])
    journal.close()
    with patient_of(tmp_path) as patient:
        assert look("clock-went-back", patient).verdict == verdict


def _state(folder: Path, subjects: int, letters: Sequence[DeadLetter]) -> None:
    folder.mkdir(exist_ok=True)
    migrate(folder / "state.sqlite")
    EmbeddedObservations(folder / "observations.sqlite").close()
    state = State(folder / "state.sqlite")
    state.record([Announcement(number, f"{number}", CITY) for number in range(1, subjects + 1)], letters)
    state.close()


def _future(number: int, subject: int, received: int) -> DeadLetter:
    return DeadLetter(number, None, received, f"qingchuan/{subject}/hour", "future", "time is ahead")


def test_one_station_in_the_future_has_a_wrong_clock_itself(tmp_path: Path) -> None:
    """It is named, however often it sent."""
    _state(tmp_path, 4, [_future(10 + number, 2, _now()) for number in range(20)])
    with patient_of(tmp_path) as patient:
        finding = look("clock-ahead", patient)
    assert finding.verdict == "notice"
    assert finding.advice is not None
    assert "qingchuan/2" in finding.advice.en


def test_most_stations_in_the_future_mean_that_our_clock_is_slow(tmp_path: Path) -> None:
    """More than half of them; half may be chance."""
    for subjects, verdict in {4: "notice", 3: "problem"}.items():
        _state(tmp_path / str(subjects), subjects, [_future(10 + number, number, _now()) for number in (1, 2)])
        with patient_of(tmp_path / str(subjects)) as patient:
            assert look("clock-ahead", patient).verdict == verdict


def test_the_future_of_days_ago_is_past(tmp_path: Path) -> None:
    """What was mended is not told again."""
    _state(tmp_path, 1, [_future(10, 1, _now() - 86_401 * SECOND)])
    with patient_of(tmp_path) as patient:
        assert look("clock-ahead", patient).verdict == "ok"


def test_a_clock_that_runs_faster_is_for_the_demo(tmp_path: Path) -> None:
    """In operation it is worth knowing."""
    for speed, verdict in {1.0: "ok", 60.0: "notice"}.items():
        with patient_of(tmp_path, {"clock.speed": speed}) as patient:
            assert look("clock-speed", patient).verdict == verdict


@pytest.mark.parametrize(("hours", "verdict"), [(8, "ok"), (0, "ok"), (9, "notice"), (-5, "notice"), (5.5, "notice")])
def test_another_time_zone_than_beijing_is_told(hours: float, verdict: str) -> None:
    """UTC is that of most servers and nobody mistakes it."""
    finding = judge_offset(timedelta(hours=hours))
    assert finding.verdict == verdict
    assert f"UTC{hours:+g}" in finding.saw.en
