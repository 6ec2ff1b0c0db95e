"""What a retained announcement tells after a lost session does not depend on where the program was started anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingchuan.store.messages import Message
from tests.support.again import again_of, dump, live
from tests.support.applying import STATION, Bench, connection, hour_of, quiet, settings_of, station, without_session

_CHANGED = STATION.replace(b"Wan", b"Van")


@pytest.mark.parametrize("restarts", [False, True])
def test_a_start_between_a_lost_session_and_what_the_broker_retains_changes_nothing(
    tmp_path: Path, *, restarts: bool
) -> None:
    """What the broker retains is the newest, although it was announced before."""
    bench = Bench(tmp_path)
    bench.take(station(), station(_CHANGED), without_session())
    if restarts:
        bench.restart()
    bench.take(station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Wan"


def test_a_start_after_a_kill_before_anything_was_kept_changes_nothing(tmp_path: Path) -> None:
    """What was applied since is followed again."""
    bench = Bench(tmp_path)
    bench.take(station(), station(_CHANGED))
    bench.journal.append([without_session()])
    assert bench.applier.step() is not None
    bench.restart()
    bench.take(station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Wan"


def test_the_session_of_one_client_says_nothing_of_what_another_receives(tmp_path: Path) -> None:
    """Each has a broker of its own."""
    bench = Bench(tmp_path)
    bench.take(station(), station(_CHANGED), without_session("d"), station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Van"
    bench.take(without_session(), connection("d"), station(retained=True))
    assert bench.state.subjects()["1235A"].name.en == "Wan"


_SOURCES = st.sampled_from(["c", "d"])
_MESSAGES = st.one_of(
    st.builds(without_session, _SOURCES),
    st.builds(connection, _SOURCES),
    st.builds(quiet, _SOURCES),
    st.builds(station, st.sampled_from([STATION, _CHANGED, b"{"]), retained=st.booleans()),
    st.builds(
        hour_of,
        st.sampled_from(["5", "6.0", '"x"']),
        st.integers(0, 1),
        qos=st.sampled_from([1, 1, 0]),
        source=_SOURCES,
    ),
    st.just(Message("disconnection", "c", "", b'{"cause":"broker"}')),
    st.just(Message("hj212", "gateway", "A1", b"##")),
    st.just(settings_of()),
    st.builds(lambda last: again_of((1, last)), st.integers(1, 30)),
)


@settings(max_examples=15)
@given(st.lists(st.lists(_MESSAGES, min_size=1, max_size=6), min_size=1, max_size=8))
def test_stores_do_not_depend_on_where_starts_and_groups_fall(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[Sequence[Message]]
) -> None:
    """Whether each row is applied as it comes, with a start after each, or all of them at once."""
    folder = tmp_path_factory.mktemp("bench")
    lived = _rows(live(folder / "lived", rows))
    assert _rows(live(folder / "restarted", rows, restarts=True)) == lived
    assert _rows(_at_once(folder / "rebuilt", rows)) == lived


def _rows(dumps: Sequence[Sequence[str]]) -> list[list[str]]:
    """What the databases hold, in whatever order it was written."""
    return [sorted(lines) for lines in dumps]


def _at_once(folder: Path, rows: Sequence[Sequence[Message]]) -> list[list[str]]:
    folder.mkdir()
    bench = Bench(folder)
    for row in rows:
        bench.journal.append(row)
    while bench.applier.step():
        pass
    bench.close()
    return [dump(folder / name) for name in ("observations.sqlite", "state.sqlite")]
