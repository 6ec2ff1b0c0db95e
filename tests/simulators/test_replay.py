"""Replay of files: what rows become, in which order and at what pace, and what is refused."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from queue import Queue
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.codecs.native import decode_announcement, decode_observation
from qingchuan.collector.topics import parse_topic
from qingchuan.simulators.publisher import Outgoing, publish
from qingchuan.simulators.replay import History, due, messages, read
from qingchuan.simulators.template import MappingError
from tests.support.mosquitto import Mosquitto
from tests.support.publishing import publishing

MAPPINGS = Path(__file__).parents[2] / "deploy" / "mappings"
MAPPING = """
message = "reading"
missing = ["", "--"]
[time]
text = "{time}"
format = "%Y-%m-%d %H:%M"
zone = "+08:00"
label = "instant"
[subject]
text = "{site}"
[subject.replace]
"#" = "号"
[items]
tp = ["exact", "shown"]
ph = "ph"
[announcement]
kind = "section"
name = { zh = "{site}", en = "{site}" }
water_body = "river"
[stations."26号大桥"]
target_class = 3
"""
HEADER = "time,site,exact,shown,ph\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a mapping in it."""
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def replay(rows: str, place: Path, stations: Path | None = None) -> History:
    """The history of a file with `rows`."""
    file = place / "f.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    return read(file, place / "m.toml", stations)


def refusal(rows: str, place: Path) -> str:
    """What a file with `rows` is refused with, folders left out."""
    with pytest.raises(MappingError) as caught:
        replay(rows, place)
    return str(caught.value).replace(f"{place}/", "")


def test_a_row_becomes_a_message_with_its_values_as_they_stand(place: Path) -> None:
    """Exact, trailing zeros kept; missing ones left out."""
    history = replay("2020-05-08 15:00,沙窝,0.1440,0.14,--\n", place)
    assert history.rows[0].topic == "qingchuan/沙窝/reading"
    assert history.rows[0].payload == b'{"time":"2020-05-08T15:00:00+08:00","values":{"tp":0.1440}}'


def test_the_first_column_with_a_value_wins(place: Path) -> None:
    """The exact one, or else the one that is shown."""
    history = replay("2020-05-08 15:00,a,,0.14,7\n2020-05-08 16:00,a,--,,7.10\n", place)
    assert [row.payload.partition(b'"values":')[2] for row in history.rows] == [
        b'{"tp":0.14,"ph":7}}',
        b'{"ph":7.10}}',
    ]


def test_a_row_without_a_value_makes_no_message_and_is_counted(place: Path) -> None:
    """There is nothing to tell; its subject is not announced either."""
    history = replay("2020-05-08 15:00,a,,--,\n", place)
    assert (history.count, history.left_out) == (0, {"no value": 1})


def test_announcements_come_first_and_are_retained(place: Path) -> None:
    """One of each subject, then the rows, which are not."""
    count, sent = messages(file_of("2020-05-08 15:00,a,1,,\n2020-05-08 15:00,b,1,,\n", place), place / "m.toml")
    topics = [(topic, retained) for topic, _, retained in sent]
    assert topics == [
        ("qingchuan/a/station", True),
        ("qingchuan/b/station", True),
        ("qingchuan/a/reading", False),
        ("qingchuan/b/reading", False),
    ]
    assert count == 4


def file_of(rows: str, place: Path) -> Path:
    """A file with `rows`."""
    file = place / "f.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    return file


def test_rows_go_out_in_the_order_they_happened(place: Path) -> None:
    """Those of one moment in the order of the file, repeated ones too."""
    rows = "2020-05-08 16:00,b,1,,\n2020-05-08 15:00,a,1,,\n2020-05-08 15:00,a,2,,\n2020-05-08 15:00,a,1,,\n"
    history = replay(rows, place)
    assert [row.topic.split("/")[1] for row in history.rows] == ["a", "a", "a", "b"]
    assert [row.payload[-9:] for row in history.rows[:3]] == [b'{"tp":1}}', b'{"tp":2}}', b'{"tp":1}}']


