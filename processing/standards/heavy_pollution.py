"""Guidance on emergency plans for heavily polluted weather (重污染天气应急预案): when which warning is given."""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.standards.edition import Edition, Part, Text

_HOURS = 24
"""Of a day [h]."""


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A daily AQI that lasts.

    Attributes
    ----------
    compare : {"above", "reaches"}
        Whether the bound itself is not enough, or is.
    aqi : int
        The bound. [-]
    hours : int
        How long it lasts at least. [h]
    """

    compare: Literal["above", "reaches"]
    aqi: int
    hours: int

    @property
    def days(self) -> int:
        """Whole days that it lasts at least. [d].

        Examples
        --------
        >>> Run("above", 200, 48).days, Run("above", 200, 36).days
        (2, 2)
        """
        return days_of(self.hours)

    @property
    def least(self) -> int:
        """Smallest AQI that is enough. [-].

        Examples
        --------
        >>> Run("above", 300, 24).least, Run("reaches", 500, 24).least
        (301, 500)
        """
        return self.aqi + 1 if self.compare == "above" else self.aqi

    def met(self, aqi: ArrayLike) -> NDArray[np.bool_]:
        """Whether each AQI is enough; one below 0 is none."""
        return np.asarray(np.asarray(aqi) >= self.least)


class LevelRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A level of warning.

    Attributes
    ----------
    number : int
        1 is the highest.
    colour : {"red", "orange", "yellow", "blue"}
    level : Text
    any_of : tuple of tuple of Run
        Each of these is enough. Of several runs in one of them the first is the widest, and the others lie within it.
    """

    number: int
    colour: Literal["red", "orange", "yellow", "blue"]
    level: Text
    any_of: tuple[tuple[Run, ...], ...]

    def __post_init__(self) -> None:
        for widest, *others in self.any_of:
            if any(run.least < widest.least or run.hours > widest.hours for run in others):
                raise ValueError(
                    f"{self.level.en} has a run wider than the first of its condition; the widest is first"
                )


class WarningLevels(Part, frozen=True, kw_only=True):
    """The levels from the highest on.

    Attributes
    ----------
    text : str
        The conditions, as the source prints them.
    rows : tuple of LevelRow
    """

    text: str
    rows: tuple[LevelRow, ...]


class Lifting(Part, frozen=True, kw_only=True):
    """When a warning may be lifted.

    Attributes
    ----------
    text : str
        As the source prints it.
    hours : int
        So long the forecast stays below the lowest level, at least. [h]
    """

    text: str
    hours: int

    @property
    def days(self) -> int:
        """Whole days that this takes. [d]."""
        return days_of(self.hours)


class OtherMeasures(Part, frozen=True, kw_only=True):
    """Which pollution is met by other measures than these warnings, as the source prints it."""

    text: str


class HeavyPollutionWarning(Edition, frozen=True, kw_only=True):
    """An edition of the guidance on warnings of heavily polluted weather.

    Attributes
    ----------
    levels : WarningLevels
    lifting : Lifting or None
        None where the condition is not at hand.
    other_measures : OtherMeasures or None
        None where the edition tells of none.
    unconfirmed : tuple of Text
        What rests on local plans or is not known; callers show it.
    """

    levels: WarningLevels
    lifting: Lifting | None = None
    other_measures: OtherMeasures | None = None
    unconfirmed: tuple[Text, ...]

    def level(self, number: int) -> LevelRow | None:
        """Level of a number; None for 0, where there is no warning.

        Raises
        ------
        LookupError
            There is no level of this number.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> found = standards.load("heavy_pollution_2024", standards.HeavyPollutionWarning).level(1)
        >>> found.level.zh if found else None
        '红色预警'
        """
        for row in self.levels.rows:
            if row.number == number:
                return row
        if number:
            raise LookupError(
                f"the warning has the level {number}; it is 1 … {len(self.levels.rows)}, or 0 for none "
                f"({self.document}, {self.levels.clause})"
            )
        return None


def days_of(hours: int) -> int:
    """Whole days that so many hours take. [d].

    Examples
    --------
    >>> days_of(24), days_of(36)
    (1, 2)
    """
    return -(-hours // _HOURS)
