"""The letters of one message stay within bounds, and applying it again settles all of them."""

from __future__ import annotations

import json
from pathlib import Path

from qingchuan.collector.devices import Device, Format
from qingchuan.collector.letters import MOST
from qingchuan.store.dead_letters import OTHERS, of_message
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from tests.support.again import adds_up, standing, try_again
from tests.support.applying import START, Bench, settings_of, station

SENML = (Format("sensors/#", "senml"),)
SENDER = "urn:dev:ow:10e2073a01080063"
ENTRY = Device(SENDER, "1235A", period="hour")


def _pack(*items: str) -> Message:
    records = [{"bn": f"{SENDER}:", "bt": START, "n": item, "u": "ug/m3", "v": 35} for item in items]
    return Message("mqtt", "c", "sensors/7", json.dumps(records).encode())


def _unknown(count: int) -> list[str]:
    return [f"x{number:03}" for number in range(count)]


def test_many_unknown_items_leave_a_hundred_letters_and_one_that_counts_the_others(tmp_path: Path) -> None:
    """Also in our own format; the value that is known is stored."""
    bench = Bench(tmp_path)
    values = ",".join(f'"{item}":1' for item in _unknown(250))
    payload = f'{{"start":"2026-03-01T00:00:00Z","values":{{{values},"pm25":35}}}}'.encode()
    bench.take(station(), Message("mqtt", "c", "qingchuan/1235A/hour", payload))
    letters = of_message(bench.state.engine, 2)
    assert sorted(letter.item or "" for letter in letters) == [*_unknown(MOST), OTHERS]
    (others,) = (letter for letter in letters if letter.item == OTHERS)
    assert others.reason.startswith("150 more values were refused; the first of them, x100: ")
    assert bench.pm25() == [35.0]
    assert adds_up(bench) == Tally(applied=2)


def test_a_hundred_letters_need_no_other_one(tmp_path: Path) -> None:
    """The bound itself."""
    bench = Bench(tmp_path)
    bench.take(settings_of(formats=SENML, devices=(ENTRY,)), station(), _pack("pm25", *_unknown(MOST)))
    assert [item for _, item, _ in standing(bench)] == _unknown(MOST)


def test_the_name_of_a_value_is_cut_where_it_is_long(tmp_path: Path) -> None:
    """So is its reason, which names it."""
    bench = Bench(tmp_path)
    bench.take(settings_of(formats=SENML, devices=(ENTRY,)), station(), _pack("pm25", "x" * 100_000))
    (letter,) = of_message(bench.state.engine, 3)
    assert letter.item == f"{'x' * 79}…"
    assert len(letter.reason) <= 2000


def test_applying_again_settles_the_letter_of_the_others_too(tmp_path: Path) -> None:
    """Values without a letter of their own are stored as soon as they can be; the letter counts those that are left."""
    bench = Bench(tmp_path)
    told = [*_unknown(150), "ozone"]
    bench.take(settings_of(formats=SENML, devices=(ENTRY,)), station(), _pack("pm25", *told))
    assert len(standing(bench)) == MOST + 1
    bench.take(settings_of(formats=SENML, devices=(Device(SENDER, "1235A", "hour", codes={"ozone": "o3"}),)))
    try_again(bench)
    hour = bench.observations.read(["1235A"], ["pm25", "o3"], "hour", START, START + 3600)
    assert hour.values[:, 0, 0].tolist() == [35.0, 35.0]
    (others,) = (letter for letter in of_message(bench.state.engine, 3) if letter.item == OTHERS)
    assert others.reason.startswith("50 more values were refused; the first of them, x100: ")
    assert (len(standing(bench)), others.settled) == (MOST + 1, None)
    left_out = dict.fromkeys(_unknown(150), "") | {"ozone": "o3"}
    bench.take(settings_of(formats=SENML, devices=(Device(SENDER, "1235A", "hour", codes=left_out),)))
    try_again(bench)
    assert standing(bench) == []
    assert adds_up(bench) == Tally(applied=2)


def test_a_message_that_was_refused_as_a_whole_keeps_within_the_bounds_when_it_is_applied(tmp_path: Path) -> None:
    """Before its subject was announced nothing was said of its values; tried twice it has no more letters."""
    bench = Bench(tmp_path)
    values = ",".join(f'"{item}":1' for item in _unknown(250))
    payload = f'{{"start":"2026-03-01T00:00:00Z","values":{{{values},"pm25":35}}}}'.encode()
    bench.take(Message("mqtt", "c", "qingchuan/1235A/hour", payload), station())
    for _ in range(2):
        try_again(bench)
        assert [item for _, item, _ in standing(bench)] == [*_unknown(MOST), OTHERS]
    assert bench.pm25() == [35.0]
    assert adds_up(bench) == Tally(applied=2)


def test_the_letter_of_the_others_stays_where_the_message_is_refused_as_a_whole_now(tmp_path: Path) -> None:
    """Nothing is decided of its values then."""
    bench = Bench(tmp_path)
    bench.take(settings_of(formats=SENML, devices=(ENTRY,)), station(), _pack("pm25", *_unknown(150)))
    before = standing(bench)
    bench.take(settings_of(formats=(Format("sensors/#", "lorawan"),)))
    assert try_again(bench) == 1
    assert standing(bench) == before
