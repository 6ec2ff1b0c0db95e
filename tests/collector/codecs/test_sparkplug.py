"""Messages of Sparkplug B."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.codecs import sparkplug
from qingchuan.collector.codecs.protobuf import fields
from qingchuan.collector.codecs.sparkplug import Memory, Node, Sparkplug
from qingchuan.collector.codecs.sparkplug_payload import COMPRESSED, DATATYPES
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.refusal import RefusedError

SESSION = Path(__file__).parents[3] / "docs" / "examples" / "sparkplug" / "session.txt"
START = 1_772_323_200
RECEIVED = (START + 5) * 1_000_000 + 999_999
NODE = "spBv1.0/ningbo/{}/gateway"
DEVICE = "spBv1.0/ningbo/{}/gateway/dazha"

Scalar = bytes | str | float

INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING, DATETIME = range(1, 14)
FIELDS = {"name": 1, "alias": 2, "timestamp": 3, "datatype": 4, "is_historical": 5, "is_transient": 6, "is_null": 7}
VALUES = {"whole": 10, "long": 11, "single": 12, "double": 13, "boolean": 14, "text": 15, "data": 16, "template": 18}


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _field(number: int, value: Scalar, *, single: bool = False) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value % 2**64)
    if isinstance(value, float):
        wire = 5 if single else 1
        return _varint(number << 3 | wire) + struct.pack("<f" if single else "<d", value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _metric(**told: Scalar) -> bytes:
    numbers = FIELDS | VALUES
    return _field(2, b"".join(_field(numbers[name], value, single=name == "single") for name, value in told.items()))


def _payload(*metrics: bytes, seq: int | None = None, timestamp: int | None = START * 1000) -> bytes:
    head = b"" if timestamp is None else _field(1, timestamp)
    return head + b"".join(metrics) + (b"" if seq is None else _field(3, seq))


def _born(*, seq: int = 0, session: int = 4) -> Sparkplug:
    """A codec that saw the node and its device being born."""
    codec = Sparkplug()
    birth = _payload(_metric(name="bdSeq", datatype=UINT64, long=session), seq=seq)
    codec.decode(birth, NODE.format("NBIRTH"), RECEIVED)
    metrics = [
        _metric(name="ph", alias=1, datatype=DOUBLE, double=7.1),
        _metric(name="t", alias=0, datatype=INT16, whole=1),
    ]
    codec.decode(_payload(*metrics, seq=seq + 1), DEVICE.format("DBIRTH"), RECEIVED)
    return codec


def _values(metric: bytes, codec: Sparkplug | None = None) -> dict[str, Value]:
    content = (codec or Sparkplug()).decode(_payload(metric), DEVICE.format("DDATA"), RECEIVED)
    assert content.refused == []
    return {code: value for told in content.told for code, value in told.values.items()}


def _text(**value: Scalar) -> str:
    return _values(_metric(name="x", **value))["x"].text


def _reason(**value: Scalar) -> str:
    [refused] = Sparkplug().decode(_payload(_metric(**value)), DEVICE.format("DDATA"), RECEIVED).refused
    return refused.reason


def _refusal(payload: bytes, topic: str = DEVICE.format("DDATA")) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        Sparkplug().decode(payload, topic, RECEIVED)
    return caught.value


def test_the_example_is_decoded_in_its_order() -> None:
    """Births give names to aliases, deaths take them away; lost messages and deaths of earlier sessions are noticed."""
    lines = [line for line in SESSION.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    codec = Sparkplug()
    nbirth, dbirth, ddata, ndata, early, death, orphan = (
        codec.decode(bytes.fromhex(payload), topic, RECEIVED)
        for topic, payload in zip(lines[::2], lines[1::2], strict=True)
    )
    node, device = "ningbo/gateway-7", "ningbo/gateway-7/dazha"
    assert nbirth == Content([Told(node, START, {"Battery": Value("12.6")})])
    values = {"ph": Value("7.1"), "do": Value("11.06"), "temperature": Value("-2"), "conductivity": Value("412")}
    assert dbirth.told == [Told(device, START, values)]
    assert [(value.item, value.reason) for value in dbirth.refused] == [
        ("Model", "Model: its datatype is String; only numbers are taken")
    ]
    later = {"ph": Value("7.12"), "do": Value("10.98"), "nh3n": Value("0.04")}
    assert ddata == Content(
        [Told(device, START + 3600, later), Told(device, START + 1800, {"temperature": Value("-1")})]
    )
    assert ndata.told == [Told(node, START + 3600, {"Battery": Value("12.5")})]
    assert ndata.notes == [f"{node} counted from 2 to 5 (seq); messages between them were lost, ask it for a rebirth"]
    assert early.notes == [
        f"{node} died in its session 3 (bdSeq), and was born in 4 since; its birth certificate still holds"
    ]
    assert (death, codec.memory) == (Content(), Memory())
    assert (orphan.told, orphan.refused[0].item, orphan.refused[0].code) == ([], "alias 11", "unknown-item")
    assert "no birth certificate that tells it was seen; ask the node for a rebirth" in orphan.refused[0].reason


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"datatype": INT8, "whole": 0xFF}, "-1"),
        ({"datatype": INT8, "whole": 0xFFFFFF80}, "-128"),
        ({"datatype": INT8, "whole": 127}, "127"),
        ({"datatype": INT16, "whole": 0xFFFE}, "-2"),
        ({"datatype": INT16, "whole": 0xFFFFFFFE}, "-2"),
        ({"datatype": INT32, "whole": 0xFFFFFFFF}, "-1"),
        ({"datatype": INT32, "long": 2**64 - 1}, "-1"),
        ({"datatype": INT64, "long": 2**64 - 5}, "-5"),
        ({"datatype": INT64, "whole": 7}, "7"),
        ({"datatype": UINT8, "whole": 0xFF}, "255"),
        ({"datatype": UINT16, "whole": 0xFFFF}, "65535"),
        ({"datatype": UINT32, "whole": 0xFFFFFFFF}, "4294967295"),
        ({"datatype": UINT32, "long": 0xFFFFFFFF}, "4294967295"),
        ({"datatype": UINT64, "long": 2**64 - 1}, "18446744073709551615"),
        ({"datatype": FLOAT, "single": 0.1}, "0.1"),
        ({"single": 23.1}, "23.1"),
        ({"single": -0.00001}, "-0.00001"),
        ({"datatype": DOUBLE, "double": 0.1}, "0.1"),
        ({"double": 16.0}, "16"),
    ],
)
def test_numbers_have_the_text_that_was_meant(value: dict[str, Scalar], text: str) -> None:
    """Encoders fill up negative numbers as far as their type or their field; floats have the shortest text."""
    assert _text(**value) == text


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"datatype": INT8, "whole": 0x180}, "it is 384, and its datatype is Int8, which does not hold it"),
        ({"datatype": UINT8, "whole": 256}, "it is 256, and its datatype is UInt8"),
        ({"datatype": UINT16, "long": 2**16}, "it is 65536"),
        ({"datatype": FLOAT, "whole": 5}, "it is 5, and its datatype is Float"),
        ({"datatype": FLOAT, "single": float("nan")}, "it is nan; leave out a value that is missing"),
        ({"datatype": DOUBLE, "double": float("inf")}, "it is inf"),
        ({"datatype": BOOLEAN, "boolean": 1}, "its datatype is Boolean; only numbers are taken"),
        ({"datatype": STRING, "text": "7.1"}, "its datatype is String"),
        ({"datatype": DATETIME, "long": START * 1000}, "its datatype is DateTime"),
        ({"datatype": 99, "whole": 1}, "its datatype is 99"),
        ({"template": b""}, "its datatype is none of a number"),
        ({"whole": 5}, "its datatype was told by no birth certificate"),
        ({"datatype": DOUBLE, "double": 1.0, "timestamp": 2**63}, "times lie between 1970 and 9999"),
    ],
)
def test_a_metric_that_is_no_number_costs_only_itself(value: dict[str, Scalar], says: str) -> None:
    """The reason names it."""
    reason = _reason(name="Water/x", **value)
    assert reason.startswith("Water/x: ")
    assert says in reason


@pytest.mark.parametrize(
    "value",
    [
        {"name": "x", "datatype": DOUBLE, "is_null": 1},
        {"name": "x", "datatype": DOUBLE, "is_null": 1, "double": 0.0},
        {"name": "x", "datatype": DOUBLE},
        {"name": "x", "datatype": DOUBLE, "double": 1.0, "is_transient": 1},
        {"name": "bdSeq", "datatype": UINT64, "long": 4},
        {"name": "Node Control/Rebirth", "datatype": BOOLEAN, "boolean": 0},
        {"name": "Device Control/Reboot", "datatype": BOOLEAN, "boolean": 0},
    ],
)
def test_what_is_null_or_of_the_protocol_tells_nothing(value: dict[str, Scalar]) -> None:
    """A missing value is missing, what is transient must not be stored, and controls are none of the water."""
    assert _values(_metric(**value)) == {}


def test_a_moment_is_that_of_the_metric_or_of_the_payload_or_of_the_receipt() -> None:
    """In this order; each in whole seconds."""
    own, others = (_metric(name=name, double=1.0, **when) for name, when in (("a", {"timestamp": 9_999}), ("b", {})))
    told = Sparkplug().decode(_payload(own, others), DEVICE.format("DDATA"), RECEIVED).told
    assert [(moment.time, *moment.values) for moment in told] == [(9, "a"), (START, "b")]
    told = Sparkplug().decode(_payload(others, timestamp=None), DEVICE.format("DDATA"), RECEIVED).told
    assert [moment.time for moment in told] == [START + 5]


def test_what_is_told_twice_of_a_second_is_refused_unless_it_is_the_same() -> None:
    """Times are whole seconds."""
    metrics = [_metric(name="a", timestamp=START * 1000 + ms, double=x) for ms, x in ((1, 1.0), (2, 1.0), (999, 2.0))]
    content = Sparkplug().decode(_payload(*metrics), DEVICE.format("DDATA"), RECEIVED)
    assert [told.values for told in content.told] == [{"a": Value("1")}]
    assert [value.reason for value in content.refused] == [
        "a is told twice of one second, and differently; once would do"
    ]


def test_aliases_and_datatypes_are_those_of_the_birth_of_the_same_device() -> None:
    """Zero is an alias like others; another device's are its own."""
    codec = _born()
    assert _values(_metric(alias=0, whole=0xFFFF), codec) == {"t": Value("-1")}
    assert _values(_metric(name="t", whole=0xFFFE), codec) == {"t": Value("-2")}
    content = codec.decode(_payload(_metric(alias=1, double=1.0)), "spBv1.0/ningbo/DDATA/gateway/other", RECEIVED)
    assert [refused.item for refused in content.refused] == ["alias 1"]
    content = codec.decode(_payload(_metric(double=1.0)), DEVICE.format("DDATA"), RECEIVED)
    assert [refused.item for refused in content.refused] == ["alias None"]


