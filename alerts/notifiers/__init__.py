"""Notifiers: each module here sends notices over one kind of channel. A new channel is one new module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Body = Mapping[str, Any]
"""A notice as `docs/webhook.md` describes it."""


class DeliveryError(Exception):
    """A notice was not delivered.

    Parameters
    ----------
    message : str
        For the person who runs the service; it names the other side, but holds no secret.
    permanent : bool
        Whether trying again is of no use.
    arrived : bool
        Whether the other side may have it all the same, so that another attempt may repeat it.
    """

    def __init__(self, message: str, *, permanent: bool, arrived: bool = True) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.arrived = arrived


class Notifier(Protocol):
    """Sends notices to one target."""

    def send(self, body: Body) -> None:
        """Deliver one notice, within seconds.

        Raises
        ------
        DeliveryError
            It was not delivered, as far as one can tell.
        """
        ...
