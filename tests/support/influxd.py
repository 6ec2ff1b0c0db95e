"""A real InfluxDB 2 server for tests: started on a free port of the loopback interface, or one that is there already.

`QINGCHUAN_TEST_INFLUXD` names the program, else it is looked for in PATH. `QINGCHUAN_TEST_INFLUXDB_URL` and
`QINGCHUAN_TEST_INFLUXDB_TOKEN`, of somebody who may make buckets, use a server that runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Self

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient

from qingchuan.store.influx.server import InfluxPlace
from qingchuan.store.influx.setup import is_new, provide, set_up
from tests.support.certificates import Certificates
from tests.support.ports import unused_port

ORG = "qingchuan"
ABSENT = "InfluxDB server not found: set QINGCHUAN_TEST_INFLUXD to an influxd 2.x, or put it into PATH"


class Influxd:
    """A server of its own.

    Parameters
    ----------
    folder : Path
        For its files.
    program : str
        Path of ``influxd``.
    tls : Certificates or None
        What it shows to clients; None: it speaks in the clear.

    Attributes
    ----------
    url : str
    token : str
        Of somebody who may do everything.
    """

    def __init__(self, folder: Path, program: str, tls: Certificates | None = None) -> None:
        self._program = program
        self._folder = folder
        self._port = unused_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._tls = tls
        self._authority = tls.authority if tls else None
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._port}"
        self.token = ""

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.start()
        self.token = set_up(self.url, ORG, "first", "admin", "only-of-this-test", ca_file=self._authority)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        files = [f"--{name}-path={self._folder / name}" for name in ("bolt", "sqlite", "engine")]
        command = [self._program, "run", f"--http-bind-address=127.0.0.1:{self._port}", *files]
        command += ["--reporting-disabled", "--ui-disabled", "--log-level=error", "--no-tasks"]
        if self._tls:
            command += [f"--tls-cert={self._tls.certificate}", f"--tls-key={self._tls.key}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"influxd does not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in good order."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)
            self._process = None

    def place(self, bucket: str) -> InfluxPlace:
        """A bucket of its own, with a token for this alone."""
        token = provide(self.url, self.token, ORG, bucket, ca_file=self._authority)
        return InfluxPlace(self.url, ORG, bucket, token, self._authority)

    def drop(self, bucket: str) -> None:
        """Delete a bucket with all that is in it."""
        with InfluxDBClient(self.url, self.token, org=ORG) as client:
            api = client.buckets_api()
            api.delete_bucket(api.find_bucket_by_name(bucket))

    def _answers(self) -> bool:
        try:
            is_new(self.url, ca_file=self._authority)
        except OSError:
            return False
        return True


class RunningInfluxDB:
    """A server that somebody else has started.

    Parameters
    ----------
    url, token : str
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    def place(self, bucket: str) -> InfluxPlace:
        """A bucket of its own, with a token for this alone."""
        return InfluxPlace(self.url, ORG, bucket, provide(self.url, self.token, ORG, bucket))


def influxd_program() -> str:
    """Path of ``influxd``; the test skips where there is none."""
    program = os.environ.get("QINGCHUAN_TEST_INFLUXD") or shutil.which("influxd")
    if not program:
        pytest.skip(ABSENT)
    return program


def running_influxdb() -> RunningInfluxDB | None:
    """The server that the environment names, if it does."""
    url = os.environ.get("QINGCHUAN_TEST_INFLUXDB_URL")
    return RunningInfluxDB(url, os.environ.get("QINGCHUAN_TEST_INFLUXDB_TOKEN", "")) if url else None
