"""Quality control on entry: what messages come to when they are applied, in the stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

import pytest

from qingchuan.processing.periods import to_beijing
from qingchuan.store import faults, flag_texts
from qingchuan.store.faults import Fault
from qingchuan.store.flag_texts import Mark
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.applying import START, Bench, settings_of, station

HOUR, DAY = 3600, 86_400
SECTION = b'{"kind":"section","name":{"zh":"\xe5\x9d\x9d","en":"Dazha"},"water_body":"river"}'


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench that knows an air station and a section."""
    made = Bench(tmp_path)
    made.received = (START + 40 * DAY) * 1_000_000
    made.take(station(), Message("mqtt", "c", "qingchuan/dazha/station", SECTION))
    yield made
    made.close()


def hour(number: int, values: Mapping[str, str], flags: str = "", *, retained: bool = False) -> Message:
    """An hour of the air station, so many after the beginning."""
    told = ",".join(f'"{item}":{value}' for item, value in values.items())
    start, more = to_beijing(START + number * HOUR).isoformat(), f',"flags":{{{flags}}}' if flags else ""
    payload = f'{{"start":"{start}","values":{{{told}}}{more}}}'
    return Message("mqtt", "c", "qingchuan/1235A/hour", payload.encode(), retained)


def reading(number: float, values: Mapping[str, str]) -> Message:
    """A reading of the section, so many hours after the beginning."""
    told = ",".join(f'"{item}":{value}' for item, value in values.items())
    time = to_beijing(START + int(number * HOUR)).isoformat()
    return Message("mqtt", "c", "qingchuan/dazha/reading", f'{{"time":"{time}","values":{{{told}}}}}'.encode())


def marks(bench: Bench, item: str, subject: str = "1235A") -> dict[int, Mark]:
    """The marks of an item by hours after the beginning."""
    period = "hour" if subject == "1235A" else "instant"
    rows = bench.observations.recent(period, 400)
    return {
        (row.start - START) // HOUR: flag_texts.of_items(row.flags, [item])[item]
        for row in sorted(rows)
        if row.subject == subject and f'"{item}"' in row.values
    }


def told_faults(bench: Bench) -> list[Fault]:
    """All faults, the newest first."""
    return faults.faults(bench.state.engine, 100)


@pytest.mark.parametrize(
    ("item", "value", "expected"),
    [
        ("pm25", "0", Mark(1)),
        ("pm25", "-2", Mark(3, "negative")),
        ("pm25", "-2.1", Mark(4, "negative")),
        ("co", "-0.3", Mark(3, "negative")),
        ("co", "-0.31", Mark(4, "negative")),
        ("so2", "0", Mark(3, "zero")),
        ("so2", "1001", Mark(3, "gross_range")),
    ],
)
def test_a_value_is_judged_by_itself_and_kept_as_it_was_sent(
    bench: Bench, item: str, value: str, expected: Mark
) -> None:
    """The zero may drift by 2 µg/m³, and 0.3 mg/m³ of CO: that is suspect; what is farther below is bad."""
    bench.take(hour(0, {item: value}))
    assert marks(bench, item) == {0: expected}
    assert bench.observations.recent("hour", 1)[0].values == f'{{"{item}":{value}}}'


def test_whether_a_value_is_a_spike_is_known_when_the_next_one_comes(bench: Bench) -> None:
    """It is written again, under the message that showed it; before that it was good."""
    bench.take(*(hour(number, {"pm25": value}) for number, value in enumerate(["30", "300"])))
    assert marks(bench, "pm25") == {0: Mark(1), 1: Mark(1)}
    before = bench.journal.head().sequence
    bench.take(hour(2, {"pm25": "30"}))
    assert marks(bench, "pm25") == {0: Mark(1), 1: Mark(3, "spike"), 2: Mark(1)}
    then = bench.observations.read(["1235A"], ["pm25"], "hour", START, START + 3 * HOUR, before)
    assert then.flags[0, :, 0].tolist() == [1, 1, 9]
    assert [change.start for change in bench.observations.changed(before, 10)] == [START + HOUR, START + 2 * HOUR]


