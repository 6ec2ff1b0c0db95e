"""Dead letters that are applied again after a fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qingchuan.collector.devices import Device, Format
from qingchuan.collector.refusal import RefusedError, refusal_of
from qingchuan.store.again import MOST
from qingchuan.store.dead_letters import Wanted
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.again import adds_up, again_of, standing, try_again
from tests.support.applying import START, STATION, Bench, connection, hour_of, settings_of, station

SENML = (Format("sensors/#", "senml"),)


def _pack(value: float, hour: int = 0, item: str = "pm25") -> Message:
    record = {"bn": "urn:dev:ow:10e2073a01080063:", "bt": START + hour * 3600, "n": item, "u": "ug/m3", "v": value}
    return Message("mqtt", "c", "sensors/7", json.dumps([record]).encode())


def test_what_came_before_its_announcement_is_applied_after_it(tmp_path: Path) -> None:
    """As the message that named it: before that it was not there."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), hour_of("36", 1), station())
    assert try_again(bench) == 2
    assert bench.pm25(2) == [35.0, 36.0]
    assert bench.pm25(2, as_of=3) == [None, None]
    assert adds_up(bench) == Tally(applied=3)
    assert [(letter.tried, letter.settled) for letter in bench.state.dead_letters(9)] == [(4, 4), (4, 4)]


