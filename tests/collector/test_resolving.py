"""From what other formats tell to observations: whose, of what, in which unit, of which period."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from qingchuan.collector.codecs.registry import codecs
from qingchuan.collector.codecs.sparkplug import Sparkplug
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.devices import CodecName, Device
from qingchuan.collector.refusal import RefusedError, RefusedValue
from qingchuan.collector.resolving import Resolver
from qingchuan.processing.periods import parse_instant
from qingchuan.store.observations import Observation, Period
from qingchuan.store.subjects import AirStation, Name, Section, Site, Subject
from tests.support.hj212_frames import framed

NAME = Name("站", "Station")
SUBJECTS: Mapping[str, Subject] = {
    "1235A": AirStation(NAME, "330200"),
    "dazha": Section(NAME, "river"),
    "gate": Site(NAME, "outfall"),
}
NINE = parse_instant("2026-03-01T09:00:00+08:00")
FAR = 2**40


def _resolve(
    told: Told | list[Told], *devices: Device, latest: int = FAR, refused: tuple[RefusedValue, ...] = ()
) -> tuple[list[Observation], list[RefusedValue]]:
    resolver = Resolver({device.id: device for device in devices}, SUBJECTS)
    content = Content(told if isinstance(told, list) else [told], list(refused))
    return resolver.resolve(content, latest)[:2]


def _told(sender: str, period: Period | None = None, time: int = NINE, /, **values: Value | str) -> Told:
    given = {code: value if isinstance(value, Value) else Value(value) for code, value in values.items()}
    return Told(sender, time, given, period)


def _one(code: str, text: str) -> dict[str, Value | str]:
    return {code: text}


def _refusal(
    told: Told | list[Told], *devices: Device, latest: int = FAR, refused: tuple[RefusedValue, ...] = ()
) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        _resolve(told, *devices, latest=latest, refused=refused)
    return caught.value


def test_a_sender_that_has_the_name_of_a_subject_is_that_subject() -> None:
    """No entry is needed, and codes of HJ 212 and our own items are both understood."""
    [observation], refused = _resolve(_told("1235A", "hour", a34004="35", co="0.70"))
    assert observation == Observation.of("1235A", "hour", NINE, "reported", {"pm25": ("35", 2), "co": ("0.70", 2)})
    assert refused == []


def test_a_sender_with_an_entry_is_the_subject_that_it_names() -> None:
    """As an MN number has it."""
    [observation], _ = _resolve(_told("A330200_0001", "instant", w01001="7.25"), Device("A330200_0001", "dazha"))
    assert (observation.subject, observation.items) == ("dazha", {"ph": ("7.25", 2)})


@pytest.mark.parametrize(
    ("device", "says"), [((), "or name it in"), ((Device("X", "nobody"),), "is set to be 'nobody'")]
)
def test_a_sender_that_is_nobody_is_refused(device: tuple[Device, ...], says: str) -> None:
    """With what would do."""
    refused = _refusal(_told("X", "instant", ph="7"), *device)
    assert refused.code == "unknown-subject"
    assert says in refused.reason


def test_an_hour_is_named_by_its_start_unless_the_entry_says_by_its_end() -> None:
    """HJ 212 says start; a dialect may say otherwise."""
    [by_start], _ = _resolve(_told("1235A", "hour", pm25="35"))
    [by_end], _ = _resolve(_told("X", "hour", pm25="35"), Device("X", "1235A", label="end"))
    assert (by_start.start, by_end.start) == (NINE, NINE - 3600)


@pytest.mark.parametrize(
    ("subject", "told", "entry", "period"),
    [
        ("dazha", None, None, "instant"),
        ("dazha", "hour", None, "instant"),
        ("dazha", "realtime", None, "realtime"),
        ("1235A", None, None, "realtime"),
        ("1235A", None, "hour", "hour"),
        ("1235A", "minute", "hour", "minute"),
        ("gate", "hour", None, "hour"),
        ("gate", None, None, "realtime"),
    ],
)
def test_the_period_is_what_the_format_says_or_the_entry_or_what_the_subject_usually_tells(
    subject: str, told: Period | None, entry: Period | None, period: Period
) -> None:
    """The hour of a water station is a reading; a value of the moment never classifies."""
    items = {"dazha": "ph", "1235A": "pm25", "gate": "cod"}
    [observation], _ = _resolve(_told("X", told, **_one(items[subject], "7")), Device("X", subject, period=entry))
    assert observation.period == period


def test_codes_and_units_of_the_entry_win() -> None:
    """A code that the entry leaves out costs nothing and is not told."""
    entry = Device("X", "dazha", codes={"a": "lead", "b": ""}, units={"a": "mg/L"})
    [observation], refused = _resolve(_told("X", "instant", a="0.011", b="1"), entry)
    assert (observation.items, refused) == ({"lead": ("0.011", 2)}, [])


def test_a_flag_of_the_device_stays_with_what_set_it() -> None:
    """M is maintenance."""
    [observation], _ = _resolve(_told("1235A", "hour", pm25=Value("35", flag=4, by="device:M")))
    assert observation.flags == '{"*":2,"pm25":[4,"device:M"]}'


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        ("pm25", "-9999", "pm25 is -9999; an instrument tells -20 to 10000"),
        ("pm25", "N/A", "pm25 is N/A; a value is a finite JSON number"),
        ("pm25", "1e999999", "pm25 is 1e999999"),
        ("pm52", "35", "code pm52 is not known; did you mean pm25?"),
        ("w01001", "7", "code w01001 is ph, which is not told of this subject and period"),
    ],
)
def test_a_bad_value_costs_only_itself(code: str, text: str, says: str) -> None:
    """The other one is taken."""
    [observation], [refused] = _resolve(_told("1235A", "hour", co="0.7", **_one(code, text)))
    assert observation.items == {"co": ("0.7", 2)}
    assert refused.item == code
    assert says in refused.reason


@pytest.mark.parametrize(
    ("text", "kept"), [("007.50", "7.50"), ("+7.5", "7.5"), (".5", "0.5"), ("7.", "7"), ("7.50", "7.50")]
)
def test_a_number_is_kept_digit_for_digit_in_the_form_of_json(text: str, kept: str) -> None:
    """Loggers write them in all manners."""
    [observation], _ = _resolve(_told("dazha", "instant", ph=text))
    assert observation.values == f'{{"ph":{kept}}}'


def test_a_period_may_end_as_far_ahead_as_tolerated_and_not_a_second_more() -> None:
    """The hour ends at ten."""
    assert _resolve(_told("1235A", "hour", pm25="35"), latest=NINE + 3600)[0]
    assert _refusal(_told("1235A", "hour", pm25="35"), latest=NINE + 3599).code == "future"


@pytest.mark.parametrize(("period", "seconds"), [("hour", 60), ("minute", 1), ("day", 3600)])
def test_a_period_begins_on_a_whole_one(period: Period, seconds: int) -> None:
    """A day in Beijing time."""
    midnight = parse_instant("2026-03-01T00:00:00+08:00")
    assert _resolve(_told("1235A", period, midnight, pm25="35"))[0]
    refused = _refusal(_told("1235A", period, midnight + seconds, pm25="35"))
    assert (refused.code, f"a '{period}' begins on a whole one" in refused.reason) == ("wrong-time", True)


def test_of_several_senders_one_that_is_nobody_costs_only_itself() -> None:
    """Each of its values is refused with the reason."""
    told = [_told("1235A", "hour", pm25="35"), _told("nobody", "hour", pm25="35", co="1")]
    observations, refused = _resolve(told)
    assert [one.subject for one in observations] == ["1235A"]
    assert [(value.item, value.code) for value in refused] == [("pm25", "unknown-subject"), ("co", "unknown-subject")]


def test_a_message_that_tells_nothing_is_no_refusal_but_one_without_a_good_value_is() -> None:
    """A sign of life, and a message whose only value the codec could not take."""
    assert _resolve([]) == ([], [])
    refused = _refusal([], refused=(RefusedValue("x", "wrong-value", "x is true; a value is a number"),))
    assert [value.item for value in refused.values] == ["x"]


def test_a_code_that_the_entry_leaves_out_is_silent_whatever_its_value_is() -> None:
    """Of another sender it is refused all the same."""
    device = Device("A1", "dazha", codes={"door": ""})
    mine, others = (RefusedValue("door", "wrong-value", "door is open", sender) for sender in ("A1", "A2"))
    assert _resolve([], device, refused=(mine,)) == ([], [])
    assert _resolve(_told("A1", door="7", w01001="7.1"), device, refused=(mine, others))[1] == [others]


@pytest.mark.parametrize(
    ("codec", "payload"),
    [
        ("hj212", framed("CN=2011;MN=A1;Flag=8;CP=&&DataTime=20260301090000;door-Rtd=open&&")),
        ("senml", b'[{"bn": "A1:", "bt": 1772326800, "n": "door", "vb": true}]'),
        ("lorawan", b'{"deviceInfo": {"devEui": "A1"}, "time": "2026-03-01T00:00:00Z", "object": {"door": true}}'),
        ("sparkplug", bytes.fromhex("08e807120c0a04646f6f72200b70011801")),
    ],
)
def test_every_codec_says_whose_value_could_not_be_taken(codec: CodecName, payload: bytes) -> None:
    """So that the entry of its device may leave it out: then the message tells nothing, and is no dead letter."""
    sender = {"lorawan": "a1", "sparkplug": "ningbo/A1"}.get(codec, "A1")
    devices = {sender: Device(sender, "dazha", codes={"door": ""})}
    topic = "spBv1.0/ningbo/NDATA/A1" if codec == "sparkplug" else "application/1/device/a1/event/up"
    content = codecs(devices, Sparkplug())[codec](payload, topic, 0)
    assert [(value.item, value.sender) for value in content.refused] == [("door", sender)]
    assert Resolver(devices, SUBJECTS).resolve(content, FAR) == ([], [], [])


@pytest.mark.parametrize(
    ("item", "text", "unit", "time", "kept"),
    [
        ("o3", "100", "ppb", "2026-03-01T09:00:00+08:00", "196"),
        ("co", "1.0", "ppm", "2026-03-01T09:00:00+08:00", "1.1"),
        ("so2", "0.1", "µmol/mol", "2026-03-01T09:00:00+08:00", "262"),
        ("no2", "100", "ppb", "2018-09-01T00:00:00+08:00", "188"),
        ("no2", "100", "ppb", "2018-08-31T23:00:00+08:00", "205"),
    ],
)
def test_parts_of_a_gas_become_a_concentration_at_the_state_of_the_air_of_their_day(
    item: str, text: str, unit: str, time: str, kept: str
) -> None:
    """Published factors: 1 ppb is 1.96 of O₃, 2.62 of SO₂, 1.88 of NO₂ at 25 ℃ (EPA, WHO); 2.05 of NO₂ at 0 ℃."""
    [observation], refused = _resolve(_told("1235A", "hour", parse_instant(time), **{item: Value(text, unit)}))
    assert (observation.items, refused) == ({item: (kept, 2)}, [])


@pytest.mark.parametrize(
    ("item", "says"),
    [("pm25", "pm25 is 9 ppb"), ("co", "co is 9 ppb")],
)
def test_parts_of_what_is_no_gas_are_refused(item: str, says: str) -> None:
    """As is a time of which no standard says for what state of the air it was told."""
    time = parse_instant("1999-03-01T09:00:00+08:00") if item == "co" else NINE
    refused = _refusal(_told("1235A", "hour", time, **{item: Value("9", "ppb")}))
    assert [value.code for value in refused.values] == ["wrong-value"]
    assert says in refused.values[0].reason
