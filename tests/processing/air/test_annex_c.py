"""The indices of annex C: the worse of mean and percentile, their maximum and their sum."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.annex_c import AnnexCIndex, annex_c_index, annex_c_ratios
from qingchuan.processing.air.annex_c_explained import explain_annex_c_index
from qingchuan.processing.air.statistics import ItemStatistics, period_statistics
from qingchuan.processing.calendar_periods import CalendarPeriod, month_of, year_of
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits
from tests.support import ranking_oracle as oracle

RULES = standards.load("hj663_2013", AirAssessment)
LIMITS = {name: standards.load(name, AmbientAirLimits) for name in ("gb3095_2012", "gb3095_2026")}
MONTH = month_of(date(2025, 4, 1))
# By hand from tables 1 of GB 3095—2012 and HJ 663—2013: annual limit, daily limit, percentile.
BY_HAND = {
    "so2": (60, 150, 98),
    "no2": (40, 80, 98),
    "pm10": (70, 150, 95),
    "pm25": (35, 75, 95),
    "co": (None, 40, 95),
    "o3_8h": (None, 160, 90),
}
day_values = st.one_of(st.integers(0, 300), st.just(MISSING))


def _statistics(days: dict[str, list[int]], period: CalendarPeriod = MONTH) -> dict[str, ItemStatistics]:
    dates = period.dates[: len(next(iter(days.values()), []))]
    return period_statistics({item: np.array(row, np.uint16) for item, row in days.items()}, dates, period, RULES)


def _index(days: dict[str, list[int]]) -> AnnexCIndex:
    return annex_c_index(_statistics(days), LIMITS["gb3095_2012"], RULES, on=MONTH.last, decimals=2)


def _single(item: str, days: list[int]) -> Fraction | None:
    valid = [day for day in days if day != MISSING]
    if not valid:
        return None
    annual, daily, percent = BY_HAND[item]
    by_percentile = Fraction(round(oracle.percentile(valid, percent)), daily)
    if annual is None:
        return by_percentile
    return max(Fraction(round(Fraction(sum(valid), len(valid))), annual), by_percentile)


@given(st.fixed_dictionaries({item: st.lists(day_values, min_size=4, max_size=4) for item in BY_HAND}))
def test_annex_c_is_that_of_another_hand(days: dict[str, list[int]]) -> None:
    """Rounded statistics, exact quotients, rounded once each and once in the sum."""
    found, exact = _index(days), [_single(item, days[item]) for item in BY_HAND]
    assert found.single.tolist() == [-1 if part is None else round(100 * part) for part in exact]
    there = [part for part in exact if part is not None]
    whole = len(there) == len(exact)
    assert found.total == (round(100 * sum(there)) if whole else -1)
    assert found.largest == (round(100 * max(there)) if whole else -1)


def test_a_percentile_may_be_worse_than_the_mean() -> None:
    """PM2.5 of 20 on most days and 150 on two: 150 of 75 is more than 33 of 35."""
    clean = {item: [1] * 20 for item in BY_HAND}
    assert _index(clean | {"pm25": [20] * 18 + [150] * 2}).single[3] == 200
    assert _index(clean | {"pm25": [34] * 20}).single[3] == 97


def test_the_sum_is_rounded_once_and_not_from_rounded_parts() -> None:
    """Six exact quotients of which the rounded ones add to another sum."""
    found = _index({"so2": [8], "no2": [30], "pm10": [50], "pm25": [28], "co": [9], "o3_8h": [140]})
    assert (int(found.single.sum()), int(found.total)) == (349, 350)


@pytest.mark.parametrize("item", BY_HAND)
def test_without_one_valid_item_there_is_no_maximum_and_no_sum(item: str) -> None:
    """All basic items take part."""
    days = {key: [30] for key in BY_HAND}
    for lacking in (days | {item: [MISSING]}, {key: row for key, row in days.items() if key != item}):
        found = _index(lacking)
        assert (int(found.largest), int(found.total)) == (-1, -1)
        assert (found.single < 0).tolist() == [key == item for key in found.items]


@pytest.mark.parametrize(("of_december", "there"), [(2, True), (3, False)])
def test_a_year_that_lacks_days_is_not_compared(of_december: int, there: bool) -> None:  # noqa: FBT001 - the expectation
    """324 valid days with 27 a month (25 in February) are enough, 323 are not (6.1.3)."""
    year, days = year_of(date(2025, 1, 1)), np.full(365, 30, np.uint16)
    for month, dropped in enumerate([4, 3, 4, 3, 4, 3, 4, 4, 3, 4, 3, of_december]):
        first = np.searchsorted(year.dates, np.datetime64(f"2025-{month + 1:02}-01"))
        days[first : first + dropped] = MISSING
    statistics = period_statistics(dict.fromkeys(BY_HAND, days), year.dates, year, RULES)
    found = annex_c_index(statistics, LIMITS["gb3095_2012"], RULES, on=year.last, decimals=2)
    assert (found.total >= 0) == there


@pytest.mark.parametrize(
    ("name", "day", "pm25", "so2"),
    [
        ("gb3095_2012", date(2025, 12, 31), (35, 75), (60, 150)),
        ("gb3095_2026", date(2030, 12, 31), (30, 60), (60, 150)),
        ("gb3095_2026", date(2031, 1, 1), (25, 50), (20, 50)),
    ],
)
def test_the_limits_are_those_of_the_edition_and_the_stage(
    name: str, day: date, pm25: tuple[int, int], so2: tuple[int, int]
) -> None:
    """2012, and both stages of 2026."""
    assert annex_c_ratios("pm25", LIMITS[name], RULES, on=day) == pm25
    assert annex_c_ratios("so2", LIMITS[name], RULES, on=day) == so2


def test_a_statistic_of_more_than_the_official_decimals_is_refused() -> None:
    """6.3: statistics are rounded before they are compared."""
    days = {item: np.array([30], np.uint16) for item in BY_HAND}
    statistics = period_statistics(days, MONTH.dates[:1], MONTH, RULES, decimals=1)
    with pytest.raises(
        ValueError, match="the statistics of 'so2' have 1 decimals more than the official ones; 0 would"
    ):
        annex_c_index(statistics, LIMITS["gb3095_2012"], RULES, on=MONTH.last, decimals=2)


def test_places_along_leading_axes_are_compared_each_by_itself() -> None:
    """Two cities at once give what each gives alone."""
    days = {item: [[30, 40], [50, 90]] for item in BY_HAND}
    both = period_statistics(
        {item: np.array(rows, np.uint16) for item, rows in days.items()}, MONTH.dates[:2], MONTH, RULES
    )
    together = annex_c_index(both, LIMITS["gb3095_2012"], RULES, on=MONTH.last, decimals=2)
    alone = [_index({item: rows[city] for item, rows in days.items()}).total for city in (0, 1)]
    assert together.total.tolist() == [int(total) for total in alone]


@pytest.mark.parametrize("lacking", [None, "co", "so2"])
def test_an_explanation_has_the_value_and_the_way(lacking: str | None) -> None:
    """The same figures as the function, the exact sum, and each single index with its quotients."""
    days = {item: [30, 33] for item in BY_HAND if item != lacking}
    told = explain_annex_c_index(_statistics(days), LIMITS["gb3095_2012"], RULES, on=MONTH.last, decimals=2)
    found = _index(days)
    assert told.value == (None if lacking else int(found.total) / 100)
    assert [part.value for part in told.parts[:-1]] == [None if s < 0 else s / 100 for s in found.single.tolist()]
    assert told.parts[-1].value == (None if lacking else int(found.largest) / 100)
    assert (told.parts[-1].rule.zh == "有项目缺测或统计值无效，不计算") == (lacking is not None)
    if lacking is None:
        assert told.exact == sum(part.exact for part in told.parts[:-1] if part.exact is not None)
        assert told.parts[0].rule.zh == "max(平均值32÷60, 第98百分位数33÷150)，按GB/T 8170修约为0.53"
        assert told.parts[4].rule.zh == "第95百分位数3.3÷4.0，按GB/T 8170修约为0.82"
