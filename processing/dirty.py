"""Which figures a change of readings touches: the natural days, and the months, quarters and years they lie in.

An hour belongs to one natural day, and so do the 8-hour means of ozone that count in it (HJ 663—2013, 3.5: from the
hour labelled 8:00 to that labelled 24:00); the reading of an instant belongs to the day on which it was taken. No
figure of another day changes with it. A day touches every period that holds it: its month, quarter, half-year and year,
and each year to date from that day on. A city is touched with any of its stations, and with any of the cities of a
ranking the ranks of all.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.periods import natural_days

Unit = Literal["day", "month", "year"]

_UNITS: dict[Unit, str] = {"day": "D", "month": "M", "year": "Y"}


class Dirty(NamedTuple):
    """What is touched, each subject and period once, in order.

    Attributes
    ----------
    subject : ndarray of int64, shape (touched,)
        As they were given.
    period : ndarray of datetime64, shape (touched,)
        The natural day, month or year of Beijing time.
    """

    subject: NDArray[np.int64]
    period: NDArray[np.datetime64]

    def of(self, subject: int) -> NDArray[np.datetime64]:
        """The periods of one subject, ascending."""
        found: NDArray[np.datetime64] = self.period[self.subject == subject]
        return found


def dirty(subject: ArrayLike, starts: ArrayLike, unit: Unit) -> Dirty:
    """The periods of each subject that readings touch.

    Parameters
    ----------
    subject : array_like of int, shape (readings,)
        Whose reading it is, or for whom it counts, as a number.
    starts : array_like of int, shape (readings,)
        Start of the hour or day, or the instant. [s since 1970-01-01 UTC]
    unit : {"day", "month", "year"}

    Returns
    -------
    Dirty
        Empty where there are no readings.

    References
    ----------
    .. [1] HJ 663—2013, 3.5 and A.1: an hour, and an 8-hour mean, belongs to one natural day.

    Examples
    --------
    Two hours of station 7 on both sides of midnight in Beijing:

    >>> found = dirty([7, 7], [1764000000 - 3600, 1764000000], "day")
    >>> found.period
    array(['2025-11-24', '2025-11-25'], dtype='datetime64[D]')
    >>> dirty([7, 7], [1764000000 - 3600, 1764000000], "month").period
    array(['2025-11'], dtype='datetime64[M]')
    """
    who, times = np.asarray(subject, np.int64), np.asarray(starts, np.int64).astype("datetime64[s]")
    periods = natural_days(times).astype(f"datetime64[{_UNITS[unit]}]")
    order = np.lexsort((periods, who))
    who, periods = who[order], periods[order]
    first = np.ones(who.shape, np.bool_)
    first[1:] = (who[1:] != who[:-1]) | (periods[1:] != periods[:-1])
    return Dirty(who[first], periods[first])
