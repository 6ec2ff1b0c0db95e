"""Whoever may publish on one topic only cannot speak for another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qingchuan.collector.devices import Device, Format
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.again import adds_up, standing
from tests.support.applying import START, STATION, Bench, settings_of, station

PM25 = 35


def _pack(topic: str, *senders: str) -> Message:
    records = [{"n": f"{sender}/pm25", "t": START + 3600, "u": "ug/m3", "v": PM25} for sender in senders]
    return Message("mqtt", "c", topic, json.dumps(records).encode())


def _bench(folder: Path, topic: str) -> Bench:
    bench = Bench(folder)
    devices = tuple(Device(name, subject, "hour", label="end") for name, subject in (("a7", "1235A"), ("b8", "1236A")))
    other = Message("mqtt", "c", "qingchuan/1236A/station", STATION)
    bench.take(settings_of(formats=(Format(topic, "senml"),), devices=devices), station(), other)
    return bench


@pytest.mark.parametrize("level", ["a7", "1235A"])
def test_a_device_tells_of_itself_on_its_topic(tmp_path: Path, level: str) -> None:
    """By its own name, or by that of its subject."""
    bench = _bench(tmp_path, "sensors/{device}/senml")
    bench.take(_pack(f"sensors/{level}/senml", "a7"))
    assert bench.pm25() == [PM25]
    assert standing(bench) == []


def test_what_it_tells_of_another_is_refused(tmp_path: Path) -> None:
    """Whole, if there is nothing else in it."""
    bench = _bench(tmp_path, "sensors/{device}/senml")
    bench.take(_pack("sensors/b8/senml", "a7"))
    assert bench.pm25() == [None]
    letter = bench.state.dead_letters(9)[0]
    assert letter.code == "wrong-topic"
    assert "its topic names 'b8', its payload 'a7'" in letter.reason
    assert adds_up(bench) == Tally(applied=2, dead_letter=1)


def test_what_it_tells_of_itself_beside_that_is_taken(tmp_path: Path) -> None:
    """One value costs only itself."""
    bench = _bench(tmp_path, "sensors/{device}/senml")
    bench.take(_pack("sensors/a7/senml", "a7", "b8"))
    assert bench.pm25() == [PM25]
    assert standing(bench) == [(4, "pm25", "wrong-topic")]


def test_without_such_a_level_a_gateway_speaks_for_many(tmp_path: Path) -> None:
    """What the topic says is then no matter."""
    bench = _bench(tmp_path, "sensors/+/senml")
    bench.take(_pack("sensors/gateway/senml", "a7", "b8"))
    assert standing(bench) == []


def test_a_frame_on_the_topic_of_another_logger_is_refused(tmp_path: Path) -> None:
    """HJ 212 over MQTT names its MN in the frame."""
    bench = Bench(tmp_path)
    frame = b"##0096ST=21;CN=2061;MN=A110000_0001;Flag=9;CP=&&DataTime=20260301080000;a34004-Avg=6.6,a34004-Flag=N&&"
    body = frame[6:]
    whole = b"##%04d%s%04X\r\n" % (len(body), body, _crc(body))
    devices = (Device("A110000_0001", "1235A"),)
    bench.take(
        settings_of(formats=(Format("hj212/{device}", "hj212"),), devices=devices, future_tolerance=86400), station()
    )
    bench.take(Message("mqtt", "c", "hj212/A110000_0002", whole), Message("mqtt", "c", "hj212/A110000_0001", whole))
    assert [code for number, item, code in standing(bench) if number == 3 and not item] == ["wrong-topic"]
    assert bench.pm25() == [6.6]


def test_no_native_payload_tells_of_another_subject(tmp_path: Path) -> None:
    """It has no field for one."""
    bench = Bench(tmp_path)
    told = b'{"subject":"1236A","start":"2026-03-01T00:00:00Z","values":{"pm25":35}}'
    named = STATION.replace(b'"city"', b'"subject":"1236A","city"')
    bench.take(station(), Message("mqtt", "c", "qingchuan/1235A/hour", told), station(named))
    assert standing(bench) == [(2, "", "wrong-shape"), (3, "", "wrong-shape")]


def _crc(body: bytes) -> int:
    register = 0xFFFF
    for byte in body:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register
