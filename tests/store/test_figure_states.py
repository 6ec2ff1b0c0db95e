"""How final figures are: by what was confirmed and published, and what came after that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert

from qingchuan.processing.periods import DAY, day_start
from qingchuan.store import audit, tables
from qingchuan.store.audit import Done
from qingchuan.store.figure_states import least, reviewed
from qingchuan.store.migrate import migrate
from qingchuan.store.state import State, writing

DATES = np.arange("2026-10-30", "2026-11-03", dtype="datetime64[D]")
FIRST = day_start(DATES[0].item())
CITY, STATIONS = "330200", ("1234A", "1235A")
ITEMS = ("pm25", "o3")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A state database in which nothing was confirmed."""
    migrate(tmp_path / "state.sqlite")
    made = State(tmp_path / "state.sqlite")
    yield made
    made.close()


def confirm(
    state: State, sequence: int, subject: str, days: range, step: str = "province", items: tuple[str, ...] = ()
) -> None:
    """A person confirms some of the days."""
    start, end = (FIRST + day * DAY for day in (days.start, days.stop))
    done = Done(sequence, 0, "confirm", subject, "day", start, end, items, "", step, "lin", "all in order", 0, 0)
    with writing(state.engine).begin() as connection:
        audit.write(connection, [done], [])


def publish(
    state: State, sequence: int, month: str, data: int, version: int = 1, held: tuple[str, ...] = (CITY, *STATIONS)
) -> None:
    """A month is published with the data up to a message; it holds these subjects."""
    row = {"month": month, "version": version, "sequence": sequence, "data_sequence": data}
    texts = dict.fromkeys(("sha256", "program", "person", "reason"), "")
    with writing(state.engine).begin() as connection:
        connection.execute(insert(tables.publication), [{**row, **texts, "stated": 0, "received": 0}])
        rows = [{"sequence": sequence, "subject": subject} for subject in held]
        connection.execute(insert(tables.publication_subject), rows)


def states(state: State, *figures: tuple[str, ...], sequence: int = 5, at: int = 100) -> list[list[int]]:
    """The states of the days of some figures, of which the newest message is the same."""
    newest = np.full((len(figures), len(DATES)), sequence)
    found: list[list[int]] = reviewed(state, figures, ITEMS, DATES, at).states(newest).tolist()
    return found


def test_nothing_is_provisional_before_somebody_confirms(state: State) -> None:
    """Whatever it rests on."""
    assert states(state, STATIONS[:1], (CITY, *STATIONS)) == [[0] * 4, [0] * 4]


def test_a_day_is_audited_by_its_last_step_only(state: State) -> None:
    """Station and city look first."""
    confirm(state, 10, STATIONS[0], range(4), step="city")
    confirm(state, 11, STATIONS[0], range(1, 3))
    assert states(state, STATIONS[:1]) == [[0, 1, 1, 0]]


def test_every_item_has_to_be_confirmed(state: State) -> None:
    """Item by item, or all at once."""
    confirm(state, 10, STATIONS[0], range(4), items=("pm25",))
    assert states(state, STATIONS[:1]) == [[0] * 4]
    confirm(state, 11, STATIONS[0], range(2), items=("o3",))
    assert states(state, STATIONS[:1]) == [[1, 1, 0, 0]]


def test_a_city_is_audited_with_all_of_its_stations_or_as_a_whole(state: State) -> None:
    """One station is not enough."""
    confirm(state, 10, STATIONS[0], range(4))
    confirm(state, 11, STATIONS[1], range(2))
    confirm(state, 12, CITY, range(3, 4))
    assert states(state, (CITY, *STATIONS)) == [[1, 1, 0, 1]]


@pytest.mark.parametrize(("sequence", "at", "expected"), [(10, 10, 1), (11, 100, 0), (10, 9, 0)])
def test_what_came_after_it_was_confirmed_is_not(state: State, sequence: int, at: int, expected: int) -> None:
    """Nor was it before somebody said so."""
    confirm(state, 10, STATIONS[0], range(4))
    assert states(state, STATIONS[:1], sequence=sequence, at=at) == [[expected] * 4]


@pytest.mark.parametrize(("sequence", "at", "expected"), [(20, 21, 2), (21, 21, 0), (20, 20, 0)])
def test_the_days_of_a_published_month_are_final(state: State, sequence: int, at: int, expected: int) -> None:
    """With the data that it was published with, and since it was."""
    publish(state, 21, "2026-10", 20)
    assert states(state, STATIONS[:1], sequence=sequence, at=at) == [[expected, expected, 0, 0]]


def test_a_new_version_makes_final_what_came_since(state: State) -> None:
    """The newest that there was counts."""
    publish(state, 21, "2026-10", 20)
    publish(state, 31, "2026-10", 30, version=2)
    assert states(state, STATIONS[:1], sequence=25, at=40) == [[2, 2, 0, 0]]
    assert states(state, STATIONS[:1], sequence=25, at=30) == [[0] * 4]


def test_only_what_a_publication_holds_is_final(state: State) -> None:
    """A month that was published of one city leaves the others as they were."""
    publish(state, 21, "2026-10", 20, held=(CITY, STATIONS[0]))
    held, other, station, elsewhere = states(
        state, (CITY, *STATIONS), ("330400", "2001A"), STATIONS[:1], ("2001A",), sequence=5
    )
    assert [held[0], other[0], station[0], elsewhere[0]] == [2, 0, 2, 0]


def test_the_message_that_gave_a_state_is_told(state: State) -> None:
    """The newest confirmation of what an audited figure rests on, the publication of a final one."""
    confirm(state, 10, STATIONS[0], range(4), items=("pm25",))
    confirm(state, 11, STATIONS[0], range(4), items=("o3",))
    publish(state, 21, "2026-10", 20)
    found = reviewed(state, [STATIONS[:1]], ITEMS, DATES, 100)
    assert found.revised(np.full((1, 4), 5)).tolist() == [[21, 21, 11, 11]]
    assert found.revised(np.full((1, 4), 20)).tolist() == [[21, 21, 20, 20]]
    assert found.revised(np.full((1, 4), 25)).tolist() == [[25, 25, 25, 25]]


def test_what_rests_on_several_days_is_as_final_as_the_least_of_them() -> None:
    """And provisional where it rests on nothing."""
    assert [least(np.array(codes, np.int8)) for codes in ([2, 2], [2, 1], [1, 0], [])] == [
        "final",
        "audited",
        "provisional",
        "provisional",
    ]
