"""What Sparkplug nodes told when they were born is known after a start, however the program had ended."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from qingchuan.collector.codecs import sparkplug
from qingchuan.collector.codecs.sparkplug import Memory, Sparkplug
from qingchuan.collector.decoding import Decoding
from qingchuan.collector.devices import Device, Format
from qingchuan.store import codec_memory
from qingchuan.store.messages import Message
from tests.support.applying import Bench, nothing_waits

SECTION = b'{"kind":"section","name":{"zh":"\xe5\x9d\x9d","en":"Dazha"},"water_body":"river"}'
SETTINGS = Decoding(devices=(Device("ningbo/gateway/dazha", "dazha"),), formats=(Format("spBv1.0/#", "sparkplug"),))
NODE_BIRTH = bytes.fromhex("1800")
BIRTH = bytes.fromhex("08e80712110a0270681001200a6900000000000020401801")
"""pH under the alias 1, a double: 8."""
DATA = bytes.fromhex("08d00f120b10016900000000000021401802")
"""The alias 1: 8.5, a second later."""


def _message(kind: str, payload: bytes, device: str = "/dazha", node: str = "gateway") -> Message:
    return Message("mqtt", "c", f"spBv1.0/ningbo/{kind}/{node}{device}", payload)


BORN = (_message("NBIRTH", NODE_BIRTH, ""), _message("DBIRTH", BIRTH))
TOLD = _message("DDATA", DATA)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench that knows the device."""
    made = _bench(tmp_path / "lived")
    yield made
    made.close()


def _bench(folder: Path) -> Bench:
    folder.mkdir()
    made = Bench(folder)
    made.take(
        Message("settings", "c", "", msgspec.json.encode(SETTINGS)),
        Message("mqtt", "c", "qingchuan/dazha/station", SECTION),
    )
    return made


def _values(bench: Bench) -> list[float]:
    return [float(value) for value in bench.observations.readings(["dazha"], ["ph"], 0, 100).values[0]]


def _kept(bench: Bench) -> dict[str, bytes]:
    return codec_memory.load(bench.state.engine, "sparkplug")


def _dump(folder: Path) -> list[str]:
    database = sqlite3.connect(folder / "state.sqlite")
    lines = list(database.iterdump())
    database.close()
    return lines


def test_an_alias_is_known_after_a_start(bench: Bench) -> None:
    """The node need not be born again."""
    bench.take(*BORN)
    bench.restart()
    bench.take(TOLD)
    assert _values(bench) == [8.0, 8.5]
    assert bench.state.dead_letters(10) == []


def test_an_alias_is_known_after_a_kill_before_anything_was_kept(bench: Bench) -> None:
    """What was applied since is decoded once more for that; nothing of it is applied or counted again."""
    bench.journal.append(BORN)
    bench.applier.step()
    before = bench.observations.tally()
    assert (_kept(bench), nothing_waits(bench)) == ({}, True)
    bench.restart()
    assert list(_kept(bench)) == ["ningbo/gateway"]
    assert bench.observations.tally() == before
    bench.take(TOLD)
    assert _values(bench) == [8.0, 8.5]


def test_a_node_that_died_is_forgotten_after_a_start_too(bench: Bench) -> None:
    """Its aliases may mean something else when it comes back."""
    bench.take(*BORN)
    assert list(_kept(bench)) == ["ningbo/gateway"]
    bench.take(_message("NDEATH", b"", ""))
    assert _kept(bench) == {}
    bench.restart()
    bench.take(TOLD)
    assert _values(bench) == [8.0]
    assert {letter.code for letter in bench.state.dead_letters(10) if letter.item} == {"unknown-item"}


@pytest.mark.parametrize("kill", [False, True])
def test_a_rebuild_remembers_the_same_whatever_starts_there_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kill: bool
) -> None:
    """With nodes that are forgotten because others came, deaths, and births anew."""
    monkeypatch.setattr(sparkplug, "_MOST_NODES", 2)
    messages = [
        *BORN,
        TOLD,
        _message("NBIRTH", NODE_BIRTH, "", "second"),
        _message("DBIRTH", BIRTH),
        _message("NBIRTH", NODE_BIRTH, "", "third"),
        _message("NDEATH", b"", "", "third"),
        _message("NBIRTH", NODE_BIRTH, "", "fourth"),
        _message("NBIRTH", NODE_BIRTH, "", "fifth"),
        TOLD,
    ]
    lived = _bench(tmp_path / "lived")
    for message in messages:
        lived.journal.append([message])
        while lived.applier.step() and not kill:
            pass
        lived.restart()
    lived.take(*BORN)
    lived.close()
    (tmp_path / "again").mkdir()
    shutil.copytree(tmp_path / "lived" / "journal", tmp_path / "again" / "journal")
    rebuilt = Bench(tmp_path / "again")
    while rebuilt.applier.step():
        pass
    assert list(_kept(rebuilt)) == ["ningbo/fifth", "ningbo/gateway"]
    rebuilt.close()
    assert _dump(tmp_path / "again") == _dump(tmp_path / "lived")


def test_nodes_come_back_in_the_order_in_which_they_were_born() -> None:
    """Who was born first is forgotten first."""
    codec = Sparkplug()
    for node in ("b", "a", "c", "b"):
        codec.decode(NODE_BIRTH, f"spBv1.0/ningbo/NBIRTH/{node}", 0)
    kept = {name: content for name, content in codec.changes().items() if content is not None}
    assert list(Memory.of(kept).nodes) == list(codec.memory.nodes) == ["ningbo/a", "ningbo/c", "ningbo/b"]