def test_a_character_that_a_topic_may_not_have_is_replaced_or_refused(place: Path) -> None:
    """The mapping says by what."""
    assert replay("2020-05-08 15:00,26#大桥,1,,\n", place).rows[0].topic == "qingchuan/26号大桥/reading"
    assert refusal("2020-05-08 15:00,a/b,1,,\n", place) == (
        "f.csv, line 2: the subject is 'a/b': empty, or with / + #; [subject.replace] can replace these (m.toml)"
    )
    assert "the subject is ''" in refusal("2020-05-08 15:00,,1,,\n", place)


def test_the_prefix_of_topics_can_be_another(place: Path) -> None:
    """As the broker settings say."""
    file = file_of("2020-05-08 15:00,a,1,,\n", place)
    assert read(file, place / "m.toml", prefix="city/air").rows[0].topic == "city/air/a/reading"


def test_single_subjects_are_announced_as_the_mapping_or_stations_say(place: Path) -> None:
    """Field by field: --stations wins over the mapping's own, that over the template."""
    stations = place / "s.json"
    stations.write_text('{"26号大桥": {"water_body": "lake"}, "elsewhere": {}}', encoding="utf-8")
    history = replay("2020-05-08 15:00,26#大桥,1,,\n2020-05-08 15:00,a,1,,\n", place, stations)
    told = [json.loads(payload) for _, payload, _ in history.announcements]
    assert [(station["water_body"], station.get("target_class")) for station in told] == [("lake", 3), ("river", None)]


def test_an_announcement_that_the_collector_would_refuse_is_refused_here(place: Path) -> None:
    """Before anything is sent."""
    stations = place / "s.json"
    stations.write_text('{"a": {"water_body": "sea"}}', encoding="utf-8")
    with pytest.raises(MappingError, match=r"line 2: the announcement of 'a' does not fit: Invalid enum value 'sea'"):
        replay("2020-05-08 15:00,a,1,,\n", place, stations)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, "s.json: No such file or directory"), ("[]", "s.json: Expected `object`"), ("{", "s.json: Input data was")],
)
def test_stations_that_cannot_be_read_are_refused(text: str | None, expected: str, place: Path) -> None:
    """With the file's name."""
    if text is not None:
        (place / "s.json").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=expected):
        replay("", place, place / "s.json")


def test_an_unlisted_subject_is_refused_where_ids_are_listed(place: Path) -> None:
    """A new station is a line in the mapping, never an id made up."""
    text = MAPPING.replace("[subject.replace]", '[subject.ids]\n"沙窝" = "beijing-shawo"\n[subject.replace]')
    (place / "m.toml").write_text(text, encoding="utf-8")
    assert replay("2020-05-08 15:00,沙窝,1,,\n", place).rows[0].topic == "qingchuan/beijing-shawo/reading"
    assert refusal("2020-05-08 15:00,沙窝口,1,,\n", place) == (
        "f.csv, line 2: the subject '沙窝口' has no line in [subject.ids]; did you mean 沙窝? there are: 沙窝 (m.toml)"
    )


@pytest.mark.parametrize("text", ["abc", "NaN", "1,2", "+1", ".5", "5.", "007", "1 2", "١", "0x1"])
def test_a_value_that_is_no_number_is_refused_with_its_place(text: str, place: Path) -> None:
    """Nothing is sent then: the whole file is read first."""
    assert refusal(f'2020-05-08 15:00,a,1,,7\n2020-05-08 15:00,a,"{text}",,\n', place) == (
        f"f.csv, line 3: exact is '{text}': not a number; if it stands for a missing value, add it to missing (m.toml)"
    )


@pytest.mark.parametrize("text", ["0", "-1", "0.00", "4e-05", "1E+3", " 7.1 "])
def test_every_number_of_json_is_taken(text: str, place: Path) -> None:
    """White space around it is not part of it."""
    payload = replay(f"2020-05-08 15:00,a,{text},,\n", place).rows[0].payload
    assert payload.endswith(f'{{"tp":{text.strip()}}}}}'.encode())


