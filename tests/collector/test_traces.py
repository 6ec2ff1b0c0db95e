"""What messages leave behind: numbers that are missing, windows of loss, clocks."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.devices import Device
from qingchuan.collector.traces import Traces
from qingchuan.processing.periods import to_beijing
from qingchuan.store import traces
from qingchuan.store.messages import Message
from qingchuan.store.traces import Gap, Kept
from tests.support.applying import START, Bench, connection, hour_of, settings_of, station
from tests.support.hj212_frames import framed
from tests.support.ledger import sqlite

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR, DAY = 3600, 86_400
TODAY = START + DAY


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A journal and a store that know station 1235A; the hours that it tells are received on 2 March."""
    made = Bench(tmp_path)
    made.received = TODAY * SECOND
    made.take(station())
    return made


def gaps(bench: Bench) -> list[tuple[int, int, str, list[list[int]]]]:
    """The gaps, oldest first: first and last number, state, what is still missing."""
    return [(gap.first, gap.last, gap.state, gap.missing) for gap in reversed(traces.gaps(bench.state.engine))]


def windows(bench: Bench) -> list[tuple[str, int, int | None]]:
    """The windows, oldest first, in minutes of 2 March."""
    found = reversed(traces.windows(bench.state.engine))
    return [(one.kind, _minutes(one.begin), None if one.end is None else _minutes(one.end)) for one in found]


def _minutes(received: int) -> int:
    return (received - TODAY * SECOND) // MINUTE


def at(bench: Bench, minutes: int, *messages: Message) -> None:
    """Receive and apply `messages` at so many minutes of 2 March."""
    bench.received = TODAY * SECOND + minutes * MINUTE
    bench.take(*messages)


def no_session(source: str = "c") -> Message:
    """The marker of a new connection that the broker did not remember."""
    return Message("connection", source, "", b'{"session_present":false}')


def ended(cause: str, source: str = "c") -> Message:
    """The marker of the end of a connection."""
    return Message("disconnection", source, "", msgspec.json.encode({"cause": cause, "reason": "gone"}))


def raw(payload: str, message: str = "hour") -> Message:
    """A message of station 1235A."""
    return Message("mqtt", "c", f"qingchuan/1235A/{message}", payload.encode())


def test_numbers_that_follow_one_another_leave_no_gap(bench: Bench) -> None:
    """From whichever the first is, and also where a correction tells of an older hour."""
    bench.take(hour_of("35", 5, seq=41), hour_of("36", 6, seq=42), hour_of("34", 2, seq=43), hour_of("35", 7, seq=44))
    assert gaps(bench) == []


def test_a_number_that_passes_others_over_opens_a_gap(bench: Bench) -> None:
    """It knows by which message it was noticed, and between which times its messages belong."""
    bench.take(hour_of("35", 0, seq=1), hour_of("35", 3, seq=4))
    (gap,) = traces.gaps(bench.state.engine)
    hour = 3600
    expected = Gap(3, "1235A", 2, 3, START + hour, START + 4 * hour, bench.received, [[2, 3]])
    assert gap == expected
    assert gap.lacking == 2


def test_a_missing_number_that_comes_later_is_late_and_not_lost(bench: Bench) -> None:
    """One after the other; the last closes the gap."""
    bench.take(hour_of("35", 0, seq=1), hour_of("35", 5, seq=6), hour_of("35", 2, seq=3))
    assert gaps(bench) == [(2, 5, "open", [[2, 2], [4, 5]])]
    bench.take(hour_of("35", 1, seq=2), hour_of("35", 4, seq=5))
    assert gaps(bench) == [(2, 5, "open", [[4, 4]])]
    bench.take(hour_of("35", 3, seq=4))
    assert gaps(bench) == [(2, 5, "late", [])]
    assert traces.gaps(bench.state.engine)[0].closed == bench.journal.head().sequence


def test_a_smaller_number_with_a_newer_time_begins_the_count_anew(bench: Bench) -> None:
    """A gap of the count before can close no more; what is lost of the new one is noticed."""
    bench.take(hour_of("35", 0, seq=900), hour_of("35", 2, seq=902), hour_of("35", 3, seq=0), hour_of("35", 4, seq=1))
    assert gaps(bench) == [(901, 901, "lost", [[901, 901]])]
    bench.take(hour_of("35", 6, seq=3), hour_of("35", 1, seq=901))
    assert gaps(bench) == [(901, 901, "lost", [[901, 901]]), (2, 2, "open", [[2, 2]])]


