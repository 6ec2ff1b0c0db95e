"""The trophic state of lakes: worked lakes, bounds, units, what is missing."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue, standards
from qingchuan.processing.water.trophic import NO_STATE, explain_trophic_index, trophic_index, trophic_state

STANDARD = standards.load("trophic_2001", standards.TrophicAssessment)
ITEMS = STANDARD.items
MEASURES = standards.load("hb2011_22", standards.WaterStatus)

# Chlorophyll a in mg/m³, TP, TN in mg/L, SD in m, CODMn in mg/L; TLI of each; TLI(Σ); state: worked by other code.
LAKES = [
    ([10, 0.05, 1.0, 1.0, 4.0], [50.0061, 45.7093, 54.5300, 51.1800, 37.9793], 48.0181, "中营养"),
    ([26, 0.1, 1.5, 0.5, 5], [60.3829, 56.9660, 61.3986, 64.6271, 43.9171], 57.6811, "轻度富营养"),
    ([64, 0.2, 3, 0.3, 8], [70.1655, 68.2227, 73.1405, 74.5371, 56.4239], 68.6144, "中度富营养"),
    ([1, 0.0025, 0.04, 12, 1], [25.0, -2.9414, 0.0022, 2.9728, 1.09], 6.8494, "贫营养"),
]


def _in_catalogue_units(printed: list[float]) -> list[float]:
    """Chlorophyll a from mg/m³ to mg/L, transparency from m to cm."""
    chla, tp, tn, transparency, codmn = printed
    return [chla / 1000, tp, tn, transparency * 100, codmn]


def _by_hand(printed: list[float]) -> float:
    """The formulas as the document prints them."""
    chla, tp, tn, transparency, codmn = printed
    single = [
        10 * (2.5 + 1.086 * math.log(chla)),
        10 * (9.436 + 1.624 * math.log(tp)),
        10 * (5.453 + 1.694 * math.log(tn)),
        10 * (5.118 - 1.94 * math.log(transparency)),
        10 * (0.109 + 2.661 * math.log(codmn)),
    ]
    squares = [1, 0.7056, 0.6724, 0.6889, 0.6889]
    return sum(square * one for square, one in zip(squares, single, strict=True)) / sum(squares)


@pytest.mark.parametrize(("printed", "single", "total", "state"), LAKES)
def test_worked_lakes(printed: list[float], single: list[float], total: float, state: str) -> None:
    """Each index to four decimals, the sum and the state."""
    found = trophic_index(_in_catalogue_units(printed), ITEMS, STANDARD)
    assert found.single.round(4).tolist() == single
    assert float(found.total) == total
    row = STANDARD.state(int(found.state))
    assert row is not None
    assert row.state.zh == state


@given(st.lists(st.floats(0.01, 100), min_size=5, max_size=5))
def test_the_index_is_that_of_the_printed_formulas(printed: list[float]) -> None:
    """Within half a unit of its last decimal."""
    total = float(trophic_index(_in_catalogue_units(printed), ITEMS, STANDARD).total)
    assert total == pytest.approx(_by_hand(printed), abs=0.5001e-4)


@pytest.mark.parametrize(
    ("index", "number"),
    [
        (-5.0, 1),
        (29.9999, 1),
        (30.0, 2),
        (50.0, 2),
        (50.0001, 3),
        (60.0, 3),
        (60.0001, 4),
        (70.0, 4),
        (70.0001, 5),
        (150.0, 5),
        (np.nan, NO_STATE),
    ],
)
def test_both_sides_of_each_bound(index: float, number: int) -> None:
    """30 begins the middle state, 50, 60 and 70 end theirs."""
    assert int(trophic_state(index, STANDARD)) == number


@pytest.mark.parametrize("missing", range(5))
@pytest.mark.parametrize("value", [np.nan, 0.0, -1.0, np.inf])
def test_without_any_of_the_five_there_is_no_index(missing: int, value: float) -> None:
    """Missing, 0, negative, infinite: the others keep their own."""
    values = _in_catalogue_units([10, 0.05, 1.0, 1.0, 4.0])
    values[missing] = value
    found = trophic_index(values, ITEMS, STANDARD)
    assert np.isnan(found.total)
    assert int(found.state) == NO_STATE
    assert np.isnan(found.single).tolist() == [place == missing for place in range(5)]


def test_an_item_that_is_not_measured_leaves_no_index() -> None:
    """A lake without transparency has none."""
    found = trophic_index([0.01, 0.05, 1.0, 4.0], ("chla", "tp", "tn", "codmn"), STANDARD)
    assert np.isnan(found.total)


@pytest.mark.parametrize("shape", [(0,), (3,), (2, 3), (2, 0, 3)])
def test_any_shape_and_order_of_items(shape: tuple[int, ...]) -> None:
    """Also values that lie in memory the other way round."""
    values = np.broadcast_to(
        np.reshape(_in_catalogue_units([26, 0.1, 1.5, 0.5, 5]), (5, *[1] * len(shape))), (5, *shape)
    )
    found = trophic_index(np.asfortranarray(values)[::-1], ITEMS[::-1], STANDARD)
    assert found.total.shape == found.state.shape == shape
    assert np.array_equal(found.total, np.full(shape, 57.6811))


def test_the_weights_are_those_of_the_printed_table() -> None:
    """Exactly one together, and as printed to four decimals."""
    weights = STANDARD.formulas.weights
    assert sum(weights) == 1
    assert [round(float(weight), 4) for weight in weights] == [0.2663, 0.1879, 0.1790, 0.1834, 0.1834]
    assert weights[1] == Fraction("0.7056") / Fraction("3.7558")


def test_the_items_and_units_are_those_of_the_other_documents() -> None:
    """环办〔2011〕22号 names the same five; the powers of ten lead from the catalogue's units to the printed ones."""
    assert set(ITEMS) == set(MEASURES.indicators.trophic)
    shifts = {("mg/L", "mg/m³"): 3, ("cm", "m"): -2, ("mg/L", "mg/L"): 0}
    for row in STANDARD.formulas.rows:
        assert shifts[catalogue.item(row.item).unit, row.unit] == row.shift


def test_an_explanation_tells_the_same_figure_with_its_parts() -> None:
    """Each with its formula and the value in the printed unit."""
    told = explain_trophic_index(_in_catalogue_units([10, 0.05, 1.0, 1.0, 4.0]), ITEMS, STANDARD)
    assert (told.value, told.valid, told.expected) == (48.0181, 5, 5)
    assert "中营养" in told.rule.zh
    assert told.parts[0].rule.zh == "TLI(chl)=10×(2.5+1.086×ln 10)=50.0061"
    assert [(part.parts[0].value, part.parts[0].unit) for part in told.parts[::3]] == [(10.0, "mg/m³"), (1.0, "m")]


def test_an_explanation_names_what_is_missing() -> None:
    """In both languages."""
    told = explain_trophic_index([0.01, np.nan, 1.0, 0.0, 4.0], ITEMS, STANDARD)
    assert (told.value, told.valid) == (None, 3)
    assert "总磷、透明度" in told.rule.zh
    assert "Total phosphorus" in told.rule.en


@pytest.mark.parametrize("number", [-1, 6])
def test_a_state_that_does_not_exist_is_refused(number: int) -> None:
    """0 is none."""
    assert STANDARD.state(0) is None
    with pytest.raises(LookupError, match=f"the trophic state has the number {number}; it is 1 … 5"):
        STANDARD.state(number)
