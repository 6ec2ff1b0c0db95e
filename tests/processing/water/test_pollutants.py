"""Exceedance multiples and main pollutants."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.standards.water_limits import WaterBody
from qingchuan.processing.water.exact import official
from qingchuan.processing.water.pollutants import main_pollutants, multiples, told_multiples

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
NAN = float("nan")


def _told(item: str, value: float, target: int = 3, body: WaterBody = "river") -> float:
    return float(told_multiples([value], (item,), body, target, GB3838, MEASURES)[0])


@pytest.mark.parametrize(
    ("item", "value", "target", "multiple"),
    [
        # 西湖村, second quarter of 2016, target Ⅲ (Guangdong): 氨氮/1.3、总磷/0.6、化学需氧量/0.2
        ("nh3n", 2.3, 3, 1.3),
        ("tp", 0.32, 3, 0.6),
        ("cod", 24.0, 3, 0.2),
        ("codmn", 13.2, 3, 1.2),  # 高锰酸盐指数(1.2), the example of 环办〔2011〕22号
        ("codmn", 6.0, 3, NAN),
        ("codmn", 6.0, 2, 0.5),
        ("codmn", 6.3, 3, 0.05),  # a tie at 0.05 would become 0.0, and keeps its digit
        ("codmn", 6.9, 3, 0.2),  # 0.15 to even
        ("codmn", 7.5, 3, 0.2),  # 0.25 to even
        ("tp", 0.07, 3, NAN),
        ("mercury", 0.00015, 3, 0.5),
    ],
)
def test_published_and_tied_multiples(item: str, value: float, target: int, multiple: float) -> None:
    """(C − L) / L to one decimal, half to even."""
    assert np.array_equal(_told(item, value, target), multiple, equal_nan=True)


def test_lakes_exceed_their_own_limits() -> None:
    """Total phosphorus of 0.1 is once more than 0.05."""
    assert _told("tp", 0.1, body="lake") == 1.0
    assert np.isnan(_told("tn", 3.0))
    assert _told("tn", 3.0, body="lake") == 2.0


@pytest.mark.parametrize(("item", "value"), [("do", 1.0), ("ph", 10.0), ("temperature", 40.0), ("turbidity", 99.0)])
def test_some_items_never_have_a_multiple(item: str, value: float) -> None:
    """Temperature, pH, dissolved oxygen, and what has no limit."""
    assert np.isnan(_told(item, value))


@pytest.mark.parametrize("value", [NAN, -5.0, float("inf"), float("-inf")])
def test_what_is_missing_or_infinite_has_no_multiple(value: float) -> None:
    """Neither has it a warning, whatever the limit."""
    assert np.isnan(multiples([[value], [value]], ("codmn", "ph"), "river", 0, GB3838, MEASURES)).all()
    assert np.isnan(_told("codmn", value))


def test_each_section_has_its_own_target_and_none_has_no_multiple() -> None:
    """0 means none; the input is unchanged."""
    values = np.array([[7.0, 7.0, 7.0]])
    found = told_multiples(values, ("codmn",), "river", [2, 3, 0], GB3838, MEASURES)
    assert np.array_equal(found, [[0.8, 0.2, NAN]], equal_nan=True)  # 0.75 to even
    assert values.tolist() == [[7.0] * 3]


@pytest.mark.parametrize("target", [-1, 6])
def test_a_target_that_is_no_class_is_refused(target: int) -> None:
    """劣Ⅴ is no target."""
    with pytest.raises(ValueError, match="it is 1 … 5, or 0 for none"):
        multiples([[7.0]], ("codmn",), "river", target, GB3838, MEASURES)


@given(st.integers(1, 100_000), st.integers(1, 5), st.sampled_from(["codmn", "nh3n", "tp", "cod", "lead"]))
def test_multiples_are_those_of_fractions(thousandths: int, target: int, item: str) -> None:
    """Against a plain quotient."""
    row = GB3838.limit(item, "river")
    assert row is not None
    limit, value = Fraction(str(row.limits[target - 1])), Fraction(thousandths, 1000)
    found = _told(item, thousandths / 1000, target)
    if value > limit:
        assert found == float(official((value - limit) / limit, 1))
    else:
        assert np.isnan(found)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        # item, class, multiple
        ([("codmn", 5, 1.2), ("nh3n", 6, 0.8), ("tp", 4, 9.0)], ["nh3n", "codmn", "tp"]),  # the worst class first
        ([("codmn", 4, 0.2), ("cod", 4, 0.4), ("tp", 4, 0.3)], ["cod", "tp", "codmn"]),  # then the multiple
        ([("codmn", 4, 0.1), ("cod", 4, 0.2), ("tp", 4, 0.3), ("bod5", 4, 0.4)], ["bod5", "tp", "cod"]),  # three
        ([("codmn", 6, 9.0), ("lead", 5, 0.1), ("cyanide", 4, 0.2)], ["lead", "cyanide", "codmn"]),  # metals first
        ([("codmn", 6, 9.0), ("lead", 3, NAN)], ["codmn"]),  # a metal that does not exceed is none
        (
            [("do", 5, NAN), ("codmn", 5, 0.7), ("nh3n", 4, 0.2)],
            ["codmn", "do", "nh3n"],
        ),  # no multiple: last of its class
        ([("do", 4, NAN), ("ph", 6, NAN)], ["ph", "do"]),
        ([("codmn", 4, 0.20000000000000004), ("tp", 4, 0.2)], ["codmn", "tp"]),  # equal: as the items stand
        ([("tp", 4, 0.2), ("codmn", 4, 0.20000000000000004)], ["tp", "codmn"]),
        ([("codmn", 3, NAN), ("tp", 2, NAN)], []),  # 良好: none
        ([("codmn", 0, NAN)], []),
    ],
)
def test_the_order_of_main_pollutants(rows: list[tuple[str, int, float]], named: list[str]) -> None:
    """Rules 1 to 4 of the document, one by one."""
    items = [item for item, _, _ in rows]
    ranks = main_pollutants([number for _, number, _ in rows], [float(m) for *_, m in rows], items, MEASURES)
    assert [items[place] for place in np.argsort(ranks, kind="stable").tolist() if ranks[place]] == named
    assert sorted(ranks[ranks > 0].tolist()) == list(range(1, len(named) + 1))


def test_many_sections_are_ranked_at_once() -> None:
    """Each by itself, in any shape, and none at all."""
    classes = np.array([[[4, 3]], [[6, 3]], [[5, 2]]], dtype=np.uint8)
    exceeded = np.array([[[0.5, NAN]], [[2.0, NAN]], [[1.0, NAN]]])
    assert main_pollutants(classes, exceeded, ("cod", "tp", "nh3n"), MEASURES).tolist() == [
        [[3, 0]],
        [[1, 0]],
        [[2, 0]],
    ]
    assert main_pollutants(np.empty((2, 0)), np.empty((2, 0)), ("cod", "tp"), MEASURES).shape == (2, 0)


def test_multiples_and_pollutants_need_a_row_an_item() -> None:
    """A row too many would be told as another item."""
    with pytest.raises(ValueError, match="one row for each of codmn"):
        multiples([7.0, 7.0], ("codmn",), "river", 3, GB3838, MEASURES)
    with pytest.raises(ValueError, match="one row for each of codmn"):
        told_multiples(7.0, ("codmn",), "river", 3, GB3838, MEASURES)
    with pytest.raises(ValueError, match="one row for each of codmn"):
        main_pollutants([4, 4], [0.2, 0.2], ("codmn",), MEASURES)