def test_a_rebirth_forgets_what_was_told_before() -> None:
    """Of the node and of its devices: they are born again after it."""
    codec = _born()
    codec.decode(
        _payload(_metric(name="a", alias=1, datatype=DOUBLE, double=1.0), seq=9), NODE.format("NBIRTH"), RECEIVED
    )
    content = codec.decode(_payload(_metric(alias=1, double=1.0), seq=10), DEVICE.format("DDATA"), RECEIVED)
    assert (content.notes, [refused.code for refused in content.refused]) == ([], ["unknown-item"])


def test_the_death_of_a_device_takes_its_aliases_only() -> None:
    """The node lives on."""
    codec = _born()
    birth = _payload(_metric(name="a", alias=7, datatype=DOUBLE, double=1.0), seq=2)
    codec.decode(birth, "spBv1.0/ningbo/DBIRTH/gateway/b", RECEIVED)
    assert codec.decode(_payload(seq=3), DEVICE.format("DDEATH"), RECEIVED) == Content()
    assert sorted(codec.memory.nodes["ningbo/gateway"].born) == ["", "b"]


def test_an_alias_of_two_metrics_means_neither() -> None:
    """A wrong item would be worse than none."""
    codec = Sparkplug()
    metrics = [_metric(name=name, alias=1, datatype=DOUBLE, double=1.0) for name in ("a", "b")]
    content = codec.decode(_payload(*metrics, seq=0), DEVICE.format("DBIRTH"), RECEIVED)
    assert content.notes == ["ningbo/gateway/dazha gave the alias 1 to two metrics; neither is known by it"]
    assert codec.decode(_payload(_metric(alias=1, double=1.0)), DEVICE.format("DDATA"), RECEIVED).refused