def test_a_column_that_is_not_there_is_refused_with_those_that_are(place: Path) -> None:
    """The header is looked at before the rows."""
    (place / "m.toml").write_text(MAPPING.replace('ph = "ph"', 'ph = "pH"'), encoding="utf-8")
    assert refusal("", place) == (
        "m.toml: items.ph = 'pH': no column of f.csv; there are: time, site, exact, shown, ph"
    )


def test_a_row_with_too_few_columns_is_refused_with_its_line(place: Path) -> None:
    """A cut file is not taken for a whole one."""
    assert refusal("2020-05-08 15:00,a,1\n", place) == "f.csv, line 2: 3 columns; the header has 5"


def test_a_time_that_does_not_fit_is_refused_with_its_line(place: Path) -> None:
    """And with how it should be."""
    assert refusal("2020-05-08,a,1,,\n", place).startswith("f.csv, line 2: the time is '2020-05-08': time data ")


def test_a_file_that_is_not_there_or_not_what_its_name_says_is_refused(place: Path) -> None:
    """Not there, not gzip, cut, or in another encoding."""
    (place / "plain.csv.gz").write_text(HEADER, encoding="utf-8")
    (place / "cut.csv.gz").write_bytes(gzip.compress(HEADER.encode() * 100)[:-20])
    (place / "gbk.csv").write_bytes((HEADER + "沙窝").encode("gbk"))
    for name in ("nowhere.csv", "plain.csv.gz", "cut.csv.gz", "gbk.csv"):
        with pytest.raises(MappingError, match=name):
            read(place / name, place / "m.toml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_that_of_the_mapping(encoding: str, place: Path) -> None:
    """UTF-8 with or without a mark is the default; packed files work the same."""
    text = MAPPING if encoding != "gb18030" else f'encoding = "gb18030"\n{MAPPING}'
    (place / "m.toml").write_text(text, encoding="utf-8")
    (place / "f.csv.gz").write_bytes(gzip.compress((HEADER + "2020-05-08 15:00,沙窝,1,,\n").encode(encoding)))
    assert read(place / "f.csv.gz", place / "m.toml").rows[0].topic == "qingchuan/沙窝/reading"


def test_holding_is_asked_for_every_row_and_can_end_the_replay(place: Path) -> None:
    """Announcements are not held."""
    history = replay("2020-05-08 15:00,a,1,,\n2020-05-08 16:00,a,1,,\n2020-05-08 17:00,a,1,,\n", place)
    asked: list[int] = []

    def hold(moment: int) -> bool:
        asked.append(moment)
        return len(asked) < 3

    assert len(list(history.messages(hold))) == 1 + 2
    assert asked == [row.moment for row in history.rows]


def test_a_history_arrives_through_a_real_broker(place: Path, mosquitto: Mosquitto) -> None:
    """Byte for byte, in its order; who comes later still gets the announcement."""
    history = replay("2020-05-08 15:00,沙窝,0.1440,,\n2020-05-08 16:00,沙窝,0.15,,7\n", place)
    arrived: Queue[Outgoing] = Queue()
    with publishing("127.0.0.1", mosquitto.port, "listener") as listener:
        subscribed = Event()
        listener.on_subscribe = lambda *_: subscribed.set()
        listener.on_message = lambda _client, _data, told: arrived.put((told.topic, bytes(told.payload), told.retain))
        listener.subscribe("qingchuan/#", qos=1)
        assert subscribed.wait(10)
        with publishing("127.0.0.1", mosquitto.port, "replay") as client:
            assert publish(history.messages(), client) == history.count
        live = [arrived.get(timeout=10) for _ in range(history.count)]
        assert live == [(topic, payload, False) for topic, payload, _ in history.messages()]
        listener.subscribe("qingchuan/+/station", qos=1)
        assert arrived.get(timeout=10) == history.announcements[0]


@given(st.integers(0, 10**10), st.integers(0, 10**9), st.floats(0.001, 1e6), st.integers(0, 10**15))
def test_at_a_factor_the_gaps_shrink_by_it(first: int, later: int, speed: float, started: int) -> None:
    """The first is due at once, and none before it."""
    assert due(first, first, started, speed) == started
    assert due(first + later, first, started, speed) - started == pytest.approx(later * 1e6 / speed, abs=0.51)


def test_at_speed_0_all_is_due_at_once() -> None:
    """As fast as it is taken."""
    assert due(10**9, 0, 5, 0) == 5


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a file of the reference data."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def check_all_is_taken(history: History) -> None:
    """The collector takes every announcement and every value."""
    for _, payload, _ in history.announcements:
        decode_announcement(payload)
    for _, topic, payload in history.rows:
        assert decode_observation(payload, parse_topic(topic, "qingchuan"), latest=2**40)[1] == []


@pytest.mark.parametrize(
    ("name", "rows", "unknown"), [("hongkou", 13513, 23), ("jingan", 9002, 0), ("qingpudianshanhu", 8869, 0)]
)
def test_the_hours_of_shanghai_are_all_replayed(name: str, rows: int, unknown: int, reference_data: Path) -> None:
    """Every dated row since 1 July 2018 that has a value, with each value that is neither blank nor 0."""
    file = reference_data / "air-hourly-shanghai" / f"{name}.csv.gz"
    history = read(file, MAPPINGS / "shanghai-hours.toml")
    columns = {"so2": "so2", "no2": "no2", "pm10": "pm10", "pm25": "pm25", "co": "co", "o3": "ozone1hour"}
    expected: Counter[tuple[str, str]] = Counter()
    for row in table(file):
        values = {item: float(row[column]) for item, column in columns.items() if float(row[column] or 0)}
        if row["time"] >= "2018-07-01" and values:
            expected[row["time"].replace(" ", "T") + "+08:00", json.dumps(values)] += 1
    told: list[dict[str, Any]] = [json.loads(row.payload, parse_int=float) for row in history.rows]
    assert Counter((row["end"], json.dumps(row["values"])) for row in told) == expected
    assert (len(history.rows), len(history.announcements)) == (rows, 1)
    assert history.left_out.get("time unknown", 0) == unknown
    check_all_is_taken(history)


def test_the_days_of_zhejiang_are_all_replayed(reference_data: Path) -> None:
    """Five cities, 2120 days, by their codes of GB/T 2260."""
    file = reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv"
    history = read(file, MAPPINGS / "zhejiang-days.toml")
    assert (len(history.announcements), len(history.rows), dict(history.left_out)) == (5, len(table(file)), {})
    assert len(history.rows) == 2120
    codes = {row["code"]: row["name"] for row in table(reference_data / "key-cities.csv")}
    for topic, payload, _ in history.announcements:
        assert json.loads(payload)["name"]["zh"] == codes[topic.split("/")[1]]
    check_all_is_taken(history)


def test_the_national_sections_are_all_replayed(reference_data: Path) -> None:
    """787 sections, 11316 readings; the exact values, and none a day later than it was fetched."""
    file = reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz"
    history = read(file, MAPPINGS / "national-sections.toml")
    rows = table(file)
    assert (len(history.announcements), len(history.rows), dict(history.left_out)) == (787, len(rows), {})
    told = [json.loads(row.payload, parse_float=str, parse_int=str) for row in history.rows]
    sent = Counter((row["time"][5:16].replace("T", " "), row["values"]["tp"]) for row in told if "tp" in row["values"])
    assert sent == Counter((row["监测时间"], row["raw_TP"]) for row in rows if row["raw_TP"])
    assert [row["time"] for row in told] == sorted(row["time"] for row in told)
    assert Counter(row["time"][:4] for row in told)["2019"] == 4
    check_all_is_taken(history)


def test_readings_around_new_year_are_in_their_own_year(reference_data: Path) -> None:
    """None is later than its fetching, and but for four stale ones none more than a day before it."""
    file = reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz"
    days = Counter(json.loads(row.payload)["time"][:10] for row in read(file, MAPPINGS / "national-sections.toml").rows)
    fetched = [date.fromisoformat(row["抓取日期"]) for row in table(file)]
    near = {str(day - timedelta(days=back)) for day in fetched for back in (0, 1)}
    assert sum(count for day, count in days.items() if day not in near) == 4
    assert days["2021-01-01"] > 0
