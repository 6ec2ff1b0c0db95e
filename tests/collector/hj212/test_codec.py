"""What the frames tell."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.codecs.hj212 import decode, decode_by
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.hj212.checks import StationCheck
from qingchuan.collector.hj212.dialects import OPEN, Dialect, commands, meanings
from qingchuan.collector.refusal import RefusedError, RefusedValue
from qingchuan.processing import catalogue
from qingchuan.processing.periods import parse_instant
from qingchuan.store.observations import Period
from tests.support.hj212_frames import example, examples, framed, told, valid

DOCUMENT = Path(__file__).parents[3] / "docs" / "hj212.md"
SHOWN = dict(re.findall(r"```hj212 (\w+)\n(.*?)\n```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL))
HOUR = example("CN=2061;PW=123456;MN=A110000_0001")
EIGHT = parse_instant("2016-08-01T08:00:00+08:00")


def _only(raw: bytes, dialect: Dialect | None = None) -> Told:
    content = decode_by(raw, dialect)
    assert content.refused == []
    [found] = content.told
    return found


def _texts(raw: bytes) -> dict[str, str]:
    return {code: value.text for code, value in _only(raw).values.items()}


def _refusal(payload: bytes, dialect: Dialect | None = None) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        decode_by(payload, dialect)
    return caught.value


def _refused(data: str) -> list[RefusedValue]:
    return decode_by(told(f"DataTime=20160801080000;{data}")).refused


def test_an_hour_of_a_national_station_is_told_whole() -> None:
    """Sender, time as sent, period, and the values digit for digit under their codes."""
    values = {"w01010": "28.4", "w01014": "7.7", "w01001": "6.6", "w01017": "15.0", "w01019": "1.022"}
    expected = Told(
        "A110000_0001",
        parse_instant("2026-07-06T10:00:00+08:00"),
        {code: Value(text) for code, text in values.items()},
        "hour",
    )
    assert decode(HOUR, "any/topic", 0) == Content([expected])
    assert decode(HOUR + b"\r\n", "", 0) == Content([expected])


@pytest.mark.parametrize(("cn", "period"), [(2011, "realtime"), (2051, "minute"), (2061, "hour"), (2031, "day")])
def test_the_command_says_the_period(cn: int, period: Period) -> None:
    """Real-time values are of an instant and never classify."""
    assert _only(told("DataTime=20160801080000;w01001-Rtd=7", f"CN={cn};MN=A")).period == period


@pytest.mark.parametrize("raw", [raw for raw in valid() if (b"DataTime=" in raw and b"-Rtd" in raw) or b"-Avg" in raw])
def test_every_published_frame_with_values_is_decoded_without_loss(raw: bytes) -> None:
    """As many values as it has averages or, without any, real-time values; and totals of flows."""
    name = b"-Avg=" if b"-Avg=" in raw else b"-Rtd="
    assert len(_only(raw).values) == raw.count(name) + raw.count(b"w00000-Cou=")


@pytest.mark.parametrize("raw", valid())
def test_every_published_frame_is_understood_in_every_dialect_that_it_may_be_of(raw: bytes) -> None:
    """Those that tell no values tell nothing, and are no dead letters."""
    assert decode(raw, "", 0).refused == []


@pytest.mark.parametrize(
    ("raw", "units"),
    [
        (HOUR, {"w01010": "℃", "w01014": "µS/cm", "w01001": "", "w01017": "mg/L", "w01019": "mg/L"}),
        (example("MN=NM100000_0005"), {"w20120": "µg/L", "w20119": "µg/L", "w20115": "µg/L", "w20122": "mg/L"}),
        (example("PNO=1;CP=&&DataTime=20160801080000;w00000"), {"w00000": "L/s", "w00000-Cou": "m³"}),
        (example("MN=Y80110010000010;Flag=4;CP=&&DataTime=20191012133710;a21005"), {"a21004": "mg/m³"}),
        (example("Leq-Data=50.0"), {"Leq": "dB(A)"}),
    ],
)
def test_values_come_without_a_unit_and_their_codes_have_the_printed_one(raw: bytes, units: dict[str, str]) -> None:
    """The format has no place for units; lead in this frame is in mg/L, which only the entry of the device can say."""
    values = _only(raw).values
    assert {value.unit for value in values.values()} == {""}
    for code, unit in units.items():
        assert code in values
        known = catalogue.by_code(code)
        assert known is not None
        assert known[1] == unit


def test_the_documentation_shows_frames_that_are_decoded() -> None:
    """An hour, real-time values and a station check, as docs/hj212.md says."""
    assert _only(SHOWN["hour"].encode()).period == "hour"
    assert len(_only(SHOWN["realtime"].encode()).values) == 11
    assert [check.kind for check in decode_by(SHOWN["check"].encode()).checks] == ["zero"]
    assert set(SHOWN) == {"hour", "realtime", "check"}


def test_the_reference_session_is_decoded(reference_data: Path) -> None:
    """678 messages of five values; what host and logger say beside that tells nothing."""
    with (reference_data / "hj212" / "session_first_1500_frames.csv").open() as file:
        contents = [decode(row["frame"].encode(), "", 0) for row in csv.DictReader(file)]
    found = [message for content in contents for message in content.told]
    assert len(contents) == 1500
    assert not any(content.refused for content in contents)
    assert {(message.sender, message.period, len(message.values)) for message in found} == {
        ("DXCBZ000000005", "realtime", 5)
    }
    assert len(found) == 678
    assert found[0].values["w01018"].text == "234.665444489552"


def test_each_packet_of_a_message_is_taken_alone() -> None:
    """Table C.50: same sender, time and period, other items; the store merges items, so nothing is joined here."""
    first, second = (_only(example(f"PNUM=2;PNO={number};")) for number in (1, 2))
    assert (first.sender, first.time, first.period) == (second.sender, second.time, second.period)
    assert set(first.values) == {"w00000", "w00000-Cou", "w01001"}
    assert set(second.values) == {"w01018"}


def test_the_total_of_a_flow_is_told_and_that_of_a_mass_is_not() -> None:
    """Table C.50: 63.0 m³ of water, and 63.0 kg of oxygen demand."""
    assert _texts(example("PNUM=2;PNO=1;")) == {"w00000": "17.5", "w00000-Cou": "63.0", "w01001": "7.5"}
    assert _texts(example("PNUM=2;PNO=2;")) == {"w01018": "40.1"}


def test_the_mean_of_a_period_is_its_average_or_what_stands_for_it() -> None:
    """Noise has `-Data`, some loggers send `-Rtd` in hours, and never a minimum or a converted value."""
    data = "DataTime=20160801080000;a-Min=1,a-Avg=2,a-Rtd=3,a-Max=4,a-ZsAvg=5;b-Rtd=6;c-Min=7,c-ZsAvg=8;Leq-Data=50.0"
    assert _texts(told(data, "CN=2061;MN=A")) == {"a": "2", "b": "6", "Leq": "50.0"}
    assert _texts(told(data, "CN=2011;MN=A")) == {"a": "3", "b": "6"}


def test_a_real_time_value_of_tenths_of_a_second_is_of_that_second() -> None:
    """17 digits, as some loggers write DataTime."""
    assert _only(example("MN=NJGDKYYC")).time == parse_instant("2021-03-05T00:38:17+08:00")


def test_data_may_all_be_parted_by_commas() -> None:
    """Nine values in one item, as a public program sends them."""
    assert len(_only(example("a00000-Rtd=33471.0,a34013")).values) == 9


@pytest.mark.parametrize(
    ("letter", "flag", "by"),
    [
        ("N", 2, ""),
        ("", 2, ""),
        ("T", 3, "device:T"),
        ("D", 4, "device:D"),
        ("M", 4, "device:M"),
        ("Q", 3, "device:Q"),
        ("维护", 3, "device:?"),
    ],
)
def test_the_flag_of_the_device_stands_beside_the_value(letter: str, flag: int, by: str) -> None:
    """A value is kept whatever its flag; one that no table has makes it suspect."""
    found = _only(told(f"DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag={letter}"))
    assert found.values == {"w01001": Value("7.1", "", flag, by)}


def test_a_flag_is_that_of_its_own_item() -> None:
    """Before or after the value."""
    found = _only(told("DataTime=20160801080000;a-Flag=M,a-Rtd=1;b-Rtd=2")).values
    assert (found["a"].flag, found["b"].flag) == (4, 2)


def test_flags_are_read_in_the_dialect_of_the_device() -> None:
    """3 was normal in 2005 and is nothing in 2017."""
    raw = told("DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=3")
    assert _only(raw, "hj212-2005").values["w01001"].flag == 2
    assert _only(raw, "hj212-2017").values["w01001"].flag == 3


@pytest.mark.parametrize(
    ("text", "kept"),
    [("7.10", "7.10"), ("-0.5", "-0.5"), ("+7", "7"), ("007.5", "7.5"), (".5", "0.5"), ("1e-3", "1e-3")],
)
def test_numbers_stay_as_they_were_sent(text: str, kept: str) -> None:
    """Every digit, in the form that JSON has for it."""
    assert _texts(told(f"DataTime=20160801080000;w01001-Rtd={text}")) == {"w01001": kept}


@pytest.mark.parametrize("text", ["NaN", "--", "7,5", "0x10", "1.2.3", "9" * 41])
def test_what_is_no_number_costs_only_itself(text: str) -> None:
    """The others are told."""
    content = decode_by(told(f"DataTime=20160801080000;w01001-Rtd={text};w21003-Rtd=1"))
    assert "w21003" in content.told[0].values
    if "," not in text:
        [refused] = content.refused
        assert (refused.item, refused.code) == ("w01001", "wrong-value")
        assert "a value is a decimal number" in refused.reason


def test_an_empty_value_is_a_missing_one() -> None:
    """Loggers send it with the flag of a fault; it is no mistake."""
    content = decode_by(told("DataTime=20160801080000;w01001-Rtd=,w01001-Flag=D;w21003-Rtd=1"))
    assert (list(content.told[0].values), content.refused) == (["w21003"], [])
    assert decode_by(told("DataTime=20160801080000;w01001-Rtd=,w01001-Flag=D")) == Content()


def test_an_item_that_is_told_twice_and_differently_is_refused() -> None:
    """Which of them holds, nobody can say."""
    assert [refused.item for refused in _refused("a-Rtd=1;a-Rtd=2;b-Rtd=1;b-Rtd=1")] == ["a"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("w01001-Rtd=7", "DataTime is ''; it is yyyyMMddHHmmss, Beijing time"),
        ("DataTime=2016080108;w01001-Rtd=7", "DataTime is '2016080108'; it is"),
        ("DataTime=20160231080000;w01001-Rtd=7", "DataTime is 20160231080000, which is no time"),
        ("DataTime=20160801240000;w01001-Rtd=7", "which is no time"),
        ("DataTime=20160801080000;DataTime=20160801090000;w01001-Rtd=7", "DataTime is told twice"),
    ],
)
def test_without_a_time_nothing_is_told(data: str, says: str) -> None:
    """QN is when it was sent, not when it was measured."""
    refusal = _refusal(told(data))
    assert refusal.code == "wrong-time"
    assert says in refusal.reason


@pytest.mark.parametrize("data", ["", "BeginTime=20160801080000;EndTime=20160801080000", "DataTime=20160801080000"])
def test_a_request_for_data_tells_nothing(data: str) -> None:
    """It has the same command as the data."""
    assert decode_by(told(data, "CN=2061;MN=A;Flag=5")) == Content()


def test_a_command_that_no_dialect_has_is_refused() -> None:
    """If there are values in it; one without, such as the heartbeat of some loggers, tells nothing."""
    refusal = _refusal(told("DataTime=20160801080000;w01001-Rtd=7", "CN=2099;MN=A;Flag=5"))
    assert decode_by(told("", "CN=9021;MN=A;Flag=5")) == Content()
    assert refusal.code == "unknown-command"
    assert refusal.reason.startswith("CN is 2099, no command of hj212-2017")


@pytest.mark.parametrize("sample", examples("refused"))
def test_what_is_no_frame_is_refused_with_the_reason(sample: tuple[str, bytes]) -> None:
    """The published samples that are wrong."""
    refusal = _refusal(sample[1])
    assert refusal.code == "wrong-frame"
    assert sample[0].split()[1] in refusal.reason


def test_an_empty_payload_is_refused() -> None:
    """And one of blanks."""
    assert _refusal(b"").reason == _refusal(b"\r\n").reason == "the payload is empty; it is a frame, from ## to the CRC"


def test_several_frames_in_one_payload_are_told_one_by_one() -> None:
    """What is wrong with one costs the others nothing."""
    bad_time = told("w01001-Rtd=7")
    content = decode_by(b"noise" + HOUR + b"\r\n" + bad_time + b"\r\n" + example("CN=2011;PW=123456;MN=A110000_0001"))
    assert [message.period for message in content.told] == ["hour", "realtime"]
    assert [refused.code for refused in content.refused] == ["wrong-frame", "wrong-time"]


def test_the_quality_control_of_a_station_is_no_observation() -> None:
    """In no dialect, and also where it is open."""
    dialects: tuple[Dialect | None, ...] = (None, "cnemc")
    for sample in examples("checks"):
        for dialect in dialects:
            content = decode_by(sample.raw, dialect)
            assert (content.told, content.refused, bool(content.checks)) == ([], [], True)


def test_checks_are_told_apart_from_observations() -> None:
    """The five kinds of the national stations."""
    standard, recovery, parallel, zero, span = (decode_by(found.raw, "cnemc").checks for found in examples("checks"))
    four = parse_instant("2016-08-01T04:00:00+08:00")
    station = "A110000_0001"
    assert standard == [
        StationCheck(station, "standard", "w01001", EIGHT, "63.0", "60"),
        StationCheck(station, "standard", "w01003", EIGHT, "43.0", "40"),
    ]
    assert recovery == [
        StationCheck(
            station,
            "recovery",
            "w21003",
            EIGHT,
            "0.951",
            water="0.462",
            water_time=four,
            concentration="50",
            volume="2.5",
            diluted="250",
        )
    ]
    assert parallel == [StationCheck(station, "parallel", "w21011", EIGHT, "0.082", water="0.080", water_time=four)]
    assert zero == [StationCheck(station, "zero", "w21003", EIGHT, "0.03", "0", "2")]
    assert span == [StationCheck(station, "span", "w21003", EIGHT, "1.87", "2", "2", flag=4, by="device:M")]


def test_a_check_of_2025_says_whether_it_was_passed() -> None:
    """The form that a public program sends, written by that text."""
    data = "DataTime=20260801080000;w21003-SampleRd=1.98;w21003-StandardValue=2;w21003-ResultType={}"
    for result, passed in (("1", True), ("0", False), ("", None)):
        raw = told(data.format(result), "ST=32;CN=2062;MN=A;Flag=9")
        [check] = decode_by(raw, "hj212-2025").checks
        assert (check.kind, check.measured, check.standard, check.passed) == ("standard", "1.98", "2", passed)


def test_a_command_is_the_same_check_in_every_document_that_it_may_be_of() -> None:
    """So that the open dialect of Flag 8 and 9 costs none; the fields of both are read."""
    numbers = {*commands("hj212-2025"), *commands("cnemc")}
    kinds = {number: {command.check for command in meanings(number, OPEN)} for number in numbers}
    assert all(len(of) == 1 for of in kinds.values())
    told_of = [check.kind for found in examples("checks") for check in decode_by(found.raw).checks]
    assert told_of == ["standard", "standard", "recovery", "parallel", "zero", "span"]


def test_a_check_that_is_told_twice_and_differently_is_left_out() -> None:
    """Which of both it was nobody knows; the others of its frame are told."""
    data = "DataTime=20160801080000;w21003-Check=1,w21003-Check=2;w21011-Check=3"
    assert [check.code for check in decode_by(told(data, "CN=2065;MN=A;Flag=9")).checks] == ["w21011"]


def test_frames_of_something_else_tell_no_checks() -> None:
    """Nor does a check without a value, or a request for checks; a wrong time of the water costs only that."""
    head = "CN=2065;MN=A;Flag=9"
    assert decode_by(HOUR).checks == []
    assert decode_by(told("BeginTime=20160801080000;EndTime=20160801080000", head)) == Content()
    assert decode_by(told("DataTime=20160801080000;a-StandardValue=0", head)) == Content()
    [check] = decode_by(told("DataTime=20160801080000;a-Check=1,a-WaterTime=never", head)).checks
    assert check.water_time is None


@given(st.binary(max_size=300))
def test_any_payload_is_told_or_refused(payload: bytes) -> None:
    """In a frame with a right CRC and without; never another exception."""
    for raw in (
        payload,
        framed(payload),
        *(framed(b"CN=%d;MN=A;Flag=9;CP=&&DataTime=20160801080000;%b&&" % (cn, payload)) for cn in (2061, 2063)),
    ):
        try:
            decode_by(raw)
        except RefusedError as refused:
            assert refused.reason  # noqa: PT017 - one of two ends


@pytest.mark.parametrize("seed", range(4))
def test_damaged_frames_with_a_right_crc_are_told_or_refused(seed: int) -> None:
    """One damaged frame in 256 passes: what is then in it must not harm."""
    numbers, known = random.Random(seed), valid()
    for _ in range(500):
        segment = bytearray(numbers.choice(known)[6:-4])
        for _ in range(numbers.randrange(1, 6)):
            place = numbers.randrange(len(segment))
            segment[place : place + numbers.randrange(3)] = numbers.choice(
                [b"", b"=", b"&&", b";", b"-", b"\xff", b"N"]
            )
        try:
            content = decode_by(framed(bytes(segment)))
        except RefusedError:
            continue
        assert all(value.text for message in content.told for value in message.values.values())
