"""Budgets for the rest of a period: every answer against trying all numbers, both sides of each."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.budget import (
    NONE,
    NOT_ASKED,
    OPEN,
    OUT_OF_REACH,
    SAFE,
    RateBudget,
    days_budget,
    mean_budget,
    rate_budget,
)
from qingchuan.processing.air.budget_explained import (
    explain_heavy_pollution_budget,
    explain_mean_budget,
    explain_rate_budget,
)
from qingchuan.processing.air.rates import GoodAirRate, good_air_rate
from qingchuan.processing.air.statistics import period_mean
from qingchuan.processing.scaled import MISSING

RULES = standards.load("hj663_2013", standards.AirAssessment)
STANDARD = standards.load("hj633_2026", standards.AirQualityIndex)
VALUES = st.integers(0, 60) | st.just(MISSING)


def _so_far(good: int, valid: int, missing: int = 0, decimals: int = 1) -> GoodAirRate:
    """Rate of so many good days, bad ones, and days without an AQI."""
    aqi = [50] * good + [150] * (valid - good) + [-1] * missing
    return good_air_rate(np.array(aqi, np.int16), [True] * len(aqi), 100, decimals)


def _rate(good: int, days: int, decimals: int = 1) -> int:
    return round(Fraction(100 * 10**decimals * good, days))


def _told(found: RateBudget) -> tuple[int, int, int]:
    return int(found.state), int(found.good_needed), int(found.bad_allowed)


def test_ningbo_in_2018_had_86_8_percent_in_eight_months() -> None:
    """211 of 243 days; 16 bad ones of the last 122 keep the year at 86.8 %, 17 do not."""
    found = rate_budget(_so_far(211, 243), 122, 868)
    assert [int(found.good_needed), int(found.bad_allowed), int(found.days)] == [106, 16, 365]
    assert found.share_needed == 86.9
    assert (_rate(211 + 106, 365), _rate(211 + 105, 365)) == (868, 866)
    assert found.state == OPEN


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 1000), st.integers(0, 2))
def test_the_good_days_that_are_needed_are_the_fewest_that_reach_the_target(
    good: int, bad: int, left: int, target: int, decimals: int
) -> None:
    """Every number of good days is tried; the rate is rounded by Python's fractions."""
    target = target * 10**decimals // 10
    found = rate_budget(_so_far(good, good + bad, decimals=decimals), left, target)
    days = good + bad + left
    if not days:
        assert _told(found) == (NOT_ASKED, NONE, NONE)
        return
    reaching = [more for more in range(left + 1) if _rate(good + more, days, decimals) >= target]
    if not reaching:
        assert _told(found) == (OUT_OF_REACH, NONE, NONE)
        assert np.isnan(found.share_needed)
        return
    assert _told(found) == (OPEN if reaching[0] else SAFE, reaching[0], left - reaching[0])
    if left:
        assert Fraction(str(float(found.share_needed))) >= Fraction(100 * reaching[0], left)


@pytest.mark.parametrize(
    ("good", "days", "target", "state"),
    [
        (347, 400, 868, SAFE),  # 86.75 is a tie, rounded to the even 86.8
        (347, 400, 869, OUT_OF_REACH),
        (1733, 2000, 867, OUT_OF_REACH),  # 86.65 is a tie, rounded to the even 86.6
        (1733, 2000, 866, SAFE),
        (0, 10, 0, SAFE),
        (10, 10, 1000, SAFE),
        (9, 10, 1000, OUT_OF_REACH),
    ],
)
def test_a_period_that_is_over_reached_its_target_or_did_not(good: int, days: int, target: int, state: int) -> None:
    """Ties go to the even side before they meet the target."""
    found = rate_budget(_so_far(good, days), 0, target)
    assert found.state == state
    assert found.bad_allowed == (0 if state == SAFE else NONE)
    assert np.isnan(found.share_needed)


def test_a_past_day_that_does_not_count_is_lost() -> None:
    """It is a day of the period, and neither good nor left."""
    found = rate_budget(_so_far(8, 9, missing=3), 1, 900)
    assert [int(found.valid), int(found.days), int(found.left)] == [9, 13, 1]
    assert [int(found.good_needed), int(found.bad_allowed)] == [1, 0]


