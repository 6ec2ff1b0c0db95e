"""Words that explanations of all figures share."""

from __future__ import annotations


def many(number: int, one: str) -> str:
    """A number of things, in English.

    Examples
    --------
    >>> many(1, "valid day"), many(0, "valid day")
    ('1 valid day', '0 valid days')
    """
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def signed(value: float, decimals: int) -> str:
    """A difference as it is shown, always with its sign.

    Examples
    --------
    >>> signed(-11.1, 1), signed(0.0, 1)
    ('−11.1', '+0.0')
    """
    return f"{value:+.{decimals}f}".replace("-", "−")
