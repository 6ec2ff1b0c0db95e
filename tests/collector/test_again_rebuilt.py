"""Dead letters that were applied again come out the same when the stores are made anew from the journal."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qingchuan.store.dead_letters import Wanted
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.again import adds_up, again_of, dump, live, standing, try_again
from tests.support.applying import STATION, Bench, connection, hour_of, settings_of, station

DAY = 86_400_000_000  # [µs]

_ranges = st.tuples(st.integers(1, 40), st.integers(1, 40)).map(lambda pair: (min(pair), max(pair)))
_messages = st.one_of(
    st.builds(hour_of, st.sampled_from(["35", "36", '"oops"', "-9999"]), st.integers(0, 2), retained=st.booleans()),
    st.builds(station, st.sampled_from([STATION, STATION.replace(b"Wan", b"Van"), b"{}"]), retained=st.booleans()),
    st.builds(settings_of, future_tolerance=st.sampled_from([0, 3600, 7200])),
    st.just(connection()),
    st.builds(again_of, _ranges),
    st.builds(again_of, _ranges, _ranges),
    st.just(Message("mqtt", "c", "qingchuan/1235A/hour", b'{"start":"2026-03-01T00:00:00Z","values":{"co":1,"x":2}}')),
)


@settings(
    max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
@given(st.lists(st.lists(_messages, min_size=1, max_size=6), min_size=1, max_size=6))
def test_in_whatever_grouping_the_journal_gives_the_same(batches: list[list[Message]]) -> None:
    """Applied as it came, with a start after each batch, and all at once; and the counts add up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lived = live(folder / "lived", batches)
        assert live(folder / "restarted", batches, restarts=True) == lived
        rebuilt = folder / "rebuilt"
        rebuilt.mkdir()
        shutil.copytree(folder / "lived" / "journal", rebuilt / "journal")
        bench = Bench(rebuilt)
        while bench.applier.step():
            pass
        if bench.observations.sequence() == bench.journal.head().sequence:
            adds_up(bench)
        bench.close()
        assert [dump(rebuilt / file) for file in ("observations.sqlite", "state.sqlite")] == lived


def test_messages_in_sealed_files_are_applied_again_and_rebuilt(tmp_path: Path) -> None:
    """Each lies in a file of its day, and is read from there."""
    lived = tmp_path / "lived"
    lived.mkdir()
    bench = Bench(lived)
    for hour in range(3):
        bench.take(hour_of(str(30 + hour), hour))
        bench.received += DAY
    bench.take(station())
    while bench.journal.seal(bench.received):
        pass
    assert len(list((lived / "journal" / "sealed").iterdir())) == 3
    assert try_again(bench) == 3
    assert bench.pm25(3) == [30.0, 31.0, 32.0]
    assert adds_up(bench) == Tally(applied=4)
    bench.close()
    rebuilt = tmp_path / "rebuilt"
    rebuilt.mkdir()
    shutil.copytree(lived / "journal", rebuilt / "journal")
    other = Bench(rebuilt)
    while other.applier.step():
        pass
    other.close()
    for file in ("observations.sqlite", "state.sqlite"):
        assert dump(rebuilt / file) == dump(lived / file)


def test_each_sealed_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where hundreds of its messages are named."""
    bench = Bench(tmp_path)
    for day in range(2):
        for value in range(50):
            bench.take(hour_of(str(value), day))
        bench.received += DAY
    bench.take(station())
    while bench.journal.seal(bench.received):
        pass
    files: list[str] = []
    read = Path.read_bytes

    def counting(path: Path) -> bytes:
        files.append(path.name)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", counting)
    assert try_again(bench, Wanted(settled=False)) == 100
    assert len([name for name in files if name.endswith(".gz")]) == 2
    assert standing(bench) == []


def test_a_crash_after_the_state_was_written_counts_nothing_twice(tmp_path: Path) -> None:
    """The state is ahead of the observations then, and knows the letters as settled already."""
    bench = Bench(tmp_path)
    bench.take(hour_of("35"), hour_of('"oops"', 1), station())
    shutil.copy(tmp_path / "observations.sqlite", tmp_path / "before")
    try_again(bench)
    after = bench.observations.tallies()
    bench.close()
    (tmp_path / "observations.sqlite").unlink()
    for left in tmp_path.glob("observations.sqlite-*"):
        left.unlink()
    shutil.copy(tmp_path / "before", tmp_path / "observations.sqlite")
    bench.restart()
    while bench.applier.step():
        pass
    assert bench.observations.tallies() == after
    assert bench.pm25() == [35.0]
    adds_up(bench)
