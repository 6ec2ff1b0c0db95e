"""Everything made anew from the journal: the same as it was, put in its place at once or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from threading import Event
from unittest.mock import patch

import msgspec
import pytest
from typer.testing import CliRunner

from qingchuan.alerts.engine import Engine
from qingchuan.alerts.rules import load_rules
from qingchuan.service.lock import Hold
from qingchuan.service.main import app
from qingchuan.service.places import DataFolderError, Places, make_folder
from qingchuan.service.rebuilding import RebuildError, Rebuilt, check, rebuild
from qingchuan.service.rebuilt_compared import NOT_COMPARED
from qingchuan.service.serve import serve
from qingchuan.service.settings import load
from qingchuan.service.store_settings import StoreSettings
from qingchuan.store import tables
from qingchuan.store.cube.cube import Cube
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.influx.observations import InfluxObservations
from qingchuan.store.influx.server import InfluxServer
from qingchuan.store.messages import Message
from tests.support.applying import START
from tests.support.backups import Lived, dump, files, quiet
from tests.support.grids import same
from tests.support.influxd import Influxd, influxd_program

HOURS = 48 * 3600


@pytest.fixture
def lived(tmp_path: Path) -> Lived:
    """Four days, two of them sealed; the service has ended."""
    made = Lived(tmp_path / "data")
    made.seal(2)
    made.close()
    return made


def _rebuild(places: Places) -> Rebuilt:
    return rebuild(places, StoreSettings(), quiet(), HOURS)


def _databases(places: Places) -> list[list[str]]:
    """What they hold, in no order; neither where to look for what was written together, nor what alerts were judged."""
    vary = ('INSERT INTO "written"', "INSERT INTO \"cursor\" VALUES('alerts'")
    found = [dump(places.observations), dump(places.state)]
    return [sorted(line for line in lines if not line.startswith(vary)) for lines in found]


def test_the_new_is_the_same_as_the_old(lived: Lived) -> None:
    """Observations and state to the last row, and a cube that has come as far; nothing else is left behind."""
    before, names = _databases(lived.places), {path.name for path in lived.folder.iterdir()}
    assert _rebuild(lived.places) == Rebuilt(messages=19, episodes=0)
    assert _databases(lived.places) == before
    assert Cube(lived.places.cube).sequence() == 19
    left = {path.name for path in lived.folder.iterdir()} - names
    assert left == {"cube", "collector.lock", "pages.lock"}


@pytest.mark.parametrize("lost", ["state.sqlite", "observations.sqlite", "both"])
def test_what_is_lost_or_damaged_comes_back(lived: Lived, lost: str) -> None:
    """The journal is enough."""
    before = _databases(lived.places)
    for name in ("state.sqlite", "observations.sqlite"):
        if lost in {name, "both"}:
            (lived.folder / name).write_bytes(b"no database" * 1000)
    assert _rebuild(lived.places).state_was_lost == (lost != "observations.sqlite")
    assert _databases(lived.places) == before


def test_what_no_message_tells_is_taken_over(lived: Lived) -> None:
    """Work that was done, and notices with the episodes they tell of; such as do not follow any more are retracted."""
    with closing(sqlite3.connect(lived.places.state)) as state:
        state.execute("INSERT INTO job VALUES ('counts', 3600)")
        state.execute("INSERT INTO report VALUES ('day', 0, 1, '{}')")
        state.execute("INSERT INTO episode VALUES (7, 'class-v', 's', 'open', 0, 1, NULL, 1, 5, 5, 3, '[]', '{}')")
        for number, episode in ((1, 7), (2, 7), (3, None)):
            state.execute(
                "INSERT INTO notice VALUES (?, ?, 'hook', 'opened', 'sent', '{}', 1, 1, 1, 0, '')", (number, episode)
            )
        state.commit()
    _rebuild(lived.places)
    with closing(sqlite3.connect(lived.places.state)) as state:
        assert state.execute("SELECT * FROM job").fetchall() == [("counts", 3600)]
        assert state.execute("SELECT count(*) FROM report").fetchone() == (1,)
        told = state.execute("SELECT notice.id, episode.state FROM notice LEFT JOIN episode ON episode = episode.id")
        assert sorted(told.fetchall()) == [(1, "retracted"), (2, "retracted"), (3, None)]


def test_every_table_of_the_state_is_made_again_or_taken_over() -> None:
    """Who adds a table that no message fills says so in `kept_tables`."""
    from_messages = {
        "subject", "dead_letter", "retained", "repeated", "decoding", "trace", "gap", "gap_filled", "window",
        "connected", "codec_memory", "fault", "station_check", "published", "audit_action", "audit_value",
        "publication", "publication_subject", "import_file",
    }  # fmt: skip
    assert {table.name for table in tables.metadata.sorted_tables} - NOT_COMPARED == from_messages


@pytest.mark.parametrize("lock", ["collector", "pages"])
def test_it_is_refused_while_the_service_runs(lived: Lived, lock: str) -> None:
    """Whoever has the old files open would go on with them."""
    held = Hold(lived.places.lock if lock == "collector" else lived.places.pages_lock, shared=lock != "collector")
    assert held.take()
    with pytest.raises(RebuildError, match="the service"):
        _rebuild(lived.places)
    held.release()
    _rebuild(lived.places)


def test_a_damaged_journal_is_no_ground_to_build_on(lived: Lived) -> None:
    """What is there stays."""
    before = files(lived.folder)
    with closing(sqlite3.connect(lived.places.journal / "journal.sqlite")) as journal:
        journal.execute("UPDATE batch SET body = zeroblob(9) WHERE sequence = (SELECT max(sequence) FROM batch)")
        journal.commit()
    with pytest.raises(RebuildError, match="nothing was replaced"):
        _rebuild(lived.places)
    assert files(lived.folder)["observations.sqlite"] == before["observations.sqlite"]


@pytest.mark.parametrize("step", range(12))
def test_whenever_it_is_interrupted_it_can_be_begun_again(lived: Lived, step: int) -> None:
    """Until the new is in its place either the old is, or nothing starts; then all is as it should be."""
    before = _databases(lived.places)
    _interrupt(lived.places, step)
    if lived.places.rebuilt.exists():
        with pytest.raises(DataFolderError, match="qingchuan rebuild ends it"):
            make_folder(lived.folder)
    else:
        assert _databases(lived.places) == before
    _rebuild(lived.places)
    assert _databases(lived.places) == before
    assert not lived.places.rebuilding.exists()
    assert Cube(lived.places.cube).sequence() == 19


@pytest.mark.parametrize("step", range(1, 12))
def test_a_check_leaves_alone_what_was_interrupted(lived: Lived, step: int) -> None:
    """Old and new are both in the folder of drafts then; nothing of them may be removed."""
    before = _databases(lived.places)
    _interrupt(lived.places, step)
    if lived.places.rebuilt.exists():
        with pytest.raises(RebuildError, match="qingchuan rebuild ends it"):
            check(lived.places, StoreSettings(), quiet(), HOURS)
    _rebuild(lived.places)
    assert _databases(lived.places) == before


def _interrupt(places: Places, step: int) -> None:
    """End it before the step of that number: the n-th time that something is renamed."""
    rename, left = Path.rename, step

    def renamed(self: Path, target: Path) -> Path:
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        return rename(self, target)

    try:
        with patch.object(Path, "rename", renamed):
            _rebuild(places)
    except KeyboardInterrupt:
        pass


def test_a_check_says_what_differs_and_replaces_nothing(lived: Lived) -> None:
    """By kind of row, with examples."""
    assert check(lived.places, StoreSettings(), quiet(), HOURS)[1] == []
    with (
        closing(sqlite3.connect(lived.places.observations)) as store,
        closing(sqlite3.connect(lived.places.state)) as state,
    ):
        store.execute("UPDATE current SET items = '{}' WHERE start = (SELECT min(start) FROM current)")
        store.commit()
        state.execute("DELETE FROM dead_letter")
        state.commit()
    before = files(lived.folder)
    _, found = check(lived.places, StoreSettings(), quiet(), HOURS)
    assert [(each.kind, each.missing, each.added, each.changed) for each in found] == [
        ("current", 0, 0, 1),
        ("dead_letter", 0, 4, 0),
    ]
    assert files(lived.folder) == before


def _run(*arguments: str | Path, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env=env)
    return result.exit_code, result.output


def test_the_command_says_how_many_messages(lived: Lived) -> None:
    """In both languages; and `--check` ends with 1 where something differs."""
    code, said = _run("--data", lived.folder, "rebuild")
    assert (code, "19 条消息 messages" in said) == (0, True), said
    code, said = _run("--data", lived.folder, "rebuild", "--check")
    assert (code, "一致 the same: 19 条消息" in said) == (0, True), said
    with closing(sqlite3.connect(lived.places.observations)) as store:
        store.execute("DELETE FROM current WHERE start = (SELECT min(start) FROM current)")
        store.commit()
    code, said = _run("--data", lived.folder, "rebuild", "--check")
    assert (code, "不一致 differs: current: 只在现有库 only there 0, 只在重建库 only in the new 1" in said) == (
        1,
        True,
    ), said
    code, said = _run("--data", lived.folder / "elsewhere", "rebuild")
    assert (code, "holds no journal" in said) == (1, True)
    code, said = _run("--data", lived.folder, "rebuild", "--bucket", "other")
    assert (code, "--bucket is given" in said) == (1, True)


def test_observations_in_influxdb_are_made_anew_in_another_bucket(lived: Lived, tmp_path: Path) -> None:
    """The old one stays; the ledger is swapped, and knows the new one."""
    with Influxd(tmp_path / "influxd", influxd_program()) as server:
        token = server.place("one").token
        environment = {"QINGCHUAN_STORE__KIND": "influxdb", "QINGCHUAN_STORE__URL": server.url}
        environment |= {"QINGCHUAN_STORE__BUCKET": "one", "QINGCHUAN_STORE__TOKEN": token}
        code, said = _run("--data", lived.folder, "copy", "--from", "embedded", "--to", "influxdb", env=environment)
        assert code == 0, said
        code, said = _run("--data", lived.folder, "rebuild", "--check", env=environment)
        assert (code, "一致 the same" in said) == (0, True), said
        code, said = _run("--data", lived.folder, "rebuild", env=environment)
        assert (code, "give --bucket with the name of an empty bucket" in said) == (1, True), said
        there = server.place("two")
        environment["QINGCHUAN_STORE__TOKEN"] = there.token
        code, said = _run("--data", lived.folder, "rebuild", "--bucket", "two", env=environment)
        assert (code, 'Next: store.bucket = "two"' in said) == (0, True), said
        made = InfluxObservations(InfluxServer(there), lived.places.ledger)
        asked = ["1235A"], ["pm25"], "hour", START, START + 9 * 86400
        old = EmbeddedObservations(lived.places.observations)
        for as_of in range(20):
            assert same(made.read(*asked, as_of), old.read(*asked, as_of))  # type: ignore[arg-type]
        made.close()
        old.close()


def test_episodes_follow_again_and_their_notices_stay_with_them(tmp_path: Path) -> None:
    """People were told of one; it is found again, by rule, subject and time, and nobody is told anew."""
    lived = Lived(tmp_path / "data", days=0)
    lived.received = (START + 4 * 3600) * 1_000_000
    section = {"kind": "section", "name": {"zh": "溪口", "en": "Xikou"}, "target_class": 3, "water_body": "river"}
    lived.take(Message("mqtt", "c", "qingchuan/xikou/station", msgspec.json.encode(section)))
    for hour, value in ((0, 0.5), (1, 1.9), (2, 2.5), (3, 0.4)):
        told = {"time": f"2026-03-01T{hour:02}:00:00Z", "values": {"nh3n": value}}
        lived.take(Message("mqtt", "c", "qingchuan/xikou/reading", msgspec.json.encode(told)))
    engine = Engine(
        lived.observations,
        lived.state,
        load_rules(),
        now=lambda: lived.received,
        notify_within=HOURS,
        targets=["hook"],
    )
    while engine.step():
        pass
    before, notices = _episodes(lived.places), _notices(lived.places)
    assert len(before) == 1
    assert len(notices) > 0
    lived.close()
    assert _rebuild(lived.places).episodes == 1
    assert (_episodes(lived.places), _notices(lived.places)) == (before, notices)


def _episodes(places: Places) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(places.state)) as state:
        return state.execute("SELECT * FROM episode").fetchall()


def _notices(places: Places) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(places.state)) as state:
        return state.execute("SELECT * FROM notice").fetchall()


def test_pages_do_not_start_while_all_is_made_anew(lived: Lived) -> None:
    """They would go on with the old databases, and what they write there would be lost."""
    held = Hold(lived.places.pages_lock)
    assert held.take()
    with pytest.raises(DataFolderError, match=r"are being made anew \(qingchuan rebuild\); start when it is done"):
        serve(load(None, {}, {"data": lived.places.data}), Event())
    held.release()
