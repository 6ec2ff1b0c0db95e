"""MQTT messages of the other key cities: announcements, the days that are over, and each morning those of yesterday."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import msgspec

from qingchuan.processing import periods
from qingchuan.processing.scaled import Scaled
from qingchuan.simulators.country import RankedCity, week_days
from qingchuan.simulators.messages import Due, Message, day_message
from qingchuan.simulators.noise import week_of
from qingchuan.store.subjects import City

_SENT_AFTER = periods.DAY + 2 * periods.HOUR
"""From the start of a day to the first of its results: they are out at two in the morning. [s]"""
_APART = 10
"""Between two cities. [s]"""


class _Due(NamedTuple):
    sent: int
    start: int
    city: int


class CountryFeed:
    """The daily results of cities that are only compared with.

    Like `Feed` it has no state: what is due between two moments depends on these alone.

    Parameters
    ----------
    cities : mapping of RankedCity to City
        Who they are, and how each announces itself.
    prefix : str
        First level of the topics.
    seed : int
        Of the whole simulation.

    Examples
    --------
    >>> from qingchuan.store.subjects import Name
    >>> feed = CountryFeed({RankedCity("310000", "长三角"): City(Name("上海", "Shanghai"), simulated=True)})
    >>> morning = periods.parse_instant("2026-11-25T02:00:00+08:00")
    >>> [due.message.topic for due in feed.due(morning - 1, morning)]
    ['qingchuan/310000/day']
    """

    def __init__(self, cities: Mapping[RankedCity, City], prefix: str = "qingchuan", seed: int = 5) -> None:
        self._cities = dict(cities)
        self._prefix = prefix
        self._seed = seed

    def announcements(self) -> Iterator[Message]:
        """A retained announcement of each city."""
        for city, subject in self._cities.items():
            yield Message(f"{self._prefix}/{city.code}/station", msgspec.json.encode(subject), retain=True)

    def history(self, after: int, until: int) -> tuple[int, Iterator[Message]]:
        """Number of messages that go out in ``(after, until]``, and the messages in their order [s since 1970]."""
        found = self._found(after, until)
        return len(found), (message for _, message in self._messages(found))

    def due(self, after: int, until: int) -> list[Due]:
        """Messages that go out in ``(after, until]``, in their order [s since 1970-01-01 UTC]."""
        return [Due(sent, message) for sent, message in self._messages(self._found(after, until))]

    def _found(self, after: int, until: int) -> list[_Due]:
        """What goes out, by time; an empty range costs nothing, for it is asked several times a second."""
        last = _SENT_AFTER + _APART * len(self._cities)
        first, end = (periods.align(moment, periods.DAY) for moment in (after - last, until - _SENT_AFTER + 1))
        days = range(first, end, periods.DAY)
        places = range(len(self._cities))
        every = (_Due(start + _SENT_AFTER + _APART * place, start, place) for start in days for place in places)
        return sorted(due for due in every if after < due.sent <= until)

    def _messages(self, found: list[_Due]) -> Iterator[tuple[int, Message]]:
        cities = tuple(self._cities)
        for start, of_day in groupby(found, key=lambda due: due.start):
            values = _week(self._seed, week_of(start + periods.DAY // 2), cities)[start]
            for due in of_day:
                yield due.sent, day_message(self._prefix, cities[due.city].code, start, values[:, due.city])


@lru_cache(maxsize=2)
def _week(seed: int, week: int, cities: tuple[RankedCity, ...]) -> dict[int, Scaled]:
    """Results of the days of a week by the start of the day, each of shape (6, cities) [scaled]."""
    starts, values = week_days(seed, week, cities)
    return dict(zip(starts.tolist(), values.transpose(1, 0, 2), strict=True))
