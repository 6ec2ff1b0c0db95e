"""What encrypted data areas look like (HJ 212—2025), without opening them."""

from __future__ import annotations

import re
from typing import Final

DATA: Final = b"CP=&&"
CLOSING: Final = b"&&"

PRINTED: Final = rb"\{((?:0x[0-9A-Fa-f]{2},)*0x[0-9A-Fa-f]{2})\}"
"""Pattern of bytes that are printed, as in annex A.2: ``{0xE4,0x3E}``."""

_PRINTED = re.compile(PRINTED)
_MAY_BE = re.compile(rb"(?=.*CN=(?:2[0-9]{3}|1014|3020);)(?=.*Flag=(?:8|9|10|11);)", re.DOTALL)
"""Heads of frames whose data HJ 212—2025 encrypts (6.4.4)."""

_CONTROLS = bytes(set(range(32)) - set(b"\t\r\n")) + b"\x7f"


def looks_encrypted(segment: bytes) -> bool:
    """Whether the data of a segment look encrypted: no text, in a frame that may carry such.

    Examples
    --------
    >>> looks_encrypted(b"ST=21;CN=2011;MN=A;Flag=9;CP=&&DataTime=20260706103000&&")
    False
    >>> looks_encrypted(b"ST=21;CN=2011;MN=A;Flag=9;CP=&&" + bytes(range(240, 256)) + b"&&")
    True
    """
    head, marker, data = segment.partition(DATA)
    if not marker or not _MAY_BE.match(head):
        return False
    return data.startswith(b"{0x") or not _is_text(data)


def _is_text(data: bytes) -> bool:
    if data.isascii():
        return len(data.translate(None, _CONTROLS)) == len(data)
    try:
        return data.decode().isprintable()
    except UnicodeDecodeError:
        return False


def unprinted(data: bytes) -> bytes:
    """The data area with a print of bytes at its beginning turned into the bytes.

    Examples
    --------
    >>> unprinted(b"{0x41,0x42}g=N"), unprinted(b"DataTime=20160801085857")
    (b'ABg=N', b'DataTime=20160801085857')
    """
    printed = _PRINTED.match(data)
    if printed is None:
        return data
    return bytes(int(byte, 16) for byte in printed[1].split(b",")) + data[printed.end() :]
