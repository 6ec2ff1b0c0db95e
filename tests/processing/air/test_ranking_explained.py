"""Explanations of an index, a rank, a change and of what it takes: the figure they end in, and the way."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.composite_index import composite_index, ranking_concentrations
from qingchuan.processing.air.composite_index_explained import explain_composite_index, explain_single_index
from qingchuan.processing.air.ranking import rank_by_index, rank_by_rate
from qingchuan.processing.air.ranking_explained import Figure, explain_index_change, explain_rank
from qingchuan.processing.air.what_if import AS_THEY_ARE, ItemNeed, what_if
from qingchuan.processing.air.what_if_explained import explain_what_if
from qingchuan.processing.calendar_periods import month_of
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirAssessment, CityAirRanking, Text
from qingchuan.processing.standards.city_ranking import with_limits

RULE = standards.load("hb2018_19", CityAirRanking)
ASSESSMENT = standards.load("hj663_2013", AirAssessment)
MONTH = month_of(RULE.in_force)
ITEMS = RULE.index.items
INDEX = Figure(Text("综合指数", "composite index"), "", 2)
RATE = Figure(Text("优良天数比例", "good-air rate"), "%", 1)
TRIAL = with_limits(RULE, name=Text("试算", "trial"), limits={"pm25": 30}, weights={"pm25": 2.5, "co": 0.5})

day_values = st.one_of(st.integers(0, 300), st.just(MISSING))
months = st.fixed_dictionaries({item: st.lists(day_values, min_size=3, max_size=3) for item in ITEMS})


def _explained(days: dict[str, list[int]], rule: CityAirRanking) -> Explanation:
    arrays = {item: np.array(row, np.uint16) for item, row in days.items()}
    return explain_composite_index(arrays, MONTH.dates[:3], MONTH, rule, ASSESSMENT)


def _walk(told: Explanation) -> list[Explanation]:
    return [told, *(part for child in told.parts for part in _walk(child))]


@given(months, st.sampled_from([RULE, TRIAL]))
def test_an_explained_index_is_the_index(days: dict[str, list[int]], rule: CityAirRanking) -> None:
    """Total, single indices and concentrations, by the rule and by a variant; every sentence in both languages."""
    arrays = {item: np.array(row, np.uint16) for item, row in days.items()}
    concentrations = ranking_concentrations(arrays, rule)
    found, told = composite_index(concentrations, rule), _explained(days, rule)
    assert told.value == (None if found.total < 0 else int(found.total) / 100)
    for place, item in enumerate(found.items):
        part, scaled = told.parts[place], int(concentrations[item])
        assert part.value == (None if found.single[place] < 0 else int(found.single[place]) / 100)
        assert part.limit == rule.index.row(item).limit
        assert part.parts[0].value == (None if scaled == MISSING else scaled / 10 ** rule.index.row(item).decimals)
    assert all(text.rule.zh and text.rule.en and text.name.zh and text.name.en for text in _walk(told))


def test_a_variant_is_named_and_its_weights_stand_in_the_sum() -> None:
    """2.5 × 1.00 and 0.5 × 0.75; the sum before it was rounded is kept."""
    told = _explained({item: [30, 30, 30] for item in ITEMS}, TRIAL)
    assert told.rule.zh.startswith("按环办监测〔2018〕19号（试算），各单项指数修约后加权相加：")
    assert "2.5×1.00" in told.rule.zh
    assert told.exact == Fraction("0.50") + Fraction("0.75") + Fraction("0.43") + Fraction("2.5") + Fraction(
        "0.375"
    ) + Fraction("0.19")
    assert told.parts[3].rule.zh.endswith("，权重2.5")


def test_what_is_not_confirmed_is_part_of_the_explanation() -> None:
    """Each of the three, with where the rule is written."""
    told = _explained({item: [30, 30, 30] for item in ITEMS}, RULE)
    assert [part.rule for part in told.parts if part.name.zh == "尚未证实"] == list(RULE.unconfirmed)
    assert told.source is not None
    assert told.source.document == RULE.document
    assert told.exact is None


def test_an_item_without_days_is_named() -> None:
    """The sentence says which, and its single index has no part where it was not measured at all."""
    days = {item: [30, 30, 30] for item in ITEMS if item != "co"} | {"no2": [MISSING] * 3}
    told = _explained(days, RULE)
    assert told.value is None
    assert told.rule.zh == "NO₂、CO无有效日值，不计算综合指数"
    assert told.parts[4].parts == ()
    assert told.parts[6].value is None
    with pytest.raises(LookupError, match="the item has the key 'o3'"):
        explain_single_index("o3", None, MONTH.dates, MONTH, RULE, ASSESSMENT)


@pytest.mark.parametrize(
    ("city", "values"), [(0, [4.02, 3.11, 5.2]), (1, [3.11, 4.02]), (2, [3.11, 4.02]), (3, [5.2, 4.02])]
)
def test_the_neighbours_of_a_rank_are_those_with_another_index(city: int, values: list[float]) -> None:
    """Its own, the next better and the next worse, as far as there are any."""
    told = explain_rank(rank_by_index([402, 311, 311, 520, -1]), city, INDEX, RULE)
    assert [part.value for part in told.parts] == values
    assert (told.valid, told.expected) == (4, 5)


@pytest.mark.parametrize(("city", "values"), [(0, [86.8, 90.1]), (1, [90.1, 100.0, 86.8]), (2, [100.0, 90.1])])
def test_the_neighbours_of_a_rate_are_found_downwards(city: int, values: list[float]) -> None:
    """The largest is the best: the next worse is below."""
    told = explain_rank(rank_by_rate([868, 901, 1000]), city, RATE, RULE)
    assert [part.value for part in told.parts] == values
    assert {part.unit for part in told.parts} == {"%"}


def test_a_tie_is_counted_in_the_sentence() -> None:
    """Two cities share the first rank."""
    told = explain_rank(rank_by_index([402, 311, 311, 520]), 1, INDEX, RULE)
    assert (
        told.rule.zh
        == "4个城市参与排名，优于该市的0个，与该市并列的1个，列第1位，优于50.0%的城市；并列按环办监测〔2018〕19号处理"
    )
    assert "0 are better and 1 tie with it: rank 1, better than 50.0 % of them" in told.rule.en


def test_a_city_without_an_index_is_told_to_have_no_rank() -> None:
    """No value, no neighbours."""
    told = explain_rank(rank_by_index([402, -1]), 1, INDEX, RULE)
    assert (told.value, told.parts, told.rule.zh) == (None, (), "无综合指数，不参与排名")


@pytest.mark.parametrize(
    ("total", "before", "value"), [(263, 289, -9.0), (289, 263, 9.9), (300, 300, 0.0), (-1, 300, None), (300, 0, None)]
)
def test_an_explained_change_is_the_change(total: int, before: int, value: float | None) -> None:
    """With its exact fraction, or with why there is none."""
    told = explain_index_change(total, before, RULE)
    assert told.value == value
    assert told.unit == "%"
    assert told.exact == (None if value is None else Fraction(100 * (total - before), before))


def _asked(gain: int, remaining: int) -> Explanation:
    days = {item: np.array([30] * 20, np.uint16) for item in ITEMS}
    return explain_what_if(days, remaining, [300, 330, 360], gain, RULE, basis=AS_THEY_ARE)


def _rest(need: ItemNeed) -> float | None:
    """The mean of the remaining days with one decimal more than they have, not rounded up; or the level of each."""
    decimals = catalogue.item(need.item).decimals
    if need.largest_mean is not None:
        return float(math.floor(need.largest_mean * 10) / 10 ** (decimals + 1))
    return None if need.level is None else need.level / 10**decimals


@pytest.mark.parametrize("gain", [1, 2, 3])
@pytest.mark.parametrize("remaining", [1, 10])
def test_an_explained_answer_is_the_answer(gain: int, remaining: int) -> None:
    """Target, concentrations, levels and days of every item, and every reason why not."""
    days = {item: np.array([30] * 20, np.uint16) for item in ITEMS}
    found = what_if(days, remaining, [300, 330, 360], gain, RULE, basis=AS_THEY_ARE)
    told = _asked(gain, remaining)
    assert told.value == (None if found.target is None else found.target / 100)
    for part, need in zip(told.parts, found.items, strict=True):
        scale = 10 ** RULE.index.row(need.item).decimals
        largest = need.largest_concentration
        assert part.value == (None if largest is None else largest / scale)
        if largest is not None:
            assert part.parts[0].value == _rest(need)
        if largest is not None and need.reason is None and need.largest_mean is None:
            assert part.parts[1].value == need.days_above
        if need.reason is not None:
            assert need.reason in {text.rule for text in _walk(part)}
    assert all(text.rule.zh and text.rule.en for text in _walk(told))


def test_a_question_without_an_answer_is_explained_by_its_reason() -> None:
    """More places than there are."""
    told = _asked(9, 10)
    assert (told.value, told.parts) == (None, ())
    assert told.rule.zh.startswith("目前排名第")
