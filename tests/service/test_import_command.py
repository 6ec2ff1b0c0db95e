"""``qingchuan import`` on a data directory: with a collector and without, interrupted, killed, and once more."""

from __future__ import annotations

import csv
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qingchuan.collector.importing.sending import Sender
from qingchuan.service.lock import AlreadyCollectingError, only_one
from qingchuan.service.main import app
from qingchuan.service.places import Places
from qingchuan.service.prepare import prepare
from qingchuan.store.import_messages import decode
from qingchuan.store.imports import import_files
from qingchuan.store.journal import Journal
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.state import State
from tests.support.again import try_again
from tests.support.applying import Bench
from tests.support.importing import HEADER, WAN, announcement, written
from tests.support.service import Service, clean_environment

MAPPING = """
period = "hour"
time = { column = "time", label = "end" }
subject = { column = "station" }
items = { pm25 = "PM2.5", co = "CO" }
"""
ROOT = Path(__file__).resolve().parents[2]
RECEIVED = 1_780_000_000_000_000
"""In May 2026, after all that is imported here. [µs since 1970-01-01 UTC]"""


@pytest.fixture(autouse=True)
def _close_all() -> Iterator[None]:
    """Whatever a test opened is closed behind it."""
    yield
    for bench in Bench.opened:
        bench.close()
    Bench.opened.clear()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A data directory in which station 1235A has announced itself, and which nobody works on."""
    made = prepare(tmp_path / "data")
    journal = Journal(made.journal, lambda: RECEIVED)
    journal.append([WAN])
    journal.close()
    written(tmp_path, MAPPING, "map.toml")
    return made


def _file(folder: Path, rows: int, name: str = "file.csv") -> Path:
    times = (f"2026-{1 + row // 672:02}-{1 + row // 24 % 28:02} {row % 24 + 1:02}:00" for row in range(rows))
    return written(
        folder, HEADER + "".join(f"{time},1235A,{35 + row % 7},0.{row}\n" for row, time in enumerate(times)), name
    )


def _run(places: Places, *arguments: str | Path) -> tuple[int, str]:
    mapping = ("--mapping", str(places.data.parent / "map.toml"))
    result = CliRunner().invoke(app, ["--data", str(places.data), "import", *map(str, arguments), *mapping])
    return result.exit_code, result.output


def _imported(places: Places) -> list[Message]:
    journal = JournalReader(places.journal)
    found = [message for batch in journal.read(0, 10_000) for message in batch.messages if message.kind == "import"]
    journal.close()
    return found


def _apply(places: Places) -> Bench:
    """Apply what is in the journal, as a collector does."""
    bench = Bench.__new__(Bench)
    Bench.opened.append(bench)
    bench.folder, bench.received = places.data, RECEIVED
    bench._open()
    while bench.applier.step():
        pass
    return bench


def test_a_dry_run_says_what_would_be_refused_and_writes_nothing(places: Places, tmp_path: Path) -> None:
    """By the rules of the applier, too: nobody has announced the second station as far as is applied."""
    _apply(places).close()
    path = written(tmp_path, HEADER + "2026-03-01 01:00,1235A,oops,0.7\n2026-03-01 01:00,nobody,35,0.7\n")
    code, said = _run(places, path, "--dry-run")
    assert code == 0
    assert "tried, 2 行 rows, 拒收 refused 1 行 rows, 1 个值 values" in said
    assert "subject 'nobody' was never announced" in said
    assert _imported(places) == []


def test_without_a_collector_the_rows_wait_and_are_applied_later(places: Places, tmp_path: Path) -> None:
    """It says so; what only applying shows is told when the file is imported a second time, which does nothing else."""
    path = written(tmp_path, HEADER + "2026-03-01 01:00,1235A,35,oops\n2026-03-01 02:00,nobody,1,0.7\n")
    code, said = _run(places, path, "--by", "lin")
    assert (code, "0 行 rows, 1 个值" in said, "wait in the journal until" in said) == (0, True, True)
    assert [(message.source, message.topic[:9]) for message in _imported(places)] == [("lin", "reported/")]
    bench = _apply(places)
    assert bench.pm25() == [None]
    (file,) = import_files(bench.state.engine, 10)
    assert (file.name, file.rows, file.refused, file.finished == file.begun) == ("file.csv", 2, 2, True)
    code, said = _run(places, path)
    assert (code, "imported before, 2 行 rows, 拒收 refused 1 行 rows, 1 个值 values" in said, "wait in" in said) == (
        0,
        True,
        False,
    )
    assert len(_imported(places)) == 1


def test_again_imports_once_more_and_changes_nothing(places: Places, tmp_path: Path) -> None:
    """The second time is a duplicate; another mapping is another import, and needs no `--again`."""
    path = _file(tmp_path, 2)
    for arguments in ((path,), (path, "--again"), (path, "--origin", "audited")):
        assert _run(places, *arguments)[0] == 0
    bench = _apply(places)
    tally = bench.observations.tally()
    assert (tally.applied, tally.duplicate, tally.dead_letter) == (3, 1, 0)
    assert {file.origin for file in import_files(bench.state.engine, 10)} == {"reported", "audited"}


def test_after_an_announcement_only_what_the_newest_run_refused_is_told(places: Places, tmp_path: Path) -> None:
    """By name, waiting or applied: what was taken this time is not in the table, nor what was applied again."""
    path = written(tmp_path, HEADER + "2026-03-01 01:00,长汀,35,0.7\n2026-03-01 02:00,nobody,oops,0.7\n")
    refused = "refused 1 行 rows, 1 个值 values"
    _run(places, path)
    _apply(places).close()
    assert "refused 2 行 rows, 1 个值 values" in _run(places, path)[1]
    changting = announcement("1300A", '{"kind":"air-station","name":{"zh":"长汀","en":"Changting"},"city":"330200"}')
    bench = _apply(places)
    bench.take(changting)
    try_again(bench)
    bench.close()
    assert refused in _run(places, path)[1], "applied again"
    assert "refused 0 行 rows, 1 个值 values" in _run(places, path, "--again")[1], "waiting"
    _apply(places).close()
    assert refused in _run(places, path)[1], "imported again"


def test_lines_are_counted_once_however_many_values_they_cost(places: Places, tmp_path: Path) -> None:
    """Rows are counted as rows and values as values, and no further lines are promised where there are none."""
    path = written(tmp_path, HEADER + "2026-03-01 01:00,1235A,x,y\n2026-11-31 01:00,1235A,1,0.7\n")
    _, said = _run(places, path, "--dry-run")
    assert "refused 1 行 rows, 2 个值 values" in said
    assert "2026-11 has 30 days" in " ".join(said.split())
    assert ", …" not in said


def test_what_was_refused_is_written_with_line_value_and_reason(places: Places, tmp_path: Path) -> None:
    """That of reading and that of applying; a value that looks like a formula is none when Excel opens the file."""
    path = written(tmp_path, HEADER + "2026-03-01 01:00,1235A,=1+1,-7\n2026-03-01 02:00,1235A,-100,0.7\n")
    report = tmp_path / "refused.csv"
    _run(places, path)
    _apply(places).close()
    assert _run(places, path, "--report", report)[0] == 0
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["file", "line", "item", "value", "code", "reason"]
    assert [row[1:5] for row in rows[1:]] == [
        ["2", "co", "-7", "wrong-value"],
        ["2", "pm25", "'=1+1", "wrong-value"],
        ["3", "pm25", "-100", "wrong-value"],
    ]


def test_what_cannot_be_imported_is_said_in_a_sentence(places: Places, tmp_path: Path) -> None:
    """A column too few, another import under way, the data of a demo."""
    code, said = _run(places, written(tmp_path, "time,station\n"))
    assert (code, "items.pm25 names column 'PM2.5'" in said) == (1, True)
    with only_one(places.import_lock):
        code, said = _run(places, _file(tmp_path, 1))
    assert (code, "another import works on" in said) == (1, True)
    places.demo.write_text("{}")
    code, said = _run(places, _file(tmp_path, 1))
    assert (code, "simulated data of a demo" in said) == (1, True)


def test_beside_the_data_of_a_demo_a_file_can_be_tried(places: Places, tmp_path: Path) -> None:
    """As whoever reads the documents does first; nothing is written."""
    places.demo.write_text("{}")
    code, said = _run(places, _file(tmp_path, 1), "--dry-run")
    assert (code, "tried, 1 行 rows" in said, _imported(places)) == (0, True, [])


def test_the_trial_that_the_documents_show_runs_as_it_stands(tmp_path: Path) -> None:
    """Each line of the block, from the top of the project, with data of its own."""
    text = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```sh\n(mkdir [^`]*)```", text)
    program = f'qingchuan() {{ {sys.executable} -m qingchuan "$@"; }}; set -eu\n'
    script = program + block.replace("/tmp/try-import", f"{tmp_path}/try")  # noqa: S108 - as it is written there
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=clean_environment({}), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "tried, 3 行 rows, 拒收 refused 0" in done.stdout
    assert "宁波 Ningbo" in done.stdout


def test_a_full_disk_stops_the_import_and_a_second_run_goes_on(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost by it, and nothing is twice."""
    monkeypatch.setattr("qingchuan.service.importing.Sender", partial(Sender, patience=0.0))
    left = iter([True, True])
    monkeypatch.setattr(Journal, "has_room", lambda _: next(left, False))
    path = _file(tmp_path, 700)
    code, said = _run(places, path)
    assert (code, "no room is left" in said, "goes on behind it" in said) == (1, True, True)
    assert [decode(message.payload).through for message in _imported(places)] == [300]
    monkeypatch.undo()
    assert _run(places, path)[0] == 0
    assert [decode(message.payload).through for message in _imported(places)] == [300, 600, 700]


