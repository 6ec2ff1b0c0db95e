"""The parameter catalogue."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.scaled import LARGEST

FILE = tomllib.loads(resources.files("qingchuan.processing").joinpath("catalogue.toml").read_text(encoding="utf-8"))
CODES = [code["code"] for item in FILE["items"] for code in item.get("codes", ())]

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
    items = FILE["items"]
    assert len({item["key"] for item in items}) == len(items)
    items = [catalogue.item(item["key"]) for item in items]
    assert len({item.name_zh for item in items}) == len({item.name_en for item in items}) == len(items)
    assert all(item.name_zh and item.name_en and item.symbol for item in items)
    assert [item.key for item in items if not item.unit] == ["ph"]


def test_the_range_of_scaled_integers_is_wide_enough_for_the_air() -> None:
    """The largest breakpoints, 3840 µg/m³ and 150 mg/m³, fit with room."""
    assert all(4000 * 10**item.decimals <= LARGEST for item in catalogue.items("air"))


def test_what_standards_judge_is_what_it_was_before_there_were_other_items() -> None:
    """Weather and noise are no pollutants of an index, and outfalls have no class."""
    assert catalogue.told("hour") == ("so2", "no2", "pm10", "pm25", "co", "o3")
    assert catalogue.told("day") == ("so2", "no2", "pm10", "pm25", "co", "o3_8h")
    assert catalogue.told("instant") == tuple(item.key for item in catalogue.items("water"))
    assert len(catalogue.items("water")) == 35
    assert catalogue.told("minute") == catalogue.told("realtime") == ()


@pytest.mark.parametrize(
    ("domain", "wanted"),
    [
        ("air_other", {"tsp", "nox", "no"}),
        (
            "weather",
            {"air_temperature", "relative_humidity", "air_pressure", "wind_speed", "wind_direction", "rainfall"},
        ),
        (
            "voc",
            {"nmhc", "tvoc", "benzene", "toluene", "ethylbenzene", "xylene", "styrene", "h2s", "nh3", "pm25", "so2"},
        ),
        ("dust", {"tsp", "pm10", "pm25", "noise_leq", "noise_la"}),
        ("outfall", {"flow", "flow_volume", "water_level", "cod", "nh3n", "conductivity", "ph", "tp", "tn", "mercury"}),
        ("water_other", {"flow", "water_level", "suspended_solids", "toc", "nitrite", "tds", "algae_density"}),
        (
            "water_source",
            {"chloroform", "benzene_water", "formaldehyde", "benzo_a_pyrene", "microcystin_lr", "thallium"},
        ),
    ],
)
def test_each_domain_has_the_items_that_its_sites_measure(domain: catalogue.Domain, wanted: set[str]) -> None:
    """TSP, PM₁₀ and noise of building sites, the benzene series of parks, flow, COD and NH₃-N of outfalls."""
    assert wanted <= {item.key for item in catalogue.items(domain)}


def test_gb_3838_has_109_items() -> None:
    """24 in table 1, 5 in table 2, which are judged, and 80 in table 3 with a code of HJ 525 each."""
    judged = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    of_tables = {row.item for row in judged.table.rows} | {row.item for row in judged.sources.rows}
    further = {item.key for item in catalogue.items("water_source")}
    assert (len(of_tables), len(further), len(of_tables | further)) == (29, 80, 109)
    assert {item.unit for item in catalogue.items("water_source")} == {"mg/L"}
    assert all(any(code.code[0] == "w" for code in item.codes) for item in catalogue.items("water_source"))


def test_an_item_may_belong_to_several_domains_and_every_domain_has_items() -> None:
    """PM₁₀ is told by air stations and building sites; nobody's item is nowhere."""
    assert set(catalogue.item("pm10").domains) == {"air", "voc", "dust"}
    assert set(catalogue.item("cod").domains) == {"water", "outfall"}
    assert all(catalogue.items(domain) for domain in catalogue.DOMAINS)
    assert all(item["domains"] for item in FILE["items"])


def test_an_item_is_told_of_every_period_but_for_ozone_and_its_maximum() -> None:
    """A day has the maximum, and nothing else has."""
    usual = set(catalogue.PERIODS)
    unusual = {item["key"]: usual - set(item["periods"]) for item in FILE["items"] if "periods" in item}
    assert unusual == {"o3": {"day"}, "o3_8h": usual - {"day"}}


def test_items_of_several_domains_come_once_and_in_the_order_of_the_catalogue() -> None:
    """And of no domain, none."""
    both = catalogue.tellable("hour", ("dust", "air"))
    assert both == ("so2", "no2", "pm10", "pm25", "co", "o3", "tsp", "noise_leq", "noise_la")
    assert catalogue.tellable("hour", ()) == ()


def test_no_two_items_have_the_same_code() -> None:
    """In capitals or not."""
    assert len({code.casefold() for code in CODES}) == len(CODES)


@pytest.mark.parametrize("item", FILE["items"], ids=lambda item: str(item["key"]))
def test_every_code_resolves_to_its_item_and_a_unit(item: dict[str, Any]) -> None:
    """As it is written, and in the other case."""
    for code in item.get("codes", ()):
        for written in (code["code"], code["code"].upper(), code["code"].lower()):
            found = catalogue.by_code(written)
            assert found is not None
            assert (found[0].key, found[1]) == (item["key"], code.get("unit", item["unit"]))
            assert found[1] or item["key"] == "ph"


@pytest.mark.parametrize(
    ("code", "key", "unit"),
    [
        ("w20120", "lead", "µg/L"),
        ("w20144", "lead", "mg/L"),
        ("w20122", "copper", "mg/L"),
        ("w21003", "nh3n", "mg/L"),
        ("060", "nh3n", "mg/L"),
        ("w25002", "benzene_water", "mg/L"),
        ("w25043", "benzo_a_pyrene", "µg/L"),
        ("w20121", "nickel", "mg/L"),
        ("w00000", "flow", "L/s"),
        ("w00000-Cou", "flow_volume", "m³"),
        ("a21026", "so2", "mg/m³"),
        ("a34002", "pm10", "µg/m³"),
        ("a21001", "nh3", "mg/m³"),
        ("a25038", "styrene", "mg/m³"),
        ("a01006", "air_pressure", "kPa"),
        ("Leq", "noise_leq", "dB(A)"),
    ],
)
def test_codes_have_the_units_of_the_tables_or_of_practice(code: str, key: str, unit: str) -> None:
    """Ammonia is a21001, which public code takes for dust or sulphur dioxide."""
    entry, found = catalogue.by_code(code) or pytest.fail(f"{code} is not known")
    assert (entry.key, found) == (key, unit)


@pytest.mark.parametrize("code", ["", "w", "w99999", "w01008", "-Cou", "tp"])
def test_a_code_that_no_item_has_is_nothing(code: str) -> None:
    """Neither is a key of ours."""
    assert catalogue.by_code(code) is None


def test_an_unknown_item_is_refused_with_those_that_are_known() -> None:
    """The message names the file to look in."""
    with pytest.raises(catalogue.UnknownItem, match=r"the item has the key 'pm2\.5'; known are so2, .*catalogue\.toml"):
        catalogue.item("pm2.5")
