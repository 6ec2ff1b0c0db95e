"""Publishes messages in a thread of its own, a part at a time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Self

from paho.mqtt.client import Client

from qingchuan.simulators.publisher import Outgoing, publish
from tests.support.publishing import publishing

PATIENCE = 60.0  # [s] for the broker to take a part


class Speaker:
    """Publishes `messages` with QoS 1, in their order, as far as it was told to.

    Parameters
    ----------
    port : int
        Of the broker on 127.0.0.1.
    messages : sequence of (topic, payload, retained)
    """

    def __init__(self, port: int, messages: Sequence[Outgoing]) -> None:
        self._port = port
        self._messages = messages
        self._said = 0
        self._open = ExitStack()

    def say(self, count: int | None = None, *, wait: bool = True) -> None:
        """Publish `count` messages more (None: all that are left), and wait until the broker has acknowledged them."""
        end = len(self._messages) if count is None else self._said + count
        part, self._said = self._messages[self._said : end], end
        last: Future[int] = self._thread.submit(publish, part, self._client, window=100)
        if wait:
            last.result(PATIENCE)

    def __enter__(self) -> Self:
        """Connect."""
        self._client: Client = self._open.enter_context(publishing("127.0.0.1", self._port, "stations"))
        self._thread = self._open.enter_context(ThreadPoolExecutor(1, "speaker"))
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect when what was to be published is."""
        self._open.close()
