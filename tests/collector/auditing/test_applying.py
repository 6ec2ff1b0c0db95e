"""What auditors say, applied: values are marked, corrected, taken back; days confirmed; every action is on record."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from qingchuan.store import audit
from qingchuan.store.audit import Done, dust_hours, states, trail, values_of
from qingchuan.store.audit_messages import STEPS, Act
from qingchuan.store.auditing import Auditing
from qingchuan.store.messages import Message
from qingchuan.store.observations import Write
from tests.support.again import live
from tests.support.applying import START, Bench, hour_of, nothing_waits, settings_of, station
from tests.support.auditing import DAY, HOUR, MIDNIGHT, act, audit_of, confirm


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Station 1235A with three hours; noted as received two days later."""
    bench = Bench(tmp_path)
    bench.received = (START + 2 * DAY) * 1_000_000
    bench.take(station(), hour_of("35", 0), hour_of("36", 1), hour_of("37", 2))
    return bench


def _flags(bench: Bench, hours: int = 3) -> list[int]:
    found = bench.observations.read(["1235A"], ["pm25"], "hour", START, START + hours * HOUR)
    return [int(flag) for flag in found.flags[0, :, 0]]


def _newest(bench: Bench) -> Done:
    return trail(bench.state.engine, 1)[0]


def test_a_marked_value_is_bad_and_what_was_reported_stays(bench: Bench) -> None:
    """Its number is still shown; as of before it counted."""
    before = bench.observations.sequence()
    bench.take(audit_of(act("mark_invalid", 1)))
    assert (bench.pm25(3), _flags(bench)[1]) == ([35, 36, 37], 4)
    assert bench.observations.reported("1235A", "hour", START + HOUR, START + 2 * HOUR)[0].items == {"pm25": ("36", 1)}
    then = bench.observations.read(["1235A"], ["pm25"], "hour", START, START + 3 * HOUR, before)
    assert 4 not in then.flags
    assert nothing_waits(bench)


def test_what_the_station_tells_later_does_not_undo_a_mark(bench: Bench) -> None:
    """A station repeats and corrects itself; the auditor has decided."""
    bench.take(audit_of(act("mark_invalid", 1)))
    bench.take(hour_of("36", 1), hour_of("99", 1))
    assert (bench.pm25(3)[1], _flags(bench)[1]) == (36, 4)


def test_a_correction_is_told_by_the_auditor_digit_for_digit(bench: Bench) -> None:
    """It wins over the reported value, and is good."""
    bench.take(audit_of(act("correct", 1, value="33.50")))
    [told] = bench.observations.reported("1235A", "hour", START, START + 3 * HOUR, "audited")
    assert told.items == {"pm25": ("33.50", 1)}
    assert (bench.pm25(3), _flags(bench)[1]) == ([35, 33.5, 37], 1)


def test_what_is_restored_is_again_as_the_station_tells_it(bench: Bench) -> None:
    """Also where the station has told something else meanwhile; it can be marked once more."""
    bench.take(audit_of(act("mark_invalid", 0, 3)), hour_of("40", 1))
    bench.take(audit_of(act("restore", 0, 3), reason="calibration was in order"))
    assert bench.pm25(3) == [35, 40, 37]
    assert 4 not in _flags(bench)
    bench.take(audit_of(act("mark_invalid", 1)))
    assert _flags(bench)[1] == 4


def test_what_was_taken_back_marks_nothing(bench: Bench) -> None:
    """Flags that something set are listed; that of a restored value is none."""
    bench.take(audit_of(act("mark_invalid", 1)))
    assert [mark.by for mark in bench.observations.marks(["1235A"], "hour", START, START + 3 * HOUR)] == ["audit"]
    bench.take(audit_of(act("restore", 1)))
    assert bench.observations.marks(["1235A"], "hour", START, START + 3 * HOUR) == []


def test_the_actions_of_a_message_follow_one_another(bench: Bench) -> None:
    """A value marked by the first may be restored by the second."""
    bench.take(audit_of(act("mark_invalid", 0, 3), act("restore", 1), act("correct", 2, value="30")))
    assert (bench.pm25(3), [flag == 4 for flag in _flags(bench)]) == ([35, 36, 30], [True, False, False])
    assert [one.refused for one in trail(bench.state.engine, 9)] == ["", "", ""]


def test_much_that_a_message_marks_and_takes_back_is_looked_up_at_once(bench: Bench) -> None:
    """Value by value, a year of them would keep the applier for an hour."""
    bench.take(*(hour_of("40", hour) for hour in range(3, 40)))
    with patch.object(Auditing, "_overlaid", autospec=True, side_effect=Auditing._overlaid) as looked_up:
        bench.take(audit_of(act("mark_invalid", 0, 40), act("restore", 0, 40)))
    assert looked_up.call_count < 9
    assert 4 not in _flags(bench, 40)


