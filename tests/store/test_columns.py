"""Many rows read at once."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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
