"""What is missing of a logger, by what the store holds of its subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from qingchuan.collector.gateway import gaps
from qingchuan.collector.gateway.asking import Stretch
from qingchuan.collector.gateway.gaps import missing
from qingchuan.processing.periods import parse_instant
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observation, Period, Write
from qingchuan.store.subjects import Subject, parse_subject

START = parse_instant("2026-03-01T00:00:00Z")
HOUR, MINUTE, WEEK = 3600, 60, 7 * 86_400
SITE = parse_subject(
    '{"kind":"site","purpose":"outfall","name":{"zh":"排口","en":"Outfall"},"operator":{"zh":"厂","en":"Works"}}'.encode()
)
SECTION = parse_subject(
    '{"kind":"section","name":{"zh":"大闸","en":"Dazha"},"water_body":"river","target_class":3}'.encode()
)


class Bench:
    """A store of one subject."""

    def __init__(self, path: Path) -> None:
        self.observations = EmbeddedObservations(path)
        self._sequence = 0

    def tell(self, period: Period, starts: Iterable[int], subject: str = "x") -> None:
        """Let it tell of some times, in seconds after `START`."""
        told = [Observation(subject, period, START + start, "reported", '{"ph":7.1}') for start in starts]
        self.observations.apply(
            [Write(self._sequence + place, one) for place, one in enumerate(told, 1)], self._sequence + len(told)
        )
        self._sequence += len(told)

    def missing(self, now: int, subject: Subject = SITE) -> list[Stretch]:
        """What is missing `now`, in seconds after `START`; so are the stretches."""
        found = missing(self.observations, "x", subject, WEEK, START + now)
        return [Stretch(one.of, one.begin - START, one.end - START) for one in found]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An empty store."""
    made = Bench(tmp_path / "observations.sqlite")
    yield made
    made.observations.close()


def test_minutes_are_asked_for_where_some_were_told(bench: Bench) -> None:
    """As far apart as they usually are; another subject's are not looked at."""
    bench.tell("minute", (place * 10 * MINUTE for place in (0, 1, 2, 3, 7, 8, 9)))
    bench.tell("minute", (place * MINUTE for place in range(100)), subject="y")
    assert bench.missing(100 * MINUTE) == [Stretch("minute", 40 * MINUTE, 60 * MINUTE)]


def test_without_minutes_none_are_asked_for(bench: Bench) -> None:
    """Hours alone are what most sites tell."""
    bench.tell("hour", (place * HOUR for place in (0, 1, 2, 4)))
    assert bench.missing(5 * HOUR) == [Stretch("hour", 3 * HOUR, 3 * HOUR)]


def test_the_open_end_is_asked_for_when_it_will_not_come_by_itself_any_more(bench: Bench) -> None:
    """Half an hour after the minutes, or the hour, are over."""
    bench.tell("minute", (place * 10 * MINUTE for place in range(6)))
    bench.tell("hour", [0])
    assert bench.missing(90 * MINUTE) == []
    assert bench.missing(91 * MINUTE) == [Stretch("minute", 60 * MINUTE, 60 * MINUTE)]
    after = bench.missing(2 * HOUR + 31 * MINUTE)
    assert after == [Stretch("hour", HOUR, HOUR), Stretch("minute", 60 * MINUTE, 120 * MINUTE)]


@pytest.mark.parametrize("period", ["minute", "realtime"])
def test_the_open_end_is_asked_for_at_once_when_something_newer_came(bench: Bench, period: Period) -> None:
    """It is there again and tells what is now: what was before does not come by itself."""
    bench.tell("hour", [0])
    assert bench.missing(2 * HOUR + 5 * MINUTE) == []
    bench.tell(period, [2 * HOUR + 4 * MINUTE])
    assert bench.missing(2 * HOUR + 5 * MINUTE) == [Stretch("hour", HOUR, HOUR)]


def test_the_open_end_of_a_section_is_asked_for(bench: Bench) -> None:
    """Its readings are four hours apart."""
    bench.tell("instant", (place * HOUR for place in (0, 4, 8, 12)))
    assert bench.missing(17 * HOUR, SECTION) == []
    assert bench.missing(17 * HOUR + 30 * MINUTE, SECTION) == [Stretch("hour", 16 * HOUR, 16 * HOUR)]


def test_of_many_gaps_in_the_minutes_the_longest_are_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of time; the others when these are there."""
    monkeypatch.setattr(gaps, "_MOST", 2)
    bench.tell("minute", (place * MINUTE for place in (0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 14, 15, 17, 18, 22, 23, 24)))
    found = [Stretch("minute", 10 * MINUTE, 12 * MINUTE), Stretch("minute", 19 * MINUTE, 21 * MINUTE)]
    assert bench.missing(25 * MINUTE) == found
