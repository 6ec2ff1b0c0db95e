"""The whole service on a real InfluxDB 2: set up by our command, killed in the middle, and caught up with."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from qingchuan.service.manifest import whole_backups
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


def test_a_backup_gives_the_same_answers_in_a_bucket_made_anew(settings: dict[str, str], tmp_path: Path) -> None:
    """There are no points in it, and it says so; into a bucket that is not empty nothing is written."""
    with Mosquitto(tmp_path / "mosquitto") as broker:
        with (
            Service(tmp_path / "old", broker.port, settings=settings) as service,
            Publisher(broker.port) as station,
        ):
            station.announce("330200", kind="city", name={"zh": "宁波", "en": "Ningbo"})
            station.announce("1235A", kind="air-station", city="330200")
            for hour in range(HOURS):
                _hour(station, hour, f"{hour + 10}")
                _hour(station, max(0, hour - 5), f"{max(0, hour - 5) + 110}")
            _hour(station, HOURS, "-4000")
            service.wait_until_applied(2 + 2 * HOURS + 1)
            told = service.command("backup", tmp_path / "target").stdout
            before = _answers(service)
        assert "Without observations, which lie in InfluxDB" in told
        backup = whole_backups(tmp_path / "target")[-1]
        assert {file.path for file in backup.manifest.files} == {
            "journal/journal.sqlite",
            "journal/head",
            "state.sqlite",
        }
        command = ["restore", str(tmp_path / "target"), "--data", str(tmp_path / "new" / "data")]
        done = CliRunner().invoke(app, command, env=settings)
        assert (done.exit_code, "influxdb-setup --empty" in done.output) == (1, True), done.output
        again = settings | {"QINGCHUAN_STORE__TOKEN_FILE": str(_emptied(settings, tmp_path))}
        done = CliRunner().invoke(app, command, env=again)
        assert (done.exit_code, "made again from the journal" in done.output) == (0, True), done.output
        with Service(tmp_path / "new", broker.port, settings=again) as service:
            service.wait_until_applied(2 + 2 * HOURS + 1)
            assert _answers(service) == before


def _emptied(settings: dict[str, str], tmp_path: Path) -> Path:
    """File with the token of the bucket, which was removed and made again."""
    token = tmp_path / "token-2"
    arguments = ["influxdb-setup", "--admin-token-file", str(tmp_path / "admin"), "--write-to", str(token), "--empty"]
    done = CliRunner().invoke(app, arguments, env=settings)
    assert done.exit_code == 0, done.output
    return token


def _answers(service: Service) -> list[object]:
    """Hours, as they are and as they were, days, what was refused, and what came of all messages of the station."""
    now = service.get("stations/1235A/hours", **_WHEN)["hours"]
    days = service.get("cities/330200/days", **_DAYS)["days"]
    then = [service.get("stations/1235A/hours", **_WHEN, as_of=message)["hours"] for message in (20, 90)]
    counts = {name: count for name, count in service.counts().items() if name != "sequence"}
    return [now, days, *then, service.get("dead-letters")["dead_letters"], counts]


_DAYS = {"start": "2026-10-01", "end": "2026-10-04"}
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
