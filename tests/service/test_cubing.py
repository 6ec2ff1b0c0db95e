"""The cube beside the pages: kept by one process, read by all, told of by counts, verify and doctor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from qingchuan.service.cubing import CubeKeeping, cube_sequence
from qingchuan.service.main import app
from qingchuan.service.places import Places
from qingchuan.service.reading import counting_of, open_stores
from qingchuan.store.cube import observations as behind
from qingchuan.store.cube.cube import Cube
from tests.support.applying import START, hour_of
from tests.support.backups import Lived
from tests.support.examining import look, patient_of
from tests.support.grids import same

DAY = 86400


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time [s]."""
        return self.now


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    """Four days."""
    made = Lived(tmp_path / "data")
    yield made
    made.close()


def _kept(lived: Lived) -> tuple[CubeKeeping, Clock]:
    clock = Clock()
    return CubeKeeping(lived.places, lived.observations, clock), clock


def test_it_follows_every_few_seconds(lived: Lived) -> None:
    """What comes in between waits; nothing has to be done at once."""
    keep, clock = _kept(lived)
    assert keep() == 0
    assert cube_sequence(lived.places) == 19
    lived.take(hour_of("50", 7))
    keep()
    assert cube_sequence(lived.places) == 19
    clock.now += 5
    keep()
    assert cube_sequence(lived.places) == 20
    keep.close()


def test_one_process_keeps_it(lived: Lived) -> None:
    """The other one does when that has ended."""
    (first, _), (second, _) = _kept(lived), _kept(lived)
    first()
    lived.take(hour_of("50", 7))
    second()
    assert cube_sequence(lived.places) == 19
    first.close()
    second()
    assert cube_sequence(lived.places) == 20
    second.close()


def test_what_is_read_of_the_data_comes_from_it(lived: Lived) -> None:
    """Long stretches, with what the cube does not have yet, to the bit; shorter ones do not ask it."""
    keep, _ = _kept(lived)
    keep()
    keep.close()
    lived.take(hour_of("50", 7), hour_of("1.5", 0))
    stores = open_stores(lived.places)
    for days in (2, 60):
        asked = ["1235A", "1236A"], ["pm25", "co"], "hour", START - DAY, START + (days - 1) * DAY
        with patch.object(Cube, "take", autospec=True, side_effect=Cube.take) as take:
            assert same(stores.observations.read(*asked), lived.observations.read(*asked))  # type: ignore[arg-type]
        assert take.called == (2 * 24 * days >= behind._LEAST)
    assert counting_of(stores).lags()["cube"] == 2
    stores.close()


def _verify(places: Places) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["--data", str(places.data), "verify"])
    return result.exit_code, result.output


def test_damage_is_told_of_and_is_no_loss(lived: Lived) -> None:
    """It is said by `verify` and by the doctor; whoever keeps it makes it anew."""
    keep, _ = _kept(lived)
    keep()
    assert _verify(lived.places)[0] == 0
    assert "analysis copy" not in _verify(lived.places)[1]
    with patient_of(lived.places.data) as patient:
        assert look("store-cube", patient).verdict == "ok"
    path = next(lived.places.cube.rglob("pm25.*"))
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    code, said = _verify(lived.places)
    assert (code, f"the analysis copy will be made anew: {path} is not what was written" in said) == (0, True)
    (lived.places.cube / "manifest").write_bytes(b"nothing")
    assert cube_sequence(lived.places) == 0
    with patient_of(lived.places.data) as patient:
        assert look("store-cube", patient).verdict == "notice"
    keep.close()
    again, _ = _kept(lived)
    again()
    again.close()
    assert cube_sequence(lived.places) == 19
