"""Cutting a stream into frames."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.hj212 import frames as cutting
from qingchuan.collector.hj212.frames import HEAD, LONGEST, PIECE, TAIL, Cut, Frame, Frames, Refused, frames_of
from tests.support.hj212_frames import Example, examples, framed, told, valid

HOUR = examples("water")[3].raw
ACK = examples("water")[4].raw
LONGEST_HELD = HEAD + LONGEST + TAIL + 22
"""A frame, and what may follow the closing brace of a print."""


def _refused(payload: bytes) -> list[tuple[str, bytes]]:
    return [(cut.why, cut.raw) for cut in frames_of(payload) if isinstance(cut, Refused)]


def _frames(payload: bytes) -> list[bytes]:
    return [cut.raw for cut in frames_of(payload) if isinstance(cut, Frame)]


def _pieces(data: bytes, sizes: random.Random, largest: int) -> list[Cut]:
    """What is found when `data` arrive in pieces."""
    frames, found, position = Frames(), list[Cut](), 0
    while position < len(data):
        step = sizes.randint(1, largest)
        found += frames.feed(data[position : position + step])
        position += step
        assert frames.held <= LONGEST_HELD
    return found + frames.finish()


@pytest.mark.parametrize("raw", valid())
def test_every_published_frame_is_cut(raw: bytes) -> None:
    """With CR LF and without, in capital letters and small."""
    assert frames_of(raw) == [Frame(raw)]
    assert frames_of(raw + b"\r\n") == [Frame(raw)]
    small = raw[:-4] + raw[-4:].lower()
    assert frames_of(small) == [Frame(small)]


@pytest.mark.parametrize("example", examples("refused"))
def test_every_published_sample_that_is_wrong_is_refused_with_the_reason(example: Example) -> None:
    """The reason says what the CRC or the length would have to be."""
    why, right = example.comment.split()
    [cut] = frames_of(example.raw)
    assert isinstance(cut, Refused)
    assert cut.why == why
    assert f" {right}" in cut.reason


def test_the_reference_frames_are_valid_or_refused_as_they_are_marked(reference_data: Path) -> None:
    """25 published and 9 derived frames."""
    frames = json.loads((reference_data / "hj212" / "frames.json").read_text())
    known = [(entry["frame"].encode(), entry["valid"]) for entry in frames["published"]]
    known += [(entry["frame"].encode(), True) for entry in frames["derived"]]
    assert len(known) == 34
    for raw, is_valid in known:
        assert (frames_of(raw) == [Frame(raw)]) == is_valid


@pytest.mark.parametrize("largest", [1, 7, 300, 5000])
def test_a_session_cut_at_random_places_gives_the_same_frames(reference_data: Path, largest: int) -> None:
    """1,500 frames of a logger and its host."""
    with (reference_data / "hj212" / "session_first_1500_frames.csv").open() as file:
        sent = [row["frame"].encode() for row in csv.DictReader(file)]
    found = _pieces(b"\r\n".join(sent), random.Random(largest), largest)
    assert len(sent) == 1500
    assert found == [Frame(raw) for raw in sent]


def test_a_frame_is_returned_with_its_last_byte() -> None:
    """Nothing waits for CR LF, which some loggers do not send."""
    frames = Frames()
    assert frames.feed(HOUR[:-1]) == []
    assert frames.feed(HOUR[-1:]) == [Frame(HOUR)]
    assert frames.held == 0


def test_frames_may_follow_one_another_without_anything_between() -> None:
    """They are told apart by their lengths."""
    assert frames_of(HOUR + ACK + HOUR) == [Frame(HOUR), Frame(ACK), Frame(HOUR)]


@pytest.mark.parametrize("rubbish", [b"noise", b"##", b"##12", b"#####", b"##0012", b"##00x1QN=", b"\xff\x00##\x01"])
def test_rubbish_before_a_frame_costs_only_itself(rubbish: bytes) -> None:
    """Also where it looks like a beginning."""
    assert _frames(rubbish + HOUR) == [HOUR]
    assert _refused(rubbish + HOUR) == [("not-a-frame", rubbish)]


def test_blanks_and_line_ends_between_frames_are_no_rubbish() -> None:
    """Some loggers send several, or a zero."""
    assert frames_of(b"\r\n \r\n" + HOUR + b"\r\n\r\n\0" + ACK + b"\n\n") == [Frame(HOUR), Frame(ACK)]


def test_a_length_that_is_too_long_costs_only_its_own_frame() -> None:
    """What it swallowed is searched for frames: the published sample, and then a good one."""
    wrong = examples("refused")[4].raw
    assert _frames(wrong + b"\r\n" + HOUR + b"\r\n") == [HOUR]
    assert [why for why, _ in _refused(wrong + b"\r\n" + HOUR)] == ["wrong-length"]


def test_a_length_that_is_too_short_costs_only_its_own_frame() -> None:
    """What is left of that frame is rubbish before the next."""
    segment = HOUR[6:-4]
    assert _frames(framed(segment, length=100) + b"\r\n" + ACK) == [ACK]
    assert [why for why, _ in _refused(framed(segment, length=100) + b"\r\n" + ACK)] == ["wrong-length", "not-a-frame"]


def test_a_frame_with_a_wrong_length_is_refused_as_soon_as_the_next_begins() -> None:
    """Without waiting until so much has come as the length says: the next frame wants its answer."""
    frames = Frames()
    found = frames.feed(framed(HOUR[6:-4], length=4000) + b"\r\n" + ACK + b"\r\n")
    assert [type(cut) for cut in found] == [Refused, Frame]


def test_a_wrong_crc_is_told_with_the_right_one() -> None:
    """And with a hint where no CRC of HJ 212 ends so."""
    [modbus] = frames_of(HOUR[:-4] + b"12B7")
    [damaged] = frames_of(HOUR[:-4] + b"5281")
    assert isinstance(modbus, Refused)
    assert isinstance(damaged, Refused)
    assert modbus.reason == (
        "the CRC is 12B7, and of the data segment it is 5280 (HJ 212—2017, annex A); it may be that of Modbus"
    )
    assert (damaged.why, "Modbus" in damaged.reason) == ("wrong-crc", False)


@pytest.mark.parametrize(("length", "is_taken"), [(1024, True), (1025, True), (LONGEST, True), (LONGEST + 1, False)])
def test_a_frame_may_be_longer_than_the_standard_has_it_but_not_endless(length: int, is_taken: bool) -> None:  # noqa: FBT001
    """1,024 is the standard's; a right CRC counts for more."""
    head = "ST=21;CN=2011;MN=A;CP=&&a-Rtd=1"
    raw = framed(head + "0" * (length - len(head) - 2) + "&&")
    if is_taken:
        assert frames_of(raw) == [Frame(raw)]
    else:
        assert _refused(raw)[0] == ("too-long", raw[:HEAD])
        assert _frames(raw + b"\r\n" + HOUR) == [HOUR]


