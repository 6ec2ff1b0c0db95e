"""Applying what the journal holds, strictly in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingchuan.collector import applier
from qingchuan.collector.applier import Applier
from qingchuan.collector.decoder import Decoding
from qingchuan.processing.periods import parse_instant
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.migrate import migrate
from qingchuan.store.observations import Tally
from qingchuan.store.state import State

START = parse_instant("2026-03-01T00:00:00Z")
STATION = b'{"kind":"air-station","name":{"zh":"\xe4\xb8\x87","en":"Wan"},"city":"330200"}'


class Bench:
    """Journal, store and applier in one folder; `restart` is a crash and a new start."""

    opened: ClassVar[list[Bench]] = []

    def __init__(self, folder: Path) -> None:
        self.opened.append(self)
        self.folder = folder
        self.received = (START + 3600) * 1_000_000
        migrate(folder / "state.sqlite")
        self._open()

    def _open(self) -> None:
        self.journal = Journal(self.folder / "journal", lambda: self.received)
        self.observations = EmbeddedObservations(self.folder / "observations.sqlite")
        self.state = State(self.folder / "state.sqlite")
        self.applier = Applier(self.journal, self.observations, self.state)

    def restart(self) -> None:
        """Leave everything as it is on disk, and begin anew."""
        self.close()
        self._open()

    def close(self) -> None:
        """Close all files."""
        self.journal.close()
        self.observations.close()
        self.state.close()

    def take(self, *messages: Message) -> None:
        """Append `messages` at once and apply all there is."""
        self.journal.append(messages)
        while self.applier.step():
            pass

    def pm25(self, hours: int = 1, as_of: int | None = None) -> list[float | None]:
        """The values of station 1235A, None where missing."""
        values = self.observations.read(["1235A"], ["pm25"], "hour", START, START + hours * 3600, as_of).values[0, :, 0]
        return [None if np.isnan(value) else float(value) for value in values]


@pytest.fixture(autouse=True)
def _close_all() -> Iterator[None]:
    """Whatever a test opened is closed behind it."""
    yield
    for bench in Bench.opened:
        bench.close()
    Bench.opened.clear()


def _station(payload: bytes = STATION, *, retained: bool = False) -> Message:
    return Message("mqtt", "c", "qingchuan/1235A/station", payload, retained)


def _hour(
    value: str, hour: int = 0, *, retained: bool = False, qos: int = 1, source: str = "c", seq: int | None = None
) -> Message:
    start, number = f"2026-03-01T{hour:02}:00:00Z", "null" if seq is None else seq
    payload = f'{{"start":"{start}","values":{{"pm25":{value}}},"seq":{number}}}'.encode()
    return Message("mqtt", source, "qingchuan/1235A/hour", payload, retained, qos)


def _connection(source: str = "c") -> Message:
    return Message("connection", source, "", b'{"session_present":true}')


def _settings(**changes: object) -> Message:
    return Message("settings", "c", "", msgspec.json.encode(Decoding(**changes)))  # type: ignore[arg-type]


def test_a_message_of_an_unknown_station_is_a_dead_letter_that_says_what_to_do(tmp_path: Path) -> None:
    """And the next message is taken."""
    bench = Bench(tmp_path)
    bench.take(_hour("35"), _station(), _hour("36"))
    (letter,) = bench.state.dead_letters(10)
    assert (letter.sequence, letter.item, letter.code) == (1, None, "unknown-subject")
    assert "publish its announcement, retained, on qingchuan/1235A/station" in letter.reason
    assert bench.pm25() == [36.0]
    assert bench.observations.tally() == Tally(applied=2, dead_letter=1)


def test_a_refused_value_is_kept_beside_the_message_that_was_applied(tmp_path: Path) -> None:
    """It costs itself."""
    bench = Bench(tmp_path)
    payload = b'{"start":"2026-03-01T00:00:00Z","values":{"pm25":35,"pm26":1}}'
    bench.take(_station(), Message("mqtt", "c", "qingchuan/1235A/hour", payload))
    (letter,) = bench.state.dead_letters(10)
    assert (letter.sequence, letter.item, letter.code) == (2, "pm26", "unknown-item")
    assert bench.observations.tally() == Tally(applied=2)
    assert bench.state.count_dead_letters() == (0, 1)


def test_a_message_of_the_wrong_kind_of_subject_is_refused(tmp_path: Path) -> None:
    """An air station sends no water readings."""
    bench = Bench(tmp_path)
    payload = b'{"time":"2026-03-01T00:00:00Z","values":{"ph":7}}'
    bench.take(_station(), Message("mqtt", "c", "qingchuan/1235A/reading", payload))
    (letter,) = bench.state.dead_letters(10)
    assert "is announced as air-station; a message 'reading' comes from section" in letter.reason


def test_the_limit_of_the_future_is_measured_from_the_time_of_receipt_by_the_settings_then_in_force(
    tmp_path: Path,
) -> None:
    """Applying later, or after a restart, decides the same."""
    bench = Bench(tmp_path)
    bench.take(_settings(future_tolerance=3600), _station(), _hour("35", 1), _hour("35", 2))
    bench.restart()
    bench.take(_hour("36", 2), _settings(future_tolerance=7200), _hour("37", 2))
    assert bench.pm25(3) == [None, 35.0, 37.0]
    assert [letter.sequence for letter in bench.state.dead_letters(10)] == [5, 4]


def test_an_announcement_that_says_nothing_new_is_a_duplicate(tmp_path: Path) -> None:
    """And a change holds from its message on."""
    bench = Bench(tmp_path)
    bench.take(_station(), _station(STATION.replace(b'"city"', b' "city"')), _station(STATION.replace(b"Wan", b"Van")))
    assert bench.observations.tally() == Tally(applied=2, duplicate=1)
    assert bench.state.subjects(as_of=2)["1235A"].name.en == "Wan"
    assert bench.state.subjects()["1235A"].name.en == "Van"


def test_a_redelivered_old_value_does_not_undo_a_newer_one(tmp_path: Path) -> None:
    """The acknowledgements of 35 and 36 were lost with the connection; both come again."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection())
    bench.take(_hour("35"))
    bench.take(_hour("36"))
    assert bench.pm25() == [36.0]
    assert bench.observations.tally() == Tally(applied=3, duplicate=2)
    assert bench.pm25(as_of=4) == [36.0]


