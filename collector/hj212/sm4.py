"""SM4 of HJ 212—2025: the data area encrypted block by block, the head and the CRC left as they are.

SM4 in ECB mode without padding: of the data area every 16 bytes are a block, and what is left at its end stays plain.
First the CRC is computed and the frame put together, then the data are encrypted. Data commands (2000 … 2999), the
new key (1014) and information of the site (3020) are to be encrypted over the Internet, with a key that changes every
90 days.

The text of HJ 212—2025 is not at hand. What is done here rests on its four examples of annex A.2 as they are published,
which come out byte for byte. Not known from the text: how a key is written down, how it is handed over (1014), and what
the length of an encrypted frame is meant to be (`collector.hj212.frames` takes both).

The cipher is that of `cryptography`, which is needed only where the entry of a device has a key::

    pip install 'qingchuan[hj212-sm4]'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qingchuan.collector.hj212.crc import crc
from qingchuan.collector.hj212.encrypted import CLOSING, DATA, looks_encrypted, unprinted
from qingchuan.collector.hj212.frames import TAIL, Frame
from qingchuan.collector.refusal import RefusedError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK: Final = 16
"""Of SM4, and of its keys. [bytes]"""


class NoSm4Error(ImportError):
    """The package that has SM4 is not installed."""


def encrypt(data: bytes, key: bytes) -> bytes:
    """The data area as it is sent; as long as `data`.

    Parameters
    ----------
    data : bytes
    key : bytes, shape (16,)

    Raises
    ------
    NoSm4Error
        `cryptography` is not installed.
    ValueError
        The key has another length.
    """
    return _cipher(key).encryptor().update(data[: _whole(data)]) + data[_whole(data) :]


def decrypt(data: bytes, key: bytes) -> bytes:
    """The data area as it was before `encrypt`."""
    return _cipher(key).decryptor().update(data[: _whole(data)]) + data[_whole(data) :]


def opened(frame: Frame, key: bytes | None) -> bytes:
    """The data segment of a frame in plain text, its CRC seen to.

    Parameters
    ----------
    frame : Frame
    key : bytes or None
        Of the device; None where its entry has none.

    Raises
    ------
    RefusedError
        It is encrypted and there is no key, or the CRC is not right under this key.
    NoSm4Error
        There is a key, and `cryptography` is not installed.
    """
    segment = frame.segment
    if key is None or not looks_encrypted(segment):
        if frame.encrypted:
            reason = "its data are no text, and its CRC is not theirs; the entry of its device needs the SM4 key, or"
            raise RefusedError("wrong-frame", f"{reason} the frame was damaged on its way")
        return segment
    plain = _opened(segment, key)
    right, told = crc(plain), frame.raw[-TAIL:]
    if told.upper() == b"%04X" % right:
        return plain
    if not frame.encrypted:
        return segment
    reason = f"the CRC is {told.decode()}, and decrypted with the key of its device it is {right:04X}"
    raise RefusedError("wrong-frame", f"{reason}; the key has changed, or the frame was damaged on its way")


def _opened(segment: bytes, key: bytes) -> bytes:
    head, marker, rest = segment.partition(DATA)
    return head + marker + decrypt(unprinted(rest.removesuffix(CLOSING)), key) + CLOSING


def _cipher(key: bytes) -> Cipher[ECB]:
    if len(key) != BLOCK:
        raise ValueError(f"the SM4 key has {len(key)} bytes; it has {BLOCK} (HJ 212—2025, 6.4.2)")
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - an extra
    except ImportError as error:
        reason = "the entry of a device has an SM4 key, and the package cryptography is not installed"
        raise NoSm4Error(f"{reason}; pip install 'qingchuan[hj212-sm4]'") from error
    return Cipher(algorithms.SM4(key), modes.ECB())  # noqa: S305 - the standard says so


def _whole(data: bytes) -> int:
    """Where the last whole block ends."""
    return len(data) - len(data) % BLOCK
