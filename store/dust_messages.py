"""Which messages declared hours of dust, or took them back: they change figures though they change no value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from qingchuan.processing.periods import DAY
from qingchuan.store import audit


def dust_messages(
    engine: Engine,
    stations: Sequence[str],
    start: int,
    end: int,
    *,
    cities: Mapping[str, str] = audit.NO_CITIES,
    as_of: int | None = None,
) -> NDArray[np.int64]:
    """The newest message about hours of dust of each natural day of `stations`, shape (days, stations); 0: none.

    Parameters
    ----------
    engine : Engine
    stations : sequence of str
    start, end : int
        Beginnings of natural days. [s since 1970-01-01 UTC]
    cities : mapping of str to str
        For each station its city: what is declared of that holds for them.
    as_of : int or None
        After this message; None: now.
    """
    days = np.arange(start, max(start, end), DAY)
    found = np.zeros((len(days), len(stations)), np.int64)
    about = [*stations, *{cities[station] for station in stations if station in cities}]
    for one in audit.taken(engine, ("dust", "restore"), about, start, end, as_of):
        if one.period == "hour":
            touched = np.flatnonzero((days < one.end) & (days + DAY > one.start))
            found[np.ix_(touched, audit.columns_of(stations, cities, one.subject))] = one.sequence
    return found