def test_an_old_value_that_is_said_again_is_a_correction(tmp_path: Path) -> None:
    """All had been acknowledged; the station takes 36 back."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"), _hour("7", 1))
    assert bench.pm25(2) == [35.0, 7.0]


def test_what_is_open_at_a_crash_is_decided_the_same_after_it(tmp_path: Path) -> None:
    """The cursor waits before the connection until it is known what was repeated."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"))
    bench.restart()
    bench.take(_hour("36"), _hour("8", 1))
    assert bench.pm25(2) == [36.0, 8.0]
    assert bench.observations.tally() == Tally(applied=4, duplicate=2)


def test_repeats_of_repeats_are_recognised(tmp_path: Path) -> None:
    """Two connections in a row break before their acknowledgements arrive."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"), _hour("36"), _hour("9", 1))
    assert bench.pm25(2) == [36.0, 9.0]
    assert bench.observations.tally() == Tally(applied=4, duplicate=4)


@pytest.mark.parametrize("acknowledged", [0, 1])
def test_a_redelivery_that_breaks_off_is_gone_on_with_by_the_next_connection(tmp_path: Path, acknowledged: int) -> None:
    """From where it began, or from where it was acknowledged; the old value in it never stands again."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"))
    bench.take(_connection(), *[_hour("35"), _hour("36")][acknowledged:], _hour("9", 1))
    assert bench.pm25(2) == [36.0, 9.0]
    assert bench.observations.tally() == Tally(applied=4, duplicate=3 - acknowledged)
    assert bench.observations.changed(4, 10)[0].start == START + 3600


