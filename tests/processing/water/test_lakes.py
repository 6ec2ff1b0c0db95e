"""Lakes: first over time, then over points."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.water.lakes import LakeAssessment, assess_lake

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
ROUNDING = standards.load("cnemc2020_90", standards.WaterRounding)
NAN = float("nan")


def _lake(samples: object, items: tuple[str, ...] = ("tp",), at_least: int = 1) -> LakeAssessment:
    return assess_lake(np.asarray(samples, np.float64), items, 3, at_least, GB3838, MEASURES, ROUNDING)


def test_points_weigh_the_same_however_often_they_were_sampled() -> None:
    """Point means of 0.03 and 0.07 come to 0.05, Ⅲ; all four samples together to 0.04."""
    found = _lake([[[0.02, 0.03, 0.04], [0.07, NAN, NAN]]])
    assert found.means.values.tolist() == [0.05]
    assert found.points.section.tolist() == [3, 4]
    assert int(found.lake.section) == 3


def test_a_lake_has_its_own_column_and_total_nitrogen_does_not_judge() -> None:
    """TP of 0.06 is Ⅳ; TN of 3 says nothing."""
    found = _lake([[[0.06]], [[3.0]]], ("tp", "tn"))
    assert int(found.lake.section) == 4
    assert found.lake.classes.tolist() == [4, 0]
    assert found.means.values.tolist() == [0.06, 3.0]
    assert found.lake.target_multiples[0] == 0.2


def test_a_point_with_too_few_samples_counts_for_nothing() -> None:
    """Item by item."""
    found = _lake([[[0.02, 0.02], [0.2, NAN]]], at_least=2)
    assert found.points.section.tolist() == [2, 0]
    assert found.means.values.tolist() == [0.02]
    assert found.means.counts.tolist() == [1]


def test_a_lake_without_points_has_no_class() -> None:
    """And without all three axes it is refused."""
    assert int(_lake(np.empty((1, 0, 1))).lake.section) == 0
    with pytest.raises(ValueError, match="it must have 3 axes or more"):
        _lake([[0.02]])


def test_the_order_is_that_of_the_document() -> None:
    """Time before points."""
    assert MEASURES.lakes.order == ("time", "points")
