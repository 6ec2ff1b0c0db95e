"""A collector in a thread of the test, with journal, store and state in a folder of its own."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event, Thread

from paho.mqtt.enums import CallbackAPIVersion

from qingchuan.collector.applier import Applier
from qingchuan.collector.bulk import BulkClient
from qingchuan.collector.client import Collector, Options
from qingchuan.collector.receiving import PlainClient
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.journal import Journal
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State

_PATIENCE = 30.0
"""[s]"""


class Collecting:
    """A collector that runs until it is told to stop.

    Parameters
    ----------
    folder : Path
        Journal, store and state.
    port : int
        Of the broker on 127.0.0.1.
    batch : int
    kind : type
        `BulkClient` or `PlainClient`.
    name : str
        The client id.
    authority : Path or None
        The certificate that the broker's was signed with, where the port speaks TLS.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        batch: int = 2000,
        *,
        kind: type[PlainClient] = BulkClient,
        name: str = "collector",
        authority: Path | None = None,
    ) -> None:
        folder.mkdir(exist_ok=True)
        migrate(folder / "state.sqlite")
        self.journal = Journal(folder / "journal", lambda: time.time_ns() // 1000)
        self.observations = EmbeddedObservations(folder / "observations.sqlite")
        self.state = State(folder / "state.sqlite")
        self._client = kind(CallbackAPIVersion.VERSION2, name, clean_session=False, manual_ack=True)
        if authority is not None:
            self._client.tls_set(str(authority))
        self._name = name
        self._stop = Event()
        self._options = Options("127.0.0.1", port, ("qingchuan/+/+",), batch=batch)
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        Collector(
            self._client,
            self._name,
            self.journal,
            lambda: Applier(self.journal, self.observations, self.state),
            self.state.retained(),
            self._options,
        ).run(self._stop)

    def connected(self) -> bool:
        """Whether it has a connection to the broker now."""
        return self._client.is_connected()

    def stop(self) -> None:
        """Stop as a clean stop does."""
        self._stop.set()
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            raise TimeoutError(f"the collector {self._name!r} still runs {_PATIENCE:g} s after it was told to stop")

    def close(self) -> None:
        """Stop, and close all files."""
        self.stop()
        self.journal.close()
        self.observations.close()
        self.state.close()
