"""Whatever comes, in whatever order and in whatever batches: a store holds what plain dictionaries would hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qingchuan.processing.decimals import comparable
from qingchuan.processing.quality.codes import counted
from qingchuan.store.arrays import Readings
from qingchuan.store.observations import Observation, Origin, Period, Tally, Wanted, Write
from tests.store.contract.model import Cell, Model, key_of
from tests.store.contract.stores import HOUR, Opener, Store

SUBJECTS = ("1235A", "溪口", "a b,c=d\\e'f\"g%\\")
ITEMS = ("pm25", "co", "tp")
PERIODS: tuple[Period, ...] = ("hour", "instant")
START, END = -HOUR, 3 * HOUR

_numbers = st.sampled_from(
    ["35", "35.0", "36", "0.70", "0.7", "7e-1", "-0.0", "0.1999999999999999999", "12345678901234567890"]
)
_flags = st.sampled_from([(2, ""), (2, ""), (3, "spike"), (4, "device:M"), (4, "")])
_items = st.dictionaries(st.sampled_from(ITEMS), st.tuples(_numbers, _flags))
_origins = st.sampled_from(["reported", "reported", "derived", "audited", "manual", "official"])


def _observation(
    subject: str, period: Period, start: int, origin: Origin, told: Mapping[str, tuple[str, tuple[int, str]]]
) -> Observation:
    items = {item: (number, flag) for item, (number, (flag, _)) in told.items()}
    return Observation.of(subject, period, start, origin, items, {item: by for item, (_, (_, by)) in told.items()})


_observations = st.builds(
    _observation,
    st.sampled_from(SUBJECTS),
    st.sampled_from(PERIODS),
    st.sampled_from(range(START, END, HOUR)),
    _origins,
    _items,
)
_messages = st.lists(
    st.lists(
        st.tuples(_observations, st.sampled_from([True, True, True, False]), st.sampled_from([None, None, None, 0])),
        min_size=1,
        max_size=2,
    ),
    max_size=10,
)


_Message = Sequence[tuple[Observation, bool, int | None]]


def _writes(messages: Sequence[_Message]) -> list[Write]:
    return [
        Write(sequence, observation, revises, counts)
        for sequence, message in enumerate(messages, 1)
        for observation, revises, counts in message
    ]


@given(_messages, st.randoms(use_true_random=False))
def test_a_store_holds_what_plain_dictionaries_would_hold(
    another: Callable[[], Opener],
    messages: Sequence[_Message],
    chance: random.Random,
) -> None:
    """However the messages are cut into batches, and however often a batch comes again."""
    writes = _writes(messages)
    model = Model(writes, len(messages))
    with closing(another()()) as store:
        _apply_in_pieces(store, writes, len(messages), chance)
        for as_of in range(len(messages) + 1):
            _check_reads(store, model, as_of, as_of)
        _check_reads(store, model, None, len(messages))
        _check_the_rest(store, model, writes)


@settings(max_examples=50)
@given(_messages, st.integers(0, 10), st.integers(0, 10), st.randoms(use_true_random=False))
def test_a_crash_before_the_end_loses_nothing_and_shows_nothing(
    another: Callable[[], Opener], messages: Sequence[_Message], done: int, tried: int, chance: random.Random
) -> None:
    """What was not noted as done is not told, whatever of it is written; it comes again, cut in another way."""
    writes, opener = _writes(messages), another()
    model = Model(writes, len(messages))
    done, tried = min(done, len(messages)), min(tried, len(messages))
    with closing(opener()) as store:
        store.apply([write for write in writes if write.sequence <= done], done)
        if tried > done:
            with pytest.raises(RuntimeError, match="power"), patch.object(store, "_advance", side_effect=_OFF):
                store.apply([write for write in writes if write.sequence <= tried], tried)
        _check_reads(store, model, None, done)
    with closing(opener()) as store:
        _check_reads(store, model, None, done)
        _apply_in_pieces(store, writes, len(messages), chance)
        for as_of in range(len(messages) + 1):
            _check_reads(store, model, as_of, as_of)
        _check_the_rest(store, model, writes)


_OFF = RuntimeError("power")


def _apply_in_pieces(store: Store, writes: Sequence[Write], messages: int, chance: random.Random) -> None:
    """Apply `writes` in batches, all earlier ones again with each."""
    for up_to in range(messages):
        if chance.random() < 0.5:
            store.apply([write for write in writes if write.sequence <= up_to], up_to)
    store.apply(writes, messages)


def _check_reads(store: Store, model: Model, as_of: int | None, after: int) -> None:
    grid = store.read(SUBJECTS, ITEMS, "hour", START, END, as_of)
    cells = model.cells(after, "hour", START, END)
    for column, subject in enumerate(SUBJECTS):
        for row, start in enumerate(range(START, END, HOUR)):
            cell = cells.get((subject, start), Cell(0, {}))
            _check_cell(cell, grid.values[:, row, column], grid.flags[:, row, column], int(grid.sequence[row, column]))
    automatic, manual = store.samples(SUBJECTS, ITEMS, START, END, as_of)
    _check_readings(automatic, model.cells(after, "instant", START, END))
    _check_readings(manual, model.cells(after, "instant", START, END, ["manual"]))
    _check_readings(store.readings(SUBJECTS, ITEMS, START, END, as_of), model.cells(after, "instant", START, END))
    narrow = store.readings(SUBJECTS[1:], ITEMS, 0, HOUR, as_of)
    _check_readings(
        narrow, {key: cell for key, cell in model.cells(after, "instant", 0, HOUR).items() if key[0] != SUBJECTS[0]}
    )


def _check_readings(readings: Readings, cells: Mapping[tuple[str, int], Cell]) -> None:
    keys = [
        (readings.subjects[subject], start)
        for subject, start in zip(readings.subject.tolist(), readings.times.astype(int).tolist(), strict=True)
    ]
    assert keys == sorted(cells, key=lambda key: (readings.subjects.index(key[0]), key[1]))
    for place, key in enumerate(keys):
        _check_cell(cells[key], readings.values[:, place], readings.flags[:, place], int(readings.sequence[place]))


def _check_cell(cell: Cell, values: NDArray[np.float64], flags: NDArray[np.uint8], sequence: int) -> None:
    assert sequence == cell.sequence
    for place, item in enumerate(ITEMS):
        told = cell.items.get(item)
        expected = (np.nan, 9) if told is None else (comparable(str(told.number)), counted(told.flag, told.by))
        assert np.array_equal((values[place], flags[place]), expected, equal_nan=True)


def _check_the_rest(store: Store, model: Model, writes: Sequence[Write]) -> None:
    messages = len(model.states) - 1
    tallies = model.tallies()
    assert store.tallies() == (messages, tallies)
    assert store.tally() == Tally(*(sum(column) for column in zip(Tally(), *tallies.values(), strict=True)))
    for after, limit in ((0, 1), (0, 3), (2, 3), (0, 100)):
        changed = store.changed(after, limit)
        assert sorted(changed) == model.changed(after, limit)
        assert [change.sequence for change in changed] == sorted(change.sequence for change in changed)
    for after, up_to in ((0, messages), (2, 3), (1, messages - 1), (messages, messages)):
        assert store.revised(after, up_to, 1000) == model.revised(after, up_to, SUBJECTS, -(2**60), 2**60)
        wanted = Wanted((SUBJECTS[0],), START, START + HOUR)
        assert store.revised(after, up_to, 1000, wanted) == model.revised(
            after, up_to, SUBJECTS[:1], START, START + HOUR
        )
    for period in PERIODS:
        marks = store.marks(SUBJECTS, period, START, END)
        assert sorted(marks) == sorted(model.marks(period, START, END))
        for as_of in range(messages + 1):
            assert sorted(store.marks(SUBJECTS, period, START, END, as_of)) == sorted(
                model.marks(period, START, END, as_of)
            )
            firsts = {subject: model.first(subject, period, as_of) for subject in SUBJECTS}
            known = {subject: start for subject, start in firsts.items() if start is not None}
            assert store.first(SUBJECTS, period, as_of) == known
    for write in writes:
        held = model.states[-1][key_of(write.observation)].items
        told = Model([Write(1, write.observation)], 1).states[1][key_of(write.observation)].items
        assert store.holds(write.observation) == all(held.get(item) == value for item, value in told.items())
