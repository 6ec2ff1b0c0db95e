"""The CRC of a frame: what HJ 212 calls CRC16, which is not the one of Modbus.

The printed algorithm puts a byte into the register *after* shifting the register by eight, so that its low byte is
lost. What goes on to the next byte is then only the high byte, and a table of 256 entries has all there is to know. The
step from one high byte to the next is linear and comes back to where it was after eight steps: bytes that stand eight
apart act alike, and may be added (XOR) first. So eight steps do for a frame of any length.
"""

from __future__ import annotations

from typing import Final

_POLYNOMIAL: Final = 0xA001
_START: Final = 0xFF
_CYCLE: Final = 8
"""Steps after which a high byte is what it was; and bits of a byte."""
_WORD: Final = 8 * _CYCLE
_EMPTY: Final = 0xFFFF


def _shifted(register: int) -> int:
    for _ in range(8):
        register = (register >> 1) ^ (_POLYNOMIAL if register & 1 else 0)
    return register


_TABLE = tuple(_shifted(byte) for byte in range(256))
_HIGH = bytes(register >> 8 for register in _TABLE)


def crc(data: bytes) -> int:
    """CRC of a data segment, from ``QN=`` to the last ``&&``.

    Parameters
    ----------
    data : bytes
        Of any length.

    Returns
    -------
    int
        0 … 0xFFFF.

    References
    ----------
    .. [1] HJ 212—2017, annex A.

    Examples
    --------
    >>> f"{crc(b'123456789'):04X}", f"{crc(b''):04X}"
    ('2F80', 'FFFF')
    """
    if not data:
        return _EMPTY
    high = 0
    for byte in _folded(data):
        high = _HIGH[high] ^ byte
    return _TABLE[high]


def _folded(data: bytes) -> bytes:
    """The eight bytes that act as `data` does: all those of the same place before the end, added; also the start."""
    bits = 8 * len(data)
    number = int.from_bytes(data, "big") ^ (_START << (bits - 8))
    width = _WORD
    while width < bits:
        number ^= number >> width
        width *= 2
    return (number & ((1 << _WORD) - 1)).to_bytes(_CYCLE, "big")