def test_budgets_of_many_cities_are_told_at_once() -> None:
    """Leading axes; days left and targets spread; a city each in every state."""
    aqi = np.array([[50] * 8, [150] * 8, [50] * 4 + [150] * 4, [-1] * 8])
    so_far = good_air_rate(aqi, np.ones(aqi.shape, np.bool_), 100, 1)
    found = rate_budget(so_far, [2, 2, 2, 0], 500)
    assert found.state.tolist() == [SAFE, OUT_OF_REACH, OPEN, NOT_ASKED]
    assert found.bad_allowed.tolist() == [2, NONE, 1, NONE]
    many = rate_budget(so_far, 2, np.array([[500], [900]]))
    assert many.state.shape == (2, 4)
    assert rate_budget(good_air_rate(np.zeros((0, 3)), np.zeros((0, 3)), 100, 1), 2, 500).state.shape == (0,)


@pytest.mark.parametrize(("left", "target"), [(-1, 868), (1, -1), (1, 1001)])
def test_impossible_targets_and_days_are_refused(left: int, target: int) -> None:
    """The message says what would do."""
    with pytest.raises(ValueError, match=r"has the value -?\d+; it is 0"):
        rate_budget(_so_far(1, 1), left, target)


@given(st.lists(VALUES, max_size=12), st.integers(0, 12), st.integers(0, 60), st.integers(0, 1))
def test_the_largest_sum_is_the_last_that_meets_the_target(
    days: list[int], left: int, target: int, decimals: int
) -> None:
    """One unit more on one day, and the rounded mean of the period is above it: by `period_mean` itself."""
    found = mean_budget(np.array(days, np.uint16), left, target * 10**decimals, decimals=decimals)
    known = [value for value in days if value != MISSING]
    assert [int(found.total), int(found.valid)] == [sum(known), len(known)]

    def meets(total: int) -> bool:
        each, more = divmod(total, left)
        values = [*known, *[each] * (left - more), *[each + 1] * more]
        return bool(period_mean(np.array(values, np.uint16), decimals=decimals) <= target * 10**decimals)

    if not known and not left:
        assert found.state == NOT_ASKED
    elif not left:
        mean = int(period_mean(np.array(known, np.uint16), decimals=decimals))
        assert found.state == (SAFE if mean <= target * 10**decimals else OUT_OF_REACH)
    elif found.state == OUT_OF_REACH:
        assert not meets(0)
    else:
        assert meets(int(found.largest_total))
        assert not meets(int(found.largest_total) + 1)
        assert found.largest_level == found.largest_total // left
        assert found.largest_mean == found.largest_total / left
    if found.state != OPEN:
        assert [int(found.largest_total), int(found.largest_level)] == [NONE, NONE]
        assert np.isnan(found.largest_mean)


@pytest.mark.parametrize(("target", "total"), [(34, 69), (35, 70)])
def test_a_tie_of_the_mean_goes_to_the_even_side(target: int, total: int) -> None:
    """Two days: 34.5 rounds to 34, 35.5 to 36."""
    found = mean_budget(np.zeros(0, np.uint16), 2, target)
    assert found.largest_total == total


def test_a_mean_is_never_safe_as_long_as_a_day_remains() -> None:
    """A concentration has no upper end; the last day has a bound like any other."""
    found = mean_budget(np.zeros((2, 364), np.uint16), [1, 0], 35)
    assert found.state.tolist() == [OPEN, SAFE]
    assert found.largest_level[0] == 12957  # 365 times 35.5 is 12957.5


def test_means_of_many_cities_have_budgets_at_once() -> None:
    """Leading axes, memory in any order; the input stays as it was."""
    generator = np.random.default_rng(5)
    days = generator.integers(0, 90, (3, 2, 200), dtype=np.uint16)
    days[generator.random(days.shape) < 0.1] = MISSING
    kept = days.copy()
    found = mean_budget(np.asfortranarray(days), 165, 35)
    assert np.array_equal(days, kept)
    for place in np.ndindex(3, 2):
        assert found.largest_total[place] == mean_budget(days[place], 165, 35).largest_total
    with pytest.raises(ValueError, match="a target of the mean has the value -1"):
        mean_budget(days, 1, -1)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_days_of_heavy_pollution_are_counted_down(so_far: int, left: int, most: int) -> None:
    """Every number is tried."""
    found = days_budget(so_far, left, most)
    fitting = [more for more in range(left + 1) if so_far + more <= most]
    assert found.allowed == (fitting[-1] if fitting else NONE)
    assert found.state == (OUT_OF_REACH if not fitting else SAFE if fitting[-1] == left else OPEN)


