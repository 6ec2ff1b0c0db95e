"""The whole service on a real InfluxDB 2: set up by our command, killed in the middle, and caught up with."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from tests.support.examining import look, patient_of
from tests.support.influxd import ORG, Influxd, influxd_program
from tests.support.mosquitto import Mosquitto
from tests.support.publisher import Publisher
from tests.support.service import AS_TOLD, Service

HOURS = 60


@pytest.fixture
def influxd(tmp_path: Path) -> Iterator[Influxd]:
    """A server of this test alone."""
    with Influxd(tmp_path / "influxd", influxd_program()) as server:
        yield server


@pytest.fixture
def settings(influxd: Influxd, tmp_path: Path) -> dict[str, str]:
    """The environment of a service whose observations lie there, as `influxdb-setup` leaves it."""
    (tmp_path / "admin").write_text(influxd.token, encoding="utf-8")
    token = tmp_path / "token"
    environment = {"QINGCHUAN_STORE__URL": influxd.url, "QINGCHUAN_STORE__ORG": ORG}
    arguments = ["influxdb-setup", "--admin-token-file", str(tmp_path / "admin"), "--write-to", str(token)]
    done = CliRunner().invoke(app, arguments, env=environment)
    assert done.exit_code == 0, done.output
    assert token.read_text(encoding="utf-8").strip() not in done.output
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    return environment | {"QINGCHUAN_STORE__KIND": "influxdb", "QINGCHUAN_STORE__TOKEN_FILE": str(token), **AS_TOLD}


def test_influxdb_is_killed_and_everything_is_acknowledged_and_caught_up(
    influxd: Influxd, settings: dict[str, str], tmp_path: Path
) -> None:
    """Nothing is lost, revisions included, and pages say meanwhile that the store is away."""
    with (
        Mosquitto(tmp_path / "mosquitto") as broker,
        Service(tmp_path / "service", broker.port, settings=settings) as service,
        Publisher(broker.port) as station,
    ):
        city = {"kind": "city", "name": {"zh": "宁波", "en": "Ningbo"}}
        station.announce("330200", **city)
        station.announce("1235A", kind="air-station", city="330200")
        for hour in range(HOURS):
            if hour == HOURS // 3:
                service.wait_until_applied(2 + hour)  # some of them; others are on their way
                influxd.kill()
            _hour(station, hour, f"{hour + 10}")
            _hour(station, max(0, hour - 5), f"{max(0, hour - 5) + 110}")
        service.wait_until(lambda: "store unavailable" in service.told(), "say that the store is away")
        answer = service.client.get("/api/v1/stations/1235A/hours", params=_WHEN)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/store-away")
        influxd.start()
        counts = service.wait_until_applied(2 + 2 * HOURS)
        assert counts["dead_letter"] == 0
        told = service.get("stations/1235A/hours", **_WHEN)["hours"]
        assert [hour["items"]["pm25"]["value"] for hour in told] == [_expected(hour) for hour in range(HOURS)]
    with patient_of(tmp_path / "service" / "data", _dotted(settings)) as patient:
        finding = look("store-server", patient)
        assert finding.verdict == "ok", finding
        assert "kept for ever" in finding.saw.en
        influxd.kill()
    with patient_of(tmp_path / "service" / "data", _dotted(settings)) as patient:
        assert look("store-server", patient).verdict == "problem"


_WHEN = {"start": "2026-10-01T00:00:00+08:00", "end": "2026-10-03T12:00:00+08:00"}


def _hour(station: Publisher, hour: int, value: str) -> None:
    start = f"2026-10-{1 + hour // 24:02}T{hour % 24:02}:00:00+08:00"
    station.send("1235A/hour", f'{{"start":"{start}","values":{{"pm25":{value}}}}}'.encode())


def _expected(hour: int) -> int:
    """What is told of an hour in the end: of all but the last five what was corrected."""
    return hour + 110 if hour < HOURS - 5 else hour + 10


def _dotted(settings: dict[str, str]) -> dict[str, object]:
    return {
        name.removeprefix("QINGCHUAN_").lower().replace("__", "."): value
        for name, value in settings.items()
        if "STORE" in name
    }
