"""Keeping the cube: many subjects, what makes it anew, what a crash leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from qingchuan.processing.periods import DAY
from qingchuan.store.cube import keeper as keeping
from qingchuan.store.cube.checking import damage_of
from qingchuan.store.cube.cube import Cube, NotInCubeError
from qingchuan.store.cube.files import DamagedError
from qingchuan.store.cube.keeper import Keeper
from qingchuan.store.cube.places import COLUMNS
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.flag_texts import WITHDRAWN
from qingchuan.store.observations import Observation, Period, Write
from tests.support.grids import same

HOUR = 3600
MANY = tuple(f"s{number:03}" for number in range(COLUMNS + 6))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedObservations]:
    """An empty store."""
    with closing(EmbeddedObservations(tmp_path / "observations.sqlite")) as made:
        yield made


def _tell(store: EmbeddedObservations, start: int, values: dict[str, str], item: str = "pm25") -> None:
    first = store.sequence() + 1
    told = [Observation.of(subject, "hour", start, "reported", {item: (value, 2)}) for subject, value in values.items()]
    store.apply([Write(first + place, one) for place, one in enumerate(told)], first + len(told) - 1)


def _keep(folder: Path, store: EmbeddedObservations) -> Keeper:
    keeper = Keeper(folder, store)
    while keeper.step():
        pass
    keeper.step()
    return keeper


def _same(cube: Cube, store: EmbeddedObservations, subjects: tuple[str, ...], period: Period = "hour") -> bool:
    asked = subjects, ("pm25", "co"), period, -8 * HOUR, 100 * DAY - 8 * HOUR
    return same(cube.read(*asked), store.read(*asked))


def test_subjects_share_files_and_further_ones_get_their_own(store: EmbeddedObservations, tmp_path: Path) -> None:
    """In the order in which they come; read in any order, alone, and with others that tell nothing."""
    folder = tmp_path / "cube"
    _tell(store, 0, {subject: str(place) for place, subject in enumerate(MANY[:10])})
    keeper = _keep(folder, store)
    _tell(store, HOUR, {subject: str(place) for place, subject in enumerate(MANY)})
    while keeper.step():
        pass
    assert sorted(path.name for path in (folder / "own" / "hour" / "1970-01").iterdir()) == ["0", "1"]
    for subjects in (MANY, MANY[::-1], MANY[::7], MANY[60:], (MANY[3],), ("nobody", MANY[-1], "never", MANY[0]), ()):
        assert _same(Cube(folder), store, subjects)


def test_a_value_that_its_integer_does_not_give_back_makes_the_file_wide(
    store: EmbeddedObservations, tmp_path: Path
) -> None:
    """Only that one; the narrow one is removed, and what stood in it is the same."""
    folder = tmp_path / "cube"
    _tell(store, 0, {"a": "35", "b": "-3"})
    _tell(store, 0, {"a": "0.7"}, "co")
    keeper = _keep(folder, store)
    _tell(store, HOUR, {"b": "35.55"})
    keeper.step()
    assert {path.name for path in (folder / "own/hour/1970-01/0").iterdir()} == {
        "pm25.wide",
        "co.narrow",
        "sequence.sequence",
    }
    assert _same(Cube(folder), store, ("a", "b"))
    assert Cube(folder).read(["b"], ["pm25"], "hour", 0, 2 * HOUR).values[0, :, 0].tolist() == [-3, 35.55]


def test_a_value_that_is_taken_back_is_gone(store: EmbeddedObservations, tmp_path: Path) -> None:
    """What another origin tells of the same cell comes back; where none does, it is missing again."""
    folder = tmp_path / "cube"
    _tell(store, 0, {"a": "35"})
    audited = [Observation.of("a", "hour", start, "audited", {"pm25": ("30", 2)}) for start in (0, HOUR)]
    store.apply([Write(2, one) for one in audited], 2)
    keeper = _keep(folder, store)
    assert Cube(folder).read(["a"], ["pm25"], "hour", 0, 2 * HOUR).values[0, :, 0].tolist() == [30, 30]
    for number, start in ((3, HOUR), (4, 0)):
        told = Observation.of("a", "hour", start, "audited", {"pm25": ("30", 9)}, {"pm25": WITHDRAWN})
        store.apply([Write(number, told)], number)
        keeper.step()
        assert _same(Cube(folder), store, ("a",))
    values = Cube(folder).read(["a"], ["pm25"], "hour", 0, 2 * HOUR).values[0, :, 0]
    assert np.array_equal(values, [35, np.nan], equal_nan=True)
    assert Cube(folder).origins(["a"], ["pm25"], "hour", 0, 2 * HOUR)[0, :, 0].tolist() == [2, 0]


@pytest.mark.parametrize("whose", ["manifest", "pm25.narrow", "sequence.sequence"])
def test_whatever_bit_is_wrong_the_cube_is_made_anew(store: EmbeddedObservations, tmp_path: Path, whose: str) -> None:
    """In each part of a file; and the log says why."""
    folder = tmp_path / "cube"
    _tell(store, 0, {"a": "35"})
    _keep(folder, store)
    (path,) = folder.rglob(whose)
    content = path.read_bytes()
    for place in np.linspace(0, len(content) - 1, 12).astype(int).tolist():
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        assert list(damage_of(folder))
        with capture_logs() as logs:
            _keep(folder, store)
        assert [(log["event"], whose in log["reason"]) for log in logs] == [("cube made anew", True)]
        assert list(damage_of(folder)) == []
        assert _same(Cube(folder), store, ("a",))


def test_only_the_newest_files_are_looked_through_at_a_start(
    store: EmbeddedObservations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`verify` looks through all."""
    folder = tmp_path / "cube"
    _tell(store, 0, {"a": "35"})
    _tell(store, 200 * DAY, {"a": "36"})
    _keep(folder, store)
    monkeypatch.setattr(keeping, "_CHECKED", 3_000_000)
    path = folder / "own/hour/1970-01/0/pm25.narrow"
    path.write_bytes(b"\1" + path.read_bytes()[1:])
    with capture_logs() as logs:
        _keep(folder, store)
    assert logs == []
    assert list(damage_of(folder)) == [f"{path} is not what was written"]


