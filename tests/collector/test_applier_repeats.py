"""Applying what a broker repeats after a new connection: once, and never over a newer value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingchuan.collector import connections
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.applying import START, STATION, Bench, connection, hour_of, nothing_waits, station, without_session


def test_a_redelivered_old_value_does_not_undo_a_newer_one(tmp_path: Path) -> None:
    """The acknowledgements of 35 and 36 were lost with the connection; both come again."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection())
    bench.take(hour_of("35"))
    bench.take(hour_of("36"))
    assert bench.pm25() == [36.0]
    assert bench.observations.tally() == Tally(applied=3, duplicate=2)
    assert bench.pm25(as_of=4) == [36.0]


def test_an_old_value_that_is_said_again_is_a_correction(tmp_path: Path) -> None:
    """All had been acknowledged; the station takes 36 back."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"), hour_of("7", 1))
    assert bench.pm25(2) == [35.0, 7.0]


def test_what_is_open_at_a_crash_is_decided_the_same_after_it(tmp_path: Path) -> None:
    """The cursor waits before the connection until it is known what was repeated."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"))
    bench.restart()
    bench.take(hour_of("36"), hour_of("8", 1))
    assert bench.pm25(2) == [36.0, 8.0]
    assert bench.observations.tally() == Tally(applied=4, duplicate=2)


def test_many_connections_that_break_while_a_long_tail_is_repeated_change_nothing(tmp_path: Path) -> None:
    """As many as a line that breaks again and again brings until one lasts; what was corrected stays corrected."""
    bench = Bench(tmp_path)
    tail = [hour_of(value, number % 24) for number in range(1500) for value in (f"{number}.1", f"{number}.2")]
    bench.take(connection(), station(), *tail)
    told = bench.observations.tally()
    for _ in range(25):
        bench.take(connection(), *tail[:2800])
    bench.take(connection(), *tail)
    repeated = 25 * 2800 + len(tail)
    assert bench.observations.tally() == told._replace(duplicate=told.duplicate + repeated)


def test_repeats_of_repeats_are_recognised(tmp_path: Path) -> None:
    """Two connections in a row break before their acknowledgements arrive."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"), hour_of("36"), hour_of("9", 1))
    assert bench.pm25(2) == [36.0, 9.0]
    assert bench.observations.tally() == Tally(applied=4, duplicate=4)


def test_repeats_of_repeats_are_recognised_also_when_they_are_applied_at_once(tmp_path: Path) -> None:
    """As after a time in which the store was away: several rows of the journal then go into one transaction."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    for row in ([connection()], [hour_of("35"), hour_of("36")], [connection()]):
        bench.journal.append(row)
    bench.take(hour_of("35"), hour_of("36"))
    assert nothing_waits(bench)
    assert bench.pm25() == [36.0]
    assert bench.observations.tally() == Tally(applied=3, duplicate=4)


@pytest.mark.parametrize("acknowledged", [0, 1])
def test_a_redelivery_that_breaks_off_is_gone_on_with_by_the_next_connection(tmp_path: Path, acknowledged: int) -> None:
    """From where it began, or from where it was acknowledged; the old value in it never stands again."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"))
    bench.take(connection(), *[hour_of("35"), hour_of("36")][acknowledged:], hour_of("9", 1))
    assert bench.pm25(2) == [36.0, 9.0]
    assert bench.observations.tally() == Tally(applied=4, duplicate=3 - acknowledged)
    assert bench.observations.changed(4, 10)[0].start == START + 3600


def test_a_connection_without_messages_leaves_open_what_was_open(tmp_path: Path) -> None:
    """It tells nothing."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"), connection(), connection(), hour_of("36"), hour_of("9", 1))
    assert bench.observations.tally() == Tally(applied=4, duplicate=2)


def test_what_a_broken_connection_said_again_is_a_correction_if_the_rest_does_not_follow(tmp_path: Path) -> None:
    """The next connection brings something else, after a repeat of that very correction."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"))
    bench.take(connection(), hour_of("35"), hour_of("7", 1))
    assert bench.pm25(2) == [35.0, 7.0]
    assert bench.observations.tally() == Tally(applied=5, duplicate=1)


def test_repeats_do_not_count_in_how_far_back_a_tail_reaches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the same is repeated, it is recognised the next time."""
    monkeypatch.setattr(connections, "_WINDOW", 5)
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    for _ in range(4):
        bench.take(connection(), hour_of("35"))
        bench.take(hour_of("36"))
    assert bench.pm25() == [36.0]
    assert bench.observations.tally() == Tally(applied=3, duplicate=8)


def test_a_retained_announcement_that_comes_again_does_not_undo_a_newer_one(tmp_path: Path) -> None:
    """A broker repeats retained messages that were not acknowledged; also to a collector that was started anew."""
    bench = Bench(tmp_path)
    bench.take(station(retained=True), station(STATION.replace(b"Wan", b"Van")))
    bench.take(station(retained=True))
    bench.restart()
    bench.take(station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Van"
    assert bench.observations.tally() == Tally(applied=2, duplicate=2)


def test_messages_at_qos_0_and_of_another_client_are_never_repeats(tmp_path: Path) -> None:
    """A broker repeats to a client what it delivered to it with an acknowledgement to come."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36", qos=0))
    bench.take(connection(), hour_of("35", source="d"), hour_of("36", qos=0), hour_of("6", 1))
    assert bench.pm25(2) == [36.0, 6.0]
    assert bench.observations.tally().applied == 6


def test_a_broker_without_a_session_has_nothing_to_repeat(tmp_path: Path) -> None:
    """The first message is taken at once, whatever it says."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(without_session(), hour_of("35"))
    assert bench.pm25() == [35.0]
    assert nothing_waits(bench)


def test_a_message_at_qos_0_ends_the_wait_for_repeats(tmp_path: Path) -> None:
    """Repeats come before everything else."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"))
    bench.take(connection(), hour_of("35"), hour_of("5", 1, qos=0))
    assert bench.pm25(2) == [35.0, 5.0]
    assert nothing_waits(bench)


def test_a_retained_message_that_is_new_ends_the_wait_for_repeats(tmp_path: Path) -> None:
    """A new station need not wait for the first reading of another."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"))
    other = Message("mqtt", "c", "qingchuan/1236A/station", STATION, retained=True)
    bench.take(connection(), other)
    assert "1236A" in bench.state.subjects()
    assert nothing_waits(bench)


