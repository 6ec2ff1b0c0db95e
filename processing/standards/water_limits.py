"""GB 3838: the classes of surface water (地表水环境质量标准)."""

from __future__ import annotations

from typing import Literal

import msgspec

from qingchuan.processing.standards.edition import Edition, Part

WaterBody = Literal["river", "lake"]


class WaterLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of table 1.

    Attributes
    ----------
    number : int
        As printed.
    item, zh : str
        Key and Chinese name.
    unit : str
    compare : {"at_most", "at_least", "within", "not_judged"}
        How a value stands to the limit of a class it meets; the limit itself meets it.
    limits : tuple of float
        Of the classes Ⅰ … Ⅴ; of "within" the smallest and the largest value of all of them. [unit]
    water_body : {"river", "lake"} or None
        Where the row holds; None for all.
    note : str
    """

    number: int
    item: str
    zh: str
    unit: str
    compare: Literal["at_most", "at_least", "within", "not_judged"]
    limits: tuple[float, ...] = ()
    water_body: WaterBody | None = None
    note: str = ""

    def __post_init__(self) -> None:
        wanted = {"within": 2, "not_judged": 0}.get(self.compare, 5)
        if len(self.limits) != wanted:
            raise ValueError(f"item {self.item!r} has {len(self.limits)} limits; {self.compare!r} has {wanted}")


class WaterTable(Part, frozen=True, kw_only=True):
    """Table 1 as printed: classes, then a row an item."""

    classes: tuple[str, ...]
    rows: tuple[WaterLimit, ...]


class RealTime(Part, frozen=True, kw_only=True):
    """How a class is given in real time.

    Attributes
    ----------
    items : tuple of str
        Which items judge.
    source : str
    """

    items: tuple[str, ...]
    source: str


class Saturation(Part, frozen=True, kw_only=True):
    """The other limit of class Ⅰ of dissolved oxygen: a share of what the water could hold.

    Attributes
    ----------
    item, temperature : str
        Keys of what is judged and of what decides how much the water could hold.
    number : int
        Of the class that the share reaches; ``class`` in the file. [-]
    share : float
        [%]
    numerator, offset : float
        Saturated water holds ``numerator / (offset + temperature)``. [mg/L]
    formula_source : str
        Where the formula stands: the standard prints none.
    """

    item: str
    temperature: str
    number: int = msgspec.field(name="class")
    share: float
    numerator: float
    offset: float
    formula_source: str


class SourceLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of table 2.

    Attributes
    ----------
    number : int
        As printed.
    item, zh : str
        Key and Chinese name.
    unit : str
    limit : float
        The limit itself meets it. [unit]
    note : str
    """

    number: int
    item: str
    zh: str
    unit: str
    limit: float
    note: str = ""


class SourceTable(Part, frozen=True, kw_only=True):
    """Table 2 as printed: a row an item."""

    rows: tuple[SourceLimit, ...]


class SurfaceWaterClasses(Edition, frozen=True, kw_only=True):
    """An edition of GB 3838.

    Attributes
    ----------
    table : WaterTable
    real_time : RealTime
    saturation : Saturation
    sources : SourceTable
        What sources of drinking water are judged by beside `table`.
    """

    table: WaterTable
    real_time: RealTime
    saturation: Saturation
    sources: SourceTable

    @property
    def worst(self) -> int:
        """Number of the class worse than all (劣Ⅴ) [-]."""
        return len(self.table.classes) + 1

    def limit(self, item: str, water_body: WaterBody) -> WaterLimit | None:
        """Row an item is judged by in a kind of water body; None where it is not judged.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
        >>> row = standard.limit("tp", "lake")
        >>> row.limits if row else None
        (0.01, 0.025, 0.05, 0.1, 0.2)
        """
        for row in self.table.rows:
            if row.item == item and row.compare != "not_judged" and row.water_body in {None, water_body}:
                return row
        return None