def test_a_repeat_of_a_flagged_value_is_a_duplicate(bench: Bench) -> None:
    """Written otherwise, too; it was flagged by tests that do not run again on it."""
    bench.take(*(hour(number, {"pm25": value}) for number, value in enumerate(["30", "300", "30"])))
    before = bench.observations.tally()
    bench.take(hour(1, {"pm25": "300.0"}))
    bench.restart()
    bench.take(hour(1, {"pm25": "300"}))
    after = bench.observations.tally()
    assert (after.applied - before.applied, after.duplicate - before.duplicate) == (0, 2)
    assert marks(bench, "pm25")[1] == Mark(3, "spike")


def test_a_correction_is_judged_anew_and_so_are_its_neighbours(bench: Bench) -> None:
    """The spike is none any more."""
    bench.take(*(hour(number, {"pm25": value}) for number, value in enumerate(["30", "300", "30", "31"])))
    bench.take(hour(1, {"pm25": "40"}))
    assert set(marks(bench, "pm25").values()) == {Mark(1)}


def test_a_late_value_is_judged_by_what_lies_before_it_and_shows_its_neighbours_for_what_they_are(bench: Bench) -> None:
    """Beside a missing hour nothing is called a spike."""
    bench.take(*(hour(number, {"pm25": value}) for number, value in ((0, "30"), (1, "300"), (3, "30"))))
    assert marks(bench, "pm25")[1] == Mark(1)
    bench.take(hour(2, {"pm25": "28"}))
    assert marks(bench, "pm25") == {0: Mark(1), 1: Mark(3, "spike"), 2: Mark(1), 3: Mark(1)}


def test_what_is_older_than_the_window_is_judged_by_itself_only(bench: Bench) -> None:
    """History that is sent in afterwards is compared with nothing."""
    bench.take(hour(20 * 24, {"pm25": "30"}))
    bench.take(*(hour(number, {"pm25": value}) for number, value in enumerate(["30", "300", "30", "-5"])))
    assert [marks(bench, "pm25")[number] for number in range(4)] == [Mark(1), Mark(1), Mark(1), Mark(4, "negative")]


def test_part_and_whole_may_come_in_messages_of_their_own(bench: Bench) -> None:
    """Both are marked when the second one shows it."""
    bench.take(reading(0, {"tn": "1"}), reading(0, {"nh3n": "2"}))
    assert marks(bench, "tn", "dazha") == marks(bench, "nh3n", "dazha") == {0: Mark(3, "logic")}


def test_the_flag_of_the_device_stays_where_it_is_the_worse_one(bench: Bench) -> None:
    """And it is hidden from the tests of others where it says bad."""
    bench.take(hour(0, {"pm25": "30"}), hour(1, {"pm25": "600"}, '"pm25":4'), hour(2, {"pm25": "31"}))
    assert marks(bench, "pm25") == {0: Mark(1), 1: Mark(4), 2: Mark(1)}
    bench.take(hour(3, {"so2": "0"}, '"so2":3'))
    assert marks(bench, "so2") == {3: Mark(3)}


def test_a_retained_value_is_judged_by_itself(bench: Bench) -> None:
    """It may be old; what comes after it is compared with it."""
    bench.take(hour(0, {"pm25": "30"}), hour(1, {"pm25": "500"}, retained=True))
    assert marks(bench, "pm25") == {0: Mark(1), 1: Mark(1)}
    bench.take(hour(2, {"pm25": "30"}))
    assert marks(bench, "pm25")[1] == Mark(3, "spike")


def test_an_item_of_the_water_is_compared_with_its_own_moments(bench: Bench) -> None:
    """An analyser tells every four hours, between readings of the five parameters."""
    for number in range(17):
        more = {"codmn": "3.2"} if number % 4 == 0 else {}
        bench.take(reading(number, {"ph": f"7.{number % 3}"} | more))
    found = marks(bench, "codmn", "dazha")
    assert found == {0: Mark(1), 4: Mark(1), 8: Mark(1), 12: Mark(3, "constant"), 16: Mark(3, "constant")}
    assert set(marks(bench, "ph", "dazha").values()) == {Mark(1)}