def test_a_frame_that_is_cut_off_is_told_at_the_end() -> None:
    """And one that begins within it is found."""
    assert _refused(HOUR[:100]) == [("wrong-length", HOUR[:100])]
    assert _frames(b"##4000QN=1" + ACK) == [ACK]


BINARY = bytes(range(128, 160))
ENCRYPTED_HEAD = b"ST=21;CN=2011;PW=123456;MN=A1;Flag=9;CP=&&"


def _printed(data: bytes, tail: bytes = b"") -> bytes:
    return b"{" + b",".join(b"0x%02X" % byte for byte in data) + b"}" + tail


def test_bytes_that_are_no_text_may_be_encrypted() -> None:
    """Their CRC is of the plain text, and cannot be looked at without the key."""
    raw = b"##%04d%b%b&&1234" % (len(ENCRYPTED_HEAD) + 34, ENCRYPTED_HEAD, BINARY)
    assert frames_of(raw + HOUR) == [Frame(raw, encrypted=True), Frame(HOUR)]


@pytest.mark.parametrize(
    "head", [ENCRYPTED_HEAD.replace(b"Flag=9", b"Flag=5"), ENCRYPTED_HEAD.replace(b"2011", b"3011")]
)
def test_only_what_2025_encrypts_is_taken_for_encrypted(head: bytes) -> None:
    """Everything else with such bytes is damaged."""
    raw = b"##%04d%b%b&&1234" % (len(head) + 34, head, BINARY)
    assert [why for why, _ in _refused(raw)] == ["wrong-crc"]


@pytest.mark.parametrize("tail", [b"", b"g=N"])
@pytest.mark.parametrize("counts", ["plain text", "print"])
def test_the_length_of_a_printed_encrypted_frame_is_that_of_either(tail: bytes, counts: str) -> None:
    """The examples of annex A.2 have that of the plain text; table 2 means what is sent."""
    segment = ENCRYPTED_HEAD + _printed(BINARY, tail) + b"&&"
    length = len(segment) if counts == "print" else len(ENCRYPTED_HEAD) + 32 + len(tail) + 2
    raw = b"##%04d%b2200" % (length, segment)
    assert frames_of(raw + b"\r\n" + HOUR) == [Frame(raw, encrypted=True), Frame(HOUR)]
    wrong = b"##%04d%b2200" % (length + 1, segment)
    assert [why for why, _ in _refused(wrong + b"\r\n" + HOUR)] == ["wrong-length"]
    assert _frames(wrong + b"\r\n" + HOUR) == [HOUR]


def test_a_print_that_does_not_end_is_refused_when_the_next_frame_begins_or_at_the_limit() -> None:
    """Whatever comes, nothing is waited for without end."""
    begun = b"##0090" + ENCRYPTED_HEAD + b"{0xE4,"
    assert _frames(begun + b"\r\n" + HOUR) == [HOUR]
    frames = Frames()
    found = frames.feed(begun + b"0xE4," * 2000)
    assert isinstance(found[0], Refused)
    assert frames.held <= LONGEST_HELD


