"""``qingchuan run`` as a process of its own, for benchmarks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

from tests.support.mosquitto import Mosquitto
from tests.support.ports import unused_port

PATIENCE = 60.0
"""How long whatever we wait for may take. [s]"""
_STEP = 0.005
"""Between two looks. [s]"""


class Service:
    """The service, from its start to its end.

    Parameters
    ----------
    folder : Path
        Holds its data and its log.
    broker : Mosquitto
    **settings : str
        More environment variables, without ``QINGCHUAN_``.
    """

    def __init__(self, folder: Path, broker: Mosquitto, **settings: str) -> None:
        address = f"127.0.0.1:{unused_port()}"
        self._environment = environment(folder / "data", broker, API__LISTEN=address, **settings)
        self._log = folder / "service.log"
        self.web = httpx.Client(base_url=f"http://{address}", timeout=PATIENCE, trust_env=False)

    def __enter__(self) -> Self:
        """Start it."""
        with self._log.open("wb") as log:
            self._process = start("run", environment=self._environment, log=log.fileno())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Stop it; where something went wrong, its log is shown."""
        stop(self._process)
        self.web.close()
        if error is not None:
            sys.stderr.write(self._log.read_text(encoding="utf-8", errors="replace"))

    def wait_for_page(self) -> None:
        """Return as soon as the page can be had."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            check(self._process, deadline, "the page does not answer")
            time.sleep(_STEP)

    def wait_for_applied(self, count: int) -> None:
        """Return as soon as `count` messages are in the store."""
        deadline = time.monotonic() + PATIENCE
        while self.web.get("/api/v1/collector").json()["applied"] < count:
            check(self._process, deadline, f"there are not {count} messages in the store")
            time.sleep(_STEP)

    def memory(self) -> int:
        """Sum of the proportional set sizes of all its processes [B]."""
        supervisor = psutil.Process(self._process.pid)
        family = [supervisor, *supervisor.children(recursive=True)]
        return sum(process.memory_full_info().pss for process in family)

    def _answers(self) -> bool:
        try:
            return self.web.get("/").is_success
        except httpx.TransportError:
            return False


def environment(data: Path, broker: Mosquitto, **settings: str) -> dict[str, str]:
    """The environment of a process of ours: nothing that the caller has set for his own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("QINGCHUAN_")}
    told = {"DATA": str(data), "BROKER__HOST": broker.host, "BROKER__PORT": str(broker.port), **settings}
    return inherited | {f"QINGCHUAN_{name}": value for name, value in told.items()}


def start(*arguments: str, environment: dict[str, str], log: int) -> subprocess.Popen[bytes]:
    """The command ``qingchuan`` with `arguments`, running; it writes to the file descriptor `log`."""
    return subprocess.Popen(
        [sys.executable, "-m", "qingchuan", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask `process` to end, and wait for it."""
    process.terminate()
    process.wait(PATIENCE)


def check(process: subprocess.Popen[bytes], deadline: float, otherwise: str) -> None:
    """Make sure that it makes sense to wait on.

    Raises
    ------
    RuntimeError
        `process` has ended.
    TimeoutError
        The `deadline` is over. [s of `time.monotonic`]
    """
    if process.poll() is not None:
        raise RuntimeError(f"qingchuan ended with {process.returncode}; {otherwise}, see what it has said")
    if time.monotonic() > deadline:
        raise TimeoutError(f"{otherwise} after {PATIENCE:g} s; see what it has said")