def test_a_store_that_is_not_as_far_is_another_one(tmp_path: Path) -> None:
    """It was made again, or is one of before."""
    folder = tmp_path / "cube"
    with closing(EmbeddedObservations(tmp_path / "one.sqlite")) as store:
        _tell(store, 0, {"a": "35", "b": "36"})
        _keep(folder, store)
    with closing(EmbeddedObservations(tmp_path / "other.sqlite")) as store, capture_logs() as logs:
        _tell(store, 0, {"a": "37"})
        _keep(folder, store)
        assert logs[0]["reason"] == "it is at message 2, the store at 1"
        assert _same(Cube(folder), store, ("a", "b"))


def test_what_the_manifest_does_not_name_is_removed(store: EmbeddedObservations, tmp_path: Path) -> None:
    """A crash left it."""
    folder = tmp_path / "cube"
    _tell(store, 0, {"a": "35"})
    _keep(folder, store)
    stray = folder / "own/hour/1970-01/0/co.narrow"
    stray.write_bytes(b"half")
    _keep(folder, store)
    assert not stray.exists()


def test_what_it_does_not_hold_is_asked_of_the_store(store: EmbeddedObservations, tmp_path: Path) -> None:
    """Before it is made, other periods, parts of periods, some origins alone, items of no catalogue."""
    folder = tmp_path / "cube"
    cube = Cube(folder)
    assert cube.sequence() == 0
    with pytest.raises(NotInCubeError, match="no cube"):
        cube.read(["a"], ["pm25"], "hour", 0, HOUR)
    _tell(store, 0, {"a": "35"})
    _keep(folder, store)
    for asked in (
        (["a"], ["pm25"], "minute", 0, HOUR),
        (["a"], ["pm25"], "hour", 5, HOUR),
        (["a"], ["pm25"], "hour", 0, HOUR + 5),
        (["a"], ["pm25"], "hour", 0, HOUR, ("reported",)),
        (["a"], ["unheard"], "hour", 0, HOUR),
    ):
        with pytest.raises(NotInCubeError):
            cube.read(*asked)


def test_a_file_that_is_gone_is_damage(store: EmbeddedObservations, tmp_path: Path) -> None:
    """Reading says so; it is not taken for missing values."""
    folder = tmp_path / "cube"
    _tell(store, 0, {"a": "35"})
    _keep(folder, store)
    (folder / "own/hour/1970-01/0/pm25.narrow").unlink()
    with pytest.raises(DamagedError, match="cannot be read"):
        Cube(folder).read(["a"], ["pm25"], "hour", 0, HOUR)
