"""GB 3095: tables 1, 2, 4 and A.1, the amendment of 2018, and the standards against one another."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec
import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits
from qingchuan.processing.standards.air_limits import Grade

OLD = standards.load("gb3095_2012", AmbientAirLimits)
NEW = standards.load("gb3095_2026", AmbientAirLimits)
BOTH = pytest.mark.parametrize("limits", [OLD, NEW], ids=["2012", "2026"])
RULES = standards.load("hj663_2013", AirAssessment)
BEFORE, AFTER = date(2030, 12, 31), date(2031, 1, 1)


@BOTH
def test_units_are_those_of_the_catalogue_and_of_hj_663(limits: AmbientAirLimits) -> None:
    """Item by item of table 1; of table 2 those of HJ 663."""
    assert {row.item for row in limits.table.rows} == set(limits.table.units)
    assert limits.table.units == {item: catalogue.item(item).unit for item in limits.table.units}
    assert limits.other.items == RULES.other.items


@pytest.mark.parametrize(
    ("item", "averaging", "old", "before", "after"),
    [
        ("tsp", "year", (80, 200), (80, 200), (80, 200)),
        ("tsp", "day", (120, 300), (120, 300), (120, 300)),
        ("nox", "year", (50, 50), (50, 50), (40, 40)),
        ("nox", "day", (100, 100), (100, 100), (70, 70)),
        ("nox", "hour", (250, 250), (250, 250), (250, 250)),
        ("pb", "year", (0.5, 0.5), (0.5, 0.5), (0.5, 0.5)),
        ("pb", "quarter", (1, 1), (1, 1), (1, 1)),
        ("bap", "year", (0.001, 0.001), (0.001, 0.001), (0.001, 0.001)),
        ("bap", "day", (0.0025, 0.0025), (0.0025, 0.0025), (0.0025, 0.0025)),
    ],
)
def test_the_limits_of_table_2_are_those_printed(
    item: str, averaging: str, old: tuple[float, float], before: tuple[float, float], after: tuple[float, float]
) -> None:
    """Typed again from the pages: both editions, and both sides of the end of the transition."""
    grades: tuple[Grade, Grade] = (1, 2)
    for place, grade in enumerate(grades):
        assert OLD.other_limit(item, averaging, grade=grade, on=date(2020, 1, 1)) == old[place]
        assert NEW.other_limit(item, averaging, grade=grade, on=BEFORE) == before[place]
        assert NEW.other_limit(item, averaging, grade=grade, on=AFTER) == after[place]


@pytest.mark.parametrize(
    ("item", "averaging", "decimals", "scaled"),
    [("pm25", "year", 0, 35), ("co", "day", 1, 40), ("pb", "year", 2, 50), ("pb", "quarter", 2, 100)],
)
def test_a_scaled_limit_is_in_units_of_the_last_decimal(item: str, averaging: str, decimals: int, scaled: int) -> None:
    """Of both tables, exactly."""
    assert OLD.scaled_limit(item, averaging, decimals, grade=2, on=date(2020, 1, 1)) == scaled


@BOTH
def test_every_limit_is_whole_in_the_decimals_of_hj_663(limits: AmbientAirLimits) -> None:
    """So that comparing scaled integers is comparing concentrations."""
    printed = [(row.item, limit) for row in limits.table.rows for limit in row.limits]
    others = [(row.item, limit) for row in limits.other.rows for limit in row.limits]
    for item, limit in printed + others:
        assert (Fraction(str(limit)) * 10 ** RULES.decimals.items[item]).denominator == 1, item


@BOTH
def test_what_hj_663_evaluates_has_a_limit(limits: AmbientAirLimits) -> None:
    """Means against annual limits, percentiles and days against daily ones, hours against hourly ones."""
    on = limits.in_force
    wanted = [(item, "hour") for item in RULES.basic.hour]
    wanted += [(item, "day") for item in (*RULES.basic.day, *RULES.other.day)]
    wanted += [(item, "quarter") for item in RULES.other.quarter]
    for row in (*RULES.basic.year, *RULES.other.year):
        wanted += [(row.item, "year")] * row.mean + [(row.item, "day")] * (row.percent is not None)
    for item, averaging in wanted:
        assert limits.scaled_limit(item, averaging, RULES.decimals.items[item], grade=2, on=on) > 0


@pytest.mark.parametrize(("item", "averaging"), [("tsp", "hour"), ("pm25", "day")])
def test_a_limit_that_table_2_does_not_set_is_refused(item: str, averaging: str) -> None:
    """The message names the table."""
    with pytest.raises(LookupError, match=f"GB 3095—2012 has no limit for '{item}', '{averaging}'; see 4.2, table 2"):
        OLD.other_limit(item, averaging, grade=2, on=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("limits", "on", "temperature", "particles"),
    [
        (OLD, date(2012, 1, 1), 273, False),
        (OLD, date(2018, 8, 31), 273, False),
        (OLD, date(2018, 9, 1), 298.15, True),
        (NEW, date(2026, 3, 1), 298.15, True),
    ],
)
def test_gases_are_told_for_298_k_since_september_2018(
    limits: AmbientAirLimits,
    on: date,
    temperature: float,
    particles: bool,  # noqa: FBT001
) -> None:
    """公告2018年第29号: from that day on particles are told for the air as it is."""
    state = limits.state(on)
    assert (state.temperature, state.pressure) == (temperature, 1013.25)
    assert ("pm25" in state.ambient) == particles
    assert ("pm25" in state.items) != particles
    assert {"so2", "no2", "co", "o3", "o3_8h", "nox"} <= set(state.items)


def test_the_amendment_says_what_the_edition_of_2026_says() -> None:
    """Its own text is not at hand; the same state, the same items."""
    amended, new = OLD.states[-1], NEW.states[0]
    assert (amended.temperature, amended.pressure, amended.items, amended.ambient) == (
        new.temperature,
        new.pressure,
        new.items,
        new.ambient,
    )
    assert amended.document is not None
    assert "2018年第29号" in amended.document


def test_states_that_are_out_of_order_are_refused() -> None:
    """The earlier one comes first."""
    told = msgspec.to_builtins(OLD)
    told["states"] = told["states"][::-1]
    with pytest.raises(msgspec.ValidationError, match="the states of GB 3095—2012 are out of order"):
        msgspec.convert(told, AmbientAirLimits)


def test_validity_is_the_same_in_both_editions() -> None:
    """Table 4, row by row, but for the words."""
    assert OLD.validity.rows == NEW.validity.rows


@BOTH
def test_the_rules_of_hj_663_rest_on_table_4(limits: AmbientAirLimits) -> None:
    """20 h, 6 h, 324 days, 27 and 25 days; HJ 663 adds CO and ozone to the years (6.1.3)."""
    rows = {(row.averaging, item): row for row in limits.validity.rows for item in row.items}
    assert {rows["day", item].at_least for item in ("so2", "no2", "co", "pm10", "pm25", "nox")} == {
        RULES.daily_mean.at_least
    }
    assert rows["8 hours", "o3"].at_least == RULES.daily_maximum.at_least
    assert {rows["hour", item].at_least for item in ("so2", "no2", "co", "o3", "nox")} == {45}
    for (averaging, item), row in rows.items():
        if averaging in {"year", "quarter"}:
            minimum = RULES.minimum("year" if averaging == "year" else "quarter", item)
            assert minimum is not None
            assert (row.at_least, row.each_month, row.february) == (
                minimum.at_least,
                minimum.each_month,
                minimum.february,
            )


def test_the_reference_limits_are_the_same_in_both_editions() -> None:
    """Table A.1: 2012 prints them for two grades, 2026 once; flux limits differ by the use of the land."""
    for old, new in zip(OLD.reference.rows, NEW.reference.rows, strict=True):
        assert (old.item, old.averaging, old.unit) == (new.item, new.averaging, new.unit)
        assert set(old.limits) == set(new.limits)
    for table in (OLD.reference, NEW.reference):
        assert all(len(row.limits) == len(row.marks) for row in table.rows)
        assert {mark for row in table.rows for mark in row.marks if mark} <= set(table.notes)
        assert {row.item for row in table.rows} == set(table.items)


@BOTH
def test_grade_one_of_table_2_is_never_laxer_and_notes_stand_at_a_row(limits: AmbientAirLimits) -> None:
    """A transition is laxer than what follows it."""
    rows = {(row.item, row.averaging): row.limits for row in limits.other.rows}
    assert all(first <= second for first, second in rows.values())
    for note in limits.other.notes:
        assert note.limit > max(rows[note.item, note.averaging])
        assert note.until < limits.stages[-1].in_force


@BOTH
def test_stages_come_in_the_order_of_their_dates(limits: AmbientAirLimits) -> None:
    """The first begins with what the edition judges, none after it ends."""
    begins = [stage.in_force for stage in limits.stages]
    assert begins == sorted(set(begins))
    assert begins[0] == (limits.applied_from or limits.in_force) == limits.states[0].in_force
    assert limits.in_force_until is None or begins[-1] < limits.in_force_until


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (date(2020, 1, 1), True),
        (date(2026, 3, 1), True),
        (date(2030, 12, 31), True),
        (date(2031, 1, 1), False),
    ],
)
def test_limits_tighten_on_the_first_day_of_2031(on: date, first: bool) -> None:  # noqa: FBT001 - table of cases
    """4.4; days before the edition have its first stage."""
    limits = standards.load("gb3095_2026", AmbientAirLimits)
    assert (limits.stage(on) is limits.stages[0]) == first
