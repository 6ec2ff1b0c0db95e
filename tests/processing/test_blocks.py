"""Blocks and stretches hold everything once, whatever the shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.blocks import BLOCK, blocks, stretches


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3])
def test_every_value_is_in_one_block(size: int) -> None:
    """Sizes about the length of a block, and none is longer."""
    given_values, result, lengths = np.arange(size), np.full(size, -1), []
    for (values,), (written,) in blocks([given_values], [result]):
        written[...] = values + 1
        lengths.append(values.size)
    assert (result == np.arange(1, size + 1)).all()
    assert sum(lengths) == size
    assert max(lengths, default=0) <= BLOCK


def test_arrays_that_broadcast_or_are_not_contiguous_meet_at_the_same_places() -> None:
    """Transposed, every second row, a scalar."""
    values = np.arange(6 * BLOCK).reshape(-1, 6)
    result = np.zeros((6, BLOCK // 2), np.int64)
    for (some, scalar), (written,) in blocks([values[::2].T, np.array(5)], [result]):
        written[...] = some * scalar
    assert (result == values[::2].T * 5).all()


def test_a_scalar_is_a_block_of_one() -> None:
    """Also where the result has no axis."""
    result = np.array(0)
    for (value,), (written,) in blocks([np.array(3)], [result]):
        assert value.shape == (1,)
        written[...] = value
    assert result == 3


def test_what_is_given_cannot_be_written() -> None:
    """A block of it may be the array itself."""
    for (values,), _ in blocks([np.arange(3)], [np.empty(3, np.int64)]):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1


@given(st.integers(0, 50), st.one_of(st.integers(0, 3 * BLOCK), st.sampled_from([BLOCK - 1, BLOCK, BLOCK + 1])))
def test_stretches_follow_one_another_and_none_is_too_long(count: int, size: int) -> None:
    """One thing at least, however large it is."""
    found = list(stretches(count, size))
    assert [place for part in found for place in range(part.start, part.stop)] == list(range(count))
    assert all(part.stop - part.start == 1 or (part.stop - part.start) * size <= BLOCK for part in found)
