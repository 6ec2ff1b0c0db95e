"""城市黑臭水体整治工作指南: when water is black and odorous, and how badly."""

from __future__ import annotations

from typing import Literal

import msgspec

from qingchuan.processing.standards.edition import Edition, Part, Text, numbered


class BlackOdorousItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the table.

    Attributes
    ----------
    item, zh : str
        Key and Chinese name.
    unit : str
        As printed, and that of the catalogue.
    compare : {"at_least", "at_most"}
        How a value stands to `light` where the water is not black and odorous.
    light, heavy : float
        A value beyond `light` is of the light level, one beyond `heavy` of the heavy one; the bound itself belongs to
        the better side. [unit]
    """

    item: str
    zh: str
    unit: str
    compare: Literal["at_least", "at_most"]
    light: float
    heavy: float

    def __post_init__(self) -> None:
        if self.light == self.heavy or (self.light > self.heavy) != (self.compare == "at_least"):
            raise ValueError(f"item {self.item!r} has light {self.light}, heavy {self.heavy}; heavy lies beyond light")


class BlackOdorousTable(Part, frozen=True, kw_only=True):
    """The table as printed: a row an item."""

    rows: tuple[BlackOdorousItem, ...]


class ShallowWater(Part, frozen=True, kw_only=True):
    """The other limit where the water is shallow.

    Attributes
    ----------
    item : str
        What is judged by the depth.
    below : float
        Depth below which it is. [unit of the item]
    share : int
        Share of the depth below which a value is of the heavy level. [%]
    """

    item: str
    below: float
    share: int


class PointRule(Part, frozen=True, kw_only=True):
    """When a point is of the heavy level.

    Attributes
    ----------
    one_item, several_items : int
        Share of heavy data that one item must have, or each of several. [%]
    several : int
        How many items these are at least. [-]
    samples : int
        How many samples a point needs at least. [-]
    """

    one_item: int
    several_items: int
    several: int
    samples: int


class WaterBodyRule(Part, frozen=True, kw_only=True):
    """When a reach or the whole water body is of the heavy level.

    Attributes
    ----------
    consecutive : int
        How many neighbouring heavy points make the reach between them heavy. [-]
    share : int
        Share of heavy points that makes the whole water body heavy. [%]
    points : int
        How many points a water body needs at least. [-]
    """

    consecutive: int
    share: int
    points: int


class BlackOdorousLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A level: 1 not black and odorous, 2 light, 3 heavy."""

    number: int
    level: Text


class BlackOdorousLevels(Part, frozen=True, kw_only=True):
    """The levels from good to bad."""

    rows: tuple[BlackOdorousLevel, ...]


class BlackOdorousWater(Edition, frozen=True, kw_only=True):
    """An edition of 城市黑臭水体整治工作指南."""

    table: BlackOdorousTable
    shallow: ShallowWater
    point: PointRule
    water_body: WaterBodyRule
    levels: BlackOdorousLevels

    @property
    def items(self) -> tuple[str, ...]:
        """Keys of the items, as the table lists them."""
        return tuple(row.item for row in self.table.rows)

    def level(self, number: int) -> BlackOdorousLevel | None:
        """Level of a number; None for 0, where nothing was measured.

        Raises
        ------
        LookupError
            There is no level of this number.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> found = standards.load("black_odorous_2015", standards.BlackOdorousWater).level(3)
        >>> found.level.zh if found else None
        '重度黑臭'
        """
        return numbered(self.levels.rows, number, "the level")