def test_a_connection_without_messages_leaves_open_what_was_open(tmp_path: Path) -> None:
    """It tells nothing."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"), _connection(), _connection(), _hour("36"), _hour("9", 1))
    assert bench.observations.tally() == Tally(applied=4, duplicate=2)


def test_what_a_broken_connection_said_again_is_a_correction_if_the_rest_does_not_follow(tmp_path: Path) -> None:
    """The next connection brings something else, after a repeat of that very correction."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"))
    bench.take(_connection(), _hour("35"), _hour("7", 1))
    assert bench.pm25(2) == [35.0, 7.0]
    assert bench.observations.tally() == Tally(applied=5, duplicate=1)


def test_repeats_do_not_count_in_how_far_back_a_tail_reaches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the same is repeated, it is recognised the next time."""
    monkeypatch.setattr(applier, "_WINDOW", 5)
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    for _ in range(4):
        bench.take(_connection(), _hour("35"))
        bench.take(_hour("36"))
    assert bench.pm25() == [36.0]
    assert bench.observations.tally() == Tally(applied=3, duplicate=8)


def test_a_retained_announcement_that_comes_again_does_not_undo_a_newer_one(tmp_path: Path) -> None:
    """A broker repeats retained messages that were not acknowledged; also to a collector that was started anew."""
    bench = Bench(tmp_path)
    bench.take(_station(retained=True), _station(STATION.replace(b"Wan", b"Van")))
    bench.take(_station(retained=True))
    bench.restart()
    bench.take(_station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Van"
    assert bench.observations.tally() == Tally(applied=2, duplicate=2)


def test_an_announcement_that_is_made_again_holds_again(tmp_path: Path) -> None:
    """Published anew, it is no repeat of a retained one."""
    bench = Bench(tmp_path)
    bench.take(_station(), _station(STATION.replace(b"Wan", b"Van")), _station())
    assert bench.state.subjects()["1235A"].name.en == "Wan"
    assert bench.observations.tally() == Tally(applied=3)


def test_messages_at_qos_0_and_of_another_client_are_never_repeats(tmp_path: Path) -> None:
    """A broker repeats to a client what it delivered to it with an acknowledgement to come."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36", qos=0))
    bench.take(_connection(), _hour("35", source="d"), _hour("36", qos=0), _hour("6", 1))
    assert bench.pm25(2) == [36.0, 6.0]
    assert bench.observations.tally().applied == 6


def test_a_retained_observation_never_replaces_a_value(tmp_path: Path) -> None:
    """It can be older than anything."""
    bench = Bench(tmp_path)
    bench.take(_station(), _hour("36"), _hour("35", retained=True), _hour("5", 1, retained=True))
    assert bench.pm25(2) == [36.0, 5.0]


def test_retained_payloads_are_remembered_so_that_they_are_not_stored_again(tmp_path: Path) -> None:
    """The collector asks for them before it appends."""
    bench = Bench(tmp_path)
    bench.take(_station(), _hour("35", retained=True))
    assert set(bench.state.retained()) == {"qingchuan/1235A/station", "qingchuan/1235A/hour"}


def _nothing_waits(bench: Bench) -> bool:
    return bench.observations.sequence() == bench.journal.head().sequence


def test_a_broker_without_a_session_has_nothing_to_repeat(tmp_path: Path) -> None:
    """The first message is taken at once, whatever it says."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(Message("connection", "c", "", b'{"session_present":false}'), _hour("35"))
    assert bench.pm25() == [35.0]
    assert _nothing_waits(bench)


def test_a_message_at_qos_0_ends_the_wait_for_repeats(tmp_path: Path) -> None:
    """Repeats come before everything else."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"))
    bench.take(_connection(), _hour("35"), _hour("5", 1, qos=0))
    assert bench.pm25(2) == [35.0, 5.0]
    assert _nothing_waits(bench)


