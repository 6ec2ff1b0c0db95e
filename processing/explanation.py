"""How a figure came about: what went in, which rule made it, how it was rounded, and where that is written.

Every figure has a function beside it that explains it: ``good_air_rate`` has ``explain_good_air_rate``. What it returns
is one tree of this type, whatever the figure is, so that page, answer and command line show them all alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from qingchuan.processing.standards.edition import Edition, Part, Text


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is written.

    Attributes
    ----------
    edition : str
        Name of the data file, such as ``hj663_2013``.
    document : str
        As printed, such as ``HJ 663—2013``.
    clause : str
    page : int or None
        None where the document is not at hand.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> Source.of(standard, standard.table)
    Source(edition='hj633_2026', document='HJ 633—2026', clause='4.2.4, table 3', page=3)
    """

    edition: str
    document: str
    clause: str
    page: int | None

    @classmethod
    def of(cls, edition: Edition, part: Part) -> Source:
        """Source of a part of an edition."""
        return cls(edition.name, edition.document, part.clause, part.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How one figure came about.

    Attributes
    ----------
    name : Text
        What it is, such as 优良率 and good-air rate.
    value : int, float, Text, str or None
        The figure as it is published; None where there is none. What is said in words or named, such as a class, is a
        Text, also where both languages write it alike; a str is a time.
    unit : str
        Of `value`, `exact` and `limit`.
    rule : Text
        In a sentence, how it follows from the parts, with the numbers in place.
    source : Source or None
        Where the rule is written; None for what was measured and for what is plain arithmetic.
    exact : Fraction or None
        The figure before it was rounded; None where nothing was rounded.
    decimals : int or None
        To how many it was rounded, half to even. [-]
    valid, expected : int or None
        How many of the inputs were valid, and how many there should be; None where nothing was counted.
    limit : float or None
        What it was compared with.
    parts : tuple of Explanation
        What went in, each explained in the same way.
    """

    name: Text
    value: float | Text | str | None
    unit: str = ""
    rule: Text
    source: Source | None = None
    exact: Fraction | None = None
    decimals: int | None = None
    valid: int | None = None
    expected: int | None = None
    limit: float | None = None
    parts: tuple[Explanation, ...] = ()
