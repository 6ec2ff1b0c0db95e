"""A live document: what it holds, and the bytes of it that are ready to be sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from qingchuan.api.answering import iso_time, json_bytes
from qingchuan.api.changes import Domain
from qingchuan.api.schemas.air import Air
from qingchuan.api.schemas.alerts import Alerts
from qingchuan.api.schemas.water import Water
from qingchuan.processing.periods import parse_instant


@dataclass(frozen=True)
class Document:
    """A live document, ready to be sent.

    Attributes
    ----------
    name : Domain
    struct : Air, Water or Alerts
    body : bytes
        JSON, but for the time of the answer.
    etag : str
        Of `body`; weak, since the time of the answer is not in it.
    """

    name: Domain
    struct: Air | Water | Alerts
    body: bytes
    etag: str

    @classmethod
    def of(cls, name: Domain, struct: Air | Water | Alerts) -> Document:
        """The document that holds `struct`.

        Examples
        --------
        >>> Document.of("alerts", Alerts(7, [])).body
        b'{"sequence":7,"alerts":[]}'
        """
        body = json_bytes(struct)
        return cls(name, struct, body, f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')

    def at(self, now: int) -> bytes:
        """The document as it is sent at the time `now`. [µs since 1970-01-01 UTC].

        Examples
        --------
        >>> Document.of("alerts", Alerts(7, [])).at(0)
        b'{"now":"1970-01-01T08:00:00+08:00","sequence":7,"alerts":[]}'
        """
        return b'{"now":"%s",%s' % (iso_time(now // 1_000_000).encode(), self.body[1:])

    def tells(self, struct: Air | Water | Alerts) -> bool:
        """Whether `struct` says the same; a later sequence number alone is no news."""
        return msgspec.structs.replace(struct, sequence=self.struct.sequence) == self.struct

    def latest(self) -> int | None:
        """When the latest values in it were measured; None where there are none. [s since 1970-01-01 UTC].

        Examples
        --------
        >>> Document.of("alerts", Alerts(7, [])).latest()
        """
        times: list[str] = []
        if isinstance(self.struct, Air):
            times = [station.hour.end for station in self.struct.stations if station.hour]
        if isinstance(self.struct, Water):
            times = [section.reading.time for section in self.struct.sections if section.reading]
        return max(map(parse_instant, times), default=None)
