"""MQTT messages of the simulated network: announcements, history, and what becomes due while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np

from qingchuan.processing import periods
from qingchuan.processing.scaled import Scaled
from qingchuan.simulators.checks import Checking, CheckMessage, Checks, checks_between
from qingchuan.simulators.days import CityDays, city_days, number_texts
from qingchuan.simulators.faults import LONGEST_DELAY
from qingchuan.simulators.noise import HOUR, weeks_between
from qingchuan.simulators.observed import Observed, Simulation, air_hours, extra_readings, water_readings

_SECONDS_TO_REPEAT = 30
_FIRST_DAY = date(2000, 1, 1)


class Message(NamedTuple):
    """A message to publish."""

    topic: str
    payload: bytes
    retain: bool = False


class Due(NamedTuple):
    """A message and when it goes out [s since 1970-01-01 UTC]."""

    time: int
    message: Message


class Payload(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The payload of an observation in the native protocol; numbers stand as the station writes them."""

    end: str | None = None
    time: str | None = None
    values: dict[str, msgspec.Raw]
    flags: dict[str, int] = {}
    seq: int


class _Place(NamedTuple):
    """Where a message is found: time `row` and subject `column` of what was observed; it goes out at `sent` [s]."""

    sent: int
    observed: Observed
    row: int
    column: int

    def order(self) -> tuple[int, str, int]:
        """Time of sending, then subject and sequence number, so that the order never depends on how it was found."""
        number = int(self.observed.number[self.row, self.column])
        return self.sent, self.observed.subjects[self.column], number


_encode = msgspec.json.Encoder().encode


class Feed:
    """The messages of a simulation.

    It has no state: what is due between two moments depends on the simulation and on these moments alone, so history
    and live data join without a gap and without a repetition.

    Parameters
    ----------
    simulation : Simulation
    prefix : str
        First level of the topics.
    checks : Checks or None
        Sections tell of their quality control, too, in frames of HJ 212 on topics of `checks_topic`; None: they do not.

    Examples
    --------
    >>> from qingchuan.simulators.network import ningbo
    >>> feed = Feed(Simulation(ningbo()))
    >>> next(feed.announcements()).topic
    'qingchuan/330200/station'
    """

    def __init__(self, simulation: Simulation, prefix: str = "qingchuan", checks: Checks | None = None) -> None:
        self._simulation = simulation
        self._prefix = prefix
        self._checks = checks

    def announcements(self) -> Iterator[Message]:
        """A retained announcement of the city, and of each station and section."""
        for identity, subject in self._simulation.network.subjects().items():
            yield Message(f"{self._prefix}/{identity}/station", msgspec.json.encode(subject), retain=True)

    def history(self, now: int, days: int = 60, after: int | None = None) -> tuple[int, Iterator[Message]]:
        """Number of messages up to `now`, and the messages in the order of their time.

        Parameters
        ----------
        now : int
            Messages that are sent later are left to `due`. [s since 1970-01-01 UTC]
        days : int
            Natural days before today for which there are hours and readings; before them daily results of the city
            since 1 January of the year before last. [d]
        after : int or None
            What went out up to then was told before and is left out. [s since 1970-01-01 UTC]
        """
        begin = periods.day_start(periods.natural_day(now)) - days * periods.DAY
        first = date(periods.natural_day(now).year - 2, 1, 1)
        if after is not None:
            first = max(first, periods.natural_day(after))
        results = city_days(self._simulation, first, max(first, periods.natural_day(begin)))
        if after is None or after < begin:
            places = self._places(begin - 1, now, oldest=begin)
        else:
            places = self._sent(after, now)
        return len(results.days) + len(places), self._all(results, places)

    def due(self, after: int, until: int) -> list[Due]:
        """Messages that go out in ``(after, until]``, in their order [s since 1970-01-01 UTC].

        Examples
        --------
        >>> from qingchuan.simulators.network import ningbo
        >>> len(Feed(Simulation(ningbo())).due(1_795_564_800, 1_795_568_400))
        17
        """
        return [Due(place.sent, self._message(place)) for place in self._sent(after, until)]

    def _sent(self, after: int, until: int) -> list[_Place | CheckMessage]:
        """What goes out in ``(after, until]``, however late it is."""
        return self._places(after, until, oldest=after - LONGEST_DELAY - 3 * HOUR)

    def _places(self, after: int, until: int, oldest: int) -> list[_Place | CheckMessage]:
        weeks = weeks_between(oldest, until)
        observed = [kind(self._simulation, week) for week in weeks for kind in (air_hours, water_readings)]
        parts = [*observed, *extra_readings(self._simulation)]
        places: list[_Place | CheckMessage] = [place for part in parts for place in _found(part, after, until, oldest)]
        if self._checks is not None:
            simulation = self._simulation
            checking = Checking(simulation.network.sections, self._checks, simulation.faults, simulation.seed)
            places += checks_between(checking, after, until)
        return sorted(places, key=lambda place: place.order())

    def _all(self, results: CityDays, places: list[_Place | CheckMessage]) -> Iterator[Message]:
        for day, values in zip(results.days, results.values.T, strict=True):
            yield day_message(self._prefix, self._simulation.network.city.id, periods.day_start(day), values)
        for place in places:
            yield self._message(place)

    def _message(self, place: _Place | CheckMessage) -> Message:
        if isinstance(place, CheckMessage):
            return Message(checks_topic(self._prefix, place.subject), place.payload)
        return self._observation(place)

    def _observation(self, place: _Place) -> Message:
        observed = place.observed
        payload = Payload(values=_values(place), flags=_flags(place), seq=int(observed.number[place.row, place.column]))
        moment = int(observed.times[place.row])
        if observed.message == "hour":
            payload.end = _label(moment + HOUR)
        else:
            payload.time = _label(moment)
        return Message(f"{self._prefix}/{observed.subjects[place.column]}/{observed.message}", _encode(payload))