def test_a_message_moves_from_nobody_to_the_subject_that_it_is_about(tmp_path: Path) -> None:
    """Counted once, before and after."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), station())
    assert bench.observations.tallies()[1] == {"": Tally(dead_letter=1), "1235A": Tally(applied=1)}
    try_again(bench)
    assert bench.observations.tallies()[1] == {"": Tally(), "1235A": Tally(applied=2)}


def test_an_entry_of_a_device_makes_its_messages_readable(tmp_path: Path) -> None:
    """By the settings in force when they are applied again."""
    bench = Bench(tmp_path)
    bench.take(settings_of(formats=SENML, future_tolerance=7200), station(), _pack(35), _pack(36, 1))
    assert [code for _, _, code in standing(bench) if code] == ["unknown-subject"] * 4
    entry = Device("urn:dev:ow:10e2073a01080063", "1235A", period="hour")
    bench.take(settings_of(formats=SENML, future_tolerance=7200, devices=(entry,)))
    assert try_again(bench) == 2
    assert bench.pm25(2) == [35.0, 36.0]
    assert standing(bench) == []
    assert adds_up(bench) == Tally(applied=3)


def test_a_wider_tolerance_takes_what_lay_too_far_ahead_of_its_own_receipt(tmp_path: Path) -> None:
    """However much later it is applied: "now" stays the receipt of the message itself."""
    bench = Bench(tmp_path)
    bench.take(settings_of(future_tolerance=0), station(), hour_of("35", 1), hour_of("36", 2))
    bench.received += 24 * 3600 * 1_000_000
    try_again(bench)
    assert [letter.code for letter in bench.state.dead_letters(9)] == ["future", "future"]
    bench.take(settings_of(future_tolerance=3600))
    try_again(bench)
    assert bench.pm25(3) == [None, 35.0, None]
    assert standing(bench) == [(4, "", "future")]
    assert adds_up(bench) == Tally(applied=2, dead_letter=1)


def test_single_values_are_settled_and_their_message_keeps_its_count(tmp_path: Path) -> None:
    """It was applied when it came, for the others."""
    bench = Bench(tmp_path)
    entry = Device("urn:dev:ow:10e2073a01080063", "1235A", period="hour")
    both = [*json.loads(_pack(35).payload), {"n": "ozone", "u": "ug/m3", "v": 80}, {"n": "dust", "v": 1}]
    message = Message("mqtt", "c", "sensors/7", json.dumps(both).encode())
    bench.take(settings_of(formats=SENML, devices=(entry,)), station(), message)
    assert [item for _, item, _ in standing(bench)] == ["dust", "ozone"]
    mapped = Device(entry.id, entry.subject, "hour", codes={"ozone": "o3"})
    bench.take(settings_of(formats=SENML, devices=(mapped,)))
    try_again(bench)
    hour = bench.observations.read(["1235A"], ["pm25", "o3"], "hour", START, START + 3600)
    assert hour.values[:, 0, 0].tolist() == [35.0, 80.0]
    assert standing(bench) == [(3, "dust", "unknown-item")]
    assert adds_up(bench) == Tally(applied=2)


def test_a_newer_value_stays_and_what_it_lacks_is_filled_in(tmp_path: Path) -> None:
    """The station may have told it anew meanwhile."""
    bench = Bench(tmp_path)
    both = b'{"start":"2026-03-01T00:00:00Z","values":{"pm25":20,"co":0.7}}'
    bench.take(Message("mqtt", "c", "qingchuan/1235A/hour", both), station(), hour_of("35"))
    try_again(bench)
    hour = bench.observations.read(["1235A"], ["pm25", "co"], "hour", START, START + 3600)
    assert hour.values[:, 0, 0].tolist() == [35.0, 0.7]
    assert adds_up(bench) == Tally(applied=3)


def test_what_tells_nothing_new_becomes_a_duplicate(tmp_path: Path) -> None:
    """An older value of the same hour adds nothing."""
    bench = Bench(tmp_path)
    bench.take(hour_of("20"), station(), hour_of("35"))
    try_again(bench)
    assert bench.pm25() == [35.0]
    assert adds_up(bench) == Tally(applied=2, duplicate=1)


def test_of_several_that_tell_the_same_hour_the_newest_holds(tmp_path: Path) -> None:
    """A correction was refused together with what it corrects."""
    bench = Bench(tmp_path)
    bench.take(hour_of("20"), hour_of("21"), hour_of("22"), station())
    try_again(bench)
    assert bench.pm25() == [22.0]
    assert adds_up(bench) == Tally(applied=2, duplicate=2)


def test_what_is_refused_again_has_the_newest_reason(tmp_path: Path) -> None:
    """And goes on to count where it did."""
    bench = Bench(tmp_path)
    bench.take(hour_of('"oops"'), station())
    try_again(bench)
    letters = {letter.item: letter for letter in bench.state.dead_letters(9)}
    assert letters[None].code == "wrong-value"
    assert letters["pm25"].reason.startswith('pm25 is "oops"')
    assert {letter.tried for letter in letters.values()} == {3}
    assert bench.observations.tallies()[1] == {"": Tally(dead_letter=1), "1235A": Tally(applied=1)}
    adds_up(bench)


def test_what_is_settled_is_not_applied_another_time(tmp_path: Path) -> None:
    """Naming it again changes nothing but the cursor."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), station(), again_of((1, 1)))
    before = bench.observations.tallies()[1]
    bench.take(again_of((1, 3)), again_of((1, 1)))
    assert bench.observations.tallies()[1] == before
    assert bench.state.dead_letters(9)[0].settled == 3


def test_only_letters_of_messages_before_it_are_named(tmp_path: Path) -> None:
    """It cannot name what is still to come."""
    bench = Bench(tmp_path)
    bench.take(again_of((1, 99)), hour_of("35"), station())
    assert standing(bench) == [(2, "", "unknown-subject")]


def test_a_refused_announcement_is_applied_unless_the_subject_announced_itself_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came with it is applied in the same turn."""
    bench = Bench(tmp_path)
    late = Message("mqtt", "c", "qingchuan/1236A/station", STATION)
    with monkeypatch.context() as older:
        older.setattr("qingchuan.collector.codecs.native.decode_announcement", _refuse)
        bench.take(hour_of("35"), station(), late)
    bench.take(Message("mqtt", "c", late.topic, STATION.replace(b"Wan", b"Van")))
    assert try_again(bench) == 3
    assert bench.pm25() == [35.0]
    names = {name: subject.name.en for name, subject in bench.state.subjects().items()}
    assert names == {"1235A": "Wan", "1236A": "Van"}
    assert adds_up(bench) == Tally(applied=3, duplicate=1)
    bench.take(hour_of("36", 1))
    bench.restart()
    bench.take(hour_of("37", 2), settings_of(future_tolerance=9000))
    assert bench.pm25(2) == [35.0, 36.0]


def _refuse(_: bytes) -> None:
    raise RefusedError("wrong-shape", "a field that an older program does not know")


def test_numbers_and_clocks_are_not_counted_again(tmp_path: Path) -> None:
    """What a station left behind follows its messages as they came."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35", seq=7), station(), hour_of("36", 1, seq=9))
    gaps_and_clocks = _traces(bench)
    try_again(bench)
    assert _traces(bench) == gaps_and_clocks


