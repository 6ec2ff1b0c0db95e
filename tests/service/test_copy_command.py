"""``qingchuan copy``: into a bucket of InfluxDB and back, in its place when it is whole and not before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from qingchuan.service.lock import Hold
from qingchuan.service.main import app
from qingchuan.store.copying.file_end import FileEnd
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.influx.observations import InfluxObservations
from qingchuan.store.influx.server import InfluxPlace, InfluxServer
from tests.support.applying import START, hour_of
from tests.support.backups import Lived
from tests.support.grids import same
from tests.support.influxd import Influxd, influxd_program

TO_INFLUXDB = ("copy", "--from", "embedded", "--to", "influxdb")
BACK = ("copy", "--from", "influxdb", "--to", "embedded")
ASKED = ["1235A"], ["pm25"], "hour", START, START + 9 * 86400


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    """Four days, after which the service has ended."""
    made = Lived(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """A server of these tests."""
    with Influxd(tmp_path_factory.mktemp("influxd"), influxd_program()) as started:
        yield started


@pytest.fixture
def place(server: Influxd, tmp_path: Path) -> InfluxPlace:
    """An empty bucket."""
    return server.place(tmp_path.name)


def _run(lived: Lived, *arguments: str, place: InfluxPlace | None = None) -> tuple[int, str]:
    environment = {"QINGCHUAN_STORE__URL": "http://127.0.0.1:9", "QINGCHUAN_STORE__TOKEN": "secret"}
    if place is not None:
        environment = {
            "QINGCHUAN_STORE__URL": place.url,
            "QINGCHUAN_STORE__ORG": place.org,
            "QINGCHUAN_STORE__BUCKET": place.bucket,
            "QINGCHUAN_STORE__TOKEN": place.token,
        }
    result = CliRunner().invoke(app, ["--data", str(lived.folder), *arguments], env=environment)
    return result.exit_code, result.output


def test_there_and_back_again(lived: Lived, place: InfluxPlace) -> None:
    """Counted in both languages; what was the case at any time is the same, and the service could go on with it."""
    before = [lived.observations.read(*ASKED, as_of) for as_of in range(20)]  # type: ignore[arg-type]
    code, said = _run(lived, *TO_INFLUXDB, place=place)
    assert code == 0, said
    assert "已复制，核对无误 copied and counted: 截至消息 up to message 19" in said
    assert "  hour reported: 5 行 rows, 5 个值 values; 被替代 superseded 7, 7" in said
    assert 'Next: store.kind = "influxdb"' in said
    assert not lived.places.copying.exists()
    copied = InfluxObservations(InfluxServer(place), lived.places.ledger)
    assert all(same(copied.read(*ASKED, number), grid) for number, grid in enumerate(before))  # type: ignore[arg-type]
    copied.close()
    lived.close()
    lived.places.observations.rename(lived.folder / "before.sqlite")
    code, said = _run(lived, *BACK, place=place)
    assert code == 0, said
    returned = EmbeddedObservations(lived.places.observations)
    assert all(same(returned.read(*ASKED, number), grid) for number, grid in enumerate(before))  # type: ignore[arg-type]
    returned.close()


def test_nothing_is_overwritten_and_the_bucket_is_empty_before(lived: Lived, place: InfluxPlace) -> None:
    """What somebody else put there would be taken for ours."""
    assert _run(lived, *TO_INFLUXDB, place=place)[0] == 0
    code, said = _run(lived, *TO_INFLUXDB, place=place)
    assert (code, "ledger.sqlite is there already, and nothing is overwritten" in said) == (1, True), said
    lived.places.ledger.unlink()
    code, said = _run(lived, *TO_INFLUXDB, place=place)
    assert (code, "holds points that the ledger, which is new, knows nothing of" in said) == (1, True), said


def test_it_goes_on_after_an_interruption(lived: Lived, place: InfluxPlace) -> None:
    """Also with what came meanwhile; until it is whole nothing is in its place."""
    with patch("qingchuan.store.copying.copying._copy_changes", side_effect=OSError("power")):
        code, said = _run(lived, *TO_INFLUXDB, place=place)
    assert (code, "没有复制完 not copied to the end: power" in said) == (1, True), said
    assert not lived.places.ledger.exists()
    lived.take(hour_of("44.5", 0), hour_of("45", 23))
    code, said = _run(lived, *TO_INFLUXDB, place=place)
    assert (code, "up to message 21" in said) == (0, True), said
    copied = InfluxObservations(InfluxServer(place), lived.places.ledger)
    assert same(copied.read(*ASKED), lived.observations.read(*ASKED))  # type: ignore[arg-type]
    copied.close()


def test_a_server_that_is_away_is_said(lived: Lived) -> None:
    """The same command again would go on."""
    code, said = _run(lived, *TO_INFLUXDB)
    assert (code, "http://127.0.0.1:9" in said) == (1, True), said
    assert not lived.places.ledger.exists()


def test_what_makes_no_sense_is_refused(lived: Lived) -> None:
    """Each with what would do."""
    code, said = _run(lived, "copy", "--from", "embedded", "--to", "embedded")
    assert (code, "from one kind of store into the other" in said) == (2, True)
    code, said = _run(lived, *BACK)
    assert (code, "ledger.sqlite to copy from" in said) == (1, True), said
    held = Hold(lived.places.lock)
    assert held.take()
    code, said = _run(lived, *TO_INFLUXDB)
    held.release()
    assert (code, "a collector works on" in said) == (1, True), said


def test_a_copy_that_is_not_whole_is_not_put_in_its_place(lived: Lived, place: InfluxPlace) -> None:
    """The counts of the server decide."""
    counts = FileEnd.counts
    with patch.object(
        FileEnd, "counts", lambda end: {kind: each._replace(values=9) for kind, each in counts(end).items()}
    ):
        code, said = _run(lived, *TO_INFLUXDB, place=place)
    assert (code, "the source has 5 rows with 9 values current, the copy 5 with 5" in said) == (1, True), said
    assert not lived.places.ledger.exists()
    assert sqlite3.connect(lived.places.observations).execute("SELECT count(*) FROM current").fetchone() == (5,)
