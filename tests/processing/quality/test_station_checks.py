"""Checks of stations against their limits: exact, rounded once, both sides of each limit."""

from __future__ import annotations

from fractions import Fraction
from importlib import resources

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue
from qingchuan.processing.quality import check_limits, thresholds
from qingchuan.processing.quality.station_checks import CheckNumbers, CheckResult, bad_since, station_check
from qingchuan.processing.quality.station_checks_explained import explain_station_check

LIMITS = check_limits.shipped()
TEXT = resources.files("qingchuan.processing.quality").joinpath("station_checks.toml").read_text(encoding="utf-8")
ITEMS = ("codmn", "nh3n", "tn", "tp")
DAY = 86_400
NOW = 1_785_542_400


def result(kind: str, item: str, *numbers: str) -> CheckResult:
    """What a check comes to."""
    return station_check(kind, item, CheckNumbers(*numbers), LIMITS)


@pytest.mark.parametrize(
    ("item", "passes", "fails"),
    [
        ("codmn", "1.0004", "1.0006"),
        ("nh3n", "0.2005", "0.2006"),
        ("tn", "0.3", "0.301"),
        ("tp", "0.020", "0.021"),
    ],
)
def test_zero_checks_pass_up_to_the_limits_of_the_water_file(item: str, passes: str, fails: str) -> None:
    """CODMn 1.0, NH3-N 0.2, TN 0.3, TP 0.02 mg/L on either side of the standard; the deviation is rounded once."""
    assert result("zero", item, passes, "0").passed is True
    assert result("zero", item, fails, "0").passed is False
    assert result("zero", item, f"-{passes}", "0").passed is True
    assert result("zero", item, f"-{fails}", "0").passed is False
    assert result("zero", item, "0", passes).passed is True


@pytest.mark.parametrize("kind", ["span", "standard"])
@pytest.mark.parametrize("item", ITEMS)
def test_spans_and_standard_samples_pass_within_ten_percent(kind: str, item: str) -> None:
    """Of the standard; 10.05 % is rounded to the even 10.0, and a little more is not."""
    for measured, passed in (
        ("2.2", True),
        ("1.8", True),
        ("2.201", True),
        ("2.20101", False),
        ("1.798", False),
        ("1.799", True),
    ):
        assert result(kind, item, measured, "2").passed is passed


def test_a_recovery_is_what_was_found_of_what_was_added() -> None:
    """The published frame of 2063: 0.951 with the spike, 0.462 without, 2.5 of 50 mg/L in 250."""
    found = result("recovery", "nh3n", "0.951", "", "0.462", "50", "2.5", "250")
    assert (found.exact, found.figure, found.passed) == (Fraction("97.8"), Fraction("97.8"), True)
    assert result("recovery", "nh3n", "0.862", "", "0.462", "50", "2.5", "250").passed is True
    assert result("recovery", "nh3n", "0.861", "", "0.462", "50", "2.5", "250").passed is False
    assert result("recovery", "nh3n", "1.063", "", "0.462", "50", "2.5", "250").passed is False


@pytest.mark.parametrize(
    ("kind", "item", "numbers"),
    [
        ("parallel", "nh3n", ("2", "", "1")),
        ("zero", "ph", ("9", "0")),
        ("zero", "so2", ("9", "0")),
        ("zero", "nh3n", ("9",)),
        ("zero", "nh3n", ("", "0")),
        ("span", "nh3n", ("9", "0")),
        ("recovery", "nh3n", ("9", "", "", "50", "2.5", "250")),
        ("recovery", "nh3n", ("9", "", "1", "0", "2.5", "250")),
        ("recovery", "nh3n", ("9", "", "1", "50", "2.5", "0")),
    ],
)
def test_what_cannot_be_judged_is_not(kind: str, item: str, numbers: tuple[str, ...]) -> None:
    """No limit, a number that was not told, a share of nothing: neither passed nor failed."""
    assert result(kind, item, *numbers) == (None, None, None)
    explained = explain_station_check(kind, item, CheckNumbers(*numbers), LIMITS)
    assert getattr(explained.value, "zh", None) == "不作判定"
    assert explained.source is None


