"""What the doctor finds in the journal and about those who read it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qingchuan.service.doctor.checks import examine
from qingchuan.service.doctor.finding import Finding
from qingchuan.service.doctor.history import MOST, letters_since
from qingchuan.service.doctor.journal import CHECKS
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.head import Head, HeadFile
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.state import DeadLetter, State
from tests.support.examining import look, not_tried, patient_of

SECOND = 1_000_000
DAY = 86_400 * SECOND


def _now() -> int:
    return time.time_ns() // 1000


def _write(data: Path, receipts: Sequence[int], messages: int = 10) -> Places:
    """A data directory with a row of messages for each time of receipt."""
    places = prepare(data)
    times = iter(receipts)
    journal = Journal(places.journal, lambda: next(times))
    for _ in receipts:
        journal.append([Message("mqtt", "c", "qingchuan/1234A/hour", b"{}")] * messages)
    journal.close()
    return places


def _apply(places: Places, sequence: int) -> None:
    observations = EmbeddedObservations(places.observations)
    observations.apply([], sequence)
    observations.close()


def _refuse(places: Places, letters: Sequence[DeadLetter]) -> None:
    state = State(places.state)
    state.record([], letters)
    state.close()


def _finding(key: str, data: Path) -> Finding:
    with patient_of(data) as patient:
        return look(key, patient)


def test_a_whole_journal_reaches_as_far_as_its_head_file(tmp_path: Path) -> None:
    """Both are told by their number."""
    _write(tmp_path, [_now()])
    finding = _finding("journal-head", tmp_path)
    assert finding.verdict == "ok"
    assert "message 10" in finding.saw.en


def test_a_journal_that_lost_its_end_is_a_problem(tmp_path: Path) -> None:
    """The head file knows more than it."""
    places = _write(tmp_path, [_now()])
    file = HeadFile(places.journal / "head")
    file.write(Head(20, bytes(32)))
    file.close()
    finding = _finding("journal-head", tmp_path)
    assert finding.verdict == "problem"
    assert "message 20" in finding.saw.en


@pytest.mark.parametrize(
    ("age", "applied", "verdict"), [(0, 10, "ok"), (3600, 10, "ok"), (290, 4, "ok"), (310, 4, "problem")]
)
def test_what_waits_for_long_is_a_problem(tmp_path: Path, age: int, applied: int, verdict: str) -> None:
    """A moment is nothing; five minutes are a store that does not keep up, or a service that is down."""
    places = _write(tmp_path, [_now() - age * SECOND])
    _apply(places, applied)
    finding = _finding("journal-waiting", tmp_path)
    assert finding.verdict == verdict
    assert ("6 messages wait" in finding.saw.en) == (applied == 4)


def test_a_store_ahead_of_the_journal_is_a_problem(tmp_path: Path) -> None:
    """The journal has lost what was applied."""
    _apply(_write(tmp_path, [_now()]), 11)
    finding = _finding("journal-waiting", tmp_path)
    assert finding.verdict == "problem"
    assert "ahead" in finding.saw.en


def _letter(number: int, code: str, received: int) -> DeadLetter:
    return DeadLetter(number, None, received, f"qingchuan/{number}/hour", code, f"reason {number}")


def test_nothing_refused_is_well(tmp_path: Path) -> None:
    """And what was refused the day before yesterday is past."""
    places = _write(tmp_path, [_now()])
    _refuse(places, [_letter(1, "not-json", _now() - 2 * DAY)])
    assert _finding("journal-letters", tmp_path).verdict == "ok"


@pytest.mark.parametrize(
    ("refused", "code", "verdict"),
    [
        (10, "not-json", "notice"),
        (11, "not-json", "problem"),
        (1, "unknown-subject", "problem"),
        (1, "internal", "problem"),
    ],
)
def test_dead_letters_are_counted_against_what_came(tmp_path: Path, refused: int, code: str, verdict: str) -> None:
    """One in a hundred; a station that nobody knows loses all that it sends."""
    places = _write(tmp_path, [_now() - 2 * DAY, _now()], messages=1000)
    _refuse(places, [_letter(1001 + number, code, _now()) for number in range(refused)])
    finding = _finding("journal-letters", tmp_path)
    assert finding.verdict == verdict
    assert f"{code} {refused}" in finding.saw.en


def test_the_most_frequent_reason_is_told_with_its_newest_example(tmp_path: Path) -> None:
    """Three kinds of them, with their counts."""
    places = _write(tmp_path, [_now()])
    codes = ["wrong-time"] * 3 + ["not-json"] * 4 + ["unknown-item", "future"]
    _refuse(places, [_letter(1 + number, code, _now()) for number, code in enumerate(codes)])
    said = _finding("journal-letters", tmp_path).saw.en
    assert said.startswith("9 within a day: not-json 4, wrong-time 3, ")
    assert said.endswith("such as qingchuan/7/hour: reason 7")


def test_countless_dead_letters_are_not_all_read(tmp_path: Path) -> None:
    """A station that sends rubbish each second must not hold up the doctor."""
    places = _write(tmp_path, [_now()])
    _refuse(places, [_letter(1 + number, "not-json", _now()) for number in range(MOST + 3000)])
    state = State(places.state)
    assert MOST <= len(letters_since(state, 0)) <= MOST + 1000
    assert len(letters_since(state, _now() + SECOND)) == 0
    state.close()


def test_raw_records_are_told_by_their_days(tmp_path: Path) -> None:
    """Sealed days count, and do not lie in the database."""
    now = _now()
    places = _write(tmp_path, [now - day * DAY for day in (20, 15, 12, 3, 0)])
    assert _finding("journal-retention", tmp_path).verdict == "notice"
    journal = Journal(places.journal, lambda: now)
    while journal.seal(now - 7 * DAY):
        pass
    journal.close()
    finding = _finding("journal-retention", tmp_path)
    assert finding.verdict == "ok"
    assert finding.saw.en.startswith("20 days of raw records from message 1 on")
    assert finding.saw.en.endswith("3 in the database")


def test_raw_records_that_begin_late_are_a_problem(tmp_path: Path) -> None:
    """Somebody has taken a sealed file away."""
    now = _now()
    places = _write(tmp_path, [now - day * DAY for day in (20, 15, 0)])
    journal = Journal(places.journal, lambda: now)
    journal.seal(now - 7 * DAY)
    journal.close()
    (only,) = (places.journal / "sealed").iterdir()
    only.unlink()
    finding = _finding("journal-retention", tmp_path)
    assert finding.verdict == "problem"
    assert "from message 11 on" in finding.saw.en


@pytest.mark.parametrize("key", [check.key for check in CHECKS])
def test_without_data_there_is_nothing_to_look_at(tmp_path: Path, key: str) -> None:
    """And nothing is made by looking."""
    checks = tuple(check for check in CHECKS if check.key == key)
    with patient_of(tmp_path / "data") as patient:
        assert not_tried(examine(patient, checks=checks)) == {key}
    assert list(tmp_path.iterdir()) == []


def _spoil_journal(places: Places) -> None:
    (places.journal / "journal.sqlite").write_bytes(b"no database" * 1000)


def _spoil_state(places: Places) -> None:
    places.state.write_bytes(b"no database" * 1000)


@pytest.mark.parametrize(("spoil", "key"), [(_spoil_journal, "journal-head"), (_spoil_state, "journal-letters")])
def test_a_file_that_cannot_be_read_is_a_problem_of_it(
    tmp_path: Path, spoil: Callable[[Places], None], key: str
) -> None:
    """The other checks go on."""
    spoil(_write(tmp_path, [_now()]))
    finding = _finding(key, tmp_path)
    assert finding.verdict == "problem"
    assert "could not be looked at" in finding.saw.en
