"""Which values are expected of a subject: of which items, from when on, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.api.queries.told_hours import ToldHours, told_hours
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.store.observations import Period
from qingchuan.store.subjects import AirStation, Subject, domains_of

GRACE: Final = HOUR
"""So long after an hour, or a cycle, its value may still come; before that nothing is missing. [s]"""

_LOOK_BACK: Final = 365 * DAY
"""How far back it is looked what a subject used to tell that has fallen silent. [s]"""
_NEVER: Final = np.iinfo(np.int64).max


def expected_hours(
    services: Services,
    subjects: Mapping[str, Subject],
    told: ToldHours,
    months: Sequence[Span],
    period: Period,
    at: int,
) -> NDArray[np.bool_]:
    """Whether a value of each item is expected of each hour; shape (items, hours, subjects).

    An air station is expected to tell the items of the air quality index from its announcement on, or from its first
    value if that is earlier. Everybody else is expected to tell what it has begun to tell: an item from its first value
    on, as long as it was told in the month or in the one before; and where a subject told nothing at all in these, what
    it told in the year before them.

    Parameters
    ----------
    services : Services
    subjects : mapping of str to Subject
        Those of `told`, of one kind.
    told : ToldHours
        From the month before the first of `months` on.
    months : sequence of Span
        Consecutive calendar months.
    period : {"hour", "instant"}
    at : int
        As it was after this message.
    """
    begun = told.starts[:, np.newaxis] >= _began(services, told.subjects, period, at)
    found = np.zeros(told.valid.shape, np.bool_)
    if isinstance(next(iter(subjects.values())), AirStation):
        found[:] = begun
        return found
    before = [Span(int(told.starts[0]), months[0].start), *months]
    for earlier, month in zip(before, months, strict=False):
        window, own = _hours(told, Span(earlier.start, month.end)), _hours(told, month)
        there = told.told[:, window]
        ever = there.any(axis=1)
        silent = np.flatnonzero(~ever.any(axis=0)).tolist()
        ever |= _used_to_tell(services, told, earlier.start, silent, period, at)
        first = np.where(there.any(axis=1), window.start + there.argmax(axis=1), 0)
        places = np.arange(own.start, own.stop)[np.newaxis, :, np.newaxis]
        found[:, own] = ever[:, np.newaxis] & (places >= first[:, np.newaxis])
    return found & begun


def items_of(subject: Subject, period: Period) -> tuple[str, ...]:
    """The items that may be expected of a subject: not those that mostly laboratories measure (GB 3838 table 3).

    Examples
    --------
    >>> from qingchuan.store.subjects import Name
    >>> items_of(AirStation(Name("", ""), "330200"), "hour")
    ('so2', 'no2', 'pm10', 'pm25', 'co', 'o3')
    """
    if isinstance(subject, AirStation):
        return catalogue.told(period)
    return catalogue.tellable(period, [domain for domain in domains_of(subject) if domain != "water_source"])


def cycle_of(item: str, period: Period) -> int:
    """How often a value of an item is expected [h]: of an hour every hour, of an instant by the catalogue.

    Examples
    --------
    >>> cycle_of("cod", "hour"), cycle_of("codmn", "instant"), cycle_of("ph", "instant")
    (1, 4, 1)
    """
    return catalogue.item(item).cycle_hours if period == "instant" else 1


def _hours(told: ToldHours, span: Span) -> slice:
    """Which of the hours of `told` begin in `span`."""
    first, last = np.searchsorted(told.starts, [span.start, span.end])
    return slice(int(first), int(last))


def _began(services: Services, subjects: Sequence[str], period: Period, at: int) -> NDArray[np.int64]:
    """When the first hour begins that is expected of each of `subjects` [s since 1970-01-01 UTC]."""
    first = services.observations.first(subjects, period, at)
    announced = services.state.first_announced(subjects)
    received = {name: services.received(sequence) for name, sequence in announced.items()}
    begins = [
        min(first.get(name, _NEVER), _NEVER if received.get(name) is None else (received[name] or 0) // 1_000_000)
        for name in subjects
    ]
    return np.array([begin if begin == _NEVER else begin // HOUR * HOUR for begin in begins], np.int64)


def _used_to_tell(
    services: Services, told: ToldHours, before: int, silent: list[int], period: Period, at: int
) -> NDArray[np.bool_]:
    """Which items the `silent` ones of the subjects told in the year before; shape (items, subjects)."""
    found = np.zeros((len(told.items), len(told.subjects)), np.bool_)
    if silent:
        names = [told.subjects[place] for place in silent]
        year = told_hours(services.observations, names, told.items, period, Span(before - _LOOK_BACK, before), at)
        found[:, silent] = year.told.any(axis=1)
    return found
