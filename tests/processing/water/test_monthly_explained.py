"""Sources of a section's month explained."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.water.means import Means
from qingchuan.processing.water.monthly import monthly_values
from qingchuan.processing.water.monthly_explained import explain_monthly_values
from tests.support.explained import figure

RULES = standards.load("hb2020_82", standards.WaterSampling)
NAN = float("nan")


def _means(value: float, count: int) -> Means:
    return Means(np.array([value]), np.array([count]))


@pytest.mark.parametrize(
    ("item", "automatic", "manual", "value", "valid", "rule"),
    [
        ("codmn", 3.1, NAN, 3.1, 180, "优先采用自动监测值（180 个有效值）"),
        ("codmn", 3.1, 3.4, 3.1, 180, "优先采用自动监测值（180 个有效值），手工监测值 3.4 mg/L 不采用"),
        ("codmn", NAN, 3.4, 3.4, 2, "无自动监测值，采用手工监测值（2 个有效值）"),
        ("cod", 14.0, 12.0, 12.0, 2, "该项目以手工监测为准（2 个有效值）"),
        ("cod", 14.0, NAN, None, 0, "手工监测缺测，该项目不采用自动监测值（14 mg/L）"),
        ("cod", NAN, NAN, None, 0, "缺测"),
    ],
)
def test_each_item_is_told_with_its_source(
    item: str, automatic: float, manual: float, value: float | None, valid: int, rule: str
) -> None:
    """The value is that of the month; why the other one was not taken is said."""
    given = _means(automatic, 180), _means(manual, 2)
    told = explain_monthly_values(*given, (item,), RULES)
    part = told.parts[0]
    assert (part.value, part.valid, part.rule.zh) == (value, valid, rule)
    found = monthly_values(*given, (item,), RULES)
    assert np.array_equal(figure(part), found.values[0], equal_nan=True)
    assert (told.value, told.expected) == (int(value is not None), 1)


def test_the_sources_are_counted() -> None:
    """In both languages."""
    automatic = Means(np.array([3.1, NAN, NAN]), np.array([180, 0, 0]))
    manual = Means(np.array([3.4, 12.0, NAN]), np.array([1, 1, 0]))
    told = explain_monthly_values(automatic, manual, ("codmn", "cod", "tp"), RULES)
    assert told.rule.zh == "3 项中自动监测 1 项、手工监测 1 项，缺测 1 项"
    assert told.rule.en == "of 3 items 1 are automatic, 1 manual and 1 missing"
