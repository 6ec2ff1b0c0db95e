"""The native JSON codec."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from qingchuan.collector.codecs.native import decode_announcement, decode_observation, form_of
from qingchuan.collector.codecs.native_one import decode_one
from qingchuan.collector.codecs.native_runs import decode_usual
from qingchuan.collector.refusal import RefusedError, Why
from qingchuan.collector.topics import KINDS, MessageKind, Topic
from qingchuan.processing.periods import parse_instant

DOCUMENT = Path(__file__).parents[2] / "docs" / "mqtt.md"
EXAMPLES = re.findall(r"```json (\w+)\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
FAR = 2**40
HOUR = Topic("1235A", "hour")
READING = Topic("xikou", "reading")


def _refusal(payload: bytes, topic: Topic = HOUR, latest: int = FAR) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        decode_observation(payload, topic, latest)
    return caught.value


@pytest.mark.parametrize(("message", "payload"), EXAMPLES)
def test_every_example_of_the_documentation_is_taken_whole(message: MessageKind, payload: str) -> None:
    """What docs/mqtt.md shows is what the collector takes."""
    if message == "station":
        decode_announcement(payload.encode())
    else:
        _, refused = decode_observation(payload.encode(), Topic("a", message), FAR)
        assert refused == []


def test_the_documentation_shows_every_message() -> None:
    """The test above has something to test."""
    assert {message for message, _ in EXAMPLES} == set(KINDS)


def test_an_hour_is_named_by_its_start_and_may_be_told_by_its_end() -> None:
    """The Chinese label of an hour is its end."""
    by_end, _ = decode_observation(b'{"end":"2026-03-01T09:00:00+08:00","values":{"co":1}}', HOUR, FAR)
    by_start, _ = decode_observation(b'{"start":"2026-03-01T00:00:00Z","values":{"co":1}}', HOUR, FAR)
    assert by_end == by_start
    assert by_end.start == parse_instant("2026-03-01T08:00:00+08:00")


def test_values_keep_every_digit() -> None:
    """Digits that a float would lose stay."""
    observation, _ = decode_observation(
        b'{"time":"2026-03-01T09:00:00+08:00","values":{"tp":0.1000000000000000001,"ph":7.60}}', READING, FAR
    )
    assert observation.items == {"tp": ("0.1000000000000000001", 2), "ph": ("7.60", 2)}


@pytest.mark.parametrize(
    ("value", "code", "says"),
    [
        ("null", "wrong-value", "pm25 is null; leave out an item that is missing"),
        ("NaN", "wrong-value", 'pm25 is "NaN"; leave out an item that is missing'),
        ("Infinity", "wrong-value", "a value is a finite JSON number"),
        ("1e999", "wrong-value", "a value is a finite JSON number"),
        ('"35"', "wrong-value", 'pm25 is "35"; a value is a finite JSON number, in µg/m³'),
        ("[35]", "wrong-value", "a value is a finite JSON number"),
        ("true", "wrong-value", "a value is a finite JSON number"),
        ("1" * 41, "wrong-value", "a value is a finite JSON number"),
        ("1e-99999999999999999999", "wrong-value", "a value is a finite JSON number"),
        ("-9999", "wrong-value", "pm25 is -9999; an instrument tells -20 to 10000 µg/m³"),
        ("-20.1", "wrong-value", "an item that is missing is left out"),
        ("10000.1", "wrong-value", "an item that is missing is left out"),
    ],
)
def test_a_bad_value_costs_only_itself(value: str, code: str, says: str) -> None:
    """The other values of the message are taken."""
    payload = f'{{"end":"2026-03-01T09:00:00+08:00","values":{{"pm25":{value},"co":0.70}}}}'
    observation, (refused,) = decode_observation(payload.encode(), HOUR, FAR)
    assert observation.items == {"co": ("0.70", 2)}
    assert (refused.item, refused.code) == ("pm25", code)
    assert says in refused.reason


def test_an_unknown_item_costs_only_itself_and_the_near_one_is_named() -> None:
    """A typing error is easy to find."""
    payload = b'{"end":"2026-03-01T09:00:00+08:00","values":{"pm2.5":35,"co":0.7}}'
    _, (refused,) = decode_observation(payload, HOUR, FAR)
    assert refused.code == "unknown-item"
    assert "did you mean pm25?" in refused.reason


def test_a_flag_that_is_none_costs_its_value() -> None:
    """An unknown flag might mean that the value is bad."""
    payload = b'{"end":"2026-03-01T09:00:00+08:00","values":{"pm25":35,"co":0.7},"flags":{"pm25":5,"co":3}}'
    observation, (refused,) = decode_observation(payload, HOUR, FAR)
    assert observation.items == {"co": ("0.7", 3)}
    assert "the flag of pm25 is 5; the flags are 1, 2, 3, 4, 9" in refused.reason


@pytest.mark.parametrize(
    ("payload", "code", "says"),
    [
        (b"", "not-json", "is not JSON"),
        (b"pm25=35", "not-json", "is not JSON"),
        (b"\xff\xfe", "not-json", "is not JSON"),
        (b'{"values":{"co":' + b"[" * 100_000, "not-json", "is not JSON"),
        (b"[1]", "wrong-shape", "Expected `object`, got `array`"),
        (b'{"values":{"co":1}}', "wrong-time", "exactly one"),
        (b'{"end":"2026-03-01T09:00:00","values":{"co":1}}', "wrong-time", "offset"),
        (b'{"end":"yesterday","values":{"co":1}}', "wrong-time", "yesterday"),
        (b'{"end":5,"values":{"co":1}}', "wrong-shape", "Expected `str | null`, got `int` - at `$.end`"),
        (b'{"end":"2026-03-01T09:30:00+08:00","values":{"co":1}}', "wrong-time", "full hour"),
        (b'{"time":"2026-03-01T09:00:00+08:00","values":{"co":1}}', "wrong-time", "start or end"),
        (
            b'{"start":"2026-03-01T08:00:00+08:00","end":"2026-03-01T09:00:00+08:00","values":{"co":1}}',
            "wrong-time",
            "more than one",
        ),
        (b'{"end":"2026-03-01T09:00:00+08:00","values":{}}', "wrong-shape", "at least one"),
        (b'{"end":"2026-03-01T09:00:00+08:00","values":{"co":null}}', "wrong-value", "none of its values"),
        (b'{"end":"2026-03-01T09:00:00+08:00","value":{"co":1}}', "wrong-shape", "value"),
    ],
)
def test_a_message_that_cannot_be_read_is_refused_with_a_reason(payload: bytes, code: str, says: str) -> None:
    """The reason says what has which value and what would do."""
    refused = _refusal(payload)
    assert refused.code == code
    assert says in refused.reason


def test_the_limits_of_what_is_plausible_are_taken() -> None:
    """Both sides of each limit."""
    payload = b'{"end":"2026-03-01T09:00:00+08:00","values":{"pm25":-20,"pm10":20000}}'
    observation, refused = decode_observation(payload, HOUR, FAR)
    assert set(observation.items) == {"pm25", "pm10"}
    assert refused == []


def test_a_flag_without_its_value_is_told() -> None:
    """A typing error in the flags must not make a bad value a good one unseen."""
    payload = b'{"end":"2026-03-01T09:00:00+08:00","values":{"pm25":35},"flags":{"pm2_5":4}}'
    _, (refused,) = decode_observation(payload, HOUR, FAR)
    assert (refused.item, "pm2_5 has a flag and no value" in refused.reason) == ("pm2_5", True)


def test_a_nan_beside_a_number_of_any_size_costs_only_itself() -> None:
    """What json.dumps of Python writes is read as well as it can be."""
    payload = b'{"end":"2026-03-01T09:00:00+08:00","values":{"pm25":NaN,"co":1e9999999999999999999999,"o3":7.10}}'
    observation, refused = decode_observation(payload, HOUR, FAR)
    assert observation.items == {"o3": ("7.10", 2)}
    assert {value.item for value in refused} == {"pm25", "co"}


_WILD = st.one_of(
    st.binary(max_size=60),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
    st.dictionaries(
        st.sampled_from(["start", "end", "time", "values", "flags", "seq"]),
        st.sampled_from(
            ["2026-03-01T09:00:00+08:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", {"co": 1}, {"co": 5}, 1]
        ),
    ).map(lambda value: json.dumps(value).encode()),
)


@given(_WILD, st.sampled_from([HOUR, READING, Topic("330200", "day")]))
def test_whatever_arrives_is_taken_or_refused(payload: bytes, topic: Topic) -> None:
    """Nothing that a station sends can stop the collector."""
    with contextlib.suppress(RefusedError):
        decode_observation(payload, topic, latest=2_000_000_000)
    with contextlib.suppress(RefusedError):
        decode_announcement(payload)


def test_a_day_begins_at_midnight_in_beijing() -> None:
    """A natural day is a day of Beijing time."""
    day = Topic("330200", "day")
    observation, _ = decode_observation(b'{"end":"2026-03-02T00:00:00+08:00","values":{"o3_8h":92}}', day, FAR)
    assert observation.start == parse_instant("2026-03-01T00:00:00+08:00")
    assert "00:00 Beijing time" in _refusal(b'{"start":"2026-03-01T00:00:00Z","values":{"co":1}}', day).reason


def test_a_message_may_be_as_far_ahead_as_tolerated_and_not_a_second_more() -> None:
    """Both sides of the limit."""
    payload = b'{"time":"2026-03-01T09:00:00+08:00","values":{"ph":7}}'
    moment = parse_instant("2026-03-01T09:00:00+08:00")
    decode_observation(payload, READING, latest=moment)
    refused = _refusal(payload, READING, latest=moment - 1)
    assert refused.code == "future"
    assert "set the clock or the time zone of the station" in refused.reason


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b'{"kind":"city","name":{"zh":"","en":""},"simulatd":true}', "simulatd"),
        (b'{"kind":"town","name":{"zh":"","en":""}}', "town"),
        (b'{"kind":"section","name":{"zh":"","en":""},"water_body":"sea"}', "sea"),
        (b'{"kind":"section","name":{"zh":"","en":""}}', "water_body"),
        (b'{"kind":"section","name":{"zh":"","en":""},"water_body":"lake","target_class":6}', "target_class"),
        (b'{"kind":"air-station","name":{"zh":"","en":""},"city":"Ningbo"}', "city"),
        (b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}", "is not JSON|announcement"),
        (b"x", "is not JSON"),
    ],
)
def test_an_announcement_that_does_not_fit_names_the_field(payload: bytes, says: str) -> None:
    """A typing error in an announcement is easy to find."""
    with pytest.raises(RefusedError, match=says):
        decode_announcement(payload)


_numbers = st.one_of(
    st.integers(-(10**30), 10**30).map(str),
    st.decimals(-100, 500, places=3).map(str),
    st.sampled_from(
        ["0.70", "-0", "1e2", "1E-400", "1e999999999", "0.2000000000000000000001", "null", '"5"', "[1]", "-9999"]
    ),
)
_spaces = st.sampled_from(["", " ", "\n\t"])


@given(st.lists(st.tuples(st.sampled_from(["pm25", "co", "o3", "nonsense"]), _numbers), max_size=4), _spaces)
def test_the_short_way_takes_what_the_careful_one_takes(told: list[tuple[str, str]], space: str) -> None:
    """Digit for digit; and what it does not take is left to the careful one."""
    values = ",".join(f'{space}"{item}"{space}:{number}' for item, number in told)
    payload = f'{{"start": "2026-03-01T00:00:00Z", "values": {{{values}{space}}}}}'.encode()
    short = decode_usual([payload], [HOUR], [form_of(("co", "o3", "pm25"))], FAR)
    if short is not None:
        once = replace(short.observations[0], values=_once(short.observations[0].values))
        assert decode_observation(payload, HOUR, FAR) == (once, [])


_ends = st.sampled_from(
    ["2026-03-01T01:00:00Z", "2026-03-01T01:30:00Z", "2026-03-01 01:00", "1960-01-01T00:00:00Z", ""]
)


@given(
    st.lists(st.tuples(st.sampled_from(["pm25", "co", "nonsense"]), _numbers), max_size=3), _ends, st.integers(0, 80)
)
def test_a_payload_by_itself_is_what_the_careful_way_says(told: list[tuple[str, str]], end: str, cut: int) -> None:
    """Whether it is taken or refused, and why; a part of it may be missing."""
    values = ",".join(f'"{item}":{number}' for item, number in dict(told).items())
    payload = f'{{"end":"{end}","seq":7,"values":{{{values}}}}}'.encode()
    payload = payload[: len(payload) - max(cut - 5, 0)]
    form = form_of(("co", "o3", "pm25"))
    found = decode_one(payload, HOUR, form, FAR)
    if isinstance(found, Why):
        with pytest.raises(RefusedError) as caught:
            decode_observation(payload, HOUR, FAR, form)
        refused = caught.value
        assert (found.code, found.reason, found.values) == (refused.code, refused.reason, refused.values)
        assert found.named.number == (None if found.code == "not-json" else 7)
    else:
        taken = decode_observation(payload, HOUR, FAR, form)
        assert (found.observation, list(found.refused), found.number) == (*taken, 7)


def test_values_that_are_no_text_are_not_json() -> None:
    """The program does not fail on them."""
    refused = _refusal(b'{"start": "2026-03-01T00:00:00Z", "values": {"pm\xff25": 35}}')
    assert refused.code == "not-json"
    assert refused.reason.startswith(r"""values is b'{"pm\xff25": 35}' and is not JSON""")


def _once(values: str) -> str:
    """`values` with each item once: JSON lets the last one count."""
    items = json.loads(values, parse_float=str, parse_int=str)
    return "{" + ",".join(f'"{item}":{number}' for item, number in items.items()) + "}"


@pytest.mark.parametrize(
    "payload",
    [
        b'{"start": "2026-03-01T00:00:00Z", "values": {"pm25": 35}, "flags": {"pm25": 3}}',
        b'{"start": "2026-03-01T00:00:00Z", "values": {"pm25": -9999}}',
        b'{"start": "2026-03-01T00:00:00Z", "values": {"pm25": "35"}}',
        b'{"start": "2026-03-01T00:00:00Z", "values": { }}',
        b'{"start": "2026-03-01T00:30:00Z", "values": {"pm25": 35}}',
        b'{"start": "1969-12-31T23:00:00Z", "values": {"pm25": 35}}',
        b'{"values": {"pm25": 35}}',
        b"pm25=35",
        b"\xff",
    ],
)
def test_what_is_not_usual_is_left_to_the_careful_way(payload: bytes) -> None:
    """Which flags, refuses, and says why."""
    assert decode_usual([payload], [HOUR], [form_of(("pm25",))], FAR) is None


def test_the_short_way_knows_the_latest_time_that_is_believed() -> None:
    """To the second."""
    end = parse_instant("2026-03-01T01:00:00Z")
    hour = b'{"start": "2026-03-01T00:00:00Z", "values": {"pm25": 35}}'
    assert decode_usual([hour], [HOUR], [form_of(("pm25",))], end) is not None
    assert decode_usual([hour], [HOUR], [form_of(("pm25",))], end - 1) is None


HOUR_OF_ONE = b'{"start": "2026-03-01T00:00:00Z", "values": {"pm25": 35}}'


@pytest.mark.parametrize(
    "payloads",
    [
        (HOUR_OF_ONE + b"," + HOUR_OF_ONE, b""),
        (HOUR_OF_ONE + b"," + HOUR_OF_ONE, b" "),
        (b'{"values": {"pm25": 35', b'}, "start": "2026-03-01T00:00:00Z"}', HOUR_OF_ONE + b"," + HOUR_OF_ONE),
        (b'{"values": {"pm25": 35}, "start": "', b'{2026-03-01T00:00:00Z"}', HOUR_OF_ONE + b"," + HOUR_OF_ONE),
        (b'{"values": [{}', b"{}", b'{}], "start": "2026-03-01T00:00:00Z"}', *[HOUR_OF_ONE + b"," + HOUR_OF_ONE] * 2),
        (HOUR_OF_ONE, b'{"start": "2026-03-01T00:00:00Z", "values": {"pm25": 35}}]'),
        (b'{"start": "2026-03-01T00:00:00Z", "values": {"\\u0070m25": 35}}', HOUR_OF_ONE),
    ],
)
def test_no_payload_is_taken_for_a_part_of_another(payloads: tuple[bytes, ...]) -> None:
    """They are decoded as one list; none may shift what comes after it to another station."""
    count = len(payloads)
    assert decode_usual(payloads, [HOUR] * count, [form_of(("pm25",))] * count, FAR) is None


_pieces = st.sampled_from([HOUR_OF_ONE, b"{", b"}", b"[", b"]", b",", b'"', b'"values":', b'"flags":', b" ", b"\n"])


@given(st.lists(st.lists(_pieces, max_size=5).map(b"".join), min_size=1, max_size=4))
def test_payloads_that_are_taken_together_are_those_that_are_taken_alone(payloads: list[bytes]) -> None:
    """Whatever a sender may try."""
    form = form_of(("pm25",))
    together = decode_usual(payloads, [HOUR] * len(payloads), [form] * len(payloads), FAR)
    alone = [decode_usual([payload], [HOUR], [form], FAR) for payload in payloads]
    found = None if together is None else list(zip(*together, strict=True))
    assert found == (None if None in alone else [next(zip(*usual, strict=True)) for usual in alone if usual])
