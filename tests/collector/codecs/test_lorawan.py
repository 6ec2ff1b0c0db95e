"""Uplinks of The Things Stack v3 and ChirpStack v4."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.codecs.lorawan import decode
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.refusal import RefusedError
from qingchuan.processing.periods import parse_instant

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "lorawan"
UP = "v3/ningbo-rivers@tenant1/devices/weir-3/up"
EVENT = "application/17c82e96-be03-4f38-aef3-f83d48582d97/device/0101010101010101/event"
MIDNIGHT = parse_instant("2026-03-01T00:00:00Z")


def _things_stack(decoded: str | None = None, **fields: object) -> bytes:
    """An uplink; `decoded` is JSON."""
    uplink = {"received_at": "2026-03-01T00:00:00.789585559Z", "frm_payload": "gkHe"}
    message = {"end_device_ids": {"dev_eui": "0004A30B001C0530"}, "uplink_message": uplink} | fields
    text = json.dumps(message)
    return text.replace(
        '"frm_payload"', f'"decoded_payload": {decoded}, "frm_payload"' if decoded else '"frm_payload"'
    ).encode()


def _chirpstack(**fields: object) -> bytes:
    event = {"deviceInfo": {"devEui": "0101010101010101"}, "time": "2026-03-01T00:00:00+00:00", "data": "qg=="}
    return json.dumps(event | fields).encode()


def _refusal(payload: bytes, topic: str = UP) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        decode(payload, topic, 0)
    return caught.value


def _values(decoded: str) -> dict[str, Value]:
    content = decode(_things_stack(decoded), UP, 0)
    assert content.refused == []
    [told] = content.told
    return told.values


def test_the_example_of_the_things_stack_is_decoded() -> None:
    """Nested values have the way to them as their code; the time is the server's, not that of a gateway in 1980."""
    content = decode((EXAMPLES / "things-stack-up.json").read_bytes(), UP, 0)
    values = {
        "water.level": Value("1.830"),
        "water.temperature": Value("11.3", "°C"),
        "water.conductivity.0": Value("412"),
        "water.conductivity.1": Value("413"),
        "battery": Value("3.61"),
    }
    assert content.told == [Told("0004a30b001c0530", MIDNIGHT, values)]
    assert [(value.item, value.reason) for value in content.refused] == [
        ("alarm", "alarm is false; only numbers are taken, of up to 40 characters")
    ]


def test_the_example_of_chirpstack_is_decoded() -> None:
    """Channels of Cayenne LPP have numbers as names."""
    content = decode((EXAMPLES / "chirpstack-up.json").read_bytes(), f"{EVENT}/up", 0)
    values = {
        "temperatureSensor.1": Value("11.8"),
        "humiditySensor.2": Value("64.2"),
        "barometer.3": Value("1013.2"),
    }
    assert content == Content([Told("0101010101010101", MIDNIGHT, values)])


def test_the_example_of_a_join_tells_nothing() -> None:
    """It is understood, and no fault."""
    payload = (EXAMPLES / "things-stack-join.json").read_bytes()
    assert decode(payload, UP.replace("/up", "/join"), 0) == Content()


@pytest.mark.parametrize("kind", ["downlink_ack", "downlink_queued", "location_solved", "service_data", "join_accept"])
def test_other_messages_of_the_things_stack_tell_nothing(kind: str) -> None:
    """Whatever they carry."""
    message = {"end_device_ids": {"device_id": "weir-3"}, kind: {"received_at": "2026-03-01T00:00:00Z"}}
    assert decode(json.dumps(message).encode(), UP, 0) == Content()


@pytest.mark.parametrize("event", ["status", "join", "ack", "txack", "log", "location", "integration"])
def test_other_events_of_chirpstack_tell_nothing(event: str) -> None:
    """An integration has an object too, which is no decoded uplink."""
    assert decode(_chirpstack(object={"temp": 1}, margin=10), f"{EVENT}/{event}", 0) == Content()


def test_an_uplink_without_a_payload_tells_nothing() -> None:
    """Devices answer the network so."""
    assert decode(_chirpstack(data=""), f"{EVENT}/up", 0) == Content()
    empty = {"received_at": "2026-03-01T00:00:00Z", "f_cnt": 7}
    assert decode(_things_stack(uplink_message=empty), UP, 0) == Content()
    assert decode(_things_stack("{}"), UP, 0) == Content()


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (_things_stack(), "its payload of 4 characters was not decoded; add a payload formatter"),
        (_things_stack("null"), "was not decoded"),
        (_chirpstack(), "add a codec to the device profile"),
        (_chirpstack(object=None), "add a codec to the device profile"),
    ],
)
def test_an_uplink_that_was_not_decoded_says_what_to_set_up(payload: bytes, says: str) -> None:
    """Taking bytes apart is the network server's."""
    refusal = _refusal(payload, f"{EVENT}/up")
    assert (refusal.code, says in refusal.reason) == ("wrong-shape", True)


@pytest.mark.parametrize(
    ("decoded", "values"),
    [
        ('{"a": 0.70, "b": -1.50e-3}', {"a": Value("0.70"), "b": Value("-1.50e-3")}),
        ('{"a": {"b": {"c": 1}}, "d": [[2], 3]}', {"a.b.c": Value("1"), "d.0.0": Value("2"), "d.1": Value("3")}),
        ('{"a": "7.10", "b": " 5 "}', {"a": Value("7.10"), "b": Value("5")}),
        ('{"a": "30.11 °C", "b": "0 uS/cm", "c": "1.2  mg/L "}',
         {"a": Value("30.11", "°C"), "b": Value("0", "uS/cm"), "c": Value("1.2", "mg/L")}),
        ('{"a": null, "b": 1}', {"b": Value("1")}),
        ('{"a.b": 1, "a": {"b": 1}}', {"a.b": Value("1")}),
        ('{"水温": 11.3}', {"水温": Value("11.3")}),
    ],
)  # fmt: skip
def test_numbers_are_taken_as_they_were_sent(decoded: str, values: dict[str, Value]) -> None:
    """Also from texts, which some makers' decoders write, with the unit behind them."""
    assert _values(decoded) == values