def test_a_message_changes_no_more_values_than_memory_holds(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would end the applier at every start; the actions that go beyond are not taken."""
    monkeypatch.setattr("qingchuan.store.auditing.MOST_VALUES", 4)
    bench.take(audit_of(act("mark_invalid", 0, 3), act("mark_invalid", 0, 2), act("restore", 1)))
    first, second, third = trail(bench.state.engine, 9)
    assert (first.refused, third.refused) == ("", "")
    assert "changes 5 values; 4 would do" in second.refused
    assert [flag == 4 for flag in _flags(bench)] == [True, False, True]


def test_the_trail_says_who_did_what_why_and_when(bench: Bench) -> None:
    """With the value before and after."""
    bench.take(audit_of(act("mark_invalid", 1)))
    done = _newest(bench)
    assert (done.action, done.person, done.step, done.reason) == ("mark_invalid", "lin", "station", "filter torn")
    assert (done.stated, done.received) == (START, bench.received)
    [value] = values_of(bench.state.engine, [done.sequence])
    assert (value.before, value.after) == ('[36,1,""]', '[36,4,"audit"]')


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (act("mark_invalid", 5), "no value of '1235A' is on record there"),
        (act("restore", 0), "nothing of '1235A' there was marked"),
        (act("mark_invalid", subject="9999A"), "'9999A' was never announced"),
        (act("correct", 0, value="-9999"), "an instrument tells -20 to 10000"),
        (act("correct", 0, 2, value="3"), "a correction has one value"),
        (act("correct", 0, value="3e1"), "a number such as 35"),
        (act("object", 0), "nothing official is on record"),
        (act("mark_invalid", 24 * 3), "that has not happened yet"),
        (act("mark_invalid", 10**14), "start is 360000001772323200; that has not happened yet"),
        (Act("mark_invalid", "1235A", START, START + HOUR, items=("ph",)), "items has ph; of so2"),
        (
            Act("mark_invalid", "1235A", START, START + HOUR, items=("pm2.5",)),
            "items has pm2.5; did you mean pm25? of so2",
        ),
        (Act("mark_invalid", "1235A", START + 1, START + HOUR), "begins and ends on a whole one"),
        (Act("dust", "1235A", START, START + HOUR, items=("o3",)), "items has o3; of pm10, pm25"),
        (Act("confirm", "1235A", START, START + DAY), "natural days are confirmed"),
        (Act("confirm", "1235A", MIDNIGHT, MIDNIGHT + 9 * DAY, "day"), "end is 2026-03-10T00:00:00+08:00; that has"),
        (Act("dust", "1235A", START, START + 9 * DAY), "end is 2026-03-10T08:00:00+08:00; that has not happened yet"),
    ],
)
def test_what_cannot_be_done_stands_in_the_trail_with_the_reason(bench: Bench, said: Act, reason: str) -> None:
    """The applier goes on, and nothing changes."""
    bench.take(audit_of(said))
    assert reason in _newest(bench).refused
    assert bench.pm25(3) == [35, 36, 37]
    assert nothing_waits(bench)


def test_a_message_that_is_no_audit_changes_nothing(bench: Bench) -> None:
    """It is in the journal; the applier goes on."""
    bench.take(Message("audit", "web", "", b'{"by":"lin","more":1}'), hour_of("38", 3))
    assert bench.pm25(4) == [35, 36, 37, 38]
    assert trail(bench.state.engine, 9) == []


def test_a_step_confirms_after_those_before_it(bench: Bench) -> None:
    """And what a later step has confirmed an earlier one does not change any more."""
    bench.take(audit_of(confirm(), step="city"))
    assert "'station' has not confirmed" in _newest(bench).refused
    for step in STEPS:
        bench.take(audit_of(confirm(), step=step))
        assert _newest(bench).refused == ""
    bench.take(audit_of(act("mark_invalid"), step="city"))
    assert "'province' has confirmed it" in _newest(bench).refused
    bench.take(audit_of(act("mark_invalid"), step="province"))
    assert _newest(bench).refused == ""


def test_a_day_is_audited_once_the_last_step_has_confirmed_what_is_there(bench: Bench) -> None:
    """What comes later is not covered by it; a city's confirmation covers its stations."""

    def audited() -> bool:
        found = states(
            bench.state.engine, ["1235A"], MIDNIGHT, MIDNIGHT + DAY, items=["pm25"], steps=STEPS, cities=cities
        )
        hours = bench.observations.read(["1235A"], ["pm25"], "hour", MIDNIGHT, MIDNIGHT + DAY)
        return bool(found.audited(hours.sequence.reshape(-1, 24, 1).max(axis=1))[0, 0, 0])

    cities = {"1235A": "330200"}
    city = b'{"kind":"city","name":{"zh":"\xe5\xae\x81\xe6\xb3\xa2","en":"Ningbo"}}'
    bench.take(Message("mqtt", "c", "qingchuan/330200/station", city))
    for step in STEPS:
        assert not audited()
        bench.take(audit_of(confirm(subject="330200"), step=step))
    assert audited()
    bench.take(hour_of("39", 3))
    assert not audited()


def test_the_steps_are_those_that_are_configured(bench: Bench) -> None:
    """They are a message of the journal, and hold for what follows it."""
    bench.take(settings_of(audit_steps=("county", "city")))
    bench.take(audit_of(confirm(), step="station"))
    assert "county or city would do" in _newest(bench).refused
    bench.take(audit_of(confirm(), step="county"), audit_of(confirm(), step="city"))
    assert _newest(bench).refused == ""


def test_hours_of_dust_are_those_of_the_particles_until_they_are_taken_back(bench: Bench) -> None:
    """Values and flags stay as they are: only figures without dust leave them out."""
    bench.take(audit_of(Act("dust", "1235A", START, START + 2 * HOUR)))
    span = START, START + 3 * HOUR
    found = dust_hours(bench.state.engine, ["1235A", "other"], *span)
    assert {item: hours.T.tolist() for item, hours in found.items()} == {
        item: [[True, True, False], [False] * 3] for item in ("pm10", "pm25")
    }
    assert (bench.pm25(3), 4 in _flags(bench)) == ([35, 36, 37], False)
    before = bench.observations.sequence()
    bench.take(audit_of(act("restore", 0)))
    left = dust_hours(bench.state.engine, ["1235A"], *span)
    assert {item: int(np.count_nonzero(hours)) for item, hours in left.items()} == {"pm10": 2, "pm25": 1}
    assert dust_hours(bench.state.engine, ["1235A"], *span, as_of=before)["pm25"].sum() == 2


def test_a_day_that_is_taken_back_leaves_hours_of_dust_as_they_are(bench: Bench) -> None:
    """Values of another period are another matter."""
    bench.take(audit_of(Act("dust", "1235A", START, START + 2 * HOUR)))
    correct = Act("correct", "1235A", MIDNIGHT, MIDNIGHT + DAY, "day", ("pm25",), "30")
    bench.take(audit_of(correct), audit_of(Act("restore", "1235A", MIDNIGHT, MIDNIGHT + DAY, "day", ("pm25",))))
    assert [one.refused for one in trail(bench.state.engine, 2)] == ["", ""]
    assert dust_hours(bench.state.engine, ["1235A"], START, START + 3 * HOUR)["pm25"].sum() == 2


def test_an_official_value_is_objected_to_and_not_edited(bench: Bench) -> None:
    """The objection stands beside it."""
    official = bench.observations.reported("1235A", "hour", START, START + HOUR)[0]
    told = type(official)(official.subject, "hour", START + 5 * HOUR, "official", '{"pm25":50}')
    bench.observations.apply([Write(bench.observations.sequence() + 1, told)], bench.observations.sequence() + 1)
    bench.journal.append([settings_of()])
    bench.take(audit_of(act("mark_invalid", 5)))
    assert "it is not edited; 'object' would do" in _newest(bench).refused
    bench.take(audit_of(act("object", 5, value="45")))
    assert (_newest(bench).refused, _newest(bench).value) == ("", "45")
    kept = bench.observations.reported("1235A", "hour", START, START + 9 * HOUR, "official")
    assert [one.values for one in kept] == ['{"pm25":50}']


def test_a_journal_with_audits_gives_the_same_stores_however_it_is_grouped(tmp_path: Path) -> None:
    """All at once, one after the other, and with a start after each."""
    messages = [
        settings_of(),
        station(),
        *(hour_of(str(30 + hour), hour) for hour in range(4)),
        audit_of(act("mark_invalid", 0, 3)),
        hour_of("50", 1),
        audit_of(act("restore", 1), act("correct", 2, value="31.0"), confirm()),
        audit_of(Act("dust", "1235A", START, START + 2 * HOUR)),
        hour_of("60", 2),
        audit_of(act("correct", 9, value="1"), act("mark_invalid", 9)),
    ]
    alone = [[message] for message in messages]
    assert live(tmp_path / "one", alone) == live(tmp_path / "two", [messages])
    assert live(tmp_path / "three", alone, restarts=True) == live(tmp_path / "four", [messages[:5], messages[5:]])


def test_nothing_is_read_of_dust_where_none_was_declared(bench: Bench) -> None:
    """Most journals have none."""
    assert not audit.has_dust(bench.state.engine)
    bench.take(audit_of(Act("dust", "1235A", START, START + HOUR)))
    assert audit.has_dust(bench.state.engine)
    assert not audit.has_dust(bench.state.engine, as_of=1)
