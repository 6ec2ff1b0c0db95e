"""Units (being written by the helper of units)."""

from __future__ import annotations


class UnitError(ValueError):
    """A unit that is not known, or of another quantity."""


def convert(text: str, unit: str, to: str) -> str:
    """The number `text` of `unit` in the unit `to`."""
    if unit == to:
        return text
    raise UnitError(f"unit is {unit}; {to} would do")
