"""Quality control of many messages at once of which some are late, corrected or flagged: as if they came one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qingchuan.collector.quality.merging import texts_of
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.store.flag_texts import Mark
from qingchuan.store.observations import Observation, Write
from tests.support.plain_quality import PlainQuality
from tests.support.quality_traffic import FIRST, THRESHOLDS, Kept, judged

if TYPE_CHECKING:
    from collections.abc import Sequence

_PM25 = ["20", "21", "35.5", "23", "22", "95", "24", "25", "26", "21", "20", "22"]


def write(number: int, value: str, *, subject: str = "a", mark: Mark = Mark(2), revises: bool = True) -> Write:  # noqa: B008 - frozen
    """An hour, so many after the first; the sequence is given by `numbered`."""
    texts = texts_of({"pm25": (value, mark)})
    return Write(0, Observation(subject, "hour", FIRST + number * HOUR, "reported", *texts), revises)


def numbered(writes: Sequence[Write]) -> list[Write]:
    """Writes with the numbers of their messages."""
    return [Write(number, one.observation, one.revises, one.message) for number, one in enumerate(writes, 1)]


def agrees(writes: Sequence[Write]) -> Kept:
    """What all at once come to: what the plain model says, and what they come to one by one, also after new starts."""
    told = numbered(writes)
    plain = PlainQuality(THRESHOLDS)
    for one in told:
        plain.take(one)
    each = range(len(told) + 1)
    kept, apart, alone = judged(told), judged(told, each), judged(told, each, [True] * len(told))
    assert sorted(kept.log, key=str) == sorted(plain.log, key=str)
    assert kept.faults() == apart.faults() == alone.faults()
    return kept


@pytest.mark.parametrize("late", range(1, 11))
def test_a_late_hour_among_those_of_one_step(late: int) -> None:
    """Wherever it lies, and whatever comes after it in the same step."""
    hours = [write(number, value) for number, value in enumerate(_PM25)]
    agrees([*hours[:late], *hours[late + 1 : 11], hours[late], hours[11]])


@pytest.mark.parametrize("corrected", range(11))
@pytest.mark.parametrize("value", ["22", "140", "0", "-3"])
def test_a_correction_of_an_hour_of_the_same_step(corrected: int, value: str) -> None:
    """It is judged anew with its neighbours; the spike beside it may be none any more."""
    hours = [write(number, one) for number, one in enumerate(_PM25)]
    agrees([*hours[:11], write(corrected, value), hours[11]])


def test_a_whole_day_that_comes_after_the_next_hour() -> None:
    """A logger that was cut off tells the newest hour first, and then all that it had kept."""
    hours = [write(number, value) for number, value in enumerate(_PM25 * 2)]
    agrees([hours[0], hours[-1], *hours[1:-1], write(24, "20")])


def test_what_came_in_between_is_corrected_twice_in_one_step() -> None:
    """The second correction finds what the first one left; a repeat of it changes nothing."""
    hours = [write(number, value) for number, value in enumerate(_PM25[:5])]
    kept = agrees([*hours, write(2, "60"), write(2, "22"), write(2, "22.0"), write(5, "21")])
    assert kept.rows[FIRST + 2 * HOUR, "a", "hour"].values == '{"pm25":22}'


def test_hours_that_come_with_flags_of_their_own_stand_among_others() -> None:
    """They are judged one after the other with those that come without."""
    marks = [Mark(2), Mark(3, "device:Q"), Mark(2), Mark(4, "device:M")] * 3
    agrees([write(number, value, mark=mark) for number, (value, mark) in enumerate(zip(_PM25, marks, strict=True))])


def test_what_is_too_old_is_found_in_the_same_step() -> None:
    """It was told in sight; told again out of sight it is merged with what is there."""
    agrees(
        [write(0, "20"), write(9 * 24, "21"), write(0, "20"), write(0, "95"), write(1, "30"), write(9 * 24 + 1, "22")]
    )


def test_a_fault_out_of_sight_ends_with_the_next_value_that_is_no_retained_one() -> None:
    """Values that are not looked back at tell nothing of faults, however messages are grouped."""
    day = DAY // HOUR
    agrees(
        [
            write(0, "0"),
            write(4 * day, "20", revises=False),
            write(4 * day + 1, "20"),
            write(4 * day + 2, "21", subject="b"),
            write(4 * day + 3, "20"),
        ]
    )


def test_subjects_do_not_see_one_another() -> None:
    """One that is late makes no difference to another one, whose hours are in order."""
    late = [write(number, value) for number, value in enumerate(_PM25)]
    calm = [write(number, value, subject="b") for number, value in enumerate(_PM25)]
    both = [one for pair in zip([*late[:3], *late[5:], late[4], late[3]], calm, strict=True) for one in pair]
    kept = agrees(both)
    assert [kept.rows[FIRST + number * HOUR, "a", "hour"] for number in range(12)] == [
        kept.rows[FIRST + number * HOUR, "b", "hour"] for number in range(12)
    ]
