"""Backups that are made while messages flow in through a real Mosquitto give every figure again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from qingchuan.service.manifest import Backup, whole_backups
from qingchuan.service.places import Places
from qingchuan.store.embedded import EmbeddedObservations
from tests.support.answers import answers
from tests.support.episodes import judged
from tests.support.ledger import sqlite
from tests.support.mosquitto import Mosquitto
from tests.support.service import ROOT, Service, qingchuan
from tests.support.speaker import Speaker
from tests.support.traffic import CITY, Stations

SEED = int(os.environ.get("QINGCHUAN_TEST_SEED") or time.time_ns() % 1_000_000)
PART = 500
"""Messages that are published around each backup."""
BACKUPS = 2
REVISIONS = """
SELECT sequence, subject, period, start, origin, items, flags FROM current WHERE sequence <= ?
UNION ALL SELECT sequence, subject, period, start, origin, items, flags FROM superseded WHERE sequence <= ?
"""

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def chance() -> random.Random:
    """What decides the moments."""
    return random.Random(SEED)


@pytest.fixture
def given() -> dict[str, str]:
    """What the routes are asked for: the days that stations told of, and one of each kind of subject."""
    today = datetime.now(UTC).date()
    return {
        "start": (today - timedelta(days=9)).isoformat(),
        "end": (today + timedelta(days=1)).isoformat(),
        "code": CITY,
        "by": "month",
        "stations/subject": "1234A",
        "sections/subject": "dazha",
        "sites/subject": "nobody",
        "sequence": "1",
        "from": "1",
        "day": (today - timedelta(days=1)).isoformat(),
        "month": f"{today - timedelta(days=40):%Y-%m}",
        "version": "1",
        "audit/subject": "1234A",
    }


def _standing(folder: Path, broker: Mosquitto, moment: datetime) -> Service:
    """`qingchuan serve` on the data in `folder`, with a clock that stands still."""
    clock = {"QINGCHUAN_CLOCK__SPEED": "0.000001", "QINGCHUAN_CLOCK__ORIGIN": moment.isoformat()}
    return Service(folder, broker.port, ["serve"], clock)


def _killed_backup(service: Service, target: Path, after: float) -> None:
    """A backup that is killed when it has run for a while, if it is not done by then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qingchuan", "backup", str(target)],
        cwd=ROOT,
        env=service.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)


def _take_backups(service: Service, speaker: Speaker, target: Path, chance: random.Random) -> list[Backup]:
    """Backups at random moments while stations publish, each after one that was killed."""
    for _ in range(BACKUPS):
        speaker.say(PART, wait=False)
        _killed_backup(service, target, chance.uniform(0.2, 0.8))
        speaker.say(PART, wait=False)
        time.sleep(chance.uniform(0, 0.2))
        service.command("backup", target)
    return whole_backups(target)


def _restore(backup: Backup, folder: Path, chance: random.Random) -> str:
    """Restore it into ``data`` below `folder`, after a try that was killed; what it says."""
    environment = {**os.environ, "QINGCHUAN_DATA": str(folder / "data")}
    command = [sys.executable, "-m", "qingchuan", "restore", str(backup.folder)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    time.sleep(chance.uniform(0.2, 0.6))
    process.kill()
    process.wait(20)
    if Places(folder / "data").restoring.exists() or not Places(folder / "data").state.exists():
        done = qingchuan("restore", backup.folder, environment=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return ""


def _revisions(data: Path, sequence: int) -> list[tuple[object, ...]]:
    """Each observation as it was after each message up to `sequence` that changed it."""
    with sqlite(Places(data).observations) as database:
        return sorted(database.execute(REVISIONS, (sequence, sequence)).fetchall())


def _is_applied(data: Path, sequence: int) -> bool:
    store = EmbeddedObservations(Places(data).observations, read_only=True)
    reached = store.sequence()
    store.close()
    return reached >= sequence


def test_each_backup_gives_every_figure_as_it_was_and_the_last_one_all_there_is(
    tmp_path: Path, mosquitto: Mosquitto, chance: random.Random, given: dict[str, str]
) -> None:
    """Air, water, alerts, dead letters, counts; what was journaled and not yet applied is applied by the next start."""
    stations = Stations(chance, int(time.time()))
    stations.talk(2 * PART * BACKUPS)
    lived = Service(tmp_path / "lived", mosquitto.port)
    target = tmp_path / "target"
    lived.start()
    with Speaker(mosquitto.port, stations.traffic.messages) as speaker:
        backups = _take_backups(lived, speaker, target, chance)
        speaker.say()
    lived.wait_until_applied(len(stations.traffic.messages))
    lived.wait_until(lambda: judged(lived.data), "judge everything")
    lived.stop()
    lived.command("backup", target)
    last = whole_backups(target)[-1]
    moment = datetime.now(UTC)
    with _standing(tmp_path / "lived", mosquitto, moment) as service:
        now = answers(service.client, given)
        then = {backup.folder: answers(service.client, given, backup.manifest.sequence) for backup in backups}
    sequences = [backup.manifest.sequence for backup in [*backups, last]]
    assert sequences == sorted(set(sequences)), f"seed {SEED}: messages are to flow between the backups"

    for number, backup in enumerate(backups):
        folder = tmp_path / f"restored-{number}"
        _restore(backup, folder, chance)
        again = Service(folder, mosquitto.port, ["collect"])
        again.start()
        again.wait_until(partial(_is_applied, again.data, backup.manifest.sequence), "apply what waited")
        again.stop()
        with _standing(folder, mosquitto, moment) as service:
            assert answers(service.client, given, backup.manifest.sequence) == then[backup.folder], f"seed {SEED}"
        assert len(_revisions(again.data, backup.manifest.sequence)) > PART // 2
        assert _revisions(again.data, backup.manifest.sequence) == _revisions(lived.data, backup.manifest.sequence)

    told = _restore(last, tmp_path / "restored", chance)
    with _standing(tmp_path / "restored", mosquitto, moment) as service:
        assert answers(service.client, given) == now, f"seed {SEED}"
        assert f"whole: {len(stations.traffic.messages)}" in service.command("verify").stdout
    if told:
        assert f"Up to message {last.manifest.sequence}, received at " in told
        assert f"New messages are numbered from {last.manifest.sequence + 1}." in told
