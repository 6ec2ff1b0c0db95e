"""Samples grouped by period, and values below the detection limit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from qingchuan.processing import standards
from qingchuan.processing.water.means import period_means
from qingchuan.processing.water.samples import by_period, half_below_detection

RULES = standards.load("cnemc2020_90", standards.WaterRounding)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 99)), max_size=20))
def test_each_period_has_its_own_samples_and_no_others(rows: list[tuple[int, int]]) -> None:
    """In the order in which they came, filled up with NaN."""
    labels, grouped = by_period([float(value) for _, value in rows], np.array([label for label, _ in rows], np.int64))
    assert labels.tolist() == sorted({label for label, _ in rows})
    for label, group in zip(labels.tolist(), grouped.tolist(), strict=True):
        own = [float(value) for mine, value in rows if mine == label]
        assert group[: len(own)] == own
        assert all(math.isnan(value) for value in group[len(own) :])


def test_days_months_and_years_are_labels_alike() -> None:
    """Leading axes are kept; a mean of each period follows."""
    days = np.array(["2026-01-31", "2026-02-01", "2026-02-28"], dtype="datetime64[D]")
    samples = np.array([[[1.0, 2.0, 4.0]], [[0.1, 0.2, 0.3]]])
    months, grouped = by_period(samples, days.astype("datetime64[M]"))
    assert months.astype(str).tolist() == ["2026-01", "2026-02"]
    assert grouped.shape == (2, 1, 2, 2)
    assert period_means(grouped, ("codmn", "tp"), RULES, 1).values.tolist() == [[[1.0, 3.0]], [[0.1, 0.25]]]
    assert by_period(samples, days.astype("datetime64[Y]"))[1].shape == (2, 1, 1, 3)


def test_no_sample_has_no_period() -> None:
    """Nothing in, nothing out."""
    labels, grouped = by_period(np.empty((3, 0)), np.empty(0, dtype="datetime64[D]"))
    assert labels.size == 0
    assert grouped.shape == (3, 0, 0)


@pytest.mark.parametrize("labels", [[1, 2], [[1, 2, 3]], 1])
def test_labels_that_do_not_fit_are_refused(labels: ArrayLike) -> None:
    """The message says what would do."""
    with pytest.raises(ValueError, match="give one label a sample"):
        by_period([1.0, 2.0, 3.0], labels)


def test_less_than_can_be_detected_counts_as_half_of_the_limit() -> None:
    """Exactly: half of 0.025 is the float of 0.0125, so that a mean of three is 0.0125 and ties stay ties."""
    values = half_below_detection([np.nan, 0.02, np.nan], [True, False, True], [0.025, 0.025, 0.025], RULES)
    assert values.tolist() == [0.0125, 0.02, 0.0125]
    assert period_means([values], ("nh3n",), RULES, 1).values.tolist() == [0.02]  # 0.015 to even
    assert half_below_detection([[0.1]], [[False]], 0.5, RULES).tolist() == [[0.1]]


def test_without_its_limit_a_value_below_it_is_missing() -> None:
    """It never becomes zero."""
    for limit in (np.nan, 0.0, -0.02):
        values = half_below_detection([0.0, 0.3], [True, False], limit, RULES)
        assert np.array_equal(values, [np.nan, 0.3], equal_nan=True)