def _traces(bench: Bench) -> list[tuple[object, ...]]:
    with bench.state.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT subject, next, moment, delays FROM trace").fetchall()
        return [tuple(row) for row in found] + [
            tuple(row) for row in connection.exec_driver_sql("SELECT subject, first, last FROM gap").fetchall()
        ]


def test_what_the_gateway_refused_is_never_taken_for_good(tmp_path: Path) -> None:
    """A frame with a wrong password stays refused."""
    bench = Bench(tmp_path)
    bench.take(refusal_of("gateway", RefusedError("wrong-password", "PW is 1"), b"##0"))
    try_again(bench)
    assert standing(bench) == [(1, "", "wrong-password")]
    assert adds_up(bench) == Tally(dead_letter=1)


def test_a_retained_payload_that_is_applied_again_does_not_hide_a_newer_one(tmp_path: Path) -> None:
    """Which payload of a topic the broker keeps is known from the messages as they came."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35", retained=True), station(), hour_of("36", 1, retained=True))
    before = bench.state.retained()
    try_again(bench)
    assert bench.state.retained() == before
    assert bench.pm25(2) == [35.0, 36.0]


def test_it_waits_for_its_turn_behind_what_a_broker_may_repeat(tmp_path: Path) -> None:
    """And a start in between changes nothing."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), hour_of("36", 1), station())
    bench.take(connection(), hour_of("35"), again_of((1, 2)))
    bench.restart()
    assert bench.observations.sequence() == 3
    bench.take(hour_of("36", 1), station(), hour_of("37", 1))
    assert standing(bench) == []
    assert bench.pm25(2) == [35.0, 37.0]
    assert adds_up(bench) == Tally(applied=4, duplicate=3)


def test_many_are_applied_in_portions_the_announcement_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are named, memory holds one portion."""
    monkeypatch.setattr("qingchuan.store.again.MOST", 10)
    bench = Bench(tmp_path)
    with monkeypatch.context() as older:
        older.setattr("qingchuan.collector.codecs.native.decode_announcement", _refuse)
        bench.take(station(), *(hour_of(str(value), value % 2) for value in range(34)))
    assert try_again(bench) == 35
    assert bench.journal.head().sequence == 35 + 4
    assert bench.pm25(2) == [32.0, 33.0]
    assert standing(bench) == []
    assert adds_up(bench) == Tally(applied=3, duplicate=32)


def test_one_that_names_more_than_it_may_applies_the_newest(tmp_path: Path) -> None:
    """The others stay, and can be named by another."""
    bench = Bench(tmp_path)
    bench.take(*(hour_of("35") for _ in range(MOST + 5)), station())
    bench.take(again_of((1, MOST + 5)))
    assert [number for number, _, _ in standing(bench)] == [1, 2, 3, 4, 5]
    bench.take(again_of((1, MOST + 5)))
    assert standing(bench) == []
    assert adds_up(bench) == Tally(applied=2, duplicate=MOST + 4)


def test_one_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    """Any process may append: what follows is applied all the same."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), station(), Message("again", "command", "", b'{"sequences":"all"}'), hour_of("36", 1))
    assert bench.pm25(2) == [None, 36.0]
    assert standing(bench) == [(1, "", "unknown-subject")]


def test_a_choice_names_only_what_fits(tmp_path: Path) -> None:
    """As it was looked for."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), Message("mqtt", "c", "qingchuan/1236A/hour", hour_of("5").payload), station())
    assert try_again(bench, Wanted(topic="1235a")) == 1
    assert standing(bench) == [(2, "", "unknown-subject")]
