"""环办监测〔2018〕19号: the composite index of cities (环境空气质量综合指数), and the rankings that use it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Literal, NamedTuple

import msgspec

from qingchuan.processing import catalogue
from qingchuan.processing.standards.air_limits import Grade
from qingchuan.processing.standards.edition import Edition, Part, Text


class IndexRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """An item of the index: its limit, the decimals of its concentration, its weight, and its statistic.

    Attributes
    ----------
    item : str
    limit : float
        What the concentration is divided by. [unit of the item]
    decimals : int
        Of the concentration. [-]
    weight : float
        Of the single index in the composite one. [-]
    percent : int or None
        The percentile of the days that is the concentration; None where their mean is. [%]
    """

    item: str
    limit: float
    decimals: int
    weight: float
    percent: int | None = None

    def __post_init__(self) -> None:
        official = catalogue.item(self.item).decimals
        if self.decimals < official:
            raise ValueError(f"{self.item!r} has {self.decimals} decimals; {official}, those of its days, would do")
        if self.limit <= 0 or self.weight < 0:
            told = f"the limit {self.limit:g} and the weight {self.weight:g}"
            raise ValueError(f"{self.item!r} has {told}; a limit above 0 and a weight of 0 or more would do")

    @property
    def more_decimals(self) -> int:
        """How many decimals more than the days the concentration has. [-]."""
        return self.decimals - catalogue.item(self.item).decimals

    def factor(self, decimals: int) -> Fraction:
        """What a scaled concentration is multiplied by to be a single index in units of its last decimal.

        Examples
        --------
        >>> IndexRow("co", 4, 1, 1, 95).factor(2)
        Fraction(5, 2)
        """
        return Fraction(10) ** (decimals - self.decimals) / Fraction(str(self.limit))


class WholeWeights(NamedTuple):
    """Weights as whole numbers over one denominator.

    Attributes
    ----------
    numerators : tuple of int
        In the order of the items. [-]
    denominator : int
        [-]
    """

    numerators: tuple[int, ...]
    denominator: int


class IndexRule(Part, frozen=True, kw_only=True):
    """How the composite index is computed.

    Attributes
    ----------
    rows : tuple of IndexRow
    decimals : int
        Of a single index and of the composite one. [-]
    """

    rows: tuple[IndexRow, ...]
    decimals: int

    def __post_init__(self) -> None:
        if len(set(self.items)) != len(self.rows) or not sum(row.weight for row in self.rows):
            raise ValueError(f"{self.clause} has the items {', '.join(self.items)}; each once, and one with a weight")

    @property
    def items(self) -> tuple[str, ...]:
        """Keys of its items, in order."""
        return tuple(row.item for row in self.rows)

    @property
    def weights(self) -> WholeWeights:
        """Weights as whole numbers over one denominator."""
        weights = [Fraction(str(row.weight)) for row in self.rows]
        common = lcm(*(weight.denominator for weight in weights))
        return WholeWeights(tuple(int(weight * common) for weight in weights), common)

    @property
    def weighted(self) -> bool:
        """Whether any item weighs more than another, or all weigh other than 1."""
        return any(row.weight != 1 for row in self.rows)

    def row(self, item: str) -> IndexRow:
        """Row of an item.

        Raises
        ------
        LookupError
            The index does not have it.
        """
        found = next((row for row in self.rows if row.item == item), None)
        if found is None:
            raise LookupError(f"the item has the key {item!r}; the index has {', '.join(self.items)} ({self.clause})")
        return found


class OrderRule(Part, frozen=True, kw_only=True):
    """How cities are ordered.

    Attributes
    ----------
    ties : {"competition"}
        Who shares a figure shares a rank, and the next one counts all before it: 1, 1, 3.
    listed : int
        Length of the published lists of the best and of the worst. [-]
    """

    ties: Literal["competition"]
    listed: int


class ChangeRule(Part, frozen=True, kw_only=True):
    """How a change of the index is told, and who is not put on the list of those that got worse.

    Attributes
    ----------
    decimals : int
        Of the change in percent. [-]
    exempt_grade : {1, 2}
        Grade of GB 3095: a city whose items all meet it in the period is not put on the list.
    """

    decimals: int
    exempt_grade: Grade


class CityAirRanking(Edition, frozen=True, kw_only=True):
    """An edition of 城市环境空气质量排名技术规定, or a stated variant of it.

    Attributes
    ----------
    index : IndexRule
    order : OrderRule
    change : ChangeRule
    unconfirmed : tuple of Text
        What rests on results, not on the text, or is not known; callers show it.
    variant : Text or None
        Name of a variant with other limits or weights; callers show it.
    """

    index: IndexRule
    order: OrderRule
    change: ChangeRule
    unconfirmed: tuple[Text, ...]
    variant: Text | None = None

    @property
    def called(self) -> Text:
        """How the rule is called where a figure by it is shown: the document, and the variant.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hb2018_19", CityAirRanking).called.zh
        '环办监测〔2018〕19号'
        """
        if self.variant is None:
            return Text(self.document, self.document)
        return Text(f"{self.document}（{self.variant.zh}）", f"{self.document} ({self.variant.en})")


def with_limits(
    rule: CityAirRanking,
    *,
    name: Text,
    limits: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
) -> CityAirRanking:
    """Variant of a rule with other limits or weights, which says so wherever a figure by it is explained.

    Parameters
    ----------
    rule : CityAirRanking
    name : Text
        Of the variant, in both languages.
    limits : mapping of str to float, optional
        Of some items; the others keep theirs. [unit of the item]
    weights : mapping of str to float, optional
        Of some items; the others keep theirs. [-]

    Returns
    -------
    CityAirRanking

    Raises
    ------
    LookupError
        The index does not have an item.
    ValueError
        The name is empty, a limit is not positive, a weight is negative, or all weights are zero.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2018_19", CityAirRanking)
    >>> tried = with_limits(rule, name=Text("试算", "trial"), limits={"pm25": 30, "pm10": 60}, weights={"pm25": 3})
    >>> tried.index.row("pm25").limit, tried.index.row("so2").limit, tried.index.weighted, tried.called.zh
    (30.0, 60.0, True, '环办监测〔2018〕19号（试算）')
    """
    if not (name.zh and name.en):
        raise ValueError(f"the variant has the name {name!r}; one in Chinese and in English would do, as it is shown")
    limits, weights = limits or {}, weights or {}
    for item in (*limits, *weights):
        rule.index.row(item)
    rows = tuple(
        msgspec.structs.replace(
            row, limit=float(limits.get(row.item, row.limit)), weight=float(weights.get(row.item, row.weight))
        )
        for row in rule.index.rows
    )
    return msgspec.structs.replace(rule, index=msgspec.structs.replace(rule.index, rows=rows), variant=name)
