"""Rivers: the table of shares with all its edges, the mean of few sections, main pollutants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.rivers import Exceedance, RiverAssessment, assess_river, river_status

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
ROUNDING = standards.load("cnemc2020_90", standards.WaterRounding)
WORDS = {row.number: row.status.zh for row in MEASURES.river.rows}
NAN = float("nan")

# Sections, share of Ⅰ–Ⅲ and of 劣Ⅴ [%], status: states of the environment of 2007 and 2011.
PUBLISHED = [
    ("seven river systems, 2007", 407, 49.9, 23.6, "中度污染"),
    ("Yangtze, 2007", 103, 81.5, 6.8, "良好"),
    ("Yellow River, 2007", 44, 63.7, 22.7, "中度污染"),
    ("Pearl River, 2007", 33, 81.8, 0.0, "良好"),
    ("Yangtze, 2011", 94, 80.9, 5.3, "良好"),
    ("Yangtze main stream, 2011", 32, 96.9, 0.0, "优"),
    ("Yangtze tributaries, 2011", 62, 72.6, 8.1, "轻度污染"),
    ("Yangtze provincial borders, 2011", 19, 78.9, 5.3, "良好"),
]


@pytest.mark.parametrize(("name", "sections", "good", "worst", "status"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_published_rivers(name: str, sections: int, good: float, worst: float, status: str) -> None:
    """The counts that come closest to the published shares."""
    counts = round(sections * good / 100), round(sections * worst / 100)
    assert WORDS[int(river_status(*counts, sections, MEASURES))] == status, name


@pytest.mark.parametrize(
    ("good", "worst", "status"),
    [
        (1000, 0, "优"),
        (900, 0, "优"),
        (900, 100, "优"),
        (899, 0, "良好"),
        (750, 250, "良好"),
        (749, 0, "轻度污染"),
        (749, 199, "轻度污染"),
        (749, 200, "中度污染"),
        (749, 251, "中度污染"),
        (601, 399, "中度污染"),
        (600, 400, "重度污染"),  # fits no row as printed
        (599, 400, "重度污染"),
        (599, 399, "中度污染"),
        (0, 1000, "重度污染"),
        (0, 199, "轻度污染"),
    ],
)
def test_both_sides_of_each_bound(good: int, worst: int, status: str) -> None:
    """Of a thousand sections."""
    assert WORDS[int(river_status(good, worst, 1000, MEASURES))] == status


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_plain_chain_of_bounds_says_the_same(good: int, middle: int, worst: int) -> None:
    """And never is there no status where there are sections."""
    sections = good + middle + worst
    found = int(river_status(good, worst, sections, MEASURES))
    if not sections:
        expected = 0
    elif good * 10 >= 9 * sections:
        expected = 1
    elif good * 4 >= 3 * sections:
        expected = 2
    elif worst * 5 < sections:
        expected = 3
    else:
        expected = 4 if worst * 5 < 2 * sections else 5
    assert found == expected


def test_exact_shares_decide_not_rounded_ones() -> None:
    """899 of 1,000 are 89.9 %, 8,996 of 10,000 are shown as 90.0 % and still below 90."""
    assert river_status([8996, 9000], 0, 10_000, MEASURES).tolist() == [2, 1]


def test_counts_that_cannot_be_are_refused() -> None:
    """More good and worst sections than there are."""
    with pytest.raises(ValueError, match="count those with a class only"):
        river_status(3, 3, 5, MEASURES)
    with pytest.raises(ValueError, match="more good and worst"):
        river_status(-1, 0, 5, MEASURES)


def _river(samples: object, items: tuple[str, ...] = ("codmn",), at_least: int = 1) -> RiverAssessment:
    values = np.asarray(samples, dtype=np.float64)
    return assess_river(values, items, "river", 0, at_least, GB3838, MEASURES, ROUNDING)


def test_few_sections_are_judged_by_the_mean_of_concentrations() -> None:
    """Never by a mean of classes: Ⅱ, Ⅱ, Ⅱ and 劣Ⅴ come to 6.3 mg/L, Ⅳ. The class of each is told beside it."""
    found = _river([[[3.0], [3.0], [3.0], [16.2]]])
    assert found.means is not None
    assert (found.method, found.means.values.tolist(), found.number) == ("mean", [6.3], 4)
    assert found.status is not None
    assert (found.status.zh, found.colour_zh) == ("轻度污染", "黄色")
    assert found.sections.section.tolist() == [2, 2, 2, 6]
    assert found.main == ()
    assert found.sections.named(3) == ("codmn",)


def test_the_mean_over_sections_is_rounded_once() -> None:
    """6.14 and 5.98 come to 6.06, 6.1; of rounded sections it would be 6.05, 6.0 and Ⅲ."""
    found = _river([[[6.14], [5.98]]])
    assert found.means is not None
    assert (found.means.values.tolist(), found.number) == ([6.1], 4)


@pytest.mark.parametrize(("sections", "method"), [(1, "mean"), (4, "mean"), (5, "shares"), (6, "shares")])
def test_five_sections_are_judged_by_shares(sections: int, method: str) -> None:
    """Fewer than five by their mean."""
    assert _river([[[3.0]] * sections]).method == method


def test_sections_without_a_class_do_not_count() -> None:
    """Of six that two of are stopped four remain."""
    found = _river([[[3.0], [3.0], [NAN], [3.0], [3.0], [-1.0]]])
    assert (found.method, int(found.shares.evaluated)) == ("mean", 4)


def test_a_section_with_too_few_samples_does_not_count() -> None:
    """Neither by itself nor in the mean."""
    found = _river([[[3.0, 3.0], [30.0, NAN]]], at_least=2)
    assert found.means is not None
    assert found.means.values.tolist() == [3.0]
    assert found.sections.section.tolist() == [2, 0]


def test_a_river_without_a_class_has_no_status() -> None:
    """No section, or none with a value."""
    for samples in (np.empty((1, 0, 1)), [[[NAN], [NAN]]]):
        found = _river(samples)
        assert (found.method, found.number, found.status, found.colour, found.main) == ("none", 0, None, None, ())


def test_main_pollutants_of_a_river_are_ranked_by_the_share_of_sections() -> None:
    """The first three; equal ones as the items stand; of all sections, also those that lack the item."""
    items = ("codmn", "cod", "nh3n", "tp", "do")
    rows = {
        "codmn": [7.0, 7.0, 3.0, 3.0, 3.0, 3.0],
        "cod": [25.0, 25.0, 25.0, NAN, NAN, NAN],
        "nh3n": [0.3, 0.3, 1.2, 1.2, 0.3, 0.3],
        "tp": [0.1, 0.1, 0.1, 0.1, 0.1, 0.3],
        "do": [8.0] * 6,
    }
    found = _river(np.array([rows[item] for item in items])[..., np.newaxis], items)
    assert found.main == (Exceedance("cod", 3, 50.0), Exceedance("codmn", 2, 33.3), Exceedance("nh3n", 2, 33.3))


def test_a_stopped_section_leaves_the_denominator_of_an_exceedance_rate() -> None:
    """Two of five are 40 %, whatever the sixth would have been."""
    found = _river([[[7.0], [7.0], [3.0], [3.0], [3.0], [NAN]]])
    assert found.main == (Exceedance("codmn", 2, 40.0),)


def test_a_river_of_excellent_water_has_no_main_pollutants() -> None:
    """Nothing exceeds anywhere."""
    assert _river([[[3.0]] * 6]).main == ()


def test_the_samples_need_all_three_axes() -> None:
    """The message says so."""
    with pytest.raises(ValueError, match="it must have 3 axes or more"):
        _river([[3.0, 3.0]])


def test_the_colours_of_a_river_are_those_of_the_classes() -> None:
    """The same word has the same colour."""
    of_classes = {row.colour_zh: row.colour for row in MEASURES.classes.rows}
    assert all(of_classes[row.colour_zh] == row.colour for row in MEASURES.river.rows)
    assert [row.number for row in MEASURES.river.rows] == [1, 2, 3, 4, 5]
