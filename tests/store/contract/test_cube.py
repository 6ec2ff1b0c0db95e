"""Whatever comes, whatever breaks: the cube gives what the store that it follows gives, to the bit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingchuan.processing.periods import DAY, day_start
from qingchuan.store.arrays import Grid
from qingchuan.store.cube import observations as behind
from qingchuan.store.cube.cube import Cube
from qingchuan.store.cube.keeper import Keeper
from qingchuan.store.cube.observations import CubedObservations
from qingchuan.store.cube.places import MONTHS, ORIGINS
from qingchuan.store.cube.writer import Writer
from qingchuan.store.flag_texts import WITHDRAWN
from qingchuan.store.observations import ONE_FIGURE, WITH_OFFICIAL, Observation, Origin, Period, Write
from tests.store.contract.stores import HOUR, Opener, Store

SUBJECTS = ("1235A", "溪口", "a b,c=d\\e'f\"g%\\", "never")
ITEMS = ("pm25", "co", "tp", "o3_8h")
NEW_YEAR = day_start(date(2026, 1, 1))
SPANS: Mapping[Period, tuple[int, int, int]] = {
    "hour": (NEW_YEAR - 2 * HOUR, NEW_YEAR + 2 * HOUR, HOUR),
    "day": (NEW_YEAR - 2 * DAY, NEW_YEAR + 2 * DAY, DAY),
}
"""Begin and end of what is told of each period, and its length [s]."""
FIGURES: tuple[tuple[Origin, ...], ...] = (ONE_FIGURE, WITH_OFFICIAL, ("official",), ("manual",))

_numbers = st.sampled_from(
    ["35", "35.0", "36", "-3", "0.70", "7e-1", "0.7", "35.55", "-0.0", "0", "65534", "1e9", "0.1999999999999999999"]
)
_flags = st.sampled_from([(2, ""), (2, ""), (1, ""), (3, "spike"), (4, "device:M"), (9, WITHDRAWN)])
_items = st.dictionaries(st.sampled_from(ITEMS), st.tuples(_numbers, _flags))
_origins = st.sampled_from(["reported", "reported", "derived", "audited", "manual", "official"])


def _observation(
    subject: str, period: Period, place: int, origin: Origin, told: Mapping[str, tuple[str, tuple[int, str]]]
) -> Observation:
    begin, end, step = SPANS.get(period, SPANS["hour"])
    items = {item: (number, flag) for item, (number, (flag, _)) in told.items()}
    by = {item: by for item, (_, (_, by)) in told.items()}
    return Observation.of(subject, period, range(begin, end, step)[place], origin, items, by)


_observations = st.builds(
    _observation,
    st.sampled_from(["1235A", "1235A", *SUBJECTS[1:-1]]),
    st.sampled_from(["hour", "hour", "hour", "day", "instant"]),
    st.sampled_from([1, 1, 1, 2, 0, 3]),  # much of it is told again
    _origins,
    _items,
)
_messages = st.lists(
    st.lists(st.tuples(_observations, st.sampled_from([True, True, False])), min_size=1, max_size=2), max_size=12
)
_Message = Sequence[tuple[Observation, bool]]


@settings(max_examples=60)
@given(_messages, st.randoms(use_true_random=False))
def test_the_cube_gives_what_the_store_gives(
    another: Callable[[], Opener],
    tmp_path_factory: pytest.TempPathFactory,
    messages: Sequence[_Message],
    chance: random.Random,
) -> None:
    """In any order, with corrections and what is taken back, with restarts, crashes and damage in between."""
    folder = tmp_path_factory.mktemp("cube") / "cube"
    writes = [Write(number, told, revises) for number, said in enumerate(messages, 1) for told, revises in said]
    with closing(another()()) as store, patch.object(behind, "_LEAST", 0), patch.dict(MONTHS, hour=1, day=1):
        keeper, cubed = Keeper(folder, store), CubedObservations(store, Cube(folder))
        for up_to in range(1, len(messages) + 1):
            if chance.random() < 0.6:
                store.apply([write for write in writes if write.sequence <= up_to], up_to)
                keeper = _live(keeper, store, folder, chance)
                _check_before_the_cube(cubed, store, chance.randint(0, up_to))
        store.apply(writes, len(messages))
        _check_before_the_cube(cubed, store, None)
        while keeper.step():
            pass
        keeper.step()
        _check_cube(Cube(folder), store)


def _live(keeper: Keeper, store: Store, folder: Path, chance: random.Random) -> Keeper:
    """What may happen to a cube."""
    what = chance.choice(["nothing", "step", "step", "restart", "crash", "damage"])
    if what == "damage":
        _damage(folder, chance)
    if what in {"restart", "damage"}:
        keeper = Keeper(folder, store)
    if what == "crash":
        _crash(keeper, chance.randint(0, 3))
        return Keeper(folder, store)
    if what != "nothing":
        keeper.step()
        keeper.step()
    return keeper


def _crash(keeper: Keeper, after: int) -> None:
    """End a step when so many files were written to."""
    puts = Writer._put_item

    def put(self: Writer, *told: object) -> None:
        nonlocal after
        if not after:
            raise RuntimeError("power")
        after -= 1
        puts(self, *told)  # type: ignore[arg-type]  # as it was called

    try:
        with patch.object(Writer, "_put_item", put):
            keeper.step()
    except RuntimeError:
        pass


def _damage(folder: Path, chance: random.Random) -> None:
    """Take a file away, cut it, or change a byte of it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    if found:
        path = chance.choice(found)
        content = bytearray(path.read_bytes())
        how = chance.choice(["gone", "cut", "flipped"])
        if how == "gone" and path.name != "manifest":
            path.unlink()
        elif how == "cut":
            path.write_bytes(content[:-1])
        else:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            path.write_bytes(content)


