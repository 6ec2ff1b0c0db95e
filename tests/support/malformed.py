"""Messages that cannot be used, each with the code of its reason: what broken stations send."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import NamedTuple

_STATIONS = 200
"""From ``1000A`` on; they have to be announced, as air stations."""
_FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_AHEAD = (datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)).isoformat()


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


_KINDS = (
    ("{station}/hour", "pm25={value};pm10=60;o3=70;no2=32;so2=8;co=0.7", "not-json"),
    ("{station}/hour", '{{"end": "{end}+08:00", "values": {{"pm25": {value}, "pm10": 60, "o3": 7', "not-json"),
    ("{station}/hour", '\xff\xfe{{"values": {{"pm25": {value}}}}}', "not-json"),
    ("{station}/hour", '{{"end": "{end}+08:00", "values": [{value}, 60]}}', "wrong-shape"),
    ("{station}/hour", '{{"end": {seconds}, "values": {{"pm25": {value}, "pm10": 60}}}}', "wrong-shape"),
    ("{station}/hour", '{{"id": "{station}", "end": "{end}+08:00", "values": {{"pm25": {value}}}}}', "wrong-shape"),
    ("{station}/hour", '{{"end": "{end}", "values": {{"pm25": {value}, "pm10": 60}}}}', "wrong-time"),
    ("{station}/hour", '{{"end": "{ahead}", "values": {{"pm25": {value}, "pm10": 60}}}}', "future"),
    ("{station}/hour", '{{"end": "{end}+08:00", "values": {{"pm25": -{value}99}}}}', "wrong-value"),
    ("{station}/hour", '{{"end": "{end}+08:00", "values": {{"pm2.5": {value}}}}}', "wrong-value"),
    ("{station}Z/hour", '{{"end": "{end}+08:00", "values": {{"pm25": {value}}}}}', "unknown-subject"),
    ("{station}/week", '{{"end": "{end}+08:00", "values": {{"pm25": {value}}}}}', "unknown-topic"),
    ("{station}/station", '{{"kind": "air-station", "city": "{value}"}}', "wrong-shape"),
)
"""Topic, payload and code."""


def malformed(count: int) -> Iterator[Malformed]:
    """So many, of each kind in turn: stations send them one after the other, hour by hour, each with its own value."""
    for number, (topic, payload, code) in enumerate(islice(cycle(_KINDS), count)):
        hour, which = divmod(number, _STATIONS)
        end = _FIRST + timedelta(hours=hour)
        told = {
            "station": f"{1000 + which}A",
            "end": end.strftime("%Y-%m-%d %H:%M"),
            "seconds": int(end.timestamp()),
            "ahead": _AHEAD,
            "value": 100 + number % 400,
        }
        yield Malformed(f"qingchuan/{topic.format(**told)}", payload.format(**told).encode("latin-1"), code)
