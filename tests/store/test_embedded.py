"""What only the embedded observation store does; what every store does is in `contract/`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from qingchuan.processing.periods import DAY
from qingchuan.store.embedded import EmbeddedObservations
from qingchuan.store.observations import Observation, Origin, Period, Tally, Write
from qingchuan.store.sqlite import IncompatibleError
from tests.store.contract.stores import HOUR, apply, hour, pm25

_PERIODS: list[Period] = ["hour", "instant"]
_ORIGINS: list[Origin] = ["reported", "manual", "official"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedObservations]:
    """An empty store."""
    with closing(EmbeddedObservations(tmp_path / "observations.sqlite")) as opened:
        yield opened


def test_a_failed_apply_leaves_no_half(store: EmbeddedObservations, monkeypatch: pytest.MonkeyPatch) -> None:
    """Observations and progress are one transaction."""
    monkeypatch.setattr(store, "_advance", _fail)
    with pytest.raises(RuntimeError, match="power"):
        apply(store, hour(0, pm25="35"))
    monkeypatch.undo()
    assert store.sequence() == 0
    assert np.isnan(pm25(store)[0])


def test_what_was_rolled_back_did_not_come_first(store: EmbeddedObservations, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written is not held for written when it comes again."""
    with monkeypatch.context() as patch:
        patch.setattr(store, "_advance", _fail)
        with pytest.raises(RuntimeError, match="power"):
            apply(store, hour(3 * HOUR, pm25="35"))
    assert store.first(["1235A"], "hour") == {}
    apply(store, hour(3 * HOUR, pm25="35"))
    assert store.first(["1235A"], "hour") == {"1235A": 3 * HOUR}


@pytest.mark.parametrize("count", [1, 199, 200, 201, 450])
def test_many_new_observations_go_in_whole_however_many_they_are(store: EmbeddedObservations, count: int) -> None:
    """Those that fill statements, and those that are left; each with all that it tells."""
    subjects = [f"{number}A" for number in range(1000, 1000 + count)]
    told = [
        Observation(subject, period, 3600, origin, f'{{"pm25":{place}}}', str(place % 4 + 1))
        for place, subject in enumerate(subjects)
        for period, origin in [(_PERIODS[place % 2], _ORIGINS[place % 3])]
    ]
    apply(store, *told)
    kinds = [(one.subject, one.period, one.start, one.start + 1, one.origin) for one in told]
    assert [store.reported(*kind) for kind in kinds] == [[one] for one in told]
    assert [change.sequence for change in store.changed(0, count)] == list(range(1, count + 1))
    assert store.tally() == Tally(applied=count)


@pytest.mark.parametrize("known", [0, 120, 449])
def test_one_of_many_that_is_not_new_keeps_none_of_the_others_out(store: EmbeddedObservations, known: int) -> None:
    """Wherever it stands, in a statement of many or among those that are left."""
    told = [hour(0, f"{number}A", pm25=str(number)) for number in range(1000, 1450)]
    apply(store, told[known])
    apply(store, *told)
    assert store.tally() == Tally(applied=450, duplicate=1)
    found = store.read([one.subject for one in told], ["pm25"], "hour", 0, HOUR).values[0, 0]
    assert found.tolist() == list(range(1000, 1450))


def _fail(*_: object) -> None:
    raise RuntimeError("power")


def test_a_file_of_before_the_flags_had_a_column_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """It is made again from the journal; nothing of it is read in the wrong way."""
    path = tmp_path / "observations.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 1")
    with pytest.raises(IncompatibleError, match="has version 1; this program reads versions 3 to 3: move this file"):
        EmbeddedObservations(path)


@pytest.mark.parametrize("periods", [("hour",), ("hour", "instant"), ("hour", "instant", "day")])
def test_many_new_observations_are_stored_as_few_are(tmp_path: Path, periods: tuple[Period, ...]) -> None:
    """However many go together, and whether they are of one period or of several."""
    writes = [
        Write(number, Observation.of(f"s{number % 7}", period, DAY * number, "reported", {"pm25": (str(number), 2)}))
        for number in range(1, 451)
        for period in [periods[number % len(periods)]]
    ]
    changed, told = [], []
    for size in (1, 450):
        store = EmbeddedObservations(tmp_path / f"{size}.sqlite")
        for first in range(0, len(writes), size):
            part = writes[first : first + size]
            store.apply(part, part[-1].sequence)
        changed.append(store.changed(0, 1000))
        told.append([store.reported(f"s{subject}", period, 0, 2**40) for subject in range(7) for period in periods])
        store.close()
    assert changed[0] == changed[1]
    assert told[0] == told[1]
    assert len(changed[0]) == 450
