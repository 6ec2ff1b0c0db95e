"""A real Mosquitto that belongs to one test."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

import pytest

from tests.support.ports import unused_port, wait_for_listener

# Queues without a bound and many messages in flight, as a broker in production is to be set. Started by root, Mosquitto
# would become a user that may not write here.
CONFIGURATION = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_queued_messages 0
max_inflight_messages 20000
set_tcp_nodelay true
{user}"""


class Mosquitto:
    """A broker with persistence that can be stopped, killed and started again on the same port.

    Parameters
    ----------
    folder : Path
        Holds configuration, persistence and `mosquitto.log`; made if it is not there.
    more : str
        Lines of configuration that follow the usual ones.
    """

    def __init__(self, folder: Path, more: str = "") -> None:
        self._program = find_mosquitto()
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = folder
        self.host = "127.0.0.1"
        self.port = unused_port()
        self.log = folder / "mosquitto.log"
        folder.mkdir(parents=True)
        user = "user root\n" if os.geteuid() == 0 else ""
        text = CONFIGURATION.format(port=self.port, folder=folder, user=user)
        (folder / "mosquitto.conf").write_text(text + more, encoding="utf-8")

    @property
    def pid(self) -> int:
        """Process id of the running broker."""
        if self._process is None:
            raise RuntimeError("this Mosquitto does not run; call start()")
        return self._process.pid

    def start(self) -> None:
        """Start the broker, with what it had saved, and wait until it listens."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-c", str(self.folder / "mosquitto.conf")], stdout=log, stderr=subprocess.STDOUT
            )
        wait_for_listener(self.port)

    def stop(self) -> None:
        """End the broker in order: it saves sessions and queues."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def kill(self) -> None:
        """End the broker at once: it loses what it had not saved."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=20)
            self._process = None

    def __enter__(self) -> Self:
        """Start the broker."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the broker."""
        self.stop()


def find_mosquitto() -> str:
    """Path of the program; skips the test where there is none."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("Mosquitto is not installed: neither in PATH nor in /usr/sbin; apt-get install mosquitto")
    return program
