"""The state database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qingchuan.store.migrate import migrate
from qingchuan.store.state import Announcement, DeadLetter, State

CITY = '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}'
STATION = '{"kind":"air-station","name":{"zh":"万里学院","en":"Wanli"},"city":"330200"}'


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """An empty state."""
    migrate(tmp_path / "state.sqlite")
    opened = State(tmp_path / "state.sqlite")
    yield opened
    opened.close()


def _letters(*keys: tuple[int, str | None]) -> list[DeadLetter]:
    return [DeadLetter(sequence, item, 0, "t", "wrong-value", "because") for sequence, item in keys]


def test_pages_of_dead_letters_are_of_whole_messages(state: State) -> None:
    """Who pages sees each of them once."""
    told = _letters((3, "co"), (3, "o3"), (2, "co"), (2, "o3"), (1, None))
    state.record([], told)
    seen: list[DeadLetter] = []
    while page := state.dead_letters(3, before=seen[-1].sequence if seen else None):
        seen += page
    assert seen == told
    assert state.count_dead_letters() == (1, 4)


def test_a_message_with_more_dead_letters_than_a_page_comes_whole(state: State) -> None:
    """Paging does not stop at it."""
    state.record([], _letters((2, "co"), (2, "o3"), (2, "no2"), (1, None)))
    assert len(state.dead_letters(2)) == 3
    assert [letter.sequence for letter in state.dead_letters(2, before=2)] == [1]


def test_subjects_are_as_they_were_announced_at_any_message(state: State) -> None:
    """By kind, and as of a message."""
    renamed = CITY.replace("Ningbo", "Ningpo")
    state.record([Announcement(1, "330200", CITY), Announcement(2, "1235A", STATION)], [])
    state.record([Announcement(3, "330200", renamed)], [])
    assert set(state.subjects()) == {"330200", "1235A"}
    assert set(state.subjects("city")) == {"330200"}
    assert [state.subjects(as_of=at)["330200"].name.en for at in (1, 2, 3)] == ["Ningbo", "Ningbo", "Ningpo"]
    assert state.subjects(as_of=0) == {}


def test_recording_again_changes_nothing(state: State) -> None:
    """A crash before the observations were applied repeats it."""
    for _ in range(2):
        state.record(
            [Announcement(1, "330200", CITY)],
            _letters((2, None)),
            digests={"t": b"1"},
            decoding=[(3, "{}")],
            repeated=[4],
        )
    assert len(state.dead_letters(10)) == 1
    assert state.retained() == {"t": b"1"}
    assert (state.decoding(2), state.decoding(3)) == (None, "{}")
    assert state.repeated(since=4) == {4}
