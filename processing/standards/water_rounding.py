"""总站水字〔2020〕90号: to how many decimals values of the water are rounded, and how their means are taken."""

from __future__ import annotations

import msgspec

from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.standards.edition import Edition, Part


class ItemDecimals(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the table.

    Attributes
    ----------
    item, zh : str
        Key and Chinese name.
    unit : str
        As printed.
    hour : int or None
        Decimals of an hourly value; None where none are printed. [-]
    evaluation : int or None
        Decimals of a value before it meets a limit; None where none are known. [-]
    shift : int
        Places by which the catalogue's unit moves the decimals. [-]
    """

    item: str
    zh: str
    unit: str
    hour: int | None = None
    evaluation: int | None = None
    shift: int = 0

    def __post_init__(self) -> None:
        if self.hour is None and self.evaluation is None:
            raise ValueError(f"item {self.item!r} has no decimals; give those of an hour or of evaluation")


class DecimalsTable(Part, frozen=True, kw_only=True):
    """The table as printed: a row an item."""

    rows: tuple[ItemDecimals, ...]


class MeanRules(Part, frozen=True, kw_only=True):
    """How means are taken.

    Attributes
    ----------
    hydrogen_ions : tuple of str
        Items whose mean goes through the concentration of hydrogen ions.
    below_detection : float
        Share of the detection limit that a value below it counts as. [-]
    """

    hydrogen_ions: tuple[str, ...]
    below_detection: float


class DayRule(Part, frozen=True, kw_only=True):
    """How many of the values of a day must be valid: `at_least` out of `of`; of other numbers the same share [-]."""

    at_least: int
    of: int


class WaterRounding(Edition, frozen=True, kw_only=True):
    """An edition of 地表水自动监测数据处理方法及修约规则."""

    rounding: Part
    table: DecimalsTable
    means: MeanRules
    day: DayRule

    def evaluation(self, item: str) -> int:
        """Decimals of an item before it meets a limit, in the unit of the catalogue.

        Where the table has none of evaluation, those of the hour.

        Raises
        ------
        LookupError
            The table does not have the item.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
        >>> rules.evaluation("ph"), rules.evaluation("transparency"), rules.evaluation("iron")
        (0, 0, 5)
        """
        row = self._row(item)
        places = row.hour if row.evaluation is None else row.evaluation
        return (places or 0) + row.shift

    def hour(self, item: str) -> int | None:
        """Decimals of an hourly value, in the unit of the catalogue; None where none are printed.

        Raises
        ------
        LookupError
            The table does not have the item.
        """
        row = self._row(item)
        return None if row.hour is None else row.hour + row.shift

    def day_at_least(self, cycle_hours: int) -> int:
        """How many values of a day must be valid of an item that comes every so many hours. [-].

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
        >>> rules.day_at_least(4), rules.day_at_least(1)
        (4, 16)
        """
        expected = DAY // (cycle_hours * HOUR)
        return -(-expected * self.day.at_least // self.day.of)

    def _row(self, item: str) -> ItemDecimals:
        for row in self.table.rows:
            if row.item == item:
                return row
        known = ", ".join(row.item for row in self.table.rows)
        msg = f"{self.document} has no decimals for {item!r}; it has {known} ({self.table.clause})"
        raise LookupError(msg)