def test_what_is_sent_twice_changes_no_count(bench: Bench) -> None:
    """Neither the same message again, nor an older one."""
    bench.take(hour_of("35", 0, seq=1), hour_of("35", 1, seq=2), hour_of("35", 1, seq=2), hour_of("35", 0, seq=1))
    bench.take(hour_of("35", 2, seq=3))
    assert gaps(bench) == []


def test_what_a_broker_repeats_changes_no_count(bench: Bench) -> None:
    """Its messages are known by their order."""
    said = [hour_of("35", hour, seq=hour) for hour in (0, 1, 3)]
    bench.take(connection(), *said)
    bench.take(connection(), *said, hour_of("35", 4, seq=4))
    assert gaps(bench) == [(2, 2, "open", [[2, 2]])]


def test_a_message_that_is_refused_is_not_missing(bench: Bench) -> None:
    """Where its number can be read, and where it cannot; what is lost besides is."""
    start = '"start":"2026-03-01T01:00:00Z"'
    bench.take(hour_of("35", 0, seq=1), raw(f'{{{start},"seq":2,"values":{{}}}}'), hour_of("35", 2, seq=3))
    bench.take(raw("pm25=35;seq=4"), hour_of("35", 3, seq=5))
    assert gaps(bench) == []
    bench.take(raw("pm25=35;seq=6"), hour_of("35", 6, seq=8))
    assert gaps(bench) == [(6, 7, "open", [[6, 7]])]


def test_a_dead_letter_knows_whom_it_is_about_and_the_time_that_it_names(bench: Bench) -> None:
    """As far as that can be read: of a whole message, and of one value."""
    start = '"start":"2026-03-01T01:00:00Z"'
    bench.take(raw(f'{{{start},"values":{{"pm25":1,"pm26":1}}}}'), raw(f'{{{start},"values":{{"pm25":NaN}}}}'))
    bench.take(raw("oops"), Message("mqtt", "c", "qingchuan/nobody/hour", b"oops"))
    told = [(letter.item, letter.subject, letter.start) for letter in reversed(bench.state.dead_letters(10))]
    hour = START + 3600
    expected = [("pm26", "1235A", hour), ("pm25", "1235A", hour), (None, "1235A", hour)]
    assert sorted(told[:3], key=str) == sorted(expected, key=str)
    assert told[3:] == [(None, "1235A", None), (None, "", None)]
    assert len(bench.state.dead_letters_of(["1235A"], hour, hour + 1)) == 3
    assert bench.state.dead_letters_of(["1235A"], hour + 1, hour + 2) == []


@pytest.mark.parametrize(("number", "found"), [(10_001, [(1, 10_000)]), (10_002, [])])
def test_who_passes_over_more_than_ten_thousand_numbers_counts_by_something_else(
    bench: Bench, number: int, found: list[tuple[int, int]]
) -> None:
    """Such as seconds."""
    bench.take(hour_of("35", 0, seq=0), hour_of("35", 1, seq=number))
    assert [(first, last) for first, last, *_ in gaps(bench)] == found


@pytest.mark.parametrize("number", [-1, 2**53 + 1, 2**70])
def test_a_number_that_nobody_counts_by_is_left_alone(bench: Bench, number: int) -> None:
    """Whatever is sent, the next start can read what is kept."""
    bench.take(hour_of("35", 0, seq=1), hour_of("35", 1, seq=number), hour_of("35", 2, seq=2))
    bench.restart()
    assert gaps(bench) == []


def test_of_very_many_gaps_the_oldest_are_given_up(bench: Bench) -> None:
    """Memory stays bounded; what is given up stays lost."""
    bench.take(*(hour_of("35", 0, seq=2 * number) for number in range(66)), hour_of("35", 0, seq=1))
    assert [state for *_, state, _ in gaps(bench)] == ["lost"] + ["open"] * 64


def test_messages_of_all_kinds_share_one_count(bench: Bench) -> None:
    """Hours and minutes of a station are numbered together."""
    minute = '{"start":"2026-03-01T01:10:00Z","values":{"pm25":3},"seq":2}'
    bench.take(hour_of("35", 0, seq=1), raw(minute, "minute"), hour_of("35", 1, seq=3))
    assert gaps(bench) == []


def test_a_connection_without_a_session_leaves_a_window_in_which_messages_may_be_lost(bench: Bench) -> None:
    """From what was taken last to the connection; the first of a client has nothing to lose."""
    at(bench, 60, no_session("d"), Message("mqtt", "d", "qingchuan/1235A/hour", b"{}"))
    at(bench, 65, hour_of("35", 0, source="e"))
    at(bench, 70, no_session("d"))
    assert windows(bench) == [("no-session", 60, 70)]
    at(bench, 75, connection("d"))
    at(bench, 80, no_session("d"))
    assert windows(bench)[1:] == [("no-session", 75, 80)]


