"""What docs/formats.md shows is what the collector takes."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from qingchuan.collector.codecs import lorawan, senml
from qingchuan.collector.codecs.sparkplug import Sparkplug
from qingchuan.collector.codecs.told import Content
from qingchuan.collector.devices import CodecName, Device, Format, codec_of
from qingchuan.collector.resolving import Resolver
from qingchuan.service.collector_settings import CollectorSettings
from qingchuan.store.observations import Observation
from qingchuan.store.subjects import Name, Section, Site, Subject

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "formats.md").read_text(encoding="utf-8")
SETTINGS = dict(re.findall(r"```toml (\S+)\n(.*?)```", TEXT, re.DOTALL))
MESSAGES = dict(re.findall(r"```json (\S+)\n(.*?)```", TEXT, re.DOTALL))

SUBJECTS: dict[str, Subject] = {
    "dazha": Section(Name("大闸", "Dazha"), "river"),
    "roof": Site(Name("屋顶", "Roof"), "weather"),
}
RECEIVED = 1_772_323_205 * 1_000_000
FAR = 2**40


def _settings(name: str) -> CollectorSettings:
    return CollectorSettings.model_validate(tomllib.loads(SETTINGS[name])["collector"])


def _devices(name: str) -> dict[str, Device]:
    entries = [msgspec.convert(entry, Device) for entry in tomllib.loads(SETTINGS[name])["collector"]["devices"]]
    return {device.id: device for device in entries}


def _resolved(content: Content, name: str) -> tuple[list[Observation], list[str]]:
    observations, refused, _ = Resolver(_devices(name), SUBJECTS).resolve(content, FAR)
    return observations, [value.item for value in refused]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_settings_are_accepted(name: str) -> None:
    """By the same rules as those of a file."""
    settings = _settings(name)
    assert settings.formats or settings.devices


@pytest.mark.parametrize(
    ("topic", "codec"),
    [
        ("sensors/7/senml", "senml"),
        ("sensors/7/senml-cbor", "senml-cbor"),
        ("spBv1.0/ningbo/DDATA/gateway-7/dazha", "sparkplug"),
        ("v3/ningbo-rivers@tenant1/devices/weir-3/up", "lorawan"),
        ("application/1/device/0101010101010101/event/up", "lorawan"),
        ("qingchuan/dazha/reading", "native"),
    ],
)
def test_a_topic_decides_which_codec_takes_a_message(topic: str, codec: CodecName) -> None:
    """By the filters that the page shows."""
    formats = tuple(Format(entry.topic, entry.codec) for entry in _settings("formats").formats)
    assert codec_of(topic, formats) == codec


def test_the_pack_of_senml_becomes_a_reading() -> None:
    """Of the section that the entry names, in our units."""
    content = senml.decode(MESSAGES["section.json"].encode(), "", RECEIVED)
    assert content == senml.decode((DOCS / "examples" / "senml" / "section.json").read_bytes(), "", RECEIVED)
    [observation], refused = _resolved(content, "section.json")
    assert (observation.subject, observation.period, observation.start) == ("dazha", "instant", 1_772_323_200)
    assert {item: text for item, (text, _) in observation.items.items()} == {
        "temperature": "11.3",
        "ph": "7.10",
        "do": "11.06",
        "conductivity": "412",
        "nh3n": "0.040",
        "water_level": "11.83",
    }
    assert refused == []  # the entry leaves the door out, which tells no number


def test_the_uplink_of_the_things_stack_becomes_a_reading() -> None:
    """Codes with dots, a unit in a text, and codes that are left out."""
    content = lorawan.decode(MESSAGES["things-stack-up.json"].encode(), "v3/a@t/devices/weir-3/up", RECEIVED)
    example = (DOCS / "examples" / "lorawan" / "things-stack-up.json").read_bytes()
    assert content == lorawan.decode(example, "v3/a@t/devices/weir-3/up", RECEIVED)
    [observation], refused = _resolved(content, "things-stack-up.json")
    assert observation.items == {"water_level": ("1.830", 2), "temperature": ("11.3", 2), "conductivity": ("412", 2)}
    assert refused == ["alarm"]


def test_the_uplink_of_chirpstack_becomes_weather() -> None:
    """With the unit that the entry names: 1013.2 hPa are 101.32 kPa."""
    content = lorawan.decode(MESSAGES["chirpstack-up.json"].encode(), "application/1/device/2/event/up", RECEIVED)
    example = (DOCS / "examples" / "lorawan" / "chirpstack-up.json").read_bytes()
    assert content == lorawan.decode(example, "application/1/device/2/event/up", RECEIVED)
    [observation], refused = _resolved(content, "chirpstack-up.json")
    assert (observation.subject, observation.period) == ("roof", "realtime")
    expected = {"air_temperature": ("11.8", 2), "relative_humidity": ("64.2", 2), "air_pressure": ("101.32", 2)}
    assert (observation.items, refused) == (expected, [])


def test_the_messages_of_sparkplug_become_readings() -> None:
    """Births and data of the device; the battery of the node is left out."""
    lines = (DOCS / "examples" / "sparkplug" / "session.txt").read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line and not line.startswith("#")]
    codec, observations = Sparkplug(), []
    for topic, payload in zip(told[:8:2], told[1:8:2], strict=True):
        observations += _resolved(codec.decode(bytes.fromhex(payload), topic, RECEIVED), "session.txt")[0]
    first, *later = observations
    items = {"ph": ("7.1", 2), "do": ("11.06", 2), "temperature": ("-2", 2), "conductivity": ("412", 2)}
    assert (first.subject, first.period, first.items) == ("dazha", "instant", items)
    assert [observation.start - first.start for observation in later] == [3600, 1800]


def test_the_page_lists_all_units() -> None:
    """As processing/units.toml has them, in its order."""
    table = tomllib.loads(resources.files("qingchuan.processing").joinpath("units.toml").read_text(encoding="utf-8"))
    for quantity in table["quantities"]:
        names = " ".join(f"`{unit['unit']}`" if unit["unit"] else "(none · 无)" for unit in quantity["units"])
        assert f"| {quantity['zh']} {quantity['en']} | {names} |" in TEXT