def checks_topic(prefix: str, subject: str) -> str:
    """The topic on which a section tells of its quality control, in frames of HJ 212.

    Examples
    --------
    >>> checks_topic("qingchuan", "{device}")
    'qingchuan-hj212/{device}'
    """
    return f"{prefix}-hj212/{subject}"


def day_message(prefix: str, city: str, start: int, values: Scaled) -> Message:
    """The message with a city's results of a natural day.

    Parameters
    ----------
    prefix : str
        First level of the topic.
    city : str
        Six digits of GB/T 2260.
    start : int
        Of the day. [s since 1970-01-01 UTC]
    values : ndarray of uint16, shape (6,)
        In the order of `qingchuan.simulators.days.ITEMS`. [scaled]

    Examples
    --------
    >>> values = np.array([7, 30, 45, 24, 6, 65535], dtype=np.uint16)
    >>> day_message("qingchuan", "330200", periods.day_start(date(2026, 1, 1)), values).topic
    'qingchuan/330200/day'
    """
    raw = {item: _raw(text) for item, text in number_texts(values).items()}
    number = (periods.natural_day(start) - _FIRST_DAY).days
    return Message(f"{prefix}/{city}/day", _encode(Payload(end=_label(start + periods.DAY), values=raw, seq=number)))


def _found(part: Observed, after: int, until: int, oldest: int) -> Iterator[_Place]:
    there = part.told.any(axis=0) & (part.times >= oldest)[:, np.newaxis]
    for sent, goes_out in ((part.sent, there), (part.sent + _SECONDS_TO_REPEAT, there & part.repeated)):
        rows, columns = np.nonzero(goes_out & (after < sent) & (sent <= until))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            yield _Place(int(sent[row, column]), part, row, column)


def _values(place: _Place) -> dict[str, msgspec.Raw]:
    observed, row, column = place.observed, place.row, place.column
    told = zip(
        observed.items,
        observed.values[:, row, column].tolist(),
        observed.decimals,
        observed.told[:, row, column].tolist(),
        strict=True,
    )
    return {item: _raw(f"{value:.{decimals}f}") for item, value, decimals, given in told if given}


def _flags(place: _Place) -> dict[str, int]:
    flags = place.observed.flags[:, place.row, place.column].tolist()
    return {item: flag for item, flag in zip(place.observed.items, flags, strict=True) if flag}


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


@lru_cache(maxsize=256)
def _label(seconds: int) -> str:
    return periods.to_beijing(seconds).isoformat()
