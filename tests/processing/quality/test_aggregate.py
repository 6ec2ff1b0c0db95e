"""One flag of many, and the test that set it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import flags
from qingchuan.processing.quality.aggregate import aggregate
from qingchuan.processing.quality.codes import QualityTest
from tests.support.quality import as_oracle, qartod

TESTS = [QualityTest.GROSS_RANGE, QualityTest.SPIKE, QualityTest.NETWORK]
FLAG = st.sampled_from(flags.ALL)
COLUMNS = st.lists(st.tuples(FLAG, FLAG, FLAG, FLAG), min_size=1, max_size=12)


@given(columns=COLUMNS.filter(lambda told: all(9 not in column or set(column) == {9} for column in told)))
def test_the_worst_is_that_of_ioos_qc(columns: list[tuple[int, ...]]) -> None:
    """Where all agree on what is missing."""
    rows = np.array(columns, dtype=np.uint8).T
    result = aggregate(rows[0], dict(zip(TESTS, rows[1:], strict=True)))
    assert result.flag.tolist() == as_oracle(qartod.qartod_compare, list(rows)).tolist()


@given(columns=COLUMNS)
def test_the_test_that_is_named_set_the_flag_and_is_the_first_that_did(columns: list[tuple[int, ...]]) -> None:
    """Where the flag is 1 or 2 none is named."""
    rows = np.array(columns, dtype=np.uint8).T
    told = dict(zip([QualityTest.INCOMING, *TESTS], rows, strict=True))
    result = aggregate(rows[0], {test: told[test] for test in TESTS})
    for place, (flag, test) in enumerate(zip(result.flag, result.test, strict=True)):
        setters = [which for which in told if told[which][place] == flag]
        assert test == (min(setters) if flag > 2 else QualityTest.NONE)


@pytest.mark.parametrize(
    ("incoming", "test", "flag", "named"),
    [
        (2, 1, 1, QualityTest.NONE),
        (1, 2, 1, QualityTest.NONE),
        (2, 2, 2, QualityTest.NONE),
        (1, 3, 3, QualityTest.SPIKE),
        (3, 1, 3, QualityTest.INCOMING),
        (3, 3, 3, QualityTest.INCOMING),
        (3, 4, 4, QualityTest.SPIKE),
        (4, 3, 4, QualityTest.INCOMING),
        (9, 4, 9, QualityTest.INCOMING),
        (4, 9, 9, QualityTest.SPIKE),
    ],
)
def test_a_flag_that_came_in_stays_unless_a_test_found_worse(
    incoming: int, test: int, flag: int, named: QualityTest
) -> None:
    """And what nobody had evaluated becomes good where a test passes."""
    result = aggregate([incoming], {QualityTest.SPIKE: np.array([test], dtype=np.uint8)})
    assert (result.flag.tolist(), result.test.tolist()) == ([flag], [named])


def test_missing_wins_over_all_where_ioos_qc_would_let_it_count() -> None:
    """The documented difference."""
    one, nine = np.array([1], dtype=np.uint8), np.array([9], dtype=np.uint8)
    assert as_oracle(qartod.qartod_compare, [one, nine]).tolist() == [1]
    assert aggregate(one, {QualityTest.SPIKE: nine}).flag.tolist() == [9]


@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (2, 1, 3)])
def test_the_shape_is_kept_and_the_types_are_small(shape: tuple[int, ...]) -> None:
    """Also without any test."""
    result = aggregate(np.full(shape, 3), {})
    assert result.flag.shape == result.test.shape == shape
    assert result.flag.dtype == result.test.dtype == np.uint8
    assert (result.test == QualityTest.INCOMING).all()


@pytest.mark.parametrize("strange", [0, 5, 255, -1])
def test_a_number_that_is_no_flag_is_refused(strange: int) -> None:
    """An unknown quality is not good."""
    with pytest.raises(ValueError, match=f"a flag of INCOMING has the value {strange}; the flags are 1, 2, 3, 4, 9"):
        aggregate([1, strange], {})


def test_flags_of_another_shape_are_refused() -> None:
    """They would be flags of other values."""
    with pytest.raises(ValueError, match=r"the flags of SPIKE have the shape \(1,\); it must be \(2,\)"):
        aggregate([1, 1], {QualityTest.SPIKE: np.array([1], dtype=np.uint8)})


def test_every_test_has_a_number_and_a_name_of_its_own() -> None:
    """The numbers are stored: none of them ever moves."""
    assert {test.name: int(test) for test in QualityTest} == {
        "NONE": 0,
        "GAP": 1,
        "INCOMING": 2,
        "GROSS_RANGE": 3,
        "SPIKE": 4,
        "RATE_OF_CHANGE": 5,
        "FLAT_LINE": 6,
        "NEGATIVE": 7,
        "ZERO": 8,
        "LOGIC": 9,
        "CONSTANT": 10,
        "OUTLIER_LARGE": 11,
        "NETWORK": 12,
    }
    assert len({test.label.zh for test in QualityTest}) == len({test.label.en for test in QualityTest}) == 13
    assert {test.code for test in QualityTest} == {"", "LRF", "OVL", "ZF", "CF"}
