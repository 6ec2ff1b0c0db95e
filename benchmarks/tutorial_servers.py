"""Where the loop that tutorials show writes to: a real InfluxDB where there is one, else a stand-in."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.benchmark import AbsentError
from benchmarks.influx_hours import influxd
from qingchuan.store.influx.server import InfluxServer
from tests.support.influxd import Influxd

_COUNT = 'SELECT count("o3"), count("announced") FROM "air"'


class Target(NamedTuple):
    """A server.

    Attributes
    ----------
    name : str
        For the row of results.
    url, token, org, bucket : str
    points : callable
        How many it has.
    """

    name: str
    url: str
    token: str
    org: str
    bucket: str
    points: Callable[[], int]


@contextmanager
def server(folder: Path) -> Iterator[Target]:
    """A server of its own, with its files below `folder`."""
    with ExitStack() as stack:
        try:
            real = stack.enter_context(influxd(folder))
        except AbsentError:
            target = stack.enter_context(_stand_in())
        else:
            target = stack.enter_context(_bucket_of(real))
        yield target


@contextmanager
def _bucket_of(real: Influxd) -> Iterator[Target]:
    place = real.place("tutorial")
    reader = InfluxServer(place)

    def count() -> int:
        found = reader.query([_COUNT])
        return sum(int(str(points)) for points in found[0].values[0][1:]) if found else 0

    try:
        yield Target(f"influxd {_version(real.url)}", real.url, place.token, place.org, place.bucket, count)
    finally:
        reader.close()


def _version(url: str) -> str:
    with urllib.request.urlopen(f"{url}/ping") as answer:  # noqa: S310 - the server that we have started
        return str(answer.headers["X-Influxdb-Version"]).removeprefix("v")


@contextmanager
def _stand_in() -> Iterator[Target]:
    program = [sys.executable, "-m", "benchmarks.silent_influx"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = next(iter(process.stdout or ())).strip()

            def count() -> int:
                with urllib.request.urlopen(f"{url}/count") as answer:  # noqa: S310 - our own stand-in
                    return int(answer.read())

            name = "a stand-in for a server that costs nothing (which favours it), as no influxd is here"
            yield Target(name, url, "token", "org", "bucket", count)
        finally:
            process.terminate()
