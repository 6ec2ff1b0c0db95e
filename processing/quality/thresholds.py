"""The thresholds of the quality tests as data: ours as they ship, or those of a bureau in the same form."""

from __future__ import annotations

import functools
import math
import tomllib
from datetime import date
from importlib import resources
from typing import Annotated, Literal

import msgspec

from qingchuan.processing import catalogue
from qingchuan.processing.standards.edition import Text

_Count = Annotated[int, msgspec.Meta(ge=1)]
_Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Positive = Annotated[float, msgspec.Meta(gt=0)]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Thresholds of a test.

    Attributes
    ----------
    evidence : str
        Key of what the numbers rest on.
    """

    evidence: str


class GrossRange(Rule, frozen=True, kw_only=True):
    """Least and largest value that is not suspect [unit of the item]; outside the catalogue's range a value is bad."""

    suspect: tuple[float, float]


class Negative(Rule, frozen=True, kw_only=True):
    """How far below zero the zero may drift [unit of the item]."""

    drift: float


class Zero(Rule, frozen=True, kw_only=True):
    """What a zero is."""

    flag: Literal["suspect", "bad"]


class Spike(Rule, frozen=True, kw_only=True):
    """By which method and how far a value may stand out [unit of the item]."""

    method: Literal["average", "differential"]
    suspect: float
    fail: float = math.inf


class RateOfChange(Rule, frozen=True, kw_only=True):
    """How fast a value may change [unit of the item per hour]."""

    suspect: float
    fail: float = math.inf


class FlatLine(Rule, frozen=True, kw_only=True):
    """How long a line may be flat [h], the tolerance [unit of the item], and how much of it must be there [%]."""

    suspect_hours: float
    fail_hours: float = math.inf
    tolerance: float
    present: _Percent


class Constant(Rule, frozen=True, kw_only=True):
    """In how many further periods a value must not be the same [-]; a period is the cycle of the item."""

    further: _Count


class OutlierLarge(Rule, frozen=True, kw_only=True):
    """How far back [d], which multiple of the mean, and how many values a history must have [-]."""

    days: _Count
    factor: _Positive
    at_least: _Count


class Network(Rule, frozen=True, kw_only=True):
    """How far from its neighbours a station may be, how many it must have, their least spread [unit of the item]."""

    threshold: float
    at_least: _Count
    least_spread: _Positive
    consistency: _Positive


class ItemThresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Thresholds of an item; a test that is left out is not run on it.

    Attributes
    ----------
    key : str
        Of the catalogue.
    """

    key: str
    gross_range: GrossRange | None = None
    negative: Negative | None = None
    zero: Zero | None = None
    spike: Spike | None = None
    rate_of_change: RateOfChange | None = None
    flat_line: FlatLine | None = None
    constant: Constant | None = None
    outlier_large: OutlierLarge | None = None
    network: Network | None = None

    def rules(self) -> tuple[Rule, ...]:
        """Thresholds of its tests."""
        return tuple(rule for rule in map(self.__getattribute__, self.__struct_fields__) if isinstance(rule, Rule))


class Logic(Rule, frozen=True, kw_only=True):
    """Two items of which one is a part of the other, and by how much it may be larger [unit of both].

    Attributes
    ----------
    part, whole : str
        Keys of the catalogue.
    tolerance : float
    on_entry : bool
        Whether the pair is tested when values come in: what is suspect then does not count in any figure.
    """

    part: str
    whole: str
    tolerance: float
    on_entry: bool = True


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Thresholds of the quality tests.

    Attributes
    ----------
    name : str
        Of the file.
    title : Text
    issued : date
    source, typed_by, checked_by : str
        Where the numbers are from, how they got here, and how they were checked by another way.
    evidence : dict of str to str
        What the numbers rest on, by key.
    items : tuple of ItemThresholds
    logic : tuple of Logic
    """

    name: str
    title: Text
    issued: date
    source: str
    typed_by: str
    checked_by: str
    evidence: dict[str, str]
    items: tuple[ItemThresholds, ...]
    logic: tuple[Logic, ...] = ()

    def __post_init__(self) -> None:
        rules = [rule for entry in self.items for rule in entry.rules()] + list(self.logic)
        for rule in rules:
            if rule.evidence not in self.evidence:
                known = ", ".join(self.evidence)
                raise ValueError(f"the evidence has the key {rule.evidence!r}; known are {known} ([evidence])")
            _check_numbers(rule)
        for entry in self.items:
            _check_item(entry)
        for pair in self.logic:
            if catalogue.item(pair.part).unit != catalogue.item(pair.whole).unit:
                raise ValueError(f"{pair.part} has another unit than {pair.whole}; a part has that of its whole")

    def of(self, key: str) -> ItemThresholds:
        """Thresholds of an item; none where it has no entry.

        Examples
        --------
        >>> shipped().of("ph").zero.flag, shipped().of("copper").rules()
        ('bad', ())
        """
        return next((entry for entry in self.items if entry.key == key), ItemThresholds(key=key))

    def on_entry(self) -> Thresholds:
        """Those by which values are judged when they come in.

        Examples
        --------
        >>> [(pair.part, pair.whole) for pair in shipped().on_entry().logic]
        [('nh3n', 'tn')]
        """
        pairs = tuple(pair for pair in self.logic if pair.on_entry)
        return self if pairs == self.logic else msgspec.structs.replace(self, logic=pairs)


@functools.cache
def shipped() -> Thresholds:
    """Thresholds as they ship with the program: `thresholds.toml` beside this file.

    Examples
    --------
    >>> shipped().of("co").negative.drift
    0.3
    """
    text = resources.files("qingchuan.processing.quality").joinpath("thresholds.toml").read_text(encoding="utf-8")
    return read(text, "thresholds")


def read(text: str, name: str) -> Thresholds:
    """Thresholds of a TOML text.

    Parameters
    ----------
    text : str
        In the form of the file that ships.
    name : str
        What an explanation calls it.

    Raises
    ------
    msgspec.ValidationError
        A key or number is not one that is known, or contradicts the catalogue.
    tomllib.TOMLDecodeError
        The text is no TOML.
    """
    return msgspec.convert({"name": name, **tomllib.loads(text)}, Thresholds)


def _check_numbers(rule: Rule) -> None:
    for field in rule.__struct_fields__:
        value = getattr(rule, field)
        if isinstance(value, (int, float)) and not value >= 0:
            raise ValueError(f"{field} has the value {value}; a threshold is 0 or more")
    if isinstance(rule, (Spike, RateOfChange)) and rule.fail < rule.suspect:
        raise ValueError(f"fail has the value {rule.fail}; it is {rule.suspect} or more, as what is bad is suspect too")
    if isinstance(rule, FlatLine) and rule.fail_hours < rule.suspect_hours:
        raise ValueError(f"fail_hours has the value {rule.fail_hours}; it is {rule.suspect_hours} or more")


def _check_item(entry: ItemThresholds) -> None:
    try:
        least, most = catalogue.item(entry.key).plausible
    except catalogue.UnknownItem as unknown:
        raise ValueError(str(unknown)) from None
    inner = entry.gross_range.suspect if entry.gross_range else (least, most)
    if not least <= inner[0] <= inner[1] <= most:
        raise ValueError(f"{entry.key} has the suspect range {inner}; it lies within the plausible one {(least, most)}")
