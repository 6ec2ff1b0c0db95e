"""A broker that lets us in but not read: nothing would ever arrive, so it must be said."""

from __future__ import annotations

import socket
from pathlib import Path
from threading import Thread

from tests.support.service import Service

CONNACK = bytes.fromhex("20 02 00 00")
REFUSED = 0x80


def _refuse(server: socket.socket) -> None:
    """Answer one client: welcome, then no to its subscription; it may stay until it leaves."""
    connection, _ = server.accept()
    with connection:
        connection.recv(1024)
        connection.sendall(CONNACK)
        subscribe = connection.recv(1024)
        connection.sendall(bytes([0x90, 3, *subscribe[2:4], REFUSED]))
        while connection.recv(1024):
            pass


def test_a_subscription_that_the_broker_refuses_is_said(tmp_path: Path) -> None:
    """With the topics and what would do."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        broker = Thread(target=_refuse, args=(server,), name="broker")
        broker.start()
        collector = Service(tmp_path, server.getsockname()[1], ["collect"])
        try:
            collector.start(wait=False)
            collector.wait_until(lambda: "subscription refused by the broker" in collector.told(), "say so")
            collector.stop()
        finally:
            collector.kill()
            broker.join()
    assert "topics=qingchuan/+/+" in collector.told()
    assert "let broker.username read them there" in collector.told()
