"""Evidence for the class of a section, out of the observation store."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qingchuan.alerts.announced import Announced
from qingchuan.alerts.episodes import Measured, Moment
from qingchuan.alerts.evidence import Window, gather, worst_levels
from qingchuan.processing.periods import parse_instant
from qingchuan.store.arrays import Readings
from qingchuan.store.observations import Observation, Write
from qingchuan.store.subjects import Name, Section, WaterBody
from tests.alerts.support import HOUR, T0, Place


def section(water_body: WaterBody = "river") -> Announced:
    """A section of that kind of water."""
    return Announced([(1, Section(Name("大闸", "Dazha"), water_body))])


def moments(place: Place, start: float, end: float, water_body: WaterBody = "river") -> list[Moment]:
    """The moments of ``dazha`` between hours after T0."""
    times = T0 + int(start * HOUR), T0 + int(end * HOUR)
    return list(gather(place.observations, "dazha", section(water_body), *times).moments())


def measured(place: Place, item: str, water_body: WaterBody = "river") -> tuple[int, float | None]:
    """Level and exceeded limit of the one value of ``dazha``."""
    (found,) = moments(place, 0, 1, water_body)
    return next((each.level, each.limit) for each in found.measured if each.item == item)


@pytest.mark.parametrize(
    ("item", "value", "level", "limit"),
    [
        ("tp", "0.02", 1, None),
        ("tp", "0.3", 4, 0.2),
        ("tp", "0.3000001", 5, 0.3),
        ("tp", "0.4", 5, 0.3),
        ("tp", "0.4000001", 6, 0.4),
        ("do", "3", 4, 5.0),
        ("do", "2.999", 5, 3.0),
        ("do", "1.999", 6, 2.0),
        ("ph", "9", 1, None),
        ("ph", "9.01", 6, 9.0),
        ("ph", "5.99", 6, 6.0),
    ],
)
def test_each_value_comes_with_its_class_and_the_limit_it_exceeds(
    place: Place, item: str, value: str, level: int, limit: float | None
) -> None:
    """GB 3838—2002, table 1, rivers: a value that equals a limit meets it."""
    place.read(0, **{item: value})
    assert measured(place, item) == (level, limit)


def test_a_lake_is_judged_by_its_own_column(place: Place) -> None:
    """0.15 mg/L of phosphorus is Ⅲ in a river and Ⅴ in a lake."""
    place.read(0, tp="0.15")
    assert measured(place, "tp", "river") == (3, 0.1)
    assert measured(place, "tp", "lake") == (5, 0.1)


@pytest.mark.parametrize(("flag", "counts"), [(1, True), (2, True), (3, False), (4, False), (9, False)])
def test_only_valid_values_count(place: Place, flag: int, *, counts: bool) -> None:
    """Suspect, bad and missing ones never do."""
    place.read(0, tp=("0.5", flag), ph="7")
    (found,) = moments(place, 0, 1)
    assert ("tp" in [each.item for each in found.measured]) is counts
    worst = worst_levels(place.observations, {"dazha": section()}, {"dazha": Window(T0, T0)})
    assert worst == {"dazha": 6 if counts else 1}


@pytest.mark.parametrize(
    ("flag", "by", "counts"),
    [
        (3, "spike", True),
        (3, "rate_of_change", True),
        (3, "outlier_large", True),
        (3, "gross_range", True),
        (4, "spike", False),
        (3, "constant", False),
        (3, "zero", False),
        (3, "logic", True),
        (3, "device:S", False),
        (4, "negative", False),
    ],
)
def test_a_suspect_value_tells_of_the_water_where_it_may_be_true(
    place: Place, flag: int, by: str, *, counts: bool
) -> None:
    """A spill stands out and is a reading of Class Ⅴ all the same; what looks like a broken instrument is not."""
    place.sequence += 1
    reading = Observation.of("dazha", "instant", T0, "reported", {"tp": ("0.5", flag), "ph": ("7", 1)}, {"tp": by})
    place.observations.apply([Write(place.sequence, reading)], place.sequence)
    (found,) = moments(place, 0, 1)
    assert ("tp" in [each.item for each in found.measured]) is counts
    worst = worst_levels(place.observations, {"dazha": section()}, {"dazha": Window(T0, T0)})
    assert worst == {"dazha": 6 if counts else 1}


def test_a_negative_concentration_is_missing_and_hides_no_earlier_value(place: Place) -> None:
    """-1 is what many stations send for nothing: it must not close an alert."""
    place.read(0, tp="0.5")
    place.read(1, tp="-1", ph="7")
    later = moments(place, 1, 2)[0]
    assert {each.item: each.value for each in later.measured} == {"tp": 0.5, "ph": 7.0}


def test_each_reading_is_judged_by_the_kind_of_water_announced_before_it(place: Place) -> None:
    """A lake that became a river with message 2; before its first announcement there is nothing to judge by."""
    name = Name("大闸", "Dazha")
    for hour in range(3):
        place.read(hour, tp="0.15")
    told = Announced([(2, Section(name, "lake")), (3, Section(name, "river"))])
    found = gather(place.observations, "dazha", told, T0, T0 + 3 * HOUR)
    levels = [(moment.sequence, [each.level for each in moment.measured]) for moment in found.moments()]
    assert levels == [(2, [5]), (3, [3])]
    assert found.levels.max(axis=0).tolist() == [0, 5, 3]
    worst = [
        worst_levels(place.observations, {"dazha": told}, {"dazha": Window(T0 + hour * HOUR, T0 + hour * HOUR)})
        for hour in range(3)
    ]
    assert worst == [{}, {"dazha": 5}, {"dazha": 3}]


def test_items_that_do_not_judge_in_real_time_are_left_out(place: Place) -> None:
    """Total nitrogen never judges, not even a lake."""
    place.read(0, tn="9", turbidity="500", ph="7")
    (found,) = moments(place, 0, 1, "lake")
    assert [each.item for each in found.measured] == ["ph"]


def test_values_are_carried_for_their_cycle(place: Place) -> None:
    """Analysers for four hours, the five parameters for one, also from before the first reading asked for."""
    place.read(-4, tp="0.35", ph="5")
    place.read(-1, do="4")
    place.read(0, nh3n="1")
    (found,) = moments(place, 0, 1)
    assert found.measured == (
        Measured("do", 4.0, 4, 5.0, T0 - HOUR),
        Measured("nh3n", 1.0, 3, 0.5, T0),
        Measured("tp", 0.35, 5, 0.3, T0 - 4 * HOUR),
    )
    assert (found.time, found.sequence, found.edition) == (T0, 3, "GB 3838—2002")


def test_the_end_is_not_included(place: Place) -> None:
    """[start, end)."""
    place.read(0, tp="1")
    place.read(1, tp="2")
    assert [found.time for found in moments(place, 0, 1)] == [T0]
    assert moments(place, 0.5, 1) == []


def test_a_reading_from_before_the_first_edition_is_not_judged(place: Place) -> None:
    """GB 3838—2002 came into force on 2002-06-01; a clock that was reset does not stop the engine."""
    first = parse_instant("2002-06-01T00:00:00+08:00")
    for time in (0, first - 1, first):
        place.read((time - T0) / HOUR, tp="9")
    found = gather(place.observations, "dazha", section(), 0, first + 1)
    assert [each.time for each in found.moments()] == [first]
    assert worst_levels(place.observations, {"dazha": section()}, {"dazha": Window(0, first - 1)}) == {}


def test_the_worst_level_of_many_sections_is_found_in_a_few_reads(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows more than four hours apart are read apart; each section is judged by its own kind of water."""
    place.read(0, "dazha", tp="0.15")
    place.read(1, "hu", tp="0.15")
    place.read(-5000, "old", ph="5")
    place.read(0, "empty", turbidity="3")
    sections = {"dazha": section(), "hu": section("lake"), "old": section(), "empty": section()}
    windows = {"dazha": Window(T0, T0), "hu": Window(T0, T0 + HOUR), "empty": Window(T0 + 5 * HOUR, T0 + 5 * HOUR)}
    windows["old"] = Window(T0 - 5000 * HOUR, T0 - 5000 * HOUR)
    read: list[Sequence[str]] = []
    readings = place.observations.readings

    def counted(subjects: Sequence[str], items: Sequence[str], start: int, end: int) -> Readings:
        read.append(subjects)
        return readings(subjects, items, start, end)

    monkeypatch.setattr(place.observations, "readings", counted)
    assert worst_levels(place.observations, sections, windows) == {"dazha": 3, "hu": 5, "old": 6}
    assert read == [["old"], ["dazha", "hu", "empty"]]
