"""The limits of the checks that stations make of themselves, as data: ours as they ship, or those of a bureau."""

from __future__ import annotations

import functools
import tomllib
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Literal

import msgspec

from qingchuan.processing import catalogue
from qingchuan.processing.standards.edition import Part, Text

Figure = Literal["difference", "relative", "recovery"]
Evidence = Literal["A", "B"]
"""A: read in a source that was opened; B: plausible, and no document confirms it."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What passes of some items.

    Attributes
    ----------
    items : tuple of str
    least, largest : str
        Decimal numbers; both pass. [unit of the figure]
    """

    items: tuple[str, ...]
    least: str
    largest: str

    def __post_init__(self) -> None:
        """See that the items are known and the numbers are some."""
        for item in self.items:
            catalogue.item(item)
        if Fraction(self.least) > Fraction(self.largest):
            raise ValueError(f"least has the value {self.least}; it is at most the largest, {self.largest}")


class Rule(Part, frozen=True, kw_only=True):
    """What passes of a kind of check.

    Attributes
    ----------
    kind : str
        Such as ``"zero"``.
    name : Text
    figure : {"difference", "relative", "recovery"}
    decimals : int
        Of the figure, before it meets its limits.
    evidence : {"A", "B"}
    rows : tuple of Row
    """

    kind: str
    name: Text
    figure: Figure
    decimals: int
    evidence: Evidence
    rows: tuple[Row, ...]


class Failure(Part, frozen=True, kw_only=True):
    """What follows from a failed check.

    Attributes
    ----------
    hours : int
        So far back values are bad where no good check says better. [h]
    longest_days : int
        A good check that is older says nothing. [d]
    evidence : {"A", "B"}
    """

    hours: int
    longest_days: int
    evidence: Evidence


class CheckLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The limits of all kinds of checks.

    Attributes
    ----------
    name : str
        Of the file.
    title : Text
    issued : date
    source, typed_by, checked_by : str
    failure : Failure
    rules : tuple of Rule
    """

    name: str
    title: Text
    issued: date
    source: str
    typed_by: str
    checked_by: str
    failure: Failure
    rules: tuple[Rule, ...]

    def find(self, kind: str, item: str) -> tuple[Rule, Row] | None:
        """The rule of a kind of check, and its row for an item; None where nothing judges it.

        Examples
        --------
        >>> shipped().find("zero", "tp")[1].largest, shipped().find("zero", "ph")
        ('0.02', None)
        """
        rows = ((rule, row) for rule in self.rules if rule.kind == kind for row in rule.rows if item in row.items)
        return next(rows, None)


@functools.cache
def shipped() -> CheckLimits:
    """The limits as they ship with the program: `station_checks.toml` beside this file.

    Examples
    --------
    >>> shipped().failure.hours
    24
    """
    text = resources.files("qingchuan.processing.quality").joinpath("station_checks.toml").read_text(encoding="utf-8")
    return read(text, "station_checks")


def read(text: str, name: str) -> CheckLimits:
    """The limits in the text of a file.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        Of the file.

    Raises
    ------
    msgspec.ValidationError
        A key is unknown or missing, an item is not in the catalogue, or a number is none.
    """
    return msgspec.convert({"name": name, **tomllib.loads(text)}, CheckLimits)