def test_a_number_of_days_below_zero_is_refused() -> None:
    """Of any of the three."""
    for given_days in ((-1, 1, 1), (1, -1, 1), (1, 1, -1)):
        with pytest.raises(ValueError, match="has the value -1; it is 0 or more"):
            days_budget(*given_days)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 1000))
def test_the_rate_is_explained_as_it_is_found(good: int, bad: int, left: int, target: int) -> None:
    """Value and parts are those of the function, in every state."""
    so_far = _so_far(good, good + bad)
    found, told = rate_budget(so_far, left, target), explain_rate_budget(so_far, left, target, RULES)
    assert told.value == (int(found.bad_allowed) if int(found.state) in {OPEN, SAFE} else None)
    assert told.parts[0].value == (float(so_far.percent) if good + bad else None)
    assert told.parts[1].value == target / 10
    share = float(found.share_needed)
    assert told.parts[2].value == (None if np.isnan(share) else share)
    assert (told.valid, told.expected) == (good + bad, good + bad + left)


def test_each_state_of_the_rate_has_its_sentence() -> None:
    """Reached, out of reach, nothing to ask, and what is assumed."""
    sentences = [
        (_so_far(10, 10), 2, 500, "已有有效天数10天、优良10天；余2天即使全部超标，优良天数比例仍修约至50.0%及以上"),
        (_so_far(0, 10), 2, 500, "已有有效天数10天、优良0天；余2天即使全部优良，优良天数比例也达不到50.0%"),
        (_so_far(0, 0), 0, 500, "时段内无有效天数，也无剩余天数"),
    ]
    for so_far, left, target, sentence in sentences:
        told = explain_rate_budget(so_far, left, target, RULES)
        assert told.rule.zh == sentence
        assert told.parts[3].rule.zh == "其余各日均按有效日计；已过去的无效日不计入，也不再补回"


@given(st.lists(VALUES, max_size=10), st.integers(0, 10), st.integers(0, 60))
def test_the_mean_is_explained_as_it_is_found(days: list[int], left: int, target: int) -> None:
    """What is shown is cut, never rounded up; its fraction is exact."""
    values = np.array(days, np.uint16)
    found, told = mean_budget(values, left, target), explain_mean_budget("pm25", values, left, target, RULES)
    if found.state == OPEN:
        exact = Fraction(int(found.largest_total), left)
        assert told.exact == exact
        assert isinstance(told.value, float)
        assert 0 <= exact - Fraction(str(told.value)) < Fraction(1, 10)
        assert told.parts[0].value == int(found.largest_level)
    else:
        assert (told.value, told.exact, told.parts[0].value) == (None, None, None)
    assert told.limit == target


def test_each_state_of_the_mean_has_its_sentence() -> None:
    """Of carbon monoxide too, which has a decimal."""
    assert explain_mean_budget("pm25", np.full(2, 40, np.uint16), 0, 40, RULES).rule.zh == (
        "已有2个有效日合计80，时段均值修约后不高于40 µg/m³"
    )
    assert explain_mean_budget("pm25", np.full(2, 40, np.uint16), 1, 20, RULES).rule.zh == (
        "已有2个有效日合计80，余1天即使浓度均为0，时段均值修约后仍高于20 µg/m³"
    )
    assert explain_mean_budget("pm25", np.zeros(0, np.uint16), 0, 20, RULES).rule.zh == "时段内无有效日，也无剩余天数"
    assert explain_mean_budget("co", np.full(2, 8, np.uint16), 2, 9, RULES).rule.zh == (
        "已有2个有效日合计1.6，余2天合计不得高于2.1，即平均不高于1.05 mg/m³，时段均值修约后方可不高于0.9 mg/m³"
    )


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_heavy_pollution_is_explained_as_it_is_found(so_far: int, left: int, most: int) -> None:
    """None where there are too many."""
    found, told = days_budget(so_far, left, most), explain_heavy_pollution_budget(so_far, left, most, STANDARD)
    assert told.value == (None if found.state == OUT_OF_REACH else int(found.allowed))
    assert told.limit == most


def test_each_state_of_heavy_pollution_has_its_sentence() -> None:
    """Too many already; met whatever comes."""
    assert explain_heavy_pollution_budget(3, 5, 2, STANDARD).rule.zh == (
        "重污染天数（AQI大于200）已有3天，控制目标不超过2天，已超出"
    )
    assert explain_heavy_pollution_budget(0, 1, 2, STANDARD).rule.zh == (
        "重污染天数（AQI大于200）已有0天，控制目标不超过2天，余1天即使全部为重污染也不超出"
    )
