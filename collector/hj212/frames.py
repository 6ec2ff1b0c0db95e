r"""Cutting a stream of bytes into frames: ``##``, length, data segment, CRC, CR LF.

What is found depends only on the bytes, never on the pieces that they arrive in. What is no frame is told too, with the
reason, and the search goes on at the next ``##``.

The length. HJ 212—2017 allows a data segment 1,024 characters. One that is longer and right in every other way is
taken, up to `LONGEST`: so long is a segment of 1,024 when the 950 characters of its data are printed as ``{0xE4,…}``.

Encrypted data (HJ 212—2025, 6.4). Only what stands between ``CP=&&`` and the last ``&&`` is encrypted, and CRC and
length are of the text before that. So the CRC can be looked at only by who has the key (`collector.hj212.sm4`), and a
frame is returned as `encrypted`. Two ways of sending it are known, and both are taken: the bytes themselves, which are
as many as before, and the print ``{0xE4,0x3E,…}`` of the examples in annex A.2, there with the length of the plain
text, elsewhere with that of the print. The 2025 text itself is not at hand.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from qingchuan.collector.hj212.crc import crc
from qingchuan.collector.hj212.encrypted import CLOSING, DATA, PRINTED, looks_encrypted

LONGEST: Final = 1024 + 4 * 950 + 1
"""The longest data segment that is taken. [bytes]"""

HEAD: Final = 6
"""``##`` and the length. [bytes]"""

TAIL: Final = 4
"""The CRC. [bytes]"""

PIECE: Final = 1024
"""What is no frame is told in pieces of so much. [bytes]"""

Why = Literal["not-a-frame", "too-long", "wrong-length", "wrong-crc"]


class Frame(msgspec.Struct, frozen=True, gc=False):
    """A frame.

    Attributes
    ----------
    raw : bytes
        From ``##`` to the CRC.
    encrypted : bool
        Its data look encrypted, so that the CRC is not looked at yet. It may also be a frame that was damaged on its
        way: do not answer it before it is opened.
    """

    raw: bytes
    encrypted: bool = False

    @property
    def segment(self) -> bytes:
        """The data segment."""
        return self.raw[HEAD:-TAIL]


class Refused(msgspec.Struct, frozen=True, gc=False):
    """Bytes that are no frame.

    Attributes
    ----------
    raw : bytes
    why : {"not-a-frame", "too-long", "wrong-length", "wrong-crc"}
    reason : str
        What has which value, and what would do.
    """

    raw: bytes
    why: Why
    reason: str


Cut = Frame | Refused

_BEGIN = re.compile(rb"##([0-9]{4})(?=[A-Za-z])")
_BEGINNING = re.compile(rb"#(?:#[0-9]{0,4})?\Z")
_NEXT = re.compile(rb"\r\n(?=##[0-9]{4})")
_CLOSED = re.compile(rb"&&(?=[0-9A-Fa-f]{4}(?![0-9A-Fa-f]))")
_ENDED = re.compile(rb"&&[0-9A-Fa-f]{4}\Z")
_BETWEEN = b"\r\n\t \0"
_PRINT = DATA + b"{0x"
_PRINTED = re.compile(PRINTED + rb"[^&]{0,15}&&[0-9A-Fa-f]{4}")
_LONGEST_END: Final = len("}") + 15 + len(CLOSING) + TAIL
_LOW_BYTES = frozenset(b"\x00\x01\x40\x41\x80\x81\xc0\xc1")


class Frames:
    r"""Cuts one connection's bytes into frames; holds at most an unfinished frame and the piece before it.

    Examples
    --------
    >>> frames = Frames()
    >>> [cut.why for cut in frames.feed(b"noise##0075QN=20260706103512345;ST=91;CN=9014;PW=123456;MN=A110")]
    ['not-a-frame']
    >>> [frame.segment[-14:] for frame in frames.feed(b"000_0001;Flag=8;CP=&&&&0140\r\n")]
    [b'Flag=8;CP=&&&&']
    """

    def __init__(self) -> None:
        self._held = b""

    @property
    def held(self) -> int:
        """How much waits for more [bytes]."""
        return len(self._held)

    def feed(self, data: bytes) -> list[Cut]:
        """What has become whole with `data`, in order."""
        buffer = self._held + data if self._held else data
        found: list[Cut] = []
        position = 0
        while (taken := _take(buffer, position, found)) != position:
            position = taken
        self._held = buffer[position:]
        return found

    def finish(self) -> list[Cut]:
        """What is left when no more bytes come, as far as it is anything."""
        found: list[Cut] = []
        while self._held:
            rest, self._held = self._held, b""
            begin = _BEGIN.match(rest)
            if begin is None:
                _refuse_rubbish(rest, found)
                break
            reason = _why_length(rest, int(begin[1]))
            end = _end_of_refused(rest, 0, len(rest))
            found.append(Refused(rest[:end], "wrong-length", reason))
            found += self.feed(rest[end:])
        return found


_COUNT = "it counts the bytes of the data segment, from QN= to the last &&"


def _take(buffer: bytes, position: int, found: list[Cut]) -> int:
    """Puts what stands at `position` into `found` if it is whole; where it ends, or `position` if it is not."""
    begin = _BEGIN.search(buffer, position)
    if begin is None:
        half = _BEGINNING.search(buffer, max(position, len(buffer) - HEAD))
        sure = half.start() if half else len(buffer)
        return _take_rubbish(buffer, position, sure - (sure - position) % PIECE, found)
    if begin.start() > position:
        return _take_rubbish(buffer, position, begin.start(), found)
    return _take_frame(buffer, position, int(begin[1]), found)


