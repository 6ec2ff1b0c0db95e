"""The parameter catalogue."""

from __future__ import annotations

import pytest

from qingchuan.processing import catalogue
from qingchuan.processing.scaled import LARGEST

# Hourly decimals of 总站水字〔2020〕90号, and how they show in cells of the national release platform.
WATER_DECIMALS = {
    "temperature": 1,
    "ph": 2,
    "do": 2,
    "conductivity": 1,
    "turbidity": 1,
    "codmn": 2,
    "nh3n": 3,
    "tp": 3,
    "tn": 2,
    "cod": 2,
    "copper": 4,
    "mercury": 6,
    "cadmium": 5,
    "volatile_phenol": 5,
    "faecal_coliforms": 0,
    "transparency": 0,
}


def test_the_air_has_six_pollutants_and_the_daily_maximum_of_ozone() -> None:
    """Carbon monoxide alone is in mg/m³ with one decimal."""
    air = {item.key: (item.unit, item.decimals) for item in catalogue.items("air")}
    assert set(air) == {"so2", "no2", "pm10", "pm25", "co", "o3", "o3_8h"}
    assert air.pop("co") == ("mg/m³", 1)
    assert set(air.values()) == {("µg/m³", 0)}


@pytest.mark.parametrize(("key", "decimals"), WATER_DECIMALS.items())
def test_water_has_the_official_hourly_decimals(key: str, decimals: int) -> None:
    """Each parameter as the rounding rules list it."""
    assert catalogue.item(key).decimals == decimals


def test_the_five_parameters_come_hourly_and_analysers_every_four_hours() -> None:
    """The cycles decide how long a value may be carried."""
    hourly = {item.key for item in catalogue.items("water") if item.cycle_hours == 1}
    assert hourly == {"temperature", "ph", "do", "conductivity", "turbidity"}
    assert {item.cycle_hours for item in catalogue.items("water")} == {1, 4}


def test_only_temperature_and_the_redox_potential_may_be_negative() -> None:
    """A negative value of any other item counts as missing."""
    signed = {item.key for item in catalogue.items("air") + catalogue.items("water") if item.signed}
    assert signed == {"temperature", "orp"}


def test_every_item_has_names_and_keys_are_unique() -> None:
    """Nothing a person sees is empty; pH alone has no unit."""
    items = catalogue.items("air") + catalogue.items("water")
    assert len({item.key for item in items}) == len(items)
    assert all(item.name_zh and item.name_en and item.symbol for item in items)
    assert [item.key for item in items if not item.unit] == ["ph"]


def test_the_range_of_scaled_integers_is_wide_enough_for_the_air() -> None:
    """The largest breakpoints, 3840 µg/m³ and 150 mg/m³, fit with room."""
    assert all(4000 * 10**item.decimals <= LARGEST for item in catalogue.items("air"))


def test_an_unknown_item_is_refused_with_those_that_are_known() -> None:
    """The message names the file to look in."""
    with pytest.raises(catalogue.UnknownItem, match=r"the item has the key 'pm2\.5'; known are so2, .*catalogue\.toml"):
        catalogue.item("pm2.5")
