"""Somebody who publishes over MQTT, as a station does."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion


class Publisher:
    """A client of the broker at 127.0.0.1:`port` that publishes at QoS 1 below the topic ``qingchuan``."""

    def __init__(self, port: int) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, "test-publisher")
        self._port = port

    def send(self, topic: str, payload: bytes | dict[str, Any], *, retain: bool = False) -> None:
        """Publish and wait until the broker has acknowledged; a dict goes out as JSON."""
        content = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        info = self._client.publish(f"qingchuan/{topic}", content, qos=1, retain=retain)
        info.wait_for_publish(20)
        assert info.is_published(), f"the broker does not acknowledge {topic}"

    def announce(self, subject: str, **fields: Any) -> None:  # noqa: ANN401 - JSON
        """Publish the retained announcement of `subject`; its name is its id if none is given."""
        self.send(f"{subject}/station", {"name": {"zh": subject, "en": subject}, **fields}, retain=True)

    def __enter__(self) -> Self:
        """Connect."""
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()
