"""What it takes to gain places: every answer against trying all that could be, and where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations_with_replacement

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.composite_index import composite_index, ranking_concentrations, single_index
from qingchuan.processing.air.what_if import AS_THEY_ARE, ItemNeed, WhatIf, what_if
from qingchuan.processing.air.what_if_explained import explain_what_if
from qingchuan.processing.scaled import LARGEST, MISSING
from qingchuan.processing.standards import CityAirRanking, Text
from qingchuan.processing.standards.city_ranking import with_limits
from tests.support import ranking_oracle as oracle

RULE = standards.load("hb2018_19", CityAirRanking)
ITEMS = RULE.index.items
PERCENTILES = tuple(oracle.PERCENTS)
MEANS = tuple(item for item in ITEMS if item not in PERCENTILES)

Days = dict[str, list[int]]

few_days = st.fixed_dictionaries(
    {item: st.lists(st.integers(0, 40), min_size=1, max_size=4).map(sorted) for item in ITEMS}
)


def _ask(days: Days, remaining: int, others: list[int], gain: int = 1, rule: CityAirRanking = RULE) -> WhatIf:
    arrays = {item: np.array(row, np.uint16) for item, row in days.items()}
    return what_if(arrays, remaining, others, gain, rule, basis=AS_THEY_ARE)


def _asked_for(days: Days, remaining: int, below: int) -> WhatIf:
    """One place is to be gained by an index that is lower by so much."""
    total = oracle.total(days)
    assert total is not None
    return _ask(days, remaining, [max(total - below, 0)])


def _total(days: Days, item: str, rest: Iterable[int]) -> int:
    """Index of the whole period when one item has these remaining days, and the others stay as they are."""
    concentration = oracle.concentration(item, [*days[item], *rest])
    singles = {key: oracle.concentration(key, row) for key, row in days.items()} | {item: concentration}
    return sum(oracle.single(key, value) for key, value in singles.items() if value is not None)


@settings(max_examples=25)
@given(few_days, st.integers(1, 4), st.integers(1, 60))
def test_a_level_is_the_largest_that_all_remaining_days_may_have(days: Days, remaining: int, below: int) -> None:
    """Every level from 0 to 359 is tried on the whole way from days to index."""
    found = _asked_for(days, remaining, below)
    for need in found.items:
        met = [_total(days, need.item, [level] * remaining) <= (found.target or 0) for level in range(360)]
        if need.level is None:
            assert not met[0]
            assert need.reason is not None
        else:
            assert met == [level <= need.level for level in range(360)]


@settings(max_examples=25)
@given(few_days, st.integers(1, 4), st.integers(1, 60))
def test_a_mean_is_the_largest_that_the_remaining_days_may_have(days: Days, remaining: int, below: int) -> None:
    """Every sum of the remaining days is tried, however it is spread over them."""
    found = _asked_for(days, remaining, below)
    for need in found.items:
        if need.item in MEANS:
            spread = ([total] + [0] * (remaining - 1) for total in range(45 * (remaining + 4)))
            met = [_total(days, need.item, rest) <= (found.target or 0) for rest in spread]
            largest = sum(met) - 1
            assert met == [total <= largest for total in range(len(met))]
            assert need.largest_mean == (Fraction(largest, remaining) if largest >= 0 else None)


@pytest.mark.parametrize(
    ("item", "row", "remaining", "below", "safely", "at_most"),
    [
        ("o3_8h", [0, 0, 2, 2, 2, 2, 4, 4, 5, 60], 3, 2, 0, 1),  # one more may lie above, but by the least step only
        ("o3_8h", [0, 0, 1], 3, 1, 0, 0),
        ("co", [0, 0, 0, 0, 2], 2, 3, None, 0),  # not even at the level: below it all the same
        ("o3_8h", [0, 1], 4, 1, 0, 0),
    ],
)
def test_so_many_days_may_lie_above_by_example(
    item: str, row: list[int], remaining: int, below: int, safely: int | None, at_most: int
) -> None:
    """Cases in which the two numbers differ, or one step more would be too many."""
    days = {key: [20, 20] for key in ITEMS} | {item: row}
    need = _asked_for(days, remaining, below).items[ITEMS.index(item)]
    assert (need.days_above, need.days_above_at_most) == (safely, at_most)
    assert _tried(days, item, remaining, below) == (safely, at_most)


@settings(max_examples=40)
@given(
    st.sampled_from(PERCENTILES),
    st.lists(st.integers(0, 6), max_size=12),
    st.lists(st.sampled_from([9, 20, 60]), min_size=1, max_size=2),
    st.integers(1, 3),
    st.integers(1, 12),
)
def test_so_many_days_may_lie_above(item: str, row: list[int], outliers: list[int], remaining: int, below: int) -> None:
    """All that the remaining days could be is tried: safely many, and the most with which it can still be reached."""
    days = {key: [20, 20] for key in ITEMS} | {item: [*row, *outliers]}
    need = _asked_for(days, remaining, below).items[ITEMS.index(item)]
    assume(need.largest_concentration is not None and need.largest_concentration < 12)
    assert (need.days_above, need.days_above_at_most) == _tried(days, item, remaining, below)


def _tried(days: Days, item: str, remaining: int, below: int) -> tuple[int | None, int | None]:
    """How many days may lie above the concentration that is needed, from all that the remaining days could be."""
    found = _asked_for(days, remaining, below)
    limit = found.items[ITEMS.index(item)].largest_concentration or 0
    tried = [
        (sum(value > limit for value in rest), _met(days, item, rest, found))
        for rest in combinations_with_replacement([*range(limit + 3), LARGEST], remaining)
    ]
    safe = [above for above in range(remaining + 1) if all(met for number, met in tried if number <= above)]
    possible = [number for number, met in tried if met]
    return max(safe, default=None), max(possible, default=None)


def _met(days: Days, item: str, rest: Iterable[int], found: WhatIf) -> bool:
    return _total(days, item, rest) <= (found.target or 0)


@given(few_days, st.lists(st.integers(0, 600), min_size=1, max_size=8), st.integers(1, 8))
def test_the_target_is_the_largest_index_with_the_rank(days: Days, others: list[int], gain: int) -> None:
    """Every index is tried: at the target the rank is reached, one hundredth above it is not."""
    found, own = _ask(days, 3, others, gain), oracle.total(days)
    assert own is not None
    assert found.rank == oracle.rank(own, others)
    reached = [total for total in range(own + 1) if oracle.rank(total, others) <= found.rank - gain]
    if gain < found.rank:
        assert found.target == max(reached)
        assert found.goal == found.rank - gain
    else:
        assert found.target is None
        assert found.reason is not None


def test_a_tie_is_enough_and_where_those_ahead_tie_more_is_gained() -> None:
    """From third behind two that share the first rank, one place cannot be gained alone."""
    days = {item: [30] for item in ITEMS}
    total = oracle.total(days)
    assert total is not None
    found = _ask(days, 5, [total - 20, total - 20], 1)
    assert (found.rank, found.goal, found.target) == (3, 2, total - 20)
    assert oracle.rank(total - 20, [total - 20, total - 20]) == 1


@pytest.mark.parametrize(
    ("half_even", "so_far", "remaining", "mean"),
    [
        ("an even concentration keeps its tie: 26.5 is 26", [28] * 20, 10, Fraction(235, 10)),
        ("an odd one does not: 27.5 would be 28", [29] * 20, 10, Fraction(244, 10)),
    ],
)
def test_edges_of_rounding_half_to_even(half_even: str, so_far: list[int], remaining: int, mean: Fraction) -> None:
    """The sum of the whole period may reach the tie, or must stay below it."""
    days = {item: [30] for item in ITEMS} | {"pm25": so_far}
    concentration = oracle.concentration("pm25", so_far)
    assert concentration is not None
    aim = {28: 26, 29: 27}[concentration]
    below = oracle.single("pm25", concentration) - oracle.single("pm25", aim)
    need = _asked_for(days, remaining, below).items[ITEMS.index("pm25")]
    assert (need.largest_concentration, need.largest_mean, need.level) == (aim, mean, int(mean)), half_even


def test_a_bad_day_that_is_over_may_still_be_outweighed() -> None:
    """Ten days have k = 9.1, and 16 + (64 − 16) × 0.1 = 21; of thirty k = 27.1 the bad day is the last in order."""
    days = {item: [30] * 10 for item in ITEMS} | {"o3_8h": [16] * 9 + [64]}
    need = _asked_for(days, 20, 2).items[ITEMS.index("o3_8h")]
    assert (need.concentration, need.single, need.largest_single, need.largest_concentration) == (21, 13, 11, 18)
    assert (need.level, need.days_above, need.days_above_at_most) == (18, 1, 2)


@pytest.mark.parametrize(
    ("days", "remaining", "others", "gain", "reason"),
    [
        ({"co": [MISSING]}, 3, [100], 1, "an item has no valid day yet"),
        ({}, 3, [100], 1, None),
        ({}, 3, [100], 2, "the rank is 2: at most 1 can be gained"),
        ({}, 3, [9999], 1, "the rank is 1: at most 0 can be gained"),
        ({}, 0, [100], 1, "no day of the period remains"),
        ({}, 3, [-1], 1, "the rank is 1: at most 0 can be gained"),
    ],
)
def test_where_there_is_no_answer_the_reason_is_told(
    days: Days, remaining: int, others: list[int], gain: int, reason: str | None
) -> None:
    """In both languages, and without any item."""
    found = _ask({item: [30] for item in ITEMS} | days, remaining, others, gain)
    assert (found.reason is None) == (reason is None) == bool(found.items)
    if found.reason is not None and reason is not None:
        assert found.reason.en.startswith(reason)
        assert found.reason.zh
        assert found.target is None


def test_an_item_that_is_too_small_cannot_reach_it_alone() -> None:
    """None of it at all would not be enough; and where it would, what is over may already be too much."""
    days = {item: [30] * 20 for item in ITEMS}
    needs: dict[str, ItemNeed] = {need.item: need for need in _asked_for(days, 2, 40).items}
    assert needs["o3_8h"].largest_single is None
    assert needs["o3_8h"].reason is not None
    assert needs["pm25"].largest_concentration == 16
    assert (needs["pm25"].level, needs["pm25"].largest_mean) == (None, None)
    assert needs["pm25"].reason is not None
    assert needs["pm25"].reason.en.startswith("even with none of it on all remaining days")


def test_days_that_are_missing_count_neither_in_the_mean_nor_in_the_percentile() -> None:
    """The answer is that of the valid days alone."""
    days = {item: [30, 40] for item in ITEMS}
    gaps = {item: [30, MISSING, 40] for item in ITEMS}
    total = oracle.total(days)
    assert total is not None
    assert _ask(days, 4, [total - 10]).items == _ask(gaps, 4, [total - 10]).items


def test_a_stated_variant_is_asked_with_its_own_limits_and_weights() -> None:
    """The index of the answer is that of the variant: half a hundredth is rounded once, in the total."""
    rule = with_limits(RULE, name=Text("试算", "trial"), limits={"pm25": 30}, weights={"pm25": 2.5})
    days = {item: np.array([30] * 5, np.uint16) for item in ITEMS}
    index = composite_index(ranking_concentrations(days, rule), rule)
    found = what_if(days, 5, [int(index.total) - 30], 1, rule, basis=AS_THEY_ARE)
    need = found.items[ITEMS.index("pm25")]
    assert (found.total, need.single) == (int(index.total), 100)
    assert need.largest_single == 88
    assert need.largest_concentration == 26


@pytest.mark.parametrize("item", ["pm25", "o3_8h"])
def test_a_rule_of_more_decimals_than_the_days_is_asked_in_its_own(item: str) -> None:
    """Every level is tried on the functions that make the index."""
    rows = tuple(
        msgspec.structs.replace(row, decimals=row.decimals + 1) if row.item == item else row for row in RULE.index.rows
    )
    rule = msgspec.structs.replace(RULE, index=msgspec.structs.replace(RULE.index, rows=rows))
    days = {key: np.array([30, 31, 33], np.uint16) for key in ITEMS}
    singles = composite_index(ranking_concentrations(days, rule), rule).single
    target = int(singles.sum()) - 3
    need = what_if(days, 30, [target], 1, rule, basis=AS_THEY_ARE).items[ITEMS.index(item)]
    met = []
    for level in range(60):
        whole = np.append(days[item], np.full(30, level, np.uint16))
        single = single_index(ranking_concentrations({item: whole}, rule)[item], item, rule)
        met.append(int(singles.sum() - singles[ITEMS.index(item)] + single) <= target)
    assert met == [level <= (-1 if need.level is None else need.level) for level in range(60)]
    assert need.level is not None


@pytest.mark.parametrize(("remaining", "gain"), [(3, 0), (3, -1), (-1, 1)])
def test_a_question_that_is_none_is_refused(remaining: int, gain: int) -> None:
    """At least one place, and no days below none."""
    with pytest.raises(ValueError, match="1 place or more, and 0 days or more would do"):
        _ask({item: [30] for item in ITEMS}, remaining, [100], gain)


def test_what_the_others_are_is_told_with_the_answer() -> None:
    """As they are, or as somebody projects them."""
    projected = Text("其他城市按去年同期变化外推", "the others as they changed last year")
    days = {item: np.array([30], np.uint16) for item in ITEMS}
    assert what_if(days, 3, [100], 1, RULE, basis=projected).basis == projected


@pytest.mark.parametrize(
    ("ozone", "remaining", "less", "rule"),
    [
        ([100] * 18 + [140] * 2, 30, 1, "其余日不超过该值时，可有2天超过，无论超过多少；多于3天则必定达不到"),
        ([100] * 12 + [160] * 8, 60, 3, "其余日持平于该值时一天也不能超过；多于0天则必定达不到"),
    ],
)
def test_days_above_are_told_or_that_there_may_be_none(ozone: list[int], remaining: int, less: int, rule: str) -> None:
    """Of an item that goes by a percentile: both answers, with the number beyond which all is lost."""
    days = {item: np.array([30] * 20, np.uint16) for item in ITEMS} | {"o3_8h": np.array(ozone, np.uint16)}
    total = int(composite_index(ranking_concentrations(days, RULE), RULE).total)
    told = explain_what_if(days, remaining, [total - less], 1, RULE, basis=AS_THEY_ARE)
    assert told.parts[ITEMS.index("o3_8h")].parts[1].rule.zh == rule


@pytest.mark.parametrize("remaining", [7, 10, 11])
def test_a_mean_is_told_cut_to_one_decimal_more_than_the_days_have(remaining: int) -> None:
    """What is told is never more than what is allowed, in the value and in the sentence alike."""
    days = {item: np.array([30] * 20, np.uint16) for item in ITEMS}
    total = int(composite_index(ranking_concentrations(days, RULE), RULE).total)
    found = what_if(days, remaining, [total - 1], 1, RULE, basis=AS_THEY_ARE)
    told = explain_what_if(days, remaining, [total - 1], 1, RULE, basis=AS_THEY_ARE)
    place = ITEMS.index("pm25")
    rest, mean = told.parts[place].parts[0], found.items[place].largest_mean
    assert mean is not None
    tenths = mean.numerator * 10 // mean.denominator
    assert (rest.value, rest.exact) == (tenths / 10, mean)
    assert rest.rule.zh == f"剩余{remaining}天均值不高于{tenths // 10}.{tenths % 10} µg/m³"