def test_a_killed_import_goes_on_and_nothing_is_lost_or_twice(places: Places, tmp_path: Path) -> None:
    """Real processes, killed at random moments; the parts in the journal join without a gap."""
    rows, chance, kills = 3600, random.Random(5), 0
    path = _file(tmp_path, rows)
    command = [sys.executable, "-m", "qingchuan", "--data", str(places.data), "import", str(path)]
    command += ["--mapping", str(tmp_path / "map.toml")]
    environment = clean_environment({})
    code: int | None = None
    for _ in range(40):
        before = len(_imported(places))
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            _wait_for_more(places, process, before + chance.randrange(1, 5))
            code = process.poll()
            if code is not None:
                break
            time.sleep(chance.random() * 0.01)
            process.kill()
            kills += 1
    assert code == 0
    assert kills >= 2
    parts = [decode(message.payload) for message in _imported(places)]
    assert [part.before for part in parts] == [0, *(part.through for part in parts[:-1])]
    assert (parts[-1].through, parts[-1].last) == (rows, True)
    bench = _apply(places)
    tally = bench.observations.tally()
    assert (tally.applied, tally.duplicate, tally.dead_letter) == (1 + len(parts), 0, 0)
    assert import_files(bench.state.engine, 1)[0].rows == rows


def _wait_for_more(places: Places, process: subprocess.Popen[bytes], wanted: int) -> None:
    while process.poll() is None and len(_imported(places)) < wanted:
        time.sleep(0.005)


def test_a_running_collector_applies_and_what_it_refuses_is_in_the_report(tmp_path: Path) -> None:
    """Both processes write and read the same files; the import waits until its last row is applied."""
    service = Service(tmp_path, arguments=("collect",))
    prepare(service.data)
    with only_one(Places(service.data).lock):
        journal = Journal(Places(service.data).journal, lambda: RECEIVED)
        journal.append([WAN])
        journal.close()
    written(tmp_path, MAPPING, "map.toml")
    path = _file(tmp_path, 1500)
    with path.open("a", encoding="utf-8") as file:
        file.write("2026-04-01 01:00,nobody,35,0.7\n")
    service.start(wait=False)
    try:
        service.wait_until(lambda: _is_locked(Places(service.data)), "take the lock")
        code, said = _run(Places(service.data), path)
    finally:
        service.stop()
    assert code == 0, said
    assert "1501 行 rows, 拒收 refused 1 行 rows, 0 个值 values" in said
    assert "subject 'nobody' was never announced" in said
    state = State(Places(service.data).state)
    assert import_files(state.engine, 1)[0].rows == 1501
    state.close()


def _is_locked(places: Places) -> bool:
    try:
        with only_one(places.lock):
            return False
    except AlreadyCollectingError:
        return True
