"""Commands of ours as real processes: `qingchuan run` and its like, started, waited for, asked and stopped.

A `Service` has a data directory and free ports of its own, so that several run side by side::

    with Mosquitto(folder / "mosquitto") as broker, Service(folder, broker.port) as service:
        service.command("replay", file, "--mapping", mapping)
        service.wait_until_applied(1000)
        service.client.get("/api/v1/stations")
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.support.ports import unused_port

ROOT = Path(__file__).resolve().parent.parent.parent
STEP = 0.02  # [s] between two looks
PATIENCE = 60.0  # [s] for a start, a stop, or a command

AS_TOLD = {"QINGCHUAN_COLLECTOR__THRESHOLDS": str(ROOT / "tests" / "support" / "no_thresholds.toml")}
"""Settings by which every value is stored as good: what was published has been judged by those who published it."""


class Service:
    """A command of ours that runs on: `run`, `collect`, `serve`, `demo` or `simulate`.

    Parameters
    ----------
    folder : Path
        Holds the data (`data`) and what the processes say (`log`); made if it is not there.
    broker_port : int, optional
        Port of the broker on 127.0.0.1; for the demo the one it makes. A free one if None.
    arguments : sequence of str
        The command and its options.
    settings : mapping of str to str
        Further environment variables, such as ``QINGCHUAN_ALERTS__WEBHOOKS``.

    Attributes
    ----------
    run_by : tuple of str
        The program, with its options, that runs the command, such as ``strace``; none at first.
    """

    def __init__(
        self,
        folder: Path,
        broker_port: int | None = None,
        arguments: Sequence[str] = ("run",),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data = folder / "data"
        self.log = folder / "log"
        self.arguments = tuple(arguments)
        self.run_by: tuple[str, ...] = ()
        self.broker_port = broker_port or unused_port()
        self.api_port = unused_port()
        self.address = f"http://127.0.0.1:{self.api_port}"
        self.environment = clean_environment(
            {
                "QINGCHUAN_DATA": str(self.data),
                "QINGCHUAN_API__LISTEN": f"127.0.0.1:{self.api_port}",
                "QINGCHUAN_BROKER__LISTEN": f"127.0.0.1:{self.broker_port}",
                **(settings or {}),
            }
        )
        self._client: httpx.Client | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._begin = 0
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def client(self) -> httpx.Client:
        """A client of pages and interface; a stop closes it, and the next use opens another."""
        if self._client is None:
            self._client = httpx.Client(base_url=self.address, timeout=30, trust_env=False)
        return self._client

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that was started last; for `run` and `demo` the one that supervises the others."""
        if self._process is None:
            raise RuntimeError("this service was not started; call start()")
        return self._process

    def start(self, *more: str, wait: bool = True) -> None:
        """Start the processes, with `more` options, and wait until they are ready.

        With `wait` unset they are only started.
        """
        self._begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.run_by, sys.executable, "-m", "qingchuan", *self.arguments, *more],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if wait:
            self.wait_until_ready()

    def told(self) -> str:
        """What the processes have said since the last start."""
        with self.log.open("rb") as log:
            log.seek(self._begin)
            return log.read().decode("utf-8", "replace")

    def wait_until_ready(self) -> None:
        """Wait until pages are answered, and until the collector has subscribed: what is published then arrives."""
        if self.arguments[0] in {"run", "serve", "demo"}:
            self.wait_until(self.is_well, "answer /healthz")
        if self.arguments[0] in {"run", "collect"}:
            self.wait_until(lambda: "subscribed" in self.told(), "subscribe")

    def is_well(self) -> bool:
        """Whether /healthz answers that all is well."""
        try:
            return self.client.get("/healthz").is_success
        except httpx.TransportError:
            return False

    def wait_until(
        self, condition: Callable[[], bool], what: str, within: float = PATIENCE, step: float = STEP
    ) -> None:
        """Wait until `condition` holds, looking at each `step` [s]; the processes must not end meanwhile."""
        deadline = time.monotonic() + within
        while not condition():
            code = self.process.poll()
            assert code is None, f"{self.arguments} ended with {code} and did not {what}:\n{self.told()}"
            assert time.monotonic() < deadline, f"{self.arguments} did not {what} within {within} s:\n{self.told()}"
            time.sleep(step)

    def get(self, path: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON
        """The JSON that the API answers to `path`, such as ``collector``."""
        answer = self.client.get(f"/api/v1/{path}", params=parameters)
        assert answer.status_code == httpx.codes.OK, f"{answer.url} answers {answer.status_code}: {answer.text}"
        return answer.json()

    def counts(self) -> dict[str, int]:
        """What became of the messages; it must add up."""
        counts: dict[str, int] = self.get("collector")
        parts = sum(counts[part] for part in ("applied", "duplicate", "dead_letter", "waiting"))
        assert counts["received"] == parts, counts
        return counts

    def wait_until_applied(self, received: int, within: float = PATIENCE) -> dict[str, int]:
        """Wait until `received` messages of stations are taken in and none is waiting; the counts then."""

        def done() -> bool:
            now = self.counts()
            return now["received"] >= received and not now["waiting"]

        self.wait_until(done, f"apply {received} messages", within)
        return self.counts()

    def command(self, *arguments: str | Path, within: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run another command of ours with the same settings; it must end well."""
        done = qingchuan(*arguments, environment=self.environment, within=within)
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done

    def stop(self, number: int = signal.SIGINT) -> None:
        """Send all processes what Ctrl-C sends, or signal `number`; they must end with 0 and leave none behind."""
        if self._process is None:
            return
        group = self._process.pid
        os.killpg(group, number)
        try:
            code: int | None = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            code = None
        left = _has_members(group)
        self.kill()
        assert code == 0, f"{self.arguments} ended with {code} after signal {number}:\n{self.told()}"
        assert not left, f"{self.arguments} ended and left a process behind:\n{self.told()}"

    def kill(self) -> None:
        """End all processes at once; none is left, whoever started it."""
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)
            self._process = None

    def __enter__(self) -> Self:
        """Start and wait."""
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Stop; after a failure at once, so that it is the failure that is reported."""
        if kind is not None:
            self.kill()
        else:
            self.stop()


def clean_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process with no settings of Qingchuan but `settings`."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("QINGCHUAN_")}
    return {**inherited, "PYTHONUNBUFFERED": "1", "COLUMNS": "200", **settings}


def qingchuan(
    *arguments: str | Path, environment: Mapping[str, str], within: float = PATIENCE
) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    return subprocess.run(
        [sys.executable, "-m", "qingchuan", *map(str, arguments)],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
