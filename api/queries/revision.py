"""Which revision of a figure an answer tells: the newest message behind it, and how final it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.key_city_days import KeyCityDays
from qingchuan.api.queries.section_samples import SectionSamples
from qingchuan.api.schemas.common import Revision
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.periods import natural_days
from qingchuan.store.figure_states import PROVISIONAL, STATES, FigureState, Reviewed, least, reviewed
from qingchuan.store.subjects import Name

NAMES: dict[FigureState, Name] = {
    "provisional": Name("未审核", "Provisional"),
    "audited": Name("已审核", "Audited"),
    "final": Name("已发布", "Final"),
}


def revision(sequence: int, state: FigureState) -> Revision:
    """The revision with a newest message and a state.

    Examples
    --------
    >>> revision(7, "audited").name.zh
    '已审核'
    """
    return Revision(sequence, state, NAMES[state])


def air_revision(
    services: Services, figure: Sequence[str], dates: NDArray[np.datetime64], sequence: NDArray[np.int64], at: int
) -> Revision:
    """The revision of a figure of the air that rests on consecutive days.

    Parameters
    ----------
    services : Services
    figure : sequence of str
        The subjects that it rests on: a station, or a city and its stations.
    dates : ndarray of datetime64[D], shape (days,)
    sequence : ndarray of int64, shape (days,)
        The newest message behind each.
    at : int
        As it was after this message.
    """
    found = reviewed(services.state, [figure], catalogue.told("hour"), dates, at)
    return _revision_of(found, sequence[np.newaxis])


def revisions_of_cities(services: Services, cities: KeyCityDays, at: int) -> list[Revision]:
    """The revision of the days of each of the key cities, without dust."""
    days, groups = cities.assessed, [[city, *cities.stations[city]] for city in cities.days.cities]
    found = reviewed(services.state, groups, catalogue.told("hour"), days.dates, at)
    whole = np.arange(len(days.dates))
    return [_revision_of(found.take(place, whole), sequence) for place, sequence in enumerate(days.sequence)]


def revision_of_all(revisions: Iterable[Revision]) -> Revision:
    """The revision of what rests on several figures: the newest message, and the least final state.

    Examples
    --------
    >>> revision_of_all([revision(7, "final"), revision(5, "audited")]).state
    'audited'
    """
    found = list(revisions)
    state = min((one.state for one in found), key=STATES.index, default=STATES[0])
    return revision(max((one.sequence for one in found), default=0), state)


def states_of_times(
    services: Services,
    figure: Sequence[str],
    items: Sequence[str],
    times: NDArray[np.datetime64],
    sequence: NDArray[np.int64],
    at: int,
) -> list[FigureState]:
    """The state of each of the hours, days or readings of one subject.

    Parameters
    ----------
    services : Services
    figure : sequence of str
        The subject; of a city also its stations.
    items : sequence of str
    times : ndarray of datetime64[s], shape (times,)
        Ascending.
    sequence : ndarray of int64, shape (times,)
        The newest message behind each.
    at : int
        As it was after this message.
    """
    if not times.size:
        return []
    days = natural_days(times)
    dates = np.arange(days[0], days[-1] + 1)
    found = reviewed(services.state, [figure], items, dates, at)
    place = (days - days[0]).astype(np.int64)
    return [STATES[code] for code in found.take(0, place).states(sequence).tolist()]


def _revision_of(found: Reviewed, sequence: NDArray[np.int64]) -> Revision:
    """The revision of what rests on several days or samples, and on who confirmed or published all of them."""
    state = least(found.states(sequence))
    newest = sequence if state == STATES[PROVISIONAL] else found.revised(sequence)
    return revision(int(newest.max(initial=0)), state)


@dataclass(frozen=True, eq=False)
class SampleRevisions:
    """How final the figures are that rest on samples of sections.

    Attributes
    ----------
    services : Services
    sections : sequence of str
    samples : SectionSamples
        Of them.
    at : int
        As it was after this message.
    """

    services: Services
    sections: Sequence[str]
    samples: SectionSamples
    at: int

    def of(self, section: int | None = None, over: Dates | None = None) -> Revision:
        """The revision of what rests on the samples of one section (None: of all), on some days (None: on all)."""
        chosen = np.ones(len(self._days), np.bool_)
        if section is not None:
            chosen &= self._section == section
        if over is not None:
            chosen &= (self._days >= np.datetime64(over.start)) & (self._days < np.datetime64(over.end))
        return _revision_of(Reviewed(*(array[chosen] for array in self._reviewed)), self._sequence[chosen])

    @cached_property
    def _section(self) -> NDArray[np.int64]:
        return np.concatenate([self.samples.automatic.section, self.samples.manual.section])

    @cached_property
    def _days(self) -> NDArray[np.datetime64]:
        return np.concatenate([self.samples.automatic.days, self.samples.manual.days]).astype("datetime64[D]")

    @cached_property
    def _sequence(self) -> NDArray[np.int64]:
        return np.concatenate([self.samples.automatic.sequence, self.samples.manual.sequence])

    @cached_property
    def _reviewed(self) -> Reviewed:
        """What was confirmed and published of each sample."""
        days = self._days
        first = days.min() if days.size else np.datetime64(0, "D")
        dates = np.arange(first, days.max() + 1) if days.size else days
        found = reviewed(self.services.state, [[name] for name in self.sections], self.samples.items, dates, self.at)
        return found.take(self._section, (days - first).astype(np.int64))
