"""The reference frames, from the bytes to our units; and 20,000 damaged ones of them."""

from __future__ import annotations

import json
import random
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest

from qingchuan.collector.codecs.hj212 import decode_by
from qingchuan.collector.codecs.told import Content
from qingchuan.collector.devices import Device
from qingchuan.collector.hj212.checks import may_tell_checks
from qingchuan.collector.hj212.frames import Frames
from qingchuan.collector.refusal import RefusedError
from qingchuan.collector.resolving import Resolver
from qingchuan.store.subjects import AirStation, Name, Section, Site, Subject
from tests.support.hj212_frames import framed, valid

NAME = Name("站", "Station")
KINDS: dict[str, Subject] = {
    "air": AirStation(NAME, "330200"),
    "section": Section(NAME, "river"),
    "outfall": Site(NAME, "outfall"),
    "voc": Site(NAME, "voc"),
}
FAR = 2**40

OURS = {
    **{f"a2100{code}": (item, 3) for code, item in ((1, "nh3"), (2, "nox"), (3, "no"), (4, "no2"))},
    "a21005": ("co", 0),
    "a21026": ("so2", 3),
    "w00000": ("flow", 0),
    "w00000-Cou": ("flow_volume", 0),
    "w01001": ("ph", 0),
    "w01003": ("turbidity", 0),
    "w01006": ("tds", 0),
    "w01009": ("do", 0),
    "w01010": ("temperature", 0),
    "w01014": ("conductivity", 0),
    "w01017": ("bod5", 0),
    "w01018": ("cod", 0),
    "w01019": ("codmn", 0),
    "w20115": ("cadmium", -3),
    "w20119": ("arsenic", -3),
    "w20120": ("lead", -3),
    "w20122": ("copper", 0),
    "w21001": ("tn", 0),
    "w21003": ("nh3n", 0),
    "w21011": ("tp", 0),
    "w21016": ("cyanide", 0),
    "w23002": ("volatile_phenol", 0),
}
"""Our item, and the power of ten from the unit that tables B.1 and B.2 of HJ 212—2017 print to ours."""

OF_STACKS = {"a21002", "a21003", "a21026"}
"""Told of flue gas only, at 18 … 102 mg/m³: a hundred times what an instrument for the air tells."""

_VALUE = re.compile(r"(\w+)-(Rtd|Avg|Cou)=([^,;&]+)")


def _known(folder: Path) -> list[tuple[bytes, bool]]:
    frames = json.loads((folder / "hj212" / "frames.json").read_text())
    published = [(entry["frame"].encode(), entry["valid"]) for entry in frames["published"]]
    return published + [(entry["frame"].encode(), True) for entry in frames["derived"]]


def _resolved(content: Content, mn: str) -> tuple[dict[str, str], set[str]]:
    """What any kind of subject would be told, and the codes that instruments do not tell such values of."""
    told: dict[str, str] = {}
    implausible: set[str] = set()
    for kind in KINDS:
        try:
            observations, refused, _ = Resolver({mn: Device(mn, kind)}, KINDS).resolve(content, FAR)
        except RefusedError as error:
            observations, refused = [], list(error.values)
        for observation in observations:
            told |= {item: text for item, (text, _) in observation.items.items()}
        implausible |= {value.item for value in refused if "an instrument tells" in value.reason}
    return told, implausible


def test_every_valid_reference_frame_becomes_values_in_our_units(reference_data: Path) -> None:
    """Each value of a code that we know, digit for digit but for the point; read from the text by another way."""
    checked: set[str] = set()
    for raw, is_valid in _known(reference_data):
        if not is_valid:
            continue
        text = raw.decode()
        mn = re.search(r"MN=([^;]*)", text)
        assert mn is not None
        content = decode_by(raw)
        assert content.refused == []
        told, implausible = _resolved(content, mn[1])
        for code, name, value in _VALUE.findall(text):
            key = f"{code}-Cou" if name == "Cou" else code
            if key in OURS and key not in implausible and not (name == "Rtd" and f"{code}-Avg=" in text):
                item, power = OURS[key]
                assert Decimal(told[item]) == Decimal(value).scaleb(power), (mn[1], key)
                checked.add(key)
    assert checked == set(OURS) - OF_STACKS


def test_every_reference_frame_that_is_wrong_is_refused_with_what_would_be_right(reference_data: Path) -> None:
    """A CRC with the one that its data have, by the published algorithm; a length with the one that they have."""
    wrong = [raw for raw, is_valid in _known(reference_data) if not is_valid]
    assert len(wrong) == 5
    for raw in wrong:
        with pytest.raises(RefusedError) as caught:
            decode_by(raw)
        assert caught.value.code == "wrong-frame"
        assert f"{_crc(raw[6:-4]):04X}" in caught.value.reason or "ends after 125" in caught.value.reason


def _crc(data: bytes) -> int:
    """Annex A of HJ 212—2017, step by step."""
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            bit, register = register & 1, register >> 1
            register ^= 0xA001 if bit else 0
    return register


def _mutated(raw: bytes, numbers: random.Random) -> bytes:
    """One to four bytes flipped, taken out, doubled, or put in; half of them with a CRC that is right again."""
    data = bytearray(raw)
    for _ in range(numbers.randrange(1, 5)):
        place = numbers.randrange(len(data))
        kind = numbers.randrange(4)
        if kind == 0:
            data[place] ^= 1 << numbers.randrange(8)
        elif kind == 1:
            del data[place : place + numbers.randrange(1, 20)]
        elif kind == 2:
            data[place:place] = data[place : place + numbers.randrange(1, 40)]
        else:
            data[place:place] = numbers.choice(
                [b"#", b"##", b"&&", b"=", b";", b",", b"-", b"{0x", numbers.randbytes(3)]
            )
        if not data:
            return b"##"
    return framed(bytes(data[6:-4])) if numbers.random() < 1 / 2 and len(data) > 10 else bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_20_000_damaged_frames_are_told_or_refused_each_in_a_moment(seed: int) -> None:
    """Nothing but a refusal, no hang, nothing held; and a check is told only by what may tell one."""
    numbers, known, slowest = random.Random(seed), valid(), 0.0
    resolver = Resolver({"A110000_0001": Device("A110000_0001", "section")}, KINDS)
    for _ in range(5000):
        payload = _mutated(numbers.choice(known), numbers)
        began = time.process_time()
        stream = Frames()
        stream.feed(payload)
        stream.finish()
        try:
            content = decode_by(payload)
            assert may_tell_checks(payload) or not content.checks
            resolver.resolve(content, FAR)
        except RefusedError as refused:
            assert refused.reason  # noqa: PT017 - one of two ends
        slowest = max(slowest, time.process_time() - began)
        assert stream.held == 0
    assert slowest < 0.5
