"""Values in other units."""

from __future__ import annotations

import tomllib
from collections import Counter
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue, standards, units
from qingchuan.processing.air.reference_state import from_ppb, ppb_factor
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.units import UnitError, convert, gas_concentration, is_mole_fraction

TABLE = tomllib.loads(resources.files("qingchuan.processing").joinpath("units.toml").read_text(encoding="utf-8"))
NOW = standards.load("gb3095_2026", standards.AmbientAirLimits).state(date(2026, 3, 1))
THEN = standards.load("gb3095_2012", standards.AmbientAirLimits).state(date(2018, 8, 31))
ITEMS = {item.key: item for domain in catalogue.DOMAINS for item in catalogue.items(domain)}
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("text", "unit", "to", "expected"),
    [
        ("0.00011", "mg/L", "µg/L", "0.11"),
        ("0.11", "µg/L", "mg/L", "0.00011"),
        ("0.70", "mg/m³", "µg/m³", "700"),
        ("700", "µg/m³", "mg/m³", "0.700"),
        ("1200", "ng/m³", "µg/m³", "1.200"),
        ("0.25", "µg/L", "mg/L", "0.00025"),
        ("1.5", "mg/m³", "mg/L", "0.0015"),
        ("4.2e-3", "g/L", "mg/L", "4.2"),
        ("0.0125", "S/m", "µS/cm", "125"),
        ("1.2345", "mS/cm", "µS/cm", "1234.5"),
        ("35", "mS/m", "µS/cm", "350"),
        ("1.83", "m", "cm", "183"),
        ("0.0254", "m", "mm", "25.4"),
        ("1013.25", "hPa", "kPa", "101.325"),
        ("101325", "Pa", "kPa", "101.325"),
        ("0.412", "V", "mV", "412"),
        ("-0.05", "V", "mV", "-50"),
        ("0.642", "/", "%", "64.2"),
        ("2.4", "MPN/100mL", "个/L", "24"),
        ("3.1", "万个/L", "cells/L", "31000"),
        ("0.0125", "m³/s", "L/s", "12.5"),
        ("1", "ppm", "ppb", "1000"),
        ("0", "µg/L", "mg/L", "0.000"),
        ("0.00", "mg/L", "µg/L", "0"),
    ],
)
def test_a_power_of_ten_moves_the_point_and_changes_no_digit(text: str, unit: str, to: str, expected: str) -> None:
    """Exact, where floats lose a digit: 0.25 / 1000 of a float is not 0.00025 of a decimal."""
    assert convert(text, unit, to) == expected


@pytest.mark.parametrize(
    ("text", "unit", "to", "expected"),
    [
        ("295.30", "K", "℃", "22.15"),
        ("273", "K", "℃", "-0.15"),
        ("22.15", "℃", "K", "295.30"),
        ("68", "℉", "℃", "20"),
        ("32", "℉", "℃", "0"),
        ("68.5", "℉", "℃", "20.2777778"),
        ("31", "℉", "℃", "-0.555555556"),
        ("-40", "℃", "℉", "-40"),
        ("36", "km/h", "m/s", "10"),
        ("5", "km/h", "m/s", "1.38888889"),
        ("10", "kn", "m/s", "5.14444444"),
        ("100", "m³/h", "L/s", "27.7777778"),
        ("760", "mmHg", "kPa", "101.3250144354"),
        ("10", "ft", "m", "3.048"),
    ],
)
def test_other_conversions_are_exact_or_rounded_once(text: str, unit: str, to: str, expected: str) -> None:
    """Where a decimal has an end it is told whole; else with nine digits."""
    assert convert(text, unit, to) == expected


