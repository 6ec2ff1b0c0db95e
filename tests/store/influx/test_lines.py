"""Lines: what the client writes of a point is what we write, and what was sent comes back digit for digit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from influxdb_client.client.write.point import Point as ClientPoint
from influxdb_client.domain.write_precision import WritePrecision

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import comparable, written
from qingchuan.store.influx.lines import OURS, Point, encode, parse_sent, subject_of, tag
from qingchuan.store.observations import Observation

ITEMS = ("pm25", "co", "tp", "o3_8h")
numbers_as_sent = st.one_of(
    st.decimals(-10_000, 10_000, places=2).map(str),
    st.decimals(-1, 1, places=7).map(str),
    st.integers(-(10**22), 10**22).map(str),
    st.decimals(0, 1, places=25).map("{:f}".format),
    st.sampled_from(["0", "-0", "-0.0", "1e-7", "2.50E+3", "0.000001", "123456789.123456", "1234567890.123456"]),
)
flags = st.tuples(st.integers(1, 9), st.sampled_from(["", "spike", 'odd "text"', "反斜杠\\"]))
told_items = st.dictionaries(st.sampled_from(ITEMS), st.tuples(numbers_as_sent, flags))
# The client reads a backslash of its caller as the beginning of an escape; ours never has one in a tag.
subjects = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="\\%"), min_size=1, max_size=20
) | st.sampled_from(["a b", "a,b", "a=b", "溪口 1"])
_FIELD = re.compile(r'((?:[^=,\\]|\\.)+)=("(?:[^"\\]|\\.)*"|[^,]+),?')


def fields_of(text: str) -> dict[str, object]:
    """The fields of a line, by their names."""
    return {name: value if value.startswith('"') else _number(value) for name, value in _FIELD.findall(text)}


def _number(text: str) -> int | float:
    return int(text[:-1]) if text.endswith("i") else float(text)


def observation(subject: str, items: Mapping[str, tuple[str, tuple[int, str]]], start: int) -> Observation:
    """An hour of `subject`."""
    told = {item: (number, flag) for item, (number, (flag, _)) in items.items()}
    return Observation.of(subject, "hour", start, "reported", told, {item: by for item, (_, (_, by)) in items.items()})


@given(subjects, told_items, st.integers(-(10**9), 4 * 10**9), st.integers(1, 2**53), st.sampled_from([True, False]))
def test_a_line_says_what_the_client_says_of_such_a_point(
    subject: str, items: Mapping[str, tuple[str, tuple[int, str]]], start: int, sequence: int, replaces: object
) -> None:
    """The same series, fields and time, however the numbers are written."""
    told = observation(subject, items, start)
    [line] = encode([Point(sequence, told, replaces=bool(replaces))])
    point: Any = ClientPoint("observations")  # type: ignore[no-untyped-call]  # the client has no types
    point.tag("subject", subject).tag("period", "hour").tag("origin", "reported")
    point.field("seq", sequence).field("flags", told.flags).time(start, WritePrecision.S)
    for item, (number, _) in items.items():
        point.field(item, comparable(number))
    theirs = point.to_line_protocol(WritePrecision.S)
    series, ours, at = _parts(line)
    assert (series, at) == (_parts(theirs)[0], _parts(theirs)[2])
    fields = fields_of(ours)
    sent = fields.pop("sent", None)
    assert fields == fields_of(_parts(theirs)[1])
    assert sent is not None or not replaces


def _parts(line: str) -> tuple[str, str, str]:
    """Series, fields and time of a line."""
    series, rest = re.match(r"((?:[^ \\]|\\.)+) (.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
    fields, _, at = rest.rpartition(" ")
    return series, fields, at


@given(told_items)
def test_what_was_sent_comes_back_digit_for_digit(items: Mapping[str, tuple[str, tuple[int, str]]]) -> None:
    """From the float, or from beside it; and the float lies on the same side of every limit."""
    [line] = encode([Point(1, observation("1235A", items, 0))])
    fields = fields_of(_parts(line)[1])
    sent = parse_sent(str(fields.get("sent", '""'))[1:-1])
    for item, (number, _) in items.items():
        value = fields[item]
        assert isinstance(value, float)
        assert sent.get(item, written(value)) == number
        assert value == comparable(number)
        assert (item in sent) == (written(value) != number)


def test_an_observation_without_items_is_a_point_too() -> None:
    """That there was one is told by its sequence."""
    assert encode([Point(3, Observation.of("1235A", "hour", 0, "reported", {}))]) == [
        'observations,origin=reported,period=hour,subject=1235A seq=3i,flags="2" 0'
    ]


@given(st.text())
def test_any_id_is_a_tag_and_comes_back(subject: str) -> None:
    """None has a backslash, with which a tag cannot end."""
    assert subject_of(tag(subject)) == subject
    assert "\\" not in tag(subject)


def test_no_item_of_the_catalogue_has_the_name_of_a_field_of_ours() -> None:
    """They stand side by side."""
    names = {item.key for domain in catalogue.DOMAINS for item in catalogue.items(domain)}
    assert not names & {*OURS, "time"}
    assert all(re.fullmatch(r"[a-z]\w*", name, re.ASCII) for name in names)
