"""Many rows read at once, and manual samples beside those of the automatic station."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observation, Origin, Write
from qingchuan.store.rows import Texts, columns, encode, numbers

ITEMS = ("tp", "ph", "chromium6", "pm25")
NOT_TOLD = 0
numbers_as_sent = st.one_of(
    st.decimals(-10_000, 10_000, places=4).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(0, 1, places=25).map(str),
    st.sampled_from(["0.2000000000000000001", "0.1999999999999999999", "1e-7", "-0.0", "2.50E+3"]),
)
rows_of_items = st.lists(st.dictionaries(st.sampled_from(ITEMS), st.tuples(numbers_as_sent, st.integers(1, 9))))


@given(rows_of_items)
def test_many_rows_at_once_are_the_numbers_of_each(rows: list[dict[str, tuple[str, int]]]) -> None:
    """Also numbers that a float cannot hold: these lie on the same side of every limit."""
    texts = [encode(row) for row in rows]
    values, flags = columns(texts, ITEMS)
    for place, text in enumerate(texts):
        told = numbers(*text)
        for row, item in enumerate(ITEMS):
            value, flag = told.get(item, (math.nan, NOT_TOLD))
            assert np.array_equal(values[row, place], value, equal_nan=True)
            assert flags[row, place] == flag


def test_rows_are_read_in_more_than_one_piece() -> None:
    """Each value stands in its own place, and a long number is exact wherever it is."""
    texts = [Texts(f'{{"tp":{number}}}', "2") for number in range(20_000)]
    texts[15_000] = Texts('{"tp":0.2000000000000000001}', "2")
    [values], [flags] = columns(texts, ("tp",))
    assert values[15_000] > 0.2
    assert np.delete(values, 15_000).tolist() == [number for number in range(20_000) if number != 15_000]
    assert set(flags.tolist()) == {2}


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedObservations:
    """A store with samples of one section by three origins."""
    made = EmbeddedObservations(tmp_path / "observations.sqlite")
    told: list[tuple[int, Origin, dict[str, tuple[str, int]]]] = [
        (0, "reported", {"tp": ("0.1", 2), "ph": ("7.5", 2)}),
        (0, "audited", {"tp": ("0.2", 2)}),
        (0, "manual", {"tp": ("0.3", 2), "zinc": ("1.5", 2)}),
        (3600, "manual", {"zinc": ("1.6", 2)}),
    ]
    writes = [
        Write(number, Observation.of("a", "instant", start, origin, items))
        for number, (start, origin, items) in enumerate(told, 1)
    ]
    made.apply(writes, len(writes))
    return made


def test_manual_samples_stand_beside_the_others(store: EmbeddedObservations) -> None:
    """The automatic readings are as `readings` has them: an audited value wins over a reported one, item by item."""
    items = ("tp", "ph", "zinc")
    automatic, manual = store.samples(["b", "a"], items, 0, 7200)
    assert (automatic.subject.tolist(), automatic.sequence.tolist()) == ([1], [2])
    assert np.array_equal(automatic.values, [[0.2], [7.5], [np.nan]], equal_nan=True)
    assert (manual.subject.tolist(), manual.sequence.tolist()) == ([1, 1], [3, 4])
    assert np.array_equal(manual.values, [[0.3, np.nan], [np.nan, np.nan], [1.5, 1.6]], equal_nan=True)
    assert manual.flags.tolist() == [[2, 9], [9, 9], [2, 2]]
    alone = store.readings(["b", "a"], items, 0, 7200)
    assert np.array_equal(automatic.values, alone.values, equal_nan=True)
    store.close()


def test_samples_are_those_that_were_known_then(store: EmbeddedObservations) -> None:
    """After message 1 there was neither an audited value nor a manual sample."""
    automatic, manual = store.samples(["a"], ("tp",), 0, 7200, as_of=1)
    assert (automatic.values.tolist(), manual.values.shape) == ([[0.1]], (1, 0))
    store.close()
