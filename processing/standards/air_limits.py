"""GB 3095: limits of the concentrations in ambient air, when a concentration is valid, and the state it is told for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import msgspec

from qingchuan.processing.standards.air_state import State
from qingchuan.processing.standards.edition import Edition, Part, Text

Grade = Literal[1, 2]
LimitAveraging = Literal["year", "quarter", "day", "hour"]


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
    """Table 1 as printed, with the unit of each item."""

    units: dict[str, str]
    rows: tuple[LimitRow, ...]


class OtherItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of table 2, which the catalogue need not have: its names, symbol and unit."""

    zh: str
    en: str
    symbol: str
    unit: str


class OtherRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A row of table 2: item, averaging time, grade I and grade II [unit of the item]."""

    item: str
    averaging: LimitAveraging
    limits: tuple[float, float]


class Transition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A footnote of table 2: another limit of a row until a day.

    Attributes
    ----------
    mark : str
    item : str
    averaging : {"year", "quarter", "day", "hour"}
    limit : float
        Of both grades. [unit of the item]
    until : date
        Last day on which it holds.
    """

    mark: str
    item: str
    averaging: LimitAveraging
    limit: float
    until: date


class OtherTable(Part, frozen=True, kw_only=True):
    """Table 2 as printed, with its footnotes."""

    items: dict[str, OtherItem]
    rows: tuple[OtherRow, ...]
    notes: tuple[Transition, ...] = ()


class ReferenceRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A row of table A.1: item, averaging time, unit, the limits as printed, and the mark of each ("" for none)."""

    item: str
    averaging: Literal["year", "growing_season", "month", "day", "hour"]
    unit: str
    limits: tuple[float, ...]
    marks: tuple[str, ...]


class ReferenceTable(Part, frozen=True, kw_only=True):
    """Table A.1 as printed: reference limits, which a province may make its own.

    Attributes
    ----------
    columns : tuple of str
        Headings of the limits.
    items : dict of str to str
        Chinese name of each item.
    rows : tuple of ReferenceRow
    notes : dict of str to str
        What each mark says.
    """

    columns: tuple[str, ...]
    items: dict[str, str]
    rows: tuple[ReferenceRow, ...]
    notes: dict[str, str]


class ValidityRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A row of table 4: averaging time, items, how many of the unit there must be, and in each month, in a February."""

    averaging: Literal["year", "quarter", "day", "8 hours", "hour"]
    items: tuple[str, ...]
    at_least: int
    unit: Literal["days", "hours", "minutes"]
    each_month: int | None = None
    february: int | None = None


class ValidityTable(Part, frozen=True, kw_only=True):
    """Table 4 as printed: what a valid concentration needs at least."""

    rows: tuple[ValidityRow, ...]


class AmbientAirLimits(Edition, frozen=True, kw_only=True):
    """An edition of GB 3095."""

    stages: tuple[Stage, ...]
    table: LimitTable
    other: OtherTable
    reference: ReferenceTable
    validity: ValidityTable
    states: tuple[State, ...]

    def __post_init__(self) -> None:
        if {len(row.limits) for row in self.table.rows} != {2 * len(self.stages)}:
            raise ValueError(f"a row of {self.table.clause} has not two limits a stage, grade I and grade II")
        if any(later.in_force <= earlier.in_force for earlier, later in pairwise(self.states)):
            raise ValueError(f"the states of {self.document} are out of order; the earlier one comes first")

    def limit(self, item: str, averaging: str, *, grade: Grade, on: date) -> int:
        """Limit of a concentration of table 1.

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
        row = next((row for row in self.table.rows if (row.item, row.averaging) == (item, averaging)), None)
        if row is None:
            raise LookupError(f"{self.document} has no limit for {item!r}, {averaging!r}; see {self.table.clause}")
        return row.limits[2 * self.stages.index(self.stage(on)) + grade - 1]

    def stage(self, on: date) -> Stage:
        """Stage of the limits that judges data of a day; earlier days have the first one.

        Examples
        --------
        >>> from datetime import date
        >>> from qingchuan.processing import standards
        >>> standards.load("gb3095_2026", standards.AmbientAirLimits).stage(date(2030, 12, 31)).name.zh
        '过渡阶段浓度限值'
        """
        return self.stages[max(sum(stage.in_force <= on for stage in self.stages) - 1, 0)]

    def other_limit(self, item: str, averaging: str, *, grade: Grade, on: date) -> float:
        """Limit of a concentration of table 2.

        Parameters
        ----------
        item : {"tsp", "nox", "pb", "bap"}
        averaging : {"year", "quarter", "day", "hour"}
        grade : {1, 2}
        on : date
            Day of the data: a footnote may set another limit until a day.

        Returns
        -------
        float
            [µg/m³]

        Raises
        ------
        LookupError
            The edition sets no such limit.

        Examples
        --------
        >>> from datetime import date
        >>> from qingchuan.processing import standards
        >>> limits = standards.load("gb3095_2026", standards.AmbientAirLimits)
        >>> [limits.other_limit("nox", "year", grade=2, on=date(year, 12, 31)) for year in (2030, 2031)]
        [50.0, 40.0]
        """
        row = next((row for row in self.other.rows if (row.item, row.averaging) == (item, averaging)), None)
        if row is None:
            raise LookupError(f"{self.document} has no limit for {item!r}, {averaging!r}; see {self.other.clause}")
        for note in self.other.notes:
            if (note.item, note.averaging) == (item, averaging) and on <= note.until:
                return note.limit
        return row.limits[grade - 1]

    def scaled_limit(self, item: str, averaging: str, decimals: int, *, grade: Grade, on: date) -> int:
        """Limit of a concentration of table 1 or 2, in units of the last decimal of the item [scaled].

        Parameters
        ----------
        decimals : int
            Of the item: `AirAssessment.decimals.items`. [-]
        item, averaging, grade, on
            As `limit` and `other_limit` have them.

        Raises
        ------
        LookupError
            The edition sets no such limit.

        Examples
        --------
        >>> from datetime import date
        >>> from qingchuan.processing import standards
        >>> limits, on = standards.load("gb3095_2012", standards.AmbientAirLimits), date(2020, 1, 1)
        >>> limits.scaled_limit("co", "day", 1, grade=2, on=on), limits.scaled_limit("bap", "day", 4, grade=2, on=on)
        (40, 25)
        """
        find = self.other_limit if item in self.other.items else self.limit
        return int(Fraction(str(find(item, averaging, grade=grade, on=on))) * 10**decimals)

    def state(self, on: date) -> State:
        """State of the air that concentrations of a day are told for; earlier days have the first one.

        Examples
        --------
        >>> from datetime import date
        >>> from qingchuan.processing import standards
        >>> limits = standards.load("gb3095_2012", standards.AmbientAirLimits)
        >>> limits.state(date(2018, 8, 31)).temperature, limits.state(date(2018, 9, 1)).temperature
        (273.0, 298.15)
        """
        return self.states[max(sum(state.in_force <= on for state in self.states) - 1, 0)]