@pytest.mark.parametrize(
    ("seqs", "gaps"),
    [([0, 1, 2, 3], 0), ([254, 255, 0, 1], 0), ([0, 1, 3, 4], 1), ([0, 1, 2, 2], 1), ([0, 1, 2, 300], 1)],
)
def test_gaps_in_the_count_of_a_node_are_noticed(seqs: list[int], gaps: int) -> None:
    """It goes from 0 to 255 and begins anew; it is that of the node, whichever of its devices a message is of."""
    codec = _born(seq=seqs[0])
    contents = [codec.decode(_payload(seq=seq), NODE.format("NDATA"), RECEIVED) for seq in seqs[2:]]
    assert sum(len(content.notes) for content in contents) == gaps


def test_a_death_without_a_session_counts() -> None:
    """So does one of a node that nobody knows: neither is a fault."""
    codec = _born()
    assert codec.decode(_payload(), NODE.format("NDEATH"), RECEIVED) == Content()
    assert codec.memory == Memory()
    assert codec.decode(_payload(), NODE.format("NDEATH"), RECEIVED) == Content()


def test_what_it_remembers_can_be_stored() -> None:
    """Restored it goes on as if nothing had been."""
    codec = _born()
    restored = Sparkplug(msgspec.json.decode(msgspec.json.encode(codec.memory), type=Memory))
    assert restored.memory == codec.memory
    assert _values(_metric(alias=1, double=7.3), restored) == {"ph": Value("7.3")}
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(codec.memory), type=Memory) == codec.memory


