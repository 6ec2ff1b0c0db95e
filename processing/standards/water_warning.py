"""长江流域水环境质量监测预警办法: when a section, and its city, is warned of water that got worse."""

from __future__ import annotations

import msgspec

from qingchuan.processing.standards.edition import Edition, Part, Text, numbered


class WarningRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A level of warning.

    Attributes
    ----------
    number : int
        1 is the highest.
    level : Text
    classes : int
        By how many classes the water must be worse than in the same period last year, at least. [-]
    """

    number: int
    level: Text
    classes: int


class WarningLevels(Part, frozen=True, kw_only=True):
    """The levels from the highest on.

    Attributes
    ----------
    worse_than : int
        Class that the water must be worse than.
    rows : tuple of WarningRow
    """

    worse_than: int
    rows: tuple[WarningRow, ...]


class Publication(Part, frozen=True, kw_only=True):
    """How often warnings are told [months], and where."""

    every_months: int
    provinces: tuple[str, ...]


class WaterWarning(Edition, frozen=True, kw_only=True):
    """An edition of 长江流域水环境质量监测预警办法."""

    levels: WarningLevels
    publication: Publication

    def level(self, number: int) -> WarningRow | None:
        """Level of a number; None for 0, where there is no warning.

        Raises
        ------
        LookupError
            There is no level of this number.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> found = standards.load("yangtze2018", standards.WaterWarning).level(1)
        >>> found.level.zh if found else None
        '一级预警'
        """
        return numbered(self.levels.rows, number, "the level of warning")
