"""Running several processes of ours as one."""

from __future__ import annotations

import os
import socket
import sys
from threading import Event, Timer

import pytest

from qingchuan.service.settings import Address
from qingchuan.service.supervisor import PortInUseError, Process, check_free, supervise


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_process_that_fails_again_and_again_is_given_up_and_ends_all() -> None:
    """A service that cannot start says so with its exit code."""
    process = Process(["no-such-command"], _environment())
    assert supervise([process], Event()) == 1


def test_processes_stop_when_told_to(tmp_path: os.PathLike[str]) -> None:
    """A clean stop ends with 0."""
    environment = {**_environment(), "QINGCHUAN_DATA": str(tmp_path), "QINGCHUAN_LOG__LEVEL": "error"}
    stop = Event()
    Timer(3, stop.set).start()
    assert supervise([Process(["collect"], environment)], stop) == 0


def test_an_address_that_is_taken_is_named_with_another_that_would_do() -> None:
    """Two demos on one machine are easy to set right."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"such as QINGCHUAN_API__LISTEN=127.0.0.1:{port + 1}"):
            check_free(Address("127.0.0.1", port), "api.listen")
    check_free(Address("127.0.0.1", port), "api.listen")
