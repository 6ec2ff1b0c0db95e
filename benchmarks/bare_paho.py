"""A paho client that takes messages, does nothing with them and acknowledges: what `ingest_vs_bare_paho` is against.

A program of its own, ``python -m benchmarks.bare_paho PORT CLIENT_ID COUNT``; it prints its messages a second.
"""

from __future__ import annotations

import sys
import time

from paho.mqtt.client import Client, MQTTMessage

from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.settings import BrokerSettings


def drain(port: int, client_id: str, count: int) -> float:
    """Messages a second, from the connection to the last of `count` messages."""
    client = mqtt_client(BrokerSettings(), client_id, clean_session=False, manual_ack=False)
    left, began = count, 0.0

    def on_connect(*_: object) -> None:
        nonlocal began
        began = time.perf_counter()

    def on_message(client: Client, _data: object, _message: MQTTMessage) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            client.disconnect()

    client.on_connect = on_connect
    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.loop_forever()
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    print(drain(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
