"""GB 3095: limits of the concentrations in ambient air."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from qingchuan.processing.standards.edition import Edition, Part, Text

Grade = Literal[1, 2]


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A span of days with limits of its own.

    Attributes
    ----------
    name : Text
    in_force : date
        It ends where the next stage begins.
    """

    name: Text
    in_force: date


class LimitRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A row of table 1: item, averaging time, then grade I and grade II of each stage [unit of the item]."""

    item: str
    averaging: Literal["year", "day", "hour"]
    limits: tuple[int, ...]


class LimitTable(Part, frozen=True, kw_only=True):
    """Table 1 as printed."""

    rows: tuple[LimitRow, ...]


class AmbientAirLimits(Edition, frozen=True, kw_only=True):
    """An edition of GB 3095."""

    stages: tuple[Stage, ...]
    table: LimitTable

    def __post_init__(self) -> None:
        if {len(row.limits) for row in self.table.rows} != {2 * len(self.stages)}:
            raise ValueError(f"a row of {self.table.clause} has not two limits a stage, grade I and grade II")

    def limit(self, item: str, averaging: str, *, grade: Grade, on: date) -> int:
        """Limit of a concentration.

        Parameters
        ----------
        item : str
            Key of the catalogue.
        averaging : {"year", "day", "hour"}
        grade : {1, 2}
        on : date
            Day of the data: limits tighten in stages. Earlier days are judged by the first stage.

        Returns
        -------
        int
            [mg/m³ for CO, µg/m³ for the others]

        Raises
        ------
        LookupError
            The edition sets no such limit.

        Examples
        --------
        >>> from datetime import date
        >>> from qingchuan.processing import standards
        >>> limits = standards.load("gb3095_2026", standards.AmbientAirLimits)
        >>> limits.limit("pm25", "day", grade=2, on=date(2030, 12, 31))
        60
        >>> limits.limit("pm25", "day", grade=2, on=date(2031, 1, 1))
        50
        """
        stage = max(sum(stage.in_force <= on for stage in self.stages) - 1, 0)
        row = next((row for row in self.table.rows if (row.item, row.averaging) == (item, averaging)), None)
        if row is None:
            raise LookupError(f"{self.document} has no limit for {item!r}, {averaging!r}; see {self.table.clause}")
        return row.limits[2 * stage + grade - 1]
