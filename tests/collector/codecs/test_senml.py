"""Packs of SenML, as RFC 8428 has them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import cbor2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.codecs.as_sent import text_of_single
from qingchuan.collector.codecs.senml import decode, decode_cbor, split
from qingchuan.collector.codecs.senml_records import LABELS, Record, of_cbor, of_json
from qingchuan.collector.codecs.senml_resolving import resolve
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.refusal import RefusedError

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "senml"
SENSOR = "urn:dev:ow:10e2073a01080063"
NOW = 1_772_323_200
RECEIVED = NOW * 1_000_000 + 250_000

PUBLISHED_NOW = {"ex1": 1498780179, "ex2": 1498780179, "ex7": 1499109309, "ex9": 1498780179}
RESOLVED = ["ex1", "ex2", "ex3", "ex4", "ex5", "ex6", "ex7", "ex8", "ex9", "ex10", "ex11", "ex12"]
NUMBERS = {label: number for number, label in LABELS.items()}


def _published(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "senml-rfc8428" / f"{name}.gen.resolved.json").read_text()
    published: list[dict[str, Any]] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return published


def _pack(*records: dict[str, Any]) -> bytes:
    return json.dumps(records).encode()


def _cbor(records: list[Record]) -> bytes:
    """The records as CBOR has them; whole numbers stay whole, as encoders write them."""
    return cbor2.dumps([{NUMBERS.get(label, label): _plain(value) for label, value in r.items()} for r in records])


def _plain(value: object) -> object:
    if not isinstance(value, Decimal):
        return value
    return float(value) if value % 1 else int(value)


def _told(*records: dict[str, Any], received: int = RECEIVED) -> list[Told]:
    content = decode(_pack(*records), "", received)
    assert content.refused == []
    return content.told


def _refused(*records: dict[str, Any] | bytes) -> list[tuple[str, str]]:
    raw = records[0] if isinstance(records[0], bytes) else _pack(*records)  # type: ignore[arg-type] # all are of one kind
    return [(value.item, value.reason) for value in decode(raw, "", RECEIVED).refused]


def _refusal(payload: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        decode(payload, "", RECEIVED)
    return caught.value


@pytest.mark.parametrize("name", RESOLVED)
@pytest.mark.parametrize("form", ["json", "gen.json"])
def test_every_example_of_the_rfc_is_resolved_as_it_is_published(reference_data: Path, name: str, form: str) -> None:
    """As written in the text, and as generated; the published resolution of the seventh leaves its data value out."""
    records = of_json((reference_data / "senml-rfc8428" / f"{name}.{form}").read_bytes())
    resolved = resolve(records, PUBLISHED_NOW.get(name, 0))
    if name == "ex7":
        data = {"n": f"{SENSOR}:nfv-reader", "t": Decimal(PUBLISHED_NOW["ex7"]), "vd": "aGkgCg"}
        assert resolved.pop() == data
    assert resolved == _published(reference_data, name)


@pytest.mark.parametrize("name", ["ex3", "ex5"])
def test_the_published_cbor_is_resolved_as_the_json(reference_data: Path, name: str) -> None:
    """Floats of half and double precision, and labels that are numbers."""
    payload = (reference_data / "senml-rfc8428" / f"{name}.gen.cbor").read_bytes()
    assert resolve(of_cbor(payload), 0) == _published(reference_data, name)


@pytest.mark.parametrize("name", [*RESOLVED, "ex13"])
def test_every_example_says_the_same_in_cbor(reference_data: Path, name: str) -> None:
    """Whatever the encoding, the same is resolved, and told."""
    payload = (reference_data / "senml-rfc8428" / f"{name}.json").read_bytes()
    records = of_json(payload)
    assert resolve(of_cbor(_cbor(records)), NOW) == resolve(records, NOW)
    assert _texts(decode_cbor(_cbor(records), "", RECEIVED)) == _texts(decode(payload, "", RECEIVED))


def _texts(content: Content) -> list[tuple[str, int, dict[str, Decimal]]]:
    return [(told.sender, told.time, {c: Decimal(v.text) for c, v in told.values.items()}) for told in content.told]


def test_the_example_is_decoded() -> None:
    """Digits stay, sums are exact, and what is no number costs only itself."""
    values = {
        "temperature": Value("11.3", "Cel"),
        "ph": Value("7.10", "pH"),
        "do": Value("11.06", "mg/l"),
        "conductivity": Value("0.0412", "S/m"),
        "nh3n": Value("0.040", "mg/l"),
        "water_level": Value("11.83", "m"),
    }
    content = decode((EXAMPLES / "section.json").read_bytes(), "sensors/7/senml", RECEIVED)
    assert content.told == [Told(SENSOR, NOW, values)]
    assert [(value.item, value.code) for value in content.refused] == [("door", "wrong-value")]


def test_the_example_in_cbor_tells_the_same() -> None:
    """But for zeros at the end of a number, which binary floats do not have; a decimal fraction (tag 4) has them."""
    by_json, by_cbor = (
        decode((EXAMPLES / "section.json").read_bytes(), "", RECEIVED),
        decode_cbor((EXAMPLES / "section.cbor").read_bytes(), "", RECEIVED),
    )
    assert _texts(by_cbor) == _texts(by_json)
    assert by_cbor.told[0].values["ph"].text == "7.10"
    assert by_cbor.told[0].values["temperature"].text == "11.3"


def test_a_pack_tells_of_several_moments_and_senders() -> None:
    """Each of them is one thing that is told."""
    records = [
        {"bn": "a/", "bt": NOW, "n": "x", "v": 1},
        {"n": "y", "v": 2},
        {"n": "x", "t": 60, "v": 3},
        {"bn": "b/", "n": "x", "v": 4},
    ]
    assert _told(*records) == [
        Told("a", NOW, {"x": Value("1"), "y": Value("2")}),
        Told("a", NOW + 60, {"x": Value("3")}),
        Told("b", NOW, {"x": Value("4")}),
    ]


@pytest.mark.parametrize(
    ("base", "time", "expected"),
    [
        (None, None, NOW),
        (0, -5, NOW - 5),
        (None, -0.5, NOW - 1),
        (None, 2**28 - 1, NOW + 2**28 - 1),
        (None, 2**28, 2**28),
        (2**28 - 10, 10, 2**28),
        (2**28, -1, NOW + 2**28 - 1),
        (1276020076.001, -5, 1276020071),
    ],
)
def test_small_times_are_relative_to_the_receipt(base: float | None, time: float | None, expected: int) -> None:
    """Smaller than 2**28 after the base time was added; a moment lies in a whole second."""
    record: dict[str, Any] = {"n": "a/x", "v": 1}
    record |= {} if base is None else {"bt": base}
    record |= {} if time is None else {"t": time}
    assert [told.time for told in _told(record)] == [expected]


@given(
    base=st.decimals(allow_nan=False, allow_infinity=False, places=7, min_value=-(10**9), max_value=10**9),
    value=st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
)
def test_base_values_are_added_exactly(base: Decimal, value: Decimal) -> None:
    """0.1 + 0.2 is 0.3, digit for digit."""
    payload = f'[{{"n": "a/x", "bv": {format(base, "f")}, "v": {format(value, "f")}}}]'.encode()
    [told] = decode(payload, "", RECEIVED).told
    assert told.values["x"].text == format(base + value, "f")


def test_a_base_value_alone_is_the_value() -> None:
    """What is missing counts as zero; a record of base values only tells nothing."""
    assert [told.values for told in _told({"bv": 20.5, "bn": "a/"}, {"n": "x"})] == [{"x": Value("20.5")}]


def test_the_unit_of_a_record_wins_over_the_base_unit() -> None:
    """And "%" is a ratio in SenML, whatever it looks like."""
    [told] = _told(
        {"bn": "a/", "bu": "Cel", "n": "x", "v": 1}, {"n": "y", "u": "K", "v": 2}, {"n": "z", "u": "%", "v": 0.5}
    )
    assert [value.unit for value in told.values.values()] == ["Cel", "K", "/"]


@pytest.mark.parametrize(
    ("name", "sender", "item"),
    [
        (f"{SENSOR}:air_temperature", SENSOR, "air_temperature"),
        (f"{SENSOR}_humidity", SENSOR, "humidity"),
        (f"{SENSOR}/pm2.5", SENSOR, "pm2.5"),
        (SENSOR, SENSOR, ""),
        ("urn:dev:mac:0024befffe804ff1_a_b", "urn:dev:mac:0024befffe804ff1", "a_b"),
        ("2001:db8::2/temperature", "2001:db8::2", "temperature"),
        ("ningbo/west/1235A:pm25", "ningbo/west/1235A", "pm25"),
        ("1235A/air_temperature", "1235A", "air_temperature"),
        ("1235A_pm25", "1235A", "pm25"),
        ("1235A", "1235A", ""),
    ],
)
def test_a_name_is_split_into_sender_and_item(name: str, sender: str, item: str) -> None:
    """By the forms of names that RFC 8428 and RFC 9039 show."""
    assert split(name) == (sender, item)


def test_the_id_of_a_device_that_has_an_entry_is_the_sender() -> None:
    """The longest that the name begins with, up to a separator."""
    known = {"ningbo", "ningbo/west", "ningbo/we"}
    assert split("ningbo/west/1/ph", known) == ("ningbo/west", "1/ph")
    assert split("ningbo_water_depth", known) == ("ningbo", "water_depth")
    assert split("ningbo/west", known) == ("ningbo/west", "")
    assert split("ningboX/ph", known) == ("ningboX", "ph")
    pack = _pack({"n": "ningbo_water_depth", "t": NOW, "v": 1})
    assert decode(pack, "", RECEIVED, known).told == [Told("ningbo", NOW, {"water_depth": Value("1")})]


def test_where_the_name_has_no_item_the_unit_names_it() -> None:
    """As in the fifth example of the RFC: humidity, longitude and latitude have one name."""
    [told] = _told({"bn": SENSOR, "bu": "%RH", "v": 20.0}, {"u": "lon", "v": 24.5}, {"bu": "", "v": 1})
    assert told.values == {"%RH": Value("20.0", "%RH"), "lon": Value("24.5", "lon"), "value": Value("1")}


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"n": "a/x", "vs": "Machine Room"}, "x is a text; only numbers"),
        ({"n": "a/x", "vb": False}, "x is true or false"),
        ({"n": "a/x", "vd": "aGkgCg"}, "x is data"),
        ({"n": "a/x", "s": 12.5}, "x is a sum over time"),
        ({"n": "a/x", "v": "12"}, "v is 12; it is a finite number"),
        ({"n": "a/x", "v": True}, "v is True"),
        ({"n": "a/x", "v": {}}, "v is {}"),
        ({"n": "a/x", "v": float("nan")}, "v is NaN"),
        ({"n": "a/x", "v": float("inf")}, "v is Infinity"),
        ({"n": "a/x", "v": 10**50}, "0000000000; it is a finite number of at most 40 characters"),
        ({"n": "a/x", "v": 1, "vs": "1"}, "the record has v and vs; it has one of v, vs, vb, vd, or a sum"),
        ({"n": "a/x", "u": "Cel"}, "the record has no value"),
        ({"n": "a/x", "u": 5, "v": 1}, "u is 5; it is a text"),
        ({"n": "a/x", "t": "now", "v": 1}, "t is now; it is a finite number"),
        ({"n": "a/x", "t": 1e29, "v": 1}, "its time is 100000000000000000000000000000"),
        ({"n": "a/x", "t": -1e10, "v": 1}, "times lie between 1970 and 9999"),
        ({"n": "a/水温", "v": 1}, r"its name is 'a/\u6c34\u6e29'; a name has letters, digits"),
        ({"n": "/x", "v": 1}, "its name is '/x'"),
        ({"v": 1}, "its name is ''"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_taken_costs_only_itself(record: dict[str, Any], says: str) -> None:
    """The rest of its pack is taken, and the reason says what would do."""
    content = decode(_pack(record, {"n": "a/y", "t": NOW, "v": 1}), "", RECEIVED)
    assert [told.values for told in content.told] == [{"y": Value("1")}]
    [refused] = content.refused
    assert says in refused.reason
    assert refused.item in ("x", "水温", "/x", "")


def test_what_is_told_twice_of_a_second_is_refused_unless_it_is_the_same() -> None:
    """Times are whole seconds."""
    records = [{"bn": "a/", "bt": NOW, "n": "x", "v": 1}, {"n": "x", "t": 0.5, "v": 1}, {"n": "x", "t": 0.9, "v": 2}]
    assert [told.values for told in decode(_pack(*records), "", RECEIVED).told] == [{"x": Value("1")}]
    assert _refused(*records) == [("x", "x is told twice of one second, and differently; once would do")]


@pytest.mark.parametrize(
    ("payload", "code", "says"),
    [
        (_pack({"n": "a/x", "v": 1, "extra_": 1}), "wrong-shape", "the field 'extra_', which must be understood"),
        (_pack({"n": "a/x", "v": 1}, {"n": "a/y", "v": 1, "b_": 1}), "wrong-shape", "the field 'b_'"),
        (_pack({"bver": 11, "n": "a/x", "v": 1}), "wrong-shape", "bver is 11; versions up to 10"),
        (_pack({"bver": 0, "n": "a/x", "v": 1}), "wrong-shape", "bver is 0; it is a whole number from 1 on"),
        (_pack({"bver": 9.5, "n": "a/x", "v": 1}), "wrong-shape", "bver is 9.5"),
        (_pack({"bver": 10, "n": "a/x", "v": 1}, {"bver": 9}), "wrong-shape", "the same in all of a pack"),
        (_pack({"bver": "10", "n": "a/x", "v": 1}), "wrong-value", "bver is 10; it is a finite number"),
        (_pack({"bn": 7, "n": "a/x", "v": 1}), "wrong-shape", "bn is 7; it is a text"),
        (_pack({"bt": "x", "n": "a/x", "v": 1}), "wrong-value", "bt is x"),
        (b'{"n": "a/x", "v": 1}', "wrong-shape", "Expected `array`, got `object`"),
        (b"[1]", "wrong-shape", "Expected `object`, got `int`"),
        (b"", "not-json", "is not JSON"),
        (b"\xff", "not-json", "is not JSON"),
        (b'[{"n": "a/x", "u": "\xa1\xe6", "v": 1}]', "not-json", "is not JSON"),
        (b'[{"x":' + b"[" * 100_000, "not-json", "is not JSON"),
        (b"[" * 100_000, "wrong-shape", "Expected `object`"),
    ],
)
def test_a_pack_that_must_not_be_used_is_refused_whole(payload: bytes, code: str, says: str) -> None:
    """Of a newer version, with a field that has to be understood, or with base values that are none."""
    refusal = _refusal(payload)
    assert (refusal.code, says in refusal.reason) == (code, True)


def test_fields_that_are_not_known_are_passed_over() -> None:
    """Also new base fields, unless they end in an underscore; an older version is understood."""
    [told] = _told({"bver": 5, "bx": 1, "n": "a/x", "v": 1, "l": [{"href": "x"}], "ut": 10})
    assert told.values == {"x": Value("1")}


def test_nothing_in_a_pack_tells_nothing() -> None:
    """It is no fault."""
    assert decode(b"[]", "", RECEIVED) == decode_cbor(b"\x80", "", RECEIVED) == Content()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("f93e00", "1.5"),
        ("f94dc6", "23.09375"),
        ("fa41b8cccd", "23.1"),
        ("fa3dcccccd", "0.1"),
        ("fb3fb999999999999a", "0.1"),
        ("fb41d3039b6b004189", "1276013996.004"),
        ("1903e8", "1000"),
        ("3903e7", "-1000"),
        ("c24a00000000000000000001", "1"),
        ("c48221196ab3", "273.15"),
        ("c4822219019a", "0.410"),
        ("c4822100", "0.00"),
        ("c482201a000f4240", "100000.0"),
        ("c48222" + cbor2.dumps(10**30 + 1).hex(), "1000000000000000000000000000.001"),
    ],
)
def test_numbers_of_cbor_have_the_text_that_was_meant(value: str, text: str) -> None:
    """A float of single precision has the shortest text of a single; a decimal fraction is kept digit for digit."""
    payload = bytes.fromhex("81a30063612f7802" + value + "061a69a38080")
    assert [told.values["x"].text for told in decode_cbor(payload, "", RECEIVED).told] == [text]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("", "not-cbor"),
        ("9b7fffffffffffffff", "not-cbor"),
        ("81" * 1000, "not-cbor"),
        ("61ff", "wrong-shape"),
        ("a0", "wrong-shape"),
        ("8101", "wrong-shape"),
        ("81a18001", "wrong-shape"),
        ("81a1f501", "wrong-shape"),
        (cbor2.dumps([{10**5000: 1}]).hex(), "wrong-shape"),
        (cbor2.dumps([{(10**5000,): 1}]).hex(), "wrong-shape"),
        ("d81c81d81d00", "wrong-shape"),
    ],
)
def test_what_is_no_pack_in_cbor_is_refused(payload: str, code: str) -> None:
    """Truncated, too deep, of other shape, or referring to itself."""
    with pytest.raises(RefusedError) as caught:
        decode_cbor(bytes.fromhex(payload), "", RECEIVED)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "value",
    [
        *["f97e00", "f97c00", "f6", "f7", "e0", "a0", "80", "d823613f", "d81e820103", "c5821903e801"],
        *["c11a69a38080", "c11b7fffffffffffffff", "c4821b7fffffffffffffff01", "c482216161", "d8640a", "d9ffff01"],
        *["c25840" + "ff" * 64, "fb7e37e43c8800759c"],
    ],
)
def test_a_value_of_cbor_that_is_no_usable_number_costs_only_itself(value: str) -> None:
    """NaN, null, regular expressions, fractions, dates, numbers of many digits, tags that nobody knows."""
    payload = bytes.fromhex("82a30063612f7802" + value + "061a69a38080" + "a30063612f790201061a69a38080")
    content = decode_cbor(payload, "", RECEIVED)
    assert content.told[-1].values["y"] == Value("1")
    assert [refused.item for refused in content.refused] == ["x"]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_single_comes_back_from_its_text(value: float) -> None:
    """The text stands for no other float of single precision."""
    assert np.float32(text_of_single(value)) == np.float32(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(st.sampled_from([*NUMBERS, "x", "y_"]), json_values | st.floats(-1e12, 1e12), max_size=6)


@given(st.lists(records | json_values, max_size=5), st.integers(0, 2**60))
def test_no_json_does_harm(told: list[Any], received: int) -> None:
    """It is taken or refused, and what is taken has a date and plain numbers."""
    _harmless(json.dumps(told).encode("utf-8", "surrogatepass"), received)


@given(st.binary(max_size=60), st.integers(0, 2**60))
def test_no_bytes_do_harm(payload: bytes, received: int) -> None:
    """Whatever they are."""
    _harmless(payload, received)
    _harmless(b"\x81" + payload, received)


cbor_values = json_values | st.binary(max_size=9) | st.decimals()
cbor_records = st.dictionaries(st.integers(-8, 10) | st.text(max_size=3), cbor_values, max_size=6)


@given(st.lists(cbor_records, max_size=5))
def test_no_cbor_does_harm(told: list[Any]) -> None:
    """Nor values that JSON does not have."""
    _harmless(cbor2.dumps(told), RECEIVED)


def _harmless(payload: bytes, received: int) -> None:
    for function in (decode, decode_cbor):
        try:
            content = function(payload, "any/topic", received)
        except RefusedError as refused:
            refused.reason.encode()
            continue
        for told in content.told:
            assert 0 <= told.time < 2**38
            assert all(Decimal(value.text).is_finite() for value in told.values.values())


def test_cbor_may_say_of_itself_that_it_is_cbor() -> None:
    """Tag 55799 changes nothing (RFC 8949, 3.4.6)."""
    pack = cbor2.dumps([{-2: SENSOR, 0: ":ph", 2: 7.5, 6: NOW}])
    assert decode_cbor(cbor2.dumps(cbor2.CBORTag(55799, cbor2.loads(pack))), "", RECEIVED) == decode_cbor(
        pack, "", RECEIVED
    )


@pytest.mark.parametrize("half", ["\\ud83d", "\\uDE00", "\\ud83dx", "\\ud83d\\n"])
def test_half_a_pair_of_surrogates_costs_its_record_only(half: str) -> None:
    """A logger cuts names by their number of bytes; a whole pair, and a backslash before "ud83d", are none."""
    first = f'{{"bn": "{SENSOR}:", "bt": {NOW}, "n": "ph", "v": 7.5}}'
    told = decode(f'[{first}, {{"n": "a{half}", "v": 1}}, {{"n": "tp", "v": 2}}]'.encode(), "", RECEIVED)
    assert sorted(told.told[0].values) == ["ph", "tp"]
    assert len(told.refused) == 1
    texts = decode(f'[{first}, {{"n": "b", "vs": "{half}"}}, {{"n": "tp", "v": 2}}]'.encode(), "", RECEIVED)
    assert (sorted(texts.told[0].values), len(texts.refused)) == (["ph", "tp"], 1)


def test_half_a_pair_of_surrogates_costs_its_record_only_in_cbor_too() -> None:
    """Its bytes are no UTF-8."""
    pack = cbor2.dumps([{-2: SENSOR, 0: ":ph", 2: 7.5, 6: NOW}, {0: ":xyz", 3: "note"}, {0: ":tp", 2: 2, 6: NOW}])
    content = decode_cbor(pack.replace(b"xyz", b"\xed\xa0\x80"), "", RECEIVED)
    assert sorted(content.told[0].values) == ["ph", "tp"]
    assert len(content.refused) == 1


def test_a_whole_pair_of_surrogates_stays_as_it_is() -> None:
    """So does a backslash that is only followed by such letters."""
    records = of_json(rb'[{"n": "a", "vs": "\ud83d\ude00 \\ud83d"}]')
    assert records == [{"n": "a", "vs": "\U0001f600 \\ud83d"}]
