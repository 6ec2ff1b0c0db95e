"""Messages that cannot be used, each with the code of its reason: what broken stations send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

STATION = "1000A"
"""Has to be announced, as an air station."""
_FAR = (datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)).isoformat()
_HOUR = f"qingchuan/{STATION}/hour"


class Malformed(NamedTuple):
    """A message that cannot be used.

    Attributes
    ----------
    topic : str
    payload : bytes
    code : str
        Of the reason.
    """

    topic: str
    payload: bytes
    code: str


MALFORMED = (
    Malformed(_HOUR, b"pm25=35;pm10=60;o3=70;no2=32;so2=8;co=0.7", "not-json"),
    Malformed(_HOUR, b'{"end": "2026-03-01T08:00:00+08:00", "values": {"pm25": 35, "pm10": 60, "o3": 7', "not-json"),
    Malformed(_HOUR, b'\xff\xfe{"values": {}}', "not-json"),
    Malformed(_HOUR, b'{"end": "2026-03-01T08:00:00+08:00", "values": [35, 60]}', "wrong-shape"),
    Malformed(_HOUR, b'{"end": 1772323200, "values": {"pm25": 35, "pm10": 60}}', "wrong-shape"),
    Malformed(_HOUR, b'{"end": "2026-03-01 08:00", "values": {"pm25": 35, "pm10": 60}}', "wrong-time"),
    Malformed(_HOUR, f'{{"end": "{_FAR}", "values": {{"pm25": 35, "pm10": 60}}}}'.encode(), "future"),
    Malformed(
        "qingchuan/9999Z/hour", b'{"end": "2026-03-01T08:00:00+08:00", "values": {"pm25": 35}}', "unknown-subject"
    ),
    Malformed(
        f"qingchuan/{STATION}/week", b'{"end": "2026-03-01T08:00:00+08:00", "values": {"pm25": 35}}', "unknown-topic"
    ),
    Malformed(f"qingchuan/{STATION}/station", b'{"kind": "air-station"}', "wrong-shape"),
)
"""One of each kind."""
