"""What the tests of the alerts share: a place with an observation store and a state database, and a clock to set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Row, select

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.episodes import Episode, Measured, Moment
from qingchuan.alerts.notifiers import Body, DeliveryError
from qingchuan.alerts.queries import Alert, episodes
from qingchuan.alerts.rules import Rule, load_rules
from qingchuan.processing.periods import parse_instant
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observation, Write
from qingchuan.store.state import Announcement, State
from qingchuan.store.tables import cursor, metadata, notice

RULE: Rule = load_rules()[0]
T0 = parse_instant("2026-11-25T08:00:00+08:00")
HOUR = 3600
SECOND = 1_000_000

SECTION = (
    '{"kind":"section","name":{"zh":"大闸","en":"Dazha"},"river":{"zh":"姚江","en":"Yao River"},'
    '"water_body":"%s","city":"330200","target_class":3,"simulated":true}'
)


def moment(hours: float, *measured: tuple[str, int], sequence: int = 1) -> Moment:
    """A reading `hours` after T0 with the level of each measured item."""
    time = T0 + int(hours * HOUR)
    return Moment(time, sequence, "GB 3838", "Table 1", tuple(of(item, level, time) for item, level in measured))


def of(item: str, level: int, time: int = T0) -> Measured:
    """A value of `item` of that level."""
    return Measured(item, float(level), level, None, time)


def episode(opened: float, closed: float | None = None, level: int = 5, worst: int | None = None) -> Episode:
    """An episode between hours after T0."""
    start, end = T0 + int(opened * HOUR), None if closed is None else T0 + int(closed * HOUR)
    holding = (of("tp", level, start),)
    at = moment(opened if closed is None else closed, ("tp", level))
    return Episode(start, end, start if end is None else end, level, worst or level, 1, holding, at)


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, seconds: float = T0) -> None:
        self.seconds = seconds

    def __call__(self) -> int:
        """The time. [µs since 1970-01-01 UTC]."""
        return int(self.seconds * SECOND)


class Recorder:
    """A notifier that keeps what it is sent, after doing what the test wants done."""

    def __init__(self, act: Callable[[Body], None] = lambda _: None) -> None:
        self.act = act
        self.bodies: list[Body] = []

    def send(self, body: Body) -> None:
        """Keep `body`."""
        self.bodies.append(body)
        self.act(body)


class Place:
    """Observations and state in a folder, with the river section ``dazha`` and the lake section ``hu`` announced."""

    def __init__(self, folder: Path) -> None:
        self.observations = EmbeddedObservations(folder / "observations.sqlite3")
        self.state = State(folder / "state.sqlite3")
        metadata.create_all(self.state.engine)
        self.clock = Clock()
        self.sequence = 0
        for subject, water_body in (("dazha", "river"), ("hu", "lake")):
            self.state.record([Announcement(0, subject, SECTION % water_body)], [])

    def announce(self, subject: str, water_body: str) -> None:
        """Announce a section, or announce it anew: a message like any other."""
        self.sequence += 1
        self.state.record([Announcement(self.sequence, subject, SECTION % water_body)], [])

    def engine(self, *, rules: Sequence[Rule] = (RULE,), targets: Sequence[str] = ("duty",), limit: int = 64) -> Engine:
        """An engine that has just been started."""
        return Engine(
            self.observations,
            self.state,
            rules,
            now=self.clock,
            notify_within=HOUR,
            targets=targets,
            limit=limit,
        )

    def read(self, hours: float, subject: str = "dazha", /, **items: str | tuple[str, int]) -> None:
        """Store a reading `hours` after T0; an item is a number as text, or that with its flag."""
        self.sequence += 1
        told = {item: (value, 2) if isinstance(value, str) else value for item, value in items.items()}
        start = T0 + int(hours * HOUR)
        reading = Observation.of(subject, "instant", start, "reported", told)
        self.observations.apply([Write(self.sequence, reading)], self.sequence)

    def alerts(self) -> list[Alert]:
        """All episodes that were not taken back, oldest first."""
        found = episodes(self.state.engine, limit=1000)
        return [alert for alert in reversed(found) if alert.state != "retracted"]

    def spans(self, subject: str = "dazha") -> list[tuple[float, float | None, int, int]]:
        """The episodes of a section: opened and closed in hours after T0, level, worst."""
        return [span(alert.episode) for alert in self.alerts() if alert.subject == subject]

    def told(self) -> list[str]:
        """The reasons of all notices, in their order."""
        found = episodes(self.state.engine, limit=1000)
        notices = sorted((notice for alert in found for notice in alert.notices), key=lambda notice: notice.id)
        return [notice.reason for notice in notices]

    def close(self) -> None:
        """Close both files."""
        self.observations.close()
        self.state.close()


def span(found: Episode) -> tuple[float, float | None, int, int]:
    """Opened and closed of an episode in hours after T0, level, worst."""
    closed = None if found.closed is None else (found.closed - T0) / HOUR
    return (found.opened - T0) / HOUR, closed, found.level, found.worst


def run(engine: Engine) -> None:
    """Step until nothing is left."""
    while engine.step():
        pass


def position(place: Place) -> int | None:
    """Where the cursor stands."""
    with place.state.engine.connect() as connection:
        return connection.execute(select(cursor.c.sequence).where(cursor.c.name == "alerts")).scalar_one_or_none()


def row(place: Place) -> Row[tuple[object, ...]]:
    """The only notice."""
    with place.state.engine.connect() as connection:
        return connection.execute(select(notice)).one()


def fails(*, permanent: bool = False, arrived: bool = True) -> Callable[[Body], None]:
    """What a notifier does that cannot deliver."""

    def act(_: Body) -> None:
        raise DeliveryError("example.org answers 503", permanent=permanent, arrived=arrived)

    return act


def flags(recorder: Recorder) -> list[bool]:
    """Whether each body that was sent was marked as possibly repeated."""
    return [body["possibly_repeated"] for body in recorder.bodies]
