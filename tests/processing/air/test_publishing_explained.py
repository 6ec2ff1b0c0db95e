"""Why AQI, primary pollutants and level are published or not, told as it is judged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import AirQuality, evaluate
from qingchuan.processing.air.publishing import published_by_plan
from qingchuan.processing.air.publishing_explained import explain_published_by_plan
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirQualityIndex, Text

OLD, NEW = (standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026"))
DAY = {"so2": 10, "no2": 30, "pm10": 40, "pm25": 20, "co": 5, "o3_8h": 90}


def _air(values: dict[str, int], standard: AirQualityIndex) -> AirQuality:
    return evaluate({item: np.array(value, np.uint16) for item, value in values.items()}, "day", standard)


@given(
    st.lists(st.sampled_from([MISSING, 0, 30, 300, 900]), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.sampled_from([OLD, NEW]),
)
def test_the_verdict_is_that_of_the_function(
    values: list[int], left_out: list[bool], standard: AirQualityIndex
) -> None:
    """Whatever is missing and planned; a part an item, with its index."""
    air = _air(dict(zip(DAY, values, strict=True)), standard)
    told = explain_published_by_plan(air, left_out, standard)
    published = bool(published_by_plan(air, left_out, standard))
    assert told.value == (Text("发布", "published") if published else Text("不发布", "not published"))
    assert [part.value for part in told.parts] == [one if one >= 0 else None for one in air.iaqi.tolist()]
    assert told.valid == sum(part.value is not None for part in told.parts)
    assert ("不发布" in told.rule.zh or "仅发布单项" in told.rule.zh) is not published


@pytest.mark.parametrize(
    ("gone", "changed", "left_out", "rule"),
    [
        ([], {}, [], Text("各项均有分指数", "every item has an index")),
        (
            ["so2"],
            {},
            [],
            Text(
                "缺二氧化硫；AQI为45，不大于100，仅发布单项污染物浓度及分指数，AQI等以NA标识",
                "missing: Sulphur dioxide; the AQI is 45, not above 100: only concentrations and indices of items are, "
                "the AQI shows NA",
            ),
        ),
        (
            ["so2"],
            {"pm25": 61},
            [],
            Text(
                "缺二氧化硫；AQI为101，大于100，仍发布",
                "missing: Sulphur dioxide; the AQI is 101, above 100: published all the same",
            ),
        ),
        (
            ["so2", "co"],
            {},
            ["so2"],
            Text(
                "二氧化硫按监测方案未开展监测，缺一氧化碳；AQI为45，不大于100，仅发布单项污染物浓度及分指数，AQI等以NA标识",
                "not monitored by plan, which does not matter: Sulphur dioxide; missing: Carbon monoxide; the AQI is "
                "45, not above 100: only concentrations and indices of items are, the AQI shows NA",
            ),
        ),
        (list(DAY), {}, [], Text("无AQI，不发布", "there is no AQI to publish")),
    ],
)
def test_what_is_missing_is_named_with_the_bound(
    gone: list[str], changed: dict[str, int], left_out: list[str], rule: Text
) -> None:
    """5.3.1: both sides of 100, and what the plan leaves out beside what is missing."""
    air = _air({item: value for item, value in (DAY | changed).items() if item not in gone}, NEW)
    told = explain_published_by_plan(air, [item in left_out for item in air.items], NEW)
    assert told.rule == rule
    assert (told.limit, told.source and told.source.clause) == (100, "5.3.1")


def test_a_plan_is_told_by_its_own_clause_and_mark() -> None:
    """Where nothing else is missing it is 5.3.2 that decides."""
    air = _air({item: value for item, value in DAY.items() if item != "so2"}, NEW)
    told = explain_published_by_plan(air, [item == "so2" for item in air.items], NEW)
    assert told.source is not None
    assert told.source.clause.startswith("5.3.2")
    assert told.parts[0].rule == Text("监测方案未开展，以“/”标识", "not monitored by plan: /")


def test_the_edition_of_2012_publishes_what_it_has() -> None:
    """It has no bound, and knows no plans: what a plan leaves out is missing."""
    air = _air({item: value for item, value in DAY.items() if item != "so2"}, OLD)
    told = explain_published_by_plan(air, [item == "so2" for item in air.items], OLD)
    assert (told.rule.zh, told.limit) == ("缺二氧化硫；按已测项目计算并发布，注明缺项", None)
    assert told.parts[0].rule.zh == "无分指数，以NA标识"
