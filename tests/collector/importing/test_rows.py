"""Rows of files to what they tell, and what of them is refused when they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.collector.importing.mapping import FileMapping, parse_mapping
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.processing.periods import parse_instant
from qingchuan.store.import_messages import Entry, Figure, Import, RefusedCell, Told
from tests.support.applying import Bench
from tests.support.importing import DAZHA, HEADER, NINGBO, WAN, mapping_of, parts_of, written

ONE = parse_instant("2026-03-01T00:00:00+08:00")

SAMPLES = {
    "origin": "manual",
    "period": "instant",
    "time": {"column": "采样时间"},
    "subject": {"column": "断面"},
}
LONG: dict[str, object] = {
    **SAMPLES,
    "long": {"item": "项目", "value": "结果", "unit": "单位", "limit": "检出限", "method": "方法"},
}


def _read(folder: Path, text: str, mapping: FileMapping, bench: Bench | None = None) -> Import:
    (part,) = parts_of(written(folder, text), mapping, bench)
    return part


def _reasons(part: Import) -> list[tuple[int, str, str]]:
    return [(cell.line, cell.item, cell.code) for cell in part.refused]


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    """Digit for digit; what JSON cannot write is written as it can."""
    part = _read(tmp_path, HEADER + "2026-03-01 01:00,1235A,35.0,0.70\n2026-03-01 02:00,1235A,007,+.5\n", mapping_of())
    assert part.rows == [
        Entry(2, "1235A", ONE, {"pm25": "35.0", "co": "0.70"}),
        Entry(3, "1235A", ONE + 3600, {"pm25": "7", "co": "0.5"}),
    ]
    assert (part.before, part.through, part.last, part.refused) == (0, 2, True, [])


@pytest.mark.parametrize("missing", ["", " ", "—", "-999", "NA"])
def test_a_marker_of_a_missing_value_is_no_value(tmp_path: Path, missing: str) -> None:
    """And no refusal; a row without any value tells nothing."""
    text = HEADER + f"2026-03-01 01:00,1235A,{missing},0.7\n2026-03-01 02:00,1235A,{missing},{missing}\n"
    part = _read(tmp_path, text, mapping_of())
    assert [entry.values for entry in part.rows] == [{"co": "0.7"}]
    assert part.refused == []


def test_one_bad_value_costs_that_value(tmp_path: Path) -> None:
    """With its line, its text and a reason; one bad time or a cell too much costs the row."""
    text = HEADER + "2026-03-01 01:00,1235A,oops,0.7\nnever,1235A,35,0.7\n2026-03-01 02:00,1235A,35,0.7,9\n"
    part = _read(tmp_path, text, mapping_of())
    assert [entry.values for entry in part.rows] == [{"co": "0.7"}]
    assert _reasons(part) == [(2, "pm25", "wrong-value"), (3, "", "wrong-time"), (4, "", "wrong-shape")]
    assert part.refused[0] == RefusedCell(
        2, "pm25", "wrong-value", "pm25 is 'oops'; a number such as 0.35 would do", "oops", "1235A", ONE
    )


def test_units_are_converted_exactly(tmp_path: Path) -> None:
    """And what no instrument tells in ours is refused."""
    items = {"co": {"column": "CO", "unit": "µg/m³"}, "pm25": {"column": "PM2.5", "unit": "mg/m³"}}
    part = _read(tmp_path, HEADER + "2026-03-01 01:00,1235A,99,700\n", mapping_of(items=items))
    assert part.rows[0].values == {"co": "0.700"}
    assert part.refused[0].reason.startswith("pm25 is 99000; an instrument tells -20 to 10000 µg/m³")


def test_flags_are_those_of_the_mapping_or_numbers(tmp_path: Path) -> None:
    """A text that nothing is known of is refused: a fault may not become good."""
    items = {"pm25": {"column": "PM2.5", "flag": "CO"}}
    text = HEADER + "".join(
        f"2026-03-01 0{hour}:00,1235A,35,{flag}\n" for hour, flag in enumerate(("", "3", "坏", "x"))
    )
    part = _read(tmp_path, text, mapping_of(items=items, flags={"坏": 4}))
    assert [entry.values["pm25"] for entry in part.rows] == ["35", Told("35", 3), Told("35", 4)]
    assert part.refused[0].reason == (
        "the flag of pm25 is 'x'; name it in [flags] of the mapping with a flag of QARTOD: 1, 2, 3, 4 or 9"
    )


def test_subjects_go_by_id_by_announced_name_and_by_the_mapping(tmp_path: Path) -> None:
    """A name that nobody has is told as it is: the applier knows who is announced by then."""
    bench = Bench(tmp_path)
    bench.take(WAN, NINGBO, DAZHA)
    names = ["1235A", "万里学院", "wanli", "W1", "宁波市", "宁波", "杭州", "nobody"]
    text = HEADER + "".join(f"2026-03-01 01:00,{name},35,0.7\n" for name in names)
    part = _read(tmp_path, text, mapping_of(subject={"column": "station", "ids": {"W1": "1235A"}}), bench)
    assert [entry.subject for entry in part.rows] == [*["1235A"] * 4, "330200", "330200", "330100", "nobody"]


def test_a_name_of_several_is_refused(tmp_path: Path) -> None:
    """It is never guessed which is meant; no name neither."""
    bench = Bench(tmp_path)
    other = WAN.payload
    bench.take(WAN, type(WAN)("mqtt", "c", "qingchuan/2871A/station", other))
    part = _read(tmp_path, HEADER + "2026-03-01 01:00,万里学院,35,0.7\n2026-03-01 01:00,,1,1\n", mapping_of(), bench)
    assert [cell.reason for cell in part.refused] == [
        "'万里学院' is the name of 1235A, 2871A; say in [subject.ids] of the mapping which is meant",
        "no subject is named; an id or a name would do",
    ]


def test_a_column_that_is_not_there_stops_the_import(tmp_path: Path) -> None:
    """Before anything is taken, with the columns that are there."""
    with pytest.raises(ImportFileError, match=r"items.pm25 names column 'PM2.5'; did you mean PM25\? there are: time"):
        _read(tmp_path, "time,station,PM25,CO\n", mapping_of())


def test_a_row_a_value_is_read_by_the_names_of_the_items(tmp_path: Path) -> None:
    """By the catalogue or the mapping, each in its own unit, with limit and method."""
    text = (
        "断面,采样时间,项目,结果,单位,检出限,方法\n"
        "大闸,2026-03-01 08:20,总磷,10,µg/L,,GB 11893-89\n"
        "大闸,2026-03-01 08:20,w21003,0.025L,,,\n"
        "大闸,2026-03-01 08:20,挥发酚,未检出,mg/L,0.0003,\n"
        "大闸,2026-03-01 08:20,流速,1,,,\n"
        "大闸,2026-03-01 08:20,铜,1,,,\n"
    )
    rule = {**LONG, "long": {**LONG["long"], "items": {"铜": ""}}}  # type: ignore[dict-item]
    part = _read(tmp_path, text, parse_mapping(rule))
    assert [entry.values for entry in part.rows] == [
        {"tp": Told("0.010", 2, "", "GB 11893-89")},
        {"nh3n": Told("0.025", 2, "less-than")},
        {"volatile_phenol": Told("0.0003", 2, "less-than")},
    ]
    assert _reasons(part) == [(5, "", "unknown-item")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0.004L", "0.004"),
        ("0.004Ｌ", "0.004"),
        ("<0.004", "0.004"),
        ("＜ 0.004", "0.004"),
        ("未检出", "0.02"),
        ("ND", "0.02"),
        ("<dl", "0.02"),
    ],
)
def test_less_than_the_detection_limit_is_the_limit_with_a_mark(tmp_path: Path, text: str, told: str) -> None:
    """As laboratories write it; the mapping may say the limit where the file does not."""
    rule = {**SAMPLES, "items": {"copper": "铜"}, "detection": {"limits": {"copper": "0.02"}}}
    part = _read(tmp_path, f"断面,采样时间,铜\n大闸,2026-03-01 08:20,{text}\n", parse_mapping(rule))
    assert [entry.values for entry in part.rows] == [{"copper": Told(told, 2, "less-than")}]


def test_not_detected_without_a_limit_is_refused(tmp_path: Path) -> None:
    """Half of nothing known is nothing known."""
    part = _read(
        tmp_path,
        "断面,采样时间,铜\n大闸,2026-03-01 08:20,未检出\n",
        parse_mapping({**SAMPLES, "items": {"copper": "铜"}}),
    )
    assert part.rows == []
    assert part.refused[0].reason.startswith("copper is '未检出' and its detection limit is not told")


def test_headings_name_the_items_where_the_mapping_says_catalogue(tmp_path: Path) -> None:
    """With units, limits and methods beside them; what names no item is told once, and left out."""
    text = (
        "断面,采样时间,高锰酸盐指数(mg/L),总磷（以P计）(µg/L),总磷检出限,总磷方法,流速,备注,铜(ppq)\n"
        "大闸,2026-03-01 08:20,2.1,未检出,10,GB 11893-89,0.3,x,1\n"
    )
    part = _read(tmp_path, text, parse_mapping({**SAMPLES, "items": "catalogue", "ignore": ["备注"]}))
    assert part.rows[0].values == {"codmn": "2.1", "tp": Told("0.010", 2, "less-than", "GB 11893-89")}
    assert _reasons(part) == [(1, "流速", "unknown-item"), (1, "铜(ppq)", "unknown-item")]


def test_published_figures_are_read_by_columns(tmp_path: Path) -> None:
    """Rates without their sign; the period of all rows, or of a column."""
    rule = {
        "origin": "official",
        "subject": {"column": "城市"},
        "published": {
            "source": "CNEMC",
            "period_column": "月",
            "figures": {"rank_composite": "排名", "good_air_rate": "优良率"},
        },
    }
    part = _read(tmp_path, "月,城市,排名,优良率\n2025-10,宁波,31,96.8%\n2025-10,杭州市,—,\n", parse_mapping(rule))
    assert part.figures == [
        Figure(2, "330200", "rank_composite", "2025-10", "31", "CNEMC"),
        Figure(2, "330200", "good_air_rate", "2025-10", "96.8", "CNEMC"),
    ]


def test_a_file_is_cut_into_messages_and_can_be_gone_on_with(tmp_path: Path) -> None:
    """The parts join without a gap; the last says so, also where the file has no rows at all."""
    text = HEADER + "".join(f"2026-03-0{day} 01:00,1235A,{day},0.7\n" for day in range(1, 8))
    path = written(tmp_path, text)
    whole = parts_of(path, mapping_of(), rows=3)
    assert [(part.before, part.through, part.last) for part in whole] == [(0, 3, False), (3, 6, False), (6, 7, True)]
    assert parts_of(path, mapping_of(), after=3, rows=3) == whole[1:]
    (nothing,) = parts_of(written(tmp_path, HEADER, "empty.csv"), mapping_of())
    assert (nothing.rows, nothing.through, nothing.last) == ([], 0, True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-31 08:00", "2026-11 has 30 days"),
        ("2026年2月29日 8时", "2026-02 has 28 days"),
        ("20261301 08", "a year has"),
    ],
)
def test_of_a_day_that_is_in_no_calendar_it_says_so(tmp_path: Path, text: str, why: str) -> None:
    """It fits none of the formats, but they are not what to look at."""
    [part] = parts_of(written(tmp_path, HEADER + f"{text},1235A,35,0.7\n"), mapping_of())
    [cell] = part.refused
    assert (cell.code, f"there is no such day: {why}" in cell.reason) == ("wrong-time", True), cell.reason
