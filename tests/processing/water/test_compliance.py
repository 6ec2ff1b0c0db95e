"""Compliance of sections and function zones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from qingchuan.processing import standards
from qingchuan.processing.water.compliance import COMPLIES, FAILS, NOT_EVALUATED, compliance_rates, complies, zone_year
from qingchuan.processing.water.shares import percent

MEASURES = standards.load("hb2011_22", standards.WaterStatus)
ZONES = standards.load("sl395_2007", standards.FunctionZones)


@pytest.mark.parametrize("target", range(1, 6))
@pytest.mark.parametrize("number", range(1, 7))
def test_a_section_complies_at_its_target_or_better(number: int, target: int) -> None:
    """All pairs; 劣Ⅴ never does."""
    assert int(complies(number, target)) == (COMPLIES if number <= target else FAILS)


@pytest.mark.parametrize(("number", "target"), [(0, 3), (3, 0), (0, 0)])
def test_without_class_or_target_nothing_is_said(number: int, target: int) -> None:
    """A stopped section neither complies nor fails."""
    assert int(complies(number, target)) == NOT_EVALUATED


def test_published_rates() -> None:
    """Zhoushan, November 2024: 18 of 20, 岑港河 Ⅴ for Ⅲ and 芦东水库 Ⅲ for Ⅱ; Guangdong, April to June of 2016."""
    section, target = [2] * 10 + [3] * 8 + [5, 3], [3] * 18 + [3, 2]
    assert compliance_rates(section, target, ["舟山"] * 20, MEASURES).rate.tolist() == [90.0]
    months = [[3] * complying + [6] * (60 - complying) for complying in (47, 48, 45)]
    found = compliance_rates(months, 3, ["广东"] * 60, MEASURES)
    assert found.rate[:, 0].tolist() == [78.3, 80.0, 75.0]
    quarter = compliance_rates(np.ravel(months), 3, ["广东"] * 180, MEASURES)
    assert quarter.rate.tolist() == [77.8]


def test_groups_are_told_in_the_order_they_come() -> None:
    """Districts, basins or levels of control alike; stopped sections leave the denominator and are still counted."""
    groups = ["鄞州", "江北", "鄞州", "镇海", "江北"]
    found = compliance_rates([2, 3, 5, 0, 4], [3, 3, 3, 3, 4], groups, MEASURES)
    assert found.groups == ("鄞州", "江北", "镇海")
    assert found.complying.tolist() == [1, 2, 0]
    assert found.evaluated.tolist() == [2, 2, 0]
    assert found.sections.tolist() == [2, 2, 1]
    assert np.array_equal(found.rate, [50.0, 100.0, np.nan], equal_nan=True)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.sampled_from("abc")), max_size=12))
def test_groups_together_hold_every_section_once(rows: list[tuple[int, int, str]]) -> None:
    """Counts of groups sum to those of all."""
    section, target, groups = ([row[place] for row in rows] for place in range(3))
    found = compliance_rates(section, target, [str(group) for group in groups], MEASURES)
    assert int(found.sections.sum()) == len(rows)
    assert int(found.evaluated.sum()) == sum(1 for number, aim, _ in rows if number and aim)
    assert int(found.complying.sum()) == sum(1 for number, aim, _ in rows if number and aim and number <= aim)


@pytest.mark.parametrize("section", [3, [3, 3]])
def test_there_must_be_one_group_a_section(section: object) -> None:
    """The message says so."""
    with pytest.raises(ValueError, match="give one group a section"):
        compliance_rates(section, 3, ["甬江"], MEASURES)  # type: ignore[arg-type]  # any array will do


@pytest.mark.parametrize(
    ("complying", "failing", "verdict"),
    [(4, 1, COMPLIES), (8, 2, COMPLIES), (79, 21, FAILS), (3, 1, FAILS), (1, 0, COMPLIES)],
)
def test_a_zone_complies_over_a_year_at_80_percent(complying: int, failing: int, verdict: int) -> None:
    """80 % exactly is enough; months without an evaluation do not count."""
    evaluations = [COMPLIES] * complying + [FAILS] * failing + [NOT_EVALUATED] * 3
    found = zone_year(evaluations, ZONES)
    assert int(found.complies) == verdict
    assert (int(found.complying), int(found.evaluated)) == (complying, complying + failing)


def test_a_zone_that_was_never_evaluated_neither_complies_nor_fails() -> None:
    """Also of no evaluation at all; zones are told at once."""
    found = zone_year([[NOT_EVALUATED] * 2, [COMPLIES] * 2], ZONES)
    assert found.complies.tolist() == [NOT_EVALUATED, COMPLIES]
    assert np.array_equal(found.rate, [np.nan, 100.0], equal_nan=True)
    assert int(zone_year([], ZONES).complies) == NOT_EVALUATED


def test_the_exact_share_of_a_zone_decides() -> None:
    """1,599 of 2,000 are 79.95 %, shown as 80.0 %, and still below 80."""
    found = zone_year([COMPLIES] * 1599 + [FAILS] * 401, ZONES)
    assert (int(found.complies), float(found.rate)) == (FAILS, 80.0)


@pytest.mark.parametrize(("section", "target"), [(-1, 3), ([3, -1], 3), (3, -1)])
def test_a_class_below_none_is_refused(section: ArrayLike, target: ArrayLike) -> None:
    """The national release platform says −1 for none, which would comply with every target."""
    with pytest.raises(ValueError, match="give 0 for none"):
        complies(section, target)


def test_a_published_rate_of_function_zones() -> None:
    """The country in 2018: 4,503 of 6,779 comply, 66.4 %."""
    assert float(percent(4503, 6779, ZONES.year.decimals)) == 66.4