@pytest.mark.parametrize(
    ("decoded", "code", "says"),
    [
        ('{"a": true, "b": 1}', "a", "a is true; only numbers"),
        ('{"a": "OK", "b": 1}', "a", "a is the text 'OK'"),
        ('{"a": "", "b": 1}', "a", "a is the text ''"),
        ('{"a": NaN, "b": 1}', "a", "a is the text 'NaN'"),
        ('{"a": -Infinity, "b": 1}', "a", "a is the text '-Infinity'"),
        ('{"a": 1e999999999, "b": 1}', "a", "a is 1e999999999; only numbers are taken"),
        ('{"a": ' + "1" * 5000 + ', "b": 1}', "a", "a is 1111"),
        ('{"a": ' + "[" * 20 + "1" + "]" * 20 + ', "b": 1}', "a.0.0.0.0.0.0.0.0", "only numbers are taken"),
        ('{"a.c": 1, "a": {"c": 2}, "b": 1}', "a.c", "a.c is told twice, and differently"),
    ],
)
def test_a_value_that_is_no_number_costs_only_itself(decoded: str, code: str, says: str) -> None:
    """The reason says what would do."""
    content = decode(_things_stack(decoded), UP, 0)
    assert content.told[0].values["b"] == Value("1")
    assert [(value.item, says in value.reason) for value in content.refused] == [(code, True)]


def test_a_simulated_uplink_is_refused() -> None:
    """The console of The Things Stack can make one up: nobody measured it."""
    refusal = _refusal(_things_stack('{"a": 1}', simulated=True))
    assert (refusal.code, "simulated" in refusal.reason) == ("wrong-value", True)


def test_a_device_without_an_eui_goes_by_its_id() -> None:
    """Of devices that are activated by personalisation some have none."""
    content = decode(_things_stack('{"a": 1}', end_device_ids={"device_id": "weir-3"}), UP, 0)
    assert content.told[0].sender == "weir-3"


def test_the_application_server_tells_the_time_where_the_network_server_does_not() -> None:
    """They are moments apart."""
    uplink = {"frm_payload": "gkHe"}
    payload = _things_stack('{"a": 1}', uplink_message=uplink, received_at="2026-03-01T00:00:05.9Z")
    assert decode(payload, UP, 0).told[0].time == MIDNIGHT + 5


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "not-json"),
        (b"\x08\x01", "not-json"),
        (b"[]", "wrong-shape"),
        (b"{}", "wrong-shape"),
        (b'{"applicationID": "1", "devEUI": "AQEBAQEBAQE=", "object": {"a": 1}}', "wrong-shape"),
        (b'{"deviceInfo": {}, "object": {"a": 1}, "time": "2026-03-01T00:00:00Z"}', "wrong-shape"),
        (b'{"deviceInfo": 1}', "wrong-shape"),
        (_things_stack("[1]"), "wrong-shape"),
        (_things_stack("5"), "wrong-shape"),
        (_chirpstack(object={"a": 1}, time=None), "wrong-time"),
        (_chirpstack(object={"a": 1}, time="2026-03-01T00:00:00"), "wrong-time"),
        (_chirpstack(object={"a": 1}, time="yesterday"), "wrong-time"),
        (_chirpstack(object={"a": 1}, time="1969-12-31T00:00:00Z"), "wrong-time"),
        (b'{"deviceInfo": ' * 5000, "not-json"),
        (_things_stack('{"name": "?"}').replace(b"?", "温".encode("gb18030")), "not-json"),
    ],
)
def test_what_is_no_uplink_is_refused_whole(payload: bytes, code: str) -> None:
    """Of an older version, of nobody, or of no time."""
    assert _refusal(payload, f"{EVENT}/up").code == code


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
moments = st.just("2026-03-01T00:00:00Z") | anything
messages = st.fixed_dictionaries(
    {},
    optional={
        "deviceInfo": st.just({"devEui": "01"}) | anything,
        "end_device_ids": st.just({"device_id": "a"}) | anything,
        "uplink_message": st.fixed_dictionaries({"decoded_payload": anything, "received_at": moments}) | anything,
        "time": moments,
        "object": anything,
        "data": st.text(max_size=3),
    },
)  # fmt: skip


@given(messages | anything)
def test_no_json_does_harm(message: object) -> None:
    """It is taken or refused."""
    _harmless(json.dumps(message).encode())


@given(st.binary(max_size=60))
def test_no_bytes_do_harm(payload: bytes) -> None:
    """Whatever they are."""
    _harmless(payload)
    _harmless(b'{"deviceInfo": {"devEui": "1"}, "time": "2026-03-01T00:00:00Z", "object": {"a": ' + payload + b"}}")


def _harmless(payload: bytes) -> None:
    try:
        content = decode(payload, f"{EVENT}/up", 0)
    except RefusedError as refused:
        refused.reason.encode()
        return
    for told in content.told:
        assert 0 <= told.time < 2**38
        assert all(float(value.text) is not None for value in told.values.values())


def test_half_a_pair_of_surrogates_costs_its_value_only() -> None:
    """In a text or in a name."""
    content = decode(_things_stack('{"ph": 7.5, "note": "\\ud83d", "a\\ude00": 1}'), UP, 0)
    assert content.told[0].values == {"ph": Value("7.5"), "a\ufffd": Value("1")}
    assert [refused.item for refused in content.refused] == ["note"]
