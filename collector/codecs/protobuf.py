"""The wire format of Protocol Buffers, as far as Sparkplug B needs it.

A message comes to its fields, by number, with their values as they lie there; what they mean is the caller's. Groups,
which nothing uses any more, are refused, and so is whatever does not end where it says.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from qingchuan.collector.refusal import RefusedError

_VARINT: Final = 0
_FIXED_64: Final = 1
_BYTES: Final = 2
_FIXED_32: Final = 5

_LARGEST_VARINT: Final = 2**64
_LONGEST_VARINT: Final = 10
_LARGEST_FIELD: Final = 2**29


class Field(NamedTuple):
    """A field of a message.

    Attributes
    ----------
    number : int
    wire : {"varint", "64-bit", "bytes", "32-bit"}
    value : int or bytes
        A number for a varint, else its bytes.
    """

    number: int
    wire: Literal["varint", "64-bit", "bytes", "32-bit"]
    value: int | bytes

    def whole(self, bits: int = 64) -> int:
        """The number of a varint, as a field of so many bits has it.

        Raises
        ------
        RefusedError
            It is no varint.
        """
        if not isinstance(self.value, int):
            raise self._is_no("whole number")
        return self.value & (1 << bits) - 1

    def single(self) -> float:
        """The float of 32 bits.

        Raises
        ------
        RefusedError
            It has not 32 bits.
        """
        if self.wire != "32-bit" or isinstance(self.value, int):
            raise self._is_no("float of single precision")
        return float(struct.unpack("<f", self.value)[0])

    def double(self) -> float:
        """The float of 64 bits.

        Raises
        ------
        RefusedError
            It has not 64 bits.
        """
        if self.wire != "64-bit" or isinstance(self.value, int):
            raise self._is_no("float of double precision")
        return float(struct.unpack("<d", self.value)[0])

    def data(self) -> bytes:
        """The bytes: data, a text, or a message.

        Raises
        ------
        RefusedError
            It is a number.
        """
        if self.wire != "bytes" or isinstance(self.value, int):
            raise self._is_no("text or message")
        return self.value

    def text(self) -> str:
        """The text.

        Raises
        ------
        RefusedError
            It is a number, or no UTF-8.
        """
        try:
            return self.data().decode()
        except UnicodeDecodeError as error:
            raise RefusedError("not-protobuf", f"field {self.number} is no UTF-8 ({error})") from error

    def _is_no(self, what: str) -> RefusedError:
        return RefusedError("not-protobuf", f"field {self.number} is a {self.wire} value; a {what} stands there")


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a message, in their order.

    Raises
    ------
    RefusedError
        It is no message of Protocol Buffers.

    Examples
    --------
    >>> [(field.number, field.wire, field.value) for field in fields(bytes.fromhex("089601120774657374696e67"))]
    [(1, 'varint', 150), (2, 'bytes', b'testing')]
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, wire = tag >> 3, tag & 7
        if not 0 < number < _LARGEST_FIELD:
            raise RefusedError("not-protobuf", f"byte {at} ends the number of a field, {number}; they begin with 1")
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield Field(number, "varint", value)
        elif wire == _FIXED_64:
            yield Field(number, "64-bit", _slice(message, at, 8))
            at += 8
        elif wire == _FIXED_32:
            yield Field(number, "32-bit", _slice(message, at, 4))
            at += 4
        elif wire == _BYTES:
            length, at = _varint(message, at)
            yield Field(number, "bytes", _slice(message, at, length))
            at += length
        else:
            raise RefusedError("not-protobuf", f"field {number} has the wire type {wire}; there are 0, 1, 2 and 5")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number and where it ends."""
    value = 0
    for place, byte in enumerate(message[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:  # noqa: PLR2004 - the bit that says whether more follows
            if value >= _LARGEST_VARINT:
                break
            return value, at + place + 1
    raise RefusedError("not-protobuf", f"byte {at} begins a number that does not end, or has more than 64 bits")


def _slice(message: bytes, at: int, length: int) -> bytes:
    if at + length > len(message):
        reason = f"byte {at} begins a value of {length} bytes, and {len(message) - at} follow; the payload was cut off"
        raise RefusedError("not-protobuf", reason)
    return message[at : at + length]
