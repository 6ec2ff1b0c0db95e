"""The loop that tutorials show: json, a Point, the batching writer. What `ingest_vs_tutorial` is against.

A program of its own, ``python -m benchmarks.tutorial PORT CLIENT_ID COUNT URL TOKEN ORG BUCKET``; it prints its
messages a second.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import NamedTuple

from paho.mqtt.client import Client, MQTTMessage

from qingchuan.service.mqtt import mqtt_client
from qingchuan.service.settings import BrokerSettings


class Place(NamedTuple):
    """Where the points go.

    Attributes
    ----------
    url, token, org, bucket : str
    """

    url: str
    token: str
    org: str
    bucket: str


def drain(port: int, client_id: str, count: int, place: Place) -> float:
    """Messages a second, from the connection until the writer has written all of `count` messages."""
    influx = import_module("influxdb_client")
    client = mqtt_client(BrokerSettings(), client_id, clean_session=False, manual_ack=False)
    database = influx.InfluxDBClient(url=place.url, token=place.token, org=place.org)
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
        writer.write(bucket=place.bucket, record=point.time(told.get("end")))
        left -= 1
        if left == 0:
            client.disconnect()

    client.on_connect = on_connect
    client.on_message = on_message
    client.connect("127.0.0.1", port)
    client.loop_forever()
    writer.close()
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    print(drain(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Place(*sys.argv[4:])))
