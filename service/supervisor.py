"""Running several processes of ours as one: started together, started again when they fail, stopped together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Thread
from types import FrameType

import structlog

from qingchuan.service.setting_sources import environment_name
from qingchuan.service.settings import Address

_SETTLED = 30.0
"""A process that ran so long may fail again without being given up. [s]"""
_TRIES = 3
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 25.0
"""How long a process may take to stop. [s]"""


class PortInUseError(Exception):
    """Something else listens where we were to."""


def check_free(address: Address, key: str) -> None:
    """Make sure that nothing listens at `address`, which the setting `key` names.

    Raises
    ------
    PortInUseError
        Something does.
    """
    with socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            message = (
                f"{key} = {address}: {error.strerror}; stop what listens there, or set another address, "
                f"such as {environment_name(key)}={Address(address.host, address.port + 1)}"
            )
            raise PortInUseError(message) from error


class Process:
    """A command of ours that is kept running.

    Parameters
    ----------
    arguments : sequence of str
        The command, such as ``collect``, and its options.
    environment : mapping of str to str
        With the settings.
    at_first, again : sequence of str
        Options for the first start, and for a start after a failure.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        at_first: Sequence[str] = (),
        again: Sequence[str] = (),
    ) -> None:
        self.name = arguments[0]
        self._arguments = arguments
        self._environment = environment
        self._again = again
        self._failures = 0
        self._log = structlog.get_logger("supervisor")
        self._start(at_first)

    def check(self) -> bool:
        """Whether it runs, after having been started again if it had failed; False when it is given up."""
        code = self._process.poll()
        if code is None:
            return True
        settled = time.monotonic() - self._started > _SETTLED
        self._failures = 1 if settled else self._failures + 1
        self._log.error("process ended", process=self.name, code=code, failures=self._failures)
        if self._failures >= _TRIES:
            return False
        self._start(self._again)
        return True

    def stop(self) -> int:
        """Ask it to stop and wait; its exit code."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _start(self, options: Sequence[str]) -> None:
        self._started = time.monotonic()
        command = [sys.executable, "-m", "qingchuan", *self._arguments, *options]
        with _signals_held():
            self._process = subprocess.Popen(command, env=dict(self._environment), stdin=subprocess.DEVNULL)


def supervise(processes: Sequence[Process], stop: Event) -> int:
    """Keep `processes` running until `stop` is set, then stop them, the last one first; the exit code for all."""
    given_up: list[Process] = []
    while not given_up and not stop.wait(0.5):
        given_up = [process for process in processes if not process.check()]
    codes = [process.stop() for process in reversed(processes)]
    return 1 if given_up or any(codes) else 0


def stop_on_signals() -> Event:
    """An event that Ctrl-C and SIGTERM set, also those that came before this was called in a process of ours."""
    stop, came = Event(), SimpleQueue[int]()

    def handle(number: int, _frame: FrameType | None) -> None:
        came.put(number)  # the one thing that a handler may do: another signal can come while it runs

    def tell() -> None:
        came.get()
        stop.set()

    Thread(target=tell, name="signals", daemon=True).start()
    for number in _SIGNALS:
        signal.signal(number, handle)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    return stop


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let signals wait: a process that is started now holds them until it can stop well (`stop_on_signals`).

    Ctrl-C reaches all processes of a terminal at once; one that is still importing would end with a traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
