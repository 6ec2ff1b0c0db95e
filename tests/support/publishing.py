"""A client that publishes, as a station would have one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from qingchuan.simulators.publisher import connected


@contextmanager
def publishing(host: str, port: int, name: str, *, timeout: float = 20.0) -> Iterator[Client]:
    """A connected client of the id `name`."""
    client = Client(CallbackAPIVersion.VERSION2, name)
    with connected(client, host, port, timeout=timeout):
        yield client
