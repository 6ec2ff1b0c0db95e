"""The loop that tutorials show: json, a Point, the batching writer. What `ingest_vs_tutorial` is against.

A program of its own, ``python -m benchmarks.tutorial PORT CLIENT_ID COUNT URL``; it prints its messages a second.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from importlib import import_module

from paho.mqtt.client import Client, MQTTMessage

from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.settings import BrokerSettings


def drain(port: int, client_id: str, count: int, url: str) -> float:
    """Messages a second, from the connection until the server has all of `count` messages.

    Raises
    ------
    RuntimeError
        It has not.
    """
    influx = import_module("influxdb_client")
    client = mqtt_client(BrokerSettings(), client_id, clean_session=False, manual_ack=False)
    database = influx.InfluxDBClient(url=url, token="token", org="org")  # noqa: S106 - nobody asks for it
    writer = database.write_api(write_options=influx.WriteOptions(batch_size=5000, flush_interval=1000))
    left, began = count, 0.0

    def on_connect(*_: object) -> None:
        nonlocal began
        began = time.perf_counter()

    def on_message(client: Client, _data: object, message: MQTTMessage) -> None:
        nonlocal left
        told = json.loads(message.payload)
        point = influx.Point("air").tag("station", message.topic.split("/")[1])
        for item, value in told.get("values", {"announced": 1}).items():
            point.field(item, float(value))
        writer.write(bucket="bucket", record=point.time(told.get("end")))
        left -= 1
        if left == 0:
            client.disconnect()

    client.on_connect = on_connect
    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.loop_forever()
    writer.close()
    seconds = time.perf_counter() - began
    with urllib.request.urlopen(f"{url}/count") as answer:  # noqa: S310 - our own stub
        arrived = int(answer.read())
    if arrived != count:
        raise RuntimeError(f"{arrived} of {count} points arrived")
    return count / seconds


if __name__ == "__main__":
    print(drain(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]))
