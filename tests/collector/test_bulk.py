"""Reading in bulk hands on what plain paho hands on, whatever comes and however it is cut."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from qingchuan.collector.bulk import BulkClient, _text
from qingchuan.collector.receiving import Arrived, PlainClient
from tests.support.scripted_broker import Publish, ScriptedBroker, portions, pubrel, remaining

BOTH = pytest.mark.parametrize("kind", [PlainClient, BulkClient])
_PINGRESP = bytes([0xD0, 0])
_MALFORMED = {
    "a topic longer than its packet": bytes([0x32, 4, 0, 9, 1, 1]),
    "no room for the number": bytes([0x32, 4, 0, 2, 97, 97]),
    "a length of five bytes": bytes([0x32, 0x80, 0x80, 0x80, 0x80, 1]),
    "an empty message": bytes([0x32, 0]),
}

_qos_1 = st.builds(
    Publish,
    topic=st.sampled_from([b"qingchuan/1235A/hour", "qingchuan/万里/hour".encode(), b"t"]),
    payload=st.one_of(st.binary(max_size=300), st.integers(100, 40_000).map(bytes)),
    qos=st.just(1),
    mid=st.integers(1, 65535),
    retained=st.booleans(),
    duplicate=st.booleans(),
)
_qos_0 = st.builds(Publish, topic=st.just(b"q/0"), payload=st.binary(max_size=300), qos=st.just(0))
_packets = st.lists(st.one_of(_qos_1, _qos_0, st.just(None)), max_size=30)


def _hear(kind: type[PlainClient], told: Sequence[bytes], *, rounds: int = 10_000) -> tuple[list[Arrived], bytes]:
    """What a client hands on when a broker sends the portions `told`, and what the broker hears of it."""
    arrived: list[Arrived] = []
    client = kind(CallbackAPIVersion.VERSION2, "collector", clean_session=False, manual_ack=True)
    client.on_arrived = arrived.extend
    with ScriptedBroker(told) as broker:
        client.connect("127.0.0.1", broker.port)
        for _ in range(rounds):
            if client.loop(1) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                break
    return arrived, bytes(broker.heard)


@settings(max_examples=60, deadline=None)
@given(packets=_packets, cuts=st.lists(st.integers(1, 3000), max_size=20))
def test_both_hand_on_the_same_messages_however_they_are_cut(packets: list[Publish | None], cuts: list[int]) -> None:
    """QoS 0 and 1, signs of life in between, and cuts at any place."""
    told = portions(b"".join(packet.packet() if packet else _PINGRESP for packet in packets), cuts)
    bulk, _ = _hear(BulkClient, told)
    plain, _ = _hear(PlainClient, told)
    assert bulk == plain
    assert [message.payload for message in bulk] == [packet.payload for packet in packets if packet]


def test_a_message_that_comes_byte_by_byte_comes_whole() -> None:
    """Cut also within its length, which takes two bytes."""
    packet = Publish(b"qingchuan/1235A/hour", bytes(500), mid=7).packet()
    arrived, _ = _hear(BulkClient, portions(packet, range(len(packet))))
    assert arrived == [Arrived("qingchuan/1235A/hour", bytes(500), 7)]


@BOTH
def test_a_large_message_between_small_ones_keeps_its_place(kind: type[PlainClient]) -> None:
    """Three megabytes take many reads."""
    large = bytes(range(256)) * 12_000
    told = [Publish(b"a", b"1", mid=1), Publish(b"b", large, mid=2), Publish(b"c", b"3", mid=3)]
    arrived, _ = _hear(kind, [b"".join(packet.packet() for packet in told)])
    assert [(one.topic, one.payload, one.mid) for one in arrived] == [("a", b"1", 1), ("b", large, 2), ("c", b"3", 3)]


@BOTH
def test_qos_2_is_handed_on_once_it_is_released(kind: type[PlainClient]) -> None:
    """In the place where the broker releases it."""
    told = Publish(b"q2", b"2", qos=2, mid=5).packet() + Publish(b"q1", b"1", mid=6).packet() + pubrel(5)
    arrived, heard = _hear(kind, [told])
    assert [(one.topic, one.qos) for one in arrived] == [("q1", 1), ("q2", 2)]
    assert bytes([0x50, 2, 0, 5]) in heard


@BOTH
def test_a_topic_that_is_no_utf_8_costs_nothing_else(kind: type[PlainClient]) -> None:
    """It is handed on readable, to be refused with a reason."""
    told = Publish(b"q/\xff/hour", b"1", mid=1).packet() + Publish(b"q/1/hour", b"2", mid=2).packet()
    arrived, _ = _hear(kind, [told])
    assert [one.topic for one in arrived] == ["q/\\xff/hour", "q/1/hour"]


@pytest.mark.parametrize("packet", _MALFORMED.values(), ids=_MALFORMED.keys())
def test_a_malformed_packet_ends_the_connection_after_what_came_before(packet: bytes) -> None:
    """What follows cannot be told apart any more."""
    arrived, _ = _hear(BulkClient, [Publish(b"q", b"1").packet() + packet + Publish(b"q", b"2").packet()])
    assert [one.payload for one in arrived] == [b"1"]


@BOTH
def test_acknowledgements_leave_in_the_order_of_arrival(kind: type[PlainClient]) -> None:
    """Of all messages that are told to be safe, and of no other."""
    client = kind(CallbackAPIVersion.VERSION2, "collector", clean_session=False, manual_ack=True)
    client.on_arrived = lambda messages: client.acknowledge([one for one in messages if one.mid != 3])
    told = [Publish(b"q", b"", mid=mid).packet() for mid in (5, 3, 70, 1000)]
    with ScriptedBroker(told, wait_for=12) as broker:
        client.connect("127.0.0.1", broker.port)
        while client.loop(1) == MQTTErrorCode.MQTT_ERR_SUCCESS:
            pass
    acknowledged = [bytes(broker.heard[at : at + 4]) for at in range(0, 12, 4)]
    assert acknowledged == [bytes([0x40, 2, *mid.to_bytes(2)]) for mid in (5, 70, 1000)]


def test_what_is_left_of_a_broken_connection_is_no_part_of_the_next() -> None:
    """Half a message came; the broker sends it whole again."""
    arrived: list[Arrived] = []
    client = BulkClient(CallbackAPIVersion.VERSION2, "collector", clean_session=False, manual_ack=True)
    client.on_arrived = arrived.extend
    packet = Publish(b"q", bytes(1000), mid=9).packet()
    for told in (packet[:400], packet):
        with ScriptedBroker([told]) as broker:
            client.connect("127.0.0.1", broker.port)
            while client.loop(1) == MQTTErrorCode.MQTT_ERR_SUCCESS:
                pass
    assert arrived == [Arrived("q", bytes(1000), 9)]


@given(length=st.integers(0, 268_435_455))
def test_a_length_takes_as_many_bytes_as_it_needs(length: int) -> None:
    """Of the packets that these tests make."""
    told = remaining(length)
    assert sum((byte & 127) << 7 * place for place, byte in enumerate(told)) == length
    assert len(told) <= 4


def test_long_topics_come_whole_and_are_not_remembered() -> None:
    """Anybody may think up thousands of 64 KiB; the usual ones are remembered."""
    usual, longer = b"u" * 199, b"l" * 60_000
    before = _text.cache_info().currsize
    told = b"".join(Publish(topic, b"1", mid=mid).packet() for mid, topic in enumerate((longer, usual), 1))
    arrived, _ = _hear(BulkClient, [told])
    assert [message.topic for message in arrived] == [longer.decode(), usual.decode()]
    assert _text.cache_info().currsize == before + 1
