"""A row of the journal, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from qingchuan.store.head import EMPTY, Head
from qingchuan.store.messages import Batch, decode


class JournalDamagedError(Exception):
    """The journal on disk is not the one that was acknowledged."""


class Row(NamedTuple):
    """A row of the log, as it is on disk.

    Attributes
    ----------
    sequence : int
        Sequence number of its first message.
    size : int
        How many messages it holds.
    received : int
        [µs since 1970-01-01 UTC]
    from_stations : int
        How many messages came from stations, from the beginning of the journal to the end of this row.
    body : bytes
        The messages.
    hash : bytes
        SHA-256 over the row before and this one.
    """

    sequence: int
    size: int
    received: int
    from_stations: int
    body: bytes
    hash: bytes

    def head(self) -> Head:
        """The head of a journal that ends with this row."""
        return Head(self.sequence + self.size - 1, self.hash)

    def batch(self) -> Batch:
        """The messages of this row."""
        return Batch(self.sequence, self.received, decode(self.body))


BEGINNING = Row(1, 0, 0, 0, b"", EMPTY.hash)
"""What the first row is chained to."""

_NOTHING = Row(0, 1, 0, 0, b"", b"")


def as_row(values: Iterable[object]) -> Row:
    """A row of which columns may be of another kind than they were: they are empty then."""
    pairs = zip(values, _NOTHING, strict=True)
    return Row._make(value if type(value) is type(empty) else empty for value, empty in pairs)


def row_hash(before: bytes, sequence: int, count: int, received: int, body: bytes) -> bytes:
    """SHA-256 of a row: of the hash `before` it, its sequence, count and time of receipt, and its body.

    Examples
    --------
    >>> row_hash(bytes(32), 1, 1, 0, b"").hex()[:8]
    '4c448ed0'
    """
    fixed = b"".join(number.to_bytes(8, "big") for number in (sequence, count, received))
    return hashlib.sha256(before + fixed + body).digest()