def _take_rubbish(buffer: bytes, position: int, end: int, found: list[Cut]) -> int:
    for first in range(position, end, PIECE):
        _refuse_rubbish(buffer[first : min(first + PIECE, end)], found)
    return end


def _refuse_rubbish(raw: bytes, found: list[Cut]) -> None:
    if raw.strip(_BETWEEN):
        reason = f"{len(raw)} bytes are no frame: {raw[:40]!r}; a frame begins with ## and a length, such as ##0101QN="
        found.append(Refused(raw, "not-a-frame", reason))


def _take_frame(buffer: bytes, start: int, length: int, found: list[Cut]) -> int:
    if length > LONGEST:
        reason = f"the length is {length}; a data segment has at most {LONGEST} bytes"
        found.append(Refused(buffer[start : start + HEAD], "too-long", reason))
        return start + HEAD
    end = start + HEAD + length + TAIL
    if buffer.find(_PRINT, start, end) >= 0:
        return _take_print(buffer, start, length, found)
    following = _following(buffer, start, end)
    if following:
        return _refuse(buffer, start, following, "wrong-length", _why_length(buffer[start:following], length), found)
    if len(buffer) < end:
        return start
    segment = buffer[start + HEAD : end - TAIL]
    if buffer[end - TAIL : end].upper() == b"%04X" % crc(segment):
        found.append(Frame(buffer[start:end]))
        return end
    return _judge(buffer, start, end, found)


def _following(buffer: bytes, start: int, end: int) -> int:
    """Where the next frame begins that stands within what should be this one; 0 if none does."""
    if buffer.find(b"\r\n##", start, end) < 0:
        return 0
    following = _NEXT.search(buffer, start, end)
    return following.end() if following else 0


def _judge(buffer: bytes, start: int, end: int, found: list[Cut]) -> int:
    """A frame whose CRC is not right: encrypted, or refused."""
    raw = buffer[start:end]
    segment, told = raw[HEAD:-TAIL], raw[-TAIL:]
    if not _ENDED.search(raw):
        return _refuse(buffer, start, end, "wrong-length", _why_length(raw, len(segment)), found)
    if looks_encrypted(segment):
        found.append(Frame(raw, encrypted=True))
        return end
    right = crc(segment)
    hint = "" if int(told, 16) & 0xFF in _LOW_BYTES else "; it may be that of Modbus"
    reason = f"the CRC is {told.decode()}, and of the data segment it is {right:04X} (HJ 212—2017, annex A){hint}"
    return _refuse(buffer, start, end, "wrong-crc", reason, found)


def _why_length(raw: bytes, length: int) -> str:
    closed = _CLOSED.search(raw, HEAD)
    real = f"the && before a CRC ends after {closed.end() - HEAD}" if closed else "no && with a CRC follows"
    return f"the length is {length:04d}, and of {len(raw) - HEAD} bytes after it {real}; {_COUNT}"


def _refuse(buffer: bytes, start: int, end: int, why: Why, reason: str, found: list[Cut]) -> int:
    end = _end_of_refused(buffer, start, end)
    found.append(Refused(buffer[start:end], why, reason))
    return end


def _end_of_refused(buffer: bytes, start: int, end: int) -> int:
    """Where the search goes on: at the next ``#`` that may begin a frame, or after what was refused."""
    following = buffer.find(b"##", start + len("##"), end)
    if following >= 0:
        return following
    return end - 1 if buffer[end - 1 : end] == b"#" else end


def _take_print(buffer: bytes, start: int, length: int, found: list[Cut]) -> int:
    """A frame whose encrypted data are printed: its end is where the print ends, whatever the length says."""
    limit = start + HEAD + LONGEST + TAIL
    print_start = buffer.find(_PRINT, start) + len(DATA)
    brace = buffer.find(b"}", print_start, limit)
    following = _following(buffer, start, brace if brace >= 0 else limit)
    if following:
        return _refuse(buffer, start, following, "wrong-length", _why_length(buffer[start:following], length), found)
    printed = _PRINTED.match(buffer, print_start)
    if printed is None:
        needed = limit if brace < 0 else brace + _LONGEST_END
        if len(buffer) < needed:
            return start
        return _refuse(buffer, start, needed, "wrong-length", _why_length(buffer[start:needed], length), found)
    end = printed.end()
    sent = end - TAIL - start - HEAD
    plain = sent - (printed.end(1) + 1 - printed.start()) + printed[1].count(b"x")
    if length not in (sent, plain):
        reason = f"the length is {length}; the data segment has {sent} bytes as it is printed, and {plain} before that"
        return _refuse(buffer, start, end, "wrong-length", reason, found)
    found.append(Frame(buffer[start:end], encrypted=True))
    return end


def _is_whole(payload: bytes) -> bool:
    """Whether a payload is one frame in plain text and nothing else, which it nearly always is."""
    begin = _BEGIN.match(payload)
    if begin is None or len(payload) != HEAD + int(begin[1]) + TAIL or len(payload) > HEAD + LONGEST + TAIL:
        return False
    if b"\r\n##" in payload or _PRINT in payload:
        return False
    return payload[-TAIL:].upper() == b"%04X" % crc(payload[HEAD:-TAIL])


def frames_of(payload: bytes) -> list[Cut]:
    """What a payload that is over holds."""
    if _is_whole(payload):
        return [Frame(payload)]
    frames = Frames()
    return frames.feed(payload) + frames.finish()