@pytest.mark.parametrize(
    "spelling",
    ["µg/m³", "μg/m³", "ug/m3", "ug/m^3", "UG/M3", "㎍/㎥", "µg m-3", "µg·m⁻³", "ug.m-3", "ｕｇ／ｍ３", "微克/立方米"],
)
def test_a_unit_has_many_spellings(spelling: str) -> None:
    """Micro is U+00B5 or U+03BC, and some keyboards have neither."""
    assert convert("35.0", spelling, "µg/m³") == "35.0"
    assert convert("35.0", spelling, "mg/m³") == "0.0350"


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        *[(unit, "mg/L") for unit in ("mg/L", "mg/l", "MG/L", "㎎/L", "㎎/ℓ", "毫克/升", "mg·L-1", "g/m3")],
        *[(unit, "℃") for unit in ("Cel", "°C", "ºC", "degC", "C", "摄氏度", "deg C")],
        *[(unit, "%") for unit in ("%RH", "%", "％", "/100")],
        *[(unit, "") for unit in ("pH", "PH", "[pH]", "无量纲", "")],
        *[(unit, "NTU") for unit in ("NTU", "ntu", "FNU", "度")],
        *[(unit, "µS/cm") for unit in ("uS/cm", "us/cm", "µS/cm", "μS/cm")],
        *[(unit, "dB(A)") for unit in ("dBA", "dB", "分贝", "db(a)")],
        *[(unit, "L/s") for unit in ("l/s", "升/秒")],
        *[(unit, "°") for unit in ("deg", "度")],
        *[(unit, "m³") for unit in ("m3", "立方米")],
    ],
)  # fmt: skip
def test_names_of_other_vocabularies_are_known(unit: str, to: str) -> None:
    """SenML, UCUM, Chinese, and what vendors write: the value stays as it is."""
    assert convert("7.10", unit, to) == "7.10"


def test_capitals_decide_where_a_quantity_has_both() -> None:
    """A millipascal is no megapascal; what could be either is refused."""
    assert convert("2", "MPa", "kPa") == "2000"
    assert convert("2", "mPa", "kPa") == "0.000002"
    with pytest.raises(UnitError, match="'mpa' is not known as a unit of pressure"):
        convert("2", "mpa", "kPa")


@pytest.mark.parametrize(
    ("unit", "to", "says"),
    [
        ("mg/L", "℃", "mg/L is a unit of mass concentration .质量浓度., not of temperature .温度.; ℃, K or ℉ would do"),
        ("ppb", "µg/m³", "ppb is a unit of mole fraction"),
        ("furlong", "m", "'furlong' is not known as a unit of length"),
        ("", "mg/L", "no unit is a unit of pH"),
        ("mg/L", "", "mg/L is a unit of mass concentration .*, not of pH .*; no unit would do"),
        ("mg/L", "furlong", "unit 'furlong' is not known"),
    ],
)  # fmt: skip
def test_a_unit_of_something_else_is_refused_with_those_that_would_do(unit: str, to: str, says: str) -> None:
    """And with the file that has them."""
    with pytest.raises(UnitError, match=says) as caught:
        convert("1", unit, to)
    assert "processing/units.toml" in str(caught.value)


@pytest.mark.parametrize("text", ["", "N/A", "NaN", "Infinity", "1_000", "٣", "1e99", "1e-9999", "1" * 101, "0x10"])
def test_what_is_no_usual_number_is_refused(text: str) -> None:
    """Nothing that arrives may cost memory or time."""
    with pytest.raises(UnitError, match="a number such as"):
        convert(text, "mg/L", "µg/L")


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS.keys())
def test_every_unit_of_the_catalogue_is_known(item: catalogue.Item) -> None:
    """Its own, and those that its codes have."""
    for code in item.codes:
        assert Fraction(convert("1", code.unit or item.unit, item.unit)) > 0
    assert units._quantity_of(item.unit).find(item.unit) is not None


@pytest.mark.parametrize("quantity", TABLE["quantities"], ids=lambda quantity: quantity["en"])
def test_no_spelling_stands_for_two_units_of_a_quantity(quantity: dict[str, list[dict[str, list[str]]]]) -> None:
    """Nor a name for two quantities: the first would win unseen."""
    owners = [
        {units._plain(spelling) for spelling in (unit["unit"], *unit.get("also", []))} for unit in quantity["units"]
    ]
    assert [spelling for spelling, count in Counter(s for owner in owners for s in owner).items() if count > 1] == []


def test_no_name_of_a_unit_stands_in_two_quantities() -> None:
    """Other spellings may: 度 is a degree of several things."""
    names = Counter(unit["unit"] for quantity in TABLE["quantities"] for unit in quantity["units"])
    assert [name for name, count in names.items() if count > 1] == []


