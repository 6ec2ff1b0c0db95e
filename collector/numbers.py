"""What a number is, and which numbers an instrument may tell of an item."""

from __future__ import annotations

import re
from decimal import Decimal

from qingchuan.processing import catalogue

LONGEST = 40
"""Characters of a number, at most."""

_LARGEST_EXPONENT = 30
_STARTS = frozenset("-0123456789")
_JSON = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,9})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)


def is_number(text: str) -> bool:
    """Whether `text`, which is a JSON value, is a number of a size that is worked with.

    Examples
    --------
    >>> is_number("0.70"), is_number("1e999999999"), is_number("null")
    (True, False, False)
    """
    if text[:1] not in _STARTS or len(text) > LONGEST:
        return False
    exponent = text.lower().partition("e")[2]
    return abs(int(exponent or 0)) <= _LARGEST_EXPONENT


def as_json(text: str) -> str | None:
    """The number `text` as JSON writes it, digit for digit; None where it is no number.

    Examples
    --------
    >>> as_json("0.70"), as_json("007.50"), as_json("+.5"), as_json("1e-3"), as_json("N/A")
    ('0.70', '7.50', '0.5', '1e-3', None)
    """
    if _JSON.fullmatch(text) and is_number(text):
        return text
    written = text.strip()
    if len(written) > LONGEST or not _DECIMAL.fullmatch(written):
        return None
    return format(Decimal(written), "f")


def is_plausible(item: str, text: str) -> bool:
    """Whether an instrument may tell the number `text` of `item`.

    Examples
    --------
    >>> is_plausible("pm25", "35"), is_plausible("pm25", "-9999")
    (True, False)
    """
    least, largest = catalogue.item(item).plausible
    return least <= float(text) <= largest


def why_not(item: str, text: str) -> str:
    """What is wrong with a value that is no number, or that no instrument tells.

    Examples
    --------
    >>> why_not("pm25", "-9999")  # doctest: +ELLIPSIS
    'pm25 is -9999; an instrument tells -20 to 10000 µg/m³ (processing/catalogue.toml), and an item that is missing ...'
    """
    unit, shown = catalogue.item(item).unit, text[:LONGEST]
    if not is_number(text):
        hint = "leave out an item that is missing" if text in ("null", '"NaN"') else "a value is a finite JSON number"
        return f"{item} is {shown}; {hint}, {f'in {unit}' if unit else 'without a unit'}"
    least, largest = catalogue.item(item).plausible
    hint = f"an instrument tells {least:g} to {largest:g}{f' {unit}' if unit else ''} (processing/catalogue.toml)"
    return f"{item} is {shown}; {hint}, and an item that is missing is left out"
