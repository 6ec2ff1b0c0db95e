"""Why a value has its flag."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from numpy.typing import ArrayLike

from qingchuan.processing.explanation import Explanation
from qingchuan.processing.quality import thresholds
from qingchuan.processing.quality.assess import assess
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.explained import explain_flag
from qingchuan.processing.quality.network import all_others
from qingchuan.processing.standards.edition import Text
from tests.support.quality import HOUR

SHIPPED = thresholds.shipped()


def _explain(values: ArrayLike, items: tuple[str, ...], item: str, place: int, incoming: int = 2) -> Explanation:
    told = np.asarray(values, dtype=np.float64)
    times = HOUR * np.arange(told.shape[-1])
    return explain_flag(told, items, times, np.full(told.shape, incoming), SHIPPED, None, item, (place,))


def _part(found: Explanation, test: QualityTest) -> Explanation:
    return next(part for part in found.parts if part.name == test.label)


@pytest.mark.parametrize(
    ("item", "values", "place", "flag", "test", "why"),
    [
        ("pm25", [30, np.nan], 1, "9（缺测）", "缺测检验", "该时刻没有监测值"),
        (
            "pm25",
            [30, 1100, 31],
            1,
            "3（可疑）",
            "范围检验",
            "监测值 1100 µg/m³，常见范围 -20 … 1000，可信范围 -20 … 10000，超出常见范围",
        ),
        ("ph", [7, 15, 7.1], 1, "4（不合格）", "范围检验", "监测值 15，常见范围 4 … 11，可信范围 0 … 14，超出可信范围"),
        (
            "pm25",
            [30, 250, 31],
            1,
            "3（可疑）",
            "尖峰检验",
            "前值 30、本值 250、后值 31，高出（低于）前后两值至少 219 µg/m³，大于可疑阈值 190 µg/m³",
        ),
        (
            "pm25",
            [30, 460, 470],
            1,
            "3（可疑）",
            "变化率检验",
            "前值 30，本值 460，变化率为 430 µg/m³/h，大于可疑阈值 400 µg/m³/h",
        ),
        (
            "pm25",
            [30] * 13,
            12,
            "3（可疑）",
            "平直线检验",
            "12 小时 13 个值中有 13 个，最大与最小之差 0 µg/m³；差小于 0.5 µg/m³、数据获取率不低于 75% 为平直线",
        ),
        (
            "co",
            [0.5, -0.4, 0.6],
            1,
            "4（不合格）",
            "负值检验",
            "监测值 -0.4 mg/m³，低于 0 为可疑，低于零点漂移范围 -0.3 mg/m³ 为不合格",
        ),
        ("ph", [7.0, 0.0, 7.1], 1, "4（不合格）", "零值检验", "监测值 0，恰好为 0"),
        (
            "do",
            [8.12, 8.12, 8.12, 8.12],
            2,
            "3（可疑）",
            "恒值检验",
            "数值 8.12 首次出现后又连续出现 3 个周期，达到 3 个周期为恒值",
        ),
    ],
)
def test_the_sentence_names_the_test_with_its_numbers(
    *, item: str, values: list[float], place: int, flag: str, test: str, why: str
) -> None:
    """One series a test, under the thresholds that ship."""
    assert _explain([values], (item,), item, place).rule.zh == f"标记为 {flag}，由{test}判定：{why}"


def test_where_no_test_objected_the_sentence_says_so() -> None:
    """In both languages."""
    assert _explain([[30, 31, 32]], ("pm25",), "pm25", 1).rule == Text(
        "标记为 1（有效），所做检验均未提出异议", "The flag is 1 (good): none of the tests objected."
    )


def test_both_of_a_pair_are_explained_with_both_values() -> None:
    """In English too."""
    for item in ("pm25", "pm10"):
        found = _explain([[81.5, 30], [70.5, 60]], ("pm25", "pm10"), item, 0)
        assert found.rule == Text(
            "标记为 3（可疑），由逻辑关系检验判定：PM₂.₅ 81.5、PM₁₀ 70.5，前者高出后者不应大于 10 µg/m³",
            "The flag is 3 (suspect), set by the logic test: "
            "PM₂.₅ is 81.5 and PM₁₀ 70.5; the former may be larger by no more than 10 µg/m³.",
        )


def test_an_outlier_is_explained_with_its_history() -> None:
    """Largest, mean and number of the valid values."""
    hours = [0.2, 0.4] * 48
    found = _explain([[*hours, 0.9]], ("turbidity",), "turbidity", 96)
    assert _part(found, QualityTest.OUTLIER_LARGE).rule.zh == (
        "监测值 0.9 NTU，前 7 日 96 个有效值的最大值 0.4、均值 0.3，"
        "大于最大值且大于均值的 2 倍为异常高值；判为 3（可疑）"
    )


def test_a_station_is_explained_with_its_neighbours() -> None:
    """Median, least spread and robust distance."""
    values = np.array([[[24.0], [34.0], [44.0], [190.0]]])
    found = explain_flag(values, ("pm25",), [0], np.full((1, 4, 1), 2), SHIPPED, all_others(4), "pm25", (3, 0))
    part = _part(found, QualityTest.NETWORK)
    assert part.value == pytest.approx(0.6745 * 156 / 30)
    assert part.limit == 3.5
    assert found.rule.zh == (
        "标记为 3（可疑），由邻近点位比对判定：3 个邻近点位的中位数 34 µg/m³、离散度 30 µg/m³，本值 190 µg/m³，"
        "稳健 z 值为 3.5074，大于可疑阈值 3.5"
    )


def test_a_flag_that_came_in_is_named() -> None:
    """What the tests said stands beside it."""
    found = _explain([[30, 31, 32]], ("pm25",), "pm25", 1, incoming=4)
    assert found.rule.zh == "标记为 4（不合格），由来报标记判定：报送时所带的标记"
    assert _part(found, QualityTest.SPIKE).value is None
    assert "未作评价" in _part(found, QualityTest.SPIKE).rule.zh


def test_the_parts_are_the_value_the_flag_it_came_with_and_each_test_that_the_thresholds_ask_for() -> None:
    """In the order of their numbers; the network is left out where no neighbours are told."""
    found = _explain([[30, 31, 32]], ("pm25",), "pm25", 1)
    assert found.parts[0].name == Text("细颗粒物", "Fine particles")
    assert (found.parts[0].value, found.parts[0].unit) == (31.0, "µg/m³")
    asked = ["GAP", "INCOMING", "GROSS_RANGE", "SPIKE", "RATE_OF_CHANGE", "FLAT_LINE", "NEGATIVE"]
    assert [part.name for part in found.parts[1:]] == [QualityTest[name].label for name in asked]


def test_each_part_says_its_measure_its_limit_and_what_the_limit_rests_on() -> None:
    """Both methods of spikes measure in the unit of the item."""
    part = _part(_explain([[30, 200, 31]], ("pm25",), "pm25", 1), QualityTest.SPIKE)
    assert (part.value, part.unit, part.limit) == (169.0, "µg/m³", 190.0)
    assert part.source is not None
    assert part.source.edition == "thresholds"
    assert part.source.clause.startswith("pm25, spike: Ours")


def test_a_measure_that_equals_its_limit_is_said_not_to_be_larger() -> None:
    """As the test has it."""
    part = _part(_explain([[30, 220, 30]], ("pm25",), "pm25", 1), QualityTest.SPIKE)
    assert part.value == part.limit == 190.0
    assert part.rule.zh.endswith("高出（低于）前后两值至少 190 µg/m³，不大于可疑阈值 190 µg/m³；判为 1（有效）")
    assert part.rule.en.endswith("is 190 µg/m³, not more than 190 µg/m³, which is suspect: 1, good")


@pytest.mark.parametrize("change", [7, 37, 133, 400])
def test_a_rate_is_told_per_hour_as_it_was_compared_per_second(change: int) -> None:
    """A rate at the threshold is not larger, and no digits are left of the change of unit."""
    part = _part(_explain([[10, 10 + change]], ("pm25",), "pm25", 1), QualityTest.RATE_OF_CHANGE)
    assert part.value == change
    assert f"变化率为 {change} µg/m³/h，不大于可疑阈值 400 µg/m³/h" in part.rule.zh


@pytest.mark.parametrize(("value", "limit"), [(3.0, 4.0), (7.0, 11.0), (12.0, 11.0)])
def test_a_range_names_the_end_that_matters(value: float, limit: float) -> None:
    """The lower one for what lies below it."""
    assert _part(_explain([[value]], ("ph",), "ph", 0), QualityTest.GROSS_RANGE).limit == limit


def test_a_pair_says_what_its_tolerance_rests_on() -> None:
    """The evidence of the pair, which is no threshold of either item."""
    source = _part(_explain([[80, 30], [60, 60]], ("pm25", "pm10"), "pm25", 0), QualityTest.LOGIC).source
    assert source is not None
    assert source.clause == f"pm25, logic: {SHIPPED.evidence['inversion']}"


def test_a_missing_value_has_no_number_and_no_test_but_one() -> None:
    """Nothing is measured of nothing."""
    found = _explain([[30, np.nan, 32]], ("pm25",), "pm25", 1)
    assert [part.value for part in found.parts] == [None] * len(found.parts)
    assert sum("未作评价" in part.rule.zh for part in found.parts) == len(found.parts) - 3


def test_the_flag_is_the_one_that_assess_gives() -> None:
    """At every place of a stack of random stations with gaps, negative values and contradictions."""
    drawn = np.random.default_rng(20261125)
    values = np.round(drawn.normal(20, 25, (2, 3, 30)))
    values[drawn.random(values.shape) < 0.1] = np.nan
    values[0, 1, 5:20] = 7
    incoming = drawn.choice([1, 2, 2, 2, 3, 4], values.shape)
    arguments = values, ("pm25", "so2"), HOUR * np.arange(30), incoming, SHIPPED, all_others(3)
    result = assess(*arguments)
    assert set(np.unique(result.flag)) == {1, 3, 4, 9}
    for place in np.ndindex(values.shape):
        found = explain_flag(*arguments, ("pm25", "so2")[place[0]], place[1:])
        test = QualityTest(int(result.test[place]))
        assert found.value == result.flag[place]
        assert (test.label.zh in found.rule.zh) == (test is not QualityTest.NONE)
        assert not any(word in part.rule.zh + part.rule.en for part in found.parts for word in ("nan", "inf"))


def test_the_average_method_is_explained_as_such() -> None:
    """A bureau may choose it."""
    chosen = thresholds.read(_with_average(), "theirs")
    values = [[30, 250, 32]]
    found = explain_flag(values, ("pm25",), HOUR * np.arange(3), [[2, 2, 2]], chosen, None, "pm25", (1,))
    assert "与前后两值平均之差为 219 µg/m³，大于可疑阈值 190 µg/m³，不大于不合格阈值 500 µg/m³" in found.rule.zh


def _with_average() -> str:
    text = resources.files("qingchuan.processing.quality").joinpath("thresholds.toml").read_text(encoding="utf-8")
    return text.replace('method = "differential", suspect = 190', 'method = "average", suspect = 190, fail = 500')


@pytest.mark.parametrize(
    ("item", "at", "message"),
    [
        ("co", (0,), "the item has the key 'co'; assessed are pm25"),
        ("pm25", (3,), r"the value has the place \(3,\); the other axes have the lengths \(3,\)"),
        ("pm25", (-1,), r"the value has the place \(-1,\)"),
        ("pm25", (0, 0), r"the value has the place \(0, 0\)"),
    ],
)
def test_a_value_that_is_not_there_is_refused(item: str, at: tuple[int, ...], message: str) -> None:
    """Counted from the beginning, along each axis."""
    with pytest.raises(LookupError, match=message):
        explain_flag([[1.0, 2, 3]], ("pm25",), [0, 1, 2], [[2, 2, 2]], SHIPPED, None, item, at)


def test_a_constant_value_of_an_analyser_is_explained_by_its_own_cycle() -> None:
    """Total phosphorus comes every four hours: three further ones are twelve hours."""
    values, times = np.full((1, 4), 0.05), 4 * HOUR * np.arange(4)
    found = explain_flag(values, ("tp",), times, np.full((1, 4), 2), SHIPPED, None, "tp", (1,))
    assert _part(found, QualityTest.CONSTANT).rule.zh == (
        "数值 0.05 首次出现后又连续出现 3 个周期，达到 3 个周期为恒值；判为 3（可疑）"
    )
