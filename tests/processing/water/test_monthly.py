"""Automatic and laboratory values of a month together."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.water.means import Means
from qingchuan.processing.water.monthly import AUTOMATIC, MANUAL, NO_SOURCE, SOURCES, automatic_only, monthly_values

RULES = standards.load("hb2020_82", standards.WaterSampling)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
NAN = float("nan")


def _means(values: list[float]) -> Means:
    return Means(np.array(values), np.where(np.isnan(values), 0, 7))


@pytest.mark.parametrize("item", ["ph", "do", "codmn", "nh3n", "tp", "tn"])
@pytest.mark.parametrize(
    ("automatic", "manual", "value", "source"),
    [(3.0, 4.0, 3.0, AUTOMATIC), (3.0, NAN, 3.0, AUTOMATIC), (NAN, 4.0, 4.0, MANUAL), (NAN, NAN, NAN, NO_SOURCE)],
)
def test_six_items_are_automatic_where_they_can_be(
    item: str, automatic: float, manual: float, value: float, source: int
) -> None:
    """Else the laboratory's; the source is told with each."""
    found = monthly_values(_means([automatic]), _means([manual]), (item,), RULES)
    assert np.array_equal(found.values, [value], equal_nan=True)
    assert found.sources.tolist() == [source]


@pytest.mark.parametrize("item", ["cod", "bod5", "lead", "temperature"])
def test_all_others_are_of_the_laboratory(item: str) -> None:
    """Also where a station has such an analyser."""
    both = monthly_values(_means([3.0]), _means([4.0]), (item,), RULES)
    assert (both.values.tolist(), both.sources.tolist()) == ([4.0], [MANUAL])
    alone = monthly_values(_means([3.0]), _means([NAN]), (item,), RULES)
    assert np.isnan(alone.values).all()
    assert alone.sources.tolist() == [NO_SOURCE]


def test_counts_go_with_the_value() -> None:
    """180 automatic values, one sample of the laboratory."""
    automatic, manual = Means(np.array([3.0, 3.0]), np.array([180, 90])), Means(np.array([4.0, 4.0]), np.array([1, 1]))
    assert monthly_values(automatic, manual, ("codmn", "cod"), RULES).counts.tolist() == [180, 1]


def test_a_class_of_automatic_items_alone_says_so() -> None:
    """One judging value of the laboratory is enough to say otherwise; an item that does not judge says nothing."""
    sources = [[AUTOMATIC] * 4, [NO_SOURCE, MANUAL, MANUAL, AUTOMATIC]]
    classes = [[2, 2, 2, 0], [0, 3, 0, 0]]
    assert automatic_only(sources, classes).tolist() == [True, False, True, False]
    assert automatic_only([AUTOMATIC], [2]).shape == ()


def test_sections_are_joined_at_once_and_must_match() -> None:
    """The message names the items."""
    grid = Means(np.ones((2, 3)), np.ones((2, 3), np.int64))
    assert monthly_values(grid, grid, ("tp", "cod"), RULES).sources.tolist() == [[1] * 3, [2] * 3]
    with pytest.raises(ValueError, match="both must have a row for each of tp"):
        monthly_values(grid, grid, ("tp",), RULES)
    with pytest.raises(ValueError, match=r"have the shape \(2, 3\), the manual ones \(1,\)"):
        monthly_values(grid, _means([1.0]), ("tp", "cod"), RULES)


def test_sources_have_names() -> None:
    """As answers tell them."""
    assert [SOURCES[source] for source in (NO_SOURCE, AUTOMATIC, MANUAL)] == ["", "automatic", "manual"]


def test_preferred_items_judge_or_are_of_reference() -> None:
    """The six of the document are known to the other one."""
    known = {*MEASURES.indicators.items, *MEASURES.indicators.reference}
    assert set(RULES.automatic.items) <= known
