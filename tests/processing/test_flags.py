"""Which flags may be computed with."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import flags


@pytest.mark.parametrize(("flag", "counts"), [(1, True), (2, True), (3, False), (4, False), (9, False), (0, False)])
def test_only_good_and_not_evaluated_values_count(flag: int, counts: bool) -> None:  # noqa: FBT001
    """Suspect, bad and missing values never count, nor does a number that is no flag."""
    assert bool(flags.valid(flag)) is counts


def test_the_shape_is_kept() -> None:
    """Scalars, empty and stacked flags come back in their own shape."""
    assert flags.valid(1).shape == ()
    assert flags.valid(np.empty((0, 3), np.uint8)).shape == (0, 3)
    assert flags.valid(np.full((2, 3, 4), 9, np.uint8)).shape == (2, 3, 4)


def test_a_worse_flag_is_a_larger_number() -> None:
    """Worst wins is the largest number, as QARTOD has it."""
    assert list(flags.ALL) == sorted(flags.ALL)
    assert set(flags.VALID) <= set(flags.ALL)
