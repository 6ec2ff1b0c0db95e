"""How likely a target is reached: certain, impossible, each draw by the rule, and on five cities of Zhejiang."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn
from numpy.typing import NDArray

from qingchuan.processing.air.budget import NOT_ASKED, OUT_OF_REACH, SAFE, mean_budget, rate_budget
from qingchuan.processing.air.earlier_years import earlier_years
from qingchuan.processing.air.probability import NONE, Chance, Resampling, mean_chance, rate_chance
from qingchuan.processing.air.probability_explained import explain_chance
from qingchuan.processing.air.rates import GoodAirRate, good_air_rate
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards.edition import Text

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 20))
HOW = Resampling(block_days=3, draws=200, least_days=1)


def _so_far(good: int, valid: int) -> GoodAirRate:
    return good_air_rate(np.array([50] * good + [150] * (valid - good)), np.ones(valid, np.bool_), 100, 1)


def _years(number: int) -> NDArray[np.int64]:
    return 2025 - np.arange(number)


def _rate_chance(
    so_far: GoodAirRate, target: int, good: NDArray[np.bool_], counted: NDArray[np.bool_], how: Resampling = HOW
) -> Chance:
    generator = np.random.default_rng(1)
    return rate_chance(so_far, target, good, counted, _years(len(good)), resampling=how, generator=generator)


def _mean_chance(days: list[int], target: int, earlier: Scaled, how: Resampling = HOW) -> Chance:
    generator = np.random.default_rng(1)
    values = np.array(days, np.uint16)
    return mean_chance(values, target, earlier, _years(len(earlier)), resampling=how, generator=generator)


@given(st.integers(0, 30), st.integers(0, 30), SHAPES, st.integers(0, 1000))
def test_what_the_budget_calls_safe_is_certain_and_what_is_out_of_reach_is_impossible(
    good: int, bad: int, shape: tuple[int, int], target: int
) -> None:
    """All remaining days good, and all bad: every draw is the same day after day."""
    so_far, whole = _so_far(good, good + bad), np.ones(shape, np.bool_)
    state = rate_budget(so_far, shape[1], target).state
    best, worst = (_rate_chance(so_far, target, days, whole) for days in (whole, ~whole))
    assert best.probability == (0 if state == OUT_OF_REACH else 1)
    assert worst.probability == (1 if state == SAFE else 0)
    assert state != NOT_ASKED
    assert best.reached.all() == (state != OUT_OF_REACH)


@given(
    st.lists(st.integers(0, 80), max_size=10),
    SHAPES,
    st.integers(0, 80),
)
def test_a_mean_with_clean_air_to_come_is_met_unless_it_is_out_of_reach(
    days: list[int], shape: tuple[int, int], target: int
) -> None:
    """None of it on all remaining days is the best there is."""
    found = _mean_chance(days, target, np.zeros(shape, np.uint16))
    state = mean_budget(np.array(days, np.uint16), shape[1], target).state
    assert found.probability == (0 if state == OUT_OF_REACH else 1)


@given(SHAPES.flatmap(lambda shape: stn.arrays(np.int8, shape, elements=st.integers(-1, 1))), st.integers(0, 1000))
def test_each_year_has_the_rate_that_it_would_make(table: NDArray[np.int8], target: int) -> None:
    """By fractions; -1 is a day that does not count, and a year with none that does is left out."""
    found = _rate_chance(_so_far(8, 10), target, table == 1, table >= 0)
    rows = [
        (year, [day for day in row if day >= 0]) for year, row in zip(_years(len(table)), table.tolist(), strict=True)
    ]
    used = [(year, days) for year, days in rows if days]
    rates = [round(Fraction(1000 * (8 + sum(days)), 10 + len(days))) for _, days in used]
    assert found.years.tolist() == [year for year, _ in used]
    assert found.outcome.tolist() == rates
    assert found.reached.tolist() == [rate >= target for rate in rates]


@given(SHAPES.flatmap(lambda shape: stn.arrays(np.uint16, shape, elements=st.integers(0, 90) | st.just(MISSING))))
def test_each_year_has_the_mean_that_it_would_make(earlier: Scaled) -> None:
    """By fractions; missing days are not in it."""
    found = _mean_chance([30, MISSING, 41], 40, earlier)
    rows = [[day for day in row if day != MISSING] for row in earlier.tolist()]
    means = [round(Fraction(71 + sum(days), 2 + len(days))) for days in rows if days]
    assert found.outcome.tolist() == means
    assert found.reached.tolist() == [mean <= 40 for mean in means]


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 6))
def test_a_draw_is_put_together_of_whole_blocks_at_their_dates(years: int, days: int, block: int) -> None:
    """The values are such that the sum has a digit for each date, which is the year that it was taken from."""
    base = years + 1
    earlier = np.arange(1, base)[:, np.newaxis] * base ** np.arange(days)
    found = _mean_chance([], 0, earlier.astype(np.uint16), Resampling(block, 50, 1))
    assert found.rest.size == 50
    for total in found.rest.tolist():
        digits = [total // base**day % base for day in range(days)]
        assert total < base**days
        assert 0 not in digits
        assert all(len(set(digits[start : start + block])) == 1 for start in range(0, days, block))


def test_blocks_that_are_as_long_as_the_rest_draw_whole_years() -> None:
    """So the share of the draws tends to the share of the years."""
    good = np.array([[True] * 10, [True] * 10, [True] * 10, [False] * 10])
    found = _rate_chance(_so_far(0, 0), 1000, good, np.ones_like(good), Resampling(10, 20_000, 1))
    assert set(found.rest.tolist()) == {0, 10}
    assert found.probability == pytest.approx(0.75, abs=0.01)


def test_single_days_have_the_binomial_distribution() -> None:
    """Two years, one all good, one all bad: of ten days each is good with one half."""
    good = np.array([[True] * 10, [False] * 10])
    found = _rate_chance(_so_far(0, 0), 800, good, np.ones_like(good), Resampling(1, 50_000, 1))
    assert found.probability == pytest.approx(56 / 1024, abs=0.005)
    assert found.reached.tolist() == [True, False]


def test_the_same_seed_gives_the_same_draws() -> None:
    """And another one gives others; the inputs stay as they were."""
    generator = np.random.default_rng(3)
    earlier = generator.integers(10, 90, (5, 60), dtype=np.uint16)
    kept = earlier.copy()
    days = np.full(300, 36, np.uint16)
    one, two, other = (
        mean_chance(
            days, 36, np.asfortranarray(earlier), _years(5), resampling=HOW, generator=np.random.default_rng(seed)
        )
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one.simulated, two.simulated)
    assert np.array_equal(one.rest, two.rest)
    assert not np.array_equal(one.rest, other.rest)
    assert np.array_equal(earlier, kept)


@pytest.mark.parametrize(("least", "years"), [(8, [2025, 2024]), (9, [2025]), (10, [2025]), (11, [2025])])
def test_a_year_with_too_many_gaps_is_left_out(least: int, years: list[int]) -> None:
    """Eight valid days of ten are enough where eight are asked for; of fewer days all are."""
    earlier = np.full((3, 10), 30, np.uint16)
    earlier[1, :2] = MISSING
    earlier[2] = MISSING
    assert _mean_chance([30], 30, earlier, Resampling(5, 10, least)).years.tolist() == years


def test_without_an_earlier_year_or_a_draw_there_is_no_probability() -> None:
    """Never one of zero; without a remaining day the period is decided."""
    nothing = np.zeros((0, 10), np.uint16)
    assert _mean_chance([30], 35, nothing).probability is None
    assert _mean_chance([30], 35, np.full((2, 10), MISSING, np.uint16)).probability is None
    assert _mean_chance([30], 35, np.zeros((2, 10), np.uint16), Resampling(5, 0, 1)).probability is None
    over = np.zeros((2, 0), np.uint16)
    assert (_mean_chance([30], 30, over).probability, _mean_chance([30], 29, over).probability) == (1, 0)
    empty = _mean_chance([], 30, over)
    assert (empty.outcome.tolist(), empty.probability) == ([NONE, NONE], 0)


def test_what_does_not_fit_is_refused() -> None:
    """Blocks, draws, shapes."""
    with pytest.raises(ValueError, match="a block has the value 0; it must be 1 or more"):
        Resampling(0, 1, 1)
    with pytest.raises(ValueError, match="the number of draws has the value -1; it must be 0 or more"):
        Resampling(1, -1, 1)
    with pytest.raises(ValueError, match="a year has the value 0"):
        Resampling(1, 1, 0)
    days, whole = np.ones((2, 3), np.bool_), np.ones((2, 4), np.bool_)
    with pytest.raises(ValueError, match=r"the days of 2 years have the shapes \(2, 3\) and \(2, 4\)"):
        _rate_chance(_so_far(1, 1), 500, days, whole)
    with pytest.raises(ValueError, match=r"the days of 1 years have the shapes \(3,\)"):
        mean_chance(
            np.zeros(1, np.uint16), 5, np.zeros(3, np.uint16), [1], resampling=HOW, generator=np.random.default_rng(1)
        )


def test_the_explanation_tells_the_years_first() -> None:
    """Each with its outcome, then the share of the draws."""
    earlier = np.array([[30] * 65, [33] * 65, [34] * 65], np.uint16)
    found = _mean_chance([36] * 300, 35, earlier, Resampling(5, 1000, 60))
    told = explain_chance(found, Text("全年PM2.5均值不高于35", "a mean of 35"), "µg/m³", 0)
    assert (told.value, told.valid, told.expected) == (found.met / 1000, 2, 3)
    assert told.rule.zh == (
        f"其余各日若同往年同期，3个年份中有2个可达到；以连续5天为一段，各段随机取自某一往年同期，1000次抽取中{found.met}次达到；"
        "未计入排放变化"
    )
    assert [(part.name.zh, part.value) for part in told.parts] == [
        ("若同2023年同期", 36),
        ("若同2024年同期", 35),
        ("若同2025年同期", 35),
    ]
    assert [part.rule.zh for part in told.parts][:2] == [
        "全时段为36 µg/m³，未达到目标",
        "全时段为35 µg/m³，达到目标",
    ]
    none = explain_chance(_mean_chance([36], 35, np.zeros((0, 5), np.uint16)), Text("甲", "one"), "µg/m³", 0)
    assert (none.value, none.expected, none.parts) == (None, 0, ())
    assert none.rule.zh == "往年同期有效日不少于1天的年份不足，或未作抽取，不作测算"


def test_the_rest_of_2019_in_five_cities_is_told_by_2016(reference_data: Path) -> None:
    """One earlier year alone: every draw is that year, and its rate is counted from the rows one by one."""
    text = (reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    cities = sorted({row[0] for row in rows})
    assert len(cities) == 5
    last = date(2019, 8, 31)
    for city in cities:
        aqi = {date.fromisoformat(row[1]): int(row[2]) for row in rows if row[0] == city and "" not in row}
        past = [value for day, value in aqi.items() if date(2019, 1, 1) <= day <= last]
        known = {day: value for day, value in aqi.items() if day.year == 2016}
        remaining = np.arange("2019-09-01", "2020-01-01", dtype="datetime64[D]")
        places = earlier_years(np.array(list(known), "datetime64[D]"), remaining)
        values = places.of(np.array(list(known.values()), np.int64), -1)
        so_far = good_air_rate(past, [True] * len(past), 100, 1)
        found = rate_chance(
            so_far,
            850,
            values <= 100,
            values >= 0,
            places.years,
            resampling=Resampling(7, 100, 100),
            generator=np.random.default_rng(1),
        )
        rest = [value for day, value in known.items() if day >= date(2016, 9, 1)]
        days = [*past, *rest]
        assert found.years.tolist() == [2016]
        assert found.outcome[0] == round(Fraction(1000 * sum(value <= 100 for value in days), len(days)))
        assert (found.simulated == found.outcome[0]).all()
        assert found.probability == int(found.outcome[0] >= 850)
