"""A copy holds what its source holds, whatever interrupts it and whatever changes meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from qingchuan.store.copying import copying
from qingchuan.store.copying.copying import Copied, CountError, copy
from qingchuan.store.copying.ends import Count, End
from qingchuan.store.copying.file_end import FileEnd
from qingchuan.store.copying.influx_end import InfluxEnd
from qingchuan.store.flag_texts import LESS_THAN
from qingchuan.store.influx.server import InfluxServer
from qingchuan.store.observations import ONE_FIGURE, Observation, Observations, Origin, Period, Write
from tests.support.grids import same
from tests.support.influxd import Influxd, influxd_program

HOUR = 3600
SUBJECTS = ("1235A", "溪口", "a b,c=d\\e'f\"g%\\")
ITEMS = ("pm25", "co", "tp")
ORIGINS: tuple[Origin, ...] = ("reported", "derived", "audited", "manual", "official")
PERIODS: tuple[Period, ...] = ("hour", "instant")
PAIRS = ("file to file", "file to influxdb", "influxdb to file")


class Both:
    """An end that is also a store; opened anew for each use."""

    def __init__(self, open_end: Callable[[], End], books: Path) -> None:
        self.open = open_end
        self.books = books


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """A server for the tests that need one."""
    with Influxd(tmp_path_factory.mktemp("influxd"), influxd_program()) as started:
        yield started


@pytest.fixture(params=PAIRS)
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Both, Both]:
    """Two empty stores."""
    made = []
    for number, kind in enumerate(request.param.split(" to ")):
        path = tmp_path / f"{number}.sqlite"
        if kind == "file":
            made.append(Both(lambda path=path: FileEnd(path), path))  # type: ignore[misc]  # bound at once
        else:
            place = request.getfixturevalue("server").place(f"copy-{tmp_path.name}")
            made.append(Both(lambda path=path, place=place: InfluxEnd(InfluxServer(place), path), path))  # type: ignore[misc]
    return made[0], made[1]


def _write(sequence: int, chance: random.Random) -> Write:
    """What a message may say; few times, so that much of it is a revision."""
    items = {
        item: (chance.choice(["35", "0.70", "1e1", "-3"]), chance.choice([2, 3]))
        for item in ITEMS[: chance.randint(1, 3)]
    }
    by = {"co": LESS_THAN} if "co" in items and chance.random() < 0.3 else None
    period = chance.choice(PERIODS)
    subject, start = chance.choice(SUBJECTS), chance.randrange(6) * HOUR
    return Write(sequence, Observation.of(subject, period, start, chance.choice(ORIGINS), items, by))


def _fill(store: End, messages: int, seed: int) -> None:
    chance = random.Random(seed)
    first = store.sequence() + 1
    store.apply([_write(number, chance) for number in range(first, first + messages)], first + messages - 1)  # type: ignore[attr-defined]


def _check_same(one: Observations, other: Observations) -> None:
    assert one.tallies() == other.tallies()
    for period in PERIODS:
        for as_of in range(one.sequence() + 1):
            assert one.first(SUBJECTS, period, as_of) == other.first(SUBJECTS, period, as_of)
    for after in range(one.sequence()):
        assert sorted(one.changed(after, 10)) == sorted(other.changed(after, 10))
    for as_of in (None, *range(1, one.sequence() + 1, 7)):
        for origins in (ONE_FIGURE, ("official",), ("manual",)):
            grids = [store.read(SUBJECTS, ITEMS, "hour", 0, 6 * HOUR, as_of, origins) for store in (one, other)]
            assert same(*grids)
        for readings, others in zip(
            *(store.samples(SUBJECTS, ITEMS, 0, 6 * HOUR, as_of) for store in (one, other)), strict=True
        ):
            assert same(readings, others)
    for subject in SUBJECTS:
        told = [
            {each.start: each.items for each in store.reported(subject, "hour", 0, 6 * HOUR)} for store in (one, other)
        ]
        assert told[0] == told[1]


def _copy(source: Both, target: Both) -> Copied:
    with closing(source.open()) as old, closing(target.open()) as new:
        return copy(old, new, source.books)


def test_a_copy_holds_what_its_source_holds(ends: tuple[Both, Both]) -> None:
    """What is current, what was at any time, how far it is, and who said what."""
    source, target = ends
    with closing(source.open()) as old:
        _fill(old, 300, seed=1)
    copied = _copy(source, target)
    assert copied.sequence == 300
    assert sum(count.rows for count in copied.superseded.values()) > 50
    with closing(source.open()) as old, closing(target.open()) as new:
        _check_same(old, new)  # type: ignore[arg-type]  # they are stores, too
        _fill(old, 50, seed=2)
        _fill(new, 50, seed=2)
        _check_same(old, new)  # type: ignore[arg-type]


@pytest.mark.parametrize("after", [0, 1, 4])
def test_what_changes_while_it_is_interrupted_is_copied_too(ends: tuple[Both, Both], after: int) -> None:
    """It goes on where it was; what was copied and is not current any more is replaced."""
    source, target = ends
    with closing(source.open()) as old:
        _fill(old, 200, seed=3)
    with patch.object(copying, "_ROWS", 10):
        _interrupt(source, target, after)
        with closing(source.open()) as old:
            _fill(old, 100, seed=4)
        _copy(source, target)
    with closing(source.open()) as old, closing(target.open()) as new:
        _check_same(old, new)  # type: ignore[arg-type]


def test_what_changes_after_all_but_the_count_is_copied_too(ends: tuple[Both, Both]) -> None:
    """The server may be away just then, and the service go on with the old store meanwhile."""
    source, target = ends
    with closing(source.open()) as old:
        _fill(old, 200, seed=3)
    with patch.object(copying, "_check", side_effect=RuntimeError("away")), pytest.raises(RuntimeError, match="away"):
        _copy(source, target)
    with closing(source.open()) as old:
        _fill(old, 100, seed=4)
    _copy(source, target)
    with closing(source.open()) as old, closing(target.open()) as new:
        _check_same(old, new)  # type: ignore[arg-type]


def _interrupt(source: Both, target: Both, after: int) -> None:
    """Copy until so many pieces are written."""
    with closing(source.open()) as old, closing(target.open()) as new:
        put, left = new.put, after

        def puts(rows: object) -> None:
            nonlocal left
            if not left:
                raise RuntimeError("power")
            left -= 1
            put(rows)  # type: ignore[arg-type]

        with patch.object(new, "put", puts), pytest.raises(RuntimeError, match="power"):
            copy(old, new, source.books)
        assert new.size() == after * 10


def test_a_copy_that_lacks_a_row_is_refused(ends: tuple[Both, Both]) -> None:
    """What is counted is what lies there, not what was sent."""
    source, target = ends
    with closing(source.open()) as old, closing(target.open()) as new:
        _fill(old, 20, seed=5)
        put = new.put
        with patch.object(new, "put", lambda rows: put(rows[1:])), pytest.raises(CountError, match="the source has"):
            copy(old, new, source.books)


def test_counts_are_of_rows_and_values(tmp_path: Path) -> None:
    """By period and origin, of what is current and of what was superseded."""
    source = Both(lambda: FileEnd(tmp_path / "a"), tmp_path / "a")
    with closing(source.open()) as store:
        for number, items in enumerate(({"pm25": ("1", 2)}, {"pm25": ("2", 2), "co": ("1", 2)}), 1):
            told = Observation.of("1235A", "hour", 0, "reported", items)
            store.apply([Write(number, told)], number)  # type: ignore[attr-defined]
    copied = _copy(source, Both(lambda: FileEnd(tmp_path / "b"), tmp_path / "b"))
    assert copied == ({("hour", "reported"): Count(1, 2)}, {("hour", "reported"): Count(1, 1)}, 2)