@pytest.mark.parametrize("unit", [b"x", b"#", b"##", b"##1", b"##0100", b"##4825Q", b"\r\n", b"##0100Q&&0000", b"{0x"])
def test_endless_rubbish_takes_no_memory(unit: bytes) -> None:
    """Half a megabyte of anything; what is held stays below one frame."""
    frames = Frames()
    for _ in range(50):
        frames.feed(unit * (10_000 // len(unit)))
        assert frames.held <= LONGEST_HELD
    assert frames.feed(b"\r\n" + HOUR + b"\r\n" + b"x" * 2 * LONGEST).count(Frame(HOUR)) == 1


def test_rubbish_is_told_in_pieces() -> None:
    """So that one that never ends is told at all."""
    assert [len(raw) for _, raw in _refused(b"x" * (2 * PIECE + 5))] == [PIECE, PIECE, 5]


@pytest.mark.parametrize("end", [b"", HOUR])
def test_rubbish_is_looked_through_once(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    """However much of it a payload has: to begin again for each piece would take a minute for two megabytes."""
    looked = _Looked()
    monkeypatch.setattr(cutting, "_BEGIN", looked)
    rubbish = b"#" * 200 * PIECE
    assert len(frames_of(rubbish + b"\r\n" + end)) == 200 + bool(end)
    assert looked.bytes <= 2 * len(rubbish)


class _Looked:
    """Looks for beginnings of frames, and counts in how much."""

    def __init__(self) -> None:
        self.bytes = 0
        self._pattern = cutting._BEGIN
        self.match = self._pattern.match

    def search(self, buffer: bytes, position: int) -> re.Match[bytes] | None:
        found = self._pattern.search(buffer, position)
        self.bytes += (found.end() if found else len(buffer)) - position
        return found


def _damaged(raw: bytes, numbers: random.Random) -> bytes:
    """A frame with one thing wrong: a flipped bit, an end missing, bytes inserted, left out or doubled."""
    data, place = bytearray(raw), numbers.randrange(len(raw))
    kind = numbers.randrange(5)
    if kind == 0:
        data[place] ^= 1 << numbers.randrange(8)
    elif kind == 1:
        del data[place:]
    elif kind == 2:
        data[place:place] = numbers.choice([b"##", b"&&", b"\r\n", b"##0100QN=", numbers.randbytes(9)])
    elif kind == 3:
        del data[place : place + numbers.randrange(1, 9)]
    else:
        data[place:place] = data[: numbers.randrange(len(raw))]
    return bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_damage_costs_no_undamaged_frame(seed: int) -> None:
    """300 frames, a third of them damaged, with noise between, in pieces: every other one is found, in order."""
    numbers, known = random.Random(seed), valid()
    whole, stream = list[bytes](), bytearray()
    for _ in range(300):
        raw = numbers.choice(known)
        if numbers.random() < 1 / 3:
            stream += _damaged(raw, numbers) + b"\r\n"
            if numbers.random() < 1 / 4:
                stream += numbers.randbytes(numbers.randrange(200))
        else:
            stream += raw + b"\r\n"
            whole.append(raw)
    found = _pieces(bytes(stream), numbers, 400)
    cut = [frame.raw for frame in found if isinstance(frame, Frame)]
    rest = iter(cut)
    assert all(raw in rest for raw in whole)  # in this order
    assert found == frames_of(bytes(stream))


PARTS = st.one_of(
    st.sampled_from([*valid()[:12], HOUR, ACK, told("w01001-Rtd=7.1"), b"\r\n"]),
    st.sampled_from([b"#", b"##", b"##0", b"##0100QN=", b"&&ABCD", b"CP=&&{0x", b"}&&1234", b"\r\n##0075QN"]),
    st.sampled_from([b"##0090" + ENCRYPTED_HEAD + b"{0xE4,0x3E}&&2200", framed(HOUR[6:-4], length=300)]),
    st.binary(max_size=30),
    st.sampled_from([b"x" * PIECE, b"##4825Qx", b"##9999Q"]),
)


@given(st.lists(PARTS, max_size=12), st.lists(st.integers(1, 700), max_size=20), st.integers(1, 700))
def test_what_is_found_does_not_depend_on_the_pieces(parts: list[bytes], sizes: list[int], last: int) -> None:
    """Neither the frames nor what is refused."""
    data = b"".join(parts)
    frames, found, position = Frames(), list[Cut](), 0
    while position < len(data):
        size = sizes.pop() if sizes else last
        found += frames.feed(data[position : position + size])
        position += size
    assert found + frames.finish() == frames_of(data)


@given(st.lists(PARTS, max_size=12))
def test_nothing_is_lost(parts: list[bytes]) -> None:
    """What is told, put together, is what came, but for blanks and line ends."""
    data = b"".join(parts)
    told_again = b"".join(cut.raw for cut in frames_of(data))
    assert told_again.translate(None, b"\r\n\t \0") == data.translate(None, b"\r\n\t \0")
