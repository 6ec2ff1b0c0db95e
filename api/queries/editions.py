"""Which edition judges which period: the one in force on its date, the one that was asked for, or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.problems import wrong_parameter
from qingchuan.processing.standards import AirQualityIndex, UnknownEdition, load, names

_T = TypeVar("_T")
_FAMILY = "hj633_"


def runs(days: NDArray[np.datetime64], choose: Callable[[dt.date], _T]) -> list[tuple[slice, _T | None]]:
    """Stretches of `days` for which `choose` gives the same, each with what it gives; None where no edition covers it.

    A day before the first edition is no mistake of the person who asks: it is answered without what would be judged.

    Parameters
    ----------
    days : ndarray of datetime64[D], shape (n,)
        Natural days, ascending.
    choose : callable
        Of a natural day; it may raise UnknownEdition.

    Examples
    --------
    >>> days = np.array(["2026-02-28", "2026-02-28", "2026-03-01"], "datetime64[D]")
    >>> runs(days, lambda day: day.month)
    [(slice(0, 2, None), 2), (slice(2, 3, None), 3)]
    """
    distinct, first = np.unique(days, return_index=True)
    chosen = [_covered(choose, day) for day in distinct.tolist()]
    begins = [at for at in range(len(chosen)) if at == 0 or chosen[at] != chosen[at - 1]]
    bounds = [*first[begins].tolist(), len(days)]
    return [(slice(*bounds[at : at + 2]), chosen[begin]) for at, begin in enumerate(begins)]


def named_edition(name: str | None) -> AirQualityIndex | None:
    """The edition of HJ 633 that a request names; None where it names none.

    Raises
    ------
    ProblemError
        There is no such edition.

    Examples
    --------
    >>> named_edition("HJ 633-2012").name, named_edition("HJ 633—2012").name, named_edition("hj633_2012").name
    ('hj633_2012', 'hj633_2012', 'hj633_2012')
    """
    if name is None:
        return None
    try:
        return load(_key(name), AirQualityIndex)
    except UnknownEdition as error:
        known = [load(key).document for key in names() if key.startswith(_FAMILY)]
        raise wrong_parameter("edition", name, " or ".join(known)) from error


def _key(name: str) -> str:
    """The name of the data file: ``HJ 633—2012`` is hj633_2012."""
    return name.lower().replace(" ", "").replace("—", "_").replace("–", "_").replace("-", "_")


def _covered(choose: Callable[[dt.date], _T], day: dt.date) -> _T | None:
    try:
        return choose(day)
    except UnknownEdition:
        return None