def test_a_retained_message_that_is_new_ends_the_wait_for_repeats(tmp_path: Path) -> None:
    """A new station need not wait for the first reading of another."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"))
    other = Message("mqtt", "c", "qingchuan/1236A/station", STATION, retained=True)
    bench.take(_connection(), other)
    assert "1236A" in bench.state.subjects()
    assert _nothing_waits(bench)


def test_a_retained_message_that_was_known_and_comes_again_among_the_repeats_does_not_end_them(tmp_path: Path) -> None:
    """It told nothing new when it came between 35 and 36, so it is not in the journal; since then it is out of date."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"), _hour("36"), _station(STATION.replace(b"Wan", b"Van")))
    bench.take(_connection(), _hour("35"), _station(retained=True), _hour("36"))
    bench.take(_station(STATION.replace(b"Wan", b"Van")), _hour("9", 1))
    assert bench.pm25(2) == [36.0, 9.0]
    assert bench.state.subjects()["1235A"].name.en == "Van"
    assert bench.observations.tally() == Tally(applied=5, duplicate=4)


def test_another_client_does_not_wait_for_one_that_never_comes_back(tmp_path: Path) -> None:
    """The client id was changed."""
    bench = Bench(tmp_path)
    bench.take(_connection(), _station(), _hour("35"))
    bench.take(_connection())
    bench.take(_connection("d"), _hour("5", 1, source="d"))
    assert bench.pm25(2) == [35.0, 5.0]
    assert _nothing_waits(bench)


def test_metadata_that_return_to_what_they_were_are_news_where_the_session_was_lost(tmp_path: Path) -> None:
    """What the broker retains is then the newest."""
    bench = Bench(tmp_path)
    changed = STATION.replace(b"Wan", b"Van")
    bench.take(_connection(), _station(), _station(changed))
    bench.take(_connection(), _station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Van"
    bench.take(Message("connection", "c", "", b'{"session_present":false}'), _station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Wan"


def test_a_message_that_the_program_fails_on_is_a_dead_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is acknowledged: if it stopped the collector, it would stop every start."""
    bench = Bench(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("qingchuan.collector.codecs.native.decode_observation", lambda *_: 1 / 0)
        bench.take(_station(), _hour("35"))
    bench.take(_hour("36"))
    (letter,) = bench.state.dead_letters(10)
    assert (letter.sequence, letter.code) == (2, "internal")
    assert bench.pm25() == [36.0]


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
    said = [_hour(value, hour, seq=index if numbered else None) for index, (value, hour) in enumerate(says)]
    messages = [_connection(), _station(), *said, _hour("1", 0), _hour("2", 1)]
    plain.take(*messages)
    sent = 0
    while sent < len(messages):
        upto = data.draw(st.integers(sent + 1, len(messages)))
        broken.take(*messages[sent:upto])
        again = data.draw(st.integers(0, upto - 1))
        broken.take(_connection(), *messages[upto - again : upto])
        if data.draw(st.booleans()):
            broken.restart()
        sent = upto
    broken.take(_hour("1", 0, seq=-1))
    plain.take(_hour("1", 0, seq=-1))
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
    said = [_hour(value, hour, seq=index if numbered else None) for index, (value, hour) in enumerate(says)]
    messages = [_station(), *said, _hour("1", 0), _hour("2", 1), _hour("1", 0, seq=-1)]
    plain.take(_connection(), *messages)
    acknowledged = 0
    for _ in range(data.draw(st.integers(0, 6))):
        upto = data.draw(st.integers(acknowledged, len(messages) - 1))
        broken.take(_connection(), *messages[acknowledged:upto])
        acknowledged = data.draw(st.integers(acknowledged, upto))
        if data.draw(st.booleans()):
            broken.restart()
    broken.take(_connection(), *messages[acknowledged:])
    assert broken.pm25(2) == plain.pm25(2)
    if numbered:
        assert broken.observations.tally().applied == plain.observations.tally().applied
        assert broken.journal.from_stations() == sum(broken.observations.tally())
    plain.close()
    broken.close()
