"""Why something that arrived was not taken, in words for the person who can mend it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Code = Literal[
    "not-json",
    "wrong-shape",
    "wrong-frame",
    "wrong-time",
    "future",
    "unknown-topic",
    "unknown-subject",
    "unknown-item",
    "unknown-command",
    "wrong-value",
    "internal",
]


class RefusedValue(NamedTuple):
    """One value that was not taken; the rest of its message was.

    Attributes
    ----------
    item : str
    code : str
    reason : str
    """

    item: str
    code: Code
    reason: str


class RefusedError(Exception):
    """A message that was not taken.

    Attributes
    ----------
    code : str
        Kind of the reason.
    reason : str
        What has which value, and what would do.
    values : tuple of RefusedValue
        The values that were refused first, if the message has none left for that.
    """

    def __init__(self, code: Code, reason: str, values: tuple[RefusedValue, ...] = ()) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.values = values
