"""Applying again what came in other formats: quality control of stations, files, births of Sparkplug."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.collector.devices import Device, Format
from qingchuan.processing.flags import BAD
from qingchuan.processing.periods import to_beijing
from qingchuan.store import station_checks
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.again import adds_up, standing, try_again
from tests.support.applying import START, Bench, settings_of
from tests.support.hj212_frames import told

MN = "A330200_0001"
SECTION = b'{"kind":"section","name":{"zh":"\xe5\x9d\x9d","en":"Dazha"},"water_body":"river"}'
BIRTH = bytes.fromhex("08e80712110a0270681001200a6900000000000020401800")
DATA = bytes.fromhex("08d00f120b10016900000000000021401801")
DAY = 86_400


def _section(folder: Path) -> Bench:
    bench = Bench(folder)
    bench.received = (START + 30 * DAY) * 1_000_000
    return bench


def _check(measured: str) -> Message:
    moment = to_beijing(START + 3600).strftime("%Y%m%d%H%M%S")
    data = f"DataTime={moment};w21003-Check={measured},w21003-StandardValue=0"
    return Message("hj212", "gateway", MN, told(data, f"CN=2065;MN={MN};Flag=9"))


def _flags(bench: Bench) -> list[int]:
    found = bench.observations.readings(["dazha"], ["nh3n"], START, START + DAY)
    return [int(flag) for flag in found.flags[0]]


def test_a_check_of_an_unknown_logger_counts_when_its_entry_is_there(tmp_path: Path) -> None:
    """It makes the values before it bad, and is counted once."""
    bench = _section(tmp_path)
    reading = b'{"time":"2026-03-01T00:30:00Z","values":{"nh3n":0.5}}'
    bench.take(_check("2"), Message("mqtt", "c", "qingchuan/dazha/station", SECTION))
    bench.take(Message("mqtt", "c", "qingchuan/dazha/reading", reading))
    assert [code for _, item, code in standing(bench) if not item] == ["unknown-subject"]
    assert BAD not in _flags(bench)
    bench.take(settings_of(devices=(Device(MN, "dazha", dialect="cnemc"),)))
    assert try_again(bench) == 1
    assert standing(bench) == []
    assert _flags(bench) == [BAD]
    (check,) = station_checks.between(bench.state.engine, 0, 2**40, 9, 2**40)
    assert (check.sequence, check.passed) == (5, False)
    assert adds_up(bench) == Tally(applied=3)
    bench.restart()
    assert _flags(bench) == [BAD]


def test_the_births_of_old_are_not_taken_for_the_newest(tmp_path: Path) -> None:
    """What a node told when it was born last decides what it tells now."""
    bench = _section(tmp_path)
    formats = (Format("spBv1.0/#", "sparkplug"),)
    topic = "spBv1.0/ningbo/{}/gateway/dazha"
    other = BIRTH.replace(b"ph", b"do")
    bench.take(settings_of(formats=formats), Message("mqtt", "c", topic.format("DBIRTH"), BIRTH))
    bench.take(Message("mqtt", "c", "qingchuan/dazha/station", SECTION))
    bench.take(Message("mqtt", "c", topic.format("DBIRTH"), other))
    device = Device("ningbo/gateway/dazha", "dazha", period="instant")
    bench.take(settings_of(formats=formats, devices=(device,)))
    try_again(bench)
    bench.take(Message("mqtt", "c", topic.format("DDATA"), DATA))
    found = bench.observations.readings(["dazha"], ["ph", "do"], 0, START)
    assert found.times.astype("int64").tolist() == [1, 2]
    assert found.values[0].tolist()[0] == 8.0
    assert found.values[1].tolist()[1] == 8.5
    adds_up(bench)


@pytest.mark.parametrize(
    ("codec", "payload"),
    [
        (
            "hj212",
            told("DataTime=20260301080000;w01001-Avg=7.1", f"ST=21;CN=2061;MN={MN};Flag=5") + b"\r\n##0100QN=cut",
        ),
        ("senml", b'[{"v":1},{"n":"A330200_0001:ph","v":7.1,"t":1772323200}]'),
        ("native", b'{"time":"2026-03-01T00:00:00Z","values":{"ph":7.1,"":1}}'),
    ],
)
def test_a_value_without_a_name_is_not_taken_for_its_whole_message(tmp_path: Path, codec: str, payload: bytes) -> None:
    """The rest of the message was applied, and is not counted once more when the value is tried again."""
    bench = _section(tmp_path)
    formats = () if codec == "native" else (Format("qingchuan/dazha/reading", codec),)  # type: ignore[arg-type]
    bench.take(Message("mqtt", "c", "qingchuan/dazha/station", SECTION))
    bench.take(settings_of(formats=formats, devices=(Device(MN, "dazha"),)))
    bench.take(Message("mqtt", "c", "qingchuan/dazha/reading", payload))
    refused = standing(bench)
    assert [(sequence, item) for sequence, item, _ in refused] == [(3, "?")]
    assert try_again(bench) == 1
    assert standing(bench) == refused
    assert adds_up(bench) == Tally(applied=2)
