"""The explanation of the day in progress: the numbers of the function, and a sentence for each state."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.budget import NONE, OPEN
from qingchuan.processing.air.today import day_in_progress
from qingchuan.processing.air.today_explained import explain_day_in_progress
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex

NEW = standards.load("hj633_2026", AirQualityIndex)
RULES = standards.load("hj663_2013", AirAssessment)
LIMIT = 160
HOURLY = ("so2", "no2", "pm10", "pm25", "co", "o3")
VALUES = st.integers(0, 270).map(lambda value: value if value <= 240 else MISSING)


def _clean(passed: int) -> dict[str, Scaled]:
    return {item: np.full(passed, 5, np.uint16) for item in HOURLY}


@given(st.integers(0, 24).flatmap(lambda passed: stn.arrays(np.uint16, (passed, 6), elements=VALUES)))
def test_the_explanation_has_the_numbers_of_the_function(table: Scaled) -> None:
    """Of the day and of each item; what is shown of a bound is cut, never rounded up."""
    hours = {item: table[:, place] for place, item in enumerate(HOURLY)}
    found = day_in_progress({item: values[:, np.newaxis] for item, values in hours.items()}, NEW, RULES, LIMIT)
    told = explain_day_in_progress(hours, NEW, RULES, LIMIT)
    aqi = int(found.air.aqi[0])
    assert told.value == (aqi if aqi >= 0 else None)
    for part, (item, so_far) in zip(told.parts[:-1], found.items.items(), strict=True):
        scale, value = (10 if item == "co" else 1), int(so_far.so_far[0])
        assert part.value == (None if value == MISSING else value / scale)
        assert part.valid == so_far.valid[0]
        assert part.limit == so_far.good_up_to / scale
        earliest = int(so_far.earliest[0])
        assert part.parts[0].value == (None if earliest == NONE else earliest)
        bound = part.parts[1]
        if so_far.state[0] != OPEN:
            assert bound.value is None
        elif item == "o3_8h":
            assert bound.value == so_far.largest_level[0]
        else:
            exact = Fraction(int(so_far.largest_total[0]), found.left * scale)
            assert bound.exact == exact
            assert isinstance(bound.value, float)
            assert 0 <= exact - Fraction(str(bound.value)) < Fraction(1, 10 * scale)


def test_each_state_of_the_day_has_its_sentence() -> None:
    """Open, spoilt, without a value, over; and before the first hour."""

    def told(hours: dict[str, Scaled]) -> str:
        return explain_day_in_progress(hours, NEW, RULES, LIMIT).rule.zh

    hours = _clean(23)
    assert told(hours).endswith("；其余1小时各项均不超过所列上限，全日AQI方可不高于100")
    hours["so2"] = np.array([MISSING] * 5 + [5] * 18, np.uint16)
    assert told(hours).endswith("；二氧化硫有效数据已不足，当日将无有效值：全日AQI不高于100时，当日不计入有效天数")
    hours["pm25"] = np.full(23, 200, np.uint16)
    assert told(hours) == (
        "按截至23时的累计浓度，AQI为250（重度污染），首要污染物：细颗粒物；"
        "其余1小时即使浓度均为0，细颗粒物仍使全日AQI高于100"
    )
    assert told(_clean(24)) == "按截至24时的累计浓度，AQI为13（优），首要污染物：无；全日AQI不高于100"
    assert told(_clean(0)) == "截至0时尚无AQI；其余24小时各项均不超过所列上限，全日AQI方可不高于100"


def test_the_explanation_of_ozone_tells_windows_and_one_level_for_all_hours() -> None:
    """Fourteen windows are needed; seven have ended at 14:00."""
    hours = _clean(14)
    hours["o3"] = np.array([40] * 8 + [180] * 6, np.uint16)
    told = explain_day_in_progress(hours, NEW, RULES, LIMIT).parts[5]
    assert told.rule.zh == "已结束的7个有效8小时平均中最大者为145"
    assert told.parts[0].rule.zh == "须有14个有效8小时平均，已有7个，最早于21时满足"
    assert told.parts[1].rule.zh == "其余10小时均不高于102 µg/m³，各时段滑动平均修约后方可均不高于160 µg/m³"
    assert (180 * 6 + 102 * 2) / 8 == 160.5  # a tie, rounded to 160


@pytest.mark.parametrize(("passed", "told"), [(19, "已有19个，最早于20时满足"), (20, "已有20个，已于20时满足")])
def test_a_day_is_told_to_be_valid_from_its_twentieth_hour_on(passed: int, told: str) -> None:
    """Not an hour later."""
    pm25 = explain_day_in_progress(_clean(passed), NEW, RULES, LIMIT).parts[3]
    assert pm25.parts[0].rule.zh == f"须有20个有效小时，{told}"