def _asked() -> Iterator[tuple[Sequence[str], Sequence[str], Period, int, int, Sequence[Origin]]]:
    for period, (begin, end, step) in SPANS.items():
        for origins in FIGURES:
            yield SUBJECTS, ITEMS, period, begin - step, end + step, origins
            yield SUBJECTS[::-1], ITEMS[1:3], period, begin + step, end - step, origins
        yield SUBJECTS[1:2], (), period, begin, end, ONE_FIGURE
        yield (), ITEMS, period, begin, begin, ONE_FIGURE


def _check_cube(cube: Cube, store: Store) -> None:
    assert cube.sequence() == store.sequence()
    if not store.sequence():
        return
    for subjects, items, period, begin, end, origins in _asked():
        _check_same(
            cube.read(subjects, items, period, begin, end, origins),
            store.read(subjects, items, period, begin, end, None, origins),
        )
    for period, (begin, end, _) in SPANS.items():
        for origins in FIGURES:
            _check_origins(cube, store, period, begin, end, origins)


def _check_origins(cube: Cube, store: Store, period: Period, begin: int, end: int, origins: Sequence[Origin]) -> None:
    """The origin of a value is the last of those that tell it alone."""
    expected = np.zeros((len(ITEMS), 4, len(SUBJECTS)), np.uint8)
    for origin in origins:
        told = ~np.isnan(store.read(SUBJECTS, ITEMS, period, begin, end, None, (origin,)).values)
        expected[told] = ORIGINS.index(origin) + 1
    assert np.array_equal(cube.origins(SUBJECTS, ITEMS, period, begin, end, origins), expected)


def _check_before_the_cube(cubed: CubedObservations, store: Store, as_of: int | None) -> None:
    """However far the cube is: what is asked of both is the store's answer."""
    for subjects, items, period, begin, end, origins in _asked():
        _check_same(
            cubed.read(subjects, items, period, begin, end, as_of, origins),
            store.read(subjects, items, period, begin, end, as_of, origins),
        )


def _check_same(one: Grid, other: Grid) -> None:
    assert (one.subjects, one.items) == (other.subjects, other.items)
    for name in ("times", "flags", "sequence"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
        assert getattr(one, name).dtype == getattr(other, name).dtype
    assert one.values.shape == other.values.shape
    assert one.values.tobytes() == np.ascontiguousarray(other.values).tobytes()
