"""The stores that the contract is tested with, each of them empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.influx.observations import InfluxObservations
from qingchuan.store.influx.server import InfluxPlace, InfluxServer
from tests.store.contract.stores import Opener, Store
from tests.support.influxd import Influxd, RunningInfluxDB, influxd_program, running_influxdb


@pytest.fixture(scope="session", params=["embedded", "influxdb"])
def another(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Opener]]:
    """Makes an empty store; for tests that need many."""
    if request.param == "embedded":
        yield lambda: partial(EmbeddedObservations, tmp_path_factory.mktemp("store") / "observations.sqlite")
        return
    with _server(tmp_path_factory) as server:
        number, run = count(), uuid4().hex[:8]

        def make() -> Opener:
            ledger = tmp_path_factory.mktemp("store") / "ledger.sqlite"
            return partial(_open, server.place(f"contract-{run}-{next(number)}"), ledger)

        yield make


@contextmanager
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd | RunningInfluxDB]:
    running = running_influxdb()
    if running:
        yield running
        return
    with Influxd(tmp_path_factory.mktemp("influxd"), influxd_program()) as started:
        yield started


def _open(place: InfluxPlace, ledger: Path, *, read_only: bool = False) -> InfluxObservations:
    return InfluxObservations(InfluxServer(place), ledger, read_only=read_only)


@pytest.fixture
def opener(another: Callable[[], Opener]) -> Opener:
    """Opens a store that was empty when the test began."""
    return another()


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    """A store that was empty when the test began."""
    with closing(opener()) as opened:
        yield opened
