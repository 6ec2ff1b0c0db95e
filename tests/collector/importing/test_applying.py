"""What the applier makes of imports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qingchuan.collector.importing.mapping import parse_mapping
from qingchuan.collector.importing.parts import message_of
from qingchuan.collector.importing.times import TimeReader, TimeRule
from qingchuan.processing.periods import parse_instant
from qingchuan.store.import_messages import Entry, Figure, Import, Told
from qingchuan.store.imports import ImportFile, import_file, letters_of, published
from qingchuan.store.messages import Message
from qingchuan.store.observations import Observation, Tally
from tests.support.again import adds_up, standing, try_again
from tests.support.applying import START, Bench
from tests.support.importing import DAY, DAZHA, NINGBO, WAN, announcement, take_file, written

HOUR = START  # 2026-03-01 08:00 Beijing time, an hour before all that a bench receives


def _row(value: str, line: int = 2, subject: str = "1235A", start: int = HOUR) -> Entry:
    return Entry(line, subject, start, {"pm25": value})


def _message(
    *rows: Entry, origin: str = "reported", period: str = "hour", before: int = 0, last: bool = True
) -> Message:
    part = Import("a.csv", "0f", origin, before, before + len(rows), last, period, list(rows))  # type: ignore[arg-type]
    return message_of(part, "lin")


def test_rows_become_observations_under_the_number_of_their_message(tmp_path: Path) -> None:
    """A message counts once, however many rows it has; the same message again is a duplicate."""
    bench = Bench(tmp_path)
    bench.received += 7200 * 1_000_000
    bench.take(WAN, _message(_row("35"), _row("36", 3, start=HOUR + 3600)))
    assert bench.pm25(2) == [35, 36]
    assert bench.observations.tally() == Tally(applied=2)
    bench.take(_message(_row("35"), _row("36", 3, start=HOUR + 3600)))
    assert bench.observations.tally() == Tally(applied=2, duplicate=1)


def test_rows_of_one_hour_are_one_observation(tmp_path: Path) -> None:
    """As of a file with a row a value; of two values the later one holds."""
    bench = Bench(tmp_path)
    entries = Entry(2, "1235A", HOUR, {"pm25": "35"}), Entry(3, "1235A", HOUR, {"co": Told("0.70", 3)}), _row("36", 4)
    bench.take(WAN, _message(*entries))
    grid = bench.observations.read(["1235A"], ["pm25", "co"], "hour", HOUR, HOUR + 3600)
    assert (grid.values[:, 0, 0].tolist(), grid.flags[:, 0, 0].tolist()) == ([36.0, 0.7], [1, 3])


def test_a_value_that_cannot_be_is_a_letter_with_its_line(tmp_path: Path) -> None:
    """And costs nothing else: not its row, not its message."""
    bench = Bench(tmp_path)
    told = Entry(7, "1235A", HOUR, {"pm25": "-9999", "co": "0.7", "tp": "1", "o3": Told("80", 7), "no2": "x"})
    bench.take(WAN, _message(told))
    letters = letters_of(bench.state.engine, "reported/0f/a.csv")
    assert {letter.item: letter.code for letter in letters} == {
        "no2 (line 7)": "wrong-value",
        "o3 (line 7)": "wrong-value",
        "pm25 (line 7)": "wrong-value",
        "tp (line 7)": "unknown-item",
    }
    assert all(letter.reason.startswith("line 7: ") and letter.subject == "1235A" for letter in letters)
    assert bench.observations.tally() == Tally(applied=2)


def test_rows_of_the_future_of_strangers_and_beside_the_hour_are_refused(tmp_path: Path) -> None:
    """Each with its line; the others are taken."""
    bench = Bench(tmp_path)
    future, beside = HOUR + 3 * 3600, HOUR + 60
    rows = (
        _row("1", 2, "nobody"),
        _row("2", 3, start=future),
        _row("3", 4, start=beside),
        _row("4", 5),
        _row("5", 6, start=-5),
    )
    bench.take(WAN, _message(*rows))
    letters = letters_of(bench.state.engine, "reported/0f/a.csv")
    assert [(letter.item, letter.code) for letter in letters] == [
        ("line 2", "unknown-subject"),
        ("line 3", "future"),
        ("line 4", "wrong-time"),
        ("line 6", "wrong-time"),
    ]
    assert bench.pm25() == [4]


@pytest.mark.parametrize("text", ["0001-01-01 00:00", "1969-12-31 23:00", "9999-12-31 24:00"])
def test_a_time_that_no_calendar_has_costs_only_its_row(tmp_path: Path, text: str) -> None:
    """0001-01-01 is what some programs write where there is no time."""
    bench = Bench(tmp_path)
    start = TimeReader(TimeRule(column="time", label="start"), "hour")(text)
    bench.take(WAN, _message(_row("1", 2, start=start), _row("4", 3)))
    [letter] = letters_of(bench.state.engine, "reported/0f/a.csv")
    assert (letter.item, letter.code) == ("line 2", "wrong-time")
    assert bench.pm25() == [4]


def test_a_message_of_which_nothing_can_be_taken_is_a_dead_letter(tmp_path: Path) -> None:
    """As a whole, once; one that is no import, too; and one without rows tells nothing and is applied."""
    bench = Bench(tmp_path)
    bench.take(_message(_row("1")), Message("import", "lin", "reported/0f/a.csv", b"{}"), _message())
    assert bench.observations.tally() == Tally(applied=1, dead_letter=2)
    reasons = [letter.reason for letter in letters_of(bench.state.engine, "reported/0f/a.csv") if letter.item is None]
    assert reasons[0].startswith("nothing of its 1 rows could be taken; the first: line 2: subject '1235A' was never")
    assert reasons[1].startswith("the message of an import does not fit")


def test_what_kinds_of_subjects_may_tell_is_the_same_as_by_mqtt_and_the_hours_of_cities(tmp_path: Path) -> None:
    """A section has no hours, a city has; of official values key cities need no announcement."""
    bench = Bench(tmp_path)
    bench.take(DAZHA, NINGBO)
    bench.take(_message(_row("1", 2, "dazha"), _row("2", 3, "330200")))
    bench.take(_message(_row("3", 2, "330100"), origin="official"), _message(_row("4", 2, "330100")))
    codes = [(letter.item, letter.code) for letter in letters_of(bench.state.engine, "reported/0f/a.csv")]
    assert codes == [("line 2", "unknown-subject"), (None, "unknown-subject"), ("line 2", "unknown-subject")]
    assert letters_of(bench.state.engine, "official/0f/a.csv") == []


def test_how_far_a_file_has_come_follows_from_its_messages(tmp_path: Path) -> None:
    """Also where they are applied twice after a crash, or the file begins anew."""
    bench = Bench(tmp_path)
    first, last = _message(_row("1"), _row("x", 3), last=False), _message(_row("3", 4), before=2)
    bench.take(WAN, first)
    engine, received = bench.state.engine, bench.received
    assert import_file(engine, "0f") == ImportFile("0f", "a.csv", "reported", 2, 1, 2, received, None)
    bench.received += 5
    bench.take(last)
    assert import_file(engine, "0f") == ImportFile("0f", "a.csv", "reported", 3, 1, 3, received, received + 5)
    bench.received += 5
    bench.take(first)
    assert import_file(engine, "0f") == ImportFile("0f", "a.csv", "reported", 2, 1, 4, received + 10, None)


def test_origins_stand_beside_each_other(tmp_path: Path) -> None:
    """An audited hour wins over a reported one; an official one stands beside it."""
    bench = Bench(tmp_path)
    bench.take(WAN, _message(_row("35")), _message(_row("20"), origin="official"))
    assert bench.pm25() == [35]
    bench.take(_message(_row("30"), origin="audited"))
    assert bench.pm25() == [30]


def test_published_figures_are_kept_with_their_revisions(tmp_path: Path) -> None:
    """The same again changes nothing, another value stands beside the old one; what cannot be is refused."""
    bench = Bench(tmp_path)
    rule = {
        "origin": "official",
        "subject": {"column": "city"},
        "published": {"source": "CNEMC", "period_column": "month", "figures": {"rank_composite": "rank"}},
    }
    head, good = "city,month,rank\n", "宁波,2025-10,31\n"
    bad = "宁波,2025-13,31\n宁波,2025-10,first\n宁波,2025-10,0\n宁波,2025-10/2025-01,1\n"
    bad += "Atlantis,2025-10,1\n宁波,2025-10,1.5\n"
    take_file(bench, written(tmp_path, head + good + bad), parse_mapping(rule))
    assert [(one.value, one.sequence) for one in published(bench.state.engine)] == [("31", 1)]
    assert [letter.item for letter in letters_of(bench.state.engine, "official/0f/file.csv")] == [
        "rank_composite (line 3)",
        "rank_composite (line 4)",
        "rank_composite (line 5)",
        "rank_composite (line 6)",
        "rank_composite (line 7)",
        "rank_composite (line 8)",
    ]
    take_file(bench, written(tmp_path, head + good), parse_mapping(rule))
    take_file(bench, written(tmp_path, head + "宁波,2025-10,30\n"), parse_mapping(rule))
    assert [(one.value, one.sequence) for one in published(bench.state.engine, ["330200"])] == [("30", 3)]
    assert [(one.value, one.sequence) for one in published(bench.state.engine, as_of=2)] == [("31", 1)]
    assert published(bench.state.engine, ["330100"]) == published(bench.state.engine, period="2025-09") == []


def test_a_rebuild_gives_the_same_stores(tmp_path: Path) -> None:
    """Whatever messages are taken in together."""
    for name in ("lived", "rebuilt"):
        (tmp_path / name).mkdir()
    lived = Bench(tmp_path / "lived")
    for message in (WAN, _message(_row("1"), _row("x", 3), last=False), _message(_row("3", 4), before=2), WAN):
        lived.take(message)
    rebuilt = Bench(tmp_path / "rebuilt")
    for batch in lived.journal.read(0):
        rebuilt.journal.append(batch.messages)
    while rebuilt.applier.step():
        pass
    assert import_file(rebuilt.state.engine, "0f") == import_file(lived.state.engine, "0f")
    assert rebuilt.state.dead_letters(10) == lived.state.dead_letters(10)
    assert rebuilt.observations.tally() == lived.observations.tally()


def test_days_of_a_city_arrive_as_they_are_in_the_file(tmp_path: Path) -> None:
    """From the file to the store, with the daily maximum of ozone."""
    bench = Bench(tmp_path)
    rule = parse_mapping(
        {**DAY, "origin": "official", "subject": {"column": "city"}, "items": {"pm25": "PM2.5", "o3_8h": "O3_8h"}}
    )
    take_file(bench, written(tmp_path, "date,city,PM2.5,O3_8h\n2026-02-27,宁波,35,92\n"), rule)
    start = parse_instant("2026-02-27T00:00:00+08:00")
    assert np.isnan(bench.observations.read(["330200"], ["pm25"], "day", start, start + 86400).values).all()
    assert bench.observations.holds(_day("35", start))
    assert not bench.observations.holds(_day("36", start))


def _day(value: str, start: int) -> Observation:
    return Observation.of("330200", "day", start, "official", {"pm25": (value, 2)})


@pytest.mark.parametrize("line", [1, 12345])
def test_the_place_of_a_refusal_is_a_key_of_its_own(tmp_path: Path, line: int) -> None:
    """Two rows of a message that have the same item wrong are two letters."""
    bench = Bench(tmp_path)
    bench.take(WAN, _message(_row("x", line), _row("y", line + 1, start=HOUR)))
    items = [letter.item for letter in letters_of(bench.state.engine, "reported/0f/a.csv") if letter.item]
    assert items == [f"pm25 (line {line})", f"pm25 (line {line + 1})"]


def test_who_announced_himself_since_is_found_by_his_name_when_applied_again(tmp_path: Path) -> None:
    """The message holds what the file calls him: rows and figures go to the id, and their letters are settled."""
    bench = Bench(tmp_path)
    figure = Figure(3, "大闸", "rank_composite", "2026-01", "3", "x")
    ranks = message_of(Import("b.csv", "1f", "official", 0, 1, last=True, figures=[figure]), "lin")
    bench.take(_message(_row("7", 2, "万里学院"), _row("8", 4, "Nobody")), ranks, WAN, DAZHA)
    assert bench.pm25() == [None]
    try_again(bench)
    assert bench.pm25() == [7]
    assert [figure.subject for figure in published(bench.state.engine)] == ["dazha"]
    assert standing(bench) == [(1, "line 4", "unknown-subject")]
    adds_up(bench)


def test_a_name_that_two_announced_since_is_refused_and_both_are_named(tmp_path: Path) -> None:
    """It is never guessed who is meant; the hint says what else would do."""
    bench = Bench(tmp_path)
    bench.take(_message(_row("7", 2, "万里学院")), WAN)
    [letter] = [one for one in bench.state.dead_letters(9) if one.item]
    assert "qingchuan dead-letters again" in letter.reason
    bench.take(announcement("1236A", '{"kind":"air-station","name":{"zh":"万里学院","en":"W"},"city":"330200"}'))
    try_again(bench)
    [letter] = [one for one in bench.state.dead_letters(9) if one.item]
    assert "'万里学院' is the name of 1235A, 1236A" in letter.reason