def test_an_end_of_a_connection_opens_a_window_that_the_next_connection_ends(bench: Bench) -> None:
    """The broker was away; an outage is one window, however often it is tried."""
    at(bench, 60, connection(), hour_of("35", 0))
    at(bench, 65, ended("broker"))
    assert windows(bench) == [("broker-away", 65, None)]
    at(bench, 66, ended("broker"))
    bench.restart()
    at(bench, 70, connection())
    assert windows(bench) == [("broker-away", 65, 70)]


def test_while_the_journal_could_take_nothing_the_service_was_away(bench: Bench) -> None:
    """It says so when it can write again: the window begins with what was taken last."""
    at(bench, 60, connection(), hour_of("35", 0))
    at(bench, 70, ended("journal"), connection())
    assert windows(bench) == [("service-away", 60, 70)]


def test_a_start_of_the_collector_ends_a_window_in_which_it_took_nothing(bench: Bench) -> None:
    """From the last receipt before; after a clean stop from the stop. The first start is the beginning."""
    folder = bench.folder / "fresh"
    folder.mkdir()
    fresh = Bench(folder)
    at(fresh, 50, settings_of(), station())
    assert windows(fresh) == []
    at(fresh, 60, connection(), hour_of("35", 0))
    at(fresh, 75, Message("loss", "journal", "", b"{}"))
    at(fresh, 80, settings_of())
    at(fresh, 90, ended("stop"))
    at(fresh, 95, settings_of())
    assert windows(fresh) == [("service-away", 60, 80), ("service-away", 90, 95)]


