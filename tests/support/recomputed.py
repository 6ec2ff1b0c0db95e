"""Two months of a small country in real stores, for what is computed anew from them.

Stations of two cities tell hours in which much is wrong; the key cities tell days; people correct, mark and declare
dust. The months lie on both sides of the day on which the standards changed.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path

from rich.console import Console

from qingchuan.api.services import Services
from qingchuan.processing.calendar_periods import CalendarPeriod, span
from qingchuan.processing.periods import DAY, HOUR, day_start, to_beijing
from qingchuan.service.recomputing.plan import Block, thresholds_text
from qingchuan.service.recomputing.recomputing import Computer, Recomputed, Work, here, recompute
from qingchuan.service.simulation import country
from qingchuan.store.messages import Message
from tests.support.applying import settings_of
from tests.support.month import Stores

PERIOD: CalendarPeriod = span(date(2026, 2, 1), date(2026, 4, 1))
"""What is computed."""
NINGBO, ZHOUSHAN = "330200", "330900"
STATIONS = {
    "n1": (NINGBO, True), "n2": (NINGBO, True), "n3": (NINGBO, True), "n4": (NINGBO, False),
    "z1": (ZHOUSHAN, True),
}  # fmt: skip
"""City of each station, and whether it counts for it."""
RECEIVED = day_start(date(2026, 4, 2)) + 9 * HOUR

_FIRST = day_start(PERIOD.start) - 20 * DAY
"""The tests look at hours before the period, too."""
_USUAL = {"so2": 8, "no2": 40, "pm10": 90, "pm25": 60, "co": 0.8, "o3": 90}
_CHANGES = {"co": 1}
_STUCK = {"n2": ("no2", 300, 340), "n3": ("pm25", 500, 560), "z1": ("so2", 700, 1000)}
"""Hours, from the first one, in which an item of a station stands still."""


def fill(folder: Path, *, key_cities: bool = True) -> Stores:
    """The stores in a folder, made and applied."""
    stores = Stores(folder)
    stores.received = RECEIVED * 1_000_000
    stores.append([settings_of(), *_announcements()])
    if key_cities:
        feed = country("qingchuan", RECEIVED)
        stores.append(_of(each) for each in feed.announcements())
        days = feed.history(day_start(PERIOD.start) + DAY, day_start(PERIOD.end) + DAY)[1]
        stores.append([_of(each) for each in days if ZHOUSHAN not in each.topic])
    stores.append(_hours())
    stores.append(_told_days())
    stores.apply()
    return stores


def audited(stores: Stores) -> None:
    """Let people correct a value, mark one, and declare hours of dust."""
    first = day_start(PERIOD.start) + 9 * DAY
    acts = [
        {"action": "correct", "subject": "n1", "start": first, "end": first + HOUR, "items": ["pm25"], "value": "900"},
        {
            "action": "mark_invalid",
            "subject": "n1",
            "start": first + 2 * HOUR,
            "end": first + 9 * HOUR,
            "items": ["o3"],
        },
        {"action": "dust", "subject": "z1", "start": first + 12 * DAY, "end": first + 12 * DAY + 8 * HOUR, "items": []},
    ]
    told = {"by": "王工", "step": "city", "reason": "核查", "stated": RECEIVED, "acts": acts}
    stores.take(Message("audit", "c", "", json.dumps(told, ensure_ascii=False).encode()))


def services_on(stores: Stores, services: Services) -> Services:
    """Services that read the stores."""
    return dataclasses.replace(stores.services(services), now=lambda: RECEIVED * 1_000_000)


def recomputed(
    services: Services, out: Path, computer: Computer = here, period: CalendarPeriod = PERIOD, thresholds: str = ""
) -> Recomputed:
    """The period computed anew into a folder."""
    return recompute(services, period, thresholds_text(thresholds), out, computer, Console(file=StringIO()))


class CutError(Exception):
    """It was interrupted."""


def ending_after(count: int, computer: Computer = here) -> Computer:
    """A computer that is interrupted after so many blocks."""

    def interrupted(work: Iterable[Work]) -> Iterator[tuple[Block, bytes]]:
        for number, done in enumerate(computer(work)):
            if number == count:
                raise CutError
            yield done

    return interrupted


def contents(folder: Path) -> dict[str, str]:
    """Digest of each file of results."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def _of(message: object) -> Message:
    return Message("mqtt", "c", message.topic, message.payload, message.retain)  # type: ignore[attr-defined]


def _announcements() -> Iterator[Message]:
    for code in (NINGBO, ZHOUSHAN):
        yield _told(code, "station", {"kind": "city", "name": {"zh": f"城{code}", "en": f"City {code}"}})
    for station, (city, evaluated) in STATIONS.items():
        name = {"zh": f"站{station}", "en": f"Station {station}"}
        about = {"kind": "air-station", "name": name, "city": city, "evaluated": evaluated}
        yield _told(station, "station", about)


def _hours() -> Iterator[Message]:
    """Hour by hour, as they would come."""
    chance = random.Random(7)
    hours = (day_start(PERIOD.end) - _FIRST) // HOUR
    levels = {station: dict.fromkeys(_USUAL, 1.0) for station in STATIONS}
    for hour in range(hours):
        for station, level in levels.items():
            values = {}
            for item, usual in _USUAL.items():
                level[item] = 1 + 0.9 * (level[item] - 1) + 0.12 * chance.gauss(0, 1)
                values[item] = round(max(usual * level[item], 0.1), _CHANGES.get(item, 0))
            told = _spoiled(station, hour, values, chance)
            if told and not (station == "z1" and hour < 24 * 30):
                start = to_beijing(_FIRST + hour * HOUR).isoformat()
                yield _told(station, "hour", {"start": start, **told})


def _spoiled(station: str, hour: int, values: dict[str, float], chance: random.Random) -> dict[str, object]:
    """What a station tells of an hour: some are lost, some wild, some stand still, and some are called bad."""
    if chance.random() < 0.01 or (station == "n2" and 800 < hour < 870):
        return {}
    item, first, last = _STUCK.get(station, ("", 0, 0))
    if first <= hour < last:
        values[item] = float(_USUAL[item])
    if chance.random() < 0.02:
        wild = chance.choice(list(values))
        values[wild] = chance.choice([0, -1, -9, 9 * values[wild], 5000])
    if chance.random() < 0.01:
        return {"values": values, "flags": {chance.choice(list(values)): chance.choice([3, 4])}}
    return {"values": values}


def _told_days() -> Iterator[Message]:
    """Ningbo tells two days itself, one of them without ozone."""
    for day, values in (
        (3, {"so2": 9, "no2": 20, "pm10": 33, "pm25": 21, "co": 0.6, "o3_8h": 77}),
        (4, {"so2": 9, "no2": 20, "pm10": 33, "pm25": 22, "co": 0.6}),
    ):
        start = to_beijing(day_start(PERIOD.start) + day * DAY).isoformat()
        yield _told(NINGBO, "day", {"start": start, "values": values})


def _told(subject: str, kind: str, told: object) -> Message:
    return Message("mqtt", "c", f"qingchuan/{subject}/{kind}", json.dumps(told).encode())
