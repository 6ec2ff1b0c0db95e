"""The data files, and what the dialects make of flags and commands."""

from __future__ import annotations

from typing import get_args

import pytest

from qingchuan.collector import devices
from qingchuan.collector.hj212.codes import factor, is_flow
from qingchuan.collector.hj212.dialects import OPEN, Dialect, Guess, commands, flags, guessed, meanings
from qingchuan.collector.hj212.tables import Name, load
from qingchuan.processing import flags as qartod

DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
SPOKEN: tuple[Dialect | Guess, ...] = (*DIALECTS, OPEN)


def test_devices_name_the_same_dialects() -> None:
    """What an entry may say is what is understood here."""
    assert get_args(devices.Dialect) == DIALECTS


@pytest.mark.parametrize("name", get_args(Name))
def test_every_data_file_says_where_it_is_from(name: Name) -> None:
    """Also where the document is not at hand."""
    document = load(name)
    assert all((document.document, document.title.zh, document.title.en, document.source))
    assert all((document.typed_by, document.checked_by))
    for table in (document.flags, document.commands, document.water, document.air, document.noise):
        assert table is None or (table.clause and table.rows)


def test_the_tables_of_2017_are_whole() -> None:
    """Rows of tables 8, 9, B.1, B.2 and B.3, counted in the document; no code stands in two."""
    document = load("hj212_2017")
    tables = (document.flags, document.commands, document.water, document.air, document.noise)
    assert [len(table.rows) if table else 0 for table in tables] == [8, 33, 63, 121, 12]
    codes = [row.code for table in tables[2:] if table for row in table.rows]
    old = [row.old for table in tables[2:] if table for row in table.rows if row.old]
    assert len(set(codes)) == 196
    assert len(set(old)) == len(old)
    assert not set(old) & set(codes)


@pytest.mark.parametrize(
    ("code", "zh", "unit"),
    [
        ("w00000", "污水", "L/s"),
        ("w20111", "总汞", "µg/L"),
        ("w20117", "六价铬", "µg/L"),
        ("w20144", "铅", "mg/L"),
        ("w21003", "氨氮", "mg/L"),
        ("060", "氨氮", "mg/L"),
        ("a34004", "细微颗粒物 PM2.5", "ng/m³"),
        ("a34002", "可吸入颗粒物 PM10", "ng/m³"),
        ("a21001", "氨（氨气）", "ng/m³"),
        ("a01901", "垃圾焚烧炉膛内焚烧平均温度", "℃"),
        ("02", "二氧化硫", "mg/m³"),
        ("Leq", "等效声级", "dB"),
    ],
)
def test_codes_mean_what_is_printed(code: str, zh: str, unit: str) -> None:
    """Two codes were told for shifted ones in the field: a21001 is ammonia, w01009 oxygen."""
    known = factor(code)
    assert known is not None
    assert (known.zh, known.unit) == (zh, unit)


def test_only_flows_have_a_total_that_is_a_volume() -> None:
    """Of water and of gas, new codes and old."""
    rows = [row for table in (load("hj212_2017").water, load("hj212_2017").air) if table for row in table.rows]
    flows = {code for row in rows for code in (row.code, row.old) if is_flow(code)}
    assert flows == {"w00000", "B01", "a00000", "B02"}
    assert not is_flow("unheard-of")


@pytest.mark.parametrize("spoken", SPOKEN)
def test_flags_are_those_of_qartod_and_only_what_works_counts(spoken: Dialect | Guess) -> None:
    """Of letters only N; of 2005 also the digits that air stations sent for it."""
    told = flags(spoken)
    assert {row.flag for row in told.values()} <= {qartod.NOT_EVALUATED, qartod.SUSPECT, qartod.BAD}
    assert all(row.zh and row.en for row in told.values())
    counted = {letter for letter, row in told.items() if row.flag in qartod.VALID}
    assert counted == ({"N", "1", "3"} if spoken == "hj212-2005" else {"N"})


@pytest.mark.parametrize("spoken", SPOKEN)
@pytest.mark.parametrize(("letter", "flag"), [("N", 2), ("T", 3), *((letter, 4) for letter in "FMSDCB")])
def test_the_letters_of_2017_are_judged_alike_in_every_dialect(spoken: Dialect | Guess, letter: str, flag: int) -> None:
    """F and B mean other things to the national stations, and nothing that counts."""
    assert flags(spoken)[letter].flag == flag


def test_what_only_the_national_stations_have_is_known_where_the_dialect_is_open() -> None:
    """No water, and a test that was started."""
    assert flags(OPEN)["Z"].flag == flags(OPEN)["hd"].flag == 4
    assert "Z" not in flags("hj212-2025")
    assert flags(OPEN)["F"].zh == flags("hj212-2025")["F"].zh


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_tells_values_by_the_same_commands(dialect: Dialect) -> None:
    """So nobody needs to know the dialect for these."""
    tells = {number: command.tells for number, command in commands(dialect).items() if command.tells}
    assert tells == {2011: "realtime", 2051: "minute", 2061: "hour", 2031: "day"}


def test_the_flag_of_a_frame_leaves_2025_and_the_national_stations_open() -> None:
    """8 and 9 were sent years before 2025."""
    told: list[Dialect | Guess] = [guessed(version) for version in (None, 0, 1, 2, 3, 63)]
    assert told == ["hj212-2005", "hj212-2005", "hj212-2017", OPEN, OPEN, OPEN]


def test_a_number_that_both_use_has_two_meanings_there() -> None:
    """2062, 9015 and 1014 collide."""
    assert {number for number in range(10_000) if len(meanings(number, OPEN)) > 1} == {1014, 2062, 9015}
    assert meanings(2062, "hj212-2017") == ()
