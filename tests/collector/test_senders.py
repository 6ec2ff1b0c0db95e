"""Who may tell what, as the native messages have it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from qingchuan.collector import senders
from qingchuan.collector.codecs.native import decode_observation, form_of
from qingchuan.collector.refusal import RefusedError
from qingchuan.collector.topics import KINDS, MessageKind, Topic
from qingchuan.processing import catalogue
from qingchuan.processing.periods import parse_instant
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally
from qingchuan.store.subjects import AirStation, City, Name, Purpose, Section, Site, Subject, domains_of, parse_subject
from tests.support.applying import Bench

FAR = 2**40
NAME = Name("", "")
STATION, SECTION, CITY = AirStation(NAME, "330200"), Section(NAME, "river"), City(NAME)
KEYS = catalogue.tellable("hour", catalogue.DOMAINS)
TIMES: dict[MessageKind, str] = {
    "hour": '"end":"2026-03-01T09:00:00+08:00"',
    "day": '"start":"2026-02-27T00:00:00+08:00"',
    "reading": '"time":"2026-03-01T08:20:05+08:00"',
    "minute": '"start":"2026-03-01T08:20:00+08:00"',
    "realtime": '"time":"2026-03-01T08:20:05+08:00"',
}
STARTS: dict[MessageKind, str] = {
    "hour": "2026-03-01T08:00:00+08:00",
    "day": "2026-02-27T00:00:00+08:00",
    "reading": "2026-03-01T08:20:05+08:00",
    "minute": "2026-03-01T08:20:00+08:00",
    "realtime": "2026-03-01T08:20:05+08:00",
}


def site(purpose: Purpose) -> Site:
    """A site without a name."""
    return Site(NAME, purpose)


def announced(subject: Subject, name: str) -> Message:
    """The announcement of a subject."""
    return Message("mqtt", "c", f"qingchuan/{name}/station", msgspec.json.encode(subject))


def told(name: str, message: MessageKind, values: str) -> Message:
    """A message of a subject."""
    return Message("mqtt", "c", f"qingchuan/{name}/{message}", f'{{{TIMES[message]},"values":{values}}}'.encode())


def test_every_message_of_observations_has_its_period() -> None:
    """And none of the others."""
    assert set(senders.PERIODS) == set(KINDS) - {"station"}
    assert set(senders.PERIODS.values()) == set(catalogue.PERIODS)


@pytest.mark.parametrize(
    ("subject", "period", "some", "none"),
    [
        (
            STATION,
            "hour",
            {"pm25", "tsp", "nox", "air_temperature", "wind_direction", "benzene"},
            {"o3_8h", "noise_leq"},
        ),
        (STATION, "day", {"o3_8h", "pm25"}, {"o3", "ph"}),
        (STATION, "instant", set(), {"pm25"}),
        (SECTION, "instant", {"ph", "flow", "water_level", "algae_density", "rainfall"}, {"pm25", "nmhc"}),
        (SECTION, "hour", set(), {"ph"}),
        (CITY, "day", {"o3_8h"}, {"air_temperature", "tsp"}),
        (CITY, "hour", set(), {"pm25"}),
        (site("voc"), "hour", {"nmhc", "tvoc", "h2s", "nh3", "styrene", "so2", "wind_speed"}, {"noise_leq", "cod"}),
        (site("dust"), "minute", {"tsp", "pm10", "noise_leq", "relative_humidity"}, {"so2", "nmhc"}),
        (
            site("outfall"),
            "instant",
            {"flow", "water_level", "cod", "nh3n", "conductivity", "rainfall"},
            {"chla", "pm25"},
        ),
        (site("weather"), "realtime", {"rainfall", "air_pressure"}, {"pm25", "temperature"}),
    ],
)
def test_what_a_subject_tells_follows_from_what_it_is(
    subject: Subject, period: catalogue.Period, some: set[str], none: set[str]
) -> None:
    """An outfall has no air, and a city no weather."""
    items = set(senders.items(subject, period))
    assert some <= items
    assert not none & items
    assert bool(some) == bool(items)


def test_the_periods_of_a_kind_are_those_of_which_it_has_items() -> None:
    """Nothing is told of which nothing could be told."""
    for subject in (STATION, SECTION, CITY, site("voc"), site("dust"), site("outfall"), site("weather")):
        kind = subject.__struct_config__.tag
        for period in catalogue.PERIODS:
            assert bool(senders.items(subject, period)) == (kind in senders.kinds(period))


@pytest.mark.parametrize("key", KEYS)
def test_a_value_at_the_end_of_its_range_is_taken_and_one_beyond_it_is_not(key: str) -> None:
    """On both sides."""
    topic, form = Topic("a", "hour"), form_of(KEYS)
    for limit, beyond in zip(map(Decimal, map(repr, catalogue.item(key).plausible)), (-1, 1), strict=True):
        payload = '{{{},"values":{{"{}":{}}}}}'
        inside = payload.format(TIMES["hour"], key, limit).encode()
        outside = payload.format(TIMES["hour"], key, limit + Decimal(beyond) / 1000).encode()
        observation, refused = decode_observation(inside, topic, FAR, form)
        assert (observation.items[key][0], refused) == (str(limit), [])
        with pytest.raises(RefusedError, match="none of its values could be taken"):
            decode_observation(outside, topic, FAR, form)


def test_a_sentinel_is_plausible_for_nothing() -> None:
    """Loggers send −9999 for what is missing."""
    assert all(catalogue.item(key).plausible[0] > -9999 for key in KEYS)


@pytest.mark.parametrize("message", senders.PERIODS)
def test_a_site_tells_every_message_and_each_lands_under_its_period(tmp_path: Path, message: MessageKind) -> None:
    """Its time, and nothing but what was said."""
    bench = Bench(tmp_path)
    bench.take(announced(site("dust"), "GD01"), told("GD01", message, '{"tsp":214,"noise_leq":63.50}'))
    assert bench.observations.tally() == Tally(applied=2)
    (change,) = bench.observations.changed(0, 10)
    assert (change.subject, change.period) == ("GD01", senders.PERIODS[message])
    assert change.start == parse_instant(STARTS[message])


def test_an_item_of_another_kind_of_subject_costs_only_itself(tmp_path: Path) -> None:
    """A building site has no COD."""
    bench = Bench(tmp_path)
    bench.take(announced(site("dust"), "GD01"), told("GD01", "hour", '{"tsp":214,"cod":31}'))
    (letter,) = bench.state.dead_letters(10)
    assert (letter.item, letter.code) == ("cod", "unknown-item")
    assert "the items are pm10, pm25, tsp, noise_leq" in letter.reason
    assert bench.observations.tally() == Tally(applied=2)


def test_weather_beside_pollutants_is_kept_with_them(tmp_path: Path) -> None:
    """An air station has a mast."""
    bench = Bench(tmp_path)
    bench.take(announced(STATION, "1235A"), told("1235A", "hour", '{"pm25":35,"air_temperature":-2.5,"no":4}'))
    grid = bench.observations.read(["1235A"], ["pm25", "air_temperature", "no"], "hour", 0, FAR // 500)
    assert sorted(grid.values[~(grid.values != grid.values)].tolist()) == [-2.5, 4.0, 35.0]


def test_a_kind_that_does_not_send_a_message_is_refused_with_those_that_do(tmp_path: Path) -> None:
    """Hours of a section would be kept and never be classified."""
    bench = Bench(tmp_path)
    bench.take(announced(SECTION, "xikou"), told("xikou", "hour", '{"ph":7}'))
    (letter,) = bench.state.dead_letters(10)
    assert "is announced as section; a message 'hour' comes from air-station or site" in letter.reason


@pytest.mark.parametrize(
    ("message", "time", "reason"),
    [
        ("minute", '"start":"2026-03-01T08:20:30+08:00"', "a minute begins and ends on the full minute"),
        ("minute", '"time":"2026-03-01T08:20:00+08:00"', "a message 'minute' carries exactly one"),
        ("realtime", '"end":"2026-03-01T08:20:00+08:00"', "a message 'realtime' carries exactly one"),
    ],
)
def test_a_time_of_the_wrong_form_is_refused(message: MessageKind, time: str, reason: str) -> None:
    """A minute is named by its start or end, an instant by its time."""
    with pytest.raises(RefusedError, match=reason):
        decode_observation(f'{{{time},"values":{{"tsp":1}}}}'.encode(), Topic("a", message), FAR)


def test_a_minute_may_be_named_by_its_end() -> None:
    """As loggers often do."""
    end = b'{"end":"2026-03-01T08:21:00+08:00","values":{"tsp":214}}'
    start = b'{"start":"2026-03-01T08:20:00+08:00","values":{"tsp":214}}'
    topic = Topic("a", "minute")
    assert decode_observation(end, topic, FAR) == decode_observation(start, topic, FAR)


def test_a_site_announces_what_it_is_for() -> None:
    """What it may tell follows from that, so it is never left out or guessed."""
    text = b'{"kind":"site","name":{"zh":"","en":""},"purpose":"%b"}'
    assert domains_of(parse_subject(text % b"outfall")) == ("outfall", "weather")
    with pytest.raises(msgspec.ValidationError, match=r"Invalid enum value 'noise' - at `\$\.purpose`"):
        parse_subject(text % b"noise")
    with pytest.raises(msgspec.ValidationError, match="missing required field `purpose`"):
        parse_subject(b'{"kind":"site","name":{"zh":"","en":""}}')