@given(st.decimals("-5", "5", places=4), st.decimals("0.1", "5", places=3), st.sampled_from(ITEMS))
def test_verdicts_are_those_of_plain_fractions_and_explained_as_they_are(
    measured: object, standard: object, item: str
) -> None:
    """By an oracle that rounds on whole numbers."""
    limits = {"codmn": 1000, "nh3n": 200, "tn": 300, "tp": 20}
    one, other = Fraction(str(measured)), Fraction(str(standard))
    for kind, exact, unit, limit in (
        ("zero", one - other, 1000, limits[item]),
        ("span", (one / other - 1) * 100, 10, 100),
    ):
        twice, rest = divmod(exact * unit * 2, 1)
        whole = (twice + 1) // 2 if twice % 2 == 0 or rest else 2 * ((twice + 1) // 4)
        found = result(kind, item, str(measured), str(standard))
        assert found.passed is (abs(whole) <= limit)
        explained = explain_station_check(kind, item, CheckNumbers(str(measured), str(standard)), LIMITS)
        assert getattr(explained.value, "zh", None) == ("合格" if found.passed else "不合格")
        assert explained.exact == exact


def test_an_explanation_shows_the_numbers_the_figure_and_the_limits() -> None:
    """In both languages, with its source."""
    explained = explain_station_check("span", "nh3n", CheckNumbers("2.3", "2"), LIMITS)
    assert (explained.name.zh, explained.name.en) == ("氨氮跨度核查", "Ammonia nitrogen, span check")
    assert explained.rule.zh == "（测定值 − 标准值）÷ 标准值 × 100% = 15 %，修约为 15 %，允许 −10 ～ 10 %：不合格"
    assert (
        explained.rule.en == "measured less standard, of the standard is 15 %, rounded 15 %; −10 to 10 % pass: failed"
    )
    assert [(part.name.en, part.value, part.unit) for part in explained.parts] == [
        ("measured", 2.3, "mg/L"),
        ("standard", 2.0, "mg/L"),
    ]
    assert explained.source is not None
    assert explained.source.clause == "跨度核查"


def test_a_failure_reaches_back_to_a_good_check_of_the_last_week_or_24_hours() -> None:
    """Seven days to the second."""
    assert bad_since(NOW, NOW - 7 * DAY, LIMITS) == NOW - 7 * DAY
    assert bad_since(NOW, NOW - 7 * DAY - 1, LIMITS) == NOW - DAY
    assert bad_since(NOW, NOW - 4 * 3600, LIMITS) == NOW - 4 * 3600
    assert bad_since(NOW, None, LIMITS) == NOW - DAY


def test_the_limits_of_zero_are_the_drift_of_the_quality_tests() -> None:
    """Both were copied from one source, each on its own."""
    drifts = {entry.key: entry.negative for entry in thresholds.shipped().items}
    for item in ITEMS:
        found, drift = LIMITS.find("zero", item), drifts[item]
        assert found is not None
        assert drift is not None
        assert (Fraction(found[1].least), Fraction(found[1].largest)) == (
            -Fraction(str(drift.drift)),
            Fraction(str(drift.drift)),
        )
        assert catalogue.item(item).decimals <= found[0].decimals


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('items = ["tp"]', 'items = ["phosphorus"]'),
        ('least = "-0.02"', 'least = "0.03"'),
        ('least = "-0.02"', 'least = "little"'),
        ('evidence = "B"', 'evidence = "hearsay"'),
        ("hours = 24", "hours = 24\ndays = 1"),
    ],
)
def test_a_file_that_is_not_right_is_refused(old: str, new: str) -> None:
    """Unknown items and keys, numbers that are none, limits the wrong way round."""
    assert old in TEXT
    with pytest.raises((msgspec.ValidationError, LookupError, ValueError)):
        check_limits.read(TEXT.replace(old, new), "mine")