def test_a_retained_message_that_was_known_and_comes_again_among_the_repeats_does_not_end_them(tmp_path: Path) -> None:
    """It told nothing new when it came between 35 and 36, so it is not in the journal; since then it is out of date."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"), hour_of("36"), station(STATION.replace(b"Wan", b"Van")))
    bench.take(connection(), hour_of("35"), station(retained=True), hour_of("36"))
    bench.take(station(STATION.replace(b"Wan", b"Van")), hour_of("9", 1))
    assert bench.pm25(2) == [36.0, 9.0]
    assert bench.state.subjects()["1235A"].name.en == "Van"
    assert bench.observations.tally() == Tally(applied=5, duplicate=4)


def test_another_client_does_not_wait_for_one_that_never_comes_back(tmp_path: Path) -> None:
    """The client id was changed."""
    bench = Bench(tmp_path)
    bench.take(connection(), station(), hour_of("35"))
    bench.take(connection())
    bench.take(connection("d"), hour_of("5", 1, source="d"))
    assert bench.pm25(2) == [35.0, 5.0]
    assert nothing_waits(bench)


def test_metadata_that_return_to_what_they_were_are_news_where_the_session_was_lost(tmp_path: Path) -> None:
    """What the broker retains is then the newest."""
    bench = Bench(tmp_path)
    changed = STATION.replace(b"Wan", b"Van")
    bench.take(connection(), station(), station(changed))
    bench.take(connection(), station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Van"
    bench.take(without_session(), station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Wan"


_SAYS = st.lists(st.tuples(st.sampled_from(["35", "36", "37"]), st.integers(0, 1)), min_size=1, max_size=8)


@settings(max_examples=25)
@given(_SAYS, st.booleans(), st.data())
def test_the_same_messages_give_the_same_store_wherever_connections_break(
    tmp_path_factory: pytest.TempPathFactory,
    says: Sequence[tuple[str, int]],
    numbered: bool,  # noqa: FBT001 - hypothesis draws it
    data: st.DataObject,
) -> None:
    """With any number of acknowledgements missing, and restarts in between.

    Where a station says the very same twice, a repeat can be taken for news for the length of the repetition; what the
    store holds in the end is the same all the same. Messages with a number (`seq`) are told apart always.
    """
    plain, broken = (Bench(tmp_path_factory.mktemp("bench")) for _ in range(2))
    said = [hour_of(value, hour, seq=index if numbered else None) for index, (value, hour) in enumerate(says)]
    messages = [connection(), station(), *said, hour_of("1", 0), hour_of("2", 1)]
    plain.take(*messages)
    sent = 0
    while sent < len(messages):
        upto = data.draw(st.integers(sent + 1, len(messages)))
        broken.take(*messages[sent:upto])
        again = data.draw(st.integers(0, upto - 1))
        broken.take(connection(), *messages[upto - again : upto])
        if data.draw(st.booleans()):
            broken.restart()
        sent = upto
    broken.take(hour_of("1", 0, seq=-1))
    plain.take(hour_of("1", 0, seq=-1))
    assert broken.pm25(2) == plain.pm25(2)
    if numbered:
        assert broken.observations.tally().applied == plain.observations.tally().applied
    plain.close()
    broken.close()


@settings(max_examples=25)
@given(_SAYS, st.booleans(), st.data())
def test_the_same_messages_give_the_same_store_however_often_a_redelivery_breaks_off(
    tmp_path_factory: pytest.TempPathFactory,
    says: Sequence[tuple[str, int]],
    numbered: bool,  # noqa: FBT001 - hypothesis draws it
    data: st.DataObject,
) -> None:
    """A broker sends from the oldest message without an acknowledgement on, and any connection may break anywhere."""
    plain, broken = (Bench(tmp_path_factory.mktemp("bench")) for _ in range(2))
    said = [hour_of(value, hour, seq=index if numbered else None) for index, (value, hour) in enumerate(says)]
    messages = [station(), *said, hour_of("1", 0), hour_of("2", 1), hour_of("1", 0, seq=-1)]
    plain.take(connection(), *messages)
    acknowledged = 0
    for _ in range(data.draw(st.integers(0, 6))):
        upto = data.draw(st.integers(acknowledged, len(messages) - 1))
        broken.take(connection(), *messages[acknowledged:upto])
        acknowledged = data.draw(st.integers(acknowledged, upto))
        if data.draw(st.booleans()):
            broken.restart()
    broken.take(connection(), *messages[acknowledged:])
    assert broken.pm25(2) == plain.pm25(2)
    if numbered:
        assert broken.observations.tally().applied == plain.observations.tally().applied
        assert broken.journal.from_stations() == sum(broken.observations.tally())
    plain.close()
    broken.close()
