"""The dead letters of the values of one message: within bounds, whatever a message may tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from qingchuan.collector.refusal import RefusedValue
from qingchuan.store.dead_letters import OTHERS
from qingchuan.store.state import DeadLetter

MOST: Final = 100
"""So many values of a message have a letter each; no station tells so many items, and a payload has room for 90,000."""
_LONGEST_ITEM: Final = 80
_LONGEST_REASON: Final = 2000
_NAMELESS: Final = "?"
"""What a dead letter calls a value that has no name."""


def each(whole: DeadLetter, values: Iterable[RefusedValue]) -> list[DeadLetter]:
    """A letter for each of the `values`, by the first that was said of it; `whole` is that of their message.

    A value may have no name, as a frame that was cut short; without one its letter would be that of the whole.
    """
    told: dict[str, RefusedValue] = {}
    for value in values:
        told.setdefault(shortened(value.item or _NAMELESS, _LONGEST_ITEM), value)
    return [
        whole._replace(item=item, code=value.code, reason=shortened(value.reason, _LONGEST_REASON))
        for item, value in told.items()
    ]


def bounded(letters: Sequence[DeadLetter]) -> list[DeadLetter]:
    """The first of the `letters` of a message, and one that counts the others, if there are any."""
    first, others = list(letters[:MOST]), letters[MOST:]
    return [*first, counted(others)] if others else first


def counted(letters: Sequence[DeadLetter]) -> DeadLetter:
    """One letter that stands for `letters`, of which there is at least one.

    Examples
    --------
    >>> one, other = (DeadLetter(7, item, 0, "t", "unknown-item", "not known") for item in ("a1", "a2"))
    >>> counted([one, other]).reason
    '2 more values were refused; the first of them, a1: not known'
    """
    first = letters[0]
    count = f"{len(letters)} more values were" if len(letters) > 1 else "1 more value was"
    return first._replace(item=OTHERS, reason=f"{count} refused; the first of them, {first.item}: {first.reason}")


def shortened(text: str, longest: int) -> str:
    """`text`, cut to so many characters.

    Examples
    --------
    >>> shortened("pm25", 4), shortened("pm2.5", 4)
    ('pm25', 'pm2…')
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
