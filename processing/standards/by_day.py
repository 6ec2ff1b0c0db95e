"""Editions of many days: the one that judges each of them, and the one that a period as a whole is judged by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.calendar_periods import CalendarPeriod, Days
from qingchuan.processing.standards import (
    AirAssessment,
    AirQualityIndex,
    AmbientAirLimits,
    Edition,
    Family,
    Text,
    UnknownEdition,
    in_force,
)

_E = TypeVar("_E", bound=Edition)

NO_EDITION = -1
"""The index where no edition covers a day."""


@dataclass(frozen=True, slots=True, eq=False)
class EditionsByDay(Generic[_E]):
    """Which edition judges each of some days.

    Attributes
    ----------
    editions : tuple of Edition
        In the order of the days that they judge first.
    index : ndarray of int64, shape of the days
        Place in `editions` of that of each day; -1 where none covers it.
    """

    editions: tuple[_E, ...]
    index: NDArray[np.int64]

    def numbers(self, of: Callable[[_E], int], none: int) -> NDArray[np.int64]:
        """A number of the edition of each day, such as its `good_up_to`.

        Parameters
        ----------
        of : callable
            Gives the number of an edition.
        none : int
            Where no edition covers the day.

        Returns
        -------
        ndarray of int64, shape of the days

        Examples
        --------
        >>> days = np.array(["2012-01-01", "2026-02-28", "2026-03-01"], "datetime64[D]")
        >>> editions_of(days, "hj633").numbers(lambda edition: edition.good_up_to, -1)
        array([ -1, 100, 100])
        """
        # The last place, -1, is for days that no edition covers.
        return np.array([*(of(edition) for edition in self.editions), none], np.int64)[self.index]


class StatedEdition(NamedTuple, Generic[_E]):
    """The one edition that a figure of a period is by, and why it is this one.

    Attributes
    ----------
    edition : Edition
    editions : tuple of Edition
        All that judge a day of the period, in order; more than one where the standard changed within it.
    reason : Text
    """

    edition: _E
    editions: tuple[_E, ...]
    reason: Text


@overload
def editions_of(dates: Days, family: Literal["hj633"]) -> EditionsByDay[AirQualityIndex]: ...
@overload
def editions_of(dates: Days, family: Literal["hj663"]) -> EditionsByDay[AirAssessment]: ...
@overload
def editions_of(dates: Days, family: Literal["gb3095"]) -> EditionsByDay[AmbientAirLimits]: ...
@overload
def editions_of(dates: Days, family: Family) -> EditionsByDay[Edition]: ...
def editions_of(dates: Days, family: Any) -> EditionsByDay[Any]:
    """Edition that judges each of many days: days and rates go each by their own.

    Parameters
    ----------
    dates : ndarray of datetime64[D], any shape
    family : {"hj633", "hj663", "gb3095", …}

    Returns
    -------
    EditionsByDay

    Examples
    --------
    >>> found = editions_of(np.array(["2026-02-28", "2026-03-01", "2012-01-01"], "datetime64[D]"), "hj633")
    >>> [edition.document for edition in found.editions], found.index
    (['HJ 633—2012', 'HJ 633—2026'], array([ 0,  1, -1]))
    """
    distinct, place = np.unique(np.asarray(dates), return_inverse=True)
    chosen = [_covering(family, day) for day in distinct.tolist()]
    editions = {id(edition): edition for edition in chosen if edition is not None}  # each is loaded once
    places = {known: at for at, known in enumerate(editions)}
    index = [NO_EDITION if edition is None else places[id(edition)] for edition in chosen]
    return EditionsByDay(tuple(editions.values()), np.array(index, np.int64)[place])


@overload
def stated_edition(period: CalendarPeriod, family: Literal["hj633"]) -> StatedEdition[AirQualityIndex]: ...
@overload
def stated_edition(period: CalendarPeriod, family: Literal["hj663"]) -> StatedEdition[AirAssessment]: ...
@overload
def stated_edition(period: CalendarPeriod, family: Literal["gb3095"]) -> StatedEdition[AmbientAirLimits]: ...
@overload
def stated_edition(period: CalendarPeriod, family: Family) -> StatedEdition[Edition]: ...
def stated_edition(period: CalendarPeriod, family: Any) -> StatedEdition[Any]:
    """Edition that the mean, the index and the budget of a period are by: that of its last day.

    Parameters
    ----------
    period : CalendarPeriod
        Of at least one day.
    family : {"hj633", "hj663", "gb3095", …}

    Returns
    -------
    StatedEdition

    Raises
    ------
    UnknownEdition
        No edition covers the last day.

    Notes
    -----
    No text at hand says by which standard a period is judged in which the standard changes. The last day is chosen: a
    figure is told when its period is over, and then by the standard that holds.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> found = stated_edition(year_of(date(2026, 5, 1)), "gb3095")
    >>> found.edition.document, found.reason.zh
    ('GB 3095—2026', '评价时段跨越标准更替（GB 3095—2012、GB 3095—2026），按时段末日2026-12-31所施行的GB 3095—2026评价')
    """
    edition = in_force(family, period.last)
    by_day = editions_of(period.dates, family)
    reason = _reason(edition, by_day.editions, period.last)
    uncovered = int((by_day.index == NO_EDITION).sum())
    if uncovered:
        reason = Text(
            f"{reason.zh}；另有{uncovered}天早于各版本的适用日期",
            f"{reason.en}; {uncovered} days are older than every edition",
        )
    return StatedEdition(edition, by_day.editions, reason)


def _reason(edition: Edition, editions: tuple[Edition, ...], last: date) -> Text:
    name = edition.document
    if len(editions) == 1:
        return Text(f"评价时段内均适用{name}", f"{name} judges the whole period")
    names = [other.document for other in editions]
    return Text(
        f"评价时段跨越标准更替（{'、'.join(names)}），按时段末日{last}所施行的{name}评价",
        f"the standard changes within the period ({', '.join(names)}); {name} is in force on its last day, {last}",
    )


def _covering(family: Family, day: date) -> Edition | None:
    try:
        return in_force(family, day)
    except UnknownEdition:
        return None
