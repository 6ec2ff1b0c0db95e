"""Sections judged: published weeks, real time, periods, saturation, items of reference."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.water.exact import rounded_decimals
from qingchuan.processing.water.means import period_means
from qingchuan.processing.water.sections import SectionAssessment, assess_sections, reference_classes

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
ROUNDING = standards.load("cnemc2020_90", standards.WaterRounding)
FOUR = ("ph", "do", "codmn", "nh3n")
ALL = MEASURES.indicators.items

# 全国主要流域重点断面水质自动监测周报: pH, DO, CODMn, NH3-N, class, 主要污染指标 as published.
WEEKS = [
    ("黑龙江肇源", [6.97, 5.85, 6.3, 0.32], 4, {"codmn"}),
    ("黑龙江同江", [7.66, 6.03, 13.3, 1.77], 5, {"nh3n", "codmn"}),
    ("吉林长春松花江村", [6.59, 7.1, 3.9, 0.57], 3, set()),
    ("吉林白城白沙滩", [7.6, 9.03, 5.7, 0.75], 3, set()),
    ("黑龙江黑河", [6.53, 9.65, 3.9, 0.26], 2, set()),
    ("内蒙古黑山头", [7.25, 0.03, 4.5, 0.63], 6, {"do"}),
    ("宁夏石嘴山麻黄沟", [8.64, 9.02, 3.60, 0.90], 3, set()),  # week 47 of 2014
]


def _judged(values: list[float], items: tuple[str, ...] = FOUR, target: int = 3) -> SectionAssessment:
    return assess_sections(values, items, "river", target, items, GB3838, MEASURES)


@pytest.mark.parametrize(("name", "values", "number", "named"), WEEKS, ids=[row[0] for row in WEEKS])
def test_published_weeks(name: str, values: list[float], number: int, named: set[str]) -> None:
    """Class and main pollutants; their order is not by multiple in the bulletin of 2007, which predates the rule."""
    found = _judged(values)
    assert int(found.section) == number, name
    assert set(found.named()) == named, name


def test_a_section_tells_multiples_against_three_and_against_its_target() -> None:
    """Both with one decimal; status and colour go with the class."""
    found = _judged([7.0, 8.0, 6.9, 2.3], target=2)
    assert np.array_equal(found.multiples, [np.nan, np.nan, 0.2, 1.3], equal_nan=True)
    assert np.array_equal(found.target_multiples, [np.nan, np.nan, 0.7, 3.6], equal_nan=True)
    assert found.deciding.tolist() == [False, False, False, True]
    status = found.status(MEASURES)
    assert status is not None
    assert (status.name, status.status.zh, status.colour_zh) == ("劣Ⅴ", "重度污染", "红色")


def test_a_section_without_values_has_nothing_to_tell() -> None:
    """Neither class nor status nor pollutants."""
    found = _judged([np.nan, -1.0, np.nan, np.nan])
    assert (int(found.section), found.status(MEASURES), found.named()) == (0, None, ())
    assert not found.deciding.any()


def test_only_items_that_judge_decide() -> None:
    """Total nitrogen and coliforms never do over a period; in real time only five items do."""
    items = ("codmn", "tn", "faecal_coliforms", "cod")
    values = [3.0, 9.0, 90_000.0, 50.0]
    period = assess_sections(values, items, "lake", 3, ALL, GB3838, MEASURES)
    assert period.classes.tolist() == [2, 0, 0, 6]
    now = assess_sections(values, items, "lake", 3, GB3838.real_time.items, GB3838, MEASURES)
    assert (now.classes.tolist(), int(now.section)) == ([2, 0, 0, 0], 2)
    assert np.isnan(now.multiples[3])


@pytest.mark.parametrize(("samples", "exact", "rounded"), [([0.2002, 0.2004], 4, 3), ([9.2, 9.2], 6, 1)])
def test_real_time_judges_exact_values_and_a_period_rounded_means(
    samples: list[float], exact: int, rounded: int
) -> None:
    """TP of 0.2003 is Ⅳ as a reading and 0.200, Ⅲ, as a mean; a pH of 9.2 becomes 9."""
    item = ("tp",) if samples[0] < 1 else ("ph",)
    reading = assess_sections([samples[0]], item, "river", 0, item, GB3838, MEASURES)
    mean = period_means([samples], item, ROUNDING, 1).values
    assert int(reading.section) == exact
    assert int(assess_sections(mean, item, "river", 0, ALL, GB3838, MEASURES).section) == rounded


def test_saturation_is_asked_for() -> None:
    """Without it 7.2 mg/L is Ⅱ."""
    items = ("do",)
    assert int(assess_sections([7.2], items, "river", 0, items, GB3838, MEASURES).section) == 2
    assert int(assess_sections([7.2], items, "river", 0, items, GB3838, MEASURES, saturated=np.True_).section) == 1


def test_many_sections_at_once() -> None:
    """Any shape behind the items; each place has its own pollutants; the input is unchanged."""
    values = np.array([[[7.0, 3.0]], [[0.5, 0.05]]])
    before = values.copy()
    found = assess_sections(values, ("codmn", "tp"), "river", [[3, 2]], ALL, GB3838, MEASURES)
    assert found.section.tolist() == [[6, 2]]
    assert (found.named(0, 0), found.named(0, 1)) == (("tp", "codmn"), ())
    status = found.status(MEASURES, 0, 1)
    assert status is not None
    assert status.status.zh == "优"
    assert np.array_equal(values, before)
    empty = assess_sections(np.empty((2, 0)), ("codmn", "tp"), "river", 0, ALL, GB3838, MEASURES)
    assert empty.section.shape == (0,)


def test_items_of_reference_are_told_apart() -> None:
    """Total nitrogen in lakes only; what judges is none of them; temperature has no classes."""
    items = ("tn", "faecal_coliforms", "temperature", "codmn")
    values = [1.2, 12_000.0, 20.0, 9.0]
    assert reference_classes(values, items, "lake", GB3838, MEASURES).tolist() == [4, 4, 0, 0]
    assert reference_classes(values, items, "river", GB3838, MEASURES).tolist() == [0, 4, 0, 0]


# Displayed values of total phosphorus that are a limit, and the class published beside them, 2026-02-04.
ON_A_LIMIT = [
    ("永昌桥", 0.2, 4, 0.2004),
    ("跳鱼洞", 0.2, 3, 0.1996),
    ("高速公路桥", 0.1, 3, 0.1001),
    ("张湾", 0.1, 3, 0.1004),
    ("临江", 0.1, 2, 0.0996),
    ("长沙", 0.02, 2, 0.0203),
    ("黄果树", 0.02, 2, 0.0201),
    ("千河公路桥", 0.02, 2, 0.0204),
    ("碛塄", 0.02, 2, 0.0202),
    ("三溪桥", 0.02, 1, 0.02),
    ("从江大桥", 0.02, 1, 0.0197),
]


@pytest.mark.parametrize(("name", "shown", "number", "exact"), ON_A_LIMIT, ids=[row[0] for row in ON_A_LIMIT])
def test_one_displayed_limit_may_be_of_either_class(name: str, shown: float, number: int, exact: float) -> None:
    """Published rows that contradict each other unless the exact value decides: such a one is shown and judged so."""
    places = ROUNDING.hour("tp")
    assert places is not None
    assert float(rounded_decimals(exact, places)) == shown
    assert int(_judged([exact], ("tp",)).section) == number, name


@pytest.mark.parametrize("values", [7.0, [7.0, 8.0]])
def test_values_without_a_row_an_item_are_refused(values: float | list[float]) -> None:
    """The message names the items."""
    with pytest.raises(ValueError, match="one row for each of codmn"):
        assess_sections(values, ("codmn",), "river", 3, ALL, GB3838, MEASURES)
    with pytest.raises(ValueError, match="one row for each of codmn"):
        reference_classes(values, ("codmn",), "river", GB3838, MEASURES)
