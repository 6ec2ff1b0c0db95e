"""The water quality index of a city: the worked river, ties, what is missing, rivers and lakes together."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.standards.water_limits import WaterBody
from qingchuan.processing.water.city_index import (
    GIVEN,
    ITEM_MISSING,
    NO_INDEX,
    NO_SECTIONS,
    NOT_DEFINED,
    REASONS,
    city_index,
)
from qingchuan.processing.water.city_index_explained import explain_city_index

RULE = standards.load("hb2017_51", standards.CityWaterRanking)
LIMITS = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
ITEMS = RULE.index.items
RIVERS: tuple[WaterBody, ...] = ("river",)

# A worked river: 19 ratios 3.6075, dissolved oxygen 0.6250, pH 0.4000 (derived from the formulas, not published).
RIVER = {
    "codmn": "3.0", "cod": "12", "bod5": "2", "nh3n": "0.4", "tp": "0.1", "copper": "0.005", "zinc": "0.02",
    "fluoride": "0.5", "selenium": "0.0002", "arsenic": "0.002", "mercury": "0.00002", "cadmium": "0.00005",
    "chromium6": "0.002", "lead": "0.001", "cyanide": "0.002", "volatile_phenol": "0.00015", "petroleum": "0.005",
    "las": "0.02", "sulphide": "0.0025", "do": "8.0", "ph": "7.8",
}  # fmt: skip

# Class Ⅲ as printed; total phosphorus of rivers, of lakes 0.05.
CLASS_3 = {
    "codmn": "6", "cod": "20", "bod5": "4", "nh3n": "1.0", "tp": "0.2", "copper": "1.0", "zinc": "1.0",
    "fluoride": "1.0", "selenium": "0.01", "arsenic": "0.05", "mercury": "0.0001", "cadmium": "0.005",
    "chromium6": "0.05", "lead": "0.05", "cyanide": "0.2", "volatile_phenol": "0.005", "petroleum": "0.05",
    "las": "0.2", "sulphide": "0.2",
}  # fmt: skip


def _river(**changed: float) -> list[float]:
    return [{**{item: float(text) for item, text in RIVER.items()}, **changed}[item] for item in ITEMS]


def _oracle(means: list[float], body: WaterBody = "river") -> Fraction:
    """The sum of the single indices, written out."""
    value = {item: Fraction(str(mean)) for item, mean in zip(ITEMS, means, strict=True)}
    limit = {item: Fraction(text) for item, text in CLASS_3.items()}
    if body == "lake":
        limit["tp"] = Fraction("0.05")
    ph = 7 - value["ph"] if value["ph"] <= 7 else (value["ph"] - 7) / 2
    return sum((value[item] / limit[item] for item in limit), ph + 5 / value["do"])


def _total(means: list[float], body: WaterBody = "river") -> int:
    return int(city_index({body: means}, {body: 1}, ITEMS, RULE, LIMITS).total)


def test_the_worked_river() -> None:
    """4.6325: ratios, dissolved oxygen inverted, pH two-sided."""
    found = city_index({"river": _river()}, {"river": 4}, ITEMS, RULE, LIMITS)
    single = dict(zip(ITEMS, found.single["river"].tolist(), strict=True))
    assert int(found.total) == 46325
    assert (single["do"], single["ph"]) == (0.625, pytest.approx(0.4))
    assert sum(one for item, one in single.items() if item not in {"do", "ph"}) == pytest.approx(3.6075)


@pytest.mark.parametrize(
    ("ph", "single"), [(7.0, 0.0), (6.0, 1.0), (9.0, 1.0), (8.0, 0.5), (5.0, 2.0), (11.0, 2.0), (6.99, 0.01)]
)
def test_both_sides_of_a_neutral_ph(ph: float, single: float) -> None:
    """Below 7 a unit counts twice what it counts above."""
    found = city_index({"river": _river(ph=ph)}, {"river": 1}, ITEMS, RULE, LIMITS)
    assert found.single["river"][ITEMS.index("ph")] == pytest.approx(single)


def test_lakes_have_their_own_limit_of_total_phosphorus() -> None:
    """0.1 mg/L is half the limit of a river, and twice that of a lake."""
    assert _total(_river(), "lake") - _total(_river()) == 15000


@pytest.mark.parametrize(("tp", "total"), [(0.10001, 46326), (0.100011, 46326), (0.10003, 46326), (0.10005, 46328)])
def test_a_tie_of_the_last_decimal_is_rounded_half_to_even(tp: float, total: int) -> None:
    """0.10001 mg/L adds 0.00005: 4.63255 would be 4.6326, so does 4.63265."""
    exact = _oracle(_river(tp=tp))
    assert round(exact * 10000) == _total(_river(tp=tp)) == total


@given(
    st.lists(st.integers(1, 4000).map(lambda number: number / 1000), min_size=len(ITEMS), max_size=len(ITEMS)),
    st.lists(st.integers(1, 4000).map(lambda number: number / 1000), min_size=len(ITEMS), max_size=len(ITEMS)),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_the_index_is_that_of_fractions(river: list[float], lake: list[float], rivers: int, lakes: int) -> None:
    """Rivers and lakes weighted by their numbers, rounded once."""
    found = city_index({"river": river, "lake": lake}, {"river": rivers, "lake": lakes}, ITEMS, RULE, LIMITS)
    if rivers + lakes:
        exact = (rivers * _oracle(river) + lakes * _oracle(lake, "lake")) / (rivers + lakes)
        assert int(found.total) == round(exact * 10000)
    else:
        assert (int(found.total), int(found.reason)) == (NO_INDEX, NO_SECTIONS)


@pytest.mark.parametrize("item", ITEMS)
def test_without_any_item_there_is_no_index(item: str) -> None:
    """Missing, negative or infinite: never 0."""
    for value in (np.nan, -1.0, np.inf):
        found = city_index({"river": _river(**{item: value})}, {"river": 1}, ITEMS, RULE, LIMITS)
        assert (int(found.total), int(found.reason)) == (NO_INDEX, ITEM_MISSING)


@pytest.mark.parametrize(("item", "reason"), [("do", NOT_DEFINED), ("ph", NOT_DEFINED), ("tp", GIVEN)])
def test_a_mean_of_zero(item: str, reason: int) -> None:
    """Of dissolved oxygen and pH it leaves no index, of a concentration it adds nothing."""
    found = city_index({"river": _river(**{item: 0.0})}, {"river": 1}, ITEMS, RULE, LIMITS)
    assert int(found.reason) == reason
    assert int(found.total) == (41325 if reason == GIVEN else NO_INDEX)


def test_an_index_beyond_all_numbers_is_refused() -> None:
    """Next to no oxygen at all is not the best water of all."""
    with pytest.raises(ValueError, match="a value has inf units of its last decimal"):
        city_index({"river": _river(do=1e-320)}, {"river": 1}, ITEMS, RULE, LIMITS)


def test_what_weighs_nothing_needs_no_means() -> None:
    """A city without lakes."""
    nothing = [np.nan] * len(ITEMS)
    found = city_index({"river": _river(), "lake": nothing}, {"river": 3, "lake": 0}, ITEMS, RULE, LIMITS)
    assert (int(found.total), int(found.reason)) == (46325, GIVEN)


def test_a_lake_without_means_leaves_the_city_without_index() -> None:
    """Its rivers alone are not the city."""
    nothing = [np.nan] * len(ITEMS)
    found = city_index({"river": _river(), "lake": nothing}, {"river": 3, "lake": 1}, ITEMS, RULE, LIMITS)
    assert (int(found.total), int(found.reason)) == (NO_INDEX, ITEM_MISSING)


def test_cities_and_months_at_once() -> None:
    """Weights of cities spread over the months; each cell is as it is alone."""
    generator = np.random.default_rng(7)
    river = generator.integers(1, 3000, (len(ITEMS), 2, 3)) / 1000
    lake = generator.integers(1, 3000, (len(ITEMS), 2, 3)) / 1000
    weights: dict[WaterBody, list[list[int]]] = {"river": [[2], [0]], "lake": [[1], [5]]}
    found = city_index({"river": river, "lake": lake}, weights, ITEMS, RULE, LIMITS)
    for city, (rivers, lakes) in enumerate([(2, 1), (0, 5)]):
        for month in range(3):
            parts = [_oracle(river[:, city, month].tolist()), _oracle(lake[:, city, month].tolist(), "lake")]
            expected = round((rivers * parts[0] + lakes * parts[1]) / (rivers + lakes) * 10000)
            assert int(found.total[city, month]) == expected


def test_no_city_is_no_index() -> None:
    """An empty axis stays."""
    found = city_index({"river": np.empty((len(ITEMS), 0))}, {"river": np.empty(0, int)}, ITEMS, RULE, LIMITS)
    assert found.total.shape == found.reason.shape == (0,)


def test_kinds_of_water_that_do_not_match_are_refused() -> None:
    """Both mappings name the same."""
    with pytest.raises(ValueError, match="means are of river and weights of lake"):
        city_index({"river": _river()}, {"lake": 1}, ITEMS, RULE, LIMITS)
    with pytest.raises(ValueError, match="means are of nothing"):
        city_index({}, {}, ITEMS, RULE, LIMITS)
    with pytest.raises(ValueError, match="a weight of river has -1"):
        city_index({"river": _river()}, {"river": -1}, ITEMS, RULE, LIMITS)


def test_the_items_are_the_21_of_the_assessment() -> None:
    """Those that 环办〔2011〕22号 names."""
    assert set(ITEMS) == set(MEASURES.indicators.items)
    assert len(ITEMS) == 21


def test_an_explanation_tells_the_same_figure_with_its_parts() -> None:
    """Down to each ratio and its limit."""
    told = explain_city_index({"river": _river(), "lake": _river()}, {"river": 3, "lake": 1}, ITEMS, RULE, LIMITS)
    assert told.value == 5.0075
    assert told.exact == (3 * _oracle(_river()) + _oracle(_river(), "lake")) / 4
    assert told.rule.zh == "CWQI=(4.6325×3+6.1325×1)/4=5.0075"
    assert [(part.value, part.valid, part.expected) for part in told.parts] == [(4.6325, 21, 21), (6.1325, 21, 21)]
    singles = {part.name.zh: part for part in told.parts[0].parts}
    assert singles["溶解氧单项指数"].rule.zh == "5/8=0.6250"
    assert singles["pH值单项指数"].rule.zh == "(7.8−7)/(9−7)=0.4000"
    assert singles["总磷单项指数"].limit == 0.2


@pytest.mark.parametrize(("value", "reason", "valid"), [(np.nan, ITEM_MISSING, 20), (0.0, NOT_DEFINED, 20)])
def test_an_explanation_says_why_there_is_no_index(value: float, reason: int, valid: int) -> None:
    """And which item it was."""
    told = explain_city_index({"river": _river(do=value)}, {"river": 1}, ITEMS, RULE, LIMITS)
    assert (told.value, told.exact, told.rule, told.valid) == (None, None, REASONS[reason], valid)
    assert told.parts[0].parts[ITEMS.index("do")].value is None


def test_an_explanation_without_sections() -> None:
    """There is nothing to sum."""
    told = explain_city_index({"river": _river()}, {"river": 0}, ITEMS, RULE, LIMITS)
    assert (told.value, told.rule, told.parts) == (None, REASONS[NO_SECTIONS], ())
