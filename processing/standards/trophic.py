"""总站生字〔2001〕090号: the trophic state of lakes and reservoirs (湖泊（水库）营养状态)."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from qingchuan.processing.standards.edition import Edition, Part, Text, numbered


class TrophicItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A formula with its row of the table of correlations.

    Attributes
    ----------
    item, zh, symbol : str
        Key, Chinese name, and how the document writes it.
    unit : str
        Of the value in the formula.
    shift : int
        Powers of ten from the catalogue's unit to `unit`. [-]
    intercept, slope : float
        Of ``10 (intercept + slope ln value)``. [-]
    correlation : str
        With chlorophyll a, as printed. [-]
    """

    item: str
    zh: str
    symbol: str
    unit: str
    shift: int = 0
    intercept: float
    slope: float
    correlation: str


class TrophicFormulas(Part, frozen=True, kw_only=True):
    """The formulas and correlations, a row an item; `scale` stands before the brackets, `decimals` are of a result."""

    scale: int
    decimals: int
    rows: tuple[TrophicItem, ...]

    @property
    def weights(self) -> tuple[Fraction, ...]:
        """Share of each row in the index: its squared correlation in the sum of all [-]."""
        squares = [Fraction(row.correlation) ** 2 for row in self.rows]
        return tuple(square / sum(squares) for square in squares)


class TrophicState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A trophic state.

    Attributes
    ----------
    number : int
        1 … 5, from poor to rich.
    state : Text
    below, up_to : float or None
        Where it ends: the bound itself belongs to the next state after `below`, to this one after `up_to`. [-] Both
        None for the last.
    """

    number: int
    state: Text
    below: float | None = None
    up_to: float | None = None

    def __post_init__(self) -> None:
        if self.below is not None and self.up_to is not None:
            raise ValueError(f"trophic state {self.number} has two ends; give `below` or `up_to`")


class TrophicStates(Part, frozen=True, kw_only=True):
    """The states from poor to rich."""

    rows: tuple[TrophicState, ...]


class TrophicAssessment(Edition, frozen=True, kw_only=True):
    """An edition of 湖泊（水库）富营养化评价方法及分级技术规定."""

    formulas: TrophicFormulas
    states: TrophicStates

    @property
    def items(self) -> tuple[str, ...]:
        """Keys of the items of the index, as the document lists them."""
        return tuple(row.item for row in self.formulas.rows)

    def state(self, number: int) -> TrophicState | None:
        """State of a number; None for 0, where there is none.

        Raises
        ------
        LookupError
            There is no state of this number.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> found = standards.load("trophic_2001", standards.TrophicAssessment).state(3)
        >>> found.state.zh if found else None
        '轻度富营养'
        """
        return numbered(self.states.rows, number, "the trophic state")
