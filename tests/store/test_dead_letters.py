"""Dead letters as they are kept: which are wanted, how many, in what order they are named."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.store.again import MOST, Again, naming
from qingchuan.store.dead_letters import (
    CodeTotal,
    Wanted,
    in_order,
    joined,
    named,
    of_message,
    put,
    ranges_of,
    totals,
    unsettled,
)
from qingchuan.store.journal import Journal
from qingchuan.store.messages import Message
from qingchuan.store.migrate import migrate
from qingchuan.store.rows import decode, encode, fill
from qingchuan.store.state import DeadLetter, State

_numbers = st.lists(st.integers(0, 40), max_size=20)
_items = st.dictionaries(st.sampled_from(["co", "o3", "pm25"]), st.tuples(st.sampled_from(["1", "2.0"]), st.just(2)))


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """An empty state."""
    migrate(tmp_path / "state.sqlite")
    made = State(tmp_path / "state.sqlite")
    yield made
    made.close()


def letter(
    sequence: int, item: str | None = None, topic: str = "q/1235A/hour", code: str = "unknown-item"
) -> DeadLetter:
    """A letter of one topic."""
    return DeadLetter(sequence, item, sequence * 10, topic, code, "100 % of it_is wrong")


@given(_numbers)
def test_ranges_hold_what_they_were_made_of(numbers: list[int]) -> None:
    """Each number once, and as few ranges as there can be."""
    ranges = ranges_of(numbers)
    assert [number for first, last in ranges for number in range(first, last + 1)] == sorted(set(numbers))
    assert all(later[0] > earlier[1] + 1 for earlier, later in pairwise(ranges))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))))
def test_joined_ranges_hold_the_same_numbers(ranges: list[tuple[int, int]]) -> None:
    """Without any of them twice."""
    expected = {number for first, last in ranges for number in range(first, last + 1)}
    found = [number for first, last in joined(ranges) for number in range(first, last + 1)]
    assert found == sorted(expected)


@given(_items.filter(bool), _items.filter(bool))
def test_filling_in_changes_nothing_that_is_there(
    stored: dict[str, tuple[str, int]], news: dict[str, tuple[str, int]]
) -> None:
    """And adds all the rest."""
    assert decode(*fill(encode(stored), encode(news))) == {**news, **stored}


def test_a_text_is_looked_for_as_it_is(state: State) -> None:
    """What a pattern of the database would take for more is a sign like any other."""
    state.record([], [letter(1), letter(2, topic="q/100%/hour")])
    assert named(state.engine, Wanted(topic="%")) == [2]
    assert named(state.engine, Wanted(topic="_")) == []
    assert named(state.engine, Wanted(reason="100 % of it_is")) == [2, 1]


def test_letters_are_counted_by_their_code(state: State) -> None:
    """Whole messages and single values apart, the most frequent first."""
    state.record([], [letter(1, "x"), letter(1, "y"), letter(2, code="future"), letter(3)])
    assert totals(state.engine, Wanted()) == [CodeTotal("unknown-item", 1, 2), CodeTotal("future", 1, 0)]
    assert totals(state.engine, Wanted(messages=((1, 1), (3, 9)))) == [CodeTotal("unknown-item", 1, 2)]


def test_portions_hold_whole_messages(state: State) -> None:
    """Also one that has more letters than a portion."""
    many = [letter(2, f"item {number}") for number in range(1100)]
    state.record([], [letter(1), *many, *(letter(number) for number in range(3, 600))])
    portions = list(in_order(state.engine, Wanted()))
    assert sum(map(len, portions)) == 1 + 1100 + 597
    numbers = [{one.sequence for one in portion} for portion in portions]
    assert sum(map(len, numbers)) == len(set().union(*numbers)) == 599


def test_what_was_tried_again_is_kept_anew(state: State) -> None:
    """With the newest reason; what is refused anew is added."""
    state.record([], [letter(1), letter(1, "x")])
    put(state.engine, [letter(1)._replace(tried=7, settled=7), letter(1, "y")._replace(tried=7, reason="new")])
    assert [(one.item, one.tried, one.settled, one.reason[:3]) for one in of_message(state.engine, 1)] == [
        (None, 7, 7, "100"),
        ("x", None, None, "100"),
        ("y", 7, None, "new"),
    ]


def test_what_was_open_before_a_message_is_open_for_it_also_when_it_is_settled_since(state: State) -> None:
    """A start may go on behind the state."""
    state.record([], [letter(1), letter(2), letter(3), letter(9)])
    put(state.engine, [letter(1)._replace(settled=5), letter(2)._replace(settled=7)])
    assert sorted(unsettled(state.engine, [(1, 9)], 6, most=10)) == [2, 3]
    assert sorted(unsettled(state.engine, [(1, 9)], 5, most=10)) == [1, 2, 3]
    assert sorted(unsettled(state.engine, [(1, 9)], 5, most=2)) == [2, 3]
    assert unsettled(state.engine, [], 99, most=10) == {}


def test_announcements_are_named_first_and_the_newest_of_the_others(state: State) -> None:
    """In portions of what one message may name."""
    letters = [letter(number) for number in range(2, MOST + 5)]
    state.record([], [letter(1, topic="q/1235A/station"), *letters])
    found = naming(state.engine, Wanted(), "lin", "mended", "web")
    ranges = [msgspec.json.decode(message.payload, type=Again).sequences for message in found.messages]
    assert found.number == MOST + 4
    assert ranges == [((1, 1), (6, MOST + 4)), ((2, 5),)]


def test_a_journal_gives_single_messages_from_wherever_they_lie(tmp_path: Path) -> None:
    """From sealed files and from the database; what it does not have is left out."""
    day = 86_400_000_000
    now = [0]
    journal = Journal(tmp_path, lambda: now[0])
    for number in range(6):
        journal.append([Message("mqtt", "c", "t", f"{number}{part}".encode()) for part in "ab"])
        now[0] += day // 2
    while journal.seal(3 * day):
        pass
    found = [(sequence, received, message.payload) for sequence, received, message in journal.messages(range(15))]
    assert found == [(2 * number + place + 1, number * day // 2, f"{number}{part}".encode())
                     for number in range(6) for place, part in enumerate("ab")]  # fmt: skip
    backwards = [sequence for sequence, _, _ in journal.messages([12, 1, 99, 5])]
    assert backwards == [12, 1, 5]
    journal.close()