def delays(bench: Bench) -> list[int]:
    """What the clock of station 1235A is measured by, in minutes."""
    found = {trace.subject: list(trace.delays) for trace in traces.clocks(bench.state.engine)}
    return [delay // 60 for delay in found.get("1235A", [])]


def told(ends: int, message: str = "hour", **more: object) -> Message:
    """What station 1235A tells of a time that ends, or is, so many minutes after 2 March began."""
    moment = datetime.fromtimestamp(TODAY + 60 * ends, UTC).isoformat()
    label = "time" if message == "realtime" else "end"
    return raw(msgspec.json.encode({label: moment, "values": {"pm25": 35}, **more}).decode(), message)


@pytest.mark.parametrize(("behind", "found"), [(0, 5), (480, 485), (-30, -25)])
def test_a_clock_is_measured_by_what_is_told_as_it_happens(bench: Bench, behind: int, found: int) -> None:
    """An hour comes five minutes after its end; the first message has none before it to compare with."""
    for hour in range(1, 5):
        at(bench, 60 * hour + 5 + max(0, behind) % 60, told(60 * hour - behind + behind % 60))
    assert delays(bench) == [found - behind % 60 if behind < 0 else found] * 3


def test_a_clock_that_is_so_far_ahead_that_its_messages_are_refused_is_measured_all_the_same(bench: Bench) -> None:
    """Beijing time sent as UTC lies eight hours ahead."""
    for hour in (1, 2):
        at(bench, 60 * hour + 5, told(60 * hour + 480))
    assert delays(bench) == [-475, -475]
    assert [letter.code for letter in bench.state.dead_letters(10)] == ["future", "future"]


def test_history_measures_no_clock(bench: Bench) -> None:
    """It comes at once, whether in one batch or in several, or is older than any time zone could make it."""
    at(bench, 600, *(told(60 * hour) for hour in range(-20, 2)))
    for hour in range(2, 4):
        at(bench, 601, told(60 * hour))
    assert delays(bench) == []
    for hour in range(1, 3):
        at(bench, 601 + 1440 * hour, told(240 + 60 * hour))
    assert delays(bench) == []


def test_what_waited_in_an_outage_does_not_move_a_clock(bench: Bench) -> None:
    """Its first message counts with its age, and the smallest delay is what an offset is told by."""
    for hour in (1, 2):
        at(bench, 60 * hour + 5, told(60 * hour))
    at(bench, 605, *(told(60 * hour) for hour in range(3, 11)))
    at(bench, 665, told(660))
    assert delays(bench) == [5, 425, 5]


def test_days_and_retained_messages_measure_no_clock(bench: Bench) -> None:
    """A day is sent when it has been looked at, and what is retained is of any age."""
    at(bench, 30, told(-3 * 1440 + 960, "day"))
    at(bench, 600, told(-2 * 1440 + 960, "day"))
    for hour in (11, 12):
        message = told(60 * hour)
        at(bench, 60 * hour + 5, Message("mqtt", "c", message.topic, message.payload, retained=True))
    assert delays(bench) == []


def test_a_clock_is_measured_by_the_last_twenty_four_messages(bench: Bench) -> None:
    """What is older is forgotten."""
    for minute in range(40):
        at(bench, minute + 1, told(minute if minute < 15 else minute + 1, "realtime"))
    assert delays(bench) == [0] * 24


def test_a_logger_has_a_clock_too(bench: Bench) -> None:
    """Its frames have no number that counts them."""
    at(bench, 0, settings_of(devices=(Device("A1", "1235A"),)))
    for minute in (1, 2, 3):
        moment = to_beijing(TODAY + 60 * minute).strftime("%Y%m%d%H%M%S")
        frame = framed(f"ST=22;CN=2011;MN=A1;Flag=4;CP=&&DataTime={moment};a34004-Rtd=35&&")
        at(bench, minute + 2, Message("hj212", "gateway", "A1", frame))
    assert bench.state.dead_letters(10) == []
    assert delays(bench) == [2, 2]
    assert traces.sources(bench.state.engine, ["1235A"]) == {"1235A": "gateway"}


def test_what_was_applied_and_not_kept_yet_is_followed_again_at_a_start(bench: Bench) -> None:
    """As after a crash: the traces are kept less often than observations are."""
    bench.take(connection(), hour_of("35", 0, seq=1))
    bench.journal.append([hour_of("35", 2, seq=3), raw("oops"), hour_of("35", 4, seq=5)])
    bench.journal.append([hour_of("35", 7, seq=9), no_session()])
    while bench.applier._position < bench.journal.head().sequence:
        bench.applier.step()
    assert gaps(bench) == []
    bench.restart()
    assert gaps(bench) == [(2, 2, "open", [[2, 2]]), (6, 8, "open", [[6, 8]])]
    assert [kind for kind, *_ in windows(bench)] == ["no-session"]


def _dump(path: Path) -> list[str]:
    """All rows; where to look for what was written depends on what was applied together, and is left out."""
    with sqlite(path) as database:
        return [line for line in database.iterdump() if not line.startswith('INSERT INTO "written"')]


_numbers = st.integers(0, 8)
_said = st.one_of(
    st.builds(lambda hour, number: hour_of("35", hour, seq=number), st.integers(0, 9), _numbers),
    st.builds(lambda hour, number: hour_of("35", hour, seq=number, retained=True), st.integers(0, 9), _numbers),
    st.sampled_from([connection(), no_session(), no_session("d"), ended("broker"), ended("journal"), ended("stop")]),
    st.sampled_from([settings_of(), raw("oops"), told(2000), station()]),
)


@given(st.lists(st.tuples(st.lists(_said, min_size=1, max_size=5), st.integers(0, 90), st.booleans()), max_size=8))
def test_the_journal_gives_the_same_traces_again(batches: Sequence[tuple[list[Message], int, bool]]) -> None:
    """Whatever was said, and wherever the collector was started anew; and so the same ledger, which is made of them."""
    with TemporaryDirectory() as folder:
        lived, rebuilt = Path(folder) / "lived", Path(folder) / "rebuilt"
        for place in (lived, rebuilt):
            place.mkdir()
        first = Bench(lived)
        first.received = TODAY * SECOND
        first.take(station())
        for messages, minutes, begins_anew in batches:
            first.received += minutes * MINUTE
            first.take(*messages)
            if begins_anew:
                first.restart()
        first.close()
        shutil.copytree(lived / "journal", rebuilt / "journal")
        again = Bench(rebuilt)
        while again.applier.step():
            pass
        again.close()
        for name in ("state.sqlite", "observations.sqlite"):
            assert _dump(rebuilt / name) == _dump(lived / name)


@given(st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=25), st.randoms())
def test_what_is_missing_in_the_end_is_what_never_came(numbers: list[int], chance: Random) -> None:
    """Of one count, in whatever order its messages come, provided that the first comes first."""
    followed = Traces(Kept(), lambda *_: None)
    trace = followed.of("1235A")
    first, *rest = sorted(numbers)
    chance.shuffle(rest)
    for sequence, number in enumerate([first, *rest], 1):
        followed.count(trace, number, 0, sequence, 0)
    found = followed.changes(99).gaps
    missing = {number for gap in found for first, last in gap.missing for number in range(first, last + 1)}
    assert missing == set(range(min(numbers), max(numbers))) - set(numbers)
    assert all((gap.state == "late") == (not gap.missing) for gap in found)
