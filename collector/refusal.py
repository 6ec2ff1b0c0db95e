"""Why something that arrived was not taken, in words for the person who can mend it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from qingchuan.store.messages import Message

Code = Literal[
    "not-json",
    "not-cbor",
    "not-protobuf",
    "wrong-shape",
    "wrong-frame",
    "wrong-password",
    "wrong-time",
    "future",
    "unknown-topic",
    "wrong-topic",
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
    sender : str
        Who told it, as the sender calls itself; empty where that is the subject, or not known.
    """

    item: str
    code: Code
    reason: str
    sender: str = ""


class Refusal(msgspec.Struct, frozen=True):
    """What the gateway did not take, as a message of the journal: it must never be decoded again as if it were good.

    Attributes
    ----------
    code, reason : str
    received : bytes
        As it arrived.
    """

    code: Code
    reason: str
    received: bytes


class Named(NamedTuple):
    """What a payload says of itself, as far as that can be read.

    Attributes
    ----------
    number : int or None
        Its ``seq``.
    start : int or None
        Where its period begins, or its instant. [s since 1970-01-01 UTC]
    moment : int or None
        The latest moment that it tells of. [s since 1970-01-01 UTC]
    """

    number: int | None = None
    start: int | None = None
    moment: int | None = None


NOTHING = Named()


class Why(msgspec.Struct, gc=False):
    """Why a message was not taken.

    Attributes
    ----------
    code : str
        Kind of the reason.
    reason : str
        What has which value, and what would do.
    values : tuple of RefusedValue
        The values that were refused first, if the message has none left for that.
    moment : int or None
        The time that it names, if that is what is wrong. [s since 1970-01-01 UTC]
    named : Named
        What the message says of itself.
    """

    code: Code
    reason: str
    values: tuple[RefusedValue, ...] = ()
    moment: int | None = None
    named: Named = NOTHING

    def error(self) -> RefusedError:
        """The same as an error."""
        return RefusedError(self.code, self.reason, self.values, self.moment)


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
    moment : int or None
        The time that it names, if that is what is wrong. [s since 1970-01-01 UTC]
    """

    def __init__(
        self, code: Code, reason: str, values: tuple[RefusedValue, ...] = (), moment: int | None = None
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.values = values
        self.moment = moment

    def why(self, named: Named = NOTHING) -> Why:
        """The same without an error, of a message that says `named` of itself."""
        return Why(self.code, self.reason, self.values, self.moment, named)


def refusal_of(source: str, refused: RefusedError, received: bytes) -> Message:
    """The message that says what was refused, and why.

    Examples
    --------
    >>> refusal_of("gateway", RefusedError("wrong-frame", "no frame"), b"noise").payload
    b'{"code":"wrong-frame","reason":"no frame","received":"bm9pc2U="}'
    """
    told = Refusal(refused.code, refused.reason, received)
    return Message("refused", source, "", msgspec.json.encode(told))