@given(number=numbers, quantity=st.sampled_from(TABLE["quantities"]), data=st.data())
def test_a_conversion_is_the_exact_one_to_nine_digits(
    number: Decimal, quantity: dict[str, list[dict[str, str]]], data: st.DataObject
) -> None:
    """Against fractions of the table."""
    given_unit, wanted = (data.draw(st.sampled_from(quantity["units"])) for _ in range(2))
    base = (Fraction(number) + Fraction(given_unit.get("shift", "0"))) * _factor(given_unit)
    exact = base / _factor(wanted) - Fraction(wanted.get("shift", "0"))
    converted = Fraction(convert(str(number), given_unit["unit"], wanted["unit"]))
    assert abs(converted - exact) <= abs(exact) * Fraction(1, 2 * 10**8)
    if 10**100 % exact.denominator == 0:
        assert converted == exact


@given(number=numbers, unit=st.sampled_from(["mg/L", "µg/L", "ng/L", "g/L", "mg/m³", "µg/m³", "ng/m³"]))
def test_there_and_back_is_the_same_text(number: Decimal, unit: str) -> None:
    """Digits are kept, so that nothing is lost on the way."""
    text = format(number, "f")
    there = convert(text, unit, "mg/L")
    assert Decimal(convert(there, "mg/L", unit)) == number
    assert there.replace(".", "").strip("-").lstrip("0") == text.replace(".", "").strip("-").lstrip("0")


@given(st.text(max_size=20), st.text(max_size=12), st.text(max_size=12))
def test_nothing_that_is_written_does_harm(text: str, unit: str, to: str) -> None:
    """It is converted or refused."""
    with suppress(UnitError):
        assert isinstance(convert(text, unit, to), str)


def _factor(unit: dict[str, str]) -> Fraction:
    numerator, _, denominator = unit["factor"].partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")


@pytest.mark.parametrize(
    ("text", "unit", "item", "expected"),
    [
        ("100", "ppb", "o3", "196"),
        ("0.100", "ppm", "o3", "196"),
        ("100", "nmol/mol", "o3", "196"),
        ("10", "ppb", "so2", "26"),
        ("10.0", "ppb", "no2", "19"),
        ("1.0", "ppm", "co", "1.1"),
        ("0", "ppb", "o3", "0"),
        ("-0.1", "ppb", "o3", "0"),
        ("-3", "ppb", "o3", "-6"),
    ],
)
def test_a_mole_fraction_of_a_gas_becomes_a_concentration_of_the_state(
    text: str, unit: str, item: str, expected: str
) -> None:
    """Rounded once, to the official decimals; a small negative value is no "-0"."""
    assert gas_concentration(text, unit, item, NOW) == expected


def test_the_state_decides() -> None:
    """Until August 2018 gases were told for 273 K, so that the same air had 9 % more."""
    assert gas_concentration("100", "ppb", "o3", THEN) == "214"


@given(st.integers(0, 30000).map(lambda tenths: f"{tenths // 10}.{tenths % 10}"), st.sampled_from(["so2", "no2", "o3"]))
def test_one_value_comes_out_as_arrays_do(text: str, item: str) -> None:
    """The same data and the same rounding as `from_ppb`."""
    expected = int(from_ppb(float(text), item, NOW))
    if expected < MISSING - 1:
        assert int(gas_concentration(text, "ppb", item, NOW)) == expected


def test_a_tie_goes_to_the_even_neighbour() -> None:
    """By fractions: as many ppb as make exactly half a microgram do not exist as a decimal, but beside it they do."""
    half = Fraction(1, 2) / ppb_factor("o3", NOW)
    below, above = (format(Decimal(int(half * 10**25) + step).scaleb(-25), "f") for step in (0, 1))
    assert (gas_concentration(below, "ppb", "o3", NOW), gas_concentration(above, "ppb", "o3", NOW)) == ("0", "1")


def test_units_of_gases_are_told_apart() -> None:
    """What `convert` cannot do without the gas, and what is no gas."""
    assert [is_mole_fraction(unit) for unit in ("ppb", "ppmv", "µmol/mol", "mg/m³", "", "%")] == [True] * 3 + [
        False
    ] * 3
    with pytest.raises(UnitError, match="not of mole fraction"):
        gas_concentration("1", "µg/m³", "o3", NOW)
    with pytest.raises(LookupError, match="weights are known of"):
        gas_concentration("1", "ppb", "pm25", NOW)


def test_a_number_of_a_state_is_never_missing() -> None:
    """Missing values never get here: there is no text for them."""
    assert int(from_ppb(np.nan, "o3", NOW)) == MISSING
    with pytest.raises(UnitError):
        gas_concentration("nan", "ppb", "o3", NOW)
