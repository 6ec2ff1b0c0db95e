"""Cells of a file to values: numbers in our units, digit for digit, flags, and what lies below a detection limit."""

from __future__ import annotations

import re
from typing import NamedTuple

from qingchuan.collector.importing.mapping import FileMapping
from qingchuan.collector.numbers import as_json, is_plausible, why_not
from qingchuan.collector.refusal import RefusedError
from qingchuan.processing import catalogue, flags, units
from qingchuan.processing.item_names import Medium, by_name
from qingchuan.store.flag_texts import LESS_THAN
from qingchuan.store.import_messages import Told

_LESS = re.compile(r"(?:[<＜]\s*(?P<before>[\d.]+)|(?P<behind>[\d.]+)\s*[LＬ])")
"""``<0.004``, or as laboratories write it (检出限加标志位L): ``0.004L``."""


class Cell(NamedTuple):
    """What a file says of a value.

    Attributes
    ----------
    item : str
    text : str
        The value.
    unit : str or None
        Of value and limit; None for that of the catalogue.
    flag, limit, method : str
        Empty where nothing is said.
    """

    item: str
    text: str
    unit: str | None = None
    flag: str = ""
    limit: str = ""
    method: str = ""


class Values:
    """Makes values by a mapping.

    Parameters
    ----------
    mapping : FileMapping
    """

    def __init__(self, mapping: FileMapping) -> None:
        self._missing = frozenset(mapping.missing)
        self._flags = mapping.flags
        self._words = frozenset(word.casefold() for word in mapping.detection.words)
        self._limits = mapping.detection.limits

    def __call__(self, cell: Cell) -> str | Told | None:
        """The value of a cell; None where it is missing.

        Raises
        ------
        RefusedError
            It is no number, or none that can be; or its unit or flag is not known.
        """
        text = cell.text.strip()
        if text in self._missing:
            return None
        less = _LESS.fullmatch(text)
        below = less is not None or text.casefold() in self._words
        if less is not None:
            number = _in_our_unit(cell.item, less["before"] or less["behind"], cell.unit)
        elif below:
            number = self._limit(cell, text)
        else:
            number = _in_our_unit(cell.item, text, cell.unit)
        flag = self._flag(cell)
        if not below and flag == flags.NOT_EVALUATED and not cell.method:
            return number
        return Told(number, flag, LESS_THAN if below else "", cell.method.strip())

    def _limit(self, cell: Cell, text: str) -> str:
        """The detection limit of a value that says no more than that less was found."""
        told = cell.limit.strip().lstrip("<＜").rstrip("LＬ").strip()
        if told not in self._missing:
            return _in_our_unit(cell.item, told, cell.unit)
        limit = self._limits.get(cell.item)
        if limit is None:
            reason = (
                f"{cell.item} is {text!r} and its detection limit is not told; a column of limits, or "
                f"{cell.item} in [detection.limits] of the mapping, would do"
            )
            raise RefusedError("wrong-value", reason)
        return _in_our_unit(cell.item, limit, None)

    def _flag(self, cell: Cell) -> int:
        text = cell.flag.strip()
        if text in self._flags:
            return self._flags[text]
        if text in self._missing:
            return flags.NOT_EVALUATED
        if text in map(str, flags.ALL):
            return int(text)
        hint = "name it in [flags] of the mapping with a flag of QARTOD: 1, 2, 3, 4 or 9"
        raise RefusedError("wrong-value", f"the flag of {cell.item} is {text[:40]!r}; {hint}")


def _in_our_unit(item: str, text: str, unit: str | None) -> str:
    number = as_json(text)
    if number is None:
        raise RefusedError("wrong-value", f"{item} is {text[:40]!r}; a number such as 0.35 would do")
    ours = catalogue.item(item).unit
    try:
        found = units.convert(number, unit, ours) if unit is not None else number
    except units.UnitError as error:
        raise RefusedError("wrong-value", f"{item} is {number} {unit}: {error}") from error
    if not is_plausible(item, found):
        raise RefusedError("wrong-value", why_not(item, found))
    return found


def item_of(text: str, items: dict[str, str], medium: Medium | None = None) -> str:
    """Our item for a name of a file, by `items` or the catalogue; empty where it is left out.

    Where items are called alike, that of `medium` is meant.

    Raises
    ------
    RefusedError
        Nothing is called so.

    Examples
    --------
    >>> item_of("总磷", {}), item_of("流速", {"流速": ""})
    ('tp', '')
    """
    name = text.strip()
    if name in items:
        return items[name]
    found = by_name(name, medium)
    if found is None:
        hint = "name our item for it in [long.items] of the mapping, or leave it empty there"
        raise RefusedError("unknown-item", f"item {name[:60]!r} is not known; {hint}")
    return found.key