KINDS = ["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH"]


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 4)), max_size=12), st.integers(0, 12))
def test_storing_it_anywhere_changes_nothing(messages: list[tuple[str, int]], place: int) -> None:
    """What it knows is made by the messages alone."""
    whole, parted = Sparkplug(), Sparkplug()
    for index, (kind, number) in enumerate(messages):
        if index == place:
            parted = Sparkplug(msgspec.json.decode(msgspec.json.encode(parted.memory), type=Memory))
        metric = _metric(name="bdSeq" if kind[0] == "N" else f"m{number}", alias=number, datatype=UINT64, long=number)
        message = _payload(metric, _metric(alias=number, whole=1), seq=number)
        topic = (NODE if kind[0] == "N" else DEVICE).format(kind)
        assert whole.decode(message, topic, RECEIVED) == parted.decode(message, topic, RECEIVED)
    assert whole.memory == parted.memory


def test_so_many_nodes_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was born longest ago is forgotten: memory stays bounded whatever arrives."""
    monkeypatch.setattr(sparkplug, "_MOST_NODES", 3)
    codec = Sparkplug()
    for node in ("a", "b", "c", "a", "d"):
        codec.decode(_payload(seq=0), f"spBv1.0/g/NBIRTH/{node}", RECEIVED)
    assert list(codec.memory.nodes) == ["g/c", "g/a", "g/d"]


def test_so_many_devices_of_a_node_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more is refused with a reason; those that are known may be born anew, and no message is held for lost."""
    monkeypatch.setattr(sparkplug, "_MOST_DEVICES", 2)
    codec, birth = _born(), _metric(name="ph", alias=1, double=7.0)
    for seq, device in enumerate(("second", "dazha"), 2):
        codec.decode(_payload(birth, seq=seq), f"spBv1.0/ningbo/DBIRTH/gateway/{device}", RECEIVED)
    with pytest.raises(RefusedError, match="ningbo/gateway has 2 devices already"):
        codec.decode(_payload(birth, seq=4), "spBv1.0/ningbo/DBIRTH/gateway/third", RECEIVED)
    told = codec.decode(_payload(_metric(alias=1, double=7.5), seq=5), DEVICE.format("DDATA"), RECEIVED)
    assert (told.told[0].values["ph"].text, told.notes) == ("7.5", [])
    assert sorted(codec.memory.nodes["ningbo/gateway"].born) == ["", "dazha", "second"]


@pytest.mark.parametrize("topic", ["spBv1.0/STATE/scada", "spBv1.0/g/NCMD/n", "spBv1.0/g/DCMD/n/d"])
def test_what_hosts_send_tells_nothing(topic: str) -> None:
    """Their states are JSON, and their commands are for nodes."""
    assert Sparkplug().decode(b'{"online": true}', topic, RECEIVED) == Content()


