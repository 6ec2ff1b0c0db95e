"""Competition ranks: ties, what is missing, and any shape."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from qingchuan.processing.ranks import competition_ranks_ascending, competition_ranks_descending


class Ranks(Protocol):
    """Either of the two functions."""

    def __call__(self, values: ArrayLike, ranked: ArrayLike) -> NDArray[np.int32]:
        """Ranks along the last axis."""


BOTH = pytest.mark.parametrize("ranks", [competition_ranks_ascending, competition_ranks_descending])
LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    ("values", "ascending", "descending"),
    [
        ([5, 5, 7], [1, 1, 3], [2, 2, 1]),
        ([7, 5, 5], [3, 1, 1], [1, 2, 2]),
        ([4, 4, 4], [1, 1, 1], [1, 1, 1]),
        ([3, 1, 2], [3, 1, 2], [1, 3, 2]),
        ([-5, 0, 5], [1, 2, 3], [3, 2, 1]),
        ([9], [1], [1]),
    ],
)
def test_who_shares_a_value_shares_a_rank(values: list[int], ascending: list[int], descending: list[int]) -> None:
    """The next one counts all before it: 1, 1, 3."""
    assert competition_ranks_ascending(values, ranked=True).tolist() == ascending
    assert competition_ranks_descending(values, ranked=True).tolist() == descending


@BOTH
def test_what_is_missing_has_no_rank_and_takes_none_from_others(ranks: Ranks) -> None:
    """Whatever number stands for it, the smallest or the largest, and though it equals another's."""
    for stand_in in (-LARGEST, 4, 5, LARGEST):
        assert ranks([stand_in, 5, 5, stand_in], [False, True, True, False]).tolist() == [0, 1, 1, 0]


def test_a_rank_counts_only_those_that_take_part() -> None:
    """A city that is left out is not before another."""
    assert competition_ranks_ascending([1, 2, 3], [False, True, True]).tolist() == [0, 1, 2]
    assert competition_ranks_descending([3, 2, 1], [False, True, True]).tolist() == [0, 1, 2]


@BOTH
def test_the_extreme_whole_numbers_are_ranked(ranks: Ranks) -> None:
    """Turning the order never overflows."""
    smallest, largest = -LARGEST - 1, LARGEST
    assert sorted(ranks([smallest, largest, 0], ranked=True).tolist()) == [1, 2, 3]
    assert competition_ranks_descending([smallest, largest, 0], ranked=True).tolist() == [3, 1, 2]
    assert competition_ranks_descending(np.array([0, 255, 7], dtype=np.uint8), ranked=True).tolist() == [3, 1, 2]


@BOTH
def test_one_value_without_an_axis_is_a_list_of_one(ranks: Ranks) -> None:
    """It has rank 1, or none."""
    assert ranks(7, ranked=True).shape == ()
    assert (int(ranks(7, ranked=True)), int(ranks(7, ranked=False))) == (1, 0)


@BOTH
@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3)])
def test_nothing_to_rank_gives_nothing(ranks: Ranks, shape: tuple[int, ...]) -> None:
    """An empty list keeps its shape."""
    assert ranks(np.empty(shape), ranked=True).shape == shape


@BOTH
@pytest.mark.parametrize("values", [[1.0, 2.0], [True, False], ["1"]])
def test_figures_that_are_no_whole_numbers_are_refused(ranks: Ranks, values: ArrayLike) -> None:
    """A tie is one of the published figure, which a float would lose."""
    with pytest.raises(TypeError, match=r"the values have the type .*; ranks need whole numbers"):
        ranks(values, ranked=True)


@given(arrays.arrays(np.int16, arrays.array_shapes(max_dims=3, max_side=6), elements=st.integers(-3, 3)))
def test_each_row_is_ranked_as_by_another_hand(values: NDArray[np.int16]) -> None:
    """Against scipy, in every shape and for values that lie in memory the other way round."""
    expected = rankdata(values, method="min", axis=-1)
    turned = np.asfortranarray(values)
    assert np.array_equal(competition_ranks_ascending(turned, ranked=True), expected)
    assert np.array_equal(competition_ranks_descending(turned, ranked=True), rankdata(-values, method="min", axis=-1))


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), max_size=9))
def test_a_rank_is_one_more_than_how_many_are_better(cities: list[tuple[int, bool]]) -> None:
    """Counted one by one; what is missing is not counted."""
    values, ranked = [value for value, _ in cities], [part for _, part in cities]
    taking_part = [value for value, part in cities if part]
    expected = [1 + sum(other < value for other in taking_part) if part else 0 for value, part in cities]
    assert competition_ranks_ascending(values, ranked).tolist() == expected


def test_the_input_is_not_changed() -> None:
    """Not even a read-only one is written to."""
    values = np.array([3, 1, 2])
    values.flags.writeable = False
    competition_ranks_descending(values, ranked=True)
    assert values.tolist() == [3, 1, 2]
