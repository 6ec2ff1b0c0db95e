"""What every edition of a standard says about itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

Family = Literal[
    "hj633",
    "hj663",
    "gb3095",
    "gb3838",
    "hb2011_22",
    "epa",
    "cnemc2020_90",
    "hb2020_82",
    "sl395",
    "hb2016_120",
    "trophic",
    "hb2017_51",
    "hb2018_19",
    "black_odorous",
    "yangtze",
    "warning_scope",
    "heavy_pollution",
]
"""Standards that replace one another; an edition of one is named after its data file, such as ``hj633_2026``."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clause or table of a document: where it stands, so that a reader can look it up.

    Attributes
    ----------
    clause : str
        Clause and table.
    page : int or None
        As printed on it; None where the document is not at hand.
    remark : str
        What a reader should know who holds it beside the document.
    """

    clause: str
    page: int | None = None
    remark: str = ""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person reads, in Chinese and in English.

    Examples
    --------
    >>> Text("优", "Excellent").zh
    '优'
    """

    zh: str
    en: str


class Edition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """An edition of a standard.

    Attributes
    ----------
    name : str
        Of its data file.
    family : Family
    document : str
        As printed, such as ``HJ 633—2026``.
    title : Text
    issued, in_force : date
    in_force_until : date or None
        First day on which it is in force no longer.
    applied_from : date or None
        First day that it judges, where that is before it came into force everywhere.
    source : str
        Where the text was read.
    typed_by, checked_by : str
        How the numbers got here, and how they were checked by another way.
    """

    name: str
    family: Family
    document: str
    title: Text
    issued: date
    in_force: date
    in_force_until: date | None = None
    applied_from: date | None = None
    source: str
    typed_by: str
    checked_by: str

    def covers(self, day: date) -> bool:
        """Whether data of a day are judged by this edition.

        Examples
        --------
        >>> from datetime import date
        >>> from qingchuan.processing import standards
        >>> standards.load("hj633_2026").covers(date(2026, 2, 28))
        False
        """
        begins = self.applied_from or self.in_force
        return begins <= day and (self.in_force_until is None or day < self.in_force_until)


class Numbered(Protocol):
    """A row with a number, by which results name it."""

    @property
    def number(self) -> int:
        """From 1 on [-]."""


_Row = TypeVar("_Row", bound=Numbered)


def numbered(rows: Sequence[_Row], number: int, what: str) -> _Row | None:
    """Row of a number; None for 0, by which results say that there is none.

    Parameters
    ----------
    rows : sequence of Numbered
        With the numbers from 1 on, in any order.
    number : int
        [-]
    what : str
        What the rows are, for the message.

    Raises
    ------
    LookupError
        There is no row of this number.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rows = standards.load("hb2011_22", standards.WaterStatus).classes.rows
    >>> numbered(rows, 5, "the class").name, numbered(rows, 0, "the class")
    ('Ⅴ', None)
    """
    for row in rows:
        if row.number == number:
            return row
    if number:
        raise LookupError(f"{what} has the number {number}; it is 1 … {len(rows)}, or 0 for none")
    return None
