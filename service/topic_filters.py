"""Topic filters beside each other: which covers which, and which overlap, so that a broker delivers a message twice."""

from __future__ import annotations

from itertools import zip_longest


def covers(wide: str, narrow: str) -> bool:
    """Whether every topic that fits `narrow` fits `wide` too.

    Examples
    --------
    >>> covers("a/#", "a/+/c"), covers("a/+", "a/#"), covers("a/#", "a")
    (True, False, True)
    """
    for one, other in zip_longest(wide.split("/"), narrow.split("/")):
        if one == "#":
            return True
        if one != other and (one != "+" or other in {None, "#"}):
            return False
    return True


def overlap(one: str, other: str) -> bool:
    """Whether there are topics that fit both.

    Examples
    --------
    >>> overlap("a/+/c", "a/b/+"), overlap("a/+", "a/b/c"), overlap("a/#", "a")
    (True, False, True)
    """
    for here, there in zip_longest(one.split("/"), other.split("/")):
        if "#" in {here, there}:
            return True
        if here != there and ("+" not in {here, there} or None in {here, there}):
            return False
    return True


def without_covered(filters: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `filters` that no other one covers whole.

    Examples
    --------
    >>> without_covered(("qingchuan/+/+", "qingchuan/1235A/hour", "sensors/#", "sensors/#"))
    ('qingchuan/+/+', 'sensors/#')
    """
    different = tuple(dict.fromkeys(filters))
    return tuple(one for one in different if not any(covers(other, one) for other in different if other != one))
