"""Points as the users of influxdb-client make them: what ours are measured against."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from influxdb_client.client.write.point import Point as ClientPoint
from influxdb_client.domain.write_precision import WritePrecision

from qingchuan.store.influx.lines import MEASUREMENT, Point

Values = dict[str, float]


def values_of(points: Iterable[Point]) -> list[Values]:
    """The numbers of each, which the client takes as floats."""
    return [{item: float(value) for item, value in json.loads(point.observation.values).items()} for point in points]


def client_point(point: Point, values: Values) -> Any:  # noqa: ANN401 - the client has no types
    """The same point by the client."""
    told = point.observation
    made: Any = ClientPoint(MEASUREMENT)  # type: ignore[no-untyped-call]  # the client has no types
    made.tag("subject", told.subject).tag("period", told.period).tag("origin", told.origin)
    made.field("seq", point.sequence).field("flags", told.flags).time(told.start, WritePrecision.S)
    for item, value in values.items():
        made.field(item, value)
    return made
