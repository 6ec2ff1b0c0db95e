"""Mapping files: strict, and readable in their refusals; times with and without a year."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from qingchuan.processing.periods import parse_instant
from qingchuan.simulators.mapping import FileMapping, TimeReader, TimeRule, load_mapping
from qingchuan.simulators.template import MappingError

SHIPPED = sorted((Path(__file__).parents[2] / "deploy" / "mappings").glob("*.toml"))
GOOD = """
message = "hour"
[time]
text = "{time}"
format = "%Y-%m-%d %H:%M"
zone = "+08:00"
label = "end"
[subject]
text = "{site}"
[items]
pm25 = "pm"
[announcement]
kind = "air-station"
name = { zh = "{site}", en = "{site}" }
city = "330200"
"""


def load_text(text: str, folder: Path) -> FileMapping:
    """The mapping that a file with `text` holds."""
    path = folder / "m.toml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def refusal(text: str, folder: Path) -> str:
    """What a file with `text` is refused with, the file named ``m.toml``."""
    with pytest.raises(MappingError) as caught:
        load_text(text, folder)
    return str(caught.value).replace(str(folder / "m.toml"), "m.toml")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_mappings_load(path: Path) -> None:
    """Each explains itself with the command that uses it."""
    assert load_mapping(path).items
    assert f"--mapping deploy/mappings/{path.name}" in path.read_text(encoding="utf-8")


def test_there_are_shipped_mappings() -> None:
    """One of each kind of message."""
    assert {load_mapping(path).message for path in SHIPPED} == {"hour", "day", "reading"}


def test_a_mapping_names_its_columns_with_the_keys_that_name_them(tmp_path: Path) -> None:
    """For the refusal of a column that is not there."""
    assert list(load_text(GOOD, tmp_path).columns()) == [
        ("time.text", "time"),
        ("subject.text", "site"),
        ("items.pm25", "pm"),
        ("announcement", "site"),
        ("announcement", "site"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[items]", "[item]", "m.toml: Object contains unknown field `item`; deploy/mappings explains every key"),
        ('zone = "+08:00"', "", "m.toml: Object missing required field `zone` - at `$.time`; deploy/mappings explains"),
        ('"hour"', '"week"', "m.toml: Invalid enum value 'week' - at `$.message`; deploy/mappings explains every key"),
        ("pm25 =", "pm2_5 =", "m.toml: items.pm2_5: no item of a message 'hour'; did you mean pm25? there are: so2, "),
        ('"end"', '"instant"', "m.toml: time.label = 'instant': a reading has an instant, an hour and a day have a "),
        ('"{time}"', '"{time"', "m.toml: '{time' cannot be read (expected '}' before end of string); write a column"),
        ("+08:00", "Beijing", "m.toml: time.zone = 'Beijing': cannot be read; such as '+08:00' would do"),
        ('label = "end"', 'label = "end"\nfrom = "July"', "m.toml: time.from = 'July': cannot be read; such as '2018-"),
        (
            'message = "hour"',
            'message = "hour"\nencoding = "utf-9"',
            "m.toml: encoding = 'utf-9': unknown; utf-8 or gb",
        ),
        ('message = "hour"', 'message = "hour"\ndelimiter = ""', "m.toml: delimiter = '': not one character; , or ; w"),
        (
            "[items]",
            "[items",
            "m.toml: not TOML: Expected ']' at the end of a table declaration (at line 10, column 7)",
        ),
    ],
)
def test_a_bad_mapping_is_refused_in_a_sentence(old: str, new: str, expected: str, tmp_path: Path) -> None:
    """File, key, value, and what would do."""
    assert refusal(GOOD.replace(old, new, 1), tmp_path).startswith(expected)


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(MappingError, match=r"nowhere\.toml: No such file or directory; deploy/mappings has"):
        load_mapping(tmp_path / "nowhere.toml")


def reader(rule: TimeRule, message: str = "hour") -> TimeReader:
    """A reader of times by `rule`."""
    mapping = {
        "message": message,
        "time": msgspec.to_builtins(rule),
        "subject": {"text": "x"},
        "items": {},
        "announcement": {},
    }
    return TimeReader(msgspec.convert(mapping, FileMapping))


def moment(rule: TimeRule, message: str = "hour", **row: str) -> tuple[datetime, int]:
    """The time of `row`, which is taken."""
    taken = reader(rule, message).read(row)
    assert not isinstance(taken, str)
    return taken


HOURS = TimeRule(text="{t}", format="%Y-%m-%d %H", zone="+08:00", label="end")


def test_an_hour_labelled_by_its_end_is_over_at_that_time() -> None:
    """The zone of the mapping goes into the label."""
    label, over = moment(HOURS, t="2018-07-01 08")
    assert label.isoformat() == "2018-07-01T08:00:00+08:00"
    assert over == parse_instant("2018-07-01T00:00:00Z")


def test_what_is_labelled_by_its_start_is_over_a_period_later() -> None:
    """An hour, or a day."""
    rule = msgspec.structs.replace(HOURS, label="start")
    assert moment(rule, t="2018-07-01 08")[1] == parse_instant("2018-07-01T09:00:00+08:00")
    assert moment(rule, "day", t="2018-07-01 00")[1] == parse_instant("2018-07-02T00:00:00+08:00")


def test_rows_are_taken_from_since_up_to_until() -> None:
    """Since is inclusive, until is not."""
    rule = msgspec.structs.replace(HOURS, since="2018-07-01", until="2018-07-01 02:00")
    read = reader(rule).read
    taken = [not isinstance(read({"t": t}), str) for t in ("2018-06-30 23", "2018-07-01 00", "2018-07-01 01")]
    assert taken == [False, True, True]
    assert read({"t": "2018-07-01 02"}) == "outside the range"


def test_a_time_that_is_told_to_be_unknown_is_left_out() -> None:
    """And nothing else that cannot be read."""
    read = reader(msgspec.structs.replace(HOURS, unknown=("2018-",))).read
    assert read({"t": "2018-"}) == "time unknown"
    with pytest.raises(MappingError, match=r"the time is '2019-': .* \[time\] says how it is read"):
        read({"t": "2019-"})


WATER = TimeRule(text="{t}", format="%m-%d %H:%M", zone="+08:00", label="instant", year_before="{fetched}")


@pytest.mark.parametrize(
    ("text", "fetched", "expected"),
    [
        ("12-31 20:00", "2021-01-01", "2020-12-31T20:00:00+08:00"),
        ("01-01 08:00", "2021-01-01", "2021-01-01T08:00:00+08:00"),
        ("01-02 00:00", "2021-01-01", "2021-01-02T00:00:00+08:00"),
        ("01-02 00:01", "2021-01-01", "2020-01-02T00:01:00+08:00"),
        ("01-01 00:00", "2020-12-31", "2021-01-01T00:00:00+08:00"),
        ("02-29 12:00", "2021-04-01", "2020-02-29T12:00:00+08:00"),
        ("02-29 12:00", "2103-04-01", "2096-02-29T12:00:00+08:00"),
        ("02-29 12:00", "2104-02-28", "2096-02-29T12:00:00+08:00"),
    ],
)
def test_a_time_without_a_year_is_the_latest_up_to_the_end_of_the_day_of_fetching(
    text: str, fetched: str, expected: str
) -> None:
    """Readings of New Year's Eve that were fetched in January are a year older than their file; 29 February too."""
    assert moment(WATER, "reading", t=text, fetched=fetched)[0].isoformat() == expected


@pytest.mark.parametrize(("text", "fetched"), [("02-30 12:00", "2021-04-01"), ("12-31 20:00", "yesterday")])
def test_a_time_without_a_year_that_cannot_be_is_refused(text: str, fetched: str) -> None:
    """A day that no year has, or a date that is none."""
    with pytest.raises(MappingError, match=r"the time is '.*'"):
        reader(WATER, "reading").read({"t": text, "fetched": fetched})
