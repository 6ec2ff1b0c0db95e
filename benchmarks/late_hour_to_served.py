"""How long it takes from publishing one late hour until day, month, index and rank are served as revised.

The hour is the twentieth of a station on a foul day of last month: with it the station has a mean of that day, with the
station the city has one, and with the day the month gets worse by places in the ranking of the key cities. Meanwhile
everything is still to be had as of before.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from paho.mqtt.client import Client

from benchmarks.benchmark import Benchmark, Run
from qingchuan.api.answering import json_bytes
from qingchuan.api.parameters import Dates
from qingchuan.api.queries.calendar import day_of, month_of
from qingchuan.api.queries.days import city_days
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.services import Services
from qingchuan.processing.periods import DAY, HOUR, day_start, natural_day, to_beijing
from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.places import Places
from qingchuan.service.reading import open_stores, services_of
from qingchuan.service.settings import BrokerSettings, load
from qingchuan.service.simulation import country
from qingchuan.simulators.publisher import Outgoing, connected, publish
from tests.support.mosquitto import Mosquitto
from tests.support.service import AS_TOLD, Service

_CITY = "330200"
_STATIONS = ("late-1", "late-2", "late-3", "late-4")
_SILENT, _SHORT = _STATIONS[3], _STATIONS[2]
"""On the foul day one station tells nothing, and another so few hours that a further one decides."""
_FOUL_DAY = 15
_HOURS_TOLD = 19
_MOST = 60.0
"""How long to wait for the figures. [s]"""
_LOOKS = 5
_MS = 1000.0


class _Figures(NamedTuple):
    """What the interface tells of the city: bytes of the answers, and what they say."""

    bodies: tuple[bytes, ...]
    aqi: int | None
    pm25: float | None
    composite: float | None
    rank: int | None


def measure(folder: Path) -> Run:
    """Time from publishing to the last of the answers [s]; what computing them takes in its remark."""
    month = month_of(natural_day(int(time.time())).replace(day=1) - dt.timedelta(days=1))
    foul = month.start.replace(day=_FOUL_DAY)
    with Mosquitto(folder / "mosquitto") as broker, Service(folder, broker.port, settings=AS_TOLD) as service:
        client = mqtt_client(BrokerSettings(), "stations", clean_session=True, manual_ack=False)
        with connected(client, broker.host, broker.port):
            service.wait_until_applied(publish(_messages(month, foul), client))
            before, sequence = _figures(service, month, foul), service.get("collector")["sequence"]
            took, after = _late(service, client, month, foul, before)
            _check(before, after, _figures(service, month, foul, sequence))
        computing = _computing(service, month, foul)
    moved = f"index {before.composite} to {after.composite}, rank {before.rank} to {after.rank}"
    return Run(took, against=f"computing alone: {computing:.0f} ms; {moved}")


def _late(service: Service, client: Client, month: Dates, foul: dt.date, before: _Figures) -> tuple[float, _Figures]:
    """Publish the late hour; how long until all figures differ, and what they are then."""
    late = next(_hours_of(_SHORT, foul, random.Random(_FOUL_DAY), foul=True, hours=range(_HOURS_TOLD, 24)))
    after, began = before, time.perf_counter()
    client.publish(late[0], late[1], qos=1)
    while time.perf_counter() - began < _MOST:
        after = _figures(service, month, foul)
        if all(old != new for old, new in zip(before[1:], after[1:], strict=True)):
            return time.perf_counter() - began, after
    raise RuntimeError(f"{_MOST:g} s after the late hour it is still {after[1:]}; before it was {before[1:]}")


def _check(before: _Figures, after: _Figures, then: _Figures) -> None:
    """The earlier figures are still there, as of before, byte for byte."""
    if then.bodies != before.bodies:
        raise RuntimeError(f"as of before the late hour it is {then[1:]}; it was {before[1:]}, and is {after[1:]}")


def _figures(service: Service, month: Dates, foul: dt.date, as_of: int | None = None) -> _Figures:
    days, of = day_of(foul), f"/api/v1/cities/{_CITY}"
    then = {} if as_of is None else {"as_of": as_of}
    asked: list[tuple[str, Dates]] = [(f"{of}/days", days), (f"{of}/statistics", month), ("/api/v1/ranking", month)]
    bodies = tuple(
        service.client.get(path, params={"start": f"{of.start}", "end": f"{of.end}", **then}).content
        for path, of in asked
    )
    day, statistic, ranked = (json.loads(body) for body in bodies)
    return _Figures(bodies, *_told(day, statistic), *_place(ranked))


def _told(day: Any, statistic: Any) -> tuple[int | None, float | None]:  # noqa: ANN401 - JSON
    aqi = next((one["aqi"] for one in day["days"]), None)
    return aqi, statistic["statistics"]["pm25"]["mean"]


def _place(ranked: Any) -> tuple[float | None, int | None]:  # noqa: ANN401 - JSON
    found = next(one for one in (*ranked["cities"], *ranked["unranked"]) if one["code"] == _CITY)
    return found["index"], found["rank"]


def _computing(service: Service, month: Dates, foul: dt.date) -> float:
    """What computing the three answers takes, the best of several [ms of CPU time]."""
    settings = load(None, service.environment)
    with closing(open_stores(Places(service.data), settings.store)) as stores:
        services = services_of(stores, settings)
        return _best(lambda: _compute(services, month, foul)) * _MS


def _compute(services: Services, month: Dates, foul: dt.date) -> None:
    at = services.observations.sequence()
    city_days(services.observations, _CITY, _STATIONS, day_of(foul), at)
    json_bytes(statistics(services, _CITY, month))
    json_bytes(ranking(services, month, "index"))


def _best(work: Callable[[], None]) -> float:
    found = []
    for _ in range(_LOOKS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def _messages(month: Dates, foul: dt.date) -> Iterator[Outgoing]:
    """The key cities and their days of a month; Ningbo and the hours of its stations."""
    span, feed = month.span, country("qingchuan", int(time.time()))
    name = {"zh": "迟报", "en": "Late"}
    yield _outgoing(_CITY, "station", {"kind": "city", "name": name, "simulated": True}, retain=True)
    for station in _STATIONS:
        about = {"kind": "air-station", "name": name, "city": _CITY, "simulated": True}
        yield _outgoing(station, "station", about, retain=True)
    for message in (*feed.announcements(), *feed.history(span.start + DAY, span.end + DAY)[1]):
        yield message.topic, message.payload, message.retain
    for station in _STATIONS:
        for count in range(month.days):
            day = month.start + dt.timedelta(days=count)
            told = {_SILENT: 0, _SHORT: _HOURS_TOLD}.get(station, 24) if day == foul else 24
            yield from _hours_of(station, day, random.Random(count), foul=day == foul, hours=range(told))


def _hours_of(station: str, day: dt.date, chance: random.Random, *, foul: bool, hours: range) -> Iterator[Outgoing]:
    """The hours of a station on a day, of which the foul one has three times the particles of any other."""
    for hour in hours:
        particles = chance.randint(240, 260) if foul else chance.randint(25, 35)
        values = {"so2": 8, "no2": 30, "pm10": particles + 30, "pm25": particles, "co": 0.7, "o3": 80}
        end = to_beijing(day_start(day) + (hour + 1) * HOUR).isoformat(timespec="seconds")
        yield _outgoing(station, "hour", {"end": end, "values": values})


def _outgoing(subject: str, message: str, told: object, *, retain: bool = False) -> Outgoing:
    return f"qingchuan/{subject}/{message}", json.dumps(told).encode(), retain


BENCHMARK = Benchmark("late_hour_to_served", "latency", "s", "lower", 5, measure, runs=3)
