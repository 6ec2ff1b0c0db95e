"""The thresholds that ship: complete, in keeping with the catalogue, and read strictly."""

from __future__ import annotations

from importlib import resources

import msgspec
import pytest

from qingchuan.processing import catalogue
from qingchuan.processing.quality import thresholds
from qingchuan.processing.quality.codes import QualityTest

SHIPPED = thresholds.shipped()
TEXT = resources.files("qingchuan.processing.quality").joinpath("thresholds.toml").read_text(encoding="utf-8")
HOURLY_AIR = [entry.key for entry in catalogue.items("air") if "hour" in entry.periods]


def test_every_hourly_item_of_the_air_and_every_automatic_one_of_the_water_has_thresholds() -> None:
    """And none has two entries."""
    keys = [entry.key for entry in SHIPPED.items]
    assert len(keys) == len(set(keys))
    assert set(HOURLY_AIR) <= set(keys)
    assert {"temperature", "ph", "do", "conductivity", "turbidity", "codmn", "nh3n", "tp", "tn"} <= set(keys)


@pytest.mark.parametrize("key", HOURLY_AIR)
def test_every_item_of_the_air_is_tested_for_negative_values_and_against_its_neighbours(key: str) -> None:
    """The drift of zero is 2 µg/m³, of CO 0.3 mg/m³."""
    entry = SHIPPED.of(key)
    assert entry.negative is not None
    assert entry.negative.drift == (0.3 if catalogue.item(key).unit == "mg/m³" else 2)
    assert entry.network is not None
    assert entry.network.threshold == 3.5


def test_the_rules_of_the_vendor_are_as_they_were_read() -> None:
    """Three further periods, seven days, twice the mean, a pH of 0 not valid, NH3-N not above TN."""
    rules = [(entry.key, rule) for entry in SHIPPED.items for rule in entry.rules() if rule.evidence == "vendor"]
    assert {rule.further for _, rule in rules if isinstance(rule, thresholds.Constant)} == {3}
    assert {(rule.days, rule.factor) for _, rule in rules if isinstance(rule, thresholds.OutlierLarge)} == {(7, 2)}
    assert [(key, rule.flag) for key, rule in rules if isinstance(rule, thresholds.Zero)] == [("ph", "bad")]
    assert [(pair.part, pair.whole) for pair in SHIPPED.logic] == [("pm25", "pm10"), ("nh3n", "tn")]


def test_the_drift_of_analysers_is_the_limit_of_their_zero_check() -> None:
    """CODMn 1.0, NH3-N 0.2, TN 0.3, TP 0.02 mg/L, as the same vendor's stations have them."""
    negatives = {entry.key: entry.negative for entry in SHIPPED.items}
    drifts = {key: rule.drift for key, rule in negatives.items() if rule and rule.evidence == "zero_check"}
    assert drifts == {"codmn": 1.0, "nh3n": 0.2, "tp": 0.02, "tn": 0.3}


def test_a_history_is_half_a_week_of_the_cycle_of_the_item() -> None:
    """84 hours, or 21 values of 4 hours."""
    for entry in SHIPPED.items:
        if entry.outlier_large is not None:
            assert entry.outlier_large.at_least * catalogue.item(entry.key).cycle_hours == 7 * 24 / 2


def test_every_number_says_what_it_rests_on_and_nothing_is_said_for_none() -> None:
    """Each key of the evidence is used."""
    rules = [rule for entry in SHIPPED.items for rule in entry.rules()] + list(SHIPPED.logic)
    assert {rule.evidence for rule in rules} == set(SHIPPED.evidence)
    assert all([SHIPPED.title.zh, SHIPPED.title.en, SHIPPED.source, SHIPPED.typed_by, SHIPPED.checked_by])


def test_thresholds_of_an_item_bear_the_names_of_their_tests() -> None:
    """An explanation finds them by it."""
    fields = set(thresholds.ItemThresholds.__struct_fields__) - {"key"}
    assert fields == {test.name.lower() for test in QualityTest} - {"none", "gap", "incoming", "logic"}


def test_an_item_without_an_entry_has_no_thresholds() -> None:
    """Nothing is made up for it."""
    assert SHIPPED.of("o3_8h").rules() == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('key = "so2"', 'key = "so3"', "the item has the key 'so3'; known are"),
        ('evidence = "iglewicz" }', 'evidence = "hearsay" }', "the evidence has the key 'hearsay'; known are"),
        ("suspect = [-20, 1000]", "suspect = [-21, 1000]", "so2 has the suspect range"),
        ("suspect = [-20, 1000]", "suspect = [-20, 10001]", "so2 has the suspect range"),
        ("suspect = [-20, 1000]", "suspect = [5, 4]", "so2 has the suspect range"),
        ("drift = 2", "drift = -2", "drift has the value -2.0; a threshold is 0 or more"),
        ("drift = 2", "drift = nan", "drift has the value nan"),
        ("suspect = 70", "suspect = 70, fail = 69", "fail has the value 69.0; it is 70.0 or more"),
        ("suspect_hours = 12, fail_hours = 24", "suspect_hours = 12, fail_hours = 11", "fail_hours has the value 11.0"),
        ("drift = 2", "drifts = 2", "Object contains unknown field `drifts`"),
        ('method = "differential"', 'method = "mean"', "Invalid enum value 'mean'"),
        ('whole = "pm10"', 'whole = "co"', "pm25 has another unit than co"),
        ("threshold = 3.5, at_least = 3", "threshold = 3.5, at_least = 0", "Expected `int` >= 1 - at .*at_least"),
        ("least_spread = 15", "least_spread = 0", "Expected `float` > 0.0 - at .*least_spread"),
        ("further = 3", "further = 0", "Expected `int` >= 1 - at .*further"),
        ("present = 75", "present = 101", "Expected `int` <= 100 - at .*present"),
    ],
)
def test_what_has_no_sense_is_refused_with_the_reason(old: str, new: str, message: str) -> None:
    """A bureau's own file is read as strictly as the one that ships."""
    assert old in TEXT
    with pytest.raises(msgspec.ValidationError, match=message):
        thresholds.read(TEXT.replace(old, new), "theirs")


def test_a_file_of_another_name_says_so() -> None:
    """So that an explanation names the thresholds that were used."""
    assert thresholds.read(TEXT, "ningbo").name == "ningbo"
    assert thresholds.read(TEXT, SHIPPED.name) == SHIPPED