@pytest.mark.parametrize(
    "topic",
    ["", "spAv1.0/g/NDATA/n", "spBv1.0/g/NDATA", "spBv1.0/g/NDATA/n/d", "spBv1.0/g/DDATA/n", "spBv1.0/g/DDATA/n/",
     "spBv1.0//NDATA/n", "spBv1.0/g/XDATA/n", "spBv1.0/g/DDATA/n/d/e"],
)  # fmt: skip
def test_other_topics_are_refused(topic: str) -> None:
    """With the form that they have."""
    refusal = _refusal(_payload(), topic)
    assert (refusal.code, "spBv1.0/<group>/<NBIRTH" in refusal.reason) == ("unknown-topic", True)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"\x08", "a number that does not end"),
        (b"\x08" + b"\xff" * 9 + b"\x02", "more than 64 bits"),
        (b"\x08" + b"\x80" * 11, "a number that does not end"),
        (b"\x00\x01", "the number of a field, 0"),
        (b"\x0b", "field 1 has the wire type 3"),
        (b"\x0f", "field 1 has the wire type 7"),
        (b"\x12\x05ab", "5 bytes, and 2 follow; the payload was cut off"),
        (b"\x09\x00", "8 bytes, and 1 follow"),
        (b"\x0d\x00", "4 bytes, and 1 follow"),
        (_field(1, b"x"), "field 1 is a bytes value; a whole number stands there"),
        (_field(2, 5), "field 2 is a varint value; a text or message stands there"),
        (_field(2, _field(1, b"\xff")), "field 1 is no UTF-8"),
        (_field(2, _field(12, 1.5) + _field(1, "x")), None),
    ],
)  # fmt: skip
def test_what_is_no_payload_is_refused_whole(payload: bytes, says: str | None) -> None:
    """With the byte or the field; a value of another type costs only its metric."""
    if says is None:
        content = Sparkplug().decode(payload, DEVICE.format("DDATA"), RECEIVED)
        assert [value.code for value in content.refused] == ["not-protobuf"]
        return
    refusal = _refusal(payload)
    assert (refusal.code, says in refusal.reason) == ("not-protobuf", True)


def test_a_compressed_payload_is_refused() -> None:
    """Rather than inflated to whatever it becomes."""
    assert "its payload is compressed" in _refusal(_field(4, COMPRESSED) + _field(5, b"\x1f\x8b")).reason
    assert Sparkplug().decode(_field(4, "schema") + _field(5, b"x"), DEVICE.format("DDATA"), RECEIVED) == Content()


def test_a_refused_birth_changes_nothing() -> None:
    """Half a certificate is none."""
    codec = _born()
    before = msgspec.json.encode(codec.memory)
    with pytest.raises(RefusedError):
        codec.decode(_payload(_metric(name="x", alias=1), seq=9) + b"\x12\x05a", DEVICE.format("DBIRTH"), RECEIVED)
    assert msgspec.json.encode(codec.memory) == before


def test_the_datatypes_have_the_numbers_of_the_standard() -> None:
    """Sparkplug 3.0.0, 6.4.16: some of both ends and of the middle."""
    numbers = {"Unknown": 0, "Int8": 1, "UInt64": 8, "Double": 10, "DateTime": 13, "Template": 19, "DateTimeArray": 34}
    assert {name: DATATYPES.index(name) for name in numbers} == numbers


@given(st.lists(st.tuples(st.integers(1, 2**29 - 1), st.integers(0, 2**64 - 1) | st.binary(max_size=9) | st.floats())))
def test_fields_are_read_as_they_were_written(told: list[tuple[int, Any]]) -> None:
    """Numbers, data and doubles; nothing is left over."""
    written = b"".join(_field(number, value) for number, value in told)
    read = [(field.number, field.value) for field in fields(written)]
    assert read == [(number, struct.pack("<d", value) if isinstance(value, float) else value) for number, value in told]


@given(
    st.binary(max_size=80),
    st.sampled_from(["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH", "NCMD", "STATE", ""]),
    st.integers(0, 2**60),
)
def test_no_bytes_do_harm(payload: bytes, kind: str, received: int) -> None:
    """Whatever they are, on whatever topic, before and after a birth."""
    for codec in (Sparkplug(), _born()):
        for message in (payload, _field(2, payload), _payload(_field(2, _field(1, "x") + payload))):
            for topic in (NODE, DEVICE):
                try:
                    content = codec.decode(message, topic.format(kind), received)
                except RefusedError as refused:
                    refused.reason.encode()
                    continue
                assert all(
                    float(value.text) == float(value.text) for told in content.told for value in told.values.values()
                )


def test_a_node_has_no_shared_memory() -> None:
    """Defaults of structs are made anew."""
    first, second = Node(), Node()
    first.born["x"] = sparkplug.Born()
    assert second.born == {}
