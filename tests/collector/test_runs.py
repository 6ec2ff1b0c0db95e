"""Messages that are decoded together come to what they come to one by one."""

from __future__ import annotations

from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.codecs.sparkplug import Memory, Sparkplug
from qingchuan.collector.decoded import Decoded
from qingchuan.collector.decoder import Decoder
from qingchuan.collector.decoding import Decoding
from qingchuan.collector.traces import Traces
from qingchuan.store.messages import Batch, Message
from qingchuan.store.observations import Tally
from qingchuan.store.traces import Kept
from tests.support.malformed import malformed

_RECEIVED = 1_795_600_000_000_000
_STATION = b'{"kind":"air-station","name":{"zh":"\xe7\xab\x99","en":"Station"},"city":"330200"}'
_BAD = [(bad.topic, bad.payload) for bad in malformed(13)]


def _hour(number: int, seq: int, value: str = "35") -> tuple[str, bytes]:
    told = f'{{"end": "2026-03-01T{seq:02}:00:00Z", "seq": {seq}, "values": {{"pm25": {value}, "co": 0.70}}}}'
    return f"qingchuan/{1000 + number}A/hour", told.encode()


_hours = st.builds(
    _hour,
    st.integers(0, 3),
    st.integers(0, 23),
    st.sampled_from(["35", "-9999", "null", "NaN", "1e1", '"35"', '35, "co": 1', '35, "x": 1', "0.70"]),
)
_strange = st.tuples(st.sampled_from([topic for topic, _ in _BAD]), st.binary(max_size=30))
_told = st.one_of(_hours, _hours, st.sampled_from(_BAD), _strange, st.just(("qingchuan/1000AZ/station", _STATION)))


def _message(told: tuple[str, bytes], *, retained: bool = False) -> Message:
    return Message("mqtt", "collector", *told, retained)


def _decoder() -> tuple[Decoder, Traces]:
    """One that knows four stations."""
    traces = Traces(Kept(), lambda *_: None)
    decoder = Decoder({}, set(), Decoding(), traces, Sparkplug(Memory()))
    known = tuple(_message((f"qingchuan/{1000 + number}A/station", _STATION)) for number in range(4))
    decoder.decode_all(Batch(1, _RECEIVED, known), Decoded())
    return decoder, traces


def _decode(messages: list[Message], *sizes: int) -> tuple[Decoded, Kept]:
    """What comes of `messages` in batches of so many, over and over; of 0 one by one by the other door."""
    (decoder, traces), into, at = _decoder(), Decoded(), 0
    turn = cycle(sizes)
    while at < len(messages):
        size = next(turn)
        some = tuple(messages[at : at + (size or 1)])
        if size:
            decoder.decode_all(Batch(5 + at, _RECEIVED, some), into)
        else:
            decoder.decode(5 + at, _RECEIVED, some[0], into)
        at += len(some)
    return into, traces.changes(0)


@given(st.lists(st.builds(_message, _told, retained=st.sampled_from([False] * 9 + [True])), max_size=60))
def test_together_they_come_to_what_they_come_to_one_by_one(messages: list[Message]) -> None:
    """Observations, dead letters with their reasons, counts and traces, whatever is among them."""
    alone, traces = _decode(messages, 0)
    for sizes in ((60,), (1,), (7, 20)):
        together, same = _decode(messages, *sizes)
        for part in ("writes", "letters", "announcements", "digests"):
            assert getattr(together, part) == getattr(alone, part)
        assert together.tallies() == alone.tallies()
        assert same == traces


def test_values_stand_beside_the_writes_that_they_are_of() -> None:
    """The tests of quality take them from there where all are at hand."""
    hours = [_hour(number % 4, number // 4) for number in range(40)]
    mixed = [told for pair in zip(hours, [_BAD[0]] * 40, strict=True) for told in pair]
    told, _ = _decode(list(map(_message, mixed)), 80)
    values = [(place + at, value) for place, some in told.decoded for at, value in enumerate(some)]
    assert [place for place, _ in values] == list(range(40))
    assert {value.pm25 for _, value in values} == {35.0}
    assert len(told.decoded) == 1


def test_a_topic_on_which_nothing_was_expected_is_taken_once_its_subject_is_known() -> None:
    """Why it was refused is remembered no longer than it is true."""
    before, after = _hour(7, 1), _hour(7, 2)
    messages = [before, before, ("qingchuan/1007A/station", _STATION), after, before]
    told, _ = _decode(list(map(_message, messages)), len(messages))
    assert [letter.code for letter in told.letters] == ["unknown-subject"] * 2
    assert [write.sequence for write in told.writes] == [8, 9]
    assert told.tallies()["1007A"] == Tally(applied=1)


def test_no_more_topics_are_remembered_than_there_is_room_for() -> None:
    """Anybody may think up topics; each is refused all the same, with the same reason."""
    topics = [_message((f"qingchuan/{number}/week", b"{}")) for number in range(5000)]
    long = [_message((f"qingchuan/{number}/{'x' * 60_000}", b"{}")) for number in range(20)]
    decoder, _ = _decoder()
    told = Decoded()
    decoder.decode_all(Batch(5, _RECEIVED, (*topics, *long)), told)
    decoder.decode_all(Batch(6000, _RECEIVED, (*topics, *long)), told)
    assert len(decoder._unexpected) <= 4096
    assert max(map(len, decoder._unexpected)) <= 200
    half = len(told.letters) // 2
    assert half == 5020
    assert [one.reason for one in told.letters[:half]] == [one.reason for one in told.letters[half:]]
