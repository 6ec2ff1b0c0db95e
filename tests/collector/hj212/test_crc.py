"""The CRC of a frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.hj212.crc import crc


def _printed(data: bytes, *, modbus: bool = False) -> int:
    """HJ 212—2017, annex A, as it is printed there; or the CRC of Modbus, which differs in one place."""
    register = 0xFFFF
    for byte in data:
        register = register ^ byte if modbus else (register >> 8) ^ byte
        for _ in range(8):
            lowest = register & 1
            register >>= 1
            if lowest:
                register ^= 0xA001
    return register


@pytest.mark.parametrize(
    ("data", "expected", "modbus"),
    [
        (b"", 0xFFFF, 0xFFFF),
        (b"\x00", 0x4040, 0x40BF),
        (b"A", 0x7080, 0x707F),
        (b"QN=", 0x7200, 0x60D4),
        (b"123456789", 0x2F80, 0x4B37),
    ],
)
def test_it_is_that_of_the_standard_and_not_that_of_modbus(data: bytes, expected: int, modbus: int) -> None:
    """Short vectors of both."""
    assert crc(data) == expected == _printed(data)
    assert _printed(data, modbus=True) == modbus


@given(st.binary(max_size=300))
def test_it_is_the_printed_algorithm(data: bytes) -> None:
    """Adding up bytes that stand eight apart changes nothing."""
    assert crc(data) == _printed(data)


@pytest.mark.parametrize("length", [7, 8, 9, 15, 16, 17, 63, 64, 65, 1023, 1024, 1025, 9999])
def test_it_is_the_printed_algorithm_at_any_length(length: int) -> None:
    """Around the lengths at which the folding takes one step more."""
    data = bytes((7 * index + length) % 256 for index in range(length))
    assert crc(data) == _printed(data)


@given(st.binary(min_size=1, max_size=64))
def test_its_low_byte_has_eight_values(data: bytes) -> None:
    """By which the CRC of Modbus is often known."""
    assert crc(data) & 0xFF in {0x00, 0x01, 0x40, 0x41, 0x80, 0x81, 0xC0, 0xC1}


def test_it_has_only_256_values() -> None:
    """It is a weak CRC: one damaged frame in 256 passes."""
    assert len({crc(bytes([first, second])) for first in range(256) for second in range(256)}) == 256