def test_a_fault_opens_goes_on_and_closes(bench: Bench) -> None:
    """With the first value that stood still for too long, and the first that moved again."""
    bench.take(*(reading(number, {"ph": "7.1"}) for number in range(5)))
    [fault] = told_faults(bench)
    first, last = START + 3 * HOUR, START + 4 * HOUR
    sequence = bench.journal.head().sequence
    assert fault == Fault("dazha", "instant", "ph", "constant", first, last, None, sequence)
    assert faults.count_open(bench.state.engine) == 1
    bench.restart()
    bench.take(reading(5, {"ph": "7.2"}))
    assert told_faults(bench) == [fault._replace(closed=START + 5 * HOUR, sequence=sequence + 1)]
    assert faults.count_open(bench.state.engine) == 0


def test_a_corrected_value_takes_its_fault_back(bench: Bench) -> None:
    """It was never there."""
    bench.take(reading(0, {"ph": "7.1"}), reading(1, {"ph": "0"}), reading(2, {"ph": "7.2"}))
    assert [(fault.test, fault.opened) for fault in told_faults(bench)] == [("zero", START + HOUR)]
    bench.take(reading(1, {"ph": "7.1"}))
    assert told_faults(bench) == []


def test_a_fault_ends_with_the_next_value_however_late_that_comes(bench: Bench) -> None:
    """The station was silent for longer than is looked back."""
    bench.take(reading(0, {"ph": "0"}))
    bench.restart()
    bench.take(reading(30 * 24, {"ph": "7"}))
    assert [(fault.opened, fault.closed) for fault in told_faults(bench)] == [(START, START + 30 * DAY)]


def test_other_thresholds_hold_from_their_settings_on(bench: Bench) -> None:
    """They are a message: the journal alone says what held when."""
    shipped = resources.files("qingchuan.processing.quality").joinpath("thresholds.toml").read_text(encoding="utf-8")
    wider = shipped.replace("negative = { drift = 2,", "negative = { drift = 5,")
    bench.take(hour(0, {"pm25": "-4"}), settings_of(thresholds=wider), hour(1, {"pm25": "-4"}))
    expected = {0: Mark(4, "negative"), 1: Mark(3, "negative")}
    assert marks(bench, "pm25") == expected
    bench.restart()
    bench.take(hour(2, {"pm25": "-4.5"}), settings_of(), hour(3, {"pm25": "-4"}))
    assert marks(bench, "pm25") == expected | {2: Mark(3, "negative"), 3: Mark(4, "negative")}


def test_all_that_one_message_changes_counts_once(bench: Bench) -> None:
    """It told something new, whatever else that changed."""
    bench.take(*(hour(number, {"pm25": value}) for number, value in enumerate(["30", "300", "30"])))
    assert bench.observations.tally() == Tally(applied=5)
    assert bench.observations.tallies()[1]["1235A"] == Tally(applied=4)


def test_minutes_are_judged_by_themselves(bench: Bench) -> None:
    """The thresholds of hours say nothing of how far a minute may be from the one before."""
    for number, value in enumerate(["30", "900", "-1", "30"]):
        start = to_beijing(START + 60 * number).isoformat()
        payload = f'{{"start":"{start}","values":{{"pm25":{value}}}}}'
        bench.take(Message("mqtt", "c", "qingchuan/1235A/minute", payload.encode()))
    flags = [row.flags for row in sorted(bench.observations.recent("minute", 1))]
    assert flags == ["1", "1", '{"*":2,"pm25":[3,"negative"]}', "1"]


def test_what_an_outfall_tells_of_its_water_is_not_judged_by_the_thresholds_of_rivers(bench: Bench) -> None:
    """Sewage may have 30 mg/L of ammonia nitrogen; what its device says of it stays."""
    gate = b'{"kind":"site","name":{"zh":"\xe5\x8f\xa3","en":"Gate"},"purpose":"outfall"}'
    bench.take(Message("mqtt", "c", "qingchuan/gate/station", gate))
    for number, flags in enumerate(["", ',"flags":{"nh3n":3}']):
        time = to_beijing(START + number * HOUR).isoformat()
        payload = f'{{"time":"{time}","values":{{"nh3n":30}}{flags}}}'
        bench.take(Message("mqtt", "c", "qingchuan/gate/reading", payload.encode()), reading(number, {"nh3n": "30"}))
    assert marks(bench, "nh3n", "gate") == {0: Mark(1), 1: Mark(3)}
    assert marks(bench, "nh3n", "dazha") == {0: Mark(3, "gross_range"), 1: Mark(3, "gross_range")}
