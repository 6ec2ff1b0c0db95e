"""长江流域水环境质量监测预警办法: where, and when, a section and its city are warned of water that got worse."""

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


class Province(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A province where the measures apply.

    Attributes
    ----------
    code : str
        First two digits of the place codes of GB/T 2260.
    name : Text
    """

    code: str
    name: Text


class Scope(Part, frozen=True, kw_only=True):
    """Where the measures apply: in a part or all of each of these provinces."""

    rows: tuple[Province, ...]


class WarningScope(Edition, frozen=True, kw_only=True):
    """Where an edition of 长江流域水环境质量监测预警办法 applies: its levels stand in a file of their own."""

    scope: Scope

    def province(self, place: str | None) -> Province | None:
        """Province of a place, by its code of GB/T 2260; None outside them, and where the place is not known.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> scope = standards.load("warning_scope2018", standards.WarningScope)
        >>> found = scope.province("330200")
        >>> found.name.zh if found else None, scope.province("110000")
        ('浙江', None)
        """
        return next((row for row in self.scope.rows if place is not None and place.startswith(row.code)), None)
