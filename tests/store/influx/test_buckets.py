"""A real server: the bucket that a store begins in, and what it speaks only to those who trust its certificate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.service.main import app
from qingchuan.store.influx.errors import UnfitServerError, UntrustedError
from qingchuan.store.influx.observations import InfluxObservations
from qingchuan.store.influx.server import InfluxPlace, InfluxServer
from qingchuan.store.influx.setup import is_new, remove
from tests.store.contract.stores import HOUR, apply, hour, pm25
from tests.support.certificates import Certificates, certificates
from tests.support.influxd import ORG, Influxd, influxd_program


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """What the server shows, signed by an authority of ours."""
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def influxd(shown: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """A server that speaks TLS only."""
    with Influxd(tmp_path_factory.mktemp("influxd"), influxd_program(), shown) as server:
        yield server


@pytest.fixture
def place(influxd: Influxd, tmp_path: Path) -> InfluxPlace:
    """A bucket of this test alone."""
    return influxd.place(tmp_path.name)


def opened(place: InfluxPlace, ledger: Path) -> InfluxObservations:
    """A store."""
    return InfluxObservations(InfluxServer(place), ledger)


def test_points_are_written_and_read_by_tls_with_an_authority_of_ours(place: InfluxPlace, tmp_path: Path) -> None:
    """The address begins with https, and the authority is the one of the settings."""
    assert place.url.startswith("https://")
    with closing(opened(place, tmp_path / "ledger.sqlite")) as store:
        apply(store, hour(0, "1235A", pm25="35"))
        assert pm25(store) == [35.0]
        assert store.check()[1] == 0


@pytest.mark.parametrize("name", ["another", "none"])
def test_a_server_whose_authority_is_not_trusted_is_refused_with_the_reason(
    place: InfluxPlace, tmp_path: Path, name: str
) -> None:
    """Nothing is sent to it, the token least of all; the setting that helps is named."""
    authority = certificates(tmp_path / "another").authority if name == "another" else None
    stranger = replace(place, ca_file=authority)
    with (
        closing(opened(stranger, tmp_path / "ledger.sqlite")) as store,
        pytest.raises(UntrustedError, match=r"certificate that is not trusted \(\S.*\(store\.ca_file, store\.url\)$"),
    ):
        apply(store, hour(0, "1235A", pm25="35"))


def test_the_setup_trusts_the_authority_of_the_settings(influxd: Influxd, shown: Certificates, tmp_path: Path) -> None:
    """By the command, as an operator gives it; and not without it."""
    (tmp_path / "admin").write_text(influxd.token, encoding="utf-8")
    arguments = ["influxdb-setup", "--admin-token-file", str(tmp_path / "admin"), "--write-to", str(tmp_path / "token")]
    settings = {"QINGCHUAN_STORE__URL": influxd.url, "QINGCHUAN_STORE__BUCKET": tmp_path.name}
    done = CliRunner().invoke(app, arguments, env=settings)
    assert (done.exit_code, "certificate" in done.output) == (1, True), done.output
    done = CliRunner().invoke(app, arguments, env=settings | {"QINGCHUAN_STORE__CA_FILE": str(shown.authority)})
    assert done.exit_code == 0, done.output
    again = CliRunner().invoke(app, arguments, env=settings)
    assert (again.exit_code, "is not overwritten" in again.output) == (1, True)


def test_a_new_store_does_not_begin_among_points_that_it_knows_nothing_of(
    influxd: Influxd, shown: Certificates, place: InfluxPlace, tmp_path: Path
) -> None:
    """What an older life left behind would stand beside what is made again; in an empty bucket it begins."""
    with closing(opened(place, tmp_path / "old.sqlite")) as store:
        apply(store, hour(0, "1235A", pm25="35"), hour(HOUR, "1235A", pm25="36"))
    with (
        closing(opened(place, tmp_path / "new.sqlite")) as store,
        pytest.raises(UnfitServerError, match=r"holds points that the ledger, which is new.*influxdb-setup --empty"),
    ):
        apply(store, hour(0, "1235A", pm25="35"))
    for _ in range(2):  # one that is gone already is no error
        remove(influxd.url, influxd.token, ORG, place.bucket, ca_file=shown.authority)
    with closing(opened(influxd.place(place.bucket), tmp_path / "new.sqlite")) as store:
        apply(store, hour(0, "1235A", pm25="35"))
        assert pm25(store, 0, 2 * HOUR)[0] == 35.0
    assert not is_new(influxd.url, ca_file=shown.authority)
