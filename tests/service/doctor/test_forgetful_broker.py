"""Faults that no Mosquitto has: a broker that keeps no session, or grants less than it is asked for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.support.examining import look, patient_of

CONNACK = bytes([0x20, 2, 0, 0])


@contextmanager
def _forgetful(granted: int) -> Iterator[int]:
    """A broker that keeps no session, and answers each subscription by `granted`; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_serve, args=(server, granted), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(20)


def _serve(server: socket.socket, granted: int) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            while packet := connection.recv(1024):
                if packet[0] == 0x10:
                    connection.sendall(CONNACK)
                elif packet[0] == 0x82:
                    connection.sendall(bytes([0x90, 3, *packet[2:4], granted]))


def test_a_broker_that_forgets_the_session_is_a_problem(tmp_path: Path) -> None:
    """What came while we are away would be lost."""
    with _forgetful(1) as port, patient_of(tmp_path, {"broker.port": port}) as patient:
        patient.may_try = True
        assert look("broker-session", patient).verdict == "problem"


@pytest.mark.parametrize(("granted", "verdict"), [(0x80, "problem"), (0, "problem"), (1, "ok")])
def test_a_subscription_that_is_refused_or_granted_less_is_a_problem(
    tmp_path: Path, granted: int, verdict: str
) -> None:
    """QoS 0 loses with each broken connection."""
    with _forgetful(granted) as port, patient_of(tmp_path, {"broker.port": port}) as patient:
        assert look("broker-subscription", patient).verdict == verdict
